//! What a stream of bytes is, where reads are polled.

use std::fmt::Debug;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use crate::stream::Liveness;

/// A connected stream of bytes in both directions.
///
/// What is pending has arranged that the task is woken. How long may be waited is the caller's business.
pub trait NetworkStream: Send + Debug {
    /// Takes as many bytes as have come in. `Ok(0)` is the clean end (or an empty `buf`).
    ///
    /// # Errors
    ///
    /// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) where the stream has an end of its own (TLS: close_notify) and
    /// the connection was cut without it, and whatever the system reports.
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>>;

    /// Takes over the first bytes of `buf`: at least one, unless there are none. After [`Poll::Pending`] the next
    /// write begins with the same bytes, or there is none.
    ///
    /// # Errors
    ///
    /// Whatever the system reports.
    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>>;

    /// As [`poll_write`](Self::poll_write), of several buffers one after the other. Defaults to the first that is not
    /// empty.
    ///
    /// # Errors
    ///
    /// As `poll_write`.
    fn poll_write_vectored(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
        self.poll_write(cx, first)
    }

    /// Takes bytes that have come in, past any readiness that was remembered: an event loop may not have heard yet of
    /// what the system knows.
    ///
    /// # Errors
    ///
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) if there are none, and whatever the system reports.
    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize>;

    /// One look, without waiting, at an idle connection: may it carry a request? Nothing that a later read would have
    /// given is taken from a connection that is alive.
    fn look(&mut self) -> Liveness;

    /// Whether everything received has been handed out. Asks no system: it is about buffers inside the stream, so a
    /// stream without any is always drained, which is the default.
    fn is_drained(&mut self) -> bool {
        true
    }

    /// Ends our direction: what was written arrives, then the end. Never waits. The peer may go on sending.
    ///
    /// # Errors
    ///
    /// Whatever the system reports.
    fn shutdown(&mut self) -> io::Result<()>;

    /// Returns the address of the other end. Defaults to `None`.
    fn peer_addr(&self) -> Option<SocketAddr> {
        None
    }

    /// Returns the address of this end. Defaults to `None`.
    fn local_addr(&self) -> Option<SocketAddr> {
        None
    }
}

impl<S: NetworkStream + ?Sized> NetworkStream for Box<S> {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        (**self).poll_read(cx, buf)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        (**self).poll_write(cx, buf)
    }

    fn poll_write_vectored(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        (**self).poll_write_vectored(cx, bufs)
    }

    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        (**self).read_now(buf)
    }

    fn look(&mut self) -> Liveness {
        (**self).look()
    }

    fn is_drained(&mut self) -> bool {
        (**self).is_drained()
    }

    fn shutdown(&mut self) -> io::Result<()> {
        (**self).shutdown()
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        (**self).peer_addr()
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        (**self).local_addr()
    }
}
