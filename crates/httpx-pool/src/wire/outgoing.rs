//! [`Outgoing`]: the bytes that are to be written: an own buffer, then a body that is lent.

use std::ops::Range;

use bytes::{Buf, Bytes};

/// The capacity that the buffer keeps between two requests: more than most heads need, little enough for thousands of
/// idle connections.
const KEPT: usize = 8 << 10;

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// The bytes from `sent` on are to be written, then those that are lent.
    buffer: Vec<u8>,
    sent: usize,
    /// A part of a body that is written from where it lies.
    lent: Bytes,
    /// The room that the body of a request is read into. It stays while the request is sent, so that it is zeroed once.
    room: Vec<u8>,
    /// The part of the room that is to be written.
    filled: Range<usize>,
}

impl Outgoing {
    /// Drops everything that has not been written.
    pub(super) fn clear(&mut self) {
        self.buffer.clear();
        self.sent = 0;
        self.lent = Bytes::new();
        self.filled = 0..0;
    }

    /// Returns the buffer, to append to it. Nothing may be appended while something is lent.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Writes these bytes after the buffer, from where they lie.
    pub(super) fn lend(&mut self, bytes: Bytes) {
        self.lent = bytes;
    }

    /// Returns whether a part of a body is lent.
    pub(super) fn is_lending(&self) -> bool {
        !self.lent.is_empty() || !self.filled.is_empty()
    }

    /// Returns room of `n` bytes to read a body into. Nothing of it may be lent.
    pub(super) fn room(&mut self, n: usize) -> &mut [u8] {
        if self.room.len() < n {
            self.room.resize(n, 0);
        }
        self.room.get_mut(..n).unwrap_or_default()
    }

    /// Writes the first `n` bytes of the room after the buffer.
    pub(super) fn lend_room(&mut self, n: usize) {
        self.filled = 0..n.min(self.room.len());
    }

    /// Returns whether everything has been written.
    pub(super) fn is_empty(&self) -> bool {
        self.sent == self.buffer.len() && !self.is_lending()
    }

    /// Returns the bytes that are to be written: the own ones, then the lent ones.
    pub(super) fn slices(&self) -> [&[u8]; 2] {
        let lent = if self.filled.is_empty() {
            &self.lent
        } else {
            self.room.get(self.filled.clone()).unwrap_or_default()
        };
        [self.buffer.get(self.sent..).unwrap_or_default(), lent]
    }

    /// Takes off `n` bytes that have been written.
    pub(super) fn advance(&mut self, n: usize) {
        let own = n.min(self.buffer.len() - self.sent);
        self.sent += own;
        let lent = n - own;
        if self.filled.is_empty() {
            self.lent.advance(lent.min(self.lent.len()));
        } else {
            self.filled.start = self.filled.end.min(self.filled.start + lent);
        }
        if self.lent.is_empty() {
            // Even an empty slice would keep the whole body in memory.
            self.lent = Bytes::new();
        }
        if self.sent == self.buffer.len() {
            self.buffer.clear();
            self.sent = 0;
        }
    }

    /// Gives back capacity that has grown.
    pub(super) fn shrink(&mut self) {
        self.buffer.shrink_to(KEPT);
        self.room = Vec::new();
    }

    #[cfg(test)]
    #[cfg(feature = "blocking")]
    pub(super) fn capacity(&self) -> usize {
        self.buffer.capacity() + self.room.capacity()
    }
}
