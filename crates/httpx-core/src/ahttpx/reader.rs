//! Makes a body from an async reader or from a stream.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use crate::Result;
use crate::payload::copy_from;

/// A reader that a body is read from while it is sent.
pub(super) type Reader = Pin<Box<dyn AsyncRead + Send>>;

pub(super) fn poll_read(
    reader: &mut Reader,
    cx: &mut Context<'_>,
    buf: &mut [u8],
) -> Poll<io::Result<usize>> {
    let mut buf = ReadBuf::new(buf);
    ready!(reader.as_mut().poll_read(cx, &mut buf))?;
    Poll::Ready(Ok(buf.filled().len()))
}

/// Makes a reader of a stream.
pub(super) fn from_stream<E>(stream: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Reader
where
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    Box::pin(StreamReader { stream: Box::pin(stream), rest: Bytes::new() })
}

/// The most empty items of a stream that are skipped at a stretch, before other tasks run.
const MAX_EMPTY_ITEMS: usize = 32;

struct StreamReader<S> {
    stream: Pin<Box<S>>,
    /// The rest of the last item.
    rest: Bytes,
}

/// The errors of the stream become I/O errors; an [`Error`](crate::Error) is inside of them.
impl<S, E> AsyncRead for StreamReader<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        for _ in 0..MAX_EMPTY_ITEMS {
            if !self.rest.is_empty() {
                let n = copy_from(&mut self.rest, buf.initialize_unfilled());
                buf.advance(n);
                return Poll::Ready(Ok(()));
            }
            match ready!(self.stream.as_mut().poll_next(cx)) {
                Some(bytes) => self.rest = bytes.map_err(io::Error::other)?,
                None => return Poll::Ready(Ok(())),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
