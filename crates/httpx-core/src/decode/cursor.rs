//! A coding's view of input and output.

/// Where a coding reads and writes. What was moved is known even when it fails.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    input: &'a [u8],
    output: &'a mut [u8],
    read: usize,
    written: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(input: &'a [u8], output: &'a mut [u8]) -> Self {
        Self { input, output, read: 0, written: 0 }
    }

    pub(super) fn next_byte(&mut self) -> Option<u8> {
        let byte = self.input.get(self.read).copied()?;
        self.read += 1;
        Some(byte)
    }

    pub(super) fn unread(&self) -> &'a [u8] {
        self.input.get(self.read..).unwrap_or_default()
    }

    /// The unread input and the free output at once.
    pub(super) fn both(&mut self) -> (&'a [u8], &mut [u8]) {
        (self.unread(), self.output.get_mut(self.written..).unwrap_or_default())
    }

    pub(super) fn is_full(&self) -> bool {
        self.written >= self.output.len()
    }

    /// Notes what was moved, and answers what has come out.
    pub(super) fn advance(&mut self, read: usize, written: usize) -> &[u8] {
        let start = self.written;
        self.read += read;
        self.written += written;
        self.output.get(start..self.written).unwrap_or_default()
    }

    /// Bytes taken from the input so far.
    pub(super) fn read(&self) -> usize {
        self.read
    }

    /// Bytes put into the output so far.
    pub(super) fn written(&self) -> usize {
        self.written
    }
}
