//! Caching: store responses, and use them again (RFC 9111).
//!
//! A cache is off by default, and needs the feature `cache`:
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/items").reply(Reply::text("a pen").header("Cache-Control", "max-age=60")).expect(1);
//! use httpx::Client;
//! use httpx::cache::{Cache, CacheHit};
//!
//! let client = Client::builder()
//!     .cache(Cache::in_memory())
//! #   .transport(mock)
//!     .build()?;
//!
//! let first = client.get("https://www.example.com/items").send()?;
//! assert_eq!(first.from_cache(), None); // the server answered
//!
//! let second = client.get("https://www.example.com/items").send()?;
//! assert_eq!(second.from_cache(), Some(CacheHit::Fresh)); // nothing was sent
//! assert_eq!(second.text(), "a pen");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The server decides what is stored and for how long, by its headers (`Cache-Control`, `Expires`, `ETag`, `Vary`). When a
//! stored response is too old, the client asks the server whether it is still valid. If it is, the server answers with a 304
//! and no body:
//!
//! ```
//! use httpx::cache::{Cache, CacheHit};
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/items").header("If-None-Match", "\"v1\"").reply(304);
//! # mock.get("/items").reply(Reply::text("a pen").header("ETag", "\"v1\"").header("Cache-Control", "no-cache"));
//! # let client = httpx::Client::builder().cache(Cache::in_memory()).transport(mock).build()?;
//! client.get("https://www.example.com/items").send()?; // it has an ETag and `Cache-Control: no-cache`
//!
//! let response = client.get("https://www.example.com/items").send()?;
//! assert_eq!(response.from_cache(), Some(CacheHit::Revalidated));
//! assert_eq!((response.status().as_u16(), &*response.text()), (200, "a pen"));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Settings
//!
//! ```
//! use std::time::Duration;
//! use httpx::cache::{Cache, CacheMode, MemoryStore};
//!
//! let cache = Cache::builder()
//!     .store(MemoryStore::new().max_bytes(16 << 20)) // 64 MiB by default
//!     .max_body_bytes(1 << 20) // larger bodies are not stored; 4 MiB by default
//!     .stale_if_error(Duration::from_secs(3600)) // an old response is better than none
//!     .build();
//! let client = httpx::Client::builder().cache(cache.clone()).build()?;
//!
//! // One request can use the cache in another way:
//! let reload = client.get("https://www.example.com").cache_mode(CacheMode::Reload);
//!
//! println!("{:?}", cache.stats());
//! cache.clear()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Cache::in_directory`](crate::cache::Cache::in_directory) keeps responses on disk, at most 256 MiB by default. Several
//! programs can share the directory. A full disk or a damaged file never fails a request: see
//! [`take_last_error`](crate::cache::Cache::take_last_error). Your own store implements [`Store`](crate::cache::Store).
//!
//! # Good to know
//!
//! - **A cache is for one user.** A service gives each of its users a cache, or uses none.
//! - Only a body that is read to its end is stored. A request with a `Range` is neither answered nor stored.
//! - A successful POST, PUT, PATCH or DELETE removes what is stored for its URL.
//! - Add `.cache(…)` after layers that add headers, so that it sees their headers, but before one that signs each request.
//! - A request with a cookie jar of its own, or without cookies, bypasses the cache. A `Cookie` header that you set selects
//!   its own responses, as `Authorization` does; the cookies of the client's jar do not.
//!
//! The module [`cache`](crate::cache) has each rule, with its section of the RFC.
//!
//! Async: the same cache serves both flavours. Files are read on tokio's threads for blocking work.
