//! The buffer for one chunk of a streamed body.

use bytes::Bytes;

/// The buffer that one chunk of a streamed body is read into; the same for both flavours.
///
/// It is kept from one read to the next until it is handed out, so that a read that is pending does not zero it again.
#[derive(Default)]
pub(crate) struct ChunkBuffer(Option<Box<[u8]>>);

impl ChunkBuffer {
    /// The size of the longest chunk: that of a TLS record, and about as much as a socket has ready.
    const SIZE: usize = 16 << 10;

    /// The room to read into; never empty.
    pub(crate) fn spare_mut(&mut self) -> &mut [u8] {
        self.0.get_or_insert_with(|| vec![0; ChunkBuffer::SIZE].into())
    }

    /// The `n` bytes that were read; `None` if there are none, which is the end.
    pub(crate) fn take(&mut self, n: usize) -> Option<Bytes> {
        let buffer = self.0.take()?;
        if n == 0 {
            return None;
        }
        if n >= ChunkBuffer::SIZE / 2 {
            let mut chunk = Bytes::from(buffer);
            chunk.truncate(n);
            return Some(chunk);
        }
        // A copy, so that a caller who keeps many small chunks does not keep whole buffers.
        let chunk = Bytes::copy_from_slice(buffer.get(..n).unwrap_or_default());
        self.0 = Some(buffer);
        Some(chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_of_all_sizes() {
        let mut buffer = ChunkBuffer::default();
        let half = ChunkBuffer::SIZE / 2;
        for (n, byte) in [(1, 1), (half - 1, 2), (half, 3), (ChunkBuffer::SIZE, 4), (1, 5), (0, 6), (2, 7)] {
            buffer.spare_mut()[..n].fill(byte);
            assert_eq!(buffer.take(n).unwrap_or_default(), vec![byte; n]);
        }
    }
}
