//! Streams that need many polls for one exchange, for futures that are dropped.

use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use httpx_pool::ahttpx::{Connecting, NetworkBackend, NetworkStream, TcpBackend};
use httpx_pool::{Destination, Liveness};

pub use httpx_testing::give_up::{Dropped, Halts, once, polled, tell};

/// Streams whose every other call returns `Pending` and wakes its task, and that move few bytes at once.
#[derive(Debug, Clone, Copy)]
pub struct Halting {
    pub most: usize,
}

#[derive(Debug)]
struct HaltingStream {
    inner: Box<dyn NetworkStream>,
    most: usize,
    reads: Halts,
    writes: Halts,
}

impl NetworkBackend for Halting {
    fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let inner = TcpBackend::new().connect(to).await?;
            tokio::task::yield_now().await;
            Ok(Box::new(HaltingStream::new(inner, self.most)) as Box<dyn NetworkStream>)
        })
    }
}

impl HaltingStream {
    fn new(inner: Box<dyn NetworkStream>, most: usize) -> Self {
        HaltingStream { inner, most, reads: Halts::default(), writes: Halts::default() }
    }
}

impl NetworkStream for HaltingStream {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        if self.reads.now(cx) {
            return Poll::Pending;
        }
        let most = buf.len().min(self.most);
        self.inner.poll_read(cx, &mut buf[..most])
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.writes.now(cx) {
            return Poll::Pending;
        }
        self.inner.poll_write(cx, &buf[..buf.len().min(self.most)])
    }

    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read_now(buf)
    }

    fn look(&mut self) -> Liveness {
        self.inner.look()
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
}
