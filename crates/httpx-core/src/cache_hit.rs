//! [`CacheHit`]: how a cache answered a request.

/// How a cache answered a request: the value of [`Response::from_cache`](crate::Response::from_cache).
///
/// ```
/// # mod httpx { pub mod cache { pub use httpx_core::{CacheHit, StaleReason}; } pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
/// use httpx::StatusCode;
/// use httpx::cache::CacheHit;
/// use httpx::flow::ResponseHead;
///
/// let mut head = ResponseHead::new(StatusCode::OK);
/// assert_eq!(head.from_cache(), None);
/// head.set_from_cache(CacheHit::Fresh); // as a cache does
/// assert_eq!(head.from_cache(), Some(CacheHit::Fresh));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheHit {
    /// The stored response was fresh. The server was not asked.
    Fresh,
    /// The server confirmed the stored response by a 304, which has updated its headers (RFC 9111 §4.3.4).
    Revalidated,
    /// The stored response was stale, and is returned for this reason.
    Stale(StaleReason),
}

/// The reason for which a stale response is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StaleReason {
    /// The request allows it: by `Cache-Control: max-stale` (RFC 9111 §5.2.1.2), or by its cache mode.
    Requested,
    /// The response allows it while it is validated: by `Cache-Control: stale-while-revalidate` (RFC 5861 §3).
    WhileRevalidating,
    /// The server could not be reached, or answered 500, 502, 503 or 504, and the request, the response or the cache allows
    /// it: by `Cache-Control: stale-if-error` (RFC 5861 §4), for example.
    OnError,
}
