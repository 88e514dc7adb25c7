//! [`NetworkStream`]: a stream of bytes whose reads block.

use std::fmt::Debug;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::time::Duration;

use crate::stream::{Interest, Liveness, Readiness};

/// A connected stream of bytes in both directions.
///
/// Each call has a timeout: `None` waits without limit, [`Duration::ZERO`] does not wait. When the time is up, the call
/// fails with [`ErrorKind::TimedOut`](io::ErrorKind::TimedOut) and leaves the stream unchanged. A wait may be longer
/// than its timeout by a sixty-fourth, but not shorter. A signal does not end a wait.
///
/// To make a stream of a type that implements `Read` and `Write`, wrap it in an [`IoStream`](crate::IoStream).
///
/// # Examples
///
/// ```
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use std::time::Duration;
/// use httpx::memory;
/// use httpx::network::NetworkStream;
///
/// let (mut client, mut server) = memory::pair();
/// client.write(b"ping", Some(Duration::from_secs(5)))?;
/// let mut buf = [0; 16];
/// let n = server.read(&mut buf, Some(Duration::from_secs(5)))?;
/// assert_eq!(&buf[..n], b"ping");
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait NetworkStream: Send + Debug {
    /// Waits for bytes and reads as many as have arrived. `Ok(0)` is the clean end (or an empty `buf`).
    ///
    /// # Errors
    ///
    /// [`TimedOut`](io::ErrorKind::TimedOut) when the time is up. [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the
    /// protocol of the stream has an end marker (close_notify in TLS) and the connection was cut without it.
    /// Otherwise the error of the system.
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize>;

    /// Waits for room and writes the first bytes of `buf`, at least one unless it is empty.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](io::ErrorKind::TimedOut) when the time is up, otherwise the error of the system. After `TimedOut`
    /// the caller either writes the same bytes again or writes no more: some of them may have been sent already, or may
    /// be sent by the next `read` or `ready`.
    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize>;

    /// Writes from several buffers, one after the other. Defaults to a [`write`](Self::write) of the first that is not
    /// empty.
    ///
    /// # Errors
    ///
    /// The same as for `write`.
    fn write_vectored(&mut self, bufs: &[IoSlice<'_>], timeout: Option<Duration>) -> io::Result<usize> {
        let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
        self.write(first, timeout)
    }

    /// Waits until a read or a write would not wait. When the time is up, nothing is ready.
    ///
    /// # Errors
    ///
    /// The error of the system about the wait itself. A failed connection is *ready*.
    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness>;

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
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        (**self).read(buf, timeout)
    }

    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        (**self).write(buf, timeout)
    }

    fn write_vectored(&mut self, bufs: &[IoSlice<'_>], timeout: Option<Duration>) -> io::Result<usize> {
        (**self).write_vectored(bufs, timeout)
    }

    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
        (**self).ready(interest, timeout)
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
