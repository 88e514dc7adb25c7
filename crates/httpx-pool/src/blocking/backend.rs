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
use crate::destination::Destination;

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
}

impl<B: NetworkBackend + ?Sized> NetworkBackend for Arc<B> {
    fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        (**self).connect(to)
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
    fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        let addresses = to.allowed(self.resolver.resolve(to)?)?;
        Ok(Box::new(connect_to_any(to.endpoint().host(), addresses, to.deadline())?))
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
