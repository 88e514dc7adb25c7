//! The origins that have connections or waiters, found by their keys.

use std::collections::HashMap;
use std::sync::Arc;

use super::list::List;
use super::slab::Slab;

/// All origins. One that has nothing any more is removed, so that a crawler's pool stays small.
#[derive(Debug, Default)]
pub(super) struct Origins {
    origins: Slab<Origin>,
    /// Keys hold names that servers choose (redirects), so the hash is a keyed one.
    keys: HashMap<Arc<str>, u32>,
    /// Most programs ask for the same origin again: comparing is cheaper than hashing.
    recent: Option<u32>,
}

/// One origin: everything that may share connections.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) key: Arc<str>,
    /// How many connections it has, idle ones included.
    pub(super) connections: usize,
    /// The idle ones: the newest is used first.
    pub(super) idle: List,
    /// Those who wait: the oldest is served first.
    pub(super) waiting: List,
    /// The ticket under which it stands among the origins that wait for room, see `Waiters::awaiting_capacity`.
    pub(super) awaiting_capacity: Option<u64>,
}

impl Origin {
    pub(super) fn is_empty(&self) -> bool {
        self.connections == 0 && self.waiting.is_empty()
    }
}

impl Origins {
    pub(super) fn find_or_add(&mut self, key: &str) -> u32 {
        if let Some(recent) = self.recent
            && self.origins.get(recent).is_some_and(|origin| &*origin.key == key)
        {
            return recent;
        }
        let found = match self.keys.get(key) {
            Some(found) => *found,
            None => self.add(key),
        };
        self.recent = Some(found);
        found
    }

    pub(super) fn get(&self, origin: u32) -> Option<&Origin> {
        self.origins.get(origin)
    }

    pub(super) fn get_mut(&mut self, origin: u32) -> Option<&mut Origin> {
        self.origins.get_mut(origin)
    }

    pub(super) fn remove(&mut self, origin: u32) {
        if let Some(gone) = self.origins.remove(origin) {
            self.keys.remove(&gone.key);
        }
        self.recent = self.recent.filter(|recent| *recent != origin);
    }

    pub(super) fn len(&self) -> usize {
        self.origins.len()
    }

    fn add(&mut self, key: &str) -> u32 {
        let key: Arc<str> = key.into();
        let origin = self.origins.insert(Origin {
            key: Arc::clone(&key),
            connections: 0,
            idle: List::default(),
            waiting: List::default(),
            awaiting_capacity: None,
        });
        self.keys.insert(key, origin);
        origin
    }
}
