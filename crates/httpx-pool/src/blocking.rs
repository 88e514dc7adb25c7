//! The blocking drivers. They wait on a socket or a lock, in the thread of the caller.

pub(crate) mod backend;
mod connect;
mod connection;
mod deadline;
mod dial;
mod http1;
mod io_stream;
mod memory;
mod pool;
mod resolver;
mod stream;
mod tcp;
#[cfg(feature = "tls")]
mod tls;
mod upgraded;

pub use backend::{NetworkBackend, TcpBackend};
pub use connection::{Connection, open_connection};
pub use io_stream::IoStream;
pub use pool::ConnectionPool;
pub use resolver::Resolver;
pub use stream::NetworkStream;
pub use tcp::TcpStream;
#[cfg(feature = "tls")]
pub use tls::TlsStream;
pub use upgraded::Upgraded;
