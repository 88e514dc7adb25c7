//! [`NetworkBackend`]: where streams come from. [`TcpBackend`]: the default.

use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::Arc;

use super::connect::connect_to_any;
use super::resolver::{BlockingResolverSource, Resolver, look_up};
use super::stream::NetworkStream;
use super::tcp::TcpStream;
use crate::connect_error::ConnectError;
use crate::destination::Destination;
use crate::dns_cache_options::DnsCacheOptions;
use crate::lookups::Lookups;
use crate::sys;
use crate::system_resolver::OfSystem;

/// Makes connections. All network access of the library goes through this trait.
///
/// A backend returns the bare stream. For `https` the caller adds TLS.
///
/// # Examples
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_pool::*; } }
/// use httpx::network::{ConnectError, Destination, Endpoint, NetworkBackend, NetworkStream, TcpBackend};
///
/// /// Sends everything to a server on this machine.
/// #[derive(Debug)]
/// struct Local(TcpBackend);
///
/// impl NetworkBackend for Local {
///     fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
///         let here = Endpoint::new(to.endpoint().scheme(), "127.0.0.1", to.endpoint().port());
///         self.0.connect(&to.with_endpoint(&here))
///     }
/// }
/// ```
pub trait NetworkBackend: Send + Sync + Debug {
    /// Connects to the destination's endpoint by its deadline.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] names the step that failed. Put your own errors into [`ConnectError::Other`].
    fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError>;

    /// Looks up the addresses of the destination's host by its deadline, with the port of the endpoint. It is called only
    /// for a proxy that is given addresses (`socks4`, `socks5`). Defaults to an error.
    ///
    /// # Errors
    ///
    /// The same as for [`connect`](Self::connect).
    fn resolve(&self, to: &Destination<'_>) -> Result<Vec<SocketAddr>, ConnectError> {
        Err(ConnectError::no_lookups(to.endpoint().host()))
    }

    /// Returns whether a pool over this backend reads the proxies of the environment. Defaults to true. A network that is
    /// not the system's, such as one inside the process, returns false.
    fn uses_env_proxies(&self) -> bool {
        true
    }
}

impl<B: NetworkBackend + ?Sized> NetworkBackend for Arc<B> {
    fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        (**self).connect(to)
    }

    fn resolve(&self, to: &Destination<'_>) -> Result<Vec<SocketAddr>, ConnectError> {
        (**self).resolve(to)
    }

    fn uses_env_proxies(&self) -> bool {
        (**self).uses_env_proxies()
    }
}

/// Connects by TCP: looks the name up and tries its addresses as in RFC 8305 (Happy Eyeballs).
///
/// The families of the addresses take turns. The next address is tried as soon as one fails, or when there is no answer
/// within the [attempt delay](crate::ConnectOptions::attempt_delay) (250 ms). The first connection wins. An address that
/// wins over an earlier one is tried first for five minutes. At most 24 addresses are tried, and 8 at once.
///
/// The results of lookups are [cached](crate::DnsCacheOptions). Each new connection begins with another address of the
/// name, so that connections spread over them. Clones share the cache. `localhost` and the names below it are always
/// the loopback addresses (RFC 6761 §6.3).
///
/// ```
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use std::time::Duration;
/// use httpx::ConnectionPool;
/// use httpx::network::{DnsCacheOptions, TcpBackend};
///
/// let cache = DnsCacheOptions::new().lifetime(Duration::from_secs(5));
/// let pool = ConnectionPool::builder().backend(TcpBackend::new().dns_cache(cache)).build();
/// ```
#[derive(Clone, Debug)]
pub struct TcpBackend {
    lookups: Arc<Lookups>,
}

impl TcpBackend {
    /// Returns a backend with the resolver of the operating system.
    pub fn new() -> Self {
        TcpBackend { lookups: Lookups::new(Arc::new(OfSystem), DnsCacheOptions::new()) }
    }

    /// Sets the resolver. Defaults to [`SystemResolver`](crate::SystemResolver). The cache starts empty.
    ///
    /// ```
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::ConnectionPool;
    /// use httpx::network::{SystemResolver, TcpBackend};
    ///
    /// // Put your own resolver here.
    /// let backend = TcpBackend::new().resolver(SystemResolver::new());
    /// let pool = ConnectionPool::builder().backend(backend).build();
    /// ```
    pub fn resolver(self, resolver: impl Resolver + 'static) -> Self {
        TcpBackend { lookups: self.lookups.with_source(BlockingResolverSource(Arc::new(resolver))) }
    }

    /// Sets how many results of lookups are kept, and how long. Defaults to those of [`DnsCacheOptions`]. The cache starts
    /// empty.
    ///
    /// ```
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::ConnectionPool;
    /// use httpx::network::{DnsCacheOptions, TcpBackend};
    ///
    /// // Each connection asks the resolver.
    /// let backend = TcpBackend::new().dns_cache(DnsCacheOptions::new().max_names(0));
    /// let pool = ConnectionPool::builder().backend(backend).build();
    /// ```
    pub fn dns_cache(self, options: DnsCacheOptions) -> Self {
        TcpBackend { lookups: self.lookups.with_options(options) }
    }
}

impl Default for TcpBackend {
    fn default() -> Self {
        TcpBackend::new()
    }
}

impl NetworkBackend for TcpBackend {
    fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        if let Some(path) = to.options().socket_path() {
            let connected = sys::connect_unix(path, to.deadline());
            let socket = connected.map_err(|error| ConnectError::unix_socket(path, error))?;
            return Ok(Box::new(TcpStream::over_unix(socket)));
        }
        let addresses = self.resolve(to)?;
        let (stream, winner) = connect_to_any(to.attempts(to.allowed(addresses)?), to.options().socket())?;
        self.lookups.won(to.endpoint().host(), winner);
        Ok(Box::new(stream))
    }

    fn resolve(&self, to: &Destination<'_>) -> Result<Vec<SocketAddr>, ConnectError> {
        match to.known_addresses() {
            Some(known) => known,
            None => look_up(&self.lookups, to),
        }
    }
}
