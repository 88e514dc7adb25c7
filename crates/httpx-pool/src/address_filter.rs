//! [`AddressFilter`]: which addresses may be connected to.

use std::borrow::Cow;
use std::net::SocketAddr;

use thiserror::Error;

/// Decides which addresses may be connected to, for requests whose URLs come from others (SSRF).
///
/// It is asked about each address itself, after the lookup and before a connection is attempted: the addresses of a name,
/// of an [override](crate::ConnectOptions::resolve) and of a URL, for each redirect and each new connection. So a name that
/// resolves to another address at the second lookup (DNS rebinding) does not get past it. Addresses that it refuses are
/// left out. If it refuses them all, the request fails with kind
/// [`AddressRefused`](httpx_core::ErrorKind::AddressRefused).
///
/// A custom backend may connect without asking the filter. The filter is then asked about the `peer_addr` of its
/// stream, if the stream knows it, before anything is sent. A Unix socket has no address: the filter is not asked about
/// it.
///
/// With a [proxy](crate::ConnectOptions::proxy), the filter is asked about the address of the proxy, and about the address of
/// the origin only if the client knows it. It cannot check names that a proxy looks up: a program that fetches untrusted
/// URLs calls `no_proxy()`, or uses a `socks5://` proxy, whose names are looked up by the client. If a filter allows the
/// address of the proxy, it also allows this address as an origin.
///
/// A filter is part of what makes connections differ: a request with a filter never gets a connection that was opened
/// with another one, or with none.
///
/// [`PublicOnly`](crate::PublicOnly) is the filter for the public internet. A closure is a filter, too:
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use std::net::SocketAddr;
/// use httpx::network::AddressRefused;
///
/// let only_https = |address: SocketAddr| match address.port() {
///     443 => Ok(()),
///     _ => Err(AddressRefused::new("only port 443 is allowed")),
/// };
/// let pool = httpx::ConnectionPool::builder().address_filter(only_https).build();
/// # }
/// ```
pub trait AddressFilter: Send + Sync + 'static {
    /// Checks an address.
    ///
    /// # Errors
    ///
    /// If no connection to it may be made. The reason is shown in the error of the request.
    fn check(&self, address: SocketAddr) -> Result<(), AddressRefused>;
}

impl<F: Fn(SocketAddr) -> Result<(), AddressRefused> + Send + Sync + 'static> AddressFilter for F {
    fn check(&self, address: SocketAddr) -> Result<(), AddressRefused> {
        self(address)
    }
}

/// The reason why an [`AddressFilter`] refuses an address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct AddressRefused {
    reason: Cow<'static, str>,
}

impl AddressRefused {
    /// Makes a refusal. The reason completes the sentence "the address is not allowed: …".
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::AddressRefused;
    ///
    /// let refused = AddressRefused::new("it is not in the office");
    /// assert_eq!(refused.to_string(), "it is not in the office");
    /// ```
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        AddressRefused { reason: reason.into() }
    }
}
