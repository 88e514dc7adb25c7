//! Makes text from the other side fit for errors, which reach terminals and logs.

use std::borrow::Cow;
#[cfg(feature = "json")]
use std::fmt;

/// The longest text that is shown whole, in characters.
const MAX: usize = 1000;

/// The longest quotation inside such a text.
#[cfg(feature = "json")]
const MAX_QUOTED: usize = 300;

/// The error of a parser, which may quote the text that it has read.
#[cfg(feature = "json")]
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ParserError(String);

#[cfg(feature = "json")]
impl ParserError {
    pub(crate) fn new(error: &impl fmt::Display) -> Self {
        ParserError(quoted(&error.to_string()))
    }
}

/// Returns the text with `…` instead of its middle if it is long.
pub(crate) fn truncated(text: &str) -> Cow<'_, str> {
    truncated_to(MAX, text)
}

/// Returns the text truncated, and with escapes instead of the characters that move a cursor or turn the direction of
/// writing.
pub fn sanitized(text: &str) -> Cow<'_, str> {
    escaped(truncated(text))
}

/// Returns the text sanitized, for a quotation inside a longer text.
#[cfg(feature = "json")]
pub(crate) fn quoted(text: &str) -> String {
    escaped(truncated_to(MAX_QUOTED, text)).into_owned()
}

fn truncated_to(max: usize, text: &str) -> Cow<'_, str> {
    // Most texts are short, also in bytes.
    if text.len() <= max || text.chars().count() <= max {
        return text.into();
    }
    // Parsers name the line and the column at the end, and errors their advice.
    let kept_end = max / 3;
    let start = text.char_indices().nth(max - kept_end).map_or(text.len(), |(at, _)| at);
    let end = text.char_indices().nth_back(kept_end - 1).map_or(0, |(at, _)| at);
    format!("{}…{}", &text[..start], &text[end..]).into()
}

fn escaped(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(must_be_escaped) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            char if !must_be_escaped(char) => out.push(char),
            char if char.is_control() => out.extend(char.escape_default()),
            char => out.extend(char.escape_unicode()),
        }
    }
    out.into()
}

fn must_be_escaped(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_odd_characters_escaped() {
        let long = format!("{}\n{}", "ä".repeat(900), "b".repeat(900));
        let cut = format!("{}…{}", "ä".repeat(667), "b".repeat(333));
        for (text, expected) in [
            ("", ""),
            ("items[1].ü", "items[1].ü"),
            ("a\x1b[2J\r\n\u{9b}\u{202e}", r"a\u{1b}[2J\r\n\u{9b}\u{202e}"),
            (&"x".repeat(1000), &"x".repeat(1000)),
            (&long, &cut),
        ] {
            assert_eq!(sanitized(text), expected);
            #[cfg(feature = "json")]
            assert_eq!(quoted(text).chars().count(), expected.chars().count().min(301));
        }
    }
}
