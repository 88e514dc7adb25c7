//! Retries: send a request again after a failure that may pass.
//!
//! Retries are off by default. One line turns them on:
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/items").reply(503).reply(Reply::text("a pen"));
//! # mock.post("/orders").reply(503);
//! use std::time::Duration;
//! use httpx::Client;
//! use httpx::retry::Retry;
//!
//! let client = Client::builder()
//!     .retry(Retry::new())
//! #   .retry(Retry::new().base_delay(Duration::ZERO))
//!     .timeout(Duration::from_secs(60)) // for all attempts together
//! #   .transport(mock)
//!     .build()?;
//!
//! let response = client.get("https://api.example.com/items").send()?;
//! assert_eq!(response.text(), "a pen");
//! assert_eq!(response.attempts().count(), 2);
//!
//! // A POST is not repeated, because it might order twice:
//! let response = client.post("https://api.example.com/orders").json(["pen"]).send()?;
//! assert_eq!((response.status().as_u16(), response.attempts().count()), (503, 1));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! | outcome | retried |
//! | --- | --- |
//! | no connection; the connect timeout | always, also a POST: nothing was sent |
//! | the connection broke; the write or head timeout | if the request is idempotent |
//! | status 408, 429, 502, 503 or 504 | if the request is idempotent |
//! | any other status, an invalid certificate, a host that does not exist, the total timeout | no |
//!
//! GET, HEAD, PUT, DELETE and OPTIONS are **idempotent**: a second one does no more than the first. So is a request with an
//! `Idempotency-Key` header, or one that [`idempotent(true)`](crate::RequestBuilder::idempotent) marks. The table of the
//! module [`retry`](crate::retry) has each case.
//!
//! # Settings
//!
//! ```
//! use std::time::Duration;
//! use httpx::StatusCode;
//! use httpx::retry::{Retry, RetryBudget};
//!
//! let budget = RetryBudget::new(10, 1); // 10 retries for 100 requests, and one each second besides
//! let retry = Retry::new()
//!     .max_attempts(5) // in all; 3 by default
//!     .base_delay(Duration::from_millis(100)) // 200 ms by default
//!     .max_delay(Duration::from_secs(5)) // 10 s by default
//!     .statuses([StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE])
//!     .budget(&budget)
//!     .on_retry(|attempt| eprintln!("again after: {attempt}"));
//!
//! let client = httpx::Client::builder().retry(retry).build()?;
//! let once = client.get("https://www.example.com").no_retry();
//! let often = client.get("https://www.example.com").retry(Retry::new().max_attempts(10));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! - Before each retry there is a random pause. Its limit starts at the base delay and doubles each time.
//! - `Retry-After` is honoured, up to 60 s ([`max_retry_after`](crate::retry::Retry::max_retry_after)).
//! - All requests of a client share a **budget**, so that a server that is down does not get several times its usual load.
//! - The total timeout limits all attempts and pauses together. The other timeouts count for each attempt.
//! - Bytes, text and files can be sent again. A reader or a stream cannot: the first response or error is returned.
//!
//! # Rate limits
//!
//! Many APIs allow a number of requests per minute, and answer further ones with a 429. A [`limit`](crate::limit) makes
//! requests wait for their turn:
//!
//! ```
//! use std::time::Duration;
//! use httpx::limit::{ConcurrencyLimit, RateLimit};
//!
//! let client = httpx::Client::builder()
//!     .network_layer(ConcurrencyLimit::new(8)) // at once, to each origin
//!     .network_layer(RateLimit::new(100, Duration::from_secs(60)))
//!     .build()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # What happened
//!
//! ```
//! # use std::time::Duration;
//! # use httpx::retry::Retry;
//! # use httpx::testing::{Fault, Mock};
//! # let mock = Mock::new();
//! # mock.get("/").reply(Fault::Refused);
//! # let retry = Retry::new().base_delay(Duration::ZERO);
//! # let client = httpx::Client::builder().retry(retry).transport(mock).build()?;
//! let error = client.get("https://www.example.com").send().unwrap_err();
//! assert_eq!(error.attempts().count(), 3);
//! for attempt in error.attempts().earlier() {
//!     println!("{attempt}");
//! }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! An error while you read a streamed body is not retried. [`resume_to`](crate::RequestBuilder::resume_to) continues a
//! download instead.
//!
//! Async: the same settings. The module [`retry`](crate::retry) shows hedged requests.
