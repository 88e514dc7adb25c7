//! The async drivers, on tokio. No task is spawned for a request or a connection.
//!
//! The runtime needs its I/O driver and its timers: `enable_io` and `enable_time`, or `enable_all`, on its builder.
//! `#[tokio::main]` and `Runtime::new` enable both. Without them, and outside of a runtime, requests fail with kind
//! [`Other`](httpx_core::ErrorKind::Other) or [`Connect`](httpx_core::ErrorKind::Connect). tokio offers no way to ask for
//! its drivers: it panics. The panic is caught (which a program that aborts on panics prevents), but the panic hook of
//! the program sees it.

pub(crate) mod backend;
mod connect;
mod connection;
mod dial;
mod drivers;
mod http1;
mod io_stream;
mod memory;
mod open_body;
mod pool;
mod resolver;
mod stream;
mod tcp;
mod timer;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tower")]
pub mod tower;
mod upgraded;

pub use backend::{Connecting, HostLookup, NetworkBackend, TcpBackend};
pub use connection::{Connection, open_connection};
pub use io_stream::IoStream;
pub use pool::ConnectionPool;
pub use resolver::{Resolver, Resolving};
pub use stream::NetworkStream;
pub use tcp::TcpStream;
#[cfg(feature = "tls")]
pub use tls::TlsStream;
pub use upgraded::Upgraded;
