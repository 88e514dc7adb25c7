//! Words of the other side, made fit for an error: errors reach terminals and logs.

use std::fmt;

/// What is kept of the beginning.
const BEGINNING: usize = 200;

/// What is kept of the end, where parsers tell the line and the column.
const END: usize = 100;

/// An error in the words of a parser, which quotes what it has read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ParserError(String);

impl ParserError {
    pub(crate) fn new(error: &impl fmt::Display) -> Self {
        ParserError(sanitized(&error.to_string()))
    }
}

/// The text without what moves a cursor or turns the direction of writing, and with `…` for the middle where it is
/// long.
pub(crate) fn sanitized(text: &str) -> String {
    let chars = text.chars().count();
    let is_cut = chars > BEGINNING + END;
    let (first, last) = if is_cut { (BEGINNING, END) } else { (chars, 0) };
    let mut shown = String::new();
    text.chars().take(first).for_each(|char| push(&mut shown, char));
    if is_cut {
        shown.push('…');
    }
    text.chars().skip(chars - last).for_each(|char| push(&mut shown, char));
    shown
}

fn push(shown: &mut String, char: char) {
    match char {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => shown.extend(char.escape_unicode()),
        char if char.is_control() => shown.extend(char.escape_default()),
        char => shown.push(char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown() {
        let long = format!("{}\n{}", "a".repeat(500), "b".repeat(500));
        let cut = format!("{}…{}", "a".repeat(200), "b".repeat(100));
        for (text, expected) in [
            ("", ""),
            ("items[1].ü", "items[1].ü"),
            ("a\x1b[2J\r\n\u{9b}\u{202e}", r"a\u{1b}[2J\r\n\u{9b}\u{202e}"),
            (&"x".repeat(300), &"x".repeat(300)),
            (&long, &cut),
        ] {
            assert_eq!(sanitized(text), expected);
        }
    }
}
