//! The archives of `HarRecorder`: entries of all outcomes, checked against HTTP Archive 1.2.
#![cfg(all(any(feature = "blocking", feature = "async"), feature = "har"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use httpx_core::{Method, RequestHead, Url};
use httpx_middleware::har::{HarRecorder, Redaction};
use httpx_middleware::{Clock, Flow, Middleware};
use serde_json::{Value, json};
use support::{Flavour, Scripted, both_flavours, request};

both_flavours!(
    an_entry_for_each_request,
    a_whole_entry,
    the_newest_entries_are_kept,
    bodies_have_a_limit,
    all_bodies_together_have_a_limit,
    forms_with_files_are_left_out,
    cookies_are_shown_if_their_header_is,
);

/// A clock that is 30 ms later each time it is read.
struct Ticking(Instant, Mutex<u64>);

impl Clock for Ticking {
    fn now(&self) -> Instant {
        let mut ticks = self.1.lock().unwrap();
        *ticks += 1;
        self.0 + Duration::from_millis(30 * *ticks)
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
            + Duration::from_secs(1_796_057_436)
            + Duration::from_millis(*self.1.lock().unwrap())
    }
}

fn ticking() -> Ticking {
    Ticking(Instant::now(), Mutex::new(0))
}

/// The entries, each checked.
fn entries(recorder: &HarRecorder) -> Vec<Value> {
    let archive: Value = serde_json::from_str(&recorder.to_json()).unwrap();
    assert_eq!(archive["log"]["version"], "1.2");
    assert_eq!(archive["log"]["creator"]["name"], "httpx");
    assert!(archive["log"]["creator"]["version"].is_string());
    let entries = archive["log"]["entries"].as_array().unwrap().clone();
    entries.iter().for_each(check);
    entries
}

/// What HTTP Archive 1.2 requires of an entry: members and their types.
fn check(entry: &Value) {
    for (path, of_type) in [
        ("/startedDateTime", "text"),
        ("/time", "number"),
        ("/cache", "object"),
        ("/request/method", "text"),
        ("/request/url", "text"),
        ("/request/httpVersion", "text"),
        ("/request/cookies", "array"),
        ("/request/headers", "array"),
        ("/request/queryString", "array"),
        ("/request/headersSize", "number"),
        ("/request/bodySize", "number"),
        ("/response/status", "number"),
        ("/response/statusText", "text"),
        ("/response/httpVersion", "text"),
        ("/response/cookies", "array"),
        ("/response/headers", "array"),
        ("/response/content/size", "number"),
        ("/response/content/mimeType", "text"),
        ("/response/redirectURL", "text"),
        ("/response/headersSize", "number"),
        ("/response/bodySize", "number"),
        ("/timings/send", "number"),
        ("/timings/wait", "number"),
        ("/timings/receive", "number"),
    ] {
        let found = match entry.pointer(path) {
            Some(Value::String(_)) => "text",
            Some(Value::Number(_)) => "number",
            Some(Value::Array(_)) => "array",
            Some(Value::Object(_)) => "object",
            other => panic!("{path}: {other:?}"),
        };
        assert_eq!(found, of_type, "{path}");
    }
    for step in ["send", "wait", "receive"] {
        assert!(entry["timings"][step].as_f64().unwrap() >= 0.0, "{step} must not be -1");
    }
    if let Some(posted) = entry.pointer("/request/postData") {
        assert!(posted["mimeType"].is_string() && posted["text"].is_string() && posted["params"].is_array());
    }
}

fn an_entry_for_each_request<F: Flavour>() {
    let rows = [
        ("GET https://h/", "200", json!([200, "OK", "a body", null, 0, null])),
        ("GET https://ann:pass@h/", "404", json!([404, "Not Found", "a body", null, 0, null])),
        ("POST https://h/ | = x=y", "201", json!([201, "Created", "a body", null, 3, "x=y"])),
        ("POST https://h/ | ~ from a reader", "200", json!([200, "OK", "a body", null, -1, ""])),
        ("GET https://h/", "refused", json!([0, "", null, "refused", 0, null])),
    ];
    let recorder = HarRecorder::new();
    for (sent, answer, expected) in rows {
        let client = Middleware::with(recorder.clone(), Scripted::new([answer])).with_clock(ticking());
        assert_eq!(F::read(&client, request::<F>(sent)).is_err(), answer == "refused");
        let entry = entries(&recorder).pop().unwrap();
        let facts = json!([
            entry["response"]["status"],
            entry["response"]["statusText"],
            entry["response"]["content"]["text"],
            entry["_error"],
            entry["request"]["bodySize"],
            entry["request"]["postData"]["text"],
        ]);
        assert_eq!(facts, expected, "{sent}");
        assert_eq!(entry["request"]["url"], "https://h/");
        recorder.clear();
    }
    let client = Middleware::with(recorder.clone(), Scripted::new(["200"])).with_clock(ticking());
    F::send(&client, request::<F>("GET https://h/")).unwrap();
    assert_eq!(entries(&recorder)[0]["_error"], "the body was not read to its end");
}

fn a_whole_entry<F: Flavour>() {
    let recorder = HarRecorder::new();
    let answer = "302 | Location: /b?key=k | Set-Cookie: a=b | Content-Length: 6 | Content-Type: text/plain";
    let client = Middleware::with(recorder.clone(), Scripted::new([answer])).with_clock(ticking());
    let sent = "POST https://h/a?b=c&token=t | Authorization: Bearer b | Cookie: a=b \
                | Content-Type: application/x-www-form-urlencoded | = password=p&x=y";
    F::read(&client, request::<F>(sent)).unwrap();
    let expected = json!({
        "startedDateTime": "2026-11-30T16:50:36.002Z",
        "time": 30.0,
        "request": {
            "method": "POST",
            "url": "https://h/a?b=c&token=[secret]",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [
                { "name": "Authorization", "value": "[secret]" },
                { "name": "Cookie", "value": "[secret]" },
                { "name": "Content-Type", "value": "application/x-www-form-urlencoded" },
            ],
            "queryString": [{ "name": "b", "value": "c" }, { "name": "token", "value": "[secret]" }],
            "postData": {
                "mimeType": "application/x-www-form-urlencoded",
                "text": "password=[secret]&x=y",
                "params": [],
            },
            "headersSize": -1,
            "bodySize": 14,
        },
        "response": {
            "status": 302,
            "statusText": "Found",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [
                { "name": "Location", "value": "/b?key=[secret]" },
                { "name": "Set-Cookie", "value": "[secret]" },
                { "name": "Content-Length", "value": "6" },
                { "name": "Content-Type", "value": "text/plain" },
            ],
            "content": { "size": 6, "mimeType": "text/plain", "text": "a body" },
            "redirectURL": "/b?key=[secret]",
            "headersSize": -1,
            "bodySize": 6,
        },
        "cache": {},
        "timings": {
            "blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0, "wait": 30.0, "receive": 0,
        },
    });
    let mut found = entries(&recorder).pop().unwrap();
    // The driver reads the clock, too.
    assert!(found["startedDateTime"].as_str().unwrap().starts_with("2026-11-30T16:50:36.0"), "{found}");
    found["startedDateTime"] = "2026-11-30T16:50:36.002Z".into();
    assert_eq!(found, expected);
}

fn the_newest_entries_are_kept<F: Flavour>() {
    let recorder = HarRecorder::new().max_entries(2);
    let client = Middleware::with(recorder.clone(), Scripted::new(["200"; 5])).with_clock(ticking());
    for n in 0..5 {
        F::read(&client, request::<F>(&format!("GET https://h/{n}"))).unwrap();
    }
    let urls = entries(&recorder).iter().map(|entry| entry["request"]["url"].clone()).collect::<Vec<_>>();
    assert_eq!(urls, ["https://h/3", "https://h/4"]);
}

fn bodies_have_a_limit<F: Flavour>() {
    for (max_bytes, sent, received, comment) in [
        (6, json!("123456"), json!("a body"), Value::Null),
        (5, json!(""), json!("a bod"), json!("only the first 5 bytes were recorded")),
        (0, json!(""), Value::Null, json!("only the first 0 bytes were recorded")),
    ] {
        let recorder = HarRecorder::new().max_body_bytes(max_bytes);
        let client = Middleware::with(recorder.clone(), Scripted::new(["200"])).with_clock(ticking());
        assert_eq!(F::read(&client, request::<F>("PUT https://h/ | = 123456")).unwrap().text(), "a body");
        let entry = entries(&recorder).pop().unwrap();
        let content = &entry["response"]["content"];
        assert_eq!(
            (&entry["request"]["postData"]["text"], &content["text"], &content["comment"], &content["size"]),
            (&sent, &received, &comment, &json!(6))
        );
    }
}

fn all_bodies_together_have_a_limit<F: Flavour>() {
    // Each entry has a response of 6 bytes and a request of 4.
    for (max_bytes, kept) in [(30, 3), (29, 2), (20, 2), (10, 1), (9, 0)] {
        let recorder = HarRecorder::new().max_bytes(max_bytes);
        let client = Middleware::with(recorder.clone(), Scripted::new(["200"; 5])).with_clock(ticking());
        for n in 0..5 {
            F::read(&client, request::<F>(&format!("PUT https://h/{n} | = 1234"))).unwrap();
        }
        let paths =
            entries(&recorder).iter().map(|entry| entry["request"]["url"].clone()).collect::<Vec<_>>();
        let newest = (5 - kept..5).map(|n| json!(format!("https://h/{n}"))).collect::<Vec<_>>();
        assert_eq!(paths, newest, "{max_bytes}");
        // What was cleared does not count.
        recorder.clear();
        let client = Middleware::with(recorder.clone(), Scripted::new(["200"])).with_clock(ticking());
        F::read(&client, request::<F>("PUT https://h/ | = 1234")).unwrap();
        assert_eq!(recorder.len(), kept.min(1), "{max_bytes}");
    }
}

fn forms_with_files_are_left_out<F: Flavour>() {
    let left_out = json!("left out, because its secrets cannot be found");
    for (redaction, text, comment) in [
        (Redaction::new(), json!(""), left_out),
        (Redaction::show_all(), json!("--b password s3cret"), Value::Null),
    ] {
        let recorder = HarRecorder::new().redaction(redaction);
        let client = Middleware::with(recorder.clone(), Scripted::new(["200"])).with_clock(ticking());
        let sent = "POST https://h/ | Content-Type: multipart/form-data; boundary=b | = --b password s3cret";
        F::read(&client, request::<F>(sent)).unwrap();
        let entry = entries(&recorder).pop().unwrap();
        let posted = &entry["request"]["postData"];
        assert_eq!((&posted["text"], &posted["comment"]), (&text, &comment));
    }
}

fn cookies_are_shown_if_their_header_is<F: Flavour>() {
    let recorder = HarRecorder::new().redaction(Redaction::show_all());
    let answer = "200 | Set-Cookie: id=7; Path=/a; Secure; HttpOnly";
    let client = Middleware::with(recorder.clone(), Scripted::new([answer])).with_clock(ticking());
    F::read(&client, request::<F>("GET https://h/ | Cookie: a=b; c=d=e")).unwrap();
    let entry = entries(&recorder).pop().unwrap();
    let sent = json!([{ "name": "a", "value": "b" }, { "name": "c", "value": "d=e" }]);
    let received = json!([{ "name": "id", "value": "7", "path": "/a", "secure": true, "httpOnly": true }]);
    assert_eq!((&entry["request"]["cookies"], &entry["response"]["cookies"]), (&sent, &received));
}

fn start(recorder: &HarRecorder, path: &str, clock: &dyn Clock) -> <HarRecorder as Flow>::Call {
    let url = Url::parse(&format!("https://h/{path}")).unwrap();
    recorder.start(&mut RequestHead::new(Method::GET, url), clock).unwrap()
}

/// Entries are added when requests end, and sorted by when they began.
#[test]
fn a_cancelled_call_and_the_order_of_entries() {
    let (recorder, clock) = (HarRecorder::new(), ticking());
    let first = start(&recorder, "first", &clock);
    let second = start(&recorder, "second", &clock);
    drop(second);
    drop(first);
    let entries = entries(&recorder);
    for (entry, path) in entries.iter().zip(["first", "second"]) {
        assert_eq!(entry["request"]["url"], format!("https://h/{path}"));
        assert_eq!(entry["_error"], "the request was cancelled");
    }
    assert_eq!((entries.len(), recorder.len()), (2, 2));
}

#[test]
fn an_archive_is_saved() {
    let recorder = HarRecorder::new();
    drop(start(&recorder, "", &ticking()));
    let dir = httpx_testing::TempDir::new();
    let path = dir.path("requests.har");
    recorder.save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), recorder.to_json());
    // An old archive is replaced, and no other file is left.
    drop(start(&recorder, "second", &ticking()));
    recorder.save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), recorder.to_json());
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let error = recorder.save(dir.path("no/such/directory.har")).unwrap_err();
    assert_eq!(error.kind(), httpx_core::ErrorKind::Io);
}
