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
        Err(error) => Error::new(ErrorKind::Body, "the body of the request could not be read").with_source(error),
    }
    .with_request_sent(sent)
}

/// No connection could be made.
pub(crate) fn connect(error: ConnectError, limit: Option<Duration>) -> Error {
    let message = match &error {
        ConnectError::Resolve { host, .. } => format!("cannot resolve {host}; is the name right, and is there a network?"),
        ConnectError::Connect { .. } => format!("{error}; does a server listen there?"),
        ConnectError::TimedOut { step, host } => {
            return late(Timeout::Connect, limit, &format!("still {step} {host}: no connection"))
                .with_request_sent(RequestSent::No);
        }
        ConnectError::Other(_) => "cannot connect".to_owned(),
    };
    let kind = match &error {
        ConnectError::Resolve { .. } => ErrorKind::Resolve,
        _ => ErrorKind::Connect,
    };
    let error = match error {
        ConnectError::Resolve { source, .. } | ConnectError::Connect { source, .. } | ConnectError::Other(source) => {
            Error::from_io(source, "")
        }
        ConnectError::TimedOut { .. } => return late(Timeout::Connect, limit, "no connection"),
    };
    todo!()
}
