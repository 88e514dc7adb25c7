//! Multipart responses, from a server.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use httpx::models::{BodyPart, BodyParts};
use httpx::{Bytes, ErrorKind, Result};
use httpx_testing::{Act, Gate, ScriptedServer, both_flavours, send};
use support::Flavour;
#[cfg(feature = "async")]
use support::flavour::RUNTIME;
use support::flavour::{Ask, BodyOf};

/// The parts of each flavour, taken by a thread.
trait Parts: Flavour {
    fn parts(&self, url: &str) -> Result<BodyParts<BodyOf<Self>>>;
    fn next(parts: &mut BodyParts<BodyOf<Self>>) -> Result<Option<BodyPart<'_, BodyOf<Self>>>>;
    fn part_chunk(part: &mut BodyPart<'_, BodyOf<Self>>) -> Result<Option<Bytes>>;
    fn text(part: BodyPart<'_, BodyOf<Self>>) -> Result<String>;
}

macro_rules! parts {
    ($flavour:ty, $wait:expr) => {
        impl Parts for $flavour {
            fn parts(&self, url: &str) -> Result<BodyParts<BodyOf<Self>>> {
                let ask: Ask<Self> = self.0.get(url);
                $wait(ask.stream())?.multipart()
            }

            fn next(parts: &mut BodyParts<BodyOf<Self>>) -> Result<Option<BodyPart<'_, BodyOf<Self>>>> {
                $wait(parts.next_part())
            }

            fn part_chunk(part: &mut BodyPart<'_, BodyOf<Self>>) -> Result<Option<Bytes>> {
                $wait(part.chunk())
            }

            fn text(part: BodyPart<'_, BodyOf<Self>>) -> Result<String> {
                $wait(part.into_text())
            }
        }
    };
}

#[cfg(feature = "blocking")]
parts!(support::Blocking, std::convert::identity);

#[cfg(feature = "async")]
parts!(support::Async, |future| RUNTIME.block_on(future));

both_flavours!(parts_arrive_before_the_end, bodies_that_break, endless_parts);

fn head(framing: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n{framing}\r\n\r\n")
}

fn chunk(text: &str) -> Act {
    send(format!("{:x}\r\n{text}\r\n", text.len()))
}

/// The server goes on only when the client has taken what it has sent.
fn parts_arrive_before_the_end<F: Parts>() {
    let (first, second) = (Gate::default(), Gate::default());
    let server = ScriptedServer::new([vec![
        Act::Take,
        send(head("Transfer-Encoding: chunked")),
        chunk("--b\r\nX: 1\r\n\r\none, \r\n-"),
        Act::Wait(first.clone()),
        chunk("- two\r\n--"),
        Act::Wait(second.clone()),
        chunk("b\r\n\r\nthree\r\n--b--\r\n"),
        send("0\r\n\r\n"),
        Act::Eof,
    ]]);
    let client = F::new();
    let mut parts = client.parts(&server.url()).unwrap();
    let mut part = F::next(&mut parts).unwrap().unwrap();
    assert_eq!(part.headers().get("x").unwrap(), "1");
    assert_eq!(F::part_chunk(&mut part).unwrap().unwrap(), "one, ");
    first.open();
    assert_eq!(F::part_chunk(&mut part).unwrap().unwrap(), "\r\n-- two");
    second.open();
    assert!(F::part_chunk(&mut part).unwrap().is_none());
    assert_eq!(F::text(F::next(&mut parts).unwrap().unwrap()).unwrap(), "three");
    assert!(F::next(&mut parts).unwrap().is_none());
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

/// The connection is used again only after a body that was read to its end.
fn bodies_that_break<F: Parts>() {
    let whole = "--b\r\n\r\none\r\n--b";
    let rows = [
        (head("Content-Length: 15"), whole, ErrorKind::Incomplete, 1),
        // No line is a boundary.
        (head("Content-Length: 12"), "no boundary\n", ErrorKind::Incomplete, 1),
        (head("Content-Length: 11"), "--c\r\n\r\none\n", ErrorKind::Incomplete, 1),
        (head("Content-Length: 0"), "", ErrorKind::Incomplete, 1),
        (head("Content-Length: 100"), whole, ErrorKind::Incomplete, 0),
        (head("Content-Length: 100"), "--b\r\nA B: c\r\n\r\n", ErrorKind::Protocol, 0),
    ];
    for (head, body, kind, idle) in rows {
        let mut script = vec![Act::Take, send(head), send(body)];
        script.push(if idle > 0 { Act::Eof } else { Act::Finish });
        let server = ScriptedServer::new([script]);
        let client = F::new();
        let mut parts = client.parts(&server.url()).unwrap();
        let error = loop {
            match F::next(&mut parts).and_then(|part| part.map(F::text).transpose()) {
                Ok(part) => assert_eq!(part.unwrap(), "one"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(&server.url()), "{error}");
        assert_eq!(F::next(&mut parts).unwrap_err().kind(), kind);
        drop(parts);
        assert_eq!(client.pool_stats().idle, idle);
    }
    let server = ScriptedServer::new([vec![
        Act::Take,
        send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"),
        Act::Eof,
    ]]);
    let client = F::new();
    let error = client.parts(&server.url()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("the body is not multipart"), "{error}");
    assert_eq!(client.pool_stats().idle, 0);

    // The boundary is not named. The body is complete, so the connection is used again.
    let unnamed = "HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed\r\nContent-Length: 15\r\n\r\n";
    let server = ScriptedServer::new([vec![Act::Serve([unnamed, whole].concat().into())]]);
    let client = F::new();
    for _ in 0..2 {
        let error = client.parts(&server.url()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(error.to_string().contains("boundary"), "{error}");
        assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
    }
}

/// A gibibyte in a head takes no memory, and its connection is not used again.
fn endless_parts<F: Parts>() {
    let script = |before: &'static str| {
        vec![
            Act::Take,
            send(head("Content-Length: 1073741824")),
            send(before),
            Act::Flood((1 << 30) - before.len() as u64),
        ]
    };
    let server = ScriptedServer::new([script("--b\r\nA: "), script("--b\r\n\r\n")]);
    let client = F::new();
    let mut parts = client.parts(&server.url()).unwrap();
    assert_eq!(F::next(&mut parts).unwrap_err().kind(), ErrorKind::TooLarge);
    drop(parts);
    let mut parts = client.parts(&server.url()).unwrap().max_part_bytes(1000);
    let error = F::text(F::next(&mut parts).unwrap().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    drop(parts);
    assert_eq!((client.shown(), client.pool_stats().idle), ("<Client [0 active]>".into(), 0));
}
