//! What is said about a stream of bytes, in the words that both flavours use.

use std::fmt;
use std::io;

/// What to wait for on a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Bytes to read, or the end.
    Read,
    /// Room to write.
    Write,
    /// Whichever comes first.
    Both,
}

impl Interest {
    /// Whether bytes to read are waited for.
    pub fn wants_read(self) -> bool {
        matches!(self, Self::Read | Self::Both)
    }

    /// Whether room to write is waited for.
    pub fn wants_write(self) -> bool {
        matches!(self, Self::Write | Self::Both)
    }

    /// The same, and room to write as well.
    #[cfg(all(feature = "blocking", feature = "tls"))]
    pub(crate) fn and_write(self) -> Self {
        match self {
            Self::Read | Self::Both => Self::Both,
            Self::Write => Self::Write,
        }
    }
}

/// What a stream turned out to be ready for. Nothing at all means that the time was up.
///
/// A stream that has failed is ready for everything that was asked about: the read or the write says why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// A read would not wait: there are bytes, the end, or an error.
    pub readable: bool,
    /// A write would not wait: there is room for at least a byte, or an error.
    pub writable: bool,
}

impl Readiness {
    /// Neither readable nor writable: the time was up.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// The answer to "is this idle connection still good to carry a request?"
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveness {
    /// Nothing speaks against it. (The peer may have closed it all the same: the news is still on its way.)
    Alive,
    /// It must not carry a request.
    Dead(DeadReason),
}

impl Liveness {
    /// What a peek that did not wait says.
    pub(crate) fn of_peek(peeked: io::Result<usize>) -> Self {
        match peeked {
            Ok(0) => Self::Dead(DeadReason::Ended),
            Ok(_) => Self::Dead(DeadReason::Unasked),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                Self::Alive
            }
            Err(error) => Self::Dead(DeadReason::Failed(error.kind())),
        }
    }

    /// Whether the connection may carry a request.
    pub fn is_alive(self) -> bool {
        self == Self::Alive
    }
}

/// Why an idle connection is not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadReason {
    /// The peer has ended it.
    Ended,
    /// Bytes have come in that nobody asked for. Taken for an answer they would be given to the wrong request.
    Unasked,
    /// The system, or TLS, reports an error of this kind.
    Failed(io::ErrorKind),
}

impl fmt::Display for DeadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended => f.write_str("the peer has closed the connection"),
            Self::Unasked => f.write_str("the peer sent bytes that nobody asked for"),
            Self::Failed(kind) => write!(f, "the connection has failed: {kind}"),
        }
    }
}
