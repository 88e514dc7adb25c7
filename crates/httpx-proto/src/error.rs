//! Errors by blame: [`RemoteError`] is a fault of the other side, [`LocalError`] a fault of the caller.

use httpx_core::StatusCode;

use crate::{Excerpt, Reuse};

/// A fault of the other side: it broke the protocol, or stopped in the middle of a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// The first bytes of a response are not `HTTP/`, or those of a request are not a method: HTTP/0.9 or another
    /// protocol.
    #[error("the other side does not speak HTTP: its first bytes are {0}")]
    NotHttp(Excerpt),
    /// The version is neither HTTP/1.1 nor HTTP/1.0.
    #[error("the other side speaks a version of HTTP other than 1.1 and 1.0: {0}")]
    Version(Excerpt),
    /// The start line is malformed, or its parts are not separated by single spaces.
    #[error("not a valid start line: {0}")]
    StartLine(Excerpt),
    /// The method of the request is longer than every method in use.
    #[error("the request's method is too long: {0}")]
    Method(Excerpt),
    /// The status code is below 100.
    #[error("{0} is not a status code: it must be between 100 and 999")]
    Status(u16),
    /// The target of the request holds a byte other than visible ASCII, or has none of the four forms of RFC 9112 §3.2
    /// that fits the method.
    #[error("not a valid target for this request: {0}")]
    Target(Excerpt),
    /// A line of a head ends in LF alone. Only a server refuses this.
    #[error("a line of the head ends in LF without CR")]
    BareLf,
    /// A CR in a head or between messages is not followed by LF.
    #[error("a line of the head holds a CR without LF")]
    BareCr,
    /// The name of a header is empty or not a token: there is white space before it or in it, or no colon after it.
    #[error("a line of the head or of the trailers is not a header: {0}")]
    HeaderName(Excerpt),
    /// The value of a header holds a control character.
    #[error("the value of the header {0} holds a control character")]
    HeaderValue(Excerpt),
    /// A limit was exceeded.
    #[error("{0}, more than the limit of {1} ({name})", name = .0.name())]
    Limit(Limit, usize),
    /// `Content-Length` is not a number, or is above 2⁶³−1.
    #[error("not a valid Content-Length: {0}")]
    ContentLength(Excerpt),
    /// Several `Content-Length` that differ. A server refuses equal ones too.
    #[error("more than one Content-Length: {0} and {1}")]
    ContentLengths(u64, u64),
    /// `Transfer-Encoding` holds a coding before `chunked`, or `chunked` twice.
    #[error("a Transfer-Encoding other than chunked alone is not supported")]
    UnsupportedCoding,
    /// `Transfer-Encoding` does not end in `chunked`, so the end of the body is unknown.
    #[error("the Transfer-Encoding does not end in chunked: {0}")]
    NotChunked(Excerpt),
    /// `Transfer-Encoding` in an HTTP/1.0 message (RFC 9112 §6.1).
    #[error("a Transfer-Encoding in a message of HTTP/1.0")]
    TransferEncodingIn10,
    /// A request with both `Transfer-Encoding` and `Content-Length`.
    #[error("both Transfer-Encoding and Content-Length")]
    BothLengths,
    /// A CONNECT with a body (RFC 9110 §9.3.6). Some servers read these bytes as the body, others as the first bytes
    /// of the tunnel.
    #[error("a CONNECT request with a body")]
    NoBody,
    /// The chunk-size line is malformed.
    #[error("not a valid chunk size")]
    ChunkSize,
    /// The data of a chunk is not followed by CRLF.
    #[error("the data of a chunk is not followed by CRLF")]
    ChunkEnd,
    /// The stream ended in the middle of a message.
    #[error("the connection was closed {0}")]
    Incomplete(Truncation),
    /// The server sent bytes before any request.
    #[error("the server sent a response before any request")]
    Unasked,
    /// A 101, but the request or the response has no `Upgrade`.
    #[error(
        "the server switched to another protocol without being asked to, or without naming it in Upgrade"
    )]
    UnaskedSwitch,
    /// An HTTP/1.1 request without `Host`, or a request with several or with a malformed one.
    #[error("the request has no valid Host")]
    Host,
    /// `Expect` holds a value other than `100-continue`.
    #[error("the request expects something other than 100-continue")]
    Expect,
}

/// The one of the [`Limits`](crate::Limits) that was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::head_bytes`](crate::Limits::head_bytes).
    #[error("heads, interim responses, chunk extensions and trailers take too many bytes")]
    HeadBytes,
    /// [`Limits::header_count`](crate::Limits::header_count).
    #[error("there are too many headers")]
    HeaderCount,
    /// [`Limits::interim_count`](crate::Limits::interim_count).
    #[error("there are too many interim responses")]
    InterimCount,
    /// [`Limits::empty_lines`](crate::Limits::empty_lines).
    #[error("there are too many empty lines before the head")]
    EmptyLines,
    /// [`Limits::target_bytes`](crate::Limits::target_bytes).
    #[error("the request's target is too long")]
    TargetBytes,
}

impl Limit {
    /// Returns the name of the field of [`Limits`](crate::Limits).
    pub fn name(self) -> &'static str {
        match self {
            Limit::HeadBytes => "head_bytes",
            Limit::HeaderCount => "header_count",
            Limit::InterimCount => "interim_count",
            Limit::EmptyLines => "empty_lines",
            Limit::TargetBytes => "target_bytes",
        }
    }
}

/// The place where the stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Truncation {
    /// Before the first byte of a response. A kept connection that the server has closed ends like this.
    #[error("before the first byte of the response")]
    Nothing,
    /// Inside a head.
    #[error("inside the head of the message")]
    Head,
    /// Inside a body of known length.
    #[error("inside the body, after {got} of {expected} bytes")]
    Length {
        /// The `Content-Length`.
        expected: u64,
        /// The bytes that arrived.
        got: u64,
    },
    /// Inside a chunk or between two chunks.
    #[error("inside a chunked body, before its last chunk")]
    Chunk,
    /// After the last chunk, inside the trailers.
    #[error("inside the trailers of a chunked body")]
    Trailers,
    /// Under TLS, in a body that ends with the connection, without a close_notify: an attacker can have truncated it
    /// (RFC 9112 §9.8).
    #[error("without TLS close_notify, so that the body may be incomplete")]
    Unclean,
}

impl RemoteError {
    /// Returns the status that a server should answer before it closes the connection.
    pub fn status(&self) -> StatusCode {
        let code = match self {
            RemoteError::Version(_) => 505,
            RemoteError::UnsupportedCoding | RemoteError::Method(_) => 501,
            RemoteError::Expect => 417,
            RemoteError::Limit(Limit::TargetBytes, _) => 414,
            RemoteError::Limit(_, _) => 431,
            RemoteError::NotHttp(_)
            | RemoteError::StartLine(_)
            | RemoteError::Status(_)
            | RemoteError::Target(_)
            | RemoteError::BareLf
            | RemoteError::BareCr
            | RemoteError::HeaderName(_)
            | RemoteError::HeaderValue(_)
            | RemoteError::ContentLength(_)
            | RemoteError::ContentLengths(_, _)
            | RemoteError::NotChunked(_)
            | RemoteError::TransferEncodingIn10
            | RemoteError::BothLengths
            | RemoteError::NoBody
            | RemoteError::ChunkSize
            | RemoteError::ChunkEnd
            | RemoteError::Incomplete(_)
            | RemoteError::Unasked
            | RemoteError::UnaskedSwitch
            | RemoteError::Host => 400,
        };
        StatusCode::try_from(code).unwrap_or(StatusCode::BAD_REQUEST)
    }
}

/// A fault of the caller: the call would have broken the protocol. Nothing of it has been written. A head that is
/// refused changes nothing, so another one can be sent. A message under way can no longer be completed, so its error
/// repeats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// The call does not fit the phase: a head inside a body, a body before its head.
    #[error("this cannot be sent now: {0}")]
    OutOfTurn(&'static str),
    /// The target does not have the form that the method needs (RFC 9112 §3.2): a path that begins with `/` or a whole
    /// URL; `host:port` for CONNECT; also `*` for OPTIONS. Or it holds a `#` or a byte other than visible ASCII.
    #[error("the request's method cannot have this target: {0}")]
    Target(Excerpt),
    /// The host, given separately or among the headers, is not a `uri-host [":" port]` (RFC 9110 §7.2).
    #[error("not a valid host: {0}")]
    Host(Excerpt),
    /// There is no host, given separately or among the headers (RFC 9112 §3.2), or the headers hold several.
    #[error("a request needs exactly one Host: given separately, or one line of it among the headers")]
    HostCount,
    /// The `Content-Length` among the headers is not a number, or there are several.
    #[error("the headers hold an invalid Content-Length, or more than one")]
    ContentLength,
    /// The `Content-Length` among the headers is not the length of the body.
    #[error("the headers say Content-Length: {declared}, but the body has {body} bytes")]
    LengthMismatch {
        /// The length in the headers.
        declared: u64,
        /// The length of the body.
        body: u64,
    },
    /// The headers hold both `Content-Length` and `Transfer-Encoding`.
    #[error("the headers hold both Content-Length and Transfer-Encoding")]
    BothLengths,
    /// The `Transfer-Encoding` among the headers is not `chunked`.
    #[error("the headers hold a Transfer-Encoding other than chunked")]
    TransferEncoding,
    /// The method or the status does not allow a body or a header that announces one: CONNECT, TRACE, 1xx, 204, 205,
    /// and 2xx to CONNECT.
    #[error("this message cannot have a body")]
    NoBody,
    /// The status code lies outside 100 to 599.
    #[error("{0} cannot be sent: a status code must lie between 100 and 599")]
    Status(u16),
    /// A 101, but the request or the response has no `Upgrade` (RFC 9110 §7.8).
    #[error("101 needs an Upgrade in the request, which must be of HTTP/1.1, and in the response")]
    UnaskedSwitch,
    /// The headers hold `Transfer-Encoding`, but the client speaks HTTP/1.0 (RFC 9112 §6.1).
    #[error("a client that speaks HTTP/1.0 does not understand Transfer-Encoding")]
    TransferEncodingTo10,
    /// The body is longer than declared.
    #[error("the body is longer than the {declared} bytes that were declared")]
    TooLong {
        /// The `Content-Length`.
        declared: u64,
    },
    /// The body is shorter than declared.
    #[error("the body ended after {sent} of the {declared} bytes that were declared")]
    TooShort {
        /// The `Content-Length`.
        declared: u64,
        /// The bytes that were sent.
        sent: u64,
    },
    /// There are trailers, but the body is not chunked.
    #[error("only a chunked body can have trailers")]
    Trailers,
    /// A field that is not allowed in trailers (RFC 9110 §6.5.1).
    #[error("{0} is not allowed as a trailer")]
    Trailer(Excerpt),
    /// The connection cannot carry another exchange, or not yet.
    #[error("the connection cannot be used for another exchange: {0}")]
    NotReusable(Reuse),
}
