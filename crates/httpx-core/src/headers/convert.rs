//! Making headers: the check of each line, and the conversions.

use std::collections::{BTreeMap, HashMap};

use super::{Headers, grammar, lines};

/// Why a line cannot be a header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHeader {
    /// The name is empty or holds something that a token may not, such as a space or a colon (RFC 9110 §5.6.2).
    #[error("{0:?} is no header name: a name holds letters, digits and !#$%&'*+-.^_`|~ only")]
    Name(String),
    /// The value holds a control character, such as CR, LF or NUL (RFC 9110 §5.5). The value is not shown: it may
    /// be a secret.
    #[error(
        "the value of the header {name} holds a control character ({byte:#04x}) at byte {at}; trim what was read from a \
         file"
    )]
    Value {
        /// The header's name.
        name: String,
        /// The first byte that may not stand there.
        byte: u8,
        /// Where it stands.
        at: usize,
    },
    /// The name is longer than 65,535 bytes, or the value longer than 1 GiB: no server would take either.
    #[error("the header {0} is too long")]
    TooLong(String),
}

/// The longest value that a line can have.
const MAX_VALUE: usize = 1 << 30;

/// Checks a line, and gives the value without the white space round it.
pub(super) fn checked<'v>(name: &str, value: &'v [u8]) -> Result<&'v [u8], InvalidHeader> {
    if !grammar::is_token(name.as_bytes()) {
        return Err(InvalidHeader::Name(excerpt(name)));
    }
    if !grammar::is_field_value(value) {
        let bad = value.iter().enumerate().find(|&(_, &byte)| !grammar::is_field_value(&[byte]));
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
    /// Appends each line in turn; what `TryFrom` does for all kinds of collections.
    fn collect<N: AsRef<str>, V: AsRef<[u8]>>(
        lines: impl Iterator<Item = (N, V)>,
    ) -> Result<Self, InvalidHeader> {
        let mut headers = Headers::new();
        headers.block.reserve(lines::room(lines.size_hint().0, 0));
        for (name, value) in lines {
            headers.append(name.as_ref(), value)?;
        }
        Ok(headers)
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, const K: usize> TryFrom<[(N, V); K]> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: [(N, V); K]) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.into_iter())
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> TryFrom<&[(N, V)]> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: &[(N, V)]) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.iter().map(|(name, value)| (name, value)))
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> TryFrom<Vec<(N, V)>> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: Vec<(N, V)>) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.into_iter())
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> TryFrom<BTreeMap<N, V>> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: BTreeMap<N, V>) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.into_iter())
    }
}

/// In no particular order: that of the map.
impl<N: AsRef<str>, V: AsRef<[u8]>, S> TryFrom<HashMap<N, V, S>> for Headers {
    type Error = InvalidHeader;

    fn try_from(lines: HashMap<N, V, S>) -> Result<Self, InvalidHeader> {
        Headers::collect(lines.into_iter())
    }
}

impl From<&Headers> for Headers {
    fn from(headers: &Headers) -> Self {
        headers.clone()
    }
}
