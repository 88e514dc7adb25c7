//! The proxies of one request.

use httpx_core::Url;
use httpx_pool::{ConnectOptions, Proxy};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

/// Proxies of one request, in place of those of the client. Redirects keep them.
impl<C: RequestSender> RequestBuilder<C> {
    /// Sends this request through this proxy if it applies to its URL. Can be called several times: the first proxy
    /// that applies is used. If none applies, the request goes direct, and not through a proxy of the client.
    ///
    /// ```no_run
    /// use httpx::network::Proxy;
    ///
    /// let proxy = Proxy::all("socks5h://127.0.0.1:9050")?;
    /// let response = httpx::get("https://www.example.com").proxy(proxy).send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn proxy(self, proxy: Proxy) -> Self {
        self.with_connect_options(|options| options.proxy(proxy))
    }

    /// Chooses the proxy of this request, and of the redirects that follow it, by a function of the URL. `None` means
    /// that this function chooses no proxy; the next proxy is then tried. If none applies, the request goes direct.
    /// If the function panics, the panic reaches the caller of `send`.
    ///
    /// ```no_run
    /// use httpx::network::Proxy;
    ///
    /// let proxy = Proxy::all("http://proxy.example:3128")?;
    /// let response = httpx::get("https://www.example.com")
    ///     .proxy_by(move |url| (url.host() != Some("intranet.example")).then(|| proxy.clone()))
    ///     .send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn proxy_by(self, function: impl Fn(&Url) -> Option<Proxy> + Send + Sync + 'static) -> Self {
        self.with_connect_options(|options| options.proxy_by(function))
    }

    /// Sends this request without a proxy.
    ///
    /// ```no_run
    /// let response = httpx::get("https://intranet.example").no_proxy().send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn no_proxy(self) -> Self {
        self.with_connect_options(ConnectOptions::no_proxy)
    }

    fn with_connect_options(self, change: impl FnOnce(ConnectOptions) -> ConnectOptions) -> Self {
        self.with(|draft| {
            let extensions = draft.head.extensions_mut();
            let options = extensions.get::<ConnectOptions>().cloned().unwrap_or_default();
            extensions.insert(change(options));
            Ok(())
        })
    }
}
