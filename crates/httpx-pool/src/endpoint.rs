//! [`Endpoint`]: where to connect to.

use std::fmt;
use std::net::IpAddr;

use httpx_core::{RequestSent, Result, Url};

/// The schemes that this client speaks (RFC 9110 §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// `http`, without encryption.
    Http,
    /// `https`, over TLS.
    Https,
}

impl Scheme {
    /// Returns the scheme of a URL.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](httpx_core::ErrorKind::InvalidUrl), if it is neither http nor https.
    pub fn of(url: &Url) -> Result<Self> {
        url.check_http().map_err(|error| error.with_request_sent(RequestSent::Nothing))?;
        Ok(if url.scheme() == "https" { Scheme::Https } else { Scheme::Http })
    }

    /// Returns the port of a URL that names none: 80 or 443.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    /// Returns the scheme as it is written in a URL, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// An origin to connect to: scheme, host and port.
///
/// It is displayed as an origin, without the port if that is the default of the scheme.
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_pool::*; } }
/// use httpx::network::{Endpoint, Scheme};
///
/// let endpoint = Endpoint::new(Scheme::Https, "[::1]", 8443);
/// assert_eq!(endpoint.host(), "::1");
/// assert_eq!(endpoint.authority(), "[::1]:8443");
/// assert_eq!(endpoint.to_string(), "https://[::1]:8443");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    scheme: Scheme,
    host: Box<str>,
    port: u16,
}

impl Endpoint {
    /// Makes an endpoint of the parts of a URL. An IPv6 address may have its brackets or not.
    pub fn new(scheme: Scheme, host: &str, port: u16) -> Self {
        Self { scheme, host: Self::bare_host(host).into(), port }
    }

    /// A host without the brackets of an IPv6 literal.
    pub(crate) fn bare_host(host: &str) -> &str {
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    /// Returns the endpoint of a URL.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](httpx_core::ErrorKind::InvalidUrl), if its scheme is neither http nor https.
    pub fn of(url: &Url) -> Result<Self> {
        let scheme = Scheme::of(url)?;
        let port = url.port().unwrap_or(scheme.default_port());
        Ok(Endpoint::new(scheme, url.host().unwrap_or_default(), port))
    }

    /// Returns the scheme, which determines whether TLS is used.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns the host: a name, or an address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port, also if it is the default of the scheme.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns `host:port` as in the `Host` header (RFC 9110 §7.2): an IPv6 address in brackets, without the port if
    /// that is the default of the scheme.
    pub fn authority(&self) -> String {
        if self.port == self.scheme.default_port() {
            let (open, close) = self.brackets();
            format!("{open}{}{close}", self.host)
        } else {
            self.authority_with_port()
        }
    }

    /// Returns `host:port`, also if the port is the default of the scheme.
    pub(crate) fn authority_with_port(&self) -> String {
        let (open, close) = self.brackets();
        format!("{open}{}{close}:{}", self.host, self.port)
    }

    /// Returns whether the host is `localhost` or a name below it, which never leaves this machine (RFC 6761 §6.3).
    pub(crate) fn is_localhost(&self) -> bool {
        is_localhost(&self.host)
    }

    /// Returns whether the host is this machine, by its name or by its address.
    pub(crate) fn is_loopback(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        address.map_or_else(|_| self.is_localhost(), |address| address.to_canonical().is_loopback())
    }

    fn brackets(&self) -> (&'static str, &'static str) {
        if self.host.contains(':') { ("[", "]") } else { ("", "") }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.authority())
    }
}

/// `localhost` or a name below it. A name may end with a dot.
fn is_localhost(host: &str) -> bool {
    const LOCALHOST: &str = "localhost";
    let host = host.strip_suffix('.').unwrap_or(host);
    let (parent, label) = host
        .len()
        .checked_sub(LOCALHOST.len())
        .map_or(("x", ""), |at| host.split_at_checked(at).unwrap_or(("x", "")));
    label.eq_ignore_ascii_case(LOCALHOST) && (parent.is_empty() || parent.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authority_and_origin() {
        let rows = [
            (Scheme::Http, "example.com", 80, "example.com", "http://example.com"),
            (Scheme::Http, "example.com", 443, "example.com:443", "http://example.com:443"),
            (Scheme::Https, "example.com", 443, "example.com", "https://example.com"),
            (Scheme::Https, "::1", 443, "[::1]", "https://[::1]"),
            (Scheme::Https, "[::1]", 8443, "[::1]:8443", "https://[::1]:8443"),
            (Scheme::Http, "127.0.0.1", 8080, "127.0.0.1:8080", "http://127.0.0.1:8080"),
        ];
        for (scheme, host, port, authority, origin) in rows {
            let endpoint = Endpoint::new(scheme, host, port);
            assert_eq!(endpoint.authority(), authority);
            assert_eq!(endpoint.to_string(), origin);
            assert!(!endpoint.host().contains('['));
        }
    }
}
