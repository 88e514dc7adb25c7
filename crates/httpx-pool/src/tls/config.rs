//! What is trusted, and what is offered.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, KeyLogFile, RootCertStore, SupportedProtocolVersion, version};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::config_error::TlsConfigError;
use super::danger::AcceptAnyCertificate;
use super::roots;

/// How many sessions are remembered. A host takes up to 8 (one ticket is good for one connection), so this is some
/// 250 hosts; rustls's own default of 256 is 32 of them.
const SESSIONS: usize = 2048;

/// How TLS is spoken: which certificates are trusted, which of our own is shown, what is offered.
///
/// A clone is cheap and *the same* configuration: it shares the cache of sessions, and connections made under one may
/// be reused under the other. Two that were built apart are never equal, however alike.
///
/// The default is one configuration for the whole process, built when it is first used: crypto by ring, the roots that
/// Mozilla trusts (or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, if set), TLS 1.2 and 1.3, HTTP/1.1.
///
/// ```
/// use httpx_pool::{TlsConfig, TlsVersion};
///
/// let config = TlsConfig::builder().min_version(TlsVersion::Tls13).build()?;
/// assert_eq!(config, config.clone());
/// assert_ne!(config, TlsConfig::default());
/// # Ok::<(), httpx_pool::TlsConfigError>(())
/// ```
#[derive(Clone, Default)]
pub struct TlsConfig {
    /// None: the process's own.
    own: Option<Arc<Own>>,
}

struct Own {
    id: u64,
    rustls: Arc<ClientConfig>,
}

/// The shared configuration has the identity 0.
const SHARED_ID: u64 = 0;

impl TlsConfig {
    /// Starts from the defaults.
    pub fn builder() -> TlsConfigBuilder {
        TlsConfigBuilder::default()
    }

    /// The same number for a configuration and its clones, another for every other one of this process, for ever.
    pub fn id(&self) -> u64 {
        self.own.as_ref().map_or(SHARED_ID, |own| own.id)
    }

    /// The configuration as rustls has it.
    ///
    /// # Errors
    ///
    /// Only for the shared one: `SSL_CERT_FILE` or `SSL_CERT_DIR` could not be used. The first answer stands.
    pub fn rustls(&self) -> Result<&Arc<ClientConfig>, TlsConfigError> {
        match &self.own {
            Some(own) => Ok(&own.rustls),
            None => {
                SHARED.get_or_init(|| TlsConfigBuilder::default().rustls()).as_ref().map_err(Clone::clone)
            }
        }
    }

    /// Whether the next use is the one that reads the files of the environment, for which it may have to wait.
    #[cfg(feature = "async")]
    pub(crate) fn reads_files(&self) -> bool {
        self.own.is_none() && SHARED.get().is_none() && roots::EnvironmentRoots::of_environment().is_some()
    }
}

/// The process's own, once it has been used.
static SHARED: OnceLock<Result<Arc<ClientConfig>, TlsConfigError>> = OnceLock::new();

/// Takes over a configuration of your own as it is: its provider, its ALPN (HTTP/1.1 is what must come out of it),
/// its cache of sessions. Handed over twice it counts as two.
impl From<Arc<ClientConfig>> for TlsConfig {
    fn from(rustls: Arc<ClientConfig>) -> Self {
        // A counter and no address: an address is given out again when a configuration has gone, and a pool would
        // then take one configuration's connections for another's.
        static NEXT: AtomicU64 = AtomicU64::new(SHARED_ID + 1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { own: Some(Arc::new(Own { id, rustls })) }
    }
}

impl PartialEq for TlsConfig {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for TlsConfig {}

impl Hash for TlsConfig {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

impl fmt::Debug for TlsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TlsConfig(#{})", self.id())
    }
}

/// The lowest version of TLS that is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246), the oldest that is not deprecated (RFC 8996).
    #[default]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

impl TlsVersion {
    fn and_newer(self) -> &'static [&'static SupportedProtocolVersion] {
        static BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS13, &version::TLS12];
        static NEWEST: [&SupportedProtocolVersion; 1] = [&version::TLS13];
        match self {
            Self::Tls12 => &BOTH,
            Self::Tls13 => &NEWEST,
        }
    }
}

/// Builds a [`TlsConfig`]. Certificates and keys are looked at by [`build`](Self::build), which reports the first
/// that is wrong.
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
    /// Trusts one more root: a certificate in DER, or one or several in PEM. Defaults to none but the usual ones.
    pub fn root(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.roots.push(certificates.into());
        self
    }

    /// Trusts only what is given by [`root`](Self::root): neither Mozilla's roots nor those that the environment
    /// names. Defaults to trusting the usual ones as well.
    pub fn only_given_roots(mut self) -> Self {
        self.default_roots = DefaultRoots::Excluded;
        self
    }

    /// Shows this certificate to servers that ask for one: its chain, its own certificate first, and its private key
    /// (PKCS #8, PKCS #1 or SEC 1), both in PEM. Defaults to none.
    pub fn client_certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.client = Some(ClientCertificate { chain: chain.into(), key: key.into() });
        self
    }

    /// Offers these protocols (RFC 7301) in this order. Defaults to `http/1.1`; without any, ALPN is not used.
    pub fn alpn<P: Into<Vec<u8>>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
        self.alpn = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Writes the secrets of every connection to the file that `SSLKEYLOGFILE` names, so that Wireshark can read
    /// them (and anybody else). Defaults to writing none, whatever the environment says.
    pub fn key_log(mut self) -> Self {
        self.key_log = KeyLogging::ToEnvironmentsFile;
        self
    }

    /// Refuses servers that speak only an older version. Defaults to [`TlsVersion::Tls12`].
    pub fn min_version(mut self, version: TlsVersion) -> Self {
        self.min_version = version;
        self
    }

    /// Accepts **every** certificate: expired, self-signed, made out to somebody else. Whoever sits between here and
    /// the server can then read and change everything. For tests against servers of your own;
    /// [`root`](Self::root) is nearly always what is wanted instead.
    ///
    /// Signatures are still checked, so the peer does hold the key of whatever certificate it shows. Defaults to
    /// full verification.
    pub fn danger_accept_invalid_certs(mut self) -> Self {
        self.verification = Verification::Dangerous;
        self
    }

    /// Takes the cryptography from this provider. Defaults to ring. The provider that may have been installed for
    /// the process is never used.
    pub fn provider(mut self, provider: Arc<CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Reads the roots, the certificate and the key, and builds.
    ///
    /// # Errors
    ///
    /// [`TlsConfigError`] names the first thing that cannot be used.
    pub fn build(self) -> Result<TlsConfig, TlsConfigError> {
        self.rustls().map(TlsConfig::from)
    }

    fn rustls(self) -> Result<Arc<ClientConfig>, TlsConfigError> {
        let roots = self.trusted()?;
        let provider = self.provider.unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()));
        let algorithms = provider.signature_verification_algorithms;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(self.min_version.and_newer())
            .map_err(TlsConfigError::Rustls)?;
        let builder = match self.verification {
            Verification::Full => builder.with_root_certificates(roots),
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

    fn trusted(&self) -> Result<RootCertStore, TlsConfigError> {
        let mut store = match self.default_roots {
            DefaultRoots::Excluded => RootCertStore::empty(),
            DefaultRoots::Trusted => match roots::EnvironmentRoots::of_environment() {
                None => roots::mozilla_roots(),
                Some(named) => named.read()?,
            },
        };
        for given in &self.roots {
            for certificate in roots::certificates(given, "a root given to the builder")? {
                let added = store.add(certificate);
                added.map_err(|source| TlsConfigError::Certificate {
                    place: "a root given to the builder".into(),
                    source,
                })?;
            }
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

/// What was given is not shown: there may be a private key in it.
impl fmt::Debug for TlsConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConfigBuilder").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::testing::Authority;

    #[test]
    fn identities() {
        let build = || TlsConfig::builder().build().unwrap();
        let (a, b) = (build(), build());
        assert_ne!(a, b);
        assert_eq!(a, a.clone());
        assert_eq!(TlsConfig::default(), TlsConfig::default());
        assert_ne!(a, TlsConfig::default());
        assert_eq!(TlsConfig::default().id(), 0);
        // Taken over twice it counts as two.
        assert_ne!(TlsConfig::from(Arc::clone(a.rustls().unwrap())), a);
    }

    #[test]
    fn what_is_configured_arrives() {
        let config = TlsConfig::builder().build().unwrap();
        assert_eq!(config.rustls().unwrap().alpn_protocols, [b"http/1.1".to_vec()]);
        let config = TlsConfig::builder().alpn(["h2", "http/1.1"]).build().unwrap();
        assert_eq!(config.rustls().unwrap().alpn_protocols, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let authority = Authority::new();
        let leaf = authority.leaf("a.example");
        let other = authority.leaf("b.example");
        let new = || TlsConfig::builder().only_given_roots();
        let rows = [
            (new(), "no root certificate is trusted"),
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
