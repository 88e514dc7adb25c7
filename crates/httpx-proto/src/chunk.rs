//! The chunk-size line, parsed byte by byte: it needs no buffer, and its cost is linear however slowly it arrives.

use crate::budget::Budget;
use crate::error::RemoteError;
use crate::scan::Strictness;

/// `chunk-size [ chunk-ext ] CRLF` (RFC 9112 §7.1), as far as it has been read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ChunkLine {
    size: u64,
    digits: u8,
    part: Part,
}

#[derive(Debug, Clone, Copy, Default)]
enum Part {
    #[default]
    Size,
    /// White space after the size.
    Space,
    Extension,
    /// After the CR.
    Lf,
}

/// The hexadecimal digits of a `u64`.
const MAX_DIGITS: u8 = 16;

/// A complete line that holds a size and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlainLine {
    pub(crate) size: u64,
    /// Includes the CRLF.
    pub(crate) len: usize,
}

impl PlainLine {
    /// Parses the line at the front of these bytes. `None` means "not in the common form", not "invalid".
    pub(crate) fn parse(bytes: &[u8]) -> Option<PlainLine> {
        let (mut size, mut digits) = (0, 0);
        while let Some(digit) = bytes.get(digits).and_then(|&byte| char::from(byte).to_digit(16)) {
            size = size << 4 | u64::from(digit);
            digits += 1;
            if digits > usize::from(MAX_DIGITS) {
                return None;
            }
        }
        let fine = digits > 0 && bytes.get(digits..)?.starts_with(b"\r\n");
        fine.then_some(PlainLine { size, len: digits + 2 })
    }
}

impl ChunkLine {
    /// Returns whether no byte has been read.
    pub(crate) fn is_fresh(&self) -> bool {
        self.digits == 0
    }

    /// Takes one more byte. Returns the size after the last one.
    pub(crate) fn push(
        &mut self,
        byte: u8,
        strictness: Strictness,
        budget: &mut Budget,
    ) -> Result<Option<u64>, RemoteError> {
        match (self.part, byte) {
            (Part::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => self.push_digit(byte)?,
            (Part::Size, _) if self.digits == 0 => return Err(RemoteError::ChunkSize),
            (Part::Size | Part::Space | Part::Extension, b'\r') => self.part = Part::Lf,
            (Part::Lf, b'\n') => return Ok(Some(self.size)),
            // h11, Go and browsers accept this: some servers pad the size, because they write it last.
            (Part::Size | Part::Space, b' ' | b'\t') if strictness == Strictness::Lenient => {
                budget.charge(1)?;
                self.part = Part::Space;
            }
            // Extensions are ignored (RFC 9112 §7.1.1), but control characters in them are an error.
            (Part::Size | Part::Space, b';') | (Part::Extension, b'\t' | b' '..=b'~' | 0x80..) => {
                budget.charge(1)?;
                self.part = Part::Extension;
            }
            (Part::Size | Part::Space | Part::Extension | Part::Lf, _) => return Err(RemoteError::ChunkSize),
        }
        Ok(None)
    }

    fn push_digit(&mut self, byte: u8) -> Result<(), RemoteError> {
        let digit = char::from(byte).to_digit(16).ok_or(RemoteError::ChunkSize)?;
        if self.digits == MAX_DIGITS {
            return Err(RemoteError::ChunkSize);
        }
        self.digits += 1;
        self.size = self.size << 4 | u64::from(digit);
        Ok(())
    }
}
