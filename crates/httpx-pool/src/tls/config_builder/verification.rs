//! The settings that decide which servers are trusted: roots, CRLs, pins.

use super::{DefaultRoots, TlsConfigBuilder, Verification};
use crate::tls::config_error::TlsConfigError;
use crate::tls::revocation::{Depth, Leniency};
use crate::tls::spki_pin::SpkiPin;

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

    /// Trusts the roots in the platform's store of certificates instead of Mozilla's, for example those that a company
    /// installs on its machines. Defaults to Mozilla's roots. `SSL_CERT_FILE` and `SSL_CERT_DIR` take precedence over both.
    ///
    /// Needs the feature `native-roots`. The store is read by [`build`](Self::build), which takes some milliseconds, and
    /// fails if the store has no root that can be used. rustls verifies, with the roots alone: it knows no other rules of
    /// the platform, such as the certificates that an administrator has forbidden. For these, convert a configuration of
    /// the crate `rustls-platform-verifier` into a [`TlsConfig`](crate::TlsConfig).
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().native_roots().build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    #[cfg(feature = "native-roots")]
    #[doc(alias = "tls_built_in_native_certs")]
    #[doc(alias = "platform_verifier")]
    pub fn native_roots(mut self) -> Self {
        self.default_roots = DefaultRoots::Native;
        self
    }

    /// Refuses certificates that a certificate revocation list (CRL, RFC 5280 §5) revokes: one list in DER, or one or
    /// several in PEM. Defaults to no lists; then revocation is not checked, and nothing is downloaded for it in any case.
    ///
    /// With at least one list, each server's certificate and the authorities in its chain are checked, except the root.
    /// A certificate that no list covers is refused
    /// ([`UnknownRevocationStatus`](crate::TlsErrorKind::UnknownRevocationStatus)), and so is one whose list has
    /// expired ([`ExpiredRevocationList`](crate::TlsErrorKind::ExpiredRevocationList)), as by curl and OpenSSL.
    /// [`allow_unknown_revocation_status`](Self::allow_unknown_revocation_status) and
    /// [`allow_expired_crls`](Self::allow_expired_crls) allow them. To renew a list while clients use it, see
    /// [`TlsConfigHandle`](crate::TlsConfigHandle). A resumed session is not checked again.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let (root, list) = (std::fs::read("company-ca.pem")?, std::fs::read("company-ca.crl")?);
    /// let tls = TlsConfig::builder().only_given_roots().root(root).crl(list).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "crlfile")]
    #[doc(alias = "revocation")]
    pub fn crl(mut self, lists: impl Into<Vec<u8>>) -> Self {
        self.revocation.lists.push(lists.into());
        self
    }

    /// Accepts certificates that no [`crl`](Self::crl) covers. Defaults to refusing them, if there are lists.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let list = std::fs::read("company-ca.crl")?;
    /// let tls = TlsConfig::builder().crl(list).allow_unknown_revocation_status().build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_unknown_revocation_status(mut self) -> Self {
        self.revocation.unknown = Leniency::Allowed;
        self
    }

    /// Also uses lists given by [`crl`](Self::crl) that have expired (`nextUpdate`, RFC 5280 §5.1.2.5). Defaults to
    /// refusing the certificates that they cover.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().crl(std::fs::read("company-ca.crl")?).allow_expired_crls().build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_expired_crls(mut self) -> Self {
        self.revocation.expired = Leniency::Allowed;
        self
    }

    /// Checks only the servers' own certificates by [`crl`](Self::crl), and not the authorities in their chains. Defaults
    /// to checking both.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let list = std::fs::read("issuing-ca.crl")?;
    /// let tls = TlsConfig::builder().crl(list).only_check_end_entity_revocation().build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only_check_end_entity_revocation(mut self) -> Self {
        self.revocation.depth = Depth::EndEntity;
        self
    }

    /// Requires this public key of every server, besides a valid certificate. Defaults to no pins. With several pins, one
    /// of them suffices: pin the next key, too, before it is used.
    ///
    /// A pin is a hash, or its text as in [`SpkiPin`]. The pinned key may be the server's own, or that of an authority
    /// that has signed the server's certificate, directly or through others, including the root. A key in a certificate
    /// outside of the verified chain is ignored.
    ///
    /// A host that has none of its pinned keys is refused ([`PinMismatch`](crate::TlsErrorKind::PinMismatch)).
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder()
    ///     .pin_spki_sha256("sha256/C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8M=")
    ///     .pin_spki_sha256([7; 32])
    ///     .build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    #[doc(alias = "pinnedpubkey")]
    #[doc(alias = "certificate_pinning")]
    pub fn pin_spki_sha256<P>(mut self, pin: P) -> Self
    where
        P: TryInto<SpkiPin, Error: Into<TlsConfigError>>,
    {
        self.pins.push((None, pin.try_into().map_err(Into::into)));
        self
    }

    /// Requires this public key of a host, besides a valid certificate, as [`pin_spki_sha256`](Self::pin_spki_sha256)
    /// does of all hosts. If there are pins for the host and pins for all, one of them suffices.
    ///
    /// `host` is a name or an IP address, or `*.` and a domain: all hosts below the domain, at any depth.
    ///
    /// ```
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::TlsConfig;
    ///
    /// let pin = "sha256/C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8M=";
    /// let tls = TlsConfig::builder().pin_spki_sha256_for("*.bank.example", pin).build()?;
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    pub fn pin_spki_sha256_for<P>(mut self, host: impl Into<String>, pin: P) -> Self
    where
        P: TryInto<SpkiPin, Error: Into<TlsConfigError>>,
    {
        self.pins.push((Some(host.into()), pin.try_into().map_err(Into::into)));
        self
    }

    /// Accepts **every** certificate, also an expired one or one for another host. An attacker between this client and
    /// the server can then read and change all data. Use it only against test servers, and prefer [`root`](Self::root)
    /// even there. Defaults to full verification.
    ///
    /// Signatures are still checked: the server holds the key of the certificate that it shows. So a
    /// [pin](Self::pin_spki_sha256) of the server's own key is still checked, too; the pin of an authority never
    /// matches. CRLs are not used.
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
}
