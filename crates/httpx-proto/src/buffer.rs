//! The receive buffer of a connection.

use bytes::Bytes;

/// Received bytes that are not used yet (`bytes[start..end]`), and spare room after them.
#[derive(Debug)]
pub(crate) struct Buffer {
    /// All of it is initialised, so that a reader can fill the spare room. Empty until first used.
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// The size of `bytes`, unless a head needs more.
    capacity: usize,
}

/// The capacity that an idle connection keeps: enough for all but a few heads, and small enough for thousands of idle
/// connections. curl keeps 16 KiB; hyper and `BufReader` start with 8 KiB.
pub(crate) const KEPT: usize = 8 * 1024;

/// The most capacity for a body that fills the buffer again and again: more would not save time, because the system
/// copies the bytes in any case.
const LARGEST: usize = 64 * 1024;

impl Default for Buffer {
    fn default() -> Self {
        Buffer { bytes: Vec::new(), start: 0, end: 0, capacity: KEPT }
    }
}

impl Buffer {
    #[inline]
    pub(crate) fn unread(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Returns room to read into, at least one byte. Grows only when it is full of bytes that cannot be used yet.
    #[inline]
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        if self.bytes.len() < self.capacity {
            self.bytes.resize(self.capacity, 0);
        }
        if self.start > 0 && self.bytes.len() - self.end < self.bytes.len() / 2 {
            self.move_to_front();
        }
        if self.end == self.bytes.len() {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// Records that `n` bytes were read into the spare room. A larger `n` counts as all of the room.
    #[inline]
    pub(crate) fn filled(&mut self, n: usize) {
        self.end = self.end.saturating_add(n).min(self.bytes.len());
    }

    /// Returns whether there is no spare room: the last read could have taken more.
    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        self.end == self.bytes.len()
    }

    /// Appends a copy of `bytes`. Grows as needed.
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        self.move_to_front();
        let end = self.end + bytes.len();
        if end > self.bytes.len() {
            self.bytes.resize(end.max(KEPT), 0);
        }
        if let Some(room) = self.bytes.get_mut(self.end..end) {
            room.copy_from_slice(bytes);
            self.end = end;
        }
    }

    /// Drops the first `n` bytes, and frees memory that only a large head needed.
    #[inline]
    pub(crate) fn consume(&mut self, n: usize) {
        self.start = self.start.saturating_add(n).min(self.end);
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
        }
        if self.bytes.len() > self.capacity && self.len() <= self.capacity {
            self.shrink();
        }
    }

    /// Returns how many bytes one read can take, if the buffer is empty.
    #[inline]
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Doubles the capacity, up to a limit, because a body has filled the buffer.
    #[cold]
    pub(crate) fn grow(&mut self) {
        self.capacity = (self.capacity * 2).min(LARGEST);
    }

    /// Goes back to the capacity that an idle connection keeps.
    #[inline]
    pub(crate) fn reset_capacity(&mut self) {
        if self.capacity > KEPT {
            self.capacity = KEPT;
            self.consume(0);
        }
    }

    #[cold]
    fn shrink(&mut self) {
        self.move_to_front();
        self.bytes.truncate(self.capacity);
        self.bytes.shrink_to_fit();
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        let Buffer { mut bytes, start, end, .. } = self;
        bytes.truncate(end);
        Bytes::from(bytes).split_off(start.min(end))
    }

    fn move_to_front(&mut self) {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
    }
}
