//! Tokens that are fetched once for all calls.
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers and tables of tests

mod support;

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Waker};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use httpx_core::{
    Error, ErrorKind, Method, RequestHead, Response, ResponseHead, Result, StatusCode, Timeout, Timeouts, Url,
};
use httpx_middleware::auth::{Token, TokenAuth, TokenSource};
use httpx_middleware::flow::{BeforeSend, Listener, OwnRequest};
use httpx_middleware::{Clock, Flow, FlowNext, FlowOutcome, Middleware, RedirectMiddleware};
use support::{Flavour, Scripted, both_flavours, end, request};

both_flavours!(calls_in_turn);

/// The token is the header `T` of the response, its lifetime in seconds the header `L`.
struct Login;

impl TokenSource for Login {
    fn request(&self) -> Result<OwnRequest> {
        OwnRequest::new("POST", "http://login/")
    }

    fn token(&self, response: Response<Bytes>) -> Result<Token> {
        let response = response.error_for_status()?;
        let value = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let Some(token) = value("T") else { return Err(Error::new(ErrorKind::Other, "no token")) };
        let token = Token::new(token.replace("\\n", "\n"));
        Ok(match value("L") {
            Some(seconds) => token.expires_in(Duration::from_secs(seconds.parse().unwrap())),
            None => token,
        })
    }
}

fn auth() -> TokenAuth<Login> {
    TokenAuth::new(Login).for_origin("http://h").unwrap()
}

fn calls_in_turn<F: Flavour>() {
    const LOGIN: &str = "POST http://login/";
    const WITH_A: &str = "GET http://h/ | Authorization: Bearer a";
    const WITH_B: &str = "GET http://h/ | Authorization: Bearer b";
    const GET: &str = "GET http://h/";
    let rows: &[(&[&str], &str, &[&str], &str)] = &[
        (&[GET, GET], "200 | T: a; 200; 404", &[LOGIN, WITH_A, WITH_A], "200 http://h/, 404 http://h/"),
        // A token that is refused is replaced, once for a call.
        (
            &[GET, GET],
            "200 | T: a; 200; 401; 200 | T: b; 200",
            &[LOGIN, WITH_A, WITH_A, LOGIN, WITH_B],
            "200 http://h/, 200 http://h/",
        ),
        (
            &[GET, GET],
            "200 | T: a; 200; 401; 200 | T: b; 401",
            &[LOGIN, WITH_A, WITH_A, LOGIN, WITH_B],
            "200 http://h/, 401 http://h/",
        ),
        // One that this call has fetched is not.
        (
            &[GET, GET],
            "200 | T: a; 401; 200 | T: b; 200",
            &[LOGIN, WITH_A, LOGIN, WITH_B],
            "401 http://h/, 200 http://h/",
        ),
        // A source that fails, in any way; the next call tries again.
        (
            &[GET, GET, GET, GET],
            "503; refused; 200; 200 | T: a; 200",
            &[LOGIN, LOGIN, LOGIN, LOGIN, WITH_A],
            "Status 503 http://login/, Connect, Other, 200 http://h/",
        ),
        // A token that is no header value.
        (
            &[GET, GET],
            "200 | T: a\\nb; 200 | T: a; 200",
            &[LOGIN, LOGIN, WITH_A],
            "InvalidHeader, 200 http://h/",
        ),
        // A lifetime of nothing is not endless.
        (
            &[GET, GET],
            "200 | T: a | L: 0; 200; 200 | T: b; 200",
            &[LOGIN, WITH_A, LOGIN, WITH_B],
            "200 http://h/, 200 http://h/",
        ),
        // Another origin, and a header of the request's own.
        (
            &["GET http://other/", "GET http://h/ | Authorization: Basic x"],
            "401; 401",
            &["GET http://other/", "GET http://h/ | Authorization: Basic x"],
            "401 http://other/, 401 http://h/",
        ),
        // A body that cannot be sent again.
        (
            &[GET, "POST http://h/ | ~ x"],
            "200 | T: a; 200; 401",
            &[LOGIN, WITH_A, "POST http://h/ | Authorization: Bearer a | = x"],
            "200 http://h/, Body 401 http://h/",
        ),
        (
            &[GET, "POST http://h/ | = x"],
            "200 | T: a; 200; 401; 200 | T: b; 200",
            &[
                LOGIN,
                WITH_A,
                "POST http://h/ | Authorization: Bearer a | = x",
                LOGIN,
                "POST http://h/ | Authorization: Bearer b | = x",
            ],
            "200 http://h/, 200 http://h/",
        ),
    ];
    for (requests, answers, expected, ends) in rows {
        let client = Middleware::with(auth(), Scripted::new(answers.split("; ")));
        let ended = requests.iter().map(|script| end(&F::send(&client, request::<F>(script))));
        let ended = ended.collect::<Vec<_>>().join(", ");
        assert_eq!((client.transport().sent(), &*ended), (owned(expected), *ends), "{answers}");
    }
    // Each step of a redirect, and no step to another origin.
    let script = ["302 | Location: /a", "200 | T: a", "302 | Location: http://other/", "200"];
    let script = [script[1], script[0], script[2], script[3]];
    let client = RedirectMiddleware::new(Middleware::with(TokenAuth::new(Login), Scripted::new(script)));
    F::send(&client, request::<F>(GET)).unwrap();
    let expected = [LOGIN, WITH_A, "GET http://h/a | Authorization: Bearer a", "GET http://other/"];
    assert_eq!(client.transport().transport().sent(), expected);
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// A clock that the test moves.
struct Moved(Instant, Mutex<Duration>);

impl Clock for Moved {
    fn now(&self) -> Instant {
        self.0 + *self.1.lock().unwrap()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }
}

impl Moved {
    fn new() -> Self {
        Moved(Instant::now(), Mutex::default())
    }

    fn set(&self, seconds: u64) {
        *self.1.lock().unwrap() = Duration::from_secs(seconds);
    }
}

/// One call, whose steps the test takes.
struct OneCall<'a> {
    flow: &'a TokenAuth<Login>,
    clock: &'a Moved,
    head: RequestHead,
    state: <TokenAuth<Login> as Flow>::Call,
    own_total: Option<Duration>,
    listener: Option<Listener>,
}

impl<'a> OneCall<'a> {
    fn begin(flow: &'a TokenAuth<Login>, clock: &'a Moved) -> Self {
        OneCall::with_timeouts(flow, clock, Timeouts::new())
    }

    fn with_timeouts(flow: &'a TokenAuth<Login>, clock: &'a Moved, timeouts: Timeouts) -> Self {
        let mut head = RequestHead::new(Method::GET, Url::parse("http://h/").unwrap());
        head.begin(|| clock.now(), &timeouts);
        let state = flow.start(&mut head, clock).unwrap();
        OneCall { flow, clock, head, state, own_total: None, listener: None }
    }

    /// What the call does next: `fetch`, `wait`, `send TOKEN`, or its error.
    fn next(&mut self) -> String {
        match self.flow.before_send(&mut self.state, &mut self.head, self.clock) {
            Ok(BeforeSend::Send) => {
                let header = self.head.headers().get("Authorization").unwrap();
                header.to_str().unwrap().replacen("Bearer", "send", 1)
            }
            Ok(BeforeSend::SendOwn(own)) => {
                self.own_total = own.head().options().timeouts.total;
                "fetch".into()
            }
            Ok(BeforeSend::WaitFor(listener)) => {
                self.listener = Some(listener);
                "wait".into()
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => format!("{:?}: {} ({:?})", error.kind(), error.message(), error.status()),
        }
    }

    fn is_woken(&mut self) -> bool {
        let listener = Pin::new(self.listener.as_mut().unwrap());
        listener.poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    fn fetched(&mut self, response: Result<Response<Bytes>>) -> Result<()> {
        self.flow.on_own_response(&mut self.state, response, self.clock)
    }

    fn is_refused(&mut self) -> bool {
        let mut response = ResponseHead::new(StatusCode::UNAUTHORIZED);
        let outcome = FlowOutcome::Response(&mut response);
        let next = self.flow.next(&mut self.state, &mut self.head, outcome, self.clock).unwrap();
        matches!(next, FlowNext::Done)
    }
}

fn token(value: &str) -> Result<Response<Bytes>> {
    Response::new(200, ())?.with_header("T", value)
}

#[test]
fn one_call_fetches_and_the_others_wait() {
    let (flow, clock) = (auth(), Moved::new());
    let [mut a, mut b, mut c] = [(); 3].map(|()| OneCall::begin(&flow, &clock));
    assert_eq!([a.next(), b.next(), c.next()], ["fetch", "wait", "wait"]);
    assert!(!b.is_woken() && !c.is_woken());
    a.fetched(token("t1")).unwrap();
    assert!(b.is_woken() && c.is_woken());
    assert_eq!([a.next(), b.next(), c.next()], ["send t1"; 3]);
    // All are refused: the first one fetches, the others take what it has fetched.
    assert!(a.is_refused()); // it had fetched the token itself
    assert!(!b.is_refused() && !c.is_refused());
    assert_eq!([b.next(), c.next()], ["fetch", "wait"]);
    b.fetched(token("t2")).unwrap();
    assert_eq!([b.next(), c.next()], ["send t2"; 2]);
    // A refusal of the old token does not drop the new one.
    let mut d = OneCall::begin(&flow, &clock);
    assert_eq!(d.next(), "send t2");
    assert!(b.is_refused() && c.is_refused());
}

#[test]
fn a_late_refusal_keeps_the_new_token() {
    let (flow, clock) = (auth(), Moved::new());
    let mut first = OneCall::begin(&flow, &clock);
    assert_eq!(first.next(), "fetch");
    first.fetched(token("t1")).unwrap();
    let [mut a, mut b] = [(); 2].map(|()| OneCall::begin(&flow, &clock));
    assert_eq!([a.next(), b.next()], ["send t1"; 2]);
    assert!(!a.is_refused());
    assert_eq!(a.next(), "fetch");
    a.fetched(token("t2")).unwrap();
    assert!(!b.is_refused());
    assert_eq!(b.next(), "send t2");
}

#[test]
fn a_failure_is_that_of_all_waiting_calls() {
    let (flow, clock) = (auth(), Moved::new());
    let [mut a, mut b, mut c] = [(); 3].map(|()| OneCall::begin(&flow, &clock));
    assert_eq!([a.next(), b.next()], ["fetch", "wait"]);
    let busy = Response::new(503, ()).and_then(|response| response.with_header("Retry-After", 7));
    let error = a.fetched(busy).unwrap_err();
    assert!(error.kind() == ErrorKind::Status && error.to_string().contains("no token"), "{error}");
    // A layer above sees that it may pass, and when.
    let retry_after = |error: &Error| {
        error.response().unwrap().headers().get("Retry-After").unwrap().to_str().unwrap().to_owned()
    };
    assert!(error.is_transient());
    assert_eq!(retry_after(&error), "7");
    assert!(b.is_woken());
    let shown = b.next();
    assert!(
        shown.starts_with("Status: no token could be fetched") && shown.ends_with("(Some(503))"),
        "{shown}"
    );
    // The next call tries again.
    assert_eq!(c.next(), "fetch");
}

#[test]
fn a_call_that_is_cancelled_or_out_of_time_hands_over() {
    let (flow, clock) = (auth(), Moved::new());
    let timeouts = Timeouts::new().total(Duration::from_secs(5));
    let [mut a, mut b, mut c] = [(); 3].map(|()| OneCall::with_timeouts(&flow, &clock, timeouts));
    assert_eq!([a.next(), b.next(), c.next()], ["fetch", "wait", "wait"]);
    drop(a);
    assert!(b.is_woken() && !c.is_woken());
    assert_eq!(b.next(), "fetch");
    clock.set(5);
    assert_eq!(b.fetched(Err(too_late())).unwrap_err().kind(), ErrorKind::Timeout(Timeout::Total));
    assert!(c.is_woken());
    assert_eq!(c.next(), "fetch");
    c.fetched(token("t")).unwrap();
    assert_eq!(c.next(), "send t");
}

fn too_late() -> Error {
    Error::new(ErrorKind::Timeout(Timeout::Total), "too late")
}

/// Otherwise each call that waits would wait for the timeout of each one before it.
#[test]
fn a_source_out_of_time_fails_all_waiting_calls() {
    for timeouts in [Timeouts::new(), Timeouts::new().total(Duration::from_secs(31))] {
        let (flow, clock) = (auth(), Moved::new());
        let [mut a, mut b, mut c] = [(); 3].map(|()| OneCall::with_timeouts(&flow, &clock, timeouts));
        assert_eq!([a.next(), b.next(), c.next()], ["fetch", "wait", "wait"]);
        clock.set(30);
        a.fetched(Err(too_late())).unwrap_err();
        assert!(b.is_woken() && c.is_woken());
        for shown in [b.next(), c.next()] {
            assert!(shown.starts_with("Timeout(Total): no token could be fetched"), "{shown}");
        }
    }
}

#[test]
fn a_fetch_has_a_timeout() {
    let seconds = Duration::from_secs;
    for (flow, expected) in [(auth(), 30), (auth().fetch_timeout(seconds(7)), 7)] {
        let clock = Moved::new();
        let mut call = OneCall::begin(&flow, &clock);
        assert_eq!((call.next().as_str(), call.own_total), ("fetch", Some(seconds(expected))));
    }
}

#[test]
fn tokens_expire() {
    // Lifetime, time for refreshing, and the last second at which the token is used.
    for (lifetime, before, last) in [(100, 30, 69), (100, 0, 99), (40, 30, 19), (100, 1000, 49)] {
        let flow = auth().refresh_before(Duration::from_secs(before));
        let clock = Moved::new();
        let mut first = OneCall::begin(&flow, &clock);
        assert_eq!(first.next(), "fetch");
        first.fetched(token("t").and_then(|head| head.with_header("L", lifetime.to_string()))).unwrap();
        for (second, expected) in [(0, "send t"), (last, "send t"), (last + 1, "fetch")] {
            clock.set(second);
            assert_eq!(OneCall::begin(&flow, &clock).next(), expected, "{lifetime} {before} {second}");
        }
    }
}

#[test]
fn tokens_are_not_shown() {
    assert_eq!(format!("{:?} {:?}", auth(), Token::new("s3cret")), "<TokenAuth for http://h> <Token>");
}
