//! [`ConnectionDetails`]: the addresses, times and TLS of a connection. [`TlsDetails`]: the parameters of TLS.

use std::net::SocketAddr;
use std::time::Duration;

/// The details from opening a connection: addresses, times, TLS.
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_core::*; } }
/// use httpx::network::ConnectionDetails;
///
/// let details = ConnectionDetails::default();
/// assert!(details.remote_addr.is_none() && details.tls.is_none());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionDetails {
    /// The number of the connection, unique in this process; 0 if no pool opened the connection.
    pub id: u64,
    /// The address of this side, if the stream has one.
    pub local_addr: Option<SocketAddr>,
    /// The address of the server, or of the proxy in front of it, if the stream has one.
    pub remote_addr: Option<SocketAddr>,
    /// How long the lookup of the name took; `None` if there was none.
    pub lookup_time: Option<Duration>,
    /// How long the connection took, without the lookup and without TLS with the server. It includes TLS with an
    /// `https` proxy, and opening a tunnel.
    pub connect_time: Duration,
    /// The parameters that the TLS handshake negotiated; `None` for `http`.
    pub tls: Option<TlsDetails>,
}

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

/// The parameters that a TLS handshake negotiated.
///
/// ```
/// # mod httpx { pub mod tls { pub use httpx_core::*; } }
/// use httpx::tls::{TlsDetails, TlsVersion};
///
/// let mut details = TlsDetails::default();
/// details.version = TlsVersion::Tls13;
/// assert!(!details.is_resumed);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// The certificates of the server in DER (X.690), the end-entity certificate first. After a resumption, those of
    /// the first session.
    pub peer_certificates: Vec<Box<[u8]>>,
    /// How long the handshake took.
    pub handshake_time: Duration,
}
