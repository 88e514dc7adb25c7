//! TLS by rustls: the settings ([`TlsConfig`]), one connection without I/O (`Session`), and the errors.

mod config;
mod config_builder;
mod config_error;
mod danger;
mod details;
mod error;
mod error_kind;
mod error_text;
mod given;
mod roots;
#[cfg(any(feature = "blocking", feature = "async", test))]
mod session;
mod version;

#[cfg(test)]
pub(crate) mod testing;

pub use config::TlsConfig;
pub use config_builder::TlsConfigBuilder;
pub use config_error::TlsConfigError;
pub use details::TlsDetails;
pub use error::{HandshakeError, TlsError};
pub use error_kind::TlsErrorKind;
#[cfg(feature = "async")]
pub(crate) use session::MAX_SILENT_READS;
#[cfg(any(feature = "blocking", feature = "async"))]
pub(crate) use session::Session;
pub use version::TlsVersion;
