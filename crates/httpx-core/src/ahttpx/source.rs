use std::task::{Context, Poll};
use std::time::Instant;

use crate::{Headers, Result};

/// Where the body of a response comes from: what a transport hands out, and gets back at the end.
///
/// What is pending has arranged that the task is woken, as with all that is polled.
pub trait BodySource: Send {
    /// Some bytes of the body that are there; no bytes at its end.
    ///
    /// # Errors
    ///
    /// If the body is cut short, malformed, or late. What has failed is not asked again; what has ended may be, and
    /// gives no bytes again.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8]>>;

    /// So many of those bytes have been used.
    fn consume(&mut self, n: usize);

    /// Reads some bytes of the body, past any buffer if it can; 0 at its end.
    ///
    /// # Errors
    ///
    /// As [`poll_fill`](BodySource::poll_fill).
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>>;

    /// Only the rest is wanted from here on, and only if it comes by this instant: so that the connection can be used
    /// again. Defaults to nothing.
    fn set_drain_deadline(&mut self, _by: Instant) {}

    /// The end has been reached: gives the trailers, and puts itself away.
    fn finish(self: Box<Self>) -> Headers;

    /// The body is not wanted to its end: puts itself away without waiting.
    fn discard(self: Box<Self>);

    /// How many bytes are still to come, if that is known.
    fn remaining(&self) -> Option<u64>;
}
