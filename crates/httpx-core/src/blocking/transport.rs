//! The blocking `Transport`: sends a request and returns its response.

use std::sync::Arc;

use super::{Body, MockTransport};
use crate::{ConnectionCounts, Request, Response, Result, Timeouts};

/// Sends a request and returns its response: a connection pool, a middleware around another transport, a mock.
///
/// ```
/// # mod httpx { pub use bytes::Bytes; pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Body, Bytes, Request, Response, Result, Text, Transport};
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
/// A transport that wraps another one forwards [`close`](Transport::close), [`counts`](Transport::counts) and
/// [`timeouts`](Transport::timeouts) to it. `Middleware` of `httpx-middleware` does that for every `Flow`. For tests,
/// [`MockTransport`] makes a transport of a closure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport of the blocking flavour",
    note = "a closure becomes a transport by `MockTransport::new`"
)]
pub trait Transport: Send + Sync {
    /// Sends the request, and returns the response as soon as its head is complete. Its body is read later.
    ///
    /// # Errors
    ///
    /// If there is no response. A response with an error status is not an error here.
    fn send(&self, request: Request<Body>) -> Result<Response<Body>>;

    /// Closes the idle connections. Later requests fail with kind [`Closed`](crate::ErrorKind::Closed). Defaults to
    /// doing nothing.
    fn close(&self) {}

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
