use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::Body;
use crate::whole::Whole;
use crate::{Headers, Response, ResponseHead, Result};

/// A response that is being read to completion: see [`Response::read_body`].
#[must_use = "a future does nothing until it is awaited"]
pub struct ReadBody {
    /// Taken when it is done.
    head: Option<ResponseHead>,
    body: Body,
    whole: Option<Whole>,
}

impl ReadBody {
    pub(super) fn new(head: ResponseHead, body: Body) -> Self {
        ReadBody { head: Some(head), body, whole: None }
    }

    fn poll_whole(&mut self, cx: &mut Context<'_>) -> Poll<Result<(Bytes, Headers)>> {
        if let Some(bytes) = self.body.take_bytes() {
            return Poll::Ready(Ok((bytes, Headers::new())));
        }
        let whole = match &mut self.whole {
            Some(whole) => whole,
            None => self.whole.insert(self.body.whole()?),
        };
        loop {
            let n = ready!(self.body.poll_read(cx, whole.room()))?;
            if whole.filled(n)? {
                let bytes = self.whole.take().map(Whole::into_bytes).unwrap_or_default();
                return Poll::Ready(Ok((bytes.into(), self.body.take_trailers())));
            }
        }
    }
}

impl Future for ReadBody {
    type Output = Result<Response<Bytes>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let whole = ready!(self.poll_whole(cx));
        let head = self.head.take().unwrap_or_else(|| ResponseHead::new(crate::StatusCode::OK));
        Poll::Ready(Response::of_whole(head, whole))
    }
}

impl fmt::Debug for ReadBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadBody").field("body", &self.body).finish_non_exhaustive()
    }
}
