//! One coding within a decoder, and what every coding must be able to do.

use std::fmt;

use super::cursor::Cursor;
use super::{DecodeError, Progress, State};

/// Between two codings lies a buffer of this size; it is made when the second one exists.
const BUFFER: usize = 8 * 1024;

/// So many bytes may go in without one coming out: empty members, empty blocks and what follows the end would
/// otherwise keep a reader busy for ever whose limit counts decoded bytes. A header is at most 192 KiB, and what
/// tapes are padded to 10 KiB.
const NO_OUTPUT_LIMIT: usize = 1024 * 1024;

/// What a content coding knows: how to undo itself.
pub(super) trait ContentDecoder: fmt::Debug + Send + Sync {
    /// Decodes from the cursor's input to its output, until the input is used up (`NeedsInput`) or the output is full
    /// and more may come (`More`).
    fn decode(&mut self, cursor: &mut Cursor<'_>) -> Result<State, DecodeError>;

    /// Could the input end here?
    fn is_whole(&self) -> bool;

    /// Begins anew, keeping the memory.
    fn reset(&mut self);
}

/// One coding, and the buffer that its output lies in if it is not the last.
#[derive(Debug)]
pub(super) struct Stage {
    coding: Box<dyn ContentDecoder>,
    buffer: Vec<u8>,
    pending: std::ops::Range<usize>,
    /// How many bytes went in since the last one came out.
    without_output: usize,
    failed: Option<DecodeError>,
}

impl Stage {
    pub(super) fn new(coding: Box<dyn ContentDecoder>) -> Self {
        Self { coding, buffer: Vec::new(), pending: 0..0, without_output: 0, failed: None }
    }

    pub(super) fn reset(&mut self) {
        self.coding.reset();
        self.pending = 0..0;
        self.without_output = 0;
        self.failed = None;
    }

    pub(super) fn is_whole(&self) -> bool {
        self.coding.is_whole()
    }

    /// Decodes into `output`.
    pub(super) fn run(&mut self, input: &[u8], output: &mut [u8]) -> Result<Progress, DecodeError> {
        match self.failed {
            Some(error) => Err(error),
            None => {
                let cursor = Cursor::new(input, output);
                self.step(cursor)
            }
        }
    }

    /// Decodes into the stage's own buffer, whose last content must have been consumed.
    pub(super) fn fill(&mut self, input: &[u8]) -> Result<Progress, DecodeError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.resize(BUFFER, 0);
        let outcome = self.run(input, &mut buffer);
        self.buffer = buffer;
        self.pending = 0..outcome.map_or(0, |progress| progress.written);
        outcome
    }

    /// What `fill` has left for the next stage.
    pub(super) fn pending(&self) -> &[u8] {
        self.buffer.get(self.pending.clone()).unwrap_or_default()
    }

    pub(super) fn consume(&mut self, n: usize) {
        self.pending.start = self.pending.end.min(self.pending.start + n);
    }

    #[cfg(test)]
    #[cfg(feature = "gzip")]
    pub(super) fn buffered(&self) -> usize {
        self.buffer.capacity()
    }

    /// Lets the coding work, and keeps back a failure until what came before it has been handed out.
    fn step(&mut self, mut cursor: Cursor<'_>) -> Result<Progress, DecodeError> {
        let outcome = self.coding.decode(&mut cursor).and_then(|state| {
            self.without_output =
                if cursor.written() > 0 { 0 } else { self.without_output.saturating_add(cursor.read()) };
            if self.without_output > NO_OUTPUT_LIMIT { Err(DecodeError::NoOutput) } else { Ok(state) }
        });
        let progress = |state| Progress { read: cursor.read(), written: cursor.written(), state };
        match outcome {
            Ok(state) => Ok(progress(state)),
            Err(error) => {
                self.failed = Some(error);
                if cursor.written() > 0 { Ok(progress(State::More)) } else { Err(error) }
            }
        }
    }
}
