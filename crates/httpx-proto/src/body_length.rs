//! The length of a body that is going to be sent.

/// The length of the body of a message that is going to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyLength {
    /// No body. `Content-Length: 0` is written where a body is expected: in POST, PUT and PATCH requests, and in
    /// responses that may have one.
    None,
    /// This many bytes; `Content-Length` is written.
    Known(u64),
    /// An unknown length: the body is sent in chunks, unless the headers hold a `Content-Length`. A client that speaks
    /// HTTP/1.0 does not understand chunks: a response to it ends with the connection.
    Unknown,
}
