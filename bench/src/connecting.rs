//! A small GET over a new connection each time: our two flavours.

use httpx::tls::TlsConfig;
use httpx::{Client, ahttpx};
use tokio::runtime::{Builder, Runtime};

use crate::{Result, cases};

/// A client that keeps no connections.
pub trait Connecting: Sized {
    /// Makes a client that trusts this certificate.
    ///
    /// # Errors
    ///
    /// If the certificate or the URL is not valid.
    fn new(url: &str, certificate: Option<&[u8]>) -> Result<Self>;

    /// Sends a GET and reads the response. Returns the length of the body.
    ///
    /// # Errors
    ///
    /// If there is no response.
    fn get(&mut self) -> Result<usize>;
}

/// Sends this many GETs. Callgrind counts this function.
///
/// # Errors
///
/// If a GET fails.
#[inline(never)]
pub fn connects_measured<C: Connecting>(client: &mut C, n: u64) -> Result<()> {
    for _ in 0..n {
        assert_eq!(client.get()?, cases::SHORT);
    }
    Ok(())
}

/// The blocking flavour.
#[derive(Debug)]
pub struct Blocking(Client, String);

impl Connecting for Blocking {
    fn new(url: &str, certificate: Option<&[u8]>) -> Result<Self> {
        let client = Client::builder().max_idle_connections(0).tls(tls(certificate)?).build()?;
        Ok(Blocking(client, url.to_owned()))
    }

    fn get(&mut self) -> Result<usize> {
        Ok(self.0.get(&*self.1).send()?.bytes().len())
    }
}

/// The async flavour, on a runtime of one thread.
#[derive(Debug)]
pub struct WithTokio(Runtime, ahttpx::Client, String);

impl Connecting for WithTokio {
    fn new(url: &str, certificate: Option<&[u8]>) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let client = ahttpx::Client::builder().max_idle_connections(0).tls(tls(certificate)?).build()?;
        Ok(WithTokio(runtime, client, url.to_owned()))
    }

    fn get(&mut self) -> Result<usize> {
        let WithTokio(runtime, client, url) = self;
        Ok(runtime.block_on(async { client.get(&**url).send().await })?.bytes().len())
    }
}

fn tls(certificate: Option<&[u8]>) -> Result<TlsConfig> {
    let builder = TlsConfig::builder();
    Ok(match certificate {
        Some(certificate) => builder.only_given_roots().root(certificate),
        None => builder,
    }
    .build()?)
}
