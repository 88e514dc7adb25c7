//! What `Content-Encoding` says.

use std::fmt;

use super::DecodeError;
use super::stage::ContentDecoder;
#[cfg(feature = "gzip")]
use super::{deflate::Deflate, gzip::Gzip};
use crate::grammar::trim_ows;

/// A body may have so many content codings. Nobody needs two; curl takes five; each can multiply what a few bytes
/// turn into by a thousand.
pub const MAX_CODINGS: usize = 3;

/// A content coding that was compiled in (RFC 9110 section 8.4.1).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Coding {
    /// `gzip` or `x-gzip`, RFC 1952: any number of members.
    #[cfg(feature = "gzip")]
    Gzip,
    /// `deflate`: DEFLATE in the zlib format, RFC 1950; bare DEFLATE is understood too, because some servers send it.
    #[cfg(feature = "gzip")]
    Deflate,
}

impl Coding {
    /// Names are case-insensitive, and `x-gzip` is `gzip` (RFC 9110 sections 8.4.1 and 8.4.1.3).
    fn from_name(name: &[u8]) -> Option<Self> {
        match name.to_ascii_lowercase().as_slice() {
            #[cfg(feature = "gzip")]
            b"gzip" | b"x-gzip" => Some(Self::Gzip),
            #[cfg(feature = "gzip")]
            b"deflate" => Some(Self::Deflate),
            _ => None,
        }
    }

    /// Its name in the registry: `gzip`.
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

/// One to [`MAX_CODINGS`] codings, in the order in which they are undone: the last one applied comes first.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Codings([Option<Coding>; MAX_CODINGS]);

impl Codings {
    /// The codings in the order in which they are undone.
    pub fn iter(&self) -> impl Iterator<Item = Coding> + '_ {
        self.0.iter().flatten().copied()
    }
}

/// As `Content-Encoding` has them, the last one applied at the end: `deflate, gzip`.
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

/// What all `Content-Encoding` lines of a message say together.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ContentEncoding {
    /// The body is as it is: no coding, or none but `identity`.
    Identity,
    /// These must be undone.
    Codings(Codings),
    /// There is a coding that is unknown or not compiled in. The body is handed over as it came, with its header:
    /// the caller may know what to do with it.
    Unknown,
}

impl ContentEncoding {
    /// Reads the values of all `Content-Encoding` lines, in the order in which they came.
    ///
    /// Empty list elements are ignored (RFC 9110 section 5.6.1.2), and so is `identity`, which servers send although
    /// section 8.4 asks them not to.
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
            // The order in which they were applied is turned round.
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
