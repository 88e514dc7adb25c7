use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::Body;
use crate::collect::BodyCollector;
use crate::{Headers, Response, ResponseHead, Result};

/// A response that is being read to completion: see [`Response::read_body`].
#[must_use = "a future does nothing until it is awaited"]
pub struct ReadBody {
    /// Taken when it is done.
    head: Option<ResponseHead>,
    body: Body,
    collector: Option<BodyCollector>,
}

impl ReadBody {
    pub(super) fn new(head: ResponseHead, body: Body) -> Self {
        ReadBody { head: Some(head), body, collector: None }
    }

    fn poll_collect(&mut self, cx: &mut Context<'_>) -> Poll<Result<(Bytes, Headers)>> {
        if let Some(bytes) = self.body.take_bytes() {
            return Poll::Ready(Ok((bytes, Headers::new())));
        }
        let collector = match &mut self.collector {
            Some(collector) => collector,
            None => self.collector.insert(self.body.collector()?),
        };
        loop {
            let n = ready!(self.body.poll_read(cx, collector.spare_mut()))?;
            if collector.filled(n)? {
                let bytes = self.collector.take().map(BodyCollector::into_bytes).unwrap_or_default();
                return Poll::Ready(Ok((bytes.into(), self.body.take_trailers())));
            }
        }
    }
}

impl Future for ReadBody {
    type Output = Result<Response<Bytes>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let collected = ready!(self.poll_collect(cx));
        let head = self.head.take().unwrap_or_else(|| ResponseHead::new(crate::StatusCode::OK));
        Poll::Ready(Response::from_collected(head, collected))
    }
}

impl fmt::Debug for ReadBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadBody").field("body", &self.body).finish_non_exhaustive()
    }
}
