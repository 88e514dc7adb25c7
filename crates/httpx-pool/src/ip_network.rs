//! [`IpNetwork`]: a block of IP addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;

/// A block of IP addresses in CIDR notation: an address and the length of its prefix (RFC 4632 §3.1, RFC 4291 §2.3).
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_pool::*; } }
/// use std::net::IpAddr;
/// use httpx::network::IpNetwork;
///
/// let office: IpNetwork = "10.1.0.0/16".parse()?;
/// assert!(office.contains("10.1.255.255".parse()?));
/// assert!(!office.contains("10.2.0.0".parse()?));
/// assert!("10.1.2.3/16".parse::<IpNetwork>().is_err()); // 10.1.0.0/16 is meant, or 10.1.2.3
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IpNetwork {
    /// The lowest address.
    first: IpAddr,
    prefix_len: u8,
}

impl IpNetwork {
    /// Makes the block of IPv4 addresses that share the first bits of this one.
    pub(crate) const fn v4(first: [u8; 4], prefix_len: u8) -> Self {
        let [a, b, c, d] = first;
        IpNetwork { first: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix_len }
    }

    /// Makes the block of IPv6 addresses that share the first bits of this one.
    pub(crate) const fn v6(first: u128, prefix_len: u8) -> Self {
        IpNetwork { first: IpAddr::V6(Ipv6Addr::from_bits(first)), prefix_len }
    }

    /// Makes the block of the addresses that share the first bits with this one. `None` if it has fewer bits.
    pub(crate) fn around(address: IpAddr, prefix_len: u8) -> Option<Self> {
        let first = Self::truncated(address, prefix_len);
        (prefix_len <= Self::bits(address)).then_some(IpNetwork { first, prefix_len })
    }

    /// The number of bits of an address.
    fn bits(address: IpAddr) -> u8 {
        if address.is_ipv4() { 32 } else { 128 }
    }

    /// Returns whether the address is in this block. An IPv6 address that embeds an IPv4 address is an IPv6 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32_u32.saturating_sub(self.prefix_len.into())).unwrap_or(0);
                address.to_bits() & mask == first.to_bits()
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128_u32.saturating_sub(self.prefix_len.into())).unwrap_or(0);
                address.to_bits() & mask == first.to_bits()
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    /// Returns the address with the bits after the prefix set to zero.
    fn truncated(address: IpAddr, prefix_len: u8) -> IpAddr {
        match address {
            IpAddr::V4(address) => {
                let shift = 32_u32.saturating_sub(prefix_len.into());
                let bits = address.to_bits().checked_shr(shift).and_then(|bits| bits.checked_shl(shift));
                Ipv4Addr::from_bits(bits.unwrap_or(0)).into()
            }
            IpAddr::V6(address) => {
                let shift = 128_u32.saturating_sub(prefix_len.into());
                let bits = address.to_bits().checked_shr(shift).and_then(|bits| bits.checked_shl(shift));
                Ipv6Addr::from_bits(bits.unwrap_or(0)).into()
            }
        }
    }
}

/// The block of this address alone.
impl From<IpAddr> for IpNetwork {
    fn from(address: IpAddr) -> Self {
        IpNetwork { first: address, prefix_len: Self::bits(address) }
    }
}

/// An address, or an address and the length of its prefix: `10.1.0.0/16`, `fd00:1::/32`, `192.0.2.1`.
impl FromStr for IpNetwork {
    type Err = InvalidIpNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidIpNetwork> {
        let (address, prefix_len) = match text.split_once('/') {
            None => (text, None),
            Some((address, prefix_len)) => (address, Some(prefix_len)),
        };
        let invalid = |problem| InvalidIpNetwork { text: text.into(), problem };
        let address: IpAddr = address.parse().map_err(|_| invalid(Problem::Address))?;
        let most = Self::bits(address);
        let prefix_len = match prefix_len {
            None => most,
            Some(digits) => parse_digits(digits)
                .filter(|len| *len <= most)
                .ok_or_else(|| invalid(Problem::Prefix { most }))?,
        };
        let first = Self::truncated(address, prefix_len);
        if first != address {
            return Err(invalid(Problem::Rest { first, prefix_len }));
        }
        Ok(IpNetwork { first, prefix_len })
    }
}

/// Parses digits alone: `FromStr` of numbers takes a sign.
pub(crate) fn parse_digits<T: FromStr>(digits: &str) -> Option<T> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

impl fmt::Display for IpNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix_len)
    }
}

/// `10.1.0.0/16`.
impl fmt::Debug for IpNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The error of a text that is not an [`IpNetwork`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{text:?} is no network: {problem}")]
pub struct InvalidIpNetwork {
    text: Box<str>,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
enum Problem {
    #[error("it does not begin with an IP address; write it as 10.1.0.0/16 or fd00:1::/32")]
    Address,
    #[error("the length of its prefix is not a number from 0 to {most}")]
    Prefix { most: u8 },
    #[error("its address has bits behind the prefix; write {first}/{prefix_len}, or the address alone")]
    Rest { first: IpAddr, prefix_len: u8 },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let address = "it does not begin with an IP address; write it as 10.1.0.0/16 or fd00:1::/32";
        let rest = "its address has bits behind the prefix; write";
        let rows = [
            ("10.1.0.0/16", Ok("10.1.0.0/16")),
            ("192.0.2.1", Ok("192.0.2.1/32")),
            ("0.0.0.0/0", Ok("0.0.0.0/0")),
            ("255.255.255.255/32", Ok("255.255.255.255/32")),
            ("FD00:1::/32", Ok("fd00:1::/32")),
            ("::1", Ok("::1/128")),
            ("::/0", Ok("::/0")),
            ("::ffff:10.1.0.0/112", Ok("::ffff:10.1.0.0/112")),
            ("", Err(address)),
            ("/8", Err(address)),
            ("10.1/16", Err(address)),
            ("010.1.0.0/16", Err(address)),
            ("[::1]/128", Err(address)),
            ("fe80::%1/10", Err(address)),
            (" 10.1.0.0/16", Err(address)),
            ("example.com", Err(address)),
            ("10.1.0.0/33", Err("the length of its prefix is not a number from 0 to 32")),
            ("10.1.0.0/", Err("the length of its prefix is not a number from 0 to 32")),
            ("10.1.0.0/+8", Err("the length of its prefix is not a number from 0 to 32")),
            ("10.1.0.0/16/8", Err("the length of its prefix is not a number from 0 to 32")),
            ("10.1.0.0/255.255.0.0", Err("the length of its prefix is not a number from 0 to 32")),
            ("::/129", Err("the length of its prefix is not a number from 0 to 128")),
            ("::/256", Err("the length of its prefix is not a number from 0 to 128")),
            ("10.1.2.3/16", Err(rest)),
            ("10.0.0.0/4", Err(rest)),
            ("0.0.0.1/0", Err(rest)),
            ("fd00::1/64", Err(rest)),
        ];
        for (text, expected) in rows {
            match (text.parse::<IpNetwork>(), expected) {
                (Ok(network), Ok(shown)) => assert_eq!(network.to_string(), shown),
                (Err(error), Err(part)) => {
                    let said = error.to_string();
                    assert!(said.contains(part) && said.contains(&format!("{text:?}")), "{said}");
                }
                (parsed, _) => panic!("{text}: {parsed:?}"),
            }
        }
    }

    #[test]
    fn first_and_last_addresses() {
        let rows = [
            ("10.1.0.0/16", ["10.0.255.255", "10.1.0.0", "10.1.255.255", "10.2.0.0"]),
            ("128.0.0.0/1", ["127.255.255.255", "128.0.0.0", "255.255.255.255", "0.0.0.0"]),
            ("192.0.2.1", ["192.0.2.0", "192.0.2.1", "192.0.2.1", "192.0.2.2"]),
            ("fd00:1::/32", ["fd00:0:ffff::", "fd00:1::", "fd00:1:ffff::", "fd00:2::"]),
        ];
        for (network, [before, first, last, after]) in rows {
            let network: IpNetwork = network.parse().unwrap();
            let inside =
                [before, first, last, after].map(|address| network.contains(address.parse().unwrap()));
            assert_eq!(inside, [false, true, true, false], "{network}");
        }
        let all: IpNetwork = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains([255; 4].into()) && !all.contains("::".parse().unwrap()));
    }
}
