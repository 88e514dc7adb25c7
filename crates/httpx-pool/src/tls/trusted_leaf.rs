//! Trusts a certificate of the roots also as a leaf: as the server certificate of the server that presents it.
//!
//! `openssl req -x509` makes self-signed certificates that are marked as an authority's; other commands make ones of
//! X.509 version 1. Many servers use them as server certificates. rustls accepts such a certificate as a root, but
//! never as a server certificate. OpenSSL accepts it if it is itself trusted, and so does
//! [`TrustedLeafVerifier`]: the server must present exactly a trusted certificate, which no CRL revokes, and the name and
//! the dates must be right. Nothing that a server sends is parsed here.

mod certificate;

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use certificate::TrustedLeaf;

/// The verifier of rustls, and a second one for servers that present a certificate of the roots.
#[derive(Debug)]
pub(super) struct TrustedLeafVerifier {
    webpki: Arc<WebPkiServerVerifier>,
    leaves: Vec<TrustedLeaf>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl TrustedLeafVerifier {
    /// A root that cannot be read here is still a root, but never accepted as a server certificate.
    pub(super) fn new(
        webpki: Arc<WebPkiServerVerifier>,
        roots: &[CertificateDer<'static>],
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Self {
        let leaves = roots.iter().filter_map(TrustedLeaf::parse).collect();
        Self { webpki, leaves, algorithms }
    }

    fn find(&self, shown: &CertificateDer<'_>) -> Option<&TrustedLeaf> {
        self.leaves.iter().find(|leaf| leaf.is(shown))
    }
}

impl ServerCertVerifier for TrustedLeafVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.webpki.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now).or_else(
            |error| {
                if error == CertificateError::Revoked.into() {
                    return Err(error);
                }
                let leaf = self.find(end_entity).ok_or(error)?;
                leaf.verify(server_name, now)?;
                Ok(ServerCertVerified::assertion())
            },
        )
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.find(cert).filter(|leaf| leaf.has_version_1()) {
            Some(leaf) => leaf.verify_tls12_signature(message, dss, &self.algorithms),
            None => self.webpki.verify_tls12_signature(message, cert, dss),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.find(cert).filter(|leaf| leaf.has_version_1()) {
            Some(leaf) => leaf.verify_tls13_signature(message, dss, &self.algorithms),
            None => self.webpki.verify_tls13_signature(message, cert, dss),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests;
