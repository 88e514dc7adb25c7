//! The versions of TLS that can be required or ruled out.

use httpx_core::TlsVersion;
use rustls::{SupportedProtocolVersion, version};

/// Returns the versions from `min` to `max`: none if `min` is the newer one.
pub(super) fn versions(min: TlsVersion, max: TlsVersion) -> &'static [&'static SupportedProtocolVersion] {
    static BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS13, &version::TLS12];
    let (newer, older) = BOTH.split_at(1);
    let (has_newer, has_older) = (max >= TlsVersion::Tls13, min <= TlsVersion::Tls12);
    match (has_newer, has_older) {
        (true, true) => &BOTH,
        (false, true) => older,
        (true, false) => newer,
        (false, false) => &[],
    }
}
