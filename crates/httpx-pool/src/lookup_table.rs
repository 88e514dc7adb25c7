//! [`LookupTable`]: the DNS cache, and the lookups under way, as data.
//!
//! - For one name there is at most one lookup at a time. All who ask for the name meanwhile wait for it.
//! - A waiter that cancels is removed completely. A lookup that is a future is polled by one of its waiters, the leader;
//!   a leader that cancels hands the future to another waiter, and the last waiter drops it. A lookup that runs on a
//!   thread cannot be interrupted: it goes on without waiters, its answer is kept, and those who ask meanwhile join it.
//! - The table is bounded: the names by its options, the lookups by the number of waiters and of threads.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Waker;
use std::time::{Duration, Instant};

use crate::address_order::interleave;
use crate::connect_error::ConnectError;
use crate::dns_cache_options::DnsCacheOptions;
use crate::lookup_threads::JobId;
use crate::resolved::Resolved;

/// How long the address that won over others is tried first.
const WINNER_KEPT: Duration = Duration::from_secs(300);

/// The longest time that an answer is kept, even if the resolver allows more.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// The names and lookups of a backend. `F` is a lookup that is polled.
#[derive(Debug)]
pub(crate) struct LookupTable<F> {
    options: DnsCacheOptions,
    names: HashMap<Box<str>, Name>,
    lookups: HashMap<LookupId, PendingLookup<F>>,
    /// Numbers lookups, waiters and uses.
    counter: u64,
}

type LookupId = u64;
type LookupWaiterId = u64;

/// The addresses without ports, or the error for all waiters.
type Answer = Result<Arc<[SocketAddr]>, Arc<io::Error>>;

#[derive(Debug, Default)]
struct Name {
    kept: Option<Kept>,
    under_way: Option<LookupId>,
    /// Rotates the addresses.
    turn: usize,
    /// The address that is tried first, and until when.
    winner: Option<(SocketAddr, Instant)>,
    /// When it was last asked for, on the counter.
    used: u64,
}

#[derive(Debug)]
struct Kept {
    answer: Answer,
    until: Instant,
}

#[derive(Debug)]
struct PendingLookup<F> {
    name: Box<str>,
    waiters: BTreeMap<LookupWaiterId, Option<Waker>>,
    /// The future, while no waiter polls it.
    orphan: Option<F>,
    /// The job of its thread.
    job: Option<JobId>,
    answer: Option<Answer>,
}

/// A place among the waiters of a lookup.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) lookup: LookupId,
    waiter: LookupWaiterId,
}

/// The result of asking the table for a name.
#[derive(Debug)]
pub(crate) enum CacheResult {
    /// The answer is cached.
    Hit(io::Result<Vec<SocketAddr>>),
    /// Neither an answer nor a lookup: begin one, and wait for it.
    Miss(Ticket),
    /// Wait for the lookup under way.
    Pending {
        ticket: Ticket,
        /// The job that had no waiters any longer.
        resume: Option<JobId>,
    },
}

/// The state of a lookup for one of its waiters.
#[derive(Debug)]
pub(crate) enum Polled<F> {
    Answered(io::Result<Vec<SocketAddr>>),
    /// Poll this future and report its output.
    Lead(F),
    /// Wait. The waker that was registered before is returned, because it must not be dropped under a lock.
    Waiting(Option<Waker>),
}

/// The action that is due after a waiter has cancelled.
#[derive(Debug)]
pub(crate) enum CancelAction<F> {
    Nothing,
    /// Wake the next leader.
    Wake(Waker),
    /// Drop the future outside of the lock.
    Drop(F),
    /// This job has no waiters.
    Abandoned(Option<JobId>),
}

impl<F> LookupTable<F> {
    pub(crate) fn new(options: DnsCacheOptions) -> Self {
        LookupTable { options, names: HashMap::new(), lookups: HashMap::new(), counter: 0 }
    }

    /// Asks for the addresses of a name.
    pub(crate) fn ask(&mut self, name: &str, now: Instant) -> CacheResult {
        self.counter += 1;
        let used = self.counter;
        let Some(entry) = self.names.get_mut(name) else { return CacheResult::Miss(self.begin(name)) };
        entry.used = used;
        if let Some(kept) = &entry.kept
            && now < kept.until
        {
            let answer = kept.answer.clone();
            return CacheResult::Hit(entry.take_turn(&answer, now));
        }
        match entry.under_way {
            Some(lookup) => self.join(lookup),
            None => CacheResult::Miss(self.begin(name)),
        }
    }

    fn begin(&mut self, name: &str) -> Ticket {
        self.counter += 1;
        let (lookup, waiter) = (self.counter, self.counter);
        let waiters = BTreeMap::from([(waiter, None)]);
        self.lookups.insert(
            lookup,
            PendingLookup { name: name.into(), waiters, orphan: None, job: None, answer: None },
        );
        match self.names.get_mut(name) {
            Some(entry) => entry.under_way = Some(lookup),
            None => {
                let entry = Name { under_way: Some(lookup), used: self.counter, ..Name::default() };
                self.names.insert(name.into(), entry);
                self.evict();
            }
        }
        Ticket { lookup, waiter }
    }

    fn join(&mut self, id: LookupId) -> CacheResult {
        let waiter = self.counter;
        let resume = self.lookups.get_mut(&id).and_then(|lookup| {
            lookup.waiters.insert(waiter, None);
            lookup.job.filter(|_| lookup.waiters.len() == 1)
        });
        CacheResult::Pending { ticket: Ticket { lookup: id, waiter }, resume }
    }

    /// Notes that a lookup is this job.
    pub(crate) fn set_job(&mut self, id: LookupId, job: JobId) {
        if let Some(lookup) = self.lookups.get_mut(&id) {
            lookup.job = Some(job);
        }
    }

    /// Returns the job of a lookup.
    pub(crate) fn job(&self, ticket: &Ticket) -> Option<JobId> {
        self.lookups.get(&ticket.lookup)?.job
    }

    /// Takes the answer of a lookup, its future, or a place in the queue.
    pub(crate) fn poll(&mut self, ticket: &Ticket, waker: &Waker, now: Instant) -> Polled<F> {
        let gone = || Polled::Answered(Err(io::Error::other("the lookup was lost")));
        let Some(lookup) = self.lookups.get_mut(&ticket.lookup) else { return gone() };
        let Some(answer) = &lookup.answer else {
            return match lookup.orphan.take() {
                Some(future) => Polled::Lead(future),
                None => lookup.register(ticket.waiter, waker),
            };
        };
        let answer = answer.clone();
        lookup.waiters.remove(&ticket.waiter);
        let addresses = match self.names.get_mut(&lookup.name) {
            Some(entry) => entry.take_turn(&answer, now),
            None => Name::default().take_turn(&answer, now),
        };
        self.remove_if_done(ticket.lookup);
        Polled::Answered(addresses)
    }

    /// Keeps the answer of a lookup. Returns the waiters to wake.
    pub(crate) fn answer(&mut self, id: LookupId, found: io::Result<Resolved>, now: Instant) -> Vec<Waker> {
        let Some(lookup) = self.lookups.get_mut(&id) else { return Vec::new() };
        let (answer, lifetime) = answer_and_lifetime(found, &self.options);
        let wakers = lookup.waiters.values_mut().filter_map(Option::take).collect();
        lookup.answer = Some(answer.clone());
        if let Some(entry) = self.names.get_mut(&lookup.name) {
            entry.under_way = None;
            let until = now.checked_add(lifetime.min(MAX_LIFETIME)).unwrap_or(now);
            entry.kept = (until > now).then_some(Kept { answer, until });
        }
        self.remove_if_done(id);
        self.evict();
        wakers
    }

    /// Removes a waiter that will not poll again. A leader gives its future back.
    pub(crate) fn cancel(&mut self, ticket: &Ticket, lead: Option<F>) -> CancelAction<F> {
        let Some(lookup) = self.lookups.get_mut(&ticket.lookup) else {
            return lead.map_or(CancelAction::Nothing, CancelAction::Drop);
        };
        lookup.waiters.remove(&ticket.waiter);
        if lookup.answer.is_some() {
            self.remove_if_done(ticket.lookup);
            return lead.map_or(CancelAction::Nothing, CancelAction::Drop);
        }
        if lead.is_some() {
            lookup.orphan = lead;
        }
        if lookup.waiters.is_empty() {
            return match lookup.orphan.take() {
                Some(future) => {
                    self.forget(ticket.lookup);
                    CancelAction::Drop(future)
                }
                None => CancelAction::Abandoned(lookup.job),
            };
        }
        // A waiter that has not polled yet will find the future by itself.
        let next = lookup.orphan.as_ref().and_then(|_| lookup.waiters.values_mut().find_map(Option::take));
        next.map_or(CancelAction::Nothing, CancelAction::Wake)
    }

    /// Removes a lookup that will not be answered.
    pub(crate) fn forget(&mut self, id: LookupId) {
        let Some(lookup) = self.lookups.remove(&id) else { return };
        if let Some(entry) = self.names.get_mut(&lookup.name) {
            entry.under_way = None;
        }
        self.evict();
    }

    /// Remembers an address that won over others. It is tried first for a while.
    pub(crate) fn won(&mut self, name: &str, mut address: SocketAddr, now: Instant) {
        address.set_port(0);
        if let Some(entry) = self.names.get_mut(name) {
            entry.winner = now.checked_add(WINNER_KEPT).map(|until| (address, until));
        }
    }

    /// Returns whether no lookup is under way.
    #[cfg(test)]
    pub(crate) fn is_idle(&self) -> bool {
        self.lookups.is_empty() && self.names.values().all(|name| name.under_way.is_none())
    }

    fn remove_if_done(&mut self, id: LookupId) {
        if self.lookups.get(&id).is_some_and(|lookup| lookup.answer.is_some() && lookup.waiters.is_empty()) {
            self.lookups.remove(&id);
        }
    }

    /// Removes the least recently used names. A lookup costs far more than this search.
    fn evict(&mut self) {
        while self.names.len() > self.options.max_names {
            let idle = self.names.iter().filter(|(_, name)| name.under_way.is_none());
            let oldest = idle.min_by_key(|(_, name)| name.used).map(|(name, _)| name.clone());
            let Some(oldest) = oldest else { return };
            self.names.remove(&oldest);
        }
    }
}

impl<F> PendingLookup<F> {
    fn register(&mut self, waiter: LookupWaiterId, waker: &Waker) -> Polled<F> {
        let place = self.waiters.entry(waiter).or_default();
        let unchanged = place.as_ref().is_some_and(|place| place.will_wake(waker));
        Polled::Waiting(if unchanged { None } else { place.replace(waker.clone()) })
    }
}

impl Name {
    /// Returns the answer for one more use: the winner first, and the others rotated.
    fn take_turn(&mut self, answer: &Answer, now: Instant) -> io::Result<Vec<SocketAddr>> {
        let addresses = answer.as_ref().map_err(shared_error)?;
        let mut order = interleave(addresses, self.turn);
        self.turn = self.turn.wrapping_add(1);
        self.winner = self.winner.filter(|(_, until)| now < *until);
        if let Some((winner, _)) = self.winner
            && let Some(place) = order.iter().position(|address| *address == winner)
            && let Some(start) = order.get_mut(..=place)
        {
            start.rotate_right(1);
        }
        Ok(order)
    }
}

/// Turns the result of a resolver into an answer and its lifetime. Of the errors, only that of a name without addresses
/// has a lifetime: the others may pass.
fn answer_and_lifetime(found: io::Result<Resolved>, options: &DnsCacheOptions) -> (Answer, Duration) {
    let (addresses, time) = found.map_or_else(
        |error| (Err(error), None),
        |resolved| {
            let (addresses, time) = resolved.into_parts();
            (Ok(addresses), time)
        },
    );
    match ConnectError::check_addresses(addresses) {
        Ok(mut addresses) => {
            addresses.iter_mut().for_each(|address| address.set_port(0));
            (Ok(addresses.into()), time.unwrap_or(options.lifetime))
        }
        Err(error) => {
            let is_final = error.kind() == io::ErrorKind::NotFound;
            let lifetime = if is_final { options.negative_lifetime } else { Duration::ZERO };
            (Err(Arc::new(error)), lifetime)
        }
    }
}

/// Copies the error of a lookup for one of its waiters, with its kind or its code.
fn shared_error(error: &Arc<io::Error>) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), Arc::clone(error)),
    }
}

#[cfg(test)]
mod tests;
