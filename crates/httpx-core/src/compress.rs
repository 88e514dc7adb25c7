//! Compresses the bodies of requests while they are sent, without I/O.

#[cfg(feature = "gzip")]
mod gzip;
#[cfg(test)]
#[cfg(all(feature = "gzip", feature = "zstd"))]
mod tests;
#[cfg(feature = "zstd")]
mod zstd;

use crate::chunk_transform::ChunkTransform;
use crate::decode::Coding;
use crate::message_body::transformed;
use crate::{Encoded, Error, ErrorKind, Length, MessageBody, Result};

/// The most bytes in memory that are compressed at once, so that their length is known: this takes about 2 ms.
const AT_ONCE: usize = 128 << 10;

/// Makes a body that is compressed while it is sent. A body of at most 128 KiB of bytes is compressed at once. An empty body
/// is returned unchanged. For the builders of requests.
///
/// # Errors
///
/// If there is no encoder of this coding.
#[doc(hidden)]
pub fn compress<B: MessageBody>(body: B, coding: Coding) -> Result<B> {
    let compressor = compressor(coding)?;
    if body.length() == Length::None {
        return Ok(body);
    }
    match body.as_bytes() {
        Some(bytes) if bytes.len() <= AT_ONCE => {
            let mut compressor = compressor();
            let mut compressed = Encoded::from(compressor.chunk(bytes.clone())?);
            compressed.append(compressor.finish()?);
            Ok(compressed.into())
        }
        _ => Ok(transformed(body, false, compressor)),
    }
}

fn compressor(coding: Coding) -> Result<fn() -> Box<dyn ChunkTransform>> {
    match coding {
        #[cfg(feature = "gzip")]
        Coding::Gzip => Ok(|| Box::new(gzip::GzipCompressor::new())),
        #[cfg(feature = "zstd")]
        Coding::Zstd => Ok(|| Box::new(zstd::ZstdCompressor::new())),
        #[allow(unreachable_patterns)] // without the features of other codings
        other => {
            let name = other.as_str();
            let message = format!(
                "compress() cannot encode {name}; use Coding::Gzip, or Coding::Zstd with the feature zstd"
            );
            Err(Error::new(ErrorKind::Config, message))
        }
    }
}
