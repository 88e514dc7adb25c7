//! Writes messages: the sending half of a connection.

use httpx_core::Headers;

use crate::body_length::BodyLength;
use crate::body_writer::BodyWriter;
use crate::cycle::CycleState;
use crate::error::LocalError;
use crate::phase::{Phase, Transition};
use crate::role::Role;
use crate::role::side::SentHead;
use crate::{Excerpt, trailers};

/// Room in the outgoing bytes that [`reserve_chunk`](crate::Connection::reserve_chunk) has reserved for a chunk-size
/// line. Give it back to [`commit_chunk`](crate::Connection::commit_chunk).
#[derive(Debug)]
#[must_use = "the bytes behind the mark are no valid message before commit_chunk"]
pub struct ReservedChunk {
    start: usize,
    data: usize,
}

/// The sending half of a connection.
#[derive(Debug)]
pub(crate) struct Sender {
    pub(crate) phase: Phase,
    body: BodyWriter,
    /// The message has ended with its head because of the request (HEAD) or the status (304). Its data and trailers
    /// are left out.
    silent: bool,
    /// Between `reserve_chunk` and `commit_chunk`.
    reserved: bool,
    error: Option<LocalError>,
}

impl Sender {
    pub(crate) fn new() -> Self {
        let body = BodyWriter::Length { declared: 0, left: 0 };
        Sender { phase: Phase::Idle, body, silent: false, reserved: false, error: None }
    }

    pub(crate) fn head<R: Role>(
        &mut self,
        head: R::Sends<'_>,
        body: BodyLength,
        cycle: &mut CycleState,
        out: &mut Vec<u8>,
    ) -> Result<(), LocalError> {
        self.turn(Transition::Head)?;
        let sent = R::send(head, body, cycle, out)?;
        self.silent = matches!(sent, SentHead::Silent);
        match sent {
            SentHead::Interim => self.step(Transition::Interim),
            SentHead::Body(body) => {
                self.body = body;
                self.step(Transition::Head)
            }
            SentHead::Ended | SentHead::Silent => {
                self.step(Transition::Head).and_then(|()| self.step(Transition::End))
            }
            SentHead::Switch => self.step(Transition::Switch),
        }
    }

    pub(crate) fn data(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), LocalError> {
        if self.has_fallen_silent() || self.phase == Phase::Done && data.is_empty() {
            return Ok(()); // sending no data after the end is harmless, as is ending twice
        }
        self.frame(data.len(), out)?;
        out.extend_from_slice(data);
        Ok(())
    }

    pub(crate) fn frame(&mut self, len: usize, out: &mut Vec<u8>) -> Result<(), LocalError> {
        self.check_body()?;
        if len == 0 {
            return Ok(()); // an empty chunk would be the last one
        }
        match &mut self.body {
            BodyWriter::Length { declared, left } => match left.checked_sub(len as u64) {
                Some(rest) => *left = rest,
                None => {
                    let declared = *declared;
                    return Err(self.fail(LocalError::TooLong { declared }));
                }
            },
            BodyWriter::Chunked { open } => {
                write_pending(*open, out);
                *open = true;
                write_hex(len, out);
                out.extend_from_slice(b"\r\n");
            }
            BodyWriter::UntilClose => {}
        }
        Ok(())
    }

    pub(crate) fn reserve_chunk(&mut self, out: &mut Vec<u8>) -> Result<ReservedChunk, LocalError> {
        self.check_body()?;
        let start = out.len();
        if let BodyWriter::Chunked { open } = self.body {
            write_pending(open, out);
            out.extend_from_slice(RESERVED);
        }
        self.reserved = true;
        Ok(ReservedChunk { start, data: out.len() })
    }

    // By value, so that no reservation is used twice.
    #[allow(clippy::needless_pass_by_value)]
    pub(crate) fn commit_chunk(
        &mut self,
        mark: ReservedChunk,
        n: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), LocalError> {
        if !std::mem::take(&mut self.reserved) {
            return Err(self.fail(LocalError::OutOfTurn("no frame is open"))); // the mark is of another connection
        }
        let result = self.check_body().and_then(|()| self.fill_in(&mark, n, out));
        if n == 0 || result.is_err() {
            out.truncate(mark.start);
        }
        result
    }

    fn fill_in(&mut self, mark: &ReservedChunk, n: usize, out: &mut Vec<u8>) -> Result<(), LocalError> {
        let end = mark.data.saturating_add(n);
        if end > out.len() {
            return Err(self.fail(LocalError::OutOfTurn("there are not so many bytes behind the mark")));
        }
        out.truncate(end);
        match &mut self.body {
            BodyWriter::Length { .. } | BodyWriter::UntilClose => self.frame(n, out),
            BodyWriter::Chunked { .. } if n == 0 => Ok(()),
            BodyWriter::Chunked { open } => {
                let line = mark.data.checked_sub(RESERVED.len()).and_then(|at| out.get_mut(at..mark.data));
                match (line, u32::try_from(n)) {
                    (Some(line), Ok(n)) if line == RESERVED => {
                        patch_hex(n, line);
                        *open = true;
                        Ok(())
                    }
                    (Some(_) | None, _) => {
                        Err(self.fail(LocalError::OutOfTurn("the mark is not of these bytes")))
                    }
                }
            }
        }
    }

    pub(crate) fn end(&mut self, trailers: &Headers, out: &mut Vec<u8>) -> Result<(), LocalError> {
        if matches!(self.phase, Phase::Done | Phase::Switched) && trailers.is_empty() {
            return Ok(()); // the head has ended it
        }
        if let Some((name, _)) = trailers.iter().find(|(name, _)| !trailers::is_allowed_as_trailer(name)) {
            return Err(self.fail(LocalError::Trailer(Excerpt::new(name.as_bytes()))));
        }
        if self.has_fallen_silent() {
            return Ok(());
        }
        self.check_body()?;
        match self.body {
            BodyWriter::Length { declared, left } if left > 0 => {
                return Err(self.fail(LocalError::TooShort { declared, sent: declared - left }));
            }
            BodyWriter::Length { .. } if !trailers.is_empty() => {
                return Err(self.fail(LocalError::Trailers));
            }
            // The client does not understand chunks. Trailers may be left out (RFC 9110 §6.5.1).
            BodyWriter::Length { .. } | BodyWriter::UntilClose => {}
            BodyWriter::Chunked { open } => {
                write_pending(open, out);
                out.extend_from_slice(b"0\r\n");
                trailers.write_to(out);
                out.extend_from_slice(b"\r\n");
            }
        }
        self.step(Transition::End)
    }

    /// Returns whether a body of a declared length has been given to its last byte, and not ended yet.
    pub(crate) fn has_full_body(&self) -> bool {
        self.phase == Phase::Body && matches!(self.body, BodyWriter::Length { left: 0, .. })
    }

    /// Returns whether this half has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    /// Switches, after the other direction has switched and the sent message has ended.
    pub(crate) fn switch(&mut self) {
        self.phase = self.phase.after(Transition::Switch).unwrap_or(self.phase);
    }

    /// Goes to another phase, if that is allowed.
    pub(crate) fn step(&mut self, step: Transition) -> Result<(), LocalError> {
        self.check_turn(step)?;
        self.phase = self.phase.after(step).unwrap_or(self.phase);
        Ok(())
    }

    fn check_turn(&mut self, step: Transition) -> Result<(), LocalError> {
        self.turn(step).map_err(|error| self.fail(error))
    }

    /// Checks that this transition is allowed now.
    fn turn(&self, step: Transition) -> Result<(), LocalError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        match self.phase.after(step) {
            Some(_) => Ok(()),
            None => Err(LocalError::OutOfTurn(match self.phase {
                Phase::Idle => "no head has been sent",
                Phase::Body => "a message is under way",
                Phase::Done => "the message has ended",
                Phase::Switched => "the connection speaks another protocol",
                Phase::Closed | Phase::Failed => "the connection is closed",
            })),
        }
    }

    fn has_fallen_silent(&self) -> bool {
        self.silent && self.phase == Phase::Done
    }

    /// Checks that a message is under way, which body bytes and ends need.
    fn check_body(&mut self) -> Result<(), LocalError> {
        self.check_turn(Transition::End)?;
        if self.phase != Phase::Body {
            return Err(self.fail(LocalError::OutOfTurn("the message has ended")));
        }
        if self.reserved {
            return Err(self.fail(LocalError::OutOfTurn("a frame is open")));
        }
        Ok(())
    }

    /// Fails this half. The error repeats.
    pub(crate) fn fail(&mut self, error: LocalError) -> LocalError {
        self.phase = self.phase.after(Transition::Fail).unwrap_or(Phase::Failed);
        self.error = Some(error.clone());
        error
    }
}

/// A chunk-size line that is filled in later. Leading zeros are valid (RFC 9112 §7.1), and all recipients accept eight
/// digits.
const RESERVED: &[u8] = b"00000000\r\n";

fn write_pending(open: bool, out: &mut Vec<u8>) {
    if open {
        out.extend_from_slice(b"\r\n");
    }
}

fn write_hex(n: usize, out: &mut Vec<u8>) {
    let digits = (n.max(1).ilog2() / 4) + 1;
    out.extend((0..digits).rev().map(|digit| hex((n >> (4 * digit)) as u8)));
}

fn patch_hex(n: u32, line: &mut [u8]) {
    for (digit, slot) in (0..8).rev().zip(line) {
        *slot = hex((n >> (4 * digit)) as u8);
    }
}

/// Returns the digit of the lower four bits.
fn hex(n: u8) -> u8 {
    match n & 0xf {
        n @ 0..=9 => b'0' + n,
        n => b'a' + (n - 10),
    }
}
