//! [`Cursor`]: the input and the output of one run of a coding.

/// The input and the output of one run. The number of bytes that were moved is known even if the run fails.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    input: &'a [u8],
    output: &'a mut [u8],
    read: usize,
    written: usize,
    work: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(input: &'a [u8], output: &'a mut [u8]) -> Self {
        Self { input, output, read: 0, written: 0, work: 0 }
    }

    pub(super) fn next_byte(&mut self) -> Option<u8> {
        let byte = self.input.get(self.read).copied()?;
        self.read += 1;
        Some(byte)
    }

    pub(super) fn unread(&self) -> &'a [u8] {
        self.input.get(self.read..).unwrap_or_default()
    }

    /// Returns the unread input and the free output.
    pub(super) fn both(&mut self) -> (&'a [u8], &mut [u8]) {
        (self.unread(), self.output.get_mut(self.written..).unwrap_or_default())
    }

    pub(super) fn is_full(&self) -> bool {
        self.written >= self.output.len()
    }

    /// Records the bytes that were moved, and returns those that were written.
    pub(super) fn advance(&mut self, read: usize, written: usize) -> &[u8] {
        let start = self.written;
        self.read += read;
        self.written += written;
        self.output.get(start..self.written).unwrap_or_default()
    }

    /// Adds work beside the bytes that are moved, about in bytes. A coding that has charged much returns early.
    pub(super) fn charge(&mut self, work: u64) {
        self.work += work;
    }

    /// The work that was charged so far.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// The number of bytes read so far.
    pub(super) fn read(&self) -> usize {
        self.read
    }

    /// The number of bytes written so far.
    pub(super) fn written(&self) -> usize {
        self.written
    }
}
