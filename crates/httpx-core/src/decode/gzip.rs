//! The coding `gzip` (RFC 1952): a sequence of members, each with a header, DEFLATE data and a trailer.

use flate2::{Crc, Decompress};

use super::cursor::Cursor;
use super::inflate::{Inflated, inflate};
use super::stage::ContentDecoder;
use super::{DecodeError, State};

/// The decoder of `gzip`.
///
/// After a complete member, another member continues the data (RFC 1952 §2.2), and zero bytes are padding. All other bytes
/// are ignored, as browsers, urllib3 and gzip itself do: the checksum has proved that the data is complete. (Go refuses
/// them.) Two magic bytes start a member, in which every fault is an error; so is an end between the two.
#[derive(Debug)]
pub(super) struct Gzip {
    phase: GzipPhase,
    stream: Decompress,
    /// The checksum and the number of the decoded bytes of this member.
    crc: Crc,
}

#[derive(Debug)]
enum GzipPhase {
    /// No byte has been received.
    Start,
    Header(Header),
    Data,
    Trailer(Trailer),
    /// After a complete member.
    Between,
    /// The first magic byte has been received after a complete member.
    Magic,
    Garbage,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self { phase: GzipPhase::Start, stream: Decompress::new(false), crc: Crc::new() }
    }

    fn begin_data(&mut self) -> GzipPhase {
        self.stream.reset(false);
        self.crc.reset();
        GzipPhase::Data
    }
}

impl ContentDecoder for Gzip {
    fn decode(&mut self, cursor: &mut Cursor<'_>) -> Result<State, DecodeError> {
        loop {
            if let GzipPhase::Data = self.phase {
                match inflate(&mut self.stream, cursor, |data| self.crc.update(data))? {
                    Inflated::End => self.phase = GzipPhase::Trailer(Trailer::default()),
                    Inflated::Full => return Ok(State::More),
                    Inflated::NeedsInput => return Ok(State::NeedsInput),
                }
            }
            if let GzipPhase::Garbage = self.phase {
                cursor.advance(cursor.unread().len(), 0);
            }
            let Some(byte) = cursor.next_byte() else { return Ok(State::NeedsInput) };
            if let Some(next) = self.framing(byte)? {
                self.phase = next;
            }
        }
    }

    fn is_complete(&self) -> bool {
        matches!(self.phase, GzipPhase::Start | GzipPhase::Between | GzipPhase::Garbage)
    }

    fn reset(&mut self) {
        self.phase = GzipPhase::Start;
    }
}

impl Gzip {
    /// Takes one byte outside the data. Returns the next phase, if that is another one.
    fn framing(&mut self, byte: u8) -> Result<Option<GzipPhase>, DecodeError> {
        Ok(match (&mut self.phase, byte) {
            (GzipPhase::Start, _) => {
                let mut header = Header::default();
                header.push(byte)?;
                Some(GzipPhase::Header(header))
            }
            (GzipPhase::Header(header), _) => header.push(byte)?.map(|Complete| self.begin_data()),
            (GzipPhase::Trailer(trailer), _) => {
                trailer.push(byte, &self.crc)?.map(|Complete| GzipPhase::Between)
            }
            (GzipPhase::Between, 0) => None,
            (GzipPhase::Between, MAGIC_1) => Some(GzipPhase::Magic),
            (GzipPhase::Magic, MAGIC_2) => Some(GzipPhase::Header(Header::after_magic())),
            (GzipPhase::Between | GzipPhase::Magic | GzipPhase::Garbage, _) => Some(GzipPhase::Garbage),
            // Not reached: `inflate` takes the bytes of the data.
            (GzipPhase::Data, _) => None,
        })
    }
}

/// The header or the trailer is complete.
struct Complete;

const MAGIC_1: u8 = 0x1f;
const MAGIC_2: u8 = 0x8b;
const METHOD_DEFLATE: u8 = 8;

const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
/// "Reserved FLG bits must be zero"; otherwise a decoder "must give an error indication" (RFC 1952 §2.3.1.2).
const RESERVED: u8 = 0b1110_0000;

/// The number of bytes in the fixed part of a header.
const FIXED: u32 = 10;

/// The most bytes of a name or a comment: as many as an extra field can have.
const FIELD_LIMIT: u32 = 0xffff;

/// A member's header as it arrives. Its content is not kept.
#[derive(Debug, Default)]
struct Header {
    field: Field,
    /// The number of bytes of this field that have been received.
    seen: u32,
    flags: u8,
    fixed: [u8; FIXED as usize],
    /// The last two bytes, as a number.
    number: u16,
    extra: u32,
    crc: Crc,
}

/// The parts of a header, in their order (RFC 1952 §2.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Field {
    #[default]
    Fixed,
    ExtraLength,
    Extra,
    Name,
    Comment,
    Checksum,
}

impl Header {
    fn after_magic() -> Self {
        let mut header = Self { seen: 2, ..Self::default() };
        header.fixed[0] = MAGIC_1;
        header.fixed[1] = MAGIC_2;
        header
    }

    fn push(&mut self, byte: u8) -> Result<Option<Complete>, DecodeError> {
        if self.flags & FHCRC != 0 && !matches!(self.field, Field::Fixed | Field::Checksum) {
            self.crc.update(&[byte]);
        }
        self.number = u16::from_le_bytes([self.number.to_le_bytes()[1], byte]);
        self.seen += 1;
        let over = match self.field {
            Field::Fixed => self.push_fixed(byte)?,
            Field::ExtraLength => self.seen == 2,
            Field::Extra => self.seen == self.extra,
            Field::Name | Field::Comment if byte == 0 => true,
            Field::Name | Field::Comment if self.seen > FIELD_LIMIT => {
                return Err(DecodeError::HeaderTooLong);
            }
            Field::Name | Field::Comment => false,
            Field::Checksum if self.seen < 2 => false,
            // "The two least significant bytes of the CRC32".
            Field::Checksum if self.number == self.crc.sum() as u16 => true,
            Field::Checksum => return Err(DecodeError::BadHeader),
        };
        if !over {
            return Ok(None);
        }
        if self.field == Field::ExtraLength {
            self.extra = self.number.into();
        }
        self.seen = 0;
        match self.next_field() {
            Some(field) => self.field = field,
            None => return Ok(Some(Complete)),
        }
        Ok(None)
    }

    /// Magic, method and flags. The time, the level and the system are not used.
    fn push_fixed(&mut self, byte: u8) -> Result<bool, DecodeError> {
        if let Some(slot) = self.fixed.get_mut(self.seen as usize - 1) {
            *slot = byte;
        }
        match (self.seen, byte) {
            (1, MAGIC_1) | (2, MAGIC_2) | (3, METHOD_DEFLATE) => {}
            (1 | 2, _) => return Err(DecodeError::BadMagic),
            (3, _) => return Err(DecodeError::BadHeader),
            (4, flags) if flags & RESERVED != 0 => return Err(DecodeError::BadHeader),
            (4, flags) => self.flags = flags,
            (FIXED, _) => self.crc.update(&self.fixed),
            _ => {}
        }
        Ok(self.seen == FIXED)
    }

    /// The next field that the flags announce, unless it is empty.
    fn next_field(&self) -> Option<Field> {
        let following: &[(Field, u8)] = match self.field {
            Field::Fixed => &FIELDS,
            Field::ExtraLength if self.extra > 0 => return Some(Field::Extra),
            Field::ExtraLength | Field::Extra => &FIELDS[1..],
            Field::Name => &FIELDS[2..],
            Field::Comment => &FIELDS[3..],
            Field::Checksum => &[],
        };
        following.iter().find(|(_, flag)| self.flags & flag != 0).map(|(field, _)| *field)
    }
}

/// The optional fields and their flags.
const FIELDS: [(Field, u8); 4] = [
    (Field::ExtraLength, FEXTRA),
    (Field::Name, FNAME),
    (Field::Comment, FCOMMENT),
    (Field::Checksum, FHCRC),
];

/// The CRC32 and the length of the data, four bytes each, the least significant first (RFC 1952 §2.3.1).
#[derive(Debug, Default)]
struct Trailer {
    bytes: [u8; 8],
    seen: usize,
}

impl Trailer {
    fn push(&mut self, byte: u8, crc: &Crc) -> Result<Option<Complete>, DecodeError> {
        if let Some(slot) = self.bytes.get_mut(self.seen) {
            *slot = byte;
        }
        self.seen += 1;
        let [c0, c1, c2, c3, l0, l1, l2, l3] = self.bytes;
        match self.seen {
            4 if u32::from_le_bytes([c0, c1, c2, c3]) != crc.sum() => Err(DecodeError::BadChecksum),
            // Modulo 2^32, like `amount`.
            8 if u32::from_le_bytes([l0, l1, l2, l3]) != crc.amount() => Err(DecodeError::BadLength),
            8 => Ok(Some(Complete)),
            _ => Ok(None),
        }
    }
}
