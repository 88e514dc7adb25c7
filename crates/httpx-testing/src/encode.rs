//! The encoders of content codings.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

/// Encodes for `Content-Encoding: gzip`.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Encodes for `Content-Encoding: deflate` (RFC 9110 §8.4.1.2: the zlib format).
pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Encodes without the zlib format, as some servers do for `Content-Encoding: deflate`.
pub fn raw_deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Encodes for `Content-Encoding: br`.
#[cfg(feature = "codings")]
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    encoder.write_all(bytes).unwrap();
    encoder.into_inner()
}

/// Encodes for `Content-Encoding: zstd`, as one frame with a checksum. It does not state its length: so do servers that
/// encode while they send.
#[cfg(feature = "codings")]
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    use zstd_safe::{CCtx, CParameter};
    let mut context = CCtx::create();
    context.set_parameter(CParameter::ChecksumFlag(true)).unwrap();
    context.set_parameter(CParameter::ContentSizeFlag(false)).unwrap();
    let mut frame = vec![0; zstd_safe::compress_bound(bytes.len())];
    let len = context.compress2(&mut frame[..], bytes).unwrap();
    frame.truncate(len);
    frame
}
