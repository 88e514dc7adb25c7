//! [`details`]: the parameters that a handshake negotiated.

use std::time::Duration;

use httpx_core::{TlsDetails, TlsVersion};
use rustls::{CipherSuite, ClientConnection, HandshakeKind, ProtocolVersion};

/// Returns the parameters of a connection whose handshake has ended.
pub(super) fn details(tls: &ClientConnection, handshake_time: Duration) -> TlsDetails {
    let mut details = TlsDetails::default();
    details.version = match tls.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => TlsVersion::Tls12,
        _ => TlsVersion::Tls13,
    };
    details.cipher_suite = tls.negotiated_cipher_suite().map_or("", |suite| registered_name(suite.suite()));
    details.alpn = tls.alpn_protocol().map(Into::into);
    details.is_resumed = tls.handshake_kind() == Some(HandshakeKind::Resumed);
    let certificates = tls.peer_certificates().unwrap_or_default();
    details.peer_certificates = certificates.iter().map(|certificate| certificate.as_ref().into()).collect();
    details.handshake_time = handshake_time;
    details
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
