//! One TLS connection without I/O: encrypted bytes in and out, plaintext in and out.
//!
//! ```text
//!            spare, received                   read
//!   socket ──────────────────▶ raw ──▶ rustls ──────▶ driver
//!          ◀────────────────── out ◀── rustls ◀──────
//!             outgoing, sent                begin_write
//! ```
//!
//! rustls asks a reader for 4 KiB at a time, which costs five system calls for a full record. Here the driver reads as
//! much as there is into its own buffer, and rustls gets slices of it. It gets the next slice only when the plaintext
//! of the last one has been taken, so it never holds more than one record.
//!
//! Every decision is here: the meaning of the end of a handshake, which bytes count as written, how many records
//! without data are accepted, when a connection is drained. The two drivers, `blocking/tls.rs` and `ahttpx/tls.rs`,
//! wait.

use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::time::Duration;

use httpx_core::TlsDetails;
use rustls::ClientConnection;
use rustls_pki_types::ServerName;

use super::config::TlsConfig;
use super::details::details;
use super::error::{HandshakeError, TlsError};

mod batch;
mod buffers;
mod idle;
mod records;

use batch::Batch;
use buffers::{OutgoingRecords, RawBuffer};
use records::Records;

/// The most plaintext that is encrypted at a time: four records. A large body is sent in large writes, and little of it
/// waits between the caller and the socket.
const MAX_WRITE: usize = 64 * 1024;

/// The most pending bytes to which more ciphertext may be appended, so that the end of a handshake or the response to a
/// key update needs no separate write.
const MAX_PIGGYBACK: usize = 4 * 1024;

/// The most reads in a row that do not wait and give no plaintext. This is enough for a long record that comes in
/// several reads. Without a limit, a peer that sends session tickets faster than they are read would hold the caller.
pub(crate) const MAX_SILENT_READS: usize = 16;

/// The most records in a row without plaintext: session tickets, key updates, empty records. Servers send a handful
/// of tickets; Go allows 16 such records.
const MAX_SILENT_RECORDS: usize = 64;

const NO_CLOSE_NOTIFY: &str =
    "the peer closed the connection without close_notify: the data may be incomplete";

/// Reads and writes of one TLS connection.
pub(crate) struct Session {
    tls: ClientConnection,
    host: Box<str>,
    /// Received, and not yet given to rustls.
    raw: RawBuffer,
    /// To be sent.
    out: OutgoingRecords,
    records: Records,
    /// How many bytes of plaintext rustls holds.
    plain: usize,
    /// How many records have ended since the last plaintext.
    silent_records: usize,
    incoming: Incoming,
    /// The write that is under way.
    batch: Batch,
    /// TLS has failed. Reads report it once all earlier plaintext has been taken.
    error: Option<TlsError>,
    /// The read of a check failed. The next read reports it.
    read_error: Option<io::Error>,
    /// A write failed. Every later write reports it.
    write_error: Option<io::Error>,
}

/// The state of the peer's direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Incoming {
    Open,
    /// By close_notify.
    Closed,
    /// The stream ended without close_notify: an attacker may have cut it (RFC 8446 §6.1).
    Cut,
}

/// The result of [`Session::read_plain`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadOutcome {
    /// This many bytes.
    Bytes(usize),
    /// No plaintext yet: receive more.
    NeedData,
    /// The clean end.
    Closed,
    /// The end without close_notify.
    Cut,
}

impl Session {
    pub(crate) fn new(config: &TlsConfig, host: &str) -> Result<Self, HandshakeError> {
        let no_name = |_| HandshakeError::name(host);
        let name = ServerName::try_from(host.to_owned()).map_err(no_name)?;
        let config = config.for_host(host)?;
        let mut tls = ClientConnection::new(config, name).map_err(|e| TlsError::new(host, e))?;
        // Bounded by MAX_WRITE.
        tls.set_buffer_limit(None);
        let mut session = Self {
            tls,
            host: host.into(),
            raw: RawBuffer::default(),
            out: OutgoingRecords::default(),
            records: Records::default(),
            plain: 0,
            silent_records: 0,
            incoming: Incoming::Open,
            batch: Batch::default(),
            error: None,
            read_error: None,
            write_error: None,
        };
        session.collect();
        Ok(session)
    }

    /// Returns whether the handshake needs more bytes from the peer, and may still get them.
    pub(crate) fn is_handshaking(&self) -> bool {
        self.tls.is_handshaking() && self.error.is_none() && self.incoming == Incoming::Open
    }

    /// Judges the handshake when it is over, or when the stream has failed.
    pub(crate) fn end_handshake(&self, result: io::Result<()>) -> Result<(), HandshakeError> {
        match (result, &self.error) {
            (Err(error), _) => Err(HandshakeError::io(&self.host, error)),
            (Ok(()), Some(error)) => Err(error.clone().into()),
            (Ok(()), None) if self.tls.is_handshaking() => Err(HandshakeError::cut(&self.host)),
            (Ok(()), None) => Ok(()),
        }
    }

    /// Returns the parameters that the handshake negotiated.
    pub(crate) fn details(&self, handshake_time: Duration) -> TlsDetails {
        details(&self.tls, handshake_time)
    }

    /// Returns whether TLS has failed. The alert that tells the peer is in [`outgoing`](Self::outgoing).
    pub(crate) fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    /// Returns room for encrypted bytes. It is never empty once all received bytes have been read.
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        self.raw.spare()
    }

    /// Takes over the first `n` bytes of [`spare`](Self::spare), which have been received; 0 is the end of the stream.
    pub(crate) fn received(&mut self, n: usize) {
        if n > 0 {
            self.raw.filled(n);
            self.pump();
        } else if self.incoming == Incoming::Open {
            self.incoming = Incoming::Cut;
        }
    }

    /// Keeps the error of a read that only looked, for the next [`read`](Self::read).
    #[cfg(feature = "blocking")]
    pub(crate) fn keep_read_error(&mut self, error: io::Error) {
        self.read_error = Some(error);
    }

    /// Fills `buf` with the plaintext that is there. Plaintext before an error or an end is given first.
    pub(crate) fn read_plain(&mut self, buf: &mut [u8]) -> Result<ReadOutcome, TlsError> {
        let mut filled = 0;
        loop {
            self.pump();
            let (_, rest) = buf.split_at_mut(filled);
            if rest.is_empty() || self.plain == 0 {
                break;
            }
            // This fails only where there is no plaintext, and it has just been counted.
            let n = self.tls.reader().read(rest).unwrap_or(0);
            self.plain = if n == 0 { 0 } else { self.plain.saturating_sub(n) };
            filled += n;
        }
        match (filled, &self.error, self.incoming) {
            (0, _, _) if buf.is_empty() => Ok(ReadOutcome::Bytes(0)),
            (0, Some(error), _) => Err(error.clone()),
            (0, None, Incoming::Open) => Ok(ReadOutcome::NeedData),
            (0, None, Incoming::Closed) => Ok(ReadOutcome::Closed),
            (0, None, Incoming::Cut) => Ok(ReadOutcome::Cut),
            (filled, _, _) => Ok(ReadOutcome::Bytes(filled)),
        }
    }

    /// Reads as a stream does: plaintext, 0 at the clean end, an error where the stream was cut. `None` means that more
    /// must be received first.
    pub(crate) fn read(&mut self, buf: &mut [u8]) -> io::Result<Option<usize>> {
        match self.read_plain(buf)? {
            ReadOutcome::Bytes(n) => Ok(Some(n)),
            ReadOutcome::Closed => Ok(Some(0)),
            ReadOutcome::Cut => Err(io::Error::new(io::ErrorKind::UnexpectedEof, NO_CLOSE_NOTIFY)),
            ReadOutcome::NeedData => self.read_error.take().map_or(Ok(None), Err),
        }
    }

    /// Reads plaintext with a bounded number of reads, none of which waits.
    ///
    /// # Errors
    ///
    /// `WouldBlock` or `TimedOut` if there is no plaintext yet.
    pub(crate) fn read_now(
        &mut self,
        buf: &mut [u8],
        mut read_now: impl FnMut(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        for _ in 0..MAX_SILENT_READS {
            if let Some(n) = self.read(buf)? {
                return Ok(n);
            }
            let n = read_now(self.spare())?;
            self.received(n);
        }
        self.read(buf)?.ok_or_else(|| io::ErrorKind::WouldBlock.into())
    }

    /// Returns whether [`read`](Self::read) would return anything but `None`.
    pub(crate) fn is_readable(&self) -> bool {
        self.plain > 0 || self.error.is_some() || self.read_error.is_some() || self.incoming != Incoming::Open
    }

    /// Returns whether earlier bytes must be sent before more is encrypted.
    pub(crate) fn must_flush(&self) -> bool {
        !self.batch.is_unreported() && self.outgoing().len() > MAX_PIGGYBACK
    }

    /// Returns whether a write would report some bytes at once, although the stream may take no more now.
    #[cfg(feature = "blocking")]
    pub(crate) fn has_written(&self) -> bool {
        self.write_error.is_some() || self.batch.reportable(self.out.sent()) > 0
    }

    /// Begins a write: encrypts the first bytes of `bufs` into [`outgoing`](Self::outgoing). If an earlier write has
    /// ended early, these bytes are encrypted already, and this write only continues it.
    pub(crate) fn begin_write(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<()> {
        if let Some(error) = &mut self.write_error {
            let kind = error.kind();
            return Err(std::mem::replace(error, kind.into()));
        }
        if self.batch.is_unreported() {
            return Ok(());
        }
        if let Some(error) = &self.error {
            return Err(error.clone().into());
        }
        let start = self.out.end();
        let encrypted = self.encrypt(bufs);
        self.collect();
        let plain = encrypted.map_err(|e| {
            let error = rustls::Error::General(e.to_string());
            TlsError::new(&self.host, error)
        })?;
        self.batch = Batch::new(start, self.out.end(), plain);
        Ok(())
    }

    fn encrypt(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        if length(bufs) <= MAX_WRITE {
            // Head and small body in one record.
            return self.tls.writer().write_vectored(bufs);
        }
        let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
        self.tls.writer().write(first.get(..MAX_WRITE).unwrap_or(first))
    }

    /// Ends a write of `bufs` when all has been flushed, or when the stream took no more. Returns how many bytes count as
    /// written: if some ciphertext of this write has gone out, at least one, and the error is kept for the next write.
    pub(crate) fn end_write(&mut self, bufs: &[IoSlice<'_>], flushed: io::Result<()>) -> io::Result<usize> {
        let written = self.batch.report(self.out.sent(), length(bufs));
        let Err(error) = flushed else { return Ok(written) };
        if written == 0 {
            return Err(error);
        }
        if !is_wait(&error) {
            self.write_error = Some(error);
        }
        Ok(written)
    }

    /// Returns the encrypted bytes that are to be sent.
    pub(crate) fn outgoing(&self) -> &[u8] {
        self.out.bytes()
    }

    /// The first `n` bytes of [`outgoing`](Self::outgoing) have been sent.
    pub(crate) fn sent(&mut self, n: usize) {
        self.out.advance(n);
    }

    /// Stops sending. Every later write reports the error. Reads continue, because there may be a response that
    /// explains it.
    pub(crate) fn fail_writes(&mut self, error: io::Error) {
        self.write_error = Some(error);
        self.out.clear();
    }

    /// Sends close_notify. The peer's direction stays open.
    pub(crate) fn close(&mut self) {
        self.tls.send_close_notify();
        self.collect();
    }

    /// Gives received bytes to rustls, until there is plaintext or no byte is left.
    fn pump(&mut self) {
        while self.plain == 0 && self.error.is_none() && !self.raw.bytes().is_empty() {
            if self.incoming == Incoming::Closed {
                // Data after close_notify is ignored (RFC 8446 §6.1).
                self.raw.consume(usize::MAX);
                return;
            }
            if let Err(error) = self.pump_once() {
                self.error = Some(TlsError::new(&self.host, error));
            }
            self.collect();
        }
    }

    fn pump_once(&mut self) -> Result<(), rustls::Error> {
        let was_handshaking = self.tls.is_handshaking();
        let mut received = self.raw.bytes();
        let taken = self.tls.read_tls(&mut received).map_err(|e| rustls::Error::General(e.to_string()))?;
        let ended = self.records.advance(self.raw.bytes().get(..taken).unwrap_or_default());
        self.raw.consume(taken);
        let processed = self.tls.process_new_packets();
        // Plaintext that was decrypted before a failure is still good, and is still there.
        self.plain = match &processed {
            Ok(state) => state.plaintext_bytes_to_read(),
            Err(_) => buffered(&mut self.tls),
        };
        if processed?.peer_has_closed() {
            self.incoming = Incoming::Closed;
        }
        let silent = self.plain == 0 && !was_handshaking;
        self.silent_records = if silent { self.silent_records + ended } else { 0 };
        if self.silent_records > MAX_SILENT_RECORDS {
            return Err(TlsError::too_many_silent_records());
        }
        Ok(())
    }

    /// Takes the bytes that rustls wants to send, such as the alert that explains a failure.
    fn collect(&mut self) {
        while self.tls.wants_write() && self.out.take_from(&mut self.tls).is_ok() {}
    }
}

/// Returns whether an error only means that a read or a write would have to wait.
fn is_wait(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

fn length(bufs: &[IoSlice<'_>]) -> usize {
    bufs.iter().fold(0, |total, buf| total.saturating_add(buf.len()))
}

/// Returns how much plaintext can be read at once, where rustls does not say.
fn buffered(tls: &mut ClientConnection) -> usize {
    tls.reader().into_first_chunk().map_or(0, <[u8]>::len)
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("host", &self.host)
            .field("version", &self.tls.protocol_version())
            .field("incoming", &self.incoming)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
