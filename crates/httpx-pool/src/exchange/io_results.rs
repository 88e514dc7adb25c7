//! What a driver reports of writing and reading to its [`Exchange`]; `TimedOut` becomes the error of its timeout.
//!
//! Every report must change something. A report that changes nothing would be asked for again at once, and a driver that
//! does not have to wait would never stop. Debug builds check this.

use std::io::{self, ErrorKind as IoKind};
use std::time::Instant;

use httpx_core::{Error, ErrorKind, Result};

use super::{Aborted, Exchange, MIN_DIRECT, Progress};
use crate::into_error;
use crate::wire::Wire;

impl Exchange {
    /// Takes the result of writing [`Wire::outgoing`].
    ///
    /// # Errors
    ///
    /// If the write timeout has passed.
    pub(crate) fn wrote(
        &mut self,
        wire: &mut Wire,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        debug_assert!(!wire.is_flushed(), "there was nothing to write");
        match result {
            Ok(0) => self.abort_upload(wire, Aborted::Failed(IoKind::WriteZero.into())),
            Ok(n) => {
                self.deadlines.progressed();
                self.written += n as u64;
                self.written_since_read = self.written_since_read.saturating_add(n);
                wire.advance(n);
            }
            // The whole response is here: a server that takes no more changes nothing about it.
            Err(_) if self.progress >= Progress::Ended => self.abort_upload(wire, Aborted::Unwanted),
            Err(error) if error.kind() == IoKind::TimedOut => return Err(self.timeout_error(wire, now())),
            // A server that closes its end may have sent a response before: RFC 9112 §9.6.
            Err(error) => self.abort_upload(wire, Aborted::Failed(error)),
        }
        Ok(())
    }

    /// Takes the result of reading into [`Wire::spare`].
    ///
    /// # Errors
    ///
    /// If reading failed, or took too long.
    pub(crate) fn received(
        &mut self,
        wire: &mut Wire,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        debug_assert!(
            self.expects_response() || matches!(&result, Err(error) if error.kind() == IoKind::TimedOut),
            "nothing more was expected"
        );
        self.written_since_read = 0;
        match result {
            Ok(0) => {
                self.has_received_since_head = self.progress == Progress::Head;
                wire.receive_eof(self.ends_cleanly());
            }
            Ok(n) => {
                match self.progress {
                    Progress::Nothing => self.progress = Progress::Begun,
                    Progress::Head => self.has_received_since_head = true,
                    Progress::Begun | Progress::Ended | Progress::Finished => {}
                }
                wire.filled(n);
            }
            Err(error) => return self.read_failed(wire, error, now),
        }
        Ok(())
    }

    /// Takes note that there was nothing to read.
    pub(crate) fn nothing_to_read(&mut self) {
        self.written_since_read = 0;
    }

    /// Returns how many bytes of the body may be read directly into a buffer of this size. A small buffer is not worth
    /// it: one read would become many.
    pub(crate) fn direct_len(&self, wire: &Wire, room: usize) -> Option<usize> {
        if room < MIN_DIRECT || self.has_failed() || self.progress >= Progress::Ended || self.is_sending(wire)
        {
            return None;
        }
        wire.passthrough_len().map(|most| usize::try_from(most).unwrap_or(usize::MAX).min(room))
    }

    /// Takes the result of reading directly.
    ///
    /// # Errors
    ///
    /// If reading failed, or took too long.
    pub(crate) fn read_directly(
        &mut self,
        wire: &mut Wire,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        self.has_received_since_head = true;
        match result {
            Ok(0) => wire.receive_eof(self.ends_cleanly()),
            Ok(n) => {
                self.deadlines.progressed();
                wire.consumed_directly(n as u64);
            }
            Err(error) => return self.read_failed(wire, error, now),
        }
        Ok(())
    }

    /// Whether something of the response is still to come.
    pub(super) fn expects_response(&self) -> bool {
        self.progress < Progress::Ended
    }

    /// Whether an end of the stream can be trusted. After a write that failed it may be that of a connection which was
    /// reset: the failed write has taken the error, and the reads after it find a plain end.
    fn ends_cleanly(&self) -> bool {
        !matches!(self.upload_aborted, Some(Aborted::Failed(_)))
    }

    fn read_failed(
        &mut self,
        wire: &mut Wire,
        error: io::Error,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        match error.kind() {
            IoKind::TimedOut => self.read_timed_out(wire, now()),
            // Under TLS, an end without close_notify: the codec knows whether that matters.
            IoKind::UnexpectedEof => {
                wire.receive_eof(false);
                Ok(())
            }
            _ => {
                let error = match self.progress {
                    Progress::Nothing | Progress::Begun => into_error::no_response(error, self.sent(wire)),
                    Progress::Head | Progress::Ended | Progress::Finished => {
                        into_error::body_read_failed(error, self.sent(wire))
                    }
                };
                Err(self.explain(wire, error))
            }
        }
    }

    fn read_timed_out(&mut self, wire: &mut Wire, now: Instant) -> Result<()> {
        if self.progress >= Progress::Ended {
            self.abort_upload(wire, Aborted::Unwanted);
        } else if self.awaiting_continue(wire) && !self.deadlines.is_over(now) {
            self.continues_anyway = true; // RFC 9110 §10.1.1
        } else {
            return Err(self.timeout_error(wire, now));
        }
        Ok(())
    }

    /// Replaces the error of a response that does not come after a write had failed: that write is the reason. A
    /// response that cannot be understood stays the error.
    pub(super) fn explain(&mut self, wire: &Wire, error: Error) -> Error {
        let waits = self.progress < Progress::Head && error.kind() != ErrorKind::Protocol;
        let sent = self.sent(wire);
        match &mut self.upload_aborted {
            Some(Aborted::Failed(source)) if waits => {
                let kind = source.kind();
                into_error::write_failed(std::mem::replace(source, kind.into()), sent)
            }
            _ => error,
        }
    }

    /// Returns the error of a wait that has lasted too long.
    pub(crate) fn timeout_error(&self, wire: &Wire, now: Instant) -> Error {
        self.deadlines.timeout_error(self.waiting(wire), now).with_request_sent(self.sent(wire))
    }
}
