//! Support for the tests of the pool: see also the crate `httpx-testing`.
#![allow(dead_code, unused_imports, unreachable_pub, missing_debug_implementations)] // each test uses some of it
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[cfg(any(feature = "blocking", feature = "async"))]
pub mod flavour;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod flood;
#[cfg(feature = "async")]
pub mod giving_up;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod network;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod resolver;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod throttle;
#[cfg(feature = "tls")]
pub mod tls;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod wire;

#[cfg(unix)]
pub use httpx_testing::SocketDir;
pub use httpx_testing::sockets::{ClosedPort, closed_port};
pub use httpx_testing::{
    Act, End, Gate, PATIENCE, Record, Script, ScriptedServer as Server, answer, both_flavours, send, serve,
    until,
};

#[cfg(feature = "async")]
pub use flavour::Async;
#[cfg(feature = "blocking")]
pub use flavour::Blocking;
#[cfg(any(feature = "blocking", feature = "async"))]
pub use flavour::{
    Connects, Elsewhere, Flavour, HALF, MS, OK, Sender, Setup, Streamed, Then, bytes, idle, patient, request,
    request_with,
};
#[cfg(all(target_os = "linux", any(feature = "blocking", feature = "async")))]
pub use network::Silent;
#[cfg(any(feature = "blocking", feature = "async"))]
pub use resolver::{Answer, StubResolver};
#[cfg(any(feature = "blocking", feature = "async"))]
pub use wire::Wire;
