//! Settings of the proxies of a client.

use httpx_core::Url;
use httpx_pool::{PoolBuilder, Proxy};

use super::ClientBuilder;
use crate::request_sender::RequestSender;

/// Proxies. A client reads them from the environment when it is built (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`,
/// `NO_PROXY`), unless it is built with [`proxy`](Self::proxy), [`proxy_by`](Self::proxy_by) or
/// [`no_proxy`](Self::no_proxy): see [`ConnectOptions::proxy_from_env`](httpx_pool::ConnectOptions::proxy_from_env). A
/// client over a custom transport or over the [`memory`](crate::network::memory) network does not read the environment.
impl<C: RequestSender> ClientBuilder<C> {
    /// Sends requests through this proxy if it applies to their URL. Can be called several times: the first proxy that
    /// applies is used. If none applies, the request goes direct. The proxies of the environment are not used.
    ///
    /// ```
    /// use httpx::network::Proxy;
    ///
    /// let proxy = Proxy::all("http://proxy.example:3128")?.basic_auth("ann", "s3cret")?.no_proxy("localhost, .corp.example");
    /// let client = httpx::Client::builder().proxy(proxy).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "proxies")]
    pub fn proxy(self, proxy: Proxy) -> Self {
        self.with_pool("proxy", |pool| pool.proxy(proxy))
    }

    /// Chooses the proxy of each request by a function of its URL. `None` means that this function chooses no proxy;
    /// the next proxy is then tried. Functions and proxies are tried in the order in which they were added.
    /// If a function panics, the panic reaches the caller of `send`.
    ///
    /// ```
    /// use httpx::network::Proxy;
    ///
    /// let tor = Proxy::all("socks5h://127.0.0.1:9050")?;
    /// let client = httpx::Client::builder()
    ///     .proxy_by(move |url| url.host().is_some_and(|host| host.ends_with(".onion")).then(|| tor.clone()))
    ///     .build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn proxy_by(self, function: impl Fn(&Url) -> Option<Proxy> + Send + Sync + 'static) -> Self {
        self.with_pool("proxy_by", |pool| pool.proxy_by(function))
    }

    /// Uses no proxy: neither one of the environment nor one that was set before.
    ///
    /// ```
    /// let client = httpx::Client::builder().no_proxy().build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "trust_env")]
    pub fn no_proxy(self) -> Self {
        self.with_pool("no_proxy", PoolBuilder::no_proxy)
    }
}
