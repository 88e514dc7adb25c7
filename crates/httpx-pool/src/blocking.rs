//! The blocking drivers: whatever waits here waits on a socket or a lock, in the caller's own thread.

mod backend;
mod countdown;
pub mod memory;
mod resolve;
mod socket_timeout;
mod stream;
mod tcp;
#[cfg(feature = "tls")]
mod tls;

pub use backend::{NetworkBackend, TcpBackend};
pub use stream::NetworkStream;
pub use tcp::TcpStream;
#[cfg(feature = "tls")]
pub use tls::TlsStream;
