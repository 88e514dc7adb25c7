//! The request's side of an [`Exchange`]: the body, whether it is held back, and why it is not sent to its end.

use std::io::{self, ErrorKind as IoKind};
use std::time::Instant;

use bytes::Bytes;
use httpx_core::Result;

use super::{CHECK_INTERVAL, CHECK_TIME, Exchange, FIRST_UPLOAD_READ, UPLOAD_READ};
use crate::into_error;
use crate::wire::Wire;

/// What is still to be sent after the head.
#[derive(Debug, Default)]
pub(super) enum Upload {
    Bytes(Bytes),
    /// The driver reads the request's body into a buffer of the wire.
    Reader,
    /// The driver takes chunks from the request's body, which are sent without a copy.
    Chunks,
    End,
    #[default]
    Nothing,
}

/// Why the rest of the request is not sent.
#[derive(Debug)]
pub(super) enum Aborted {
    /// The response makes it useless.
    Unwanted,
    /// It cannot be written. A response that explains why may still come.
    Failed(io::Error),
}

impl Exchange {
    /// Whether something of the request can be sent now.
    pub(super) fn is_sending(&self, wire: &Wire) -> bool {
        !wire.is_flushed() || !self.upload.is_nothing() && !self.awaiting_continue(wire)
    }

    /// Whether the body is held back until the server says `100 Continue`, or has had time to (RFC 9110 §10.1.1).
    pub(super) fn awaiting_continue(&self, wire: &Wire) -> bool {
        !self.upload.is_nothing() && !self.continues_anyway && wire.awaits_continue()
    }

    /// Whether the request's body may still be asked for bytes.
    pub(crate) fn reads_upload(&self) -> bool {
        matches!(self.upload, Upload::Reader | Upload::Chunks)
    }

    /// Appends the next part of the body and its end, as far as they can be sent now.
    pub(super) fn append_upload(&mut self, wire: &mut Wire) -> Result<()> {
        let sent = self.sent(wire);
        let local = |error| into_error::local(error, sent);
        if let Upload::Bytes(bytes) = &mut self.upload {
            wire.send_bytes(std::mem::take(bytes)).map_err(local)?;
            self.upload = Upload::End;
        }
        if let Upload::End = self.upload
            && !wire.is_lending()
        {
            let trailers = self.request_trailers.take().map(|trailers| trailers.get()).transpose();
            let trailers = trailers.map_err(|error| error.with_request_sent(sent))?;
            wire.send_end(trailers.as_ref()).map_err(local)?;
            self.upload = Upload::Nothing;
        }
        Ok(())
    }

    /// Ends the upload: the rest of the request is not sent.
    pub(super) fn abort_upload(&mut self, wire: &mut Wire, why: Aborted) {
        self.upload_aborted = Some(why);
        self.upload = Upload::Nothing;
        wire.abort_sending();
    }

    /// Returns the buffer into which the request's body is read.
    pub(crate) fn upload_buffer<'w>(&self, wire: &'w mut Wire) -> &'w mut [u8] {
        let is_long = self.written > UPLOAD_READ as u64;
        wire.upload_room(if is_long { UPLOAD_READ } else { FIRST_UPLOAD_READ })
    }

    /// Takes the result of reading the request's body into [`upload_buffer`](Self::upload_buffer); 0 is its end.
    ///
    /// # Errors
    ///
    /// If the body could not be read, or has another length than announced.
    pub(crate) fn upload_read(
        &mut self,
        wire: &mut Wire,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        let n = match result {
            Ok(n) => n,
            // Nothing has happened; it is asked again, as all readers are.
            Err(error) if error.kind() == IoKind::Interrupted => return self.check_in_time(wire, now),
            Err(error) => return Err(into_error::upload_read_failed(error, self.sent(wire))),
        };
        let sent = self.sent(wire);
        wire.send_room(n).map_err(|error| into_error::local(error, sent))?;
        if n == 0 {
            self.upload = Upload::End;
        } else {
            self.check_if_slow(now());
        }
        Ok(())
    }

    /// Takes the next chunk of the request's body; `None` is its end.
    ///
    /// # Errors
    ///
    /// If the body could not be read, or is longer than announced.
    pub(crate) fn upload_chunk(
        &mut self,
        wire: &mut Wire,
        result: io::Result<Option<Bytes>>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        match result {
            Ok(Some(chunk)) => {
                let sent = self.sent(wire);
                wire.send_bytes(chunk).map_err(|error| into_error::local(error, sent))?;
                self.check_if_slow(now());
            }
            Ok(None) => self.upload = Upload::End,
            // Blocking bodies end a long row of empty chunks so: the time may be up.
            Err(error) if error.kind() == IoKind::Interrupted => return self.check_in_time(wire, now),
            Err(error) => return Err(into_error::upload_read_failed(error, self.sent(wire))),
        }
        Ok(())
    }

    /// Ends a body whose bytes have all been sent. Its source has perhaps not ended: a stream whose other end waits for the
    /// response, for example.
    #[cold]
    pub(super) fn end_full_upload(&mut self, wire: &Wire) {
        if self.reads_upload() && wire.has_full_body() {
            self.upload = Upload::End;
        }
    }

    /// Takes note that the request's body has nothing to give yet. Returns whether the driver reads the response
    /// while it waits for more.
    ///
    /// When the whole response is here nothing more is read: an end of the stream, or bytes that no request asked for,
    /// would be read forever.
    #[cfg(feature = "async")]
    pub(crate) fn no_upload_yet(&self) -> bool {
        self.expects_response()
    }

    /// Makes the next step a check for an early response if the body comes slowly.
    fn check_if_slow(&mut self, now: Instant) {
        let checked = *self.checked_at.get_or_insert(now);
        if now.saturating_duration_since(checked) >= CHECK_TIME {
            self.checked_at = Some(now);
            self.written_since_read = CHECK_INTERVAL;
        }
    }
}

impl Upload {
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Upload::Nothing)
    }
}
