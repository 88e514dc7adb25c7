//! The value of one header line.

use std::fmt;

use super::secret::is_secret;
use crate::grammar;

/// The text that stands in place of a secret, wherever one is hidden.
pub(crate) const SECRET: &str = "[secret]";

/// The value of a header, borrowed from its [`Headers`](super::Headers).
///
/// A value is bytes, because servers send more than ASCII. It compares with text and with bytes.
#[derive(Clone, Copy)]
pub struct HeaderValue<'a> {
    /// The name of its line: some fields are secret by name.
    name: &'a [u8],
    bytes: &'a [u8],
    sensitive: bool,
}

impl<'a> HeaderValue<'a> {
    #[inline]
    pub(super) fn new(name: &'a [u8], bytes: &'a [u8], sensitive: bool) -> Self {
        HeaderValue { name, bytes, sensitive }
    }

    /// Returns the bytes as they were set or received, without white space around them.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::headers;
    ///
    /// assert_eq!(headers![("X-Id", "1")].get("X-Id").unwrap().as_bytes(), b"1");
    /// ```
    pub fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the value as text if it is ASCII: visible characters, spaces and tabs. `None` if it holds other bytes,
    /// because no standard defines their meaning (RFC 9110 §5.5).
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Headers;
    ///
    /// let headers = Headers::try_from([("X-Text", &b"a"[..]), ("X-Raw", b"\xe4")])?;
    /// assert_eq!(headers.get("X-Text").unwrap().to_str(), Some("a"));
    /// assert_eq!(headers.get("X-Raw").unwrap().to_str(), None);
    /// # Ok::<(), httpx_core::InvalidHeader>(())
    /// ```
    pub fn to_str(self) -> Option<&'a str> {
        if self.bytes.is_ascii() { std::str::from_utf8(self.bytes).ok() } else { None }
    }

    /// Returns whether `Debug` hides the value.
    pub(crate) fn is_secret(self) -> bool {
        self.sensitive || is_secret(self.name, self.bytes)
    }

    /// Returns whether it was marked as sensitive.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::headers;
    ///
    /// let mut headers = headers![("X-Key", "k1"), ("Accept", "*/*")];
    /// headers.mark_sensitive("X-Key");
    /// assert!(headers.get("X-Key").unwrap().is_sensitive());
    /// assert!(!headers.get("Accept").unwrap().is_sensitive());
    /// ```
    pub fn is_sensitive(self) -> bool {
        self.sensitive
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

/// Writes the value as text, even if it is a secret; bytes that are not UTF-8 become U+FFFD.
impl fmt::Display for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from_utf8_lossy(self.bytes))
    }
}

/// Writes the value in quotes and escaped; `[secret]` if it was marked as sensitive, if its field always holds secrets
/// (`Authorization`, `Proxy-Authorization`, `Cookie`, `Set-Cookie`), or if it is a URL with user information.
impl fmt::Debug for HeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_secret() { f.write_str(SECRET) } else { write!(f, "\"{}\"", self.bytes.escape_ascii()) }
    }
}

/// Returns the elements of one comma-separated value. A comma inside a quoted string does not separate.
pub(super) fn list(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = separator(text);
        rest = text.get(end + 1..);
        Some(grammar::trim_ows_str(text.get(..end).unwrap_or(text)))
    })
    .filter(|element| !element.is_empty())
}

/// Returns the position of the first comma outside a quoted string; the text's length if there is none.
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
