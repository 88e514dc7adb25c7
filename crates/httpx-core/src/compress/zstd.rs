//! Compresses a body with zstd (RFC 8878), by libzstd.

use bytes::{Bytes, BytesMut};
use zstd_safe::zstd_sys::ZSTD_EndDirective::{self, ZSTD_e_continue, ZSTD_e_end};
use zstd_safe::{CCtx, CParameter, InBuffer, OutBuffer};

use crate::chunk_transform::ChunkTransform;
use crate::{Error, ErrorKind, Result};

/// The room for each step.
const ROOM: usize = 16 << 10;

/// One frame with a checksum, of the default level, whose window of 2 MiB every decoder accepts (RFC 9659). Holds about
/// 4 MiB.
pub(super) struct ZstdCompressor {
    /// Made with the first chunk.
    context: Option<CCtx<'static>>,
}

impl ZstdCompressor {
    pub(super) fn new() -> Self {
        Self { context: None }
    }

    fn run(&mut self, chunk: &[u8], end: ZSTD_EndDirective) -> Result<Bytes> {
        let context = match &mut self.context {
            Some(context) => context,
            none => none.insert(new_context().ok_or_else(failed)?),
        };
        let mut input = InBuffer::around(chunk);
        let mut compressed = BytesMut::new();
        loop {
            let len = compressed.len();
            compressed.resize(len + ROOM, 0);
            let mut output = OutBuffer::around(compressed.get_mut(len..).unwrap_or_default());
            let left = context.compress_stream2(&mut output, &mut input, end).map_err(|_| failed())?;
            let written = output.pos();
            compressed.truncate(len + written);
            let is_done = match end {
                ZSTD_e_continue => input.pos >= chunk.len() && written < ROOM,
                _ => left == 0,
            };
            if is_done {
                return Ok(compressed.freeze());
            }
        }
    }
}

fn new_context() -> Option<CCtx<'static>> {
    let mut context = CCtx::try_create()?;
    context.set_parameter(CParameter::ChecksumFlag(true)).ok()?;
    Some(context)
}

/// Not reached, unless there is no memory.
fn failed() -> Error {
    Error::new(ErrorKind::Body, "the body could not be compressed with zstd")
}

impl ChunkTransform for ZstdCompressor {
    fn chunk(&mut self, chunk: Bytes) -> Result<Bytes> {
        self.run(&chunk, ZSTD_e_continue)
    }

    fn finish(&mut self) -> Result<Bytes> {
        self.run(&[], ZSTD_e_end)
    }
}
