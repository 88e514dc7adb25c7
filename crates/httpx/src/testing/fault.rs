//! [`Fault`]: how a request fails in a test.

use std::io;
use std::time::Duration;

use httpx_core::{Error, ErrorKind, RequestHead, RequestSent, Timeout, Timeouts};

/// How a request fails in a test, in place of a response: see [`Reply::fault`](super::Reply::fault).
///
/// A [`Mock`](super::Mock) returns the error at once, with the [kind](ErrorKind) and the cause that a pool would give it. A
/// [`TestServer`](super::TestServer) can only do what a server can: `Timeout` answers nothing, `Closed` closes the
/// connection, and all others reset it.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::testing::{Fault, Mock};
/// use httpx::{Client, ErrorKind};
///
/// let mock = Mock::new();
/// mock.get("/").reply(Fault::Refused).reply(200);
/// let client = Client::builder().transport(mock).build()?;
/// assert_eq!(client.get("http://example.com/").send().unwrap_err().kind(), ErrorKind::Connect);
/// assert_eq!(client.get("http://example.com/").send()?.status(), 200);
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The host's name does not exist: kind [`Resolve`](ErrorKind::Resolve).
    UnknownHost,
    /// The connection is refused: kind [`Connect`](ErrorKind::Connect).
    Refused,
    /// The certificate is not trusted: kind [`Tls`](ErrorKind::Tls).
    Tls,
    /// This timeout passes: kind [`Timeout`](ErrorKind::Timeout). The mock does not wait for it.
    Timeout(Timeout),
    /// The connection is reset before a response arrives: kind [`Io`](ErrorKind::Io).
    Reset,
    /// The connection is closed before a response arrives: kind [`Io`](ErrorKind::Io).
    Closed,
}

impl Fault {
    /// Returns the error that a pool would return for this request.
    pub(super) fn error(self, request: &RequestHead) -> Error {
        let host = request.url().authority();
        let error = match self {
            Fault::UnknownHost => {
                let cause = io::Error::new(io::ErrorKind::NotFound, "the name does not exist");
                Error::new(ErrorKind::Resolve, format!("could not find the address of {host}"))
                    .with_source(cause)
            }
            Fault::Refused => {
                let message = format!("could not connect to {host}; is a server listening there?");
                let cause = io::Error::new(io::ErrorKind::ConnectionRefused, "connection refused");
                Error::new(ErrorKind::Connect, message).with_source(cause)
            }
            Fault::Tls => Error::new(ErrorKind::Tls, format!("the certificate of {host} is not trusted")),
            Fault::Timeout(timeout) => timed_out(timeout, length_of(timeout, request)),
            Fault::Reset => {
                let cause = io::Error::new(io::ErrorKind::ConnectionReset, "connection reset by peer");
                Error::new(ErrorKind::Io, "the connection failed; send the request again").with_source(cause)
            }
            Fault::Closed => {
                let message = "the server closed the connection without a response; send the request again";
                Error::new(ErrorKind::Io, message)
            }
        };
        request.error(error.with_request_sent(self.request_sent()))
    }

    fn request_sent(self) -> RequestSent {
        match self {
            Fault::UnknownHost
            | Fault::Refused
            | Fault::Tls
            | Fault::Timeout(Timeout::Connect | Timeout::Pool) => RequestSent::Nothing,
            Fault::Timeout(Timeout::Write) => RequestSent::Partial,
            Fault::Timeout(_) | Fault::Reset | Fault::Closed => RequestSent::Complete,
        }
    }
}

/// The error of a timeout of this length.
pub(super) fn timed_out(timeout: Timeout, length: Duration) -> Error {
    let message = format!("the {timeout} timeout of {length:?} passed; raise it if the server needs longer");
    Error::new(ErrorKind::Timeout(timeout), message).with_timeout(length)
}

/// Returns the length of a timeout of this request.
pub(super) fn length_of(timeout: Timeout, request: &RequestHead) -> Duration {
    let timeouts = request.options().timeouts.or(&Timeouts::DEFAULT);
    let length = match timeout {
        Timeout::Connect => timeouts.connect,
        Timeout::Pool => timeouts.pool,
        Timeout::Write => timeouts.write,
        Timeout::Head => timeouts.head,
        Timeout::Read => timeouts.read,
        _ => timeouts.total,
    };
    length.unwrap_or(Timeouts::NEVER)
}
