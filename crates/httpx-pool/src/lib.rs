//! The network beneath an HTTP client: streams, TLS, connections, and the pool that keeps them.
//!
//! - A [`NetworkBackend`] connects, a [`NetworkStream`] carries bytes. TCP is the usual one; [`memory`] is for tests,
//!   and others are a trait away.
//! - A [`TlsConfig`] says how TLS is spoken over it.
//! - A [`Connection`] carries one request at a time, for direct use.
//! - A [`ConnectionPool`] keeps connections and hands them out: the transport that a client uses.
//!
//! ```no_run
//! use httpx_core::{Request, blocking::Transport};
//! use httpx_pool::{ConnectionPool, TlsConfig};
//!
//! let tls = TlsConfig::builder().root(std::fs::read("ca.pem")?).build()?;
//! let pool = ConnectionPool::builder().tls(tls).max_connections(10).build();
//! let response = pool.send(Request::new("GET", "https://intranet.example/")?)?.read_body()?;
//! println!("{response:?} {pool:?}"); // <Response [200 OK]> <ConnectionPool [0 active, 1 idle]>
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # One brain, two pairs of hands
//!
//! What is decided here is decided without I/O, in files that know no socket, no lock and no clock: what to do next in
//! an exchange (`exchange.rs`, over the codec of `httpx-proto`), which connection carries which request
//! (`plan.rs`), what TLS records mean (`tls/session.rs`), whether a request may be sent again (`resend.rs`). What waits
//! lies in `blocking/`.
//!
//! # What is not here
//!
//! Redirects and cookies (`httpx-middleware`), the client (`httpx`), proxies and HTTP/2.
//!
//! # Features
//!
//! - `blocking` (default): the blocking drivers.
//! - `async`: the async drivers, on tokio: [`ahttpx`].
//! - `tls` (default): https, by rustls with the ring provider and Mozilla's roots.

// Without a flavour, what only drivers use lies idle.
#![cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))]

mod address_attempts;
#[cfg(feature = "async")]
pub mod ahttpx;
mod call;
mod checkout;
mod connect_error;
mod connection_builder;
mod connection_info;
mod dialing;
mod endpoint;
mod exchange;
mod http1_state;
mod into_error;
mod keep_alive;
mod key;
mod lease;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod memory;
mod plan;
mod pool_builder;
mod pool_config;
mod stream;

#[cfg(feature = "blocking")]
mod blocking;
mod sys;
#[cfg(feature = "tls")]
mod tls;
mod wire;

pub use connect_error::{ConnectError, ConnectStep};
pub use connection_builder::ConnectionBuilder;
pub use connection_info::{ConnectionDetails, ConnectionInfo, ConnectionState};
pub use endpoint::{Endpoint, Scheme};
pub use pool_builder::PoolBuilder;
pub use stream::{Interest, Liveness, Readiness};

#[cfg(all(feature = "blocking", feature = "tls"))]
pub use blocking::TlsStream;
#[cfg(feature = "blocking")]
pub use blocking::{
    Connection, ConnectionPool, IoStream, NetworkBackend, NetworkStream, TcpBackend, TcpStream,
    open_connection,
};
#[cfg(feature = "tls")]
pub use tls::{
    HandshakeError, TlsConfig, TlsConfigBuilder, TlsConfigError, TlsDetails, TlsError, TlsErrorKind,
    TlsVersion,
};

/// The version of rustls in [`TlsConfig`], for a custom `ClientConfig` or provider. It is outside of this crate's
/// semantic versioning: a minor release may move to a newer rustls.
#[cfg(feature = "tls")]
pub use rustls;
