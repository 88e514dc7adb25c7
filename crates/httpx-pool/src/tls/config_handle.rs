//! [`TlsConfigHandle`]: replaces the settings of TLS while clients use them.

use std::sync::Arc;

use super::config::{Replaceable, TlsConfig};

/// Replaces the settings of TLS while clients and pools use them: for a client certificate that is renewed each day, new
/// roots, a newer CRL.
///
/// The clients get [`config`](Self::config) instead of a [`TlsConfig`] that was built. After
/// [`replace`](Self::replace), connections are opened with the new settings. Connections that are in use carry their
/// request to its end; idle ones that were opened with the earlier settings are not used any more.
///
/// ```no_run
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod tls { pub use httpx_pool::*; } }
/// use httpx::ConnectionPool;
/// use httpx::tls::{TlsConfig, TlsConfigHandle};
///
/// fn read_settings() -> Result<TlsConfig, Box<dyn std::error::Error>> {
///     let (chain, key) = (std::fs::read("client.pem")?, std::fs::read("client.key")?);
///     Ok(TlsConfig::builder().client_certificate(chain, key).build()?)
/// }
///
/// let handle = TlsConfigHandle::new(read_settings()?);
/// let pool = ConnectionPool::builder().tls(handle.config()).build();
///
/// // When the files have changed. If they cannot be read, the earlier settings stay.
/// handle.replace(&read_settings()?);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[doc(alias = "reload")]
#[doc(alias = "rotate")]
pub struct TlsConfigHandle {
    replaceable: Arc<Replaceable>,
}

impl TlsConfigHandle {
    /// Makes a handle whose configuration begins with these settings.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::{TlsConfig, TlsConfigHandle};
    ///
    /// let handle = TlsConfigHandle::new(TlsConfig::default());
    /// ```
    #[allow(clippy::needless_pass_by_value)] // as the builders take it
    pub fn new(config: TlsConfig) -> Self {
        TlsConfigHandle { replaceable: Arc::new(Replaceable::new(&config)) }
    }

    /// Returns the configuration whose settings this handle replaces, for a client or a pool. Each call returns the same
    /// one.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::{TlsConfig, TlsConfigHandle};
    ///
    /// let handle = TlsConfigHandle::new(TlsConfig::default());
    /// assert_eq!(handle.config(), handle.config());
    /// ```
    pub fn config(&self) -> TlsConfig {
        TlsConfig::following(Arc::clone(&self.replaceable))
    }

    /// Replaces the settings by those that `config` has now. Connections that are being opened at this moment may still
    /// use the earlier settings.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::{TlsConfig, TlsConfigHandle, TlsVersion};
    ///
    /// let handle = TlsConfigHandle::new(TlsConfig::default());
    /// let config = handle.config();
    /// let before = config.id();
    /// handle.replace(&TlsConfig::builder().min_version(TlsVersion::Tls13).build()?);
    /// assert_ne!(config.id(), before);
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    pub fn replace(&self, config: &TlsConfig) {
        self.replaceable.replace(config);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_settings_of_all_clones_are_replaced() {
        let build = || TlsConfig::builder().build().unwrap();
        let (first, second) = (build(), build());
        let handle = TlsConfigHandle::new(first.clone());
        let config = handle.config();
        let clones = [config.clone(), handle.clone().config()];
        let mut ids = vec![config.id(), first.id(), second.id(), 0];
        for settings in [&first, &second, &TlsConfig::default(), &second] {
            handle.replace(settings);
            ids.push(config.id());
            for clone in &clones {
                assert_eq!((clone, clone.id()), (&config, config.id()));
                assert!(Arc::ptr_eq(&clone.rustls().unwrap(), &settings.rustls().unwrap()));
                assert_ne!(clone, settings);
            }
        }
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 8, "{ids:?}");
    }

    #[test]
    fn handles_follow_no_handles() {
        let build = || TlsConfig::builder().build().unwrap();
        let (first, second) = (build(), build());
        let handle = TlsConfigHandle::new(first.clone());
        let other = TlsConfigHandle::new(handle.config());
        handle.replace(&handle.config());
        handle.replace(&second);
        for (handle, settings) in [(&handle, &second), (&other, &first)] {
            assert!(Arc::ptr_eq(&handle.config().rustls().unwrap(), &settings.rustls().unwrap()));
        }
        assert_ne!(handle.config(), other.config());
    }
}
