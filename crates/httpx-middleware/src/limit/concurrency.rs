//! [`ConcurrencyLimit`]: how many requests are under way at once.

use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use httpx_core::{Error, ErrorKind, RequestHead, RequestSent, Result, Timeout};

use super::scope::LimitScope;
use super::wait_queue::WaitQueue;
use crate::flow::{BeforeSend, BodyObserver, Notify};
use crate::{Clock, Flow, FlowNext, FlowOutcome};

/// Limits how many requests are under way at once, to each origin or in all. Further requests wait until one of them has
/// ended, in the order in which they came.
///
/// A request is under way until the body of its response has been read to the end or dropped. **A program that holds a
/// streamed response while it sends another request needs room for both.**
///
/// A call waits as long as its pool timeout (5 minutes by default), or [`max_wait`](ConcurrencyLimit::max_wait), and never
/// past its total timeout. A call that is cancelled gives back its place.
///
/// The pool has limits of connections; this one also counts where there is no pool, holds for several clients together, and
/// can be lower for one origin.
///
/// Use it as a [`network layer`](crate::limit) of a client, so that each step of a redirect counts for its own origin. A
/// clone shares the limit.
///
/// ```
/// # mod httpx { pub mod limit { pub use httpx_middleware::limit::*; } }
/// use httpx::limit::ConcurrencyLimit;
///
/// let limit = ConcurrencyLimit::new(4);
/// assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [0 active, 0 waiting]>");
/// ```
#[derive(Clone)]
#[must_use = "a limit does nothing until it is a layer of a client"]
pub struct ConcurrencyLimit {
    max: usize,
    scope: LimitScope,
    max_wait: Option<Duration>,
    permits: Permits,
}

impl ConcurrencyLimit {
    /// Creates a limit of this many requests at once, for each origin. Zero is as one.
    pub fn new(requests: usize) -> Self {
        ConcurrencyLimit {
            max: requests.max(1),
            scope: LimitScope::Origin,
            max_wait: None,
            permits: Permits::default(),
        }
    }

    /// Limits the requests to all origins together. Defaults to a limit for each origin.
    pub fn for_all_origins(mut self) -> Self {
        self.scope = LimitScope::All;
        self
    }

    /// Sets the longest wait. A call that has waited so long fails, with kind [`Timeout(Pool)`](Timeout::Pool). With
    /// zero, no call waits. Defaults to the pool timeout of the request.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = Some(wait);
        self
    }

    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.permits.lock().len()
    }

    /// Decides about a call that has no place in the queue.
    fn arrive(&self, call: &mut ConcurrencyCall, request: &RequestHead, now: Instant) -> Result<BeforeSend> {
        let max_wait = self.max_wait.or(request.options().timeouts.pool);
        let mut origins = self.permits.lock();
        let origin = origins.entry(call.key.clone()).or_default();
        // Then nobody waits: a call that ends leaves its permit to the first one in the queue.
        if origin.active < self.max {
            origin.active += 1;
            call.place =
                ConcurrencyPlace::Active(Permit { permits: self.permits.clone(), key: call.key.clone() });
            return Ok(BeforeSend::Send);
        }
        if max_wait.is_some_and(|wait| wait.is_zero()) {
            return Err(self.timed_out(request, Duration::ZERO));
        }
        let id = origin.queue.join();
        let by = max_wait.and_then(|wait| now.checked_add(wait));
        call.place = ConcurrencyPlace::Waiting { id, by };
        Ok(wait_in(origin, id, max_wait))
    }

    /// Decides about a call that has waited: until it has a permit, or its time is up.
    fn waited(&self, call: &mut ConcurrencyCall, request: &RequestHead, now: Instant) -> Result<BeforeSend> {
        let ConcurrencyPlace::Waiting { id, by } = call.place else { return Ok(BeforeSend::Send) };
        let mut origins = self.permits.lock();
        // An origin with a queue, or with an active request, is there.
        let origin = origins.entry(call.key.clone()).or_default();
        let left = by.map(|by| by.saturating_duration_since(now));
        match origin.queue.listen(id) {
            // The call that ended has taken this one out of the queue, and left its permit.
            None => {
                call.place =
                    ConcurrencyPlace::Active(Permit { permits: self.permits.clone(), key: call.key.clone() });
                Ok(BeforeSend::Send)
            }
            Some(_) if left.is_some_and(|left| left.is_zero()) => {
                let max_wait = self.max_wait.or(request.options().timeouts.pool);
                Err(self.timed_out(request, max_wait.unwrap_or_default()))
            }
            Some(_) => Ok(wait_in(origin, id, left)),
        }
    }

    fn timed_out(&self, request: &RequestHead, waited: Duration) -> Error {
        let (max, name) = (self.max, self.scope.name(request));
        let message = format!(
            "the limit of {max} concurrent requests for {name} left no room within {waited:?}; read or drop responses \
             sooner, or raise the limit or its max_wait"
        );
        Error::new(ErrorKind::Timeout(Timeout::Pool), message)
            .with_timeout(waited)
            .with_request_sent(RequestSent::Nothing)
    }
}

fn wait_in(origin: &PermitOrigin, id: u64, left: Option<Duration>) -> BeforeSend {
    match (origin.queue.listen(id), left) {
        (Some(listener), Some(left)) => BeforeSend::WaitFor(listener.at_most(left)),
        (Some(listener), None) => BeforeSend::WaitFor(listener),
        (None, _) => BeforeSend::Wait(Duration::ZERO),
    }
}

impl Flow for ConcurrencyLimit {
    type Call = ConcurrencyCall;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<ConcurrencyCall> {
        Ok(ConcurrencyCall {
            key: self.scope.key(request),
            place: ConcurrencyPlace::New,
            permits: self.permits.clone(),
        })
    }

    fn before_send(
        &self,
        call: &mut ConcurrencyCall,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        match call.place {
            ConcurrencyPlace::New => self.arrive(call, request, clock.now()),
            ConcurrencyPlace::Waiting { .. } => self.waited(call, request, clock.now()),
            ConcurrencyPlace::Active(_) => Ok(BeforeSend::Send),
        }
    }

    fn next(
        &self,
        call: &mut ConcurrencyCall,
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        let permit = mem::replace(&mut call.place, ConcurrencyPlace::New);
        Ok(match outcome {
            // The permit goes back when the body has ended, also if it is dropped.
            FlowOutcome::Response(_) => FlowNext::Observe(BodyObserver::new(move |_| drop(permit))),
            FlowOutcome::Failed(_) => FlowNext::Done,
        })
    }
}

/// A call under a limit of concurrency. Dropping it gives back its permit, or its place in the queue.
#[doc(hidden)]
#[derive(Debug)]
pub struct ConcurrencyCall {
    key: String,
    place: ConcurrencyPlace,
    permits: Permits,
}

#[derive(Debug)]
enum ConcurrencyPlace {
    New,
    Waiting { id: u64, by: Option<Instant> },
    Active(#[expect(dead_code, reason = "its drop gives it back")] Permit),
}

impl Drop for ConcurrencyCall {
    fn drop(&mut self) {
        let ConcurrencyPlace::Waiting { id, .. } = self.place else { return };
        let has_left = self.permits.lock().get_mut(&self.key).is_some_and(|origin| origin.queue.leave(id));
        if !has_left {
            // It was given a permit that it has not taken.
            self.permits.give_back(&self.key);
        }
    }
}

/// A permit for one request. Its drop gives it to the call that has waited longest.
#[derive(Debug)]
struct Permit {
    permits: Permits,
    key: String,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.permits.give_back(&self.key);
    }
}

/// The permits of all origins. An origin without requests is forgotten.
#[derive(Clone, Default)]
struct Permits(Arc<Mutex<HashMap<String, PermitOrigin>>>);

/// The permits of one origin.
#[derive(Debug, Default)]
struct PermitOrigin {
    active: usize,
    queue: WaitQueue,
}

impl Permits {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, PermitOrigin>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a permit to the first call in the queue; if there is none, to nobody.
    fn give_back(&self, key: &str) {
        let mut origins = self.lock();
        let Some(origin) = origins.get_mut(key) else { return };
        let next = origin.queue.take_first();
        if next.is_none() {
            origin.active = origin.active.saturating_sub(1);
            if origin.active == 0 {
                origins.remove(key);
            }
        }
        drop(origins);
        next.as_ref().map(Notify::notify_one);
    }
}

impl fmt::Debug for Permits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permits")
    }
}

/// `<ConcurrencyLimit [4 active, 2 waiting]>`.
impl fmt::Debug for ConcurrencyLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins = self.permits.lock();
        let active: usize = origins.values().map(|origin| origin.active).sum();
        let waiting: usize = origins.values().map(|origin| origin.queue.len()).sum();
        write!(f, "<ConcurrencyLimit [{active} active, {waiting} waiting]>")
    }
}
