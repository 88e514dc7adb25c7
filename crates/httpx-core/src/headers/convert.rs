//! The check of each line, and the conversions into headers.

use std::collections::{BTreeMap, HashMap};

use super::{Headers, ToHeaderValue, grammar, lines};

/// The error of a line that is not a valid header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHeader {
    /// The name is empty, or holds a character that a token may not hold, such as a space or a colon (RFC 9110 §5.6.2).
    #[error("{0:?} is not a header name: a name holds only letters, digits and !#$%&'*+-.^_`|~")]
    Name(String),
    /// The value holds a control character, such as CR, LF or NUL (RFC 9110 §5.5). The value is not shown, because it
    /// may be a secret.
    #[error(
        "the value of the header {name} holds a control character ({byte:#04x}) at byte {at}; trim values that are read \
         from a file"
    )]
    #[non_exhaustive]
    Value {
        /// The header's name.
        name: String,
        /// The first byte that is not allowed.
        byte: u8,
        /// The position of that byte.
        at: usize,
    },
    /// The name is longer than 65,535 bytes, or the value longer than 1 GiB.
    #[error("the header {0} is too long")]
    TooLong(String),
}

/// The longest value that a line can have. No server accepts a longer one.
const MAX_VALUE: usize = 1 << 30;

/// Checks a line, and returns the value without the white space around it.
pub(super) fn checked<'v>(name: &str, value: &'v [u8]) -> Result<&'v [u8], InvalidHeader> {
    if !grammar::is_token(name.as_bytes()) {
        return Err(InvalidHeader::Name(excerpt(name)));
    }
    if !grammar::is_field_value(value) {
        let bad = value.iter().enumerate().find(|&(_, &byte)| !grammar::is_field_byte(byte));
        let (at, byte) = bad.map_or((0, 0), |(at, &byte)| (at, byte));
        return Err(InvalidHeader::Value { name: excerpt(name), byte, at });
    }
    if name.len() > usize::from(u16::MAX) || value.len() > MAX_VALUE {
        return Err(InvalidHeader::TooLong(excerpt(name)));
    }
    Ok(grammar::trim_ows(value))
}

fn excerpt(name: &str) -> String {
    name.chars().take(64).collect()
}

impl Headers {
    /// Collects lines of any kind: [`Headers::extend`] into an empty map.
    fn collect<N: AsRef<str>, V: ToHeaderValue>(
        lines: impl Iterator<Item = (N, V)>,
    ) -> Result<Self, InvalidHeader> {
        let mut headers = Headers::new();
        headers.block.reserve(lines::room(lines.size_hint().0, 0));
        headers.extend(lines)?;
        Ok(headers)
    }

    /// Appends all lines of an iterator.
    ///
    /// # Errors
    ///
    /// If one of them is not valid; the lines before it have been appended then.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Headers;
    ///
    /// let mut headers = Headers::new();
    /// headers.extend((1..=2).map(|n| ("X-Id", n)))?;
    /// assert_eq!(format!("{headers:?}"), r#"{"X-Id": "1", "X-Id": "2"}"#);
    /// # Ok::<(), httpx_core::InvalidHeader>(())
    /// ```
    pub fn extend<N: AsRef<str>, V: ToHeaderValue>(
        &mut self,
        lines: impl IntoIterator<Item = (N, V)>,
    ) -> Result<(), InvalidHeader> {
        for (name, value) in lines {
            self.append(name.as_ref(), value)?;
        }
        Ok(())
    }
}

impl<N: AsRef<str>, V: ToHeaderValue, const K: usize> TryFrom<[(N, V); K]> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: [(N, V); K]) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.into_iter())
    }
}

impl<N: AsRef<str>, V: ToHeaderValue> TryFrom<&[(N, V)]> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: &[(N, V)]) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.iter().map(|(name, value)| (name, value)))
    }
}

impl<N: AsRef<str>, V: ToHeaderValue, const K: usize> TryFrom<&[(N, V); K]> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: &[(N, V); K]) -> Result<Self, InvalidHeader> {
        Headers::try_from(&lines[..])
    }
}

impl<N: AsRef<str>, V: ToHeaderValue> TryFrom<Vec<(N, V)>> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: Vec<(N, V)>) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.into_iter())
    }
}

impl<N: AsRef<str>, V: ToHeaderValue> TryFrom<BTreeMap<N, V>> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: BTreeMap<N, V>) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.into_iter())
    }
}

/// The order is that of the map: arbitrary.
impl<N: AsRef<str>, V: ToHeaderValue, S> TryFrom<HashMap<N, V, S>> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: HashMap<N, V, S>) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.into_iter())
    }
}

impl<N: AsRef<str>, V: ToHeaderValue, S> TryFrom<&HashMap<N, V, S>> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: &HashMap<N, V, S>) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.iter())
    }
}

impl From<&Headers> for Headers {
    fn from(headers: &Headers) -> Self {
        headers.clone()
    }
}
