//! [`Connections`]: the places of connections in use, and the idle connections in the three orders in which they leave.

use httpx_core::ConnectionDetails;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use super::list::{Links, List, Which};
use super::origins::Origins;
use super::slab::Slab;
use super::types::{Opening, Slot};
use crate::close_cause::{CloseCause, CloseCounts};
use crate::connection_info::ConnectionState;

/// All connections of a plan.
///
/// An idle one is in three orders at once: the stack of its origin (the newest is used first), the order of all (the
/// oldest makes room) and the deadlines (the earliest expires).
#[derive(Debug)]
pub(super) struct Connections<C> {
    records: Slab<Record<C>>,
    order: List,
    deadlines: BTreeSet<(Instant, u32)>,
    idle: usize,
    connecting: usize,
    totals: Totals,
}

/// Counts since the plan was made.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Totals {
    pub(super) opened: u64,
    pub(super) failed: u64,
    pub(super) reused: u64,
    pub(super) closed: CloseCounts,
    pub(super) full_handshakes: u64,
    pub(super) resumed_handshakes: u64,
}

/// One connection, from the permission to open it until it is closed.
#[derive(Debug)]
pub(super) struct Record<C> {
    pub(super) origin: u32,
    /// The ticket of the slot that is in use.
    ticket: u64,
    pub(super) since: Instant,
    pub(super) opened: Instant,
    pub(super) uses: u64,
    /// Makes its maximum age differ from that of others, see [`PoolLimits`](super::PoolLimits::age).
    pub(super) jitter: u32,
    /// How many requests it can carry at once.
    pub(super) capacity: u32,
    /// The details from opening it.
    pub(super) details: Option<Arc<ConnectionDetails>>,
    /// When it expires. Set each time it is returned.
    pub(super) deadline: Option<Instant>,
    state: State<C>,
    in_origin: Links,
    in_all: Links,
}

#[derive(Debug)]
enum State<C> {
    Connecting,
    Active,
    Idle(C),
}

impl<C> Default for Connections<C> {
    fn default() -> Self {
        Self {
            records: Slab::default(),
            order: List::default(),
            deadlines: BTreeSet::new(),
            idle: 0,
            connecting: 0,
            totals: Totals::default(),
        }
    }
}

impl<C> Connections<C> {
    const IN_ORIGIN: Which<Record<C>> = |record| &mut record.in_origin;
    const IN_ALL: Which<Record<C>> = |record| &mut record.in_all;

    /// Makes a place for a connection that will be opened.
    pub(super) fn open<K>(
        &mut self,
        origin: u32,
        ticket: u64,
        origins: &mut Origins<K>,
        now: Instant,
    ) -> Slot {
        if let Some(origin) = origins.get_mut(origin) {
            origin.connections += 1;
        }
        self.connecting += 1;
        let key = self.records.insert(Record {
            origin,
            ticket,
            since: now,
            opened: now,
            uses: 1,
            jitter: 0,
            capacity: 1,
            details: None,
            deadline: None,
            state: State::Connecting,
            in_origin: Links::default(),
            in_all: Links::default(),
        });
        Slot { key, ticket }
    }

    /// Makes the place of a dead connection one for a connection that will be opened.
    pub(super) fn reopen(&mut self, key: u32, ticket: u64, cause: CloseCause, now: Instant) -> Slot {
        self.count_end(key, cause);
        if let Some(record) = self.records.get_mut(key) {
            self.connecting += 1;
            (record.ticket, record.since, record.opened, record.uses) = (ticket, now, now, 1);
            (record.jitter, record.capacity, record.details, record.deadline) = (0, 1, None, None);
            record.state = State::Connecting;
        }
        Slot { key, ticket }
    }

    /// Returns the place of a slot, unless the slot has been given back.
    pub(super) fn held(&self, slot: &Slot) -> Option<u32> {
        let record = self.records.get(slot.key)?;
        let out = matches!(record.state, State::Connecting | State::Active);
        (out && record.ticket == slot.ticket).then_some(slot.key)
    }

    /// Notes that the connection of this place is open.
    pub(super) fn opened(&mut self, key: u32, opening: Opening, now: Instant) {
        if let Some(record) = self.records.get_mut(key) {
            (record.opened, record.since, record.jitter) = (now, now, opening.jitter);
            self.totals.count_handshake(&opening.details);
            (record.capacity, record.details) = (opening.capacity, Some(opening.details));
        }
        self.activate(key);
    }

    /// Counts a returned connection as open, also if that was not noted before.
    pub(super) fn activate(&mut self, key: u32) {
        if let Some(record) = self.records.get_mut(key)
            && let State::Connecting = record.state
        {
            record.state = State::Active;
            self.connecting -= 1;
            self.totals.opened += 1;
        }
    }

    /// Passes an open connection on to another request.
    pub(super) fn pass_on(&mut self, key: u32, ticket: u64, now: Instant) -> Slot {
        self.totals.reused += 1;
        if let Some(record) = self.records.get_mut(key) {
            (record.ticket, record.since) = (ticket, now);
            record.uses = record.uses.saturating_add(1);
            record.state = State::Active;
        }
        Slot { key, ticket }
    }

    /// Makes a connection in use an idle one.
    pub(super) fn park<K>(&mut self, key: u32, connection: C, origins: &mut Origins<K>, now: Instant) {
        let Some(record) = self.records.get_mut(key) else { return };
        let Some(origin) = origins.get_mut(record.origin) else { return };
        record.since = now;
        record.state = State::Idle(connection);
        self.deadlines.extend(record.deadline.map(|deadline| (deadline, key)));
        self.idle += 1;
        origin.idle.push(&mut self.records, key, Self::IN_ORIGIN);
        self.order.push(&mut self.records, key, Self::IN_ALL);
    }

    /// Takes an idle connection. Its place counts as in use then, under its old ticket.
    pub(super) fn unpark<K>(&mut self, key: u32, origins: &mut Origins<K>) -> Option<C> {
        let record = self.records.get_mut(key)?;
        let connection = match std::mem::replace(&mut record.state, State::Active) {
            State::Idle(connection) => connection,
            other @ (State::Connecting | State::Active) => {
                record.state = other;
                return None;
            }
        };
        let origin = record.origin;
        if let Some(deadline) = record.deadline {
            self.deadlines.remove(&(deadline, key));
        }
        self.idle -= 1;
        if let Some(origin) = origins.get_mut(origin) {
            origin.idle.unlink(&mut self.records, key, Self::IN_ORIGIN);
        }
        self.order.unlink(&mut self.records, key, Self::IN_ALL);
        Some(connection)
    }

    /// Uncounts a use of an open connection that was granted but not made.
    pub(super) fn unuse(&mut self, key: u32) {
        if let Some(record) = self.records.get_mut(key) {
            record.uses = record.uses.saturating_sub(1);
            self.totals.reused -= 1;
        }
    }

    /// Notes that a connection in use has carried no request.
    pub(super) fn set_fresh(&mut self, key: u32) {
        if let Some(record) = self.records.get_mut(key) {
            record.uses = 0;
        }
    }

    /// Frees the slot of a connection in use that ends for this cause, and returns its origin.
    pub(super) fn remove<K>(&mut self, key: u32, cause: CloseCause, origins: &mut Origins<K>) -> Option<u32> {
        self.count_end(key, cause);
        let origin = self.records.remove(key)?.origin;
        origins.get_mut(origin)?.connections -= 1;
        Some(origin)
    }

    /// Returns the connection that has been idle longest.
    pub(super) fn oldest_idle(&self) -> Option<u32> {
        self.order.oldest()
    }

    /// Returns an idle connection that has expired.
    pub(super) fn expired(&self, now: Instant) -> Option<u32> {
        self.deadlines.first().filter(|(deadline, _)| *deadline <= now).map(|(_, key)| *key)
    }

    /// Counts the end of a connection, or of the attempt to open it.
    fn count_end(&mut self, key: u32, cause: CloseCause) {
        match self.records.get(key).map(Record::state) {
            Some(ConnectionState::Connecting) => {
                self.connecting -= 1;
                self.totals.failed += 1;
            }
            Some(ConnectionState::Active | ConnectionState::Idle) => self.totals.closed.add(cause),
            None => {}
        }
    }

    pub(super) fn get_mut(&mut self, key: u32) -> Option<&mut Record<C>> {
        self.records.get_mut(key)
    }

    pub(super) fn get(&self, key: u32) -> Option<&Record<C>> {
        self.records.get(key)
    }

    pub(super) fn idle(&self) -> usize {
        self.idle
    }

    pub(super) fn connecting(&self) -> usize {
        self.connecting
    }

    pub(super) fn totals(&self) -> Totals {
        self.totals
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Record<C>> {
        self.records.iter()
    }
}

impl Totals {
    fn count_handshake(&mut self, details: &ConnectionDetails) {
        match &details.tls {
            Some(tls) if tls.is_resumed => self.resumed_handshakes += 1,
            Some(_) => self.full_handshakes += 1,
            None => {}
        }
    }
}

impl<C> Record<C> {
    pub(super) fn state(&self) -> ConnectionState {
        match self.state {
            State::Connecting => ConnectionState::Connecting,
            State::Active => ConnectionState::Active,
            State::Idle(_) => ConnectionState::Idle,
        }
    }
}
