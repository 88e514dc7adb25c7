//! When a connection of a [`Plan`] expires, and how expired connections leave it (law 7).

use std::time::{Duration, Instant};

use super::connections::Record;
use super::{Actions, Closing, Plan, SmallVec1};
use crate::close_cause::CloseCause;

/// How many expired connections one operation closes (law 7). Closing one is a system call, and under TLS a message.
/// Thousands at once would delay the next request: 4,000 took 100 ms.
pub(super) const MAX_EXPIRED: usize = 8;

impl<K, C, W> Plan<K, C, W> {
    /// Begins an operation: hands out expired connections for closing.
    pub(super) fn begin(&mut self, now: Instant) -> Actions<C, W> {
        Actions { close: self.expire(now), ..Actions::default() }
    }

    /// Takes some of the expired connections out.
    #[inline]
    pub(super) fn expire(&mut self, now: Instant) -> SmallVec1<Closing<C>> {
        match self.connections.expired(now) {
            None => SmallVec1::default(),
            Some(_) => self.take_expired(now),
        }
    }

    fn take_expired(&mut self, now: Instant) -> SmallVec1<Closing<C>> {
        let mut close = SmallVec1::default();
        while close.len() < MAX_EXPIRED
            && let Some(key) = self.connections.expired(now)
        {
            let cause = self.reached_limit(key, now).unwrap_or(CloseCause::IdleTimeout);
            self.discard(key, cause, &mut close);
        }
        close
    }

    /// Sets when a connection that is returned now will expire.
    pub(super) fn set_deadline(&mut self, key: u32, keep: Option<Duration>, now: Instant) {
        let idle = self.limits.idle_time(keep);
        let Some(record) = self.connections.get_mut(key) else { return };
        let retires = self.limits.age_with(record.jitter).and_then(|age| record.opened.checked_add(age));
        record.deadline = now.checked_add(idle).into_iter().chain(retires).min();
    }

    /// Returns the limit that a connection has reached, if any: on its uses, its age or its idle time.
    pub(super) fn reached_limit(&self, key: u32, now: Instant) -> Option<CloseCause> {
        let Record { uses, opened, jitter, deadline, .. } = *self.connections.get(key)?;
        if self.limits.uses.is_some_and(|most| uses >= most.max(1)) {
            return Some(CloseCause::MaxUses);
        }
        if deadline.is_none_or(|deadline| deadline > now) {
            return None;
        }
        let age = now.saturating_duration_since(opened);
        let is_old = self.limits.age_with(jitter).is_some_and(|most| age >= most);
        Some(if is_old { CloseCause::MaxAge } else { CloseCause::IdleTimeout })
    }
}
