//! Where a link goes when its response has ended.

use std::sync::Weak;
use std::time::Instant;

use super::connection::Resting;
use super::link::Link;
use super::pool::Shared;
use crate::plan::{Slot, Verdict};

/// The place that a link came from. If the link is dropped instead of put away, the place hears that it is gone.
pub(crate) struct Home(Option<Place>);

enum Place {
    /// A slot of a pool. Weak, since a streamed response may outlive its client.
    Pool(Weak<Shared>, Slot),
    /// A [`Connection`](super::Connection) of its own.
    Connection(Weak<Resting>),
}

impl Home {
    pub(super) fn pool(pool: Weak<Shared>, slot: Slot) -> Self {
        Home(Some(Place::Pool(pool, slot)))
    }

    pub(super) fn connection(connection: Weak<Resting>) -> Self {
        Home(Some(Place::Connection(connection)))
    }

    /// Takes the link back, to be used again or to be closed.
    pub(super) fn take_back(mut self, link: Box<Link>, reuse: bool) {
        match self.0.take() {
            Some(Place::Pool(pool, slot)) => {
                if let Some(pool) = pool.upgrade() {
                    let verdict = match reuse {
                        true => Verdict::Reuse { keep: link.exchange().keep() },
                        false => Verdict::Close,
                    };
                    pool.release(slot, link, verdict, Instant::now());
                }
            }
            Some(Place::Connection(connection)) => {
                if let Some(connection) = connection.upgrade() {
                    connection.put(reuse.then_some(link));
                }
            }
            None => {}
        }
    }

    /// A connection has been made for this place.
    pub(super) fn opened(&self, pool: &Shared) {
        if let Some(Place::Pool(_, slot)) = &self.0 {
            pool.opened(slot);
        }
    }

    /// The slot, to be filled with another link.
    pub(super) fn into_slot(mut self) -> Option<Slot> {
        match self.0.take() {
            Some(Place::Pool(_, slot)) => Some(slot),
            Some(Place::Connection(_)) | None => None,
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        match self.0.take() {
            Some(Place::Pool(pool, slot)) => {
                if let Some(pool) = pool.upgrade() {
                    pool.forget(slot, Instant::now());
                }
            }
            Some(Place::Connection(connection)) => {
                if let Some(connection) = connection.upgrade() {
                    connection.put(None);
                }
            }
            None => {}
        }
    }
}
