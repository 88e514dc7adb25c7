//! [`Throttle`]: the limits of a throttled stream.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

/// The limits of a throttled stream. They may change while the stream is in use.
///
/// The stream itself is in the crate under test, which has the traits of streams.
#[derive(Debug)]
pub struct Throttle {
    /// The most bytes that one read returns.
    pub read: AtomicUsize,
    /// The number of reads so far.
    pub reads: AtomicUsize,
    /// The number of waits that have ended without bytes or room, since the last byte was read or written. An async stream
    /// counts the polls that were pending.
    pub waits: AtomicUsize,
    /// The number of bytes that can still be written; a further write fails.
    pub room: AtomicUsize,
    /// The error of such a write.
    pub then: ErrorKind,
}

impl Throttle {
    /// Without limits.
    pub fn open(then: ErrorKind) -> Arc<Self> {
        let [read, room] = [usize::MAX; 2].map(AtomicUsize::new);
        let [reads, waits] = [0; 2].map(AtomicUsize::new);
        Arc::new(Throttle { read, reads, waits, room, then })
    }

    /// Counts a read, and returns the part of the buffer that it may fill.
    pub fn readable<'b>(&self, buf: &'b mut [u8]) -> &'b mut [u8] {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let most = buf.len().min(self.read.load(Ordering::Relaxed));
        &mut buf[..most]
    }

    /// Returns the part of these bytes that may be written. If it is empty, the write fails.
    pub fn writable<'b>(&self, buf: &'b [u8]) -> &'b [u8] {
        &buf[..buf.len().min(self.room.load(Ordering::Relaxed))]
    }

    /// Takes note of a read or a write that could wait for this time.
    pub fn observe(&self, result: &io::Result<usize>, timeout: Option<Duration>) {
        match result {
            Ok(_) => self.waits.store(0, Ordering::Relaxed),
            Err(error) if error.kind() == ErrorKind::TimedOut => self.waited(timeout),
            Err(_) => {}
        }
    }

    /// Takes note of a wait that has ended after this time, without anything.
    pub fn waited(&self, timeout: Option<Duration>) {
        if timeout != Some(Duration::ZERO) {
            self.waits.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes note of a read or a write that was polled.
    pub fn observe_poll(&self, poll: &Poll<io::Result<usize>>) {
        match poll {
            Poll::Ready(result) => self.observe(result, None),
            Poll::Pending => self.waited(None),
        }
    }

    /// Counts written bytes, and returns their number as the result of the write.
    pub fn wrote(&self, n: usize) -> io::Result<usize> {
        let less = |room: usize| Some(if room == usize::MAX { room } else { room - n });
        self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).unwrap();
        Ok(n)
    }
}
