//! The errors of a TLS connection.

use std::fmt;
use std::io;

use rustls::CertificateError;
use thiserror::Error;

use super::config_error::TlsConfigError;
use super::error_kind::TlsErrorKind;
use super::error_text::ErrorText;

/// The error of a TLS handshake over an established connection.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// TLS itself failed, mostly because of the server's certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The host is neither an IP address nor a name that a certificate can contain.
    #[error("{host:?} is not a name that a certificate can contain: is the URL's host right?")]
    Name {
        /// The host, cut after 253 characters.
        host: Box<str>,
    },
    /// The configuration cannot be used.
    #[error("the TLS configuration cannot be used")]
    Config(#[from] TlsConfigError),
    /// The server closed the connection before the handshake was complete.
    #[error("{host} closed the connection during the TLS handshake: does it speak TLS on this port?")]
    Cut {
        /// The host.
        host: Box<str>,
    },
    /// The deadline passed.
    #[error("the TLS handshake with {host} did not end in time")]
    TimedOut {
        /// The host.
        host: Box<str>,
    },
    /// The connection failed.
    #[error("the connection failed during the TLS handshake with {host}: does it speak TLS on this port?")]
    Io {
        /// The host.
        host: Box<str>,
        /// The error of the stream.
        source: io::Error,
    },
}

/// The longest name that DNS has (RFC 1035 §2.3.4). A longer host is from a redirect or a mistake, and is truncated
/// before it is shown.
const MAX_HOST: usize = 253;

impl HandshakeError {
    pub(super) fn name(host: &str) -> Self {
        let host = match host.char_indices().nth(MAX_HOST) {
            None => host.into(),
            Some((end, _)) => format!("{}…", host.get(..end).unwrap_or_default()).into(),
        };
        Self::Name { host }
    }

    pub(super) fn cut(host: &str) -> Self {
        Self::Cut { host: host.into() }
    }

    pub(super) fn io(host: &str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::TimedOut => Self::TimedOut { host: host.into() },
            _ => Self::Io { host: host.into(), source },
        }
    }
}

/// A failure of TLS, found by this side or reported by the peer.
///
/// The message tells what to do about it. It is a [source](std::error::Error::source) of the errors of requests.
#[derive(Clone, Debug)]
pub struct TlsError {
    host: Box<str>,
    rustls: rustls::Error,
    /// How many of the certificate's names are not in `rustls`.
    omitted_names: usize,
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, rustls: source, omitted_names } = self;
        ErrorText { host, source, omitted_names: *omitted_names }.fmt(f)
    }
}

/// There is no source if the message already holds everything that the error of rustls tells.
impl std::error::Error for TlsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        (self.kind() == TlsErrorKind::Other).then_some(&self.rustls)
    }
}

impl TlsError {
    pub(crate) fn new(host: &str, mut rustls: rustls::Error) -> Self {
        let omitted_names = truncate(&mut rustls);
        Self { host: host.into(), rustls, omitted_names }
    }

    /// The error of a peer that keeps sending records without data.
    pub(super) fn too_many_silent_records() -> rustls::Error {
        rustls::Error::General(super::error_text::TOO_MANY_SILENT_RECORDS.into())
    }

    /// Returns the host of the connection.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the kind of failure.
    pub fn kind(&self) -> TlsErrorKind {
        TlsErrorKind::of(&self.rustls)
    }

    /// Returns the error of rustls. Its type is outside of this crate's semantic versioning; [`kind`](Self::kind) is not.
    pub fn rustls(&self) -> &rustls::Error {
        &self.rustls
    }
}

/// The most values of a server's certificate that an error keeps, and the most bytes of each: a certificate may hold
/// thousands of names.
const MAX_VALUES: usize = 8;
const MAX_VALUE_LEN: usize = 64;

/// Bounds what an error holds of the server's certificate. Returns how many names have been left out.
fn truncate(error: &mut rustls::Error) -> usize {
    use CertificateError as Bad;
    let rustls::Error::InvalidCertificate(bad) = error else { return 0 };
    match bad {
        Bad::NotValidForNameContext { presented, .. } => {
            let omitted = presented.len().saturating_sub(MAX_VALUES);
            presented.truncate(MAX_VALUES);
            for name in presented {
                if let Some((end, _)) = name.char_indices().nth(MAX_VALUE_LEN) {
                    name.replace_range(end.., "…");
                }
            }
            return omitted;
        }
        Bad::InvalidPurposeContext { presented, .. } => {
            presented.truncate(MAX_VALUES);
            for purpose in presented {
                if let rustls::ExtendedKeyPurpose::Other(values) = purpose {
                    values.truncate(MAX_VALUE_LEN);
                }
            }
        }
        Bad::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. } => {
            signature_algorithm_id.truncate(MAX_VALUE_LEN);
        }
        Bad::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id,
            public_key_algorithm_id,
        } => {
            signature_algorithm_id.truncate(MAX_VALUE_LEN);
            public_key_algorithm_id.truncate(MAX_VALUE_LEN);
        }
        _ => {}
    }
    0
}

impl From<TlsError> for io::Error {
    fn from(error: TlsError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

impl TlsErrorKind {
    /// Finds the TLS failure that caused this error, if there is one.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsErrorKind;
    ///
    /// fn report(error: &(dyn std::error::Error + 'static)) {
    ///     if TlsErrorKind::find_in(error) == Some(TlsErrorKind::Expired) {
    ///         eprintln!("the server's certificate must be renewed");
    ///     }
    /// }
    /// ```
    #[doc(alias = "behind")]
    pub fn find_in(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let causes = std::iter::successors(Some(error), |error| error.source());
        causes.filter_map(|error| error.downcast_ref::<TlsError>()).map(TlsError::kind).next()
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use rustls_pki_types::ServerName;

    use super::*;

    /// The error as `{:?}` shows it, and the messages of all its causes.
    fn shown(error: &(dyn Error + 'static)) -> String {
        let causes = std::iter::successors(Some(error), |&error| error.source());
        causes.fold(format!("{error:?}"), |all, error| format!("{all}: {error}"))
    }

    #[test]
    fn values_of_the_server_are_cut() {
        use CertificateError as Bad;
        let expected = ServerName::try_from("a.example").unwrap();
        let presented = (0..2000).map(|n| format!("DnsName(\"{}.example\")", "x".repeat(n))).collect();
        let rows = [
            Bad::NotValidForNameContext { expected, presented },
            Bad::InvalidPurposeContext {
                required: rustls::ExtendedKeyPurpose::ServerAuth,
                presented: vec![rustls::ExtendedKeyPurpose::Other(vec![1; 5000]); 2000],
            },
            Bad::UnsupportedSignatureAlgorithmContext {
                signature_algorithm_id: vec![1; 5000],
                supported_algorithms: Vec::new(),
            },
            Bad::UnsupportedSignatureAlgorithmForPublicKeyContext {
                signature_algorithm_id: vec![1; 5000],
                public_key_algorithm_id: vec![1; 5000],
            },
        ];
        for bad in rows {
            let error = TlsError::new("a.example", rustls::Error::InvalidCertificate(bad));
            let shown = shown(&error);
            assert!(shown.len() < 8_000, "{} bytes: {shown}", shown.len());
        }
        let shown = shown(&HandshakeError::name(&"ä".repeat(60_000)));
        assert!(shown.len() < 4_000, "{} bytes", shown.len());
    }

    #[test]
    fn omitted_names_are_counted() {
        let expected = ServerName::try_from("a.example").unwrap();
        let presented = (0..2000).map(|n| format!("DnsName(\"{n}.example\")")).collect();
        let bad = CertificateError::NotValidForNameContext { expected, presented };
        let error = TlsError::new("a.example", rustls::Error::InvalidCertificate(bad)).to_string();
        assert!(error.contains("for 0.example, 1.example, 2.example, 3.example and 1996 more"), "{error}");
    }
}
