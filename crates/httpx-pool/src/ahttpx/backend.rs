//! [`NetworkBackend`]: where streams come from. [`TcpBackend`]: the default.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::Handle;

use super::drivers;
use super::resolve::SystemResolver;
use super::stream::NetworkStream;
use super::tcp::TcpStream;
use super::timer::within;
use crate::address_attempts::AddressAttempts;
use crate::connect_error::ConnectError;
use crate::destination::Destination;

/// A future of a connection.
pub type Connecting<'a> =
    Pin<Box<dyn Future<Output = Result<Box<dyn NetworkStream>, ConnectError>> + Send + 'a>>;

/// Makes connections. All network access of the library goes through this trait.
///
/// A backend returns the bare stream. For `https` the caller adds TLS.
///
/// # Examples
///
/// ```
/// # mod httpx { pub mod ahttpx { pub mod network { pub use httpx_pool::{Destination, Endpoint, ahttpx::*}; } } }
/// use httpx::ahttpx::network::{Connecting, Destination, Endpoint, NetworkBackend, TcpBackend};
///
/// /// Sends everything to a server on this machine.
/// #[derive(Debug)]
/// struct Local(TcpBackend);
///
/// impl NetworkBackend for Local {
///     fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a> {
///         Box::pin(async move {
///             let here = Endpoint::new(to.endpoint().scheme(), "127.0.0.1", to.endpoint().port());
///             self.0.connect(&to.with_endpoint(&here)).await
///         })
///     }
/// }
/// ```
pub trait NetworkBackend: Send + Sync + Debug {
    /// Connects to the destination's endpoint by its deadline.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] names the step that failed. Put your own errors into [`ConnectError::Other`].
    fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a>;
}

impl<B: NetworkBackend + ?Sized> NetworkBackend for Arc<B> {
    fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a> {
        (**self).connect(to)
    }
}

/// Connects by TCP: resolves the name and tries its addresses in order.
///
/// The remaining time is divided evenly among the remaining addresses, so that one address that does not answer cannot
/// use it up. Names are looked up on tokio's threads for blocking work.
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
    fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a> {
        Box::pin(async move {
            Handle::try_current().map_err(io::Error::other)?;
            let addresses = to.allowed(self.resolver.resolve(to).await?)?;
            let stream = connect_to_any(to.endpoint().host(), addresses, to.deadline()).await?;
            Ok(Box::new(stream) as Box<dyn NetworkStream>)
        })
    }
}

pub(crate) async fn connect_to_any(
    host: &str,
    addresses: Vec<SocketAddr>,
    deadline: Option<Instant>,
) -> Result<TcpStream, ConnectError> {
    let mut attempts = AddressAttempts::new(host, addresses, deadline);
    while let Some((address, by)) = attempts.next(Instant::now()) {
        let connecting = async { TcpStream::new(drivers::connect(address).await?) };
        match within(by, connecting).await.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into())) {
            Ok(stream) => return Ok(stream),
            Err(error) => attempts.failed(error),
        }
    }
    Err(attempts.into_error(Instant::now()))
}
