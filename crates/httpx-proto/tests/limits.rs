//! Each limit: a message that just fits, and one that exceeds it by one.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod common;

use common::{End::Open, client_that_sent, play, play_every_split};
use httpx_core::{Headers, Method};
use httpx_proto::{BodyLength, Client, Event, Limit, Limits, RemoteError, RequestRef, Server};

fn small() -> Limits {
    let mut limits = Limits::default();
    (limits.head_bytes, limits.header_count, limits.interim_count, limits.empty_lines) = (100, 3, 2, 1);
    limits
}

fn said(bytes: &[u8]) -> String {
    play_every_split(|| client_that_sent("GET", small()), bytes, Open)
}

#[test]
fn each_has_an_edge() {
    const OK: &str = "HTTP/1.1 204 No Content\r\n";
    const HINT: &str = "HTTP/1.1 103 A\r\n\r\n"; // 18 bytes
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"; // 47 bytes
    const BYTES: &str = "error Limit(HeadBytes, 100) | never: RemoteError";
    const COUNT: &str = "error Limit(HeaderCount, 3) | never: RemoteError";
    let (a68, a69) = ("a".repeat(68), "a".repeat(69));
    let (a49, a50, a81) = ("a".repeat(49), "a".repeat(50), "a".repeat(81));
    let full = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: {}\r\n\r\n", "a".repeat(48)); // 100 bytes
    let head = format!("200 {{\"A\": \"{}\"}}", "a".repeat(48));
    #[rustfmt::skip]
    let rows = [
        ("a head", 100, format!("{OK}A: {a68}\r\n\r\n"), format!("204 {{\"A\": \"{a68}\"}} | end | ready")),
        ("a head, one more", 101, format!("{OK}A: {a69}\r\n\r\n"), BYTES.into()),
        ("an endless line", 0, format!("{OK}A: {}", "a".repeat(500)), BYTES.into()),
        ("fields", 0, format!("{OK}A:\r\nB:\r\nC:\r\n\r\n"), "204 {\"A\": \"\", \"B\": \"\", \"C\": \"\"} | end | ready".into()),
        ("one field more", 0, format!("{OK}A:\r\nB:\r\nC:\r\nD:\r\n\r\n"), COUNT.into()),
        ("interims", 0, format!("{HINT}{HINT}{OK}\r\n"), "interim 103 (A) | interim 103 (A) | 204 | end | ready".into()),
        ("one interim more", 0, format!("{HINT}{HINT}{HINT}{OK}\r\n"), "interim 103 (A) | interim 103 (A) | error Limit(InterimCount, 2) | never: RemoteError".into()),
        ("an empty line", 0, format!("\r\n{OK}\r\n"), "204 | end | ready".into()),
        ("one more", 0, format!("\r\n\r\n{OK}\r\n"), "error Limit(EmptyLines, 1) | never: RemoteError".into()),
        ("a CR for the last byte", 0, format!("HTTP/1.1 103 {a81}\r\n\r\n\n\rH"), format!("interim 103 ({a81}) | {BYTES}")),
        ("an extension", 0, format!("{CHUNKED}1;{a49}\r\na\r\n0\r\n"), "200 | \"a\" | not yet".into()),
        ("an extension, one more", 0, format!("{CHUNKED}1;{a50}{a50}\r\na\r\n0\r\n"), format!("200 | {BYTES}")),
        ("many short extensions", 0, format!("{CHUNKED}{}", "1;a\r\nb\r\n".repeat(40)), format!("200 | \"{}\" | {BYTES}", "b".repeat(26))),
        ("many chunks", 0, format!("{CHUNKED}{}0\r\n\r\n", "1\r\nb\r\n".repeat(100)), format!("200 | \"{}\" | end | ready", "b".repeat(100))),
        ("white space behind a size", 0, format!("{CHUNKED}1{}", " ".repeat(60)), format!("200 | {BYTES}")),
        ("trailers", 0, format!("{CHUNKED}0\r\nA: {}\r\n\r\n", "a".repeat(46)), format!("200 | end {{\"A\": \"{}\"}} | ready", "a".repeat(46))),
        ("trailers, one more", 0, format!("{CHUNKED}0\r\nA: {}\r\n\r\n", "a".repeat(47)), format!("200 | {BYTES}")),
        ("chunks behind the largest head", 100 + 11, format!("{full}1\r\nb\r\n0\r\n\r\n"), format!("{head} | \"b\" | end | ready")),
        ("a trailer behind the largest head", 0, format!("{full}0\r\nA"), format!("{head} | {BYTES}")),
        ("trailer fields", 0, format!("{CHUNKED}0\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n"), format!("200 | {COUNT}")),
    ];
    for (name, len, bytes, expected) in rows {
        assert!(len == 0 || len == bytes.len(), "{name}: {}", bytes.len());
        assert_eq!(said(bytes.as_bytes()), expected, "{name}");
    }
}

/// With the default limits: chunk extensions count, chunks and their data do not.
#[test]
fn extensions_count_and_chunks_do_not() {
    const POST: &str = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    const OK: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (long, many) =
        (format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(65 * 1024)), "1\r\na\r\n".repeat(50_000));
    let (short, body) = (format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(63 * 1024)), "a".repeat(50_000));
    let many = many + "0\r\n\r\n";
    #[rustfmt::skip]
    let rows = [
        ("an extension of 63 KiB", &short, "\"a\" | end | ready".to_owned(), "\"a\" | end | not yet".to_owned()),
        ("an extension of 65 KiB", &long, "error Limit(HeadBytes, 65536) | never: RemoteError".to_owned(), "431 Limit(HeadBytes, 65536) | never: RemoteError".to_owned()),
        ("300 KB of chunks of a byte", &many, format!("\"{body}\" | end | ready"), format!("\"{body}\" | end | not yet")),
    ];
    for (name, chunks, to_client, to_server) in rows {
        let (response, request) = ([OK, chunks].concat(), [POST, chunks].concat());
        for size in [usize::MAX, 1, 1000] {
            let client = client_that_sent("GET", Limits::default());
            let said = play(client, &response.as_bytes().chunks(size).collect::<Vec<_>>(), Open);
            assert_eq!(said, format!("200 | {to_client}"), "{name}, by {size}");
            let server = Server::new(Limits::default());
            let said = play(server, &request.as_bytes().chunks(size).collect::<Vec<_>>(), Open);
            assert_eq!(said, format!("POST / | {to_server}"), "{name}, by {size}");
        }
    }
}

/// Bytes that were counted earlier still count.
#[test]
fn lowered_on_the_way() {
    for (bytes, limit) in [("\r\n", Limit::EmptyLines), ("HTTP/1.1 103 A\r\n\r\n", Limit::InterimCount)] {
        let mut client = client_that_sent("GET", Limits::default());
        client.receive(bytes.repeat(3).as_bytes());
        while client.next_event() != Ok(Event::NeedData) {}
        (client.limits_mut().empty_lines, client.limits_mut().interim_count) = (2, 2);
        client.receive(bytes.as_bytes());
        assert_eq!(client.next_event(), Err(RemoteError::Limit(limit, 2)));
    }
}

/// Between two exchanges new limits apply at once, also those of bytes.
#[test]
fn set_between_exchanges() {
    let head = RequestRef { method: &Method::GET, target: "/", host: Some("h"), headers: &Headers::new() };
    let (mut bytes, mut count) = (Limits::default(), Limits::default());
    (bytes.head_bytes, count.header_count) = (30, 1);
    let rows = [(bytes, Limit::HeadBytes, 30), (count, Limit::HeaderCount, 1)];
    for (narrow, limit, most) in rows {
        let mut client = Client::new(narrow);
        for limits in [Limits::default(), Limits::default(), narrow] {
            client.set_limits(limits);
            client.send_head(head, BodyLength::None, &mut Vec::new()).unwrap();
            client.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: b\r\n\r\n");
            if limits == narrow {
                assert_eq!(client.next_event(), Err(RemoteError::Limit(limit, most)));
            } else {
                assert!(matches!(client.next_event(), Ok(Event::Head(_))));
                while client.next_event() != Ok(Event::Paused) {}
                client.next_cycle().unwrap();
            }
        }
    }
}

/// More than 64 lines, which is the room on the stack.
#[test]
fn many_fields() {
    let fields = |n| format!("HTTP/1.1 204 No Content\r\n{}\r\n", "A: b\r\n".repeat(n));
    for n in [63, 64, 65, 256] {
        let mut client = client_that_sent("GET", Limits::default());
        client.receive(fields(n).as_bytes());
        match client.next_event() {
            Ok(Event::Head(head)) => assert_eq!(head.headers().len(), n),
            other => panic!("{other:?}"),
        }
    }
    let mut client = client_that_sent("GET", Limits::default());
    client.receive(fields(257).as_bytes());
    assert_eq!(client.next_event(), Err(RemoteError::Limit(Limit::HeaderCount, 256)));
}

/// The buffer grows only for a large head, and shrinks again after it.
#[test]
fn memory_is_given_back() {
    let mut client = client_that_sent("GET", Limits::default());
    assert_eq!(client.spare().len(), 8192);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: 30000\r\nA: {}\r\n\r\n", "a".repeat(60_000));
    for piece in head.as_bytes().chunks(1000) {
        let spare = client.spare();
        assert!(spare.len() <= 65_536);
        let n = piece.len().min(spare.len());
        spare[..n].copy_from_slice(&piece[..n]);
        client.filled(n);
        client.receive(&piece[n..]);
        client.next_event().unwrap();
    }
    assert_eq!(client.spare().len(), 8192);
    assert_eq!(client.passthrough_len(), Some(30_000));
    client.consumed_directly(30_000);
    assert_eq!(client.next_event(), Ok(Event::End(Headers::new())));
}
