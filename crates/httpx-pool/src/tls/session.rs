//! One TLS connection without its I/O: raw bytes in and out, plaintext in and out.
//!
//! ```text
//!             spare, feed                  read_plain
//!   socket ──────────────▶ raw ──▶ rustls ────────────▶ driver
//!          ◀────────────── out ◀── rustls ◀────────────
//!           outgoing, sent                 write_plain
//! ```
//!
//! rustls asks a reader for 4 KiB at a time, which is five system calls for a full record. Here the driver reads into
//! a buffer of ours, as much as there is, and rustls is handed slices of it. It gets the next one only when the
//! plaintext of the last has been taken, so that it never holds more than one record.

use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::time::Duration;

use rustls::{ClientConnection, HandshakeKind, ProtocolVersion};
use rustls_pki_types::ServerName;

use super::config::{TlsConfig, TlsVersion};
use super::details::TlsDetails;
use super::error::{HandshakeError, TlsError};
use crate::stream::{DeadReason, Liveness};

mod buffers;
mod records;

use buffers::{Outgoing, RawBuffer};
use records::Records;

/// How much plaintext is encrypted at a time: four records, so that a large body goes out in large writes, and what
/// lies between us and the socket stays small.
const MAX_WRITE: usize = 64 * 1024;

/// How much may be waiting to be sent when more is encrypted behind it: the end of a handshake, an answer to a key
/// update, which then cost no write of their own.
const MAX_PIGGYBACK: usize = 4 * 1024;

/// How many reads a look makes: a peer that sends tickets faster than they are read is no good to wait for.
const LOOKS: usize = 16;

const MISSING_CLOSE_NOTIFY: &str = "the peer ended the connection without close_notify: it may have been cut";

pub(crate) struct Session {
    tls: ClientConnection,
    host: Box<str>,
    /// Received, and not yet seen by rustls.
    raw: RawBuffer,
    /// To be sent.
    out: Outgoing,
    /// Whether rustls is in the middle of a record.
    records: Records,
    /// How many bytes of plaintext rustls holds.
    plain: usize,
    incoming: Incoming,
    /// Told again to whoever asks, but only when all plaintext that came before has been taken.
    error: Option<TlsError>,
}

/// How the peer's direction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Incoming {
    Open,
    /// By close_notify.
    Closed,
    /// The stream ended without close_notify: somebody may have cut it (RFC 8446 section 6.1).
    Cut,
}

/// What [`Session::read_plain`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadOutcome {
    /// So many bytes.
    Bytes(usize),
    /// None yet: receive more.
    NeedData,
    /// The clean end.
    Closed,
    /// The end without close_notify.
    Cut,
}

impl Session {
    pub(crate) fn new(config: &TlsConfig, host: &str) -> Result<Self, HandshakeError> {
        let no_name = |_| HandshakeError::Name { host: host.into() };
        let name = ServerName::try_from(host.to_owned()).map_err(no_name)?;
        let config = config.rustls()?.clone();
        let mut tls = ClientConnection::new(config, name).map_err(|e| TlsError::new(host, e))?;
        // Bounded by what we hand over at a time.
        tls.set_buffer_limit(None);
        let mut session = Self {
            tls,
            host: host.into(),
            raw: RawBuffer::default(),
            out: Outgoing::default(),
            records: Records::default(),
            plain: 0,
            incoming: Incoming::Open,
            error: None,
        };
        session.collect();
        Ok(session)
    }

    pub(crate) fn is_handshaking(&self) -> bool {
        self.tls.is_handshaking()
    }

    pub(crate) fn error(&self) -> Option<&TlsError> {
        self.error.as_ref()
    }

    /// Room for raw bytes, never empty once everything received has been read.
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        self.raw.spare()
    }

    /// The first `n` bytes of [`spare`](Self::spare) have been received.
    pub(crate) fn feed(&mut self, n: usize) {
        self.raw.filled(n);
        self.pump();
    }

    /// The stream has ended.
    pub(crate) fn eof(&mut self) {
        if self.incoming == Incoming::Open {
            self.incoming = Incoming::Cut;
        }
    }

    /// Fills `buf` with plaintext as far as it has come in. What came before an error or an end is given first.
    pub(crate) fn read_plain(&mut self, buf: &mut [u8]) -> Result<ReadOutcome, TlsError> {
        let mut filled = 0;
        loop {
            self.pump();
            let (_, rest) = buf.split_at_mut(filled);
            if rest.is_empty() || self.plain == 0 {
                break;
            }
            // Fails only where there is no plaintext, and we have just counted it.
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

    /// As a stream's read: the plaintext that is there, 0 at the clean end, an error where it was cut; `None` if more
    /// must be received first.
    pub(crate) fn read(&mut self, buf: &mut [u8]) -> io::Result<Option<usize>> {
        match self.read_plain(buf)? {
            ReadOutcome::Bytes(n) => Ok(Some(n)),
            ReadOutcome::Closed => Ok(Some(0)),
            ReadOutcome::Cut => Err(io::Error::new(io::ErrorKind::UnexpectedEof, MISSING_CLOSE_NOTIFY)),
            ReadOutcome::NeedData => Ok(None),
        }
    }

    /// Whether what is to be sent must be, before more is encrypted behind it.
    pub(crate) fn is_full(&self) -> bool {
        self.outgoing().len() > MAX_PIGGYBACK
    }

    /// Whether [`read_plain`](Self::read_plain) would give anything but [`ReadOutcome::NeedData`].
    pub(crate) fn is_readable(&self) -> bool {
        self.plain > 0 || self.error.is_some() || self.incoming != Incoming::Open
    }

    /// Encrypts the first bytes of what is given and says how many; they are in [`outgoing`](Self::outgoing) then.
    pub(crate) fn write_plain(&mut self, bufs: &[IoSlice<'_>]) -> Result<usize, TlsError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let total = bufs.iter().fold(0_usize, |total, buf| total.saturating_add(buf.len()));
        let written = if total <= MAX_WRITE {
            // Head and small body in one record.
            self.tls.writer().write_vectored(bufs)
        } else {
            let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
            self.tls.writer().write(first.get(..MAX_WRITE).unwrap_or(first))
        };
        self.collect();
        written.map_err(|e| TlsError::new(&self.host, rustls::Error::General(e.to_string())))
    }

    /// Raw bytes to be sent.
    pub(crate) fn outgoing(&self) -> &[u8] {
        self.out.bytes()
    }

    /// The first `n` bytes of [`outgoing`](Self::outgoing) have been sent.
    pub(crate) fn sent(&mut self, n: usize) {
        self.out.sent(n);
    }

    /// What is to be sent can no longer be.
    pub(crate) fn discard_outgoing(&mut self) {
        self.out.sent(usize::MAX);
    }

    /// Says goodbye (close_notify). The peer's direction stays open.
    pub(crate) fn close(&mut self) {
        self.tls.send_close_notify();
        self.collect();
    }

    /// Whether everything received has been handed out. Gives back memory that has grown.
    pub(crate) fn is_drained(&mut self) -> bool {
        self.pump();
        self.raw.shrink();
        self.out.shrink();
        self.plain == 0 && self.raw.bytes().is_empty() && self.records.at_boundary()
    }

    /// Takes in whatever waits, by a read that does not wait itself, and says whether this connection may carry a
    /// request.
    pub(crate) fn look_at(&mut self, mut read_now: impl FnMut(&mut [u8]) -> io::Result<usize>) -> Liveness {
        for _ in 0..LOOKS {
            if self.is_readable() {
                break;
            }
            match read_now(self.spare()) {
                Ok(0) => return Liveness::Dead(DeadReason::Ended),
                Ok(n) => self.feed(n),
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    return self.look();
                }
                Err(e) => return Liveness::Dead(DeadReason::Failed(e.kind())),
            }
        }
        match self.look() {
            // Still more of it is waiting.
            Liveness::Alive => Liveness::Dead(DeadReason::Unasked),
            dead => dead,
        }
    }

    /// After everything that had come in without waiting has been fed: may this connection carry a request?
    ///
    /// Tickets, key updates and the like have left no trace. Half a record might become plaintext that nobody asked
    /// for, so it counts as that.
    pub(crate) fn look(&mut self) -> Liveness {
        self.pump();
        match (&self.error, self.incoming) {
            (Some(_), _) => Liveness::Dead(DeadReason::Failed(io::ErrorKind::InvalidData)),
            _ if self.plain > 0 => Liveness::Dead(DeadReason::Unasked),
            (None, Incoming::Closed | Incoming::Cut) => Liveness::Dead(DeadReason::Ended),
            (None, Incoming::Open) if !self.records.at_boundary() => Liveness::Dead(DeadReason::Unasked),
            (None, Incoming::Open) => Liveness::Alive,
        }
    }

    /// The protocol that was agreed upon (ALPN).
    pub(crate) fn alpn(&self) -> Option<&[u8]> {
        self.tls.alpn_protocol()
    }

    /// Whether the handshake was a full or a resumed one.
    /// What the handshake agreed on; without the time that it took.
    pub(crate) fn details(&self) -> TlsDetails {
        let cipher_suite = self.tls.negotiated_cipher_suite();
        TlsDetails {
            version: match self.protocol_version() {
                Some(ProtocolVersion::TLSv1_3) => TlsVersion::Tls13,
                _ => TlsVersion::Tls12,
            },
            cipher_suite: cipher_suite.and_then(|chosen| chosen.suite().as_str()).unwrap_or("unknown"),
            alpn: self.alpn().map(Box::from),
            is_resumed: self.handshake_kind() == Some(HandshakeKind::Resumed),
            handshake_time: Duration::ZERO,
        }
    }

    pub(crate) fn handshake_kind(&self) -> Option<HandshakeKind> {
        self.tls.handshake_kind()
    }

    /// The version that was agreed upon.
    pub(crate) fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.tls.protocol_version()
    }

    /// Hands rustls what was received, until there is plaintext or nothing is left.
    fn pump(&mut self) {
        while self.plain == 0 && self.error.is_none() && !self.raw.bytes().is_empty() {
            if self.incoming == Incoming::Closed {
                // Whatever follows a close_notify is to be ignored (RFC 8446 section 6.1).
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
        let mut received = self.raw.bytes();
        let taken = self.tls.read_tls(&mut received).map_err(|e| rustls::Error::General(e.to_string()))?;
        self.records.advance(self.raw.bytes().get(..taken).unwrap_or_default());
        self.raw.consume(taken);
        let processed = self.tls.process_new_packets();
        // What was decrypted before a failure is still good, and is still there.
        self.plain = match &processed {
            Ok(state) => state.plaintext_bytes_to_read(),
            Err(_) => buffered(&mut self.tls),
        };
        if processed?.peer_has_closed() {
            self.incoming = Incoming::Closed;
        }
        Ok(())
    }

    /// Takes over what rustls wants to send; also the alert that explains a failure.
    fn collect(&mut self) {
        while self.tls.wants_write() && self.out.take_from(&mut self.tls).is_ok() {}
    }
}

/// How much plaintext can be read at once, where rustls does not say.
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
#[path = "session_tests.rs"]
mod tests;
