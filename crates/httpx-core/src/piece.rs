//! A piece of a streamed body, in memory of its own; the same for both flavours.

use bytes::Bytes;

/// Where one piece is read to.
pub(crate) struct Piece(Vec<u8>);

impl Piece {
    /// What is read at once: the most that a record of TLS holds, and about what a socket has ready.
    const ROOM: usize = 16 << 10;

    pub(crate) fn new() -> Self {
        Piece(vec![0; Piece::ROOM])
    }

    pub(crate) fn room(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Says how many bytes were read; none are the end.
    pub(crate) fn filled(mut self, n: usize) -> Option<Bytes> {
        match n {
            0 => None,
            // Whoever keeps many small pieces keeps no more than them.
            n if n < Piece::ROOM / 2 => Some(Bytes::copy_from_slice(self.0.get(..n).unwrap_or_default())),
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
        for n in [0, 1, Piece::ROOM / 2 - 1, Piece::ROOM / 2, Piece::ROOM] {
            let mut piece = Piece::new();
            piece.room()[..n].fill(7);
            assert_eq!(piece.filled(n).unwrap_or_default(), vec![7; n]);
        }
    }
}
