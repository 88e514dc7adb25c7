//! [`Cache`]: the flow that answers from a store, and fills it.

mod builder;
mod call;
mod outcome;
mod state;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use httpx_core::{CacheHit, Length, RequestHead, Response, ResponseHead, Result, StaleReason, Text, Url};

use super::cache_stats::CacheStats;
use super::reuse::{self, Reuse};
use super::shelf::FoundResponse;
use super::{CacheMode, Store};
use crate::flow::BeforeSend;
use crate::{Clock, Flow, FlowNext, FlowOutcome};
pub use builder::CacheBuilder;
use builder::CacheSettings;
use call::{CacheCall, Stage};
use state::CacheState;

/// A private HTTP cache (RFC 9111), as a flow. Clones share one store.
///
/// It belongs below redirects and cookies, so that it sees each request that would be sent. A client's `cache` puts it
/// there. See the [module](super) for what is cached.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx {
/// #     pub use httpx_core::{*, blocking::*};
/// #     pub mod cache { pub use httpx_core::CacheHit; pub use httpx_middleware::cache::*; }
/// #     pub mod flow { pub use httpx_middleware::*; }
/// #     pub mod network { pub use httpx_core::blocking::*; }
/// # }
/// use httpx::cache::{Cache, CacheHit};
/// use httpx::flow::Middleware;
/// use httpx::network::MockTransport;
/// use httpx::{Request, Response, Text, Transport};
///
/// let mock = MockTransport::new(|_| Response::new(200, Text("hello"))?.with_header("Cache-Control", "max-age=60"));
/// let client = Middleware::with(Cache::in_memory(), mock.clone());
/// let get = || client.send(Request::new("GET", "https://example.com/")?)?.read_body();
/// assert_eq!(get()?.from_cache(), None);
/// assert_eq!(get()?.from_cache(), Some(CacheHit::Fresh));
/// assert_eq!(get()?.text(), "hello");
/// assert_eq!(mock.requests().len(), 1);
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Cache {
    state: Arc<CacheState>,
    is_bypassed: Option<fn(&RequestHead) -> bool>,
}

impl Cache {
    /// Makes a cache with a new [`MemoryStore`](super::MemoryStore) and default settings.
    pub fn in_memory() -> Self {
        Cache::builder().build()
    }

    /// Makes a cache in this directory, with a [`DirectoryStore`](super::DirectoryStore) and default settings.
    pub fn in_directory(path: impl Into<PathBuf>) -> Self {
        Cache::builder().directory(path).build()
    }

    /// Returns a builder for a cache with other settings.
    pub fn builder() -> CacheBuilder {
        CacheBuilder::new()
    }

    fn from_parts(store: Arc<dyn Store>, settings: CacheSettings) -> Self {
        Cache { state: Arc::new(CacheState::new(store, settings)), is_bypassed: None }
    }

    /// Returns what the cache has done so far.
    pub fn stats(&self) -> CacheStats {
        self.state.counters.stats()
    }

    /// Returns the last error of the store, once: a full disk, a directory that cannot be written.
    pub fn take_last_error(&self) -> Option<io::Error> {
        self.state.counters.take_last_error()
    }

    /// Removes all responses of this URL. It may wait for a disk: see [`Store::may_block`].
    pub fn remove(&self, url: &Url) {
        self.state.invalidate(std::slice::from_ref(url));
    }

    /// Removes all entries. It may wait for a disk: see [`Store::may_block`].
    ///
    /// # Errors
    ///
    /// If some of them may still be there.
    pub fn clear(&self) -> io::Result<()> {
        self.state.clear()
    }

    /// Returns a cache with the same store that has no part in requests for which this returns true: for the client.
    #[doc(hidden)]
    pub fn bypassed_if(mut self, is_bypassed: fn(&RequestHead) -> bool) -> Self {
        self.is_bypassed = Some(is_bypassed);
        self
    }

    /// Decides what to do with the response that the store has.
    fn looked_up(
        &self,
        call: &mut CacheCall,
        request: &mut RequestHead,
        found: Option<FoundResponse>,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        call.stage = Stage::Send;
        let Some(found) = found else {
            self.state.counters.miss();
            return self.send(call, request, clock);
        };
        let (now, max_heuristic) = (clock.wall(), self.state.settings.max_heuristic_lifetime);
        // A retry of a failure is to be sent, also if the failure was stored.
        let is_retried = call.request.attempt() > 1 && found.response.status.is_error();
        let reuse = reuse::decide(&found.response, &call.wishes, now, max_heuristic);
        let hit = match if is_retried { Reuse::Validate } else { reuse } {
            Reuse::Return(hit) => Some(hit),
            Reuse::ReturnWhileValidating => {
                let is_returned = self.is_returned_while_validating(call, &found);
                is_returned.then_some(CacheHit::Stale(StaleReason::WhileRevalidating))
            }
            Reuse::Validate => None,
        };
        if let Some(hit) = hit {
            self.state.counters.hit(hit);
            let response = found.response.to_response(now, hit, call.is_head());
            return Ok(BeforeSend::Answer(response.into()));
        }
        if !call.wishes.is_only_if_cached() {
            self.make_conditional(call, request, &found)?;
        }
        call.found = Some(found);
        self.send(call, request, clock)
    }

    /// Returns whether a stale response is returned, and notes that it is to be validated.
    fn is_returned_while_validating(&self, call: &CacheCall, found: &FoundResponse) -> bool {
        let is_first = self.state.set_due(&found.key);
        let Some(on_stale) = &self.state.settings.on_stale else {
            if !is_first {
                self.state.clear_due(&found.key); // this call validates it, and others are not held up
            }
            return is_first || call.wishes.is_only_if_cached();
        };
        if is_first {
            on_stale(validating(&call.request));
        }
        true
    }

    /// Makes the request ask whether the stored response is still valid (RFC 9111 §4.3.1).
    fn make_conditional(
        &self,
        call: &mut CacheCall,
        request: &mut RequestHead,
        found: &FoundResponse,
    ) -> Result<()> {
        let headers = &found.response.headers;
        for (validator, condition) in [("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")] {
            if let Some(value) = headers.get(validator) {
                request.headers_mut().set(condition, value.as_bytes())?;
                call.is_conditional = true;
            }
        }
        Ok(())
    }

    fn send(&self, call: &mut CacheCall, request: &mut RequestHead, clock: &dyn Clock) -> Result<BeforeSend> {
        if call.wishes.is_only_if_cached() {
            return Ok(BeforeSend::Answer(not_cached()?.into()));
        }
        // Caches on the way are asked for the same.
        if matches!(call.wishes.mode, CacheMode::Reload | CacheMode::NoCache) {
            request.headers_mut().set_default("Cache-Control", "no-cache")?;
        }
        call.sent = clock.wall();
        Ok(BeforeSend::Send)
    }
}

impl Flow for Cache {
    type Call = CacheCall;

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<CacheCall> {
        self.start_with_body(request, Length::None, clock)
    }

    fn start_with_body(&self, request: &mut RequestHead, body: Length, _: &dyn Clock) -> Result<CacheCall> {
        match self.is_bypassed {
            Some(is_bypassed) if is_bypassed(request) => Ok(CacheCall::bypass(request)),
            Some(_) | None => Ok(CacheCall::new(request, body)),
        }
    }

    fn before_send(
        &self,
        call: &mut CacheCall,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        match &call.stage {
            Stage::Bypass | Stage::Unsafe | Stage::Send => self.send(call, request, clock),
            Stage::LookUp => {
                let slot = Arc::new(Mutex::new(None));
                let (for_work, head) = (Arc::clone(&slot), call.request.clone());
                call.stage = Stage::LookingUp(slot);
                let work = self.state.run(move |state| {
                    *for_work.lock().unwrap_or_else(PoisonError::into_inner) = state.find(&head);
                });
                match work {
                    Some(work) => Ok(BeforeSend::Run(work)),
                    None => self.before_send(call, request, clock),
                }
            }
            Stage::LookingUp(slot) => {
                let found = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
                self.looked_up(call, request, found, clock)
            }
        }
    }

    fn next(
        &self,
        call: &mut CacheCall,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        match (&call.stage, outcome) {
            (Stage::Unsafe, FlowOutcome::Response(response)) => Ok(self.changed(call, response)),
            (Stage::Send, FlowOutcome::Response(response)) => self.answered(call, request, response, clock),
            (Stage::Send, FlowOutcome::Failed(error)) => Ok(self.failed(call, error, clock)),
            (Stage::Bypass | Stage::Unsafe | Stage::LookUp | Stage::LookingUp(_), _) => Ok(FlowNext::Done),
        }
    }

    fn on_body(
        &self,
        call: &mut CacheCall,
        _: &mut RequestHead,
        response: &mut ResponseHead,
        body: Option<&Bytes>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        let (Some(pending), Some(body)) = (call.pending.take(), body) else { return Ok(FlowNext::Done) };
        Ok(self.saved(call, response, pending, body.clone()))
    }
}

/// Returns the request that validates what this request was answered with.
fn validating(request: &RequestHead) -> RequestHead {
    let (method, url) = (request.method().clone(), request.url().clone());
    // Without the deadline of its call.
    let mut head = RequestHead::from_parts(method, url, request.headers().clone(), request.options().clone());
    *head.extensions_mut() = request.extensions().clone();
    head.extensions_mut().insert(CacheMode::NoCache);
    head
}

/// The response to a request that must not be sent (RFC 9111 §5.2.1.7).
fn not_cached() -> Result<Response<Bytes>> {
    Response::new(504, Text("the cache has no response for this request, which is only-if-cached"))
}

/// `Cache(<MemoryStore [3 entries, 1200 bytes]>)`.
impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cache").field(&self.state.store).finish()
    }
}
