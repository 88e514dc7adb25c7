//! [`ResponseSource`]: the body of a service's response, as the source of a body of this library.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use httpx_core::ahttpx::BodySource;
use httpx_core::{Error, ErrorKind, Headers, RequestHead, Result, SourceState, Timeout};

use super::{BoxError, service_error};
use crate::ahttpx::timer::Timer;
use crate::into_error::timeout;
use crate::service_limits::{after, earlier};

/// The most frames without data that are skipped in a row before other tasks run.
const MAX_EMPTY_FRAMES: usize = 32;

pub(super) struct ResponseSource<B> {
    /// `None` after the end.
    body: Option<Pin<Box<B>>>,
    /// The rest of the last frame.
    chunk: Bytes,
    /// The number of bytes that have not been received, if the body has an exact size.
    left: Option<u64>,
    trailers: Headers,
    timer: Timer,
    read: Option<Duration>,
    /// The deadline of the call, and of draining.
    by: Option<Instant>,
    total: Option<Duration>,
}

impl<B: http_body::Body> ResponseSource<B> {
    pub(super) fn new(body: B, request: &RequestHead, mut timer: Timer) -> Self {
        timer.reset();
        let timeouts = request.options().timeouts;
        ResponseSource {
            left: body.size_hint().exact(),
            body: Some(Box::pin(body)),
            chunk: Bytes::new(),
            trailers: Headers::new(),
            timer,
            read: timeouts.read,
            by: request.deadline(),
            total: timeouts.total,
        }
    }

    /// Makes the data of a frame the next chunk.
    fn take_data(&mut self, mut data: B::Data) -> Result<()> {
        let n = data.remaining() as u64;
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(n).ok_or_else(|| {
                Error::new(
                    ErrorKind::Protocol,
                    "the tower service returned a body longer than its exact size",
                )
            })?;
        }
        // Does not copy if the data is one `Bytes`.
        self.chunk = data.copy_to_bytes(data.remaining());
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.body = None;
        match self.left {
            Some(left @ 1..) => {
                let message =
                    format!("the body of the tower service's response ended {left} bytes too early");
                Err(Error::new(ErrorKind::Incomplete, message))
            }
            _ => Ok(()),
        }
    }

    /// The error of a wait that has lasted too long.
    fn late(&self) -> Error {
        let what = "no more of the tower service's response came";
        let late = || timeout::exceeded(Timeout::Read, self.read, what);
        self.check_total().err().unwrap_or_else(late)
    }

    fn check_total(&self) -> Result<()> {
        let is_over = self.by.is_some_and(|by| by <= Instant::now());
        if is_over { Err(timeout::total(self.total)) } else { Ok(()) }
    }
}

impl<B> ResponseSource<B>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    /// Waits until the chunk has bytes, or the body has ended.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        for _ in 0..MAX_EMPTY_FRAMES {
            let Some(body) = self.body.as_mut().filter(|_| self.chunk.is_empty()) else {
                return Poll::Ready(Ok(()));
            };
            let frame = body.as_mut().poll_frame(cx);
            let (by, read) = (self.by, self.read);
            let left = |now| Ok(earlier(by, after(now, read)).map(|due| due.saturating_duration_since(now)));
            let Some(frame) = ready!(self.timer.poll_bound(cx, frame, left))? else {
                return Poll::Ready(Err(self.late()));
            };
            // The total timeout also ends a body that always has a frame.
            self.check_total()?;
            let Some(frame) = frame else { return Poll::Ready(self.end()) };
            let message = "the body of the tower service's response could not be read";
            match frame.map_err(|error| service_error(error.into(), message))?.into_data() {
                Ok(data) => self.take_data(data)?,
                Err(frame) => {
                    if let Ok(trailers) = frame.into_trailers() {
                        self.trailers = trailers.try_into()?;
                    }
                }
            }
        }
        if self.chunk.is_empty() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }
}

impl<B> BodySource for ResponseSource<B>
where
    B: http_body::Body + Send,
    B::Error: Into<BoxError>,
{
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8]>> {
        ready!(self.poll_chunk(cx))?;
        Poll::Ready(Ok(&self.chunk))
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        ready!(self.poll_chunk(cx))?;
        let n = self.chunk.len().min(buf.len());
        buf[..n].copy_from_slice(&self.chunk[..n]);
        self.chunk.advance(n);
        Poll::Ready(Ok(n))
    }
}

impl<B: http_body::Body + Send> SourceState for ResponseSource<B> {
    fn consume(&mut self, n: usize) {
        self.chunk.advance(n.min(self.chunk.len()));
    }

    fn check_deadline(&mut self) -> Result<()> {
        self.check_total()
    }

    fn set_drain_deadline(&mut self, by: Instant) {
        self.by = earlier(self.by, Some(by));
        self.timer.reset();
    }

    fn finish(self: Box<Self>) -> Headers {
        self.trailers
    }

    fn discard(self: Box<Self>) {}

    fn remaining(&self) -> Option<u64> {
        match self.body {
            Some(_) => self.left.map(|left| left.saturating_add(self.chunk.len() as u64)),
            None => Some(self.chunk.len() as u64),
        }
    }
}
