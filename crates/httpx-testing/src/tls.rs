//! Certificates, made for one test each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType, IsCa,
    Issuer, KeyIdMethod, KeyPair, RevokedCertParams, SigningKey, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoClientAuth, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate authority.
#[derive(Debug)]
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The certificates that its servers show besides their own: none for a root.
    chain: Vec<CertificateDer<'static>>,
}

impl Authority {
    /// A new authority with a unique name.
    #[allow(clippy::new_without_default)] // each one is another
    pub fn new() -> Self {
        let issuer = CertifiedIssuer::self_signed(authority(), KeyPair::generate().unwrap()).unwrap();
        Authority { issuer, chain: Vec::new() }
    }

    /// An authority whose certificate is signed by this one, with this serial number.
    pub fn intermediate(&self, serial: u64) -> Self {
        let mut params = authority();
        params.serial_number = Some(serial.into());
        let issuer = CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &self.issuer).unwrap();
        let chain = [vec![issuer.der().clone()], self.chain.clone()].concat();
        Authority { issuer, chain }
    }

    /// The same authority, whose servers also show the certificate of another one, which has not signed theirs.
    pub fn showing(mut self, other: &Authority) -> Self {
        self.chain.push(other.issuer.der().clone());
        self
    }

    /// A server of this host, with a certificate that is good until the year 4096.
    pub fn server(&self, host: &str) -> Arc<ServerConfig> {
        self.server_until(host, 4096)
    }

    /// The same, with a certificate that ends with the last day before this year.
    pub fn server_until(&self, host: &str, year: i32) -> Arc<ServerConfig> {
        self.server_of(&leaf(host, year), Arc::new(NoClientAuth))
    }

    /// A server of this host, whose certificate has this serial number.
    pub fn server_numbered(&self, host: &str, serial: u64) -> Arc<ServerConfig> {
        let mut params = leaf(host, 4096);
        params.serial_number = Some(serial.into());
        self.server_of(&params, Arc::new(NoClientAuth))
    }

    /// A list (CRL) in PEM that revokes certificates of this authority by their serial numbers. It expires with the last
    /// day before this year.
    pub fn crl(&self, revoked: &[u64], year: i32) -> String {
        list(&self.issuer, revoked, year)
    }

    /// A server of this host that requires a client certificate.
    pub fn server_for_known(&self, host: &str) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let known = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        self.server_of(&leaf(host, 4096), known)
    }

    fn server_of(
        &self,
        params: &CertificateParams,
        clients: Arc<dyn ClientCertVerifier>,
    ) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate: CertificateDer<'static> = params.signed_by(&key, &self.issuer).unwrap().into();
        let chain = [vec![certificate], self.chain.clone()].concat();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(chain, key)
            .unwrap();
        Arc::new(config)
    }

    /// A certificate for a client of this name and its private key, in PEM.
    pub fn client(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    /// Its own certificate in PEM: the root that a client must trust.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }
}

fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, unique("Authority"));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

/// A CRL in PEM.
fn list(issuer: &Issuer<'_, impl SigningKey>, revoked: &[u64], year: i32) -> String {
    let revoked = revoked.iter().map(|&serial| RevokedCertParams {
        serial_number: serial.into(),
        revocation_time: date_time_ymd(1976, 1, 1),
        reason_code: None,
        invalidity_date: None,
    });
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(1976, 1, 1),
        next_update: date_time_ymd(year, 1, 1),
        crl_number: 1.into(),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(issuer).unwrap().pem().unwrap()
}

/// The certificate of a server, which ends with the last day before this year.
fn leaf(host: &str, year: i32) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.not_before = date_time_ymd(1975, 1, 1);
    params.not_after = date_time_ymd(year, 1, 1);
    params
}

/// A server with a certificate that is signed by its own key only.
#[derive(Debug)]
pub struct SelfSigned {
    /// The server's configuration. Its ALPN is `http/1.1`.
    pub server: Arc<ServerConfig>,
    /// The certificate in PEM.
    pub pem: String,
    /// A list (CRL) in PEM by which the certificate revokes itself.
    pub crl: String,
}

impl SelfSigned {
    /// A server of this host that speaks all versions of TLS that rustls has.
    pub fn any_version(host: &str) -> Self {
        Self::new(host, rustls::ALL_VERSIONS)
    }

    /// A server of this host that speaks these versions of TLS.
    pub fn new(host: &str, versions: &[&'static SupportedProtocolVersion]) -> Self {
        Self::with(host, versions, IsCa::NoCa)
    }

    /// A server of this host with a certificate that is marked as an authority's, as `openssl req -x509` makes them.
    pub fn authority(host: &str) -> Self {
        Self::with(host, rustls::ALL_VERSIONS, IsCa::Ca(BasicConstraints::Unconstrained))
    }

    /// A server of this host that sends this number of session tickets after the handshake, each in about one record.
    pub fn with_tickets(host: &str, tickets: usize) -> Self {
        let mut made = Self::new(host, &[&rustls::version::TLS13]);
        let server = Arc::make_mut(&mut made.server);
        server.send_tls13_tickets = tickets;
        server.max_fragment_size = Some(128);
        made
    }

    fn with(host: &str, versions: &[&'static SupportedProtocolVersion], is_ca: IsCa) -> Self {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.is_ca = is_ca;
        params.distinguished_name.push(DnType::CommonName, unique("Server"));
        params.serial_number = Some(5.into());
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let pem = certificate.pem();
        let crl = list(&Issuer::from_params(&params, &key), &[5], 4096);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], key)
            .unwrap();
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        SelfSigned { server: Arc::new(server), pem, crl }
    }
}

/// A name that no other certificate of this process has. With the same name, a client would take a different key for
/// a forged signature.
fn unique(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{what} {}", NEXT.fetch_add(1, Ordering::Relaxed))
}
