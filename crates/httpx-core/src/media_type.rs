//! Media types (RFC 9110 §8.3), parsed as browsers do.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::grammar::{is_field_byte, is_token, trim_ows, trim_ows_end, trim_ows_start};
use crate::sanitize::truncated;

/// A media type with its parameters: the value of a `Content-Type`.
///
/// Parsing follows the MIME Sniffing Standard: malformed parameters are skipped, and of two with one name the first
/// counts. [`essence`](MediaType::essence) and values keep their case; names are compared without it.
///
/// ```
/// # mod httpx { pub mod models { pub use httpx_core::*; } }
/// use httpx::models::MediaType;
///
/// let html = "text/HTML; charset=\"utf-8\"".parse::<MediaType>()?;
/// assert_eq!(html.essence(), "text/HTML");
/// assert!(html.is("text/html"));
/// assert_eq!(html.param("Charset").as_deref(), Some("utf-8"));
/// assert_eq!(html.param("boundary"), None);
/// assert_eq!(html.to_string(), "text/HTML; charset=utf-8");
/// # Ok::<(), httpx_core::InvalidMediaType>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MediaType<'a> {
    essence: Cow<'a, str>,
    params: Cow<'a, [u8]>,
}

/// The error of a text that is not a media type: it does not begin with `type/subtype`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a media type: it must begin with type/subtype")]
pub struct InvalidMediaType(String);

impl<'a> MediaType<'a> {
    /// Parses the value of a `Content-Type`; `None` if it does not begin with `type/subtype`.
    ///
    /// ```
    /// # mod httpx { pub mod models { pub use httpx_core::*; } }
    /// use httpx::models::MediaType;
    ///
    /// let json = MediaType::parse(b"application/json; charset=utf-8").unwrap();
    /// assert_eq!(json.essence(), "application/json");
    /// assert!(MediaType::parse(b"json").is_none());
    /// ```
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let (essence, params) = split_at_byte(value, b';');
        let essence = std::str::from_utf8(trim_ows(essence)).ok()?;
        let (kind, subtype) = essence.split_once('/')?;
        let is_valid = is_token(kind.as_bytes()) && is_token(subtype.as_bytes());
        is_valid.then_some(Self { essence: essence.into(), params: params.into() })
    }

    /// Returns `type/subtype` in the case in which it was written; compare it with [`is`](MediaType::is).
    #[must_use]
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// Returns whether the essence is this one, ignoring case.
    ///
    /// ```
    /// # mod httpx { pub mod models { pub use httpx_core::*; } }
    /// use httpx::models::MediaType;
    ///
    /// assert!(MediaType::parse(b"Text/HTML; charset=utf-8").is_some_and(|media_type| media_type.is("text/html")));
    /// ```
    #[must_use]
    pub fn is(&self, essence: &str) -> bool {
        self.essence.eq_ignore_ascii_case(essence)
    }

    /// Returns the value of the first parameter of this name, without its quotes. Bytes that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<Cow<'_, str>> {
        self.params().find(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }

    /// Returns the same media type with this boundary in place of its own (RFC 2046 §5.1.1).
    pub(crate) fn with_boundary(&self, boundary: &str) -> String {
        let others = self.params().filter(|(name, _)| !name.eq_ignore_ascii_case(b"boundary"));
        let mut text = self.essence.clone().into_owned();
        for (name, value) in others.chain([(&b"boundary"[..], boundary.into())]) {
            push_param(&mut text, name, &value);
        }
        text
    }

    /// Returns the well-formed parameters in order.
    fn params(&self) -> impl Iterator<Item = Param<'_>> {
        params(&self.params, Backslash::Escapes)
    }
}

impl FromStr for MediaType<'static> {
    type Err = InvalidMediaType;

    fn from_str(text: &str) -> Result<Self, InvalidMediaType> {
        let MediaType { essence, params } = MediaType::parse(text.as_bytes())
            .ok_or_else(|| InvalidMediaType(truncated(text).into_owned()))?;
        Ok(MediaType { essence: essence.into_owned().into(), params: params.into_owned().into() })
    }
}

/// The essence and the well-formed parameters, with quotes where they are needed: `text/html; charset=utf-8`.
impl fmt::Display for MediaType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.essence.clone().into_owned();
        for (name, value) in self.params() {
            push_param(&mut text, name, &value);
        }
        f.write_str(&text)
    }
}

fn push_param(text: &mut String, name: &[u8], value: &str) {
    let name = String::from_utf8_lossy(name);
    if is_token(value.as_bytes()) {
        *text += &format!("; {name}={value}");
    } else {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        *text += &format!("; {name}=\"{value}\"");
    }
}

type Param<'a> = (&'a [u8], Cow<'a, str>);

/// The meaning of a backslash between quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))] // the flavours read forms
pub(crate) enum Backslash {
    /// The next character stands for itself (RFC 9110 §5.6.4).
    Escapes,
    /// The backslash is an ordinary character, as in the names of form fields.
    IsLiteral,
}

/// Returns the well-formed parameters of a header's value, from behind the first `;`, in order.
pub(crate) fn params(mut input: &[u8], backslash: Backslash) -> impl Iterator<Item = Param<'_>> {
    std::iter::from_fn(move || {
        while !input.is_empty() {
            let param;
            (param, input) = next_param(input, backslash);
            if param.is_some() {
                return param;
            }
        }
        None
    })
}

/// Returns the first parameter, if it is well-formed, and the rest after its `;`.
fn next_param(input: &[u8], backslash: Backslash) -> (Option<Param<'_>>, &[u8]) {
    let end = input.iter().position(|&byte| byte == b';' || byte == b'=').unwrap_or(input.len());
    let (name, rest) = input.split_at(end);
    let [b'=', value @ ..] = rest else { return (None, rest.get(1..).unwrap_or_default()) };
    let name = trim_ows_start(name);
    let (value, rest) = match value {
        [b'"', quoted @ ..] => {
            let (value, rest) = match backslash {
                Backslash::Escapes => unquote(quoted),
                Backslash::IsLiteral => {
                    let (value, rest) = split_at_byte(quoted, b'"');
                    (Cow::Borrowed(value), rest)
                }
            };
            (Some(value), split_at_byte(rest, b';').1)
        }
        _ => {
            let (value, rest) = split_at_byte(value, b';');
            let value = trim_ows_end(value);
            ((!value.is_empty()).then_some(Cow::Borrowed(value)), rest)
        }
    };
    let value = value.filter(|value| is_token(name) && value.iter().all(|&byte| is_field_byte(byte)));
    (value.map(|value| (name, text(value))), rest)
}

/// Reads up to the closing quote, which may be missing, and removes the backslashes.
fn unquote(input: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let end = input.iter().position(|&byte| byte == b'"' || byte == b'\\').unwrap_or(input.len());
    let (plain, mut rest) = input.split_at(end);
    if !rest.starts_with(b"\\") {
        return (Cow::Borrowed(plain), rest.get(1..).unwrap_or_default());
    }
    let mut value = plain.to_vec();
    loop {
        match rest {
            [b'"', after @ ..] => return (Cow::Owned(value), after),
            [b'\\', byte, after @ ..] | [byte, after @ ..] => {
                value.push(*byte);
                rest = after;
            }
            [] => return (Cow::Owned(value), rest),
        }
    }
}

fn text(value: Cow<'_, [u8]>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Returns the bytes before the first `byte`, and those after it.
pub(crate) fn split_at_byte(input: &[u8], byte: u8) -> (&[u8], &[u8]) {
    match input.iter().position(|&found| found == byte) {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn essences() {
        let table: &[(&str, Option<&str>)] = &[
            ("text/html", Some("text/html")),
            (" Text/HTML \t; charset=x", Some("Text/HTML")),
            ("application/ld+json;", Some("application/ld+json")),
            ("*/*", Some("*/*")),
            ("", None),
            ("text", None),
            ("text/", None),
            ("/html", None),
            ("text/html charset=x", None),
            ("text /html", None),
            ("text/html/x", None),
            (";charset=x", None),
            ("t\u{e9}xt/html", None),
        ];
        for (value, expected) in table {
            assert_eq!(
                MediaType::parse(value.as_bytes()).map(|found| found.essence().to_owned()),
                expected.map(String::from),
                "{value}"
            );
        }
        assert!(MediaType::parse(b"Text/HTML").is_some_and(|found| found.is("text/html")));
    }

    #[test]
    fn params() {
        let table: &[(&str, Option<&str>)] = &[
            ("", None),
            (";", None),
            (";charset", None),
            (";charset=", None),
            (";charset=;charset=x", Some("x")),
            (";charset=x", Some("x")),
            ("; CHARSET=X  ", Some("X")),
            (";;; charset=x", Some("x")),
            (";charset=a;charset=b", Some("a")),
            (";a=b;charset=x;c", Some("x")),
            (";charset=\"x\"", Some("x")),
            (";charset=\"\"", Some("")),
            (";charset=\"x", Some("x")),
            (";charset=\"x;y\"", Some("x;y")),
            (";charset=\"x\"junk;charset=b", Some("x")),
            (";charset=\"a\\\"b\\\\c\\d\"", Some("a\"b\\cd")),
            (";charset=\"a\\", Some("a\\")),
            (";a=\";charset=b\";charset=x", Some("x")),
            (";charset='x'", Some("'x'")),
            (";charset=a b", Some("a b")),
            (";charset=x\"y\"", Some("x\"y\"")),
            // Browsers do not allow spaces around the sign.
            (";charset =x", None),
            (";charset= x", Some(" x")),
            (";charset=\u{1}", None),
            (";charset=\u{e9}", Some("\u{e9}")),
        ];
        for (params, expected) in table {
            let value = format!("text/html{params}");
            let found = MediaType::parse(value.as_bytes()).unwrap();
            assert_eq!(found.param("charset").as_deref(), *expected, "{value}");
        }
    }

    #[test]
    fn texts() {
        for (text, expected) in [
            ("text/html", Some("text/html")),
            (" a/B ; C=d;;x=", Some("a/B; C=d")),
            ("a/b; c=\"d e\\\"\\\\\"", Some("a/b; c=\"d e\\\"\\\\\"")),
            ("text", None),
        ] {
            let parsed = text.parse::<MediaType>().ok();
            assert_eq!(parsed.as_ref().map(ToString::to_string).as_deref(), expected, "{text}");
            if let Some(parsed) = parsed {
                let again = parsed.to_string().parse::<MediaType>().unwrap();
                assert_eq!(again.to_string(), parsed.to_string());
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes(value: Vec<u8>) {
            let value = [&b"a/b;charset="[..], &value].concat();
            let _ = MediaType::parse(&value).map(|found| found.params().count());
        }

        /// A quoted value comes back whole.
        #[test]
        fn quoted(value in "[ -~]{0,20}") {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let header = format!("a/b; x=\"{quoted}\"; y=z");
            let found = MediaType::parse(header.as_bytes()).unwrap();
            proptest::prop_assert_eq!(found.param("x"), Some(Cow::Borrowed(&value[..])));
            proptest::prop_assert_eq!(found.param("y"), Some(Cow::Borrowed("z")));
        }
    }
}
