//! The server over TLS, with a certificate made for the test.

use std::io;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use httpx_pool::TlsConfig;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use rustls_pki_types::PrivateKeyDer;

use super::{Script, Server, Stream};

/// Whom the certificates are made out to.
pub const HOST: &str = "127.0.0.1";

/// What a server of its own certificate is, and what a client needs to trust it.
pub struct Authority {
    pub server: Arc<ServerConfig>,
    pub client: TlsConfig,
    /// The root to trust.
    pub pem: String,
}

impl Authority {
    pub fn new(versions: &[&'static SupportedProtocolVersion]) -> Self {
        // Two of the same name would be taken for one that has forged the other's signature.
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("Server {}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut params = CertificateParams::new([HOST.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let cert = params.self_signed(&key).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        let client = TlsConfig::builder().only_given_roots().root(cert.pem()).build().unwrap();
        Authority { server: Arc::new(server), client, pem: cert.pem() }
    }

    /// As [`Server::new`], over TLS.
    pub fn serve(&self, scripts: impl IntoIterator<Item = Script, IntoIter: Send + 'static>) -> Server {
        let config = Arc::clone(&self.server);
        let wrap = move |socket| -> Box<dyn Stream> {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            Box::new(StreamOwned::new(connection, socket))
        };
        Server::start("https", Arc::new(wrap), scripts)
    }
}

impl Stream for StreamOwned<ServerConnection, TcpStream> {
    fn finish(&mut self) {
        self.conn.send_close_notify();
        let _ = io::Write::flush(self);
    }

    fn socket(&self) -> &TcpStream {
        &self.sock
    }
}
