//! A private HTTP cache by RFC 9111: which responses are stored, and when they are returned.
//!
//! A [`Cache`] is a flow over a [`Store`]: a [`MemoryStore`], a [`DirectoryStore`], or one of your own. It is for one user,
//! as the cache of a browser is: give each user of a service a cache of their own.
//!
//! # What is cached
//!
//! | subject | rule | RFC 9111 |
//! | --- | --- | --- |
//! | method | responses to GET are stored; they also answer HEAD. A GET with a body is not cached | §2, §4 |
//! | status | any final one with `max-age`, `Expires`, `public` or `private`; without these 200, 203, 204, 300, 301, 308, 404, 405, 410, 414 and 501. Not 206 and 304 | §3 |
//! | `no-store` | the response is not stored; in a request, the cache is not used | §5.2 |
//! | lifetime | `max-age`, else `Expires`, else a tenth of the age of `Last-Modified`, at most a day. `s-maxage` is for shared caches | §4.2 |
//! | age | from `Age`, `Date` and the time of the request; a cached response has the header `Age` | §4.2.3 |
//! | request | `no-cache`, `max-age`, `max-stale`, `min-fresh`, `only-if-cached` (504 if there is none), `stale-if-error`, `Pragma: no-cache` | §5.2.1 |
//! | validation | a stale response is validated by its `ETag` and `Last-Modified`; a 304 updates its headers | §4.3 |
//! | own conditions | a request that has `If-None-Match` or `If-Modified-Since` already is sent as it is | §4.3.2 |
//! | `Vary` | the last 16 variants of each URL. `Vary: *` is not stored | §4.1 |
//! | `Authorization` | is as if listed in `Vary`, unless the response is `public`. Of a digest that [`Digest`](crate::auth) has made only the user and the password count, because it changes with each request; what depends on another digest is not stored | §3.5 |
//! | `Cookie` | is as if listed in `Vary`, unless the response is `public` or the cookies are those of the client's jar | |
//! | `Host` | a request that names a virtual host gets only the responses of that host | §2 |
//! | retries | a stored failure is validated before it answers the retry of a request | |
//! | ranges | requests with `Range` are sent as they are, and their responses are not stored | §3.3 |
//! | changes | a successful POST, PUT, DELETE, PATCH or unknown method removes what is stored for its URL, its `Location` and its `Content-Location` of the same origin | §4.4 |
//! | `immutable` | a fresh response is returned in spite of `max-age=0` | RFC 8246 |
//! | `stale-while-revalidate` | the stale response is returned once, and the next request waits for the validation; or [`on_stale`](CacheBuilder::on_stale) validates it in the background | RFC 5861 |
//! | `stale-if-error` | a stale response is returned if the server cannot be reached or answers 500, 502, 503 or 504 | RFC 5861 |
//! | `must-revalidate`, `no-cache` | such a response is not returned stale, or never without a validation | §5.2.2 |
//! | `Set-Cookie` | is not stored, because a cookie of the past must not replace a newer one | |
//!
//! A body is stored decoded, as the caller gets it; with `decompress(false)` as it was sent, apart from the decoded one. It
//! is copied while the caller reads it: only a body that was read to its end is stored. The caller sees by
//! [`Response::from_cache`](httpx_core::Response::from_cache) where a response came from.
//!
//! A flow that signs each request belongs below the cache, because each signature is another `Authorization`.
//!
//! One request can use the cache in another way: see [`CacheMode`].
//!
//! # The disk
//!
//! Files are read and written where that may block: in the async flavour on tokio's threads for blocking work. No error of
//! the store fails a request: see [`Cache::stats`] and [`Cache::take_last_error`].

mod cache_mode;
mod cache_stats;
mod directives;
mod directory_store;
mod entry;
mod flow;
mod http_date;
mod memory_store;
mod reuse;
mod selection;
mod shelf;
mod storable;
mod store;
mod store_key;
mod stored_response;

pub use cache_mode::CacheMode;
pub use cache_stats::CacheStats;
pub use directory_store::DirectoryStore;
pub use flow::{Cache, CacheBuilder};
pub use httpx_core::{CacheHit, StaleReason};
pub use memory_store::MemoryStore;
pub use store::Store;
pub use store_key::StoreKey;
