//! [`TracingObserver`]: makes spans and events of the crate `tracing`.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use httpx_core::{ConnectionDetails, Error, ErrorKind, Method, StatusCode, TlsVersion, Version};
use tracing::field::Empty;
use tracing::{Level, Span, debug_span, event, info_span};

use crate::endpoint::Endpoint;
use crate::event::{BodyOutcome, Event};
use crate::observer::Observer;

/// An [`Observer`] that makes spans and events of the crate `tracing`, with the names of OpenTelemetry's semantic
/// conventions for HTTP clients.
///
/// - A span `HTTP request` of level `INFO` for each request, from its start to the end of the response's body. It is a
///   child of the caller's span. Fields: `otel.name`, `otel.kind`, `http.request.method`, `url.full` (without user
///   information, query and fragment), `server.address`, `server.port`, and when they are known
///   `network.peer.address`, `network.peer.port`, `network.protocol.name`, `network.protocol.version`,
///   `http.request.resend_count`, `http.response.status_code`, `http.response.body.size` and `error.type`.
/// - A span `HTTP connection setup` of level `DEBUG` for each connection that is opened, a child of the request's span,
///   with events for lookups, attempts and handshakes. Fields: `server.address`, `server.port`, and when they are known
///   `network.peer.address`, `network.peer.port`, `tls.protocol.version`, `tls.cipher` and `tls.resumed`.
/// - Events of level `DEBUG` for the rest.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use httpx::ConnectionPool;
/// use httpx::network::TracingObserver;
///
/// let pool = ConnectionPool::builder().observer(TracingObserver::new()).build();
/// # }
/// ```
#[derive(Debug, Default)]
pub struct TracingObserver {
    spans: Mutex<Spans>,
}

/// The spans of requests and connection setups that have not ended.
#[derive(Debug, Default)]
struct Spans {
    requests: HashMap<u64, Span>,
    setups: HashMap<u64, Span>,
}

impl TracingObserver {
    /// Makes an observer for one pool or several.
    pub fn new() -> Self {
        TracingObserver::default()
    }

    fn lock(&self) -> MutexGuard<'_, Spans> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the span of a request. The subscriber is called without the lock.
    fn request(&self, request: u64) -> Span {
        self.lock().requests.get(&request).cloned().unwrap_or_else(Span::none)
    }

    fn setup(&self, connection: u64) -> Span {
        self.lock().setups.get(&connection).cloned().unwrap_or_else(Span::none)
    }

    fn end_request(&self, request: u64) -> Span {
        self.lock().requests.remove(&request).unwrap_or_else(Span::none)
    }

    fn start_request(&self, request: u64, method: &Method, url: &str, origin: &Endpoint) {
        let method = known_method(method);
        let span = info_span!(
            "HTTP request",
            otel.name = method,
            otel.kind = "client",
            http.request.method = method,
            url.full = url,
            server.address = origin.host(),
            server.port = origin.port(),
            network.peer.address = Empty,
            network.peer.port = Empty,
            network.protocol.name = Empty,
            network.protocol.version = Empty,
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            http.response.body.size = Empty,
            error.type = Empty,
        );
        self.lock().requests.insert(request, span);
    }

    fn start_setup(&self, connection: u64, request: Option<u64>, origin: &Endpoint) {
        let parent = request.map_or_else(Span::current, |request| self.request(request));
        let span = debug_span!(
            parent: &parent,
            "HTTP connection setup",
            server.address = origin.host(),
            server.port = origin.port(),
            network.peer.address = Empty,
            network.peer.port = Empty,
            tls.protocol.version = Empty,
            tls.cipher = Empty,
            tls.resumed = Empty,
            error.type = Empty,
        );
        self.lock().setups.insert(connection, span);
    }

    fn end_setup(&self, connection: u64, details: &ConnectionDetails) {
        let span = self.lock().setups.remove(&connection).unwrap_or_else(Span::none);
        record_peer(&span, details);
        if let Some(tls) = &details.tls {
            span.record("tls.protocol.version", tls_version(tls.version));
            span.record("tls.cipher", tls.cipher_suite);
            span.record("tls.resumed", tls.is_resumed);
        }
    }

    fn acquired(&self, request: u64, details: &ConnectionDetails, is_reused: bool) {
        let span = self.request(request);
        record_peer(&span, details);
        event!(parent: &span, Level::DEBUG, is_reused, "connection acquired");
    }

    fn response(&self, request: u64, status: StatusCode, version: Version) {
        let span = self.request(request);
        span.record("http.response.status_code", status.as_u16());
        span.record("network.protocol.name", "http");
        span.record("network.protocol.version", protocol_version(version));
        if status.is_error() {
            span.record("error.type", status.as_u16().to_string());
        }
    }

    fn body_end(&self, request: u64, bytes: u64, outcome: BodyOutcome) {
        let span = self.end_request(request);
        span.record("http.response.body.size", bytes);
        match outcome {
            BodyOutcome::Complete => {}
            BodyOutcome::Failed(kind) => {
                span.record("error.type", kind_name(kind));
            }
            BodyOutcome::Dropped => event!(parent: &span, Level::DEBUG, "body dropped"),
        }
    }

    fn failed(&self, request: u64, error: &Error) {
        let span = self.end_request(request);
        span.record("error.type", kind_name(error.kind()));
        event!(parent: &span, Level::DEBUG, error = %error, "request failed");
    }
}

impl Observer for TracingObserver {
    fn observe(&self, event: &Event<'_>) {
        match *event {
            Event::RequestStarted { request, method, url, origin, attempt } => {
                self.start_request(request, method, url, origin);
                if attempt > 1 {
                    self.request(request).record("http.request.resend_count", attempt - 1);
                }
            }
            Event::RequestQueued { request } => {
                event!(parent: &self.request(request), Level::DEBUG, "waiting for a connection");
            }
            Event::ConnectionAcquired { request, details, is_reused, .. } => {
                self.acquired(request, details, is_reused);
            }
            Event::RequestHeadSent { request, .. } => {
                event!(parent: &self.request(request), Level::DEBUG, "request head sent");
            }
            Event::RequestBodySent { request, bytes, .. } => {
                event!(parent: &self.request(request), Level::DEBUG, bytes, "request body sent");
            }
            Event::ResponseStarted { request, status, version, .. } => {
                self.response(request, status, version);
            }
            Event::BodyEnded { request, bytes, outcome, .. } => self.body_end(request, bytes, outcome),
            Event::RequestResent { request, error } => {
                let span = self.request(request);
                span.record("http.request.resend_count", 1);
                event!(parent: &span, Level::DEBUG, error = %error, "request resent");
            }
            Event::RequestFailed { request, error } => self.failed(request, error),
            Event::RequestCancelled { request } => {
                self.end_request(request).record("error.type", "cancelled");
            }
            _ => self.observe_connection(event),
        }
    }
}

impl TracingObserver {
    /// Takes the events of connections.
    fn observe_connection(&self, event: &Event<'_>) {
        match *event {
            Event::ConnectionOpening { connection, request, origin } => {
                self.start_setup(connection, request, origin);
            }
            Event::LookupEnded { connection, host, result, duration } => {
                let (found, error) =
                    (result.map_or(0, <[_]>::len), result.err().map(tracing::field::display));
                let span = self.setup(connection);
                event!(parent: &span, Level::DEBUG, host, found, error, ?duration, "looked up");
            }
            Event::ConnectEnded { connection, address, result, duration } => {
                let error = result.err().map(tracing::field::display);
                let span = self.setup(connection);
                event!(parent: &span, Level::DEBUG, %address, error, ?duration, "connected");
            }
            Event::TunnelStarted { connection, proxy, .. } => {
                event!(parent: &self.setup(connection), Level::DEBUG, proxy, "tunnel asked for");
            }
            Event::TunnelEnded { connection, result, duration } => {
                let error = result.err().map(tracing::field::display);
                event!(parent: &self.setup(connection), Level::DEBUG, error, ?duration, "tunnel");
            }
            Event::HandshakeEnded { connection, result, duration } => {
                let error = result.err().map(tracing::field::display);
                event!(parent: &self.setup(connection), Level::DEBUG, error, ?duration, "TLS handshake");
            }
            Event::ConnectionOpened { connection, details } => self.end_setup(connection, details),
            Event::ConnectionFailed { connection } => {
                let span = self.lock().setups.remove(&connection).unwrap_or_else(Span::none);
                span.record("error.type", "connect");
            }
            Event::ConnectionClosed { connection, cause } => {
                event!(Level::DEBUG, connection, cause = cause.as_str(), "connection closed");
            }
            _ => {}
        }
    }
}

fn record_peer(span: &Span, details: &ConnectionDetails) {
    if let Some(peer) = details.remote_addr {
        span.record("network.peer.address", tracing::field::display(peer.ip()));
        span.record("network.peer.port", peer.port());
    }
}

/// Other methods are `_OTHER`, so that bad input cannot create any number of values.
fn known_method(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("_OTHER")
}

fn protocol_version(version: Version) -> &'static str {
    match version {
        Version::Http10 => "1.0",
        _ => "1.1",
    }
}

fn tls_version(version: TlsVersion) -> &'static str {
    match version {
        TlsVersion::Tls12 => "1.2",
        _ => "1.3",
    }
}

/// The name of a kind of errors, such as `Connect` or `Timeout(Head)`.
fn kind_name(kind: ErrorKind) -> String {
    format!("{kind:?}")
}
