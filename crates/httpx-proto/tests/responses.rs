//! Responses that a server sends: heads and bodies as bytes, or the error if they cannot be sent.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use httpx_core::{Headers, ResponseHead, StatusCode};
use httpx_proto::{BodyLength, Event, Limits, LocalError, Phase, Reuse, Server};

use BodyLength::{Known, None as Nothing, Unknown};

type Lines<'a> = &'a [(&'static str, &'static str)];

/// A name, the request, a status, headers, a body in pieces; the written bytes or the error, and whether the connection
/// can be reused.
type Row<'a, T> = (&'a str, &'a str, u16, Lines<'a>, BodyLength, &'a [&'a str], T);

/// A server that has received this request; `-` is no request, `?` is a request that it refuses.
fn asked(what: &str) -> Server {
    let mut server = Server::new(Limits::default());
    server.receive(match what {
        "-" => b"",
        "?" => b"nonsense\n",
        "? HEAD" => b"HEAD / HTTP/1.1\r\nHost: h\r\nA b: c\r\n\r\n",
        "GET" => b"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "HEAD" => b"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
        "CLOSE" => b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        "CONNECT" => b"CONNECT a:1 HTTP/1.1\r\nHost: h\r\n\r\n",
        "UPGRADE" => b"GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        "UPGRADE ALONE" => b"GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nUpgrade: x\r\n\r\n",
        "OLD" => b"GET / HTTP/1.0\r\n\r\n",
        "KEPT" => b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "KEPT HEAD" => b"HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "OLD UPGRADE" => b"GET / HTTP/1.0\r\nUpgrade: x\r\n\r\n",
        "EXPECT" => b"PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
        other => panic!("{other}"),
    });
    while !matches!(server.next_event(), Ok(Event::NeedData | Event::Paused) | Err(_)) {}
    server
}

fn send(
    server: &mut Server,
    status: u16,
    lines: Lines<'_>,
    length: BodyLength,
    pieces: &[&str],
) -> Result<String, LocalError> {
    let headers = Headers::try_from(lines).unwrap();
    let head = ResponseHead::new(StatusCode::try_from(status).unwrap()).with_headers(headers);
    let mut out = Vec::new();
    server.send_head(&head, length, &mut out)?;
    for piece in pieces {
        server.frame(piece.len(), &mut out)?;
        out.extend_from_slice(piece.as_bytes());
    }
    if status >= 200 {
        server.send_end(&Headers::new(), &mut out)?;
    }
    Ok(String::from_utf8(out).unwrap())
}

#[test]
#[rustfmt::skip]
fn framing() {
    const CHUNKED: Lines<'_> = &[("transfer-encoding", "chunked")];
    const FIVE: Lines<'_> = &[("content-length", "5")];
    const CLOSE: Lines<'_> = &[("connection", "x, close")];
    let rows: &[Row<'_, (&str, &str)>] = &[
        ("no body", "GET", 200, &[("b", "1"), ("A", "2")], Nothing, &[], ("200 OK\r\nb: 1\r\nA: 2\r\nContent-Length: 0\r\n\r\n", "Ready")),
        ("no phrase", "GET", 299, &[], Nothing, &[], ("299 \r\nContent-Length: 0\r\n\r\n", "Ready")),
        ("known", "GET", 404, &[], Known(5), &["hel", "lo"], ("404 Not Found\r\nContent-Length: 5\r\n\r\nhello", "Ready")),
        ("known, its own", "GET", 200, FIVE, Known(5), &["hello"], ("200 OK\r\ncontent-length: 5\r\n\r\nhello", "Ready")),
        ("unknown", "GET", 200, &[], Unknown, &["hel", "", "lo"], ("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "Ready")),
        ("unknown, its own length", "GET", 200, FIVE, Unknown, &["hello"], ("200 OK\r\ncontent-length: 5\r\n\r\nhello", "Ready")),
        ("nothing, its own coding", "GET", 200, CHUNKED, Nothing, &[], ("200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", "Ready")),
        ("unknown, its own coding", "GET", 200, CHUNKED, Unknown, &["hi"], ("200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", "Ready")),
        ("we close", "GET", 200, CLOSE, Nothing, &[], ("200 OK\r\nconnection: x, close\r\nContent-Length: 0\r\n\r\n", "Never(WeSaidClose)")),
        ("the client closes", "CLOSE", 200, &[], Nothing, &[], ("200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "Never(PeerSaidClose)")),
        ("both close", "CLOSE", 200, CLOSE, Nothing, &[], ("200 OK\r\nconnection: x, close\r\nContent-Length: 0\r\n\r\n", "Never(PeerSaidClose)")),
        ("keep-alive, but it is not", "CLOSE", 200, &[("Connection", "keep-alive")], Nothing, &[], ("200 OK\r\nConnection: keep-alive\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "Never(PeerSaidClose)")),

        ("1.0", "OLD", 200, &[], Known(2), &["ok"], ("200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "Never(Http10)")),
        ("1.0, unknown", "OLD", 200, &[], Unknown, &["hel", "lo"], ("200 OK\r\nConnection: close\r\n\r\nhello", "Never(Http10)")),
        ("1.0 kept", "KEPT", 200, &[], Known(2), &["ok"], ("200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", "Ready")),
        ("1.0 kept, said already", "KEPT", 200, &[("connection", "Keep-Alive")], Nothing, &[], ("200 OK\r\nconnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", "Ready")),
        ("1.0 kept, unknown", "KEPT", 200, &[], Unknown, &["hello"], ("200 OK\r\nConnection: close\r\n\r\nhello", "Never(BodyEndsIt)")),
        ("1.0 kept, unknown, its own length", "KEPT", 200, FIVE, Unknown, &["hello"], ("200 OK\r\ncontent-length: 5\r\nConnection: keep-alive\r\n\r\nhello", "Ready")),
        ("1.0 kept, we close", "KEPT", 200, CLOSE, Nothing, &[], ("200 OK\r\nconnection: x, close\r\nContent-Length: 0\r\n\r\n", "Never(WeSaidClose)")),
        ("1.0 and an interim", "KEPT", 103, &[], Nothing, &[], ("", "NotYet")),
        ("1.0, HEAD", "KEPT HEAD", 200, &[], Unknown, &[], ("200 OK\r\nConnection: keep-alive\r\n\r\n", "Ready")),

        ("HEAD", "HEAD", 200, &[], Nothing, &[], ("200 OK\r\n\r\n", "Ready")),
        ("HEAD, known", "HEAD", 200, &[], Known(5), &[], ("200 OK\r\nContent-Length: 5\r\n\r\n", "Ready")),
        ("HEAD, its own length", "HEAD", 200, FIVE, Nothing, &[], ("200 OK\r\ncontent-length: 5\r\n\r\n", "Ready")),
        ("HEAD, unknown", "HEAD", 200, &[], Unknown, &[], ("200 OK\r\n\r\n", "Ready")),
        ("HEAD, its own coding", "HEAD", 200, CHUNKED, Nothing, &[], ("200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "Ready")),
        ("HEAD, refused", "? HEAD", 400, &[], Known(5), &[], ("400 Bad Request\r\nConnection: close\r\nContent-Length: 5\r\n\r\n", "Never(RemoteError)")),
        ("HEAD, 204", "HEAD", 204, &[], Nothing, &[], ("204 No Content\r\n\r\n", "Ready")),
        ("204", "GET", 204, &[], Nothing, &[], ("204 No Content\r\n\r\n", "Ready")),
        ("204, known", "GET", 204, &[], Known(0), &[], ("204 No Content\r\n\r\n", "Ready")),
        ("205", "GET", 205, &[], Nothing, &[], ("205 Reset Content\r\nContent-Length: 0\r\n\r\n", "Ready")),
        ("304", "GET", 304, &[], Nothing, &[], ("304 Not Modified\r\n\r\n", "Ready")),
        ("304 of five", "GET", 304, FIVE, Nothing, &[], ("304 Not Modified\r\ncontent-length: 5\r\n\r\n", "Ready")),
        ("304, known", "GET", 304, &[], Known(5), &[], ("304 Not Modified\r\nContent-Length: 5\r\n\r\n", "Ready")),

        ("continue", "EXPECT", 100, &[], Nothing, &[], ("100 Continue\r\n\r\n", "NotYet")),
        ("hints", "GET", 103, &[("Link", "a")], Nothing, &[], ("103 Early Hints\r\nLink: a\r\n\r\n", "NotYet")),
        ("no continue", "EXPECT", 413, &[], Nothing, &[], ("413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "Never(NotContinued)")),
        ("a switch, its option added", "UPGRADE", 101, &[("Upgrade", "x")], Nothing, &[], ("101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "Never(Switched)")),
        ("an upgrade that is required", "GET", 426, &[("Upgrade", "x")], Nothing, &[], ("426 Upgrade Required\r\nUpgrade: x\r\nConnection: upgrade\r\nContent-Length: 0\r\n\r\n", "Ready")),
        ("a switch", "UPGRADE", 101, &[("Upgrade", "x"), ("Connection", "upgrade")], Nothing, &[], ("101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "Never(Switched)")),
        ("no switch", "UPGRADE", 200, &[], Known(2), &["ok"], ("200 OK\r\nContent-Length: 2\r\n\r\nok", "Ready")),
        ("a tunnel", "CONNECT", 200, &[], Nothing, &[], ("200 OK\r\n\r\n", "Never(Switched)")),
        ("a tunnel, 204", "CONNECT", 204, &[], Nothing, &[], ("204 No Content\r\n\r\n", "Never(Switched)")),
        ("no tunnel", "CONNECT", 403, &[], Known(2), &["no"], ("403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", "Never(Declined)")),
        ("a timeout", "-", 408, &[], Nothing, &[], ("408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "Never(WeSaidClose)")),
        ("nonsense", "?", 400, &[], Known(2), &["no"], ("400 Bad Request\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", "Never(RemoteError)")),
        ("nonsense, unknown", "?", 400, &[], Unknown, &["no"], ("400 Bad Request\r\nConnection: close\r\n\r\nno", "Never(RemoteError)")),
    ];
    for (name, what, status, lines, length, pieces, (written, reuse)) in rows {
        let mut server = asked(what);
        let expected = if written.is_empty() { String::new() } else { format!("HTTP/1.1 {written}") };
        assert_eq!(send(&mut server, *status, lines, *length, pieces), Ok(expected), "{name}");
        assert_eq!(format!("{:?}", server.reuse()), *reuse, "{name}");
    }
}

#[test]
#[rustfmt::skip]
fn refused() {
    use LocalError as E;
    let rows: &[Row<'_, LocalError>] = &[
        ("another length", "GET", 200, &[("Content-Length", "4")], Known(5), &[], E::LengthMismatch { declared: 4, body: 5 }),
        ("two lengths", "GET", 200, &[("Content-Length", "5"), ("Content-Length", "5")], Known(5), &[], E::ContentLength),
        ("gzip", "GET", 200, &[("Transfer-Encoding", "gzip, chunked")], Unknown, &[], E::TransferEncoding),
        ("an empty element", "GET", 200, &[("Transfer-Encoding", "chunked,")], Unknown, &[], E::TransferEncoding),
        ("a list with nothing in it", "GET", 200, &[("Transfer-Encoding", ", chunked")], Unknown, &[], E::TransferEncoding),
        ("both", "GET", 200, &[("Transfer-Encoding", "chunked"), ("Content-Length", "5")], Unknown, &[], E::BothLengths),
        ("more than known", "GET", 200, &[], Known(5), &["hello", "!"], E::TooLong { declared: 5 }),
        ("less than known", "GET", 200, &[], Known(5), &["hell"], E::TooShort { declared: 5, sent: 4 }),
        ("chunks to 1.0", "KEPT", 200, &[("Transfer-Encoding", "chunked")], Unknown, &[], E::TransferEncodingTo10),
        ("chunks to nobody", "?", 400, &[("Transfer-Encoding", "chunked")], Unknown, &[], E::TransferEncodingTo10),
        ("a body for HEAD", "HEAD", 200, &[], Known(5), &["hello"], E::OutOfTurn("the message has ended")),
        ("a body for 304", "GET", 304, &[], Known(5), &["hello"], E::OutOfTurn("the message has ended")),
        ("a body for 204", "GET", 204, &[], Known(5), &[], E::NoBody),
        ("chunks for 204", "GET", 204, &[], Unknown, &[], E::NoBody),
        ("a length for 204", "GET", 204, &[("Content-Length", "0")], Nothing, &[], E::NoBody),
        ("a coding for 204", "GET", 204, &[("Transfer-Encoding", "chunked")], Nothing, &[], E::NoBody),
        ("a body for 205", "GET", 205, &[], Known(5), &[], E::NoBody),
        ("a body for 103", "GET", 103, &[], Known(5), &[], E::NoBody),
        ("a length for 100", "GET", 100, &[("Content-Length", "0")], Nothing, &[], E::NoBody),
        ("a length for a tunnel", "CONNECT", 200, &[("Content-Length", "5")], Nothing, &[], E::NoBody),
        ("101 unasked", "GET", 101, &[("Upgrade", "x")], Nothing, &[], E::UnaskedSwitch),
        ("101 to no Connection: upgrade", "UPGRADE ALONE", 101, &[("Upgrade", "x")], Nothing, &[], E::UnaskedSwitch),
        ("101 to 1.0", "OLD UPGRADE", 101, &[("Upgrade", "x")], Nothing, &[], E::UnaskedSwitch),
        ("101 to nothing", "UPGRADE", 101, &[], Nothing, &[], E::UnaskedSwitch),
        ("600", "GET", 600, &[], Nothing, &[], E::Status(600)),
        ("999 to HEAD", "HEAD", 999, &[], Nothing, &[], E::Status(999)),
        ("nobody asked", "-", 200, &[], Nothing, &[], E::OutOfTurn("no request has come")),
        ("nobody asked, interim", "-", 100, &[], Nothing, &[], E::OutOfTurn("no request has come")),
    ];
    for (name, what, status, lines, length, pieces, expected) in rows {
        let mut server = asked(what);
        assert_eq!(send(&mut server, *status, lines, *length, pieces), Err(expected.clone()), "{name}");
        match server.phases().sending {
            // The head was refused: another one can be sent.
            Phase::Idle => assert!(send(&mut server, 500, &[], Nothing, &[]).is_ok(), "{name}"),
            phase => {
                assert_eq!(phase, Phase::Failed, "{name}");
                assert!(matches!(server.reuse(), Reuse::Never(_)), "{name}");
            }
        }
    }
}

#[test]
fn a_custom_reason() {
    let mut out = Vec::new();
    let head = ResponseHead::new(StatusCode::OK).with_reason("All\r\nright");
    asked("GET").send_head(&head, Nothing, &mut out).unwrap();
    assert_eq!(out, b"HTTP/1.1 200 All  right\r\nContent-Length: 0\r\n\r\n");
}

/// The same calls for every method.
#[test]
fn data_goes_where_a_body_may_go() {
    for (what, status, expected) in [
        ("GET", 200, "5\r\nhello\r\n1\r\n!\r\n0\r\nSum: 1\r\n\r\n"),
        ("KEPT", 200, "hello!"),
        ("HEAD", 200, ""),
        ("GET", 304, ""),
    ] {
        let (mut server, mut out) = (asked(what), Vec::new());
        server
            .send_head(&ResponseHead::new(StatusCode::try_from(status).unwrap()), Unknown, &mut out)
            .unwrap();
        out.clear();
        for piece in ["hello", "", "!"] {
            server.send_data(piece.as_bytes(), &mut out).unwrap();
        }
        server.send_end(&httpx_proto::headers![("Sum", "1")], &mut out).unwrap();
        assert_eq!(String::from_utf8_lossy(&out), expected, "{what} {status}");
    }
    let (mut server, mut out) = (asked("GET"), Vec::new());
    server.send_head(&ResponseHead::new(StatusCode::NO_CONTENT), Nothing, &mut out).unwrap();
    server.send_data(b"", &mut out).unwrap();
    assert_eq!(server.reuse(), Reuse::Ready, "no data is no harm");
    assert!(server.send_data(b"x", &mut out).is_err());
    let mut server = asked("HEAD");
    assert!(server.send_data(b"before the head", &mut Vec::new()).is_err());
}

/// After a response that cannot be sent, another one can report this.
#[test]
fn a_refused_head_changes_nothing() {
    let (mut server, mut out) = (asked("GET"), Vec::new());
    let none = ResponseHead::new(StatusCode::NO_CONTENT);
    assert_eq!(server.send_head(&none, Known(5), &mut out), Err(LocalError::NoBody));
    let wrong = httpx_proto::headers![("Content-Length", "x")];
    let wrong = ResponseHead::new(StatusCode::OK).with_headers(wrong);
    assert_eq!(server.send_head(&wrong, Nothing, &mut out), Err(LocalError::ContentLength));
    assert!(out.is_empty());
    server.send_head(&ResponseHead::new(StatusCode::INTERNAL_SERVER_ERROR), Nothing, &mut out).unwrap();
    assert!(out.starts_with(b"HTTP/1.1 500 "));
    assert!(server.send_head(&none, Nothing, &mut out).is_err(), "one is under way");
    server.send_end(&Headers::new(), &mut out).unwrap();
    assert_eq!(server.reuse(), Reuse::Ready);
}

#[test]
fn trailers() {
    let sum = httpx_proto::headers![("Sum", "1")];
    let head = ResponseHead::new(StatusCode::OK);
    let (mut server, mut out) = (asked("GET"), Vec::new());
    server.send_head(&head, Unknown, &mut out).unwrap();
    out.clear();
    server.send_end(&sum, &mut out).unwrap();
    assert_eq!(out, b"0\r\nSum: 1\r\n\r\n");
    // A body that is not chunked has no trailers. If the request is the reason for this, they are ignored.
    for (what, length, fine) in
        [("KEPT", Unknown, true), ("HEAD", Unknown, true), ("GET", Known(0), false), ("GET", Nothing, false)]
    {
        let mut server = asked(what);
        server.send_head(&head, length, &mut Vec::new()).unwrap();
        out.clear();
        assert_eq!(server.send_end(&sum, &mut out).is_ok(), fine, "{what} {length:?}");
        assert!(out.is_empty());
    }
}
