//! The options of [`ConnectOptions`] about proxies.

use httpx_core::Url;

use super::ConnectOptions;
use crate::proxy::{Proxies, Proxy};

impl ConnectOptions {
    /// Sends requests through this proxy if it applies to their URL. Can be called several times: the first proxy that
    /// applies is used. If none applies, the request goes direct; so does a CONNECT request to the proxy
    /// itself.
    ///
    /// Unless options set or turn off proxies, a pool reads the environment: see
    /// [`proxy_from_env`](Self::proxy_from_env). With a [Unix socket](Self::unix_socket), no proxy is used.
    ///
    /// The [address filter](Self::address_filter) checks the address of the proxy. It checks the address of the origin
    /// only if this client knows it: if the host is an address, `localhost` or [overridden](Self::resolve), and with
    /// `socks4` and `socks5`.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{ConnectOptions, Proxy};
    ///
    /// let options = ConnectOptions::new()
    ///     .proxy(Proxy::http("http://proxy.example:3128")?)
    ///     .proxy(Proxy::https("https://tls-proxy.example")?);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.fields_mut().proxies.get_or_insert_default().add(proxy);
        self
    }

    /// Chooses the proxy of each request by a function of its URL. `None` means that this function chooses no proxy;
    /// the next proxy is then tried. Functions and [proxies](Self::proxy) are tried in the order in which they were
    /// added. The function is called for each request, so it should be fast. If it panics, the panic reaches the caller of
    /// `send`.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{ConnectOptions, Proxy};
    ///
    /// let proxy = Proxy::all("http://proxy.example:3128")?;
    /// let options = ConnectOptions::new()
    ///     .proxy_by(move |url| url.host().is_some_and(|host| host.ends_with(".onion")).then(|| proxy.clone()));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[doc(alias = "custom")]
    pub fn proxy_by(mut self, function: impl Fn(&Url) -> Option<Proxy> + Send + Sync + 'static) -> Self {
        self.fields_mut().proxies.get_or_insert_default().add_function(function);
        self
    }

    /// Reads the proxies from the environment now, in place of those that are set.
    ///
    /// A pool does so when it is built, unless its options set or turn off proxies, or its backend returns `false` from
    /// `uses_env_proxies`, as the network in memory does. A single connection reads them only by this method.
    ///
    /// | variable | its value |
    /// | --- | --- |
    /// | `http_proxy`, `HTTP_PROXY` | the proxy for `http` URLs |
    /// | `https_proxy`, `HTTPS_PROXY` | the proxy for `https` URLs |
    /// | `all_proxy`, `ALL_PROXY` | the proxy where those are not set |
    /// | `no_proxy`, `NO_PROXY` | hosts without a proxy: see [`NoProxy`](crate::NoProxy) |
    ///
    /// A name in lower case takes precedence, and an empty value counts as unset. `HTTP_PROXY` is ignored if
    /// `REQUEST_METHOD` is set: in a CGI program it is a header of the request. On Windows, `http_proxy` is the same
    /// variable, and is ignored then too. As in Go, a proxy of the environment is
    /// never used for `localhost` and loopback addresses. If a value is not the URL of a proxy, requests that would need
    /// it fail with kind [`Config`](httpx_core::ErrorKind::Config).
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().proxy_from_env();
    /// ```
    #[doc(alias = "trust_env")]
    pub fn proxy_from_env(mut self) -> Self {
        let proxies = Proxies::from_env(|variable| std::env::var_os(variable));
        self.fields_mut().proxies = Some(proxies.unwrap_or_default());
        self
    }

    /// Uses no proxy: neither one of the environment nor one that was set before.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().no_proxy();
    /// ```
    pub fn no_proxy(mut self) -> Self {
        self.fields_mut().proxies = Some(Proxies::none());
        self
    }

    /// Returns the proxies; `None` if there are none, and with a Unix socket.
    #[inline]
    pub(crate) fn proxies(&self) -> Option<&Proxies> {
        let fields = self.fields.as_deref()?;
        fields.proxies.as_ref().filter(|proxies| fields.unix_socket.path().is_none() && !proxies.is_empty())
    }

    /// Reads the proxies from the environment, unless they are set.
    pub(crate) fn with_default_proxies(mut self) -> Self {
        if self.fields().proxies.is_none()
            && let Some(proxies) = Proxies::from_env(|variable| std::env::var_os(variable))
        {
            self.fields_mut().proxies = Some(proxies);
        }
        self
    }
}
