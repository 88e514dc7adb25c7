//! [`ContentDisposition`]: the name and the file name of a part (RFC 6266, RFC 7578, RFC 8187).

use std::borrow::Cow;

use crate::grammar::trim_ows;
use crate::media_type::{Backslash, params, split_at_byte};

/// A value of `Content-Disposition`.
///
/// `form-data` is parsed as browsers write it: a backslash is an ordinary character, and `%0A`, `%0D` and `%22` mean LF, CR and
/// `"`. In other values, a backslash escapes the next character.
pub(crate) struct ContentDisposition<'a> {
    is_form_data: bool,
    params: &'a [u8],
}

impl<'a> ContentDisposition<'a> {
    pub(crate) fn new(value: &'a [u8]) -> Self {
        let (kind, params) = split_at_byte(value, b';');
        ContentDisposition { is_form_data: trim_ows(kind).eq_ignore_ascii_case(b"form-data"), params }
    }

    /// Returns the name of the field.
    pub(crate) fn name(&self) -> Option<Cow<'a, str>> {
        self.param("name")
    }

    /// Returns the file name: `filename*` if it is well-formed, else `filename`.
    pub(crate) fn file_name(&self) -> Option<Cow<'a, str>> {
        let extended = self.raw_param("filename*").and_then(|value| extended_value(&value));
        extended.map(Cow::Owned).or_else(|| self.param("filename"))
    }

    fn param(&self, name: &str) -> Option<Cow<'a, str>> {
        let value = self.raw_param(name)?;
        if !self.is_form_data || !value.contains('%') {
            return Some(value);
        }
        Some(value.replace("%0A", "\n").replace("%0D", "\r").replace("%22", "\"").into())
    }

    fn raw_param(&self, name: &str) -> Option<Cow<'a, str>> {
        let backslash = if self.is_form_data { Backslash::IsLiteral } else { Backslash::Escapes };
        let found = |(found, _): &(&[u8], _)| found.eq_ignore_ascii_case(name.as_bytes());
        params(self.params, backslash).find(found).map(|(_, value)| value)
    }
}

/// Decodes `UTF-8'language'percent-encoded` (RFC 8187 §3.2). `None` if it is malformed, or in another charset.
fn extended_value(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _language, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (&[high, low], after) = rest.split_first_chunk()?;
        rest = after;
        bytes.push((hex_digit(high)? << 4) | hex_digit(low)?);
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        type Row<'a> = (&'a str, Option<&'a str>, Option<&'a str>);
        let rows: [Row<'_>; 22] = [
            ("form-data; name=\"a\"", Some("a"), None),
            ("Form-Data ; NAME=a; FileName=b", Some("a"), Some("b")),
            ("form-data; name=\"a\"; filename=\"b; name=c\"", Some("a"), Some("b; name=c")),
            ("form-data; name=\"a\\\"; filename=\"\\\\b\\c\"", Some("a\\"), Some("\\\\b\\c")),
            ("form-data; name=\"a%22%0D%0Ab\"", Some("a\"\r\nb"), None),
            ("form-data; name=\"%41%2522\"", Some("%41%2522"), None),
            ("form-data; name=\"\"; filename=\"\"", Some(""), Some("")),
            ("form-data; name=\"\u{fc}\u{1f600}\"", Some("\u{fc}\u{1f600}"), None),
            ("form-data; name=\"a", Some("a"), None),
            ("form-data; name=\"a\"; name=\"b\"", Some("a"), None),
            ("form-data", None, None),
            ("", None, None),
            ("attachment; filename=\"a\\\"b\\\\c\"", None, Some("a\"b\\c")),
            ("attachment; filename=\"%22\"", None, Some("%22")),
            ("attachment; filename=a b.txt", None, Some("a b.txt")),
            // The examples of RFC 6266 §5 and RFC 8187 §3.2.3.
            (
                "attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates",
                None,
                Some("\u{20ac} rates"),
            ),
            ("attachment; filename*=UTF-8'en'%c2%a3", None, Some("\u{a3}")),
            ("attachment; filename*=UTF-8''a'b", None, Some("a'b")),
            ("attachment; filename*=iso-8859-1'en'%A3%20rates; filename=x", None, Some("x")),
            ("attachment; filename*=UTF-8''%ff; filename=x", None, Some("x")),
            ("attachment; filename*=UTF-8''%e; filename=x", None, Some("x")),
            ("attachment; filename*=x; filename=x", None, Some("x")),
        ];
        for (value, name, file_name) in rows {
            let disposition = ContentDisposition::new(value.as_bytes());
            assert_eq!(disposition.name().as_deref(), name, "{value}");
            assert_eq!(disposition.file_name().as_deref(), file_name, "{value}");
        }
    }
}
