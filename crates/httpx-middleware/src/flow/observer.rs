//! Tells a flow that the body of a response has ended.

use std::fmt;

use bytes::{Bytes, BytesMut};
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
pub struct BodyObserver {
    observe: Box<ObserveEnd>,
    /// In a box, so that the usual decisions of flows stay cheap to move.
    record: Option<Box<BodyRecord>>,
}

/// The first bytes of a body.
struct BodyRecord {
    bytes: BytesMut,
    #[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))] // the flavours read
    max_bytes: usize,
}

type ObserveEnd = dyn FnOnce(&ResponseHead, BodyEnd<'_>, Bytes) + Send;

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
        BodyObserver { observe: Box::new(|head, end, _| observe(head, end)), record: None }
    }

    /// Creates an observer that also gets the beginning of the body: at most `max_bytes` of the bytes that have arrived,
    /// decoded. They are kept in memory while the caller reads the body.
    ///
    /// ```
    /// # mod httpx { pub mod flow { pub use httpx_middleware::flow::*; } }
    /// use httpx::flow::BodyObserver;
    ///
    /// let observer = BodyObserver::recording(1024, |_, _, body| println!("{body:?}"));
    /// ```
    pub fn recording(
        max_bytes: usize,
        observe: impl FnOnce(&ResponseHead, BodyEnd<'_>, Bytes) + Send + 'static,
    ) -> Self {
        let record = BodyRecord { bytes: BytesMut::new(), max_bytes };
        BodyObserver { observe: Box::new(observe), record: Some(Box::new(record)) }
    }

    /// Takes a chunk of the body.
    #[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))] // the flavours read
    pub(crate) fn record(&mut self, chunk: &[u8]) {
        if let Some(BodyRecord { bytes, max_bytes }) = self.record.as_deref_mut() {
            let room = max_bytes.saturating_sub(bytes.len());
            bytes.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        }
    }

    /// Calls the observer, as the end of a body does, with the head of an empty response. Tests of a flow call it too.
    pub fn observe(self, end: BodyEnd<'_>) {
        self.observe_response(&ResponseHead::new(StatusCode::OK), end);
    }

    /// Calls the observer, as the end of the body of this response does.
    pub fn observe_response(self, head: &ResponseHead, end: BodyEnd<'_>) {
        let record = self.record.map(|record| record.bytes.freeze());
        (self.observe)(head, end, record.unwrap_or_default());
    }
}

impl fmt::Debug for BodyObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyObserver")
    }
}
