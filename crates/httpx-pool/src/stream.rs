//! The state of a stream, which a driver can query: [`Interest`], [`Readiness`], [`Liveness`].

use std::io;

/// What to wait for on a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Bytes to read, or the end.
    Read,
    /// Room to write.
    Write,
    /// The first of the two.
    Both,
}

impl Interest {
    /// Returns whether it includes bytes to read.
    pub fn wants_read(self) -> bool {
        matches!(self, Self::Read | Self::Both)
    }

    /// Returns whether it includes room to write.
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

/// The operations that a stream is ready for. If it is ready for none, the time was up.
///
/// A failed stream is ready for every requested operation: the read or the write returns the error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// A read would not wait: there are bytes, the end, or an error.
    pub readable: bool,
    /// A write would not wait: there is room for at least a byte, or an error.
    pub writable: bool,
}

impl Readiness {
    /// Returns whether it is neither readable nor writable: the time was up.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// Whether an idle connection may carry a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Liveness {
    /// Nothing is known against it. The server may still have closed it, if this has not arrived yet.
    Alive,
    /// It must not carry a request: it has ended or failed, or bytes have arrived that no request asked for. They
    /// would be taken for the response to the next request.
    Dead,
}

impl Liveness {
    /// Judges by a peek that did not wait.
    pub(crate) fn of_peek(peeked: &io::Result<usize>) -> Self {
        match peeked {
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                Self::Alive
            }
            Ok(_) | Err(_) => Self::Dead,
        }
    }

    /// Returns whether the connection may carry a request.
    pub fn is_alive(self) -> bool {
        self == Self::Alive
    }
}
