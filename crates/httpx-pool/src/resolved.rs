//! [`Resolved`]: the result of a lookup.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The addresses of a name, and how long they are valid.
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_pool::*; } }
/// use std::net::Ipv4Addr;
/// use std::time::Duration;
/// use httpx::network::Resolved;
///
/// let resolved = Resolved::new([Ipv4Addr::new(192, 0, 2, 1)]).time_to_live(Duration::from_secs(300));
/// assert_eq!(resolved.addresses().len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    addresses: Vec<SocketAddr>,
    time_to_live: Option<Duration>,
}

impl Resolved {
    /// Makes a result of these addresses, the preferred family first (RFC 6724).
    ///
    /// Of each family the first 32 are used. No address at all means that the name has none.
    pub fn new(addresses: impl IntoIterator<Item = impl Into<IpAddr>>) -> Self {
        Self::of_sockets(addresses.into_iter().map(|address| SocketAddr::new(address.into(), 0)))
    }

    /// Makes a result of socket addresses, as the functions of the standard library return them. The port is replaced
    /// by that of the URL. Unlike [`new`](Self::new), it keeps the scopes of IPv6 addresses.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::net::ToSocketAddrs;
    /// use httpx::network::Resolved;
    ///
    /// let resolved = Resolved::of_sockets(("127.0.0.1", 0).to_socket_addrs()?);
    /// assert_eq!(resolved.addresses().len(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn of_sockets(addresses: impl IntoIterator<Item = SocketAddr>) -> Self {
        let (mut v4, mut v6) = (0, 0);
        let in_bounds = |address: &SocketAddr| {
            let count = if address.is_ipv6() { &mut v6 } else { &mut v4 };
            *count += 1;
            *count <= MAX_OF_FAMILY
        };
        Resolved {
            addresses: addresses.into_iter().take(MAX_READ).filter(in_bounds).collect(),
            time_to_live: None,
        }
    }

    /// Sets how long the addresses are valid. Defaults to the lifetime of the cache
    /// ([`DnsCacheOptions::lifetime`](crate::DnsCacheOptions::lifetime)). Zero means: do not cache.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::net::Ipv4Addr;
    /// use std::time::Duration;
    /// use httpx::network::Resolved;
    ///
    /// // From a DNS record with a TTL of a minute.
    /// let resolved = Resolved::new([Ipv4Addr::new(192, 0, 2, 1)]).time_to_live(Duration::from_secs(60));
    /// ```
    pub fn time_to_live(mut self, time: Duration) -> Self {
        self.time_to_live = Some(time);
        self
    }

    /// Returns the addresses.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    pub(crate) fn into_parts(self) -> (Vec<SocketAddr>, Option<Duration>) {
        (self.addresses, self.time_to_live)
    }
}

/// The most addresses of one family that are kept for a name.
const MAX_OF_FAMILY: usize = 32;

/// The most addresses of a resolver that are looked at. The iterator may have no end.
const MAX_READ: usize = 65_536;

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    #[test]
    fn each_family_is_bounded() {
        let v4 = std::iter::repeat_n(IpAddr::from(Ipv4Addr::LOCALHOST), 10_000);
        let resolved = Resolved::new(v4.chain([IpAddr::from(Ipv6Addr::LOCALHOST)]));
        assert_eq!(resolved.addresses().len(), MAX_OF_FAMILY + 1);
        assert!(resolved.addresses().last().is_some_and(SocketAddr::is_ipv6));
        assert_eq!(Resolved::new(std::iter::repeat(Ipv4Addr::LOCALHOST)).addresses().len(), MAX_OF_FAMILY);
    }
}
