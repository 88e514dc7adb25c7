//! [`interleave`]: the order in which the addresses of a host are tried.

use std::net::SocketAddr;

/// Returns the addresses with their families interleaved (RFC 8305 §4), beginning with the family of the first address.
///
/// `turn` is the number of the lookup. It rotates the addresses within each family, so that connections spread over
/// them. The families keep the order of the resolver, which is that of RFC 6724.
pub(crate) fn interleave(addresses: &[SocketAddr], turn: usize) -> Vec<SocketAddr> {
    let is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let mut same = rotated(addresses, is_v6, turn);
    let mut other = rotated(addresses, !is_v6, turn);
    let mut order = Vec::with_capacity(addresses.len());
    while order.len() < addresses.len() {
        order.extend(same.next().into_iter().chain(other.next()));
    }
    order
}

/// Returns the addresses of one family, beginning with another one at each turn.
fn rotated(addresses: &[SocketAddr], is_v6: bool, turn: usize) -> impl Iterator<Item = SocketAddr> {
    let family = move || addresses.iter().copied().filter(move |address| address.is_ipv6() == is_v6);
    let count = family().count();
    let first = turn.checked_rem(count).unwrap_or_default();
    family().skip(first).chain(family().take(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `4a` is an IPv4 address that ends with `a`.
    fn address(text: &str) -> SocketAddr {
        let (family, name) = text.split_at(1);
        let last = name.as_bytes()[0];
        match family {
            "4" => ([192, 0, 2, last], 80).into(),
            _ => ([0x2001, 0xdb8, 0, 0, 0, 0, 0, u16::from(last)], 80).into(),
        }
    }

    #[test]
    fn families_take_turns_and_rotate() {
        let rows = [
            ("", 3, ""),
            ("4a", 7, "4a"),
            ("6a 4a", 1, "6a 4a"),
            ("6a 6b 4a 4b", 0, "6a 4a 6b 4b"),
            ("6a 6b 4a 4b", 1, "6b 4b 6a 4a"),
            ("6a 6b 4a 4b", 2, "6a 4a 6b 4b"),
            ("4a 4b 4c 6a", 0, "4a 6a 4b 4c"),
            ("4a 4b 4c 6a", 1, "4b 6a 4c 4a"),
            ("4a 4b 4c 6a", 5, "4c 6a 4a 4b"),
            ("4a 6a 6b 6c", usize::MAX, "4a 6a 6b 6c"),
        ];
        for (given, turn, expected) in rows {
            let parse = |text: &str| text.split_whitespace().map(address).collect::<Vec<_>>();
            assert_eq!(interleave(&parse(given), turn), parse(expected), "{given}, turn {turn}");
        }
    }
}
