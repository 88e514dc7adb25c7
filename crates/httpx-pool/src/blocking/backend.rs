//! [`NetworkBackend`]: where streams come from. [`TcpBackend`]: the default.

use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::deadline::Deadline;
use super::resolve::SystemResolver;
use super::stream::NetworkStream;
use super::tcp::TcpStream;
use crate::address_attempts::AddressAttempts;
use crate::connect_error::ConnectError;
use crate::endpoint::Endpoint;

/// Makes connections. All network access of the library goes through this trait.
///
/// A backend returns the bare stream. For `https` the caller adds TLS.
///
/// # Examples
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_pool::*; } }
/// use std::time::Instant;
/// use httpx::network::{ConnectError, Endpoint, NetworkBackend, NetworkStream, TcpBackend};
///
/// /// Sends everything to a server on this machine.
/// #[derive(Debug)]
/// struct Local(TcpBackend);
///
/// impl NetworkBackend for Local {
///     fn connect(
///         &self,
///         endpoint: &Endpoint,
///         deadline: Option<Instant>,
///     ) -> Result<Box<dyn NetworkStream>, ConnectError> {
///         self.0.connect(&Endpoint::new(endpoint.scheme(), "127.0.0.1", endpoint.port()), deadline)
///     }
/// }
/// ```
pub trait NetworkBackend: Send + Sync + Debug {
    /// Connects to the endpoint by the deadline. Without one, the operating system decides how long to try.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] names the step that failed. Put your own errors into [`ConnectError::Other`].
    fn connect(
        &self,
        endpoint: &Endpoint,
        deadline: Option<Instant>,
    ) -> Result<Box<dyn NetworkStream>, ConnectError>;
}

impl<B: NetworkBackend + ?Sized> NetworkBackend for Arc<B> {
    fn connect(
        &self,
        endpoint: &Endpoint,
        deadline: Option<Instant>,
    ) -> Result<Box<dyn NetworkStream>, ConnectError> {
        (**self).connect(endpoint, deadline)
    }
}

/// Connects by TCP: resolves the name and tries its addresses in order.
///
/// The remaining time is divided evenly among the remaining addresses, so that one address that does not answer cannot
/// use it up.
#[derive(Clone, Debug, Default)]
pub struct TcpBackend {
    resolver: SystemResolver,
}

impl TcpBackend {
    /// Returns a backend with the resolver of the operating system.
    pub fn new() -> Self {
        TcpBackend::default()
    }
}

impl NetworkBackend for TcpBackend {
    fn connect(
        &self,
        endpoint: &Endpoint,
        deadline: Option<Instant>,
    ) -> Result<Box<dyn NetworkStream>, ConnectError> {
        let countdown = Deadline::at(deadline);
        let addresses = self.resolver.resolve(endpoint.host(), endpoint.port(), countdown)?;
        Ok(Box::new(connect_to_any(endpoint.host(), addresses, deadline)?))
    }
}

pub(crate) fn connect_to_any(
    host: &str,
    addresses: Vec<SocketAddr>,
    deadline: Option<Instant>,
) -> Result<TcpStream, ConnectError> {
    let mut attempts = AddressAttempts::new(host, addresses, deadline);
    while let Some((address, by)) = attempts.next(Instant::now()) {
        match connect_to(address, Deadline::at(by).remaining()) {
            Ok(stream) => return Ok(stream),
            Err(error) => attempts.failed(error),
        }
    }
    Err(attempts.into_error(Instant::now()))
}

fn connect_to(address: SocketAddr, timeout: Option<Duration>) -> io::Result<TcpStream> {
    TcpStream::fresh(match timeout {
        None => std::net::TcpStream::connect(address)?,
        Some(timeout) => std::net::TcpStream::connect_timeout(&address, timeout)?,
    })
}
