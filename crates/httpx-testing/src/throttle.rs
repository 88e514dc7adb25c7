use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The limits of a throttled stream. They may change while the stream is in use.
///
/// The stream itself is in the crate under test, which has the traits of streams.
#[derive(Debug)]
pub struct Throttle {
    /// The most bytes that one read returns.
    pub read: AtomicUsize,
    /// The number of reads so far.
    pub reads: AtomicUsize,
    /// The number of bytes that can still be written; a further write fails.
    pub room: AtomicUsize,
    /// The error of such a write.
    pub then: ErrorKind,
}

impl Throttle {
    /// Without limits.
    pub fn open(then: ErrorKind) -> Arc<Self> {
        let [read, room] = [usize::MAX; 2].map(AtomicUsize::new);
        Arc::new(Throttle { read, reads: AtomicUsize::new(0), room, then })
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

    /// Counts written bytes.
    pub fn wrote(&self, n: usize) {
        let less = |room: usize| Some(if room == usize::MAX { room } else { room - n });
        self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).unwrap();
    }
}
