//! The cost of a message is linear in its size, however slowly it arrives.
//!
//! Each shape is received byte by byte in two sizes, one eight times the other. The thread's CPU time is compared, which
//! the load of the machine hardly changes: a linear codec takes eight times as long, a quadratic one 64 times.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::time::Duration;

use httpx_proto::role::Role;
use httpx_proto::{BodyLength, Client, Connection, Event, Headers, Limits, Method, RequestRef, Server};
use rustix::time::{ClockId, clock_gettime};

const SIZE: usize = 1024;
const FACTOR: usize = 8;
/// Half way, by logarithms, between linear and quadratic cost.
const MAX_RATIO: f64 = 22.0;

/// Limits that the larger messages do not reach.
fn wide() -> Limits {
    let mut limits = Limits::default();
    let most = 3 * FACTOR * SIZE;
    (limits.head_bytes, limits.header_count, limits.target_bytes) = (most, most, most);
    (limits.interim_count, limits.empty_lines) = (most, most);
    limits
}

fn client() -> Client {
    let mut client = Client::new(wide());
    let headers = Headers::new();
    let head = RequestRef { method: &Method::GET, target: "/", host: Some("h"), headers: &headers };
    client.send_head(head, BodyLength::None, &mut Vec::new()).unwrap();
    client
}

fn server() -> Server {
    Server::new(wide())
}

/// How bytes get into the codec.
#[derive(Debug, Clone, Copy)]
enum By {
    Copy,
    Spare,
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// Receives the message in pieces of this size, and returns the CPU time that it took.
fn cost<R: Role>(mut codec: Connection<R>, bytes: &str, piece: usize, by: By) -> Duration {
    let before = cpu_time();
    let mut ended = false;
    for mut piece in bytes.as_bytes().chunks(piece) {
        assert!(!ended, "the message ended early");
        if let By::Copy = by {
            codec.receive(piece);
        }
        while let (By::Spare, false) = (by, piece.is_empty()) {
            let spare = codec.spare();
            let n = spare.len().min(piece.len());
            spare[..n].copy_from_slice(&piece[..n]);
            codec.filled(n);
            piece = &piece[n..];
        }
        loop {
            match codec.next_event().unwrap() {
                Event::NeedData | Event::Paused => break,
                Event::Data => codec.consume(usize::MAX),
                Event::Head(_) | Event::Interim(_) => {}
                Event::End(_) => ended = true,
                Event::Closed => panic!("the message goes on"),
            }
        }
    }
    assert!(ended);
    cpu_time() - before
}

fn is_linear<R: Role>(name: &str, new: impl Fn() -> Connection<R>, bytes: impl Fn(usize) -> String) {
    let (small, large) = (bytes(SIZE), bytes(FACTOR * SIZE));
    assert!(small.len() >= SIZE && large.len() <= (FACTOR + 1) * small.len(), "{name}");
    for (piece, by) in [(1, By::Copy), (1, By::Spare), (7, By::Spare)] {
        // The minimum of several runs, because an interrupt can only add time.
        let least = |bytes: &str| (0..3).map(|_| cost(new(), bytes, piece, by)).min().unwrap();
        let ratio = least(&large).as_secs_f64() / least(&small).as_secs_f64();
        assert!(
            ratio < MAX_RATIO,
            "{name}, {piece} by {by:?}: {ratio:.1} times the cost for {FACTOR} times the bytes"
        );
    }
}

/// A name, and a function that makes at least this many bytes.
type Shape = (&'static str, fn(usize) -> String);

/// Forms of a field section.
fn shapes() -> [Shape; 5] {
    [
        ("many lines", |n| "A: b\r\n".repeat(n / 6 + 1)),
        ("many odd lines", |n| "A:\t\u{e9}\r\n".repeat(n / 7 + 1)),
        ("one line", |n| format!("A: {}\r\n", "b".repeat(n))),
        ("one line of white space", |n| format!("A:{}b\r\n", " ".repeat(n))),
        ("long names", |n| format!("{}: b\r\n", "a".repeat(1_019)).repeat(n / 1_024)),
    ]
}

#[test]
fn a_head_that_drips_costs_its_size() {
    for (name, lines) in shapes() {
        is_linear(name, client, |n| format!("HTTP/1.1 204 No Content\r\n{}\r\n", lines(n)));
        let new = || Server::new(wide());
        is_linear(name, new, |n| format!("GET / HTTP/1.1\r\nHost: h\r\n{}\r\n", lines(n)));
    }
    is_linear("a reason", client, |n| format!("HTTP/1.1 204 {}\r\n\r\n", "a".repeat(n)));
    is_linear("folded", client, |n| format!("HTTP/1.1 204 x\r\nA: b\r\n{}\r\n", " c\r\n".repeat(n / 4)));
    is_linear("bare LF", client, |n| format!("HTTP/1.1 204 x\n{}\n", "A: b\n".repeat(n / 5)));
    let target = |n| format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(n));
    is_linear("a target", server, target);
}

#[test]
fn trailers_that_drip_cost_their_size() {
    let fields = "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n";
    for (name, lines) in shapes() {
        is_linear(name, client, |n| format!("HTTP/1.1 200 OK\r\n{fields}{}\r\n", lines(n)));
        let new = || Server::new(wide());
        is_linear(name, new, |n| format!("POST / HTTP/1.1\r\nHost: h\r\n{fields}{}\r\n", lines(n)));
    }
}

#[test]
fn framing_that_drips_costs_its_size() {
    let fields = "Transfer-Encoding: chunked\r\n\r\n";
    let shapes: [Shape; 3] = [
        ("chunks", |n| "1\r\na\r\n".repeat(n / 6 + 1)),
        ("extensions", |n| "1;b\r\na\r\n".repeat(n / 8 + 1)),
        ("one extension", |n| format!("1;{}\r\na\r\n", "b".repeat(n))),
    ];
    for (name, chunks) in shapes {
        is_linear(name, client, |n| format!("HTTP/1.1 200 OK\r\n{fields}{}0\r\n\r\n", chunks(n)));
        let new = || Server::new(wide());
        is_linear(name, new, |n| format!("POST / HTTP/1.1\r\nHost: h\r\n{fields}{}0\r\n\r\n", chunks(n)));
    }
    let hints = |n| format!("{}HTTP/1.1 204 x\r\n\r\n", "HTTP/1.1 103 x\r\n\r\n".repeat(n / 18 + 1));
    is_linear("interim responses", client, hints);
    let lines = |n| format!("{}HTTP/1.1 204 x\r\n\r\n", "\r\n".repeat(n / 2));
    is_linear("empty lines", client, lines);
}
