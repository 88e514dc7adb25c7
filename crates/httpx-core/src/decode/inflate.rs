//! Decompresses DEFLATE with `flate2`, for gzip and deflate.

use flate2::{Decompress, FlushDecompress, Status};

use super::DecodeError;
use super::cursor::Cursor;

/// The reason why [`inflate`] has stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Inflated {
    /// The stream has ended. Unread input follows after it.
    End,
    /// The output is full.
    Full,
    /// All input was taken, and all its output was written.
    NeedsInput,
}

/// Inflates until there is no input or no room for output. Passes the output to `see`.
pub(super) fn inflate(
    stream: &mut Decompress,
    cursor: &mut Cursor<'_>,
    mut see: impl FnMut(&[u8]),
) -> Result<Inflated, DecodeError> {
    if cursor.is_full() {
        // Without room zlib may still read input, or not, depending on where the input was cut.
        return Ok(Inflated::Full);
    }
    let (before_in, before_out) = (stream.total_in(), stream.total_out());
    let (input, output) = cursor.both();
    let outcome = stream.decompress(input, output, FlushDecompress::None);
    // Both are bounded by the lengths of slices. They count even after a failure.
    let read = (stream.total_in() - before_in) as usize;
    let written = (stream.total_out() - before_out) as usize;
    see(cursor.advance(read, written));
    match outcome {
        Ok(Status::StreamEnd) => Ok(Inflated::End),
        Ok(Status::Ok | Status::BufError) if cursor.is_full() => Ok(Inflated::Full),
        Ok(Status::Ok | Status::BufError) if cursor.unread().is_empty() => Ok(Inflated::NeedsInput),
        // It stopped with room and input left. It never does, and would keep the caller in a loop.
        Ok(Status::Ok | Status::BufError) => Err(DecodeError::Corrupt),
        Err(error) => Err(match error.message() {
            Some("incorrect data check") => DecodeError::BadChecksum,
            _ => DecodeError::Corrupt,
        }),
    }
}
