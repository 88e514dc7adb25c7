//! [`NetworkStream`]: a stream of bytes whose reads are polled.

use std::fmt::Debug;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use crate::stream::Liveness;

/// A connected stream of bytes in both directions.
///
/// A call that returns `Pending` has arranged that the task is woken. The caller bounds the time of a wait.
///
/// To make a stream of a type that implements `AsyncRead` and `AsyncWrite`, wrap it in an
/// [`IoStream`](crate::ahttpx::IoStream).
///
/// # Examples
///
/// ```
/// # mod httpx {
/// #     pub use httpx_pool::*;
/// #     pub mod ahttpx { pub mod network { pub use httpx_pool::ahttpx::*; } }
/// # }
/// use std::future::poll_fn;
/// use httpx::ahttpx::network::NetworkStream;
/// use httpx::memory;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut client, mut server) = memory::pair();
/// poll_fn(|cx| NetworkStream::poll_write(&mut client, cx, b"ping")).await?;
/// let mut buf = [0; 16];
/// let n = poll_fn(|cx| NetworkStream::poll_read(&mut server, cx, &mut buf)).await?;
/// assert_eq!(&buf[..n], b"ping");
/// # Ok(())
/// # }
/// ```
pub trait NetworkStream: Send + Debug {
    /// Reads as many bytes as have arrived. `Ok(0)` is the clean end (or an empty `buf`).
    ///
    /// # Errors
    ///
    /// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the protocol of the stream has an end marker (close_notify
    /// in TLS) and the connection was cut without it. Otherwise the error of the system.
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>>;

    /// Writes the first bytes of `buf`, at least one unless it is empty. After [`Poll::Pending`] the caller either
    /// writes the same bytes again or writes no more.
    ///
    /// # Errors
    ///
    /// The error of the system.
    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>>;

    /// Writes from several buffers, one after the other. Defaults to a [`poll_write`](Self::poll_write) of the first
    /// that is not empty.
    ///
    /// # Errors
    ///
    /// The same as for `poll_write`.
    fn poll_write_vectored(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
        self.poll_write(cx, first)
    }

    /// Reads bytes that have arrived. Reads from the socket itself, because the event loop may not know of them yet.
    ///
    /// # Errors
    ///
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) if there are none, otherwise the error of the system.
    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize>;

    /// Checks, without waiting, whether an idle connection may carry a request. On a connection that is alive, the
    /// check consumes no byte.
    fn look(&mut self) -> Liveness;

    /// Returns whether the buffers inside the stream are empty. Makes no system call. Defaults to true, for streams
    /// without buffers.
    ///
    /// A connection goes back into the pool only if this is true. A stream may release memory here.
    fn is_drained(&mut self) -> bool {
        true
    }

    /// Ends the direction of writing: the peer receives all written bytes, then the end. Never waits. The peer may
    /// still send.
    ///
    /// # Errors
    ///
    /// The error of the system.
    fn shutdown(&mut self) -> io::Result<()>;

    /// Tells the peer that no more bytes follow, before the stream is dropped. Never waits. Defaults to
    /// [`shutdown`](Self::shutdown).
    ///
    /// Override this for a stream whose drop tells the peer too: a system call is saved for each connection.
    fn announce_close(&mut self) {
        let _ = self.shutdown();
    }

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

    fn announce_close(&mut self) {
        (**self).announce_close();
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        (**self).peer_addr()
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        (**self).local_addr()
    }
}
