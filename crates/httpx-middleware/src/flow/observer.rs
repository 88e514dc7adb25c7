//! Tells a flow that the body of a response has ended.

use std::fmt;

use httpx_core::Error;

/// A function that is called once, when the body of a response has ended: see
/// [`FlowNext::Observe`](super::FlowNext::Observe).
///
/// It runs where the body is read or dropped, so it must not block.
///
/// ```
/// # mod httpx { pub mod flow { pub use httpx_middleware::flow::*; } }
/// use httpx::flow::{BodyEnd, BodyObserver};
///
/// let observer = BodyObserver::new(|end| match end {
///     BodyEnd::Complete { bytes } => println!("read {bytes} bytes"),
///     BodyEnd::Failed { bytes, error } => println!("failed after {bytes} bytes: {error}"),
///     BodyEnd::Dropped { bytes } => println!("dropped after {bytes} bytes"),
///     _ => {}
/// });
/// ```
pub struct BodyObserver(Box<dyn FnOnce(BodyEnd<'_>) + Send>);

/// How the body of a response ended. The number of bytes counts the bytes that were read, decoded.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyEnd<'a> {
    /// The whole body was read.
    Complete {
        /// The length of the body.
        bytes: u64,
    },
    /// Reading the body failed.
    Failed {
        /// The number of bytes that were read before.
        bytes: u64,
        /// The error that the reader of the body gets.
        error: &'a Error,
    },
    /// The body was dropped before its end.
    Dropped {
        /// The number of bytes that were read before.
        bytes: u64,
    },
}

impl BodyObserver {
    /// Creates an observer.
    pub fn new(observe: impl FnOnce(BodyEnd<'_>) + Send + 'static) -> Self {
        BodyObserver(Box::new(observe))
    }

    /// Calls the observer, as the end of a body does. Tests of a flow call it too.
    pub fn observe(self, end: BodyEnd<'_>) {
        (self.0)(end);
    }
}

impl fmt::Debug for BodyObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyObserver")
    }
}
