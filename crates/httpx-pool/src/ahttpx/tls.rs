//! TLS over any stream: reads and writes for a [`Session`], which decides.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll, Waker, ready};

use rustls::HandshakeKind;
use tokio::runtime::Handle;

use super::stream::NetworkStream;
use crate::stream::Liveness;
use crate::tls::{HandshakeError, Session, TlsConfig, TlsDetails};

/// A [`NetworkStream`] that speaks TLS over another.
#[derive(Debug)]
pub struct TlsStream<S> {
    inner: S,
    session: Session,
    /// How much of the next write has been encrypted, and waits to be sent.
    encrypted_unreported: usize,
}

impl<S: NetworkStream> TlsStream<S> {
    /// Shakes hands with `host` (a name, or an address without brackets) over `inner`.
    ///
    /// The last message of ours may go out only with the first write or read: it travels with the request.
    ///
    /// # Errors
    ///
    /// [`HandshakeError`]; where TLS itself failed the peer has been told why.
    pub async fn handshake(inner: S, config: &TlsConfig, host: &str) -> Result<Self, HandshakeError> {
        read_roots(config).await;
        let session = Session::new(config, host)?;
        let mut stream = Self { inner, session, encrypted_unreported: 0 };
        poll_fn(|cx| stream.poll_handshake(cx))
            .await
            .map_err(|source| HandshakeError::Io { host: host.into(), source })?;
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
    fn poll_handshake(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.session.is_handshaking() {
            ready!(self.poll_flush(cx))?;
            let n = ready!(self.inner.poll_read(cx, self.session.spare()))?;
            self.session.feed(n);
            if self.session.error().is_some() {
                self.send_now(cx); // the alert; whether it arrives changes nothing
            }
            if n == 0 || self.session.error().is_some() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Sends all that is to be sent.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.session.outgoing().is_empty() {
            let sent = ready!(self.inner.poll_write(cx, self.session.outgoing()))?;
            self.session.sent(sent);
        }
        Poll::Ready(Ok(()))
    }

    /// Sends what can be sent without waiting; the task is woken when there is room for more. A failure is left to
    /// the next read, which may still find an answer.
    fn send_now(&mut self, cx: &mut Context<'_>) {
        if let Poll::Ready(Err(_)) = self.poll_flush(cx) {
            self.session.discard_outgoing();
        }
    }
}

/// Where the first use of this configuration reads files, lets it do so on tokio's threads for blocking work: until
/// then nobody has used it, and afterwards it is at hand. Without a runtime it reads them when it is asked.
async fn read_roots(config: &TlsConfig) {
    if config.reads_files()
        && let Ok(runtime) = Handle::try_current()
    {
        let config = config.clone();
        // What was wrong is remembered, and reported to whoever asks.
        let _ = runtime.spawn_blocking(move || config.rustls().is_ok()).await;
    }
}

impl<S: NetworkStream> NetworkStream for TlsStream<S> {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        loop {
            if let Some(n) = self.session.read(buf)? {
                return Poll::Ready(Ok(n));
            }
            // The peer may be waiting for it, or may read on only when we have read.
            self.send_now(cx);
            match ready!(self.inner.poll_read(cx, self.session.spare()))? {
                0 => self.session.eof(),
                n => self.session.feed(n),
            }
            self.send_now(cx); // an alert that says why
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        if self.encrypted_unreported == 0 {
            if self.session.is_full() {
                ready!(self.poll_flush(cx))?;
            }
            self.encrypted_unreported = self.session.write_plain(bufs)?;
        }
        // It has been encrypted, and encrypted again it would arrive twice; but it is taken over only when it is on
        // its way, for behind the last write nobody would send what is left.
        ready!(self.poll_flush(cx))?;
        Poll::Ready(Ok(std::mem::take(&mut self.encrypted_unreported)))
    }

    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(n) = self.session.read(buf)? {
                return Ok(n);
            }
            match self.inner.read_now(self.session.spare())? {
                0 => self.session.eof(),
                n => self.session.feed(n),
            }
        }
    }

    /// Whatever waits is read and processed: tickets and key updates keep the connection alive, while plaintext,
    /// half a record, a close_notify, an alert or an error speak against it.
    fn look(&mut self) -> Liveness {
        let Self { inner, session, .. } = self;
        session.look_at(|buf| inner.read_now(buf))
    }

    fn is_drained(&mut self) -> bool {
        // What has been encrypted may still wait for room: then the request has not been written.
        self.encrypted_unreported == 0
            && self.session.outgoing().is_empty()
            && self.session.is_drained()
            && self.inner.is_drained()
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.session.close();
        self.send_now(&mut Context::from_waker(Waker::noop()));
        self.inner.shutdown()
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        self.inner.peer_addr()
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        self.inner.local_addr()
    }
}
