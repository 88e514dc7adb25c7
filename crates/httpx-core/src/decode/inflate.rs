//! What gzip and deflate share: a raw or zlib stream through `flate2`.

use flate2::{Decompress, FlushDecompress, Status};

use super::DecodeError;
use super::cursor::Cursor;

/// Why [`inflate`] has stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Inflated {
    /// The stream has ended; what is unread lies behind it.
    End,
    /// The output is full.
    Full,
    /// The input is used up, and all that it gives is in the output.
    NeedsInput,
}

/// Inflates until there is nothing to read or no room to write, showing what comes out to `see`.
pub(super) fn inflate(
    stream: &mut Decompress,
    cursor: &mut Cursor<'_>,
    mut see: impl FnMut(&[u8]),
) -> Result<Inflated, DecodeError> {
    if cursor.is_full() {
        // With no room zlib may still read; whether it does depends on where the input was cut.
        return Ok(Inflated::Full);
    }
    let (before_in, before_out) = (stream.total_in(), stream.total_out());
    let (input, output) = cursor.both();
    let outcome = stream.decompress(input, output, FlushDecompress::None);
    // Both are bounded by the lengths of slices. They count when it has failed, too.
    let read = (stream.total_in() - before_in) as usize;
    let written = (stream.total_out() - before_out) as usize;
    see(cursor.advance(read, written));
    match outcome {
        Ok(Status::StreamEnd) => Ok(Inflated::End),
        Ok(Status::Ok | Status::BufError) if cursor.is_full() => Ok(Inflated::Full),
        Ok(Status::Ok | Status::BufError) if cursor.unread().is_empty() => Ok(Inflated::NeedsInput),
        // Room and input, and it has stopped: it never does, and must not keep a caller in a loop if it ever did.
        Ok(Status::Ok | Status::BufError) => Err(DecodeError::Corrupt),
        Err(error) => Err(match error.message() {
            Some("incorrect data check") => DecodeError::BadChecksum,
            _ => DecodeError::Corrupt,
        }),
    }
}
