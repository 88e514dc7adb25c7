//! A server with a certificate made for the test, and the client's configuration that trusts it.

use std::sync::Arc;

use httpx_pool::TlsConfig;
use httpx_testing::tls::SelfSigned;
use rustls::{ServerConfig, SupportedProtocolVersion};

use super::{Script, Server};

/// The host of the certificates.
pub const HOST: &str = "127.0.0.1";

/// A server with a self-signed certificate, and the client's settings that trust it.
pub struct Authority {
    pub server: Arc<ServerConfig>,
    pub client: TlsConfig,
    /// The root to trust.
    pub pem: String,
}

impl Authority {
    pub fn new(versions: &[&'static SupportedProtocolVersion]) -> Self {
        Self::of(SelfSigned::new(HOST, versions))
    }

    /// A server with a certificate that is marked as an authority's, as `openssl req -x509` makes them.
    pub fn marked() -> Self {
        Self::of(SelfSigned::authority(HOST))
    }

    fn of(SelfSigned { server, pem, .. }: SelfSigned) -> Self {
        let client = TlsConfig::builder().only_given_roots().root(&*pem).build().unwrap();
        Authority { server, client, pem }
    }

    /// A server that sends this many session tickets after the handshake, each in about one record.
    pub fn with_tickets(tickets: usize) -> Self {
        Self::of(SelfSigned::with_tickets(HOST, tickets))
    }

    /// As [`Server::new`], over TLS.
    pub fn serve(&self, scripts: impl IntoIterator<Item = Script, IntoIter: Send + 'static>) -> Server {
        Server::tls(Arc::clone(&self.server), scripts)
    }
}
