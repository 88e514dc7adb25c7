//! [`FrameHeader`] and [`BlockHeader`]: the headers of a Zstandard frame (RFC 8878 §3.1), and its limit on the window.

use super::DecodeError;

/// The largest window of the content coding (RFC 9659 §3).
pub(super) const MAX_WINDOW_LOG: u32 = 23;

const MAGIC: [u8; 4] = 0xfd2f_b528_u32.to_le_bytes();
/// The last four bits are free (RFC 8878 §3.1.2).
const SKIPPABLE_MAGIC: u32 = 0x184d_2a50;

/// A frame's header as it arrives.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FrameHeader {
    bytes: [u8; 18],
    seen: usize,
    is_after_frame: bool,
}

/// What follows after a complete header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum FrameStart {
    /// Blocks, and perhaps a checksum.
    Blocks { has_checksum: bool, content_size: Option<u64> },
    /// This number of bytes without data.
    Skip(u32),
}

impl FrameHeader {
    /// The header of another frame.
    pub(super) fn after_frame() -> Self {
        Self { is_after_frame: true, ..Self::default() }
    }

    /// Takes one byte. Returns what follows after the header, if that is complete.
    pub(super) fn push(&mut self, byte: u8) -> Result<Option<FrameStart>, DecodeError> {
        if let Some(slot) = self.bytes.get_mut(self.seen) {
            *slot = byte;
        }
        self.seen += 1;
        let [m0, m1, m2, m3, l0, l1, l2, l3, ..] = self.bytes;
        let is_skippable = u32::from_le_bytes([m0, m1, m2, m3]) & !0xf == SKIPPABLE_MAGIC;
        match self.seen {
            ..=4 if self.may_be_magic() => Ok(None),
            ..=4 if self.is_after_frame => Err(DecodeError::TrailingData),
            ..=4 => Err(DecodeError::BadMagic),
            8 if is_skippable => Ok(Some(FrameStart::Skip(u32::from_le_bytes([l0, l1, l2, l3])))),
            _ if is_skippable => Ok(None),
            _ => self.end_of_fields(),
        }
    }

    /// The bytes so far.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.seen).unwrap_or_default()
    }

    fn may_be_magic(&self) -> bool {
        let [_, skippable @ ..] = SKIPPABLE_MAGIC.to_le_bytes();
        match self.bytes() {
            [first, rest @ ..] if first & 0xf0 == 0x50 => skippable.starts_with(rest),
            bytes => MAGIC.starts_with(bytes),
        }
    }

    /// Checks the fields after the descriptor, once all of them have been received (RFC 8878 §3.1.1.1).
    fn end_of_fields(&self) -> Result<Option<FrameStart>, DecodeError> {
        let descriptor = self.bytes[4];
        let is_single_segment = descriptor & (1 << 5) != 0;
        if descriptor & (1 << 3) != 0 {
            return Err(DecodeError::BadHeader);
        }
        let window = usize::from(!is_single_segment);
        let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
        let size = [window ^ 1, 2, 4, 8][usize::from(descriptor >> 6)];
        let fields = self.bytes().get(5..).unwrap_or_default();
        if fields.len() < window + dictionary + size {
            return Ok(None);
        }
        let (window, fields) = fields.split_at(window);
        let (dictionary, size) = fields.split_at(dictionary);
        let content_size = content_size(size);
        let window = window.first().map_or(content_size.unwrap_or_default(), |&byte| window_size(byte));
        if window > 1 << MAX_WINDOW_LOG {
            return Err(DecodeError::WindowTooLarge);
        }
        if dictionary.iter().any(|&byte| byte != 0) {
            return Err(DecodeError::NeedsDictionary);
        }
        Ok(Some(FrameStart::Blocks { has_checksum: descriptor & (1 << 2) != 0, content_size }))
    }
}

/// RFC 8878 §3.1.1.1.2.
fn window_size(byte: u8) -> u64 {
    let base = 1 << (10 + (byte >> 3));
    base + base / 8 * u64::from(byte & 7)
}

/// RFC 8878 §3.1.1.1.4.
fn content_size(field: &[u8]) -> Option<u64> {
    let size = field.iter().rev().fold(0, |size, &byte| size << 8 | u64::from(byte));
    match field.len() {
        0 => None,
        2 => Some(size + 256),
        _ => Some(size),
    }
}

/// A block's header as it arrives.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BlockHeader {
    bytes: [u8; 3],
    seen: usize,
}

/// A block whose header is complete.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Block {
    pub(super) is_last: bool,
    /// The block is not compressed.
    pub(super) is_raw: bool,
    /// The number of bytes that are missing.
    pub(super) left: usize,
}

impl BlockHeader {
    /// Takes one byte. Returns the block, if the header is complete (RFC 8878 §3.1.1.2).
    pub(super) fn push(&mut self, byte: u8) -> Option<Block> {
        if let Some(slot) = self.bytes.get_mut(self.seen) {
            *slot = byte;
        }
        self.seen += 1;
        if self.seen < self.bytes.len() {
            return None;
        }
        let [b0, b1, b2] = self.bytes;
        let number = u32::from_le_bytes([b0, b1, b2, 0]);
        let kind = (number >> 1) & 3;
        // A run of one byte.
        let left = if kind == 1 { 1 } else { (number >> 3) as usize };
        Some(Block { is_last: number & 1 == 1, is_raw: kind == 0, left })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
