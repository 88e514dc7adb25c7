//! [`TlsConfigBuilder`]: the settings of TLS.

mod convert;
mod verification;
mod verifier;

use std::fmt;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;

use super::client_certificate::{CertificateResolver, ClientCertificate};
use super::config_error::TlsConfigError;
use super::revocation::Revocation;
use super::spki_pin::SpkiPin;
use httpx_core::TlsVersion;

/// Builds a [`TlsConfig`](super::TlsConfig).
///
/// Certificates and keys are read by [`build`](Self::build), which reports the first error.
#[must_use]
pub struct TlsConfigBuilder {
    default_roots: DefaultRoots,
    roots: Vec<Vec<u8>>,
    revocation: Revocation,
    /// Each pin with its hosts: `None` for all.
    pins: Vec<(Option<String>, Result<SpkiPin, TlsConfigError>)>,
    verification: Verification,
    client: Option<CertificateAndKey>,
    clients_by_host: Vec<(String, CertificateAndKey)>,
    client_resolver: Option<CertificateResolver>,
    alpn: Vec<Vec<u8>>,
    server_name: ServerNameIndication,
    key_log: KeyLogging,
    min_version: TlsVersion,
    max_version: TlsVersion,
    provider: Option<Arc<CryptoProvider>>,
}

/// The roots that are trusted besides the given ones, unless the environment names others.
enum DefaultRoots {
    Bundled,
    #[cfg(feature = "native-roots")]
    Native,
    Excluded,
}

enum ServerNameIndication {
    Sent,
    Omitted,
}

enum KeyLogging {
    Off,
    ToEnvironmentsFile,
}

enum Verification {
    Full,
    Dangerous,
}

/// A client certificate in PEM.
struct CertificateAndKey {
    chain: Vec<u8>,
    key: Vec<u8>,
}

impl Default for TlsConfigBuilder {
    fn default() -> Self {
        Self {
            default_roots: DefaultRoots::Bundled,
            roots: Vec::new(),
            revocation: Revocation::default(),
            pins: Vec::new(),
            verification: Verification::Full,
            client: None,
            clients_by_host: Vec::new(),
            client_resolver: None,
            alpn: vec![b"http/1.1".to_vec()],
            server_name: ServerNameIndication::Sent,
            key_log: KeyLogging::Off,
            min_version: TlsVersion::Tls12,
            max_version: TlsVersion::Tls13,
            provider: None,
        }
    }
}

impl TlsConfigBuilder {
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
        self.client = Some(CertificateAndKey { chain: chain.into(), key: key.into() });
        self
    }

    /// Shows another certificate to some hosts, as [`client_certificate`](Self::client_certificate) does to all. Of
    /// several calls whose hosts match, the first one counts.
    ///
    /// `host` is a name or an IP address, or `*.` and a domain: all hosts below the domain, at any depth. For several
    /// certificates on different ports of one host, use several configurations.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let (chain, key) = (std::fs::read("billing.pem")?, std::fs::read("billing.key")?);
    /// let tls = TlsConfig::builder().client_certificate_for("*.billing.example", chain, key).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_certificate_for(
        mut self,
        host: impl Into<String>,
        chain: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        let certificate = CertificateAndKey { chain: chain.into(), key: key.into() };
        self.clients_by_host.push((host.into(), certificate));
        self
    }

    /// Asks a function for the certificate to show to a host, at each new connection. Where it returns `None`, the
    /// certificates given to this builder are used. Defaults to these alone.
    ///
    /// The function gets the host as in the URL, without the brackets of IPv6, and must not block. Keep the
    /// certificates and return clones; otherwise sessions are not resumed.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use std::collections::HashMap;
    /// use httpx::tls::{ClientCertificate, TlsConfig};
    ///
    /// let (chain, key) = (std::fs::read("billing.pem")?, std::fs::read("billing.key")?);
    /// let certificates =
    ///     HashMap::from([("billing.example".to_owned(), ClientCertificate::from_pem(&chain, &key)?)]);
    /// let tls = TlsConfig::builder()
    ///     .client_certificate_resolver(move |host| certificates.get(host).cloned())
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_certificate_resolver(
        mut self,
        resolve: impl Fn(&str) -> Option<ClientCertificate> + Send + Sync + 'static,
    ) -> Self {
        self.client_resolver = Some(Arc::new(resolve));
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

    /// Offers no newer version, for servers that fail with it. Defaults to [`TlsVersion::Tls13`].
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::{TlsConfig, TlsVersion};
    ///
    /// let tls = TlsConfig::builder().max_version(TlsVersion::Tls12).build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    #[doc(alias = "max_tls_version")]
    pub fn max_version(mut self, version: TlsVersion) -> Self {
        self.max_version = version;
        self
    }

    /// Does not send the host's name to the server before encryption (SNI, RFC 6066 §3). Defaults to sending it.
    /// Without it, a server of several hosts may show the certificate of another host, which is refused. IP addresses
    /// are never sent.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().without_sni().build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    #[doc(alias = "sni")]
    #[doc(alias = "tls_sni")]
    #[doc(alias = "use_sni")]
    pub fn without_sni(mut self) -> Self {
        self.server_name = ServerNameIndication::Omitted;
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
}

/// Shows no settings: there may be a private key among them.
impl fmt::Debug for TlsConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConfigBuilder").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
