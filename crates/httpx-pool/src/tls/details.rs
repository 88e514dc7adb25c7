//! [`TlsDetails`]: the parameters that a handshake negotiated.

use std::time::Duration;

use rustls::{CipherSuite, ClientConnection, HandshakeKind, ProtocolVersion};

use super::version::TlsVersion;

/// The parameters that a TLS handshake negotiated.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TlsDetails {
    /// The version of TLS.
    pub version: TlsVersion,
    /// The cipher suite by its name in the registry of IANA, such as `TLS_AES_128_GCM_SHA256`.
    pub cipher_suite: &'static str,
    /// The protocol that the server chose by ALPN (RFC 7301 §3.2), such as `http/1.1`.
    pub alpn: Option<Box<[u8]>>,
    /// Whether an earlier session was resumed. The server then sent no certificate, and it was not verified again.
    pub is_resumed: bool,
    /// How long the handshake took.
    pub handshake_time: Duration,
}

impl TlsDetails {
    pub(super) fn of(tls: &ClientConnection, handshake_time: Duration) -> Self {
        TlsDetails {
            version: match tls.protocol_version() {
                Some(ProtocolVersion::TLSv1_2) => TlsVersion::Tls12,
                _ => TlsVersion::Tls13,
            },
            cipher_suite: tls.negotiated_cipher_suite().map_or("", |suite| registered_name(suite.suite())),
            alpn: tls.alpn_protocol().map(Into::into),
            is_resumed: tls.handshake_kind() == Some(HandshakeKind::Resumed),
            handshake_time,
        }
    }
}

/// For the cipher suites of TLS 1.3, the names of rustls differ from those of RFC 8446 §B.4.
fn registered_name(suite: CipherSuite) -> &'static str {
    match suite {
        CipherSuite::TLS13_AES_128_GCM_SHA256 => "TLS_AES_128_GCM_SHA256",
        CipherSuite::TLS13_AES_256_GCM_SHA384 => "TLS_AES_256_GCM_SHA384",
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256 => "TLS_CHACHA20_POLY1305_SHA256",
        CipherSuite::TLS13_AES_128_CCM_SHA256 => "TLS_AES_128_CCM_SHA256",
        CipherSuite::TLS13_AES_128_CCM_8_SHA256 => "TLS_AES_128_CCM_8_SHA256",
        other => other.as_str().unwrap_or("unknown"),
    }
}
