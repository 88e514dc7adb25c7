//! Certificates, made anew for each test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use httpx::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use httpx::rustls::server::danger::ClientCertVerifier;
use httpx::rustls::server::{NoClientAuth, WebPkiClientVerifier};
use httpx::rustls::{RootCertStore, ServerConfig, crypto::ring};
use httpx::{TlsConfig, TlsConfigBuilder};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};

/// A certificate authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        // Two of the same name would be taken for one that has forged the other's signatures.
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("Authority {}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
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

    /// A server of this host that wants a certificate of its client, too.
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

    /// A client that trusts this authority alone.
    pub fn trusted(&self) -> TlsConfig {
        self.client().build().unwrap()
    }

    pub fn client(&self) -> TlsConfigBuilder {
        TlsConfig::builder().only_given_roots().root(self.0.pem())
    }
}
