//! TLS over any stream: reads and writes for a [`Session`], which decides.

use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rustls::HandshakeKind;

use super::deadline::Deadline;
use super::stream::NetworkStream;
use crate::stream::{DeadReason, Interest, Liveness, Readiness};
use crate::tls::{HandshakeError, Session, TlsConfig, TlsDetails};

const NOW: Option<Duration> = Some(Duration::ZERO);

/// How many reads without plaintext are made when there is no time left: enough for the rest of a long record, which
/// comes in several. A peer could go on with tickets and the like for ever.
const LATE_READS: usize = 16;

/// A [`NetworkStream`] that speaks TLS over another.
#[derive(Debug)]
pub struct TlsStream<S> {
    inner: S,
    session: Session,
    /// How much of the next write has been encrypted, and waits to be sent.
    encrypted_unreported: usize,
    /// What a read failed with that was made only to see whether one would wait. The next one reports it.
    read_error: Option<io::Error>,
}

impl<S: NetworkStream> TlsStream<S> {
    /// Shakes hands with `host` (a name, or an address without brackets) over `inner`, by the deadline.
    ///
    /// The last message of ours may go out only with the first write or read: it travels with the request.
    ///
    /// # Errors
    ///
    /// [`HandshakeError`]; where TLS itself failed the peer has been told why.
    pub fn handshake(
        inner: S,
        config: &TlsConfig,
        host: &str,
        deadline: Option<Instant>,
    ) -> Result<Self, HandshakeError> {
        let session = Session::new(config, host)?;
        let mut stream = Self { inner, session, encrypted_unreported: 0, read_error: None };
        let countdown = Deadline::at(deadline);
        match stream.shake_hands(countdown) {
            Ok(()) => {}
            Err(e) if e.kind() == ErrorKind::TimedOut => {
                return Err(HandshakeError::TimedOut { host: host.into() });
            }
            Err(source) => return Err(HandshakeError::Io { host: host.into(), source }),
        }
        match stream.session.error() {
            Some(error) => Err(error.clone().into()),
            None if stream.session.is_handshaking() => Err(HandshakeError::Cut { host: host.into() }),
            None => Ok(stream),
        }
    }

    /// The protocol that was agreed upon by ALPN (RFC 7301), if any.
    pub fn alpn(&self) -> Option<&[u8]> {
        self.session.alpn()
    }

    /// The version of TLS that is spoken.
    pub fn version(&self) -> Option<rustls::ProtocolVersion> {
        self.session.protocol_version()
    }

    /// What the handshake agreed on, as the pool lists it.
    pub(crate) fn details(&self) -> TlsDetails {
        self.session.details()
    }

    /// Whether an earlier session was resumed, which saves the server's certificate and its check.
    pub fn is_resumed(&self) -> bool {
        self.session.handshake_kind() == Some(HandshakeKind::Resumed)
    }

    /// Until the handshake is done, has failed, or the peer has gone.
    fn shake_hands(&mut self, countdown: Deadline) -> io::Result<()> {
        while self.session.is_handshaking() {
            self.flush(countdown)?;
            let n = self.inner.read(self.session.spare(), countdown.remaining())?;
            self.session.feed(n);
            if self.session.error().is_some() {
                // The alert. Whether it arrives changes nothing.
                self.send_now();
                return Ok(());
            }
            if n == 0 {
                return Ok(());
            }
            if countdown.is_over() {
                return Err(ErrorKind::TimedOut.into());
            }
        }
        Ok(())
    }

    /// Sends all that is to be sent.
    fn flush(&mut self, countdown: Deadline) -> io::Result<()> {
        while !self.session.outgoing().is_empty() {
            let sent = self.inner.write(self.session.outgoing(), countdown.remaining())?;
            self.session.sent(sent);
        }
        Ok(())
    }

    /// Sends what can be sent without waiting. A failure is left to the next read, which may still find an answer.
    fn send_now(&mut self) {
        while !self.session.outgoing().is_empty() {
            match self.inner.write(self.session.outgoing(), NOW) {
                Ok(sent) => self.session.sent(sent),
                Err(e) if e.kind() == ErrorKind::TimedOut => return,
                Err(_) => self.session.discard_outgoing(),
            }
        }
    }

    /// Receives once. What is still to be sent is sent meanwhile: the peer may be waiting for it, or may read on only
    /// when we have read.
    fn receive(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        self.send_now();
        if self.session.outgoing().is_empty() {
            return self.receive_only(timeout);
        }
        let countdown = Deadline::after(timeout);
        while !self.session.outgoing().is_empty() {
            let ready = self.inner.ready(Interest::Both, countdown.remaining())?;
            if ready.is_none() {
                return Err(ErrorKind::TimedOut.into());
            }
            if ready.readable {
                break;
            }
            self.send_now();
        }
        self.receive_only(countdown.remaining())
    }

    fn receive_only(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        match self.inner.read(self.session.spare(), timeout)? {
            0 => self.session.eof(),
            n => self.session.feed(n),
        }
        if self.session.error().is_some() {
            // The alert that says why.
            self.send_now();
        }
        Ok(())
    }

    fn encrypt_and_send(&mut self, bufs: &[IoSlice<'_>], timeout: Option<Duration>) -> io::Result<usize> {
        let countdown = Deadline::after(timeout);
        if self.encrypted_unreported == 0 {
            if self.session.is_full() {
                self.flush(countdown)?;
            }
            self.encrypted_unreported = self.session.write_plain(bufs)?;
        }
        // It has been encrypted, and encrypted again it would arrive twice; but it is taken over only when it is on
        // its way, for behind the last write nobody would send what is left.
        self.flush(countdown)?;
        Ok(std::mem::take(&mut self.encrypted_unreported))
    }

    /// What there is without any waiting; none of it when there is nothing to say yet.
    fn ready_now(&self, interest: Interest, inner: Readiness) -> Readiness {
        let flushed = self.session.outgoing().is_empty();
        Readiness {
            readable: interest.wants_read() && (self.session.is_readable() || self.read_error.is_some()),
            writable: interest.wants_write() && inner.writable && flushed,
        }
    }
}

impl<S: NetworkStream> NetworkStream for TlsStream<S> {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        let countdown = Deadline::after(timeout);
        let (mut remaining, mut late_reads) = (timeout, 0);
        loop {
            if let Some(n) = self.session.read(buf)? {
                return Ok(n);
            }
            if let Some(error) = self.read_error.take() {
                return Err(error);
            }
            self.receive(remaining)?;
            remaining = countdown.remaining();
            if remaining == NOW && !self.session.is_readable() {
                // Half a record, whose rest may be here, or one without plaintext.
                late_reads += 1;
                if late_reads == LATE_READS {
                    return Err(ErrorKind::TimedOut.into());
                }
            }
        }
    }

    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        self.encrypt_and_send(&[IoSlice::new(buf)], timeout)
    }

    fn write_vectored(&mut self, bufs: &[IoSlice<'_>], timeout: Option<Duration>) -> io::Result<usize> {
        self.encrypt_and_send(bufs, timeout)
    }

    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
        let countdown = Deadline::after(timeout);
        let mut remaining =
            if self.ready_now(interest, Readiness::default()).readable { NOW } else { timeout };
        loop {
            self.send_now();
            let flushed = self.session.outgoing().is_empty();
            let inner_interest = if flushed { interest } else { interest.and_write() };
            let inner = self.inner.ready(inner_interest, remaining)?;
            if inner.readable && !self.session.is_readable() {
                match self.receive_only(NOW) {
                    Err(e) if e.kind() != ErrorKind::TimedOut => self.read_error = Some(e),
                    _ => {}
                }
            }
            let ready = self.ready_now(interest, inner);
            if !ready.is_none() || inner.is_none() || remaining == NOW {
                return Ok(ready);
            }
            remaining = countdown.remaining();
        }
    }

    /// Whatever waits is read and processed: tickets and key updates keep the connection alive, while plaintext,
    /// half a record, a close_notify, an alert or an error speak against it.
    fn look(&mut self) -> Liveness {
        if let Some(error) = &self.read_error {
            return Liveness::Dead(DeadReason::Failed(error.kind()));
        }
        let Self { inner, session, .. } = self;
        session.look_at(|buf| inner.read(buf, NOW))
    }

    fn is_drained(&mut self) -> bool {
        let sent = self.encrypted_unreported == 0 && self.session.outgoing().is_empty();
        sent && self.session.is_drained() && self.read_error.is_none() && self.inner.is_drained()
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.session.close();
        self.send_now();
        self.inner.shutdown()
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        self.inner.peer_addr()
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        self.inner.local_addr()
    }
}
