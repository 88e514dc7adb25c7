//! The kinds of errors, and which timeout passed.

use std::fmt;

/// The kind of an [`Error`](crate::Error).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The URL does not parse, has no host, or has a scheme other than http and https.
    InvalidUrl,
    /// The name or the value of a header is not valid.
    InvalidHeader,
    /// The request cannot be sent: its method is not a token, or its body does not have the length that was announced.
    InvalidRequest,
    /// The host's name could not be resolved.
    Resolve,
    /// No connection could be made: refused, unreachable, or lost in the TLS handshake.
    Connect,
    /// The address filter refused each address of the host.
    AddressRefused,
    /// The proxy was reached, but it opened no tunnel to the origin. If it answered with a status, the error's
    /// [`response`](crate::Error::response) is the proxy's. If it closed the connection before, the kind is `Connect`;
    /// if it was too slow, `Timeout(Connect)`. The response of a proxy that forwards a request is not an error,
    /// whatever its status.
    Proxy,
    /// TLS failed: an unknown CA, an expired certificate, a wrong host name, a server that does not speak TLS or does
    /// not accept our certificate.
    Tls,
    /// A timeout passed.
    Timeout(Timeout),
    /// Reading from or writing to the connection failed, or it was closed before a response arrived. Without a
    /// [`url`](crate::Error::url): an I/O error that did not come from this library, such as a full disk.
    Io,
    /// The server's bytes are not valid HTTP, or are not safe to interpret.
    Protocol,
    /// The response was cut short: before its length, in a chunk, in its head, in its content coding (gzip, deflate), or
    /// under TLS without a clean end.
    Incomplete,
    /// The response's content coding (gzip, deflate) is broken.
    Decode,
    /// The body has more bytes than the limit allows.
    TooLarge,
    /// The text is not valid in its charset.
    Text,
    /// The body is not JSON, or not of the type asked for; or a value could not be converted to JSON.
    Json,
    /// A redirect that must not be followed: to another scheme, or with a body that cannot be sent again.
    Redirect,
    /// More redirects than allowed.
    TooManyRedirects,
    /// The response's status is an error for the called method: `error_for_status` returns it for
    /// 400 and above, and `into_upgraded` if the server did not switch protocols. `send` never fails because of a status.
    Status,
    /// The settings of a client contradict each other, or one of them cannot be used, such as a Unix socket path that
    /// leads to a regular file.
    Config,
    /// The client or its pool is closed.
    Closed,
    /// The request's body could not be read.
    Body,
    /// An error of a custom transport or middleware.
    Other,
}

/// One of the six timeouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Timeout {
    /// Making a connection: resolving, TCP, proxy, TLS.
    Connect,
    /// Waiting for a connection of the pool to become free.
    Pool,
    /// Waiting for room to write.
    Write,
    /// From the last byte of the request to the whole head of the final response.
    Head,
    /// Waiting for more of the body.
    Read,
    /// The whole call.
    Total,
}

impl Timeout {
    /// Returns the name of its setting: `connect`.
    ///
    /// ```
    /// # mod httpx { pub mod models { pub use httpx_core::*; } }
    /// assert_eq!(httpx::models::Timeout::Connect.as_str(), "connect");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Timeout::Connect => "connect",
            Timeout::Pool => "pool",
            Timeout::Write => "write",
            Timeout::Head => "head",
            Timeout::Read => "read",
            Timeout::Total => "total",
        }
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much of a request had been handed to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestSent {
    /// Nothing: the server cannot have acted on it.
    Nothing,
    /// A part of it.
    Partial,
    /// All of it.
    Complete,
}

/// `no`, `partly`, `completely`.
impl fmt::Display for RequestSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RequestSent::Nothing => "no",
            RequestSent::Partial => "partly",
            RequestSent::Complete => "completely",
        })
    }
}
