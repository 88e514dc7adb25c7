//! Decodes the text of a body as browsers do, by the Encoding Standard.
//!
//! A byte order mark decides first (UTF-8, UTF-16), then the `charset` of `Content-Type`; the default is UTF-8. UTF-8,
//! UTF-16 and windows-1252 are decoded here, with and without the feature `charset`, so that the feature changes nothing
//! for them. It adds all other charsets.

#[cfg(not(feature = "charset"))]
mod unsupported;
#[cfg(not(feature = "charset"))]
use unsupported::Unsupported as OtherCharset;
#[cfg(feature = "charset")]
mod encoding_rs;
#[cfg(feature = "charset")]
use self::encoding_rs::ByEncodingRs as OtherCharset;

use std::borrow::Cow;

use crate::MediaType;

/// The reason why bytes are not valid text in their charset.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum CharsetError {
    /// `Content-Type` names a charset that is unknown or not compiled in.
    #[error("the charset {label:?} is unknown; text() reads it as UTF-8")]
    Unknown { label: String },
    /// `offset` counts bytes from the start of the body, including a byte order mark.
    #[error("the body is not {charset}: malformed bytes at offset {offset}; text() replaces them")]
    Malformed { charset: &'static str, offset: usize },
}

/// Decodes the text of a body. Malformed bytes become U+FFFD, and an unknown charset is read as UTF-8.
pub(crate) fn decode<'a>(content_type: Option<&[u8]>, bytes: &'a [u8]) -> Cow<'a, str> {
    let (charset, body) = match Bom::find(bytes) {
        Some(bom) => (bom.charset, bom.body),
        None => (declared(content_type).unwrap_or(Charset::Utf8), bytes),
    };
    match charset {
        Charset::Utf8 => String::from_utf8_lossy(body),
        Charset::Windows1252 => windows_1252(body),
        Charset::Utf16(order) => Cow::Owned(utf_16(order, body)),
        Charset::Other(other) => other.decode(body),
    }
}

/// Decodes the text of a body, which must be valid.
///
/// # Errors
///
/// [`CharsetError::Unknown`] if the charset is unknown and there is no byte order mark, [`CharsetError::Malformed`] at the
/// first malformed byte. Every byte is valid in windows-1252, and so in US-ASCII and ISO-8859-1, which browsers read as
/// windows-1252.
pub(crate) fn decode_strict<'a>(
    content_type: Option<&[u8]>,
    bytes: &'a [u8],
) -> Result<Cow<'a, str>, CharsetError> {
    let (charset, body) = match Bom::find(bytes) {
        Some(bom) => (bom.charset, bom.body),
        None => (declared(content_type)?, bytes),
    };
    let outcome = match charset {
        Charset::Utf8 => std::str::from_utf8(body).map(Cow::Borrowed).map_err(|error| error.valid_up_to()),
        Charset::Windows1252 => Ok(windows_1252(body)),
        Charset::Utf16(order) => utf_16_strict(order, body).map(Cow::Owned),
        Charset::Other(other) => other.decode_strict(body).map(Cow::Owned),
    };
    outcome.map_err(|offset| CharsetError::Malformed {
        charset: charset.name(),
        offset: bytes.len() - body.len() + offset,
    })
}

/// The charset that bytes are decoded with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Charset {
    Utf8,
    Windows1252,
    Utf16(ByteOrder),
    Other(OtherCharset),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ByteOrder {
    Little,
    Big,
}

impl Charset {
    /// Finds a charset by a label of the Encoding Standard (§4.2). ASCII and Latin-1 are labels of windows-1252.
    fn from_label(label: &str) -> Option<Self> {
        let label = label.trim_matches(['\t', '\n', '\x0c', '\r', ' ']).to_ascii_lowercase();
        Some(match label.as_str() {
            "utf-8" | "utf8" | "unicode-1-1-utf-8" | "unicode11utf8" | "unicode20utf8"
            | "x-unicode20utf8" => Self::Utf8,
            "ansi_x3.4-1968" | "ascii" | "cp1252" | "cp819" | "csisolatin1" | "ibm819" | "iso-8859-1"
            | "iso-ir-100" | "iso8859-1" | "iso88591" | "iso_8859-1" | "iso_8859-1:1987" | "l1"
            | "latin1" | "us-ascii" | "windows-1252" | "x-cp1252" => Self::Windows1252,
            "csunicode" | "iso-10646-ucs-2" | "ucs-2" | "unicode" | "unicodefeff" | "utf-16" | "utf-16le" => {
                Self::Utf16(ByteOrder::Little)
            }
            "unicodefffe" | "utf-16be" => Self::Utf16(ByteOrder::Big),
            other => Self::Other(OtherCharset::from_label(other)?),
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "windows-1252",
            Self::Utf16(ByteOrder::Little) => "UTF-16LE",
            Self::Utf16(ByteOrder::Big) => "UTF-16BE",
            Self::Other(other) => other.name(),
        }
    }
}

/// The most characters of an unknown label that an error shows. The longest known label has 23.
const SHOWN: usize = 64;

/// The charset that `Content-Type` names; UTF-8 if it names none.
fn declared(content_type: Option<&[u8]>) -> Result<Charset, CharsetError> {
    let label = content_type
        .and_then(MediaType::parse)
        .and_then(|media_type| media_type.param("charset").map(Cow::into_owned));
    match label {
        None => Ok(Charset::Utf8),
        Some(label) => Charset::from_label(&label)
            .ok_or_else(|| CharsetError::Unknown { label: label.chars().take(SHOWN).collect() }),
    }
}

/// A byte order mark and the text after it (Encoding Standard §6, "BOM sniff").
struct Bom<'a> {
    charset: Charset,
    body: &'a [u8],
}

impl<'a> Bom<'a> {
    fn find(bytes: &'a [u8]) -> Option<Self> {
        let (charset, body) = match bytes {
            [0xef, 0xbb, 0xbf, body @ ..] => (Charset::Utf8, body),
            [0xfe, 0xff, body @ ..] => (Charset::Utf16(ByteOrder::Big), body),
            [0xff, 0xfe, body @ ..] => (Charset::Utf16(ByteOrder::Little), body),
            _ => return None,
        };
        Some(Self { charset, body })
    }
}

/// Latin-1, except for 0x80 to 0x9f.
fn windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().map(|&byte| windows_1252_char(byte)).collect()),
    }
}

fn windows_1252_char(byte: u8) -> char {
    /// The index of the Encoding Standard. Bytes that windows-1252 does not define stay control characters.
    const C1: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', //
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => C1[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn utf_16(order: ByteOrder, bytes: &[u8]) -> String {
    let (units, tail) = units(order, bytes);
    let chars = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    // A lone surrogate and an odd byte at the end become one U+FFFD.
    let mut text = chars.collect::<String>();
    if !tail.is_empty() && !ends_in_high_surrogate(order, bytes) {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

fn utf_16_strict(order: ByteOrder, bytes: &[u8]) -> Result<String, usize> {
    let (units, tail) = units(order, bytes);
    let mut offset = 0;
    let mut text = String::with_capacity(bytes.len() / 2);
    for unit in char::decode_utf16(units) {
        let unit = unit.map_err(|_| offset)?;
        text.push(unit);
        offset += 2 * unit.len_utf16();
    }
    if tail.is_empty() { Ok(text) } else { Err(offset) }
}

/// Returns the code units, and an odd byte at the end.
fn units(order: ByteOrder, bytes: &[u8]) -> (impl Iterator<Item = u16>, &[u8]) {
    let (pairs, tail) = bytes.as_chunks::<2>();
    let unit = move |pair: &[u8; 2]| match order {
        ByteOrder::Little => u16::from_le_bytes(*pair),
        ByteOrder::Big => u16::from_be_bytes(*pair),
    };
    (pairs.iter().map(unit), tail)
}

fn ends_in_high_surrogate(order: ByteOrder, bytes: &[u8]) -> bool {
    units(order, bytes).0.last().is_some_and(|unit| (0xd800..0xdc00).contains(&unit))
}

#[cfg(test)]
mod tests;
