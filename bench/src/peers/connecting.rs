//! A small GET over a new connection each time: other clients, each with the same TLS library and as many roots.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use httpx_bench::connecting::{Blocking, Connecting, WithTokio, connects_measured};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use nix::time::{ClockId, clock_gettime};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::{Builder, Runtime};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::Result;

/// Prints the CPU time of a GET of this client, in microseconds.
pub(crate) fn measure(name: &str, url: &str, certificate: &str, n: &str) -> Result<()> {
    let certificate = if certificate == "-" { None } else { Some(std::fs::read(certificate)?) };
    let (certificate, n) = (certificate.as_deref(), n.parse()?);
    let time = match name {
        "httpx" => run::<Blocking>(url, certificate, n),
        "ureq" => run::<Ureq>(url, certificate, n),
        "httpx-async" => run::<WithTokio>(url, certificate, n),
        "hyper-util" => run::<HyperUtil>(url, certificate, n),
        "reqwest" => run::<Reqwest>(url, certificate, n),
        _ => return Err(format!("no such client: {name}").into()),
    }?;
    println!("{:.1}", time.as_secs_f64() * 1e6);
    Ok(())
}

/// Returns the CPU time of a GET: that of all threads, in user mode and in the system.
fn run<C: Connecting>(url: &str, certificate: Option<&[u8]>, n: u32) -> Result<Duration> {
    let mut client = C::new(url, certificate)?;
    // The first handshake is a full one.
    client.get()?;
    let began = cpu_time()?;
    connects_measured(&mut client, n.into())?;
    Ok((cpu_time()? - began) / n.max(1))
}

fn cpu_time() -> Result<Duration> {
    Ok(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into())
}

struct Ureq(Agent, String);

impl Connecting for Ureq {
    fn new(url: &str, certificate: Option<&[u8]>) -> Result<Self> {
        let roots = match certificate {
            Some(pem) => vec![Certificate::from_pem(pem)?],
            None => Vec::new(),
        };
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&roots)).build();
        let config = Agent::config_builder().tls_config(tls).max_idle_connections(0).build();
        Ok(Ureq(config.into(), url.to_owned()))
    }

    fn get(&mut self) -> Result<usize> {
        Ok(self.0.get(&self.1).call()?.body_mut().read_to_vec()?.len())
    }
}

struct HyperUtil(Runtime, Client<HttpsConnector<HttpConnector>, Empty<Bytes>>, http::Uri);

impl Connecting for HyperUtil {
    fn new(url: &str, certificate: Option<&[u8]>) -> Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config(certificate)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        Ok(HyperUtil(Builder::new_current_thread().enable_all().build()?, client, url.parse()?))
    }

    fn get(&mut self) -> Result<usize> {
        let HyperUtil(runtime, client, url) = self;
        runtime.block_on(async {
            let response = client.get(url.clone()).await?;
            Ok(response.into_body().collect().await?.to_bytes().len())
        })
    }
}

struct Reqwest(Runtime, reqwest::Client, reqwest::Url);

impl Connecting for Reqwest {
    fn new(url: &str, certificate: Option<&[u8]>) -> Result<Self> {
        let builder = reqwest::Client::builder().use_preconfigured_tls(config(certificate)?);
        let client = builder.pool_max_idle_per_host(0).build()?;
        Ok(Reqwest(Builder::new_current_thread().enable_all().build()?, client, url.parse()?))
    }

    fn get(&mut self) -> Result<usize> {
        let Reqwest(runtime, client, url) = self;
        runtime.block_on(async { Ok(client.get(url.clone()).send().await?.bytes().await?.len()) })
    }
}

fn config(certificate: Option<&[u8]>) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = certificate {
        roots.add(CertificateDer::from_pem_slice(pem)?)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
