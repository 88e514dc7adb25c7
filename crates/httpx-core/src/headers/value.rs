use std::fmt;

/// The value of a header, lent from its [`Headers`](super::Headers).
///
/// Underneath it is bytes: servers send more than ASCII. It compares with `str` and with bytes.
#[derive(Clone, Copy)]
pub struct HeaderValue<'a> {
    bytes: &'a [u8],
    sensitive: bool,
}

impl<'a> HeaderValue<'a> {
    pub(super) fn new(bytes: &'a [u8], sensitive: bool) -> Self {
        HeaderValue { bytes, sensitive }
    }

    /// The bytes as they were given or received, without white space round them.
    pub fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The value as text, if it is visible ASCII, spaces and tabs; `None` if it holds bytes outside ASCII, whose
    /// meaning no standard tells (RFC 9110 §5.5).
    pub fn to_str(self) -> Option<&'a str> {
        if self.bytes.is_ascii() { std::str::from_utf8(self.bytes).ok() } else { None }
    }

    /// Whether it was marked as secret.
    pub fn is_sensitive(self) -> bool {
        self.sensitive
    }

    pub(super) fn secret(self) -> Self {
        HeaderValue { sensitive: true, ..self }
    }
}

impl PartialEq for HeaderValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for HeaderValue<'_> {}

impl PartialEq<str> for HeaderValue<'_> {
    fn eq(&self, other: &str) -> bool {
        self.bytes == other.as_bytes()
    }
}

impl PartialEq<&str> for HeaderValue<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.bytes == other.as_bytes()
    }
}

impl PartialEq<[u8]> for HeaderValue<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        self.bytes == other
    }
}

impl AsRef<[u8]> for HeaderValue<'_> {
    fn as_ref(&self) -> &[u8] {
        self.bytes
    }
}

/// As text, also where it is a secret; bytes that are not UTF-8 become U+FFFD.
impl fmt::Display for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from_utf8_lossy(self.bytes))
    }
}

/// In quotes and escaped; `[secret]` if it is one.
impl fmt::Debug for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sensitive {
            true => f.write_str("[secret]"),
            false => write!(f, "\"{}\"", self.bytes.escape_ascii()),
        }
    }
}

/// The elements of one comma-separated value. A comma inside a quoted string does not separate.
pub(super) fn list(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = separator(text);
        rest = text.get(end + 1..);
        Some(text.get(..end).unwrap_or(text).trim_matches([' ', '\t']))
    })
    .filter(|element| !element.is_empty())
}

/// Where the first comma outside a quoted string stands; the text's length if there is none.
fn separator(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}
