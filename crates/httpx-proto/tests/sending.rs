//! Requests that a client sends: heads and bodies as bytes, or the error if they cannot be sent.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use httpx_core::{Headers, Method};
use httpx_proto::{
    BodyLength, Client, Excerpt, Limits, LocalError, Phase, ReceivedRequest, RequestRef, Reuse,
};

use BodyLength::{Known, None as Nothing, Unknown};

type Lines<'a> = &'a [(&'static str, &'static str)];

/// A name, a method, headers, a body in pieces, and the written bytes or the error.
type Row<'a, T> = (&'a str, &'a str, Lines<'a>, BodyLength, &'a [&'a str], T);

/// Sends a whole message, its body in pieces. Returns all written bytes.
fn send(method: &str, lines: Lines<'_>, length: BodyLength, pieces: &[&str]) -> Result<String, LocalError> {
    let (method, headers) = (Method::try_from(method).unwrap(), Headers::try_from(lines).unwrap());
    let head = RequestRef { method: &method, target: "/t", host: Some("h"), headers: &headers };
    let mut client = Client::new(Limits::default());
    let mut out = Vec::new();
    client.send_head(head, length, &mut out)?;
    for piece in pieces {
        client.frame(piece.len(), &mut out)?;
        out.extend_from_slice(piece.as_bytes());
    }
    client.send_end(&Headers::new(), &mut out)?;
    assert_eq!(client.phases().sending, Phase::Done);
    Ok(String::from_utf8(out).unwrap())
}

#[test]
#[rustfmt::skip]
fn framing() {
    const CHUNKED: Lines<'_> = &[("transfer-encoding", "Chunked")];
    const FIVE: Lines<'_> = &[("content-length", "5")];
    const HEAD: &str = " /t HTTP/1.1\r\nHost: h\r\n";
    let rows: &[Row<'_, &str>] = &[
        ("a GET", "GET", &[], Nothing, &[], "\r\n"),
        ("in their order", "GET", &[("b", "1"), ("A", "2"), ("b", "3")], Nothing, &[], "b: 1\r\nA: 2\r\nb: 3\r\n\r\n"),
        ("an empty POST", "POST", &[], Nothing, &[], "Content-Length: 0\r\n\r\n"),
        ("an empty PUT", "PUT", &[], Nothing, &[], "Content-Length: 0\r\n\r\n"),
        ("an empty PATCH", "PATCH", &[], Nothing, &[], "Content-Length: 0\r\n\r\n"),
        ("an empty DELETE", "DELETE", &[], Nothing, &[], "\r\n"),
        ("an empty POST, its own", "POST", &[("content-length", "0")], Nothing, &[], "content-length: 0\r\n\r\n"),
        ("known", "POST", &[], Known(5), &["hel", "", "lo"], "Content-Length: 5\r\n\r\nhello"),
        ("known, none", "GET", &[], Known(0), &[], "Content-Length: 0\r\n\r\n"),
        ("known, its own", "POST", FIVE, Known(5), &["hello"], "content-length: 5\r\n\r\nhello"),
        ("unknown", "POST", &[], Unknown, &["hel", "", "lo"], "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"),
        ("unknown, none", "POST", &[], Unknown, &[], "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("unknown, its own length", "POST", FIVE, Unknown, &["hello"], "content-length: 5\r\n\r\nhello"),
        ("unknown, its own coding", "POST", CHUNKED, Unknown, &["hello"], "transfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        ("known, its own coding", "POST", CHUNKED, Known(5), &["hello"], "transfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        ("nothing, its own coding", "POST", CHUNKED, Nothing, &[], "transfer-encoding: Chunked\r\n\r\n0\r\n\r\n"),
        ("a long chunk", "POST", &[], Unknown, &["0123456789abcdef"], "Transfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"),
        ("upgrade", "GET", &[("Upgrade", "x")], Nothing, &[], "Upgrade: x\r\nConnection: upgrade\r\n\r\n"),
        ("upgrade, said so", "GET", &[("connection", "a, Upgrade"), ("Upgrade", "x")], Nothing, &[], "connection: a, Upgrade\r\nUpgrade: x\r\n\r\n"),
        ("upgrade to nothing", "GET", &[("Upgrade", "")], Nothing, &[], "Upgrade: \r\n\r\n"),
        ("expects", "POST", &[("Expect", "100-continue")], Known(2), &["ok"], "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok"),
    ];
    for (name, method, lines, length, pieces, expected) in rows {
        assert_eq!(send(method, lines, *length, pieces), Ok(format!("{method}{HEAD}{expected}")), "{name}");
    }
}

#[test]
#[rustfmt::skip]
fn refused() {
    use LocalError as E;
    let rows: &[Row<'_, LocalError>] = &[
        ("another length", "POST", &[("Content-Length", "4")], Known(5), &[], E::LengthMismatch { declared: 4, body: 5 }),
        ("a length of nothing", "POST", &[("Content-Length", "4")], Nothing, &[], E::LengthMismatch { declared: 4, body: 0 }),
        ("no length", "POST", &[("Content-Length", "x")], Known(5), &[], E::ContentLength),
        ("two lengths", "POST", &[("Content-Length", "5"), ("Content-Length", "5")], Known(5), &[], E::ContentLength),
        ("gzip", "POST", &[("Transfer-Encoding", "gzip, chunked")], Known(5), &[], E::TransferEncoding),
        ("identity", "POST", &[("Transfer-Encoding", "identity")], Known(5), &[], E::TransferEncoding),
        ("a list with nothing in it", "POST", &[("Transfer-Encoding", "chunked,")], Unknown, &[], E::TransferEncoding),
        ("both", "POST", &[("Transfer-Encoding", "chunked"), ("Content-Length", "5")], Known(5), &[], E::BothLengths),
        ("more than known", "POST", &[], Known(5), &["hello", "!"], E::TooLong { declared: 5 }),
        ("less than known", "POST", &[], Known(5), &["hell"], E::TooShort { declared: 5, sent: 4 }),
        ("more than declared", "POST", &[("Content-Length", "5")], Unknown, &["hello!"], E::TooLong { declared: 5 }),
        ("less than declared", "POST", &[("Content-Length", "5")], Unknown, &[], E::TooShort { declared: 5, sent: 0 }),
        ("body behind none", "GET", &[], Nothing, &["x"], E::OutOfTurn("the message has ended")),
        ("CONNECT with a body", "CONNECT", &[], Known(1), &[], E::NoBody),
        ("TRACE with chunks", "TRACE", &[("Transfer-Encoding", "chunked")], Nothing, &[], E::NoBody),
        ("a host with a space", "GET", &[("Host", "a b")], Nothing, &[], E::Host(Excerpt::new(b"a b"))),
        ("a host with a path", "GET", &[("Host", "a/b")], Nothing, &[], E::Host(Excerpt::new(b"a/b"))),
        ("two hosts", "GET", &[("Host", "a"), ("Host", "b")], Nothing, &[], E::HostCount),
    ];
    for (name, method, lines, length, pieces, expected) in rows {
        assert_eq!(send(method, lines, *length, pieces), Err(expected.clone()), "{name}");
    }
}

#[test]
fn targets_and_hosts() {
    let none = Headers::new();
    for bad in ["", "/a b", "/\r\nX: y", "/\0", "/é", "/\x7f", "/a\tb"] {
        let mut out = Vec::new();
        let mut client = Client::new(Limits::default());
        let head = RequestRef { method: &Method::GET, target: bad, host: Some("h"), headers: &none };
        let error = client.send_head(head, Nothing, &mut out).unwrap_err();
        assert!(matches!(error, LocalError::Target(_)), "{bad:?}: {error}");
        assert!(ReceivedRequest::new(Method::GET, bad).is_err(), "{bad:?}");
        let mut client = Client::new(Limits::default());
        let head = RequestRef { method: &Method::GET, target: "/", host: Some(bad), headers: &none };
        let result = client.send_head(head, Nothing, &mut out);
        assert_eq!(result.is_ok(), bad.is_empty(), "{bad:?}: {result:?}"); // an empty Host is legal
        assert!(out.is_empty() || bad.is_empty());
    }
    for (method, target, fine) in [
        ("GET", "x", false),
        ("GET", "/a#b", false),
        ("GET", "*", false),
        ("GET", "http://h/", true),
        ("OPTIONS", "*", true),
        ("CONNECT", "/", false),
        ("CONNECT", "h", false),
        ("CONNECT", "h:443", true),
    ] {
        let mut client = Client::new(Limits::default());
        let method = Method::try_from(method).unwrap();
        let head = RequestRef { method: &method, target, host: Some("h"), headers: &none };
        assert_eq!(client.send_head(head, Nothing, &mut Vec::new()).is_ok(), fine, "{method} {target}");
    }
    let mut client = Client::new(Limits::default());
    let head = RequestRef { method: &Method::GET, target: "/", host: None, headers: &none };
    assert_eq!(client.send_head(head, Nothing, &mut Vec::new()), Err(LocalError::HostCount));
}

#[test]
fn a_host_of_ones_own_keeps_its_place() {
    let headers = httpx_proto::headers![("A", "b"), ("host", "own")];
    let owned = ReceivedRequest::new(Method::OPTIONS, "*").unwrap().with_headers(headers.clone());
    for head in [
        RequestRef { method: &Method::OPTIONS, target: "*", host: Some("h"), headers: &headers },
        (&owned).into(),
    ] {
        let mut out = Vec::new();
        Client::new(Limits::default()).send_head(head, Nothing, &mut out).unwrap();
        assert_eq!(out, b"OPTIONS * HTTP/1.1\r\nA: b\r\nhost: own\r\n\r\n");
    }
}

fn posting(length: BodyLength) -> (Client, Vec<u8>) {
    let (mut client, mut out) = (Client::new(Limits::default()), Vec::new());
    let head = RequestRef { method: &Method::POST, target: "/", host: Some("h"), headers: &Headers::new() };
    client.send_head(head, length, &mut out).unwrap();
    out.clear();
    (client, out)
}

#[test]
fn frames_that_are_filled_in_later() {
    let (mut client, mut out) = posting(Unknown);
    for (room, n) in [(16, 3), (0, 0), (8, 0), (300, 300)] {
        let mark = client.reserve_chunk(&mut out).unwrap();
        out.resize(out.len() + room, b'x');
        client.commit_chunk(mark, n, &mut out).unwrap();
    }
    client.frame(1, &mut out).unwrap();
    out.push(b'y');
    client.send_end(&httpx_proto::headers![("Sum", "1")], &mut out).unwrap();
    let expected =
        format!("00000003\r\nxxx\r\n0000012c\r\n{}\r\n1\r\ny\r\n0\r\nSum: 1\r\n\r\n", "x".repeat(300));
    assert_eq!(String::from_utf8(out).unwrap(), expected);

    let (mut client, mut out) = posting(Known(4));
    let mark = client.reserve_chunk(&mut out).unwrap();
    out.extend_from_slice(b"abcdef");
    client.commit_chunk(mark, 4, &mut out).unwrap();
    client.send_end(&Headers::new(), &mut out).unwrap();
    assert_eq!(out, b"abcd");
}

#[test]
fn frames_that_are_wrong() {
    let (mut client, mut out) = posting(Unknown);
    let mark = client.reserve_chunk(&mut out).unwrap();
    assert!(client.commit_chunk(mark, 1, &mut out).is_err(), "there is no such byte");
    let (mut client, mut out) = posting(Known(2));
    let mark = client.reserve_chunk(&mut out).unwrap();
    out.extend_from_slice(b"abc");
    assert_eq!(client.commit_chunk(mark, 3, &mut out), Err(LocalError::TooLong { declared: 2 }));
    assert!(out.is_empty());
    let (mut client, mut out) = posting(Unknown);
    let _mark = client.reserve_chunk(&mut out).unwrap();
    assert_eq!(client.frame(1, &mut out), Err(LocalError::OutOfTurn("a frame is open")));
    let (mut client, mut out) = posting(Unknown);
    let mark = client.reserve_chunk(&mut out).unwrap();
    out.clear();
    out.extend_from_slice(b"something else");
    assert!(client.commit_chunk(mark, 1, &mut out).is_err());
    let ((mut client, mut out), (mut other, _)) = (posting(Unknown), posting(Known(5)));
    let mark = client.reserve_chunk(&mut out).unwrap();
    out.extend_from_slice(b"hello");
    assert_eq!(other.commit_chunk(mark, 5, &mut out), Err(LocalError::OutOfTurn("no frame is open")));
}

/// A body that has begun does not wait for 100 (Continue).
#[test]
fn expectations() {
    let headers = httpx_proto::headers![("Expect", "100-continue")];
    let send = [
        |client: &mut Client, out: &mut Vec<u8>| client.frame(2, out),
        |client: &mut Client, out: &mut Vec<u8>| {
            let mark = client.reserve_chunk(out)?;
            out.extend_from_slice(b"ok");
            client.commit_chunk(mark, 2, out)
        },
        |client: &mut Client, out: &mut Vec<u8>| client.send_end(&Headers::new(), out),
    ];
    for send in send {
        let (mut client, mut out) = (Client::new(Limits::default()), Vec::new());
        let head = RequestRef { method: &Method::PUT, target: "/", host: Some("h"), headers: &headers };
        client.send_head(head, Unknown, &mut out).unwrap();
        assert!(client.awaits_continue());
        client.frame(0, &mut out).unwrap();
        assert!(client.awaits_continue());
        send(&mut client, &mut out).unwrap();
        assert!(!client.awaits_continue());
    }
}

#[test]
fn trailers() {
    let (mut client, mut out) = posting(Unknown);
    let forbidden = httpx_proto::headers![("Content-Length", "1")];
    assert!(matches!(client.send_end(&forbidden, &mut out), Err(LocalError::Trailer(_))));
    let (mut client, mut out) = posting(Known(0));
    let sum = httpx_proto::headers![("Sum", "1")];
    assert_eq!(client.send_end(&sum, &mut out), Err(LocalError::Trailers));
    assert_eq!(client.send_end(&Headers::new(), &mut out), Err(LocalError::Trailers), "it repeats");
    assert!(out.is_empty() && matches!(client.reuse(), Reuse::Never(_)));
}
