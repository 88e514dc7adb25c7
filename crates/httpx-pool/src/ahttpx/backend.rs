//! Where streams come from.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::time::timeout_at;

use super::stream::NetworkStream;
use super::tcp::TcpStream;
use crate::address_attempts::AddressAttempts;
use crate::connect_error::{ConnectError, ConnectStep};
use crate::endpoint::Endpoint;

/// A connection that is being made.
pub type Connecting<'a> =
    Pin<Box<dyn Future<Output = Result<Box<dyn NetworkStream>, ConnectError>> + Send + 'a>>;

/// Connects: the one place where the library meets the network.
///
/// A backend gives the bare stream; TLS, where the endpoint's scheme asks for it, is spoken over it by the caller.
///
/// ```
/// use std::time::Instant;
/// use httpx_pool::Endpoint;
/// use httpx_pool::ahttpx::{Connecting, NetworkBackend, TcpBackend};
///
/// /// Sends everything to a server on this machine.
/// #[derive(Debug)]
/// struct Local(TcpBackend);
///
/// impl NetworkBackend for Local {
///     fn connect<'a>(&'a self, endpoint: &'a Endpoint, deadline: Option<Instant>) -> Connecting<'a> {
///         Box::pin(async move {
///             self.0.connect(&Endpoint::new(endpoint.scheme(), "127.0.0.1", endpoint.port()), deadline).await
///         })
///     }
/// }
/// ```
pub trait NetworkBackend: Send + Sync + Debug {
    /// Connects to the endpoint by the deadline; without one, for as long as the system likes to try.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] says what was attempted. Errors of one's own go into [`ConnectError::Other`].
    fn connect<'a>(&'a self, endpoint: &'a Endpoint, deadline: Option<Instant>) -> Connecting<'a>;
}

impl<B: NetworkBackend + ?Sized> NetworkBackend for Arc<B> {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint, deadline: Option<Instant>) -> Connecting<'a> {
        (**self).connect(endpoint, deadline)
    }
}

/// TCP: resolves the name and tries its addresses in order.
///
/// The time that is left is shared evenly among the addresses that are left, so that one of them that does not answer
/// cannot use it all up. Names are looked up on tokio's threads for blocking work.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TcpBackend;

impl TcpBackend {
    /// The default backend.
    pub fn new() -> Self {
        Self
    }
}

impl NetworkBackend for TcpBackend {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint, deadline: Option<Instant>) -> Connecting<'a> {
        Box::pin(async move {
            Handle::try_current().map_err(io::Error::other)?;
            let addresses = resolve(endpoint.host(), endpoint.port(), deadline).await?;
            let stream = connect_to_any(endpoint.host(), addresses, deadline).await?;
            Ok(Box::new(stream) as Box<dyn NetworkStream>)
        })
    }
}

async fn resolve(host: &str, port: u16, deadline: Option<Instant>) -> Result<Vec<SocketAddr>, ConnectError> {
    if let Ok(address) = host.parse() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let looking = async { Ok::<Vec<_>, io::Error>(tokio::net::lookup_host((host, port)).await?.collect()) };
    match within(deadline, looking).await {
        None => Err(ConnectError::TimedOut { step: ConnectStep::Resolving, host: host.into() }),
        Some(found) => ConnectError::check_found(host, found),
    }
}

pub(crate) async fn connect_to_any(
    host: &str,
    addresses: Vec<SocketAddr>,
    deadline: Option<Instant>,
) -> Result<TcpStream, ConnectError> {
    let mut attempts = AddressAttempts::new(host, addresses, deadline);
    while let Some((address, by)) = attempts.next(Instant::now()) {
        let connecting = async { TcpStream::new(tokio::net::TcpStream::connect(address).await?) };
        match within(by, connecting).await.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into())) {
            Ok(stream) => return Ok(stream),
            Err(error) => attempts.failed(error),
        }
    }
    Err(attempts.into_error(Instant::now()))
}

/// The future's output, unless the time is up before; then `None`.
pub(super) async fn within<T>(by: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match by {
        None => Some(future.await),
        Some(by) => timeout_at(by.into(), future).await.ok(),
    }
}
