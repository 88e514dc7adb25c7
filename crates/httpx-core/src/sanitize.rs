//! Makes text from the other side fit for errors, which reach terminals and logs.

use std::borrow::Cow;
#[cfg(feature = "json")]
use std::fmt;

/// The longest text that is shown whole, in characters.
const MAX: usize = 1000;

/// How many characters are kept of the end of a longer text. Parsers name the line and the column there, and errors
/// their advice.
const END: usize = 300;

/// The error of a parser, which may quote the text that it has read.
#[cfg(feature = "json")]
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ParserError(String);

#[cfg(feature = "json")]
impl ParserError {
    pub(crate) fn new(error: &impl fmt::Display) -> Self {
        ParserError(sanitized(&error.to_string()).into_owned())
    }
}

/// Returns the text with `…` instead of its middle if it is long.
pub(crate) fn truncated(text: &str) -> Cow<'_, str> {
    // Most texts are short, also in bytes.
    if text.len() <= MAX || text.chars().count() <= MAX {
        return text.into();
    }
    let start = text.char_indices().nth(MAX - END).map_or(text.len(), |(at, _)| at);
    let end = text.char_indices().nth_back(END - 1).map_or(0, |(at, _)| at);
    format!("{}…{}", &text[..start], &text[end..]).into()
}

/// Returns the text truncated, and with escapes instead of the characters that move a cursor or turn the direction of
/// writing.
pub(crate) fn sanitized(text: &str) -> Cow<'_, str> {
    let text = truncated(text);
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
        let cut = format!("{}…{}", "ä".repeat(700), "b".repeat(300));
        for (text, expected) in [
            ("", ""),
            ("items[1].ü", "items[1].ü"),
            ("a\x1b[2J\r\n\u{9b}\u{202e}", r"a\u{1b}[2J\r\n\u{9b}\u{202e}"),
            (&"x".repeat(1000), &"x".repeat(1000)),
            (&long, &cut),
        ] {
            assert_eq!(sanitized(text), expected);
        }
    }
}
