//! Every response to every request that the server agrees to send: the client receives exactly that response, and both
//! sides agree whether the connection can be reused.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use httpx_core::{Headers, Method, ResponseHead, StatusCode};
use httpx_proto::{BodyLength, Client, Event, Limits, Phase, RequestRef, Reuse, Server};

type Lines = &'static [(&'static str, &'static str)];

/// A method, the version, and headers of a request.
const REQUESTS: &[(Method, &str, Lines)] = &[
    (Method::GET, "1.1", &[]),
    (Method::GET, "1.1", &[("Connection", "close")]),
    (Method::GET, "1.1", &[("Connection", "upgrade"), ("Upgrade", "x")]),
    (Method::HEAD, "1.1", &[]),
    (Method::CONNECT, "1.1", &[]),
    (Method::GET, "1.0", &[("Connection", "close")]),
    (Method::GET, "1.0", &[("Connection", "keep-alive")]),
    (Method::GET, "1.0", &[("Connection", "keep-alive"), ("Upgrade", "x")]),
    (Method::HEAD, "1.0", &[("Connection", "keep-alive")]),
    (Method::CONNECT, "1.0", &[("Connection", "keep-alive")]),
];

const STATUSES: &[u16] =
    &[100, 101, 103, 199, 200, 201, 204, 205, 206, 299, 300, 304, 400, 407, 426, 500, 599];

const FIELDS: &[Lines] = &[
    &[],
    &[("Transfer-Encoding", "chunked")],
    &[("Transfer-Encoding", "chunked"), ("Connection", "close")],
    &[("Content-Length", "0")],
    &[("Content-Length", "5")],
    &[("Content-Length", "5"), ("Connection", "keep-alive, close")],
    &[("Connection", "keep-alive")],
    &[("Upgrade", "x")],
];

const LENGTHS: &[BodyLength] =
    &[BodyLength::None, BodyLength::Known(0), BodyLength::Known(5), BodyLength::Unknown];

/// The two ends of a connection after this request.
fn asked((method, version, lines): &(Method, &str, Lines)) -> (Client, Server) {
    let target = if *method == Method::CONNECT { "a:1" } else { "/" };
    let headers = Headers::try_from(*lines).unwrap();
    let mut wire = Vec::new();
    let mut client = Client::new(Limits::default());
    let head = RequestRef { method, target, host: Some("h"), headers: &headers };
    client.send_head(head, BodyLength::None, &mut wire).unwrap();
    let mut server = Server::new(Limits::default());
    server
        .receive(String::from_utf8(wire).unwrap().replace("HTTP/1.1", &format!("HTTP/{version}")).as_bytes());
    while server.next_event().unwrap() != Event::Paused {}
    (client, server)
}

/// The bytes of the response, with five bytes of body if it can have one; `None` if the server refuses to send it.
fn written(server: &mut Server, status: u16, fields: Lines, length: BodyLength) -> Option<Vec<u8>> {
    let head = ResponseHead::new(StatusCode::try_from(status).unwrap());
    let mut out = Vec::new();
    let sent = server.send_head(&head.with_headers(Headers::try_from(fields).unwrap()), length, &mut out);
    assert!(sent.is_ok() || out.is_empty());
    sent.ok()?;
    if server.phases().sending == Phase::Body {
        server.frame(5, &mut out).ok()?;
        out.extend_from_slice(b"hello");
        server.send_end(&Headers::new(), &mut out).ok()?;
    }
    Some(out)
}

/// The body, and whether the response has ended.
fn read(client: &mut Client) -> (Vec<u8>, bool) {
    let (mut body, mut ended) = (Vec::new(), false);
    loop {
        match client.next_event().unwrap() {
            Event::NeedData | Event::Paused | Event::Closed => return (body, ended),
            Event::Interim(_) | Event::Head(_) => {}
            Event::Data => {
                body.extend_from_slice(client.data());
                client.consume(usize::MAX);
            }
            Event::End(_) => ended = true,
        }
    }
}

#[test]
fn to_every_request() {
    let mut ready = 0;
    for request in REQUESTS {
        for (&status, &fields) in
            STATUSES.iter().flat_map(|status| FIELDS.iter().map(move |fields| (status, fields)))
        {
            for &length in LENGTHS {
                let (mut client, mut server) = asked(request);
                let Some(out) = written(&mut server, status, fields, length) else { continue };
                let what = format!("{request:?} {status} {fields:?} {length:?}: {}", out.escape_ascii());
                let text = String::from_utf8(out.to_ascii_lowercase()).unwrap();
                let says = |line: &str| text.lines().any(|other| other.starts_with(line));
                client.receive(&out);
                if matches!(server.reuse(), Reuse::Never(_)) {
                    client.receive_eof(true);
                }
                if server.phases().sending == Phase::Idle {
                    assert!(request.1 == "1.1" || out.is_empty(), "{what}");
                    continue;
                }
                let (body, ended) = read(&mut client);
                assert!(client.unread().is_empty(), "{what}");
                let lengths = (says("content-length:"), says("transfer-encoding:"));
                assert!(lengths != (true, true) && !(request.1 == "1.0" && lengths.1), "{what}");
                if server.phases().sending == Phase::Switched {
                    assert_eq!(
                        (client.phases().receiving, lengths),
                        (Phase::Switched, (false, false)),
                        "{what}"
                    );
                    continue;
                }
                assert!(ended && (body.is_empty() || body == b"hello"), "{what}");
                assert_eq!(body.is_empty(), !text.contains("hello"), "{what}");
                assert!(status != 204 || lengths == (false, false), "{what}");
                assert_eq!(text.contains("close"), server.reuse() != Reuse::Ready, "{what}");
                assert_eq!(client.reuse() == Reuse::Ready, server.reuse() == Reuse::Ready, "{what}");
                ready += usize::from(server.reuse() == Reuse::Ready);
            }
        }
    }
    assert!(ready > 500, "{ready}");
}
