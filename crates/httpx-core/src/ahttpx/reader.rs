use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use crate::Result;
use crate::payload::copy_from;

/// What a body is read from while it is sent.
pub(super) enum Reader {
    Read(Pin<Box<dyn AsyncRead + Send>>),
    /// A stream, and the rest of its last item.
    Stream(Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>, Bytes),
}

/// The most empty items of a stream that are skipped at a stretch, before other tasks run.
const MAX_EMPTY_ITEMS: usize = 32;

impl Reader {
    pub(super) fn from_stream<E>(stream: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        Reader::Stream(Box::pin(IoErrors(Box::pin(stream))), Bytes::new())
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        match self {
            Reader::Read(reader) => {
                let mut buf = ReadBuf::new(buf);
                ready!(reader.as_mut().poll_read(cx, &mut buf))?;
                Poll::Ready(Ok(buf.filled().len()))
            }
            Reader::Stream(stream, rest) => {
                for _ in 0..MAX_EMPTY_ITEMS {
                    if !rest.is_empty() {
                        return Poll::Ready(Ok(copy_from(rest, buf)));
                    }
                    match ready!(stream.as_mut().poll_next(cx)) {
                        Some(bytes) => *rest = bytes?,
                        None => return Poll::Ready(Ok(0)),
                    }
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

/// A stream whose errors are I/O errors; an [`Error`](crate::Error) is inside of them.
struct IoErrors<S>(Pin<Box<S>>);

impl<S, E> Stream for IoErrors<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(|bytes| bytes.map_err(io::Error::other)))
    }
}
