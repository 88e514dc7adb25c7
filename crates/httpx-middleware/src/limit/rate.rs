//! [`RateLimit`]: how many requests are sent per time.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use httpx_core::{Error, ErrorKind, RequestHead, RequestSent, Result, Timeout};

use super::gcra::{Full, Gcra};
use super::scope::LimitScope;
use super::wait_queue::WaitQueue;
use crate::flow::{BeforeSend, Notify};
use crate::{Clock, Flow};

/// The most origins that are remembered. A client that follows links meets any number.
const MAX_ORIGINS: usize = 1000;

/// Limits how many requests are sent per time, to each origin or in all. Requests wait for their turn, in the order in which
/// they came.
///
/// By default requests are spaced evenly: 10 per second are one each 100 ms, so that no second sees more than 10. With a
/// [`burst`](RateLimit::burst) of *b*, after a pause *b* requests are sent at once, and a second may see 9 + *b*. If the program
/// was blocked, one request that is late is made up for, so that this may be one more.
///
/// The wait counts into the total timeout. If the timeout would pass before the request's turn, the call fails at once.
/// A call that is cancelled while it waits gives its turn to the next one.
///
/// Up to 1,000 origins are remembered; beyond that, the one that is free soonest is forgotten.
///
/// Use it as a [`network layer`](crate::limit) of a client, so that redirects and retries count too. A clone shares the
/// limit: give it to several clients to limit them together.
///
/// ```
/// # mod httpx { pub mod limit { pub use httpx_middleware::limit::*; } }
/// use std::time::Duration;
/// use httpx::limit::RateLimit;
///
/// let limit = RateLimit::new(10, Duration::from_secs(1)).burst(5);
/// ```
#[derive(Clone)]
#[must_use = "a limit does nothing until it is a layer of a client"]
#[doc(alias = "throttle")]
pub struct RateLimit {
    rate: Gcra,
    scope: LimitScope,
    max_wait: Option<Duration>,
    origins: Arc<Mutex<RateOrigins>>,
}

type RateOrigins = HashMap<String, RateOrigin>;

/// The state of one origin.
#[derive(Debug, Default)]
struct RateOrigin {
    full: Full,
    queue: WaitQueue,
}

impl RateLimit {
    /// Creates a limit of this many requests per time, for each origin. Zero requests are as one.
    pub fn new(requests: u32, per: Duration) -> Self {
        RateLimit {
            rate: Gcra::new(requests, per),
            scope: LimitScope::Origin,
            max_wait: None,
            origins: Arc::default(),
        }
    }

    /// Sets how many requests may follow each other at once after a pause. Defaults to 1: requests are spaced evenly.
    pub fn burst(mut self, requests: u32) -> Self {
        self.rate.burst = requests;
        self
    }

    /// Limits the requests to all origins together. Defaults to a limit for each origin.
    pub fn for_all_origins(mut self) -> Self {
        self.scope = LimitScope::All;
        self
    }

    /// Sets the longest wait for a turn. A call that would wait longer fails at once, with kind
    /// [`Timeout(Pool)`](Timeout::Pool). With zero, no call waits. Defaults to no limit but the total timeout.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = Some(wait);
        self
    }

    fn lock(&self) -> MutexGuard<'_, RateOrigins> {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.lock().len()
    }

    /// Decides about a call that has no place in the queue.
    fn arrive(&self, call: &mut RateCall, request: &RequestHead, now: Instant) -> Result<BeforeSend> {
        let mut origins = self.lock();
        if origins.len() >= MAX_ORIGINS && !origins.contains_key(&call.key) {
            self.make_room(&mut origins, now);
        }
        let origin = origins.entry(call.key.clone()).or_default();
        let wait = self.rate.wait(origin.full, now, origin.queue.len());
        if wait.is_zero() && origin.queue.is_empty() {
            origin.full = self.rate.take(origin.full, now);
            call.place = RatePlace::Passed;
            return Ok(BeforeSend::Send);
        }
        if self.max_wait.is_some_and(|most| wait > most) {
            return Err(self.too_long(request, wait));
        }
        let is_in_time = |deadline| now.checked_add(wait).is_some_and(|then| then < deadline);
        if !request.deadline().is_none_or(is_in_time) {
            // Fails, because it would outlast the total timeout.
            return Ok(BeforeSend::Wait(wait));
        }
        let id = origin.queue.join();
        call.place = RatePlace::Waiting { id, arrived: now };
        Ok(self.wait_in(origin, id, now))
    }

    /// Decides about a call that has waited.
    fn waited(&self, call: &mut RateCall, id: u64, arrived: Instant, now: Instant) -> BeforeSend {
        let mut origins = self.lock();
        // An origin with a queue is not forgotten.
        let origin = origins.entry(call.key.clone()).or_default();
        if !origin.queue.is_first(id) || !self.rate.wait(origin.full, now, 0).is_zero() {
            return self.wait_in(origin, id, now);
        }
        // It counts from its arrival, so that the next one need not wait longer because this one was woken late.
        origin.full = self.rate.take_late(origin.full, arrived, now);
        origin.queue.leave(id);
        let next = origin.queue.first();
        drop(origins);
        call.place = RatePlace::Passed;
        next.as_ref().map(Notify::notify_one);
        BeforeSend::Send
    }

    /// The first call waits for its moment, the others for the one before them.
    fn wait_in(&self, origin: &RateOrigin, id: u64, now: Instant) -> BeforeSend {
        let wait = self.rate.wait(origin.full, now, 0);
        match origin.queue.listen(id) {
            Some(listener) if !origin.queue.is_first(id) => BeforeSend::WaitFor(listener),
            _ => BeforeSend::Wait(wait),
        }
    }

    /// Forgets the origins that are as if they were new; if there are none, the one that will be so soonest.
    fn make_room(&self, origins: &mut RateOrigins, now: Instant) {
        origins.retain(|_, origin| !origin.queue.is_empty() || origin.full.is_some_and(|full| full > now));
        if origins.len() < MAX_ORIGINS {
            return;
        }
        let idle = origins.iter().filter(|(_, origin)| origin.queue.is_empty());
        if let Some(key) = idle.min_by_key(|(_, origin)| origin.full).map(|(key, _)| key.clone()) {
            origins.remove(&key);
        }
    }

    fn too_long(&self, request: &RequestHead, wait: Duration) -> Error {
        let name = self.scope.name(request);
        let message = format!(
            "the rate limit for {name} delays the request by {wait:?}, which is longer than its max_wait; send fewer \
             requests, or raise it"
        );
        Error::new(ErrorKind::Timeout(Timeout::Pool), message)
            .with_timeout(self.max_wait.unwrap_or_default())
            .with_request_sent(RequestSent::Nothing)
    }
}

impl Flow for RateLimit {
    type Call = RateCall;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<RateCall> {
        Ok(RateCall {
            key: self.scope.key(request),
            place: RatePlace::New,
            origins: Arc::clone(&self.origins),
        })
    }

    fn before_send(
        &self,
        call: &mut RateCall,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        match call.place {
            RatePlace::New => self.arrive(call, request, clock.now()),
            RatePlace::Waiting { id, arrived } => Ok(self.waited(call, id, arrived, clock.now())),
            RatePlace::Passed => Ok(BeforeSend::Send),
        }
    }
}

/// A call under a rate limit. Dropping it while it waits gives its turn to the next one.
#[doc(hidden)]
#[derive(Debug)]
pub struct RateCall {
    key: String,
    place: RatePlace,
    origins: Arc<Mutex<RateOrigins>>,
}

#[derive(Debug, Clone, Copy)]
enum RatePlace {
    New,
    Waiting { id: u64, arrived: Instant },
    Passed,
}

impl Drop for RateCall {
    fn drop(&mut self) {
        let RatePlace::Waiting { id, .. } = self.place else { return };
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(origin) = origins.get_mut(&self.key) else { return };
        origin.queue.leave(id);
        let next = origin.queue.first();
        drop(origins);
        // It may be the first one now. If it was before, it only looks again.
        next.as_ref().map(Notify::notify_one);
    }
}

/// `<RateLimit [3 waiting]>`.
impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting: usize = self.lock().values().map(|origin| origin.queue.len()).sum();
        write!(f, "<RateLimit [{waiting} waiting]>")
    }
}
