//! What all calls of a cache share.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use httpx_core::{RequestHead, Url};

use super::builder::CacheSettings;
use crate::cache::cache_stats::Counters;
use crate::cache::shelf::{self, FoundResponse};
use crate::cache::stored_response::StoredResponse;
use crate::cache::{Store, StoreKey};
use crate::flow::BlockingWork;

/// The most keys whose validation is remembered as due. Beyond it all are forgotten, so that some stale responses are
/// returned once more.
const MAX_DUE: usize = 1024;

/// The most URLs whose responses could not be removed. With so many, the store is not read any more until it was cleared.
const MAX_OUTDATED: usize = 1024;

/// What all calls of a cache share.
pub(super) struct CacheState {
    pub(super) store: Arc<dyn Store>,
    pub(super) settings: CacheSettings,
    pub(super) counters: Counters,
    /// The responses that were returned stale, and are to be validated.
    due: Mutex<HashSet<StoreKey>>,
    /// The URLs whose responses were to be removed, but the store failed: they count as missing until there is a newer one.
    outdated: Mutex<HashSet<StoreKey>>,
}

impl CacheState {
    pub(super) fn new(store: Arc<dyn Store>, settings: CacheSettings) -> Self {
        CacheState {
            store,
            settings,
            counters: Counters::default(),
            due: Mutex::default(),
            outdated: Mutex::default(),
        }
    }

    /// Uses the store: at once, or by work if the store may block.
    pub(super) fn run(
        self: &Arc<Self>,
        function: impl FnOnce(&CacheState) + Send + 'static,
    ) -> Option<BlockingWork> {
        if !self.store.may_block() {
            function(self);
            return None;
        }
        let state = Arc::clone(self);
        Some(BlockingWork::new(move || function(&state)))
    }

    pub(super) fn find(&self, request: &RequestHead) -> Option<FoundResponse> {
        if self.is_outdated(&StoreKey::of_url(request.url())) {
            return None;
        }
        self.counters.check(shelf::find(&*self.store, request)).flatten()
    }

    pub(super) fn save(&self, url: &Url, response: StoredResponse) {
        let key = StoreKey::of_url(url);
        self.clear_due(&key.variant(&response.selection.id));
        self.clear_due(&key);
        if self.put(url, response).is_some() {
            self.counters.stored();
        }
    }

    /// Saves a response beside those of its URL, or in place of those that are outdated.
    fn put(&self, url: &Url, response: StoredResponse) -> Option<()> {
        let key = StoreKey::of_url(url);
        if !self.is_outdated(&key) {
            return self.counters.check(shelf::save(&*self.store, url, response));
        }
        self.counters.check(shelf::save_alone(&*self.store, &key, response))?;
        let mut outdated = self.outdated();
        // If the set is full, some outdated ones may be missing in it.
        if outdated.len() < MAX_OUTDATED {
            outdated.remove(&key);
        }
        Some(())
    }

    pub(super) fn update(&self, found: FoundResponse) {
        self.counters.check(shelf::update(&*self.store, found));
    }

    /// Saves a response again that answers other requests than before.
    pub(super) fn replace(&self, url: &Url, found: FoundResponse) {
        self.remove(&found.key);
        self.put(url, found.response);
    }

    pub(super) fn remove(&self, key: &StoreKey) {
        self.counters.check(self.store.remove(key));
    }

    pub(super) fn invalidate(&self, urls: &[Url]) {
        for url in urls {
            if self.counters.check(shelf::invalidate(&*self.store, url)).is_none() {
                self.set_outdated(StoreKey::of_url(url));
            }
        }
    }

    pub(super) fn clear(&self) -> io::Result<()> {
        self.store.clear()?;
        self.outdated().clear();
        Ok(())
    }

    fn set_outdated(&self, key: StoreKey) {
        let mut outdated = self.outdated();
        if outdated.len() < MAX_OUTDATED {
            outdated.insert(key);
        }
    }

    fn is_outdated(&self, key: &StoreKey) -> bool {
        let outdated = self.outdated();
        outdated.len() >= MAX_OUTDATED || outdated.contains(key)
    }

    fn outdated(&self) -> MutexGuard<'_, HashSet<StoreKey>> {
        self.outdated.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a response is to be validated. Returns whether this is new.
    pub(super) fn set_due(&self, key: &StoreKey) -> bool {
        let mut due = self.due();
        if due.len() >= MAX_DUE {
            due.clear();
        }
        due.insert(key.clone())
    }

    /// The response is being validated, or was.
    pub(super) fn clear_due(&self, key: &StoreKey) {
        self.due().remove(key);
    }

    fn due(&self) -> MutexGuard<'_, HashSet<StoreKey>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
