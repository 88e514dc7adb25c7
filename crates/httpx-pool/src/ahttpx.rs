//! The async drivers, on tokio: whatever waits here is polled. No task is spawned for a request or a connection.

mod backend;
mod stream;
mod tcp;
#[cfg(feature = "tls")]
mod tls;

pub use backend::{Connecting, NetworkBackend, TcpBackend};
pub use stream::NetworkStream;
pub use tcp::TcpStream;
#[cfg(feature = "tls")]
pub use tls::TlsStream;
