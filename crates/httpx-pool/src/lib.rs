//! httpx-pool

mod builder;
mod call;
mod config;
mod connect_error;
mod exchange;
mod failure;
mod keep_alive;
pub mod plan;
mod resend;
mod stream;
mod target;

#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "blocking")]
mod sys;
#[cfg(feature = "tls")]
mod tls;

pub use builder::PoolBuilder;
pub use connect_error::{ConnectError, ConnectStep};
pub use stream::{DeadReason, Interest, Liveness, Readiness};
pub use target::{Scheme, Target};

#[cfg(all(feature = "blocking", feature = "tls"))]
pub use blocking::TlsStream;
#[cfg(feature = "blocking")]
pub use blocking::{
    Connection, ConnectionPool, NetworkBackend, NetworkStream, TcpBackend, TcpStream, memory, open_connection,
};
#[cfg(feature = "tls")]
pub use tls::{HandshakeError, TlsConfig, TlsConfigBuilder, TlsError, TlsFailure, TlsFault, TlsVersion};

/// The rustls that [`TlsConfig`] speaks of: for a `ClientConfig` or a provider of your own.
#[cfg(feature = "tls")]
pub use rustls;
