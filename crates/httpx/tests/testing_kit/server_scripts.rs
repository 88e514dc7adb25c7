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
        let patience = Duration::from_millis(if matches!(kind, ErrorKind::Timeout(_)) { 50 } else { 20_000 });
        let ask = F::new().post(&server.url("/")).head_timeout(patience).read_timeout(patience);
        assert_eq!(F::send(ask).unwrap_err().kind(), kind, "{shown}");
    }
}

fn scripts_follow_the_connections<F: Kit>() {
    let one = |text: &str| Script::new().read_request().send(HEAD).send(text);
    let first = one("1 one").read_request().send(HEAD).send("2 one").read_request();
    let server = TestServer::scripts([first, one("1 two"), one("1 all")]).unwrap();
    let client = F::new();
    let mut texts = Vec::new();
    for n in 0..5 {
        let response = client.ask("POST", &server.url(&format!("/{n}")), &[], "x");
        texts.push(response.map_or_else(|error| format!("{:?}", error.kind()), Response::into_text));
    }
    assert_eq!(texts[..2], ["1 one", "2 one"]);
    // The third request may find the connection closed, or be read by the script.
    assert!(texts.iter().any(|text| text == "1 two") && texts[4] == "1 all", "{texts:?}");
    let paths = server.requests().iter().map(|request| request.url().path().to_owned()).collect::<Vec<_>>();
    assert!(paths.len() >= 4 && paths[..3] == ["/0", "/1", "/2"], "{paths:?}");
}

fn slow_bytes<F: Kit>() {
    let slow =
        Script::new().read_request().pause(Duration::from_millis(1)).drip(HEAD, Duration::from_micros(100));
    let server = TestServer::scripts([slow.drip("hello", Duration::from_micros(100))]).unwrap();
    assert_eq!(F::send(F::new().get(&server.url("/"))).unwrap().text(), "hello");
}
