//! A stream that never waits: it always has room and always has more bytes.

use std::io;
use std::net::SocketAddr;

use httpx_pool::Liveness;

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";

/// Answers every request with a body without end.
#[derive(Debug, Default)]
pub struct Flood {
    /// The number of bytes of the head read so far.
    read: usize,
}

impl Flood {
    fn fill(&mut self, buf: &mut [u8]) -> usize {
        let head = &HEAD[self.read..];
        if head.is_empty() {
            buf.fill(b'x');
            return buf.len();
        }
        let n = head.len().min(buf.len());
        buf[..n].copy_from_slice(&head[..n]);
        self.read += n;
        n
    }
}

/// The methods that are the same in both flavours.
macro_rules! rest_of_a_stream {
    () => {
        fn look(&mut self) -> Liveness {
            Liveness::Alive
        }

        fn shutdown(&mut self) -> io::Result<()> {
            Ok(())
        }

        fn peer_addr(&self) -> Option<SocketAddr> {
            None
        }

        fn local_addr(&self) -> Option<SocketAddr> {
            None
        }
    };
}

#[cfg(feature = "blocking")]
mod on_threads {
    use std::time::Duration;

    use httpx_pool::{Interest, NetworkStream, Readiness};

    use super::*;

    impl NetworkStream for Flood {
        fn read(&mut self, buf: &mut [u8], _: Option<Duration>) -> io::Result<usize> {
            Ok(self.fill(buf))
        }

        fn write(&mut self, buf: &[u8], _: Option<Duration>) -> io::Result<usize> {
            Ok(buf.len())
        }

        fn ready(&mut self, interest: Interest, _: Option<Duration>) -> io::Result<Readiness> {
            Ok(Readiness { readable: interest.wants_read(), writable: interest.wants_write() })
        }

        rest_of_a_stream!();
    }
}

#[cfg(feature = "async")]
mod on_tokio {
    use std::task::{Context, Poll};

    use httpx_pool::ahttpx::NetworkStream;

    use super::*;

    impl NetworkStream for Flood {
        fn poll_read(&mut self, _: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(self.fill(buf)))
        }

        fn poll_write(&mut self, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(buf.len()))
        }

        fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            Ok(self.fill(buf))
        }

        rest_of_a_stream!();
    }
}
