//! What a stream of bytes is, where reads block.

use std::fmt::Debug;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::time::Duration;

use crate::stream::{Interest, Liveness, Readiness};

/// A connected stream of bytes in both directions.
///
/// Each call is told how long it may wait: `None` is for ever, and [`Duration::ZERO`] not at all. When the time is up
/// it fails with [`ErrorKind::TimedOut`](io::ErrorKind::TimedOut) and the stream is as it was before the call. Waits
/// may be longer than asked for by a sixty-fourth, never shorter. A signal does not end a wait.
pub trait NetworkStream: Send + Debug {
    /// Waits for bytes and takes as many as have come in. `Ok(0)` is the clean end (or an empty `buf`).
    ///
    /// # Errors
    ///
    /// [`TimedOut`](io::ErrorKind::TimedOut) when the time is up, [`UnexpectedEof`](io::ErrorKind::UnexpectedEof)
    /// where the stream has an end of its own (TLS: close_notify) and the connection was cut without it, and
    /// whatever the system reports.
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize>;

    /// Waits for room and takes over the first bytes of `buf`: at least one, unless there are none.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](io::ErrorKind::TimedOut) when the time is up, and whatever the system reports. After `TimedOut` the
    /// next write begins with the same bytes, or there is none: some of them may have been sent already, or be sent
    /// by the next read or `ready`.
    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize>;

    /// As [`write`](Self::write), of several buffers one after the other. Defaults to the first that is not empty.
    ///
    /// # Errors
    ///
    /// As `write`.
    fn write_vectored(&mut self, bufs: &[IoSlice<'_>], timeout: Option<Duration>) -> io::Result<usize> {
        let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
        self.write(first, timeout)
    }

    /// Waits until a read or a write would not wait. Nothing is ready when the time is up.
    ///
    /// # Errors
    ///
    /// Whatever the system reports about the waiting itself; a failed connection is *ready*.
    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness>;

    /// One look, without waiting, at an idle connection: may it carry a request? Nothing that a later read would
    /// have given is taken from a connection that is alive.
    fn look(&mut self) -> Liveness;

    /// Whether everything received has been handed out. Asks no system: it is about buffers inside the stream, so a
    /// stream without any is always drained, which is the default.
    ///
    /// A connection goes back into the pool only when this is so; a stream may give back memory here.
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

    fn peer_addr(&self) -> Option<SocketAddr> {
        (**self).peer_addr()
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        (**self).local_addr()
    }
}
