//! A client that presents a client certificate to the server (mutual TLS).
//!
//!     cargo run --release --example client_certificate

#![allow(clippy::print_stdout)]

mod support;

use httpx::tls::TlsConfig;
use httpx::{Client, ErrorKind};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // In a program these come from files: the chain of the client's certificate and its private key, in PEM.
    let (site, certificate, key) = support::https_for_known_clients();

    let tls = TlsConfig::builder().root(site.root()).client_certificate(certificate, key).build()?;
    let client = Client::builder().url(site.url()).tls(tls).build()?;
    let response = client.get("/").send()?;
    println!("with a certificate: {response:?} {}", response.text());
    assert_eq!(response.text(), "<h1>Hello, world</h1>");

    // The same without one.
    let tls = TlsConfig::builder().root(site.root()).build()?;
    let client = Client::builder().url(site.url()).tls(tls).build()?;
    let Err(error) = client.get("/").send() else { return Err("the server took anybody".into()) };
    println!("without: {error:#}");
    assert_eq!(error.kind(), ErrorKind::Tls);
    Ok(())
}
