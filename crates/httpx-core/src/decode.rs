//! Decodes content codings (RFC 9110 §8.4) without I/O, and stops nested decompression bombs.
//!
//! [`ContentEncoding::parse`] reads the header, and a [`Decoder`] decodes the body: encoded bytes go in, and decoded bytes
//! come out, never more than the output has room for. For any input, the work of one call is bounded (2 ms for the worst
//! inputs that were tried), and so is the memory of a decoder. Most of it is the window: the earlier data that the coding
//! refers to.
//!
//! | coding | window | memory of one decoder, at most |
//! | --- | --- | --- |
//! | `gzip`, `deflate` | 32 KiB | 48 KiB |
//! | `br` | as the body says, up to 16 MiB; allocated as the data grows | 29 MiB |
//! | `zstd` | as the body says, up to 8 MiB (RFC 9659); larger ones are an error | 9 MiB |
//!
//! A body in several codings has a decoder and 8 KiB for each.
//!
//! ```
//! # #[cfg(feature = "gzip")] {
//! use httpx_core::decode::{ContentEncoding, Decoder, State};
//!
//! // An empty gzip member, as a server sends it for an empty page.
//! let body = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
//!
//! let ContentEncoding::Codings(codings) = ContentEncoding::parse([&b"gzip"[..]])? else { panic!() };
//! let mut decoder = Decoder::new(codings);
//! decoder.finish();
//! let progress = decoder.decode(&body, &mut [0; 64])?;
//! assert_eq!((progress.read, progress.written, progress.state), (20, 0, State::Ended));
//! # }
//! # Ok::<(), httpx_core::decode::DecodeError>(())
//! ```

#[cfg(feature = "br")]
mod brotli;
mod coding;
#[cfg_attr(not(all(feature = "gzip", feature = "br", feature = "zstd")), allow(dead_code))]
mod cursor;
#[cfg(feature = "gzip")]
mod deflate;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "gzip")]
mod inflate;
mod stage;
#[cfg(test)]
#[cfg(feature = "gzip")]
mod tests;
#[cfg(feature = "zstd")]
mod zstd;
#[cfg(feature = "zstd")]
mod zstd_frame;

pub use coding::{Coding, Codings, ContentEncoding, MAX_CODINGS};

use stage::Stage;

/// The most runs of single codings in one call of [`Decoder::decode`], so that a caller with a deadline can check its
/// clock. With 8 KiB for each run these are 128 KiB.
const RUNS_PER_CALL: usize = 16;

/// The most work in one call of [`Decoder::decode`], without its last run. The unit is about the work for one byte.
const WORK_PER_CALL: u64 = 64 << 10;

/// The most bytes that may pass between codings for each decoded byte, beyond [`BETWEEN_ALLOWANCE`]. Encoded data is
/// rarely longer than the data itself, but it may be if each short line is flushed. A nested bomb that decodes to nearly
/// nothing has a ratio of a million.
const BETWEEN_RATIO: u64 = 4;

/// The bytes that may pass between codings however few bytes are decoded.
const BETWEEN_ALLOWANCE: u64 = 1 << 20;

/// The work of one run beside the bytes that it moves.
const RUN_COST: u64 = 64;

/// A decoder of one to three content codings, which decodes the bytes as they arrive.
///
/// Call [`decode`](Self::decode) until the input ends, then call [`finish`](Self::finish), and continue until the state
/// is [`State::Ended`]: only then is it certain that the body was not cut short. An empty body decodes to an empty body
/// in any coding. RFC 9110 does not mention this, but servers send such bodies, and browsers and curl accept them.
#[derive(Debug)]
pub struct Decoder {
    codings: Codings,
    /// In the order in which bytes pass through them: the first takes the input, the last fills the output.
    stages: Vec<Stage>,
    finished: bool,
    /// Every call repeats it.
    failed: Option<DecodeError>,
    /// The number of bytes that have passed between codings so far.
    between: u64,
    /// The number of decoded bytes so far.
    decoded: u64,
    work: u64,
}

/// The result of one call of [`Decoder::decode`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecodeProgress {
    /// The number of bytes taken from the front of the input. The others must be passed in again.
    pub read: usize,
    /// The number of bytes put at the front of the output.
    pub written: usize,
    /// What to do next.
    pub state: State,
}

/// What a [`Decoder`] needs next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// There may be more output without more input: call again with room in the output.
    More,
    /// The whole input was taken, and there is no more output.
    NeedsInput,
    /// [`Decoder::finish`] was called, the whole input was taken, and the body was complete.
    Ended,
}

/// The reason why a body could not be decoded.
///
/// A decoder returns all data before the fault, then this error. There are two exceptions: `zstd` returns the data before the
/// block with the fault, and `br` may lose a part of the last data.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// `Content-Encoding` lists more than [`MAX_CODINGS`] codings.
    #[error("the body has more than {MAX_CODINGS} content codings")]
    TooManyCodings,
    /// The body does not start with the magic bytes of its coding. Often it is not encoded at all.
    #[error("the body is not in the format that its content coding names")]
    BadMagic,
    /// A header of the coding has reserved flags, another method, or a wrong checksum.
    #[error("the encoded body has a malformed header")]
    BadHeader,
    /// A header of the coding has a field of more than 65,535 bytes.
    #[error("the encoded body has a header field of more than 65,535 bytes")]
    HeaderTooLong,
    /// The compressed data is invalid.
    #[error("the encoded body is corrupt")]
    Corrupt,
    /// The checksum after the data is wrong.
    #[error("the encoded body is corrupt: its checksum is wrong")]
    BadChecksum,
    /// The length after the data is wrong.
    #[error("the encoded body is corrupt: its length is wrong")]
    BadLength,
    /// More bytes follow after the end of the data. Not for `gzip` and `deflate`, where they are ignored.
    #[error("the encoded body has more bytes after the end of its data")]
    TrailingData,
    /// A `zstd` frame needs a window of more than 8 MiB (RFC 9659 §3).
    #[error("the encoded body needs a window of more than 8 MiB")]
    WindowTooLarge,
    /// A `zstd` frame needs a dictionary.
    #[error("the encoded body needs a dictionary")]
    NeedsDictionary,
    /// There is no memory for the decoder.
    #[error("there is not enough memory to decode the body")]
    OutOfMemory,
    /// The input ended too early.
    #[error("the encoded body was cut short")]
    Truncated,
    /// A coding took 1 MiB of input without any output.
    #[error("1 MiB of the encoded body held no data")]
    NoOutput,
    /// Far more bytes passed between the codings than were decoded.
    #[error("the nested content codings hold far more than the body itself")]
    NestedBomb,
}

impl Decoder {
    /// Makes a decoder of these codings.
    #[must_use]
    pub fn new(codings: Codings) -> Self {
        let stages = codings.iter().map(|coding| Stage::new(coding.new_decoder())).collect();
        Self { codings, stages, finished: false, failed: None, between: 0, decoded: 0, work: 0 }
    }

    /// Returns the codings.
    #[must_use]
    pub fn codings(&self) -> Codings {
        self.codings
    }

    /// Makes the decoder ready for another body in the same codings. Keeps its memory.
    pub fn reset(&mut self) {
        self.stages.iter_mut().for_each(Stage::reset);
        self.finished = false;
        self.failed = None;
        (self.between, self.decoded, self.work) = (0, 0, 0);
    }

    /// Returns the work since the last call: about the number of bytes that single codings have read and written.
    #[doc(hidden)]
    pub fn take_work(&mut self) -> u64 {
        std::mem::take(&mut self.work)
    }

    /// Declares that no more input follows, except for the bytes that `decode` did not take.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Takes bytes from `input`, and puts decoded bytes into `output`.
    ///
    /// [`State::NeedsInput`] means that all of `input` was taken, and [`State::More`] that `output` is full or that the
    /// work of one call is done. The bytes of `output` after the written ones may have changed: the decoder uses the room
    /// for wide copies.
    ///
    /// # Errors
    ///
    /// Any [`DecodeError`] except `TooManyCodings`. Data before the fault is returned first; the next call returns the
    /// error, and so does every call until [`reset`](Self::reset).
    pub fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<DecodeProgress, DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut progress = DecodeProgress { read: 0, written: 0, state: State::More };
        match self.run(input, output, &mut progress) {
            Ok(state) => progress.state = state,
            Err(error) => {
                self.failed = Some(error);
                if progress.written == 0 {
                    return Err(error);
                }
            }
        }
        Ok(progress)
    }

    /// Runs the last stage until it needs input, then the one before until that has output, and so on. No stage works
    /// ahead, so a fault is found only after all data before it has been returned.
    fn run(
        &mut self,
        input: &[u8],
        output: &mut [u8],
        done: &mut DecodeProgress,
    ) -> Result<State, DecodeError> {
        let last = self.stages.len().saturating_sub(1);
        let mut current = last;
        let work_before = self.work;
        for _ in 0..RUNS_PER_CALL {
            if self.work - work_before > WORK_PER_CALL {
                break;
            }
            let (before, rest) = self.stages.split_at_mut(current);
            let Some(stage) = rest.first_mut() else { break };
            let source = before.last().map_or(input.get(done.read..).unwrap_or_default(), Stage::pending);
            let step = if current == last {
                let step = stage.run(source, output.get_mut(done.written..).unwrap_or_default())?;
                done.written += step.written;
                self.decoded += step.written as u64;
                step
            } else {
                let step = stage.fill(source)?;
                self.between += step.written as u64;
                step
            };
            self.work += RUN_COST + step.read as u64 + step.written as u64 + stage.take_work();
            if self.between > BETWEEN_ALLOWANCE + BETWEEN_RATIO * self.decoded {
                return Err(DecodeError::NestedBomb);
            }
            match before.last_mut() {
                Some(source) => source.consume(step.read),
                None => done.read += step.read,
            }
            current = match step.state {
                _ if current < last && step.written > 0 => current + 1,
                State::NeedsInput if current > 0 => current - 1,
                State::NeedsInput => return self.drained(),
                State::More | State::Ended => break,
            };
        }
        Ok(State::More)
    }

    /// All input was taken, and nothing is left inside.
    fn drained(&self) -> Result<State, DecodeError> {
        if !self.finished {
            return Ok(State::NeedsInput);
        }
        if self.stages.iter().all(Stage::is_complete) {
            Ok(State::Ended)
        } else {
            Err(DecodeError::Truncated)
        }
    }
}
