//! [`Waiters`]: a queue for each origin, and the origins that need room, by the age of their oldest waiter.

use std::collections::BTreeSet;

use super::limits::PoolLimits;
use super::list::{Links, Which};
use super::origins::Origins;
use super::slab::Slab;
use super::types::{Grant, WaiterId};

/// All waiters of a plan, including those that have a grant and have not taken it yet.
#[derive(Debug)]
pub(super) struct Waiters<C, W> {
    waiters: Slab<Waiter<C, W>>,
    /// The origins with waiters that are below their own limit: they wait only for room. An origin is listed under the
    /// ticket of its oldest waiter, so the first of the set has waited longest.
    awaiting_capacity: BTreeSet<(u64, u32)>,
    waiting: usize,
}

#[derive(Debug)]
struct Waiter<C, W> {
    ticket: u64,
    origin: u32,
    /// How often a younger waiter was served before this one.
    bypassed: u32,
    /// Present until it is served.
    waker: Option<W>,
    /// Present from then on.
    grant: Option<Grant<C>>,
    in_origin: Links,
}

/// The state of a waiter that was removed.
pub(super) enum Removed<C, W> {
    /// It has not been served.
    Waiting {
        waker: Option<W>,
        origin: u32,
    },
    Granted(Grant<C>),
}

impl<C, W> Default for Waiters<C, W> {
    fn default() -> Self {
        Self { waiters: Slab::default(), awaiting_capacity: BTreeSet::new(), waiting: 0 }
    }
}

impl<C, W> Waiters<C, W> {
    const IN_ORIGIN: Which<Waiter<C, W>> = |waiter| &mut waiter.in_origin;

    /// Puts a waiter at the end of the queue of its origin.
    pub(super) fn join<K>(
        &mut self,
        origin: u32,
        ticket: u64,
        waker: W,
        origins: &mut Origins<K>,
    ) -> WaiterId {
        let key = self.waiters.insert(Waiter {
            ticket,
            origin,
            bypassed: 0,
            waker: Some(waker),
            grant: None,
            in_origin: Links::default(),
        });
        if let Some(origin) = origins.get_mut(origin) {
            origin.waiting.push(&mut self.waiters, key, Self::IN_ORIGIN);
        }
        self.waiting += 1;
        WaiterId { key, ticket }
    }

    /// Takes a waiter out of its queue, gives it a grant, and returns its waker.
    pub(super) fn serve<K>(&mut self, key: u32, grant: Grant<C>, origins: &mut Origins<K>) -> Option<W> {
        self.unqueue(key, origins);
        let waiter = self.waiters.get_mut(key)?;
        waiter.grant = Some(grant);
        waiter.waker.take()
    }

    /// Removes a waiter that has been served, and returns its grant.
    pub(super) fn take(&mut self, id: &WaiterId) -> Option<Grant<C>> {
        self.known(id)?.grant.as_ref()?;
        self.waiters.remove(id.key)?.grant
    }

    /// Removes a waiter, served or not.
    pub(super) fn remove<K>(&mut self, id: &WaiterId, origins: &mut Origins<K>) -> Option<Removed<C, W>> {
        if self.known(id)?.grant.is_none() {
            self.unqueue(id.key, origins);
        }
        let Waiter { origin, waker, grant, .. } = self.waiters.remove(id.key)?;
        Some(match grant {
            Some(grant) => Removed::Granted(grant),
            None => Removed::Waiting { waker, origin },
        })
    }

    /// Replaces the waker of a waiter, and returns the waker that is not needed.
    #[cfg(any(feature = "async", test))]
    pub(super) fn set_waker(&mut self, id: &WaiterId, waker: W) -> Option<W> {
        match self.waiters.get_mut(id.key) {
            Some(waiter) if waiter.ticket == id.ticket && waiter.grant.is_none() => {
                waiter.waker.replace(waker)
            }
            Some(_) | None => Some(waker),
        }
    }

    /// Returns all waiters in the order of arrival.
    pub(super) fn all(&self) -> Vec<u32> {
        let mut keys: Vec<u32> = self.waiters.keys().collect();
        keys.sort_unstable_by_key(|key| self.waiters.get(*key).map(|waiter| waiter.ticket));
        keys
    }

    /// Serves a waiter with [`Grant::Closed`], and returns its earlier grant.
    pub(super) fn fail<K>(&mut self, key: u32, origins: &mut Origins<K>) -> Option<Removed<C, W>> {
        let waiter = self.waiters.get_mut(key)?;
        Some(match waiter.grant.replace(Grant::Closed) {
            Some(grant) => Removed::Granted(grant),
            None => {
                let (waker, origin) = (waiter.waker.take(), waiter.origin);
                self.unqueue(key, origins);
                Removed::Waiting { waker, origin }
            }
        })
    }

    /// Updates the place of an origin among those that wait for room. Called whenever its queue or the number of its
    /// connections has changed.
    pub(super) fn update<K>(&mut self, origin: u32, limits: &PoolLimits, origins: &mut Origins<K>) {
        let Some(record) = origins.get_mut(origin) else { return };
        let room = limits.allow_origin(record.connections);
        let front = record.waiting.oldest().filter(|_| room).and_then(|key| self.waiters.get(key));
        let front = front.map(|waiter| waiter.ticket);
        if record.awaiting_capacity == front {
            return;
        }
        if let Some(old) = std::mem::replace(&mut record.awaiting_capacity, front) {
            self.awaiting_capacity.remove(&(old, origin));
        }
        self.awaiting_capacity.extend(front.map(|ticket| (ticket, origin)));
    }

    /// Returns the waiter that has waited longest for room.
    pub(super) fn first_awaiting_capacity<K>(&self, origins: &Origins<K>) -> Option<u32> {
        let (_, origin) = self.awaiting_capacity.first()?;
        origins.get(*origin)?.waiting.oldest()
    }

    /// Returns whether `younger` may be served before `older` once more. If so, that is counted.
    pub(super) fn bypass(&mut self, older: u32, younger: u32, times: u32) -> bool {
        let younger = self.waiters.get(younger).map(|waiter| waiter.ticket);
        let Some(older) = self.waiters.get_mut(older).filter(|older| Some(older.ticket) < younger) else {
            return true;
        };
        let may = older.bypassed < times;
        older.bypassed += u32::from(may);
        may
    }

    pub(super) fn origin(&self, key: u32) -> Option<u32> {
        self.waiters.get(key).map(|waiter| waiter.origin)
    }

    /// Counts the waiters that have not been served.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    fn known(&self, id: &WaiterId) -> Option<&Waiter<C, W>> {
        self.waiters.get(id.key).filter(|waiter| waiter.ticket == id.ticket)
    }

    fn unqueue<K>(&mut self, key: u32, origins: &mut Origins<K>) {
        let origin = self.origin(key).and_then(|origin| origins.get_mut(origin));
        if let Some(origin) = origin {
            origin.waiting.unlink(&mut self.waiters, key, Self::IN_ORIGIN);
            self.waiting -= 1;
        }
    }
}
