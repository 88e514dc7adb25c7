//! Where a block of lines ends: a search that goes on where it stopped, so that a head costs its size however it
//! drips.

use crate::RemoteError;

/// How much of what RFC 9112 lets a recipient overlook is overlooked.
///
/// A client overlooks what browsers do; a server nothing, since what two servers in a row read differently is what
/// request smuggling is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Bare LF in heads, space behind a chunk size.
    Lenient,
    /// To the letter.
    Strict,
}

/// Looks for the empty line that ends a head or a trailer section.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scan {
    /// Where the line begins in which the search stopped.
    line: usize,
    /// How far was searched.
    at: usize,
}

impl Scan {
    /// The length of the first line with its LF, once that is in `bytes`: called before `find_end`, which goes on behind
    /// it.
    pub(crate) fn find_line(&mut self, bytes: &[u8]) -> Option<usize> {
        let lf = bytes.get(self.at..).and_then(find_lf).map(|offset| self.at + offset);
        self.at = lf.unwrap_or(bytes.len()); // the LF itself is for `find_end`
        lf.map(|lf| lf + 1)
    }

    /// The length of the block with its empty line, once that is in `bytes`: the same block as in the last call, and
    /// more of it.
    pub(crate) fn find_end(&mut self, bytes: &[u8], dialect: Dialect) -> Result<Option<usize>, RemoteError> {
        while let Some(offset) = bytes.get(self.at..).and_then(find_lf) {
            let lf = self.at + offset;
            let line = bytes.get(self.line..lf).unwrap_or_default();
            (self.at, self.line) = (lf + 1, lf + 1);
            match (line, dialect) {
                ([b'\r'], _) | ([], Dialect::Lenient) => return Ok(Some(lf + 1)),
                ([.., b'\r'], _) | (_, Dialect::Lenient) => {}
                (_, Dialect::Strict) => return Err(RemoteError::BareLf),
            }
        }
        self.at = bytes.len();
        Ok(None)
    }
}

/// Where the first LF stands, eight bytes at a time.
fn find_lf(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    const LFS: u64 = u64::from_ne_bytes([b'\n'; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (nth, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word) ^ LFS;
        // The lowest byte that is zero gets its high bit set, as do perhaps others above it, but none below.
        let found = word.wrapping_sub(ONES) & !word & HIGHS;
        if found != 0 {
            return Some(nth * 8 + (found.trailing_zeros() / 8) as usize);
        }
    }
    rest.iter().position(|&byte| byte == b'\n').map(|at| words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_lf() {
        let mut bytes = (0..=255u8).filter(|&byte| byte != b'\n').cycle().take(300).collect::<Vec<_>>();
        assert_eq!(find_lf(&bytes), None);
        for at in (0..300).rev() {
            bytes[at] = b'\n';
            for from in 0..=at {
                assert_eq!(find_lf(&bytes[from..]), Some(at - from));
            }
        }
    }

    /// What is looked at, over all calls, is the block once.
    #[test]
    fn a_drip_costs_its_size() {
        let head = [b"HTTP/1.1 200 OK\r\n".as_slice(), &b"A: b\r\n".repeat(5000), b"\r\n"].concat();
        let (mut scan, mut looked_at) = (Scan::default(), 0);
        for end in 1..=head.len() {
            looked_at += end - scan.at;
            let found = scan.find_end(&head[..end], Dialect::Lenient).unwrap();
            assert_eq!(found, (end == head.len()).then_some(end));
        }
        assert_eq!(looked_at, head.len());
    }
}
