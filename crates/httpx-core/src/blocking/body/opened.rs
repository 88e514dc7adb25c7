//! Opens a blocking body: a reader, an iterator, a file, several bodies, or a transformed body.

use std::io::{self, Read};

use bytes::Bytes;

use super::Body;
use crate::blocking::BodySource;
use crate::body_chain::BodyChain;
use crate::chunk_source::ChunkSource;
use crate::chunk_transform::{NextPiece, TransformState};
use crate::encoded::ChunkIter;
use crate::message_body::UnopenedBody;
use crate::payload::{BodyFlavour, Payload, copy_from};

/// The types of the blocking flavour.
pub(in crate::blocking) struct Blocking;

impl BodyFlavour for Blocking {
    type Body = Body;
    type Source = dyn BodySource;
    type Reader = Box<dyn Read + Send>;
    type Chunks = Box<ChunkIter>;
    type Opening = std::convert::Infallible;

    fn from_read(reader: Box<dyn Read + Send>, length: Option<u64>) -> Payload<Self> {
        Payload::<Blocking>::reader(reader, length)
    }

    fn from_iter(chunks: Box<ChunkIter>, length: Option<u64>) -> Payload<Self> {
        Payload::<Blocking>::chunks(chunks, length)
    }

    fn opened(body: UnopenedBody<Body>, length: Option<u64>) -> Payload<Self> {
        match body {
            UnopenedBody::File(_, None) => Payload::default(),
            UnopenedBody::File(_, Some(file)) => Payload::<Blocking>::reader(Box::new(file), length),
            UnopenedBody::Chain(bodies) => {
                Payload::<Blocking>::reader(Box::new(BodyChain::new(bodies)), length)
            }
            UnopenedBody::Transformed { body, make, .. } => {
                let chunks = TransformedBody { body, state: TransformState::new(make(), length) };
                Payload::<Blocking>::chunks(Box::new(chunks), length)
            }
        }
    }
}

/// The most empty chunks that are skipped in a row before the caller can check whether the time is up.
const MAX_EMPTY_CHUNKS: usize = 32;

impl ChunkSource<Box<ChunkIter>> {
    /// Returns the next chunk that is not empty; `None` at the end.
    ///
    /// # Errors
    ///
    /// Those of the iterator, and `Interrupted` after many empty chunks.
    pub(super) fn next_chunk(&mut self) -> io::Result<Option<Bytes>> {
        if !self.rest().is_empty() {
            return Ok(Some(std::mem::take(self.rest())));
        }
        for _ in 0..MAX_EMPTY_CHUNKS {
            let Some(chunks) = self.chunks() else { return Ok(None) };
            let item = chunks.next();
            match self.check(item)? {
                Some(chunk) if chunk.is_empty() => {}
                chunk => return Ok(chunk),
            }
        }
        Err(io::ErrorKind::Interrupted.into())
    }
}

impl Read for ChunkSource<Box<ChunkIter>> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(mut chunk) = self.next_chunk()? {
            let n = copy_from(&mut chunk, buf);
            *self.rest() = chunk;
            return Ok(n);
        }
        Ok(0)
    }
}

impl Read for BodyChain<Body> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while let Some(body) = self.current() {
            match body.read(buf)? {
                0 if !buf.is_empty() => self.advance()?,
                n => return Ok(n),
            }
        }
        Ok(0)
    }
}

/// A body whose chunks go through a transform.
struct TransformedBody {
    body: Body,
    state: TransformState,
}

impl Iterator for TransformedBody {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<io::Result<Bytes>> {
        let chunk = match self.state.next() {
            Ok(NextPiece::Piece(piece)) => return Some(Ok(piece)),
            Ok(NextPiece::End) => return None,
            Ok(NextPiece::NeedsChunk) => self.body.try_chunk(),
            Err(error) => Err(error.into()),
        };
        // An empty chunk is skipped by the caller, which asks again.
        Some(chunk.and_then(|chunk| self.state.push(chunk).map_err(io::Error::from)))
    }
}
