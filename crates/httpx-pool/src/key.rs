//! [`Key`]: everything that requests must have in common to share a connection. A proxy would be a `Route` here.

use std::hash::Hash;

use httpx_core::Url;

use crate::endpoint::{Endpoint, Scheme};

/// Everything that two requests must have in common to share a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) origin: Endpoint,
    with: Circumstances,
}

/// A [`Key`] that borrows its host from a URL: looking up a connection copies nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct KeyRef<'a> {
    scheme: Scheme,
    host: &'a str,
    port: u16,
    with: Circumstances,
}

/// The settings that a connection depends on besides its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Circumstances {
    route: Route,
    tls: TlsIdentity,
    runtime: Runtime,
}

/// How a connection gets to its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Route {
    /// Without a proxy.
    Direct,
}

/// The TLS settings of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum TlsIdentity {
    /// Those of the pool.
    Pool,
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
    /// The key of requests to this URL, which must be one of http or https.
    pub(crate) fn of(url: &'a Url, runtime: Runtime) -> Self {
        let scheme = if url.scheme() == "https" { Scheme::Https } else { Scheme::Http };
        let port = url.port().unwrap_or(scheme.default_port());
        KeyRef::new(scheme, Endpoint::bare_host(url.host().unwrap_or_default()), port, runtime)
    }

    /// The key of a connection to this endpoint that is used on any runtime.
    pub(crate) fn of_endpoint(endpoint: &'a Endpoint) -> Self {
        KeyRef::new(endpoint.scheme(), endpoint.host(), endpoint.port(), Runtime::Any)
    }

    fn new(scheme: Scheme, host: &'a str, port: u16, runtime: Runtime) -> Self {
        let with = Circumstances { route: Route::Direct, tls: TlsIdentity::Pool, runtime };
        KeyRef { scheme, host, port, with }
    }
}

impl PartialEq<Key> for KeyRef<'_> {
    fn eq(&self, key: &Key) -> bool {
        let Key { origin, with } = key;
        self.host == origin.host()
            && self.port == origin.port()
            && self.scheme == origin.scheme()
            && self.with == *with
    }
}

impl From<KeyRef<'_>> for Key {
    fn from(key: KeyRef<'_>) -> Self {
        Key { origin: Endpoint::new(key.scheme, key.host, key.port), with: key.with }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for (one, other, equal) in rows {
            let [one, other] = [one, other].map(|url| Url::parse(url).unwrap());
            let key = Key::from(KeyRef::of(&one, Runtime::Any));
            assert_eq!(KeyRef::of(&other, Runtime::Any) == key, equal, "{one} {other}");
            assert_eq!(KeyRef::of(&one, Runtime::Any) == KeyRef::of(&other, Runtime::Any), equal);
        }
    }

    #[cfg(feature = "async")]
    #[test]
    fn runtimes_do_not_share_connections() {
        let runtimes = [(); 2].map(|()| tokio::runtime::Builder::new_current_thread().build().unwrap());
        let [here, there] = runtimes.each_ref().map(|runtime| Runtime::Tokio(runtime.handle().id()));
        let url = Url::parse("http://a/").unwrap();
        let key = Key::from(KeyRef::of(&url, here));
        assert!(KeyRef::of(&url, here) == key);
        assert!(KeyRef::of(&url, there) != key && KeyRef::of(&url, Runtime::Any) != key);
    }
}
