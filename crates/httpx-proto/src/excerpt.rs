//! Keeps the first bytes of a text of the other side for an error.

use std::fmt;

/// The first bytes of a text of the other side, escaped when shown.
///
/// It keeps at most [`Excerpt::MAX`] bytes, so that an error stays small and a log stays readable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Excerpt {
    bytes: [u8; Excerpt::MAX],
    len: u8,
    cut: bool,
}

impl Excerpt {
    /// The number of bytes that are kept.
    pub const MAX: usize = 24;

    /// Keeps the beginning of `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        let mut excerpt = Excerpt { bytes: [0; Excerpt::MAX], len: 0, cut: bytes.len() > Excerpt::MAX };
        for (slot, &byte) in excerpt.bytes.iter_mut().zip(bytes) {
            *slot = byte;
            excerpt.len += 1;
        }
        excerpt
    }

    /// Returns the bytes that were kept.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

/// Quoted and escaped, with `…` where it was truncated.
impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}{}\"", self.as_bytes().escape_ascii(), if self.cut { "…" } else { "" })
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
