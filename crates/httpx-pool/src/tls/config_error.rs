//! What is wrong with what was configured.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

/// What a [`TlsConfig`](crate::TlsConfig) cannot be built from.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum TlsConfigError {
    /// A file or directory that the environment names could not be read.
    #[error("cannot read {}, which {variable} names as the root certificates", path.display())]
    Unreadable {
        /// The variable that names it.
        variable: &'static str,
        /// What could not be read.
        path: PathBuf,
        /// Why.
        source: Arc<io::Error>,
    },
    /// There should have been certificates, and there were none.
    #[error(
        "there is no certificate in {place}: PEM is expected (-----BEGIN CERTIFICATE-----), or for a root DER"
    )]
    NoCertificate {
        /// Where they should have been.
        place: Box<str>,
    },
    /// The PEM around a certificate is broken.
    #[error("the PEM of {place} is broken: {what}")]
    Pem {
        /// Where it stands.
        place: Box<str>,
        /// What is wrong.
        what: Box<str>,
    },
    /// A certificate is none.
    #[error("a certificate in {place} cannot be used as a root")]
    Certificate {
        /// Where it stands.
        place: Box<str>,
        /// What rustls says.
        source: rustls::Error,
    },
    /// The private key of the client's certificate is not PEM, or no private key.
    #[error(
        "there is no private key for the client certificate: PEM is expected (-----BEGIN PRIVATE KEY-----)"
    )]
    NoKey,
    /// The client's certificate and its key do not go together, or the key is of an unknown kind.
    #[error("the client certificate and its private key cannot be used together")]
    ClientCertificate(#[source] rustls::Error),
    /// Nobody would be trusted.
    #[error("no root certificate is trusted: after only_given_roots() give one with root(…)")]
    NoRoots,
    /// The provider supports none of the versions that are asked for.
    #[error("the crypto provider cannot be used with these settings")]
    Rustls(#[source] rustls::Error),
}
