//! TLS by rustls: the settings ([`TlsConfig`]), one connection without I/O (`Session`), and the errors.

mod client_certificate;
mod config;
mod config_builder;
mod config_error;
mod config_handle;
mod danger;
mod der;
mod details;
mod error;
mod error_kind;
mod error_text;
mod host_pattern;
#[cfg(feature = "native-roots")]
mod native_roots;
mod pinned_keys;
mod revocation;
mod roots;
#[cfg(any(feature = "blocking", feature = "async", test))]
mod session;
mod spki_pin;
mod trusted_leaf;
mod version;

#[cfg(test)]
pub(crate) mod testing;

pub use client_certificate::ClientCertificate;
pub use config::TlsConfig;
pub use config_builder::TlsConfigBuilder;
pub use config_error::TlsConfigError;
pub use config_handle::TlsConfigHandle;
pub use error::{HandshakeError, TlsError};
pub use error_kind::TlsErrorKind;
pub use httpx_core::{TlsDetails, TlsVersion};
#[cfg(feature = "async")]
pub(crate) use session::MAX_SILENT_READS;
#[cfg(any(feature = "blocking", feature = "async"))]
pub(crate) use session::Session;
pub use spki_pin::SpkiPin;
