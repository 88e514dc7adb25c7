//! The state of one call of the cache.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use httpx_core::{Length, Method, RequestHead};

use crate::cache::CacheMode;
use crate::cache::directives::RequestDirectives;
use crate::cache::reuse::Wishes;
use crate::cache::selection::Selection;
use crate::cache::shelf::FoundResponse;
use crate::cache::stored_response::ExchangeTimes;

/// Requests with these headers are not answered by the cache, and their responses are not stored: they are about a part of
/// the response, depend on the state of the server, or ask for another protocol.
const NOT_CACHED: [&str; 5] = ["range", "if-range", "if-match", "if-unmodified-since", "upgrade"];

/// A request with one of these headers validates a response that the caller has.
const CONDITIONS: [&str; 2] = ["if-none-match", "if-modified-since"];

/// The state of one call.
#[allow(unreachable_pub)] // a type of the trait `Flow`
pub struct CacheCall {
    pub(super) stage: Stage,
    /// The request as it came.
    pub(super) request: RequestHead,
    pub(super) wishes: Wishes,
    pub(super) sent: SystemTime,
    /// The stored response that could not be used without the server.
    pub(super) found: Option<FoundResponse>,
    /// Whether the cache has made the request conditional.
    pub(super) is_conditional: bool,
    /// A response that is stored when its body has been read.
    pub(super) pending: Option<PendingResponse>,
}

pub(super) enum Stage {
    /// The cache has no part in this request.
    Bypass,
    /// The request may change what its URL has: its response may invalidate entries.
    Unsafe,
    /// The store is to be asked.
    LookUp,
    /// The store is being asked, and fills the slot.
    LookingUp(Arc<Mutex<Option<FoundResponse>>>),
    /// The request is sent, and its response may be stored.
    Send,
}

/// What is known about a response before its body has been read.
pub(super) struct PendingResponse {
    pub(super) selection: Selection,
    pub(super) times: ExchangeTimes,
}

impl CacheCall {
    pub(super) fn new(request: &RequestHead, body: Length) -> Self {
        let mode = request.extensions().get::<CacheMode>().copied().unwrap_or_default();
        let wishes = Wishes { mode, directives: RequestDirectives::parse(request.headers()) };
        CacheCall {
            stage: first_stage(request, body, &wishes),
            request: request.clone(),
            wishes,
            sent: SystemTime::UNIX_EPOCH,
            found: None,
            is_conditional: false,
            pending: None,
        }
    }

    /// A call in which the cache has no part.
    pub(super) fn bypass(request: &RequestHead) -> Self {
        CacheCall { stage: Stage::Bypass, ..CacheCall::new(request, Length::None) }
    }

    pub(super) fn is_head(&self) -> bool {
        *self.request.method() == Method::HEAD
    }
}

/// The headers of the request are not shown.
impl fmt::Debug for CacheCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheCall").field("wishes", &self.wishes).finish_non_exhaustive()
    }
}

fn first_stage(request: &RequestHead, body: Length, wishes: &Wishes) -> Stage {
    let (method, headers) = (request.method(), request.headers());
    let has = |names: &[&str]| names.iter().any(|name| headers.contains(name));
    if wishes.mode == CacheMode::NoStore || !matches!(request.url().scheme(), "http" | "https") {
        return Stage::Bypass;
    }
    if !method.is_safe() {
        return Stage::Unsafe;
    }
    // A response may depend on the body of its request, which is no part of the key.
    let has_body = !matches!(body, Length::None | Length::Known(0));
    let is_cached = *method == Method::GET || *method == Method::HEAD;
    if has_body || !is_cached || wishes.directives.no_store || has(&NOT_CACHED) {
        return Stage::Bypass;
    }
    if wishes.mode == CacheMode::Reload || has(&CONDITIONS) { Stage::Send } else { Stage::LookUp }
}
