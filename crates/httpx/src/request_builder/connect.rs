//! How the connection of one request is made and used.

use std::path::Path;

#[cfg(feature = "tls")]
use httpx_pool::TlsConfig;
use httpx_pool::{AddressFilter, ConnectOptions, IntoAddress};
use httpx_proto::{Limits, UncleanEnds};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

/// Each setting overrides that of the client. Connection pools apply them; other transports ignore them. Redirects keep
/// them. Connections are shared only by requests with equal settings of the connection itself.
impl<C: RequestSender> RequestBuilder<C> {
    /// Sets how the connection is made. Fields that `options` leaves unset stay as they are.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().resolve("example.com", [Ipv4Addr::LOCALHOST]);
    /// let request = httpx::get("https://example.com").connect_options(options);
    /// ```
    pub fn connect_options(self, options: ConnectOptions) -> Self {
        self.with(|draft| {
            let extensions = draft.head.extensions_mut();
            let options = match extensions.get() {
                Some(earlier) => options.or(earlier),
                None => options,
            };
            extensions.insert(options);
            Ok(())
        })
    }

    /// Connects to these addresses when the URL, or that of a redirect, has this host, without a lookup. An address
    /// without a port, or with port 0, gets the port of the URL. The `Host` header and the name in TLS stay those of the
    /// URL.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    ///
    /// let request = httpx::get("https://example.com").resolve("example.com", [Ipv4Addr::LOCALHOST]);
    /// ```
    #[doc(alias = "resolve_to_addrs")]
    pub fn resolve<A: IntoAddress>(self, name: &str, addresses: impl IntoIterator<Item = A>) -> Self {
        self.connect_options(ConnectOptions::new().resolve(name, addresses))
    }

    /// Connects to the Unix socket with this path, for this request and for its redirects, whatever their hosts are: see
    /// [`ConnectOptions::unix_socket`].
    ///
    /// ```no_run
    /// let response = httpx::get("http://docker/version").unix_socket("/var/run/docker.sock").send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn unix_socket(self, path: impl AsRef<Path>) -> Self {
        self.connect_options(ConnectOptions::new().unix_socket(path))
    }

    /// Connects over the network, also if the client has a Unix socket: see [`ConnectOptions::no_unix_socket`].
    ///
    /// ```
    /// let client = httpx::Client::builder().unix_socket("/var/run/docker.sock").build()?;
    /// let request = client.get("https://example.com").no_unix_socket();
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn no_unix_socket(self) -> Self {
        self.connect_options(ConnectOptions::new().no_unix_socket())
    }

    /// Sets which addresses may be connected to, for this request and for its redirects: see [`AddressFilter`].
    ///
    /// ```
    /// use httpx::network::PublicOnly;
    ///
    /// # let webhook = "https://example.com/hook";
    /// let request = httpx::post(webhook).address_filter(PublicOnly::new()).content(httpx::Text("done"));
    /// ```
    pub fn address_filter(self, filter: impl AddressFilter) -> Self {
        self.connect_options(ConnectOptions::new().address_filter(filter))
    }

    /// Sets the limits on the response apart from its body, for example the number of headers.
    ///
    /// ```
    /// use httpx::network::Limits;
    ///
    /// let mut limits = Limits::default();
    /// limits.header_count = 1000;
    /// let request = httpx::get("https://www.example.com").limits(limits);
    /// ```
    pub fn limits(self, limits: Limits) -> Self {
        self.extension(limits)
    }

    /// Sets what to do with a body that ends only with its connection, and under TLS without a close_notify. An attacker
    /// on the network can truncate such a body.
    ///
    /// ```
    /// use httpx::network::UncleanEnds;
    ///
    /// let request = httpx::get("https://old.example").unclean_ends(UncleanEnds::Accept);
    /// ```
    pub fn unclean_ends(self, unclean_ends: UncleanEnds) -> Self {
        self.extension(unclean_ends)
    }

    /// Sets the configuration of TLS for this request, and for the redirects that follow it.
    ///
    /// Make the configuration once: two configurations that were built separately share neither connections nor
    /// sessions.
    ///
    /// ```no_run
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().root(std::fs::read("company-ca.pem")?).build()?;
    /// let response = httpx::get("https://intranet.example").tls(tls).send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "tls")]
    pub fn tls(self, tls: TlsConfig) -> Self {
        self.connect_options(ConnectOptions::new().tls(tls))
    }
}
