//! The lines and heads that `Logging` writes.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use httpx_core::{Error, ErrorKind, RequestHead, StatusCode};
use httpx_middleware::logging::{LogSeverity, Logging, Redaction};
use httpx_middleware::{Clock, Flow, FlowOutcome, Middleware, RedirectMiddleware};
use support::{Flavour, Scripted, both_flavours, request};

both_flavours!(
    a_line_for_each_request,
    the_heads_before_the_line,
    below_redirects_each_step_has_a_line,
    above_redirects_a_call_has_a_line,
);

/// A clock that is 30 ms later each time it is read.
struct Ticking(Mutex<Instant>);

impl Clock for Ticking {
    fn now(&self) -> Instant {
        let mut now = self.0.lock().unwrap();
        *now += Duration::from_millis(30);
        *now
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }
}

fn ticking() -> Ticking {
    Ticking(Mutex::new(Instant::now()))
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bodies of the responses are 6 bytes.
fn a_line_for_each_request<F: Flavour>() {
    let rows = [
        ("GET https://h/a", "200", "GET https://h/a 200 OK 6 B 30 ms"),
        ("GET https://h/?q=1&token=t#f", "404", "GET https://h/?q=1&token=[secret] 404 Not Found 6 B 30 ms"),
        ("POST https://ann:pass@h/", "201", "POST https://h/ 201 Created 6 B 30 ms"),
        ("PUT https://h/", "799", "PUT https://h/ 799 6 B 30 ms"),
        ("GET https://h/", "101", "GET https://h/ 101 Switching Protocols 0 B 30 ms"),
        ("GET https://h/?key=k", "refused", "GET https://h/?key=[secret] failed after 30 ms: refused"),
    ];
    let lines = Lines::default();
    for (sent, answer, expected) in rows {
        let logging = Logging::to_writer(lines.clone());
        let client = Middleware::with(logging, Scripted::new([answer])).with_clock(ticking());
        let outcome = F::read(&client, request::<F>(sent));
        assert_eq!(outcome.is_err(), answer == "refused");
        assert_eq!(lines.take(), format!("{expected}\n"));
    }
    for (answer, expected) in [
        ("200 | Content-Length: 2048", "GET https://h/ 200 OK 0 B of 2.0 KiB 30 ms\n"),
        ("200", "GET https://h/ 200 OK 0 B, not to its end, 30 ms\n"),
    ] {
        let logging = Logging::to_writer(lines.clone());
        let client = Middleware::with(logging, Scripted::new([answer])).with_clock(ticking());
        F::send(&client, request::<F>("GET https://h/")).unwrap();
        assert_eq!(lines.take(), expected);
    }
}

fn the_heads_before_the_line<F: Flavour>() {
    let sent = "POST https://h/?sig=s | Authorization: Bearer b | !X-Id: 7 | Accept: */* | = body";
    let answer = "302 | Set-Cookie: a=b | Location: https://h/?key=k | X-Odd: \u{202e}odd";
    let heads = "> POST https://h/?sig=[secret]\n> Authorization: [secret]\n> X-Id: [secret]\n> Accept: */*\n\
                 < HTTP/1.1 302 Found\n< Set-Cookie: [secret]\n< Location: https://h/?key=[secret]\n\
                 < X-Odd: \\u{202e}odd\n\
                 POST https://h/?sig=[secret] 302 Found 6 B 30 ms\n";
    let plain = heads.replacen("sig=[secret]", "sig=s", 2).replace("Cookie: [secret]", "Cookie: a=b");
    let redaction = || Redaction::new().show_param("sig").show_header("set-cookie");
    let lines = Lines::default();
    for (logging, expected) in [
        (Logging::to_writer(lines.clone()).heads(), heads),
        (Logging::to_writer(lines.clone()).heads().redaction(redaction()), &plain),
    ] {
        let client = Middleware::with(logging, Scripted::new([answer])).with_clock(ticking());
        F::read(&client, request::<F>(sent)).unwrap();
        assert_eq!(lines.take(), expected);
    }
}

fn below_redirects_each_step_has_a_line<F: Flavour>() {
    let lines = Lines::default();
    let logging =
        Middleware::with(Logging::to_writer(lines.clone()), Scripted::new(["303 | Location: /b", "200"]));
    let client = RedirectMiddleware::new(logging.with_clock(ticking()));
    F::read(&client, request::<F>("POST https://h/a")).unwrap();
    let expected =
        "POST https://h/a 303 See Other 0 B, not to its end, 30 ms\nGET https://h/b 200 OK 6 B 30 ms\n";
    assert_eq!(lines.take(), expected);
}

fn above_redirects_a_call_has_a_line<F: Flavour>() {
    let lines = Lines::default();
    let redirects = RedirectMiddleware::new(Scripted::new(["303 | Location: /b", "200"]));
    let client = Middleware::with(Logging::to_writer(lines.clone()), redirects).with_clock(ticking());
    F::read(&client, request::<F>("POST https://h/a")).unwrap();
    assert_eq!(lines.take(), "POST https://h/a 200 OK (1 redirect) 6 B 30 ms\n");
}

fn head(url: &str) -> RequestHead {
    RequestHead::new(httpx_core::Method::GET, httpx_core::Url::parse(url).unwrap())
}

#[test]
fn a_call_that_is_dropped_is_logged() {
    let lines = Lines::default();
    let logging = Logging::to_writer(lines.clone());
    drop(logging.start(&mut head("https://h/"), &ticking()).unwrap());
    assert_eq!(lines.take(), "GET https://h/ cancelled\n");
}

#[test]
fn the_facts_of_a_record() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let writer = Arc::clone(&seen);
    let logging = Logging::new(move |record| {
        let facts = (record.severity(), record.status(), record.body_bytes(), record.error_text());
        writer.lock().unwrap().push((record.url(), record.elapsed(), facts));
    });
    let call = || logging.start(&mut head("https://h/?token=t"), &ticking()).unwrap();
    let cause = io::Error::other("see https://h/?a=b&key=k");
    let mut error =
        Error::new(ErrorKind::Other, "bad\nluck").with_source(cause).with_url("https://h/?token=t");
    logging.next(&mut call(), &mut head("https://h/"), FlowOutcome::Failed(&mut error), &ticking()).unwrap();
    let mut response = httpx_core::ResponseHead::new(StatusCode::NOT_FOUND);
    let next = logging
        .next(&mut call(), &mut head("https://h/"), FlowOutcome::Response(&mut response), &ticking())
        .unwrap();
    let httpx_middleware::FlowNext::Observe(observer) = next else { panic!("{next:?}") };
    observer.observe_response(&response, httpx_middleware::flow::BodyEnd::Complete { bytes: 7 });
    drop(call());
    let text = "bad\\nluck: see https://h/?a=b&key=[secret]".to_owned();
    let expected = [
        (LogSeverity::Error, None, None, Some(text)),
        (LogSeverity::Warn, Some(StatusCode::NOT_FOUND), Some(7), None),
        (LogSeverity::Info, None, None, None),
    ];
    let seen = seen.lock().unwrap();
    for ((url, elapsed, facts), expected) in seen.iter().zip(&expected) {
        assert_eq!((facts, url.as_str()), (expected, "https://h/?token=[secret]"));
        assert_eq!(elapsed.is_some(), facts.1.is_some() || facts.3.is_some());
    }
    assert_eq!(seen.len(), 3);
}

/// A server and a program can make a line long, but not endless.
#[test]
fn a_line_has_a_limited_length() {
    let lines = Lines::default();
    let logging = Logging::to_writer(lines.clone());
    let mut long = head(&format!("https://h/{}", "x".repeat(100_000)));
    let mut call = logging.start(&mut long, &ticking()).unwrap();
    let mut response =
        httpx_core::ResponseHead::new(StatusCode::SWITCHING_PROTOCOLS).with_reason(&"r".repeat(10_000));
    logging.next(&mut call, &mut long, FlowOutcome::Response(&mut response), &ticking()).unwrap();
    let line = lines.take();
    assert!(line.len() < 2100 && line.ends_with(" ms\n"), "{}", line.len());
}
