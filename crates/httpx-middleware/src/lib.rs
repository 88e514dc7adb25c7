//! Middleware of an HTTP client: redirects, cookies, and flows of your own.
//!
//! Three nouns:
//!
//! - A **transport** sends a request and returns its response: a connection pool, a mock. It comes from `httpx-core`.
//! - A [`Flow`] decides, without I/O: how to change a request, and after its response, whether to send it again. It can
//!   also answer without the network, send additional requests, wait, and read or observe a body: see the module [`flow`].
//! - A [`Middleware`] is a flow over a transport, and is a transport itself. So layers are stacked: each layer sees one
//!   request and one response of the layer below it.
//!
//! The flows of this crate are [`Redirect`], [`Cookies`] with its [`CookieJar`], [`Logging`](logging::Logging) and
//! [`Retry`](retry::Retry), and those in [`limit`]. Those in [`auth`] authenticate.
//!
//! ```text
//!   request                                  response
//!      │                                        ▲
//!      ▼     Redirect   start ──────── next ────┤◀──┐ again: the body drained, a new head
//!      ▼     Cookies    start ──────── next ────┤
//!      ▼     pool       ──────────────────────▶ │
//! ```
//!
//! The order matters. Cookies are below redirects, so that each redirect gets the cookies of its URL, and its
//! `Set-Cookie` is stored:
//!
//! ```
//! # #[cfg(all(feature = "blocking", feature = "cookies"))] {
//! use httpx_core::blocking::{Body, Transport};
//! use httpx_core::{Request, Response, Result, Text};
//! use httpx_middleware::{CookieMiddleware, RedirectMiddleware};
//!
//! /// A server that redirects requests without a cookie to its login.
//! struct Server;
//!
//! impl Transport for Server {
//!     fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
//!         let (status, header) = match (request.url().path(), request.headers().contains("cookie")) {
//!             ("/login", _) => (303, Some(("Set-Cookie", "sid=31d4d96e"))),
//!             (_, false) => (302, None),
//!             (_, true) => (200, None),
//!         };
//!         let mut response = Response::new(status, Text("Hello, world"))?;
//!         let headers = response.head_mut().headers_mut();
//!         headers.append("Location", if status == 302 { "/login" } else { "/" })?;
//!         if let Some((name, value)) = header {
//!             headers.append(name, value)?;
//!         }
//!         Ok(response.into())
//!     }
//! }
//!
//! let client = RedirectMiddleware::new(CookieMiddleware::new(Server));
//! let response = client.send(Request::new("GET", "https://www.example.com/")?)?;
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.history().len(), 2); // to /login and back
//! assert_eq!(client.transport().jar().len(), 1);
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```
//!
//! # The cost of a layer
//!
//! The head of a request is shared, and copied when it is changed. A layer whose flow changes nothing allocates nothing.
//! The changes of a layer are visible only below it.
//!
//! # What is not here
//!
//! Sockets, pools and clients. A flow gets the time from its [`Clock`].
//!
//! # Features
//!
//! - `blocking` (default): `Middleware` is an [`httpx_core::blocking::Transport`].
//! - `async`: `Middleware` is an `httpx_core::ahttpx::Transport`, with the same flows.
//! - `cache`: [`cache::Cache`], with stores in memory and in a directory.
//! - `digest`: `auth::Digest`, digest authentication.
//! - `cookies` (default): [`CookieMiddleware`], [`CookieJar`], and the public suffix list, which is compiled in.
//! - `har`: `har::HarRecorder`, which records requests and responses as an HTTP Archive.
//! - `log`: [`Logging`](logging::Logging) to the logger of the crate `log`.

#[cfg(feature = "async")]
mod ahttpx;
pub mod auth;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "cache")]
pub mod cache;
#[cfg(any(feature = "blocking", feature = "async"))]
mod call;
mod clock;
#[cfg(feature = "cookies")]
pub mod cookies;
pub mod flow;
#[cfg(feature = "har")]
pub mod har;
pub mod limit;
pub mod logging;
mod middleware;
pub mod redirect;
#[cfg(any(feature = "blocking", feature = "async"))]
mod relay;
#[cfg(any(feature = "cookies", feature = "har"))]
mod replace_file;
#[cfg(any(feature = "cookies", feature = "cache", feature = "digest"))]
mod request_identity;
pub mod retry;
#[cfg(any(feature = "cookies", feature = "cache", feature = "har"))]
mod sys;

pub use clock::{Clock, SystemClock};
#[cfg(feature = "cookies")]
pub use cookies::{
    Cookie, CookieError, CookieJar, CookieMiddleware, Cookies, RequestCookies, SameSite, SessionCookies,
};
pub use flow::{BodyReuse, Flow, FlowNext, FlowOutcome};
pub use middleware::Middleware;
pub use redirect::{Redirect, RedirectAction, RedirectAttempt, RedirectMiddleware, RedirectPolicy};
