//! [`ConnectionInfo`]: one connection as a pool lists it.

use std::sync::Arc;
use std::time::Duration;

use httpx_core::ConnectionDetails;

use crate::endpoint::Endpoint;

/// One connection of a pool, as `ConnectionPool::connections` lists it.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use httpx::ConnectionPool;
/// use httpx::network::ConnectionState;
///
/// let pool = ConnectionPool::new();
/// for connection in pool.connections() {
///     if connection.state == ConnectionState::Idle {
///         println!("{} is idle, {:?} old, after {} requests", connection.origin, connection.age, connection.uses);
///     }
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConnectionInfo {
    /// The origin that the connection leads to; the proxy, if that forwards requests to many origins.
    pub origin: Endpoint,
    /// The URL of the proxy that the connection goes through, without credentials.
    pub proxy: Option<String>,
    /// Its current state.
    pub state: ConnectionState,
    /// How long it has been in this state.
    pub time_in_state: Duration,
    /// How long ago it was opened. While it is being opened: how long that has taken.
    pub age: Duration,
    /// How many requests it has carried, the present one included.
    pub uses: u64,
    /// How many requests it can carry at once: 1 for HTTP/1.1.
    pub capacity: u32,
    /// The details from opening it (its number, addresses, TLS); `None` while it is being opened.
    pub details: Option<Arc<ConnectionDetails>>,
}

/// The state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ConnectionState {
    /// It is being opened.
    Connecting,
    /// It carries a request, or is reserved for one.
    Active,
    /// It waits for a request.
    Idle,
}
