//! The transports of a connection, TCP and TLS. A test over one should hold over all.

use std::fmt;

use httpx_pool::PoolBuilder;

#[cfg(feature = "tls")]
use super::tls::Authority;
use super::{Flavour, Script, Server};

/// TCP, or TLS over it.
pub enum Wire {
    Plain,
    #[cfg(feature = "tls")]
    Tls(Authority, rustls::ProtocolVersion),
}

impl Wire {
    /// All there are.
    pub fn each() -> Vec<Wire> {
        [Wire::Plain].into_iter().chain(Wire::secure()).collect()
    }

    #[cfg(feature = "tls")]
    fn secure() -> impl Iterator<Item = Wire> {
        let versions = [&rustls::version::TLS12, &rustls::version::TLS13];
        versions.into_iter().map(|version| Wire::Tls(Authority::new(&[version]), version.version))
    }

    #[cfg(not(feature = "tls"))]
    fn secure() -> Option<Wire> {
        None
    }

    /// As [`Server::new`].
    pub fn serve(&self, scripts: impl IntoIterator<Item = Script, IntoIter: Send + 'static>) -> Server {
        match self {
            Wire::Plain => Server::new(scripts),
            #[cfg(feature = "tls")]
            Wire::Tls(authority, _) => authority.serve(scripts),
        }
    }

    pub fn repeat(&self, script: Script) -> Server {
        self.serve(std::iter::repeat(script))
    }

    /// A pool that trusts these servers.
    pub fn pool<F: Flavour>(&self) -> F {
        F::make(|pool| self.trusted(pool))
    }

    pub fn trusted<B>(&self, pool: PoolBuilder<B>) -> PoolBuilder<B> {
        match self {
            Wire::Plain => pool,
            #[cfg(feature = "tls")]
            Wire::Tls(authority, _) => pool.tls(authority.client.clone()),
        }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wire::Plain => f.write_str("TCP"),
            #[cfg(feature = "tls")]
            Wire::Tls(_, version) => version.fmt(f),
        }
    }
}
