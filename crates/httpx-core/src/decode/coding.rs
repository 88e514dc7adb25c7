//! The content codings, and the header that names them.

use std::fmt;

use super::DecodeError;
#[cfg(feature = "br")]
use super::brotli::Brotli;
use super::stage::ContentDecoder;
#[cfg(feature = "zstd")]
use super::zstd::Zstd;
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
    /// `br`: Brotli (RFC 7932). Needs the feature `br`.
    #[cfg(feature = "br")]
    Brotli,
    /// `zstd`: Zstandard (RFC 8878) with any number of frames and a window of at most 8 MiB (RFC 9659). Needs the feature
    /// `zstd`.
    #[cfg(feature = "zstd")]
    Zstd,
}

impl Coding {
    /// Returns all codings of this build, in the order of preference: the coding with the best ratio of saved bytes to work
    /// comes first.
    ///
    /// ```
    /// use httpx_core::decode::Coding;
    ///
    /// let names = Coding::all().map(Coding::as_str).collect::<Vec<_>>();
    /// // With all features: ["zstd", "br", "gzip", "deflate"].
    /// # let _ = names;
    /// ```
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        const ALL: &[Coding] = &[
            #[cfg(feature = "zstd")]
            Coding::Zstd,
            #[cfg(feature = "br")]
            Coding::Brotli,
            #[cfg(feature = "gzip")]
            Coding::Gzip,
            #[cfg(feature = "gzip")]
            Coding::Deflate,
        ];
        ALL.iter().copied()
    }

    /// Returns the coding of this name; `None` if it is unknown, or its feature is not turned on. Names are
    /// case-insensitive, and `x-gzip` means `gzip` (RFC 9110 §8.4.1, §8.4.1.3).
    ///
    /// ```
    /// use httpx_core::decode::Coding;
    ///
    /// assert_eq!(Coding::from_name("compress"), None);
    /// # #[cfg(feature = "gzip")]
    /// assert_eq!(Coding::from_name("GZIP"), Some(Coding::Gzip));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::from_bytes(name.as_bytes())
    }

    fn from_bytes(name: &[u8]) -> Option<Self> {
        match name.to_ascii_lowercase().as_slice() {
            #[cfg(feature = "gzip")]
            b"gzip" | b"x-gzip" => Some(Self::Gzip),
            #[cfg(feature = "gzip")]
            b"deflate" => Some(Self::Deflate),
            #[cfg(feature = "br")]
            b"br" => Some(Self::Brotli),
            #[cfg(feature = "zstd")]
            b"zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Returns the value of an `Accept-Encoding` header that asks for these codings, such as `zstd, br`. Without codings it is
    /// `identity`.
    pub fn accept(codings: impl IntoIterator<Item = Self>) -> String {
        let names = codings.into_iter().map(Self::as_str).collect::<Vec<_>>();
        if names.is_empty() { "identity".to_owned() } else { names.join(", ") }
    }

    /// Returns the registered name: `gzip`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip => "gzip",
            #[cfg(feature = "gzip")]
            Self::Deflate => "deflate",
            #[cfg(feature = "br")]
            Self::Brotli => "br",
            #[cfg(feature = "zstd")]
            Self::Zstd => "zstd",
        }
    }

    pub(super) fn new_decoder(self) -> Box<dyn ContentDecoder> {
        match self {
            #[cfg(feature = "gzip")]
            Self::Gzip => Box::new(Gzip::new()),
            #[cfg(feature = "gzip")]
            Self::Deflate => Box::new(Deflate::new()),
            #[cfg(feature = "br")]
            Self::Brotli => Box::new(Brotli::new()),
            #[cfg(feature = "zstd")]
            Self::Zstd => Box::new(Zstd::new()),
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
            let Some(coding) = Coding::from_bytes(name) else { return Ok(Self::Unknown) };
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
