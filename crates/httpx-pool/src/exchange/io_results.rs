//! What a driver lends and reports: what came of writing, of reading, of the request's body.

use std::io::{self, ErrorKind as IoKind};
use std::time::Instant;

use httpx_core::{Error, ErrorKind, Result};

use super::{Aborted, Exchange, MIN_DIRECT, Progress, UPLOAD_READ, Upload, Wait};
use crate::into_error;

impl Exchange {
    /// What is to be written: from our own buffer, then from a lent body.
    pub(crate) fn outgoing(&self) -> [&[u8]; 2] {
        self.out.slices()
    }

    /// Says what came of writing.
    pub(crate) fn wrote(&mut self, result: io::Result<usize>, now: impl FnOnce() -> Instant) -> Result<()> {
        match result {
            Ok(0) => self.abort_upload(Aborted::Failed(IoKind::WriteZero.into())),
            Ok(n) => {
                self.deadlines.progressed();
                self.written_since_read = self.written_since_read.saturating_add(n);
                self.out.advance(n);
            }
            // The whole answer is here: that the server takes no more takes nothing from it.
            Err(_) if self.progress == Progress::Ended => self.abort_upload(Aborted::Unwanted),
            Err(error) if error.kind() == IoKind::TimedOut => return Err(self.timeout_error(now())),
            // A server that closes its end may have said why before: RFC 9112 §9.6.
            Err(error) => self.abort_upload(Aborted::Failed(error)),
        }
        Ok(())
    }

    /// Where to read to.
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        self.codec.spare()
    }

    /// Says what came of reading.
    pub(crate) fn received(
        &mut self,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        (self.has_unparsed_input, self.written_since_read) = (true, 0);
        match result {
            Ok(0) => self.codec.receive_eof(true),
            Ok(n) => {
                if self.progress == Progress::Nothing {
                    self.progress = Progress::Begun;
                }
                self.codec.filled(n);
            }
            Err(error) => return self.read_failed(error, now),
        }
        Ok(())
    }

    /// Says that there was nothing to read.
    pub(crate) fn nothing_to_read(&mut self) {
        self.written_since_read = 0;
    }

    /// How many bytes of the body may be read past our buffer into one of the user's of this size. Only a large one
    /// is worth it: a small one would make many reads of one.
    pub(crate) fn direct_len(&self, room: usize) -> Option<usize> {
        if self.failed.is_some() || self.is_sending() || self.progress == Progress::Ended || room < MIN_DIRECT
        {
            return None;
        }
        self.codec.passthrough_len().map(|most| usize::try_from(most).unwrap_or(usize::MAX).min(room))
    }

    /// Says what came of reading past the buffer.
    pub(crate) fn read_directly(
        &mut self,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        match result {
            Ok(0) => self.codec.receive_eof(true),
            Ok(n) => self.codec.consumed_directly(n as u64),
            Err(error) => return self.read_failed(error, now),
        }
        Ok(())
    }

    /// The bytes of the body that are here.
    pub(crate) fn data(&self) -> &[u8] {
        if self.failed.is_some() { &[] } else { self.codec.data() }
    }

    /// So many of them have been used.
    pub(crate) fn consume(&mut self, n: usize) {
        self.codec.consume(n);
    }

    /// Where the request's body is to be read to.
    pub(crate) fn upload_buffer(&mut self) -> Result<&mut [u8]> {
        let sent = self.sent();
        let mark =
            self.codec.reserve_chunk(self.out.buffer()).map_err(|error| into_error::local(error, sent))?;
        self.upload = Upload::Reader(Some(mark));
        Ok(self.out.open(UPLOAD_READ))
    }

    /// Says what came of reading the request's body; none is its end.
    pub(crate) fn upload_read(&mut self, result: io::Result<usize>) -> Result<()> {
        let (n, end) = match result {
            Ok(0) => (0, true),
            Ok(n) => (n, false),
            // Nothing has happened; it is asked again, as all readers are.
            Err(error) if error.kind() == IoKind::Interrupted => (0, false),
            Err(error) => return Err(into_error::upload_read_failed(error, self.sent())),
        };
        let Upload::Reader(Some(mark)) = std::mem::replace(&mut self.upload, Upload::Reader(None)) else {
            return Ok(());
        };
        let sent = self.sent();
        self.out.close(n);
        self.codec
            .commit_chunk(mark, n, self.out.buffer())
            .map_err(|error| into_error::local(error, sent))?;
        if end {
            self.upload = Upload::End;
        }
        Ok(())
    }

    fn read_failed(&mut self, error: io::Error, now: impl FnOnce() -> Instant) -> Result<()> {
        match error.kind() {
            IoKind::TimedOut => {
                let now = now();
                if self.awaiting_continue && !self.deadlines.is_over(now) {
                    self.awaiting_continue = false; // sent all the same, as RFC 9110 §10.1.1 has it
                    return Ok(());
                }
                Err(self.timeout_error(now))
            }
            // Under TLS, an end without close_notify: the codec knows whether that matters.
            IoKind::UnexpectedEof => {
                self.codec.receive_eof(false);
                Ok(())
            }
            _ => {
                let error = match self.waiting() {
                    Wait::Body => into_error::body_read_failed(error, self.sent()),
                    Wait::Write | Wait::Continue | Wait::Head => into_error::no_response(error, self.sent()),
                };
                Err(self.explain(error))
            }
        }
    }

    /// What is said when no answer comes after a write had failed: that the write had, and why. An answer that
    /// makes no sense is told as such.
    pub(super) fn explain(&mut self, error: Error) -> Error {
        let waits = matches!(self.progress, Progress::Nothing | Progress::Begun);
        match &mut self.upload_aborted {
            Some(aborted @ Aborted::Failed(_)) if waits && error.kind() != ErrorKind::Protocol => {
                match std::mem::replace(aborted, Aborted::Unwanted) {
                    Aborted::Failed(source) => into_error::write_failed(source, self.sent()),
                    Aborted::Unwanted => error,
                }
            }
            _ => error,
        }
    }

    pub(crate) fn timeout_error(&self, now: Instant) -> Error {
        self.deadlines.passed(self.waiting(), now).with_request_sent(self.sent())
    }
}
