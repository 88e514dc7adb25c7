//! Where streams come from.

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

/// Connects: the one place where the library meets the network.
///
/// A backend gives the bare stream; TLS, where the endpoint's scheme asks for it, is spoken over it by the caller.
///
/// ```
/// use std::time::Instant;
/// use httpx_pool::{ConnectError, NetworkBackend, NetworkStream, Endpoint, TcpBackend};
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
    /// Connects to the endpoint by the deadline; without one, for as long as the system likes to try.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] says what was attempted. Errors of one's own go into [`ConnectError::Other`].
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

/// TCP: resolves the name and tries its addresses in order.
///
/// The time that is left is shared evenly among the addresses that are left, so that one of them that does not
/// answer cannot use it all up.
#[derive(Clone, Debug, Default)]
pub struct TcpBackend {
    resolver: SystemResolver,
}

impl TcpBackend {
    /// The default backend.
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
