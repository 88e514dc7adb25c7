//! A piece of a streamed body, in memory of its own; the same for both flavours.

use bytes::Bytes;

/// Where one piece is read to.
pub(crate) struct ChunkBuffer(Vec<u8>);

impl ChunkBuffer {
    /// What is read at once: the most that a record of TLS holds, and about what a socket has ready.
    const SIZE: usize = 16 << 10;

    pub(crate) fn new() -> Self {
        ChunkBuffer(vec![0; ChunkBuffer::SIZE])
    }

    pub(crate) fn spare_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Says how many bytes were read; none are the end.
    pub(crate) fn filled(mut self, n: usize) -> Option<Bytes> {
        match n {
            0 => None,
            // Whoever keeps many small pieces keeps no more than them.
            n if n < ChunkBuffer::SIZE / 2 => {
                Some(Bytes::copy_from_slice(self.0.get(..n).unwrap_or_default()))
            }
            n => {
                self.0.truncate(n);
                Some(self.0.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        for n in [0, 1, ChunkBuffer::SIZE / 2 - 1, ChunkBuffer::SIZE / 2, ChunkBuffer::SIZE] {
            let mut piece = ChunkBuffer::new();
            piece.spare_mut()[..n].fill(7);
            assert_eq!(piece.filled(n).unwrap_or_default(), vec![7; n]);
        }
    }
}
