//! The kinds of TLS errors.

use rustls::CertificateError;

use super::pinned_keys::PinMismatch;

/// The kinds of [`TlsError`](super::TlsError) that a program may want to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsErrorKind {
    /// The certificate is signed by an authority that is not trusted.
    UnknownIssuer,
    /// The certificate is one that a server may only use if it is itself given as a root: it is the certificate of an
    /// authority (`openssl req -x509` makes such certificates), or of X.509 version 1.
    NotForServers,
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is for another host.
    WrongHost,
    /// The certificate has been revoked.
    Revoked,
    /// CRLs were given, and none of them tells whether the certificate, or one of its chain, has been revoked.
    UnknownRevocationStatus,
    /// The CRL that tells whether the certificate has been revoked has expired.
    ExpiredRevocationList,
    /// None of the pinned keys is in the certificate's chain.
    PinMismatch,
    /// Anything else.
    Other,
}

impl TlsErrorKind {
    pub(super) fn of(error: &rustls::Error) -> Self {
        use CertificateError as Bad;
        let rustls::Error::InvalidCertificate(bad) = error else { return Self::Other };
        match bad {
            Bad::UnknownIssuer => Self::UnknownIssuer,
            Bad::Expired | Bad::ExpiredContext { .. } => Self::Expired,
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => Self::NotYetValid,
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Self::WrongHost,
            Bad::Revoked => Self::Revoked,
            Bad::UnknownRevocationStatus => Self::UnknownRevocationStatus,
            Bad::ExpiredRevocationList | Bad::ExpiredRevocationListContext { .. } => {
                Self::ExpiredRevocationList
            }
            Bad::Other(_) if PinMismatch::find_in(error).is_some() => Self::PinMismatch,
            // rustls has no variants for these. Their type is that of another crate, so their text decides.
            Bad::Other(other) => match &*other.to_string() {
                CA_USED_AS_END_ENTITY | UNSUPPORTED_CERT_VERSION => Self::NotForServers,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// The text of an error that rustls hands on from its verifier.
const CA_USED_AS_END_ENTITY: &str = "CaUsedAsEndEntity";
/// As above.
pub(super) const UNSUPPORTED_CERT_VERSION: &str = "UnsupportedCertVersion";
