//! [`TlsConfig`]: the trusted certificates, and the parameters that are offered to servers.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustls::ClientConfig;

use super::client_certificate::ClientCertificates;
use super::config_builder::TlsConfigBuilder;
use super::config_error::TlsConfigError;
#[cfg(feature = "async")]
use super::roots;

/// The settings of TLS: trusted roots, client certificate, versions, ALPN.
///
/// A clone is cheap and *the same* configuration: it shares the session cache, and connections made under one may be
/// reused under the other. Two configurations that were built separately are never equal, even with equal settings.
/// The settings never change, unless the configuration is that of a [`TlsConfigHandle`](super::TlsConfigHandle).
///
/// The default is one configuration for the whole process, built at first use: cryptography by ring, Mozilla's roots (or
/// those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, if set), TLS 1.2 and 1.3, HTTP/1.1.
///
/// ```
/// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
/// use httpx::tls::{TlsConfig, TlsVersion};
///
/// let config = TlsConfig::builder().min_version(TlsVersion::Tls13).build()?;
/// assert_eq!(config, config.clone());
/// assert_ne!(config, TlsConfig::default());
/// # Ok::<(), httpx_pool::TlsConfigError>(())
/// ```
///
/// # Types of rustls
///
/// [`rustls`](Self::rustls), [`TlsConfigBuilder::provider`] and the conversion from `Arc<ClientConfig>` take and give types
/// of rustls 0.23. They are outside of this crate's semantic versioning: a minor release may move to a newer rustls. Name
/// these types through the re-export `httpx_pool::rustls`.
#[derive(Clone, Default)]
pub struct TlsConfig {
    source: Source,
}

/// The source of the settings.
#[derive(Clone, Default)]
enum Source {
    /// The process's configuration.
    #[default]
    Process,
    Own(Arc<Settings>),
    /// The settings that a handle has set last.
    Handle(Arc<Replaceable>),
}

/// The settings in the form of rustls.
pub(super) struct Settings {
    id: u64,
    rustls: Arc<ClientConfig>,
    client_certificates: ClientCertificates,
}

/// Settings that a handle can replace.
#[derive(Debug)]
pub(super) struct Replaceable {
    id: AtomicU64,
    /// Never one with a handle.
    config: RwLock<TlsConfig>,
}

/// The identity of the process's configuration.
const PROCESS_ID: u64 = 0;

impl TlsConfig {
    /// Returns a builder with the defaults.
    pub fn builder() -> TlsConfigBuilder {
        TlsConfigBuilder::default()
    }

    pub(super) fn following(replaceable: Arc<Replaceable>) -> Self {
        TlsConfig { source: Source::Handle(replaceable) }
    }

    /// Returns the identity of the settings: the same number for clones, and another for every other configuration of
    /// this process. That of a configuration with a [`TlsConfigHandle`](super::TlsConfigHandle) changes when its settings
    /// are replaced. A pool uses a connection only for requests with the identity with which it was opened.
    pub fn id(&self) -> u64 {
        match &self.source {
            Source::Process => PROCESS_ID,
            Source::Own(settings) => settings.id,
            Source::Handle(replaceable) => replaceable.id(),
        }
    }

    /// Returns the configuration of rustls for hosts without a specific client certificate.
    ///
    /// # Errors
    ///
    /// For the default configuration, if `SSL_CERT_FILE` or `SSL_CERT_DIR` could not be used at its first use.
    pub fn rustls(&self) -> Result<Arc<ClientConfig>, TlsConfigError> {
        self.settings().map(|settings| Arc::clone(&settings.rustls))
    }

    /// Returns the configuration of rustls for connections to this host.
    #[cfg(any(feature = "blocking", feature = "async", test))]
    pub(super) fn for_host(&self, host: &str) -> Result<Arc<ClientConfig>, TlsConfigError> {
        let settings = self.settings()?;
        let Settings { rustls, client_certificates, .. } = &*settings;
        Ok(client_certificates.config_for(host, rustls).unwrap_or_else(|| Arc::clone(rustls)))
    }

    fn settings(&self) -> Result<Arc<Settings>, TlsConfigError> {
        match &self.source {
            Source::Process => PROCESS.get_or_init(process_settings).clone(),
            Source::Own(settings) => Ok(Arc::clone(settings)),
            Source::Handle(replaceable) => replaceable.get().settings(),
        }
    }

    /// Returns these settings without a handle: they stay when the handle gets others.
    fn fixed(&self) -> Self {
        match &self.source {
            Source::Handle(replaceable) => replaceable.get(),
            Source::Process | Source::Own(_) => self.clone(),
        }
    }

    /// Returns whether the next use will read the files that the environment names, which may take time.
    #[cfg(feature = "async")]
    pub(crate) fn reads_files(&self) -> bool {
        let is_first_use = PROCESS.get().is_none() && matches!(self.fixed().source, Source::Process);
        is_first_use && roots::EnvironmentRoots::of_environment().is_some()
    }
}

impl Settings {
    fn new(id: u64, rustls: Arc<ClientConfig>, client_certificates: ClientCertificates) -> Self {
        Settings { id, rustls, client_certificates }
    }
}

impl TlsConfigBuilder {
    /// Reads the roots, the certificate and the key, and builds the configuration.
    ///
    /// # Errors
    ///
    /// [`TlsConfigError`] names the first setting that cannot be used.
    pub fn build(self) -> Result<TlsConfig, TlsConfigError> {
        let (rustls, client_certificates) = self.convert()?;
        let settings = Settings::new(next_id(), Arc::new(rustls), client_certificates);
        Ok(TlsConfig { source: Source::Own(Arc::new(settings)) })
    }
}

impl Replaceable {
    pub(super) fn new(config: &TlsConfig) -> Self {
        Replaceable { id: AtomicU64::new(next_id()), config: RwLock::new(config.fixed()) }
    }

    fn id(&self) -> u64 {
        self.id.load(Ordering::Acquire)
    }

    fn get(&self) -> TlsConfig {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn replace(&self, config: &TlsConfig) {
        // Before the lock is taken: it may be the configuration of this handle.
        let config = config.fixed();
        let mut current = self.config.write().unwrap_or_else(PoisonError::into_inner);
        // The settings come first: a reader of the new identity gets the new settings. The identity is new even for
        // settings that were there before: a connection that was opened in between may have been for the old one.
        *current = config;
        self.id.store(next_id(), Ordering::Release);
    }
}

/// The process's configuration, once it has been used.
static PROCESS: OnceLock<Result<Arc<Settings>, TlsConfigError>> = OnceLock::new();

fn process_settings() -> Result<Arc<Settings>, TlsConfigError> {
    let (rustls, certificates) = TlsConfigBuilder::default().convert()?;
    Ok(Arc::new(Settings::new(PROCESS_ID, Arc::new(rustls), certificates)))
}

/// A counter, and not an address: the address of a dropped configuration is used again, and a pool would then take
/// connections of one configuration for those of another.
fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(PROCESS_ID + 1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Uses a configuration of rustls as it is, with its provider, ALPN and session cache. The ALPN must not offer HTTP/2.
/// Converted twice, it counts as two configurations.
impl From<Arc<ClientConfig>> for TlsConfig {
    fn from(rustls: Arc<ClientConfig>) -> Self {
        let settings = Settings::new(next_id(), rustls, ClientCertificates::default());
        TlsConfig { source: Source::Own(Arc::new(settings)) }
    }
}

impl PartialEq for TlsConfig {
    fn eq(&self, other: &Self) -> bool {
        match (&self.source, &other.source) {
            (Source::Process, Source::Process) => true,
            (Source::Own(one), Source::Own(other)) => one.id == other.id,
            (Source::Handle(one), Source::Handle(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Eq for TlsConfig {}

impl Hash for TlsConfig {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.source {
            Source::Process => PROCESS_ID.hash(state),
            Source::Own(settings) => settings.id.hash(state),
            // Not the id, which changes.
            Source::Handle(replaceable) => Arc::as_ptr(replaceable).hash(state),
        }
    }
}

impl fmt::Debug for TlsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TlsConfig(#{})", self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities() {
        let build = || TlsConfig::builder().build().unwrap();
        let (a, b) = (build(), build());
        assert_ne!(a, b);
        assert_eq!(a, a.clone());
        assert_eq!(TlsConfig::default(), TlsConfig::default());
        assert_ne!(a, TlsConfig::default());
        assert_eq!(TlsConfig::default().id(), 0);
        // Converted twice, it counts as two.
        assert_ne!(TlsConfig::from(a.rustls().unwrap()), a);
    }
}
