//! Retries: [`Retry`] sends a request again after a failure that may pass.
//!
//! Off by default. One line turns it on, for a client or for one request:
//!
//! ```no_run
//! # #[cfg(feature = "blocking")] {
//! use httpx::Client;
//! use httpx::retry::Retry;
//!
//! let client = Client::builder().retry(Retry::new()).build()?;
//! let response = client.get("https://www.example.com").send()?;
//! println!("{} at attempt {}", response.status(), response.attempts().count());
//!
//! client.post("https://www.example.com/jobs").no_retry().send()?;
//! client.get("https://www.example.com").retry(Retry::new().max_attempts(5)).send()?;
//! # }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Async:
//!
//! ```
//! # #[cfg(feature = "async")] {
//! use httpx::ahttpx::Client;
//! use httpx::retry::Retry;
//!
//! let client = Client::builder().retry(Retry::new()).build()?;
//! # }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # What is retried
//!
//! | outcome | retried | set by |
//! | --- | --- | --- |
//! | no connection: refused, unreachable, the name did not resolve this time | yes, also POST: nothing was sent | [`retry_if`](Retry::retry_if) |
//! | the connection was reset or closed, or the head of the response was cut short | if idempotent, or if nothing was sent | [`retry_if`](Retry::retry_if) |
//! | the connect timeout | yes, also POST | [`retry_if`](Retry::retry_if) |
//! | the write or head timeout | if idempotent | [`retry_if`](Retry::retry_if) |
//! | the total timeout, the pool timeout | no: the time is over, or this client itself is overloaded | [`retry_if`](Retry::retry_if), but never after the total timeout |
//! | status 408, 429, 502, 503, 504 | if idempotent | [`statuses`](Retry::statuses) |
//! | any other status, such as 500 | no | [`statuses`](Retry::statuses) |
//! | a host that does not exist, an invalid certificate, a response that is not HTTP, an address that the filter refuses | no | [`retry_if`](Retry::retry_if) |
//! | an error while the body of the response is read, also by `send` | no: the response was handed on; [`resume_to`](crate::RequestBuilder::resume_to) continues a download | |
//!
//! **Idempotent** are GET, HEAD, PUT, DELETE, OPTIONS, TRACE and QUERY (RFC 9110 §9.2.2), requests with an
//! `Idempotency-Key` header, and those that are marked by `idempotent(true)`. `idempotent(false)` takes it from any request.
//!
//! # When
//!
//! Before retry number *n* there is a random pause between 0 and the [base delay](Retry::base_delay) × 2ⁿ⁻¹, at most the
//! [maximum](Retry::max_delay) ("full jitter"). If the response has a `Retry-After`, of either form, the server's pause
//! comes first, and the random one is added. A `Retry-After` that is longer than
//! [`max_retry_after`](Retry::max_retry_after), or a pause that would outlast the total timeout, is not waited for: the
//! response is returned at once. A date in the past is no pause; a `Retry-After` that is neither a number nor a date is
//! ignored.
//!
//! # How often
//!
//! At most [`max_attempts`](Retry::max_attempts) times in all, and only as long as the [`RetryBudget`] lasts, which all
//! requests of the client share. The total timeout of a call bounds all its attempts and pauses together; the other
//! timeouts count for each attempt.
//!
//! The body is sent again if it can be: bytes, text and files can, readers and streams cannot. Then the first outcome
//! is returned.
//!
//! **The connection pool sends again, too**, once in each attempt: if a kept connection turns out to be dead before a
//! byte of the response, and the request is idempotent or was not sent, it is sent over a new connection at once. That
//! is no retry: it has no pause, and takes nothing from the budget. So a request is sent at most twice as often as it has
//! attempts.
//!
//! An [`event_source`](crate::RequestBuilder::event_source) reconnects by itself; each of its connections is a call, which is
//! retried as others are.
//!
//! If there are several `Retry` layers (a client that is the transport of another client, say), the uppermost one retries,
//! and the others stand aside: attempts do not multiply.
//!
//! # What became of it
//!
//! [`Response::attempts`](crate::Response::attempts) and [`Error::attempts`](crate::Error::attempts) list the
//! earlier attempts, and tell why there was not another one ([`NotRetried`]). The text of an error names the number of
//! attempts. [`on_retry`](Retry::on_retry) is called before each retry. The observer of a pool gets the number of the
//! attempt with each request.
//!
//! # Where it stands
//!
//! The client's `retry` is above all its layers, redirects and cookies: an attempt is a whole call. So a layer that
//! authenticates signs each attempt again, a rate limit counts each, and a redirect is followed from its start. To put it
//! elsewhere, use `layer(Retry::new())`, or `network_layer(Retry::new())`, which repeats a single step of a redirect. The
//! settings of a single request always act at the client's own place.
//!
//! # Hedged requests
//!
//! A hedged request sends a second copy when the first one is late, and takes the first answer. It does not fit here: a
//! flow has one request under way at a time, because the blocking flavour runs a call on the thread of its caller, and a
//! second request would need a second thread. In the async flavour it is a few lines of your own:
//!
//! ```no_run
//! # #[cfg(feature = "async")]
//! async fn hedged(client: &httpx::ahttpx::Client, url: &str) -> httpx::Result<httpx::Response> {
//!     let p95 = std::time::Duration::from_millis(300);
//!     let mut first = std::pin::pin!(client.get(url).send());
//!     match tokio::time::timeout(p95, &mut first).await {
//!         Ok(response) => response,
//!         Err(_) => tokio::select! {
//!             response = first => response,
//!             response = client.get(url).send() => response,
//!         },
//!     }
//! }
//! ```

pub use httpx_middleware::retry::*;
