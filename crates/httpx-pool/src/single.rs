//! [`SingleConnection`]: a connection for direct use, the same for both flavours.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use httpx_core::{ConnectionCounts, Result};

use crate::into_error;
use crate::lease::{Lease, Pooled};

/// A connection for direct use, where it lies between two requests.
pub(crate) struct SingleConnection<L: Pooled>(Mutex<State<L>>);

enum State<L> {
    Idle(Box<L>),
    Busy,
    Closed,
}

impl<L: Pooled> SingleConnection<L> {
    pub(crate) fn new(link: Box<L>) -> Self {
        SingleConnection(Mutex::new(State::Idle(link)))
    }

    /// The connection, for one request.
    pub(crate) fn take(self: &Arc<Self>) -> Result<Box<L>> {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, State::Busy) {
            State::Idle(mut link) => {
                *link.lease() = Some(Lease::single(self));
                Ok(link)
            }
            State::Busy => Err(into_error::connection_busy()),
            State::Closed => {
                *state = State::Closed;
                Err(into_error::connection_closed())
            }
        }
    }

    /// What the connection, if it lies here, says.
    pub(crate) fn with_idle(&self, question: impl FnOnce(&mut L) -> bool) -> bool {
        match &mut *self.lock() {
            State::Idle(link) => question(link),
            State::Busy | State::Closed => false,
        }
    }

    /// Closes it: now if it lies here, else when its response has ended.
    pub(crate) fn close(&self) {
        let old = std::mem::replace(&mut *self.lock(), State::Closed);
        drop(old);
    }

    pub(crate) fn counts(&self) -> ConnectionCounts {
        match &*self.lock() {
            State::Idle(_) => ConnectionCounts { active: 0, idle: 1 },
            State::Busy => ConnectionCounts { active: 1, idle: 0 },
            State::Closed => ConnectionCounts { active: 0, idle: 0 },
        }
    }

    /// A response has ended: the connection, if it can be used again.
    pub(crate) fn put(&self, link: Option<Box<L>>) {
        let mut state = self.lock();
        let unused = match (&*state, link) {
            (State::Busy, Some(link)) => {
                *state = State::Idle(link);
                None
            }
            // Closed meanwhile, or of no more use.
            (State::Busy | State::Idle(_) | State::Closed, link) => {
                *state = State::Closed;
                link
            }
        };
        drop(state);
        drop(unused);
    }

    fn lock(&self) -> MutexGuard<'_, State<L>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
