//! Events that go on after a lost connection.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::time::Duration;

use httpx::ErrorKind;
use httpx::models::EventSource;
use httpx_testing::{Act, ScriptedServer, both_flavours, send};
use support::Flavour;

both_flavours!(
    it_goes_on_after_the_last_event,
    how_it_ends,
    attempts_without_an_event,
    the_request_is_kept,
    a_body_that_can_be_sent_once
);

const HEAD: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n";
const GONE: &str = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

/// A response that takes one connection.
fn script(response: &str) -> Vec<Act> {
    vec![Act::TakeHead, send(response)]
}

fn events(text: &str) -> Vec<Act> {
    script(&format!("{HEAD}\r\nretry: 1\n{text}"))
}

/// A response whose connection is lost in the middle.
fn cut(text: &str) -> Vec<Act> {
    script(&format!("{HEAD}Content-Length: 1000\r\n\r\nretry: 1\n{text}"))
}

fn source<F: Flavour>(url: &str) -> EventSource<F::Client> {
    F::new().get(url).event_source().unwrap().retry(Duration::from_millis(1))
}

/// All events, as `id:data`, and the error at the end.
fn all<F: Flavour>(mut source: EventSource<F::Client>) -> (String, Option<httpx::Error>) {
    let mut seen = String::new();
    let mut error = None;
    while let Some(event) = F::next_event(&mut source) {
        match event {
            Ok(event) => seen += &format!("{}:{} ", event.id, event.data),
            Err(failed) => error = Some(failed),
        }
    }
    assert!(F::next_event(&mut source).is_none(), "it goes on after its end");
    (seen, error)
}

/// The `Last-Event-ID` of each request.
fn ids(server: &ScriptedServer) -> Vec<String> {
    let records = server.ended();
    let id = |text: String| {
        text.lines().find_map(|line| line.strip_prefix("Last-Event-ID: ")).unwrap_or("-").to_owned()
    };
    records.iter().map(|record| id(String::from_utf8(record.received.clone()).unwrap())).collect()
}

fn it_goes_on_after_the_last_event<F: Flavour>() {
    let server = ScriptedServer::new([
        events("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: cut"),
        cut("data: c\n\nid: 4\ndata: d\n\n"),
        vec![Act::TakeHead], // closed without a response
        script("HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
        events("id\ndata: e\n\n"), // clears the id
        script(GONE),
    ]);
    let (seen, error) = all::<F>(source::<F>(&server.url()));
    assert!(error.is_none(), "{error:?}");
    // The id of an event stays that of the response's last one.
    assert_eq!(seen, "1:a 2:b :c 4:d :e ");
    assert_eq!(ids(&server), ["-", "2", "4", "4", "4", "-"]);
}

fn how_it_ends<F: Flavour>() {
    let text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno";
    let missing = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno";
    for (first, seen, kind, words) in [
        (script(GONE), "", None, ""),
        (script("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), "", Some(ErrorKind::Status), "404"),
        (script(text), "", Some(ErrorKind::Protocol), "its Content-Type is text/plain"),
        (script(missing), "", Some(ErrorKind::Protocol), "its Content-Type is missing"),
        (script("nonsense\r\n\r\n"), "", Some(ErrorKind::Protocol), ""),
        (
            events(&format!("data: a\n\ndata: {}\n\n", "x".repeat(2 << 20))),
            ":a ",
            Some(ErrorKind::TooLarge),
            "",
        ),
    ] {
        let server = ScriptedServer::new([first]);
        let (all, error) = all::<F>(source::<F>(&server.url()));
        assert_eq!((&*all, error.as_ref().map(httpx::Error::kind)), (seen, kind));
        if let Some(error) = error {
            assert!(error.to_string().contains(words), "{error}");
            assert!(error.url().is_some());
        }
        assert_eq!(server.connections(), 1);
    }
}

/// Any event starts the count again.
fn attempts_without_an_event<F: Flavour>() {
    let server = ScriptedServer::new([
        events(""),
        events("data: a\n\n"),
        events(": only a comment\n\n"),
        script("HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
    ]);
    // After an event the end of its response is the first attempt.
    let (seen, error) = all::<F>(source::<F>(&server.url()).max_attempts(3));
    assert_eq!((&*seen, error.unwrap().status().unwrap().as_u16()), (":a ", 503));
    let server = ScriptedServer::new([events(""), events("")]);
    let (seen, error) = all::<F>(source::<F>(&server.url()).max_attempts(2));
    assert!(seen.is_empty() && error.is_none());
}

fn the_request_is_kept<F: Flavour>() {
    let server = ScriptedServer::new([events("data: a\n\n"), script(GONE)]);
    let ask = F::new().post(&server.url()).header("X-Key", "1").body("query");
    let source = ask.event_source().unwrap().last_event_id("7").max_retry(Duration::from_millis(2));
    assert_eq!(
        format!("{source:?}"),
        format!("<EventSource [POST \"{}/\"]>", server.url().trim_end_matches('/'))
    );
    assert_eq!(all::<F>(source).0, ":a ");
    for record in server.ended() {
        let text = String::from_utf8(record.received.clone()).unwrap();
        for line in ["Accept: text/event-stream", "Cache-Control: no-store", "X-Key: 1", "Last-Event-ID: 7"] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{text}");
        }
        assert_eq!(text.matches("Accept:").count(), 1, "{text}");
    }
}

fn a_body_that_can_be_sent_once<F: Flavour>() {
    let ask = F::new().post("http://127.0.0.1:9").body(F::reader(std::io::empty()));
    assert_eq!(ask.event_source().unwrap_err().kind(), ErrorKind::InvalidRequest);
    let ask = F::new().get("no url");
    assert_eq!(ask.event_source().unwrap_err().kind(), ErrorKind::InvalidUrl);
}
