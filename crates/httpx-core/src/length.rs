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
