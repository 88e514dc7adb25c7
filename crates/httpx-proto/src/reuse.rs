//! Whether a connection can be reused, and why not.

use std::fmt;

/// Whether the connection can carry another exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// Yes: nothing is under way, and nothing is left over. A server may have the next request, or its beginning, in
    /// its buffer: see [`unread`](crate::Connection::unread).
    Ready,
    /// Perhaps, after both messages have ended.
    NotYet,
    /// No, for this reason. Close it after the exchange.
    Never(CloseReason),
}

/// `not yet: the exchange has not ended`
impl fmt::Display for Reuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reuse::Ready => f.write_str("ready for another exchange"),
            Reuse::NotYet => f.write_str("not yet: the exchange has not ended"),
            Reuse::Never(reason) => write!(f, "never: {reason}"),
        }
    }
}

/// Why a connection cannot carry another exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CloseReason {
    /// We sent `Connection: close`.
    #[error("we asked for the connection to be closed")]
    WeSaidClose,
    /// The other side sent `Connection: close`.
    #[error("the other side asked for the connection to be closed")]
    PeerSaidClose,
    /// The other side speaks HTTP/1.0 and did not send `Connection: keep-alive`.
    #[error("the other side speaks HTTP/1.0 and did not ask to keep the connection")]
    Http10,
    /// The body had no length, so the end of the connection ends it (RFC 9112 §6.3, item 8).
    #[error("the body ends with the connection")]
    BodyEndsIt,
    /// The message had both `Transfer-Encoding` and `Content-Length`, which can be an attempt at smuggling (RFC 9112
    /// §6.1).
    #[error("the message had both Transfer-Encoding and Content-Length")]
    Ambiguous,
    /// The final response was sent while the client waited for a 100 (Continue). The client may or may not send its
    /// body now.
    #[error("the response came before the body of the request, which may never be sent")]
    NotContinued,
    /// A CONNECT was declined. The next bytes of the client may be meant for the tunnel (RFC 9931).
    #[error("the tunnel was declined, and the next bytes may be meant for it")]
    Declined,
    /// The other side sent unsolicited bytes: after the end of a response, or before any request.
    #[error("the other side sent unsolicited bytes")]
    UnaskedBytes,
    /// The other side has closed its direction.
    #[error("the other side closed the connection")]
    PeerClosed,
    /// The connection has switched to another protocol.
    #[error("the connection has switched to another protocol")]
    Switched,
    /// The other side broke the protocol: see [`RemoteError`](crate::RemoteError).
    #[error("the other side broke the protocol")]
    RemoteError,
    /// A call would have broken the protocol, and the message under way cannot be completed: see
    /// [`LocalError`](crate::LocalError).
    #[error("our own message could not be completed")]
    LocalError,
}
