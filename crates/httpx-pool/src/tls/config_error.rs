//! [`TlsConfigError`]: why a configuration cannot be built.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

/// The reason why a [`TlsConfig`](crate::TlsConfig) cannot be built.
///
/// The sources of the type `rustls::Error` are outside of this crate's semantic versioning.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum TlsConfigError {
    /// A file or directory that an environment variable names could not be read.
    #[error("cannot read {}, which {variable} names as the root certificates", path.display())]
    Unreadable {
        /// The environment variable.
        variable: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The error of the system.
        source: Arc<io::Error>,
    },
    /// There is no certificate where one is expected.
    #[error(
        "there is no certificate in {place}: PEM is expected (-----BEGIN CERTIFICATE-----), or for a root DER"
    )]
    NoCertificate {
        /// The place where it is expected.
        place: Box<str>,
    },
    /// The PEM of a certificate is broken.
    #[error("the PEM of {place} is broken: {what}")]
    Pem {
        /// The place of the certificate.
        place: Box<str>,
        /// The error in the PEM.
        what: Box<str>,
    },
    /// A certificate cannot be read as a root.
    #[error("a certificate in {place} cannot be used as a root")]
    Certificate {
        /// The place of the certificate.
        place: Box<str>,
        /// The error of rustls.
        source: rustls::Error,
    },
    /// The private key of the client certificate is not a private key in PEM.
    #[error(
        "there is no private key for the client certificate: PEM is expected (-----BEGIN PRIVATE KEY-----)"
    )]
    NoKey,
    /// The client certificate and its key do not belong together, or the key is of an unknown kind.
    #[error("the client certificate and its private key cannot be used together")]
    ClientCertificate(#[source] rustls::Error),
    /// No root would be trusted.
    #[error("no root certificate is trusted: after only_given_roots() give one with root(…)")]
    NoRoots,
    /// The protocol cannot be offered by ALPN: it is HTTP/2 or HTTP/3, or its name is empty or longer than 255 bytes.
    #[error(
        "cannot offer the protocol \"{protocol}\" by ALPN: this client speaks HTTP/1.1, so offer \"http/1.1\", which is the default"
    )]
    Alpn {
        /// The protocol's name, escaped, and cut after 32 bytes.
        protocol: Box<str>,
    },
    /// The provider supports none of the TLS versions, or rustls refuses the settings.
    #[error("the crypto provider cannot be used with these settings")]
    Rustls(#[source] rustls::Error),
}
