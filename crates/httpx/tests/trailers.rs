//! Trailers of requests.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use httpx::ErrorKind;
use support::{Flavour, Reply, Server, both_flavours};

both_flavours! {
    trailers_follow_the_body,
    a_function_is_called_when_the_body_has_been_sent,
    requests_without_a_body_send_none,
    trailers_that_are_not_allowed,
    redirects,
}

/// The request of each row: its head from `Trailer` on, and its body.
fn sent(server: &Server) -> String {
    let text = server.take()[0].text();
    let lines = text.lines().filter(|line| {
        !["POST ", "Host:", "Accept", "Connection:", "User-Agent:"]
            .iter()
            .any(|start| line.starts_with(start))
    });
    lines.collect::<Vec<_>>().join("|")
}

fn trailers_follow_the_body<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    let large = "x".repeat(20_000);
    let long = format!("Trailer: A, B|Transfer-Encoding: chunked||4e20|{large}|0|A: 1|B: 2|a: 3|");
    let rows = [
        (F::bytes("body"), "Trailer: A, B|Transfer-Encoding: chunked||4|body|0|A: 1|B: 2|a: 3|"),
        (F::bytes(large), &long),
        (F::reader("body".as_bytes()), "Trailer: A, B|Transfer-Encoding: chunked||4|body|0|A: 1|B: 2|a: 3|"),
        (F::reader("".as_bytes()), "Trailer: A, B|Transfer-Encoding: chunked||0|A: 1|B: 2|a: 3|"),
        (
            F::sized_reader("body".as_bytes(), 4),
            "Trailer: A, B|Transfer-Encoding: chunked||4|body|0|A: 1|B: 2|a: 3|",
        ),
    ];
    for (body, expected) in rows {
        let ask = client.request("POST", &server.url("/")).body(body).trailers([
            ("A", "1"),
            ("B", "2"),
            ("a", "3"),
        ]);
        assert_eq!(F::send(ask).unwrap().text(), "good");
        assert_eq!(sent(&server), expected);
    }
    assert_eq!(server.opened(), 1);
}

fn a_function_is_called_when_the_body_has_been_sent<F: Flavour>() {
    struct Counted(Arc<AtomicUsize>, &'static [u8]);

    impl std::io::Read for Counted {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            let n = self.1.read(buf)?;
            self.0.fetch_add(n, Ordering::Relaxed);
            Ok(n)
        }
    }

    let server = Server::new(|_| Reply::ok("good"));
    let length = Arc::new(AtomicUsize::new(0));
    let body = F::reader(Counted(Arc::clone(&length), b"body"));
    let ask = F::new().request("POST", &server.url("/")).body(body);
    let ask = ask.trailers_with(move || [("Length", length.load(Ordering::Relaxed).to_string())]);
    assert_eq!(F::send(ask).unwrap().text(), "good");
    assert_eq!(sent(&server), "Transfer-Encoding: chunked||4|body|0|Length: 4|");
}

fn requests_without_a_body_send_none<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    F::send(client.request("POST", &server.url("/")).trailers([("A", "1")])).unwrap();
    assert_eq!(sent(&server), "Trailer: A|Content-Length: 0|");
    // And the trailers of one request are not those of the next.
    F::send(client.request("POST", &server.url("/")).body(F::bytes("b")).trailers([("A", "1")])).unwrap();
    assert!(sent(&server).ends_with("|A: 1|"));
    F::send(client.request("POST", &server.url("/")).body(F::reader("b".as_bytes()))).unwrap();
    assert_eq!(sent(&server), "Transfer-Encoding: chunked||1|b|0|");
}

fn trailers_that_are_not_allowed<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    let ask = || client.request("POST", &server.url("/")).body(F::bytes("body"));
    for name in
        ["Content-Length", "transfer-encoding", "Authorization", "Host", "Trailer", "Cookie", "Content-Type"]
    {
        let error = F::send(ask().trailers([(name, "1")])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains(&format!("{name} is not allowed as a trailer")), "{error}");
    }
    assert_eq!(F::send(ask().trailers([("A b", "1")])).unwrap_err().kind(), ErrorKind::InvalidHeader);
    assert_eq!(F::send(ask().trailers([("A", "1\r\nB: 2")])).unwrap_err().kind(), ErrorKind::InvalidHeader);
    let error = F::send(ask().header("Content-Length", 4).trailers([("A", "1")])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(server.opened(), 0);
    // Those of a function are known only at the end.
    let error = F::send(ask().trailers_with(|| [("Host", "h")])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    let error = F::send(ask().trailers_with(|| [("A b", "1")])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidHeader, "{error}");
    assert_eq!(F::send(ask()).unwrap().text(), "good");
}

/// They stay with a body that is sent again, and leave with one that is dropped.
fn redirects<F: Flavour>() {
    for (status, body) in [("307 Temporary Redirect", "4|body|0|A: 1||"), ("303 See Other", "")] {
        let server = Server::new(move |seen| match seen.target().as_str() {
            "/" => Reply::redirect(status, "/next"),
            _ => Reply::ok("good"),
        });
        let ask = F::new().request("POST", &server.url("/")).body(F::bytes("body")).trailers([("A", "1")]);
        assert_eq!(F::send(ask).unwrap().text(), "good");
        let last = server.take().pop().unwrap();
        assert_eq!(String::from_utf8_lossy(last.body()).replace("\r\n", "|"), body);
        assert_eq!(last.header("Trailer").is_some(), !body.is_empty());
    }
}
