//! Undoing `Content-Encoding` (RFC 9110 section 8.4), without I/O.
//!
//! [`ContentEncoding::parse`] reads what the header says, [`Decoder`] undoes it: encoded bytes are handed in, decoded
//! bytes come out, never more than the output has room for. Whatever the input, a decoder holds a fixed amount of
//! memory (about 40 KiB for each coding), and a call does a bounded amount of work.
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

mod coding;
#[cfg_attr(not(feature = "gzip"), allow(dead_code))]
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

pub use coding::{Coding, Codings, ContentEncoding, MAX_CODINGS};

use stage::Stage;

/// The most runs of single codings in one call of [`Decoder::decode`], so that a caller with a deadline can check its
/// clock. With 8 KiB for each run these are 256 KiB.
const RUNS_PER_CALL: usize = 32;

/// The most bytes that may pass between codings for each byte that the last one puts out, beyond
/// [`BETWEEN_ALLOWANCE`]. The encoded form of data is rarely longer than the data; with a flush for each line it may
/// be. A nested bomb that decodes to nearly nothing has a million.
const BETWEEN_RATIO: u64 = 4;

/// The bytes that may pass between codings whatever comes out.
const BETWEEN_ALLOWANCE: u64 = 1 << 20;

/// The work that a run is counted as, beside the bytes that it moves.
const RUN_COST: u64 = 64;

/// Undoes one to three content codings as the bytes arrive.
///
/// Feed it with [`decode`](Self::decode) until the input ends, call [`finish`](Self::finish), and go on until the
/// state is [`State::Ended`]: only then is it certain that nothing was cut off. An empty body is empty, whatever
/// coding its header names (RFC 9110 does not ask for it; servers answer so, and every browser and curl accept it).
#[derive(Debug)]
pub struct Decoder {
    codings: Codings,
    /// In the order in which bytes pass through them: the first takes the input, the last fills the output.
    stages: Vec<Stage>,
    finished: bool,
    /// Every call repeats it.
    failed: Option<DecodeError>,
    /// Bytes that have passed between codings so far.
    between: u64,
    /// Bytes that have come out so far.
    decoded: u64,
    work: u64,
}

/// What one call of [`Decoder::decode`] did, and what it waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Bytes taken from the front of the input; the rest must be handed in again.
    pub read: usize,
    /// Bytes put at the front of the output.
    pub written: usize,
    /// What to do next.
    pub state: State,
}

/// What a [`Decoder`] waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// More may come out of what it has: call again with room in the output, with or without new input.
    More,
    /// The whole input was taken and there is nothing left to hand out.
    NeedsInput,
    /// [`Decoder::finish`] was called, the whole input was taken, and it was complete.
    Ended,
}

/// Why a body could not be decoded.
///
/// What was decoded before the fault has been handed out by then.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// `Content-Encoding` lists more than [`MAX_CODINGS`] codings.
    #[error("the body has more than {MAX_CODINGS} content codings")]
    TooManyCodings,
    /// The body does not begin as its coding does; often it was not encoded at all.
    #[error("the body is not in the format that its content coding names")]
    BadMagic,
    /// A header of the coding has reserved flags, another method, or a wrong checksum of its own.
    #[error("the encoded body has a malformed header")]
    BadHeader,
    /// A header of the coding has a field of more than 65,535 bytes.
    #[error("the encoded body has a header field of more than 65,535 bytes")]
    HeaderTooLong,
    /// The compressed data makes no sense.
    #[error("the encoded body is corrupt")]
    Corrupt,
    /// The checksum after the data is not that of the data.
    #[error("the encoded body is corrupt: its checksum is wrong")]
    BadChecksum,
    /// The length after the data is not that of the data.
    #[error("the encoded body is corrupt: its length is wrong")]
    BadLength,
    /// The input ended too early.
    #[error("the encoded body was cut short")]
    Truncated,
    /// A mebibyte went in and not a single byte came out.
    #[error("1 MiB of the encoded body held no data")]
    NoOutput,
    /// Far more bytes passed between the codings than came out of the last one.
    #[error("the nested content codings hold far more than the body itself")]
    NestedBomb,
}

impl Decoder {
    /// A decoder that undoes `codings`.
    #[must_use]
    pub fn new(codings: Codings) -> Self {
        let stages = codings.iter().map(|coding| Stage::new(coding.new_decoder())).collect();
        Self { codings, stages, finished: false, failed: None, between: 0, decoded: 0, work: 0 }
    }

    /// The codings that this decoder undoes.
    #[must_use]
    pub fn codings(&self) -> Codings {
        self.codings
    }

    /// Makes it ready for the next body in the same codings, keeping its memory.
    pub fn reset(&mut self) {
        self.stages.iter_mut().for_each(Stage::reset);
        self.finished = false;
        self.failed = None;
        (self.between, self.decoded, self.work) = (0, 0, 0);
    }

    /// The work since the last call, about in bytes that were read and written by single codings.
    #[doc(hidden)]
    pub fn take_work(&mut self) -> u64 {
        std::mem::take(&mut self.work)
    }

    /// Says that no input follows but what `decode` has left unread.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Takes bytes from `input`, puts decoded ones into `output`.
    ///
    /// Either bytes move, or the state says what is missing: [`State::NeedsInput`] means that all of `input` was
    /// read, and [`State::More`] that `output` is full or that the work of one call is done. What `output` holds
    /// behind the written bytes may have changed: inflating uses the room for wide copies.
    ///
    /// # Errors
    ///
    /// Any [`DecodeError`] but `TooManyCodings`. What precedes the fault is handed out first, the error comes with
    /// the call after, and then with every call until [`reset`](Self::reset).
    pub fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<Progress, DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut progress = Progress { read: 0, written: 0, state: State::More };
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

    /// Runs the last stage until it wants input, then the one before it until that has given some, and so on up. So
    /// no stage works ahead, and a fault is met only when all that came before it has been handed out.
    fn run(&mut self, input: &[u8], output: &mut [u8], done: &mut Progress) -> Result<State, DecodeError> {
        let last = self.stages.len().saturating_sub(1);
        let mut current = last;
        for _ in 0..RUNS_PER_CALL {
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
            self.work += RUN_COST + step.read as u64 + step.written as u64;
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

    /// All input was taken and nothing is left inside.
    fn drained(&self) -> Result<State, DecodeError> {
        match self.finished {
            false => Ok(State::NeedsInput),
            true if self.stages.iter().all(Stage::is_whole) => Ok(State::Ended),
            true => Err(DecodeError::Truncated),
        }
    }
}
