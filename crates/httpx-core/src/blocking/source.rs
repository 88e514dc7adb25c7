use std::time::Instant;

use crate::{Headers, RequestSent, Result};

/// The source of a response's body. A transport hands it out, and gets it back at the end.
pub trait BodySource: Send {
    /// Returns some bytes of the body, and waits for them if there are none. No bytes are its end.
    ///
    /// # Errors
    ///
    /// If the body is cut short, malformed, or late. A source that has failed is not used again. One that has ended may
    /// be asked again, and gives no bytes again.
    fn fill(&mut self) -> Result<&[u8]>;

    /// Removes the first `n` of those bytes.
    fn consume(&mut self, n: usize);

    /// Reads some bytes of the body, past any buffer if possible. 0 is its end.
    ///
    /// # Errors
    ///
    /// As [`fill`](BodySource::fill).
    fn read(&mut self, buf: &mut [u8]) -> Result<usize>;

    /// Checks the deadline of the whole call without waiting. It is called between steps of decoding that need no more
    /// bytes. Defaults to no deadline.
    ///
    /// # Errors
    ///
    /// If the deadline has passed.
    fn check_deadline(&mut self) -> Result<()> {
        Ok(())
    }

    /// From now on the body is only drained, and only until this instant, so that the connection can be used again. A
    /// deadline that is earlier stays. Defaults to nothing.
    fn set_drain_deadline(&mut self, _by: Instant) {}

    /// Whether the connection can be used again once the body has been read. If not, the body is not drained. Defaults
    /// to `true`.
    fn is_reusable(&self) -> bool {
        true
    }

    /// How much of the request has been sent at the end of the body, if that may differ from what was known at its head:
    /// a server may respond while the request is still being sent. Defaults to `None`.
    fn request_sent(&self) -> Option<RequestSent> {
        None
    }

    /// The body has been read to its end: returns the trailers, and gives the connection back.
    fn finish(self: Box<Self>) -> Headers;

    /// The body is dropped before its end: gives the connection back or closes it, without waiting.
    fn discard(self: Box<Self>);

    /// The number of bytes that are still to come, if that is known.
    fn remaining(&self) -> Option<u64>;
}
