//! [`Overrides`]: addresses of hosts that need no lookup.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::sync::Arc;

use httpx_core::Url;

use crate::endpoint::Endpoint;

/// Addresses by host, in the spelling that URLs have after parsing.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Overrides {
    /// `None` if there are none.
    by_host: Option<Arc<BTreeMap<Box<str>, Vec<SocketAddr>>>>,
}

impl Overrides {
    pub(super) const fn new() -> Self {
        Overrides { by_host: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_host.is_none()
    }

    pub(super) fn set(&mut self, name: &str, addresses: Vec<SocketAddr>) {
        Arc::make_mut(self.by_host.get_or_insert_default()).insert(canonical(name), addresses);
    }

    /// Returns the addresses of a host, with this port where the override has none.
    pub(crate) fn addresses(&self, host: &str, port: u16) -> Option<Vec<SocketAddr>> {
        let addresses = self.by_host.as_ref()?.get(&*lower_case(host))?;
        let with_port = |address: &SocketAddr| match address.port() {
            0 => SocketAddr::new(address.ip(), port),
            _ => *address,
        };
        Some(addresses.iter().map(with_port).collect())
    }

    /// Returns these overrides, and those of `defaults` for other hosts.
    pub(super) fn or(&self, defaults: &Self) -> Self {
        let (own, other) = match (&self.by_host, &defaults.by_host) {
            (Some(own), Some(other)) if !Arc::ptr_eq(own, other) => (own, other),
            (None, Some(_)) => return defaults.clone(),
            _ => return self.clone(),
        };
        let mut all = (**other).clone();
        all.extend(own.iter().map(|(host, addresses)| (host.clone(), addresses.clone())));
        Overrides { by_host: Some(Arc::new(all)) }
    }
}

impl fmt::Debug for Overrides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.by_host.iter().flat_map(|by_host| by_host.iter())).finish()
    }
}

/// Returns a name as the host of a parsed URL: in lower case, with international names in their ASCII form.
fn canonical(name: &str) -> Box<str> {
    let host = Endpoint::bare_host(name);
    if !host.contains(['/', '\\', '?', '#', '@', ':'])
        && let Ok(url) = Url::parse(&format!("http://{host}/"))
        && let Some(host) = url.host()
    {
        return host.into();
    }
    lower_case(host).into()
}

fn lower_case(host: &str) -> Cow<'_, str> {
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        Cow::Borrowed(host)
    }
}

/// An address for [`ConnectOptions::resolve`](super::ConnectOptions::resolve): with a port, or with the port of the URL.
///
/// It is implemented for [`IpAddr`], [`SocketAddr`] and their kinds for IPv4 and IPv6.
pub trait IntoAddress: sealed::Sealed {
    /// Returns the address. Its port is 0 if it has none.
    #[doc(hidden)]
    fn into_address(self) -> SocketAddr;
}

mod sealed {
    pub trait Sealed {}
}

/// Implements [`IntoAddress`] for types that one expression turns into a [`SocketAddr`].
macro_rules! addresses {
    ($($type:ty: $address:ident => $socket:expr;)*) => {$(
        impl sealed::Sealed for $type {}

        impl IntoAddress for $type {
            fn into_address(self) -> SocketAddr {
                let $address = self;
                $socket
            }
        }
    )*};
}

addresses! {
    SocketAddr: address => address;
    SocketAddrV4: address => address.into();
    SocketAddrV6: address => address.into();
    IpAddr: address => (address, 0).into();
    Ipv4Addr: address => (address, 0).into();
    Ipv6Addr: address => (address, 0).into();
}
