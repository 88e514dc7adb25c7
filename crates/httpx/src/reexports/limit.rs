//! Limits that requests share: [`RateLimit`] (requests per time) and [`ConcurrencyLimit`] (requests at once), for each
//! origin or in all.
//!
//! ```
//! use std::time::Duration;
//!
//! use httpx::Client;
//! use httpx::limit::{ConcurrencyLimit, RateLimit};
//!
//! let client = Client::builder()
//!     .network_layer(ConcurrencyLimit::new(8))
//!     .network_layer(RateLimit::new(100, Duration::from_secs(60)).burst(10))
//!     .build()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Async:
//!
//! ```
//! # #[cfg(feature = "async")] {
//! use httpx::limit::ConcurrencyLimit;
//!
//! let client = httpx::ahttpx::Client::builder().network_layer(ConcurrencyLimit::new(8)).build()?;
//! # }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! As network layers they see each request that is sent: each step of a redirect and each [retry](crate::retry), but not the
//! answers of a cache above them. Requests wait for their turn in the order in which they came, and not past their total
//! timeout. A call that is cancelled while it waits gives back its place.
//!
//! | limit | counts | a turn is over | the wait is bounded by |
//! | --- | --- | --- | --- |
//! | [`RateLimit`] | requests per time, with bursts | at once | the total timeout, [`max_wait`](RateLimit::max_wait) |
//! | [`ConcurrencyLimit`] | requests that are under way | when the body of the response has been read or dropped | the total timeout, [`max_wait`](ConcurrencyLimit::max_wait) or else the pool timeout |
//!
//! Put the limit of concurrency above that of the rate, as here: a request then takes its turn of the rate when it is
//! sent, not when it begins to wait for room. A clone of a limit is the same limit: several clients can share it.

pub use httpx_middleware::limit::*;
