//! TLS over any stream. A [`Session`] decides; this file reads, writes and waits.

use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::deadline::Deadline;
use super::stream::NetworkStream;
use crate::stream::{Interest, Liveness, Readiness};
use crate::tls::{HandshakeError, Session, TlsConfig, TlsDetails};

const NOW: Option<Duration> = Some(Duration::ZERO);

/// A [`NetworkStream`] that speaks TLS over another stream.
#[derive(Debug)]
pub struct TlsStream<S> {
    inner: S,
    session: Session,
    handshake_time: Duration,
}

impl<S: NetworkStream> TlsStream<S> {
    /// Performs the TLS handshake with `host` (a name, or an IP address without brackets) over `inner`.
    ///
    /// The last message of the handshake may go out only with the first write or read.
    ///
    /// # Errors
    ///
    /// [`HandshakeError`]. If TLS itself failed, the peer has been told by an alert.
    pub fn handshake(
        inner: S,
        config: &TlsConfig,
        host: &str,
        deadline: Option<Instant>,
    ) -> Result<Self, HandshakeError> {
        let began = Instant::now();
        let session = Session::new(config, host)?;
        let mut stream = Self { inner, session, handshake_time: Duration::ZERO };
        let result = stream.shake_hands(Deadline::at(deadline));
        stream.session.end_handshake(result)?;
        stream.handshake_time = began.elapsed();
        Ok(stream)
    }

    /// Returns the parameters that the handshake negotiated.
    #[doc(alias = "alpn")]
    #[doc(alias = "version")]
    pub fn details(&self) -> TlsDetails {
        self.session.details(self.handshake_time)
    }

    fn shake_hands(&mut self, deadline: Deadline) -> io::Result<()> {
        while self.session.is_handshaking() {
            self.flush(deadline)?;
            let n = self.inner.read(self.session.spare(), deadline.remaining())?;
            self.session.received(n);
            if self.session.has_failed() {
                self.send_now(); // the alert; whether it arrives changes nothing
            } else if self.session.is_handshaking() && deadline.is_over() {
                return Err(ErrorKind::TimedOut.into());
            }
        }
        Ok(())
    }

    /// Sends everything that is to be sent.
    fn flush(&mut self, deadline: Deadline) -> io::Result<()> {
        // There is almost always room, and then no timeout of the socket needs to be set.
        let mut timeout = NOW;
        while !self.session.outgoing().is_empty() {
            match self.inner.write(self.session.outgoing(), timeout) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(sent) => self.session.sent(sent),
                Err(e) if e.kind() == ErrorKind::TimedOut && timeout == NOW && !deadline.is_over() => {
                    timeout = deadline.remaining();
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Sends as much as possible without waiting.
    fn send_now(&mut self) {
        match self.flush(Deadline::Passed) {
            Err(error) if error.kind() != ErrorKind::TimedOut => self.session.fail_writes(error),
            _ => {}
        }
    }

    /// Receives once. Sends pending bytes meanwhile: the peer may wait for it, or may read on only after this side
    /// has read.
    fn receive(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        self.send_now();
        if self.session.outgoing().is_empty() {
            return self.receive_only(timeout);
        }
        let deadline = Deadline::after(timeout);
        while !self.session.outgoing().is_empty() {
            let ready = self.inner.ready(Interest::Both, deadline.remaining())?;
            if ready.is_none() {
                return Err(ErrorKind::TimedOut.into());
            }
            if ready.readable {
                break;
            }
            self.send_now();
        }
        self.receive_only(deadline.remaining())
    }

    fn receive_only(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        let n = self.inner.read(self.session.spare(), timeout)?;
        self.session.received(n);
        if self.session.has_failed() {
            self.send_now(); // the alert
        }
        Ok(())
    }

    /// Returns the operations that need no waiting, judged by the received bytes and the readiness of `inner`.
    fn ready_now(&self, interest: Interest, inner: Readiness) -> Readiness {
        let has_room = inner.writable && self.session.outgoing().is_empty();
        Readiness {
            readable: interest.wants_read() && self.session.is_readable(),
            writable: interest.wants_write() && (has_room || self.session.has_written()),
        }
    }
}

impl<S: NetworkStream> NetworkStream for TlsStream<S> {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        let deadline = Deadline::after(timeout);
        let mut remaining = timeout;
        while remaining != NOW {
            if let Some(n) = self.session.read(buf)? {
                return Ok(n);
            }
            self.receive(remaining)?;
            remaining = deadline.remaining();
        }
        self.send_now();
        let Self { inner, session, .. } = self;
        let read = session.read_now(buf, |spare| inner.read(spare, NOW));
        if self.session.has_failed() {
            self.send_now(); // the alert
        }
        read.map_err(|error| match error.kind() {
            ErrorKind::WouldBlock => ErrorKind::TimedOut.into(),
            _ => error,
        })
    }

    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(buf)], timeout)
    }

    fn write_vectored(&mut self, bufs: &[IoSlice<'_>], timeout: Option<Duration>) -> io::Result<usize> {
        let deadline = Deadline::after(timeout);
        if self.session.must_flush() {
            self.flush(deadline)?;
        }
        self.session.begin_write(bufs)?;
        let flushed = self.flush(deadline);
        self.session.end_write(bufs, flushed)
    }

    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
        let deadline = Deadline::after(timeout);
        let ready = self.ready_now(interest, Readiness::default());
        let mut remaining = if ready.is_none() { timeout } else { NOW };
        loop {
            self.send_now();
            let flushed = self.session.outgoing().is_empty();
            let inner_interest = if flushed { interest } else { interest.and_write() };
            let inner = self.inner.ready(inner_interest, remaining)?;
            if inner.readable && !self.session.is_readable() {
                match self.receive_only(NOW) {
                    Err(e) if e.kind() != ErrorKind::TimedOut => self.session.keep_read_error(e),
                    _ => {}
                }
            }
            let ready = self.ready_now(interest, inner);
            if !ready.is_none() || inner.is_none() || remaining == NOW {
                return Ok(ready);
            }
            remaining = deadline.remaining();
        }
    }

    fn look(&mut self) -> Liveness {
        let Self { inner, session, .. } = self;
        session.look_at(|buf| inner.read(buf, NOW))
    }

    fn is_drained(&mut self) -> bool {
        self.session.is_drained() && self.inner.is_drained()
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.session.close();
        self.send_now();
        self.inner.shutdown()
    }

    fn announce_close(&mut self) {
        self.session.close();
        self.send_now();
        self.inner.announce_close();
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        self.inner.peer_addr()
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        self.inner.local_addr()
    }
}

/// Only this flavour has socket timeouts.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::testing::{Authority, BOTH_VERSIONS, Server};

    /// A server at the other end of a stream. It notes the timeouts of writes.
    #[derive(Debug)]
    struct Peer {
        server: Server,
        received: Vec<u8>,
        timeouts: Vec<Option<Duration>>,
        refuses: Refuses,
    }

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Refuses {
        Nothing,
        WritesThatDoNotWait,
    }

    impl NetworkStream for Peer {
        fn read(&mut self, buf: &mut [u8], _: Option<Duration>) -> io::Result<usize> {
            self.received.extend(self.server.outgoing());
            let n = buf.len().min(self.received.len());
            buf[..n].copy_from_slice(&self.received[..n]);
            self.received.drain(..n);
            Ok(n)
        }

        fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
            self.timeouts.push(timeout);
            if timeout == NOW && self.refuses == Refuses::WritesThatDoNotWait {
                return Err(ErrorKind::TimedOut.into());
            }
            self.server.receive(buf).unwrap();
            Ok(buf.len())
        }

        fn ready(&mut self, _: Interest, _: Option<Duration>) -> io::Result<Readiness> {
            Ok(Readiness { readable: true, writable: true })
        }

        fn look(&mut self) -> Liveness {
            Liveness::Alive
        }

        fn shutdown(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Setting the timeout of a socket costs a system call.
    #[test]
    fn a_handshake_waits_to_write_only_where_there_is_no_room() {
        let authority = Authority::new();
        let config = authority.client().build().unwrap();
        let server_config = authority.leaf("a.example").server(&BOTH_VERSIONS);
        for refuses in [Refuses::Nothing, Refuses::WritesThatDoNotWait] {
            let server = Server::new(&server_config);
            let peer = Peer { server, received: Vec::new(), timeouts: Vec::new(), refuses };
            let by = Instant::now().checked_add(Duration::from_secs(30));
            let stream = TlsStream::handshake(peer, &config, "a.example", by).unwrap();
            let timeouts = &stream.inner.timeouts;
            assert_eq!(timeouts[0], NOW);
            let waits = timeouts.iter().filter(|&&timeout| timeout != NOW).count();
            assert_eq!(waits > 0, refuses == Refuses::WritesThatDoNotWait, "{timeouts:?}");
        }
    }

    #[test]
    fn a_handshake_without_room_ends_in_time() {
        let authority = Authority::new();
        let (config, server_config) =
            (authority.client().build().unwrap(), authority.leaf("a.example").server(&BOTH_VERSIONS));
        let refuses = Refuses::WritesThatDoNotWait;
        let server = Server::new(&server_config);
        let peer = Peer { server, received: Vec::new(), timeouts: Vec::new(), refuses };
        let error = TlsStream::handshake(peer, &config, "a.example", Some(Instant::now())).unwrap_err();
        assert!(matches!(error, HandshakeError::TimedOut { .. }), "{error:?}");
    }
}
