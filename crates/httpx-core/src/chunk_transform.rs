//! [`ChunkTransform`]: changes or counts the chunks of a body while it is sent, without I/O.

use bytes::Bytes;

use crate::Result;

/// Changes the chunks of a body while it is sent: compresses them, for example.
pub trait ChunkTransform: Send {
    /// Called before the first chunk, with the length of the body that is sent, if it is known. Defaults to nothing.
    fn start(&mut self, _length: Option<u64>) {}

    /// Takes the next chunk, and returns the bytes to send for it, if there are any yet.
    ///
    /// # Errors
    ///
    /// If the chunk cannot be transformed. The body then fails.
    fn chunk(&mut self, chunk: Bytes) -> Result<Bytes>;

    /// Returns the bytes to send after the last chunk.
    ///
    /// # Errors
    ///
    /// As [`chunk`](ChunkTransform::chunk).
    fn finish(&mut self) -> Result<Bytes> {
        Ok(Bytes::new())
    }
}

/// Makes a transform for each time that the body is sent.
pub(crate) type MakeTransform = dyn Fn() -> Box<dyn ChunkTransform> + Send + Sync;

/// The most bytes of a chunk that are transformed at once. It bounds the work of one call and the step of a progress bar.
const PIECE: usize = 64 << 10;

/// The state of a transform while one body is sent.
pub(crate) struct TransformState {
    transform: Box<dyn ChunkTransform>,
    /// The rest of the last chunk.
    rest: Bytes,
    finished: bool,
}

/// The next step of a transformed body.
pub(crate) enum NextPiece {
    /// Send these bytes, if there are any.
    Piece(Bytes),
    /// Read the next chunk of the inner body, then call [`TransformState::push`].
    NeedsChunk,
    End,
}

impl TransformState {
    pub(crate) fn new(mut transform: Box<dyn ChunkTransform>, length: Option<u64>) -> Self {
        transform.start(length);
        TransformState { transform, rest: Bytes::new(), finished: false }
    }

    /// Returns the next piece, perhaps an empty one, or the step that leads to it.
    pub(crate) fn next(&mut self) -> Result<NextPiece> {
        if !self.rest.is_empty() {
            let piece = self.rest.split_to(self.rest.len().min(PIECE));
            return self.transform.chunk(piece).map(NextPiece::Piece);
        }
        Ok(if self.finished { NextPiece::End } else { NextPiece::NeedsChunk })
    }

    /// Takes the next chunk of the inner body; `None` is its end. Returns bytes to send, perhaps none.
    pub(crate) fn push(&mut self, chunk: Option<Bytes>) -> Result<Bytes> {
        match chunk {
            Some(chunk) => {
                self.rest = chunk;
                Ok(Bytes::new())
            }
            None => {
                self.finished = true;
                self.transform.finish()
            }
        }
    }
}
