//! `http_body::Body` both ways: frames, sizes, trailers, errors.

use std::collections::VecDeque;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes};
use http_body::{Body as _, Frame, SizeHint};
use httpx_core::ahttpx::Body;
use httpx_core::{Error, ErrorKind, Headers, Length, MessageBody, Options};
use proptest::prelude::*;

use crate::flavour::wait;
use crate::source::{Script, Step};

/// A frame of a foreign body, or what happens instead of one.
#[derive(Debug, Clone)]
enum Act {
    Data(&'static [u8]),
    /// Data in several pieces.
    Pieces(&'static [u8], &'static [u8]),
    Trailers(&'static str, &'static str),
    Pending,
    Fail,
}

/// A foreign body that plays a script.
struct Foreign {
    acts: VecDeque<Act>,
    size: SizeHint,
    dropped: Arc<AtomicBool>,
}

impl Foreign {
    fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        let acts = acts.into_iter().collect();
        Foreign { acts, size: SizeHint::default(), dropped: Arc::default() }
    }

    fn sized(mut self, size: u64) -> Self {
        self.size = SizeHint::with_exact(size);
        self
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        self.dropped.store(true, Ordering::Relaxed);
    }
}

impl http_body::Body for Foreign {
    type Data = bytes::buf::Chain<Bytes, Bytes>;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Self::Data>>>> {
        let data = |one, two| Frame::data(Bytes::from_static(one).chain(Bytes::from_static(two)));
        Poll::Ready(match self.acts.pop_front() {
            None => None,
            Some(Act::Data(bytes)) => Some(Ok(data(bytes, b""))),
            Some(Act::Pieces(one, two)) => Some(Ok(data(one, two))),
            Some(Act::Trailers(name, value)) => {
                let mut map = http::HeaderMap::new();
                map.insert(name, value.parse().unwrap());
                Some(Ok(Frame::trailers(map)))
            }
            Some(Act::Pending) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Act::Fail) => Some(Err(io::Error::other("the disk is gone"))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.acts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}

/// The data of each frame, the trailers, and the error.
type Seen = (Vec<Bytes>, Option<http::HeaderMap>, Option<Error>);

fn frames(body: Body) -> Seen {
    let mut body = pin!(body);
    let (mut data, mut trailers) = (Vec::new(), None);
    loop {
        match wait(std::future::poll_fn(|cx| body.as_mut().poll_frame(cx))) {
            None => {
                // A reader of unknown length does not know its end.
                assert!(body.is_end_stream() || body.size_hint().exact().is_none());
                // And it stays so.
                assert!(wait(std::future::poll_fn(|cx| body.as_mut().poll_frame(cx))).is_none());
                return (data, trailers, None);
            }
            Some(Err(error)) => return (data, trailers, Some(error)),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(bytes) => {
                    assert!(trailers.is_none());
                    data.push(bytes);
                }
                Err(frame) => trailers = frame.into_trailers().ok(),
            },
        }
    }
}

fn streamed(source: Script, headers: &str) -> Body {
    let mut headers =
        if headers.is_empty() { Headers::new() } else { [("Content-Encoding", headers)].try_into().unwrap() };
    Body::from_source(Box::new(source), &mut headers, &Options::default())
}

#[test]
fn sizes_and_ends_of_our_bodies() {
    let script = || Script::bytes(["abc"]);
    let table = [
        (Body::empty(), Some(0), true),
        (Body::from("abc"), Some(3), false),
        (Body::from_reader(&b"abc"[..]), None, false),
        (Body::from_sized_reader(&b"abc"[..], 3), Some(3), false),
        (Body::from_sized_reader(&b"abc"[..], 0), Some(0), true),
        (streamed(script(), ""), None, false),
        (streamed(script().remaining(3), ""), Some(3), false),
        // Decoded, its length is another one.
        (streamed(script().remaining(3), "gzip"), None, false),
        (streamed(Script::bytes([""; 0]).remaining(0), ""), Some(0), false),
    ];
    for (body, exact, ends) in table {
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (exact, ends), "{body:?}");
        assert!(exact.is_some() || body.size_hint().upper().is_none());
    }
}

#[test]
fn frames_of_our_bodies() {
    let checksum: Headers = [("X-Checksum", "1"), ("X-Sum", "2"), ("x-sum", "3")].try_into().unwrap();
    let table: [(Body, &[&str], usize); 6] = [
        (Body::empty(), &[], 0),
        (Body::from("abc"), &["abc"], 0),
        (Body::from_reader(&b"abc"[..]), &["abc"], 0),
        (streamed(Script::bytes(["one ", "two"]), ""), &["one ", "two"], 0),
        (streamed(Script::bytes(["one ", "two"]).with_trailers(checksum.clone()), ""), &["one ", "two"], 3),
        (streamed(Script::bytes([""; 0]).with_trailers(checksum), ""), &[], 3),
    ];
    for (body, expected, trailers) in table {
        let (data, found, error) = frames(body);
        assert_eq!((data, error.is_none()), (expected.iter().map(|&text| Bytes::from(text)).collect(), true));
        assert_eq!(found.as_ref().map_or(0, http::HeaderMap::len), trailers);
    }
}

#[test]
fn a_body_of_bytes_is_one_frame_without_a_copy() {
    let bytes = Bytes::from(vec![7; 100_000]);
    let (data, ..) = frames(Body::from(bytes.clone()));
    assert_eq!((data[0].as_ptr(), data[0].len()), (bytes.as_ptr(), bytes.len()));
}

#[test]
fn data_passes_through_without_a_copy() {
    static DATA: &[u8] = &[7; 100_000];
    let size = DATA.len() as u64;
    for foreign in [Foreign::new([Act::Data(DATA)]), Foreign::new([Act::Data(DATA)]).sized(size)] {
        let (data, ..) = frames(Body::from_http_body(foreign));
        assert_eq!(
            data.iter().map(|data| (data.as_ptr(), data.len())).collect::<Vec<_>>(),
            [(DATA.as_ptr(), DATA.len())]
        );
    }
}

#[test]
fn errors_in_the_middle_of_our_bodies() {
    let script = || Script::new([Step::Bytes(b"abc".to_vec()), Step::Stall]);
    let mut body = Box::pin(streamed(script(), ""));
    let mut next = || wait(std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)));
    assert!(next().unwrap().is_ok());
    assert!(next().unwrap().unwrap_err().is_timeout());
    assert!(next().is_none());
    assert!(body.is_end_stream());
}

#[test]
fn a_dropped_body_discards_its_source() {
    let script = Script::bytes(["one ", "two"]);
    let log = script.log();
    let mut body = Box::pin(streamed(script, ""));
    assert!(wait(std::future::poll_fn(|cx| body.as_mut().poll_frame(cx))).is_some());
    drop(body);
    assert_eq!(log.end(), Some("discarded"));
}

#[test]
fn foreign_bodies() {
    use Act::{Data, Pending, Pieces, Trailers};
    let table: [(Foreign, Length, &str); 8] = [
        (Foreign::new([]), Length::None, ""),
        (Foreign::new([]).sized(0), Length::None, ""),
        (Foreign::new([Data(b"abc")]), Length::Unknown, "abc"),
        (Foreign::new([Data(b"abc")]).sized(3), Length::Known(3), "abc"),
        (Foreign::new([Pending, Data(b""), Data(b"abc"), Pending, Data(b"d")]), Length::Unknown, "abcd"),
        (Foreign::new([Pieces(b"ab", b"cd"), Data(b"e")]).sized(5), Length::Known(5), "abcde"),
        (
            Foreign::new([Data(b"abc"), Trailers("x-sum", "1"), Trailers("x-sum", "2")]),
            Length::Unknown,
            "abc",
        ),
        // More than one turn of frames without data.
        (Foreign::new(std::iter::repeat_n(Data(b""), 1000).chain([Data(b"abc")])), Length::Unknown, "abc"),
    ];
    for (foreign, length, expected) in table {
        let body = Body::from_http_body(foreign);
        assert_eq!(body.length(), length, "{expected}");
        assert_eq!(body.try_clone().is_some(), length == Length::None);
        assert_eq!(wait(body.into_bytes()).unwrap(), expected);
    }
}

#[test]
fn foreign_bodies_that_fail_or_are_cut() {
    let foreign = Foreign::new([Act::Data(b"abc"), Act::Fail, Act::Data(b"never")]);
    let error = wait(Body::from_http_body(foreign).into_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("the disk is gone"), "{error}");

    // The length says what is missing: the transport makes an error of it.
    let mut body = Body::from_http_body(Foreign::new([Act::Data(b"abc")]).sized(4));
    assert_eq!(wait(body.chunk()).unwrap().unwrap(), "abc");
    assert_eq!((wait(body.chunk()).unwrap(), body.length()), (None, Length::Known(1)));
}

#[test]
fn the_trailers_of_a_foreign_body_are_handed_over_at_its_end() {
    let trailers = Arc::new(std::sync::Mutex::new(None));
    let slot = Arc::clone(&trailers);
    let foreign = Foreign::new([Act::Data(b"abc"), Act::Trailers("x-sum", "1")]);
    let mut body = Body::from_frames(foreign, move |found| *slot.lock().unwrap() = Some(found));
    assert_eq!(wait(body.chunk()).unwrap().unwrap(), "abc");
    assert!(trailers.lock().unwrap().is_none());
    assert!(wait(body.chunk()).unwrap().is_none());
    assert_eq!(trailers.lock().unwrap().take().unwrap().get("X-Sum").unwrap(), "1");
}

#[test]
fn a_dropped_body_drops_the_foreign_one() {
    let foreign = Foreign::new([Act::Data(b"abc"), Act::Data(b"d")]);
    let dropped = Arc::clone(&foreign.dropped);
    let mut body = Body::from_http_body(foreign);
    assert!(wait(body.chunk()).unwrap().is_some());
    assert!(!dropped.load(Ordering::Relaxed));
    drop(body);
    assert!(dropped.load(Ordering::Relaxed));
}

#[test]
fn our_own_body_is_not_wrapped() {
    let body = Body::from_http_body(Body::from("abc"));
    assert_eq!(body.as_bytes().unwrap(), "abc");
    let mut frames = pin!(Body::from_http_body(body));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(matches!(frames.as_mut().poll_frame(&mut cx), Poll::Ready(Some(Ok(_)))));
}

proptest! {
    /// Any frames give their bytes, through both directions.
    #[test]
    fn any_frames_come_back(pieces in proptest::collection::vec((0..5usize, any::<bool>()), 0..20), known: bool) {
        let words: [&[u8]; 5] = [b"", b"a", b"bc", b"def", b"0123456789"];
        let acts = pieces.iter().flat_map(|&(word, waits)| {
            waits.then_some(Act::Pending).into_iter().chain([Act::Data(words[word])])
        });
        let expected = pieces.iter().map(|&(word, _)| words[word]).collect::<Vec<_>>().concat();
        let foreign = Foreign::new(acts);
        let foreign = if known { foreign.sized(expected.len() as u64) } else { foreign };
        let (data, trailers, error) = frames(Body::from_http_body(foreign));
        prop_assert!(trailers.is_none() && error.is_none());
        prop_assert_eq!(data.concat(), expected);
    }
}
