//! The connections: those that are out, as places, and those that are idle, in the three orders in which they leave.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use super::list::{Links, List, Which};
use super::origins::Origins;
use super::slab::Slab;
use super::types::{Opening, Slot};
use crate::connection_info::{ConnectionDetails, ConnectionState};

/// All connections of a plan. An idle one stands in three orders at once: its origin's stack (the newest is used
/// first), the order of all (the oldest makes room) and the deadlines (the earliest expires).
#[derive(Debug)]
pub(super) struct Connections<C> {
    records: Slab<Record<C>>,
    order: List,
    deadlines: BTreeSet<(Instant, u32)>,
    idle: usize,
}

/// What is known of one connection, from the permission to open it until it is closed.
#[derive(Debug)]
pub(super) struct Record<C> {
    pub(super) origin: u32,
    /// Of the slot that is out; nothing else gives it back.
    ticket: u64,
    pub(super) since: Instant,
    pub(super) opened: Instant,
    pub(super) uses: u64,
    /// Makes its age differ from that of others, see [`PoolLimits`](super::PoolLimits::age).
    pub(super) jitter: u32,
    /// How many requests it can carry at once.
    pub(super) capacity: u32,
    /// What opening it revealed.
    pub(super) details: Option<Arc<ConnectionDetails>>,
    /// The end of its usefulness when it last came back; the plan never gives it to a later request.
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
        Self { records: Slab::default(), order: List::default(), deadlines: BTreeSet::new(), idle: 0 }
    }
}

impl<C> Connections<C> {
    const IN_ORIGIN: Which<Record<C>> = |record| &mut record.in_origin;
    const IN_ALL: Which<Record<C>> = |record| &mut record.in_all;

    /// A place for a connection that is to be opened.
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

    /// The same for a place that is out: its connection is gone and another one will be opened.
    pub(super) fn reopen(&mut self, key: u32, ticket: u64, now: Instant) -> Slot {
        if let Some(record) = self.records.get_mut(key) {
            (record.ticket, record.since, record.opened, record.uses) = (ticket, now, now, 1);
            (record.jitter, record.capacity, record.details, record.deadline) = (0, 1, None, None);
            record.state = State::Connecting;
        }
        Slot { key, ticket }
    }

    /// The place that a slot stands for, unless it has been given back.
    pub(super) fn held(&self, slot: &Slot) -> Option<u32> {
        let record = self.records.get(slot.key)?;
        let out = matches!(record.state, State::Connecting | State::Active);
        (out && record.ticket == slot.ticket).then_some(slot.key)
    }

    /// The connection of this place has been opened.
    pub(super) fn opened(&mut self, key: u32, opening: Opening, now: Instant) {
        if let Some(record) = self.records.get_mut(key) {
            (record.opened, record.since, record.jitter) = (now, now, opening.jitter);
            (record.capacity, record.details) = (opening.capacity, Some(opening.details));
            record.state = State::Active;
        }
    }

    /// A place whose connection stays out, for another request.
    pub(super) fn pass_on(&mut self, key: u32, ticket: u64, now: Instant) -> Slot {
        if let Some(record) = self.records.get_mut(key) {
            (record.ticket, record.since) = (ticket, now);
            record.uses = record.uses.saturating_add(1);
            record.state = State::Active;
        }
        Slot { key, ticket }
    }

    /// Puts a connection that was out among the idle ones.
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

    /// Takes a connection out from among the idle ones. Its place counts as out then, under its old ticket.
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

    /// Frees the place of a connection that is out, and says whose it was.
    pub(super) fn remove<K>(&mut self, key: u32, origins: &mut Origins<K>) -> Option<u32> {
        let origin = self.records.remove(key)?.origin;
        origins.get_mut(origin)?.connections -= 1;
        Some(origin)
    }

    /// The one that has been idle longest.
    pub(super) fn oldest_idle(&self) -> Option<u32> {
        self.order.oldest()
    }

    /// One whose deadline has come.
    pub(super) fn expired(&self, now: Instant) -> Option<u32> {
        self.deadlines.first().filter(|(deadline, _)| *deadline <= now).map(|(_, key)| *key)
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

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Record<C>> {
        self.records.iter()
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
