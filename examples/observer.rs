//! Where the time goes: an observer prints one line for each event, and a response knows its timings.
//!
//!     cargo run --release --example observer

#![allow(clippy::print_stdout)]

mod support;

use httpx::network::{Event, Observer};
use httpx::tls::TlsConfig;
use httpx::{Client, Result};

/// Prints one line for each event.
struct Printer;

impl Observer for Printer {
    fn observe(&self, event: &Event<'_>) {
        match event {
            Event::RequestStarted { request, method, url, .. } => {
                println!("request {request}: {method} {url}");
            }
            Event::ConnectEnded { address, duration, .. } => {
                println!("  connected to {address} in {duration:?}");
            }
            Event::HandshakeEnded { duration, .. } => println!("  TLS handshake in {duration:?}"),
            Event::ConnectionAcquired { connection, is_reused, .. } => {
                println!("  over connection {connection} ({})", if *is_reused { "reused" } else { "new" });
            }
            Event::ResponseStarted { status, elapsed, .. } => println!("  {status} after {elapsed:?}"),
            Event::BodyEnded { bytes, duration, .. } => println!("  {bytes} bytes in {duration:?}"),
            Event::ConnectionClosed { connection, cause, .. } => println!("connection {connection}: {cause}"),
            _ => {}
        }
    }
}

fn main() -> Result<()> {
    let site = support::https();
    let tls = TlsConfig::builder().root(site.root()).build()?;
    let client = Client::builder().url(site.url()).tls(tls).observer(Printer).build()?;
    for _ in 0..2 {
        let response = client.get("json").send()?;
        if let Some(timings) = response.timings() {
            println!("  connect {:?}, TLS {:?}", timings.connect, timings.tls);
            println!("  send {:?}, first byte {:?}", timings.send, timings.first_byte);
        }
    }
    client.close();
    println!("{:?}", client.stats());
    Ok(())
}
