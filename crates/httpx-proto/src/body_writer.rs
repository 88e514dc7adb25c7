//! The framing of a body that is being sent.

/// The framing of the body that is being sent, and the number of bytes left.
#[derive(Debug, Clone, Copy)]
pub enum BodyWriter {
    /// A declared length.
    Length {
        /// The declared length.
        declared: u64,
        /// The bytes that are still to be sent.
        left: u64,
    },
    /// Chunks (RFC 9112 §7.1).
    Chunked {
        /// Whether the CRLF after the last chunk is still to be written.
        open: bool,
    },
    /// Bytes up to the end of the connection.
    UntilClose,
}
