//! [`TrustedLeaf`]: checks a certificate of the roots as a server certificate.

use std::net::IpAddr;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::verify_server_name;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved};
use rustls_pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};

use crate::tls::der::{BIT_STRING, Der, Element, INTEGER, OID, SEQUENCE, SET, context};

/// The object identifiers 2.5.4.3 and 2.5.29.17.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

/// A certificate and the fields of it that are checked (RFC 5280 §4.1).
#[derive(Debug)]
pub(super) struct TrustedLeaf {
    der: CertificateDer<'static>,
    version_1: bool,
    not_before: UnixTime,
    not_after: UnixTime,
    /// If there are alternative names, common names do not count (RFC 6125 §6.4.4).
    has_alternative_names: bool,
    common_names: Vec<String>,
    public_key: PublicKey,
}

#[derive(Debug)]
struct PublicKey {
    /// The whole SubjectPublicKeyInfo.
    info: Vec<u8>,
    algorithm: Vec<u8>,
    key: Vec<u8>,
}

impl TrustedLeaf {
    pub(super) fn parse(der: &CertificateDer<'static>) -> Option<Self> {
        let mut fields = Der(der).next_if(SEQUENCE)?.inside().next_if(SEQUENCE)?.inside();
        let version = fields.next_if(context(0));
        fields.next_if(INTEGER)?;
        let [_signature, _issuer] = [fields.next_if(SEQUENCE)?, fields.next_if(SEQUENCE)?];
        let mut validity = fields.next_if(SEQUENCE)?.inside();
        let [not_before, not_after] = [validity.next()?.time()?, validity.next()?.time()?];
        let subject = fields.next_if(SEQUENCE)?;
        let public_key = PublicKey::parse(fields.next_if(SEQUENCE)?)?;
        let extensions = fields.find(|field| field.tag == context(3));
        Some(Self {
            der: der.clone(),
            version_1: version.is_none(),
            not_before,
            not_after,
            has_alternative_names: extensions.is_some_and(has_alternative_names),
            common_names: common_names(subject),
            public_key,
        })
    }

    pub(super) fn is(&self, shown: &CertificateDer<'_>) -> bool {
        self.der.as_ref() == shown.as_ref()
    }

    pub(super) fn has_version_1(&self) -> bool {
        self.version_1
    }

    /// Checks the dates and the name.
    pub(super) fn verify(&self, name: &ServerName<'_>, now: UnixTime) -> Result<(), Error> {
        if now < self.not_before {
            let not_before = self.not_before;
            return Err(CertificateError::NotValidYetContext { time: now, not_before }.into());
        }
        if now > self.not_after {
            let not_after = self.not_after;
            return Err(CertificateError::ExpiredContext { time: now, not_after }.into());
        }
        if self.has_alternative_names {
            return verify_server_name(&ParsedCertificate::try_from(&self.der)?, name);
        }
        if self.common_names.iter().any(|common| is_name_of(common, name)) {
            return Ok(());
        }
        let presented = self.common_names.clone();
        Err(CertificateError::NotValidForNameContext { expected: name.to_owned(), presented }.into())
    }

    pub(super) fn verify_tls13_signature(
        &self,
        message: &[u8],
        dss: &DigitallySignedStruct,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Result<HandshakeSignatureValid, Error> {
        let info = SubjectPublicKeyInfoDer::from(&*self.public_key.info);
        verify_tls13_signature_with_raw_key(message, &info, dss, algorithms)
    }

    /// Verifies by the first algorithm of the scheme that fits the key, as rustls does. For TLS 1.2, rustls has no such
    /// function for a raw key.
    pub(super) fn verify_tls12_signature(
        &self,
        message: &[u8],
        dss: &DigitallySignedStruct,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Result<HandshakeSignatureValid, Error> {
        let scheme = algorithms.mapping.iter().find(|(scheme, _)| *scheme == dss.scheme);
        let (_, algorithms) = scheme.ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
        let PublicKey { algorithm, key, .. } = &self.public_key;
        let fitting = algorithms.iter().find(|fits| fits.public_key_alg_id().as_ref() == algorithm);
        let is_valid =
            fitting.is_some_and(|fits| fits.verify_signature(key, message, dss.signature()).is_ok());
        if is_valid {
            Ok(HandshakeSignatureValid::assertion())
        } else {
            Err(CertificateError::BadSignature.into())
        }
    }
}

impl PublicKey {
    fn parse(info: Element<'_>) -> Option<Self> {
        let mut fields = info.inside();
        let algorithm = fields.next_if(SEQUENCE)?.content.to_vec();
        // The first byte of a bit string is the number of unused bits.
        let (&unused, key) = fields.next_if(BIT_STRING)?.content.split_first()?;
        (unused == 0).then(|| PublicKey { info: info.whole.to_vec(), algorithm, key: key.to_vec() })
    }
}

fn has_alternative_names(extensions: Element<'_>) -> bool {
    let list = extensions.inside().next_if(SEQUENCE);
    list.is_some_and(|list| {
        list.inside().any(|extension| {
            extension.inside().next_if(OID).is_some_and(|id| id.content == ALTERNATIVE_NAMES)
        })
    })
}

fn common_names(subject: Element<'_>) -> Vec<String> {
    let sets = subject.inside().filter(|part| part.tag == SET);
    let attributes = sets.flat_map(Element::inside).filter_map(|attribute| {
        let mut fields = attribute.inside();
        let id = fields.next_if(OID)?;
        (id.content == COMMON_NAME).then(|| fields.next())?
    });
    attributes.filter_map(|value| std::str::from_utf8(value.content).ok().map(Into::into)).collect()
}

/// Compares names by RFC 6125 §6.4: equal, or with one label in place of a leading `*`.
fn is_name_of(common: &str, name: &ServerName<'_>) -> bool {
    match name {
        ServerName::IpAddress(address) => common.parse() == Ok(IpAddr::from(*address)),
        ServerName::DnsName(name) => {
            let name = name.as_ref();
            let name = name.strip_suffix('.').unwrap_or(name);
            let (pattern, name) = match (common.strip_prefix("*."), name.split_once('.')) {
                (Some(parent), Some((_, rest))) if parent.contains('.') => (parent, rest),
                _ => (common, name),
            };
            pattern.eq_ignore_ascii_case(name)
        }
        _ => false,
    }
}
