use std::sync::Arc;

use httpx::rustls::ServerConfig;
use httpx::rustls::crypto::ring;
use httpx::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// What a server of https shows, and what a client must trust for it.
pub struct Certificate {
    pub server: Arc<ServerConfig>,
    /// In PEM.
    pub root: String,
}

/// A certificate authority, made for one run.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Authority of the examples");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Authority(CertifiedIssuer::self_signed(params, key()).expect("an authority"))
    }

    /// A certificate for this machine, signed by the authority.
    pub fn certificate(&self) -> Certificate {
        let key = key();
        let signed = local().signed_by(&key, &self.0).expect("a signed certificate");
        Certificate { server: config(signed.der().clone(), &key), root: self.0.pem() }
    }
}

/// A certificate for this machine that is signed by nobody else.
pub fn self_signed() -> Certificate {
    let key = key();
    let signed = local().self_signed(&key).expect("a self-signed certificate");
    Certificate { server: config(signed.der().clone(), &key), root: signed.pem() }
}

fn local() -> CertificateParams {
    CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("two names")
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a private key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the usual versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key);
    Arc::new(config.expect("a certificate and its key"))
}
