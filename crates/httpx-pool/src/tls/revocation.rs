//! [`Revocation`]: the certificate revocation lists (CRLs), and how strictly they are applied.

use rustls::client::ServerCertVerifierBuilder;
use rustls_pki_types::CertificateRevocationListDer;

use super::config_error::TlsConfigError;
use super::roots::pem_or_der;

/// Certificate revocation lists (RFC 5280 §5) as they were given.
#[derive(Default)]
pub(super) struct Revocation {
    pub(super) lists: Vec<Vec<u8>>,
    pub(super) depth: Depth,
    pub(super) unknown: Leniency,
    pub(super) expired: Leniency,
}

/// The certificates that are checked. A root is never checked.
#[derive(Default)]
pub(super) enum Depth {
    #[default]
    Chain,
    EndEntity,
}

/// How to treat a certificate whose status is unknown, or is known only from an expired list.
#[derive(Default)]
pub(super) enum Leniency {
    #[default]
    Refused,
    Allowed,
}

impl Revocation {
    /// Adds the lists to a verifier. Without lists nothing is checked.
    pub(super) fn set_for(
        &self,
        verifier: ServerCertVerifierBuilder,
    ) -> Result<ServerCertVerifierBuilder, TlsConfigError> {
        let verifier = verifier.with_crls(self.parse()?);
        let verifier = match self.depth {
            Depth::Chain => verifier,
            Depth::EndEntity => verifier.only_check_end_entity_revocation(),
        };
        let verifier = match self.unknown {
            Leniency::Refused => verifier,
            Leniency::Allowed => verifier.allow_unknown_revocation_status(),
        };
        Ok(match self.expired {
            Leniency::Refused => verifier.enforce_revocation_expiration(),
            Leniency::Allowed => verifier,
        })
    }

    fn parse(&self) -> Result<Vec<CertificateRevocationListDer<'static>>, TlsConfigError> {
        let mut all = Vec::new();
        for list in &self.lists {
            let found = pem_or_der(list)
                .map_err(|e| TlsConfigError::Pem { place: "a CRL".into(), what: e.to_string().into() })?;
            if found.is_empty() {
                return Err(TlsConfigError::NoCrl);
            }
            all.extend(found);
        }
        Ok(all)
    }
}
