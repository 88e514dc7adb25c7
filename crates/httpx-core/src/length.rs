//! The length of a body: none, known or unknown.

/// The length of a body, as far as it is known before the body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// There is no body.
    None,
    /// This number of bytes.
    Known(u64),
    /// Unknown: the body is sent in chunks.
    Unknown,
}

/// What to do about a body that is not as long as announced.
pub const LENGTH_ADVICE: &str =
    "announce no length (from_reader, from_chunks, from_stream), or send exactly as many bytes";
