use bytes::Bytes;

/// What has been received and not yet been used: `bytes[start..end]`; behind it lies room to read into.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// All of it initialised, so that a reader can be lent the room; empty until first used.
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

/// What a connection keeps: enough for all but a few heads, and small enough for thousands of idle connections. As
/// in curl (16 KiB), hyper (8 KiB to begin with) and `BufReader` (8 KiB).
pub(crate) const KEPT: usize = 8 * 1024;

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

    /// Room to read into; never empty. Grows only when it is full of what cannot be used before more has come.
    #[inline]
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        if self.bytes.is_empty() {
            self.bytes.resize(KEPT, 0);
        }
        if self.start > 0 && self.bytes.len() - self.end < self.bytes.len() / 2 {
            self.move_to_front();
        }
        if self.end == self.bytes.len() {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// Says that `n` bytes were read into the spare room; no more than there was.
    #[inline]
    pub(crate) fn filled(&mut self, n: usize) {
        self.end = self.end.saturating_add(n).min(self.bytes.len());
    }

    /// Takes a copy of `bytes`; grows as it must.
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

    /// Forgets the first `n` bytes, and gives memory back that only a large head had needed.
    #[inline]
    pub(crate) fn consume(&mut self, n: usize) {
        self.start = self.start.saturating_add(n).min(self.end);
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
        }
        if self.bytes.len() > KEPT && self.len() <= KEPT {
            self.shrink();
        }
    }

    #[cold]
    fn shrink(&mut self) {
        self.move_to_front();
        self.bytes.truncate(KEPT);
        self.bytes.shrink_to_fit();
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        let Buffer { mut bytes, start, end } = self;
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
