//! [`Checkout`]: how a request waits for a connection of a pool or fails at the pool timeout, and when it is resent.
//!
//! ```text
//!   start ───────────► Look ──────────────────► Send ────► the response
//!     │  granted an     │ dead: the next idle     │
//!     │  idle one       │ connection, or a new    │ the connection had been closed:
//!     │                 │ one in its place        │ once more over a new one
//!     │  granted room   ▼                         ▼
//!     ├──────────────► Connect ───► Send       Connect
//!     │  nothing free
//!     └──────────────► Wait ───► Look, Connect, or Fail when the time is up
//! ```
//!
//! If the server refuses the `Expect` of a request (417), the request is sent once more over a new connection, without it.
//!
//! A request whose head is not valid fails before it waits or connects.
//!
//! The checkout decides and never waits. A driver does what it needs, reports the result, and gets the next need:
//! the same loop in both flavours.

#[cfg(test)]
#[cfg(feature = "blocking")]
mod tests;

use std::sync::Arc;
#[cfg(feature = "async")]
use std::task::Poll;
use std::time::{Duration, Instant};

use httpx_core::{Error, ErrorKind, MessageBody, RequestHead, RequestSent, Result};

use crate::call::Call;
use crate::close_cause::CloseCause;
use crate::dialing::Opened;
use crate::exchange;
use crate::into_error;
use crate::key::KeyRef;
use crate::lease::{Lease, Pooled, SharedPlan, Wake, apply, close_all};
use crate::plan::{Acquire, Grant, Replacement, WaiterId};

/// One request that gets a connection of a pool. Its drop gives back everything that it holds.
pub(crate) struct Checkout<'a, L: Pooled, B> {
    plan: &'a Arc<SharedPlan<L>>,
    call: &'a Call<'a>,
    /// The body of the next attempt.
    body: B,
    /// Whether there is a copy of the body for a second attempt.
    can_resend: bool,
    /// The error of the first attempt, once there has been one.
    first_error: Option<Error>,
    /// The server has refused the `Expect` of the request.
    expectation_failed: bool,
    waiter: Option<WaiterId>,
    /// When the request arrived, or was granted a connection or room after a wait.
    granted: Option<Instant>,
    /// How long it waited.
    queue: Duration,
    /// Whether the request is neither being sent nor failed. If so, dropping this cancels the request.
    is_pending: bool,
}

/// What a driver does next for a [`Checkout`].
pub(crate) enum Need<L: Pooled> {
    /// Wait until the waker is called, at most until this instant; then [`waited`](Checkout::waited).
    #[cfg_attr(not(feature = "blocking"), expect(dead_code, reason = "a task sets its own waker"))]
    Wait { waker: L::Waker, by: Option<Instant> },
    /// Look whether the connection is alive; then [`looked`](Checkout::looked).
    Look(Box<L>),
    /// Open a connection; then [`connected`](Checkout::connected).
    Connect(Lease<L>),
    /// Send the request with the [`body`](Checkout::take_body), and return the response. On an error:
    /// [`failed`](Checkout::failed).
    Send(Box<L>),
    /// Return the error.
    Fail(Error),
}

impl<'a, L: Pooled<Body = B>, B: MessageBody> Checkout<'a, L, B> {
    pub(crate) fn new(plan: &'a Arc<SharedPlan<L>>, call: &'a Call<'a>, body: B) -> Self {
        Checkout {
            plan,
            call,
            body,
            can_resend: false,
            first_error: None,
            expectation_failed: false,
            waiter: None,
            granted: None,
            queue: Duration::ZERO,
            is_pending: true,
        }
    }

    /// Returns whether there is an idle connection with this key, which may have died meanwhile.
    pub(crate) fn has_idle(&self, key: KeyRef<'_>, now: Instant) -> bool {
        self.plan.lock().has_idle(&key, now)
    }

    /// Asks the plan for a connection with this key.
    pub(crate) fn start(&mut self, key: KeyRef<'_>, now: Instant) -> Need<L> {
        let mut waker = None;
        let new_waker = || waker.insert(L::Waker::new()).clone();
        self.granted = Some(now);
        let (acquired, close) = self.plan.lock().acquire(key, now, new_waker);
        let need = match acquired {
            Acquire::Granted(grant) => self.granted(grant),
            Acquire::Wait(waiter) => {
                self.waiter = Some(waiter);
                self.wait(waker.unwrap_or_else(L::Waker::new))
            }
        };
        // Last: if this panics, the guards return the granted connection or room.
        close_all(close);
        need
    }

    /// Looks whether the request still waits. If so, this waker is called when that has changed.
    #[cfg(feature = "async")]
    pub(crate) fn poll_turn(&mut self, waker: L::Waker) -> Poll<Need<L>> {
        let Some(waiter) = &self.waiter else { return Poll::Ready(self.waited()) };
        let mut plan = self.plan.lock();
        let grant = plan.take(waiter);
        let unused = if grant.is_none() { plan.set_waker(waiter, waker) } else { Some(waker) };
        drop(plan);
        drop(unused);
        match grant {
            None => Poll::Pending,
            Some(grant) => {
                self.end_wait();
                Poll::Ready(self.granted(grant))
            }
        }
    }

    /// Takes the grant that the request waited for. If there is none, the time is up.
    pub(crate) fn waited(&mut self) -> Need<L> {
        if let Some(waiter) = &self.waiter {
            let grant = self.plan.lock().take(waiter);
            if let Some(grant) = grant {
                self.end_wait();
                return self.granted(grant);
            }
        }
        self.leave_queue();
        self.fail(self.call.or_total_timeout(into_error::pool_timeout(self.call.timeouts.pool)))
    }

    /// Goes on after a look at a connection that was idle.
    pub(crate) fn looked(&mut self, connection: Box<L>, is_alive: bool) -> Need<L> {
        if !is_alive {
            return self.replace(connection, Replacement::Any);
        }
        let ready = self.granted;
        self.send(connection, ready)
    }

    /// Goes on after an attempt to open a connection.
    pub(crate) fn connected(&mut self, lease: Lease<L>, opened: Result<Opened<Box<L>>>) -> Need<L> {
        match opened {
            Ok(Opened { stream: mut connection, details }) => {
                let now = Instant::now();
                lease.opened(details, now);
                *connection.lease() = Some(lease);
                if self.expectation_failed {
                    connection.refuse_expect();
                }
                self.send(connection, Some(now))
            }
            Err(error) => {
                drop(lease);
                self.fail(error)
            }
        }
    }

    /// Takes the body of the present attempt.
    pub(crate) fn take_body(&mut self) -> B {
        // Sends the body, whose files are open, and keeps the copy, whose files are not.
        let copy = if self.first_error.is_none() { self.body.try_clone() } else { None };
        self.can_resend = copy.is_some();
        std::mem::replace(&mut self.body, copy.unwrap_or_default())
    }

    /// Goes on after an attempt that ended before the head of the response.
    pub(crate) fn failed(&mut self, mut connection: Box<L>, error: Error) -> Need<L> {
        if let Some(body) = connection.take_refused() {
            (self.body, self.expectation_failed) = (body, true);
            return self.resend(connection, CloseCause::RequestIncomplete, error);
        }
        if died(&*connection, &error) {
            connection.set_close_cause(CloseCause::Stale);
        }
        if self.can_resend && may_resend(self.call.head, &*connection, &error) {
            return self.resend(connection, CloseCause::Stale, error);
        }
        connection.give_up();
        self.fail(self.call.with_proxy_named(error))
    }

    /// Sends the request again over a new connection in place of this one.
    fn resend(&mut self, connection: Box<L>, cause: CloseCause, error: Error) -> Need<L> {
        self.is_pending = true;
        if let Some(trace) = &self.call.trace {
            trace.resent(&error);
        }
        self.first_error = Some(self.merged(error));
        self.replace(connection, Replacement::New(cause))
    }

    fn granted(&mut self, grant: Grant<Box<L>>) -> Need<L> {
        match grant {
            Grant::Closed => self.fail(into_error::closed()),
            Grant::Connect { slot } => self.connect(Lease::new(self.plan, slot)),
            Grant::Use { slot, mut connection } => {
                *connection.lease() = Some(Lease::of_open(self.plan, slot));
                Need::Look(connection)
            }
        }
    }

    /// Hands out a connection that has been ready since this moment.
    #[inline]
    fn send(&mut self, mut connection: Box<L>, ready: Option<Instant>) -> Need<L> {
        connection.set_ready(self.queue, ready);
        self.is_pending = false;
        if let Some(trace) = &self.call.trace {
            trace.acquired(connection.details(), connection.is_reused(), self.queue);
        }
        Need::Send(connection)
    }

    /// Notes that the request has been granted a connection or room after a wait.
    fn end_wait(&mut self) {
        self.waiter = None;
        let (now, began) = (Instant::now(), self.granted);
        self.queue = began.map_or(Duration::ZERO, |began| now.saturating_duration_since(began));
        self.granted = Some(now);
    }

    /// Waits, unless the head of the request is not valid. An idle connection is used without this check, because the
    /// exchange makes it again.
    fn wait(&mut self, waker: L::Waker) -> Need<L> {
        match exchange::check_head(self.call, &self.body) {
            Ok(()) => {
                if let Some(trace) = &self.call.trace {
                    trace.queued();
                }
                Need::Wait { waker, by: self.call.by(self.call.timeouts.pool) }
            }
            Err(error) => {
                self.leave_queue();
                self.fail(error)
            }
        }
    }

    /// Connects, unless the head of the request is not valid.
    fn connect(&mut self, lease: Lease<L>) -> Need<L> {
        match exchange::check_head(self.call, &self.body) {
            Ok(()) => Need::Connect(lease),
            Err(error) => {
                drop(lease);
                self.fail(error)
            }
        }
    }

    /// Replaces a connection that cannot be used.
    fn replace(&mut self, mut old: Box<L>, by: Replacement) -> Need<L> {
        let Some(lease) = old.lease().take() else { return self.fail(into_error::closed()) };
        old.set_close_cause(by.cause());
        drop(old);
        let Some(slot) = lease.into_slot() else { return self.fail(into_error::closed()) };
        let now = Instant::now();
        let (grant, close) = self.plan.lock().replace(slot, by, now);
        let need = self.granted(grant);
        close_all(close);
        need
    }

    fn fail(&mut self, error: Error) -> Need<L> {
        let error = self.merged(error);
        self.is_pending = false;
        if let Some(trace) = &self.call.trace {
            trace.failed(&error);
        }
        Need::Fail(error)
    }

    /// Merges the error of an earlier attempt into this one.
    fn merged(&mut self, error: Error) -> Error {
        match self.first_error.take() {
            Some(first) => merge_errors(&first, error),
            None => error,
        }
    }
}

impl<L: Pooled, B> Checkout<'_, L, B> {
    /// Gives up waiting. What was granted meanwhile goes to another request.
    fn leave_queue(&mut self) {
        if let Some(waiter) = self.waiter.take() {
            let actions = self.plan.lock().give_up(waiter, Instant::now());
            apply(actions);
        }
    }
}

impl<L: Pooled, B> Drop for Checkout<'_, L, B> {
    fn drop(&mut self) {
        if self.waiter.is_some() {
            self.leave_queue();
        }
        if self.is_pending
            && let Some(trace) = &self.call.trace
        {
            trace.cancelled();
        }
    }
}

/// Whether the request that failed with this error may be sent again: the connection had carried other requests and
/// died (it was not just slow) before a byte of the response, and either sending the request twice does no harm or
/// nothing of it was sent (RFC 9110 §9.2.2, RFC 9112 §9.3.1).
fn may_resend<L: Pooled>(head: &RequestHead, connection: &L, error: &Error) -> bool {
    died(connection, error) && (head.is_idempotent() || connection.request_sent() == RequestSent::Nothing)
}

/// Whether the connection had carried other requests and died before a byte of the response.
fn died<L: Pooled>(connection: &L, error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Io | ErrorKind::Tls) && connection.died_before_response()
}

/// The error of the second attempt. Of both attempts it says what the server may have received.
fn merge_errors(first: &Error, second: Error) -> Error {
    match (first.request_sent(), second.request_sent()) {
        (Some(sent @ (RequestSent::Partial | RequestSent::Complete)), Some(RequestSent::Nothing))
        | (Some(sent @ RequestSent::Complete), Some(RequestSent::Partial)) => second.with_request_sent(sent),
        _ => second,
    }
}
