//! [`ProxyServer`]: the address of a proxy, its protocol and its credentials, as its URL gives them.

use std::fmt;

use httpx_core::{Error, ErrorKind, Result, Url, basic_auth};

use super::ProxyDigest;
use crate::endpoint::{Endpoint, Scheme};
use crate::socks::SocksVersion;
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// The protocol that a proxy speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ProxyProtocol {
    /// HTTP, over TLS if the scheme is `https`.
    Http(Scheme),
    /// SOCKS, with the version and with who looks up names.
    Socks(SocksVersion),
}

/// One proxy.
#[derive(Clone)]
pub(crate) struct ProxyServer {
    protocol: ProxyProtocol,
    /// Where it listens. Its scheme tells whether it is reached over TLS.
    endpoint: Endpoint,
    /// Username and password.
    credentials: Option<(Box<str>, Box<str>)>,
    /// `Proxy-Authorization`, for HTTP.
    authorization: Option<Box<str>>,
    /// In place of that.
    digest: Option<ProxyDigest>,
    /// Whether `http` URLs are tunnelled too.
    tunnels_http: bool,
    #[cfg(feature = "tls")]
    tls: Option<TlsConfig>,
}

impl ProxyServer {
    /// Parses the URL of a proxy, without the white space around it. Without a scheme it is that of an HTTP proxy, as in
    /// curl.
    ///
    /// # Errors
    ///
    /// Kind `Config`, without the credentials of the URL in its text.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.starts_with(['"', '\'']) {
            return Err(invalid("it begins with a quotation mark"));
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let protocol = protocol(scheme)?;
        // The URL parser drops a scheme's default port. Parsing as http and as https shows whether one was given.
        let [url, other] = ["http", "https"].map(|scheme| Url::parse(&format!("{scheme}://{rest}")).ok());
        let (Some(url), Some(other)) = (url, other) else { return Err(invalid(&unparsable(rest))) };
        let Some(host) = url.host() else { return Err(invalid("it has no host")) };
        if !matches!(url.target(), "/" | "") || url.fragment().is_some() {
            return Err(invalid(
                "it has a path, a query or a fragment, which the URL of a proxy must not have \
                 (percent-encode / # ? @ in the password, or use basic_auth())",
            ));
        }
        let port = url.port().or(other.port()).unwrap_or(protocol.default_port());
        if port == 0 {
            return Err(invalid("its port is 0"));
        }
        let server = ProxyServer {
            endpoint: Endpoint::new(protocol.scheme(), host, port),
            protocol,
            credentials: None,
            authorization: None,
            digest: None,
            tunnels_http: false,
            #[cfg(feature = "tls")]
            tls: None,
        };
        match httpx_core::user_info(&url) {
            None => Ok(server),
            Some((username, password)) => match (String::from_utf8(username), String::from_utf8(password)) {
                (Ok(username), Ok(password)) => server.with_credentials(&username, &password),
                _ => Err(invalid("its username or password is not UTF-8")),
            },
        }
    }

    /// Sets username and password.
    ///
    /// # Errors
    ///
    /// If the username holds a colon and the proxy speaks HTTP (RFC 7617 §2).
    pub(crate) fn with_credentials(mut self, username: &str, password: &str) -> Result<Self> {
        if let ProxyProtocol::Http(_) = self.protocol {
            if username.contains(':') {
                return Err(config("the username for an HTTP proxy must not contain a colon".into()));
            }
            self.authorization = Some(basic_auth(username, password).into());
        }
        self.digest = None;
        self.credentials = Some((username.into(), password.into()));
        Ok(self)
    }

    /// Sets username and password for digest authentication.
    #[cfg(feature = "digest")]
    pub(crate) fn with_digest(mut self, username: &str, password: &str) -> Self {
        self.credentials = Some((username.into(), password.into()));
        (self.authorization, self.digest) = (None, Some(ProxyDigest::new(username, password)));
        self
    }

    /// Tunnels `http` URLs too.
    pub(crate) fn with_http_tunnels(mut self) -> Self {
        self.tunnels_http = true;
        self
    }

    #[cfg(feature = "tls")]
    pub(crate) fn with_tls(mut self, tls: TlsConfig) -> Self {
        self.tls = Some(tls);
        self
    }

    pub(crate) fn protocol(&self) -> ProxyProtocol {
        self.protocol
    }

    /// Returns where the proxy listens. `Https` if it is reached over TLS.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Returns username and password.
    pub(crate) fn credentials(&self) -> Option<(&str, &str)> {
        self.credentials.as_ref().map(|(username, password)| (&**username, &**password))
    }

    /// Returns the value of `Proxy-Authorization` for a request.
    pub(crate) fn authorization(&self, method: &str, target: &str) -> Option<Vec<u8>> {
        match &self.digest {
            Some(digest) => digest.authorization(method, target),
            None => self.authorization.as_ref().map(|value| value.as_bytes().to_vec()),
        }
    }

    /// Returns the digest authentication, if the proxy speaks HTTP and has it.
    pub(crate) fn digest(&self) -> Option<&ProxyDigest> {
        self.digest.as_ref().filter(|_| matches!(self.protocol, ProxyProtocol::Http(_)))
    }

    /// Returns whether it listens there, whatever the schemes are.
    pub(crate) fn is_at(&self, endpoint: &Endpoint) -> bool {
        (self.endpoint.host(), self.endpoint.port()) == (endpoint.host(), endpoint.port())
    }

    /// Returns whether it tunnels requests of this scheme, rather than forwarding them.
    pub(crate) fn tunnels(&self, scheme: Scheme) -> bool {
        scheme == Scheme::Https || self.tunnels_http || matches!(self.protocol, ProxyProtocol::Socks(_))
    }

    /// Returns whether it is given the address of the origin, which this client looks up, rather than the name.
    pub(crate) fn needs_address(&self) -> bool {
        matches!(self.protocol, ProxyProtocol::Socks(SocksVersion::V4 | SocksVersion::V5))
    }

    /// Returns whether its protocol has no place for an address of IPv6.
    pub(crate) fn is_ipv4_only(&self) -> bool {
        matches!(self.protocol, ProxyProtocol::Socks(SocksVersion::V4 | SocksVersion::V4a))
    }

    /// Returns the configuration of TLS between client and proxy.
    #[cfg(feature = "tls")]
    pub(crate) fn tls_config(&self) -> TlsConfig {
        self.tls.clone().unwrap_or_default()
    }

    /// Returns the id of that configuration, which changes when its settings are replaced; 0 without TLS.
    pub(crate) fn tls_id(&self) -> u64 {
        #[cfg(feature = "tls")]
        if self.endpoint.scheme() == Scheme::Https {
            return self.tls.as_ref().map_or(0, TlsConfig::id);
        }
        0
    }

    /// Returns the parts that make connections differ, without TLS.
    fn parts(&self) -> impl PartialEq {
        (self.protocol, &self.endpoint, self.credentials(), self.digest.as_ref(), self.tunnels_http)
    }
}

/// Without TLS: see [`tls_id`](ProxyServer::tls_id).
impl PartialEq for ProxyServer {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || self.parts() == other.parts()
    }
}

impl Eq for ProxyServer {}

/// Credentials are compared, not hashed.
impl std::hash::Hash for ProxyServer {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.protocol, &self.endpoint).hash(state);
    }
}

/// `socks5h://proxy.example:1080`, without credentials.
impl fmt::Display for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.protocol.as_str(), self.endpoint.authority_with_port())
    }
}

impl fmt::Debug for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl ProxyProtocol {
    fn as_str(self) -> &'static str {
        match self {
            ProxyProtocol::Http(scheme) => scheme.as_str(),
            ProxyProtocol::Socks(SocksVersion::V4) => "socks4",
            ProxyProtocol::Socks(SocksVersion::V4a) => "socks4a",
            ProxyProtocol::Socks(SocksVersion::V5) => "socks5",
            ProxyProtocol::Socks(SocksVersion::V5h) => "socks5h",
        }
    }

    fn scheme(self) -> Scheme {
        match self {
            ProxyProtocol::Http(scheme) => scheme,
            ProxyProtocol::Socks(_) => Scheme::Http,
        }
    }

    /// Returns the port of a proxy whose URL names none.
    fn default_port(self) -> u16 {
        match self {
            ProxyProtocol::Http(scheme) => scheme.default_port(),
            ProxyProtocol::Socks(_) => 1080,
        }
    }
}

/// Returns the protocol of a scheme, in any case. `socks` is SOCKS4, as in curl.
fn protocol(scheme: &str) -> Result<ProxyProtocol> {
    match &*scheme.to_ascii_lowercase() {
        "http" => Ok(ProxyProtocol::Http(Scheme::Http)),
        "https" => Ok(ProxyProtocol::Http(Scheme::Https)),
        "socks" | "socks4" => Ok(ProxyProtocol::Socks(SocksVersion::V4)),
        "socks4a" => Ok(ProxyProtocol::Socks(SocksVersion::V4a)),
        "socks5" => Ok(ProxyProtocol::Socks(SocksVersion::V5)),
        "socks5h" => Ok(ProxyProtocol::Socks(SocksVersion::V5h)),
        // Not shown: it may be a part of the credentials.
        _ => Err(invalid("its scheme is not http, https, socks4, socks4a, socks5 or socks5h")),
    }
}

/// Returns the error of a URL that is not that of a proxy.
pub(super) fn invalid(reason: &str) -> Error {
    config(format!("the URL of a proxy cannot be used: {reason}; give one such as http://proxy.example:3128"))
}

/// Names the part of a URL that does not parse, never its value: a part of the password may stand anywhere.
fn unparsable(rest: &str) -> String {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (host_and_port, ""),
    };
    let part = if host.is_empty() {
        "it has no host"
    } else if !port.is_empty() && port.parse::<u16>().is_err() {
        "its port is not a number up to 65535"
    } else {
        "its host does not parse"
    };
    format!("{part} (percent-encode / # ? @ in the password, or use basic_auth())")
}

fn config(message: String) -> Error {
    Error::new(ErrorKind::Config, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let rows = [
            ("http://proxy.example:3128", "http://proxy.example:3128", None),
            ("http://proxy.example", "http://proxy.example:80", None),
            ("http://proxy.example:80/", "http://proxy.example:80", None),
            ("https://proxy.example", "https://proxy.example:443", None),
            ("https://proxy.example:80", "https://proxy.example:80", None),
            ("HTTP://Proxy.Example:1", "http://proxy.example:1", None),
            ("proxy.example:3128", "http://proxy.example:3128", None),
            (" \tproxy.example:3128\r\n", "http://proxy.example:3128", None),
            ("127.0.0.1", "http://127.0.0.1:80", None),
            ("[::1]:3128", "http://[::1]:3128", None),
            ("socks5://[::1]", "socks5://[::1]:1080", None),
            ("socks5h://p:80", "socks5h://p:80", None),
            ("socks5h://p:443", "socks5h://p:443", None),
            ("socks4a://p", "socks4a://p:1080", None),
            ("socks://p", "socks4://p:1080", None),
            ("http://ann:s3%20cret@p:1", "http://p:1", Some(("ann", "s3 cret"))),
            ("ann@p:1", "http://p:1", Some(("ann", ""))),
            ("socks5://a%3Ab:c:d@p:1", "socks5://p:1", Some(("a:b", "c:d"))),
            ("http://b\u{fc}cher.example:1", "http://xn--bcher-kva.example:1", None),
        ];
        for (text, shown, credentials) in rows {
            let server = ProxyServer::parse(text).unwrap();
            assert_eq!((server.to_string(), server.credentials()), (shown.into(), credentials), "{text}");
            assert_eq!(format!("{server:?}"), shown, "{text}");
        }
        let server = ProxyServer::parse("http://Aladdin:open%20sesame@p").unwrap();
        assert_eq!(server.authorization("GET", "/").unwrap(), b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    #[test]
    fn urls_that_cannot_be_used() {
        let rows = [
            ("", "it has no host"),
            ("http://", "it has no host"),
            ("  \"http://s3cret@p:1\"", "it begins with a quotation mark"),
            ("'http://s3cret@p:1'", "it begins with a quotation mark"),
            ("http://ann:s3/cret@p:1", "its port is not a number up to 65535 (percent-encode / # ? @"),
            ("http://ann:s3#cret@p:1", "or use basic_auth()"),
            ("http://3/s3cret@p:1", "a path, a query or a fragment"),
            ("ftp://s3cret@p:1", "scheme"),
            ("s3cret://p:1", "scheme"),
            ("http://s3cret:s3cret@", "it has no host"),
            ("http://s3cret@:1", "it has no host"),
            ("http://s3cret@p:99999", "its port is not a number"),
            ("http://s3cret@[::1:1", "its host does not parse"),
            ("http://s3cret@p:0", "port is 0"),
            ("http://s3cret@p/path", "path"),
            ("http://s3cret@p/?query", "path"),
            ("http://s3cret@p/#fragment", "path"),
            ("http://s3cret%ff@p", "UTF-8"),
            ("http://s3cret%3A@p", "colon"),
            ("http://s3 cret:s3 cret@p p", "its host does not parse"),
        ];
        for (text, part) in rows {
            let error = ProxyServer::parse(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(error.kind() == ErrorKind::Config && shown.contains(part), "{text:?}: {shown}");
            assert!(!shown.contains("s3"), "{text:?}: {shown}");
        }
    }
}
