//! The coding `deflate`: DEFLATE (RFC 1951) in the zlib format (RFC 1950), or bare.

use flate2::Decompress;

use super::cursor::Cursor;
use super::inflate::{Inflated, inflate};
use super::stage::ContentDecoder;
use super::{DecodeError, State};

/// The decoder of `deflate`.
///
/// RFC 9110 §8.4.1.2 means the zlib format, and notes that some servers send bare DEFLATE. The first two bytes decide, as
/// in browsers; curl tries one format and then the other. Bytes after the end of the data are ignored, as after gzip.
#[derive(Debug)]
pub(super) struct Deflate {
    phase: DeflatePhase,
    stream: Decompress,
}

#[derive(Clone, Copy, Debug)]
enum DeflatePhase {
    /// No byte has been received.
    Start,
    /// One byte has been received.
    First(u8),
    Data,
    /// After the end of the data.
    Garbage,
}

impl Deflate {
    pub(super) fn new() -> Self {
        Self { phase: DeflatePhase::Start, stream: Decompress::new(true) }
    }

    /// Chooses the format, and passes on the byte that was kept back.
    fn begin(&mut self, first: u8, second: u8) -> Result<(), DecodeError> {
        self.stream.reset(is_zlib(first, second));
        // The shortest block that holds a byte has more than eight bits, so there is no output.
        let mut none = [0];
        let mut cursor = Cursor::new(std::slice::from_ref(&first), &mut none);
        inflate(&mut self.stream, &mut cursor, |_| ()).map(drop)
    }
}

impl ContentDecoder for Deflate {
    fn decode(&mut self, cursor: &mut Cursor<'_>) -> Result<State, DecodeError> {
        loop {
            match (self.phase, cursor.unread()) {
                (DeflatePhase::Start, &[first, ..]) => {
                    cursor.advance(1, 0);
                    self.phase = DeflatePhase::First(first);
                }
                (DeflatePhase::First(first), &[second, ..]) => {
                    self.begin(first, second)?;
                    self.phase = DeflatePhase::Data;
                }
                (DeflatePhase::Data, _) => match inflate(&mut self.stream, cursor, |_| ())? {
                    Inflated::End => self.phase = DeflatePhase::Garbage,
                    Inflated::Full => return Ok(State::More),
                    Inflated::NeedsInput => return Ok(State::NeedsInput),
                },
                (DeflatePhase::Garbage, rest) => {
                    cursor.advance(rest.len(), 0);
                    return Ok(State::NeedsInput);
                }
                (DeflatePhase::Start | DeflatePhase::First(_), []) => return Ok(State::NeedsInput),
            }
        }
    }

    fn is_complete(&self) -> bool {
        matches!(self.phase, DeflatePhase::Start | DeflatePhase::Garbage)
    }

    fn reset(&mut self) {
        self.phase = DeflatePhase::Start;
    }
}

/// Method 8, a window of at most 32 KiB, and a multiple of 31 (RFC 1950 §2.2). No encoder starts bare DEFLATE like this:
/// it would be a stored block with padding that is not zero.
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && first >> 4 <= 7 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}
