//! A stream that takes and gives a few bytes at a time, and breaks on command.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use httpx_pool::Liveness;

/// The limits of a [`Throttled`] stream. They may change while the stream is in use.
#[derive(Debug)]
pub struct Throttle {
    /// The most bytes that one read gives.
    pub read: AtomicUsize,
    /// How many reads have been made.
    pub reads: AtomicUsize,
    /// How many more bytes are taken; a further write fails.
    pub room: AtomicUsize,
    /// How a write fails then.
    pub then: ErrorKind,
}

impl Throttle {
    /// Neither slow nor broken.
    pub fn open(then: ErrorKind) -> Arc<Self> {
        let [read, room] = [usize::MAX; 2].map(AtomicUsize::new);
        Arc::new(Throttle { read, reads: AtomicUsize::new(0), room, then })
    }

    fn readable<'b>(&self, buf: &'b mut [u8]) -> &'b mut [u8] {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let most = buf.len().min(self.read.load(Ordering::Relaxed));
        &mut buf[..most]
    }

    /// As many of these bytes as may be written; none is a failure.
    fn writable<'b>(&self, buf: &'b [u8]) -> &'b [u8] {
        &buf[..buf.len().min(self.room.load(Ordering::Relaxed))]
    }

    fn wrote(&self, n: usize) {
        let less = |room: usize| Some(if room == usize::MAX { room } else { room - n });
        self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).unwrap();
    }
}

/// A stream over another, throttled.
#[derive(Debug)]
pub struct Throttled<S> {
    pub inner: S,
    pub throttle: Arc<Throttle>,
}

/// The methods that are the same in both flavours.
macro_rules! rest_of_a_stream {
    () => {
        fn look(&mut self) -> Liveness {
            self.inner.look()
        }

        fn is_drained(&mut self) -> bool {
            self.inner.is_drained()
        }

        fn shutdown(&mut self) -> io::Result<()> {
            self.inner.shutdown()
        }

        fn peer_addr(&self) -> Option<SocketAddr> {
            self.inner.peer_addr()
        }

        fn local_addr(&self) -> Option<SocketAddr> {
            self.inner.local_addr()
        }
    };
}

#[cfg(feature = "blocking")]
mod on_threads {
    use std::time::Duration;

    use httpx_pool::{Interest, NetworkStream, Readiness};

    use super::*;

    impl Throttle {
        pub fn over(self: &Arc<Self>, inner: Box<dyn NetworkStream>) -> Box<dyn NetworkStream> {
            Box::new(Throttled { inner, throttle: Arc::clone(self) })
        }
    }

    impl<S: NetworkStream> NetworkStream for Throttled<S> {
        fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
            self.inner.read(self.throttle.readable(buf), timeout)
        }

        fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
            match self.throttle.writable(buf) {
                [] if !buf.is_empty() => Err(self.throttle.then.into()),
                part => {
                    let n = self.inner.write(part, timeout)?;
                    self.throttle.wrote(n);
                    Ok(n)
                }
            }
        }

        fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
            self.inner.ready(interest, timeout)
        }

        rest_of_a_stream!();
    }
}

#[cfg(feature = "async")]
mod on_tokio {
    use std::task::{Context, Poll, ready};

    use httpx_pool::ahttpx::NetworkStream;

    use super::*;

    impl Throttle {
        pub fn over_polled(self: &Arc<Self>, inner: Box<dyn NetworkStream>) -> Box<dyn NetworkStream> {
            Box::new(Throttled { inner, throttle: Arc::clone(self) })
        }
    }

    impl<S: NetworkStream> NetworkStream for Throttled<S> {
        fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
            self.inner.poll_read(cx, self.throttle.readable(buf))
        }

        fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            match self.throttle.writable(buf) {
                [] if !buf.is_empty() && self.throttle.then == ErrorKind::TimedOut => Poll::Pending,
                [] if !buf.is_empty() => Poll::Ready(Err(self.throttle.then.into())),
                part => {
                    let n = ready!(self.inner.poll_write(cx, part))?;
                    self.throttle.wrote(n);
                    Poll::Ready(Ok(n))
                }
            }
        }

        fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.inner.read_now(self.throttle.readable(buf))
        }

        rest_of_a_stream!();
    }
}
