//! [`Event`]: an event that a pool reports to its [`Observer`](crate::Observer).

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use httpx_core::{ConnectionDetails, Error, ErrorKind, Method, StatusCode, TlsDetails, Version};

use crate::close_cause::CloseCause;
use crate::connect_error::ConnectError;
use crate::endpoint::Endpoint;

/// An event of a request or of a connection.
///
/// `request` and `connection` are numbers that are unique in this process. A request is one call of the pool: each step
/// of a redirect is a request, and so is each retry; a resend over another connection belongs to the same request. Its
/// last event is
/// [`BodyEnded`](Self::BodyEnded), [`RequestFailed`](Self::RequestFailed) or
/// [`RequestCancelled`](Self::RequestCancelled).
///
/// Events hold no secrets: no headers, no bodies, and URLs without user information, query and fragment.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The pool was given a request.
    #[non_exhaustive]
    RequestStarted {
        /// The request.
        request: u64,
        /// Its method.
        method: &'a Method,
        /// Its URL, without user information, query and fragment.
        url: &'a str,
        /// Its origin.
        origin: &'a Endpoint,
        /// Which attempt of its call this is, if a layer above retries the call; else 1.
        attempt: u32,
    },
    /// There is no free connection and no room for another one: the request waits.
    #[non_exhaustive]
    RequestQueued {
        /// The request.
        request: u64,
    },
    /// The pool begins to open a connection.
    #[non_exhaustive]
    ConnectionOpening {
        /// The connection.
        connection: u64,
        /// The request that it is opened for; `None` if it is opened in advance.
        request: Option<u64>,
        /// Its origin.
        origin: &'a Endpoint,
    },
    /// The lookup of a name begins.
    #[non_exhaustive]
    LookupStarted {
        /// The connection.
        connection: u64,
        /// The name.
        host: &'a str,
    },
    /// The lookup of a name has ended.
    #[non_exhaustive]
    LookupEnded {
        /// The connection.
        connection: u64,
        /// The name.
        host: &'a str,
        /// The addresses that were found, or the error.
        result: Result<&'a [SocketAddr], &'a ConnectError>,
        /// How long it took.
        duration: Duration,
    },
    /// An attempt to connect to an address begins. Several may be under way at once.
    #[non_exhaustive]
    ConnectStarted {
        /// The connection.
        connection: u64,
        /// The address.
        address: SocketAddr,
    },
    /// An attempt to connect to an address has ended.
    #[non_exhaustive]
    ConnectEnded {
        /// The connection.
        connection: u64,
        /// The address.
        address: SocketAddr,
        /// Whether it succeeded. An attempt also fails if another one succeeds first.
        result: Result<(), &'a io::Error>,
        /// How long it took.
        duration: Duration,
    },
    /// A proxy is asked to open a tunnel to the origin: by CONNECT or by SOCKS.
    #[non_exhaustive]
    TunnelStarted {
        /// The connection.
        connection: u64,
        /// The URL of the proxy, without credentials.
        proxy: &'a str,
        /// The origin.
        origin: &'a Endpoint,
    },
    /// The proxy has opened the tunnel, or has not.
    #[non_exhaustive]
    TunnelEnded {
        /// The connection.
        connection: u64,
        /// Whether it is open.
        result: Result<(), &'a Error>,
        /// How long it took.
        duration: Duration,
    },
    /// The TLS handshake begins: with the origin, or with an `https` proxy.
    #[non_exhaustive]
    HandshakeStarted {
        /// The connection.
        connection: u64,
        /// The name that the server's certificate must have.
        host: &'a str,
    },
    /// The TLS handshake has ended.
    #[non_exhaustive]
    HandshakeEnded {
        /// The connection.
        connection: u64,
        /// The negotiated parameters, or the error.
        result: Result<&'a TlsDetails, &'a Error>,
        /// How long it took.
        duration: Duration,
    },
    /// A connection is open.
    #[non_exhaustive]
    ConnectionOpened {
        /// The connection.
        connection: u64,
        /// Its addresses, times and TLS.
        details: &'a ConnectionDetails,
    },
    /// A connection could not be opened, or its opening was given up.
    #[non_exhaustive]
    ConnectionFailed {
        /// The connection.
        connection: u64,
    },
    /// The request has a connection.
    #[non_exhaustive]
    ConnectionAcquired {
        /// The request.
        request: u64,
        /// The connection.
        connection: u64,
        /// Its addresses, times and TLS.
        details: &'a ConnectionDetails,
        /// Whether the connection was open before.
        is_reused: bool,
        /// How long the request waited in the queue.
        queued: Duration,
    },
    /// The head of the request has been written.
    #[non_exhaustive]
    RequestHeadSent {
        /// The request.
        request: u64,
        /// The connection.
        connection: u64,
    },
    /// The body of the request has been written to its end. There is no such event for a request without a body.
    #[non_exhaustive]
    RequestBodySent {
        /// The request.
        request: u64,
        /// The connection.
        connection: u64,
        /// The length of the body on the wire, with the framing of its chunks.
        bytes: u64,
    },
    /// The head of the final response has arrived.
    #[non_exhaustive]
    ResponseStarted {
        /// The request.
        request: u64,
        /// The connection.
        connection: u64,
        /// The status.
        status: StatusCode,
        /// The version of HTTP.
        version: Version,
        /// The time since the pool was given the request.
        elapsed: Duration,
    },
    /// The body of the response has ended. Also reported for a response without a body.
    #[non_exhaustive]
    BodyEnded {
        /// The request.
        request: u64,
        /// The connection.
        connection: u64,
        /// How many bytes of the body were read, before decoding.
        bytes: u64,
        /// How it ended.
        outcome: BodyOutcome,
        /// The time since the head of the response.
        duration: Duration,
    },
    /// The connection had died before a byte of the response arrived, or the server refused the request's `Expect` by a
    /// 417. The request is sent once more.
    #[non_exhaustive]
    RequestResent {
        /// The request.
        request: u64,
        /// The error of the first attempt.
        error: &'a Error,
    },
    /// There is no response.
    #[non_exhaustive]
    RequestFailed {
        /// The request.
        request: u64,
        /// The reason.
        error: &'a Error,
    },
    /// The request was given up before the head of its response: its future was dropped, or it panicked.
    #[non_exhaustive]
    RequestCancelled {
        /// The request.
        request: u64,
    },
    /// A connection was closed.
    #[non_exhaustive]
    ConnectionClosed {
        /// The connection.
        connection: u64,
        /// Why.
        cause: CloseCause,
    },
}

/// How the body of a response ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyOutcome {
    /// It was read to its end.
    Complete,
    /// It could not be read, for a reason of this kind.
    Failed(ErrorKind),
    /// It was dropped before its end.
    Dropped,
}

impl Event<'_> {
    /// Returns the request that the event belongs to, if it belongs to one.
    pub fn request(&self) -> Option<u64> {
        match *self {
            Self::RequestStarted { request, .. }
            | Self::RequestQueued { request }
            | Self::ConnectionAcquired { request, .. }
            | Self::RequestHeadSent { request, .. }
            | Self::RequestBodySent { request, .. }
            | Self::ResponseStarted { request, .. }
            | Self::BodyEnded { request, .. }
            | Self::RequestResent { request, .. }
            | Self::RequestFailed { request, .. }
            | Self::RequestCancelled { request } => Some(request),
            Self::ConnectionOpening { request, .. } => request,
            _ => None,
        }
    }

    /// Returns the connection that the event belongs to, if it belongs to one.
    pub fn connection(&self) -> Option<u64> {
        match *self {
            Self::ConnectionOpening { connection, .. }
            | Self::LookupStarted { connection, .. }
            | Self::LookupEnded { connection, .. }
            | Self::ConnectStarted { connection, .. }
            | Self::ConnectEnded { connection, .. }
            | Self::TunnelStarted { connection, .. }
            | Self::TunnelEnded { connection, .. }
            | Self::HandshakeStarted { connection, .. }
            | Self::HandshakeEnded { connection, .. }
            | Self::ConnectionOpened { connection, .. }
            | Self::ConnectionFailed { connection }
            | Self::ConnectionAcquired { connection, .. }
            | Self::RequestHeadSent { connection, .. }
            | Self::RequestBodySent { connection, .. }
            | Self::ResponseStarted { connection, .. }
            | Self::BodyEnded { connection, .. }
            | Self::ConnectionClosed { connection, .. } => Some(connection),
            _ => None,
        }
    }
}
