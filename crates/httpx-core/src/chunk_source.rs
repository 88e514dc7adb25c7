//! [`ChunkSource`]: a body that is made of `Bytes`, from an iterator or a stream. The same for both flavours.

use std::io;

use bytes::Bytes;

use crate::exclusive::Exclusive;
use crate::length::LENGTH_ADVICE;
use crate::{Error, ErrorKind};

/// The chunks of a body, with the rest of a chunk that was read in part. `C` is an iterator or a stream.
pub(crate) struct ChunkSource<C> {
    chunks: Exclusive<C>,
    rest: Bytes,
    /// The number of bytes that are still to come after `rest`, if it is known.
    left: Option<u64>,
    /// The iterator or stream has ended, and is not asked again.
    ended: bool,
}

impl<C> ChunkSource<C> {
    pub(crate) fn new(chunks: C, length: Option<u64>) -> Self {
        ChunkSource { chunks: Exclusive::new(chunks), rest: Bytes::new(), left: length, ended: false }
    }

    /// The number of bytes that are still to come, if it is known.
    pub(crate) fn left(&self) -> Option<u64> {
        self.left.map(|left| left.saturating_add(self.rest.len() as u64))
    }

    /// The iterator or stream, unless it has ended.
    pub(crate) fn chunks(&mut self) -> Option<&mut C> {
        (!self.ended).then(|| self.chunks.get_mut())
    }

    /// The rest of a chunk that was read in part.
    pub(crate) fn rest(&mut self) -> &mut Bytes {
        &mut self.rest
    }

    /// Checks an item of the iterator or stream; `None` is its end.
    ///
    /// # Errors
    ///
    /// If the item is an error, or if the body is longer than announced.
    pub(crate) fn check(&mut self, item: Option<io::Result<Bytes>>) -> io::Result<Option<Bytes>> {
        let Some(chunk) = item.transpose()? else {
            self.ended = true;
            return Ok(None);
        };
        if let Some(left) = self.left {
            self.left = Some(left.checked_sub(chunk.len() as u64).ok_or_else(too_long)?);
        }
        Ok(Some(chunk))
    }
}

/// The error of a body that has more bytes than announced.
pub(crate) fn too_long() -> io::Error {
    let message = format!("the body of the request is longer than announced; {LENGTH_ADVICE}");
    Error::new(ErrorKind::Body, message).into()
}
