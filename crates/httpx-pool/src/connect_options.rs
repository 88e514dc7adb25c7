//! [`ConnectOptions`]: how connections are made, for a pool or for one request.

mod overrides;
mod proxy;
mod unix_socket;

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use overrides::IntoAddress;

use overrides::Overrides;
use unix_socket::UnixSocket;

use crate::address_filter::AddressFilter;
use crate::any_filter::AnyFilter;
use crate::proxy::Proxies;
use crate::socket_options::SocketOptions;
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// Options for making connections: overrides of the name lookup, Unix sockets, allowed addresses, the delay between
/// attempts, options of sockets, proxies, TLS.
///
/// Each field is unset by default. Set them for a pool ([`PoolBuilder::connect_options`](crate::PoolBuilder)) or for one
/// request, by an [extension](httpx_core::RequestHead::extensions) of this type. The fields of the request win; the
/// others come from the pool.
///
/// A connection is shared only by requests whose options are equal. A clone is cheap: where many requests have the same
/// options, make them once and clone them.
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
#[derive(Clone, Default)]
pub struct ConnectOptions {
    /// `None` if no field is set.
    fields: Option<Arc<Fields>>,
}

#[derive(Clone)]
struct Fields {
    overrides: Overrides,
    unix_socket: UnixSocket,
    address_filter: Option<AnyFilter>,
    proxies: Option<Proxies>,
    attempt_delay: Option<Duration>,
    socket: SocketOptions,
    #[cfg(feature = "tls")]
    tls: Option<TlsConfig>,
}

static UNSET: ConnectOptions = ConnectOptions::new();
static UNSET_FIELDS: Fields = Fields::new();

impl ConnectOptions {
    /// Makes options with no field set.
    pub const fn new() -> Self {
        ConnectOptions { fields: None }
    }

    /// Connects to these addresses when a URL has this host, without a lookup.
    ///
    /// An address is an [`IpAddr`](std::net::IpAddr) or a [`SocketAddr`](std::net::SocketAddr); without a port, or with
    /// port 0, the port is that of the URL. The addresses are tried in their order. The `Host` header and the name in
    /// TLS stay those of the URL. Names are compared without regard to case. A second call with the same name replaces
    /// the addresses; with an empty list, each connection to that name fails with kind
    /// [`Resolve`](httpx_core::ErrorKind::Resolve).
    ///
    /// Backends that look up names themselves may ignore it. Through a proxy that looks up names itself (`http`,
    /// `https`, `socks4a`, `socks5h`), only the [address filter](Self::address_filter) uses the addresses of the
    /// origin: the proxy is given the name. The same is true of `localhost`, which is the proxy's machine then.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::net::{Ipv4Addr, SocketAddr};
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new()
    ///     .resolve("example.com", [Ipv4Addr::new(192, 0, 2, 1)])
    ///     .resolve("staging.example.com", [SocketAddr::from(([192, 0, 2, 2], 8443))]);
    /// ```
    #[doc(alias = "resolve_to_addrs")]
    pub fn resolve<A: IntoAddress>(mut self, name: &str, addresses: impl IntoIterator<Item = A>) -> Self {
        let addresses = addresses.into_iter().map(IntoAddress::into_address).collect();
        self.fields_mut().overrides.set(name, addresses);
        self
    }

    /// Sets which addresses may be connected to. Defaults to all.
    ///
    /// The filter cannot check names that a proxy looks up. A program that fetches untrusted URLs also calls
    /// [`no_proxy`](Self::no_proxy), or uses a `socks5://` proxy, whose names are looked up here.
    ///
    /// Connections are shared by requests with the same [`PublicOnly`](crate::PublicOnly). Any other filter is equal only
    /// to itself: make the options once and clone them.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{ConnectOptions, PublicOnly};
    ///
    /// let options = ConnectOptions::new().address_filter(PublicOnly::new());
    /// ```
    pub fn address_filter(mut self, filter: impl AddressFilter) -> Self {
        self.fields_mut().address_filter = Some(AnyFilter::new(filter));
        self
    }

    /// Sets how long to wait for an address before the next one of the same name is tried at the same time (RFC 8305
    /// §5). Defaults to 250 ms. It is at least 10 ms, and shorter where the time until the deadline is too short for
    /// all addresses.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::time::Duration;
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().attempt_delay(Duration::from_millis(100));
    /// ```
    #[doc(alias = "happy_eyeballs_timeout")]
    pub fn attempt_delay(mut self, delay: Duration) -> Self {
        self.fields_mut().attempt_delay = Some(delay);
        self
    }

    /// Turns on TCP keep-alive: after this time without data, the system sends probes to the peer, and closes the
    /// connection if the peer does not answer. Some firewalls drop idle connections. Defaults to the setting of the
    /// system, which is off. Whole seconds count, at least one.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::time::Duration;
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().tcp_keepalive(Duration::from_secs(60));
    /// ```
    pub fn tcp_keepalive(mut self, idle: Duration) -> Self {
        self.fields_mut().socket.keepalive = Some(idle.max(Duration::from_secs(1)));
        self
    }

    /// Connects from this address of the machine. Addresses of the other family cannot be reached then. Defaults to the
    /// choice of the system.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::net::Ipv4Addr;
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().local_address(Ipv4Addr::new(192, 0, 2, 7));
    /// ```
    #[doc(alias = "source_address")]
    pub fn local_address(mut self, address: impl Into<IpAddr>) -> Self {
        self.fields_mut().socket.local_address = Some(address.into());
        self
    }

    /// Connects over this network interface (`SO_BINDTODEVICE`), on Linux, Android and Fuchsia. Elsewhere connecting
    /// fails with kind [`Unsupported`](std::io::ErrorKind::Unsupported). Defaults to the choice of the system.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().interface("eth0");
    /// ```
    #[doc(alias = "bind_device")]
    pub fn interface(mut self, name: &str) -> Self {
        self.fields_mut().socket.interface = Some(name.into());
        self
    }

    /// Sets the size of the system's buffer for outgoing data (`SO_SNDBUF`), in bytes. The system may double or limit
    /// it. Defaults to the setting of the system, which usually adapts it by itself.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().send_buffer_bytes(1 << 20);
    /// ```
    pub fn send_buffer_bytes(mut self, bytes: u32) -> Self {
        self.fields_mut().socket.send_buffer_bytes = Some(bytes);
        self
    }

    /// Sets the size of the system's buffer for incoming data (`SO_RCVBUF`), in bytes. The system may double or limit
    /// it. Defaults to the setting of the system, which usually adapts it by itself.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ConnectOptions;
    ///
    /// let options = ConnectOptions::new().recv_buffer_bytes(1 << 20);
    /// ```
    pub fn recv_buffer_bytes(mut self, bytes: u32) -> Self {
        self.fields_mut().socket.recv_buffer_bytes = Some(bytes);
        self
    }

    /// Sets the configuration of TLS. Defaults to the pool's.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::network::ConnectOptions;
    /// use httpx::tls::{TlsConfig, TlsVersion};
    ///
    /// let tls = TlsConfig::builder().min_version(TlsVersion::Tls13).build()?;
    /// let options = ConnectOptions::new().tls(tls);
    /// # Ok::<(), httpx_pool::TlsConfigError>(())
    /// ```
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: TlsConfig) -> Self {
        self.fields_mut().tls = Some(tls);
        self
    }

    /// Returns these options, with `defaults` for those that are not set. Overrides of names are merged name by name.
    /// Proxies are not merged: if these options set or turn off proxies, those of `defaults` are not used.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::net::Ipv4Addr;
    /// use httpx::network::ConnectOptions;
    ///
    /// let pool = ConnectOptions::new().resolve("a.test", [Ipv4Addr::new(192, 0, 2, 1)]);
    /// let request = ConnectOptions::new().resolve("b.test", [Ipv4Addr::new(192, 0, 2, 2)]);
    /// let both = request.or(&pool);
    /// # assert_eq!(format!("{both:?}").matches("192.0.2").count(), 2);
    /// ```
    pub fn or(&self, defaults: &ConnectOptions) -> ConnectOptions {
        let (own, other) = match (&self.fields, &defaults.fields) {
            (Some(own), Some(other)) if !Arc::ptr_eq(own, other) => (own, other),
            (None, Some(_)) => return defaults.clone(),
            _ => return self.clone(),
        };
        let fields = Fields {
            overrides: own.overrides.or(&other.overrides),
            unix_socket: own.unix_socket.or(&other.unix_socket),
            address_filter: own.address_filter.as_ref().or(other.address_filter.as_ref()).cloned(),
            proxies: own.proxies.as_ref().or(other.proxies.as_ref()).cloned(),
            attempt_delay: own.attempt_delay.or(other.attempt_delay),
            socket: own.socket.or(&other.socket),
            #[cfg(feature = "tls")]
            tls: own.tls.as_ref().or(other.tls.as_ref()).cloned(),
        };
        ConnectOptions { fields: Some(Arc::new(fields)) }
    }

    /// Merges the options of a request with those of its pool. Copies nothing unless both are set.
    #[inline]
    pub(crate) fn merged<'a>(own: Option<&'a Self>, defaults: &'a Self) -> Cow<'a, Self> {
        match own {
            None => Cow::Borrowed(defaults),
            Some(own) if defaults.fields.is_none() => Cow::Borrowed(own),
            Some(own) => Cow::Owned(own.or(defaults)),
        }
    }

    /// Options with no field set.
    pub(crate) fn unset() -> &'static Self {
        &UNSET
    }

    pub(crate) fn overrides(&self) -> &Overrides {
        &self.fields().overrides
    }

    pub(crate) fn socket_path(&self) -> Option<&Path> {
        self.fields().unix_socket.path()
    }

    pub(crate) fn filter(&self) -> Option<&AnyFilter> {
        self.fields().address_filter.as_ref()
    }

    pub(crate) fn delay(&self) -> Option<Duration> {
        self.fields().attempt_delay
    }

    pub(crate) fn socket(&self) -> &SocketOptions {
        &self.fields().socket
    }

    /// Returns the configuration of TLS.
    #[cfg(feature = "tls")]
    pub(crate) fn tls_config(&self) -> TlsConfig {
        self.fields().tls.clone().unwrap_or_default()
    }

    /// Returns the identity of the settings of TLS, which changes when they are replaced.
    #[cfg(feature = "tls")]
    #[inline]
    pub(crate) fn tls_id(&self) -> u64 {
        self.fields().tls.as_ref().map_or(0, TlsConfig::id)
    }

    /// Without TLS there are no settings.
    #[cfg(not(feature = "tls"))]
    #[inline]
    pub(crate) fn tls_id(&self) -> u64 {
        0
    }

    /// Returns the part that makes connections differ, without TLS: that is a part of the [`Key`](crate::key::Key).
    pub(crate) fn identity(&self) -> Identity<'_> {
        Identity(self)
    }

    fn fields(&self) -> &Fields {
        self.fields.as_deref().unwrap_or(&UNSET_FIELDS)
    }

    fn fields_mut(&mut self) -> &mut Fields {
        Arc::make_mut(self.fields.get_or_insert_with(|| Arc::new(Fields::new())))
    }
}

impl Fields {
    const fn new() -> Self {
        Fields {
            overrides: Overrides::new(),
            unix_socket: UnixSocket::Unset,
            address_filter: None,
            proxies: None,
            attempt_delay: None,
            socket: SocketOptions::new(),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// Returns the fields that make connections differ, in a form that can be compared. TLS is compared by its
    /// [`tls_id`](ConnectOptions::tls_id).
    fn identity_fields(&self) -> IdentityFields<'_> {
        let Fields {
            overrides,
            unix_socket,
            address_filter,
            // The proxy is a part of the `ProxyRoute`.
            proxies: _,
            // It changes which address is reached first, and not the connection.
            attempt_delay: _,
            socket,
            #[cfg(feature = "tls")]
                tls: _,
        } = self;
        IdentityFields {
            overrides,
            unix_socket: unix_socket.path(),
            address_filter: address_filter.as_ref(),
            socket,
        }
    }
}

/// The part of [`ConnectOptions`] that makes connections differ. Requests share connections only if it is equal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity<'a>(&'a ConnectOptions);

impl Identity<'_> {
    /// Returns the options, which share their fields with the borrowed ones.
    pub(crate) fn to_options(self) -> ConnectOptions {
        self.0.clone()
    }
}

/// An unset field is equal to its default.
#[derive(PartialEq, Eq, Hash)]
struct IdentityFields<'a> {
    overrides: &'a Overrides,
    unix_socket: Option<&'a Path>,
    address_filter: Option<&'a AnyFilter>,
    socket: &'a SocketOptions,
}

impl PartialEq for Identity<'_> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        match (&self.0.fields, &other.0.fields) {
            (None, None) => true,
            (Some(one), Some(other)) if Arc::ptr_eq(one, other) => true,
            (one, other) => have_equal_parts(one.as_deref(), other.as_deref()),
        }
    }
}

/// Most requests have no options, or those of their pool: the comparison by content is kept apart from them.
#[cold]
fn have_equal_parts(one: Option<&Fields>, other: Option<&Fields>) -> bool {
    one.unwrap_or(&UNSET_FIELDS).identity_fields() == other.unwrap_or(&UNSET_FIELDS).identity_fields()
}

impl Eq for Identity<'_> {}

impl Hash for Identity<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.fields().identity_fields().hash(state);
    }
}

/// `ConnectOptions { resolve: {"example.com": [127.0.0.1:0]} }`: the fields that are set.
impl fmt::Debug for ConnectOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fields {
            overrides,
            unix_socket,
            address_filter,
            proxies,
            attempt_delay,
            socket,
            #[cfg(feature = "tls")]
            tls,
        } = self.fields();
        let mut debug = f.debug_struct("ConnectOptions");
        if !overrides.is_empty() {
            debug.field("resolve", overrides);
        }
        unix_socket.debug_field(&mut debug);
        if let Some(filter) = address_filter {
            debug.field("address_filter", filter);
        }
        if let Some(proxies) = proxies {
            debug.field("proxies", proxies);
        }
        if let Some(delay) = attempt_delay {
            debug.field("attempt_delay", delay);
        }
        socket.debug_fields(&mut debug);
        #[cfg(feature = "tls")]
        if let Some(tls) = tls {
            debug.field("tls", tls);
        }
        debug.finish()
    }
}
