//! A server with a self-signed certificate: the wrong and the right way to talk to it.
//!
//!     cargo run --release --example no_verify

#![allow(clippy::print_stdout, clippy::expect_used)]

mod support;

use httpx::tls::{TlsConfig, TlsErrorKind};
use httpx::{Client, Result};

fn main() -> Result<()> {
    let server = support::https_self_signed();
    let url = server.url();

    // By default the client refuses it.
    let error = Client::new().get(&url).send().expect_err("an unknown certificate");
    println!("by default: {error:#}");
    assert_eq!(TlsErrorKind::find_in(&error), Some(TlsErrorKind::UnknownIssuer));

    // The wrong way: an attacker on the network path can read and change everything.
    let no_verify = TlsConfig::builder().danger_accept_invalid_certs().build()?;
    let r = client(no_verify)?.get(&url).send()?;
    println!("without verification: {r:?}");
    assert!(r.status().is_success());

    // The right way: trust this one certificate, or the authority that signed it.
    let trusting = TlsConfig::builder().root(server.root()).build()?;
    let r = client(trusting)?.get(&url).send()?;
    println!("with one more root: {r:?}");
    assert!(r.status().is_success());
    Ok(())
}

fn client(tls: TlsConfig) -> Result<Client> {
    Client::builder().tls(tls).build()
}
