//! [`PublicOnly`]: the address filter for the public internet.

use std::net::{IpAddr, SocketAddr};

use crate::address_filter::{AddressFilter, AddressRefused};
use crate::ip_network::{InvalidIpNetwork, IpNetwork};

/// An [`AddressFilter`] that allows only addresses of the public internet, for requests whose URLs come from others.
///
/// It refuses, by the registries of IANA (RFC 6890):
///
/// | addresses | refused because |
/// | --- | --- |
/// | `127.0.0.0/8`, `::1` | this machine |
/// | `0.0.0.0/8`, `::` | this machine, on many systems |
/// | `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`, `fc00::/7`, `fec0::/10` | private networks |
/// | `100.64.0.0/10` | networks of providers behind NAT |
/// | `169.254.0.0/16`, `fe80::/10` | link-local, for example the metadata of cloud machines |
/// | `192.0.0.0/24`, `2001::/23` | protocols, among them Teredo |
/// | `192.0.2.0/24`, `198.51.100.0/24`, `203.0.113.0/24`, `2001:db8::/32`, `3fff::/20` | documentation |
/// | `192.88.99.0/24`, `2002::/16` | 6to4 |
/// | `198.18.0.0/15` | benchmarks |
/// | `224.0.0.0/4`, `ff00::/8` | multicast |
/// | `240.0.0.0/4` | reserved, and broadcast |
/// | `::/96`, `::ffff:0:0/96`, `64:ff9b::/96`, `64:ff9b:1::/48` | IPv4 addresses embedded in IPv6 |
/// | all other IPv6 addresses outside of `2000::/3` | not assigned to the public internet |
///
/// Prefixes that embed an IPv4 address are refused as a whole, even if that address is public. In a network that
/// reaches IPv4 through NAT64, allow its prefix by [`except`](Self::except).
///
/// The filter checks the address of a [proxy](crate::ConnectOptions::proxy) too: a proxy in a private network is
/// refused, unless its address is an exception. The exception then also allows this address as an origin.
///
/// It cannot check names that a proxy looks up (`http`, `https`, `socks4a`, `socks5h`). A program that fetches untrusted
/// URLs calls `no_proxy()`, or uses a `socks5://` proxy, whose names are looked up by the client.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use httpx::ConnectionPool;
/// use httpx::network::PublicOnly;
///
/// let filter = PublicOnly::new().except("10.1.0.0/16")?;
/// let pool = ConnectionPool::builder().address_filter(filter).build();
/// # }
/// # Ok::<(), httpx_pool::InvalidIpNetwork>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PublicOnly {
    exceptions: Vec<IpNetwork>,
}

impl PublicOnly {
    /// Makes the filter without exceptions.
    pub fn new() -> Self {
        PublicOnly::default()
    }

    /// Allows the addresses of a network, such as `10.1.0.0/16`, or one address.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::net::SocketAddr;
    /// use httpx::network::{AddressFilter, PublicOnly};
    ///
    /// let filter = PublicOnly::new().except("10.1.0.0/16")?.except("::1")?;
    /// assert!(filter.check("10.1.2.3:80".parse()?).is_ok());
    /// assert!(filter.check("10.2.0.0:80".parse()?).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is not a network: see [`IpNetwork`].
    pub fn except(mut self, network: &str) -> Result<Self, InvalidIpNetwork> {
        self.exceptions.push(network.parse()?);
        Ok(self)
    }
}

impl AddressFilter for PublicOnly {
    fn check(&self, address: SocketAddr) -> Result<(), AddressRefused> {
        let address = address.ip();
        match refusal(address) {
            Some(reason) if !self.exceptions.iter().any(|network| network.contains(address)) => {
                Err(AddressRefused::new(reason))
            }
            _ => Ok(()),
        }
    }
}

/// The networks that are refused, and why. The first that matches gives the reason.
const REFUSED: &[(IpNetwork, &str)] = &[
    (IpNetwork::v4([0, 0, 0, 0], 8), "it is this machine"),
    (IpNetwork::v4([10, 0, 0, 0], 8), "it is in a private network"),
    (IpNetwork::v4([100, 64, 0, 0], 10), "it is behind the NAT of a provider"),
    (IpNetwork::v4([127, 0, 0, 0], 8), "it is this machine"),
    (IpNetwork::v4([169, 254, 0, 0], 16), "it is link-local"),
    (IpNetwork::v4([172, 16, 0, 0], 12), "it is in a private network"),
    (IpNetwork::v4([192, 0, 0, 0], 24), "it is reserved for protocols"),
    (IpNetwork::v4([192, 0, 2, 0], 24), "it is for documentation"),
    (IpNetwork::v4([192, 88, 99, 0], 24), "it is a 6to4 relay"),
    (IpNetwork::v4([192, 168, 0, 0], 16), "it is in a private network"),
    (IpNetwork::v4([198, 18, 0, 0], 15), "it is for benchmarks"),
    (IpNetwork::v4([198, 51, 100, 0], 24), "it is for documentation"),
    (IpNetwork::v4([203, 0, 113, 0], 24), "it is for documentation"),
    (IpNetwork::v4([224, 0, 0, 0], 4), "it is multicast"),
    (IpNetwork::v4([240, 0, 0, 0], 4), "it is reserved"),
    (IpNetwork::v6(0, 128), "it is this machine"),
    (IpNetwork::v6(1, 128), "it is this machine"),
    (IpNetwork::v6(0, 96), "it has an IPv4 address inside"),
    (IpNetwork::v6(0xffff << 32, 96), "it has an IPv4 address inside"),
    (IpNetwork::v6(0x0064_ff9b << 96, 96), "it has an IPv4 address inside"),
    (IpNetwork::v6(0x0064_ff9b_0001 << 80, 48), "it has an IPv4 address inside"),
    (IpNetwork::v6(0x2001 << 112, 32), "it is a Teredo tunnel"),
    (IpNetwork::v6(0x2001 << 112, 23), "it is reserved for protocols"),
    (IpNetwork::v6(0x2001_0db8 << 96, 32), "it is for documentation"),
    (IpNetwork::v6(0x2002 << 112, 16), "it is a 6to4 tunnel"),
    (IpNetwork::v6(0x3fff << 112, 20), "it is for documentation"),
    (IpNetwork::v6(0xfc << 120, 7), "it is in a private network"),
    (IpNetwork::v6(0xfe80 << 112, 10), "it is link-local"),
    (IpNetwork::v6(0xfec0 << 112, 10), "it is in a private network"),
    (IpNetwork::v6(0xff << 120, 8), "it is multicast"),
];

/// The IPv6 addresses that IANA assigns to the public internet (RFC 4291 §2.4).
const GLOBAL_UNICAST: IpNetwork = IpNetwork::v6(1 << 125, 3);

/// Returns why an address is not one of the public internet.
fn refusal(address: IpAddr) -> Option<&'static str> {
    let named = REFUSED.iter().find(|(network, _)| network.contains(address));
    match named {
        Some((_, reason)) => Some(reason),
        None if address.is_ipv6() && !GLOBAL_UNICAST.contains(address) => Some("it is not assigned"),
        None => None,
    }
}

#[cfg(test)]
mod tests;
