//! [`PoolBuilder`]: the settings of a connection pool.

use std::path::Path;
use std::time::Duration;

use httpx_core::{Timeouts, Url};
use httpx_proto::{Limits, UncleanEnds};

use crate::address_filter::AddressFilter;
use crate::connect_options::{ConnectOptions, IntoAddress};
use crate::observer::{Observer, ObserverHandle};
use crate::pool_config::PoolConfig;
use crate::proxy::Proxy;
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// Builds a `ConnectionPool`. `B` is the network backend of its flavour.
///
/// The defaults: at most 100 connections, of which all may go to one origin. A request that finds them all busy waits
/// for up to 5 minutes. An idle connection is closed after 15 seconds, or earlier if the server announces it.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; }
/// use std::time::Duration;
/// use httpx::ConnectionPool;
///
/// let pool = ConnectionPool::builder().max_connections(20).idle_timeout(Duration::from_secs(60)).build();
/// assert_eq!(format!("{pool:?}"), "<ConnectionPool [0 active]>");
/// # }
/// ```
///
/// # Settings of one request
///
/// A request can override the timeouts, the limits on the server's messages, [`unclean_ends`](Self::unclean_ends),
/// [`expect_continue_above`](Self::expect_continue_above), and how its connection is made (TLS, addresses, Unix socket, address
/// filter, proxies, options of the socket). What
/// decides how a connection is made belongs to its identity: it is shared only by requests with the same settings.
///
/// The other settings are those of the whole pool. [`max_connections`](Self::max_connections) and the other limits on the
/// number of connections, [`idle_timeout`](Self::idle_timeout), [`max_age`](Self::max_age), [`max_uses`](Self::max_uses)
/// and [`observer`](Self::observer) are about connections that many requests use one after the other: if one request
/// could change them, it would change them for the requests of others. For a request that needs other values, make a
/// second pool.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until build() is called"]
pub struct PoolBuilder<B> {
    pub(crate) config: PoolConfig,
    pub(crate) backend: B,
}

impl<B> PoolBuilder<B> {
    pub(crate) fn over(backend: B) -> Self {
        PoolBuilder { config: PoolConfig::default(), backend }
    }

    /// Sets the most connections at once, busy and idle together. A further request waits until one is free.
    /// Defaults to 100; zero counts as one.
    ///
    /// A response whose body is not yet read holds its connection.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// let pool = httpx::ConnectionPool::builder().max_connections(500).build();
    /// # }
    /// ```
    pub fn max_connections(mut self, most: usize) -> Self {
        self.config.connections.total = most;
        self
    }

    /// Sets the most connections to one origin (scheme, host and port). Defaults to the limit on all connections; zero
    /// counts as one. Connections to a proxy that forwards requests count for the proxy, not for the origins.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// // As gentle on a server as a browser.
    /// let pool = httpx::ConnectionPool::builder().max_connections_per_origin(6).build();
    /// # }
    /// ```
    pub fn max_connections_per_origin(mut self, most: usize) -> Self {
        self.config.connections.per_origin = Some(most);
        self
    }

    /// Sets the most idle connections. When there are more, the one that has been idle longest is closed. Defaults to
    /// the limit on all connections; zero keeps none.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// let pool = httpx::ConnectionPool::builder().max_idle_connections(10).build();
    /// # }
    /// ```
    pub fn max_idle_connections(mut self, most: usize) -> Self {
        self.config.connections.idle = Some(most);
        self
    }

    /// Sets the most idle connections to one origin (scheme, host and port). When there are more, the one that has been
    /// idle longest is closed. Defaults to the limit on all idle connections; zero keeps none.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// let pool = httpx::ConnectionPool::builder().max_idle_per_origin(2).build();
    /// # }
    /// ```
    #[doc(alias = "pool_max_idle_per_host")]
    pub fn max_idle_per_origin(mut self, most: usize) -> Self {
        self.config.connections.idle_per_origin = Some(most);
        self
    }

    /// Sets how long a connection may be idle before it is closed. A shorter time that the server announces
    /// (`Keep-Alive: timeout=`) takes precedence. Defaults to 15 s, below the times after which servers close
    /// connections unannounced.
    ///
    /// No thread and no task watches the clock: expired connections are closed when the pool is next used.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// use std::time::Duration;
    ///
    /// let pool = httpx::ConnectionPool::builder().idle_timeout(Duration::from_secs(60)).build();
    /// # }
    /// ```
    #[doc(alias = "pool_idle_timeout")]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.config.connections.idle_time = timeout;
        self
    }

    /// Sets the age at which a connection is no longer used, so that a change in DNS is noticed. Up to an eighth is
    /// taken off at random, so that not all connections end at once. Defaults to no limit.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// use std::time::Duration;
    ///
    /// let pool = httpx::ConnectionPool::builder().max_age(Duration::from_secs(600)).build();
    /// # }
    /// ```
    pub fn max_age(mut self, age: Duration) -> Self {
        self.config.connections.age = Some(age);
        self
    }

    /// Sets the most requests that a connection carries. Defaults to no limit; zero counts as one.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// // A new connection for each request.
    /// let pool = httpx::ConnectionPool::builder().max_uses(1).build();
    /// # }
    /// ```
    pub fn max_uses(mut self, uses: u64) -> Self {
        self.config.connections.uses = Some(uses);
        self
    }

    /// Sets the timeouts of requests that set none themselves. Defaults to [`Timeouts::DEFAULT`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::*; pub use httpx_pool::*; }
    /// use std::time::Duration;
    /// use httpx::Timeouts;
    ///
    /// let timeouts = Timeouts::new().connect(Duration::from_secs(3)).total(Duration::from_secs(60));
    /// let pool = httpx::ConnectionPool::builder().timeouts(timeouts).build();
    /// # }
    /// ```
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.config.timeouts = timeouts.or(&Timeouts::DEFAULT);
        self
    }

    /// Sets how much the pool accepts from a server, for example the size of a head. Defaults to [`Limits::default`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_proto::*; } }
    /// use httpx::network::Limits;
    ///
    /// let mut limits = Limits::default();
    /// limits.header_count = 1000;
    /// let pool = httpx::ConnectionPool::builder().limits(limits).build();
    /// # }
    /// ```
    pub fn limits(mut self, limits: Limits) -> Self {
        self.config.codec = limits;
        self
    }

    /// Sets the configuration of TLS. Defaults to [`TlsConfig::default`]: TLS 1.2 and 1.3, and the roots of Mozilla.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::ConnectionPool;
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().root(std::fs::read("ca.pem")?).build()?;
    /// let pool = ConnectionPool::builder().tls(tls).build();
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "tls")]
    #[doc(alias = "ssl_context")]
    pub fn tls(self, tls: TlsConfig) -> Self {
        self.connect_options(ConnectOptions::new().tls(tls))
    }

    /// Sets how connections are made. Fields that `options` leaves unset stay as they are. A request's own options win,
    /// field by field.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use std::net::Ipv4Addr;
    /// use httpx::ConnectionPool;
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().resolve("example.com", [Ipv4Addr::LOCALHOST]);
    /// let pool = ConnectionPool::builder().connect_options(options).build();
    /// # }
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "as the other setters")]
    pub fn connect_options(mut self, options: ConnectOptions) -> Self {
        self.config.connect = options.or(&self.config.connect);
        self
    }

    /// Connects to these addresses when a URL has this host, without a lookup: see [`ConnectOptions::resolve`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// use std::net::Ipv4Addr;
    ///
    /// let pool = httpx::ConnectionPool::builder().resolve("example.com", [Ipv4Addr::LOCALHOST]).build();
    /// # }
    /// ```
    #[doc(alias = "resolve_to_addrs")]
    pub fn resolve<A: IntoAddress>(self, name: &str, addresses: impl IntoIterator<Item = A>) -> Self {
        self.connect_options(ConnectOptions::new().resolve(name, addresses))
    }

    /// Connects to the Unix socket with this path, for every URL: see [`ConnectOptions::unix_socket`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// let pool = httpx::ConnectionPool::builder().unix_socket("/var/run/docker.sock").build();
    /// # }
    /// ```
    pub fn unix_socket(self, path: impl AsRef<Path>) -> Self {
        self.connect_options(ConnectOptions::new().unix_socket(path))
    }

    /// Sets which addresses may be connected to: see [`AddressFilter`]. Defaults to all.
    ///
    /// The filter cannot check names that a proxy looks up. A program that fetches untrusted URLs also calls
    /// [`no_proxy`](Self::no_proxy), or uses a `socks5://` proxy, whose names are looked up here.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::PublicOnly;
    ///
    /// let pool = httpx::ConnectionPool::builder().address_filter(PublicOnly::new()).build();
    /// # }
    /// ```
    pub fn address_filter(self, filter: impl AddressFilter) -> Self {
        self.connect_options(ConnectOptions::new().address_filter(filter))
    }

    /// Sends requests through this proxy if it applies to their URL. Can be called several times: the first proxy that
    /// applies is used. If none applies, the request goes direct. See [`ConnectOptions::proxy`]. Defaults to the
    /// proxies of the environment: see [`ConnectOptions::proxy_from_env`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::Proxy;
    ///
    /// let proxy = Proxy::all("http://proxy.example:3128")?;
    /// let pool = httpx::ConnectionPool::builder().proxy(proxy).build();
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.config.connect = self.config.connect.proxy(proxy);
        self
    }

    /// Chooses the proxy of each request by a function of its URL. `None` means that this function chooses no proxy;
    /// the next proxy is then tried. If the function panics, the panic reaches the caller of `send`. See
    /// [`ConnectOptions::proxy_by`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::Proxy;
    ///
    /// let proxy = Proxy::all("http://proxy.example:3128")?;
    /// let pool = httpx::ConnectionPool::builder()
    ///     .proxy_by(move |url| (url.port() == Some(8443)).then(|| proxy.clone()))
    ///     .build();
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn proxy_by(mut self, function: impl Fn(&Url) -> Option<Proxy> + Send + Sync + 'static) -> Self {
        self.config.connect = self.config.connect.proxy_by(function);
        self
    }

    /// Uses no proxy: neither one of the environment nor one that was set before.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// let pool = httpx::ConnectionPool::builder().no_proxy().build();
    /// # }
    /// ```
    pub fn no_proxy(mut self) -> Self {
        self.config.connect = self.config.connect.no_proxy();
        self
    }

    /// Adds an observer, which receives the events of requests and connections. Several observers are called in the
    /// order in which they were added. Defaults to none, which costs nothing.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::Event;
    ///
    /// let observer = |event: &Event<'_>| println!("{event:?}");
    /// let pool = httpx::ConnectionPool::builder().observer(observer).build();
    /// # }
    /// ```
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.config.observer = Some(match self.config.observer.take() {
            Some(first) => first.and(observer),
            None => ObserverHandle::new(observer),
        });
        self
    }

    /// Sends `Expect: 100-continue` with each body that has more bytes than this or an unknown length, so that the server can
    /// refuse it before it is sent: see [`ExpectContinue`](crate::ExpectContinue). Defaults to never.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// let pool = httpx::ConnectionPool::builder().expect_continue_above(1 << 20).build();
    /// # }
    /// ```
    pub fn expect_continue_above(mut self, bytes: u64) -> Self {
        self.config.expect_continue = self.config.expect_continue.above(bytes);
        self
    }

    /// Sets the most time that a body with `Expect: 100-continue` waits before it is sent without a `100 Continue`. Defaults to
    /// 1 s.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; }
    /// use std::time::Duration;
    ///
    /// let pool = httpx::ConnectionPool::builder().continue_timeout(Duration::from_secs(3)).build();
    /// # }
    /// ```
    pub fn continue_timeout(mut self, timeout: Duration) -> Self {
        self.config.expect_continue = self.config.expect_continue.timeout(timeout);
        self
    }

    /// Sets what to do with a body that ends only with its connection, and under TLS without a close_notify. Defaults
    /// to [`UncleanEnds::Refuse`], because an attacker on the network can truncate such a body. Some old servers need
    /// [`UncleanEnds::Accept`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_proto::*; } }
    /// use httpx::network::UncleanEnds;
    ///
    /// let pool = httpx::ConnectionPool::builder().unclean_ends(UncleanEnds::Accept).build();
    /// # }
    /// ```
    pub fn unclean_ends(mut self, unclean_ends: UncleanEnds) -> Self {
        self.config.unclean_ends = unclean_ends;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_no_number_for_no_limit() {
        let text = format!("{:?}", PoolBuilder { config: PoolConfig::default(), backend: () });
        assert!(!text.contains("18446744073709551615"), "{text}");
        assert!(text.contains("per_origin: None, idle: None"), "{text}");
    }
}
