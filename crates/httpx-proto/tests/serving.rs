//! A server over several exchanges, and its two directions out of step.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use httpx_core::{ResponseHead, StatusCode};
use httpx_proto::{
    BodyLength, CloseReason, Event, Limits, LocalError, Phase, Phases, RemoteError, Reuse, Server,
};

fn server(bytes: &str) -> Server {
    let mut server = Server::new(Limits::default());
    server.receive(bytes.as_bytes());
    server
}

/// All events up to the next one that needs an action.
fn events(server: &mut Server) -> Vec<String> {
    let mut said = Vec::new();
    loop {
        match server.next_event() {
            Ok(Event::NeedData) => return said,
            Ok(Event::Paused) => {
                said.push("paused".to_owned());
                return said;
            }
            Ok(Event::Closed) => {
                said.push("closed".to_owned());
                return said;
            }
            Ok(Event::Data) => {
                said.push(String::from_utf8(server.data().to_vec()).unwrap());
                server.consume(usize::MAX);
            }
            Ok(Event::Head(head)) => said.push(format!("{} {}", head.method(), head.target())),
            Ok(Event::End(_)) => said.push("end".to_owned()),
            Ok(Event::Interim(_)) => panic!("no client sends that"),
            Err(error) => {
                said.push(error.status().as_u16().to_string());
                return said;
            }
        }
    }
}

fn answer(server: &mut Server, status: u16) -> Result<String, LocalError> {
    let mut out = Vec::new();
    let mut head = ResponseHead::new(StatusCode::try_from(status).unwrap());
    if status == 101 {
        head = head.with_headers(httpx_proto::headers![("Upgrade", "x")]);
    }
    server.send_head(&head, BodyLength::None, &mut out)?;
    Ok(String::from_utf8(out).unwrap().lines().next().unwrap_or_default().to_owned())
}

const GET: &str = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
const POST: &str = "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n";
const WAITING: &str = "PUT /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";

#[test]
fn pipelined_requests() {
    let mut server = server(&[GET, POST, "hello", GET, GET].concat());
    for expected in [&["GET /1"][..], &["POST /2", "hello"], &["GET /1"], &["GET /1"]] {
        assert_eq!(events(&mut server), [expected, &["end", "paused"]].concat());
        assert_eq!(events(&mut server), ["paused"], "nothing before the answer");
        assert_eq!(server.next_cycle(), Err(LocalError::NotReusable(Reuse::NotYet)));
        assert_eq!(answer(&mut server, 200).unwrap(), "HTTP/1.1 200 OK");
        assert_eq!(server.reuse(), Reuse::Ready);
        server.next_cycle().unwrap();
    }
    assert_eq!(events(&mut server), [""; 0]);
}

/// A client that closes its sending direction first, as `printf … | nc` does.
#[test]
fn a_close_after_the_last_request() {
    let mut server = server(&[GET, GET].concat());
    server.receive_eof(true);
    assert_eq!(events(&mut server), ["GET /1", "end", "paused"]);
    answer(&mut server, 200).unwrap();
    assert_eq!(server.reuse(), Reuse::Ready);
    server.next_cycle().unwrap();
    assert_eq!(events(&mut server), ["GET /1", "end", "paused"]);
    answer(&mut server, 200).unwrap();
    assert_eq!(server.reuse(), Reuse::Never(CloseReason::PeerClosed));
}

#[test]
fn nothing_after_the_last_request() {
    let close = GET.replace("Host", "Connection: close\r\nHost");
    let mut server = server(&[&close, GET].concat());
    assert_eq!(events(&mut server), ["GET /1", "end", "paused"]);
    answer(&mut server, 200).unwrap();
    assert_eq!(server.reuse(), Reuse::Never(CloseReason::PeerSaidClose));
    let never = Reuse::Never(CloseReason::PeerSaidClose);
    assert_eq!(server.next_cycle(), Err(LocalError::NotReusable(never)));
    assert_eq!(events(&mut server), ["paused"]);
}

#[test]
fn an_early_response() {
    let mut server = server(POST);
    assert_eq!(events(&mut server), ["POST /2"]);
    answer(&mut server, 413).unwrap();
    assert_eq!(server.phases(), Phases { sending: Phase::Done, receiving: Phase::Body });
    assert_eq!(server.reuse(), Reuse::NotYet);
    server.receive(b"hello");
    assert_eq!(events(&mut server), ["hello", "end", "paused"]);
    assert_eq!(server.reuse(), Reuse::Ready);
}

#[test]
fn a_response_to_an_incomplete_request() {
    let mut server = server("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nax");
    assert_eq!(events(&mut server), ["POST /", "a", "400"]);
    let mut out = Vec::new();
    server.send_head(&ResponseHead::new(StatusCode::BAD_REQUEST), BodyLength::None, &mut out).unwrap();
    assert_eq!(out, b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(server.reuse(), Reuse::Never(CloseReason::RemoteError));
    assert_eq!(server.next_event(), Err(RemoteError::ChunkEnd), "it repeats");
}

#[test]
fn expectations() {
    // The client waits; 100 lets it continue.
    let mut waiting = server(WAITING);
    assert_eq!(events(&mut waiting), ["PUT /3"]);
    assert!(waiting.awaits_continue());
    answer(&mut waiting, 103).unwrap();
    assert!(waiting.awaits_continue());
    answer(&mut waiting, 100).unwrap();
    assert!(!waiting.awaits_continue());
    waiting.receive(b"hello");
    assert_eq!(events(&mut waiting), ["hello", "end", "paused"]);
    answer(&mut waiting, 200).unwrap();
    assert_eq!(waiting.reuse(), Reuse::Ready);

    // It does not wait.
    let mut hasty = server(&[WAITING, "he"].concat());
    assert!(matches!(hasty.next_event(), Ok(Event::Head(_))));
    assert!(!hasty.awaits_continue());
    answer(&mut hasty, 200).unwrap();
    assert_eq!(hasty.reuse(), Reuse::NotYet);

    // The client waits and receives a final response: it may or may not send its body.
    let mut refused = server(WAITING);
    assert_eq!(events(&mut refused), ["PUT /3"]);
    answer(&mut refused, 401).unwrap();
    assert!(!refused.awaits_continue());
    assert_eq!(refused.reuse(), Reuse::Never(CloseReason::NotContinued));

    // HTTP/1.0 has no 100, and a request without a body has nothing to wait for.
    for never in [WAITING.replace("HTTP/1.1", "HTTP/1.0"), WAITING.replace("Length: 5", "Length: 0")] {
        let mut server = server(&never);
        assert_eq!(events(&mut server)[0], "PUT /3");
        assert!(!server.awaits_continue());
    }
}

/// Body bytes that bypass the buffer, or are consumed before their event, count as received.
#[test]
fn a_body_that_arrives_before_the_100() {
    let mut past = server(WAITING);
    assert_eq!(events(&mut past), ["PUT /3"]);
    past.consumed_directly(2);
    let mut taken = server(&[WAITING, "he"].concat());
    assert!(matches!(taken.next_event(), Ok(Event::Head(_))));
    taken.consume(2);
    for mut server in [past, taken] {
        assert!(!server.awaits_continue());
        answer(&mut server, 200).unwrap();
        assert_eq!(server.reuse(), Reuse::NotYet);
    }
}

/// RFC 9110 §7.8: first 100, then 101; without the 100 the body never arrives.
#[test]
fn a_switch_while_the_client_waits() {
    let waiting = WAITING.replace("Host", "Connection: upgrade\r\nUpgrade: x\r\nHost");
    let mut switched = server(&waiting);
    assert_eq!(events(&mut switched), ["PUT /3"]);
    answer(&mut switched, 100).unwrap();
    answer(&mut switched, 101).unwrap();
    let mut hung = server(&waiting);
    assert_eq!(events(&mut hung), ["PUT /3"]);
    assert_eq!(answer(&mut hung, 101), Err(LocalError::OutOfTurn("the client waits for 100 (Continue)")));
}

#[test]
fn a_switch() {
    let mut server = server("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nraw");
    assert_eq!(events(&mut server), ["GET /", "end", "paused"]);
    assert_eq!(answer(&mut server, 103).unwrap(), "HTTP/1.1 103 Early Hints");
    assert_eq!(answer(&mut server, 101).unwrap(), "HTTP/1.1 101 Switching Protocols");
    assert_eq!(server.phases(), Phases { sending: Phase::Switched, receiving: Phase::Switched });
    assert_eq!(server.reuse(), Reuse::Never(CloseReason::Switched));
    assert_eq!(server.into_unread(), "raw");
}

/// The client's body is still HTTP; the bytes after it are not.
#[test]
fn a_switch_before_the_body_has_arrived() {
    let mut server = server(&POST.replace("Host", "Connection: upgrade\r\nUpgrade: x\r\nHost"));
    assert_eq!(events(&mut server), ["POST /2"]);
    answer(&mut server, 101).unwrap();
    assert_eq!(server.phases(), Phases { sending: Phase::Switched, receiving: Phase::Body });
    server.receive(b"helloraw");
    assert_eq!(events(&mut server), ["hello", "end", "paused"]);
    assert_eq!(server.phases().receiving, Phase::Switched);
    assert_eq!(server.unread(), b"raw");
}

#[test]
fn a_tunnel() {
    let connect = "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n\x16\x03";
    let mut opened = server(connect);
    assert_eq!(events(&mut opened), ["CONNECT a:443", "end", "paused"]);
    answer(&mut opened, 200).unwrap();
    assert_eq!(opened.into_unread(), "\x16\x03");

    let mut declined = server(connect);
    assert_eq!(events(&mut declined), ["CONNECT a:443", "end", "paused"]);
    answer(&mut declined, 407).unwrap();
    assert_eq!(declined.reuse(), Reuse::Never(CloseReason::Declined));
}

#[test]
fn a_response_without_a_request() {
    let mut server = server("");
    assert_eq!(answer(&mut server, 408).unwrap(), "HTTP/1.1 408 Request Timeout");
    assert_eq!(server.reuse(), Reuse::Never(CloseReason::WeSaidClose));
}

/// Each exchange has a separate budget, for any number of exchanges.
#[test]
fn many() {
    let mut server = Server::new(Limits::default());
    for _ in 0..1000 {
        server.receive(POST.replace("Host", &format!("A: {}\r\nHost", "a".repeat(1000))).as_bytes());
        server.receive(b"hello");
        assert_eq!(events(&mut server), ["POST /2", "hello", "end", "paused"]);
        answer(&mut server, 200).unwrap();
        server.next_cycle().unwrap();
    }
}
