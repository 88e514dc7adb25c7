//! [`ConnectionBuilder`]: the settings of a single connection.

use std::path::Path;
use std::time::Duration;

use httpx_core::Timeouts;
use httpx_proto::{Limits, UncleanEnds};

use crate::address_filter::AddressFilter;
use crate::connect_options::{ConnectOptions, IntoAddress};
use crate::observer::{Observer, ObserverHandle};
use crate::pool_config::PoolConfig;
use crate::proxy::Proxy;
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// Opens a single `Connection` with these settings. `B` is the network backend of its flavour.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx {
/// #     pub use httpx_core::{*, blocking::*}; pub use httpx_pool::*;
/// #     pub mod network { pub use httpx_pool::*; }
/// # }
/// use std::thread;
/// use std::time::Duration;
/// use httpx::network::{Connection, NetworkStream};
/// use httpx::{Request, Timeouts, Transport, memory};
///
/// // A network inside this process takes the place of TCP.
/// let (backend, listener) = memory::network();
/// let server = thread::spawn(move || {
///     let (_, mut stream) = listener.accept().unwrap();
///     stream.read(&mut [0; 1024], None).unwrap();
///     stream.write(b"HTTP/1.1 204 No Content\r\n\r\n", None).unwrap();
/// });
///
/// let connection = Connection::builder()
///     .backend(backend)
///     .timeouts(Timeouts::new().read(Duration::from_secs(5)))
///     .open("http://example.com")?;
/// let response = connection.send(Request::new("GET", "http://example.com/")?)?;
/// assert_eq!(response.status(), 204);
/// # server.join().unwrap();
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until open() is called"]
pub struct ConnectionBuilder<B> {
    pub(crate) config: PoolConfig,
    pub(crate) backend: B,
}

impl<B> ConnectionBuilder<B> {
    pub(crate) fn over(backend: B) -> Self {
        ConnectionBuilder { config: PoolConfig::default(), backend }
    }

    /// Sets the timeouts of requests that set none themselves, and of opening the connection. Defaults to
    /// [`Timeouts::DEFAULT`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::*; pub mod network { pub use httpx_pool::*; } }
    /// use std::time::Duration;
    /// use httpx::Timeouts;
    /// use httpx::network::Connection;
    ///
    /// let timeouts = Timeouts::new().connect(Duration::from_secs(3));
    /// let connection = Connection::builder().timeouts(timeouts).open("https://example.com")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.config.timeouts = timeouts.or(&Timeouts::DEFAULT);
        self
    }

    /// Sets how much the connection accepts from a server, for example the size of a head. Defaults to
    /// [`Limits::default`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; pub use httpx_proto::*; } }
    /// let mut limits = httpx::network::Limits::default();
    /// limits.header_count = 1000;
    /// let connection = httpx::network::Connection::builder().limits(limits).open("https://example.com")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn limits(mut self, limits: Limits) -> Self {
        self.config.codec = limits;
        self
    }

    /// Sets the configuration of TLS. Defaults to [`TlsConfig::default`]: TLS 1.2 and 1.3, and the roots of Mozilla.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::network::Connection;
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().root(std::fs::read("ca.pem")?).build()?;
    /// let connection = Connection::builder().tls(tls).open("https://intranet.example")?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "tls")]
    #[doc(alias = "ssl_context")]
    pub fn tls(self, tls: TlsConfig) -> Self {
        self.connect_options(ConnectOptions::new().tls(tls))
    }

    /// Sets how the connection is made. Fields that `options` leaves unset stay as they are. A request that sets other
    /// options fails.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::net::Ipv4Addr;
    /// use httpx::network::{ConnectOptions, Connection};
    ///
    /// let options = ConnectOptions::new().resolve("example.com", [Ipv4Addr::LOCALHOST]);
    /// let connection = Connection::builder().connect_options(options).open("https://example.com")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "as the other setters")]
    pub fn connect_options(mut self, options: ConnectOptions) -> Self {
        self.config.connect = options.or(&self.config.connect);
        self
    }

    /// Connects to these addresses when the URL has this host, without a lookup: see [`ConnectOptions::resolve`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::net::Ipv4Addr;
    /// use httpx::network::Connection;
    ///
    /// let connection =
    ///     Connection::builder().resolve("example.com", [Ipv4Addr::LOCALHOST]).open("https://example.com")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn resolve<A: IntoAddress>(self, name: &str, addresses: impl IntoIterator<Item = A>) -> Self {
        self.connect_options(ConnectOptions::new().resolve(name, addresses))
    }

    /// Connects to the Unix socket with this path. The URL's host is for the `Host` header and for TLS: see
    /// [`ConnectOptions::unix_socket`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::Connection;
    ///
    /// let connection = Connection::builder().unix_socket("/var/run/docker.sock").open("http://localhost")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn unix_socket(self, path: impl AsRef<Path>) -> Self {
        self.connect_options(ConnectOptions::new().unix_socket(path))
    }

    /// Sets which addresses may be connected to: see [`AddressFilter`]. Defaults to all.
    ///
    /// The filter cannot check a name that the proxy looks up. For untrusted URLs use no proxy, or a `socks5://` proxy, whose
    /// names are looked up here.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{Connection, PublicOnly};
    ///
    /// let connection = Connection::builder().address_filter(PublicOnly::new()).open("https://example.com")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn address_filter(self, filter: impl AddressFilter) -> Self {
        self.connect_options(ConnectOptions::new().address_filter(filter))
    }

    /// Sends requests through this proxy if it applies to their URL. Can be called several times: the first proxy that
    /// applies is used. If none applies, the requests go direct. See [`ConnectOptions::proxy`]. Defaults to none: a
    /// single connection does not read the environment.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::Proxy;
    ///
    /// let proxy = Proxy::all("http://proxy.example:3128")?;
    /// let builder = httpx::network::Connection::builder().proxy(proxy);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.config.connect = self.config.connect.proxy(proxy);
        self
    }

    /// Reports what happens to the connection and its requests: see [`Observer`]. If there are several observers, each
    /// event goes to all of them, in the order in which they were added. Defaults to none, which costs nothing.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{Connection, Event};
    ///
    /// let observer = |event: &Event<'_>| println!("{event:?}");
    /// let connection = Connection::builder().observer(observer).open("https://example.com")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.config.observer = Some(match self.config.observer.take() {
            Some(first) => first.and(observer),
            None => ObserverHandle::new(observer),
        });
        self
    }

    /// Sets what to do with a body that ends only with its connection, and under TLS without a close_notify. Defaults
    /// to [`UncleanEnds::Refuse`], because an attacker on the network can truncate such a body.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; pub use httpx_proto::*; } }
    /// use httpx::network::{Connection, UncleanEnds};
    ///
    /// let connection = Connection::builder().unclean_ends(UncleanEnds::Accept).open("https://old.example")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn unclean_ends(mut self, unclean_ends: UncleanEnds) -> Self {
        self.config.unclean_ends = unclean_ends;
        self
    }

    /// Sends `Expect: 100-continue` with each body that has more bytes than this or an unknown length, so that the server
    /// can refuse it before it is sent: see [`ExpectContinue`](crate::ExpectContinue). Defaults to never.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::Connection;
    ///
    /// let connection = Connection::builder().expect_continue_above(1 << 20).open("https://example.com")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn expect_continue_above(mut self, bytes: u64) -> Self {
        self.config.expect_continue = self.config.expect_continue.above(bytes);
        self
    }

    /// Sets the most time that a body with `Expect: 100-continue` waits before it is sent without a `100 Continue`. Defaults
    /// to 1 s.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::time::Duration;
    /// use httpx::network::Connection;
    ///
    /// let connection =
    ///     Connection::builder().continue_timeout(Duration::from_secs(3)).open("https://example.com")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn continue_timeout(mut self, timeout: Duration) -> Self {
        self.config.expect_continue = self.config.expect_continue.timeout(timeout);
        self
    }
}
