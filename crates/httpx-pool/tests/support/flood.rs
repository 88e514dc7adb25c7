//! A stream that never waits: it always has room and always has more bytes.

use std::io::{self, Read};
use std::net::SocketAddr;

use httpx_pool::Liveness;
use httpx_testing::EndlessResponse;

/// Answers every request with a body without end.
#[derive(Debug, Default)]
pub struct Flood(EndlessResponse);

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
            self.0.read(buf)
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
            Poll::Ready(self.0.read(buf))
        }

        fn poll_write(&mut self, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(buf.len()))
        }

        fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.0.read(buf)
        }

        rest_of_a_stream!();
    }
}
