//! Tells a flow that the body of a response has ended.

use std::fmt;

use httpx_core::{Error, ResponseHead, StatusCode};

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
pub struct BodyObserver(Box<ObserveEnd>);

type ObserveEnd = dyn FnOnce(&ResponseHead, BodyEnd<'_>) + Send;

/// How the body of a response ended. The number of bytes counts the bytes that were read, decoded.
#[derive(Debug, Clone, Copy)]
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
        BodyObserver::with_head(|_, end| observe(end))
    }

    /// Creates an observer that also gets the head of the response, with the [`timings`](ResponseHead::timings) up to the
    /// end of the body.
    ///
    /// ```
    /// # mod httpx { pub mod flow { pub use httpx_middleware::flow::*; } }
    /// use httpx::flow::BodyObserver;
    ///
    /// let observer = BodyObserver::with_head(|head, end| println!("{}: {end:?}", head.status()));
    /// ```
    pub fn with_head(observe: impl FnOnce(&ResponseHead, BodyEnd<'_>) + Send + 'static) -> Self {
        BodyObserver(Box::new(observe))
    }

    /// Calls the observer, as the end of a body does, with the head of an empty response. Tests of a flow call it too.
    pub fn observe(self, end: BodyEnd<'_>) {
        self.observe_response(&ResponseHead::new(StatusCode::OK), end);
    }

    /// Calls the observer, as the end of the body of this response does.
    pub fn observe_response(self, head: &ResponseHead, end: BodyEnd<'_>) {
        (self.0)(head, end);
    }
}

impl fmt::Debug for BodyObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyObserver")
    }
}
