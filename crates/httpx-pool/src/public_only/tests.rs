//! Tests of [`PublicOnly`]: the addresses around each boundary, and a naive matcher of prefixes.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

/// Refused networks: the last allowed or refused address before each, its first and its last address, and the first
/// behind it. `None` marks an end of the address space.
struct Row {
    before: Option<(&'static str, bool)>,
    first: &'static str,
    last: &'static str,
    after: Option<(&'static str, bool)>,
}

const fn row(
    before: Option<(&'static str, bool)>,
    first: &'static str,
    last: &'static str,
    after: Option<(&'static str, bool)>,
) -> Row {
    Row { before, first, last, after }
}

/// `true` is refused.
const ROWS: &[Row] = &[
    row(None, "0.0.0.0", "0.255.255.255", Some(("1.0.0.0", false))),
    row(Some(("9.255.255.255", false)), "10.0.0.0", "10.255.255.255", Some(("11.0.0.0", false))),
    row(Some(("100.63.255.255", false)), "100.64.0.0", "100.127.255.255", Some(("100.128.0.0", false))),
    row(Some(("126.255.255.255", false)), "127.0.0.0", "127.255.255.255", Some(("128.0.0.0", false))),
    row(Some(("169.253.255.255", false)), "169.254.0.0", "169.254.255.255", Some(("169.255.0.0", false))),
    row(Some(("172.15.255.255", false)), "172.16.0.0", "172.31.255.255", Some(("172.32.0.0", false))),
    row(Some(("191.255.255.255", false)), "192.0.0.0", "192.0.0.255", Some(("192.0.1.0", false))),
    row(Some(("192.0.1.255", false)), "192.0.2.0", "192.0.2.255", Some(("192.0.3.0", false))),
    row(Some(("192.88.98.255", false)), "192.88.99.0", "192.88.99.255", Some(("192.88.100.0", false))),
    row(Some(("192.167.255.255", false)), "192.168.0.0", "192.168.255.255", Some(("192.169.0.0", false))),
    row(Some(("198.17.255.255", false)), "198.18.0.0", "198.19.255.255", Some(("198.20.0.0", false))),
    row(Some(("198.51.99.255", false)), "198.51.100.0", "198.51.100.255", Some(("198.51.101.0", false))),
    row(Some(("203.0.112.255", false)), "203.0.113.0", "203.0.113.255", Some(("203.0.114.0", false))),
    row(Some(("223.255.255.255", false)), "224.0.0.0", "239.255.255.255", Some(("240.0.0.0", true))),
    row(Some(("239.255.255.255", true)), "240.0.0.0", "255.255.255.255", None),
    row(None, "::", "::ffff:ffff", Some(("::1:0:0", true))),
    row(None, "::", "::1", Some(("::2", true))),
    row(
        Some(("::fffe:ffff:ffff", true)),
        "::ffff:0.0.0.0",
        "::ffff:255.255.255.255",
        Some(("::1:0:0:0", true)),
    ),
    row(
        Some(("64:ff9a:ffff::", true)),
        "64:ff9b::",
        "64:ff9b::255.255.255.255",
        Some(("64:ff9b::1:0:0", true)),
    ),
    row(Some(("64:ff9b:0:ffff::", true)), "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", None),
    row(
        Some(("1fff:ffff::", true)),
        "100::",
        "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("2000::", false)),
    ),
    row(
        Some(("2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false)),
        "2001::",
        "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("2001:1::", true)),
    ),
    row(None, "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", Some(("2001:200::", false))),
    row(
        Some(("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false)),
        "2001:db8::",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("2001:db9::", false)),
    ),
    row(
        Some(("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false)),
        "2002::",
        "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("2003::", false)),
    ),
    row(
        Some(("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false)),
        "3fff::",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("3fff:1000::", false)),
    ),
    row(
        Some(("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false)),
        "4000::",
        "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("fc00::", true)),
    ),
    row(
        Some(("fbff:ffff::", true)),
        "fc00::",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("fe00::", true)),
    ),
    row(
        Some(("fe7f:ffff::", true)),
        "fe80::",
        "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("fec0::", true)),
    ),
    row(
        Some(("febf:ffff::", true)),
        "fec0::",
        "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        Some(("ff00::", true)),
    ),
    row(Some(("feff:ffff::", true)), "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None),
];

fn is_refused(filter: &PublicOnly, address: IpAddr) -> bool {
    filter.check(SocketAddr::new(address, 80)).is_err()
}

#[test]
fn the_boundary_of_each_network() {
    for Row { before, first, last, after } in ROWS {
        let inside = [Some((*first, true)), Some((*last, true))];
        for (address, refused) in [*before, *after].into_iter().chain(inside).flatten() {
            assert_eq!(is_refused(&PublicOnly::new(), address.parse().unwrap()), refused, "{address}");
        }
    }
}

#[test]
fn the_reason_fits_the_address() {
    let rows = [
        ("127.0.0.1", "it is this machine"),
        ("::1", "it is this machine"),
        ("::", "it is this machine"),
        ("169.254.169.254", "it is link-local"),
        ("192.168.1.1", "it is in a private network"),
        ("fd00:ec2::254", "it is in a private network"),
        ("::ffff:8.8.8.8", "it has an IPv4 address inside"),
        ("::8.8.8.8", "it has an IPv4 address inside"),
        ("64:ff9b::8.8.8.8", "it has an IPv4 address inside"),
        ("64:ff9b:1::8.8.8.8", "it has an IPv4 address inside"),
        ("2001::1", "it is a Teredo tunnel"),
        ("2001:20::1", "it is reserved for protocols"),
        ("2002:808:808::", "it is a 6to4 tunnel"),
        ("100::1", "it is not assigned"),
        ("::ffff:0:127.0.0.1", "it is not assigned"),
    ];
    for (address, reason) in rows {
        let refused = PublicOnly::new().check(SocketAddr::new(address.parse().unwrap(), 80)).unwrap_err();
        assert_eq!(refused.to_string(), reason, "{address}");
    }
}

#[test]
fn addresses_of_well_known_servers_are_allowed() {
    for address in ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700::6810:84e5", "2a00:1450:4001:81b::2004"]
    {
        assert!(!is_refused(&PublicOnly::new(), address.parse().unwrap()), "{address}");
    }
}

#[test]
fn exceptions() {
    let filter = PublicOnly::new().except("10.1.0.0/16").unwrap().except("::1").unwrap();
    let rows = [
        ("10.1.0.0", false),
        ("10.1.255.255", false),
        ("10.0.255.255", true),
        ("10.2.0.0", true),
        ("::1", false),
        ("::2", true),
        ("127.0.0.1", true),
        // The same address inside of an IPv6 address is another one.
        ("::ffff:10.1.0.0", true),
        ("8.8.8.8", false),
    ];
    for (address, refused) in rows {
        assert_eq!(is_refused(&filter, address.parse().unwrap()), refused, "{address}");
    }
    assert!(PublicOnly::new().except("10.1.0.0/33").is_err());
}

/// The refused networks in text, and a comparison of their first bits one by one.
fn naive(address: IpAddr) -> bool {
    const NETWORKS: &[&str] = &[
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "4000::/2",
        "8000::/1",
    ];
    let bits = |address: IpAddr| -> String {
        match address {
            IpAddr::V4(address) => address.octets().iter().map(|byte| format!("{byte:08b}")).collect(),
            IpAddr::V6(address) => address.octets().iter().map(|byte| format!("{byte:08b}")).collect(),
        }
    };
    NETWORKS.iter().any(|network| {
        let (first, len) = network.split_once('/').unwrap();
        let first: IpAddr = first.parse().unwrap();
        let len: usize = len.parse().unwrap();
        first.is_ipv4() == address.is_ipv4() && bits(first)[..len] == bits(address)[..len]
    })
}

/// Addresses anywhere, and addresses near the boundaries: a few bits of a refused network's first address are changed.
fn address() -> impl Strategy<Value = IpAddr> {
    let near =
        (0..REFUSED.len(), any::<u128>(), 0..=128_u32).prop_map(|(network, noise, shift)| {
            match REFUSED[network].0.to_string().split('/').next().unwrap().parse().unwrap() {
                IpAddr::V4(first) => {
                    let noise = (noise as u32).checked_shr(shift % 33).unwrap_or(0);
                    IpAddr::from(Ipv4Addr::from_bits(first.to_bits() ^ noise))
                }
                IpAddr::V6(first) => {
                    let noise = noise.checked_shr(shift).unwrap_or(0);
                    IpAddr::from(Ipv6Addr::from_bits(first.to_bits() ^ noise))
                }
            }
        });
    prop_oneof![any::<IpAddr>(), near]
}

proptest! {
    #[test]
    fn the_same_as_a_naive_matcher(address in address()) {
        prop_assert_eq!(is_refused(&PublicOnly::new(), address), naive(address));
    }

    #[test]
    fn a_network_contains_what_a_naive_matcher_finds(first in any::<IpAddr>(), len in 0..=128_u8, other in any::<IpAddr>(), near in any::<u8>()) {
        let len = len.min(if first.is_ipv4() { 32 } else { 128 });
        let shift = u32::from(near);
        let (network, other) = match (first, other) {
            (IpAddr::V4(first), IpAddr::V4(other)) => {
                let mask = (0..32).filter(|bit| *bit < u32::from(len)).fold(0_u32, |mask, bit| mask | 1 << (31 - bit));
                let other = first.to_bits() ^ other.to_bits().checked_shr(shift % 33).unwrap_or(0);
                let first = Ipv4Addr::from_bits(first.to_bits() & mask);
                (format!("{first}/{len}"), (IpAddr::from(Ipv4Addr::from_bits(other)), other & mask == first.to_bits()))
            }
            (IpAddr::V6(first), other) => {
                let mask = (0..128).filter(|bit| *bit < u32::from(len)).fold(0_u128, |mask, bit| mask | 1 << (127 - bit));
                let other = match other {
                    IpAddr::V6(other) => other.to_bits(),
                    IpAddr::V4(other) => other.to_bits().into(),
                };
                let other = first.to_bits() ^ other.checked_shr(shift % 129).unwrap_or(0);
                let first = Ipv6Addr::from_bits(first.to_bits() & mask);
                (format!("{first}/{len}"), (IpAddr::from(Ipv6Addr::from_bits(other)), other & mask == first.to_bits()))
            }
            (IpAddr::V4(_), IpAddr::V6(other)) => ("0.0.0.0/0".to_owned(), (other.into(), false)),
        };
        let network: IpNetwork = network.parse().unwrap();
        prop_assert_eq!(network.contains(other.0), other.1);
    }
}
