use std::sync::Arc;

use super::{Body, MockTransport};
use crate::{ConnectionCounts, Request, Response, Result, Timeouts};

/// What sends a request and brings its response: a connection pool, a middleware round another transport, a mock.
///
/// ```
/// use bytes::Bytes;
/// use httpx_core::blocking::{Body, Transport};
/// use httpx_core::{Request, Response, Result, Text};
///
/// struct Mock(Response<Bytes>);
///
/// impl Transport for Mock {
///     fn send(&self, _request: Request<Body>) -> Result<Response<Body>> {
///         Ok(self.0.clone().into())
///     }
/// }
///
/// let mock = Mock(Response::new(200, Text("Hello, world"))?);
/// let response = mock.send(Request::new("GET", "https://www.example.com")?)?;
/// assert_eq!(response.read_body()?.text(), "Hello, world");
/// # Ok::<(), httpx_core::Error>(())
/// ```
///
/// One that wraps another should pass [`close`](Transport::close) and [`counts`](Transport::counts) on to it; a
/// `Flow` in a `Middleware` (of `httpx-middleware`) need not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport of the blocking flavour",
    note = "a closure becomes a transport by `MockTransport::new`"
)]
pub trait Transport: Send + Sync {
    /// Sends the request, and gives the response as soon as its head is here; its body is read afterwards.
    ///
    /// # Errors
    ///
    /// If no response came. A response with an error status is no error here.
    fn send(&self, request: Request<Body>) -> Result<Response<Body>>;

    /// Closes what is idle, and lets nothing more in: later requests fail with kind
    /// [`Closed`](crate::ErrorKind::Closed). Defaults to doing nothing.
    fn close(&self) {}

    /// How many connections it holds; `None`, the default, if it has none to speak of.
    fn counts(&self) -> Option<ConnectionCounts> {
        None
    }

    /// The timeouts that apply to a request that sets none. Defaults to none set.
    ///
    /// The layer where a call begins asks its transport for them: the deadline of the whole call is fixed there. A
    /// transport that wraps another forwards this, and puts its own timeouts before them.
    fn timeouts(&self) -> Timeouts {
        Timeouts::new()
    }
}

impl<T: Transport + ?Sized> Transport for &T {
    fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        (**self).send(request)
    }

    fn close(&self) {
        (**self).close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        (**self).counts()
    }

    fn timeouts(&self) -> Timeouts {
        (**self).timeouts()
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        (**self).send(request)
    }

    fn close(&self) {
        (**self).close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        (**self).counts()
    }

    fn timeouts(&self) -> Timeouts {
        (**self).timeouts()
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        (**self).send(request)
    }

    fn close(&self) {
        (**self).close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        (**self).counts()
    }

    fn timeouts(&self) -> Timeouts {
        (**self).timeouts()
    }
}

impl Transport for MockTransport {
    fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (head, body) = request.into_parts();
        let body = body.into_bytes()?;
        Ok(self.answer(head, body)?.into())
    }
}
