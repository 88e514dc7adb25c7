//! Calls that are retried, as transcripts: the outcomes of their attempts, and the actions of a driver with a clock that
//! the waits move.

mod limits;
mod outcomes;
mod seen;

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use httpx_core::blocking::Body;
use httpx_core::{
    Error, ErrorKind, NotRetried, Request, RequestSent, Response, ResponseHead, Result, StatusCode, Timeout,
    Timeouts,
};

use super::*;
use crate::Clock;
use crate::call::{CallState, NextStep};

/// How long each attempt takes.
const ATTEMPT: Duration = Duration::from_millis(10);

/// A clock that begins at Sun, 06 Nov 1994 08:49:37 GMT, and that waits and attempts move.
struct Moved {
    began: Instant,
    passed: Mutex<Duration>,
}

impl Moved {
    fn new() -> Self {
        Moved { began: Instant::now(), passed: Mutex::default() }
    }

    fn pass(&self, time: Duration) {
        *self.passed.lock().unwrap() += time;
    }
}

impl Clock for Moved {
    fn now(&self) -> Instant {
        self.began + *self.passed.lock().unwrap()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777) + *self.passed.lock().unwrap()
    }
}

/// Sends the request by a flow, and gets these outcomes. Returns the waits, and the end of the call.
///
/// Fails if the call has fewer or more attempts than outcomes.
fn play(
    retry: &Retry,
    clock: &Moved,
    mut request: Request<Body>,
    outcomes: impl IntoIterator<Item = Result<Response<Body>>>,
) -> (Vec<Duration>, Result<ResponseHead>) {
    let mut outcomes = outcomes.into_iter();
    let mut call = CallState::start(retry, clock, &mut request, Timeouts::default).unwrap();
    let (mut step, mut waits) = (call.before_send(), Vec::new());
    let end = loop {
        step = match step {
            NextStep::Send(purpose) => {
                drop(call.request());
                clock.pass(ATTEMPT);
                call.sent(purpose, outcomes.next().expect("more attempts than outcomes"))
            }
            NextStep::Drain(_, then) => call.drained(then),
            NextStep::Wait(pause) => {
                waits.push(pause);
                clock.pass(pause);
                call.before_send()
            }
            NextStep::Done(end) => break end.map(|response| response.into_parts().0),
            _ => panic!("a retry neither reads nor observes bodies"),
        };
    };
    assert!(outcomes.next().is_none(), "fewer attempts than outcomes");
    (waits, end)
}

/// Without random pauses, so that attempts follow at once.
fn at_once() -> Retry {
    Retry::new().base_delay(Duration::ZERO)
}

fn request(method: &str) -> Request<Body> {
    Request::new(method, "http://h/").unwrap()
}

/// `503`, or `503 Retry-After: 7`.
fn answer(script: &str) -> Result<Response<Body>> {
    let (status, retry_after) = script.split_once(" Retry-After: ").unwrap_or((script, ""));
    let mut head = ResponseHead::new(StatusCode::try_from(status.parse::<u16>().unwrap()).unwrap());
    if script != status {
        head.headers_mut().set("Retry-After", retry_after).unwrap();
    }
    Ok(Response::from_parts(head, Body::default()))
}

fn failure(kind: ErrorKind, sent: RequestSent) -> Result<Response<Body>> {
    Err(Error::new(kind, "it failed").with_request_sent(sent))
}

/// `200`, or the kind of the error; `after N` attempts; and why there was not another one.
fn shown(end: &Result<ResponseHead>) -> String {
    let (outcome, attempts) = match end {
        Ok(head) => (head.status().as_u16().to_string(), head.attempts()),
        Err(error) => (format!("{:?}", error.kind()), error.attempts()),
    };
    let reason = attempts.not_retried().map(|reason| format!(", {reason:?}")).unwrap_or_default();
    format!("{outcome} after {}{reason}", attempts.count())
}
