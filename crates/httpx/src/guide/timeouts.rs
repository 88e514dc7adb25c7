//! Timeouts: how long each step can take, and the whole call.
//!
//! Six timeouts protect a call. Five of them are on by default:
//!
//! | timeout | limits | default |
//! | --- | --- | --- |
//! | [`connect`](crate::ClientBuilder::connect_timeout) | the making of a connection: name lookup, TCP, proxy, TLS | 10 s |
//! | [`pool`](crate::ClientBuilder::pool_timeout) | the wait for a free connection | 5 min |
//! | [`write`](crate::ClientBuilder::write_timeout) | each wait until the server takes more of the request | 30 s |
//! | [`head`](crate::ClientBuilder::head_timeout) | the time from the last byte sent to the head of the response | 30 s |
//! | [`read`](crate::ClientBuilder::read_timeout) | each wait for more of the body | 30 s |
//! | [`total`](crate::ClientBuilder::timeout) | the whole call, with redirects, retries and the body | none |
//!
//! The total timeout is off by default, so that a long download can finish. **Set it if a call must end in time**: without
//! it, a server can send one byte of the body every 20 seconds, for hours.
//!
//! ```
//! use std::time::Duration;
//! use httpx::{Client, Timeouts};
//!
//! let client = Client::builder()
//!     .timeout(Duration::from_secs(60)) // the total
//!     .connect_timeout(Duration::from_secs(3))
//!     .build()?;
//!
//! // One request can have its own:
//! let request = client.get("https://www.example.com/report").head_timeout(Duration::from_secs(300));
//!
//! // Several at once; those that are not named stay as they are:
//! const PATIENT: Timeouts = Timeouts::new().head(Duration::from_secs(300)).read(Timeouts::NEVER);
//! let request = client.get("https://www.example.com/report").timeouts(PATIENT);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Which one do I change?
//!
//! - An API computes for minutes before it answers, for example a language model that does not stream: raise `head`.
//! - A stream of events is silent for minutes: raise `read`. [`event_source`](crate::RequestBuilder::event_source) does it
//!   itself.
//! - A request must not wait for a free connection for long: lower `pool`.
//! - A call must end within two seconds, whatever happens: set `timeout`.
//!
//! # After a timeout
//!
//! The error tells which timeout passed, and its length. The connection of the call is closed.
//!
//! ```
//! use std::time::Duration;
//! use httpx::models::Timeout;
//! use httpx::testing::{Fault, Mock};
//! use httpx::{Client, ErrorKind};
//!
//! let mock = Mock::new();
//! mock.get("/").reply(Fault::Timeout(Timeout::Head)); // fails as a slow server does, without a wait
//! let client = Client::builder().transport(mock).head_timeout(Duration::from_secs(5)).build()?;
//!
//! let error = client.get("https://www.example.com").send().unwrap_err();
//! assert!(error.is_timeout());
//! assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Head));
//! assert_eq!(error.timeout(), Some(Duration::from_secs(5)));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The server may have acted on the request, unless the `connect` or the `pool` timeout passed. Before you send it again,
//! read [retries](super::retries).
//!
//! Async: the same timeouts hold. You can also drop the future of a call at any time: that cancels it.
