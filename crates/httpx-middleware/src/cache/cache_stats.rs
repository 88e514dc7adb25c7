//! What a cache has done so far.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use httpx_core::{CacheHit, StaleReason};

/// What a cache has done since it was made: the number of requests that ended so, and of changes of the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Fresh responses that were returned without asking the server.
    pub fresh: u64,
    /// Stored responses that the server confirmed.
    pub revalidated: u64,
    /// Stale responses that were returned.
    pub stale: u64,
    /// Requests for which the store had no usable response, so that the server sent one.
    pub misses: u64,
    /// Responses that were stored.
    pub stored: u64,
    /// Errors of the store. None of them has failed a request.
    pub store_errors: u64,
}

/// The counters of a cache.
#[derive(Debug, Default)]
pub(super) struct Counters {
    fresh: AtomicU64,
    revalidated: AtomicU64,
    stale: AtomicU64,
    misses: AtomicU64,
    stored: AtomicU64,
    store_errors: AtomicU64,
    last_error: Mutex<Option<io::Error>>,
}

impl Counters {
    pub(super) fn stats(&self) -> CacheStats {
        let number = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        CacheStats {
            fresh: number(&self.fresh),
            revalidated: number(&self.revalidated),
            stale: number(&self.stale),
            misses: number(&self.misses),
            stored: number(&self.stored),
            store_errors: number(&self.store_errors),
        }
    }

    pub(super) fn take_last_error(&self) -> Option<io::Error> {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn hit(&self, hit: CacheHit) {
        count(match hit {
            CacheHit::Revalidated => &self.revalidated,
            CacheHit::Stale(
                StaleReason::Requested | StaleReason::WhileRevalidating | StaleReason::OnError,
            ) => &self.stale,
            _ => &self.fresh,
        });
    }

    pub(super) fn miss(&self) {
        count(&self.misses);
    }

    pub(super) fn stored(&self) {
        count(&self.stored);
    }

    /// Counts an error of the store, and returns the value otherwise.
    pub(super) fn check<T>(&self, result: io::Result<T>) -> Option<T> {
        result
            .inspect_err(|_| count(&self.store_errors))
            .map_err(|error| {
                *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            })
            .ok()
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
