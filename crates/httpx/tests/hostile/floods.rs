//! Messages that do not end.

use std::time::Instant;

use httpx::ErrorKind;

use crate::support::{Flavour, Reply, both_flavours};
use crate::{AGES, bad, check_usable, printable};

both_flavours!(floods,);

fn floods<F: Flavour>() {
    use ErrorKind::{Protocol, TooLarge};
    const OK: &str = "HTTP/1.1 200 OK\r\n";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let x = "x".repeat(1000);
    let rows: Vec<(String, String, ErrorKind)> = vec![
        ("HTTP/1.1 200 ".into(), "reason ".into(), Protocol),
        ("HTTP/1.1 200 OK".into(), "\r\nX".into(), Protocol),
        (OK.into(), "name".into(), Protocol),
        (OK.into(), "A:\r\n".into(), Protocol),
        (format!("{OK}A: b\r\n"), " \r\n".into(), Protocol),
        (format!("{OK}A: b\r\n"), "\tfold\n".into(), Protocol),
        (OK.into(), "Content-Length: 0\r\n".into(), Protocol),
        (OK.into(), "Set-Cookie: a=b\r\n".into(), Protocol),
        (String::new(), "\n".into(), Protocol),
        (String::new(), format!("HTTP/1.1 103 Hints\r\nLink: {x}\r\n\r\n"), Protocol),
        (String::new(), "HTTP/1.1 100 Continue\r\n\r\n\r\n".into(), Protocol),
        (CHUNKED.into(), "0".into(), Protocol),
        (format!("{CHUNKED}1;"), "x".into(), Protocol),
        (format!("{CHUNKED}1"), " ".into(), Protocol),
        (CHUNKED.into(), format!("1;{x}\r\nx\r\n"), Protocol),
        (format!("{CHUNKED}0;"), "x=y;".into(), Protocol),
        (format!("{CHUNKED}0\r\n"), "A: b\r\n".into(), Protocol),
        (format!("{CHUNKED}0\r\nA: "), "x".into(), Protocol),
        (format!("{CHUNKED}0\r\n"), "Content-Length: 5\r\n".into(), Protocol),
        (CHUNKED.into(), "1\r\nx\r\n".into(), TooLarge),
        (CHUNKED.into(), "0000000000000001\r\nx\r\n".into(), TooLarge),
        ("HTTP/1.1 500 Oh\r\n\r\n".into(), x.clone(), TooLarge),
        ("HTTP/1.1 302 Found\r\nLocation: /good\r\n\r\n".into(), x, TooLarge),
    ];
    let client = F::with(|client| client.max_body_bytes(10_000));
    for (first, again, kind) in rows {
        // Many at once, so that the server is as fast as an attacker.
        let again = again.repeat(4000 / again.len() + 1);
        let server = bad(Reply::Endless(first.clone().into(), again.into()));
        let began = Instant::now();
        match F::send(client.get(&server.url("/bad"))) {
            Ok(response) => assert_eq!((response.text().as_ref(), first.contains("302")), ("good", true)),
            Err(error) => {
                assert_eq!(error.kind(), kind, "{first:?}: {error:?}");
                let text = format!("{error:#}");
                assert!(text.len() < 600 && printable(&text), "{text}");
            }
        }
        assert!(began.elapsed() < AGES, "{first:?}");
        check_usable(&client, &server);
        // A streamed response is dropped without waiting.
        if let Ok(streamed) = F::stream(client.get(&server.url("/bad"))) {
            drop(streamed);
        }
        check_usable(&client, &server);
    }
}
