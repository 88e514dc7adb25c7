//! [`Stage`]: one coding of a decoder and its buffer; refuses input without output. [`ContentDecoder`]: the trait of all codings.

use std::fmt;

use super::cursor::Cursor;
use super::{DecodeError, DecodeProgress, State};

/// The size of the buffer between two codings.
const BUFFER: usize = 8 * 1024;

/// The most input that a coding may take without output. Without this limit, empty members and empty blocks could keep a
/// reader busy without end, because its own limit counts decoded bytes. The largest gzip header has 192 KiB, and the
/// padding of tapes 10 KiB.
const NO_OUTPUT_LIMIT: usize = 1024 * 1024;

/// The decoder of one content coding.
pub(super) trait ContentDecoder: fmt::Debug + Send + Sync {
    /// Decodes until all input was taken (`NeedsInput`), or the output is full and there may be more (`More`). Also
    /// returns `More` if the work of one call is done.
    fn decode(&mut self, cursor: &mut Cursor<'_>) -> Result<State, DecodeError>;

    /// Returns whether the input may end here.
    fn is_complete(&self) -> bool;

    /// Makes the decoder ready for another body. Keeps its memory.
    fn reset(&mut self);
}

/// One coding, and the buffer of its output if it is not the last.
#[derive(Debug)]
pub(super) struct Stage {
    coding: Box<dyn ContentDecoder>,
    buffer: Vec<u8>,
    pending: std::ops::Range<usize>,
    /// The number of bytes taken since the last output.
    without_output: usize,
    /// The work since the last call of `take_work`.
    work: u64,
    failed: Option<DecodeError>,
}

impl Stage {
    pub(super) fn new(coding: Box<dyn ContentDecoder>) -> Self {
        Self { coding, buffer: Vec::new(), pending: 0..0, without_output: 0, work: 0, failed: None }
    }

    pub(super) fn reset(&mut self) {
        self.coding.reset();
        self.pending = 0..0;
        (self.without_output, self.work) = (0, 0);
        self.failed = None;
    }

    pub(super) fn is_complete(&self) -> bool {
        self.coding.is_complete()
    }

    /// Decodes into `output`.
    pub(super) fn run(&mut self, input: &[u8], output: &mut [u8]) -> Result<DecodeProgress, DecodeError> {
        match self.failed {
            Some(error) => Err(error),
            None => {
                let cursor = Cursor::new(input, output);
                self.step(cursor)
            }
        }
    }

    /// Decodes into the stage's buffer. Its last content must have been consumed.
    pub(super) fn fill(&mut self, input: &[u8]) -> Result<DecodeProgress, DecodeError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.resize(BUFFER, 0);
        let outcome = self.run(input, &mut buffer);
        self.buffer = buffer;
        self.pending = 0..outcome.map_or(0, |progress| progress.written);
        outcome
    }

    /// The bytes for the next stage.
    pub(super) fn pending(&self) -> &[u8] {
        self.buffer.get(self.pending.clone()).unwrap_or_default()
    }

    pub(super) fn consume(&mut self, n: usize) {
        self.pending.start = self.pending.end.min(self.pending.start + n);
    }

    /// The work of the last run beside the bytes that it moved.
    pub(super) fn take_work(&mut self) -> u64 {
        std::mem::take(&mut self.work)
    }

    #[cfg(test)]
    pub(super) fn buffered(&self) -> usize {
        self.buffer.capacity()
    }

    /// Runs the coding. Keeps an error back until the output before it has been returned.
    fn step(&mut self, mut cursor: Cursor<'_>) -> Result<DecodeProgress, DecodeError> {
        let outcome = self.coding.decode(&mut cursor).and_then(|state| {
            self.without_output =
                if cursor.written() > 0 { 0 } else { self.without_output.saturating_add(cursor.read()) };
            if self.without_output > NO_OUTPUT_LIMIT { Err(DecodeError::NoOutput) } else { Ok(state) }
        });
        self.work += cursor.work();
        let progress = |state| DecodeProgress { read: cursor.read(), written: cursor.written(), state };
        match outcome {
            Ok(state) => Ok(progress(state)),
            Err(error) => {
                self.failed = Some(error);
                if cursor.written() > 0 { Ok(progress(State::More)) } else { Err(error) }
            }
        }
    }
}
