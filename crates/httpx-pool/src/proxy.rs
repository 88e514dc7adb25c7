//! [`Proxy`]: a proxy, and which requests go through it.

mod connect_handshake;
#[cfg(feature = "digest")]
mod digest;
mod env;
mod error;
mod forwarding;
mod handshake;
#[cfg(not(feature = "digest"))]
mod no_digest;
mod no_proxy;
mod proxies;
mod route;
mod server;

use std::fmt;
use std::sync::Arc;

use httpx_core::Result;

#[cfg(feature = "digest")]
pub(crate) use self::digest::{ProxyAttempts, ProxyDigest};
pub(crate) use self::error::ProxyError;
pub(crate) use self::forwarding::RewrittenHead;
#[cfg(any(feature = "blocking", feature = "async"))]
pub(crate) use self::handshake::HandshakeStep;
pub(crate) use self::handshake::ProxyHandshake;
#[cfg(not(feature = "digest"))]
pub(crate) use self::no_digest::{NoAttempts as ProxyAttempts, NoDigest as ProxyDigest};
pub use self::no_proxy::NoProxy;
pub(crate) use self::proxies::Proxies;
pub(crate) use self::route::ProxyRoute;
pub(crate) use self::server::{ProxyProtocol, ProxyServer};
use crate::endpoint::{Endpoint, Scheme};
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// A proxy, and which requests go through it.
///
/// The scheme of the proxy's URL is its protocol:
///
/// | URL | protocol | who looks up the origin's name |
/// | --- | --- | --- |
/// | `http://proxy:3128` or `proxy:3128` | HTTP (RFC 9110 §7.6, §9.3.6) | the proxy |
/// | `https://proxy` | HTTP over TLS | the proxy |
/// | `socks5h://proxy` | SOCKS5 (RFC 1928) | the proxy |
/// | `socks5://proxy` | SOCKS5 | this client |
/// | `socks4a://proxy` | SOCKS4a | the proxy |
/// | `socks4://proxy` or `socks://proxy` | SOCKS4 | this client |
///
/// The default port is 80, 443 or, for SOCKS, 1080. Username and password can be part of the URL, percent-encoded. They
/// are sent only to the proxy, and shown in no error and no `Debug` text.
///
/// An HTTP proxy *forwards* requests to `http` URLs: it can read the whole request. Requests to `https` URLs go through
/// a *tunnel* that CONNECT opens: the proxy learns the host and the port, and TLS is between this client and the
/// origin. SOCKS proxies always make tunnels. A request that
/// [upgrades](https://www.rfc-editor.org/rfc/rfc9110#section-7.8) is tunnelled too, because proxies do not forward
/// upgrades.
///
/// # Errors
///
/// If the proxy refuses a tunnel, the request fails with kind [`Proxy`](httpx_core::ErrorKind::Proxy); if it closes the
/// connection instead, with kind `Connect`; if it is too slow, with kind `Timeout(Connect)`. A proxy that forwards a
/// request answers with a response, which is returned as the server's would be: also a 407 (the proxy wants other
/// credentials) or a 502 (it cannot reach the server).
///
/// A `Proxy-Authorization` header of a request goes to proxies that forward it, in place of the proxy's credentials. It is not
/// used for CONNECT, and a client with proxies never sends it to an origin.
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_pool::*; } }
/// use httpx::network::{ConnectOptions, Proxy};
///
/// let proxy = Proxy::all("http://proxy.example:3128")?.basic_auth("ann", "s3cret")?.no_proxy("localhost, .corp.example");
/// assert_eq!(format!("{proxy:?}"), "<Proxy http://proxy.example:3128 for all>");
/// let options = ConnectOptions::new().proxy(proxy);
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Proxy {
    /// The scheme of the URLs that it applies to; `None` for all.
    scheme: Option<Scheme>,
    no_proxy: NoProxy,
    server: Arc<ProxyServer>,
}

impl Proxy {
    /// Makes a proxy for `http` URLs.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let proxy = httpx::network::Proxy::http("http://proxy.example:3128")?;
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`Config`](httpx_core::ErrorKind::Config), if it is not the URL of a proxy.
    pub fn http(proxy: &str) -> Result<Self> {
        Proxy::new(Some(Scheme::Http), proxy)
    }

    /// Makes a proxy for `https` URLs.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let proxy = httpx::network::Proxy::https("http://proxy.example:3128")?;
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as for [`http`](Self::http).
    pub fn https(proxy: &str) -> Result<Self> {
        Proxy::new(Some(Scheme::Https), proxy)
    }

    /// Makes a proxy for all URLs.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let proxy = httpx::network::Proxy::all("socks5h://ann:s3cret@proxy.example")?;
    /// assert_eq!(format!("{proxy:?}"), "<Proxy socks5h://proxy.example:1080 for all>");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as for [`http`](Self::http).
    pub fn all(proxy: &str) -> Result<Self> {
        Proxy::new(None, proxy)
    }

    fn new(scheme: Option<Scheme>, proxy: &str) -> Result<Self> {
        let server = Arc::new(ProxyServer::parse(proxy)?);
        Ok(Proxy { scheme, no_proxy: NoProxy::new(), server })
    }

    /// Sets username and password, in place of those in the proxy's URL: by `Proxy-Authorization: Basic` (RFC 7617) or,
    /// for SOCKS5, by RFC 1929. SOCKS4 has no password; it is ignored.
    ///
    /// SOCKS limits both to 255 bytes, and SOCKS5 needs a username. If they do not fit, requests fail with kind
    /// [`Proxy`](httpx_core::ErrorKind::Proxy).
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let proxy = httpx::network::Proxy::all("http://proxy.example:3128")?.basic_auth("ann", "s3cret")?;
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`Config`](httpx_core::ErrorKind::Config), if the username holds a colon and the proxy speaks HTTP.
    pub fn basic_auth(mut self, username: &str, password: &str) -> Result<Self> {
        self.server = Arc::new(self.server().with_credentials(username, password)?);
        Ok(self)
    }

    /// Answers digest challenges of an HTTP proxy (RFC 7616), in place of `Proxy-Authorization: Basic`: the proxy learns that
    /// this client knows the password, and not the password.
    ///
    /// The first request gets a 407, and is sent again with the answer; a tunnel is asked for again over a new connection.
    /// Later requests use the same nonce. A request whose body comes from a reader or a stream cannot be sent again: if the
    /// proxy forwards it, its 407 is returned. `qop=auth-int` is not supported. Give the credentials here, and not in the URL:
    /// those are sent by Basic. SOCKS5 gets them by RFC 1929, as by [`basic_auth`](Self::basic_auth).
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let proxy = httpx::network::Proxy::all("http://proxy.example:3128")?.digest_auth("ann", "s3cret");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[cfg(feature = "digest")]
    pub fn digest_auth(mut self, username: &str, password: &str) -> Self {
        self.server = Arc::new(self.server().with_digest(username, password));
        self
    }

    /// Sets the hosts that are reached without this proxy: see [`NoProxy`]. Defaults to none.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let proxy = httpx::network::Proxy::all("http://proxy.example:3128")?.no_proxy("localhost, 10.0.0.0/8, .corp.example");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn no_proxy(mut self, hosts: impl Into<NoProxy>) -> Self {
        self.no_proxy = hosts.into();
        self
    }

    /// Tunnels requests to `http` URLs too, by CONNECT, rather than letting the proxy forward them. Many proxies allow
    /// CONNECT only to port 443. Has no effect on SOCKS proxies, which always make tunnels.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let proxy = httpx::network::Proxy::http("http://proxy.example:3128")?.tunnel_http();
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn tunnel_http(mut self) -> Self {
        self.server = Arc::new(self.server().with_http_tunnels());
        self
    }

    /// Sets the configuration of TLS between this client and an `https` proxy. Has no effect on other proxies. Defaults
    /// to [`TlsConfig::default`]. The client's TLS configuration is not used for proxies.
    ///
    /// ```no_run
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::network::Proxy;
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().root(std::fs::read("proxy-ca.pem")?).build()?;
    /// let proxy = Proxy::all("https://proxy.example")?.tls(tls);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: TlsConfig) -> Self {
        self.server = Arc::new(self.server().with_tls(tls));
        self
    }

    fn server(&self) -> ProxyServer {
        (*self.server).clone()
    }

    /// Returns the server, if requests to this URL go through it.
    fn choose(&self, origin: &Endpoint) -> Option<Arc<ProxyServer>> {
        let applies = self.scheme.is_none_or(|scheme| scheme == origin.scheme());
        let is_chosen = applies && !self.no_proxy.matches(origin.host(), origin.port());
        is_chosen.then(|| Arc::clone(&self.server))
    }
}

/// `<Proxy http://proxy.example:3128 for https>`, without credentials.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Proxy {} for {}>", self.server, self.scheme.map_or("all", Scheme::as_str))
    }
}
