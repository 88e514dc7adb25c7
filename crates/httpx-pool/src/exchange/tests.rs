//! Exchanges without I/O, as scripts: a request, what the server sends, and the result.
//!
//! Each script is played with every split of what is read, and with writes of several sizes, and must end the same.

mod deadlines;
mod drains;
mod early_responses;
mod expectations;
mod table;

use std::collections::VecDeque;
use std::io::{self, ErrorKind as IoKind, Read};

use bytes::Bytes;
use httpx_core::blocking::Body;
use httpx_core::{Error, Method, RequestHead, StatusCode, Timeout, Timeouts, Url};

use super::*;
use crate::http1_state::{Http1Driver, Http1State};
use crate::pool_config::PoolConfig;
use crate::wire::MAX_COPIED;
use httpx_core::blocking::ThreadWaker;
use table::ROWS;

/// What a read finds.
#[derive(Clone, Copy, Debug)]
enum Net {
    Says(&'static str),
    /// The clean end of the stream.
    End,
    /// An end without close_notify.
    Cut,
    Reset,
    /// Nothing in time.
    Silence,
}
use Net::{Cut, End, Reset, Says, Silence};

/// The body of the request.
#[derive(Clone, Copy, Debug)]
enum Sends {
    Nothing,
    Text(&'static str),
    /// This many bytes `x`.
    Bytes(usize),
    /// A reader of unknown length that gives these pieces.
    Reader(&'static [&'static str]),
    /// A reader of announced length.
    Sized(u64, &'static str),
    /// Chunks that are sent as they are.
    Chunks(&'static [&'static str]),
    /// Chunks of announced length.
    SizedChunks(u64, &'static [&'static str]),
    /// A reader that gives this, then fails.
    Breaks(&'static str),
    /// A reader that is interrupted before each byte.
    Interrupted(&'static str),
}
use Sends::{Breaks, Bytes as Many, Chunks, Interrupted, Nothing, Reader, Sized, SizedChunks, Text};

/// How a script is played.
#[derive(Clone, Copy, Debug)]
struct Play {
    /// The most bytes that one read takes.
    read: usize,
    /// The most bytes that one write takes.
    write: usize,
    /// Writing fails once this many bytes have been written.
    breaks_at: usize,
    /// There is room for this many bytes only, until everything has been read.
    full_at: usize,
}

const WHOLE: Play = Play { read: usize::MAX, write: usize::MAX, breaks_at: usize::MAX, full_at: usize::MAX };

struct Pieces(VecDeque<io::Result<&'static str>>);

impl Read for Pieces {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.pop_front() {
            None => Ok(0),
            Some(piece) => {
                let piece = piece?.as_bytes();
                buf[..piece.len()].copy_from_slice(piece);
                Ok(piece.len())
            }
        }
    }
}

impl Sends {
    fn body(self) -> Body {
        let pieces = |pieces: &[&'static str]| Pieces(pieces.iter().copied().map(Ok).collect());
        let chunks = |chunks: &'static [&'static str]| {
            chunks.iter().map(|chunk| Ok::<_, io::Error>(Bytes::from_static(chunk.as_bytes())))
        };
        match self {
            Nothing => Body::empty(),
            Text(text) => text.into(),
            Many(n) => vec![b'x'; n].into(),
            Reader(all) => Body::from_reader(pieces(all)),
            Sized(n, text) => Body::from_sized_reader(text.as_bytes(), n),
            Chunks(all) => Body::from_chunks(chunks(all)),
            SizedChunks(n, all) => Body::from_sized_chunks(chunks(all), n),
            Breaks(text) => Body::from_reader(Pieces([Ok(text), Err(IoKind::NotFound.into())].into())),
            Interrupted(text) => {
                let each = (0..text.len()).flat_map(|n| [Err(IoKind::Interrupted.into()), Ok(&text[n..=n])]);
                Body::from_reader(Pieces(each.collect()))
            }
        }
    }
}

/// Creates a head of a line such as `POST Expect: 100-continue`.
fn head(line: &str) -> RequestHead {
    let (method, header) = line.split_once(' ').unwrap_or((line, ""));
    let mut head = RequestHead::new(Method::try_from(method).unwrap(), Url::parse("http://h/").unwrap());
    head.begin(Instant::now, &Timeouts::DEFAULT);
    if let Some((name, value)) = header.split_once(": ") {
        head.headers_mut().append(name, value).unwrap();
    }
    head
}

/// The owner of a state that has no stream.
struct NoDriver;

impl Http1Driver for NoDriver {
    type Waker = ThreadWaker;
    type Body = Body;

    fn state(&self) -> &Http1State<Self> {
        panic!("it has none")
    }

    fn state_mut(&mut self) -> &mut Http1State<Self> {
        panic!("it has none")
    }

    fn is_drained(&mut self) -> bool {
        true
    }
}

type State = Http1State<NoDriver>;

fn state() -> State {
    State::new(&PoolConfig::default(), std::sync::Arc::default())
}

struct Outcome {
    wrote: Vec<u8>,
    /// `200 "body" kept`, `Incomplete completely`.
    result: String,
}

/// Plays one exchange to its end, and tries to reuse its connection.
fn play(exchange: &mut State, request: &str, body: Sends, net: &[Net], play: Play) -> Outcome {
    let mut wrote = Vec::new();
    let result = match run(exchange, &head(request), body.body(), net, play, &mut wrote) {
        Ok(result) => {
            let reuse =
                exchange.end_exchange().map_or_else(|reason| format!("{reason:?}"), |()| "kept".to_owned());
            format!("{result} {reuse}")
        }
        Err(error) => format!("{:?} {}", error.kind(), error.request_sent().unwrap()),
    };
    Outcome { wrote, result }
}

fn run(
    exchange: &mut State,
    head: &RequestHead,
    body: Body,
    net: &[Net],
    play: Play,
    wrote: &mut Vec<u8>,
) -> Result<String> {
    let mut net: VecDeque<Net> = net.iter().copied().collect();
    let mut response = String::new();
    exchange.start(&Call::by_default(head), body)?;
    loop {
        let step = exchange.step(Instant::now)?;
        let room = if net.is_empty() { usize::MAX } else { play.full_at - wrote.len() };
        match step {
            Step::Write | Step::WriteOrRead if wrote.len() >= play.breaks_at => {
                exchange.wrote(Err(IoKind::BrokenPipe.into()), Instant::now)?;
            }
            Step::Write | Step::WriteOrRead if room > 0 => {
                let all = exchange.outgoing().concat();
                let n = all.len().min(play.write).min(play.breaks_at - wrote.len()).min(room);
                wrote.extend_from_slice(&all[..n]);
                exchange.wrote(Ok(n), Instant::now)?;
            }
            Step::WriteOrRead if !matches!(net.front(), Some(Silence)) => read(exchange, &mut net, play)?,
            Step::Write | Step::WriteOrRead => exchange.wrote(Err(IoKind::TimedOut.into()), Instant::now)?,
            Step::Read => read(exchange, &mut net, play)?,
            Step::TryRead => exchange.nothing_to_read(),
            Step::ReadUpload => {
                let (body, buffer) = exchange.upload();
                let read = body.unwrap().read(buffer);
                exchange.upload_read(read, Instant::now)?;
            }
            Step::TakeUpload => {
                let chunk = exchange.upload_body().unwrap().next_chunk();
                exchange.upload_chunk(chunk, Instant::now)?;
            }
            Step::Output(Output::Informational(_)) => {}
            Step::Output(Output::Head(head)) => {
                response = head.status().as_u16().to_string() + " \"";
            }
            Step::Output(output @ Output::ExpectationFailed(_)) => {
                let delivered = exchange.response(&Call::by_default(head), output)?.unwrap();
                response = delivered.status().as_u16().to_string() + " \"";
            }
            Step::Output(Output::Data) => {
                response += std::str::from_utf8(exchange.data()).unwrap();
                exchange.consume(exchange.data().len());
            }
            Step::Output(Output::End) => {
                let trailers = exchange.take_trailers();
                response.push('"');
                for (name, value) in &trailers {
                    response += &format!(" {name}={}", value.to_str().unwrap());
                }
                return Ok(response);
            }
        }
    }
}

fn read(exchange: &mut State, net: &mut VecDeque<Net>, play: Play) -> Result<()> {
    let spare = exchange.spare();
    let most = spare.len().min(play.read);
    let result = match net.pop_front() {
        None => panic!("more is read than the script has"),
        Some(Says(text)) => {
            let n = text.len().min(most);
            spare[..n].copy_from_slice(&text.as_bytes()[..n]);
            if n < text.len() {
                net.push_front(Says(&text[n..]));
            }
            Ok(n)
        }
        Some(End) => Ok(0),
        Some(Cut) => Err(IoKind::UnexpectedEof.into()),
        Some(Reset) => Err(IoKind::ConnectionReset.into()),
        Some(Silence) => Err(IoKind::TimedOut.into()),
    };
    exchange.received(result, Instant::now)
}

const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const CHUNKS: &str = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
const EXPECT: &str = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
const EXPECTED: &str = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[test]
fn every_script_in_every_split() {
    for &(request, body, net, wrote, result) in ROWS {
        let says: usize = net.iter().map(|net| if let Says(text) = net { text.len() } else { 0 }).sum();
        let reads = (1..=says.max(1)).chain([usize::MAX]);
        let plays = reads.flat_map(|read| [usize::MAX, 1, 7].map(|write| Play { read, write, ..WHOLE }));
        for how in plays {
            let mut exchange = state();
            let outcome = play(&mut exchange, request, body, net, how);
            assert_eq!(String::from_utf8_lossy(&outcome.wrote), wrote, "{request} {body:?} {net:?} {how:?}");
            assert_eq!(outcome.result, result, "{request} {body:?} {net:?} {how:?}");
        }
    }
}

#[test]
fn one_connection_after_the_other() {
    let mut exchange = state();
    for _ in 0..3 {
        for &(request, body, net, wrote, result) in ROWS.iter().filter(|row| row.4.ends_with("kept")) {
            let outcome = play(&mut exchange, request, body, net, WHOLE);
            assert_eq!(String::from_utf8_lossy(&outcome.wrote), wrote);
            assert_eq!(outcome.result, result);
        }
    }
}

#[test]
fn large_bodies_are_lent_and_given_back() {
    const N: usize = 100_000;
    for (request, behind) in [
        ("POST", "Content-Length: 100000\r\n\r\n".to_owned() + &"x".repeat(N)),
        (
            "POST Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\n\r\n186a0\r\n".to_owned() + &"x".repeat(N) + "\r\n0\r\n\r\n",
        ),
    ] {
        for write in [usize::MAX, 7, N] {
            let outcome = play(&mut state(), request, Many(N), &[Says(OK)], Play { write, ..WHOLE });
            let wrote = String::from_utf8(outcome.wrote).unwrap();
            assert!(wrote == "POST / HTTP/1.1\r\nHost: h\r\n".to_owned() + &behind, "{request} {write}");
            assert_eq!(outcome.result, r#"200 "hello" kept"#);
        }
    }
    let mut exchange = state();
    let bytes = Bytes::from(vec![b'x'; N]);
    let body = Body::from(bytes.clone());
    let outcome = run(&mut exchange, &head("POST"), body, &[Says(OK)], WHOLE, &mut Vec::new());
    assert_eq!(outcome.unwrap(), r#"200 "hello""#);
    exchange.end_exchange().unwrap();
    assert!(bytes.is_unique(), "an idle connection must not keep the last body");
}

#[test]
fn head_and_large_body_go_out_together() {
    let mut exchange = state();
    let body: Body = vec![b'x'; MAX_COPIED + 1].into();
    exchange.start(&Call::by_default(&head("POST")), body).unwrap();
    assert!(matches!(exchange.step(Instant::now).unwrap(), Step::WriteOrRead));
    let [own, lent] = exchange.outgoing();
    assert!(own.ends_with(b"\r\n\r\n") && lent.len() == MAX_COPIED + 1);
}

#[test]
fn large_chunks_are_sent_without_a_copy() {
    let mut exchange = state();
    let large = Bytes::from(vec![b'x'; 100_000]);
    let body = Body::from_chunks([Ok::<_, io::Error>(large.clone())]);
    exchange.start(&Call::by_default(&head("POST")), body).unwrap();
    while !matches!(exchange.step(Instant::now).unwrap(), Step::TakeUpload) {
        let n = exchange.outgoing().concat().len();
        exchange.wrote(Ok(n), Instant::now).unwrap();
    }
    let chunk = exchange.upload_body().unwrap().next_chunk();
    exchange.upload_chunk(chunk, Instant::now).unwrap();
    let [size, lent] = exchange.outgoing();
    assert_eq!((size, lent.as_ptr(), lent.len()), (&b"186a0\r\n"[..], large.as_ptr(), large.len()));
}

#[test]
fn a_failed_exchange_stays_failed() {
    for net in [Silence, Reset, End] {
        let mut exchange = state();
        let body = "HTTP/1.1 200 OK\r\n\r\nhello";
        let error = match net {
            // Here the end of the stream is the end of the body.
            End => continue,
            net => {
                run(&mut exchange, &head("GET"), Body::empty(), &[Says(body), net], WHOLE, &mut Vec::new())
            }
        }
        .unwrap_err();
        let _ = exchange.record::<()>(Err(Error::new(error.kind(), "")));
        assert_eq!(exchange.step(Instant::now).unwrap_err().kind(), error.kind());
        assert_eq!((exchange.direct_len(usize::MAX), exchange.data()), (None, &b""[..]));
        assert!(exchange.end_exchange().is_err());
    }
}

fn receive(exchange: &mut State, text: &str) {
    exchange.spare()[..text.len()].copy_from_slice(text.as_bytes());
    exchange.received(Ok(text.len()), Instant::now).unwrap();
}

#[test]
fn connections_that_died_before_the_response() {
    let mut first = state();
    run(&mut first, &head("GET"), Body::empty(), &[Reset], WHOLE, &mut Vec::new()).unwrap_err();
    assert!(!first.died_before_response());
    for (net, stale) in [
        (&[End][..], true),
        (&[Cut], true),
        (&[Reset], true),
        (&[Says("H"), End], false),
        (&[Says("HTTP/1.1 103 Hi\r\n\r\n"), End], false),
    ] {
        let mut exchange = state();
        for net in [&[Says(OK)], net] {
            let _ = run(&mut exchange, &head("GET"), Body::empty(), net, WHOLE, &mut Vec::new());
            let _ = exchange.end_exchange();
        }
        assert_eq!(exchange.died_before_response(), stale, "{net:?}");
    }
}

#[test]
fn an_idle_connection_keeps_little_memory() {
    let mut exchange = state();
    for body in [Many(MAX_COPIED), Reader(&["hello"])] {
        let outcome = play(&mut exchange, "POST", body, &[Says(NO_CONTENT)], WHOLE);
        assert_eq!(outcome.result, r#"204 "" kept"#);
        assert!(exchange.out_capacity() <= 8 << 10);
    }
}

/// A body that has nothing to give yet is polled again and again. Each time it gets the same buffer, which is zeroed
/// once, and nothing of it is written.
#[test]
fn a_pending_upload_keeps_its_buffer() {
    let mut exchange = state();
    exchange.start(&Call::by_default(&head("POST")), Body::from_reader(io::empty())).unwrap();
    let n = exchange.outgoing().concat().len();
    exchange.wrote(Ok(n), Instant::now).unwrap();
    let mut first = None;
    for _ in 0..3 {
        assert!(matches!(exchange.step(Instant::now).unwrap(), Step::ReadUpload));
        let (_, buffer) = exchange.upload();
        assert_eq!(*first.get_or_insert(buffer.as_ptr()), buffer.as_ptr());
        buffer[0] = b'x';
        assert_eq!(exchange.outgoing(), [b"", b""]);
    }
    exchange.upload_read(Ok(1), Instant::now).unwrap();
    assert_eq!(exchange.outgoing().concat(), b"1\r\nx");
}

/// A body that comes slowly: the time decides when to check for an early response.
#[test]
fn a_slow_upload_is_checked_by_time() {
    let t0 = Instant::now();
    let mut exchange = state();
    exchange.start(&Call::by_default(&head("POST")), Body::from_reader(io::empty())).unwrap();
    for (after, checks) in [(0, false), (1000, true), (1009, false), (1010, true), (1011, false)] {
        while let Step::WriteOrRead = exchange.step(Instant::now).unwrap() {
            let n = exchange.outgoing().concat().len();
            exchange.wrote(Ok(n), Instant::now).unwrap();
        }
        exchange.upload();
        exchange.upload_read(Ok(1), || t0 + Duration::from_millis(after)).unwrap();
        let step = exchange.step(Instant::now).unwrap();
        assert_eq!(matches!(step, Step::TryRead), checks, "{after} {step:?}");
        if checks {
            exchange.nothing_to_read();
        }
    }
}
