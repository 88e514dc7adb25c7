//! [`NoProxy`]: the hosts that are reached without a proxy.

use std::borrow::Cow;
use std::convert::Infallible;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use httpx_core::Url;

use crate::ip_network::{IpNetwork, parse_digits};

/// Hosts that are reached without a proxy, as in the variable `NO_PROXY`.
///
/// The text is a list with commas or white space between its entries. It is parsed once; a match compares the host with
/// each entry. These are the rules of curl:
///
/// | entry | matches |
/// | --- | --- |
/// | `example.com` | `example.com` and `www.example.com`, not `badexample.com` |
/// | `.example.com` | the same |
/// | `192.0.2.1`, `::1` | this address |
/// | `10.0.0.0/8` | the addresses with this prefix |
/// | `*`, if it is the only entry | every host |
///
/// The case of ASCII letters does not matter, nor does a dot at the end of a host or a name. An entry that is none of
/// these forms or those below matches nothing: `*.example.com`, for instance. A name is not looked up, so an address in
/// the list does not match a URL with a name. `localhost` has no special meaning.
///
/// Some entries match more than in curl 7.88:
///
/// - An entry with a port matches this port alone, as in Go: `example.com:8080`, `192.0.2.1:8080`, `[::1]:8080`.
/// - IPv6 addresses can have brackets, a prefix, and any spelling: `[::1]`, `fd00::/8`, `2001:DB8:0:0:0:0:0:1`.
/// - The prefix of length 0 matches every address of its family: `0.0.0.0/0`, `::/0`.
/// - White space around `*` is ignored.
/// - A name that is not ASCII matches as in a URL: `bücher.example` is `xn--bcher-kva.example`.
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_pool::*; } }
/// use httpx::network::NoProxy;
///
/// let direct = NoProxy::parse("localhost, .example.com, internal:8080, 10.0.0.0/8, ::1");
/// assert!(direct.matches("www.example.com", 443));
/// assert!(direct.matches("10.1.2.3", 80) && direct.matches("[::1]", 80));
/// assert!(direct.matches("internal", 8080) && !direct.matches("internal", 80));
/// assert!(!direct.matches("badexample.com", 443));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NoProxy {
    entries: Arc<[BypassEntry]>,
}

impl NoProxy {
    /// Creates a list that matches nothing.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// assert!(!httpx::network::NoProxy::new().matches("example.com", 443));
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Parses a list. Invalid entries are ignored.
    pub fn parse(list: &str) -> Self {
        let mut texts =
            list.split(|c: char| c == ',' || c.is_ascii_whitespace()).filter(|text| !text.is_empty());
        let entries = match (texts.next(), texts.next()) {
            (Some("*"), None) => [BypassEntry::EVERYTHING].into(),
            (first, second) => {
                first.into_iter().chain(second).chain(texts).filter_map(BypassEntry::parse).collect()
            }
        };
        NoProxy { entries }
    }

    /// Returns whether this host is reached without a proxy at this port. The host is written as in a parsed URL: a name
    /// in ASCII or an address. The brackets of an IPv6 address are optional.
    pub fn matches(&self, host: &str, port: u16) -> bool {
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = bracketed.unwrap_or_else(|| host.strip_suffix('.').unwrap_or(host));
        let address = host.parse().ok();
        self.entries.iter().any(|entry| entry.matches(host, address, port))
    }
}

impl FromStr for NoProxy {
    type Err = Infallible;

    fn from_str(list: &str) -> Result<Self, Infallible> {
        Ok(Self::parse(list))
    }
}

impl From<&str> for NoProxy {
    fn from(list: &str) -> Self {
        Self::parse(list)
    }
}

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct BypassEntry {
    hosts: BypassHosts,
    /// `None` is every port.
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum BypassHosts {
    All,
    /// This name in lower case, and the names below it. Without a dot at either end.
    Domain(Box<str>),
    Network(IpNetwork),
}

impl BypassEntry {
    const EVERYTHING: BypassEntry = BypassEntry { hosts: BypassHosts::All, port: None };

    /// Parses a text without separators. `None` if it means nothing.
    fn parse(text: &str) -> Option<Self> {
        let (hosts, port) = split_port(text)?;
        let address = without_brackets(hosts)?;
        let hosts = match parse_network(&address) {
            Some(network) => BypassHosts::Network(network),
            None if hosts.contains(['/', '[', ':']) => return None,
            None => BypassHosts::Domain(parse_domain(hosts)?),
        };
        Some(BypassEntry { hosts, port })
    }

    /// `host` is without brackets and without a dot at its end; `address` is the same host, if it is one.
    fn matches(&self, host: &str, address: Option<IpAddr>, port: u16) -> bool {
        let hosts_match = match (&self.hosts, address) {
            (BypassHosts::All, _) => true,
            (BypassHosts::Domain(domain), None) => is_within(host, domain),
            (BypassHosts::Network(network), Some(address)) => network.contains(address),
            (BypassHosts::Domain(_), Some(_)) | (BypassHosts::Network(_), None) => false,
        };
        hosts_match && self.port.is_none_or(|only| only == port)
    }
}

/// Splits `example.com:8080` and `[::1]:8080`. `None` if the port is not one.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    match text.rsplit_once(':') {
        // In an IPv6 address without brackets, the last colon belongs to the address.
        Some((hosts, port)) if !hosts.contains(':') || hosts.ends_with(']') => {
            Some((hosts, Some(parse_digits(port)?)))
        }
        _ => Some((text, None)),
    }
}

/// Removes the brackets of `[::1]`, `[fd00::/8]` and `[fd00::]/8`. `None` if they stand elsewhere.
fn without_brackets(text: &str) -> Option<Cow<'_, str>> {
    match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        None => Some(text.into()),
        Some(Some((address, ""))) if address.contains(':') => Some(address.into()),
        Some(Some((address, prefix))) if address.contains(':') => Some(format!("{address}{prefix}").into()),
        Some(_) => None,
    }
}

/// Parses an address, or an address and the length of its prefix. As in curl and Go, the address may have bits after its
/// prefix.
fn parse_network(text: &str) -> Option<IpNetwork> {
    let (address, prefix_len) = match text.split_once('/') {
        None => (text, None),
        Some((address, prefix_len)) => (address, Some(prefix_len)),
    };
    let address: IpAddr = address.parse().ok()?;
    match prefix_len {
        None => Some(IpNetwork::from(address)),
        Some(digits) => IpNetwork::around(address, parse_digits(digits)?),
    }
}

/// Removes one dot at each end, as curl does, and converts the name to the form that it has in a URL.
fn parse_domain(text: &str) -> Option<Box<str>> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let name = name.strip_prefix('.').unwrap_or(name);
    if name.is_empty() {
        None
    } else if name.is_ascii() {
        Some(name.to_ascii_lowercase().into())
    } else {
        let url = Url::parse(&format!("http://{name}/")).ok()?;
        // Other parts of a URL do not belong into a name.
        url.host().filter(|host| url == *format!("http://{host}/")).map(Box::from)
    }
}

/// Returns whether the host is this domain or below it.
fn is_within(host: &str, domain: &str) -> bool {
    let (host, domain) = (host.as_bytes(), domain.as_bytes());
    let Some((above, tail)) = host.len().checked_sub(domain.len()).and_then(|at| host.split_at_checked(at))
    else {
        return false;
    };
    tail.eq_ignore_ascii_case(domain) && matches!(above, [] | [.., b'.'])
}

#[cfg(test)]
mod tests;
