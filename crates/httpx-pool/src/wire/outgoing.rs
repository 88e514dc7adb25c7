//! [`Outgoing`]: the bytes that are to be written: an own buffer, then a body that is lent.

use bytes::{Buf, Bytes};

/// The capacity that the buffer keeps between two requests: more than most heads need, little enough for thousands of
/// idle connections.
const KEPT: usize = 8 << 10;

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// The bytes from `sent` on are to be written, then the lent ones.
    buffer: Vec<u8>,
    sent: usize,
    lent: Bytes,
    /// The room at the end of the buffer that is lent out for reading an upload into. It is not to be written yet.
    room: Option<Room>,
}

/// A part of the buffer that is being filled.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// Where the buffer ended before.
    before: usize,
    /// Where the room begins, perhaps after the frame of a chunk.
    start: usize,
}

impl Outgoing {
    /// Drops everything that has not been written.
    pub(super) fn clear(&mut self) {
        self.buffer.clear();
        self.sent = 0;
        self.lent = Bytes::new();
        self.room = None;
    }

    /// Returns the buffer, to append to it. Nothing may be appended while something is lent.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Writes these bytes after the buffer, from where they lie.
    pub(super) fn lend(&mut self, bytes: Bytes) {
        self.lent = bytes;
    }

    /// Returns whether a body is lent.
    pub(super) fn is_lending(&self) -> bool {
        !self.lent.is_empty()
    }

    /// Returns whether room has been opened and not closed.
    pub(super) fn has_room(&self) -> bool {
        self.room.is_some()
    }

    /// Returns the room that is open, or else opens `n` bytes at the end of the buffer, which was `before` bytes long
    /// before the frame of this room was appended.
    pub(super) fn room(&mut self, before: usize, n: usize) -> &mut [u8] {
        let start = match self.room {
            Some(room) => room.start,
            None => {
                let start = self.buffer.len();
                self.room = Some(Room { before, start });
                self.buffer.resize(start + n, 0);
                start
            }
        };
        self.buffer.get_mut(start..).unwrap_or_default()
    }

    /// Closes the room: its first `n` bytes have been filled.
    pub(super) fn close_room(&mut self, n: usize) {
        if let Some(room) = self.room.take() {
            self.buffer.truncate(room.start.saturating_add(n));
        }
    }

    /// Returns whether everything has been written.
    pub(super) fn is_empty(&self) -> bool {
        self.sent == self.end() && self.lent.is_empty()
    }

    /// Returns the bytes that are to be written: the own ones, then the lent ones.
    pub(super) fn slices(&self) -> [&[u8]; 2] {
        [self.buffer.get(self.sent..self.end()).unwrap_or_default(), &self.lent]
    }

    /// Takes off `n` bytes that have been written.
    pub(super) fn advance(&mut self, n: usize) {
        let own = n.min(self.end() - self.sent);
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

    /// Gives back capacity that has grown.
    pub(super) fn shrink(&mut self) {
        self.buffer.shrink_to(KEPT);
    }

    fn end(&self) -> usize {
        self.room.map_or(self.buffer.len(), |room| room.before)
    }

    #[cfg(test)]
    #[cfg(feature = "blocking")]
    pub(super) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }
}
