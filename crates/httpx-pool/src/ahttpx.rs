//! The async drivers, on tokio: whatever waits here is polled. No task is spawned for a request or a connection.

pub(crate) mod backend;
mod connection;
mod dial;
mod http1;
mod io_stream;
mod memory;
mod pool;
mod resolve;
mod stream;
mod tcp;
mod timer;
#[cfg(feature = "tls")]
mod tls;

pub use backend::{Connecting, NetworkBackend, TcpBackend};
pub use connection::{Connection, open_connection};
pub use io_stream::IoStream;
pub use pool::ConnectionPool;
pub use stream::NetworkStream;
pub use tcp::TcpStream;
#[cfg(feature = "tls")]
pub use tls::TlsStream;
