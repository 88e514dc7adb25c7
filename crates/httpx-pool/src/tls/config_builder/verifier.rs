//! Builds the verifier of server certificates: WebPKI, trusted leaves, pins.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{VerifierBuilderError, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls_pki_types::CertificateDer;

use super::{DefaultRoots, TlsConfigBuilder, Verification};
use crate::tls::config_error::TlsConfigError;
use crate::tls::danger::AcceptAnyCertificate;
use crate::tls::host_pattern::HostPattern;
use crate::tls::pinned_keys::{Chains, Pin, PinnedKeys};
use crate::tls::roots;
use crate::tls::spki_pin::sha256_of;
use crate::tls::trusted_leaf::TrustedLeafVerifier;

/// The name of a given root in errors.
const GIVEN_ROOT: &str = "a root given to the builder";

impl TlsConfigBuilder {
    /// Returns the verifier of servers, which checks roots, CRLs and pins.
    pub(super) fn verifier(
        &mut self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, TlsConfigError> {
        let algorithms = provider.signature_verification_algorithms;
        let given = self.given_roots()?;
        let roots = Arc::new(self.trusted(&given)?);
        let (verifier, chains): (Arc<dyn ServerCertVerifier>, _) = match self.verification {
            Verification::Full => {
                let builder =
                    WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(provider));
                let webpki = self.revocation.set_for(builder)?.build().map_err(unusable)?;
                let chains = Chains::Verified(algorithms);
                if given.is_empty() {
                    (webpki, chains)
                } else {
                    (Arc::new(TrustedLeafVerifier::new(webpki, &given, algorithms)), chains)
                }
            }
            Verification::Dangerous => (Arc::new(AcceptAnyCertificate { algorithms }), Chains::Unverified),
        };
        let pins = self.parse_pins()?;
        if pins.is_empty() {
            return Ok(verifier);
        }
        Ok(Arc::new(PinnedKeys::new(verifier, pins, &roots, chains, sha256_of(provider)?)))
    }

    /// The certificates given by [`root`](Self::root).
    fn given_roots(&self) -> Result<Vec<CertificateDer<'static>>, TlsConfigError> {
        let mut all = Vec::new();
        for given in &self.roots {
            all.extend(roots::certificates(given, GIVEN_ROOT)?);
        }
        Ok(all)
    }

    pub(super) fn trusted(&self, given: &[CertificateDer<'static>]) -> Result<RootCertStore, TlsConfigError> {
        let named = || roots::EnvironmentRoots::of_environment().map(|named| named.read());
        let mut store = match self.default_roots {
            DefaultRoots::Excluded => RootCertStore::empty(),
            DefaultRoots::Bundled => named().unwrap_or_else(|| Ok(roots::mozilla_roots()))?,
            #[cfg(feature = "native-roots")]
            DefaultRoots::Native => named().unwrap_or_else(crate::tls::native_roots::read)?,
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

    fn parse_pins(&mut self) -> Result<Vec<Pin>, TlsConfigError> {
        let parse = |(hosts, pin): (Option<String>, Result<_, _>)| {
            Ok(Pin { hosts: hosts.as_deref().map(HostPattern::parse).transpose()?, pin: pin? })
        };
        self.pins.drain(..).map(parse).collect()
    }
}

fn unusable(error: VerifierBuilderError) -> TlsConfigError {
    match error {
        VerifierBuilderError::InvalidCrl(error) => TlsConfigError::Crl(error.into()),
        other => TlsConfigError::Rustls(rustls::Error::General(other.to_string())),
    }
}
