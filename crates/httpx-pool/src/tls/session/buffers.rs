//! The two buffers of raw bytes.

use std::io;

use rustls::ClientConnection;

/// What an idle connection keeps: enough for a small response, or a server's part of a handshake, in one read.
const SMALL: usize = 8 * 1024;

/// What a connection grows to once a read has filled the small one: four records in one read.
const LARGE: usize = 64 * 1024;

/// Received bytes: a window in a buffer that is cleared once and not at each read.
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

    /// Room behind what is there; all of the buffer when nothing is.
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

    /// Gives back what has grown, where nothing is in it.
    pub(super) fn shrink(&mut self) {
        if self.start == self.end && self.buffer.len() > SMALL {
            self.buffer.truncate(SMALL);
            self.buffer.shrink_to_fit();
            (self.start, self.end) = (0, 0);
        }
    }
}

/// Bytes to be sent.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    buffer: Vec<u8>,
    start: usize,
}

impl Outgoing {
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    pub(super) fn sent(&mut self, n: usize) {
        self.start = self.start.saturating_add(n);
        if self.start >= self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
        }
    }

    pub(super) fn take_from(&mut self, tls: &mut ClientConnection) -> io::Result<usize> {
        tls.write_tls(&mut self.buffer)
    }

    /// Gives back what has grown, where nothing is in it.
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
