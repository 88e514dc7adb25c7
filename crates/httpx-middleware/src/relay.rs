//! Relays the body of a response through a flow that reads, observes or copies it.

use std::future::Future;
use std::pin::Pin;

use bytes::{Buf, Bytes, BytesMut};
use httpx_core::{Encoded, Error, Headers, Length, MessageBody, Options, Response, Result, SourceState};

use crate::flow::{BlockingWork, BodyEnd, BodyObserver, BodyTee};

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
pub(crate) enum Collected<B: FlowBody> {
    /// All of it.
    Complete(Response<B>, Bytes),
    /// The beginning of a body that is longer than the limit.
    TooLong(Relay<B>),
}

impl<B: FlowBody> Collecting<B> {
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
                Ok(Collected::TooLong(Relay::new(self.response, bytes)))
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

/// A body whose beginning has been read already, or that is observed or copied. Each flavour makes a `BodySource` of it, which
/// reads the rest from the response.
pub(crate) struct Relay<B: FlowBody> {
    /// Holds the rest of the body, and takes its trailers.
    pub(crate) response: Response<B>,
    /// Bytes that were read and not yet consumed.
    ready: Bytes,
    observer: Option<BodyObserver>,
    copy: Option<BodyCopy>,
    /// The work at the end of a copied body, while the async flavour waits for it.
    #[cfg_attr(not(feature = "async"), allow(dead_code))] // the blocking flavour runs it at once
    pub(crate) work: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    consumed: u64,
}

/// The copy of a body so far, which is shorter than its limit.
struct BodyCopy {
    tee: BodyTee,
    bytes: BytesMut,
}

impl<B: FlowBody> Relay<B> {
    pub(crate) fn new(response: Response<B>, ready: Bytes) -> Self {
        Relay { response, ready, observer: None, copy: None, work: None, consumed: 0 }
    }

    pub(crate) fn observed(response: Response<B>, observer: BodyObserver) -> Self {
        let mut relay = Relay::new(response, Bytes::new());
        relay.observer = Some(observer);
        relay
    }

    pub(crate) fn copied(response: Response<B>, tee: BodyTee) -> Self {
        let mut relay = Relay::new(response, Bytes::new());
        relay.copy = Some(BodyCopy { tee, bytes: BytesMut::new() });
        relay
    }

    /// Returns the bytes that are ready; none if the rest must be read.
    pub(crate) fn ready(&self) -> &[u8] {
        &self.ready
    }

    /// Takes the next chunk of the response's body. Returns the work that follows a copied body.
    pub(crate) fn push(&mut self, chunk: Result<Option<Bytes>>) -> Result<Option<BlockingWork>> {
        match chunk {
            Ok(Some(chunk)) => {
                self.copy = self.copy.take().and_then(|copy| copy.push(&chunk));
                if let Some(observer) = &mut self.observer {
                    observer.record(&chunk);
                }
                self.ready = chunk;
                Ok(None)
            }
            Ok(None) => Ok(self.finish_copy()),
            Err(error) => {
                self.copy = None;
                let bytes = self.consumed;
                self.observe(BodyEnd::Failed { bytes, error: &error });
                Err(error)
            }
        }
    }

    fn finish_copy(&mut self) -> Option<BlockingWork> {
        let BodyCopy { tee, bytes } = self.copy.take()?;
        tee.finish(bytes.freeze())
    }

    /// Returns the number of bytes that have not been read from the response, if that is known.
    fn unread(&self) -> Option<u64> {
        match self.response.body().length() {
            Length::None => Some(0),
            Length::Known(rest) => Some(rest),
            Length::Unknown => None,
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
            observer.observe_response(self.response.head(), end);
        }
    }
}

impl BodyCopy {
    /// Adds a chunk; `None` if the body is too long.
    fn push(mut self, chunk: &[u8]) -> Option<Self> {
        let len = self.bytes.len() as u64 + chunk.len() as u64;
        if len > self.tee.max_bytes() {
            return None;
        }
        self.bytes.extend_from_slice(chunk);
        Some(self)
    }
}

impl<B: FlowBody> SourceState for Relay<B> {
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
        Some(self.ready.len() as u64 + self.unread()?)
    }
}

/// A body whose last byte was read is complete, also if its reader did not look for the end.
impl<B: FlowBody> Drop for Relay<B> {
    fn drop(&mut self) {
        if self.copy.is_some() && self.unread() == Some(0) {
            self.finish_copy().into_iter().for_each(B::run_detached);
        }
        let bytes = self.consumed;
        let is_complete = self.observer.is_some() && self.remaining() == Some(0);
        self.observe(if is_complete { BodyEnd::Complete { bytes } } else { BodyEnd::Dropped { bytes } });
    }
}

/// The part of a body that depends on its flavour.
pub(crate) trait FlowBody: MessageBody {
    /// Makes a body of a relay, with the settings of the request.
    fn from_relay(relay: Relay<Self>, options: &Options) -> Self;

    /// Runs work that nobody waits for.
    fn run_detached(work: BlockingWork);
}
