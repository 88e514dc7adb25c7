//! Flows: the decisions of a middleware, without I/O.
//!
//! A [`Flow`] sees the head of each request and of its response, and decides what happens next. The driver
//! ([`Middleware`](crate::Middleware), in both flavours) sends, reads and waits. So a flow is written once, and tested
//! without a network.
//!
//! ```text
//!            start
//!              │
//!              ▼               Wait, WaitFor, Run, SendOwn ─▶ on_own_response,
//!              │               ReadRequestBody ─▶ on_request_body
//!   ┌────▶ before_send ──────────────────┐
//!   │          │   ▲─────────────────────┘
//!   │          │ Send                      Answer
//!   │          ▼                              │
//!   │     the request is sent                 │
//!   │          │                              │
//!   │          ▼        ReadBody              ▼
//!   └──────── next ───────────▶ on_body ──▶ the caller
//!     Again                    (Again, Done, Answer, Observe, Tee: as next)
//! ```
//!
//! Most flows need `start` alone, or `start` and `next`: see [`Flow`] for both. The examples here are flows that need
//! more.
//!
//! # A token that is refreshed
//!
//! After a 401 this flow sends an additional request for a new token, and then the first request again, once:
//!
//! ```
//! # mod httpx {
//! #     pub use bytes::Bytes; pub use httpx_core::*;
//! #     pub mod flow { pub use httpx_core::*; pub use httpx_middleware::{*, flow::*}; }
//! # }
//! use std::sync::Mutex;
//!
//! use httpx::flow::{BeforeSend, BodyReuse, Clock, Flow, FlowNext, FlowOutcome, OwnRequest, RequestHead};
//! use httpx::{Bytes, Form, Response, Result, Url};
//!
//! struct TokenRefresh {
//!     token_url: Url,
//!     token: Mutex<String>,
//! }
//!
//! #[derive(PartialEq)]
//! enum Refresh {
//!     NotNeeded,
//!     Due,
//!     Done,
//! }
//!
//! impl Flow for TokenRefresh {
//!     type Call = Refresh;
//!
//!     fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<Refresh> {
//!         Ok(Refresh::NotNeeded)
//!     }
//!
//!     fn before_send(&self, refresh: &mut Refresh, request: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
//!         if *refresh == Refresh::Due {
//!             let form = Form([("grant_type", "client_credentials")]);
//!             let own = OwnRequest::new("POST", self.token_url.clone())?.with_content(form)?;
//!             return Ok(BeforeSend::SendOwn(own.into()));
//!         }
//!         let token = self.token.lock().unwrap();
//!         request.headers_mut().set("Authorization", format!("Bearer {token}"))?;
//!         request.headers_mut().mark_sensitive("Authorization");
//!         Ok(BeforeSend::Send)
//!     }
//!
//!     fn on_own_response(&self, refresh: &mut Refresh, response: Result<Response<Bytes>>, _: &dyn Clock) -> Result<()> {
//!         *self.token.lock().unwrap() = response?.error_for_status()?.text().into_owned();
//!         *refresh = Refresh::Done;
//!         Ok(())
//!     }
//!
//!     fn next(
//!         &self,
//!         refresh: &mut Refresh,
//!         _: &mut RequestHead,
//!         outcome: FlowOutcome<'_>,
//!         _: &dyn Clock,
//!     ) -> Result<FlowNext> {
//!         match outcome {
//!             FlowOutcome::Response(response) if response.status() == 401 && *refresh == Refresh::NotNeeded => {
//!                 *refresh = Refresh::Due;
//!                 Ok(FlowNext::Again { after: None, body: BodyReuse::Keep })
//!             }
//!             FlowOutcome::Response(_) | FlowOutcome::Failed(_) => Ok(FlowNext::Done),
//!         }
//!     }
//! }
//! # #[cfg(feature = "blocking")] {
//! # use httpx_core::blocking::{Body, Transport};
//! # use httpx_core::Request;
//! # struct Server;
//! # impl Transport for Server {
//! #     fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
//! #         let is_new = request.headers().get("authorization").is_some_and(|value| value == "Bearer new");
//! #         Ok(match (request.url().path(), is_new) {
//! #             ("/token", _) => Response::new(200, httpx_core::Text("new"))?,
//! #             (_, true) => Response::new(200, ())?,
//! #             (_, false) => Response::new(401, ())?,
//! #         }.into())
//! #     }
//! # }
//! # let flow = TokenRefresh { token_url: Url::parse("https://h/token")?, token: Mutex::new("old".into()) };
//! # let client = httpx_middleware::Middleware::with(flow, Server);
//! # assert_eq!(client.send(Request::new("GET", "https://h/")?)?.status(), 200);
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```
//!
//! Such a flow belongs above redirects: a redirect to another origin then loses its header.
//!
//! # A cache that answers without sending
//!
//! ```
//! # mod httpx {
//! #     pub use bytes::Bytes; pub use httpx_core::*;
//! #     pub mod flow { pub use httpx_core::*; pub use httpx_middleware::{*, flow::*}; }
//! # }
//! use std::collections::HashMap;
//! use std::sync::Mutex;
//!
//! use httpx::flow::{BeforeSend, Clock, Flow, FlowNext, FlowOutcome, RequestHead, ResponseHead};
//! use httpx::{Bytes, Response, Result};
//!
//! #[derive(Default)]
//! struct TinyCache(Mutex<HashMap<String, Response<Bytes>>>);
//!
//! impl Flow for TinyCache {
//!     type Call = ();
//!
//!     fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<()> {
//!         Ok(())
//!     }
//!
//!     fn before_send(&self, _: &mut (), request: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
//!         let cache = self.0.lock().unwrap();
//!         let hit = cache.get(request.url().as_str()).filter(|_| request.method() == "GET");
//!         Ok(hit.map_or(BeforeSend::Send, |response| BeforeSend::Answer(response.clone().into())))
//!     }
//!
//!     fn next(
//!         &self,
//!         _: &mut (),
//!         request: &mut RequestHead,
//!         outcome: FlowOutcome<'_>,
//!         _: &dyn Clock,
//!     ) -> Result<FlowNext> {
//!         match outcome {
//!             FlowOutcome::Response(response) if response.status() == 200 && request.method() == "GET" => {
//!                 Ok(FlowNext::ReadBody { max_bytes: 64 << 10 })
//!             }
//!             FlowOutcome::Response(_) | FlowOutcome::Failed(_) => Ok(FlowNext::Done),
//!         }
//!     }
//!
//!     fn on_body(
//!         &self,
//!         _: &mut (),
//!         request: &mut RequestHead,
//!         response: &mut ResponseHead,
//!         body: Option<&Bytes>,
//!         _: &dyn Clock,
//!     ) -> Result<FlowNext> {
//!         if let Some(body) = body {
//!             let response = Response::from_parts(response.clone(), body.clone());
//!             self.0.lock().unwrap().insert(request.url().to_string(), response);
//!         }
//!         Ok(FlowNext::Done)
//!     }
//! }
//! # #[cfg(feature = "blocking")] {
//! # use httpx_core::blocking::{Body, Transport};
//! # use httpx_core::Request;
//! # struct Once(Mutex<Option<Response<Bytes>>>);
//! # impl Transport for Once {
//! #     fn send(&self, _: Request<Body>) -> Result<Response<Body>> {
//! #         Ok(self.0.lock().unwrap().take().unwrap().into())
//! #     }
//! # }
//! # let once = Once(Mutex::new(Some(Response::new(200, httpx_core::Text("hello"))?)));
//! # let client = httpx_middleware::Middleware::with(TinyCache::default(), once);
//! # for _ in 0..2 {
//! #     assert_eq!(client.send(Request::new("GET", "https://h/")?)?.read_body()?.text(), "hello");
//! # }
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```
//!
//! # A rate limit
//!
//! Each request takes the next free moment, and waits for it. To refuse the request instead, return an error.
//!
//! ```
//! # mod httpx {
//! #     pub use httpx_core::*;
//! #     pub mod flow { pub use httpx_core::*; pub use httpx_middleware::{*, flow::*}; }
//! # }
//! use std::mem;
//! use std::sync::Mutex;
//! use std::time::{Duration, Instant};
//!
//! use httpx::Result;
//! use httpx::flow::{BeforeSend, Clock, Flow, RequestHead};
//!
//! struct RateLimit {
//!     interval: Duration,
//!     next: Mutex<Option<Instant>>,
//! }
//!
//! impl Flow for RateLimit {
//!     type Call = bool; // whether the request has its moment
//!
//!     fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<bool> {
//!         Ok(false)
//!     }
//!
//!     fn before_send(&self, has_moment: &mut bool, _: &mut RequestHead, clock: &dyn Clock) -> Result<BeforeSend> {
//!         if mem::replace(has_moment, true) {
//!             return Ok(BeforeSend::Send);
//!         }
//!         let now = clock.now();
//!         let mut next = self.next.lock().unwrap();
//!         let moment = next.map_or(now, |next| next.max(now));
//!         *next = Some(moment + self.interval);
//!         Ok(BeforeSend::Wait(moment - now))
//!     }
//! }
//! ```

mod blocking_work;
mod body_tee;
mod notify;
mod observer;
mod own_request;
mod shared;
mod types;

use bytes::Bytes;
use httpx_core::{Error, Length, RequestHead, Response, ResponseHead, Result};

use crate::Clock;
pub use blocking_work::BlockingWork;
pub use body_tee::BodyTee;
pub use notify::{Listener, Notify};
pub use observer::{BodyEnd, BodyObserver};
pub use own_request::OwnRequest;
pub use types::{BeforeSend, BodyReuse, FlowNext, FlowOutcome};

/// The decisions of a middleware: how to change a request, and after its outcome, whether the call is over.
///
/// A flow does no I/O and does not wait: [`Middleware`](crate::Middleware) does both, so one flow serves both flavours.
/// It is shared by all calls; a value of its type [`Call`](Flow::Call) keeps the state of one call.
///
/// A flow that marks each request:
///
/// ```
/// # mod httpx {
/// #     pub use httpx_core::*;
/// #     pub mod flow { pub use httpx_core::*; pub use httpx_middleware::{*, flow::*}; }
/// # }
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use httpx::Result;
/// use httpx::flow::{Clock, Flow, RequestHead};
///
/// #[derive(Default)]
/// struct RequestId(AtomicU64);
///
/// impl Flow for RequestId {
///     type Call = ();
///
///     fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<()> {
///         let id = self.0.fetch_add(1, Ordering::Relaxed);
///         Ok(request.headers_mut().set_default("X-Request-Id", id.to_string())?)
///     }
/// }
/// ```
///
/// A flow that tries again, with a pause. It need not care about a total timeout: a pause that would outlast the
/// timeout is an error instead.
///
/// ```
/// # mod httpx {
/// #     pub use httpx_core::*;
/// #     pub mod flow { pub use httpx_core::*; pub use httpx_middleware::{*, flow::*}; }
/// # }
/// use std::time::Duration;
/// use httpx::Result;
/// use httpx::flow::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome, RequestHead};
///
/// struct Retry {
///     max_retries: u32,
/// }
///
/// impl Flow for Retry {
///     type Call = u32; // the number of retries so far
///
///     fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<u32> {
///         Ok(0)
///     }
///
///     fn next(
///         &self,
///         retries: &mut u32,
///         request: &mut RequestHead,
///         outcome: FlowOutcome<'_>,
///         _: &dyn Clock,
///     ) -> Result<FlowNext> {
///         let is_worth_it = match outcome {
///             FlowOutcome::Response(response) => response.status() == 503 && request.method().is_idempotent(),
///             FlowOutcome::Failed(error) => error.is_connect(),
///         };
///         if !is_worth_it || *retries == self.max_retries {
///             return Ok(FlowNext::Done);
///         }
///         *retries += 1;
///         Ok(FlowNext::Again { after: Some(Duration::from_millis(100 << *retries)), body: BodyReuse::Keep })
///     }
/// }
/// ```
///
/// The [module](self) has flows that answer without sending, send additional requests, and wait before they send.
pub trait Flow: Send + Sync {
    /// The state of one call, from its first request to its last response.
    type Call: Send;

    /// Begins a call, and may change its request. A request that is not changed is not copied.
    ///
    /// # Errors
    ///
    /// If the request shall not be sent. The error gets the request's method and URL.
    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<Self::Call>;

    /// Begins a call as [`start`](Flow::start), for a flow that must know whether the request has a body. The driver calls
    /// this method. Defaults to calling `start`.
    ///
    /// # Errors
    ///
    /// As [`start`](Flow::start).
    #[inline]
    fn start_with_body(
        &self,
        request: &mut RequestHead,
        _body: Length,
        clock: &dyn Clock,
    ) -> Result<Self::Call> {
        self.start(request, clock)
    }

    /// Decides before the request is sent, the first time and each time [again](FlowNext::Again). It is called until it
    /// returns [`Send`](BeforeSend::Send) or [`Answer`](BeforeSend::Answer). Defaults to sending.
    ///
    /// # Errors
    ///
    /// If the request shall not be sent. The error gets the request's method and URL.
    fn before_send(
        &self,
        _call: &mut Self::Call,
        _request: &mut RequestHead,
        _clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        Ok(BeforeSend::Send)
    }

    /// Takes the body of the request, which was [read](BeforeSend::ReadRequestBody). `None` is a body that is longer than
    /// the flow asked for. Afterwards [`before_send`](Flow::before_send) is asked again. Defaults to ignoring it.
    ///
    /// # Errors
    ///
    /// If the request shall not be sent. The error gets the request's method and URL.
    fn on_request_body(
        &self,
        _call: &mut Self::Call,
        _request: &mut RequestHead,
        _body: Option<&Bytes>,
        _clock: &dyn Clock,
    ) -> Result<()> {
        Ok(())
    }

    /// Takes the response to the flow's [own request](BeforeSend::SendOwn), or its error. Afterwards
    /// [`before_send`](Flow::before_send) is asked again. Defaults to passing the error on and ignoring the response.
    ///
    /// # Errors
    ///
    /// If the call shall fail.
    fn on_own_response(
        &self,
        _call: &mut Self::Call,
        response: Result<Response<Bytes>>,
        _clock: &dyn Clock,
    ) -> Result<()> {
        response.map(drop)
    }

    /// Decides after the request was sent. `request` is its head as this flow left it, without the changes of the layers
    /// beneath; for [`Again`](FlowNext::Again) the flow makes the next request of it. Defaults to
    /// [`Done`](FlowNext::Done).
    ///
    /// An error while a streamed body is read is not passed here: the caller already has the response. To see it, let
    /// the body be [read](FlowNext::ReadBody) or [observed](FlowNext::Observe).
    ///
    /// # Errors
    ///
    /// If the call shall fail. The error gets the request's method and URL.
    fn next(
        &self,
        _call: &mut Self::Call,
        _request: &mut RequestHead,
        _outcome: FlowOutcome<'_>,
        _clock: &dyn Clock,
    ) -> Result<FlowNext> {
        Ok(FlowNext::Done)
    }

    /// Decides after the body was [read](FlowNext::ReadBody). `None` is a body that is longer than the flow asked for. A
    /// body that fails goes to [`next`](Flow::next) as [`Failed`](FlowOutcome::Failed). Defaults to
    /// [`Done`](FlowNext::Done).
    ///
    /// # Errors
    ///
    /// As [`next`](Flow::next).
    fn on_body(
        &self,
        _call: &mut Self::Call,
        _request: &mut RequestHead,
        _response: &mut ResponseHead,
        _body: Option<&Bytes>,
        _clock: &dyn Clock,
    ) -> Result<FlowNext> {
        Ok(FlowNext::Done)
    }

    /// Decides about a response after which the body should have been sent [again](BodyReuse::Keep), but cannot be,
    /// because it came from a reader. Defaults to returning the response, or the error unchanged.
    ///
    /// # Errors
    ///
    /// If the call shall fail.
    fn on_body_not_replayable(&self, _call: &mut Self::Call, response: ResponseHead) -> Result<ResponseHead> {
        Ok(response)
    }

    /// Takes an error after which the body should have been sent [again](BodyReuse::Keep), but cannot be, because it came
    /// from a reader. The caller gets the error. The flow may add to it; defaults to leaving it unchanged.
    fn on_error_not_replayable(&self, _call: &mut Self::Call, _error: &mut Error) {}
}
