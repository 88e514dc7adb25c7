//! What went wrong below, as the one [`Error`]: its kind, and words that say what to do.

use std::io;
use std::time::Duration;

use httpx_core::{Error, ErrorKind, RequestSent, Timeout, Url};
use httpx_proto::{LocalError, RemoteError};

use crate::connect_error::ConnectError;
use crate::exchange::late;
#[cfg(feature = "tls")]
use crate::tls::{HandshakeError, TlsError};

/// The server broke the protocol, or stopped in the middle.
pub(crate) fn remote(error: RemoteError, sent: RequestSent) -> Error {
    let (kind, message) = match &error {
        RemoteError::Incomplete(httpx_proto::Cut::Nothing) => return closed_early(sent),
        RemoteError::Incomplete(_) => (ErrorKind::Incomplete, "the response was cut short"),
        _ => (ErrorKind::Protocol, "the server's response cannot be understood"),
    };
    Error::new(kind, message).with_source(error).with_request_sent(sent)
}

/// The server closed the connection instead of answering.
pub(crate) fn closed_early(sent: RequestSent) -> Error {
    Error::new(ErrorKind::Io, "the server closed the connection without an answer").with_request_sent(sent)
}

/// The request cannot be sent as it is.
pub(crate) fn local(error: LocalError) -> Error {
    Error::new(ErrorKind::InvalidRequest, "the request cannot be sent as it is").with_source(error)
}

/// The request's own body could not be read.
pub(crate) fn body(error: io::Error, sent: RequestSent) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => error,
        Err(error) => {
            Error::new(ErrorKind::Body, "the body of the request could not be read").with_source(error)
        }
    }
    .with_request_sent(sent)
}

/// No connection could be made.
pub(crate) fn connect(error: ConnectError, limit: Option<Duration>) -> Error {
    let message = error.to_string();
    match error {
        ConnectError::Resolve { source, .. } => {
            Error::new(ErrorKind::Resolve, message + "; is it spelled right, and is there a network?")
                .with_source(source)
        }
        ConnectError::Connect { source, .. } => {
            Error::new(ErrorKind::Connect, message + "; does a server listen there?").with_source(source)
        }
        ConnectError::TimedOut { step, host } => {
            late(Timeout::Connect, limit, &format!("no connection, still {step} {host}"))
        }
        ConnectError::Other(source) => Error::from_io(source, "cannot connect"),
    }
    .with_request_sent(RequestSent::No)
}

/// There is a connection, but no TLS over it.
#[cfg(feature = "tls")]
pub(crate) fn handshake(error: HandshakeError, limit: Option<Duration>) -> Error {
    let message = error.to_string();
    match error {
        HandshakeError::Fault(fault) => Error::new(ErrorKind::Tls, message).with_source(fault.into_source()),
        HandshakeError::Config(source) => Error::new(ErrorKind::Tls, message).with_source(source),
        HandshakeError::Io { source, .. } => Error::new(ErrorKind::Tls, message).with_source(source),
        HandshakeError::Name { .. } | HandshakeError::Cut { .. } => Error::new(ErrorKind::Tls, message),
        HandshakeError::TimedOut { host } => {
            late(Timeout::Connect, limit, &format!("no TLS handshake with {host}"))
        }
    }
    .with_request_sent(RequestSent::No)
}

/// A TLS configuration cannot be used.
#[cfg(feature = "tls")]
impl From<TlsError> for Error {
    fn from(error: TlsError) -> Self {
        Error::new(ErrorKind::Tls, "the TLS configuration cannot be used").with_source(error)
    }
}

/// The pool is closed.
pub(crate) fn closed() -> Error {
    Error::new(ErrorKind::Closed, "the client is closed; make a new one").with_request_sent(RequestSent::No)
}

/// Neither http nor https.
pub(crate) fn scheme(url: &Url) -> Error {
    let message =
        format!("cannot send to a URL of scheme {:?}; only http and https are spoken", url.scheme());
    Error::new(ErrorKind::InvalidUrl, message).with_request_sent(RequestSent::No)
}

/// This build speaks no TLS.
#[cfg(not(feature = "tls"))]
pub(crate) fn no_tls() -> Error {
    Error::new(ErrorKind::Tls, "this build speaks no TLS; turn on the feature `tls`")
        .with_request_sent(RequestSent::No)
}
