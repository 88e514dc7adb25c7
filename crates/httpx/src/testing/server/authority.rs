//! [`ServerIdentity`]: a certificate that is made when a server starts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use httpx_core::{Error, ErrorKind, Result};
use httpx_pool::TlsConfig;
use httpx_pool::rustls::ServerConfig;
use httpx_pool::rustls::crypto::ring;
use httpx_pool::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// The names that a certificate is valid for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The certificate of a server with its key, and the configuration of clients that trust it.
#[derive(Clone)]
pub(super) struct ServerIdentity {
    server: Arc<ServerConfig>,
    client: TlsConfig,
    root_pem: Arc<str>,
}

impl ServerIdentity {
    /// A certificate of a new authority.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers.
    pub(super) fn new() -> Result<Self> {
        let (root_pem, certificate, key) = certificate().map_err(failed)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
            .map_err(failed)?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        let client =
            TlsConfig::builder().only_given_roots().root(root_pem.clone()).build().map_err(failed)?;
        Ok(ServerIdentity { server: Arc::new(server), client, root_pem: root_pem.into() })
    }

    pub(super) fn server(&self) -> &Arc<ServerConfig> {
        &self.server
    }

    pub(super) fn client(&self) -> &TlsConfig {
        &self.client
    }

    pub(super) fn root_pem(&self) -> &str {
        &self.root_pem
    }
}

/// Makes an authority, and a certificate that it signs.
fn certificate() -> Result<(String, CertificateDer<'static>, KeyPair), rcgen::Error> {
    // With the same name, a client would take a different key for a forged signature.
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let mut authority = CertificateParams::default();
    let name = format!("httpx test authority {}", NEXT.fetch_add(1, Ordering::Relaxed));
    authority.distinguished_name.push(DnType::CommonName, name);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let params = CertificateParams::new(NAMES.map(str::to_owned))?;
    let certificate = params.signed_by(&key, &issuer)?;
    Ok((issuer.pem(), certificate.into(), key))
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Config, "a test server could not make its certificate").with_source(error)
}
