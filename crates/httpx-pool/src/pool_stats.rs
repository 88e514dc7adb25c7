//! [`PoolStats`]: the statistics of a pool.

use crate::close_cause::CloseCounts;

/// The statistics of a pool: current numbers, and totals since the pool was created.
///
/// At any moment `opened == active + idle + closed.total()`.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; }
/// let stats = httpx::ConnectionPool::new().stats();
/// assert_eq!((stats.active, stats.idle, stats.opened, stats.closed.total()), (0, 0, 0, 0));
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStats {
    /// Connections that are being opened now.
    pub connecting: usize,
    /// Connections that carry a request now, or are reserved for one.
    pub active: usize,
    /// Connections that wait for a request now.
    pub idle: usize,
    /// Requests that wait for a connection now.
    pub waiting: usize,
    /// Connections that were opened.
    pub opened: u64,
    /// Attempts to open a connection that failed or were given up.
    pub failed: u64,
    /// How many times a request got a connection that had carried another one before. A request that finds its
    /// connection dead and gets the next one counts twice.
    pub reused: u64,
    /// Connections that were closed, by cause.
    pub closed: CloseCounts,
    /// Full TLS handshakes.
    pub full_handshakes: u64,
    /// TLS handshakes that resumed an earlier session.
    pub resumed_handshakes: u64,
}
