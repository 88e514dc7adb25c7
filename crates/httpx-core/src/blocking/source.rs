//! The blocking source of a streamed body: a connection, for example.

use crate::{Result, SourceState};

/// The source of a response's body. A transport hands it out, and gets it back at the end.
///
/// This is the part of it that waits. The rest is in [`SourceState`].
pub trait BodySource: SourceState {
    /// Returns some bytes of the body, and waits for them if there are none. No bytes are its end.
    ///
    /// # Errors
    ///
    /// If the body is cut short, malformed, or late. A source that has failed is not used again. One that has ended may
    /// be asked again, and gives no bytes again.
    fn fill(&mut self) -> Result<&[u8]>;

    /// Reads some bytes of the body, past any buffer if possible. 0 is its end.
    ///
    /// # Errors
    ///
    /// As [`fill`](BodySource::fill).
    fn read(&mut self, buf: &mut [u8]) -> Result<usize>;
}
