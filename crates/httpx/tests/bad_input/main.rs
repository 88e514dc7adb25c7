//! Invalid input: each error names its kind, the request, the host and what to do.
//!
//! Nothing hangs or panics, and the client works afterwards.

#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "tls",
    feature = "gzip",
    feature = "charset",
    feature = "json"
))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

#[cfg(all(feature = "br", feature = "zstd"))]
mod brotli_and_zstd;
mod codings;
mod connecting;
mod content;
mod cut_bodies;
mod heads;
mod redirects;
mod requests;
#[path = "../support/mod.rs"]
mod support;
mod timeouts;
mod tls;
mod uploads;

use std::time::Duration;

use httpx::models::Timeout;
use httpx::{Error, ErrorKind, Url};
use support::flavour::Ask;
use support::{Flavour, Reply, Server};

/// Long enough for a machine that is busy, short enough for a test.
const SHORT: Duration = Duration::from_millis(200);

/// The advice of an error of this kind: one of these texts.
fn advice(kind: ErrorKind) -> &'static [&'static str] {
    match kind {
        ErrorKind::InvalidUrl => &["write it", "leave it out", "spelled right?", "only http and https"],
        ErrorKind::InvalidHeader => &["trim values that are read", "a name holds only letters"],
        ErrorKind::InvalidRequest => &["a method is a word", "leave its length to the client"],
        ErrorKind::Resolve => &["spelled right", "is there a network?"],
        ErrorKind::Connect => &["does a server listen there?", "does it speak TLS on this port?"],
        ErrorKind::Tls => &[
            "add its root with",
            "must renew it",
            "is the URL's host right?",
            "give one with",
            "is this an http port?",
        ],
        ErrorKind::Timeout(Timeout::Connect) => &["raise it with connect_timeout()"],
        ErrorKind::Timeout(Timeout::Pool) => &["raise the limits on connections or pool_timeout()"],
        ErrorKind::Timeout(Timeout::Write) => &["raise it with write_timeout()"],
        ErrorKind::Timeout(Timeout::Head) => &["raise it with head_timeout()"],
        ErrorKind::Timeout(Timeout::Read) => &["raise it with read_timeout()"],
        ErrorKind::Timeout(Timeout::Total) => &["raise it with timeout()"],
        ErrorKind::Io | ErrorKind::Incomplete => &["send the request again"],
        ErrorKind::Protocol => {
            &["does the server speak HTTP/1.1?", "use https://", "raise the limit if you trust"]
        }
        ErrorKind::Decode => &["decompress(false)"],
        ErrorKind::TooLarge => &["raise it with max_body_bytes()"],
        ErrorKind::Text => &["text() replaces them", "text() reads it as UTF-8"],
        ErrorKind::Json => &["text() shows the body", "check status()"],
        ErrorKind::Redirect => &["max_redirects(0) returns", "set allow_https_to_http", "send bytes instead"],
        ErrorKind::TooManyRedirects => &["max_redirects(n) allows more"],
        // The status is the server's own advice.
        ErrorKind::Status => &["the server answered"],
        ErrorKind::Closed => &["make a new one"],
        ErrorKind::Body => {
            &["check where it is read from", "announce no length (from_reader, from_chunks, from_stream)"]
        }
        _ => &[],
    }
}

/// Checks the kind of an error, the words of its whole chain, the host and the advice. An invalid URL
/// has no host, and is among the words.
#[track_caller]
fn check(error: &Error, kind: ErrorKind, words: &[&str]) {
    let text = format!("{error:#}");
    assert_eq!(error.kind(), kind, "{error:?}");
    for word in words {
        assert!(text.contains(word), "{word:?} should be in: {text}");
    }
    let advice = advice(kind);
    assert!(advice.iter().any(|word| text.contains(word)), "one of {advice:?} should be in: {text}");
    match error.url().map(|url| Url::parse(url).unwrap()) {
        // `data:` and `file:` have none.
        Some(url) => assert!(text.contains(url.host().unwrap_or(url.as_str())), "{url} should be in: {text}"),
        None => assert_eq!(kind, ErrorKind::InvalidUrl, "no request is named: {text}"),
    }
    // A chain does not say anything twice.
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        assert_eq!(text.matches(&cause.to_string()).count(), 1, "{cause} is said twice: {text}");
        source = cause.source();
    }
    assert!(text.len() < 600 && !text.contains(['\r', '\n', '\0', '\u{1b}']), "{text:?}");
}

#[test]
#[should_panic(expected = "should be in: GET http://h/: the body is not the JSON")]
fn an_error_without_advice_is_found() {
    let error = Error::new(ErrorKind::Json, "the body is not the JSON that was asked for");
    check(&error.with_request("GET", "http://h/"), ErrorKind::Json, &["JSON"]);
}

#[test]
#[should_panic(expected = "no request is named: the body is not the JSON")]
fn an_error_without_host_is_found() {
    let error =
        Error::new(ErrorKind::Json, "the body is not the JSON that was asked for; text() shows the body");
    check(&error, ErrorKind::Json, &["JSON"]);
}

/// The client works.
#[track_caller]
fn check_usable<F: Flavour>(client: &F, server: &Server) {
    let response = F::send(client.get(&server.url("/good")));
    assert_eq!(response.unwrap_or_else(|error| panic!("no longer usable: {error:?}")).text(), "good");
}

/// The client works, and has used this many connections to the server: the bad one again, or a second one.
#[track_caller]
fn check_connections<F: Flavour>(client: &F, server: &Server, connections: usize) {
    check_usable(client, server);
    assert_eq!(server.opened(), connections);
}

/// Sends the request, and checks its error and its URL.
#[track_caller]
fn check_fails<F: Flavour>(ask: Ask<F>, url: &str, kind: ErrorKind, words: &[&str]) -> Error {
    let error = F::send(ask).err().unwrap_or_else(|| panic!("{url} gave a response, not {kind:?}"));
    check(&error, kind, words);
    assert_eq!(error.url(), Some(url), "{error:?}");
    error
}

/// Sends `GET /bad` to a server that answers with these bytes and then ends the connection.
fn ask_for<F: Flavour>(client: &F, reply: Reply) -> (Server, Ask<F>, String) {
    let server = Server::new(move |seen| match &*seen.target() {
        "/bad" => reply.clone(),
        _ => Reply::ok("good"),
    });
    let url = server.url("/bad");
    let ask = client.get(&url);
    (server, ask, url)
}
