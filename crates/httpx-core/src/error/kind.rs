use std::fmt;

/// What sort of [`Error`](crate::Error) it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The URL does not parse, has no host, or has a scheme other than http and https.
    InvalidUrl,
    /// A header's name or value holds what it may not.
    InvalidHeader,
    /// The request cannot be sent as it is: a method that is no token, a length that its body does not have.
    InvalidRequest,
    /// The host's name could not be resolved.
    Resolve,
    /// No connection could be made: refused, unreachable, or lost in the TLS handshake.
    Connect,
    /// TLS failed: an unknown CA, an expired certificate, a wrong host name, a server that speaks no TLS or does not
    /// accept our certificate.
    Tls,
    /// A timeout passed; the value says which.
    Timeout(Timeout),
    /// Reading from or writing to the connection failed, or it was closed before a response came. Without a
    /// [`url`](crate::Error::url): an I/O error that did not come from this library, such as a full disk.
    Io,
    /// The server's bytes are no HTTP that can be trusted.
    Protocol,
    /// The response was cut short: by its length, in a chunk, inside its head, inside its content coding (gzip,
    /// deflate), or under TLS without a clean end.
    Incomplete,
    /// The response's content coding (gzip, deflate) is broken.
    Decode,
    /// The body has more bytes than the limit allows.
    TooLarge,
    /// The text is not what its charset says it is.
    Text,
    /// The body is no JSON, or not of the type asked for; or a value could not be made JSON.
    Json,
    /// A redirect that may not be followed: to another scheme, or with a body that cannot be sent again.
    Redirect,
    /// More redirects than allowed.
    TooManyRedirects,
    /// The response's status is an error: made by `error_for_status` alone.
    Status,
    /// The settings of a client contradict each other.
    Config,
    /// The client or its pool is closed.
    Closed,
    /// The request's body could not be read.
    Body,
    /// Of a user's own transport or middleware.
    Other,
}

/// Which of the six timeouts passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timeout {
    /// Making a connection: resolving, TCP, TLS.
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
    /// The name of its setting: `connect`.
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
    /// Some of it.
    Partial,
    /// All of it.
    Complete,
}

impl fmt::Display for RequestSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RequestSent::Nothing => "no",
            RequestSent::Partial => "partly",
            RequestSent::Complete => "completely",
        })
    }
}
