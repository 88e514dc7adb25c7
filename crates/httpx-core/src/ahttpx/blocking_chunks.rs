//! [`BlockingChunks`]: a blocking reader as a stream of chunks, read on tokio's threads for blocking work.

use std::future::Future;
use std::io::{self, Read};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::task::JoinHandle;

use super::current_runtime;
use crate::payload::check_room;

/// The largest chunk in bytes. To change the thread costs about as much as to copy this number of bytes.
const CHUNK: usize = 256 << 10;

/// A blocking reader as a stream of chunks.
pub(super) enum BlockingChunks<R> {
    Idle(R),
    Reading(JoinHandle<(R, io::Result<Bytes>)>),
    Ended,
}

impl<R: Read + Send + Unpin + 'static> BlockingChunks<R> {
    pub(super) fn new(reader: R) -> Self {
        BlockingChunks::Idle(reader)
    }
}

impl<R: Read + Send + Unpin + 'static> Stream for BlockingChunks<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let BlockingChunks::Idle(_) = *self
            && let BlockingChunks::Idle(reader) = mem::replace(&mut *self, BlockingChunks::Ended)
        {
            let runtime = current_runtime()?;
            *self = BlockingChunks::Reading(runtime.spawn_blocking(move || read_chunk(reader)));
        }
        let BlockingChunks::Reading(task) = &mut *self else { return Poll::Ready(None) };
        let (reader, chunk) = match ready!(Pin::new(task).poll(cx)) {
            Ok(read) => read,
            Err(error) => {
                *self = BlockingChunks::Ended;
                return Poll::Ready(Some(Err(io::Error::other(error))));
            }
        };
        let ended = !matches!(&chunk, Ok(bytes) if !bytes.is_empty());
        *self = if ended { BlockingChunks::Ended } else { BlockingChunks::Idle(reader) };
        Poll::Ready(match chunk {
            Ok(bytes) if bytes.is_empty() => None,
            chunk => Some(chunk),
        })
    }
}

/// Reads once, at most one chunk. An empty chunk is the end.
fn read_chunk<R: Read>(mut reader: R) -> (R, io::Result<Bytes>) {
    let mut chunk = vec![0; CHUNK];
    let n = loop {
        match reader.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(n) => match check_room(n, CHUNK) {
                Ok(()) => break n,
                Err(error) => return (reader, Err(error)),
            },
            Err(error) => return (reader, Err(error)),
        }
    };
    chunk.truncate(n);
    if n < CHUNK / 2 {
        chunk.shrink_to_fit();
    }
    (reader, Ok(chunk.into()))
}
