//! The coding `br`: one Brotli stream (RFC 7932).

use std::fmt;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::cursor::Cursor;
use super::stage::ContentDecoder;
use super::{DecodeError, State};

/// The most input of one run, in bytes. A header of 470 bytes can announce tables that take 0.25 ms to build, so 4096 bytes
/// take 2 ms at most. Smaller pieces make ordinary data slower: 2 KiB by 4 %.
const PIECE: usize = 4096;

/// The work for each byte of input. One piece exhausts the work of one call of the decoder.
const WORK_PER_BYTE: u64 = 32;

/// The decoder of `br`.
///
/// Bytes after the end of the stream are an error: a stream has no checksum, so they may be the rest of damaged data. The
/// window has at most 16 MiB, and grows with the data. "Large window" streams, which are not in the RFC, are refused.
pub(super) struct Brotli {
    phase: BrotliPhase,
    /// Made with the first byte.
    stream: Option<Box<Stream>>,
    /// The last output was filled, so there may be more.
    has_output: bool,
}

type Stream = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum BrotliPhase {
    /// No byte has been received.
    Start,
    Data,
    /// The stream has ended.
    End,
}

impl Brotli {
    pub(super) fn new() -> Self {
        Self { phase: BrotliPhase::Start, stream: None, has_output: false }
    }

    /// Decompresses a piece of the input.
    fn decompress(&mut self, cursor: &mut Cursor<'_>) -> BrotliResult {
        let stream = self.stream.get_or_insert_with(|| {
            let alloc = StandardAlloc::default;
            Box::new(BrotliState::new_strict(alloc(), alloc(), alloc()))
        });
        let (input, output) = cursor.both();
        let input = input.get(..PIECE).unwrap_or(input);
        let (mut left, mut room) = (input.len(), output.len());
        let (mut read, mut written) = (0, 0);
        let result = BrotliDecompressStream(
            &mut left,
            &mut read,
            input,
            &mut room,
            &mut written,
            output,
            &mut 0,
            stream,
        );
        cursor.advance(read, written);
        cursor.charge(WORK_PER_BYTE * read as u64);
        result
    }
}

impl ContentDecoder for Brotli {
    fn decode(&mut self, cursor: &mut Cursor<'_>) -> Result<State, DecodeError> {
        if cursor.unread().is_empty() && !self.has_output {
            return Ok(State::NeedsInput);
        }
        if self.phase == BrotliPhase::End {
            return Err(DecodeError::TrailingData);
        }
        if cursor.is_full() {
            return Ok(State::More);
        }
        self.phase = BrotliPhase::Data;
        let result = self.decompress(cursor);
        self.has_output = cursor.is_full();
        match result {
            BrotliResult::ResultSuccess => {
                (self.phase, self.has_output) = (BrotliPhase::End, false);
                self.stream = None;
                if cursor.unread().is_empty() {
                    Ok(State::NeedsInput)
                } else {
                    Err(DecodeError::TrailingData)
                }
            }
            BrotliResult::ResultFailure => Err(DecodeError::Corrupt),
            BrotliResult::NeedsMoreInput if !self.has_output && cursor.unread().is_empty() => {
                Ok(State::NeedsInput)
            }
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => Ok(State::More),
        }
    }

    fn is_complete(&self) -> bool {
        self.phase != BrotliPhase::Data
    }

    /// Drops the memory: the crate cannot reuse it.
    fn reset(&mut self) {
        *self = Self::new();
    }
}

/// Without the tables and the window.
impl fmt::Debug for Brotli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Brotli").field("phase", &self.phase).finish_non_exhaustive()
    }
}
