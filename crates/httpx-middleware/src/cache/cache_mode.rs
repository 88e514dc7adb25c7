//! How one request uses the cache.

/// How one request uses the cache, as in the `fetch` function of browsers. Set it by `cache_mode` of a
/// request, or as an extension. Defaults to [`Default`](CacheMode::Default).
///
/// The directives of the request's own `Cache-Control` apply as well: see the [module](super).
///
/// ```
/// # mod httpx {
/// #     pub use httpx_core::*;
/// #     pub mod cache { pub use httpx_middleware::cache::*; }
/// #     pub mod flow { pub use httpx_core::RequestHead; }
/// # }
/// use httpx::cache::CacheMode;
/// use httpx::flow::RequestHead;
/// use httpx::{Method, Url};
///
/// let mut head = RequestHead::new(Method::GET, Url::parse("https://example.com/")?);
/// head.extensions_mut().insert(CacheMode::Reload); // a request builder has `.cache_mode(CacheMode::Reload)`
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CacheMode {
    /// A fresh response is returned, a stale one is validated, and what is missing is sent for and stored.
    #[default]
    Default,
    /// The cache is not used: nothing is looked up, stored or removed.
    NoStore,
    /// The request is sent with `Cache-Control: no-cache`, and its response is stored.
    Reload,
    /// The stored response is validated, also if it is fresh. The request has `Cache-Control: no-cache`.
    NoCache,
    /// The stored response is returned, fresh or stale; if there is none, the request is sent.
    ForceCache,
    /// The stored response is returned, fresh or stale; if there is none, the response is a 504 that the cache makes. Nothing is
    /// sent, so other requests, such as POST, get the 504 as well.
    OnlyIfCached,
}
