//! Runtimes of tokio, and bounded waits on them.

use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::thread;

use tokio::io::{AsyncRead, AsyncWriteExt, DuplexStream, ReadBuf};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::PATIENCE;

/// A runtime in the calling thread, with all drivers.
pub fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs a future to its end; panics after [`PATIENCE`].
pub fn wait<T>(runtime: &Runtime, future: impl Future<Output = T>) -> T {
    let bounded = async { timeout(PATIENCE, future).await };
    runtime.block_on(bounded).unwrap_or_else(|_| panic!("it does not end"))
}

/// Makes an `AsyncRead` of a reader that waits. The reader has its own thread, which ends when the result is dropped.
pub fn piped(reader: impl Read + Send + 'static) -> DuplexStream {
    let (pipe, end) = tokio::io::duplex(64 << 10);
    thread::spawn(move || pour(reader, pipe));
    end
}

/// As [`piped`]. Each read but the first needs this many further polls after its bytes have arrived: the task is woken for
/// each of them, and can do whatever it does while it waits.
pub fn piped_with_polls(reader: impl Read + Send + 'static, polls: usize) -> impl AsyncRead + Send + Unpin {
    Polled { pipe: piped(reader), polls, left: 0, arrived: None }
}

struct Polled {
    pipe: DuplexStream,
    polls: usize,
    /// How many more polls the next read needs.
    left: usize,
    /// The bytes of the next read; empty at the end.
    arrived: Option<Vec<u8>>,
}

impl AsyncRead for Polled {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.arrived.is_none() {
            ready!(Pin::new(&mut self.pipe).poll_read(cx, buf))?;
            self.arrived = Some(buf.filled().to_vec());
            buf.clear();
        }
        if self.left > 0 {
            self.left -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.left = self.polls;
        buf.put_slice(&self.arrived.take().unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

fn pour(mut reader: impl Read, mut pipe: DuplexStream) {
    let runtime = Builder::new_current_thread().build().unwrap();
    let mut buf = vec![0; 16 << 10];
    while let Ok(n @ 1..) = reader.read(&mut buf) {
        if runtime.block_on(pipe.write_all(&buf[..n])).is_err() {
            return;
        }
    }
}
