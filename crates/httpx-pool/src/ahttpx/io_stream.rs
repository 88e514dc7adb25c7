//! [`IoStream`]: any `AsyncRead` and `AsyncWrite` as a network stream.

use std::fmt;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::stream::NetworkStream;
use crate::stream::Liveness;

/// A [`NetworkStream`] over anything that implements tokio's `AsyncRead` and `AsyncWrite`: a Unix socket, a pipe,
/// a stream of another TLS library.
///
/// Before an idle connection is used, it is checked by a poll for one byte. That byte is not lost. The check relies on
/// the state that the inner stream knows without waiting. A socket of tokio knows the state of the event loop, which
/// may lag a moment behind the system. So a [`TcpStream`](super::TcpStream) notices more closed connections than an
/// `IoStream` over a socket of tokio.
///
/// Writes are flushed.
///
/// # Examples
///
/// HTTP over a Unix socket (for which [`unix_socket`](crate::ConnectOptions::unix_socket) is shorter):
///
/// ```
/// # #[cfg(unix)] {
/// # mod httpx {
/// #     pub mod ahttpx { pub use httpx_pool::ahttpx::*; pub mod network { pub use httpx_pool::{Destination, ahttpx::*}; } }
/// # }
/// use httpx::ahttpx::ConnectionPool;
/// use httpx::ahttpx::network::{Connecting, Destination, IoStream, NetworkBackend, NetworkStream};
/// use tokio::net::UnixStream;
///
/// #[derive(Debug)]
/// struct Docker;
///
/// impl NetworkBackend for Docker {
///     fn connect<'a>(&'a self, _: &'a Destination<'a>) -> Connecting<'a> {
///         Box::pin(async {
///             let socket = UnixStream::connect("/var/run/docker.sock").await?;
///             Ok(Box::new(IoStream::new(socket)) as Box<dyn NetworkStream>)
///         })
///     }
/// }
///
/// let pool = ConnectionPool::builder().backend(Docker).build();
/// # }
/// ```
pub struct IoStream<S> {
    inner: S,
    /// The byte that a check has read.
    peeked: Option<u8>,
    needs_flush: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> IoStream<S> {
    /// Wraps a connected stream.
    pub fn new(inner: S) -> Self {
        IoStream { inner, peeked: None, needs_flush: false }
    }

    fn poll_inner(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buf = ReadBuf::new(buf);
        ready!(Pin::new(&mut self.inner).poll_read(cx, &mut buf))?;
        Poll::Ready(Ok(buf.filled().len()))
    }

    /// Flushes the written bytes. If that has to wait, later polls continue it.
    fn flush(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if self.needs_flush
            && let Poll::Ready(flushed) = Pin::new(&mut self.inner).poll_flush(cx)
        {
            self.needs_flush = false;
            flushed?;
        }
        Ok(())
    }

    fn written(&mut self, cx: &mut Context<'_>, n: usize) -> Poll<io::Result<usize>> {
        self.needs_flush = true;
        self.flush(cx)?;
        Poll::Ready(Ok(n))
    }
}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> NetworkStream for IoStream<S> {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        self.flush(cx)?;
        match (self.peeked, buf.first_mut()) {
            (Some(byte), Some(first)) => {
                (*first, self.peeked) = (byte, None);
                Poll::Ready(Ok(1))
            }
            (None, _) | (_, None) => self.poll_inner(cx, buf),
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let n = ready!(Pin::new(&mut self.inner).poll_write(cx, buf))?;
        self.written(cx, n)
    }

    fn poll_write_vectored(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let n = ready!(Pin::new(&mut self.inner).poll_write_vectored(cx, bufs))?;
        self.written(cx, n)
    }

    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.poll_read(&mut Context::from_waker(Waker::noop()), buf) {
            Poll::Ready(read) => read,
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }

    fn look(&mut self) -> Liveness {
        let mut byte = [0];
        let read = match self.peeked {
            Some(_) => Ok(1),
            None => self.read_now(&mut byte),
        };
        if let (Ok(1), None) = (&read, self.peeked) {
            self.peeked = Some(byte[0]);
        }
        Liveness::of_peek(&read)
    }

    fn shutdown(&mut self) -> io::Result<()> {
        match Pin::new(&mut self.inner).poll_shutdown(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => Ok(()),
        }
    }
}

/// `IoStream { .. }`: the inner stream needs no `Debug`.
impl<S> fmt::Debug for IoStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IoStream").finish_non_exhaustive()
    }
}
