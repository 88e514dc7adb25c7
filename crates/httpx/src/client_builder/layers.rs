//! The layers of a client: flows above and below its own middleware.

use std::path::Path;

use httpx_core::Result;
use httpx_middleware::Flow;
use httpx_middleware::auth::Netrc;
use httpx_middleware::retry::Retry;

use super::ClientBuilder;
use crate::request_sender::RequestSender;

/// Layers.
impl<C: RequestSender> ClientBuilder<C> {
    /// Sends requests again after failures that may pass: see [`retry`](crate::retry) for which, and when. An attempt is a
    /// whole call: layers, redirects and cookies are below. Defaults to no retries; a request can have
    /// [settings of its own](crate::RequestBuilder::retry).
    ///
    /// ```
    /// use httpx::retry::Retry;
    ///
    /// let client = httpx::Client::builder().retry(Retry::new()).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Puts a flow above redirects and cookies. It sees each call once, also if redirects follow, but each
    /// [retry](ClientBuilder::retry). Use it for headers of each call. The first layer that is added is the outermost.
    ///
    /// ```
    /// use httpx::flow::{Clock, Flow, RequestHead};
    ///
    /// struct Tagged;
    ///
    /// impl Flow for Tagged {
    ///     type Call = ();
    ///
    ///     fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> httpx::Result<()> {
    ///         Ok(request.headers_mut().set("X-Tag", "1")?)
    ///     }
    /// }
    ///
    /// let client = httpx::Client::builder().layer(Tagged).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// A request that the flow sends itself passes redirects and cookies, but gets none of the client's headers and
    /// options. To see each step of a redirect, use [`network_layer`](ClientBuilder::network_layer).
    #[doc(alias = "middleware")]
    #[doc(alias = "with")]
    pub fn layer(mut self, flow: impl Flow + 'static) -> Self {
        self.layers.push(C::over(flow));
        self
    }

    /// Puts a flow that authenticates below redirects and cookies: one of [`httpx::auth`](crate::auth), or another one. It
    /// sees each step of a redirect on its own, as a [`network_layer`](ClientBuilder::network_layer).
    ///
    /// If the client has a base URL, `Digest` and [`TokenAuth`](crate::auth::TokenAuth) send their credentials to its origin
    /// alone, unless they name another one. See
    /// [`send_credentials_to_any_origin`](ClientBuilder::send_credentials_to_any_origin). A
    /// [`Netrc`](crate::auth::Netrc) sends each host its own login.
    ///
    /// ```
    /// # #[cfg(feature = "digest")] {
    /// use httpx::auth::Digest;
    ///
    /// let digest = Digest::new("ann", "s3cret").for_origin("https://api.example.com")?;
    /// let client = httpx::Client::builder().auth(digest).build()?;
    /// # }
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn auth(mut self, flow: impl Flow + 'static) -> Self {
        self.settings.authenticates = true;
        self.network_layer(flow)
    }

    /// Sends the logins of the user's netrc file, by host: see [`Netrc`](crate::auth::Netrc). The file is read now, and is
    /// that of [`Netrc::from_env`](crate::auth::Netrc::from_env).
    ///
    /// Defaults to no file. A request with an `Authorization` header, or with a login in its URL, is sent with that alone; a
    /// user without a password, as in `http://ann@h/`, gets the password of this user from the file.
    ///
    /// ```no_run
    /// let client = httpx::Client::builder().netrc().build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn netrc(self) -> Self {
        self.with_netrc(Netrc::from_env())
    }

    /// Sends the logins of this netrc file, by host: see [`Netrc`](crate::auth::Netrc). The file is read now.
    ///
    /// ```no_run
    /// let client = httpx::Client::builder().netrc_file("/etc/my-tool/netrc").build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn netrc_file(self, path: impl AsRef<Path>) -> Self {
        self.with_netrc(Netrc::open(path))
    }

    fn with_netrc(mut self, netrc: Result<Netrc>) -> Self {
        match netrc {
            Ok(netrc) => self.auth(netrc),
            Err(error) => {
                self.fail(error);
                self
            }
        }
    }

    /// Puts a flow below redirects and cookies, directly above the [`transport`](ClientBuilder::transport). It sees each
    /// request that is sent: each step of a redirect on its own, with its cookies. Use it for authentication, caches and
    /// logging. The first layer that is added is the outermost.
    ///
    /// A request that the flow sends itself is not redirected, and gets neither cookies nor the client's headers and
    /// options.
    ///
    /// ```
    /// use httpx::flow::{Clock, Flow, RequestHead};
    ///
    /// struct Printed;
    ///
    /// impl Flow for Printed {
    ///     type Call = ();
    ///
    ///     fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> httpx::Result<()> {
    ///         println!("{} {}", request.method(), request.url());
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let client = httpx::Client::builder().network_layer(Printed).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "network_interceptor")]
    pub fn network_layer(mut self, flow: impl Flow + 'static) -> Self {
        self.network_layers.push(C::over(flow));
        self
    }
}
