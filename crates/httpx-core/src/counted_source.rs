//! [`CountedSource`]: a source of a response that reports its progress. The same for both flavours.

use std::time::Instant;

use crate::progress::{Direction, OnProgress, ProgressCounter};
use crate::{Headers, RequestSent, Result, SourceState};

/// A source that counts the bytes that are read from it.
pub(crate) struct CountedSource<S: ?Sized> {
    pub(crate) source: Box<S>,
    pub(crate) counter: ProgressCounter,
}

impl<S: SourceState + ?Sized> CountedSource<S> {
    pub(crate) fn new(source: Box<S>, function: &OnProgress) -> Self {
        let counter = ProgressCounter::start(function, Direction::Download, source.remaining());
        CountedSource { source, counter }
    }
}

impl<S: SourceState + ?Sized> SourceState for CountedSource<S> {
    fn consume(&mut self, n: usize) {
        self.source.consume(n);
        self.counter.add(n);
    }

    fn check_deadline(&mut self) -> Result<()> {
        self.source.check_deadline()
    }

    fn set_drain_deadline(&mut self, by: Instant) {
        self.source.set_drain_deadline(by);
    }

    fn is_reusable(&self) -> bool {
        self.source.is_reusable()
    }

    fn request_sent(&self) -> Option<RequestSent> {
        self.source.request_sent()
    }

    fn has_received_body(&self) -> bool {
        self.source.has_received_body()
    }

    fn finish(self: Box<Self>) -> Headers {
        self.source.finish()
    }

    fn discard(self: Box<Self>) {
        self.source.discard();
    }

    fn remaining(&self) -> Option<u64> {
        self.source.remaining()
    }
}
