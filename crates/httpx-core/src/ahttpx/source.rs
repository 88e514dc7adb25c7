//! The async source of a streamed body: a connection, for example.

use std::task::{Context, Poll};

use crate::{Result, SourceState};

/// The source of a response's body. A transport hands it out, and gets it back at the end.
///
/// This is the part of it that waits. The rest is in [`SourceState`]. A method that returns `Pending` has arranged for
/// the task to be woken.
pub trait BodySource: SourceState {
    /// Returns some bytes of the body. No bytes are its end.
    ///
    /// # Errors
    ///
    /// If the body is cut short, malformed, or late. A source that has failed is not used again. One that has ended may
    /// be asked again, and gives no bytes again.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8]>>;

    /// Reads some bytes of the body, past any buffer if possible. 0 is its end.
    ///
    /// # Errors
    ///
    /// As [`poll_fill`](BodySource::poll_fill).
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>>;
}
