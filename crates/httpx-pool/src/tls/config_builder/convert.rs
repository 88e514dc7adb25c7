//! Converts the settings of a [`TlsConfigBuilder`] for rustls.

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, VerifierBuilderError, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, KeyLogFile, RootCertStore};
use rustls_pki_types::CertificateDer;

use super::{
    CertificateAndKey, DefaultRoots, KeyLogging, ServerNameIndication, TlsConfigBuilder, Verification,
};
use crate::tls::client_certificate::{ClientCertificate, ClientCertificates};
use crate::tls::config_error::TlsConfigError;
use crate::tls::danger::AcceptAnyCertificate;
use crate::tls::host_pattern::HostPattern;
use crate::tls::pinned_keys::{Chains, Pin, PinnedKeys};
use crate::tls::roots;
use crate::tls::spki_pin::sha256_of;
use crate::tls::trusted_leaf::TrustedLeafVerifier;
use crate::tls::version::versions;

/// How many sessions are kept for resumption. A host takes up to 8 (a ticket serves one connection), so this is enough
/// for 250 hosts. The default of rustls, 256, is enough for 32.
const SESSIONS: usize = 2048;

/// The name of a given root in errors.
const GIVEN_ROOT: &str = "a root given to the builder";

/// The ALPN names of the HTTP versions that this library does not speak.
const OTHER_HTTP: [&[u8]; 2] = [b"h2", b"h3"];

impl TlsConfigBuilder {
    /// Returns the configuration for all hosts, and the client certificates for some.
    pub(in crate::tls) fn convert(mut self) -> Result<(ClientConfig, ClientCertificates), TlsConfigError> {
        self.check_alpn()?;
        let versions = versions(self.min_version, self.max_version);
        if versions.is_empty() {
            return Err(TlsConfigError::Versions);
        }
        let default_provider = || Arc::new(rustls::crypto::ring::default_provider());
        let provider = self.provider.take().unwrap_or_else(default_provider);
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(TlsConfigError::Rustls)?
            .dangerous()
            .with_custom_certificate_verifier(self.verifier(&provider)?)
            .with_no_client_auth();
        if let Some(certificate) = &self.client {
            certificate.parse("the client certificate", &provider)?.set_for(&mut config);
        }
        config.alpn_protocols = std::mem::take(&mut self.alpn);
        config.resumption = Resumption::in_memory_sessions(SESSIONS);
        config.enable_sni = matches!(self.server_name, ServerNameIndication::Sent);
        if let KeyLogging::ToEnvironmentsFile = self.key_log {
            config.key_log = Arc::new(KeyLogFile::new());
        }
        let client_certificates = self.client_certificates(&config, &provider)?;
        Ok((config, client_certificates))
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

    /// Returns the verifier of servers, which checks roots, CRLs and pins.
    fn verifier(
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

    fn client_certificates(
        self,
        common: &ClientConfig,
        provider: &CryptoProvider,
    ) -> Result<ClientCertificates, TlsConfigError> {
        let mut by_host = Vec::new();
        for (host, certificate) in self.clients_by_host {
            let pattern = HostPattern::parse(&host)?;
            let mut config = common.clone();
            let name = format!("the client certificate for {pattern}");
            certificate.parse(&name, provider)?.set_for(&mut config);
            by_host.push((pattern, Arc::new(config)));
        }
        Ok(ClientCertificates { by_host, resolver: self.client_resolver })
    }
}

impl CertificateAndKey {
    /// `name` is for the error.
    fn parse(&self, name: &str, provider: &CryptoProvider) -> Result<ClientCertificate, TlsConfigError> {
        ClientCertificate::parse(&self.chain, &self.key, name, provider)
    }
}

fn unusable(error: VerifierBuilderError) -> TlsConfigError {
    match error {
        VerifierBuilderError::InvalidCrl(error) => TlsConfigError::Crl(error.into()),
        other => TlsConfigError::Rustls(rustls::Error::General(other.to_string())),
    }
}
