//! A resolver for both flavours whose answers a test chooses.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx_pool::Resolved;

use super::Gate;

/// A resolver that gives one answer, and remembers which names it was asked for.
#[derive(Clone)]
pub struct StubResolver {
    answer: Arc<dyn Fn(&str) -> Answer + Send + Sync>,
    asked: Arc<Mutex<Vec<String>>>,
    /// Ends the lookups that hang, so that no thread outlives its test.
    gate: Gate,
}

impl fmt::Debug for StubResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StubResolver")
    }
}

/// An answer for a name.
pub enum Answer {
    Addresses(Vec<IpAddr>),
    /// Addresses that are not cached.
    Uncached(Vec<IpAddr>),
    Fails(io::ErrorKind),
    Panics,
    Hangs,
}

impl StubResolver {
    pub fn new(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        StubResolver { answer: Arc::new(answer), asked: Arc::default(), gate: Gate::default() }
    }

    /// All names lead to these addresses.
    pub fn leading_to(addresses: impl IntoIterator<Item = impl Into<IpAddr>>) -> Self {
        let addresses: Vec<IpAddr> = addresses.into_iter().map(Into::into).collect();
        StubResolver::new(move |_| Answer::Addresses(addresses.clone()))
    }

    /// The names that it was asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Ends the lookups that hang.
    pub fn release(&self) {
        self.gate.open();
    }

    /// `None` if the lookup hangs.
    fn begin(&self, name: &str) -> Option<io::Result<Resolved>> {
        self.asked.lock().unwrap().push(name.to_owned());
        match (self.answer)(name) {
            Answer::Addresses(addresses) => Some(Ok(Resolved::new(addresses))),
            Answer::Uncached(addresses) => Some(Ok(Resolved::new(addresses).time_to_live(Duration::ZERO))),
            Answer::Fails(kind) => Some(Err(kind.into())),
            Answer::Panics => panic!("no answer for {name}"),
            Answer::Hangs => None,
        }
    }
}

#[cfg(feature = "blocking")]
impl httpx_pool::Resolver for StubResolver {
    fn resolve(&self, name: &str) -> io::Result<Resolved> {
        self.begin(name).unwrap_or_else(|| {
            self.gate.wait();
            Err(io::ErrorKind::TimedOut.into())
        })
    }
}

#[cfg(feature = "async")]
impl httpx_pool::ahttpx::Resolver for StubResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> httpx_pool::ahttpx::Resolving<'a> {
        Box::pin(async move {
            match self.begin(name) {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        })
    }
}
