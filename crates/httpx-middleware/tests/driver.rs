//! The blocking driver: what becomes of the bodies on the way, and flows that users write.
#![cfg(feature = "blocking")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx_core::blocking::{Body, BodySource, Transport};
use httpx_core::{Headers, Options, Request, RequestHead, Response, ResponseHead, Result, StatusCode};
use httpx_middleware::{Clock, Flow, Middleware, Next, Outcome, RedirectMiddleware, Resend};
use support::{Scripted, end, request};

/// Redirects once, with a body of this length, and notes what becomes of that.
struct Wordy {
    length: usize,
    piece: usize,
    fate: Arc<Mutex<Option<&'static str>>>,
}

impl Transport for Wordy {
    fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let is_first = request.url().path() == "/";
        let status = if is_first { StatusCode::FOUND } else { StatusCode::OK };
        let mut head = ResponseHead::new(status);
        if !is_first {
            assert!(
                self.fate.lock().unwrap().is_some(),
                "the first body is put away before the next request"
            );
            return Ok(Response::from_parts(head, Body::empty()));
        }
        head.headers_mut().append("Location", "/next")?;
        let source = Box::new(Words { left: self.length, piece: self.piece, fate: self.fate.clone() });
        let body = Body::from_source(source, head.headers_mut(), &Options::default())?;
        Ok(Response::from_parts(head, body))
    }
}

struct Words {
    left: usize,
    piece: usize,
    fate: Arc<Mutex<Option<&'static str>>>,
}

impl BodySource for Words {
    fn fill(&mut self) -> Result<&[u8]> {
        Ok(&[b'x'; 4000][..self.left.min(self.piece)])
    }

    fn consume(&mut self, n: usize) {
        self.left -= n;
    }

    fn read(&mut self, _: &mut [u8]) -> Result<usize> {
        panic!("nobody wants to have it")
    }

    fn finish(self: Box<Self>) -> Headers {
        *self.fate.lock().unwrap() = Some("drained");
        Headers::new()
    }

    fn discard(self: Box<Self>) {
        *self.fate.lock().unwrap() = Some("dropped");
    }

    fn remaining(&self) -> Option<u64> {
        None
    }
}

#[test]
fn the_body_of_a_redirect_is_drained_within_bounds() {
    for (length, piece, expected) in [
        (0, 4000, "drained"),
        (1, 4000, "drained"),
        (64 << 10, 4000, "drained"),
        ((64 << 10) + 1, 4000, "dropped"),
        (usize::MAX, 4000, "dropped"),
        (63, 1, "drained"),
        (100, 1, "dropped"), // it drips
    ] {
        let fate = Arc::default();
        let via = RedirectMiddleware::new(Wordy { length, piece, fate: Arc::clone(&fate) });
        assert_eq!(via.send(request("GET http://h/")).unwrap().status(), 200);
        assert_eq!(*fate.lock().unwrap(), Some(expected), "{length} bytes");
    }
}

/// Tries again, at most twice.
struct Retry;

impl Flow for Retry {
    type Call = u32;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<u32> {
        request.headers_mut().append("X-Try", "0")?;
        Ok(0)
    }

    fn next(
        &self,
        tries: &mut u32,
        request: &mut RequestHead,
        outcome: Outcome<'_>,
        _: &dyn Clock,
    ) -> Result<Next> {
        let again = match outcome {
            Outcome::Response(head) => head.status() == 503,
            Outcome::Failed(error) => error.is_connect(),
        };
        if !again || *tries == 2 {
            return Ok(Next::Done);
        }
        *tries += 1;
        request.headers_mut().set("X-Try", tries.to_string())?;
        Ok(Next::Again { after: Some(Duration::ZERO), body: Resend::Keep })
    }
}

#[test]
fn a_flow_of_ones_own() {
    let table: &[(&[&str], &[&str], &str)] = &[
        (&["200"], &["0"], "200 http://h/"),
        (&["503", "refused", "200"], &["0", "1", "2"], "200 http://h/"),
        (&["503", "503", "503"], &["0", "1", "2"], "503 http://h/"),
        (&["refused", "refused", "refused"], &["0", "1", "2"], "Connect"),
        // Under redirects each hop is a call of its own.
        (
            &["503", "302 | Location: /", "503", "200"],
            &["0", "1", "0", "1"],
            "200 http://h/ via 302 http://h/",
        ),
    ];
    for (answers, tries, expected) in table {
        let mock = Scripted::new(answers.iter().copied());
        let via = RedirectMiddleware::new(Middleware::with(Retry, &mock));
        assert_eq!(end(&via.send(request("POST http://h/ | @redirects 1 | = b"))), *expected);
        let sent: Vec<_> = mock.sent();
        for (sent, tries) in sent.iter().zip(*tries) {
            assert!(sent.contains(&format!("X-Try: {tries}")), "{sent}");
        }
        assert_eq!(sent.len(), tries.len());
    }
}
