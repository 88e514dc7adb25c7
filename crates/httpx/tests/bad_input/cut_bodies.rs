//! Bodies that end too early.

use httpx::ErrorKind;
use httpx::models::RequestSent;

use crate::support::encode::gzip;
use crate::support::{Flavour, Reply, both_flavours};
use crate::{ask_for, check, check_fails, check_usable};

both_flavours!(cut_bodies, cut_chunks,);

fn cut_bodies<F: Flavour>() {
    let client = F::new();
    let rows: [(&[u8], &[u8], ErrorKind, &[&str]); 11] = [
        (b"Content-Length: 5", b"hel", ErrorKind::Incomplete, &["cut short", "after 3 of 5 bytes"]),
        (b"Content-Length: 5", b"", ErrorKind::Incomplete, &["after 0 of 5 bytes"]),
        (b"Transfer-Encoding: chunked", b"", ErrorKind::Incomplete, &["chunk"]),
        (b"Transfer-Encoding: chunked", b"5\r\nhel", ErrorKind::Incomplete, &["chunk"]),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n", ErrorKind::Incomplete, &["before its last chunk"]),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n0\r\n", ErrorKind::Incomplete, &["trailers"]),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n0\r\nA: b\r\n", ErrorKind::Incomplete, &["trailers"]),
        (b"Transfer-Encoding: chunked", b"0x3\r\nhel\r\n0\r\n\r\n", ErrorKind::Protocol, &["chunk size"]),
        (b"Transfer-Encoding: chunked", b"-3\r\nhel\r\n0\r\n\r\n", ErrorKind::Protocol, &["chunk size"]),
        (b"Transfer-Encoding: chunked", b"fffffffffffffffff\r\n", ErrorKind::Protocol, &["chunk size"]),
        (
            b"Transfer-Encoding: chunked",
            b"3\r\nhello\r\n0\r\n\r\n",
            ErrorKind::Protocol,
            &["not followed by CRLF"],
        ),
    ];
    for (framing, body, kind, words) in rows {
        let bytes = [b"HTTP/1.1 200 OK\r\n", framing, b"\r\n\r\n", body].concat();
        let (server, ask, url) = ask_for(&client, Reply::Close(bytes.clone()));
        let error = check_fails::<F>(ask, &url, kind, words);
        assert_eq!(error.request_sent(), Some(RequestSent::Complete));
        check_usable(&client, &server);

        // Streamed: the received bytes are returned, then the error, each time.
        let (server, ask, url) = ask_for(&client, Reply::Close(bytes));
        let mut streamed = F::stream(ask).unwrap();
        let (came, result) = F::drain(&mut streamed);
        assert!(came.is_empty() || came == b"hel", "{came:?}");
        let error = result.unwrap_err();
        check(&error, kind, words);
        assert_eq!((error.method(), error.url()), (Some("GET"), Some(&*url)));
        assert!(F::read_some(&mut streamed, 10).is_err());
        drop(streamed);
        check_usable(&client, &server);
    }
}

/// Chunk by chunk: the received bytes are returned, and a failure does not look like the end.
fn cut_chunks<F: Flavour>() {
    let gzipped = gzip(b"hello, hello, hello");
    let rows: [(&[u8], &[u8], ErrorKind); 4] = [
        (b"Content-Length: 5", b"hel", ErrorKind::Incomplete),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n", ErrorKind::Incomplete),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n0x3\r\n", ErrorKind::Protocol),
        (b"Content-Encoding: gzip", &gzipped[..gzipped.len() - 1], ErrorKind::Incomplete),
    ];
    for (framing, body, kind) in rows {
        let bytes = [b"HTTP/1.1 200 OK\r\n", framing, b"\r\n\r\n", body].concat();
        let client = F::new();
        let (server, ask, url) = ask_for(&client, Reply::Close(bytes));
        let mut streamed = F::stream(ask).unwrap();
        let mut came = Vec::new();
        let error = loop {
            match F::chunk(&mut streamed) {
                Ok(chunk) => came.extend_from_slice(&chunk.unwrap()),
                Err(error) => break error,
            }
        };
        assert!(came.is_empty() || came.starts_with(b"hel"), "{came:?}");
        check(&error, kind, &[]);
        assert_eq!((error.method(), error.url()), (Some("GET"), Some(&*url)));
        assert!(F::chunk(&mut streamed).is_err() && F::chunk(&mut streamed).is_err());
        drop(streamed);
        check_usable(&client, &server);
        assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
    }
}
