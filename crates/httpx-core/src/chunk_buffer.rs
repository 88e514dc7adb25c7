use bytes::Bytes;

/// The buffer that one chunk of a streamed body is read into; the same for both flavours.
///
/// It is kept from one read to the next until it is handed out, so that a read that is pending does not zero it again.
#[derive(Default)]
pub(crate) struct ChunkBuffer(Vec<u8>);

impl ChunkBuffer {
    /// The most that one chunk holds: the size of a TLS record, and about what a socket has ready.
    const SIZE: usize = 16 << 10;

    /// The room to read into; never empty.
    pub(crate) fn spare_mut(&mut self) -> &mut [u8] {
        self.0.resize(ChunkBuffer::SIZE, 0);
        &mut self.0
    }

    /// The `n` bytes that were read; `None` if there are none, which is the end.
    pub(crate) fn take(&mut self, n: usize) -> Option<Bytes> {
        match n {
            0 => {
                self.0 = Vec::new();
                None
            }
            // Somebody who keeps many small chunks keeps no more memory than that.
            n if n < ChunkBuffer::SIZE / 2 => {
                Some(Bytes::copy_from_slice(self.0.get(..n).unwrap_or_default()))
            }
            n => {
                self.0.truncate(n);
                Some(std::mem::take(&mut self.0).into())
            }
        }
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
