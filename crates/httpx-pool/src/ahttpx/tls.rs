//! TLS over any stream. A [`Session`] decides; this file reads, writes and waits.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::stream::NetworkStream;
use crate::stream::Liveness;
use crate::tls::{HandshakeError, MAX_SILENT_READS, Session, TlsConfig, TlsDetails};

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
    pub async fn handshake(inner: S, config: &TlsConfig, host: &str) -> Result<Self, HandshakeError> {
        read_roots(config).await;
        let began = Instant::now();
        let session = Session::new(config, host)?;
        let mut stream = Self { inner, session, handshake_time: Duration::ZERO };
        let result = poll_fn(|cx| stream.poll_handshake(cx)).await;
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

    fn poll_handshake(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.session.is_handshaking() {
            ready!(self.poll_flush(cx))?;
            let n = ready!(self.inner.poll_read(cx, self.session.spare()))?;
            self.session.received(n);
            if self.session.has_failed() {
                self.send_now(cx); // the alert; whether it arrives changes nothing
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Sends everything that is to be sent.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.session.outgoing().is_empty() {
            let sent = ready!(self.inner.poll_write(cx, self.session.outgoing()))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.session.sent(sent);
        }
        Poll::Ready(Ok(()))
    }

    /// Sends as much as possible without waiting. The task is woken when there is room for more.
    fn send_now(&mut self, cx: &mut Context<'_>) {
        if let Poll::Ready(Err(error)) = self.poll_flush(cx) {
            self.session.fail_writes(error);
        }
    }
}

/// Reads the files of the environment on tokio's blocking threads, if this is the first use of the configuration.
/// Without a runtime the session reads them itself.
async fn read_roots(config: &TlsConfig) {
    if config.reads_files()
        && let Ok(runtime) = Handle::try_current()
    {
        let config = config.clone();
        // An error is kept, and reported by the session.
        let _ = runtime.spawn_blocking(move || config.rustls().is_ok()).await;
    }
}

impl<S: NetworkStream> NetworkStream for TlsStream<S> {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        for _ in 0..MAX_SILENT_READS {
            if let Some(n) = self.session.read(buf)? {
                return Poll::Ready(Ok(n));
            }
            // The peer may wait for it, or may read on only after this side has read.
            self.send_now(cx);
            let n = ready!(self.inner.poll_read(cx, self.session.spare()))?;
            self.session.received(n);
            self.send_now(cx); // an alert
        }
        // There may be more to read at once, but timers and other tasks must run, too.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        if self.session.must_flush() {
            ready!(self.poll_flush(cx))?;
        }
        self.session.begin_write(bufs)?;
        let flushed = self.poll_flush(cx);
        let waits = flushed.is_pending();
        let flushed = match flushed {
            Poll::Ready(flushed) => flushed,
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        };
        match self.session.end_write(bufs, flushed) {
            Err(_) if waits => Poll::Pending,
            written => Poll::Ready(written),
        }
    }

    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Self { inner, session, .. } = self;
        session.read_now(buf, |spare| inner.read_now(spare))
    }

    fn look(&mut self) -> Liveness {
        let Self { inner, session, .. } = self;
        session.look_at(|buf| inner.read_now(buf))
    }

    fn is_drained(&mut self) -> bool {
        self.session.is_drained() && self.inner.is_drained()
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.session.close();
        self.send_now(&mut Context::from_waker(Waker::noop()));
        self.inner.shutdown()
    }

    fn announce_close(&mut self) {
        self.session.close();
        self.send_now(&mut Context::from_waker(Waker::noop()));
        self.inner.announce_close();
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        self.inner.peer_addr()
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        self.inner.local_addr()
    }
}
