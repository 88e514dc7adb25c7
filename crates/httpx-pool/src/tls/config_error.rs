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
    #[error("there is no private key for {certificate}: PEM is expected (-----BEGIN PRIVATE KEY-----)")]
    NoKey {
        /// The client certificate, and the hosts that it is for.
        certificate: Box<str>,
    },
    /// The client certificate and its key do not belong together, or the key is of an unknown kind.
    #[error("{certificate} and its private key cannot be used together")]
    ClientCertificate {
        /// The client certificate, and the hosts that it is for.
        certificate: Box<str>,
        /// The error of rustls.
        source: rustls::Error,
    },
    /// No root would be trusted.
    #[error("no root certificate is trusted: after only_given_roots() give one with root(…)")]
    NoRoots,
    /// The platform's store of certificates has no root that can be used.
    #[error(
        "there is no usable root in the platform's store of certificates ({what}): install one (the package \
         ca-certificates), or leave native_roots() out"
    )]
    NativeRoots {
        /// The first error of the store, or the number of its certificates.
        what: Box<str>,
    },
    /// There is no CRL where one is expected.
    #[error(
        "there is no CRL in the bytes given to crl(…): PEM is expected (-----BEGIN X509 CRL-----), or DER"
    )]
    NoCrl,
    /// A CRL cannot be read.
    #[error("a CRL given to crl(…) cannot be used")]
    Crl(#[source] rustls::Error),
    /// The text is not a pin of a public key.
    #[error(
        "\"{pin}\" is not a pin: \"sha256/\" and the hash of the SubjectPublicKeyInfo in base64 are expected, as \
         SpkiPin::of_certificate(…) prints them"
    )]
    Pin {
        /// The text, escaped, and truncated after 64 characters.
        pin: Box<str>,
    },
    /// The provider of cryptography has no SHA-256 for pins.
    #[error("the crypto provider has no cipher suite with SHA-256, which pins need")]
    NoSha256,
    /// The hosts of a setting are not a valid pattern.
    #[error(
        "cannot choose hosts by \"{pattern}\": give a name or an IP address alone, or *.domain for all hosts below a \
         domain, without scheme, port and path"
    )]
    Host {
        /// The text, escaped, and truncated after 64 characters.
        pattern: Box<str>,
    },
    /// `min_version` is newer than `max_version`.
    #[error("min_version(…) is newer than max_version(…), so that no version of TLS is left")]
    Versions,
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
