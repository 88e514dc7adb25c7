//! New connections, and names in the cache.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering};

use httpx::network::{DnsCacheOptions, Resolved, Resolver, TcpBackend};
use httpx::{Client, ConnectionPool};
use httpx_bench::Result;
use httpx_bench::connecting::{Blocking, Connecting, WithTokio, connects_measured};

use crate::allocations;

/// GETs over new connections.
pub(crate) fn run(flavour: &str, url: &str, certificate: &str, n: u64) -> Result<()> {
    let certificate = if certificate == "-" { None } else { Some(fs::read(certificate)?) };
    match flavour {
        "blocking" => connect::<Blocking>(url, certificate.as_deref(), n),
        "async" => connect::<WithTokio>(url, certificate.as_deref(), n),
        _ => Err(format!("no such flavour: {flavour}").into()),
    }
}

fn connect<C: Connecting>(url: &str, certificate: Option<&[u8]>, n: u64) -> Result<()> {
    let mut client = C::new(url, certificate)?;
    // The first handshake is a full one.
    client.get()?;
    connects_measured(&mut client, n)
}

/// How often a name is looked up.
const LOOKUPS: u64 = 10_000;

static CALLS: AtomicU64 = AtomicU64::new(0);

/// Counts its calls.
#[derive(Debug)]
struct Counting;

impl Resolver for Counting {
    fn resolve(&self, _: &str) -> io::Result<Resolved> {
        CALLS.fetch_add(1, Ordering::Relaxed);
        Ok(Resolved::new([Ipv4Addr::LOCALHOST]))
    }
}

/// A connection to a name that is in the cache differs from one to an address only in its lookup.
pub(crate) fn lookups(port: &str) -> Result<()> {
    let backend = TcpBackend::new().resolver(Counting).dns_cache(DnsCacheOptions::new());
    let pool = ConnectionPool::builder().backend(backend).max_idle_connections(0).build();
    let client = Client::builder().transport(pool).build()?;
    for (name, host) in [("literal", "127.0.0.1"), ("cached-name", "cached.test")] {
        let url = format!("http://{host}:{port}/small");
        client.get(&*url).send()?;
        let counted = allocations::per_run(LOOKUPS, || {
            (0..LOOKUPS).try_for_each(|_| client.get(&*url).send().map(drop))
        })?;
        println!("connect.{name}.allocations {counted}");
    }
    println!("connect.cached-name.resolver-calls {}", CALLS.load(Ordering::Relaxed));
    println!("connect.cached-name.threads {}", threads()?);
    Ok(())
}

/// The threads of this process: the main one, and one for the lookup that found no answer.
fn threads() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("Threads:"));
    Ok(line.ok_or("no such line")?.trim().parse()?)
}
