//! Certificates and servers, made for one test each.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::server::{NoClientAuth, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion, version};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::config::TlsConfig;
use super::config_builder::TlsConfigBuilder;

pub(crate) const BOTH_VERSIONS: [&SupportedProtocolVersion; 2] = [&version::TLS13, &version::TLS12];

/// A certificate authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub(crate) struct Leaf {
    pub(crate) chain: String,
    pub(crate) key: String,
}

/// The first day of a certificate and the day after its last, by the years that they begin.
#[derive(Clone, Copy)]
pub(crate) struct Years {
    pub(crate) from: i32,
    pub(crate) to: i32,
}

impl Authority {
    pub(crate) fn new() -> Self {
        // With the same name, a client would take a different key for a forged signature.
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("Authority {}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    pub(crate) fn leaf(&self, host: &str) -> Leaf {
        self.leaf_valid(host, Years { from: 1975, to: 4096 })
    }

    pub(crate) fn leaf_valid(&self, host: &str, years: Years) -> Leaf {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(years.from, 1, 1);
        params.not_after = date_time_ymd(years.to, 1, 1);
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Leaf { chain: certificate.pem(), key: key.serialize_pem() }
    }

    /// Returns a builder for a client that trusts only this authority.
    pub(crate) fn client(&self) -> TlsConfigBuilder {
        TlsConfig::builder().only_given_roots().root(self.pem())
    }

    /// Returns a server that asks its clients for a certificate.
    pub(crate) fn strict_server(&self, leaf: &Leaf) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.der())).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        leaf.server_with(&BOTH_VERSIONS, verifier)
    }
}

/// Makes a certificate as `openssl req -x509` does: a self-signed certificate that is marked as an authority's.
pub(crate) fn self_signed_authority(alternative: &[&str], common: &str, years: Years) -> Leaf {
    let key = KeyPair::generate().unwrap();
    let names: Vec<_> = alternative.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = date_time_ymd(years.from, 1, 1);
    params.not_after = date_time_ymd(years.to, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    Leaf { chain: certificate.pem(), key: key.serialize_pem() }
}

impl Leaf {
    pub(crate) fn server(&self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        self.server_with(versions, Arc::new(NoClientAuth))
    }

    fn server_with(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        verifier: Arc<dyn rustls::server::danger::ClientCertVerifier>,
    ) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let chain = vec![CertificateDer::from_pem_slice(self.chain.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap();
        // `with_single_cert` refuses certificates of version 1 and keys that do not belong to the certificate.
        let key = provider.key_provider.load_private_key(key).unwrap();
        let certified = SingleCertAndKey::from(CertifiedKey::new(chain, key));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(Arc::new(certified));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Arc::new(config)
    }
}

/// A server without I/O.
#[derive(Debug)]
pub(crate) struct Server(pub(crate) ServerConnection);

impl Server {
    pub(crate) fn new(config: &Arc<ServerConfig>) -> Self {
        Self(ServerConnection::new(Arc::clone(config)).unwrap())
    }

    /// Takes encrypted bytes and returns their plaintext.
    pub(crate) fn receive(&mut self, mut bytes: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let mut plain = Vec::new();
        while !bytes.is_empty() {
            self.0.read_tls(&mut bytes).unwrap();
            self.0.process_new_packets()?;
            let mut block = [0; 4096];
            while let Ok(n @ 1..) = self.0.reader().read(&mut block) {
                plain.extend_from_slice(&block[..n]);
            }
        }
        Ok(plain)
    }

    /// Returns all encrypted bytes that are to be sent.
    pub(crate) fn outgoing(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        while self.0.wants_write() {
            self.0.write_tls(&mut out).unwrap();
        }
        out
    }

    /// Encrypts this plaintext. Returns it behind everything else that is to be sent.
    pub(crate) fn say(&mut self, plain: &[u8]) -> Vec<u8> {
        self.0.set_buffer_limit(None);
        self.0.writer().write_all(plain).unwrap();
        self.outgoing()
    }

    /// Returns the encrypted close_notify.
    pub(crate) fn goodbye(&mut self) -> Vec<u8> {
        self.0.send_close_notify();
        self.outgoing()
    }
}
