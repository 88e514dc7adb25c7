//! Counts the connections of a transport.

use std::fmt;

/// The number of connections of a transport, as its `Debug` shows it: `[1 active, 2 idle]`.
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_core::*; } }
/// use httpx::network::ConnectionCounts;
///
/// assert_eq!(ConnectionCounts::new(0, 3).to_string(), "[0 active, 3 idle]");
/// assert_eq!(ConnectionCounts::new(1, 0).to_string(), "[1 active]");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionCounts {
    /// Connections that carry a request, or that are being opened for one.
    pub active: usize,
    /// Connections that are ready for a request.
    pub idle: usize,
}

impl ConnectionCounts {
    /// Creates a value: for transports.
    pub const fn new(active: usize, idle: usize) -> Self {
        ConnectionCounts { active, idle }
    }
}

impl fmt::Display for ConnectionCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.idle {
            0 => write!(f, "[{} active]", self.active),
            idle => write!(f, "[{} active, {idle} idle]", self.active),
        }
    }
}
