//! Why there is no connection.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use thiserror::Error;

/// Why a [`NetworkBackend`](crate::NetworkBackend) could not connect.
///
/// The text says what was attempted; what the system said about it is the [source](std::error::Error::source).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The name has no address, or nobody could be asked.
    #[error("cannot resolve the name {host}")]
    Resolve {
        /// The name that was looked up.
        host: Box<str>,
        /// What the resolver said.
        source: io::Error,
    },
    /// Every address was tried, and none could be connected to.
    #[error("cannot connect to {host} (tried {})", Addresses(tried))]
    Connect {
        /// The host as it was asked for.
        host: Box<str>,
        /// The addresses that were tried, in this order.
        tried: Vec<SocketAddr>,
        /// What the system said of the last of them.
        source: io::Error,
    },
    /// The deadline passed.
    #[error("no time left while {step} {host}")]
    TimedOut {
        /// What was being done.
        step: ConnectStep,
        /// The host as it was asked for.
        host: Box<str>,
    },
    /// For backends of one's own.
    #[error(transparent)]
    Other(#[from] io::Error),
}

impl ConnectError {
    /// What a lookup found: at least one address.
    pub(crate) fn check_found(
        host: &str,
        found: io::Result<Vec<SocketAddr>>,
    ) -> Result<Vec<SocketAddr>, Self> {
        let none = || Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
        let found = found.and_then(|addresses| if addresses.is_empty() { none() } else { Ok(addresses) });
        found.map_err(|source| ConnectError::Resolve { host: host.into(), source })
    }
}

/// What was being done when the time for connecting ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectStep {
    /// So many lookups hung already that a further one had to wait for its turn.
    WaitingToResolve,
    /// The resolver had not answered.
    Resolving,
    /// The peer had not answered.
    Connecting,
}

impl fmt::Display for ConnectStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WaitingToResolve => "waiting for other lookups to end before resolving",
            Self::Resolving => "resolving",
            Self::Connecting => "connecting to",
        })
    }
}

struct Addresses<'a>(&'a [SocketAddr]);

impl fmt::Display for Addresses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, address) in self.0.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            write!(f, "{comma}{address}")?;
        }
        Ok(())
    }
}
