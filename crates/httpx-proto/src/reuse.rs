use std::fmt;

/// Whether the connection may carry another exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// Yes, now: nothing is under way, and nothing is left over. On a server that may be the next request, or its
    /// beginning: see [`unread`](crate::Connection::unread).
    Ready,
    /// Perhaps, when both messages have ended.
    NotYet,
    /// No, and this is why: close it when the exchange has ended.
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
    /// The other side speaks HTTP/1.0, and did not send `Connection: keep-alive`.
    #[error("the other side speaks HTTP/1.0 and did not ask to keep the connection")]
    Http10,
    /// The body had no length: only the end of the connection ends it (RFC 9112 §6.3, item 8).
    #[error("the body ends with the connection")]
    BodyEndsIt,
    /// The message had both `Transfer-Encoding` and `Content-Length`, which may be an attempt at smuggling
    /// (RFC 9112 §6.1).
    #[error("the message had both Transfer-Encoding and Content-Length")]
    Ambiguous,
    /// The final response was sent while the client waited for 100 (Continue): whether its body still comes nobody can
    /// tell.
    #[error("the client was answered before it had sent its body, and may never send it")]
    NotContinued,
    /// A CONNECT was declined; what the client sends next may be meant for the tunnel (RFC 9931).
    #[error("no tunnel was opened, and what comes may be meant for it")]
    Declined,
    /// Bytes came that nobody asked for: behind the end of a response, or before any request.
    #[error("the other side sent bytes that nobody asked for")]
    UnaskedBytes,
    /// The other side has closed its direction.
    #[error("the other side closed the connection")]
    PeerClosed,
    /// The connection speaks another protocol now.
    #[error("the connection has switched to another protocol")]
    Switched,
    /// The other side broke the protocol: see the [`RemoteError`](crate::RemoteError).
    #[error("the other side broke the protocol")]
    RemoteError,
    /// We were about to break it, and the message under way cannot be completed: see the
    /// [`LocalError`](crate::LocalError).
    #[error("our own message could not be completed")]
    LocalError,
}
