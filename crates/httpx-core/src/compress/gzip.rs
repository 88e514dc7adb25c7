//! Compresses a body with gzip (RFC 1952).

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::chunk_transform::ChunkTransform;
use crate::{Error, ErrorKind, Result};

/// One member. Holds about 300 KiB.
pub(super) struct GzipCompressor(GzEncoder<Vec<u8>>);

impl GzipCompressor {
    pub(super) fn new() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::default()))
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(self.0.get_mut()).into()
    }
}

impl ChunkTransform for GzipCompressor {
    fn chunk(&mut self, chunk: Bytes) -> Result<Bytes> {
        self.0.write_all(&chunk).map_err(failed)?;
        Ok(self.take())
    }

    fn finish(&mut self) -> Result<Bytes> {
        self.0.try_finish().map_err(failed)?;
        Ok(self.take())
    }
}

/// Not reached: a vector takes all bytes.
fn failed(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Body, "the body could not be compressed with gzip").with_source(error)
}
