//! Where records begin and end. rustls does not tell.

/// Type, version and length (RFC 8446 §5.1).
const HEADER: usize = 5;

/// Follows the record boundaries of the received bytes.
#[derive(Debug, Default)]
pub(super) struct Records {
    header: [u8; HEADER],
    /// The number of bytes of the current header seen so far; 0 inside a record.
    seen: usize,
    /// The number of bytes of the current record that are missing.
    left: usize,
}

impl Records {
    /// Advances by these bytes. Returns how many records ended in them.
    pub(super) fn advance(&mut self, mut bytes: &[u8]) -> usize {
        let mut ended = 0;
        while !bytes.is_empty() {
            if self.left > 0 {
                let taken = self.left.min(bytes.len());
                self.left -= taken;
                ended += usize::from(self.left == 0);
                bytes = bytes.get(taken..).unwrap_or_default();
                continue;
            }
            for (slot, byte) in self.header.iter_mut().skip(self.seen).zip(bytes) {
                *slot = *byte;
            }
            let taken = (HEADER - self.seen).min(bytes.len());
            self.seen += taken;
            bytes = bytes.get(taken..).unwrap_or_default();
            if self.seen == HEADER {
                let [_, _, _, high, low] = self.header;
                self.left = usize::from(u16::from_be_bytes([high, low]));
                ended += usize::from(self.left == 0);
                self.seen = 0;
            }
        }
        ended
    }

    /// Returns whether the received bytes end with the end of a record.
    pub(super) fn at_boundary(&self) -> bool {
        self.seen == 0 && self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_in_every_split() {
        let stream = b"\x17\x03\x03\x00\x03abc\x15\x03\x03\x00\x00\x17\x03\x03\x00\x01x";
        let boundaries = [0, 8, 13, 19];
        for first in 0..=stream.len() {
            for second in first..=stream.len() {
                let mut records = Records::default();
                let mut ended = records.advance(&stream[..first]);
                assert_eq!(records.at_boundary(), boundaries.contains(&first), "{first}");
                ended += records.advance(&stream[first..second]);
                assert_eq!(records.at_boundary(), boundaries.contains(&second), "{first} {second}");
                let expected = boundaries.iter().filter(|&&end| 0 < end && end <= second).count();
                assert_eq!(ended, expected, "{first} {second}");
            }
        }
    }
}
