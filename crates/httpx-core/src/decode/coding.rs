//! The content codings, and the header that names them.

use std::fmt;

use super::DecodeError;
use super::stage::ContentDecoder;
#[cfg(feature = "gzip")]
use super::{deflate::Deflate, gzip::Gzip};
use crate::grammar::trim_ows;

/// The most content codings of one body. Real servers apply one; curl accepts five. Each can multiply the size of a body
/// by a thousand.
pub const MAX_CODINGS: usize = 3;

/// A content coding that is compiled in (RFC 9110 §8.4.1).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Coding {
    /// `gzip` or `x-gzip` (RFC 1952), with any number of members.
    #[cfg(feature = "gzip")]
    Gzip,
    /// `deflate`: DEFLATE in the zlib format (RFC 1950). Bare DEFLATE is decoded too, because some servers send it.
    #[cfg(feature = "gzip")]
    Deflate,
}

impl Coding {
    /// Names are case-insensitive, and `x-gzip` means `gzip` (RFC 9110 §8.4.1, §8.4.1.3).
    fn from_name(name: &[u8]) -> Option<Self> {
        match name.to_ascii_lowercase().as_slice() {
            #[cfg(feature = "gzip")]
            b"gzip" | b"x-gzip" => Some(Self::Gzip),
            #[cfg(feature = "gzip")]
            b"deflate" => Some(Self::Deflate),
            _ => None,
        }
    }

    /// Returns the registered name: `gzip`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip => "gzip",
            #[cfg(feature = "gzip")]
            Self::Deflate => "deflate",
        }
    }

    pub(super) fn new_decoder(self) -> Box<dyn ContentDecoder> {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip => Box::new(Gzip::new()),
            #[cfg(feature = "gzip")]
            Self::Deflate => Box::new(Deflate::new()),
        }
    }
}

/// One to [`MAX_CODINGS`] codings, in the order in which they are decoded: the coding that was applied last is first.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Codings([Option<Coding>; MAX_CODINGS]);

impl Codings {
    /// Returns the codings in the order in which they are decoded.
    pub fn iter(&self) -> impl Iterator<Item = Coding> + '_ {
        self.0.iter().flatten().copied()
    }
}

/// In the order of `Content-Encoding`, the coding that was applied last at the end: `deflate, gzip`.
impl fmt::Display for Codings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, coding) in self.0.iter().rev().flatten().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            write!(f, "{comma}{}", coding.as_str())?;
        }
        Ok(())
    }
}

impl From<Coding> for Codings {
    fn from(coding: Coding) -> Self {
        Self([Some(coding), None, None])
    }
}

/// The meaning of all `Content-Encoding` lines of a message together.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ContentEncoding {
    /// The body is not encoded: no coding, or only `identity`.
    Identity,
    /// The body is to be decoded.
    Codings(Codings),
    /// A coding is unknown or not compiled in. The body is returned unchanged, with its header: the caller may be able
    /// to decode it.
    Unknown,
}

impl ContentEncoding {
    /// Parses the values of all `Content-Encoding` lines, in their order in the message.
    ///
    /// Empty list elements are ignored (RFC 9110 §5.6.1.2). `identity` is ignored too: some servers send it against RFC
    /// 9110 §8.4.
    ///
    /// # Errors
    ///
    /// [`DecodeError::TooManyCodings`] if there are more than [`MAX_CODINGS`].
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, DecodeError> {
        let mut applied = [None; MAX_CODINGS];
        let mut count = 0_usize;
        for name in lines.into_iter().flat_map(names) {
            let Some(coding) = Coding::from_name(name) else { return Ok(Self::Unknown) };
            if let Some(slot) = applied.get_mut(count) {
                *slot = Some(coding);
            }
            count += 1;
        }
        match count {
            0 => Ok(Self::Identity),
            1..=MAX_CODINGS => {
                applied.reverse();
                Ok(Self::Codings(Codings(applied)))
            }
            _ => Err(DecodeError::TooManyCodings),
        }
    }
}

/// The names in one line, without `identity` and empty elements.
fn names(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b',')
        .map(trim_ows)
        .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(lines: &[&str]) -> String {
        match ContentEncoding::parse(lines.iter().map(|line| line.as_bytes())) {
            Ok(ContentEncoding::Identity) => "identity".into(),
            Ok(ContentEncoding::Unknown) => "unknown".into(),
            Ok(ContentEncoding::Codings(codings)) => {
                codings.iter().map(|coding| format!("{coding:?}")).collect::<Vec<_>>().join(" ")
            }
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn no_codings() {
        for lines in [&[][..], &[""], &["identity"], &[" , ,\t", "IDENTITY"], &["identity, identity"]] {
            assert_eq!(parse(lines), "identity", "{lines:?}");
        }
    }

    #[test]
    fn unknown_codings() {
        for lines in
            [&["snappy"][..], &["gzip, snappy"], &["*"], &["gzip;q=1"], &["gzip deflate"], &["\u{e9}"]]
        {
            assert_eq!(parse(lines), "unknown", "{lines:?}");
        }
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn known_codings() {
        let table: &[(&[&str], &str)] = &[
            (&["gzip"], "Gzip"),
            (&["GZip"], "Gzip"),
            (&["x-gzip"], "Gzip"),
            (&["X-GZIP \t"], "Gzip"),
            (&["deflate"], "Deflate"),
            (&[",, gzip ,"], "Gzip"),
            (&["identity, gzip"], "Gzip"),
            (&["gzip", "identity"], "Gzip"),
            // Decoding reverses the order in which they were applied.
            (&["gzip, deflate"], "Deflate Gzip"),
            (&["deflate", "gzip"], "Gzip Deflate"),
            (&["gzip,gzip", "deflate"], "Deflate Gzip Gzip"),
            (&["gzip, gzip, gzip, identity"], "Gzip Gzip Gzip"),
            (&["gzip, gzip, gzip, gzip"], "TooManyCodings"),
            (&["gzip", "gzip", "gzip", "gzip", "deflate"], "TooManyCodings"),
            (&["gzip, gzip, gzip, gzip, snappy"], "unknown"),
        ];
        for (lines, expected) in table {
            assert_eq!(parse(lines), *expected, "{lines:?}");
        }
    }
}
