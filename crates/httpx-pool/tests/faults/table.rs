//! One row for each combination.

use crate::peer::After::{Bytes, Requests};
use crate::peer::{PACES, Pace, Script};
use crate::support::{Flavour, OK, both_flavours};
use crate::{Content, Empty, Reader, Sized, play};

both_flavours! {
    answers_and_ends,
    kept_connections,
    uploads,
}

struct Row {
    name: &'static str,
    connections: Vec<Script>,
    requests: Vec<(&'static str, Content)>,
    /// See [`play`].
    expected: &'static str,
}

fn check<F: Flavour>(rows: Vec<Row>) {
    for row in rows {
        check_row::<F>(&row, &PACES);
    }
}

fn check_row<F: Flavour>(row: &Row, paces: &[Pace]) {
    for &pace in paces {
        assert_eq!(play::<F>(&row.connections, &row.requests, pace), row.expected, "{}, {pace:?}", row.name);
    }
}

/// A peer that answers the first request like this.
fn answers(bytes: impl AsRef<[u8]>) -> Script {
    Script::default().send(Requests(1), bytes)
}

/// One GET.
fn get(name: &'static str, connection: Script, expected: &'static str) -> Row {
    Row { name, connections: vec![connection], requests: vec![("GET", Empty)], expected }
}

fn answers_and_ends<F: Flavour>() {
    const INTERIM: &str = "HTTP/1.1 103 Early Hints\r\n\r\n";
    const UNTIL_END: &str = "HTTP/1.1 200 OK\r\n\r\nhello";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let now = Requests(1);
    check::<F>(vec![
        get("an answer", answers(OK), "200 hello | 1 made, 1 idle"),
        get("interim, answer", answers(INTERIM).send(now, OK), "200 hello | 1 made, 1 idle"),
        get("interim, end", answers(INTERIM).end(now), "Incomplete Complete | 1 made, 0 idle"),
        get("interim, reset", answers(INTERIM).reset(now), "Io Complete | 1 made, 0 idle"),
        get("the end at once", Script::default().end(now), "Io Complete | 1 made, 0 idle"),
        get("a reset at once", Script::default().reset(now), "Io Complete | 1 made, 0 idle"),
        get("until the end", answers(UNTIL_END).end(now), "200 hello | 1 made, 0 idle"),
        get("until a reset", answers(UNTIL_END).reset(now), "Incomplete Complete | 1 made, 0 idle"),
        get("chunks and the end", answers(CHUNKED).end(now), "Incomplete Complete | 1 made, 0 idle"),
        get("chunks and a reset", answers(CHUNKED).reset(now), "Incomplete Complete | 1 made, 0 idle"),
        get("chunks in two", answers(CHUNKED).send(now, "0\r\n\r\n"), "200 hello | 1 made, 1 idle"),
        get("no HTTP and the end", answers("ftp\r\n").end(now), "Protocol Complete | 1 made, 0 idle"),
    ]);
}

/// The second request finds the first one's connection ended, or ends it.
fn kept_connections<F: Flavour>() {
    let second = |name, connections: Vec<Script>, method, content, expected| {
        let requests = vec![("GET", Empty), (method, content)];
        Row { name, connections, requests, expected }
    };
    let kept = || answers(OK);
    let ends = || vec![kept().end(Requests(2)), answers(OK)];
    let resets = || vec![kept().reset(Requests(2)), answers(OK)];
    // The first request, and a part of the second one.
    let part = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".len() + 10;
    let ends_early = || vec![kept().end(Bytes(part)), answers(OK)];
    let no_room = || vec![kept().takes(part).end(Bytes(part)), answers(OK)];
    let half = || vec![kept().send(Requests(2), &OK[..20]).end(Requests(2)), answers(OK)];
    let found_dead = || [kept().end(Requests(1)), kept().reset(Requests(1)), kept().send(Requests(1), OK)];
    check::<F>(vec![
        second(
            "kept",
            vec![kept().send(Requests(2), OK)],
            "POST",
            Sized(5),
            "200 hello | 200 hello | 1 made, 1 idle",
        ),
        second("end, GET", ends(), "GET", Empty, "200 hello | 200 hello | 2 made, 1 idle"),
        second("end, PUT", ends(), "PUT", Sized(5), "200 hello | 200 hello | 2 made, 1 idle"),
        second("end, POST", ends(), "POST", Sized(5), "200 hello | Io Complete | 1 made, 0 idle"),
        second(
            "end, PUT from a reader",
            ends(),
            "PUT",
            Reader(5),
            "200 hello | Io Complete | 1 made, 0 idle",
        ),
        second("reset, GET", resets(), "GET", Empty, "200 hello | 200 hello | 2 made, 1 idle"),
        second("reset, POST", resets(), "POST", Sized(5), "200 hello | Io Complete | 1 made, 0 idle"),
        second(
            "half an answer, GET",
            half(),
            "GET",
            Empty,
            "200 hello | Incomplete Complete | 1 made, 0 idle",
        ),
        second("an early end, GET", ends_early(), "GET", Empty, "200 hello | 200 hello | 2 made, 1 idle"),
        second("no room, GET", no_room(), "GET", Empty, "200 hello | 200 hello | 2 made, 1 idle"),
        second("no room, POST", no_room(), "POST", Sized(5), "200 hello | Io Partial | 1 made, 0 idle"),
    ]);
    // A dead connection is found before the second request is sent.
    for first in found_dead() {
        for (method, content) in [("GET", Empty), ("POST", Sized(5)), ("PUT", Reader(5))] {
            let connections = vec![first.clone(), answers(OK)];
            check::<F>(vec![second(
                "found dead",
                connections,
                method,
                content,
                "200 hello | 200 hello | 2 made, 1 idle",
            )]);
        }
    }
}

fn uploads<F: Flavour>() {
    const NO: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";
    let put = |name, connection: Script, content, expected| Row {
        name,
        connections: vec![connection],
        requests: vec![("PUT", content)],
        expected,
    };
    let early = || Script::default().send(Bytes(100), NO);
    // Longer than the part that is sent between two checks for an early response.
    let (long, large) = (20_000, 400_000);
    check::<F>(vec![
        put("taken", answers(OK), Sized(long), "200 hello | 1 made, 1 idle"),
        put("taken in chunks", answers(OK), Reader(long), "200 hello | 1 made, 1 idle"),
        put(
            "no room",
            Script::default().takes(100).reset(Bytes(100)),
            Sized(large),
            "Io Partial | 1 made, 0 idle",
        ),
        put(
            "no room, the end",
            Script::default().takes(100).end(Bytes(100)),
            Sized(large),
            "Io Partial | 1 made, 0 idle",
        ),
        put(
            "half a no, no room",
            Script::default().takes(100).send(Bytes(100), &NO[..20]).end(Bytes(100)),
            Sized(large),
            "Io Partial | 1 made, 0 idle",
        ),
    ]);
    // A response that arrives byte by byte may be complete only after the whole upload.
    let paces: Vec<_> = PACES.into_iter().filter(|pace| pace.read == 8192).collect();
    for row in [
        put("an early no", early(), Sized(large), "413 no | 1 made, 0 idle"),
        put("an early no, in chunks", early(), Reader(large), "413 no | 1 made, 0 idle"),
        put("an early no, the end", early().end(Bytes(100)), Sized(large), "413 no | 1 made, 0 idle"),
        put("an early no, no room", early().takes(100), Sized(large), "413 no | 1 made, 0 idle"),
    ] {
        check_row::<F>(&row, &paces);
    }
}
