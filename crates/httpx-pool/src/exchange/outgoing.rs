//! What is on its way out: our own buffer, and a body that is lent.

use bytes::{Buf, Bytes};

/// What a buffer may keep between two requests: more than most heads, little enough for thousands of idle
/// connections.
const KEPT: usize = 8 << 10;

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// The bytes from `sent` on are to be written, and then those that are lent.
    buffer: Vec<u8>,
    sent: usize,
    lent: Bytes,
    /// How many bytes of this request have been written.
    total: u64,
    /// Where the room begins that was given out last.
    opened: usize,
}

impl Outgoing {
    /// Begins with a new request.
    pub(super) fn clear(&mut self) {
        self.abandon();
        self.total = 0;
    }

    /// Forgets what has not been written.
    pub(super) fn abandon(&mut self) {
        self.buffer.clear();
        self.sent = 0;
        self.lent = Bytes::new();
    }

    /// Where to append; nothing may be appended while something is lent.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// These bytes go out behind the buffer, from where they lie.
    pub(super) fn lend(&mut self, bytes: Bytes) {
        self.lent = bytes;
    }

    /// Room for `n` bytes at the end of the buffer.
    pub(super) fn open(&mut self, n: usize) -> &mut [u8] {
        let start = self.buffer.len();
        self.opened = start;
        self.buffer.resize(start + n, 0);
        &mut self.buffer[start..]
    }

    /// Only the first `n` bytes of that room have been filled.
    pub(super) fn close(&mut self, n: usize) {
        self.buffer.truncate(self.opened.saturating_add(n));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent == self.buffer.len() && self.lent.is_empty()
    }

    pub(super) fn slices(&self) -> [&[u8]; 2] {
        [self.buffer.get(self.sent..).unwrap_or_default(), &self.lent]
    }

    /// So many bytes have been written.
    pub(super) fn advance(&mut self, n: usize) {
        self.total += n as u64;
        let own = n.min(self.buffer.len() - self.sent);
        self.sent += own;
        self.lent.advance((n - own).min(self.lent.len()));
        if self.lent.is_empty() {
            // Even an empty slice would keep the whole body in memory.
            self.lent = Bytes::new();
        }
        if self.sent == self.buffer.len() {
            self.buffer.clear();
            self.sent = 0;
        }
    }

    /// How many bytes of this request have been written.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Gives back what has grown.
    pub(super) fn shrink(&mut self) {
        self.buffer.shrink_to(KEPT);
    }

    #[cfg(test)]
    #[cfg(feature = "blocking")]
    pub(super) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }
}
