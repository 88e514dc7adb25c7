//! A `tower::Service` as a transport.
//!
//! The signatures of this module contain traits and types of the crates `tower-service`, `http` and `http-body`.
//! `tower-service` has not reached 1.0: a minor release of this library may move to a newer version of it.

mod request_source;
mod response_source;

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Instant;

use httpx_core::ahttpx::{Body, Transport};
use httpx_core::{
    Error, ErrorKind, Request, RequestHead, RequestSent, Response, ResponseHead, Result, Timeouts,
};
use tower_service::Service;

use self::request_source::request_body;
use self::response_source::ResponseSource;
use super::open_body::open_body;
use super::timer::Timer;
use crate::service_limits::ServiceLimits;

type BoxError = Box<dyn StdError + Send + Sync>;

/// A transport that sends through a `tower::Service`: the router of a server, so that tests need no network, or another
/// HTTP client.
///
/// The service takes `http::Request`s with the [`Body`] of this library, and returns `http::Response`s with any body. For each
/// request the transport clones the service, waits until the clone is ready, and calls it, as tower prescribes. A client over
/// this transport still follows redirects, keeps cookies and decodes bodies.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; pub use httpx_pool::ahttpx::*; } }
/// use std::convert::Infallible;
/// use std::future::{Ready, ready};
/// use std::task::{Context, Poll};
///
/// use httpx::ahttpx::tower::TowerTransport;
/// use httpx::ahttpx::{Body, Request, Transport};
/// use tower_service::Service;
///
/// /// Such as an `axum::Router`.
/// #[derive(Clone)]
/// struct Router;
///
/// impl Service<http::Request<Body>> for Router {
///     type Response = http::Response<String>;
///     type Error = Infallible;
///     type Future = Ready<Result<Self::Response, Infallible>>;
///
///     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
///         Poll::Ready(Ok(()))
///     }
///
///     fn call(&mut self, request: http::Request<Body>) -> Self::Future {
///         ready(Ok(http::Response::new(format!("This is {}", request.uri().path()))))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> httpx::Result<()> {
/// let transport = TowerTransport::new(Router);
/// let response = transport.send(Request::new("GET", "http://example.com/items")?).await?;
/// assert_eq!(response.read_body().await?.text(), "This is /items");
/// # Ok(())
/// # }
/// ```
///
/// - **Requests** have an absolute URI, and a `Host` header. Trailers of the request are the last frame of its body.
/// - **Responses**: the headers are in the order of their `HeaderMap`, and the trailers follow the body.
/// - **Timeouts**: `pool` limits the wait until the service is ready. `write` limits each pause of the service before it reads
///   more of the request's body. `head` limits the time from the end of the request to the head of the response. `read` limits
///   each wait for a frame of the response's body, and `total` limits the whole call. `connect` does not apply: the service
///   makes its own connections.
/// - **Errors** of the service have kind [`Other`](ErrorKind::Other) and the service's error as their source. An [`Error`] of
///   this library is returned unchanged. A body that ends before its exact size gives kind
///   [`Incomplete`](ErrorKind::Incomplete).
/// - **`Expect: 100-continue`** is not added: the service decides.
/// - **Upgrades and tunnels** are not supported: a response has no raw stream.
pub struct TowerTransport<S> {
    // Makes the transport `Sync` even if the service is not.
    service: Mutex<S>,
}

impl<S> TowerTransport<S> {
    /// Creates a transport that calls clones of this service.
    pub fn new(service: S) -> Self {
        TowerTransport { service: Mutex::new(service) }
    }
}

impl<S, B> Transport for TowerTransport<S>
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (mut head, mut body) = request.into_parts();
        head.begin(Instant::now, &Timeouts::DEFAULT);
        // The size of a file must be known before the service is called.
        open_body(&head, &mut body).await.map_err(|error| head.error(error))?;
        let service = self.service.lock().unwrap_or_else(PoisonError::into_inner).clone();
        exchange(service, &head, body).await.map_err(|error| head.error(error))
    }
}

/// Waits until the service is ready, calls it, and converts its response.
async fn exchange<S, B>(mut service: S, head: &RequestHead, body: Body) -> Result<Response<Body>>
where
    S: Service<http::Request<Body>, Response = http::Response<B>>,
    S::Error: Into<BoxError>,
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    let mut timer = Timer::on_current_runtime()?;
    let (body, progress) = request_body(head, body);
    let limits = ServiceLimits::new(head, progress);
    let request = foreign_request(head, body)?;

    let due = limits.ready_by(Instant::now());
    let ready = poll_fn(|cx| {
        let ready = service.poll_ready(cx);
        timer.poll_by(cx, ready, due)
    });
    let ready = ready.await;
    let unsent = |error: Error| error.with_request_sent(RequestSent::Nothing);
    let ready = ready.ok_or_else(|| unsent(limits.not_ready(Instant::now())))?;
    ready.map_err(|error| unsent(service_error(error.into(), "the tower service is not ready")))?;

    limits.start(Instant::now());
    let mut call = pin!(service.call(request));
    let mut due = None;
    let answer = poll_fn(|cx| {
        if let Poll::Ready(answer) = call.as_mut().poll(cx) {
            return Poll::Ready(Ok(answer));
        }
        loop {
            let by = *due.get_or_insert_with(|| limits.check_again(Instant::now()));
            if timer.poll_by(cx, Poll::<()>::Pending, by).is_pending() {
                return Poll::Pending;
            }
            limits.check(Instant::now())?;
            due = None;
        }
    });
    let answer: Result<_> = answer.await;
    let response = answer?.map_err(|error| service_error(error.into(), "the tower service failed"))?;
    own_response(response, head, &limits, timer)
}

fn foreign_request(head: &RequestHead, body: Body) -> Result<http::Request<Body>> {
    let mut head = head.clone();
    let host = head.url().authority().to_owned();
    head.headers_mut().set_default("Host", host)?;
    Request::from_parts(head, body).try_into()
}

fn own_response<B>(
    response: http::Response<B>,
    request: &RequestHead,
    limits: &ServiceLimits,
    timer: Timer,
) -> Result<Response<Body>>
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    let (parts, body) = response.into_parts();
    let mut head = ResponseHead::try_from(parts)?;
    let source = Box::new(ResponseSource::new(body, request, timer));
    let body = Body::from_source(source, head.headers_mut(), request.options());
    if head.request().is_none() {
        head.set_request(request.clone());
    }
    head.set_request_sent(limits.request_sent());
    Ok(Response::from_parts(head, body))
}

/// Converts the error of a service: returns an [`Error`] of this library, or a new one with the error as its source.
fn service_error(error: BoxError, message: &'static str) -> Error {
    match error.downcast::<Error>() {
        Ok(own) => *own,
        Err(foreign) => Error::new(ErrorKind::Other, message).with_source(foreign),
    }
}

/// `TowerTransport(Router)`, with the `Debug` of the service.
impl<S: fmt::Debug> fmt::Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let service = self.service.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_tuple("TowerTransport").field(&*service).finish()
    }
}
