//! Certificates that were given as roots and are servers' own.
//!
//! `openssl req -x509` makes a self-signed certificate that is marked as an authority's (or, in older forms, one of X.509
//! version 1), and servers use it as their own. rustls accepts such a certificate as a root but never as a server's own.
//! OpenSSL accepts it if it is itself among the trusted ones, and so does [`GivenRoots`]: the server must show exactly a
//! given certificate, which must be for its name and valid now. Nothing that a server sends is parsed here.

mod certificate;
mod der;

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use certificate::GivenCertificate;

/// The verifier of rustls, and the given certificates for servers that show one of them.
#[derive(Debug)]
pub(super) struct GivenRoots {
    webpki: Arc<WebPkiServerVerifier>,
    given: Vec<GivenCertificate>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl GivenRoots {
    /// Certificates that cannot be read are still roots, and never a server's own.
    pub(super) fn new(
        webpki: Arc<WebPkiServerVerifier>,
        given: &[CertificateDer<'static>],
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Self {
        let given = given.iter().filter_map(GivenCertificate::parse).collect();
        Self { webpki, given, algorithms }
    }

    fn find(&self, shown: &CertificateDer<'_>) -> Option<&GivenCertificate> {
        self.given.iter().find(|given| given.is(shown))
    }
}

impl ServerCertVerifier for GivenRoots {
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
                let given = self.find(end_entity).ok_or(error)?;
                given.verify(server_name, now)?;
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
        match self.find(cert).filter(|given| given.has_version_1()) {
            Some(given) => given.verify_tls12_signature(message, dss, &self.algorithms),
            None => self.webpki.verify_tls12_signature(message, cert, dss),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.find(cert).filter(|given| given.has_version_1()) {
            Some(given) => given.verify_tls13_signature(message, dss, &self.algorithms),
            None => self.webpki.verify_tls13_signature(message, cert, dss),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests;
