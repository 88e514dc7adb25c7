//! The settings of a cache.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use httpx_core::RequestHead;

use super::Cache;
use crate::cache::{DirectoryStore, MemoryStore, Store};

/// A function that is told of a stale response.
pub(super) type OnStale = dyn Fn(RequestHead) + Send + Sync;

/// The settings of a [`Cache`].
///
/// ```
/// # mod httpx { pub mod cache { pub use httpx_middleware::cache::*; } }
/// use std::time::Duration;
/// use httpx::cache::{Cache, MemoryStore};
///
/// let cache = Cache::builder()
///     .store(MemoryStore::new().max_bytes(16 << 20))
///     .max_body_bytes(1 << 20)
///     .stale_if_error(Duration::from_secs(3600))
///     .build();
/// # assert_eq!(cache.stats().fresh, 0);
/// ```
#[derive(Clone)]
pub struct CacheBuilder {
    store: Option<Arc<dyn Store>>,
    pub(super) settings: CacheSettings,
}

#[derive(Clone)]
pub(super) struct CacheSettings {
    pub(super) max_body_bytes: u64,
    pub(super) max_heuristic_lifetime: Duration,
    pub(super) stale_if_error: Option<Duration>,
    pub(super) on_stale: Option<Arc<OnStale>>,
}

impl CacheBuilder {
    pub(super) fn new() -> Self {
        let settings = CacheSettings {
            max_body_bytes: 4 << 20,
            max_heuristic_lifetime: Duration::from_secs(24 * 3600),
            stale_if_error: None,
            on_stale: None,
        };
        CacheBuilder { store: None, settings }
    }

    /// Keeps the entries in this store. Defaults to a new [`MemoryStore`].
    pub fn store(mut self, store: impl Store + 'static) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Keeps the entries in a [`DirectoryStore`] with its default settings.
    pub fn directory(self, path: impl Into<PathBuf>) -> Self {
        self.store(DirectoryStore::new(path))
    }

    /// Sets the most bytes of a body that is stored, after decoding. A longer one is passed on and not stored. While a body
    /// arrives, a copy of it is in memory. Defaults to 4 MiB.
    pub fn max_body_bytes(mut self, bytes: u64) -> Self {
        self.settings.max_body_bytes = bytes;
        self
    }

    /// Sets the longest lifetime of a response that has only a `Last-Modified`: such a response is fresh for a tenth of its
    /// age at that time (RFC 9111 §4.2.2). With zero, it is validated each time. Defaults to one day.
    pub fn max_heuristic_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.max_heuristic_lifetime = lifetime;
        self
    }

    /// Returns a stale response if the server cannot be reached or answers 500, 502, 503 or 504, for this time after its end.
    /// A response that has its own `stale-if-error` keeps it; one with `no-cache` or `must-revalidate` is not returned.
    /// Defaults to never.
    pub fn stale_if_error(mut self, limit: Duration) -> Self {
        self.settings.stale_if_error = Some(limit);
        self
    }

    /// Calls this function when a stale response is returned by `stale-while-revalidate`, with the request that validates it:
    /// send it, for example in a task or on a thread of your own. Until it has been answered, stale responses are returned
    /// without another call.
    ///
    /// Without such a function the cache returns one stale response, and the next request for it waits for the validation,
    /// because a flow has no thread and no task of its own.
    ///
    /// ```
    /// # mod httpx { pub mod cache { pub use httpx_middleware::cache::*; } }
    /// use std::sync::mpsc;
    /// use httpx::cache::Cache;
    ///
    /// let (requests, stale) = mpsc::channel();
    /// let cache = Cache::builder()
    ///     .on_stale(move |request| {
    ///         // Nobody validates if the thread with the client is gone.
    ///         let _ = requests.send(request);
    ///     })
    ///     .build();
    /// // for request in stale { client.send(Request::from_parts(request, Body::empty())); }
    /// # drop((cache, stale));
    /// ```
    pub fn on_stale(mut self, call: impl Fn(RequestHead) + Send + Sync + 'static) -> Self {
        self.settings.on_stale = Some(Arc::new(call));
        self
    }

    /// Makes the cache.
    pub fn build(self) -> Cache {
        let store = self.store.unwrap_or_else(|| Arc::new(MemoryStore::new()));
        Cache::from_parts(store, self.settings)
    }
}

impl fmt::Debug for CacheBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheBuilder")
            .field("store", &self.store)
            .field("max_body_bytes", &self.settings.max_body_bytes)
            .field("max_heuristic_lifetime", &self.settings.max_heuristic_lifetime)
            .field("stale_if_error", &self.settings.stale_if_error)
            .finish_non_exhaustive()
    }
}
