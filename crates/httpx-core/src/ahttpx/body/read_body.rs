//! The future that collects the body of a response.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::Body;
use crate::collect::{self, BodyCollector, Collected};
use crate::message_body::sealed;
use crate::payload::Collecting;
use crate::{Error, ErrorKind, Response, ResponseHead, Result};

/// The future of [`Response::read_body`]: reads the response's body to its end.
#[must_use = "a future does nothing until it is awaited"]
pub struct ReadBody {
    /// Taken when the body has been read.
    head: Option<ResponseHead>,
    collect: Collect,
}

impl ReadBody {
    pub(super) fn new(head: ResponseHead, body: Body) -> Self {
        let collect = Collect::new(body, collect::max_body_bytes(&head));
        ReadBody { head: Some(head), collect }
    }
}

impl Future for ReadBody {
    type Output = Result<Response<Bytes>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.head.is_some() {
            let collected = ready!(self.collect.poll(cx));
            if let Some(head) = self.head.take() {
                return Poll::Ready(Response::from_collected(head, collected));
            }
        }
        Poll::Ready(Err(Error::new(ErrorKind::Other, "this future has already returned the response")))
    }
}

impl fmt::Debug for ReadBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadBody").field("body", &self.collect.body).finish_non_exhaustive()
    }
}

/// Reads a body to its end.
pub(super) struct Collect {
    body: Body,
    max_bytes: Option<u64>,
    /// Made at the first poll.
    collector: Option<BodyCollector>,
}

impl Collect {
    pub(super) fn new(body: Body, max_bytes: Option<u64>) -> Self {
        Collect { body, max_bytes, collector: None }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Collected>> {
        let collector = match &mut self.collector {
            Some(collector) => collector,
            None => match self.body.start_collecting(self.max_bytes)? {
                Collecting::Done(collected) => return Poll::Ready(Ok(collected)),
                Collecting::Reading(collector) => self.collector.insert(collector),
            },
        };
        loop {
            let n = ready!(self.body.poll_read(cx, collector.spare_mut()))?;
            if collector.filled(n)? {
                let bytes = self.collector.take().map(BodyCollector::into_bytes).unwrap_or_default();
                return Poll::Ready(Ok(Collected { bytes, end: sealed::Sealed::take_end(&mut self.body) }));
            }
        }
    }
}
