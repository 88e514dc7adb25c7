//! [`ClientCertificate`]: a certificate of the client, with its key. [`ClientCertificates`]: those for each host.

use std::fmt;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

use super::config_error::TlsConfigError;
use super::host_pattern::HostPattern;
use super::roots;

/// A certificate that a client shows to servers (mutual TLS), and its private key. A clone is cheap and *the same*
/// certificate: sessions that were begun with it are resumed.
///
/// ```no_run
/// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
/// use httpx::tls::{ClientCertificate, TlsConfig};
///
/// let billing = ClientCertificate::from_pem(&std::fs::read("billing.pem")?, &std::fs::read("billing.key")?)?;
/// let tls = TlsConfig::builder()
///     .client_certificate_resolver(move |host| host.starts_with("billing.").then(|| billing.clone()))
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ClientCertificate {
    /// rustls resumes a session only with the same resolver, so it is made once.
    resolver: Arc<dyn ResolvesClientCert>,
}

impl ClientCertificate {
    /// Reads the chain, beginning with the client's own certificate, and the private key (PKCS #8, PKCS #1 or SEC 1),
    /// both in PEM. The signatures are made by ring; for a key in hardware, convert from a
    /// [`CertifiedKey`](crate::rustls::sign::CertifiedKey).
    ///
    /// # Errors
    ///
    /// [`TlsConfigError`] if one of them cannot be read, or if they do not belong together.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::ClientCertificate;
    ///
    /// let certificate = ClientCertificate::from_pem(&std::fs::read("client.pem")?, &std::fs::read("client.key")?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, TlsConfigError> {
        Self::parse(chain, key, "the client certificate", &rustls::crypto::ring::default_provider())
    }

    /// `name` is for the error.
    pub(super) fn parse(
        chain: &[u8],
        key: &[u8],
        name: &str,
        provider: &CryptoProvider,
    ) -> Result<Self, TlsConfigError> {
        let chain = roots::certificates(chain, name)?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|_| TlsConfigError::NoKey { certificate: name.into() })?;
        let certified = CertifiedKey::from_der(chain, key, provider)
            .map_err(|source| TlsConfigError::ClientCertificate { certificate: name.into(), source })?;
        Ok(Self::from(certified))
    }

    /// Makes a configuration show this certificate.
    pub(super) fn set_for(&self, config: &mut ClientConfig) {
        config.client_auth_cert_resolver = Arc::clone(&self.resolver);
    }
}

/// Takes a certificate and a key of rustls, for example with a [`SigningKey`](crate::rustls::sign::SigningKey) that
/// signs in hardware. The type is outside of this crate's semantic versioning, as
/// [`TlsConfig`](super::TlsConfig#types-of-rustls) explains.
impl From<CertifiedKey> for ClientCertificate {
    fn from(certified: CertifiedKey) -> Self {
        ClientCertificate { resolver: Arc::new(SingleCertAndKey::from(certified)) }
    }
}

/// Shows nothing of the key.
impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").finish_non_exhaustive()
    }
}

/// Chooses a certificate by the host of a connection.
pub(super) type CertificateResolver = Arc<dyn Fn(&str) -> Option<ClientCertificate> + Send + Sync>;

/// The certificates for some hosts only.
///
/// A resolver of rustls does not learn the host, so each host has a configuration that differs from the common one only
/// in its certificate. Those of patterns are made once. They share the session cache: rustls does not resume a session
/// with another certificate.
#[derive(Default)]
pub(super) struct ClientCertificates {
    pub(super) by_host: Vec<(HostPattern, Arc<ClientConfig>)>,
    pub(super) resolver: Option<CertificateResolver>,
}

impl ClientCertificates {
    /// Returns the configuration for this host, if it differs from the common one.
    pub(super) fn config_for(&self, host: &str, common: &ClientConfig) -> Option<Arc<ClientConfig>> {
        if let Some(certificate) = self.resolver.as_ref().and_then(|resolve| resolve(host)) {
            let mut config = common.clone();
            certificate.set_for(&mut config);
            return Some(Arc::new(config));
        }
        let (_, config) = self.by_host.iter().find(|(pattern, _)| pattern.matches(host))?;
        Some(Arc::clone(config))
    }
}
