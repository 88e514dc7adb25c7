//! The network below an HTTP client: streams, TLS, connections, and the pool that keeps them.
//!
//! - A [`NetworkBackend`] connects to a [`Destination`] and returns a [`NetworkStream`]. [`TcpBackend`] is the default.
//!   [`memory`] is a network inside the process, for tests. [`IoStream`] makes a stream of any reader and writer.
//! - A [`TlsConfig`] holds the settings of TLS.
//! - [`ConnectOptions`] hold how connections are made, for a pool or for one request. A [`Proxy`] is one of them.
//! - A [`Connection`] carries one request at a time, for direct use.
//! - A [`ConnectionPool`] keeps connections and lends them to requests. It is the transport of a client.
//!
//! ```no_run
//! # #[cfg(all(feature = "blocking", feature = "tls"))] {
//! use httpx_core::{Request, blocking::Transport};
//! use httpx_pool::{ConnectionPool, TlsConfig};
//!
//! let tls = TlsConfig::builder().root(std::fs::read("ca.pem")?).build()?;
//! let pool = ConnectionPool::builder().tls(tls).max_connections(10).build();
//! let response = pool.send(Request::new("GET", "https://intranet.example/")?)?.read_body()?;
//! println!("{response:?} {pool:?}"); // <Response [200 OK]> <ConnectionPool [0 active, 1 idle]>
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Defaults
//!
//! | setting | default |
//! | --- | --- |
//! | connections, and connections to one origin | at most 100 |
//! | waiting for a free connection | at most 5 minutes, then an error of kind `Timeout(Pool)` |
//! | opening a connection (lookup, TCP, proxy, TLS) | at most 10 s |
//! | an idle connection is closed | after 15 s, or after the time in the server's `Keep-Alive` if that is shorter |
//!
//! A load of more than 100 requests at once queues: 3,000 requests of one second each take 30 seconds.
//!
//! # Who owns whom
//!
//! ```text
//!  ConnectionPool and its clones                     Response
//!       │ Arc                                           │ Body
//!       ▼                     Weak                      ▼
//!  SharedPlan: Mutex<Plan> ◄─────── Lease ◄──── Http1Connection ────► NetworkStream
//!       │                          (its slot)     (while in use)
//!       │ Box
//!       ▼
//!  Http1Connection ────► NetworkStream
//!    (while idle)
//! ```
//!
//! The *plan* is the pool as data: connections, origins, waiting requests. A connection is either idle, and the plan
//! owns it, or in use, and the response's body owns it. A connection in use holds a *lease*: the right to its slot in
//! the plan. When the body ends, the connection goes back through its lease. When the body is dropped early, the lease
//! tells the plan that the connection no longer exists. The lease holds the plan weakly, so a streamed response
//! outlives its client.
//!
//! # One set of decisions, two drivers
//!
//! Every decision is taken without I/O, lock or clock, in code that both flavours share:
//!
//! - which connection a request gets, who waits, which connection is closed: `plan.rs`
//! - check an idle connection, replace it, connect, send again: `checkout.rs`
//! - what to read and write next for one request: `exchange.rs`, over the codec of `httpx-proto`
//! - the meaning of TLS records: `tls/session.rs`
//! - who waits for which lookup, and which answers are kept: `lookup_table.rs`
//! - which address to try, and when: `happy_eyeballs.rs`
//! - which bytes open a tunnel through a proxy: [`socks`], and `proxy/connect_handshake.rs` for CONNECT
//!
//! The code that waits is in `blocking/` and in `ahttpx/`. The differences between operating systems are in `sys.rs`.
//!
//! # What is not here
//!
//! Redirects and cookies (`httpx-middleware`), the client (`httpx`), and HTTP/2.
//!
//! # Features
//!
//! - `blocking` (default): the blocking drivers.
//! - `async`: the async drivers, on tokio: [`ahttpx`].
//! - `tracing`: an observer that makes spans and events of the crate `tracing`.
//! - `tls` (default): https, by rustls with the ring provider and the roots of Mozilla.
//! - `tower`: `ahttpx::tower::TowerTransport`, which makes a transport of a `tower::Service`. It turns on `async`.
//! - `native-roots`: `TlsConfigBuilder::native_roots`, which trusts the roots in the platform's store instead.

// Without a flavour, the code for the drivers is unused.
#![cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))]

mod address_filter;
mod address_order;
#[cfg(feature = "async")]
pub mod ahttpx;
mod any_filter;
mod call;
mod checkout;
mod close_cause;
mod connect_error;
mod connect_options;
mod connection_builder;
mod connection_info;
mod destination;
mod dial_trace;
mod dialing;
mod dns_cache_options;
mod endpoint;
mod event;
mod exchange;
mod expect_continue;
mod failed_attempt;
mod happy_eyeballs;
mod http1;
mod http1_state;
mod into_error;
mod ip_network;
mod keep_alive;
mod key;
mod lease;
mod lookup_table;
mod lookup_threads;
mod lookups;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod memory;
mod observer;
mod on_informational;
mod panic_text;
mod plan;
mod pool_builder;
mod pool_config;
mod pool_state;
mod pool_stats;
mod proxy;
mod public_only;
mod raw_stream;
mod request_trace;
mod request_trailers;
mod resolved;
#[cfg(feature = "tower")]
mod service_limits;
mod single_connection;
mod socket_options;
#[cfg(feature = "blocking")]
mod socket_timeout;
pub mod socks;
mod stream;

#[cfg(feature = "blocking")]
mod blocking;
mod sys;
mod system_resolver;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tracing")]
mod tracing_observer;
mod tunnel_target;
mod upgrade;
mod wire;

pub use address_filter::{AddressFilter, AddressRefused};
pub use close_cause::{CloseCause, CloseCounts};
pub use connect_error::{ConnectError, ConnectStep};
pub use connect_options::{ConnectOptions, IntoAddress};
pub use connection_builder::ConnectionBuilder;
pub use connection_info::{ConnectionInfo, ConnectionState};
pub use destination::Destination;
pub use dns_cache_options::DnsCacheOptions;
pub use endpoint::{Endpoint, Scheme};
pub use event::{BodyOutcome, Event};
pub use expect_continue::ExpectContinue;
pub use failed_attempt::FailedAttempt;
pub use httpx_core::{ConnectionDetails, Timings};
pub use ip_network::{InvalidIpNetwork, IpNetwork};
pub use observer::Observer;
pub use on_informational::OnInformational;
pub use pool_builder::PoolBuilder;
pub use pool_stats::PoolStats;
pub use proxy::{NoProxy, Proxy};
pub use public_only::PublicOnly;
pub use request_trailers::RequestTrailers;
pub use resolved::Resolved;
pub use stream::{Interest, Liveness, Readiness};
pub use system_resolver::SystemResolver;
#[cfg(feature = "tracing")]
pub use tracing_observer::TracingObserver;
pub use tunnel_target::TunnelTarget;

#[cfg(all(feature = "blocking", feature = "tls"))]
pub use blocking::TlsStream;
#[cfg(feature = "blocking")]
pub use blocking::{
    Connection, ConnectionPool, IoStream, NetworkBackend, NetworkStream, Resolver, TcpBackend, TcpStream,
    Upgraded, open_connection,
};
#[cfg(feature = "tls")]
pub use tls::{
    ClientCertificate, HandshakeError, SpkiPin, TlsConfig, TlsConfigBuilder, TlsConfigError, TlsConfigHandle,
    TlsDetails, TlsError, TlsErrorKind, TlsVersion,
};

/// The version of rustls in [`TlsConfig`], for a custom `ClientConfig` or provider. It is outside of this crate's
/// semantic versioning: a minor release may move to a newer rustls.
#[cfg(feature = "tls")]
pub use rustls;
