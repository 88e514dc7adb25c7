//! [`Dialing`]: a connection that is being opened, for both flavours. [`Opened`]: the result.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use httpx_core::{ConnectionDetails, Error, Result};

use crate::call::Call;
use crate::connect_error::ConnectError;
use crate::destination::Destination;
use crate::dial_trace::DialTrace;
use crate::endpoint::{Endpoint, Scheme};
use crate::into_error;
use crate::proxy::{ProxyError, ProxyHandshake, ProxyServer};
#[cfg(feature = "tls")]
use crate::tls::{HandshakeError, TlsConfig, TlsDetails};

/// An open stream, or the connection made of it, and what opening it revealed.
#[derive(Debug)]
pub(crate) struct Opened<S> {
    pub(crate) stream: S,
    pub(crate) details: Arc<ConnectionDetails>,
}

/// A connection that is being opened for a call. A driver takes these steps in order and skips those that do not apply:
///
/// 1. look up the [name of the origin](Self::name_to_resolve), for a SOCKS proxy that is given an address;
/// 2. connect to the [destination](Self::destination), which is the proxy if there is one;
/// 3. the handshake of [TLS with the proxy](Self::tls_with_proxy);
/// 4. the [handshake with the proxy](Self::proxy_handshake), which opens a tunnel;
/// 5. the handshake of [TLS](Self::tls) with the origin.
#[derive(Debug)]
pub(crate) struct Dialing<'a> {
    call: &'a Call<'a>,
    origin: Endpoint,
    /// The address of the origin, for a proxy that is given it.
    origin_address: Option<IpAddr>,
    pub(crate) by: Option<Instant>,
    began: Instant,
    details: ConnectionDetails,
    trace: DialTrace,
}

impl<'a> Dialing<'a> {
    /// Begins to open a connection for a call: fixes the deadline, and reports the start to the observer.
    ///
    /// # Errors
    ///
    /// If the call's URL is neither http nor https, or is https and this build has no TLS.
    pub(crate) fn start(call: &'a Call<'a>) -> Result<Self> {
        let origin = call.endpoint()?;
        let proxy = call.proxy();
        #[cfg(not(feature = "tls"))]
        if [Some(&origin), proxy.map(ProxyServer::endpoint)].into_iter().flatten().any(is_https) {
            return Err(into_error::no_tls());
        }
        let trace = DialTrace::start(call.trace.as_ref(), &origin);
        let mut details = ConnectionDetails::default();
        details.id = trace.connection;
        let mut dialing = Dialing {
            call,
            origin,
            origin_address: None,
            by: call.by(call.timeouts.connect),
            began: Instant::now(),
            details,
            trace,
        };
        if proxy.is_some_and(ProxyServer::needs_address)
            && let Some(known) = dialing.destination_of(&dialing.origin).known_addresses()
        {
            dialing.resolved(known)?;
        }
        Ok(dialing)
    }

    /// Returns the destination for the backend: the proxy if there is one, or the origin.
    pub(crate) fn destination(&self) -> Destination<'_> {
        self.destination_of(self.call.proxy().map_or(&self.origin, ProxyServer::endpoint))
    }

    fn destination_of<'b>(&'b self, endpoint: &'b Endpoint) -> Destination<'b> {
        Destination::new(endpoint)
            .with_deadline(self.by)
            .with_options(self.call.options())
            .with_extensions(self.call.head.extensions())
            .with_trace(&self.trace)
    }

    /// Returns the host whose name the backend looks up, for a proxy that is given an address.
    pub(crate) fn name_to_resolve(&self) -> Option<Destination<'_>> {
        let needs = self.call.proxy().is_some_and(ProxyServer::needs_address);
        (needs && self.origin_address.is_none()).then(|| self.destination_of(&self.origin))
    }

    /// Takes over the addresses of that host.
    ///
    /// # Errors
    ///
    /// If there is none, or none that the filter and the proxy allow.
    pub(crate) fn resolved(&mut self, found: Result<Vec<SocketAddr>, ConnectError>) -> Result<()> {
        let host = self.origin.host();
        let allowed = found
            .and_then(|addresses| self.destination_of(&self.origin).allowed(addresses))
            .and_then(|addresses| ConnectError::check_lookup(host, Ok(addresses)));
        let addresses = allowed.map_err(|error| self.origin_unresolved(error))?;
        // SOCKS4 has no place for an address of IPv6. The handshake reports it if there are no others.
        let proxy = self.call.proxy();
        let fits = |address: &&SocketAddr| address.is_ipv4() || !proxy.is_some_and(ProxyServer::is_ipv4_only);
        self.origin_address = addresses.iter().find(fits).or(addresses.first()).map(SocketAddr::ip);
        Ok(())
    }

    /// Notes that the handshake of TLS with the proxy begins, and returns its configuration; `None` without it.
    #[cfg(feature = "tls")]
    pub(crate) fn tls_with_proxy(&mut self) -> Option<(TlsConfig, Box<str>)> {
        let proxy = self.call.proxy()?;
        if proxy.endpoint().scheme() != Scheme::Https {
            return None;
        }
        self.trace.handshake_started(proxy.endpoint().host());
        Some((proxy.tls_config(), proxy.endpoint().host().into()))
    }

    /// Notes that the handshake with the proxy begins, and returns both; `None` if there is no tunnel to open.
    ///
    /// # Errors
    ///
    /// If the protocol of the proxy has no place for the origin or for the credentials.
    pub(crate) fn proxy_handshake(&mut self) -> Result<Option<(&'a ProxyServer, ProxyHandshake)>> {
        let Some(route) = self.call.route().filter(|route| route.is_tunnel()) else {
            return Ok(None);
        };
        let proxy = route.server();
        self.trace.tunnel_started(&proxy.to_string(), &self.origin);
        match ProxyHandshake::new(proxy, &self.origin, self.origin_address) {
            Ok(handshake) => Ok(Some((proxy, handshake))),
            Err(error) => Err(self.tunnel_failed(proxy, error)),
        }
    }

    /// Notes that the tunnel is open.
    pub(crate) fn tunnel_opened(&mut self) {
        self.trace.tunnel_ended(Ok(()));
        self.set_connect_time();
    }

    /// Notes that the handshake of TLS begins, and returns its configuration and the name of the origin; `None` for a
    /// connection without TLS.
    #[cfg(feature = "tls")]
    pub(crate) fn tls(&mut self) -> Option<(TlsConfig, Box<str>)> {
        if self.origin.scheme() != Scheme::Https {
            return None;
        }
        self.trace.handshake_started(self.origin.host());
        Some((self.call.options().tls_config(), self.origin.host().into()))
    }

    /// Notes that there is a connection between these addresses.
    ///
    /// # Errors
    ///
    /// If the filter refuses it. The backend should have asked, but a custom backend may not.
    pub(crate) fn connected(
        &mut self,
        local_addr: Option<SocketAddr>,
        remote_addr: Option<SocketAddr>,
    ) -> Result<()> {
        if let Some(address) = remote_addr
            && let to = self.destination()
            && let Err(refused) = to.check_address(address)
        {
            return Err(self.connect_failed(to.refused(address, refused)));
        }
        (self.details.local_addr, self.details.remote_addr) = (local_addr, remote_addr);
        self.details.lookup_time = self.trace.lookup_time();
        self.set_connect_time();
        Ok(())
    }

    fn set_connect_time(&mut self) {
        let lookup_time = self.details.lookup_time.unwrap_or_default();
        self.details.connect_time = self.began.elapsed().saturating_sub(lookup_time);
    }

    /// Records the parameters that the TLS handshake negotiated.
    ///
    /// # Errors
    ///
    /// If that is HTTP/2. Only a custom `ClientConfig` can have offered it.
    #[cfg(feature = "tls")]
    pub(crate) fn tls_done(&mut self, tls: TlsDetails) -> Result<()> {
        self.trace.handshake_ended(Ok(&tls));
        if tls.alpn.as_deref() == Some(b"h2") {
            return Err(into_error::http2_agreed(self.origin.host()));
        }
        self.details.tls = Some(tls);
        Ok(())
    }

    /// Notes that the handshake of TLS with the proxy has ended.
    #[cfg(feature = "tls")]
    pub(crate) fn proxy_tls_done(&mut self, tls: &TlsDetails) -> Result<()> {
        self.trace.handshake_ended(Ok(tls));
        if tls.alpn.as_deref() == Some(b"h2") {
            return Err(into_error::http2_agreed(self.destination().endpoint().host()));
        }
        self.set_connect_time();
        Ok(())
    }

    /// Ends with this stream.
    pub(crate) fn finish<S>(mut self, stream: S) -> Opened<S> {
        self.trace.opened(&self.details);
        Opened { stream, details: Arc::new(self.details) }
    }

    pub(crate) fn connect_failed(&self, error: ConnectError) -> Error {
        self.unreachable(into_error::connect(error, self.call.timeouts.connect))
    }

    /// Names the proxy, if it was to be connected to.
    fn unreachable(&self, error: Error) -> Error {
        self.call.or_total_timeout(match self.call.proxy() {
            None => error,
            Some(proxy) => error.in_context(&format!("the proxy {proxy} cannot be reached")),
        })
    }

    fn origin_unresolved(&self, error: ConnectError) -> Error {
        self.call.or_total_timeout(into_error::connect(error, self.call.timeouts.connect))
    }

    #[cfg(feature = "tls")]
    pub(crate) fn handshake_failed(&self, error: HandshakeError) -> Error {
        let error = into_error::handshake(error, self.call.timeouts.connect);
        let error = self.call.or_total_timeout(self.call.with_proxy_named(error));
        self.trace.handshake_ended(Err(&error));
        error
    }

    /// The handshake of TLS with the proxy failed.
    #[cfg(feature = "tls")]
    pub(crate) fn proxy_tls_failed(&self, error: HandshakeError) -> Error {
        let error = self.unreachable(into_error::proxy_handshake(error, self.call.timeouts.connect));
        self.trace.handshake_ended(Err(&error));
        error
    }

    /// The handshake with this proxy failed.
    pub(crate) fn tunnel_failed(&self, proxy: &ProxyServer, error: ProxyError) -> Error {
        let error = into_error::tunnel(error, proxy, &self.origin, self.call.timeouts.connect);
        let error = self.call.or_total_timeout(error);
        self.trace.tunnel_ended(Err(&error));
        error
    }
}

#[cfg(not(feature = "tls"))]
fn is_https(endpoint: &Endpoint) -> bool {
    endpoint.scheme() == Scheme::Https
}
