//! What goes wrong in TLS, and what to do about it.

use std::fmt;
use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage};
use rustls_pki_types::UnixTime;
use thiserror::Error;

use super::config_error::TlsConfigError;

/// Why there is no TLS connection, although there was one to speak it over.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// TLS itself failed: mostly the server's certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The host is neither an address nor a name that a certificate could be made out to.
    #[error("{host:?} is no name that a certificate could be made out to: is the URL's host right?")]
    Name {
        /// The host.
        host: Box<str>,
    },
    /// The configuration cannot be used.
    #[error("the TLS configuration cannot be used")]
    Config(#[from] TlsConfigError),
    /// The server ended the connection before the handshake was done.
    #[error("{host} closed the connection during the TLS handshake: does it speak TLS on this port?")]
    Cut {
        /// The host.
        host: Box<str>,
    },
    /// The deadline passed.
    #[error("no time left during the TLS handshake with {host}")]
    TimedOut {
        /// The host.
        host: Box<str>,
    },
    /// The connection failed.
    #[error("the connection failed during the TLS handshake with {host}: does it speak TLS on this port?")]
    Io {
        /// The host.
        host: Box<str>,
        /// What the stream said.
        source: io::Error,
    },
}

/// TLS has failed: on our side, or on the peer's, as it told us.
///
/// The text says what to do about it; the source is what rustls says.
#[derive(Clone, Debug, Error)]
#[error("{}", ErrorText { host, source })]
pub struct TlsError {
    host: Box<str>,
    source: rustls::Error,
}

impl TlsError {
    #[cfg(any(feature = "blocking", feature = "async", test))]
    pub(crate) fn new(host: &str, source: rustls::Error) -> Self {
        Self { host: host.into(), source }
    }

    pub(crate) fn into_source(self) -> rustls::Error {
        self.source
    }

    /// The host that was spoken to.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> TlsErrorKind {
        TlsErrorKind::of(&self.source)
    }
}

impl From<TlsError> for io::Error {
    fn from(error: TlsError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// The kinds of failure that a program may want to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsErrorKind {
    /// The certificate is signed by nobody who is trusted here.
    UnknownIssuer,
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is made out to another host.
    WrongHost,
    /// The certificate has been revoked.
    Revoked,
    /// Anything else.
    Other,
}

impl TlsErrorKind {
    /// What kind of TLS failure caused this error, if one did.
    ///
    /// ```
    /// # fn f(error: &httpx_core::Error) {
    /// if httpx_pool::TlsErrorKind::find_in(error) == Some(httpx_pool::TlsErrorKind::Expired) {
    ///     eprintln!("renew the certificate of {:?}", error.url());
    /// }
    /// # }
    /// ```
    pub fn find_in(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let causes = std::iter::successors(Some(error), |error| error.source());
        causes.filter_map(|error| error.downcast_ref::<rustls::Error>()).map(Self::of).next()
    }

    fn of(error: &rustls::Error) -> Self {
        use CertificateError as Bad;
        let rustls::Error::InvalidCertificate(bad) = error else { return Self::Other };
        match bad {
            Bad::UnknownIssuer => Self::UnknownIssuer,
            Bad::Expired | Bad::ExpiredContext { .. } => Self::Expired,
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => Self::NotYetValid,
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Self::WrongHost,
            Bad::Revoked => Self::Revoked,
            _ => Self::Other,
        }
    }
}

/// The text of a [`TlsError`].
struct ErrorText<'a> {
    host: &'a str,
    source: &'a rustls::Error,
}

impl fmt::Display for ErrorText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, source } = *self;
        match TlsErrorKind::of(source) {
            TlsErrorKind::UnknownIssuer => write!(
                f,
                "the certificate of {host} is signed by nobody who is trusted here: if it should be, \
                 add its root with TlsConfig::builder().root(…)"
            ),
            TlsErrorKind::Expired => {
                write!(f, "the certificate of {host} expired{}: its owner must renew it", ago(source))
            }
            TlsErrorKind::NotYetValid => write!(
                f,
                "the certificate of {host} is not valid yet{}: is the clock of this machine right?",
                ahead(source)
            ),
            TlsErrorKind::WrongHost => {
                write!(
                    f,
                    "the certificate of {host} is for {}, not {host}: is the URL's host right?",
                    Presented(source)
                )
            }
            TlsErrorKind::Revoked => {
                write!(
                    f,
                    "the certificate of {host} has been revoked by its issuer: its owner must get another one"
                )
            }
            TlsErrorKind::Other => write!(f, "TLS with {host} failed{}", hint(source)),
        }
    }
}

/// What is mostly behind the failures that have no kind of their own.
fn hint(error: &rustls::Error) -> &'static str {
    use AlertDescription as Alert;
    match error {
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            ": what it sent is not TLS; is this an http port?"
        }
        rustls::Error::AlertReceived(Alert::ProtocolVersion | Alert::HandshakeFailure) => {
            ": it accepts no version or no cipher of TLS that is spoken here"
        }
        rustls::Error::AlertReceived(Alert::CertificateRequired) => {
            ": it wants a client certificate; give one with TlsConfig::builder().client_certificate(…)"
        }
        rustls::Error::AlertReceived(
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied,
        ) => ": it does not accept our client certificate, or the want of one",
        rustls::Error::AlertReceived(Alert::UnrecognisedName) => ": it knows no host of this name",
        rustls::Error::AlertReceived(Alert::NoApplicationProtocol) => {
            ": it speaks none of the protocols that were offered (ALPN)"
        }
        _ => "",
    }
}

fn ago(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { time, not_after }) => {
            format!(" {} ago", Days::between(*not_after, *time))
        }
        _ => String::new(),
    }
}

fn ahead(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::NotValidYetContext { time, not_before }) => {
            format!(" for another {}", Days::between(*time, *not_before))
        }
        _ => String::new(),
    }
}

/// A span in whole days, rounded up: who reads it wants to know about the clock, or about the calendar.
struct Days(u64);

impl Days {
    fn between(earlier: UnixTime, later: UnixTime) -> Self {
        Self(later.as_secs().saturating_sub(earlier.as_secs()).div_ceil(24 * 3600).max(1))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("day"),
            days => write!(f, "{days} days"),
        }
    }
}

/// The names in the certificate, as far as they help. They are the server's words, so they are escaped.
struct Presented<'a>(&'a rustls::Error);

impl fmt::Display for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Shared hosts have certificates with hundreds of names.
        const SHOWN: usize = 4;
        let rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. }) =
            self.0
        else {
            return f.write_str("another host");
        };
        if presented.is_empty() {
            return f.write_str("no host at all");
        }
        for (n, name) in presented.iter().take(SHOWN).enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            write!(f, "{comma}{}", bare(name).escape_debug())?;
        }
        match presented.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// rustls gives names as `DnsName("a.example")` and `IpAddress(127.0.0.1)`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::time::Duration;

    use rustls_pki_types::ServerName;

    use super::*;

    fn day(n: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(n * 24 * 3600))
    }

    #[test]
    fn kinds_and_texts() {
        use CertificateError as Bad;
        let name = || ServerName::try_from("a.example").unwrap();
        let for_name = |presented: &[&str]| Bad::NotValidForNameContext {
            expected: name(),
            presented: presented.iter().map(ToString::to_string).collect(),
        };
        let rows = [
            (Bad::UnknownIssuer, TlsErrorKind::UnknownIssuer, "signed by nobody who is trusted here: if it"),
            (Bad::Expired, TlsErrorKind::Expired, "expired: its owner must renew it"),
            (
                Bad::ExpiredContext { time: day(12), not_after: day(9) },
                TlsErrorKind::Expired,
                "expired 3 days ago: its owner must renew it",
            ),
            (
                Bad::NotValidYetContext { time: day(1), not_before: day(3) },
                TlsErrorKind::NotYetValid,
                "is not valid yet for another 2 days: is the clock",
            ),
            (Bad::NotValidForName, TlsErrorKind::WrongHost, "is for another host, not a.example"),
            (for_name(&[]), TlsErrorKind::WrongHost, "is for no host at all, not a.example"),
            (
                for_name(&["DnsName(\"b.example\")", "IpAddress(127.0.0.1)"]),
                TlsErrorKind::WrongHost,
                "is for b.example, 127.0.0.1, not a.example: is the URL's host right?",
            ),
            (for_name(&["1", "2", "3", "4", "5", "6"]), TlsErrorKind::WrongHost, "1, 2, 3, 4 and 2 more"),
            (for_name(&["DnsName(\"\u{1b}[2J\")"]), TlsErrorKind::WrongHost, "is for \\u{1b}[2J, not"),
            (Bad::Revoked, TlsErrorKind::Revoked, "has been revoked by its issuer: its owner"),
            (Bad::BadSignature, TlsErrorKind::Other, "TLS with a.example failed"),
        ];
        for (bad, failure, text) in rows {
            let error = TlsError::new("a.example", rustls::Error::InvalidCertificate(bad));
            assert_eq!(error.kind(), failure, "{error}");
            assert!(error.to_string().contains(text), "{error} should say {text:?}");
            assert!(error.source().is_some());
        }
    }
}
