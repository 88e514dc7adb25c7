//! [`TlsVersion`]: the versions of TLS that can be required or ruled out.

use rustls::{SupportedProtocolVersion, version};

/// A version of TLS.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246), the oldest version that is not deprecated (RFC 8996).
    #[default]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// Returns the versions from `min` to `max`: none if `min` is the newer one.
pub(super) fn versions(min: TlsVersion, max: TlsVersion) -> &'static [&'static SupportedProtocolVersion] {
    static BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS13, &version::TLS12];
    let (newer, older) = BOTH.split_at(1);
    match (min, max) {
        (TlsVersion::Tls12, TlsVersion::Tls13) => &BOTH,
        (TlsVersion::Tls12, TlsVersion::Tls12) => older,
        (TlsVersion::Tls13, TlsVersion::Tls13) => newer,
        (TlsVersion::Tls13, TlsVersion::Tls12) => &[],
    }
}
