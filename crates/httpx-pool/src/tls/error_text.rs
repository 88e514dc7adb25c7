//! The messages of TLS failures: what went wrong, and what to do about it.

use std::fmt;

use rustls::{AlertDescription, CertificateError, InvalidMessage};
use rustls_pki_types::UnixTime;

use super::error_kind::{TlsErrorKind, UNSUPPORTED_CERT_VERSION};
use super::pinned_keys::PinMismatch;

/// The text of an error of our own.
pub(super) const TOO_MANY_SILENT_RECORDS: &str = "too many TLS records in a row without data";

/// The message of a [`TlsError`](super::TlsError).
pub(super) struct ErrorText<'a> {
    pub(super) host: &'a str,
    pub(super) source: &'a rustls::Error,
    /// How many of the certificate's names are not in `source`.
    pub(super) omitted_names: usize,
}

impl fmt::Display for ErrorText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, source, .. } = *self;
        let kind = TlsErrorKind::of(source);
        if kind != TlsErrorKind::Other {
            write!(f, "the certificate of {host} ")?;
        }
        match kind {
            TlsErrorKind::UnknownIssuer => f.write_str(
                "is signed by an authority that is not trusted: if you trust it, \
                 add its root with TlsConfig::builder().root(…)",
            ),
            TlsErrorKind::NotForServers => write!(
                f,
                "is {}, which is trusted only if it is itself given as a root: \
                 if you trust it, add it with TlsConfig::builder().root(…)",
                unsuitable(source)
            ),
            TlsErrorKind::Expired => write!(f, "expired{}: its owner must renew it", ago(source)),
            TlsErrorKind::NotYetValid => {
                write!(f, "is not valid yet{}: is the clock of this machine right?", time_until_valid(source))
            }
            TlsErrorKind::WrongHost => {
                let names = Names { source, omitted: self.omitted_names };
                write!(f, "is for {names}, not {host}: is the URL's host right?")
            }
            TlsErrorKind::Revoked => {
                f.write_str("has been revoked by its issuer: its owner must get another one")
            }
            TlsErrorKind::UnknownRevocationStatus => f.write_str(
                "may have been revoked, which no given CRL tells: give the CRLs of all authorities in its chain with \
                 TlsConfig::builder().crl(…), or allow it with allow_unknown_revocation_status()",
            ),
            TlsErrorKind::ExpiredRevocationList => write!(
                f,
                "may have been revoked: the CRL of its issuer expired{}; give a newer one with \
                 TlsConfig::builder().crl(…), or allow it with allow_expired_crls()",
                ago(source)
            ),
            TlsErrorKind::PinMismatch => write_pin_mismatch(f, source),
            TlsErrorKind::Other => write!(f, "TLS with {host} failed{}", hint(source)),
        }
    }
}

fn write_pin_mismatch(f: &mut fmt::Formatter<'_>, error: &rustls::Error) -> fmt::Result {
    let Some(mismatch) = PinMismatch::find_in(error) else { return Ok(()) };
    let (key, pins) = (mismatch.key, mismatch.expected());
    write!(
        f,
        "has the key {key}, but {pins} is pinned: somebody may be intercepting the connection; \
         if the key was changed on purpose, pin the new one with TlsConfig::builder().pin_spki_sha256(…)"
    )
}

fn unsuitable(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other))
            if other.to_string() == UNSUPPORTED_CERT_VERSION =>
        {
            "of X.509 version 1"
        }
        _ => "a certificate of an authority (perhaps a self-signed one)",
    }
}

/// Names the usual cause of failures of the kind `Other`.
fn hint(error: &rustls::Error) -> &'static str {
    use AlertDescription as Alert;
    match error {
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            ": what it sent is not TLS; is this an http port?"
        }
        rustls::Error::AlertReceived(Alert::ProtocolVersion | Alert::HandshakeFailure) => {
            ": it accepts none of the versions or ciphers that this client offers"
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
        ) => ": it does not accept the client certificate, or it wants one",
        rustls::Error::AlertReceived(Alert::UnrecognisedName) => ": it does not know a host of this name",
        rustls::Error::AlertReceived(Alert::NoApplicationProtocol) => {
            ": it speaks none of the protocols that were offered (ALPN)"
        }
        rustls::Error::InvalidCertRevocationList(_) => {
            ": the CRL of an issuer in its chain, given with crl(…), is not signed by this issuer"
        }
        rustls::Error::General(text) if text == TOO_MANY_SILENT_RECORDS => {
            ": it keeps sending records without data; the connection was given up"
        }
        _ => "",
    }
}

fn ago(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(
            CertificateError::ExpiredContext { time, not_after: end }
            | CertificateError::ExpiredRevocationListContext { time, next_update: end },
        ) => match Days::between(*end, *time) {
            Days(1) => " a day ago".to_owned(),
            days => format!(" {days} ago"),
        },
        _ => String::new(),
    }
}

fn time_until_valid(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::NotValidYetContext { time, not_before }) => {
            format!(" for another {}", Days::between(*time, *not_before))
        }
        _ => String::new(),
    }
}

/// A number of whole days, rounded up.
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

/// Some names of the certificate. The server chooses them, so they are escaped.
struct Names<'a> {
    source: &'a rustls::Error,
    omitted: usize,
}

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Shared hosts have certificates with hundreds of names.
        const SHOWN: usize = 4;
        let rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. }) =
            self.source
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
        match presented.len().saturating_sub(SHOWN) + self.omitted {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// rustls writes names as `DnsName("a.example")` and `IpAddress(127.0.0.1)`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').map_or(name, |(_, rest)| rest.strip_suffix(')').unwrap_or(rest));
    inner.trim_matches('"')
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::time::Duration;

    use rustls_pki_types::ServerName;

    use super::*;
    use crate::tls::TlsError;

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
            (Bad::UnknownIssuer, TlsErrorKind::UnknownIssuer, "by an authority that is not trusted: if"),
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
            (
                Bad::UnknownRevocationStatus,
                TlsErrorKind::UnknownRevocationStatus,
                "the certificate of a.example may have been revoked, which no given CRL tells: give the CRLs",
            ),
            (
                Bad::ExpiredRevocationListContext { time: day(12), next_update: day(11) },
                TlsErrorKind::ExpiredRevocationList,
                "may have been revoked: the CRL of its issuer expired a day ago; give a newer one",
            ),
            (Bad::BadSignature, TlsErrorKind::Other, "TLS with a.example failed"),
        ];
        for (bad, kind, text) in rows {
            let error = TlsError::new("a.example", rustls::Error::InvalidCertificate(bad));
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(text), "{error} should say {text:?}");
            assert_eq!(error.source().is_some(), kind == TlsErrorKind::Other);
        }
    }
}
