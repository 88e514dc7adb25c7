//! The lines of a cassette: which half of which message a line belongs to, and its escapes.

/// The side that sent a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

/// What a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// A start line or a header, escaped.
    Head,
    /// A line of a text, as it is.
    Text,
    /// A line of a text, escaped.
    Escaped,
    /// Bytes in base64.
    Base64,
    /// A trailer, escaped.
    Trailer,
}

const SIDES: [(char, Side); 2] = [('>', Side::Request), ('<', Side::Response)];

const KINDS: [(char, LineKind); 5] = [
    (' ', LineKind::Head),
    ('|', LineKind::Text),
    ('\\', LineKind::Escaped),
    ('=', LineKind::Base64),
    ('+', LineKind::Trailer),
];

/// Returns the two characters that a line begins with.
pub(super) fn prefix(side: Side, kind: LineKind) -> String {
    let side = SIDES.iter().filter(|(_, other)| *other == side).map(|(char, _)| *char);
    let kind = KINDS.iter().filter(|(_, other)| *other == kind).map(|(char, _)| *char);
    side.chain(kind).collect()
}

/// Returns the parts of a line; `None` if it begins otherwise.
pub(super) fn split(line: &str) -> Option<(Side, LineKind, &str)> {
    let mut chars = line.chars();
    let (side, kind) = (chars.next()?, chars.next()?);
    let (_, side) = SIDES.into_iter().find(|(char, _)| *char == side)?;
    let (_, kind) = KINDS.into_iter().find(|(char, _)| *char == kind)?;
    let rest = chars.as_str();
    Some((side, kind, if kind == LineKind::Head { rest } else { rest.strip_prefix(' ').unwrap_or(rest) }))
}

/// Returns whether a line of a text can stand in a file as it is: editors remove spaces at the end, and tools change line
/// ends.
pub(super) fn is_plain(line: &str) -> bool {
    !line.contains(|char: char| char.is_control() && char != '\t') && !line.ends_with(char::is_whitespace)
}

/// Returns a line of a text with escapes for `\`, control characters, and white space at the end.
pub(super) fn escape_text(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let kept = line.trim_end().len();
    for (at, char) in line.char_indices() {
        match char {
            '\\' => escaped.push_str("\\\\"),
            char if at >= kept || char.is_control() => escaped.extend(char.escape_unicode()),
            char => escaped.push(char),
        }
    }
    escaped
}

/// Returns the value of a header with escapes for `\` and all bytes that are not visible ASCII.
pub(super) fn escape_bytes(bytes: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\\' => escaped.push_str("\\\\"),
            b' '..=b'~' => escaped.push(char::from(byte)),
            byte => escaped.push_str(&format!("\\x{byte:02x}")),
        }
    }
    escaped
}

/// Undoes both kinds of escapes; `None` if one is not valid.
pub(super) fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        rest = if let Some(after) = after.strip_prefix('\\') {
            bytes.push(b'\\');
            after
        } else if let Some(after) = after.strip_prefix('x') {
            let (digits, after) = after.split_at_checked(2)?;
            bytes.push(number(digits)?.try_into().ok()?);
            after
        } else {
            let (digits, after) = after.strip_prefix("u{")?.split_once('}')?;
            let char = char::from_u32(number(digits)?)?;
            bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            after
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        for (text, escaped) in [
            ("", ""),
            ("a\tb", "a\\u{9}b"),
            (r"C:\dir", r"C:\\dir"),
            ("ends ", "ends\\u{20}"),
            ("a\r", "a\\u{d}"),
            ("ä\u{85}", "ä\\u{85}"),
        ] {
            assert_eq!(escape_text(text), escaped);
            assert_eq!(unescape(escaped).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(escape_bytes(b"a \\ \xe4\t"), r"a \\ \xe4\x09");
        assert_eq!(unescape(r"a \\ \xe4\x09").as_deref(), Some(&b"a \\ \xe4\t"[..]));
        for wrong in ["\\", "\\q", "\\x4", "\\x+4", "\\xä", "\\u{", "\\u{}", "\\u{110000}", "\\u{d800}"] {
            assert_eq!(unescape(wrong), None, "{wrong}");
        }
    }
}
