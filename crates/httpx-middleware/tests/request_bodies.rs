//! Flows that read the body of a request before it is sent.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::type_complexity)] // helpers and tables of tests

mod support;

use bytes::Bytes;
use httpx_core::{Encoded, File, RequestHead, Result};
use httpx_middleware::flow::BeforeSend;
use httpx_middleware::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome, Middleware};
use httpx_testing::TempDir;
use support::{Flavour, Scripted, both_flavours, end, request};

both_flavours!(bodies_in_memory_and_of_readers, files, a_flow_that_asks_twice);

/// Puts the body into a header, and sends the request again after a 503.
struct Signs;

impl Flow for Signs {
    type Call = bool; // whether the body was read

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<bool> {
        Ok(false)
    }

    fn before_send(&self, was_read: &mut bool, _: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
        Ok(if *was_read { BeforeSend::Send } else { BeforeSend::ReadRequestBody { max_bytes: 5 } })
    }

    fn on_request_body(
        &self,
        was_read: &mut bool,
        request: &mut RequestHead,
        body: Option<&Bytes>,
        _: &dyn Clock,
    ) -> Result<()> {
        *was_read = true;
        let text = body.map_or("too long".into(), |body| String::from_utf8_lossy(body));
        Ok(request.headers_mut().set("Signed", &*text)?)
    }

    fn next(
        &self,
        was_read: &mut bool,
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        match outcome {
            FlowOutcome::Response(response) if response.status() == 503 => {
                *was_read = false; // it is signed again
                Ok(FlowNext::Again { after: None, body: BodyReuse::Keep })
            }
            FlowOutcome::Response(_) | FlowOutcome::Failed(_) => Ok(FlowNext::Done),
        }
    }
}

fn bodies_in_memory_and_of_readers<F: Flavour>() {
    let rows: &[(&str, &str, &[&str], &str)] = &[
        ("GET http://h/", "200", &["GET http://h/ | Signed: "], "200 http://h/"),
        ("PUT http://h/ | = hello", "200", &["PUT http://h/ | Signed: hello | = hello"], "200 http://h/"),
        // What is in memory has no limit.
        ("PUT http://h/ | = hello!", "200", &["PUT http://h/ | Signed: hello! | = hello!"], "200 http://h/"),
        ("PUT http://h/ | ~ hello", "200", &["PUT http://h/ | Signed: hello | = hello"], "200 http://h/"),
        // It is in memory now, so it can be sent again.
        (
            "PUT http://h/ | ~ hello",
            "503; 200",
            &["PUT http://h/ | Signed: hello | = hello"; 2],
            "200 http://h/",
        ),
        (
            "PUT http://h/ | ~ hello!",
            "200",
            &["PUT http://h/ | Signed: too long | = hello!"],
            "200 http://h/",
        ),
        (
            "PUT http://h/ | ~ hello!",
            "503",
            &["PUT http://h/ | Signed: too long | = hello!"],
            "503 http://h/",
        ),
        ("PUT http://h/ | ~ ", "200", &["PUT http://h/ | Signed: "], "200 http://h/"),
    ];
    for (script, answers, expected, ended) in rows {
        let client = Middleware::with(Signs, Scripted::new(answers.split("; ")));
        let outcome = end(&F::send(&client, request::<F>(script)));
        assert_eq!((client.transport().sent(), &*outcome), (owned(expected), *ended), "{script} {answers}");
    }
    // A long body of a reader is sent whole.
    let long = "x".repeat(300_000);
    let client = Middleware::with(Signs, Scripted::new(["200"]));
    F::send(&client, request::<F>(&format!("PUT http://h/ | ~ {long}"))).unwrap();
    assert_eq!(client.transport().sent(), [format!("PUT http://h/ | Signed: too long | = {long}")]);
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn files<F: Flavour>() {
    let dir = TempDir::new();
    let path = dir.path("body");
    let put = || {
        let mut request = request::<F>("PUT http://h/");
        *request.body_mut() = Encoded::from(File::new(&path)).into();
        request
    };
    for (text, signed) in [("hello", "hello"), ("hello!", "too long"), ("", "")] {
        std::fs::write(&path, text).unwrap();
        let client = Middleware::with(Signs, Scripted::new(["503", "200"]));
        F::send(&client, put()).unwrap();
        let body = if text.is_empty() { String::new() } else { format!(" | = {text}") };
        assert_eq!(
            client.transport().sent(),
            [(); 2].map(|()| format!("PUT http://h/ | Signed: {signed}{body}"))
        );
    }
    std::fs::remove_file(&path).unwrap();
    let client = Middleware::with(Signs, Scripted::default());
    let error = F::send(&client, put()).unwrap_err();
    assert!(
        error.to_string().starts_with("PUT http://h/: ") && error.to_string().contains("body"),
        "{error}"
    );
    assert!(client.transport().sent().is_empty());
}

/// Never sends.
struct Insatiable;

impl Flow for Insatiable {
    type Call = ();

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<()> {
        Ok(())
    }

    fn before_send(&self, _: &mut (), _: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
        Ok(BeforeSend::ReadRequestBody { max_bytes: 1 })
    }
}

fn a_flow_that_asks_twice<F: Flavour>() {
    for script in ["PUT http://h/ | = x", "PUT http://h/ | ~ x"] {
        let client = Middleware::with(Insatiable, Scripted::default());
        let error = F::send(&client, request::<F>(script)).unwrap_err();
        assert!(error.to_string().contains("twice"), "{error}");
    }
}
