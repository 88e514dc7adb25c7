//! TLS, over rustls: what is trusted ([`TlsConfig`]), what the records mean (`Session`), what went wrong.

mod config;
mod danger;
mod error;
mod failure;
mod roots;
#[cfg(any(feature = "blocking", feature = "async", test))]
mod session;

#[cfg(test)]
pub(crate) mod testing;

pub use config::{TlsConfig, TlsConfigBuilder, TlsVersion};
pub use error::TlsError;
pub use failure::{HandshakeError, TlsFailure, TlsFault};
#[cfg(any(feature = "blocking", feature = "async"))]
pub(crate) use session::Session;
