//! The stream of a response that has switched protocols.

use super::Response;
use crate::upgraded::{NoStream, UpgradeSlot};
use crate::{Error, ErrorKind, Result, UpgradedStream};

impl<B: 'static> Response<B> {
    /// Returns the connection of a response that has switched protocols: a 101 to a request for an upgrade (RFC 9110
    /// §7.8), or a 2xx to CONNECT (RFC 9110 §9.3.6). From then on it carries the other protocol, no timeout of the call
    /// applies to it, and it has left the pool. If it is not taken, it is closed when the response is dropped.
    ///
    /// The stream is a `network::Upgraded` of the flavour that sent the request. Name that type where the compiler
    /// cannot infer it.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod network { pub use httpx_core::*; } }
    /// use httpx::Response;
    /// use httpx::network::UpgradedStream;
    ///
    /// /// The stream of a mock. That of a connection is `httpx::network::Upgraded`.
    /// struct Mock(&'static str);
    ///
    /// impl UpgradedStream for Mock {}
    ///
    /// let response = Response::new(101, ())?.with_upgraded(Mock("open"));
    /// let stream: Mock = response.into_upgraded()?;
    /// assert_eq!(stream.0, "open");
    ///
    /// let error = Response::new(200, ())?.into_upgraded::<Mock>().err().unwrap();
    /// assert_eq!(error.status().unwrap(), 200);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`Status`](ErrorKind::Status) if the server did not switch protocols. The error holds the head, and the body if
    /// it has been read: see [`Error::response`] and [`Error::body`]. Kind [`Other`](ErrorKind::Other) if a clone of the
    /// response has taken the connection, or if it is of the other flavour.
    pub fn into_upgraded<U: UpgradedStream>(self) -> Result<U> {
        let (kind, message) = match self.head.upgraded().map(UpgradeSlot::take) {
            Some(Ok(stream)) => return Ok(stream),
            Some(Err(NoStream::Taken)) => {
                (ErrorKind::Other, "the connection of this response has been taken; take it once".to_owned())
            }
            Some(Err(NoStream::OtherType)) => (
                ErrorKind::Other,
                "the connection is of the other flavour; ask for the Upgraded of the client that sent the request"
                    .to_owned(),
            ),
            None => (
                ErrorKind::Status,
                format!(
                    "the server answered {} and did not switch protocols; is this the right URL, and does the server \
                     support the protocol?",
                    self.status()
                ),
            ),
        };
        Err(self.into_error(Error::new(kind, message)))
    }

    /// Returns the response with a stream for [`into_upgraded`](Response::into_upgraded): for transports and mocks.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod network { pub use httpx_core::*; } }
    /// use httpx::Response;
    /// use httpx::network::UpgradedStream;
    ///
    /// struct Mock;
    ///
    /// impl UpgradedStream for Mock {}
    ///
    /// let response = Response::new(101, ())?.with_header("Upgrade", "echo")?.with_upgraded(Mock);
    /// assert!(response.into_upgraded::<Mock>().is_ok());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_upgraded(mut self, stream: impl UpgradedStream) -> Self {
        self.head.set_upgraded(stream);
        self
    }
}
