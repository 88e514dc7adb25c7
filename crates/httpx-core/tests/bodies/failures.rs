//! A body that has failed cannot be taken for complete; readers that misbehave do not panic.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_util::StreamExt;
use httpx_core::{ErrorKind, Options, Response, ResponseHead, StatusCode, Timeout, ahttpx, blocking};

use crate::flavour::{Async, Blocking, Flavour, wait};
use crate::source::{Script, Step};

const LATE: ErrorKind = ErrorKind::Timeout(Timeout::Read);

fn broken() -> Script {
    Script::new([Step::Bytes(b"one".to_vec()), Step::Stall])
}

fn fails_again<F: Flavour>() {
    let mut response = F::response(broken(), "", &Options::default());
    let (bytes, error) = F::chunks(&mut response);
    assert_eq!((&bytes[..], error.unwrap_err().kind()), (&b"one"[..], LATE));
    assert_eq!(F::chunk(&mut response).unwrap_err().kind(), LATE);
    assert_eq!(F::read(&mut response, 9).unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert_eq!(F::read_body(response).unwrap_err().kind(), LATE);
}

#[test]
fn a_body_that_has_failed_fails_again() {
    fails_again::<Blocking>();
    fails_again::<Async>();
}

#[test]
fn an_error_of_the_stream_fails_again_elsewhere() {
    let mut response = Async::response(broken(), "", &Options::default());
    let items = wait(response.by_ref().collect::<Vec<_>>());
    assert_eq!(items.len(), 2);
    assert!(items[1].is_err());
    assert_eq!(Async::chunk(&mut response).unwrap_err().kind(), LATE);
    assert_eq!(Async::read_body(response).unwrap_err().kind(), LATE);
}

#[test]
fn an_error_of_a_stream_that_is_sent_fails_again() {
    let items = [Ok("one".into()), Err(io::Error::other("broken"))];
    let body = ahttpx::Body::from_stream(futures_util::stream::iter(items));
    let mut response = Response::from_parts(ResponseHead::new(StatusCode::OK), body);
    for kind in [ErrorKind::Io, ErrorKind::Io] {
        assert_eq!(Async::chunks(&mut response).1.unwrap_err().kind(), kind);
    }
}

#[test]
fn a_future_that_has_given_its_response_fails() {
    let mut reading = Box::pin(Async::response(Script::bytes(["one"]), "", &Options::default()).read_body());
    assert_eq!(wait(reading.as_mut()).unwrap().text(), "one");
    let mut cx = Context::from_waker(Waker::noop());
    match Future::poll(reading.as_mut(), &mut cx) {
        Poll::Ready(again) => assert_eq!(again.unwrap_err().kind(), ErrorKind::Other),
        Poll::Pending => panic!("waits for nothing"),
    }
}

/// A reader that claims to have read more than there was room for.
struct Liar;

impl Read for Liar {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        Ok(buf.len() + 1)
    }
}

/// A reader that is interrupted before each byte.
struct Interrupted(u8);

impl Read for Interrupted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0 -= 1;
        match self.0 {
            0 => Ok(0),
            n if n % 2 == 1 => Err(io::ErrorKind::Interrupted.into()),
            n => {
                buf[0] = n;
                Ok(1)
            }
        }
    }
}

#[test]
fn a_reader_that_lies_about_its_count_fails() {
    let bodies = || {
        [
            (blocking::Body::from_reader(Liar), ErrorKind::Io),
            (blocking::Body::from_sized_reader(Liar, 10), ErrorKind::Body),
        ]
    };
    for (body, kind) in bodies() {
        assert_eq!(body.into_bytes().unwrap_err().kind(), kind);
    }
    for (mut body, kind) in bodies() {
        assert_eq!(body.chunk().unwrap_err().kind(), kind);
        assert!(body.read(&mut [0; 9]).is_err());
    }
}

#[test]
fn an_interrupted_read_is_repeated() {
    assert_eq!(blocking::Body::from_reader(Interrupted(8)).into_bytes().unwrap(), &[6, 4, 2][..]);
    let mut body = blocking::Body::from_reader(Interrupted(6));
    assert_eq!(body.chunk().unwrap().unwrap(), &[4][..]);
    assert_eq!(body.chunk().unwrap().unwrap(), &[2][..]);
    assert_eq!(body.chunk().unwrap(), None);
}

#[test]
fn a_stream_of_empty_items_lets_others_run() {
    let empty = futures_util::stream::repeat_with(|| Ok::<_, io::Error>(bytes::Bytes::new()));
    let mut body = ahttpx::Body::from_stream(empty);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(body.poll_read(&mut cx, &mut [0; 9]).is_pending());
    assert!(Pin::new(&mut body).poll_next_unpin(&mut cx).is_pending());
}
