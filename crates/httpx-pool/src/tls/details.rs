//! [`TlsDetails`]: what a handshake agreed on.

use std::time::Duration;

use super::config::TlsVersion;

/// What a TLS handshake agreed on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TlsDetails {
    /// The version of TLS.
    pub version: TlsVersion,
    /// The cipher suite, by its name in the registry of IANA, as `TLS13_AES_256_GCM_SHA384`.
    pub cipher_suite: &'static str,
    /// The protocol that the server chose by ALPN (RFC 7301), as `http/1.1`.
    pub alpn: Option<Box<[u8]>>,
    /// Whether an earlier session was resumed.
    pub is_resumed: bool,
    /// How long the handshake took.
    pub handshake_time: Duration,
}
