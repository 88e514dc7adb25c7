//! Heads that are malformed, odd or missing.

use httpx::ErrorKind;
use httpx::models::RequestSent;

use crate::support::{Flavour, Reply, both_flavours};
use crate::{ask_for, check, check_fails, check_usable};

both_flavours!(malformed_heads, odd_but_valid_heads, no_response,);

fn malformed_heads<F: Flavour>() {
    use ErrorKind::{Incomplete, Protocol};
    let client = F::new();
    let many_headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(300));
    let long_header = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "b".repeat(70_000));
    let interims = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100);
    let rows: &[(&[u8], ErrorKind, &[&str])] = &[
        (b"SSH-2.0-OpenSSH_9.6\r\n", Protocol, &["does not speak HTTP", "SSH-2.0-"]),
        (b"<html>hello</html>\r\n\r\n", Protocol, &["does not speak HTTP", "<html>"]),
        (b"\x15\x03\x03\0\x02\x02\x46", Protocol, &["does not speak HTTP"]),
        (b"HTTP/2 200 OK\r\n\r\n", Protocol, &["HTTP/2", "version"]),
        (b"HTTP/1.1 99 Low\r\n\r\n", Protocol, &[]),
        (b"HTTP/1.1 2x0 OK\r\n\r\n", Protocol, &["start line"]),
        (b"HTTP/1.1  200 OK\r\n\r\n", Protocol, &[]),
        (b"HTTP/1.1 200 OK\r\nA b: c\r\n\r\n", Protocol, &["is not a header"]),
        (b"HTTP/1.1 200 OK\r\nA : c\r\n\r\n", Protocol, &["is not a header"]),
        (b"HTTP/1.1 200 OK\r\n: c\r\n\r\n", Protocol, &[]),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", Protocol, &["is not a header"]),
        (b"HTTP/1.1 200 OK\r\n A: c\r\n\r\n", Protocol, &[]),
        (b"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", Protocol, &["CR"]),
        (b"HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", Protocol, &["control character"]),
        (b"HTTP/1.1 200 OK\r\nA: \x1b[2J\r\n\r\n", Protocol, &["control character"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Protocol, &["Content-Length", "-1"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", Protocol, &["Content-Length"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello", Protocol, &["Content-Length"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", Protocol, &["Content-Length"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", Protocol, &["5 and 6"]),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Protocol, &["Transfer-Encoding"]),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Protocol, &["Transfer-Encoding"]),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", Protocol, &["Transfer-Encoding"]),
        (b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Protocol, &["HTTP/1.0"]),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Protocol, &["without being asked"]),
        (many_headers.as_bytes(), Protocol, &["header_count", "256"]),
        (long_header.as_bytes(), Protocol, &["head_bytes", "65536"]),
        (interims.as_bytes(), Protocol, &["interim_count", "16"]),
        (b"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", Protocol, &["empty_lines", "8"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", Incomplete, &["cut short", "inside the head"]),
        (b"HTTP/1.1 2", Incomplete, &["inside the head"]),
        (b"H", Incomplete, &["inside the head"]),
    ];
    for (bytes, kind, words) in rows {
        let (server, ask, url) = ask_for(&client, Reply::Close(bytes.to_vec()));
        let error = F::send(ask).err().unwrap_or_else(|| panic!("{:?}", bytes.escape_ascii().to_string()));
        check(&error, *kind, words);
        assert_eq!(error.url(), Some(&*url));
        assert_eq!(error.request_sent(), Some(RequestSent::Complete));
        check_usable(&client, &server);
        assert_eq!(server.opened(), 2, "{error}: such a connection is not used again");
    }

    // Without an end.
    let status = b"HTTP/1.1 200 OK\r\n".to_vec();
    for (first, again, words) in [
        (status.clone(), b"A: b\r\n".to_vec(), "limit"),
        (status.clone(), b"x".repeat(100), "head_bytes"),
        (status, b"A: b\r\n c\r\n".to_vec(), "limit"),
        (Vec::new(), b"\r\n".to_vec(), "empty_lines"),
        (Vec::new(), b"HTTP/1.1 102 Processing\r\n\r\n".to_vec(), "interim_count"),
        (Vec::new(), b"HTTP/1.1 ".to_vec(), "head_bytes"),
    ] {
        let (server, ask, url) = ask_for(&client, Reply::Endless(first, again));
        check_fails::<F>(ask, &url, Protocol, &[words]);
        check_usable(&client, &server);
    }
}

fn odd_but_valid_heads<F: Flavour>() {
    let client = F::new();
    for (bytes, body) in [
        (&b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"[..], "ok"),
        (b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.0 200 OK\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok"),
        (b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n  c\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", "ok"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "ok",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2 \r\nok\r\n0;x=y\r\nA: b\r\n\r\n", "ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", ""),
        (b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: \xff\xfe\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", "ok"),
        (b"HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 600 High\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 999 Highest\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: x-unknown\r\nContent-Length: 2\r\n\r\nok", "ok"),
    ] {
        let (server, ask, _) = ask_for(&client, Reply::Close(bytes.to_vec()));
        let response = F::send(ask).unwrap_or_else(|error| panic!("{}: {error:?}", bytes.escape_ascii()));
        assert_eq!(response.text(), body, "{}", bytes.escape_ascii());
        check_usable(&client, &server);
    }
}

fn no_response<F: Flavour>() {
    let client = F::new();
    let (server, ask, url) = ask_for(&client, Reply::Close(Vec::new()));
    let error = check_fails::<F>(ask, &url, ErrorKind::Io, &["the server closed the connection"]);
    assert_eq!(error.request_sent(), Some(RequestSent::Complete));
    check_usable(&client, &server);

    // An unsolicited response does not answer the next request.
    let unasked = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    let bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood{unasked}");
    let (server, ask, _) = ask_for(&client, Reply::Keep(bytes.into()));
    assert_eq!(F::send(ask).unwrap().text(), "good");
    check_usable(&client, &server);
    assert_eq!(server.opened(), 2);
}
