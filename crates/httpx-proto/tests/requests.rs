//! Requests that a server accepts or refuses: one row for each case, each fed whole, byte by byte and cut in two at
//! each place. A refused row holds the status of the response.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod common;
#[path = "rows/server.rs"]
mod rows;

use common::End::Open;
use httpx_proto::{Limits, Server};
use rows::{CHUNKS, FIELDS, FRAMING, LINES, OLD, PIPELINED, Row};

fn check(rows: &[Row], prefix: &str, said: &str) {
    for &(name, bytes, end, expected) in rows {
        let bytes = [prefix, bytes].concat();
        let now = common::play_every_split(|| Server::new(Limits::default()), bytes.as_bytes(), end);
        assert_eq!(now.strip_prefix(said).unwrap_or(&now), expected, "{name}");
    }
}

#[test]
fn lines() {
    check(LINES, "", "");
}

#[test]
fn fields() {
    check(FIELDS, "GET / HTTP/1.1\r\n", "");
}

#[test]
fn framing() {
    check(FRAMING, "POST / HTTP/1.1\r\nHost: h\r\n", "POST / | ");
}

#[test]
fn chunks() {
    check(CHUNKS, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", "POST / | ");
}

#[test]
fn http_1_0() {
    check(OLD, "POST / HTTP/1.0\r\n", "POST / | ");
}

#[test]
fn pipelined() {
    for &(name, bytes, end, expected) in PIPELINED {
        let said = common::answer_every_split(|| Server::new(Limits::default()), bytes.as_bytes(), end);
        assert_eq!(said, expected, "{name}");
    }
}

#[test]
fn limits() {
    const LINE: &str = "GET / HTTP/1.1\r\nHost: h\r\n"; // 25 bytes
    const BYTES: &str = "431 Limit(HeadBytes, 100) | never: RemoteError";
    const TARGET: &str = "414 Limit(TargetBytes, 20) | never: RemoteError";
    const CHUNKED: &str = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"; // 56 bytes
    const COUNT: &str = "431 Limit(HeaderCount, 3) | never: RemoteError";
    let (a37, a38, a43, a44) = ("a".repeat(37), "a".repeat(38), "a".repeat(43), "a".repeat(44));
    let (a19, a20, a68, a69) = ("a".repeat(19), "a".repeat(20), "a".repeat(68), "a".repeat(69));
    #[rustfmt::skip]
    let rows = [
        ("a head", format!("{LINE}A: {a68}\r\n\r\n"), format!("GET / {{\"A\": \"{a68}\"}} | end | not yet")),
        ("a head, one more", format!("{LINE}A: {a69}\r\n\r\n"), BYTES.into()),
        ("fields", format!("{LINE}A:\r\nB:\r\n\r\n"), "GET / {\"A\": \"\", \"B\": \"\"} | end | not yet".into()),
        ("one field more", format!("{LINE}A:\r\nB:\r\nC:\r\n\r\n"), "431 Limit(HeaderCount, 3) | never: RemoteError".into()),
        ("a target", format!("GET /{a19} HTTP/1.1\r\nHost: h\r\n\r\n"), format!("GET /{a19} | end | not yet")),
        ("a target, one more", format!("GET /{a20} HTTP/1.1\r\nHost: h\r\n\r\n"), TARGET.into()),
        ("a target, no end in sight", format!("GET /{a20}{a20}{a69}"), TARGET.into()),
        ("an empty line", format!("\r\n{LINE}\r\n"), "GET / | end | not yet".into()),
        ("one more", format!("\r\n\r\n{LINE}\r\n"), "431 Limit(EmptyLines, 1) | never: RemoteError".into()),
        ("an extension", format!("{CHUNKED}1;{a43}\r\na\r\n0\r\n\r\n"), "POST / | \"a\" | end | not yet".into()),
        ("an extension, one more", format!("{CHUNKED}1;{a44}\r\na\r\n0\r\n\r\n"), format!("POST / | {BYTES}")),
        ("many short extensions", format!("{CHUNKED}{}", "1;a\r\nb\r\n".repeat(40)), format!("POST / | \"{}\" | {BYTES}", "b".repeat(22))),
        ("many chunks", format!("{CHUNKED}{}0\r\n\r\n", "1\r\nb\r\n".repeat(100)), format!("POST / | \"{}\" | end | not yet", "b".repeat(100))),
        ("trailers", format!("{CHUNKED}0\r\nA: {a37}\r\n\r\n"), format!("POST / | end {{\"A\": \"{a37}\"}} | not yet")),
        ("trailers, one more", format!("{CHUNKED}0\r\nA: {a38}\r\n\r\n"), format!("POST / | {BYTES}")),
        ("trailers, no end in sight", format!("{CHUNKED}0\r\nA: {a44}{a44}"), format!("POST / | {BYTES}")),
        ("trailer fields", format!("{CHUNKED}0\r\nA:\r\nB:\r\nC:\r\n\r\n"), "POST / | end {\"A\": \"\", \"B\": \"\", \"C\": \"\"} | not yet".into()),
        ("one trailer field more", format!("{CHUNKED}0\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n"), format!("POST / | {COUNT}")),
    ];
    let mut limits = Limits::default();
    (limits.head_bytes, limits.header_count, limits.target_bytes, limits.empty_lines) = (100, 3, 20, 1);
    for (name, bytes, expected) in rows {
        let said = common::play_every_split(|| Server::new(limits), bytes.as_bytes(), Open);
        assert_eq!(said, expected, "{name}");
    }
}

/// More than 64 lines, which is the room on the stack.
#[test]
fn many_fields() {
    for (n, expected) in [(63, "GET /"), (64, "GET /"), (255, "GET /"), (256, "431 Limit(HeaderCount, 256)")]
    {
        let bytes = format!("GET / HTTP/1.1\r\nHost: h\r\n{}\r\n", "A: b\r\n".repeat(n));
        let said = common::play(Server::new(Limits::default()), &[bytes.as_bytes()], Open);
        assert!(said.starts_with(expected), "{n}: {said}");
    }
}
