//! [`Plan`]: the connection pool as data. Which connection a request gets, who waits, who is next, which one is closed.
//!
//! A plan does no I/O, takes no lock and reads no clock. [`SharedPlan`](crate::lease::SharedPlan) puts one lock around
//! it and performs the plan's actions outside of the lock: it opens and closes connections and wakes waiting requests.
//! Connections (`C`) and wakers (`W`) are opaque. They move in and out, and are never dropped inside.
//!
//! # The laws
//!
//! 1. A request takes the most recently used idle connection of its origin. If there is none and the limits leave
//!    room, it opens one. At the limit on all connections, the one that has been idle longest (of any origin) is
//!    closed to make room. Otherwise the request waits.
//! 2. So no request waits that could be served: when an origin has waiters, either it has reached its own limit, or
//!    the pool is full and no connection is idle. A new request never overtakes a waiting one.
//! 3. A connection that is returned goes to the oldest waiter of its origin, because that costs no handshake. If there
//!    is none, the connection is closed for the oldest waiter that needs room.
//! 4. That oldest waiter is bypassed in this way at most four times by younger ones. The fifth time the connection is
//!    closed for it. So each waiter is served after a number of returns that depends only on the waiters before it. No
//!    origin starves another.
//! 5. Room that becomes free without a connection goes to the oldest waiter that needs room. Within one origin the
//!    order is always the order of arrival.
//! 6. A grant is reserved for its waiter. If the waiter gives up, the grant is passed on by the same rules.
//! 7. Expired connections are never used. Before it decides anything else, each operation hands out some of them for
//!    closing.
//!
//! Each operation costs constant time, or logarithmic time in the number of idle connections (their deadlines) or of
//! waiting origins. Only [`close`](Plan::close) and [`connections`](Plan::connections) look at everything.

mod connections;
mod expiry;
mod limits;
mod list;
mod origins;
mod report;
mod slab;
mod small_vec1;
mod types;
mod waiters;

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;

use std::hash::Hash;
use std::time::Instant;

pub(crate) use limits::PoolLimits;
pub(crate) use small_vec1::SmallVec1;
pub(crate) use types::{
    Acquire, Actions, Closing, Grant, Listed, Opening, Release, Replacement, Slot, WaiterId,
};

use crate::close_cause::CloseCause;
use connections::Connections;
use expiry::MAX_EXPIRED;
use origins::{Origin, Origins};
use waiters::{Removed, Waiters};

/// How often younger waiters of other origins may be served before the oldest one that needs room (law 4).
///
/// A new connection over TLS costs two to three round trips, a kept one none. With a strict order, requests that
/// alternate between two origins would pay for a handshake at each turn. A few turns of waiting are cheaper.
const MAX_BYPASSES: u32 = 4;

/// The connections of a pool and the requests that wait for them. The [module](self) states its laws.
pub(crate) struct Plan<K, C, W> {
    limits: PoolLimits,
    origins: Origins<K>,
    connections: Connections<C>,
    waiters: Waiters<C, W>,
    tickets: u64,
    closed: bool,
}

impl<K, C, W> Plan<K, C, W> {
    /// An empty pool.
    pub(crate) fn new(limits: PoolLimits) -> Self {
        Self {
            limits,
            origins: Origins::default(),
            connections: Connections::default(),
            waiters: Waiters::default(),
            tickets: 0,
            closed: false,
        }
    }

    /// The limits.
    #[cfg(test)]
    pub(crate) fn limits(&self) -> &PoolLimits {
        &self.limits
    }

    /// Begins a request to the origin `key`, and also returns connections to close. `waker` is called only if the
    /// request has to wait, before anything has changed.
    pub(crate) fn acquire<Q: Hash + PartialEq<K>>(
        &mut self,
        key: Q,
        now: Instant,
        waker: impl FnOnce() -> W,
    ) -> (Acquire<C>, SmallVec1<Closing<C>>)
    where
        K: From<Q>,
    {
        let mut close = self.expire(now);
        if self.closed {
            return (Acquire::Granted(Grant::Closed), close);
        }
        let origin = self.origins.find_or_add(key);
        // The common case. The origin keeps a connection and has no waiters, so there is nothing to settle.
        if let Some(grant) = self.take_idle(origin, now, &mut close) {
            return (Acquire::Granted(grant), close);
        }
        let answer = match self.grant_room(origin, now, &mut close) {
            Some(grant) => Acquire::Granted(grant),
            None => {
                let waker = waker();
                let ticket = self.ticket();
                Acquire::Wait(self.waiters.join(origin, ticket, waker, &mut self.origins))
            }
        };
        self.update_origin(origin);
        (answer, close)
    }

    /// Returns whether the origin has an idle connection that has not expired.
    pub(crate) fn has_idle<Q: Hash + PartialEq<K>>(&self, key: &Q, now: Instant) -> bool {
        let origin = self.origins.find(key).and_then(|origin| self.origins.get(origin));
        let newest = origin.and_then(|origin| origin.idle.newest());
        newest.is_some_and(|key| self.reached_limit(key, now).is_none())
    }

    /// Removes the waiter and returns its grant, if it has one. Later calls return `None`.
    pub(crate) fn take(&mut self, waiter: &WaiterId) -> Option<Grant<C>> {
        self.waiters.take(waiter)
    }

    /// Replaces the waker of a waiter, and returns the waker that is not needed: the old one, or this one if the waiter
    /// has been woken already (then [`take`](Self::take)). Drop it outside of the lock.
    #[must_use = "drop it outside of the lock"]
    #[cfg(any(feature = "async", test))]
    pub(crate) fn set_waker(&mut self, waiter: &WaiterId, waker: W) -> Option<W> {
        self.waiters.set_waker(waiter, waker)
    }

    /// Removes a waiter, and passes its grant on, if it has one. After [`take`](Self::take) has returned a grant
    /// this changes nothing, so that a guard may always call it.
    #[expect(clippy::needless_pass_by_value, reason = "a waiter gives up once")]
    pub(crate) fn give_up(&mut self, waiter: WaiterId, now: Instant) -> Actions<C, W> {
        let mut actions = self.begin(now);
        match self.waiters.remove(&waiter, &mut self.origins) {
            Some(Removed::Waiting { waker, origin }) => {
                actions.retired = waker;
                self.update_origin(origin);
            }
            Some(Removed::Granted(Grant::Use { slot, connection })) => {
                self.connections.unuse(slot.key);
                self.offer(slot.key, connection, now, &mut actions);
            }
            Some(Removed::Granted(Grant::Connect { slot })) => {
                self.free_slot(slot.key, CloseCause::Cancelled, now, &mut actions);
            }
            Some(Removed::Granted(Grant::Closed)) => {}
            None => actions.stale = true,
        }
        actions
    }

    /// Notes that the connection of this slot is open. Its age counts from now; without this call, from the grant.
    ///
    /// A connection that can carry several requests would serve waiters here. With a capacity of one it serves none.
    pub(crate) fn opened(&mut self, slot: &Slot, opening: Opening, now: Instant) -> Actions<C, W> {
        let key = self.connections.held(slot);
        if let Some(key) = key {
            self.connections.opened(key, opening, now);
        }
        Actions { stale: key.is_none(), ..Actions::default() }
    }

    /// Takes back a connection after an exchange. It is kept, passed on to a waiter, or handed out for closing.
    #[expect(clippy::needless_pass_by_value, reason = "a slot is given back once")]
    pub(crate) fn release(&mut self, slot: Slot, connection: C, how: Release, now: Instant) -> Actions<C, W> {
        let mut actions = self.begin(now);
        let Some(key) = self.connections.held(&slot) else {
            actions.stale = true;
            actions.close.push(Closing { connection, cause: CloseCause::PoolClosed });
            return actions;
        };
        self.connections.activate(key);
        match how {
            Release::Reuse { keep } => {
                self.set_deadline(key, keep, now);
                self.offer(key, connection, now, &mut actions);
            }
            Release::Fresh => {
                self.connections.set_fresh(key);
                self.set_deadline(key, None, now);
                self.offer(key, connection, now, &mut actions);
            }
            Release::Unused => {
                self.connections.unuse(key);
                self.offer(key, connection, now, &mut actions);
            }
            Release::Close(cause) => self.end(key, connection, cause, now, &mut actions),
        }
        actions
    }

    /// Frees the room of a slot whose connection was closed for this cause, or could not be opened.
    #[expect(clippy::needless_pass_by_value, reason = "a slot is given back once")]
    pub(crate) fn forget(&mut self, slot: Slot, cause: CloseCause, now: Instant) -> Actions<C, W> {
        let mut actions = self.begin(now);
        match self.connections.held(&slot) {
            Some(key) => self.free_slot(key, cause, now, &mut actions),
            None => actions.stale = true,
        }
        actions
    }

    /// Replaces a connection that cannot carry the request, without another wait: by an idle one of the same origin, or by a new one in the same
    /// room. Returns [`Grant::Closed`] if the plan is closed or does not know the slot. Also returns connections to
    /// close.
    #[expect(clippy::needless_pass_by_value, reason = "a slot is given back once")]
    pub(crate) fn replace(
        &mut self,
        slot: Slot,
        by: Replacement,
        now: Instant,
    ) -> (Grant<C>, SmallVec1<Closing<C>>) {
        let mut close = self.expire(now);
        let grant = match self.connections.held(&slot) {
            Some(key) => self.grant_replacement(key, by, now, &mut close),
            None => Grant::Closed,
        };
        (grant, close)
    }

    /// Ends the plan. Idle connections are handed out for closing, all waiters are woken with [`Grant::Closed`], and
    /// connections in use are handed out for closing when they are returned.
    pub(crate) fn close(&mut self) -> Actions<C, W> {
        let mut actions = Actions::default();
        self.closed = true;
        for waiter in self.waiters.all() {
            match self.waiters.fail(waiter, &mut self.origins) {
                Some(Removed::Waiting { waker, origin }) => {
                    actions.wake.extend(waker);
                    self.update_origin(origin);
                }
                Some(Removed::Granted(Grant::Use { slot, connection })) => {
                    actions.close.push(Closing { connection, cause: CloseCause::PoolClosed });
                    self.remove(slot.key, CloseCause::PoolClosed);
                }
                Some(Removed::Granted(Grant::Connect { slot })) => {
                    self.remove(slot.key, CloseCause::PoolClosed);
                }
                Some(Removed::Granted(Grant::Closed)) | None => {}
            }
        }
        while self.evict(CloseCause::PoolClosed, &mut actions.close) {}
        actions
    }

    /// Law 1: grants a new connection to this origin, where the limits leave room.
    fn grant_room(
        &mut self,
        origin: u32,
        now: Instant,
        close: &mut SmallVec1<Closing<C>>,
    ) -> Option<Grant<C>> {
        let has_room = self.limits.allow_origin(self.origins.get(origin)?.connections);
        (has_room && self.make_room(close)).then(|| self.connect(origin, now))
    }

    /// Takes the newest idle connection of an origin that has not expired. Those that [`expire`](Self::expire) left
    /// behind are closed instead of used (law 7). After a few of them the search ends: they leave room for a new one.
    fn take_idle(
        &mut self,
        origin: u32,
        now: Instant,
        close: &mut SmallVec1<Closing<C>>,
    ) -> Option<Grant<C>> {
        for _ in 0..MAX_EXPIRED {
            let key = self.origins.get(origin)?.idle.newest()?;
            let Some(cause) = self.reached_limit(key, now) else { return self.use_idle(key, now) };
            // The caller settles the origin, which it still needs.
            let connection = self.connections.unpark(key, &mut self.origins);
            close.extend(connection.map(|connection| Closing { connection, cause }));
            self.connections.remove(key, cause, &mut self.origins);
        }
        None
    }

    fn use_idle(&mut self, key: u32, now: Instant) -> Option<Grant<C>> {
        let connection = self.connections.unpark(key, &mut self.origins)?;
        let ticket = self.ticket();
        Some(Grant::Use { slot: self.connections.pass_on(key, ticket, now), connection })
    }

    fn connect(&mut self, origin: u32, now: Instant) -> Grant<C> {
        let ticket = self.ticket();
        Grant::Connect { slot: self.connections.open(origin, ticket, &mut self.origins, now) }
    }

    /// Grants another connection to the request of this slot.
    fn grant_replacement(
        &mut self,
        key: u32,
        by: Replacement,
        now: Instant,
        close: &mut SmallVec1<Closing<C>>,
    ) -> Grant<C> {
        if self.closed {
            self.remove(key, by.cause());
            return Grant::Closed;
        }
        let origin = match by {
            Replacement::Any => self.connections.get(key).map(|record| record.origin),
            Replacement::New(_) => None,
        };
        if let Some(grant) = origin.and_then(|origin| self.take_idle(origin, now, close)) {
            // No request waits for the room that this frees, because something was idle (law 2).
            self.remove(key, by.cause());
            return grant;
        }
        let ticket = self.ticket();
        Grant::Connect { slot: self.connections.reopen(key, ticket, by.cause(), now) }
    }

    /// Returns whether there is room for one more connection, after closing an idle one if that is necessary.
    fn make_room(&mut self, close: &mut SmallVec1<Closing<C>>) -> bool {
        !self.limits.are_full(self.connections.len()) || self.evict(CloseCause::Evicted, close)
    }

    /// Hands out the connection that has been idle longest, if any is idle.
    fn evict(&mut self, cause: CloseCause, close: &mut SmallVec1<Closing<C>>) -> bool {
        let Some(key) = self.connections.oldest_idle() else { return false };
        self.discard(key, cause, close);
        true
    }

    /// Hands out this idle connection for closing.
    fn discard(&mut self, key: u32, cause: CloseCause, close: &mut SmallVec1<Closing<C>>) {
        let connection = self.connections.unpark(key, &mut self.origins);
        close.extend(connection.map(|connection| Closing { connection, cause }));
        self.remove(key, cause);
    }

    /// Laws 3 and 4: finds a use for a connection that could be used again and whose deadline is set.
    fn offer(&mut self, key: u32, connection: C, now: Instant, actions: &mut Actions<C, W>) {
        if let Some(cause) =
            self.closed.then_some(CloseCause::PoolClosed).or_else(|| self.reached_limit(key, now))
        {
            return self.end(key, connection, cause, now, actions);
        }
        let origin = self.connections.get(key).and_then(|record| self.origins.get(record.origin));
        let Some(next) = origin.and_then(|origin| origin.waiting.oldest()) else {
            self.connections.park(key, connection, &mut self.origins, now);
            self.limit_idle(key, &mut actions.close);
            return self.serve_room(now, actions);
        };
        if let Some(first_awaiting_capacity) = self.waiters.first_awaiting_capacity(&self.origins)
            && !self.waiters.bypass(first_awaiting_capacity, next, MAX_BYPASSES)
        {
            return self.end(key, connection, CloseCause::Evicted, now, actions);
        }
        let ticket = self.ticket();
        let slot = self.connections.pass_on(key, ticket, now);
        self.serve(next, Grant::Use { slot, connection }, actions);
    }

    /// Hands out an idle connection for closing if there are too many now that this one is idle: the oldest of its
    /// origin, or else the oldest of all.
    fn limit_idle(&mut self, key: u32, close: &mut SmallVec1<Closing<C>>) {
        if let Some(most) = self.limits.idle_per_origin
            && let Some(record) = self.connections.get(key)
            && let Some(origin) = self.origins.get(record.origin)
            && origin.idle.len() > most
            && let Some(oldest) = origin.idle.oldest()
        {
            self.discard(oldest, CloseCause::IdleLimit, close);
        }
        if self.limits.exceed_idle(self.connections.idle()) {
            self.evict(CloseCause::IdleLimit, close);
        }
    }

    /// Hands out a connection in use for closing, and passes its room on.
    fn end(&mut self, key: u32, connection: C, cause: CloseCause, now: Instant, actions: &mut Actions<C, W>) {
        actions.close.push(Closing { connection, cause });
        self.free_slot(key, cause, now, actions);
    }

    /// Law 5: frees the room of a connection in use, and passes it on.
    fn free_slot(&mut self, key: u32, cause: CloseCause, now: Instant, actions: &mut Actions<C, W>) {
        self.remove(key, cause);
        self.serve_room(now, actions);
    }

    /// Gives free room to the waiters that need it.
    fn serve_room(&mut self, now: Instant, actions: &mut Actions<C, W>) {
        while let Some(waiter) = self.waiters.first_awaiting_capacity(&self.origins)
            && let Some(origin) = self.waiters.origin(waiter)
            && self.make_room(&mut actions.close)
        {
            let grant = self.connect(origin, now);
            self.serve(waiter, grant, actions);
        }
    }

    fn serve(&mut self, waiter: u32, grant: Grant<C>, actions: &mut Actions<C, W>) {
        actions.wake.extend(self.waiters.serve(waiter, grant, &mut self.origins));
        if let Some(origin) = self.waiters.origin(waiter) {
            self.update_origin(origin);
        }
    }

    /// Frees the room of a connection in use, without passing it on.
    fn remove(&mut self, key: u32, cause: CloseCause) {
        if let Some(origin) = self.connections.remove(key, cause, &mut self.origins) {
            self.update_origin(origin);
        }
    }

    /// Updates an origin after its connections or its queue have changed: its place among the origins that wait for
    /// room. An empty one is removed.
    fn update_origin(&mut self, origin: u32) {
        self.waiters.update(origin, &self.limits, &mut self.origins);
        if self.origins.get(origin).is_some_and(Origin::is_empty) {
            self.origins.remove(origin);
        }
    }

    fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }
}
