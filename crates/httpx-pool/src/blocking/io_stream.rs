//! [`IoStream`]: any `Read` and `Write` as a network stream.

use std::fmt;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::time::Duration;

use super::stream::NetworkStream;
use crate::stream::{Interest, Liveness, Readiness};

/// A [`NetworkStream`] over anything that implements [`Read`] and [`Write`]: a Unix socket, a pipe, a stream of
/// another TLS library.
///
/// `Read` and `Write` know neither timeouts nor readiness. The consequences:
///
/// - Timeouts do not end a read or a write that blocks. Set them on the inner stream: its errors of kind `WouldBlock`
///   and `TimedOut` count as timeouts.
/// - An idle connection cannot be checked before it is used. If the server has closed it, the request fails, and only
///   an idempotent one is sent again over a new connection.
/// - During an upload the client does not notice an early response before the upload ends or fails.
///
/// Every write is flushed.
///
/// # Examples
///
/// HTTP over a Unix socket (for which [`unix_socket`](crate::ConnectOptions::unix_socket) is shorter):
///
/// ```
/// # #[cfg(unix)] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use std::os::unix::net::UnixStream;
/// use std::time::Instant;
/// use httpx::ConnectionPool;
/// use httpx::network::{ConnectError, Destination, IoStream, NetworkBackend, NetworkStream};
///
/// #[derive(Debug)]
/// struct Docker;
///
/// impl NetworkBackend for Docker {
///     fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
///         let socket = UnixStream::connect("/var/run/docker.sock")?;
///         socket.set_read_timeout(to.deadline().map(|by| by.saturating_duration_since(Instant::now())))?;
///         Ok(Box::new(IoStream::new(socket)))
///     }
/// }
///
/// let pool = ConnectionPool::builder().backend(Docker).build();
/// # }
/// ```
pub struct IoStream<S> {
    inner: S,
    /// A read has reported the end or an error.
    has_ended: bool,
}

impl<S> IoStream<S> {
    /// Wraps a connected stream.
    pub fn new(inner: S) -> Self {
        IoStream { inner, has_ended: false }
    }
}

impl<S: Read + Write + Send> NetworkStream for IoStream<S> {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        if timeout == Some(Duration::ZERO) {
            // Whether a byte is there cannot be found out without waiting for it.
            return Err(ErrorKind::TimedOut.into());
        }
        let read = uninterrupted(|| self.inner.read(buf));
        self.has_ended |= match &read {
            Ok(n) => *n == 0 && !buf.is_empty(),
            Err(error) => error.kind() != ErrorKind::TimedOut,
        };
        read
    }

    fn write(&mut self, buf: &[u8], _: Option<Duration>) -> io::Result<usize> {
        let written = uninterrupted(|| self.inner.write(buf))?;
        uninterrupted(|| self.inner.flush())?;
        Ok(written)
    }

    fn write_vectored(&mut self, bufs: &[IoSlice<'_>], _: Option<Duration>) -> io::Result<usize> {
        let written = uninterrupted(|| self.inner.write_vectored(bufs))?;
        uninterrupted(|| self.inner.flush())?;
        Ok(written)
    }

    fn ready(&mut self, interest: Interest, _: Option<Duration>) -> io::Result<Readiness> {
        // The read or the write that follows does the waiting.
        let writable = interest.wants_write();
        Ok(Readiness { readable: interest.wants_read() && !writable, writable })
    }

    fn look(&mut self) -> Liveness {
        if self.has_ended { Liveness::Dead } else { Liveness::Alive }
    }

    fn shutdown(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `IoStream { .. }`: the inner stream needs no `Debug`.
impl<S> fmt::Debug for IoStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IoStream").finish_non_exhaustive()
    }
}

/// Calls again after a signal, and reports a timeout of the inner stream as one.
fn uninterrupted<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(ErrorKind::TimedOut.into()),
            result => return result,
        }
    }
}
