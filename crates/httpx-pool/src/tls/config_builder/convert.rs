//! Converts the settings of a [`TlsConfigBuilder`] for rustls.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, KeyLogFile};

use super::{CertificateAndKey, KeyLogging, ServerNameIndication, TlsConfigBuilder};
use crate::tls::client_certificate::{ClientCertificate, ClientCertificates};
use crate::tls::config_error::TlsConfigError;
use crate::tls::host_pattern::HostPattern;
use crate::tls::version::versions;

/// How many sessions are kept for resumption. A host takes up to 8 (a ticket serves one connection), so this is enough
/// for 250 hosts. The default of rustls, 256, is enough for 32.
const SESSIONS: usize = 2048;

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
