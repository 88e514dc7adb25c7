//! A verifier that also requires a pinned key.
//!
//! A pin matches the server's own certificate and the certificates of the authorities in its chain, the root included.
//! It does not suffice that the server *shows* a certificate with a pinned key: every server can show it. So if the server's
//! own key is not pinned, the chain is verified again, and only certificates with pinned keys count as roots.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::crypto::hash::Hash;
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use thiserror::Error;

use super::der;
use super::host_pattern::HostPattern;
use super::spki_pin::{SpkiPin, public_key_info};

/// A pin, and the hosts that it is for: `None` for all.
#[derive(Debug)]
pub(super) struct Pin {
    pub(super) hosts: Option<HostPattern>,
    pub(super) pin: SpkiPin,
}

/// Another verifier, and pins.
pub(super) struct PinnedKeys {
    verifier: Arc<dyn ServerCertVerifier>,
    pins: Vec<Pin>,
    /// The pinned ones among the roots, with their pins.
    roots: Vec<(SpkiPin, TrustAnchor<'static>)>,
    chains: Chains,
    sha256: &'static dyn Hash,
}

/// The checks of the other verifier.
pub(super) enum Chains {
    /// Chains of certificates, with these algorithms.
    Verified(WebPkiSupportedAlgorithms),
    /// Nothing, so only the server's own key is proven.
    Unverified,
}

impl PinnedKeys {
    pub(super) fn new(
        verifier: Arc<dyn ServerCertVerifier>,
        pins: Vec<Pin>,
        roots: &RootCertStore,
        chains: Chains,
        sha256: &'static dyn Hash,
    ) -> Self {
        let pinned = |root: &TrustAnchor<'static>| {
            let info = der::sequence(&root.subject_public_key_info)?;
            let key = SpkiPin::of_public_key_info(&info, sha256)?;
            pins.iter().any(|pin| pin.pin == key).then(|| (key, root.clone()))
        };
        let roots = roots.roots.iter().filter_map(pinned).collect();
        Self { verifier, pins, roots, chains, sha256 }
    }

    /// Returns the pins of which a server of this name must have one, if there are any.
    fn pins_for(&self, name: &ServerName<'_>) -> Vec<SpkiPin> {
        let host = name.to_str();
        let is_for = |pin: &&Pin| pin.hosts.as_ref().is_none_or(|hosts| hosts.matches(&host));
        self.pins.iter().filter(is_for).map(|pin| pin.pin).collect()
    }

    fn key_of(&self, certificate: &CertificateDer<'_>) -> Option<SpkiPin> {
        SpkiPin::of_public_key_info(public_key_info(certificate)?, self.sha256)
    }

    /// Returns whether a certificate with one of these pins has signed the server's, directly or by others.
    fn is_signed_by(
        &self,
        pins: &[SpkiPin],
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> bool {
        let Chains::Verified(algorithms) = &self.chains else { return false };
        let mut signers = RootCertStore::empty();
        let roots = self.roots.iter().filter(|(key, _)| pins.contains(key));
        signers.extend(roots.map(|(_, root)| root.clone()));
        for certificate in intermediates {
            if self.key_of(certificate).is_some_and(|key| pins.contains(&key)) {
                // One that cannot be read signs nothing.
                let _ = signers.add(certificate.clone().into_owned());
            }
        }
        ParsedCertificate::try_from(end_entity).is_ok_and(|parsed| {
            verify_server_cert_signed_by_trust_anchor(&parsed, &signers, intermediates, now, algorithms.all)
                .is_ok()
        })
    }
}

impl ServerCertVerifier for PinnedKeys {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        let pins = self.pins_for(server_name);
        if pins.is_empty() {
            return Ok(verified);
        }
        let key = self.key_of(end_entity).ok_or(CertificateError::BadEncoding)?;
        if pins.contains(&key) || self.is_signed_by(&pins, end_entity, intermediates, now) {
            return Ok(verified);
        }
        Err(PinMismatch { key, pins }.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

impl fmt::Debug for PinnedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PinnedKeys").field("verifier", &self.verifier).field("pins", &self.pins).finish()
    }
}

/// The server's chain has none of the pinned keys.
#[derive(Debug, Error)]
#[error("the key is {key}, and {} is pinned", PinList(pins))]
pub(super) struct PinMismatch {
    /// The server's own.
    pub(super) key: SpkiPin,
    pins: Vec<SpkiPin>,
}

impl PinMismatch {
    /// Returns the mismatch that an error of rustls holds.
    pub(super) fn find_in(error: &Error) -> Option<&Self> {
        match error {
            Error::InvalidCertificate(CertificateError::Other(OtherError(other))) => other.downcast_ref(),
            _ => None,
        }
    }

    /// Returns the pins, in words.
    pub(super) fn expected(&self) -> impl fmt::Display {
        PinList(&self.pins)
    }
}

impl From<PinMismatch> for Error {
    fn from(mismatch: PinMismatch) -> Self {
        CertificateError::Other(OtherError(Arc::new(mismatch))).into()
    }
}

struct PinList<'a>(&'a [SpkiPin]);

impl fmt::Display for PinList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 4;
        for (n, pin) in self.0.iter().take(SHOWN).enumerate() {
            let or = if n == 0 { "" } else { " or " };
            write!(f, "{or}{pin}")?;
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " or {more} more"),
        }
    }
}
