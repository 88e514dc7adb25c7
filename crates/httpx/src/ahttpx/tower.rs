//! Interoperation with tower: the async client as a `tower::Service`, and a `tower::Service` as a transport.
//!
//! [`Client`] and `&Client` implement `tower::Service` for two kinds of requests:
//!
//! - the [`Request`] of this library, which gives a [`Response`];
//! - an `http::Request` with any `http_body::Body`, which gives an `http::Response` with a [`Body`]. The URI must be absolute.
//!   The trailers of a body without an exact size are sent, except for fields that are not allowed there (RFC 9110 §6.5.1).
//!   The trailers of a body with an exact size or a `Content-Length` are sent if the request has the header `Trailer`: then in
//!   chunks, without the length.
//!
//! The client is always ready. A call waits for a connection of the pool, for at most the
//! [`pool_timeout`](crate::ClientBuilder::pool_timeout). Each call has all settings of the client: it follows redirects, keeps
//! cookies, decodes bodies, and adds default headers. A reverse proxy turns these off:
//! [`max_redirects(0)`](crate::ClientBuilder::max_redirects), [`no_cookies`](crate::ClientBuilder::no_cookies),
//! [`decompress(false)`](crate::ClientBuilder::decompress), [`headers(Headers::new())`](crate::ClientBuilder::headers). It also
//! sets `Host`, and removes the hop-by-hop headers (RFC 9110 §7.6.1). The example `reverse_proxy` shows this.
//!
//! Where the kind of the request cannot be inferred, name it: `Service::<Request<Body>>::poll_ready(&mut client, cx)`.
//!
//! ```
//! use httpx::ahttpx::{Body, Client, Response, Text};
//! # use httpx::ahttpx::network::MockTransport;
//! use tower_service::Service;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mock = MockTransport::new(|_| Response::new(200, Text("Hello, world")));
//! # let mut client = Client::builder().transport(mock).build()?;
//! let request = http::Request::get("https://www.example.com/").body(String::new())?;
//! let response: http::Response<Body> = client.call(request).await?;
//! assert_eq!(response.into_body().into_bytes().await?, "Hello, world");
//! # Ok(())
//! # }
//! ```
//!
//! In the other direction, a client sends through any service with a [`TowerTransport`]:
//! `Client::builder().transport(TowerTransport::new(service))`.
//!
//! The signatures of this module contain traits and types of the crates `tower-service`, `http` and `http-body`.
//! `tower-service` has not reached 1.0: a minor release of this library may move to a newer version of it.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use httpx_core::ahttpx::Body;
use httpx_core::{Error, Headers, Request, RequestHead, Response, Result};
use httpx_pool::RequestTrailers;
use httpx_proto::is_allowed_as_trailer;
use tower_service::Service;

pub use httpx_pool::ahttpx::tower::TowerTransport;

use super::Client;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Sends the request as [`Client::send`] does.
impl Service<Request<Body>> for Client {
    type Response = Response<Body>;
    type Error = Error;
    type Future = BoxFuture<Result<Response<Body>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        send(self, request)
    }
}

/// Sends the request as [`Client::send`] does.
impl Service<Request<Body>> for &Client {
    type Response = Response<Body>;
    type Error = Error;
    type Future = BoxFuture<Result<Response<Body>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        send(self, request)
    }
}

/// Converts the request, sends it as [`Client::send`] does, and converts the response.
impl<B> Service<http::Request<B>> for Client
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = http::Response<Body>;
    type Error = Error;
    type Future = BoxFuture<Result<http::Response<Body>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        send_foreign(self, request)
    }
}

/// Converts the request, sends it as [`Client::send`] does, and converts the response.
impl<B> Service<http::Request<B>> for &Client
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = http::Response<Body>;
    type Error = Error;
    type Future = BoxFuture<Result<http::Response<Body>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        send_foreign(self, request)
    }
}

fn send(client: &Client, request: Request<Body>) -> BoxFuture<Result<Response<Body>>> {
    let client = client.clone();
    Box::pin(async move { client.send(request).await })
}

fn send_foreign<B>(client: &Client, request: http::Request<B>) -> BoxFuture<Result<http::Response<Body>>>
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let (client, request) = (client.clone(), own_request(request));
    Box::pin(async move { client.send(request?).await?.try_into() })
}

/// Converts a request whose body may have trailers.
fn own_request<B>(request: http::Request<B>) -> Result<Request<Body>>
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let (parts, body) = request.into_parts();
    let mut head = RequestHead::try_from(parts)?;
    let has_length = head.headers().contains("Content-Length");
    let is_sized = has_length || body.is_end_stream() || body.size_hint().exact().is_some();
    // Trailers need chunks. A length is given up only for trailers that were announced.
    if is_sized && !head.headers().contains("Trailer") {
        return Ok(Request::from_parts(head, Body::from_http_body(body)));
    }
    head.headers_mut().remove("Content-Length");
    let trailers = Arc::new(Mutex::new(Headers::new()));
    let received = Arc::clone(&trailers);
    let body = Body::from_frames(body, move |mut found| {
        found.retain(|name, _| is_allowed_as_trailer(name));
        *received.lock().unwrap_or_else(PoisonError::into_inner) = found;
    });
    head.extensions_mut().insert(RequestTrailers::new(move || {
        trailers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }));
    Ok(Request::from_parts(head, body))
}
