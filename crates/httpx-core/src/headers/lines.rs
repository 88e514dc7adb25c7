//! The layout of the header lines in their block.
//!
//! Each line has a prefix of eight bytes (flags, length of the name, length of the value), then its form on the wire,
//! `Name: value` CRLF.

use super::{HeaderValue, grammar};

const PREFIX: usize = 8;
pub(super) const SENSITIVE: u8 = 1;

/// One line in its block.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Where the line begins in the block.
    pub(super) start: usize,
    /// The line with its prefix.
    pub(super) whole: &'a [u8],
    /// The line without it.
    pub(super) wire: &'a [u8],
    name_len: usize,
    flags: u8,
}

impl<'a> Line<'a> {
    pub(super) fn name(&self) -> &'a str {
        // Always a token, and so always UTF-8.
        std::str::from_utf8(self.name_bytes()).unwrap_or_default()
    }

    #[inline]
    pub(super) fn field_line(&self) -> FieldLine<'a> {
        FieldLine { wire: self.wire, name: self.name_bytes(), value: self.value().as_bytes() }
    }

    #[inline]
    pub(super) fn value(&self) -> HeaderValue<'a> {
        let value = self.wire.get(self.name_len + 2..self.wire.len() - 2).unwrap_or_default();
        HeaderValue::new(self.name_bytes(), value, self.is_sensitive())
    }

    #[inline]
    pub(super) fn is_sensitive(&self) -> bool {
        self.flags & SENSITIVE != 0
    }

    #[inline]
    pub(super) fn is(&self, name: &str) -> bool {
        self.name_len == name.len() && self.name_bytes().eq_ignore_ascii_case(name.as_bytes())
    }

    #[inline]
    pub(super) fn has_name_of(&self, other: &Line<'_>) -> bool {
        self.name_len == other.name_len && self.name_bytes().eq_ignore_ascii_case(other.name_bytes())
    }

    #[inline]
    pub(super) fn name_bytes(&self) -> &'a [u8] {
        self.wire.get(..self.name_len).unwrap_or_default()
    }
}

/// Walks over the lines of a block.
#[derive(Clone)]
pub(super) struct Lines<'a> {
    block: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    /// Creates an iterator over the lines of `block` from the one that begins at `at`.
    #[inline]
    pub(super) fn new(block: &'a [u8], at: usize) -> Self {
        Lines { block, at }
    }
}

impl<'a> Lines<'a> {
    /// Returns the next line of this name.
    pub(super) fn find_name(&mut self, name: &str) -> Option<Line<'a>> {
        let mut rest = self.block.get(self.at..)?;
        loop {
            let (_, name_len, value_len) = unpack(*rest.first_chunk()?);
            // The lengths rule out most lines.
            if name_len == name.len() {
                self.at = self.block.len() - rest.len();
                let line = self.next()?;
                if line.is(name) {
                    return Some(line);
                }
            }
            rest = rest.get(PREFIX + name_len + value_len + 4..)?;
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    #[inline]
    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.block.get(self.at..)?;
        let &prefix = rest.first_chunk::<PREFIX>()?;
        let (flags, name_len, value_len) = unpack(prefix);
        let whole = rest.get(..PREFIX + name_len + value_len + 4)?;
        let start = self.at;
        self.at += whole.len();
        Some(Line { start, whole, wire: whole.get(PREFIX..)?, name_len, flags })
    }
}

/// Packs a prefix; the flags are in the first byte, where [`mark`] finds them.
#[inline]
fn pack(flags: u8, name_len: usize, value_len: usize) -> [u8; PREFIX] {
    (u64::from(flags) | (name_len as u64) << 16 | (value_len as u64) << 32).to_le_bytes()
}

#[inline]
fn unpack(prefix: [u8; PREFIX]) -> (u8, usize, usize) {
    let prefix = u64::from_le_bytes(prefix);
    (prefix as u8, usize::from((prefix >> 16) as u16), (prefix >> 32) as usize)
}

/// Returns the room that `lines` lines with together `bytes` bytes of names and values take.
pub(super) fn room(lines: usize, bytes: usize) -> usize {
    lines.saturating_mul(PREFIX + 4).saturating_add(bytes)
}

/// Appends a line whose name and value have been checked: see `convert::checked`.
pub(super) fn push(block: &mut Vec<u8>, name: &str, value: &[u8], flags: u8) {
    block.reserve(room(1, name.len() + value.len()));
    block.extend_from_slice(&pack(flags, name.len(), value.len()));
    block.extend_from_slice(name.as_bytes());
    block.extend_from_slice(b": ");
    block.extend_from_slice(value);
    block.extend_from_slice(b"\r\n");
}

/// Marks the line that begins at `start` as sensitive.
pub(super) fn mark(block: &mut [u8], start: usize) {
    if let Some(flags) = block.get_mut(start) {
        *flags |= SENSITIVE;
    }
}

/// The longest line that [`FieldLine::parse`] accepts.
const LONGEST: usize = u16::MAX as usize;

/// A checked line in its form on the wire, `Name: value` CRLF, without other white space around the value: for
/// [`Headers::push`](super::Headers::push). For the codec; not part of the stable API.
///
/// ```
/// use httpx_core::{FieldLine, Headers};
///
/// let section = b"Server: x\r\nVary: Accept\r\n\r\n";
/// let line = FieldLine::parse(section).unwrap();
/// assert_eq!((line.name(), line.value(), line.len()), (&b"Server"[..], &b"x"[..], 11));
///
/// let mut headers = Headers::new();
/// headers.push(line);
/// assert_eq!(headers.get("server").unwrap(), "x");
/// assert!(FieldLine::parse(b"Server : x\r\n").is_none());
/// ```
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldLine<'a> {
    wire: &'a [u8],
    name: &'a [u8],
    value: &'a [u8],
}

impl<'a> FieldLine<'a> {
    /// Parses the line at the front of `bytes`, with its CRLF, if it is in the common form: as above, in ASCII without
    /// tabs, with a value, and of at most 64 KiB. `None` means not in this form, or not complete; the line may still be
    /// valid.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (name, rest) = bytes.split_at_checked(grammar::token_len(bytes))?;
        let rest = rest.strip_prefix(b": ")?;
        let (value, rest) = rest.split_at_checked(grammar::text_len(rest))?;
        let wire = bytes.get(..name.len() + value.len() + 4)?;
        let fine = rest.starts_with(b"\r\n")
            && !name.is_empty()
            && !matches!(value, [] | [b' ', ..] | [.., b' '])
            && wire.len() <= LONGEST;
        fine.then_some(FieldLine { wire, name, value })
    }

    /// Returns the name, a token.
    #[inline]
    pub fn name(&self) -> &'a [u8] {
        self.name
    }

    /// Returns the value, without white space around it.
    #[inline]
    pub fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Returns the length of the line with its CRLF; never 0.
    #[inline]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.wire.len()
    }

    /// Appends the line to a block.
    #[inline]
    pub(super) fn push_to(&self, block: &mut Vec<u8>) {
        block.extend_from_slice(&pack(0, self.name.len(), self.value.len()));
        block.extend_from_slice(self.wire);
    }
}
