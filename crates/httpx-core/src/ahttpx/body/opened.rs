//! Opens an async body: a reader, a stream, a file, several bodies, or a transformed body.

use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use super::Body;
use crate::ahttpx::blocking_chunks::BlockingChunks;
use crate::ahttpx::{BodySource, current_runtime};
use crate::body_chain::BodyChain;
use crate::chunk_source::ChunkSource;
use crate::chunk_transform::{NextPiece, TransformState};
use crate::encoded::ChunkIter;
use crate::exclusive::Exclusive;
use crate::message_body::UnopenedBody;
use crate::payload::{BodyFlavour, Payload, copy_from};
use crate::{Error, ErrorKind, Result};

/// The types of the async flavour.
pub(in crate::ahttpx) struct Async;

/// A reader that a body is read from while it is sent.
pub(super) type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// A stream of the chunks of a body.
pub(super) type ChunkStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// A wait for files to be opened.
type Opening = Pin<Box<dyn Future<Output = Result<Box<UnopenedBody<Body>>>> + Send>>;

impl BodyFlavour for Async {
    type Body = Body;
    type Source = dyn BodySource;
    type Reader = Reader;
    type Chunks = ChunkStream;
    type Opening = Opening;

    fn from_read(reader: Box<dyn Read + Send>, length: Option<u64>) -> Payload<Self> {
        Payload::<Async>::chunks(Box::pin(BlockingChunks::new(reader)), length)
    }

    fn from_iter(chunks: Box<ChunkIter>, length: Option<u64>) -> Payload<Self> {
        Payload::<Async>::chunks(Box::pin(IterStream(chunks)), length)
    }

    fn opened(body: UnopenedBody<Body>, length: Option<u64>) -> Payload<Self> {
        let chunks: ChunkStream = match body {
            UnopenedBody::File(_, None) => return Payload::default(),
            UnopenedBody::File(_, Some(file)) => Box::pin(BlockingChunks::new(file)),
            UnopenedBody::Chain(bodies) => Box::pin(BodyChain::new(bodies)),
            UnopenedBody::Transformed { body, make, .. } => {
                Box::pin(TransformedBody { body, state: TransformState::new(make(), length) })
            }
        };
        Payload::<Async>::chunks(chunks, length)
    }
}

/// Opens the files of a body on a thread for blocking work. A body without files is open at once.
pub(super) fn open(mut body: Box<UnopenedBody<Body>>) -> Payload<Async> {
    if !body.has_files() {
        return Payload::of_opened(*body);
    }
    let opening: Opening = Box::pin(async move {
        let task = current_runtime()?.spawn_blocking(move || body.open_files().map(|()| body));
        task.await.unwrap_or_else(|error| {
            Err(Error::new(ErrorKind::Body, "the files of the body could not be opened").with_source(error))
        })
    });
    Payload::Opening(Exclusive::new(opening))
}

/// Reads from a reader.
pub(super) fn poll_read(
    reader: &mut Reader,
    cx: &mut Context<'_>,
    buf: &mut [u8],
) -> Poll<io::Result<usize>> {
    let mut buf = ReadBuf::new(buf);
    ready!(reader.as_mut().poll_read(cx, &mut buf))?;
    Poll::Ready(Ok(buf.filled().len()))
}

/// Converts the errors of a stream into I/O errors. An [`Error`] of this library becomes their source.
pub(super) fn io_stream<E>(stream: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> ChunkStream
where
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    Box::pin(IoErrors(Box::pin(stream)))
}

/// The most empty chunks that are skipped in a row before other tasks run.
const MAX_EMPTY_CHUNKS: usize = 32;

impl ChunkSource<ChunkStream> {
    /// Returns the next chunk that is not empty; `None` at the end.
    pub(super) fn poll_next_chunk(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if !self.rest().is_empty() {
            return Poll::Ready(Ok(Some(std::mem::take(self.rest()))));
        }
        for _ in 0..MAX_EMPTY_CHUNKS {
            let Some(chunks) = self.chunks() else { return Poll::Ready(Ok(None)) };
            let item = ready!(chunks.as_mut().poll_next(cx));
            match self.check(item)? {
                Some(chunk) if chunk.is_empty() => {}
                chunk => return Poll::Ready(Ok(chunk)),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut n = 0;
        if let Some(mut chunk) = ready!(self.poll_next_chunk(cx))? {
            n = copy_from(&mut chunk, buf);
            *self.rest() = chunk;
        }
        Poll::Ready(Ok(n))
    }
}

struct IoErrors<S>(Pin<Box<S>>);

impl<S, E> Stream for IoErrors<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(|chunk| chunk.map_err(io::Error::other)))
    }
}

/// An iterator that does not block.
struct IterStream(Box<ChunkIter>);

impl Stream for IterStream {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        Poll::Ready(self.0.next())
    }
}

impl Stream for BodyChain<Body> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        while let Some(body) = self.current() {
            match ready!(body.poll_chunk(cx)) {
                Ok(None) => self.advance()?,
                chunk => return Poll::Ready(chunk.map_err(io::Error::from).transpose()),
            }
        }
        Poll::Ready(None)
    }
}

/// A body whose chunks go through a transform.
struct TransformedBody {
    body: Body,
    state: TransformState,
}

impl Stream for TransformedBody {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let chunk = match self.state.next() {
            Ok(NextPiece::Piece(piece)) => return Poll::Ready(Some(Ok(piece))),
            Ok(NextPiece::End) => return Poll::Ready(None),
            Ok(NextPiece::NeedsChunk) => ready!(self.body.poll_chunk(cx)),
            Err(error) => Err(error),
        };
        // An empty chunk is skipped by the caller, which asks again.
        let piece = chunk.and_then(|chunk| self.state.push(chunk));
        Poll::Ready(Some(piece.map_err(io::Error::from)))
    }
}
