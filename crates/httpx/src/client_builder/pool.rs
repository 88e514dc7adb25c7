//! Settings of the pool that a client makes for itself.

use std::path::Path;
use std::time::Duration;

#[cfg(feature = "tls")]
use httpx_pool::TlsConfig;
use httpx_pool::{AddressFilter, ConnectOptions, IntoAddress, Observer, PoolBuilder};
use httpx_proto::{Limits, UncleanEnds};

use super::ClientBuilder;
use crate::request_sender::RequestSender;

/// Settings of the client's own connection pool. They cannot be combined with `transport`, which replaces that pool. The
/// builder of a [`ConnectionPool`](httpx_pool::ConnectionPool) has some more.
impl<C: RequestSender> ClientBuilder<C> {
    /// Sets how TLS is used: roots, client certificates, versions. Defaults to TLS 1.2 and 1.3 with Mozilla's roots.
    ///
    /// ```no_run
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().root(std::fs::read("company-ca.pem")?).build()?;
    /// let client = httpx::Client::builder().tls(tls).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "tls")]
    #[doc(alias = "add_root_certificate")]
    #[doc(alias = "identity")]
    #[doc(alias = "danger_accept_invalid_certs")]
    pub fn tls(self, tls: TlsConfig) -> Self {
        self.with_pool("tls", |pool| pool.tls(tls))
    }

    /// Sets the limits on responses apart from their bodies, for example the number of headers. Defaults to
    /// [`Limits::default`].
    ///
    /// ```
    /// use httpx::network::Limits;
    ///
    /// let mut limits = Limits::default();
    /// limits.header_count = 1000;
    /// let client = httpx::Client::builder().limits(limits).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn limits(self, limits: Limits) -> Self {
        self.with_pool("limits", |pool| pool.limits(limits))
    }

    /// Sets what to do with a body that ends only with its connection, and under TLS without a close_notify. Defaults to
    /// [`UncleanEnds::Refuse`], because an attacker on the network can truncate such a body.
    ///
    /// ```
    /// use httpx::network::UncleanEnds;
    ///
    /// let client = httpx::Client::builder().unclean_ends(UncleanEnds::Accept).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn unclean_ends(self, unclean_ends: UncleanEnds) -> Self {
        self.with_pool("unclean_ends", |pool| pool.unclean_ends(unclean_ends))
    }

    /// Sends `Expect: 100-continue` with each body that has more bytes than this or an unknown length, so that the server
    /// can refuse it before it is sent: see [`RequestBuilder::expect_continue`](crate::RequestBuilder::expect_continue).
    /// Defaults to never; curl does it above 1 MiB.
    ///
    /// ```
    /// let client = httpx::Client::builder().expect_continue_above(1 << 20).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "100-continue")]
    pub fn expect_continue_above(self, bytes: u64) -> Self {
        self.with_pool("expect_continue_above", |pool| pool.expect_continue_above(bytes))
    }

    /// Sets the most time that a body with `Expect: 100-continue` waits before it is sent without a `100 Continue`. Defaults
    /// to 1 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().continue_timeout(Duration::from_secs(3)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn continue_timeout(self, timeout: Duration) -> Self {
        self.with_pool("continue_timeout", |pool| pool.continue_timeout(timeout))
    }

    /// Sets how connections are made. Fields that `options` leaves unset stay as they are. A request's own options win,
    /// field by field.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().resolve("example.com", [Ipv4Addr::LOCALHOST]);
    /// let client = httpx::Client::builder().connect_options(options).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn connect_options(self, options: ConnectOptions) -> Self {
        self.with_pool("connect_options", |pool| pool.connect_options(options))
    }

    /// Connects to these addresses when a URL has this host, without a lookup. An address without a port, or with port
    /// 0, gets the port of the URL. The `Host` header and the name in TLS stay those of the URL.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    ///
    /// let client = httpx::Client::builder().resolve("example.com", [Ipv4Addr::LOCALHOST]).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "resolve_to_addrs")]
    pub fn resolve<A: IntoAddress>(self, name: &str, addresses: impl IntoIterator<Item = A>) -> Self {
        self.with_pool("resolve", |pool| pool.resolve(name, addresses))
    }

    /// Connects to the Unix socket with this path, for every URL: see [`ConnectOptions::unix_socket`].
    ///
    /// ```no_run
    /// let docker = httpx::Client::builder().unix_socket("/var/run/docker.sock").url("http://docker/").build()?;
    /// println!("{}", docker.get("version").send()?.text());
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn unix_socket(self, path: impl AsRef<Path>) -> Self {
        self.with_pool("unix_socket", |pool| pool.unix_socket(path))
    }

    /// Sets which addresses may be connected to: see [`AddressFilter`]. Defaults to all.
    ///
    /// The filter cannot check names that a proxy looks up. A program that fetches untrusted URLs also calls
    /// [`no_proxy`](Self::no_proxy), or uses a `socks5://` proxy, whose names are looked up here.
    ///
    /// Set it in a server that fetches URLs from others. Otherwise they can make the server send requests to itself and
    /// to its internal network (SSRF).
    ///
    /// ```
    /// use httpx::network::PublicOnly;
    ///
    /// let client = httpx::Client::builder().address_filter(PublicOnly::new()).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn address_filter(self, filter: impl AddressFilter) -> Self {
        self.with_pool("address_filter", |pool| pool.address_filter(filter))
    }

    /// Sets how many connections there may be at once, in use and idle together. A further request waits for a free one.
    /// Defaults to 100.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_connections(20).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_connections(self, count: usize) -> Self {
        self.with_pool("max_connections", |pool| pool.max_connections(count))
    }

    /// Sets how many connections there may be to one origin (scheme, host, port). Defaults to no limit but the total.
    /// Connections to a proxy that forwards requests count for the proxy, not for the origins.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_connections_per_origin(6).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_connections_per_origin(self, count: usize) -> Self {
        self.with_pool("max_connections_per_origin", |pool| pool.max_connections_per_origin(count))
    }

    /// Sets how many connections may be idle. Defaults to no limit but the total; with 0 each connection is closed after
    /// its response.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_idle_connections(10).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_idle_connections(self, count: usize) -> Self {
        self.with_pool("max_idle_connections", |pool| pool.max_idle_connections(count))
    }

    /// Sets how many connections to one origin (scheme, host, port) may be idle. Defaults to no limit but that of all
    /// idle connections.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_idle_per_origin(2).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "pool_max_idle_per_host")]
    pub fn max_idle_per_origin(self, count: usize) -> Self {
        self.with_pool("max_idle_per_origin", |pool| pool.max_idle_per_origin(count))
    }

    /// Adds an observer, which receives the events of requests and connections: lookups, connects, handshakes, bytes
    /// sent, responses, closed connections. Several observers are called in the order in which they were added.
    /// Defaults to none, which costs nothing.
    ///
    /// ```
    /// use httpx::network::Event;
    ///
    /// let client = httpx::Client::builder().observer(|event: &Event<'_>| println!("{event:?}")).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn observer(self, observer: impl Observer + 'static) -> Self {
        self.with_pool("observer", |pool| pool.observer(observer))
    }

    /// Sets how long a connection may be idle before it is closed. A shorter time that the server names
    /// (`Keep-Alive: timeout=…`) takes precedence. Defaults to 15 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().idle_timeout(Duration::from_secs(60)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "pool_idle_timeout")]
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        self.with_pool("idle_timeout", |pool| pool.idle_timeout(timeout))
    }

    /// Sets the age at which a connection is no longer used, so that a change in DNS is noticed. Up to an eighth is
    /// taken off at random, so that not all connections end at once. Defaults to no limit.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().max_age(Duration::from_secs(600)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_age(self, age: Duration) -> Self {
        self.with_pool("max_age", |pool| pool.max_age(age))
    }

    /// Sets the most requests that a connection carries. Defaults to no limit; zero counts as one.
    ///
    /// ```
    /// // A new connection for each request.
    /// let client = httpx::Client::builder().max_uses(1).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_uses(self, uses: u64) -> Self {
        self.with_pool("max_uses", |pool| pool.max_uses(uses))
    }

    pub(crate) fn with_pool(
        mut self,
        setter: &'static str,
        set: impl FnOnce(PoolBuilder<C::Backend>) -> PoolBuilder<C::Backend>,
    ) -> Self {
        let (first, pool) = self.pool.take().unwrap_or_else(|| (setter, C::pool_builder()));
        self.pool = Some((first, set(pool)));
        self
    }
}
