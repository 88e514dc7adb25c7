//! What went wrong below, as the one [`Error`]: its kind, and words that say what to do.

pub(crate) mod timeout;

use std::io;
use std::time::Duration;

use httpx_core::{Error, ErrorKind, RequestSent, Timeout};
use httpx_proto::{LocalError, RemoteError, Truncation};

use crate::connect_error::ConnectError;
use crate::endpoint::Endpoint;
#[cfg(feature = "tls")]
use crate::tls::{HandshakeError, TlsConfigError, TlsError};

/// Whether the server has acted on a request that it did not answer, nobody knows.
macro_rules! again {
    ($what:literal) => {
        concat!($what, "; send the request again, if that does no harm")
    };
}

/// What came of the body is not lost.
macro_rules! go_on {
    ($what:literal) => {
        concat!($what, "; send the request again, or ask for the rest with Range")
    };
}

/// The server broke the protocol, or stopped in the middle.
pub(crate) fn remote(error: RemoteError, sent: RequestSent) -> Error {
    let (kind, message) = match &error {
        RemoteError::Incomplete(Truncation::Nothing) => return closed_early(sent),
        RemoteError::Incomplete(Truncation::Head) => {
            (ErrorKind::Incomplete, again!("the response was cut short"))
        }
        RemoteError::Incomplete(_) => (ErrorKind::Incomplete, go_on!("the response was cut short")),
        // A TLS alert (RFC 8446 §5.1): the answer to a request in the clear.
        RemoteError::NotHttp(bytes) if bytes.as_bytes().starts_with(b"\x15\x03") => {
            (ErrorKind::Protocol, "the server speaks TLS on this port; use https://")
        }
        RemoteError::Limit(_, _) => {
            (ErrorKind::Protocol, "the server's response passes a limit; raise it if you trust the server")
        }
        _ => (ErrorKind::Protocol, "the server's response cannot be understood; does it speak HTTP/1.1?"),
    };
    Error::new(kind, message).with_source(error).with_request_sent(sent)
}

/// The server closed the connection instead of answering.
pub(crate) fn closed_early(sent: RequestSent) -> Error {
    let message = again!("the server closed the connection instead of answering");
    Error::new(ErrorKind::Io, message).with_request_sent(sent)
}

/// The connection failed, and no answer came.
pub(crate) fn write_failed(error: io::Error, sent: RequestSent) -> Error {
    let doing = again!("the connection failed while the request was written, and no answer had come");
    broken(ErrorKind::Io, doing, error).with_request_sent(sent)
}

/// The connection failed before there was a whole head.
pub(crate) fn no_response(error: io::Error, sent: RequestSent) -> Error {
    let doing = again!("the connection failed before the response came");
    broken(ErrorKind::Io, doing, error).with_request_sent(sent)
}

/// The connection failed before the body was whole.
pub(crate) fn body_read_failed(error: io::Error, sent: RequestSent) -> Error {
    let doing = go_on!("the connection failed while the body was read");
    broken(ErrorKind::Incomplete, doing, error).with_request_sent(sent)
}

/// The connection failed: below, or in TLS, which has words of its own.
fn broken(kind: ErrorKind, doing: &'static str, error: io::Error) -> Error {
    #[cfg(feature = "tls")]
    let error = match error.downcast::<TlsError>() {
        Ok(error) => return tls_failed_later(kind, error),
        Err(error) => error,
    };
    Error::new(kind, doing).with_source(error)
}

/// In TLS 1.3 a server says only after our end of the handshake that it does not want us (RFC 8446 §4.4.2.4), which
/// it will say again.
#[cfg(feature = "tls")]
fn tls_failed_later(kind: ErrorKind, error: TlsError) -> Error {
    let kind = if kind == ErrorKind::Io { ErrorKind::Tls } else { kind };
    Error::new(kind, error.to_string()).with_source(error.into_source())
}

/// What has failed fails again.
pub(crate) fn failed_before(kind: ErrorKind) -> Error {
    Error::new(kind, "the response has failed before, and nothing more comes of it; send the request again")
}

/// The request cannot be sent as it is, or to its end.
pub(crate) fn local(error: LocalError, sent: RequestSent) -> Error {
    let (kind, message) = match &error {
        LocalError::TooShort { .. } | LocalError::TooLong { .. } => (
            ErrorKind::Body,
            "the body of the request has not the length that was told; from_reader() needs none",
        ),
        LocalError::ContentLength
        | LocalError::LengthMismatch { .. }
        | LocalError::BothLengths
        | LocalError::TransferEncoding => {
            (ErrorKind::InvalidRequest, "the request cannot be sent as it is; leave its length to the client")
        }
        _ => (ErrorKind::InvalidRequest, "the request cannot be sent as it is"),
    };
    Error::new(kind, message).with_source(error).with_request_sent(sent)
}

/// The request's own body could not be read.
pub(crate) fn upload_read_failed(error: io::Error, sent: RequestSent) -> Error {
    Error::new(ErrorKind::Body, "the body of the request could not be read; look at what it is read from")
        .with_source(error)
        .with_request_sent(sent)
}

/// No connection could be made.
pub(crate) fn connect(error: ConnectError, limit: Option<Duration>) -> Error {
    let message = error.to_string() + error.advice();
    match error {
        ConnectError::Resolve { source, .. } => Error::new(ErrorKind::Resolve, message).with_source(source),
        ConnectError::Connect { source, .. } => Error::new(ErrorKind::Connect, message).with_source(source),
        ConnectError::TimedOut { step, host } => {
            timeout::exceeded(Timeout::Connect, limit, &format!("no connection, still {step} {host},"))
        }
        ConnectError::Other(source) => Error::from_io(source, "cannot connect"),
    }
    .with_request_sent(RequestSent::Nothing)
}

/// There is a connection, but no TLS over it.
#[cfg(feature = "tls")]
pub(crate) fn handshake(error: HandshakeError, limit: Option<Duration>) -> Error {
    let message = error.to_string();
    match error {
        HandshakeError::Tls(error) => Error::new(ErrorKind::Tls, message).with_source(error.into_source()),
        HandshakeError::Config(source) => Error::new(ErrorKind::Tls, message).with_source(source),
        HandshakeError::Name { .. } => Error::new(ErrorKind::Tls, message),
        // TLS has not failed, its connection has: as when a server or what stands in front of it is restarted.
        HandshakeError::Io { source, .. } => Error::new(ErrorKind::Connect, message).with_source(source),
        HandshakeError::Cut { .. } => Error::new(ErrorKind::Connect, message),
        HandshakeError::TimedOut { host } => {
            timeout::exceeded(Timeout::Connect, limit, &format!("no TLS handshake with {host}"))
        }
    }
    .with_request_sent(RequestSent::Nothing)
}

/// A TLS configuration cannot be used.
#[cfg(feature = "tls")]
impl From<TlsConfigError> for Error {
    fn from(error: TlsConfigError) -> Self {
        Error::new(ErrorKind::Tls, "the TLS configuration cannot be used").with_source(error)
    }
}

/// The pool is closed.
pub(crate) fn closed() -> Error {
    Error::new(ErrorKind::Closed, "the client is closed; make a new one")
        .with_request_sent(RequestSent::Nothing)
}

/// A single connection is closed, by either side.
pub(crate) fn connection_closed() -> Error {
    Error::new(ErrorKind::Closed, "this connection is closed; open another one")
        .with_request_sent(RequestSent::Nothing)
}

/// A single connection has not ended its last exchange.
pub(crate) fn connection_busy() -> Error {
    let message = "this connection is busy; read its last response to the end, or open another one";
    Error::new(ErrorKind::InvalidRequest, message).with_request_sent(RequestSent::Nothing)
}

/// A single connection leads somewhere else.
pub(crate) fn wrong_origin(endpoint: &Endpoint) -> Error {
    let message = format!("this connection leads to {endpoint}; open another one");
    Error::new(ErrorKind::InvalidRequest, message).with_request_sent(RequestSent::Nothing)
}

/// All connections are taken.
pub(crate) fn pool_timeout(limit: Option<Duration>) -> Error {
    timeout::exceeded(Timeout::Pool, limit, "no connection of the pool became free")
        .with_request_sent(RequestSent::Nothing)
}

/// This build speaks no TLS.
#[cfg(not(feature = "tls"))]
pub(crate) fn no_tls() -> Error {
    Error::new(ErrorKind::Tls, "this build speaks no TLS; turn on the feature `tls`")
        .with_request_sent(RequestSent::Nothing)
}

/// There is no tokio runtime here.
#[cfg(feature = "async")]
pub(crate) fn no_runtime() -> Error {
    let message = "there is no tokio runtime here; call this inside #[tokio::main], #[tokio::test] or Runtime::block_on";
    Error::new(ErrorKind::Other, message).with_request_sent(RequestSent::Nothing)
}
