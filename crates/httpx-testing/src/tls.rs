//! Certificates, made for one test each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoClientAuth, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate authority.
#[derive(Debug)]
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// A new authority with a unique name.
    #[allow(clippy::new_without_default)] // each one is another
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, unique("Authority"));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A server of this host, with a certificate that is good until the year 4096.
    pub fn server(&self, host: &str) -> Arc<ServerConfig> {
        self.server_until(host, 4096)
    }

    /// The same, with a certificate that ends with the last day before this year.
    pub fn server_until(&self, host: &str, year: i32) -> Arc<ServerConfig> {
        self.server_of(host, year, Arc::new(NoClientAuth))
    }

    /// A server of this host that requires a client certificate.
    pub fn server_for_known(&self, host: &str) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let known = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        self.server_of(host, 4096, known)
    }

    fn server_of(&self, host: &str, year: i32, clients: Arc<dyn ClientCertVerifier>) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(1975, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        let certificate: CertificateDer<'static> = params.signed_by(&key, &self.0).unwrap().into();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Arc::new(config)
    }

    /// A certificate for a client of this name and its private key, in PEM.
    pub fn client(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }

    /// Its own certificate in PEM: the root that a client must trust.
    pub fn pem(&self) -> String {
        self.0.pem()
    }
}

/// A server with a certificate that is signed by its own key only.
#[derive(Debug)]
pub struct SelfSigned {
    /// The server's configuration. Its ALPN is `http/1.1`.
    pub server: Arc<ServerConfig>,
    /// The certificate in PEM.
    pub pem: String,
}

impl SelfSigned {
    /// A server of this host that speaks all versions of TLS that rustls has.
    pub fn any_version(host: &str) -> Self {
        Self::new(host, rustls::ALL_VERSIONS)
    }

    /// A server of this host that speaks these versions of TLS.
    pub fn new(host: &str, versions: &[&'static SupportedProtocolVersion]) -> Self {
        Self::with(host, versions, IsCa::NoCa)
    }

    /// A server of this host with a certificate that is marked as an authority's, as `openssl req -x509` makes them.
    pub fn authority(host: &str) -> Self {
        Self::with(host, rustls::ALL_VERSIONS, IsCa::Ca(BasicConstraints::Unconstrained))
    }

    fn with(host: &str, versions: &[&'static SupportedProtocolVersion], is_ca: IsCa) -> Self {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.is_ca = is_ca;
        params.distinguished_name.push(DnType::CommonName, unique("Server"));
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let pem = certificate.pem();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], key)
            .unwrap();
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        SelfSigned { server: Arc::new(server), pem }
    }
}

/// A name that no other certificate of this process has. With the same name, a client would take a different key for
/// a forged signature.
fn unique(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{what} {}", NEXT.fetch_add(1, Ordering::Relaxed))
}
