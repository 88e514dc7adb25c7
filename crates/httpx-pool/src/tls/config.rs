//! [`TlsConfig`]: the trusted certificates, and the parameters that are offered to servers.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rustls::ClientConfig;

use super::config_builder::TlsConfigBuilder;
use super::config_error::TlsConfigError;
#[cfg(feature = "async")]
use super::roots;

/// The settings of TLS: trusted roots, client certificate, versions, ALPN.
///
/// A clone is cheap and *the same* configuration: it shares the session cache, and connections made under one may be
/// reused under the other. Two configurations that were built separately are never equal, even with equal settings.
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
    /// `None` is the process's configuration.
    own: Option<Arc<Own>>,
}

struct Own {
    id: u64,
    rustls: Arc<ClientConfig>,
}

/// The identity of the process's configuration.
const SHARED_ID: u64 = 0;

impl TlsConfig {
    /// Returns a builder with the defaults.
    pub fn builder() -> TlsConfigBuilder {
        TlsConfigBuilder::default()
    }

    /// Returns the identity of the configuration: the same number for its clones, and another for every other
    /// configuration of this process.
    pub fn id(&self) -> u64 {
        self.own.as_ref().map_or(SHARED_ID, |own| own.id)
    }

    /// Returns the configuration of rustls.
    ///
    /// # Errors
    ///
    /// For the default configuration, if `SSL_CERT_FILE` or `SSL_CERT_DIR` could not be used at its first use.
    pub fn rustls(&self) -> Result<&Arc<ClientConfig>, TlsConfigError> {
        match &self.own {
            Some(own) => Ok(&own.rustls),
            None => {
                SHARED.get_or_init(|| TlsConfigBuilder::default().rustls()).as_ref().map_err(Clone::clone)
            }
        }
    }

    /// Returns whether the next use will read the files that the environment names, which may take time.
    #[cfg(feature = "async")]
    pub(crate) fn reads_files(&self) -> bool {
        self.own.is_none() && SHARED.get().is_none() && roots::EnvironmentRoots::of_environment().is_some()
    }
}

impl TlsConfigBuilder {
    /// Reads the roots, the certificate and the key, and builds the configuration.
    ///
    /// # Errors
    ///
    /// [`TlsConfigError`] names the first setting that cannot be used.
    pub fn build(self) -> Result<TlsConfig, TlsConfigError> {
        self.rustls().map(TlsConfig::from)
    }
}

/// The process's configuration, once it has been used.
static SHARED: OnceLock<Result<Arc<ClientConfig>, TlsConfigError>> = OnceLock::new();

/// Uses a configuration of rustls as it is, with its provider, ALPN and session cache. The ALPN must not offer HTTP/2.
/// Converted twice, it counts as two configurations.
impl From<Arc<ClientConfig>> for TlsConfig {
    fn from(rustls: Arc<ClientConfig>) -> Self {
        // A counter, and not an address: the address of a dropped configuration is used again, and a pool would then
        // take connections of one configuration for those of another.
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
        assert_ne!(TlsConfig::from(Arc::clone(a.rustls().unwrap())), a);
    }
}
