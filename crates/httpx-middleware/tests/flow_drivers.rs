//! Flows that do more than send again, through both drivers: own requests, answers, waits, and bodies.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{
    ErrorKind, MessageBody, RequestHead, RequestSent, Response, ResponseHead, Result, StatusCode, Text,
    Timeout,
};
use httpx_middleware::flow::{BeforeSend, BlockingWork, BodyEnd, BodyObserver, BodyTee, Notify, OwnRequest};
use httpx_middleware::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome, Middleware, RedirectMiddleware};
use httpx_testing::Gate;
use support::{Flavour, Scripted, both_flavours, request};

both_flavours!(
    a_token_is_refreshed_once,
    an_answer_needs_no_transport,
    a_wait_comes_before_the_request,
    a_call_waits_for_another_one,
    a_wait_for_another_call_is_bounded,
    a_total_timeout_of_the_transport_bounds_a_pause,
    a_body_is_read_and_handed_on_unchanged,
    the_end_of_a_body_is_observed,
    a_body_is_copied_while_it_is_read,
);

/// Refreshes a token after a 401, once.
struct Refresh;

impl Flow for Refresh {
    type Call = (u32, bool);

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<(u32, bool)> {
        Ok((0, false))
    }

    fn before_send(
        &self,
        (token, is_due): &mut (u32, bool),
        request: &mut RequestHead,
        _: &dyn Clock,
    ) -> Result<BeforeSend> {
        if *is_due {
            let own = OwnRequest::new("POST", "http://auth/")?.with_content(Text("please"))?;
            return Ok(BeforeSend::SendOwn(own.into()));
        }
        request.headers_mut().set("X-Token", token.to_string())?;
        Ok(BeforeSend::Send)
    }

    fn on_own_response(
        &self,
        (token, is_due): &mut (u32, bool),
        response: Result<Response<Bytes>>,
        _: &dyn Clock,
    ) -> Result<()> {
        assert_eq!(response?.error_for_status()?.text(), "a body");
        (*token, *is_due) = (*token + 1, false);
        Ok(())
    }

    fn next(
        &self,
        (token, is_due): &mut (u32, bool),
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        match outcome {
            FlowOutcome::Response(response) if response.status() == 401 && *token == 0 => {
                *is_due = true;
                Ok(FlowNext::Again { after: None, body: BodyReuse::Keep })
            }
            FlowOutcome::Response(_) | FlowOutcome::Failed(_) => Ok(FlowNext::Done),
        }
    }
}

fn a_token_is_refreshed_once<F: Flavour>() {
    const FIRST: &str = "PUT http://h/ | X-Token: 0 | = b";
    const OWN: &str = "POST http://auth/ | Content-Type: text/plain; charset=utf-8 | = please";
    const SECOND: &str = "PUT http://h/ | X-Token: 1 | = b";
    let table: [(&[&str], &[&str], &str); 5] = [
        (&["200"], &[FIRST], "200"),
        (&["401", "200", "200"], &[FIRST, OWN, SECOND], "200"),
        (&["401", "200", "401"], &[FIRST, OWN, SECOND], "401"),
        (&["401", "500"], &[FIRST, OWN], "POST http://auth/: the server answered 500"),
        (&["401", "refused"], &[FIRST, OWN], "POST http://auth/: refused"),
    ];
    for (answers, sent, expected) in table {
        let mock = Scripted::new(answers.iter().copied());
        let outcome = F::send(&Middleware::with(Refresh, &mock), request::<F>("PUT http://h/ | = b"));
        assert_eq!(mock.sent(), sent);
        let outcome = match outcome {
            Ok(response) => response.status().as_u16().to_string(),
            Err(error) => error.to_string(),
        };
        assert!(outcome.starts_with(expected), "{outcome}");
    }
}

/// Decides before the request is sent, the same each time.
struct Before(fn(&mut u32) -> BeforeSend);

impl Flow for Before {
    type Call = u32;

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<u32> {
        Ok(0)
    }

    fn before_send(&self, asked: &mut u32, _: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
        Ok((self.0)(asked))
    }
}

fn an_answer_needs_no_transport<F: Flavour>() {
    let cached = |_: &mut u32| BeforeSend::Answer(Response::new(203, Text("cached")).unwrap().into());
    let mock = Scripted::default();
    let response = F::read(&Middleware::with(Before(cached), &mock), request::<F>("GET http://h/")).unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (203, "cached"));
    assert_eq!(response.url().unwrap(), "http://h/");
    assert!(mock.sent().is_empty());
}

fn a_wait_comes_before_the_request<F: Flavour>() {
    let twice = |asked: &mut u32| {
        *asked += 1;
        if *asked < 3 { BeforeSend::Wait(Duration::from_millis(1)) } else { BeforeSend::Send }
    };
    let mock = Scripted::new(["200"]);
    let client = Middleware::with(Before(twice), &mock);
    F::send(&client, request::<F>("GET http://h/")).unwrap();
    assert_eq!(mock.sent(), ["GET http://h/"]);
    // A wait that would outlast the call is an error at once.
    let hours = |_: &mut u32| BeforeSend::Wait(Duration::from_secs(7200));
    let late = request::<F>("GET http://h/").with_timeout(Duration::from_secs(3600));
    let error = F::send(&Middleware::with(Before(hours), &mock), late).unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

/// Waits for its `Notify` once; tells the gate when it listens.
#[derive(Default)]
struct Listening(Notify, Gate);

impl Flow for Listening {
    type Call = bool;

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<bool> {
        Ok(false)
    }

    fn before_send(&self, has_waited: &mut bool, _: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
        if mem::replace(has_waited, true) {
            return Ok(BeforeSend::Send);
        }
        let listener = self.0.listen();
        self.1.open();
        Ok(BeforeSend::WaitFor(listener))
    }
}

fn a_call_waits_for_another_one<F: Flavour>() {
    let flow = Arc::new(Listening::default());
    let mock = Scripted::new(["200"]);
    let client = Middleware::with(Arc::clone(&flow), &mock);
    std::thread::scope(|threads| {
        threads.spawn(|| {
            flow.1.wait();
            flow.0.notify_one();
        });
        F::send(&client, request::<F>("GET http://h/")).unwrap();
    });
    assert_eq!(mock.sent(), ["GET http://h/"]);
}

fn a_wait_for_another_call_is_bounded<F: Flavour>() {
    let moment = Duration::from_millis(1);
    let mock = Scripted::new(["200"]);
    // By the flow: it is asked again.
    let limited = |asked: &mut u32| {
        *asked += 1;
        if *asked < 3 {
            BeforeSend::WaitFor(Notify::new().listen().at_most(Duration::from_millis(1)))
        } else {
            BeforeSend::Send
        }
    };
    F::send(&Middleware::with(Before(limited), &mock), request::<F>("GET http://h/")).unwrap();
    assert_eq!(mock.sent(), ["GET http://h/"]);
    // By the total timeout, also if the flow would wait longer.
    let without_end: [fn(&mut u32) -> BeforeSend; 2] = [
        |_| BeforeSend::WaitFor(Notify::new().listen()),
        |_| BeforeSend::WaitFor(Notify::new().listen().at_most(Duration::from_secs(3600))),
    ];
    for before in without_end {
        let late = request::<F>("GET http://h/").with_timeout(moment);
        let error = F::send(&Middleware::with(Before(before), &mock), late).unwrap_err();
        assert_eq!((error.kind(), error.timeout()), (ErrorKind::Timeout(Timeout::Total), Some(moment)));
        assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
    }
}

/// Sends again after this time, without end.
struct Pause(Duration);

impl Flow for Pause {
    type Call = ();

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<()> {
        Ok(())
    }

    fn next(&self, (): &mut (), _: &mut RequestHead, _: FlowOutcome<'_>, _: &dyn Clock) -> Result<FlowNext> {
        Ok(FlowNext::Again { after: Some(self.0), body: BodyReuse::Keep })
    }
}

/// The total timeout applies if it was set on the request, and if it was set on the pool.
fn a_total_timeout_of_the_transport_bounds_a_pause<F: Flavour>() {
    let hour = Duration::from_secs(3600);
    for (own, transport) in [(Some(hour), None), (None, Some(hour)), (Some(hour), Some(3 * hour))] {
        let mut mock = Scripted::new(["503"]);
        mock.timeouts.total = transport;
        let mut request = request::<F>("GET http://h/");
        request.head_mut().options_mut().timeouts.total = own;
        // The layer where the call begins need not be the one that pauses.
        let client = RedirectMiddleware::new(Middleware::with(Pause(2 * hour), &mock));
        let error = F::send(&client, request).unwrap_err();
        assert_eq!((error.kind(), error.timeout()), (ErrorKind::Timeout(Timeout::Total), Some(hour)));
        assert_eq!(error.request_sent(), Some(RequestSent::Complete));
    }
}

/// Without a runtime, and on one without timers. The pause comes after the first attempt, or before it.
#[cfg(feature = "async")]
#[test]
fn a_pause_without_a_runtime_that_can_wait_is_an_error() {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use httpx_core::ahttpx::Transport;
    use httpx_core::{Error, Request};
    use tokio::runtime::Builder;

    const PAUSE: Duration = Duration::from_secs(1);

    fn error<F: Flow>(flow: F) -> Error {
        let mock = Scripted::new(["503"]);
        let client = Middleware::with(flow, &mock);
        let request: Request<_> = request::<support::Async>("GET http://h/");
        let call = pin!(client.send(request));
        let Poll::Ready(outcome) = call.poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("pending")
        };
        outcome.unwrap_err()
    }

    let runtime = Builder::new_current_thread().build().unwrap();
    for (is_inside, words) in [(false, "there is no tokio runtime here"), (true, "call enable_all()")] {
        let _inside = is_inside.then(|| runtime.enter());
        let rows = [
            (error(Pause(PAUSE)), RequestSent::Complete),
            (error(Before(|_| BeforeSend::Wait(PAUSE))), RequestSent::Nothing),
        ];
        for (error, sent) in rows {
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Other, Some(sent)));
            assert_eq!((error.method(), error.url()), (Some("GET"), Some("http://h/")));
        }
    }
}

/// Answers with pieces and a trailer.
struct Pieces;

impl Pieces {
    fn answer<B: MessageBody>(body: B) -> Response<B> {
        Response::from_parts(ResponseHead::new(StatusCode::OK), body)
    }
}

/// A source of the pieces that are left.
struct Source(Vec<&'static str>);

impl Source {
    fn new() -> Box<Source> {
        Box::new(Source(vec!["three", "two", "one"]))
    }

    fn piece(&self) -> &[u8] {
        self.0.last().map_or(b"", |piece| piece.as_bytes())
    }

    fn take(&mut self, n: usize) {
        if let Some(piece) = self.0.pop() {
            self.0.extend(Some(&piece[n..]).filter(|rest| !rest.is_empty()));
        }
    }

    fn copy(&mut self, buf: &mut [u8]) -> usize {
        let n = self.piece().len().min(buf.len());
        buf[..n].copy_from_slice(&self.piece()[..n]);
        self.take(n);
        n
    }

    fn trailers() -> httpx_core::Headers {
        [("X-Trailer", "1")].try_into().unwrap()
    }
}

impl httpx_core::SourceState for Source {
    fn consume(&mut self, n: usize) {
        self.take(n);
    }

    fn finish(self: Box<Self>) -> httpx_core::Headers {
        Source::trailers()
    }

    fn discard(self: Box<Self>) {}

    fn remaining(&self) -> Option<u64> {
        None
    }
}

#[cfg(feature = "blocking")]
mod waited_for {
    use httpx_core::blocking::{Body, BodySource, Transport};
    use httpx_core::{Headers, Options, Request, Response, Result};

    use super::{Pieces, Source};

    impl Transport for Pieces {
        fn send(&self, _: Request<Body>) -> Result<Response<Body>> {
            Ok(Pieces::answer(Body::from_source(Source::new(), &mut Headers::new(), &Options::default())))
        }
    }

    impl BodySource for Source {
        fn fill(&mut self) -> Result<&[u8]> {
            Ok(self.piece())
        }

        fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
            Ok(self.copy(buf))
        }
    }
}

#[cfg(feature = "async")]
mod awaited {
    use std::task::{Context, Poll};

    use httpx_core::ahttpx::{Body, BodySource, Transport};
    use httpx_core::{Headers, Options, Request, Response, Result};

    use super::{Pieces, Source};

    impl Transport for Pieces {
        async fn send(&self, _: Request<Body>) -> Result<Response<Body>> {
            Ok(Pieces::answer(Body::from_source(Source::new(), &mut Headers::new(), &Options::default())))
        }
    }

    impl BodySource for Source {
        fn poll_fill(&mut self, _: &mut Context<'_>) -> Poll<Result<&[u8]>> {
            Poll::Ready(Ok(self.piece()))
        }

        fn poll_read(&mut self, _: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
            Poll::Ready(Ok(self.copy(buf)))
        }
    }
}

/// Asks for the body, and notes it.
struct Read(u64, Mutex<Vec<Option<Bytes>>>);

impl Flow for Read {
    type Call = ();

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<()> {
        Ok(())
    }

    fn next(&self, (): &mut (), _: &mut RequestHead, _: FlowOutcome<'_>, _: &dyn Clock) -> Result<FlowNext> {
        Ok(FlowNext::ReadBody { max_bytes: self.0 })
    }

    fn on_body(
        &self,
        (): &mut (),
        _: &mut RequestHead,
        _: &mut ResponseHead,
        body: Option<&Bytes>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        self.1.lock().unwrap().push(body.cloned());
        Ok(FlowNext::Done)
    }
}

fn a_body_is_read_and_handed_on_unchanged<F: Flavour>() {
    let whole = || Some(Bytes::from("onetwothree"));
    for (max_bytes, expected) in [(0, None), (3, None), (10, None), (11, whole()), (1 << 20, whole())] {
        let client = Middleware::with(Read(max_bytes, Mutex::default()), Pieces);
        let response = F::read(&client, request::<F>("GET http://h/")).unwrap();
        assert_eq!(*client.flow().1.lock().unwrap(), [expected], "{max_bytes}");
        assert_eq!(response.text(), "onetwothree");
        assert_eq!(response.trailers().get("x-trailer").unwrap(), "1", "{max_bytes}");
    }
}

/// Notes how bodies end.
#[derive(Clone, Default)]
struct Observe(Arc<Mutex<Vec<String>>>);

impl Flow for Observe {
    type Call = ();

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<()> {
        Ok(())
    }

    fn next(&self, (): &mut (), _: &mut RequestHead, _: FlowOutcome<'_>, _: &dyn Clock) -> Result<FlowNext> {
        let ends = Arc::clone(&self.0);
        Ok(FlowNext::Observe(BodyObserver::new(move |end: BodyEnd<'_>| {
            ends.lock().unwrap().push(format!("{end:?}"));
        })))
    }
}

fn the_end_of_a_body_is_observed<F: Flavour>() {
    let observe = Observe::default();
    let client = Middleware::with(observe.clone(), Pieces);
    let response = F::read(&client, request::<F>("GET http://h/")).unwrap();
    assert_eq!((&*response.text(), response.trailers().len()), ("onetwothree", 1));
    F::send(&client, request::<F>("GET http://h/")).unwrap();
    assert_eq!(*observe.0.lock().unwrap(), ["Complete { bytes: 11 }", "Dropped { bytes: 0 }"]);
}

/// Copies bodies, and notes the copies in work.
#[derive(Clone)]
struct Copy(u64, Arc<Mutex<Vec<Bytes>>>);

impl Flow for Copy {
    type Call = ();

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<()> {
        Ok(())
    }

    fn next(&self, (): &mut (), _: &mut RequestHead, _: FlowOutcome<'_>, _: &dyn Clock) -> Result<FlowNext> {
        let copies = Arc::clone(&self.1);
        Ok(FlowNext::Tee(BodyTee::new(self.0, move |body| {
            Some(BlockingWork::new(move || copies.lock().unwrap().push(body)))
        })))
    }
}

fn a_body_is_copied_while_it_is_read<F: Flavour>() {
    for (max_bytes, expected) in [(0, 0), (10, 0), (11, 1), (1 << 20, 1)] {
        let copy = Copy(max_bytes, Arc::default());
        let client = Middleware::with(copy.clone(), Pieces);
        // A body that is dropped before its end is not complete.
        F::send(&client, request::<F>("GET http://h/")).unwrap();
        let response = F::read(&client, request::<F>("GET http://h/")).unwrap();
        assert_eq!((&*response.text(), response.trailers().len()), ("onetwothree", 1), "{max_bytes}");
        // The work is done before the caller has the whole body.
        assert_eq!(*copy.1.lock().unwrap(), vec!["onetwothree"; expected], "{max_bytes}");
    }
}
