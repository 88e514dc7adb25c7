//! The source of a streamed body: everything that needs no wait, the same in both flavours.

use std::time::Instant;

use crate::{Headers, RequestSent, Result};

/// The state of a source of a response's body: everything about it that needs no wait. For authors of transports.
///
/// Each flavour has a trait `BodySource` that adds the reads to it. The two flavours of one source share this
/// implementation.
pub trait SourceState: Send {
    /// Removes the first `n` bytes of those that the source was last filled with.
    fn consume(&mut self, n: usize);

    /// Checks the deadline of the whole call without waiting. It is called between steps of decoding that need no more
    /// bytes. Defaults to no deadline.
    ///
    /// # Errors
    ///
    /// If the deadline has passed.
    fn check_deadline(&mut self) -> Result<()> {
        Ok(())
    }

    /// Sets the time until which the body is only drained from now on, so that the connection can be used again. A
    /// deadline that is earlier stays. Defaults to nothing.
    fn set_drain_deadline(&mut self, _by: Instant) {}

    /// Returns whether the connection can be used again once the body has been read. If not, the body is not drained.
    /// Defaults to `true`.
    fn is_reusable(&self) -> bool {
        true
    }

    /// Returns how much of the request has been sent at the end of the body, if that may differ from the value at the
    /// head: a server may respond while the request is still being sent. Defaults to `None`.
    fn request_sent(&self) -> Option<RequestSent> {
        None
    }

    /// Returns whether bytes of the body, or its end, arrived later than the head. Defaults to `false`.
    fn has_received_body(&self) -> bool {
        false
    }

    /// Ends a body that has been read to its end: returns the trailers, and gives the connection back.
    fn finish(self: Box<Self>) -> Headers;

    /// Ends a body that is dropped before its end: gives the connection back or closes it, without waiting.
    fn discard(self: Box<Self>);

    /// Returns the number of bytes that are still missing, if that is known.
    fn remaining(&self) -> Option<u64>;
}
