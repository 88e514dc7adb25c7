//! [`request_body`]: the body of a request for a service, with its trailers, and with a record of its progress.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use httpx_core::ahttpx::{Body, BodySource};
use httpx_core::{
    Error, ErrorKind, Headers, LENGTH_ADVICE, Length, MessageBody, Options, RequestHead, RequestSent, Result,
    SourceState,
};
use tokio::io::{AsyncRead, ReadBuf};

use crate::into_error;
use crate::request_trailers::RequestTrailers;
use crate::service_limits::UploadProgress;

/// The longest body in bytes that the service gets in one piece. It takes a longer one piece by piece, and the write timeout
/// limits the time between two pieces.
const MAX_PIECE: usize = 64 << 10;

/// The size of the buffer in bytes.
const MAX_FILL: usize = 16 << 10;

/// Returns the body for the service, and its progress.
pub(super) fn request_body(head: &RequestHead, body: Body) -> (Body, UploadProgress) {
    let trailers = head.extensions().get::<RequestTrailers>().filter(|_| body.length() != Length::None);
    if trailers.is_none() && body.as_bytes().is_some_and(|bytes| bytes.len() <= MAX_PIECE) {
        return (body, UploadProgress::new(true));
    }
    let progress = UploadProgress::new(false);
    let source = RequestSource {
        body,
        // A body with trailers is sent in chunks.
        has_length: trailers.is_none(),
        trailers: trailers.cloned(),
        sent_trailers: Headers::new(),
        buffer: Vec::new(),
        progress: progress.clone(),
    };
    let body = Body::from_source(Box::new(source), &mut Headers::new(), &Options::default());
    (body, progress)
}

struct RequestSource {
    body: Body,
    has_length: bool,
    trailers: Option<RequestTrailers>,
    /// The trailers, once the body has ended.
    sent_trailers: Headers,
    /// The bytes that `poll_fill` has read.
    buffer: Vec<u8>,
    progress: UploadProgress,
}

impl RequestSource {
    /// The body has ended.
    fn end(&mut self) -> Result<()> {
        if let Length::Known(left @ 1..) = self.body.length() {
            let message =
                format!("the body of the request is {left} bytes shorter than announced; {LENGTH_ADVICE}");
            return Err(Error::new(ErrorKind::Body, message));
        }
        if let Some(trailers) = self.trailers.take() {
            self.sent_trailers = trailers.get()?;
        }
        self.progress.took_all();
        Ok(())
    }
}

impl BodySource for RequestSource {
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8]>> {
        if self.buffer.is_empty() {
            let mut buffer = vec![0; MAX_FILL];
            let n = ready!(self.poll_read(cx, &mut buffer))?;
            buffer.truncate(n);
            self.buffer = buffer;
        }
        Poll::Ready(Ok(&self.buffer))
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        self.progress.waits_for_body();
        let mut buf = ReadBuf::new(buf);
        // `AsyncRead` returns the errors of the body's reader unchanged.
        if let Err(error) = ready!(AsyncRead::poll_read(Pin::new(&mut self.body), cx, &mut buf)) {
            if error.kind() == io::ErrorKind::Interrupted {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            return Poll::Ready(Err(into_error::upload_read_failed(error, RequestSent::Partial)));
        }
        let n = buf.filled().len();
        if n == 0 {
            self.end()?;
        } else {
            self.progress.took_piece();
        }
        Poll::Ready(Ok(n))
    }
}

impl SourceState for RequestSource {
    fn consume(&mut self, n: usize) {
        self.buffer.drain(..n.min(self.buffer.len()));
    }

    fn finish(self: Box<Self>) -> Headers {
        self.sent_trailers
    }

    fn discard(self: Box<Self>) {
        // A service that knows the length may stop before it has seen the end.
        if self.remaining() == Some(0) { self.progress.took_all() } else { self.progress.dropped() }
    }

    fn remaining(&self) -> Option<u64> {
        match self.body.length() {
            Length::None if self.has_length => Some(0),
            Length::Known(left) if self.has_length => Some(left + self.buffer.len() as u64),
            Length::None | Length::Known(_) | Length::Unknown => None,
        }
    }
}
