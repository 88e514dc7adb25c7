//! Support for the tests of the client: see also the crate `httpx-testing`.

#![allow(dead_code, unused_imports, unused_macros, unreachable_pub)] // each test takes the part that it needs

pub mod flavour;
pub mod over;
#[cfg(feature = "tls")]
pub mod tls;

#[cfg(feature = "async")]
pub use flavour::Async;
#[cfg(feature = "blocking")]
pub use flavour::Blocking;
pub use flavour::Flavour;
pub use httpx_testing::{Reply, Seen, Server, both_flavours, encode, route};
