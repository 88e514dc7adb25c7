//! The two buffers of encrypted bytes.

use std::io;

use rustls::ClientConnection;

/// The size that an idle connection keeps: a small response, or the server's part of a handshake, in one read.
const SMALL: usize = 8 * 1024;

/// The size once a read has filled the small buffer: four records in one read.
const LARGE: usize = 64 * 1024;

/// Received bytes: a window in a buffer that is zeroed once and not at each read.
#[derive(Debug, Default)]
pub(super) struct RawBuffer {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl RawBuffer {
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    pub(super) fn consume(&mut self, n: usize) {
        self.start = self.start.saturating_add(n).min(self.end);
    }

    /// Returns the room after the unread bytes, or the whole buffer if there are none.
    pub(super) fn spare(&mut self) -> &mut [u8] {
        if self.start == self.end {
            let was_full = self.end == self.buffer.len();
            (self.start, self.end) = (0, 0);
            match self.buffer.len() {
                0 => self.buffer.resize(SMALL, 0),
                SMALL if was_full => self.buffer.resize(LARGE, 0),
                _ => {}
            }
        }
        self.buffer.get_mut(self.end..).unwrap_or_default()
    }

    pub(super) fn filled(&mut self, n: usize) {
        self.end = self.end.saturating_add(n).min(self.buffer.len());
    }

    /// Gives back memory if the buffer is empty and has grown. Returns whether it has.
    pub(super) fn shrink(&mut self) -> bool {
        let has_grown = self.start == self.end && self.buffer.len() > SMALL;
        if has_grown {
            self.buffer.truncate(SMALL);
            self.buffer.shrink_to_fit();
            (self.start, self.end) = (0, 0);
        }
        has_grown
    }
}

/// Bytes to be sent.
#[derive(Debug, Default)]
pub(super) struct OutgoingRecords {
    buffer: Vec<u8>,
    start: usize,
    /// How many bytes have been sent in all.
    sent: u64,
}

impl OutgoingRecords {
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    pub(super) fn advance(&mut self, n: usize) {
        let n = n.min(self.bytes().len());
        self.start += n;
        self.sent = self.sent.saturating_add(n as u64);
        if self.start == self.buffer.len() {
            self.clear();
        }
    }

    pub(super) fn clear(&mut self) {
        self.buffer.clear();
        self.start = 0;
    }

    /// Returns how many bytes have been sent.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    /// Returns how many bytes will have been sent when all of these have.
    pub(super) fn end(&self) -> u64 {
        self.sent.saturating_add(self.bytes().len() as u64)
    }

    pub(super) fn take_from(&mut self, tls: &mut ClientConnection) -> io::Result<usize> {
        tls.write_tls(&mut self.buffer)
    }

    /// Gives back memory if the buffer is empty and has grown.
    pub(super) fn shrink(&mut self) {
        if self.buffer.is_empty() {
            self.buffer.shrink_to(SMALL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_grows_when_filled_and_shrinks_at_rest() {
        let mut raw = RawBuffer::default();
        let rows = [(SMALL, SMALL - 1), (SMALL, SMALL), (LARGE, 1), (LARGE, LARGE), (LARGE, 7)];
        for (room, received) in rows {
            assert_eq!(raw.spare().len(), room);
            raw.filled(received);
            assert_eq!(raw.bytes().len(), received);
            raw.consume(received - 1);
            raw.shrink();
            assert_eq!(raw.bytes().len(), 1);
            raw.consume(1);
        }
        raw.shrink();
        assert_eq!((raw.spare().len(), raw.buffer.capacity()), (SMALL, SMALL));
    }
}
