//! A copy of a response's body for a flow.

use std::fmt;

use bytes::Bytes;

use super::BlockingWork;

/// Takes a copy of the body of a response while the caller reads it: see [`FlowNext::Tee`](super::FlowNext::Tee).
///
/// The function is called once, when the whole body has arrived, with the decoded body. It is not called for a body that
/// is longer than `max_bytes`, that fails, or that is dropped before its end. It runs where the body is read, so it must not
/// block; what may block, it returns as [`BlockingWork`].
///
/// ```
/// # mod httpx { pub use bytes::Bytes; pub mod flow { pub use httpx_middleware::flow::*; } }
/// use httpx::Bytes;
/// use httpx::flow::{BlockingWork, BodyTee};
///
/// let tee = BodyTee::new(1 << 20, |body: Bytes| {
///     Some(BlockingWork::new(move || {
///         println!("{} bytes", body.len());
///     }))
/// });
/// # assert!(tee.finish(Bytes::new()).is_some());
/// ```
pub struct BodyTee {
    max_bytes: u64,
    finish: Box<dyn FnOnce(Bytes) -> Option<BlockingWork> + Send>,
}

impl BodyTee {
    /// Copies a body of at most `max_bytes` decoded bytes, and calls the function with the copy.
    pub fn new(max_bytes: u64, finish: impl FnOnce(Bytes) -> Option<BlockingWork> + Send + 'static) -> Self {
        BodyTee { max_bytes, finish: Box::new(finish) }
    }

    /// Returns the most bytes that are copied.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Calls the function, as the end of a body does. Tests of a flow call it too.
    pub fn finish(self, body: Bytes) -> Option<BlockingWork> {
        (self.finish)(body)
    }
}

impl fmt::Debug for BodyTee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyTee").field("max_bytes", &self.max_bytes).finish_non_exhaustive()
    }
}
