//! [`WaitQueue`]: the calls that wait for their turn, in the order in which they came.

use std::collections::BTreeMap;

use crate::flow::{Listener, Notify};

/// The calls that wait for their turn, the oldest first. Each has a number.
#[derive(Debug, Default)]
pub(super) struct WaitQueue {
    last: u64,
    waiting: BTreeMap<u64, Notify>,
}

impl WaitQueue {
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Adds a call at the end.
    pub(super) fn join(&mut self) -> u64 {
        self.last += 1;
        self.waiting.insert(self.last, Notify::new());
        self.last
    }

    /// Listens for the notification of a call; `None` if the call is not in the queue.
    pub(super) fn listen(&self, id: u64) -> Option<Listener> {
        self.waiting.get(&id).map(Notify::listen)
    }

    /// Returns whether a call is the first one.
    pub(super) fn is_first(&self, id: u64) -> bool {
        self.waiting.first_key_value().is_some_and(|(first, _)| *first == id)
    }

    /// Returns the notifier of the first call. Use it after the lock of the queue has been released.
    pub(super) fn first(&self) -> Option<Notify> {
        self.waiting.first_key_value().map(|(_, notify)| notify.clone())
    }

    /// Takes the first call out, and returns its notifier.
    pub(super) fn take_first(&mut self) -> Option<Notify> {
        self.waiting.pop_first().map(|(_, notify)| notify)
    }

    /// Takes a call out; returns whether it was there.
    pub(super) fn leave(&mut self, id: u64) -> bool {
        self.waiting.remove(&id).is_some()
    }
}
