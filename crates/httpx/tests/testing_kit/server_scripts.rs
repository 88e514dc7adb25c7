//! Scripts of bytes on the connections of a test server.

use std::time::Duration;

use httpx::models::Timeout;
use httpx::testing::{Script, TestServer};
use httpx::{ErrorKind, Response};

use crate::kit::Kit;
use crate::support::both_flavours;

both_flavours!(responses_that_are_broken, scripts_follow_the_connections, slow_bytes);

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

fn responses_that_are_broken<F: Kit>() {
    for (script, kind) in [
        (Script::new(), ErrorKind::Io),
        (Script::new().read_request().cut(), ErrorKind::Io),
        (Script::new().read_request().reset(), ErrorKind::Io),
        (Script::new().read_request().send("220 mail.example.com ESMTP\r\n"), ErrorKind::Protocol),
        (Script::new().read_request().send(&HEAD[..20]), ErrorKind::Incomplete),
        (Script::new().read_request().send(HEAD).send("hel"), ErrorKind::Incomplete),
        (Script::new().read_request().send(HEAD).send("hel").hang(), ErrorKind::Timeout(Timeout::Read)),
        (Script::new().read_request().hang(), ErrorKind::Timeout(Timeout::Head)),
    ] {
        let shown = format!("{script:?}");
        let server = TestServer::scripts([script]).unwrap();
        // Only the timeout that is expected is short.
        let patience =
            |timeout| Duration::from_millis(if kind == ErrorKind::Timeout(timeout) { 50 } else { 20_000 });
        let ask = F::new().post(&server.url("/"));
        let ask = ask.head_timeout(patience(Timeout::Head)).read_timeout(patience(Timeout::Read));
        assert_eq!(F::send(ask).unwrap_err().kind(), kind, "{shown}");
    }
}

fn scripts_follow_the_connections<F: Kit>() {
    let last = |text: &str| {
        let head = HEAD.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        Script::new().read_request().send(head).send(text)
    };
    let mut first = Script::new().read_request().send(HEAD).send("1 one");
    first = first.read_request().send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n2 one");
    let server = TestServer::scripts([first, last("1 two"), last("1 all")]).unwrap();
    let client = F::new();
    let texts = [0, 1, 2, 3, 4].map(|n| {
        let response = client.ask("POST", &server.url(&format!("/{n}")), &[], "x");
        response.map(Response::into_text).unwrap()
    });
    assert_eq!(texts, ["1 one", "2 one", "1 two", "1 all", "1 all"]);
    let paths = server.requests().iter().map(|request| request.url().path().to_owned()).collect::<Vec<_>>();
    assert_eq!(paths, ["/0", "/1", "/2", "/3", "/4"]);
    assert_eq!(server.connections(), 4);
}

fn slow_bytes<F: Kit>() {
    let slow =
        Script::new().read_request().pause(Duration::from_millis(1)).drip(HEAD, Duration::from_micros(100));
    let server = TestServer::scripts([slow.drip("hello", Duration::from_micros(100))]).unwrap();
    assert_eq!(F::send(F::new().get(&server.url("/"))).unwrap().text(), "hello");
}
