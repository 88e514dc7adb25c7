//! The drivers: bodies that are drained, and a flow that sends again.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx_core::{
    Headers, MessageBody, Options, RequestHead, Response, ResponseHead, Result, SourceState, StatusCode,
};
use httpx_middleware::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome, Middleware, RedirectMiddleware};
use support::{Flavour, Scripted, both_flavours, end, request};

both_flavours!(the_body_of_a_redirect_is_drained_within_bounds, a_flow_that_sends_again);

/// Redirects once, with a body of this length, and notes whether that is drained or dropped.
struct Wordy {
    length: usize,
    piece: usize,
    fate: Arc<Mutex<Option<&'static str>>>,
}

impl Wordy {
    fn answer<B: MessageBody>(
        &self,
        request: &RequestHead,
        body: impl FnOnce(Box<Words>, &mut Headers, &Options) -> B,
    ) -> Result<Response<B>> {
        if request.url().path() != "/" {
            let fate = *self.fate.lock().unwrap();
            assert!(fate.is_some(), "the first body is put away before the next request");
            return Ok(Response::from_parts(ResponseHead::new(StatusCode::OK), B::default()));
        }
        let mut head = ResponseHead::new(StatusCode::FOUND);
        head.headers_mut().append("Location", "/next")?;
        let words = Words { left: self.length, piece: self.piece, fate: self.fate.clone() };
        let body = body(Box::new(words), head.headers_mut(), &Options::default());
        Ok(Response::from_parts(head, body))
    }
}

struct Words {
    left: usize,
    piece: usize,
    fate: Arc<Mutex<Option<&'static str>>>,
}

impl Words {
    fn some(&self) -> &[u8] {
        &[b'x'; 4000][..self.left.min(self.piece)]
    }

    fn ends(&self, fate: &'static str) {
        *self.fate.lock().unwrap() = Some(fate);
    }
}

impl SourceState for Words {
    fn consume(&mut self, n: usize) {
        self.left -= n;
    }

    fn finish(self: Box<Self>) -> Headers {
        self.ends("drained");
        Headers::new()
    }

    fn discard(self: Box<Self>) {
        self.ends("dropped");
    }

    fn remaining(&self) -> Option<u64> {
        None
    }
}

#[cfg(feature = "blocking")]
mod waited_for {
    use httpx_core::blocking::{Body, BodySource, Transport};
    use httpx_core::{Request, Response, Result};

    use super::{Words, Wordy};

    impl Transport for Wordy {
        fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
            self.answer(request.head(), |words, headers, options| Body::from_source(words, headers, options))
        }
    }

    impl BodySource for Words {
        fn fill(&mut self) -> Result<&[u8]> {
            Ok(self.some())
        }

        fn read(&mut self, _: &mut [u8]) -> Result<usize> {
            panic!("nobody wants to have it")
        }
    }
}

#[cfg(feature = "async")]
mod awaited {
    use std::task::{Context, Poll};

    use httpx_core::ahttpx::{Body, BodySource, Transport};
    use httpx_core::{Request, Response, Result};

    use super::{Words, Wordy};

    impl Transport for Wordy {
        async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
            self.answer(request.head(), |words, headers, options| Body::from_source(words, headers, options))
        }
    }

    impl BodySource for Words {
        fn poll_fill(&mut self, _: &mut Context<'_>) -> Poll<Result<&[u8]>> {
            Poll::Ready(Ok(self.some()))
        }

        fn poll_read(&mut self, _: &mut Context<'_>, _: &mut [u8]) -> Poll<Result<usize>> {
            panic!("nobody wants to have it")
        }
    }
}

fn the_body_of_a_redirect_is_drained_within_bounds<F: Flavour>() {
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
        let client = RedirectMiddleware::new(Wordy { length, piece, fate: Arc::clone(&fate) });
        assert_eq!(F::send(&client, request::<F>("GET http://h/")).unwrap().status(), 200);
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
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        let again = match outcome {
            FlowOutcome::Response(head) => head.status() == 503,
            FlowOutcome::Failed(error) => error.is_connect(),
        };
        if !again || *tries == 2 {
            return Ok(FlowNext::Done);
        }
        *tries += 1;
        request.headers_mut().set("X-Try", tries.to_string())?;
        Ok(FlowNext::Again { after: Some(Duration::ZERO), body: BodyReuse::Keep })
    }
}

fn a_flow_that_sends_again<F: Flavour>() {
    let table: &[(&[&str], &[&str], &str)] = &[
        (&["200"], &["0"], "200 http://h/"),
        (&["503", "refused", "200"], &["0", "1", "2"], "200 http://h/"),
        (&["503", "503", "503"], &["0", "1", "2"], "503 http://h/"),
        (&["refused", "refused", "refused"], &["0", "1", "2"], "Connect"),
        // Below redirects, each hop is one call.
        (
            &["503", "302 | Location: /", "503", "200"],
            &["0", "1", "0", "1"],
            "200 http://h/ via 302 http://h/",
        ),
    ];
    for (answers, tries, expected) in table {
        let mock = Scripted::new(answers.iter().copied());
        let client = RedirectMiddleware::new(Middleware::with(Retry, &mock));
        assert_eq!(end(&F::send(&client, request::<F>("POST http://h/ | @redirects 1 | = b"))), *expected);
        let sent: Vec<_> = mock.sent();
        for (sent, tries) in sent.iter().zip(*tries) {
            assert!(sent.contains(&format!("X-Try: {tries}")), "{sent}");
        }
        assert_eq!(sent.len(), tries.len());
    }
}
