//! Several exchanges over one connection, and the two directions out of step.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod common;

use common::client_that_sent;
use httpx_core::{Headers, Method};
use httpx_proto::{
    BodyLength, Client, CloseReason, Event, Limits, LocalError, Phase, Phases, RequestRef, Reuse, UncleanEnds,
};

fn send(client: &mut Client, length: BodyLength) {
    let headers = Headers::new();
    let head = RequestRef { method: &Method::POST, target: "/", host: Some("h"), headers: &headers };
    client.send_head(head, length, &mut Vec::new()).unwrap();
}

/// All events up to the next one that needs an action.
fn events(client: &mut Client) -> Vec<String> {
    let mut said = Vec::new();
    loop {
        match client.next_event() {
            Ok(Event::NeedData | Event::Paused) => return said,
            Ok(Event::Data) => {
                said.push(String::from_utf8(client.data().to_vec()).unwrap());
                client.consume(usize::MAX);
            }
            Ok(Event::Head(head)) => said.push(head.status().as_u16().to_string()),
            Ok(Event::End(_)) => said.push("end".to_owned()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn one_after_the_other() {
    let mut client = Client::new(Limits::default());
    for nth in 0..1000 {
        assert_eq!(client.reuse(), Reuse::Ready);
        send(&mut client, BodyLength::None);
        assert_eq!(client.reuse(), Reuse::NotYet);
        assert_eq!(client.next_cycle(), Err(LocalError::NotReusable(Reuse::NotYet)));
        // Each exchange has a separate budget. Together these exceed it.
        client.receive(
            format!("HTTP/1.1 200 OK\r\nA: {}\r\nContent-Length: 1\r\n\r\n{}", "a".repeat(1000), nth % 10)
                .as_bytes(),
        );
        assert_eq!(events(&mut client), ["200", &(nth % 10).to_string(), "end"]);
        client.next_cycle().unwrap();
    }
}

/// The field is found however the head arrives, and belongs to its exchange.
#[test]
fn a_keep_alive_field() {
    let mut client = Client::new(Limits::default());
    for (line, is_found) in [
        ("Keep-Alive: timeout=5\r\n", true),
        ("keep-alive:\r\n", true),
        ("A: b\r\nKEEP-ALIVE:a\r\nC: d\r\n", true),
        ("Connection: keep-alive\r\n", false),
        ("Keep-Alice: timeout=5\r\n", false),
        ("", false),
    ] {
        let response = format!("HTTP/1.1 200 OK\r\n{line}Content-Length: 0\r\n\r\n");
        for at in 0..response.len() {
            let (start, rest) = response.split_at(at);
            send(&mut client, BodyLength::None);
            client.receive(start.as_bytes());
            assert!(events(&mut client).is_empty() && !client.has_keep_alive());
            client.receive(rest.as_bytes());
            assert_eq!(events(&mut client), ["200", "end"]);
            assert_eq!(client.has_keep_alive(), is_found, "{line:?} {at}");
            client.next_cycle().unwrap();
        }
    }
}

#[test]
fn an_early_response() {
    let mut client = Client::new(Limits::default());
    send(&mut client, BodyLength::Known(10));
    client.receive(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    assert_eq!(events(&mut client), ["413", "no", "end"]);
    assert_eq!(client.phases(), Phases { sending: Phase::Body, receiving: Phase::Done });
    assert_eq!(client.reuse(), Reuse::NotYet);
    client.frame(10, &mut Vec::new()).unwrap();
    client.send_end(&Headers::new(), &mut Vec::new()).unwrap();
    assert_eq!(client.reuse(), Reuse::Ready);
}

/// Bytes that arrive before the request would be taken for its response.
#[test]
fn nothing_is_sent_on_a_stale_connection() {
    type Staling = fn(&mut Client);
    let rows: [(Staling, CloseReason); 3] = [
        (|client| client.receive(b"HTTP/1.1 408 x\r\nContent-Length: 0\r\n\r\n"), CloseReason::UnaskedBytes),
        (|client| client.receive_eof(true), CloseReason::PeerClosed),
        (
            |client| {
                client.receive_eof(true);
                assert_eq!(client.next_event(), Ok(Event::Closed));
            },
            CloseReason::PeerClosed,
        ),
    ];
    for (stale, reason) in rows {
        let mut client = Client::new(Limits::default());
        stale(&mut client);
        let headers = Headers::new();
        let head = RequestRef { method: &Method::GET, target: "/", host: Some("h"), headers: &headers };
        let mut out = Vec::new();
        let refused = client.send_head(head, BodyLength::None, &mut out);
        assert_eq!(refused, Err(LocalError::NotReusable(Reuse::Never(reason))));
        assert!(out.is_empty());
    }
}

/// RFC 9110 §10.1.1: the responses that end a client's wait for 100 (Continue), and those that do not.
#[test]
fn expectations() {
    const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
    const PROCESSING: &str = "HTTP/1.1 102 Processing\r\n\r\n";
    const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";
    const OTHER: &str = "HTTP/1.1 199 x\r\n\r\n";
    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    const REFUSED: &str = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\n";
    #[rustfmt::skip]
    let rows = [
        ("nothing", String::new(), true),
        ("100", CONTINUE.to_owned(), false),
        ("half of 100", CONTINUE[..CONTINUE.len() - 1].to_owned(), true),
        ("102", PROCESSING.to_owned(), true),
        ("103", HINTS.to_owned(), true),
        ("199", OTHER.to_owned(), true),
        ("all that say nothing", [HINTS, PROCESSING, HINTS].concat(), true),
        ("100 behind 103", [HINTS, CONTINUE].concat(), false),
        ("103 behind 100", [CONTINUE, HINTS].concat(), false),
        ("a final head", OK.to_owned(), false),
        ("a final head behind 103", [HINTS, OK].concat(), false),
        ("a refusal, its body to come", REFUSED.to_owned(), false),
    ];
    for (name, bytes, waits) in rows {
        for at in 0..=bytes.len() {
            let mut client = Client::new(Limits::default());
            let headers = httpx_proto::headers![("Expect", "100-continue")];
            let head = RequestRef { method: &Method::POST, target: "/", host: Some("h"), headers: &headers };
            client.send_head(head, BodyLength::Known(2), &mut Vec::new()).unwrap();
            assert!(client.awaits_continue(), "{name}");
            for piece in [&bytes[..at], &bytes[at..]] {
                client.receive(piece.as_bytes());
                while let Ok(Event::Interim(_) | Event::Head(_) | Event::End(_)) = client.next_event() {}
            }
            assert_eq!(client.awaits_continue(), waits, "{name}, cut at {at}");
            // The client may still send its body.
            client.send_data(b"ok", &mut Vec::new()).unwrap();
            assert!(!client.awaits_continue(), "{name}, sent");
        }
    }
    // A request without a body does not wait.
    for length in [BodyLength::None, BodyLength::Known(0)] {
        let mut client = Client::new(Limits::default());
        let headers = httpx_proto::headers![("Expect", "100-continue")];
        let head = RequestRef { method: &Method::POST, target: "/", host: Some("h"), headers: &headers };
        client.send_head(head, length, &mut Vec::new()).unwrap();
        client.send_end(&Headers::new(), &mut Vec::new()).unwrap();
        assert!(!client.awaits_continue(), "{length:?}");
    }
}

#[test]
fn a_switch() {
    let mut client = client_that_sent("UPGRADE", Limits::default());
    client.receive(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nraw");
    assert_eq!(events(&mut client), ["101"]);
    assert_eq!(client.phases(), Phases { sending: Phase::Switched, receiving: Phase::Switched });
    assert_eq!(client.reuse(), Reuse::Never(CloseReason::Switched));
    assert_eq!(client.unread(), b"raw");
    assert_eq!(client.into_unread(), "raw");
}

/// Only in a chunk that is longer than the buffer: a read into the buffer takes shorter ones with what follows them.
#[test]
fn past_the_buffer() {
    for (size, left, direct) in [("64", 98, false), ("2001", 8191, false), ("2002", 8192, true)] {
        let mut client = client_that_sent("GET", Limits::default());
        client.receive(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.receive(format!("{size}\r\nab").as_bytes());
        assert!(matches!(client.next_event(), Ok(Event::Head(_))));
        assert_eq!(client.passthrough_len(), None);
        assert_eq!((client.next_event(), client.passthrough_len()), (Ok(Event::Data), None));
        client.consume(2);
        assert_eq!(client.passthrough_len(), direct.then_some(left), "{size}");
        client.consumed_directly(left);
        assert_eq!(client.passthrough_len(), None);
        client.receive(b"\r\n0\r\n\r\n");
        assert_eq!(events(&mut client), ["end"]);
    }
}

/// A body that fills the buffer makes it grow, up to a limit, and for this body only.
#[test]
fn a_large_body_passes_through_a_larger_buffer() {
    for framing in ["Transfer-Encoding: chunked\r\n\r\n80000\r\n", "Content-Length: 524288\r\n\r\n"] {
        let mut client = client_that_sent("GET", Limits::default());
        client.receive(format!("HTTP/1.1 200 OK\r\n{framing}").as_bytes());
        let (mut left, mut reads) = (524_288, Vec::new());
        let mut event = client.next_event();
        while left > 0 {
            let spare = client.spare();
            reads.push(spare.len());
            let n = spare.len().min(left);
            spare[..n].fill(b'x');
            left -= n;
            client.filled(n);
            event = client.next_event();
            while let Ok(Event::Data) = event {
                client.consume(usize::MAX);
                event = client.next_event();
            }
        }
        assert_eq!(reads[1..6], [16384, 32768, 65536, 65536, 65536], "{framing}");
        if framing.starts_with('T') {
            client.receive(b"\r\n0\r\n\r\n");
            event = client.next_event();
        }
        assert!(matches!(event, Ok(Event::End(_))));
        client.next_cycle().unwrap();
        assert_eq!(client.spare().len(), 8192);
    }
}

#[test]
fn an_unclean_end_that_is_accepted() {
    let mut client = client_that_sent("GET", Limits::default());
    client.set_unclean_ends(UncleanEnds::Accept);
    client.receive(b"HTTP/1.1 200 OK\r\n\r\nall");
    client.receive_eof(false);
    assert_eq!(events(&mut client), ["200", "all", "end"]);
    assert_eq!(client.reuse(), Reuse::Never(CloseReason::BodyEndsIt));
}
