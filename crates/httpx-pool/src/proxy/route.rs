//! [`ProxyRoute`]: the proxy of a request; decides between forwarding and a tunnel.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use httpx_core::{Method, RequestHead, Result};

use super::{Proxies, ProxyServer};
use crate::endpoint::{Endpoint, Scheme};

/// How a connection gets to its origin through a proxy. Without a proxy there is no such route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ProxyRoute {
    kind: RouteKind,
    server: Arc<ProxyServer>,
    /// The settings of TLS with the proxy at the time when a request begins: they can be replaced.
    tls_id: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum RouteKind {
    /// The proxy receives the requests. Its connections are for all `http` origins.
    Forward,
    /// The proxy opens a tunnel to the origin.
    Tunnel,
}

impl ProxyRoute {
    /// Chooses the route of a request; `None` for a direct connection.
    ///
    /// # Errors
    ///
    /// If the chosen proxy cannot be used.
    pub(crate) fn choose(proxies: &Proxies, head: &RequestHead, scheme: Scheme) -> Result<Option<Self>> {
        let Some(server) = proxies.choose(head.url())? else { return Ok(None) };
        let is_connect = *head.method() == Method::CONNECT;
        if is_connect && server.is_at(&Endpoint::of(head.url())?) {
            return Ok(None); // a tunnel through this very proxy, asked for by hand
        }
        // Proxies do not forward these.
        let switches = is_connect || head.headers().contains("upgrade");
        let kind = if switches || server.tunnels(scheme) { RouteKind::Tunnel } else { RouteKind::Forward };
        Ok(Some(ProxyRoute { kind, tls_id: server.tls_id(), server }))
    }

    /// Returns whether connections by the two routes can be shared. Kept apart from the keys of requests without a proxy.
    #[cold]
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self == other
    }

    #[cold]
    pub(crate) fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }

    /// Returns the proxy.
    pub(crate) fn server(&self) -> &ProxyServer {
        &self.server
    }

    /// Returns whether the proxy opens a tunnel, rather than receiving the requests.
    pub(crate) fn is_tunnel(&self) -> bool {
        self.kind == RouteKind::Tunnel
    }
}
