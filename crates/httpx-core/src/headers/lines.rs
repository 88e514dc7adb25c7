//! How the lines lie in their block: each behind a prefix of seven bytes (flags, length of the name, length of the
//! value), and then as it goes over the wire, `Name: value` CRLF.

use super::HeaderValue;

const PREFIX: usize = 7;
const SENSITIVE: u8 = 1;

/// One line, seen in its block.
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) value: HeaderValue<'a>,
    /// Where the line begins in the block.
    pub(super) start: usize,
    /// The line with its prefix.
    pub(super) whole: &'a [u8],
    /// The line without it.
    pub(super) wire: &'a [u8],
}

/// Walks over the lines of a block.
#[derive(Clone)]
pub(super) struct Lines<'a> {
    block: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    /// The lines of `block` from the one that begins at `at`.
    pub(super) fn new(block: &'a [u8], at: usize) -> Self {
        Lines { block, at }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.block.get(self.at..)?;
        let &[flags, n0, n1, v0, v1, v2, v3] = rest.first_chunk::<PREFIX>()?;
        let name_len = usize::from(u16::from_le_bytes([n0, n1]));
        let value_len = u32::from_le_bytes([v0, v1, v2, v3]) as usize;
        let value_at = PREFIX + name_len + 2;
        let whole = rest.get(..value_at + value_len + 2)?;
        let name = std::str::from_utf8(whole.get(PREFIX..PREFIX + name_len)?).ok()?;
        let value = HeaderValue::new(whole.get(value_at..value_at + value_len)?, flags & SENSITIVE != 0);
        let start = self.at;
        self.at += whole.len();
        Some(Line { name, value, start, whole, wire: whole.get(PREFIX..)? })
    }
}

/// The bytes that `lines` lines with together `bytes` bytes of names and values take.
pub(super) fn room(lines: usize, bytes: usize) -> usize {
    lines.saturating_mul(PREFIX + 4).saturating_add(bytes)
}

/// Appends a line whose name and value have been checked: see `build::checked`.
pub(super) fn push(block: &mut Vec<u8>, name: &str, value: &[u8], flags: u8) {
    block.reserve(room(1, name.len() + value.len()));
    let [n0, n1] = (name.len() as u16).to_le_bytes();
    let [v0, v1, v2, v3] = (value.len() as u32).to_le_bytes();
    block.extend_from_slice(&[flags, n0, n1, v0, v1, v2, v3]);
    block.extend_from_slice(name.as_bytes());
    block.extend_from_slice(b": ");
    block.extend_from_slice(value);
    block.extend_from_slice(b"\r\n");
}

/// Marks the line that begins at `start` as secret.
pub(super) fn mark(block: &mut [u8], start: usize) {
    if let Some(flags) = block.get_mut(start) {
        *flags |= SENSITIVE;
    }
}
