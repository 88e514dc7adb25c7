//! [`TlsConfigBuilder`]: the settings of TLS, and their conversion for rustls.

use std::fmt;
use std::sync::Arc;

use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, KeyLogFile, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::config_error::TlsConfigError;
use super::danger::AcceptAnyCertificate;
use super::given::GivenRoots;
use super::roots;
use super::version::TlsVersion;

/// How many sessions are kept for resumption. A host takes up to 8 (a ticket serves one connection), so this is enough
/// for 250 hosts. The default of rustls, 256, is enough for 32.
const SESSIONS: usize = 2048;

/// The name of a given root in errors.
const GIVEN_ROOT: &str = "a root given to the builder";

/// The ALPN names of the HTTP versions that this library does not speak.
const OTHER_HTTP: [&[u8]; 2] = [b"h2", b"h3"];

/// Builds a [`TlsConfig`](super::TlsConfig).
///
/// Certificates and keys are read by [`build`](Self::build), which reports the first error.
#[must_use]
pub struct TlsConfigBuilder {
    default_roots: DefaultRoots,
    roots: Vec<Vec<u8>>,
    client: Option<ClientCertificate>,
    alpn: Vec<Vec<u8>>,
    key_log: KeyLogging,
    min_version: TlsVersion,
    verification: Verification,
    provider: Option<Arc<CryptoProvider>>,
}

enum DefaultRoots {
    Trusted,
    Excluded,
}

enum KeyLogging {
    Off,
    ToEnvironmentsFile,
}

enum Verification {
    Full,
    Dangerous,
}

struct ClientCertificate {
    chain: Vec<u8>,
    key: Vec<u8>,
}

impl Default for TlsConfigBuilder {
    fn default() -> Self {
        Self {
            default_roots: DefaultRoots::Trusted,
            roots: Vec::new(),
            client: None,
            alpn: vec![b"http/1.1".to_vec()],
            key_log: KeyLogging::Off,
            min_version: TlsVersion::default(),
            verification: Verification::Full,
            provider: None,
        }
    }
}

impl TlsConfigBuilder {
    /// Trusts one more root: one certificate in DER, or one or several in PEM. Defaults to Mozilla's roots alone, or those
    /// of `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    ///
    /// A server's own certificate can be given, too, such as a self-signed one that `openssl req -x509` has made. A
    /// server that shows exactly this certificate is trusted. Its name and its dates are checked as usual.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::ConnectionPool;
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().root(std::fs::read("company-ca.pem")?).build()?;
    /// let pool = ConnectionPool::builder().tls(tls).build();
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "add_root_certificate")]
    #[doc(alias = "ca")]
    #[doc(alias = "verify")]
    pub fn root(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.roots.push(certificates.into());
        self
    }

    /// Trusts only the roots given by [`root`](Self::root). Defaults to trusting the default roots as well.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().only_given_roots().root(std::fs::read("company-ca.pem")?).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "tls_built_in_root_certs")]
    pub fn only_given_roots(mut self) -> Self {
        self.default_roots = DefaultRoots::Excluded;
        self
    }

    /// Shows a certificate to servers that ask for one (mutual TLS). Takes the chain, beginning with the client's own
    /// certificate, and its private key (PKCS #8, PKCS #1 or SEC 1), both in PEM. Defaults to none.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let (chain, key) = (std::fs::read("client.pem")?, std::fs::read("client.key")?);
    /// let tls = TlsConfig::builder().client_certificate(chain, key).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "identity")]
    #[doc(alias = "cert")]
    pub fn client_certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.client = Some(ClientCertificate { chain: chain.into(), key: key.into() });
        self
    }

    /// Offers these protocols by ALPN (RFC 7301), in this order. Defaults to `http/1.1`. An empty list turns ALPN off.
    ///
    /// HTTP/2 (`h2`) is an error of [`build`](Self::build), because this client does not speak it.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let without_alpn = TlsConfig::builder().alpn([""; 0]).build()?;
    /// assert!(TlsConfig::builder().alpn(["h2", "http/1.1"]).build().is_err());
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    pub fn alpn<P: Into<Vec<u8>>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
        self.alpn = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Appends the secrets of every connection to the file that the environment variable `SSLKEYLOGFILE` names.
    /// Wireshark decrypts captured traffic with them, and so can everybody else who reads the file. Defaults to off,
    /// even if the variable is set.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().key_log().build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    #[doc(alias = "SSLKEYLOGFILE")]
    pub fn key_log(mut self) -> Self {
        self.key_log = KeyLogging::ToEnvironmentsFile;
        self
    }

    /// Refuses servers that only speak an older version. Defaults to [`TlsVersion::Tls12`].
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::{TlsConfig, TlsVersion};
    ///
    /// let tls = TlsConfig::builder().min_version(TlsVersion::Tls13).build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    #[doc(alias = "min_tls_version")]
    pub fn min_version(mut self, version: TlsVersion) -> Self {
        self.min_version = version;
        self
    }

    /// Accepts **every** certificate, also an expired one or one for another host. An attacker between this client and
    /// the server can then read and change all data. Use it only against test servers, and prefer [`root`](Self::root)
    /// even there. Defaults to full verification.
    ///
    /// Signatures are still checked: the server holds the key of the certificate that it shows.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().danger_accept_invalid_certs().build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    #[doc(alias = "danger_accept_invalid_hostnames")]
    #[doc(alias = "insecure")]
    #[doc(alias = "verify")]
    pub fn danger_accept_invalid_certs(mut self) -> Self {
        self.verification = Verification::Dangerous;
        self
    }

    /// Uses this provider of cryptography. Defaults to ring. A provider that was installed for the process is never
    /// used.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use std::sync::Arc;
    ///
    /// use httpx::tls::{TlsConfig, rustls};
    ///
    /// let mut provider = rustls::crypto::ring::default_provider();
    /// provider.kx_groups = vec![rustls::crypto::ring::kx_group::X25519];
    /// let tls = TlsConfig::builder().provider(Arc::new(provider)).build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    pub fn provider(mut self, provider: Arc<CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    fn check_alpn(&self) -> Result<(), TlsConfigError> {
        let is_wrong = |name: &&Vec<u8>| {
            OTHER_HTTP.contains(&name.as_slice()) || !(1..=usize::from(u8::MAX)).contains(&name.len())
        };
        match self.alpn.iter().find(is_wrong) {
            None => Ok(()),
            Some(name) => {
                let name = name.get(..name.len().min(32)).unwrap_or_default();
                Err(TlsConfigError::Alpn { protocol: name.escape_ascii().to_string().into() })
            }
        }
    }

    pub(super) fn rustls(self) -> Result<Arc<ClientConfig>, TlsConfigError> {
        self.check_alpn()?;
        let given = self.given_roots()?;
        let roots = self.trusted(&given)?;
        let provider = self.provider.unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()));
        let algorithms = provider.signature_verification_algorithms;
        let verifying_provider = Arc::clone(&provider);
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(self.min_version.or_newer())
            .map_err(TlsConfigError::Rustls)?;
        let builder = match self.verification {
            Verification::Full if given.is_empty() => builder.with_root_certificates(roots),
            Verification::Full => {
                let webpki = WebPkiServerVerifier::builder_with_provider(roots.into(), verifying_provider);
                let webpki = webpki
                    .build()
                    .map_err(|e| TlsConfigError::Rustls(rustls::Error::General(e.to_string())))?;
                let verifier = GivenRoots::new(webpki, &given, algorithms);
                builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
            }
            Verification::Dangerous => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AcceptAnyCertificate { algorithms })),
        };
        let mut config = match self.client {
            None => builder.with_no_client_auth(),
            Some(client) => {
                let (chain, key) = client.parse()?;
                builder.with_client_auth_cert(chain, key).map_err(TlsConfigError::ClientCertificate)?
            }
        };
        config.alpn_protocols = self.alpn;
        config.resumption = Resumption::in_memory_sessions(SESSIONS);
        if let KeyLogging::ToEnvironmentsFile = self.key_log {
            config.key_log = Arc::new(KeyLogFile::new());
        }
        Ok(Arc::new(config))
    }

    /// The certificates given by [`root`](Self::root).
    fn given_roots(&self) -> Result<Vec<CertificateDer<'static>>, TlsConfigError> {
        let mut all = Vec::new();
        for given in &self.roots {
            all.extend(roots::certificates(given, GIVEN_ROOT)?);
        }
        Ok(all)
    }

    fn trusted(&self, given: &[CertificateDer<'static>]) -> Result<RootCertStore, TlsConfigError> {
        let mut store = match self.default_roots {
            DefaultRoots::Excluded => RootCertStore::empty(),
            DefaultRoots::Trusted => match roots::EnvironmentRoots::of_environment() {
                None => roots::mozilla_roots(),
                Some(named) => named.read()?,
            },
        };
        for certificate in given {
            let added = store.add(certificate.clone());
            added.map_err(|source| TlsConfigError::Certificate { place: GIVEN_ROOT.into(), source })?;
        }
        match (store.is_empty(), &self.verification) {
            (true, Verification::Full) => Err(TlsConfigError::NoRoots),
            _ => Ok(store),
        }
    }
}

impl ClientCertificate {
    fn parse(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsConfigError> {
        let chain = roots::certificates(&self.chain, "the client certificate")?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| TlsConfigError::NoKey)?;
        Ok((chain, key))
    }
}

/// Shows no settings: there may be a private key among them.
impl fmt::Debug for TlsConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConfigBuilder").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::tls::TlsConfig;
    use crate::tls::testing::Authority;

    #[test]
    fn alpn_reaches_rustls() {
        let config = TlsConfig::builder().build().unwrap();
        assert_eq!(config.rustls().unwrap().alpn_protocols, [b"http/1.1".to_vec()]);
        let config = TlsConfig::builder().alpn(["acme-tls/1", "http/1.1"]).build().unwrap();
        assert_eq!(config.rustls().unwrap().alpn_protocols, [b"acme-tls/1".to_vec(), b"http/1.1".to_vec()]);
    }

    #[test]
    fn errors_name_the_setting() {
        let authority = Authority::new();
        let leaf = authority.leaf("a.example");
        let other = authority.leaf("b.example");
        let new = || TlsConfig::builder().only_given_roots();
        let rows = [
            (new(), "no root certificate is trusted"),
            (
                TlsConfig::builder().alpn(["http/1.1", "h2"]),
                "cannot offer the protocol \"h2\" by ALPN: this client speaks HTTP/1.1",
            ),
            (TlsConfig::builder().alpn([""]), "cannot offer the protocol \"\" by ALPN"),
            (TlsConfig::builder().alpn(["x".repeat(256)]), "cannot offer the protocol \"xxx"),
            (new().root(""), "there is no certificate in a root given to the builder"),
            (new().root("-----BEGIN CERTIFICATE-----\n"), "the PEM of a root given to the builder is broken"),
            (new().root(b"\x30\x00".to_vec()), "a certificate in a root given to the builder cannot be used"),
            (new().root(leaf.key.clone()), "there is no certificate in a root given to the builder"),
            (
                new().root(authority.pem()).client_certificate("", leaf.key.clone()),
                "there is no certificate in the client",
            ),
            (
                new().root(authority.pem()).client_certificate(leaf.chain.clone(), ""),
                "there is no private key",
            ),
            (
                new().root(authority.pem()).client_certificate(leaf.chain.clone(), other.key.clone()),
                "the client certificate and its private key cannot be used together",
            ),
        ];
        for (builder, expected) in rows {
            let error = builder.build().unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error:?} should begin with {expected:?}");
        }
    }

    #[test]
    fn roots_come_in_pem_and_in_der() {
        let authority = Authority::new();
        let both = authority.pem() + &Authority::new().pem();
        for root in [authority.der(), authority.pem().into_bytes(), both.into_bytes()] {
            TlsConfig::builder().only_given_roots().root(root).build().unwrap();
        }
        let leaf = authority.leaf("a.example");
        TlsConfig::builder().root(authority.pem()).client_certificate(leaf.chain, leaf.key).build().unwrap();
        TlsConfig::builder().only_given_roots().danger_accept_invalid_certs().build().unwrap();
    }
}
