//! [`SharedPlan`]: the plan of a pool behind its lock. [`Lease`]: returns a connection to the plan.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use httpx_core::{ConnectionCounts, ConnectionDetails, RequestSent, Result};

use crate::close_cause::CloseCause;
use crate::connection_info::ConnectionInfo;
use crate::into_error;
use crate::key::{Key, KeyRef};
use crate::plan::{Acquire, Actions, Closing, Grant, Opening, Plan, PoolLimits, Release, Slot, SmallVec1};
use crate::pool_stats::PoolStats;

/// A connection that belongs to a plan.
pub(crate) trait Pooled: Sized {
    /// Wakes a request that waits for a connection.
    type Waker: Wake;
    /// The body of a request.
    type Body;

    /// Where the connection goes when its response has ended; `None` while it is idle there.
    fn lease(&mut self) -> &mut Option<Lease<Self>>;

    /// Returns how long the server keeps the connection idle, if the server announced it.
    fn server_keep_alive(&self) -> Option<Duration>;

    /// Returns whether it has carried requests before, and has not received a byte of the current response.
    fn died_before_response(&self) -> bool;

    /// Returns how much of the current request has been handed to the network.
    fn request_sent(&self) -> RequestSent;

    /// After an error: takes the body of the request if the server has refused its `Expect` by a 417, and it can be sent
    /// again.
    fn take_refused(&mut self) -> Option<Self::Body>;

    /// Notes that no `Expect` is added to requests over this connection.
    fn refuse_expect(&mut self);

    /// After an error: whether the request was not even begun, so that the connection is as good as before.
    fn is_untouched(&self) -> bool;

    /// Returns the details from opening the connection.
    fn details(&self) -> &ConnectionDetails;

    /// Returns whether it has been idle.
    fn is_reused(&self) -> bool;

    /// Notes how long the next request was in the queue, and since when it has this connection.
    fn set_ready(&mut self, queue: Duration, ready: Option<Instant>);

    /// Sets why the connection is closed, before it is dropped.
    fn set_close_cause(&mut self, cause: CloseCause);

    /// Notes that the connection becomes idle without having carried a request.
    fn set_idle(&mut self);

    /// Drops a connection over which a request has failed. One that is untouched is given back.
    fn give_up(self: Box<Self>) {
        if self.is_untouched() {
            self.leave_idle();
        }
    }

    /// Gives back a connection that has carried no request since it was granted.
    fn leave_idle(mut self: Box<Self>) {
        if let Some(lease) = self.lease().take() {
            self.set_idle();
            let how = if lease.is_reused { Release::Unused } else { Release::Fresh };
            lease.give_back(self, how);
        }
    }
}

/// Wakes a thread or a task.
pub(crate) trait Wake: Clone {
    /// A waker of a request that begins to wait.
    fn new() -> Self;

    fn wake(self);
}

#[cfg(feature = "blocking")]
impl Wake for httpx_core::blocking::ThreadWaker {
    fn new() -> Self {
        Self::default()
    }

    fn wake(self) {
        Self::wake(self);
    }
}

#[cfg(feature = "async")]
impl Wake for std::task::Waker {
    /// Does nothing yet: each poll of the waiting task sets another one.
    fn new() -> Self {
        std::task::Waker::noop().clone()
    }

    fn wake(self) {
        self.wake();
    }
}

/// The plan of a pool behind its lock. All I/O that the plan requests is done outside of the lock.
pub(crate) struct SharedPlan<L: Pooled> {
    plan: Mutex<Plan<Key, Box<L>, L::Waker>>,
    /// Whether connections have a maximum age. Each one gets a slightly smaller one.
    limits_age: bool,
}

impl<L: Pooled> SharedPlan<L> {
    pub(crate) fn new(limits: PoolLimits) -> Self {
        SharedPlan { limits_age: limits.age.is_some(), plan: Mutex::new(Plan::new(limits)) }
    }

    /// A plan that consists of one idle connection, and will never have another one.
    pub(crate) fn single(key: KeyRef<'_>, connection: Box<L>) -> Arc<Self> {
        let shared = Arc::new(SharedPlan::new(PoolLimits::single()));
        let (acquired, _) = shared.lock().acquire(key, Instant::now(), L::Waker::new);
        if let Acquire::Granted(Grant::Connect { slot }) = acquired {
            Lease::new(&shared, slot).give_back(connection, Release::Fresh);
        }
        shared
    }

    /// The connection of a [`single`](Self::single) plan, for one request.
    ///
    /// # Errors
    ///
    /// If it is busy or closed.
    pub(crate) fn take_single(self: &Arc<Self>, key: KeyRef<'_>) -> Result<Box<L>> {
        let (acquired, close) = self.lock().acquire(key, Instant::now(), L::Waker::new);
        close_all(close);
        match acquired {
            Acquire::Granted(Grant::Use { slot, mut connection }) => {
                *connection.lease() = Some(Lease::of_open(self, slot));
                Ok(connection)
            }
            // It was closed, and another one would be opened in its place.
            Acquire::Granted(Grant::Connect { slot }) => {
                drop(Lease::new(self, slot));
                Err(into_error::connection_closed())
            }
            Acquire::Granted(Grant::Closed) => Err(into_error::connection_closed()),
            Acquire::Wait(waiter) => {
                let actions = self.lock().give_up(waiter, Instant::now());
                apply(actions);
                Err(into_error::connection_busy())
            }
        }
    }

    /// Returns whether the connection of a [`single`](Self::single) plan is idle and alive. Checks it outside of the
    /// lock.
    pub(crate) fn is_single_ready(self: &Arc<Self>, key: KeyRef<'_>, look: fn(&mut L) -> bool) -> bool {
        let Ok(mut connection) = self.take_single(key) else { return false };
        let is_alive = look(&mut connection);
        if let Some(lease) = connection.lease().take() {
            let how = if is_alive { Release::Unused } else { Release::Close(CloseCause::Stale) };
            lease.give_back(connection, how);
        }
        is_alive
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Plan<Key, Box<L>, L::Waker>> {
        // The plan is data, and consistent between any two calls.
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn close(&self) {
        let actions = self.lock().close();
        apply(actions);
    }

    pub(crate) fn counts(&self) -> ConnectionCounts {
        self.lock().counts()
    }

    pub(crate) fn stats(&self) -> PoolStats {
        self.lock().stats()
    }

    pub(crate) fn connections(&self) -> Vec<ConnectionInfo> {
        let now = Instant::now();
        let plan = self.lock();
        let info = plan.connections().map(|listed| ConnectionInfo {
            origin: listed.key.endpoint.clone(),
            proxy: listed.key.route.as_deref().map(|route| route.server().to_string()),
            state: listed.state,
            time_in_state: now.saturating_duration_since(listed.since),
            age: now.saturating_duration_since(listed.opened),
            uses: listed.uses,
            capacity: listed.capacity,
            details: listed.details.cloned(),
        });
        info.collect()
    }

    /// Zero, or a random number where connections have a maximum age.
    fn jitter(&self) -> u32 {
        if self.limits_age { RandomState::new().hash_one(0) as u32 } else { 0 }
    }
}

/// Performs the actions that the plan returned, outside of its lock: closes connections, wakes waiters.
#[inline]
pub(crate) fn apply<L: Pooled>(actions: Actions<Box<L>, L::Waker>) {
    let Actions { close, wake, retired, stale: _ } = actions;
    if !close.is_empty() || !wake.is_empty() || retired.is_some() {
        apply_all(close, wake, retired);
    }
}

fn apply_all<L: Pooled>(
    close: SmallVec1<Closing<Box<L>>>,
    wake: SmallVec1<L::Waker>,
    retired: Option<L::Waker>,
) {
    let _wake_last = WakeOnDrop(wake);
    drop(retired);
    close_all(close);
}

/// Closes these connections.
#[inline(always)]
pub(crate) fn close_all<L: Pooled>(close: SmallVec1<Closing<Box<L>>>) {
    if !close.is_empty() {
        close_each(close);
    }
}

fn close_each<L: Pooled>(close: SmallVec1<Closing<Box<L>>>) {
    for Closing { mut connection, cause } in close {
        connection.set_close_cause(cause);
    }
}

/// Wakes waiters, also if closing a connection panics: each of them has been granted a connection or room.
struct WakeOnDrop<W: Wake>(SmallVec1<W>);

impl<W: Wake> Drop for WakeOnDrop<W> {
    fn drop(&mut self) {
        if self.0.is_empty() {
            return;
        }
        for waker in std::mem::take(&mut self.0) {
            waker.wake();
        }
    }
}

/// The right to one connection of a plan. It is given back with the connection. If it is dropped instead, the plan
/// learns that the connection no longer exists.
///
/// It holds its plan weakly, because a streamed response may outlive its client.
pub(crate) struct Lease<L: Pooled> {
    plan: Weak<SharedPlan<L>>,
    /// `None` once it has been given back.
    slot: Option<Slot>,
    /// Whether the connection was open before it was leased.
    is_reused: bool,
    /// Why the connection was closed, if the lease is dropped.
    cause: CloseCause,
}

impl<L: Pooled> Lease<L> {
    /// The lease of a connection that will be opened.
    pub(crate) fn new(plan: &Arc<SharedPlan<L>>, slot: Slot) -> Self {
        let (plan, slot) = (Arc::downgrade(plan), Some(slot));
        Lease { plan, slot, is_reused: false, cause: CloseCause::Cancelled }
    }

    /// The lease of a connection that is open.
    pub(crate) fn of_open(plan: &Arc<SharedPlan<L>>, slot: Slot) -> Self {
        let mut lease = Lease::new(plan, slot);
        lease.is_reused = true;
        lease
    }

    /// Sets why the connection is closed. Defaults to [`CloseCause::Cancelled`].
    pub(crate) fn set_cause(&mut self, cause: CloseCause) {
        self.cause = cause;
    }

    /// Gives the connection back, to be used again or to be closed.
    pub(crate) fn give_back(mut self, connection: Box<L>, how: Release) {
        if let (Some(slot), Some(plan)) = (self.slot.take(), self.plan.upgrade()) {
            let actions = plan.lock().release(slot, connection, how, Instant::now());
            apply(actions);
        }
    }

    /// Tells the plan that the connection is open.
    pub(crate) fn opened(&self, details: Arc<ConnectionDetails>, now: Instant) {
        if let (Some(slot), Some(plan)) = (&self.slot, self.plan.upgrade()) {
            let opening = Opening { capacity: 1, jitter: plan.jitter(), details };
            let actions = plan.lock().opened(slot, opening, now);
            apply(actions);
        }
    }

    /// The slot, for another connection.
    pub(crate) fn into_slot(mut self) -> Option<Slot> {
        self.slot.take()
    }
}

impl<L: Pooled> Drop for Lease<L> {
    fn drop(&mut self) {
        if let (Some(slot), Some(plan)) = (self.slot.take(), self.plan.upgrade()) {
            let actions = plan.lock().forget(slot, self.cause, Instant::now());
            apply(actions);
        }
    }
}
