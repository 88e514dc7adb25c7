//! What an HTTP client does between its user and its connections: it follows redirects, and keeps cookies.
//!
//! Three nouns, and how they meet:
//!
//! - A **transport** sends a request and brings a response: a connection pool, a mock. It comes from `httpx-core`.
//! - A [`Flow`] decides, without I/O: what to change in a request, and, once its response is here, whether to send
//!   again, and what. It sees heads only.
//! - A [`Middleware`] is a flow over a transport, and again a transport: it sends, and asks the flow. So layers are
//!   stacked by hand, each seeing what the one beneath it does as one request and one response.
//!
//! Two flows live here: [`Redirect`], and [`Cookies`] with its [`CookieJar`]. Retries, authentication or signatures
//! are other flows, of a dozen lines: see [`Flow`] for two of them.
//!
//! ```text
//!   request                            response
//!      │                                  ▲
//!      ▼     Redirect   start ── next ────┤◀──┐ again: the body drained, a new head
//!      ▼     Cookies    start ── next ────┤
//!      ▼     pool       ────────────────▶ │
//! ```
//!
//! The order counts. Cookies are beneath redirects, so that each step of a redirect gets the cookies of its own URL,
//! and those that it sets are seen:
//!
//! ```
//! # #[cfg(all(feature = "blocking", feature = "cookies"))] {
//! use httpx_core::blocking::{Body, Transport};
//! use httpx_core::{Request, Response, Result, Text};
//! use httpx_middleware::{CookieMiddleware, RedirectMiddleware};
//!
//! /// A server that sends whoever comes without a cookie to fetch one.
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
//! assert_eq!(response.history().len(), 2); // to /login, and back
//! assert_eq!(client.transport().jar().len(), 1);
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```
//!
//! # What a layer costs
//!
//! A request's head is shared, and copied by who changes it. A layer whose flow changes nothing keeps a counter of
//! it, allocates nothing, and takes a few dozen instructions. What a layer does change is seen beneath it alone: it
//! is another head from there on.
//!
//! # What is not here
//!
//! Sockets, pools and clients; and time, save by the [`Clock`] that a flow is handed.
//!
//! # Features
//!
//! - `blocking` (default): `Middleware` is an [`httpx_core::blocking::Transport`].
//! - `async`: `Middleware` is an `httpx_core::ahttpx::Transport`, from the same flows.
//! - `cookies` (default): [`CookieMiddleware`], [`CookieJar`], and the public suffix list compiled in.

#[cfg(feature = "async")]
mod ahttpx;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(any(feature = "blocking", feature = "async"))]
mod call;
mod clock;
#[cfg(feature = "cookies")]
pub mod cookies;
pub mod flow;
mod middleware;
pub mod redirect;
#[cfg(any(feature = "blocking", feature = "async"))]
mod relay;
#[cfg(feature = "cookies")]
mod sys;

pub use clock::{Clock, SystemClock};
#[cfg(feature = "cookies")]
pub use cookies::{
    Cookie, CookieError, CookieJar, CookieMiddleware, Cookies, RequestCookies, SameSite, SessionCookies,
};
pub use flow::{BodyReuse, Flow, FlowNext, FlowOutcome};
pub use middleware::Middleware;
pub use redirect::{Redirect, RedirectAction, RedirectAttempt, RedirectMiddleware, RedirectPolicy};
