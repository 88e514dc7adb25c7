//! [`DialTrace`]: reports the steps of opening a connection.

use std::io;
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[cfg(feature = "tls")]
use httpx_core::TlsDetails;
use httpx_core::{ConnectionDetails, Error};

use crate::connect_error::ConnectError;
use crate::endpoint::Endpoint;
use crate::event::Event;
use crate::observer::ObserverHandle;
use crate::request_trace::RequestTrace;

/// The opening of one connection: its number, its observer if there is one, and how long the lookup took.
#[derive(Debug)]
pub(crate) struct DialTrace {
    pub(crate) connection: u64,
    observer: Option<ObserverHandle>,
    lookup_time: OnceLock<Duration>,
    tunnel_began: Option<Instant>,
    #[cfg(feature = "tls")]
    handshake_began: Option<Instant>,
    is_open: bool,
}

impl DialTrace {
    /// Begins to open a connection for a request, if one is observed.
    pub(crate) fn start(request: Option<&RequestTrace>, origin: &Endpoint) -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let connection = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        let trace = DialTrace {
            connection,
            observer: request.map(|trace| trace.observer.clone()),
            lookup_time: OnceLock::new(),
            tunnel_began: None,
            #[cfg(feature = "tls")]
            handshake_began: None,
            is_open: false,
        };
        let request = request.and_then(|trace| trace.request);
        trace.report(&Event::ConnectionOpening { connection, request, origin });
        trace
    }

    /// Returns how long the lookup took, if there was one.
    pub(crate) fn lookup_time(&self) -> Option<Duration> {
        self.lookup_time.get().copied()
    }

    pub(crate) fn lookup_started(&self, host: &str) {
        self.report(&Event::LookupStarted { connection: self.connection, host });
    }

    pub(crate) fn lookup_ended(
        &self,
        host: &str,
        began: Instant,
        result: Result<&[SocketAddr], &ConnectError>,
    ) {
        let duration = began.elapsed();
        let _ = self.lookup_time.set(duration);
        self.report(&Event::LookupEnded { connection: self.connection, host, result, duration });
    }

    pub(crate) fn connect_started(&self, address: SocketAddr) {
        self.report(&Event::ConnectStarted { connection: self.connection, address });
    }

    pub(crate) fn connect_ended(
        &self,
        address: SocketAddr,
        began: Option<Instant>,
        result: Result<(), &io::Error>,
    ) {
        let duration = began.map(|began| began.elapsed()).unwrap_or_default();
        self.report(&Event::ConnectEnded { connection: self.connection, address, result, duration });
    }

    pub(crate) fn tunnel_started(&mut self, proxy: &str, origin: &Endpoint) {
        self.tunnel_began = Some(Instant::now());
        self.report(&Event::TunnelStarted { connection: self.connection, proxy, origin });
    }

    pub(crate) fn tunnel_ended(&self, result: Result<(), &Error>) {
        let duration = self.tunnel_began.map(|began| began.elapsed()).unwrap_or_default();
        self.report(&Event::TunnelEnded { connection: self.connection, result, duration });
    }

    #[cfg(feature = "tls")]
    pub(crate) fn handshake_started(&mut self, host: &str) {
        self.handshake_began = Some(Instant::now());
        self.report(&Event::HandshakeStarted { connection: self.connection, host });
    }

    #[cfg(feature = "tls")]
    pub(crate) fn handshake_ended(&self, result: Result<&TlsDetails, &Error>) {
        let duration = self.handshake_began.map(|began| began.elapsed()).unwrap_or_default();
        self.report(&Event::HandshakeEnded { connection: self.connection, result, duration });
    }

    pub(crate) fn opened(&mut self, details: &ConnectionDetails) {
        self.is_open = true;
        self.report(&Event::ConnectionOpened { connection: self.connection, details });
    }

    fn report(&self, event: &Event<'_>) {
        if let Some(observer) = &self.observer {
            observer.report(event);
        }
    }
}

impl Drop for DialTrace {
    fn drop(&mut self) {
        if !self.is_open {
            self.report(&Event::ConnectionFailed { connection: self.connection });
        }
    }
}
