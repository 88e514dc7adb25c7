//! Finds the end of a block of lines.
//!
//! The search continues where it stopped, so that the cost of a head is linear however slowly it arrives.

use crate::RemoteError;

/// How many of the deviations that RFC 9112 lets a recipient ignore are ignored.
///
/// A client is as lenient as browsers. A server is strict: request smuggling exploits differences between two servers
/// in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Accepts bare LF in heads, as browsers and curl do (RFC 9112 §2.2), and spaces after a chunk size.
    Lenient,
    /// Accepts no deviation; no bare LF, which RFC 9112 §2.2 leaves to a server and h11 accepts.
    Strict,
}

/// The search for the empty line that ends a head or a trailer section.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scan {
    /// The bytes that have been searched.
    at: usize,
}

impl Scan {
    /// Returns whether nothing has been searched yet.
    pub(crate) fn is_fresh(&self) -> bool {
        self.at == 0
    }

    /// Returns the length of the first line with its LF, once that is in `bytes`. Call it before `find_end`, which
    /// continues after it.
    pub(crate) fn find_line(&mut self, bytes: &[u8]) -> Option<usize> {
        let lf = bytes.get(self.at..).and_then(find_lf).map(|offset| self.at + offset);
        self.at = lf.unwrap_or(bytes.len()); // the LF itself is for `find_end`
        lf.map(|lf| lf + 1)
    }

    /// Returns the length of the block with its empty line, once that is in `bytes`: the block of the last call, and
    /// more of it.
    pub(crate) fn find_end(
        &mut self,
        bytes: &[u8],
        strictness: Strictness,
    ) -> Result<Option<usize>, RemoteError> {
        if self.at == 0 {
            match (bytes, strictness) {
                ([b'\r', b'\n', ..], _) => return Ok(Some(2)),
                ([b'\n', ..], Strictness::Lenient) => return Ok(Some(1)),
                ([b'\r'], _) => return Ok(None),
                (_, _) => {}
            }
        }
        while let Some(lf) = self.next_lf(bytes, strictness) {
            let (before, after) = bytes.split_at_checked(lf).unwrap_or_default();
            match (before, after, strictness) {
                ([.., b'\r'], _, _) | (_, _, Strictness::Lenient) => {}
                (_, _, Strictness::Strict) => return Err(RemoteError::BareLf),
            }
            match (after, strictness) {
                ([_, b'\r', b'\n', ..], _) => return Ok(Some(lf + 3)),
                ([_, b'\n', ..], Strictness::Lenient) => return Ok(Some(lf + 2)),
                ([_] | [_, b'\r'], _) => {
                    self.at = lf; // the next bytes decide
                    return Ok(None);
                }
                (_, _) => self.at = lf + 1,
            }
        }
        self.at = bytes.len();
        Ok(None)
    }

    /// Returns the position of the next LF that matters: in lenient mode, one that may come before an empty line.
    fn next_lf(&mut self, bytes: &[u8], strictness: Strictness) -> Option<usize> {
        if strictness == Strictness::Lenient {
            while let Some(window) = bytes.get(self.at..).and_then(<[u8]>::first_chunk)
                && !may_end(window)
            {
                self.at += WINDOW;
            }
        }
        bytes.get(self.at..).and_then(find_lf).map(|offset| self.at + offset)
    }
}

/// The number of bytes that are ruled out at once.
const WINDOW: usize = 32;

/// Returns whether there is an LF followed by a CR or an LF (or a tab, for simplicity), without a branch per byte, so
/// that it is vectorised.
fn may_end(window: &[u8; WINDOW + 1]) -> bool {
    let [firsts @ .., _] = window;
    let [_, seconds @ ..] = window;
    firsts.iter().zip(seconds).fold(false, |found, (&one, &two)| found | ((one == b'\n') & (two <= b'\r')))
}

/// Returns the position of the first LF. Reads eight bytes at a time.
pub(crate) fn find_lf(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    const LFS: u64 = u64::from_ne_bytes([b'\n'; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (nth, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word) ^ LFS;
        // The high bit of the lowest zero byte is set. Bits above it may be set too, but none below.
        let found = word.wrapping_sub(ONES) & !word & HIGHS;
        if found != 0 {
            return Some(nth * 8 + (found.trailing_zeros() / 8) as usize);
        }
    }
    rest.iter().position(|&byte| byte == b'\n').map(|at| words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    /// Over all calls, each byte of the block is read once, and its line ends at most twice more.
    #[test]
    fn a_drip_costs_its_size() {
        let head = [b"HTTP/1.1 200 OK\r\n".as_slice(), &b"A: b\r\n".repeat(5000), b"\r\n"].concat();
        for strictness in [Strictness::Lenient, Strictness::Strict] {
            let (mut scan, mut looked_at) = (Scan::default(), 0);
            for end in 1..=head.len() {
                looked_at += end - scan.at;
                let found = scan.find_end(&head[..end], strictness).unwrap();
                assert_eq!(found, (end == head.len()).then_some(end));
            }
            assert!(looked_at <= head.len() + 3 * 5002, "{looked_at}");
        }
    }

    /// A simple and slow model: line by line.
    fn naive(bytes: &[u8], strictness: Strictness) -> Result<Option<usize>, RemoteError> {
        let mut line = 0;
        for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            match (&bytes[line..at], strictness) {
                (b"\r", _) | (b"", Strictness::Lenient) => return Ok(Some(at + 1)),
                ([.., b'\r'], _) | (_, Strictness::Lenient) => line = at + 1,
                (_, Strictness::Strict) => return Err(RemoteError::BareLf),
            }
        }
        Ok(None)
    }

    proptest! {
        #[test]
        fn as_the_naive_one_in_any_two_pieces(
            pieces in proptest::collection::vec(
                prop_oneof![
                    Just(&b"\r\n"[..]), Just(&b"\n"[..]), Just(&b"\r"[..]), Just(&b"a"[..]),
                    Just(&b"a longer line, as long as a window of the search\r\n"[..]), Just(&b"A: b\r\n"[..]),
                ],
                0..12,
            ),
            strict: bool,
        ) {
            let strictness = if strict { Strictness::Strict } else { Strictness::Lenient };
            let bytes = pieces.concat();
            let expected = naive(&bytes, strictness);
            for cut in 0..=bytes.len() {
                let mut scan = Scan::default();
                let found = match scan.find_end(&bytes[..cut], strictness) {
                    Ok(None) => scan.find_end(&bytes, strictness),
                    found => found,
                };
                prop_assert_eq!(&found, &expected, "cut at {}", cut);
            }
        }
    }
}
