//! Closures as transports, in both flavours.

use std::sync::Arc;

use httpx_core::ahttpx::{self, DynTransport};
use httpx_core::blocking::{self, MockTransport};
use httpx_core::{Error, ErrorKind, Request, Response, Text};

use crate::flavour::wait;

fn mock() -> MockTransport {
    MockTransport::new(|request| match request.method().as_str() {
        "GET" => Response::new(200, Text("hello")),
        "POST" => Response::new(200, request.body().clone()),
        _ => Err(Error::new(ErrorKind::Other, "unexpected")),
    })
}

/// The texts of the answers, and the requests that were kept.
fn exchange(send: impl Fn(&str, &str) -> Result<String, Error>) -> Vec<String> {
    [("GET", ""), ("POST", "ping"), ("PUT", "x")]
        .map(|(method, body)| send(method, body).unwrap_or_else(|error| error.to_string()))
        .into()
}

const EXPECTED: [&str; 3] = ["hello", "ping", "PUT http://example.com/: unexpected"];

#[track_caller]
fn check(mock: &MockTransport, answers: &[String]) {
    assert_eq!(answers, EXPECTED);
    let kept = mock.requests();
    let kept = kept.iter().map(|kept| (kept.method().as_str(), &kept.body()[..])).collect::<Vec<_>>();
    assert_eq!(kept, [("GET", &b""[..]), ("POST", b"ping"), ("PUT", b"x")]);
    assert_eq!(format!("{mock:?}"), "<MockTransport [3 requests]>");
}

#[test]
fn a_closure_answers_blocking_requests() {
    let mock = mock();
    let transport: Box<dyn blocking::Transport> = Box::new(mock.clone());
    let answers = exchange(|method, body| {
        let request = Request::new(method, "http://example.com/")?.with_body(body.to_owned());
        let response = blocking::Transport::send(&transport, request)?;
        assert_eq!(response.url().unwrap().as_str(), "http://example.com/");
        Ok(response.read_body()?.text().into_owned())
    });
    check(&mock, &answers);
}

#[test]
fn a_closure_answers_async_requests() {
    let mock = mock();
    let transport: Arc<dyn DynTransport> = Arc::new(mock.clone());
    let answers = exchange(|method, body| {
        wait(async {
            let request = Request::new(method, "http://example.com/")?.with_body(body.to_owned());
            let response = ahttpx::Transport::send(&transport, request).await?;
            Ok(response.read_body().await?.text().into_owned())
        })
    });
    check(&mock, &answers);
}
