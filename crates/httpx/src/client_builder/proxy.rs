//! Settings of the proxies of a client.

use httpx_core::Url;
use httpx_pool::{PoolBuilder, Proxy};

use super::ClientBuilder;
use crate::request_sender::RequestSender;

/// Proxies. A client that sets none reads them from the environment when it is built (`HTTP_PROXY`, `HTTPS_PROXY`,
/// `ALL_PROXY`, `NO_PROXY`): see [`ConnectOptions::proxy_from_env`](httpx_pool::ConnectOptions::proxy_from_env).
impl<C: RequestSender> ClientBuilder<C> {
    /// Sends requests through this proxy, if it is one for their URL, and no longer through those of the environment. May
    /// be called several times: the first proxy that is for a URL is taken.
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

    /// Chooses the proxy of each request by a function of its URL: `None` is none.
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
