//! Runtimes of tokio, and bounded waits on them.

use std::future::Future;
use std::io::Read;
use std::thread;

use tokio::io::{AsyncWriteExt, DuplexStream};
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

fn pour(mut reader: impl Read, mut pipe: DuplexStream) {
    let runtime = Builder::new_current_thread().build().unwrap();
    let mut buf = vec![0; 16 << 10];
    while let Ok(n @ 1..) = reader.read(&mut buf) {
        if runtime.block_on(pipe.write_all(&buf[..n])).is_err() {
            return;
        }
    }
}
