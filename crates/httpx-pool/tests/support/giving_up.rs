//! Futures that are polled so many times and then dropped, and streams that make many polls of one exchange.

use std::fmt::Arguments;
use std::future::{Future, poll_fn};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Instant;

use httpx_pool::ahttpx::{Connecting, NetworkBackend, NetworkStream, TcpBackend};
use httpx_pool::{Endpoint, Liveness};

/// Says how many polls were tried, past the harness, which keeps to itself what passing tests print.
pub fn tell(what: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "given up: {what}");
}

/// When a future is dropped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Dropped {
    /// Right after its last poll.
    AtOnce,
    /// When it has been woken again: what it waited for may be there.
    Woken,
}

/// Polls so many times; what has not ended then is dropped.
pub async fn polled<T>(most: usize, dropped: Dropped, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = most;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 && dropped == Dropped::AtOnce => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

pub async fn once<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

/// Streams that give every other call up, to be called again, and move few bytes at once.
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

/// Whether the next call is given up.
#[derive(Debug, Default)]
pub struct Halts(bool);

impl NetworkBackend for Halting {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint, deadline: Option<Instant>) -> Connecting<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let inner = TcpBackend::new().connect(endpoint, deadline).await?;
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

impl Halts {
    pub fn now(&mut self, cx: &mut Context<'_>) -> bool {
        self.0 = !self.0;
        if self.0 {
            cx.waker().wake_by_ref();
        }
        self.0
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
