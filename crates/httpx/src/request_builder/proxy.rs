//! The proxies of one request.

use httpx_pool::{ConnectOptions, Proxy};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

/// Proxies of one request, in place of those of the client. Redirects keep them.
impl<C: RequestSender> RequestBuilder<C> {
    /// Sends this request through this proxy, if it is one for its URL. May be called several times: the first proxy that
    /// is for the URL is taken.
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
