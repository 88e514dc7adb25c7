//! [`TlsVersion`]: the versions of TLS that can be required.

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

impl TlsVersion {
    pub(super) fn or_newer(self) -> &'static [&'static SupportedProtocolVersion] {
        static BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS13, &version::TLS12];
        static NEWEST: [&SupportedProtocolVersion; 1] = [&version::TLS13];
        match self {
            Self::Tls12 => &BOTH,
            Self::Tls13 => &NEWEST,
        }
    }
}
