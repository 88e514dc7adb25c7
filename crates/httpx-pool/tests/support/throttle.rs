//! A stream that takes and gives a few bytes at a time, and breaks on command.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;

use httpx_pool::Liveness;

pub use httpx_testing::Throttle;

/// A stream over another, throttled.
#[derive(Debug)]
pub struct Throttled<S> {
    pub inner: S,
    pub throttle: Arc<Throttle>,
}

impl<S> Throttled<S> {
    pub fn new(inner: S, throttle: &Arc<Throttle>) -> Self {
        Throttled { inner, throttle: Arc::clone(throttle) }
    }
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

    impl<S: NetworkStream> NetworkStream for Throttled<S> {
        fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
            let read = self.inner.read(self.throttle.readable(buf), timeout);
            self.throttle.observe(&read, timeout);
            read
        }

        fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
            let written = match self.throttle.writable(buf) {
                [] if !buf.is_empty() => Err(self.throttle.then.into()),
                part => self.inner.write(part, timeout),
            };
            self.throttle.observe(&written, timeout);
            self.throttle.wrote(written?)
        }

        fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
            let ready = self.inner.ready(interest, timeout)?;
            if !ready.readable && !ready.writable {
                self.throttle.waited(timeout);
            }
            Ok(ready)
        }

        rest_of_a_stream!();
    }
}

#[cfg(feature = "async")]
mod on_tokio {
    use std::task::{Context, Poll, ready};

    use httpx_pool::ahttpx::NetworkStream;

    use super::*;

    impl<S: NetworkStream> NetworkStream for Throttled<S> {
        fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
            let read = self.inner.poll_read(cx, self.throttle.readable(buf));
            self.throttle.observe_poll(&read);
            read
        }

        fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            let written = match self.throttle.writable(buf) {
                [] if !buf.is_empty() && self.throttle.then == ErrorKind::TimedOut => Poll::Pending,
                [] if !buf.is_empty() => Poll::Ready(Err(self.throttle.then.into())),
                part => self.inner.poll_write(cx, part),
            };
            self.throttle.observe_poll(&written);
            Poll::Ready(self.throttle.wrote(ready!(written)?))
        }

        fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.inner.read_now(self.throttle.readable(buf))
        }

        rest_of_a_stream!();
    }
}
