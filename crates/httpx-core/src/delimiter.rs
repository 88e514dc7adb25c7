//! [`Delimiter`]: recognizes the lines between the parts of a multipart body (RFC 2046 §5.1.1).

/// The delimiter of a multipart body: a line of `--` and the boundary. The last delimiter has another `--` after the boundary.
///
/// White space may follow, then CR LF or LF. A line with anything else after the boundary is content, as in browsers, Go and
/// Python.
#[derive(Debug)]
pub(crate) struct Delimiter {
    /// `\r\n--boundary`.
    text: Vec<u8>,
    /// The lines of this body end with LF alone, also the line before a delimiter.
    has_bare_line_feeds: bool,
}

/// Whether a line is a delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineMatch {
    No,
    /// More bytes are needed.
    Partial,
    /// The line is a delimiter of this length in bytes. The last one closes the body.
    Found {
        len: usize,
        is_last: bool,
    },
}

/// The most bytes of white space after a boundary. A line with more is content. The limit bounds the search.
const MAX_PADDING: usize = 256;

const LINE_END: &[u8] = b"\r\n";

impl Delimiter {
    /// The length of the longest boundary (RFC 2046 §5.1.1).
    pub(crate) const MAX_BOUNDARY: usize = 70;

    /// The length of the longest delimiter, without the line end before it.
    pub(crate) const MAX_LINE: usize = 2 + Delimiter::MAX_BOUNDARY + 2 + MAX_PADDING + LINE_END.len();

    pub(crate) fn new(boundary: &[u8]) -> Self {
        Delimiter { text: [LINE_END, b"--", boundary].concat(), has_bare_line_feeds: false }
    }

    pub(crate) fn set_bare_line_feeds(&mut self) {
        self.has_bare_line_feeds = true;
    }

    /// Returns `--boundary`.
    pub(crate) fn dash_boundary(&self) -> &[u8] {
        self.text.get(LINE_END.len()..).unwrap_or_default()
    }

    /// Matches a line, which begins after a line end.
    pub(crate) fn match_line(&self, line: &[u8]) -> LineMatch {
        match_prefix(line, self.dash_boundary())
    }

    /// Finds the first delimiter in the content of a part, with the line end before it. Returns the length of the content
    /// before it, and what follows: no delimiter, one that is not complete, or one of this length.
    ///
    /// Takes linear time, because the first byte of a delimiter (CR or LF) does not occur again in it.
    pub(crate) fn find(&self, content: &[u8], is_at_start: bool) -> (usize, LineMatch) {
        if is_at_start {
            let matched = self.match_line(content);
            if matched != LineMatch::No && !content.is_empty() {
                return (0, matched);
            }
        }
        let text = self.text.get(usize::from(self.has_bare_line_feeds)..).unwrap_or_default();
        let first = text.first().copied().unwrap_or_default();
        let mut at = 0;
        loop {
            let rest = content.get(at..).unwrap_or_default();
            let Some(found) = rest.iter().position(|&byte| byte == first) else {
                return (content.len(), LineMatch::No);
            };
            at += found;
            match match_prefix(rest.get(found..).unwrap_or_default(), text) {
                LineMatch::No => at += 1,
                matched => return (at, matched),
            }
        }
    }
}

/// Matches bytes that must begin with this text.
fn match_prefix(bytes: &[u8], text: &[u8]) -> LineMatch {
    match bytes.strip_prefix(text) {
        Some(rest) => match_rest(rest, text.len()),
        None if text.starts_with(bytes) => LineMatch::Partial,
        None => LineMatch::No,
    }
}

/// Matches the rest of a delimiter after its boundary.
fn match_rest(rest: &[u8], prefix_len: usize) -> LineMatch {
    let (is_last, rest, len) = match rest {
        [b'-'] => return LineMatch::Partial,
        [b'-', b'-', rest @ ..] => (true, rest, prefix_len + 2),
        _ => (false, rest, prefix_len),
    };
    let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    if padding > MAX_PADDING {
        return LineMatch::No;
    }
    match rest.get(padding..).unwrap_or_default() {
        [] | [b'\r'] => LineMatch::Partial,
        [b'\n', ..] => LineMatch::Found { len: len + padding + 1, is_last },
        [b'\r', b'\n', ..] => LineMatch::Found { len: len + padding + 2, is_last },
        _ => LineMatch::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        use LineMatch::{Found, No, Partial};
        let padding = " \t".repeat(MAX_PADDING / 2);
        let delimiter = Delimiter::new(b"b");
        for (line, expected) in [
            ("", Partial),
            ("-", Partial),
            ("--", Partial),
            ("--b", Partial),
            ("--b-", Partial),
            ("--b--", Partial),
            ("--b \t", Partial),
            ("--b\r", Partial),
            ("--b--\r", Partial),
            ("--b\n", Found { len: 4, is_last: false }),
            ("--b\r\nx", Found { len: 5, is_last: false }),
            ("--b \t\r\n", Found { len: 7, is_last: false }),
            ("--b--\n", Found { len: 6, is_last: true }),
            ("--b-- \r\n", Found { len: 8, is_last: true }),
            (&format!("--b{padding}\n"), Found { len: 4 + MAX_PADDING, is_last: false }),
            (&format!("--b{padding}"), Partial),
            (&format!("--b{padding} "), No),
            ("--b\rx", No),
            ("--b\r\r\n", No),
            ("--bb", No),
            ("--b-x", No),
            ("--b--x", No),
            ("--b - \n", No),
            ("--B\n", No),
            ("---b\n", No),
            ("-b", No),
            ("\r\n--b\r\n", No),
        ] {
            assert_eq!(delimiter.match_line(line.as_bytes()), expected, "{line:?}");
        }
    }

    #[test]
    fn the_first_in_the_content() {
        use LineMatch::{Found, No, Partial};
        let last = Found { len: 9, is_last: true };
        for (content, is_at_start, expected) in [
            ("", true, (0, No)),
            ("x", true, (1, No)),
            ("--b--\r\n", true, (0, Found { len: 7, is_last: true })),
            ("--b--\r\n", false, (5, Partial)),
            ("--b--\r\n-x", false, (9, No)),
            ("--", true, (0, Partial)),
            ("--", false, (2, No)),
            ("x\r\n--b--\r\n", true, (1, last)),
            ("\r\n--b--\r\n", true, (0, last)),
            ("\r\r\n--b--\r\n", false, (1, last)),
            ("x\r\n--c\r\n--b--\r\n", false, (6, last)),
            ("x\r\n--b\rx\r\n--b--\r\n", false, (8, last)),
            ("x\n--b--\r\nx", false, (10, No)),
            ("x\r\n--", false, (1, Partial)),
            ("x\r", false, (1, Partial)),
        ] {
            let delimiter = Delimiter::new(b"b");
            assert_eq!(delimiter.find(content.as_bytes(), is_at_start), expected, "{content:?}");
        }
        let mut delimiter = Delimiter::new(b"b");
        delimiter.set_bare_line_feeds();
        assert_eq!(delimiter.find(b"x\r\n--b\n", false), (2, Found { len: 5, is_last: false }));
    }
}
