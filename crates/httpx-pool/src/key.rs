//! [`Key`]: everything that requests must have in common to share a connection.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use httpx_core::Url;

use crate::connect_options::{ConnectOptions, Identity};
use crate::endpoint::{Endpoint, Scheme};
use crate::proxy::ProxyRoute;

/// Everything that two requests must have in common to share a connection.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// The origin of the requests; a forwarding proxy for all that it receives.
    pub(crate) endpoint: Endpoint,
    pub(crate) route: Option<Arc<ProxyRoute>>,
    tls: TlsIdentity,
    runtime: Runtime,
    /// The options themselves, not their address or hash: an address is reused, and hashes can collide.
    options: ConnectOptions,
}

/// A [`Key`] that borrows its host from a URL and its options from a call: looking up a connection copies nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyRef<'a> {
    scheme: Scheme,
    host: &'a str,
    port: u16,
    route: Option<&'a ProxyRoute>,
    tls: TlsIdentity,
    runtime: Runtime,
    options: Identity<'a>,
}

/// The settings of TLS at the time when a request begins: they can be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum TlsIdentity {
    /// Without TLS.
    None,
    /// The id of the configuration.
    Config(u64),
}

impl TlsIdentity {
    fn of(scheme: Scheme, options: &ConnectOptions) -> Self {
        match scheme {
            Scheme::Http => TlsIdentity::None,
            Scheme::Https => TlsIdentity::Config(options.tls_id()),
        }
    }
}

/// Where a connection can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Runtime {
    /// On every thread and every runtime.
    Any,
    /// On the tokio runtime that opened it: its socket and its timer end with the runtime.
    #[cfg(feature = "async")]
    Tokio(tokio::runtime::Id),
}

impl<'a> KeyRef<'a> {
    /// The key of requests to this URL, which must be one of http or https, by this route and with these options.
    #[inline]
    pub(crate) fn of(
        url: &'a Url,
        route: Option<&'a ProxyRoute>,
        options: &'a ConnectOptions,
        runtime: Runtime,
    ) -> Self {
        if let Some(route) = route
            && !route.is_tunnel()
        {
            return KeyRef::of_forwarding(route, options, runtime);
        }
        let scheme = if url.scheme() == "https" { Scheme::Https } else { Scheme::Http };
        let port = url.port().unwrap_or(scheme.default_port());
        let host = Endpoint::bare_host(url.host().unwrap_or_default());
        let tls = TlsIdentity::of(scheme, options);
        KeyRef { scheme, host, port, route, tls, runtime, options: options.identity() }
    }

    /// The key of requests that this proxy forwards. The TLS of origins does not matter to it.
    #[cold]
    fn of_forwarding(route: &'a ProxyRoute, options: &'a ConnectOptions, runtime: Runtime) -> Self {
        let proxy = route.server().endpoint();
        let (scheme, host, port) = (proxy.scheme(), proxy.host(), proxy.port());
        let (route, tls) = (Some(route), TlsIdentity::None);
        KeyRef { scheme, host, port, route, tls, runtime, options: options.identity() }
    }
}

impl Hash for KeyRef<'_> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let KeyRef { scheme, host, port, route, tls, runtime, options } = self;
        (scheme, host, port, tls, runtime, options).hash(state);
        if let Some(route) = route {
            route.hash_into(state);
        }
    }
}

impl Key {
    /// Borrows it.
    pub(crate) fn as_ref(&self) -> KeyRef<'_> {
        let Key { endpoint, route, tls, runtime, options } = self;
        KeyRef {
            scheme: endpoint.scheme(),
            host: endpoint.host(),
            port: endpoint.port(),
            route: route.as_deref(),
            tls: *tls,
            runtime: *runtime,
            options: options.identity(),
        }
    }
}

impl PartialEq<Key> for KeyRef<'_> {
    // Always inlined: every request compares its key with the last one.
    #[inline(always)]
    fn eq(&self, key: &Key) -> bool {
        let Key { endpoint, route, tls, runtime, options } = key;
        self.host == endpoint.host()
            && self.port == endpoint.port()
            && self.scheme == endpoint.scheme()
            && (self.tls, self.runtime) == (*tls, *runtime)
            && is_same(self.route, route.as_deref())
            && self.options == options.identity()
    }
}

#[inline]
fn is_same(one: Option<&ProxyRoute>, other: Option<&ProxyRoute>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => one.is_same_as(other),
        _ => false,
    }
}

impl From<KeyRef<'_>> for Key {
    fn from(key: KeyRef<'_>) -> Self {
        let endpoint = Endpoint::new(key.scheme, key.host, key.port);
        Key {
            endpoint,
            route: key.route.cloned().map(Arc::new),
            tls: key.tls,
            runtime: key.runtime,
            options: key.options.to_options(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;
    use std::net::{Ipv4Addr, SocketAddr};
    use std::time::Instant;

    use super::*;
    use crate::address_filter::AddressFilter;
    use crate::plan::{Acquire, Grant, Plan, PoolLimits, Release};
    use crate::public_only::PublicOnly;

    fn are_equal((one, with): (&str, &ConnectOptions), (other, others): (&str, &ConnectOptions)) -> bool {
        let [one, other] = [one, other].map(|url| Url::parse(url).unwrap());
        let [one, other] =
            [KeyRef::of(&one, None, with, Runtime::Any), KeyRef::of(&other, None, others, Runtime::Any)];
        let equal = one == other;
        let hasher = std::hash::RandomState::new();
        assert_eq!(hasher.hash_one(one) == hasher.hash_one(other), equal, "{one:?} {other:?}");
        let keys = [one, other].map(Key::from);
        assert_eq!((one == keys[1], other == keys[0]), (equal, equal), "{one:?} {other:?}");
        equal
    }

    #[test]
    fn equal_keys_share_connections() {
        let rows = [
            ("http://a/", "http://a:80/x?y#z", true),
            ("http://a/", "http://u:p@A/", true),
            ("https://[::1]:8443/", "https://[::1]:8443/", true),
            ("http://a/", "https://a/", false),
            ("http://a/", "http://a:81/", false),
            ("http://a/", "http://aa/", false),
            ("http://a:443/", "https://a/", false),
        ];
        let unset = ConnectOptions::new();
        for (one, other, equal) in rows {
            assert_eq!(are_equal((one, &unset), (other, &unset)), equal, "{one} {other}");
        }
    }

    /// Each row makes new options. Options of different rows are different.
    #[test]
    fn equal_options_share_connections() {
        let rows: &[fn() -> ConnectOptions] = &[
            || ConnectOptions::new(),
            || ConnectOptions::new().resolve("a", [Ipv4Addr::LOCALHOST]),
            || ConnectOptions::new().resolve("a", [Ipv4Addr::UNSPECIFIED]),
            || ConnectOptions::new().resolve("b", [Ipv4Addr::LOCALHOST]),
            || ConnectOptions::new().resolve("a", [] as [Ipv4Addr; 0]),
            || ConnectOptions::new().address_filter(PublicOnly::new()),
            || ConnectOptions::new().unix_socket("/a"),
            || ConnectOptions::new().unix_socket("/b"),
            || ConnectOptions::new().address_filter(PublicOnly::new().except("10.0.0.0/8").unwrap()),
            || ConnectOptions::new().resolve("a", [Ipv4Addr::LOCALHOST]).address_filter(PublicOnly::new()),
        ];
        for (n, one) in rows.iter().enumerate() {
            for (m, other) in rows.iter().enumerate() {
                let equal = are_equal(("http://a/", &one()), ("http://a/", &other()));
                assert_eq!(equal, n == m, "{:?} {:?}", one(), other());
            }
        }
    }

    /// Each row makes a new proxy. A forwarding proxy shares its connections between `http` origins.
    #[test]
    fn routes_through_equal_proxies_share_connections() {
        use httpx_core::{Method, RequestHead};

        use crate::proxy::{Proxies, Proxy};

        let route = |url: &Url, proxy: Option<&str>| match proxy {
            None => None,
            Some(proxy) => {
                let head = RequestHead::new(Method::GET, url.clone());
                let mut proxies = Proxies::none();
                proxies.add(Proxy::all(proxy).unwrap());
                ProxyRoute::choose(&proxies, &head, Scheme::of(url).unwrap()).unwrap()
            }
        };
        let rows = [
            (("http://a/", Some("http://p:1")), ("http://b:8080/", Some("http://p:1")), true),
            (("http://a/", Some("http://u:w@p:1")), ("http://b/", Some("http://u:w@p:1")), true),
            (("http://a/", Some("http://u:w@p:1")), ("http://a/", Some("http://u:x@p:1")), false),
            (("http://a/", Some("http://u:w@p:1")), ("http://a/", Some("http://p:1")), false),
            (("http://a/", Some("http://p:1")), ("http://a/", Some("https://p:1")), false),
            (("http://a/", Some("http://p:1")), ("http://a/", Some("http://p:2")), false),
            (("http://p:1/", None), ("http://a/", Some("http://p:1")), false),
            (("http://a/", None), ("http://a/", Some("http://p:1")), false),
            (("https://a/", Some("http://p:1")), ("https://a/", Some("http://p:1")), true),
            (("https://a/", Some("http://p:1")), ("https://b/", Some("http://p:1")), false),
            (("https://a/", None), ("https://a/", Some("http://p:1")), false),
            (("http://a/", Some("socks5://p:1")), ("http://a/", Some("socks5://p:1")), true),
            (("http://a/", Some("socks5://p:1")), ("http://b/", Some("socks5://p:1")), false),
            (("http://a/", Some("socks5://p:1")), ("http://a/", Some("socks5h://p:1")), false),
            (("http://a:1/", Some("socks5://p:1")), ("http://a:1/", Some("http://p:1")), false),
        ];
        for ((one, by), (other, through), equal) in rows {
            let urls = [one, other].map(|url| Url::parse(url).unwrap());
            let routes = [route(&urls[0], by), route(&urls[1], through)];
            let of =
                |n: usize| KeyRef::of(&urls[n], routes[n].as_ref(), ConnectOptions::unset(), Runtime::Any);
            assert_eq!(of(0) == of(1), equal, "{one} {by:?} {other} {through:?}");
            let key = Key::from(of(0));
            assert!(of(0) == key && of(0) == key.as_ref());
            let hasher = std::hash::RandomState::new();
            assert!(!equal || hasher.hash_one(of(0)) == hasher.hash_one(of(1)));
        }
    }

    #[test]
    fn a_filter_of_the_users_own_is_equal_to_itself() {
        let filter =
            || ConnectOptions::new().address_filter(|address: SocketAddr| PublicOnly::new().check(address));
        let [one, other] = [filter(), filter()];
        let rows = [
            (&one, &one.clone(), true),
            (&one, &other, false),
            (&one, &ConnectOptions::new(), false),
            (&one, &one.clone().resolve("b", [Ipv4Addr::LOCALHOST]), false),
            (
                &one.clone().resolve("b", [Ipv4Addr::LOCALHOST]),
                &one.clone().resolve("b", [Ipv4Addr::LOCALHOST]),
                true,
            ),
        ];
        for (a, b, equal) in rows {
            assert_eq!(are_equal(("https://a/", a), ("https://a/", b)), equal, "{a:?} {b:?}");
        }
    }

    /// Each request has different options. When their connections are closed, the plan keeps nothing of them.
    #[test]
    fn many_keys_leave_nothing_behind() {
        let url = Url::parse("http://a/").unwrap();
        let limits = PoolLimits { total: 3, ..PoolLimits::default() };
        let (mut plan, now) = (Plan::<Key, (), ()>::new(limits), Instant::now());
        let alive = Arc::new(());
        for n in 0..100_000 {
            let held = Arc::clone(&alive);
            let filter = move |_: SocketAddr| {
                drop(Arc::clone(&held));
                Ok(())
            };
            let options = ConnectOptions::new().address_filter(filter);
            let (acquired, _) = plan.acquire(KeyRef::of(&url, None, &options, Runtime::Any), now, || ());
            let Acquire::Granted(Grant::Connect { slot }) = acquired else { panic!("{acquired:?}") };
            // Some connections become idle and are closed for others, and some fail.
            let _ = match n % 3 {
                0 => plan.forget(slot, crate::close_cause::CloseCause::Error, now),
                _ => plan.release(slot, (), Release::Reuse { keep: None }, now),
            };
            assert!(Arc::strong_count(&alive) <= 5);
        }
        let _ = plan.close();
        assert!(format!("{plan:?}").contains("origins: 0"), "{plan:?}");
        assert_eq!(Arc::strong_count(&alive), 1);
    }

    #[cfg(feature = "tls")]
    #[test]
    fn configurations_of_tls_share_no_connections() {
        use crate::tls::TlsConfig;

        let [one, other] = [(); 2].map(|()| TlsConfig::builder().build().unwrap());
        let with = |tls: &TlsConfig| ConnectOptions::new().tls(tls.clone());
        let rows = [
            (with(&one), with(&one), true),
            (with(&one), with(&other), false),
            (with(&one), ConnectOptions::new(), false),
            (with(&TlsConfig::default()), ConnectOptions::new(), true),
        ];
        for (a, b, equal) in rows {
            assert_eq!(are_equal(("https://a/", &a), ("https://a/", &b)), equal, "{a:?} {b:?}");
            assert!(are_equal(("http://a/", &a), ("http://a/", &b)), "{a:?} {b:?}");
        }
    }

    /// The settings can be replaced between two requests. A key that is kept stays what it was.
    #[cfg(feature = "tls")]
    #[test]
    fn replaced_settings_share_no_connections() {
        use crate::tls::{TlsConfig, TlsConfigHandle};

        let handle = TlsConfigHandle::new(TlsConfig::default());
        let options = ConnectOptions::new().tls(handle.config());
        let url = Url::parse("https://a/").unwrap();
        let key = || KeyRef::of(&url, None, &options, Runtime::Any);
        let hasher = std::hash::RandomState::new();
        let (before, hash) = (Key::from(key()), hasher.hash_one(key()));
        assert!(key() == before);
        handle.replace(&TlsConfig::default());
        let after = Key::from(key());
        assert!(key() != before && key() == after);
        assert_ne!(hasher.hash_one(key()), hash);
    }

    #[cfg(feature = "async")]
    #[test]
    fn runtimes_do_not_share_connections() {
        let runtimes = [(); 2].map(|()| tokio::runtime::Builder::new_current_thread().build().unwrap());
        let [here, there] = runtimes.each_ref().map(|runtime| Runtime::Tokio(runtime.handle().id()));
        let url = Url::parse("http://a/").unwrap();
        let of = |runtime| KeyRef::of(&url, None, ConnectOptions::unset(), runtime);
        let key = Key::from(of(here));
        assert!(of(here) == key);
        assert!(of(there) != key && of(Runtime::Any) != key);
    }
}
