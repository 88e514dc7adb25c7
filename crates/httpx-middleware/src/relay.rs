//! Relays the body of a response through a flow that reads or observes it.

use bytes::{Buf, Bytes, BytesMut};
use httpx_core::{Encoded, Error, Headers, Length, MessageBody, Options, Response, Result, SourceState};

use crate::flow::{BodyEnd, BodyObserver};

/// A body that is read into memory, up to a limit.
pub(crate) struct Collecting<B> {
    pub(crate) response: Response<B>,
    bytes: BytesMut,
    max_bytes: u64,
    end: CollectingEnd,
}

enum CollectingEnd {
    /// There is more to read.
    Open,
    Complete,
    TooLong,
    Failed(Error),
}

/// A response whose body was read into memory, or not to its end.
pub(crate) enum Collected<B: MessageBody> {
    /// All of it.
    Complete(Response<B>, Bytes),
    /// The beginning of a body that is longer than the limit.
    TooLong(Relay<B>),
}

impl<B: MessageBody> Collecting<B> {
    pub(crate) fn new(response: Response<B>, max_bytes: u64) -> Self {
        Collecting { response, bytes: BytesMut::new(), max_bytes, end: CollectingEnd::Open }
    }

    /// Takes the next chunk of the response's body; returns whether to read another one.
    pub(crate) fn push(&mut self, chunk: Result<Option<Bytes>>) -> bool {
        match chunk {
            Ok(Some(chunk)) => {
                self.bytes.extend_from_slice(&chunk);
                if self.bytes.len() as u64 > self.max_bytes {
                    self.end = CollectingEnd::TooLong;
                }
            }
            Ok(None) => self.end = CollectingEnd::Complete,
            Err(error) => self.end = CollectingEnd::Failed(error),
        }
        matches!(self.end, CollectingEnd::Open)
    }

    /// Returns the body.
    ///
    /// # Errors
    ///
    /// If reading it has failed.
    pub(crate) fn finish(self) -> Result<Collected<B>> {
        let bytes = self.bytes.freeze();
        match self.end {
            CollectingEnd::Failed(error) => Err(error),
            CollectingEnd::Open | CollectingEnd::TooLong => {
                Ok(Collected::TooLong(Relay::new(self.response, bytes, None)))
            }
            CollectingEnd::Complete => {
                let (head, _) = self.response.into_parts();
                Ok(Collected::Complete(Response::from_parts(head, body_of(bytes.clone())), bytes))
            }
        }
    }
}

/// Makes a body of these bytes.
pub(crate) fn body_of<B: MessageBody>(bytes: Bytes) -> B {
    B::from(Encoded::from(bytes))
}

/// A body whose beginning has been read already, or that is observed. Each flavour makes a `BodySource` of it, which
/// reads the rest from the response.
pub(crate) struct Relay<B: MessageBody> {
    /// Holds the rest of the body, and takes its trailers.
    pub(crate) response: Response<B>,
    /// Bytes that were read and not yet consumed.
    ready: Bytes,
    observer: Option<BodyObserver>,
    consumed: u64,
}

impl<B: MessageBody> Relay<B> {
    pub(crate) fn new(response: Response<B>, ready: Bytes, observer: Option<BodyObserver>) -> Self {
        Relay { response, ready, observer, consumed: 0 }
    }

    /// Returns the bytes that are ready; none if the rest must be read.
    pub(crate) fn ready(&self) -> &[u8] {
        &self.ready
    }

    /// Takes the next chunk of the response's body.
    pub(crate) fn push(&mut self, chunk: Result<Option<Bytes>>) -> Result<()> {
        match chunk {
            Ok(chunk) => {
                self.ready = chunk.unwrap_or_default();
                Ok(())
            }
            Err(error) => {
                let bytes = self.consumed;
                self.observe(BodyEnd::Failed { bytes, error: &error });
                Err(error)
            }
        }
    }

    /// Copies bytes that are ready into `buf`; returns their number.
    pub(crate) fn copy_to(&mut self, buf: &mut [u8]) -> usize {
        let n = self.ready.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), self.ready.get(..n)) {
            to.copy_from_slice(from);
        }
        self.consume(n);
        n
    }

    fn observe(&mut self, end: BodyEnd<'_>) {
        if let Some(observer) = self.observer.take() {
            observer.observe(end);
        }
    }
}

impl<B: MessageBody> SourceState for Relay<B> {
    fn consume(&mut self, n: usize) {
        self.ready.advance(n.min(self.ready.len()));
        self.consumed += n as u64;
    }

    /// Draining through a relay would ignore the drain deadline. Dropping it drops the response, which gives its
    /// connection back if the rest of its body is there.
    fn is_reusable(&self) -> bool {
        false
    }

    fn has_received_body(&self) -> bool {
        self.response.head().timings().is_some_and(|timings| timings.body.is_some())
    }

    fn finish(mut self: Box<Self>) -> Headers {
        let bytes = self.consumed;
        self.observe(BodyEnd::Complete { bytes });
        self.response.head().trailers().clone()
    }

    fn discard(self: Box<Self>) {}

    fn remaining(&self) -> Option<u64> {
        let rest = match self.response.body().length() {
            Length::None => 0,
            Length::Known(rest) => rest,
            Length::Unknown => return None,
        };
        Some(self.ready.len() as u64 + rest)
    }
}

/// A body whose last byte was read is complete, also if its reader did not look for the end.
impl<B: MessageBody> Drop for Relay<B> {
    fn drop(&mut self) {
        let bytes = self.consumed;
        let is_complete = self.observer.is_some() && self.remaining() == Some(0);
        self.observe(if is_complete { BodyEnd::Complete { bytes } } else { BodyEnd::Dropped { bytes } });
    }
}

/// The part of a body that depends on its flavour.
pub(crate) trait FlowBody: MessageBody {
    /// Makes a body of a relay, with the settings of the request.
    fn from_relay(relay: Relay<Self>, options: &Options) -> Self;
}
