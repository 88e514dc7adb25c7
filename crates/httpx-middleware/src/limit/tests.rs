//! Calls under limits, with a clock that the test moves, compared with naive models.

mod concurrent;
mod rates;

use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Waker};
use std::time::{Duration, Instant, SystemTime};

use httpx_core::{Error, ErrorKind, Method, RequestHead, RequestSent, Timeout, Timeouts, Url};

use super::*;
use crate::flow::{BeforeSend, Listener};
use crate::{Clock, Flow};

const MS: Duration = Duration::from_millis(1);

/// A clock that the test sets, in milliseconds.
struct Set {
    began: Instant,
    ms: Mutex<u32>,
}

impl Set {
    fn new() -> Self {
        Set { began: Instant::now(), ms: Mutex::default() }
    }

    fn set(&self, ms: u32) {
        *self.ms.lock().unwrap() = ms;
    }
}

impl Clock for Set {
    fn now(&self) -> Instant {
        self.began + MS * *self.ms.lock().unwrap()
    }

    fn wall(&self) -> SystemTime {
        panic!("limits need no calendar")
    }
}

fn get(url: &str) -> RequestHead {
    RequestHead::new(Method::GET, Url::parse(url).unwrap())
}

/// A call as a driver holds it.
struct Driven<C> {
    head: RequestHead,
    call: C,
    state: State,
}

#[derive(Debug)]
enum State {
    Sent,
    Failed(Error),
    Until(Instant),
    Listening(Listener, Option<Instant>),
}

impl<C> Driven<C> {
    fn start<F: Flow<Call = C>>(flow: &F, mut head: RequestHead, clock: &Set) -> Self {
        head.begin(|| clock.now(), &Timeouts::default());
        let call = flow.start(&mut head, clock).unwrap();
        let mut driven = Driven { head, call, state: State::Until(clock.now()) };
        driven.ask(flow, clock);
        driven
    }

    /// Asks the flow again, if its wait is over. Returns whether it was asked.
    fn poll<F: Flow<Call = C>>(&mut self, flow: &F, clock: &Set) -> bool {
        let is_ready = match &mut self.state {
            State::Sent | State::Failed(_) => false,
            State::Until(at) => *at <= clock.now(),
            State::Listening(listener, by) => {
                let is_notified = pin!(listener).poll(&mut Context::from_waker(Waker::noop())).is_ready();
                is_notified || by.is_some_and(|by| by <= clock.now())
            }
        };
        if is_ready {
            self.ask(flow, clock);
        }
        is_ready
    }

    fn ask<F: Flow<Call = C>>(&mut self, flow: &F, clock: &Set) {
        self.state = match flow.before_send(&mut self.call, &mut self.head, clock) {
            Ok(BeforeSend::Send) => State::Sent,
            Ok(BeforeSend::Wait(wait)) => State::Until(clock.now() + wait),
            Ok(BeforeSend::WaitFor(listener)) => {
                let by = listener.limit().map(|limit| clock.now() + limit);
                State::Listening(listener, by)
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => State::Failed(error),
        };
    }

    fn is_sent(&self) -> bool {
        matches!(self.state, State::Sent)
    }
}

/// The error with which a call failed: a pool timeout before anything was sent.
fn failure<C>(driven: &Driven<C>) -> &Error {
    match &driven.state {
        State::Failed(error) => {
            assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Pool));
            assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
            error
        }
        state => panic!("{state:?}"),
    }
}
