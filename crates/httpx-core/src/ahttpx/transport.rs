//! The async `Transport`: sends a request and returns its response.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Body, MockTransport};
use crate::{ConnectionCounts, Request, Response, Result, Timeouts};

/// Sends a request and returns its response: a connection pool, a middleware around another transport, a mock.
///
/// Its methods are implemented as `async fn`:
///
/// ```
/// # mod httpx { pub mod ahttpx { pub use bytes::Bytes; pub use httpx_core::{*, ahttpx::*}; } }
/// use httpx::ahttpx::{Body, Bytes, Request, Response, Result, Text, Transport};
///
/// struct Mock(Response<Bytes>);
///
/// impl Transport for Mock {
///     async fn send(&self, _request: Request<Body>) -> Result<Response<Body>> {
///         Ok(self.0.clone().into())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let mock = Mock(Response::new(200, Text("Hello, world"))?);
/// let response = mock.send(Request::new("GET", "https://www.example.com")?).await?;
/// assert_eq!(response.read_body().await?.text(), "Hello, world");
/// # Ok(())
/// # }
/// ```
///
/// To hold a transport of any type, use `Box<dyn DynTransport>` or `Arc<dyn DynTransport>`, which are transports too: see
/// [`DynTransport`].
///
/// A transport that wraps another one forwards [`close`](Transport::close), [`counts`](Transport::counts) and
/// [`timeouts`](Transport::timeouts) to it. `Middleware` of `httpx-middleware` does that for every `Flow`. For tests,
/// [`MockTransport`] makes a transport of a closure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport of the async flavour",
    note = "a closure becomes a transport by `MockTransport::new`",
    note = "a transport behind `dyn` is a `Box<dyn DynTransport>`; a blocking transport is none in the async flavour"
)]
pub trait Transport: Send + Sync {
    /// Sends the request, and returns the response as soon as its head is complete. Its body is read later. Dropping the
    /// future cancels the call.
    ///
    /// # Errors
    ///
    /// If there is no response. A response with an error status is not an error here.
    fn send(&self, request: Request<Body>) -> impl Future<Output = Result<Response<Body>>> + Send;

    /// Closes the idle connections. Later requests fail with kind [`Closed`](crate::ErrorKind::Closed). Defaults to
    /// doing nothing.
    fn close(&self) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Returns the number of connections of this transport. Defaults to `None`: it has no connections.
    fn counts(&self) -> Option<ConnectionCounts> {
        None
    }

    /// Returns the timeouts for requests that set none themselves. Defaults to none set.
    ///
    /// The layer where a call begins asks its transport for them, because it fixes the deadline of the whole call.
    fn timeouts(&self) -> Timeouts {
        Timeouts::new()
    }
}

/// A [`Transport`] whose futures are boxed, so that it can be used behind `dyn`. Every transport implements it.
///
/// ```
/// # mod httpx {
/// #     pub mod ahttpx { pub use httpx_core::ahttpx::*; pub mod network { pub use httpx_core::ahttpx::*; } }
/// # }
/// use std::sync::Arc;
/// use httpx::ahttpx::Transport;
/// use httpx::ahttpx::network::DynTransport;
///
/// fn shared(transport: impl Transport + 'static) -> Arc<dyn DynTransport> {
///     Arc::new(transport)
/// }
/// ```
pub trait DynTransport: Send + Sync {
    /// [`Transport::send`], boxed.
    fn send_boxed(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>>>;

    /// [`Transport::close`], boxed.
    fn close_boxed(&self) -> BoxFuture<'_, ()>;

    /// [`Transport::counts`].
    fn dyn_counts(&self) -> Option<ConnectionCounts>;

    /// [`Transport::timeouts`].
    fn dyn_timeouts(&self) -> Timeouts;
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl<T: Transport> DynTransport for T {
    fn send_boxed(&self, request: Request<Body>) -> BoxFuture<'_, Result<Response<Body>>> {
        Box::pin(self.send(request))
    }

    fn close_boxed(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.close())
    }

    fn dyn_counts(&self) -> Option<ConnectionCounts> {
        self.counts()
    }

    fn dyn_timeouts(&self) -> Timeouts {
        self.timeouts()
    }
}

impl Transport for dyn DynTransport + '_ {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        self.send_boxed(request).await
    }

    async fn close(&self) {
        self.close_boxed().await;
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        self.dyn_counts()
    }

    fn timeouts(&self) -> Timeouts {
        self.dyn_timeouts()
    }
}

impl<T: Transport + ?Sized> Transport for &T {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        (**self).send(request).await
    }

    async fn close(&self) {
        (**self).close().await;
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        (**self).counts()
    }

    fn timeouts(&self) -> Timeouts {
        (**self).timeouts()
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        (**self).send(request).await
    }

    async fn close(&self) {
        (**self).close().await;
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        (**self).counts()
    }

    fn timeouts(&self) -> Timeouts {
        (**self).timeouts()
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        (**self).send(request).await
    }

    async fn close(&self) {
        (**self).close().await;
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        (**self).counts()
    }

    fn timeouts(&self) -> Timeouts {
        (**self).timeouts()
    }
}

impl Transport for MockTransport {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (head, body) = request.into_parts();
        let body = body.into_bytes().await?;
        Ok(self.answer(head, body)?.into())
    }
}
