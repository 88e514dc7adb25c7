//! [`LineSplitter`]: splits received bytes into lines, without I/O.

use crate::{Error, ErrorKind, Result};

/// The bytes that end a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnding {
    /// LF, or CR LF.
    LineFeed,
    /// LF, CR LF, or CR alone (WHATWG HTML §9.2.5).
    Any,
}

/// Splits bytes into lines. Holds those that have not been returned yet.
#[derive(Debug, Clone)]
pub(crate) struct LineSplitter {
    ends: LineEnding,
    /// The most bytes of one line.
    max_bytes: usize,
    buffer: Vec<u8>,
    /// Where the next line begins.
    start: usize,
    /// The bytes between `start` and here hold no end of a line.
    scanned: usize,
    /// The last line ended with a CR: an LF that follows belongs to it.
    skips_line_feed: bool,
    /// Whether the first bytes are still to be checked for a byte order mark, which is dropped.
    is_at_start: bool,
}

impl LineSplitter {
    pub(crate) fn new(ends: LineEnding, max_bytes: usize) -> Self {
        LineSplitter {
            ends,
            max_bytes,
            buffer: Vec::new(),
            start: 0,
            scanned: 0,
            skips_line_feed: false,
            is_at_start: true,
        }
    }

    pub(crate) fn set_max_bytes(&mut self, most: usize) {
        self.max_bytes = most;
    }

    pub(crate) fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Takes over received bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.scanned -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next line without its end; `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// If the line is longer than allowed. The error repeats.
    pub(crate) fn next_line(&mut self) -> Result<Option<&[u8]>> {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        let unread = self.buffer.get(self.start..).unwrap_or_default();
        if self.is_at_start {
            if unread.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(unread) {
                return Ok(None);
            }
            self.is_at_start = false;
            if unread.starts_with(BYTE_ORDER_MARK) {
                self.skip(BYTE_ORDER_MARK.len());
            }
        }
        if self.skips_line_feed && self.start < self.buffer.len() {
            self.skips_line_feed = false;
            if self.buffer.get(self.start) == Some(&b'\n') {
                self.skip(1);
            }
        }
        let any = self.ends == LineEnding::Any;
        let unscanned = self.buffer.get(self.scanned..).unwrap_or_default();
        let found = unscanned.iter().position(|byte| *byte == b'\n' || (any && *byte == b'\r'));
        let Some(found) = found else {
            self.scanned = self.buffer.len();
            // One more byte is allowed: it may be the CR of a CR LF.
            return if self.buffer.len() - self.start > self.max_bytes.saturating_add(1) {
                Err(self.too_long())
            } else {
                Ok(None)
            };
        };
        let (start, end) = (self.start, self.scanned + found);
        let line = self.buffer.get(start..end).unwrap_or_default();
        let line_len = line.strip_suffix(b"\r").filter(|_| !any).unwrap_or(line).len();
        if line_len > self.max_bytes {
            self.scanned = end;
            return Err(self.too_long());
        }
        self.skips_line_feed = self.buffer.get(end) == Some(&b'\r');
        (self.start, self.scanned) = (end + 1, end + 1);
        Ok(self.buffer.get(start..start + line_len))
    }

    /// Returns the bytes after the last end of a line, once; `None` if there are none.
    ///
    /// # Errors
    ///
    /// If they are more than allowed.
    pub(crate) fn take_rest(&mut self) -> Result<Option<&[u8]>> {
        if self.buffer.len() - self.start > self.max_bytes {
            return Err(self.too_long());
        }
        let start = self.start;
        (self.start, self.scanned) = (self.buffer.len(), self.buffer.len());
        Ok(self.buffer.get(start..).filter(|rest| !rest.is_empty()))
    }

    fn skip(&mut self, n: usize) {
        self.start += n;
        self.scanned = self.scanned.max(self.start);
    }

    fn too_long(&self) -> Error {
        too_large("a line", self.max_bytes)
    }
}

/// The error of an item that is longer than allowed.
pub(crate) fn too_large(what: &str, max_bytes: usize) -> Error {
    let message =
        format!("{what} of the body has more than {max_bytes} bytes; raise the limit with max_item_bytes()");
    Error::new(ErrorKind::TooLarge, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Splits bytes that arrive in pieces of this length.
    fn split(ends: LineEnding, max_bytes: usize, bytes: &[u8], piece: usize) -> Result<Vec<String>> {
        let mut splitter = LineSplitter::new(ends, max_bytes);
        let mut lines = Vec::new();
        for piece in bytes.chunks(piece) {
            splitter.push(piece);
            while let Some(line) = splitter.next_line()? {
                lines.push(String::from_utf8_lossy(line).into_owned());
            }
        }
        if let Some(rest) = splitter.take_rest()? {
            lines.push(String::from_utf8_lossy(rest).into_owned());
        }
        assert!(splitter.take_rest()?.is_none());
        Ok(lines)
    }

    #[test]
    fn lines() {
        use LineEnding::{Any, LineFeed};
        let rows: [(LineEnding, &str, &[&str]); 14] = [
            (LineFeed, "", &[]),
            (LineFeed, "a", &["a"]),
            (LineFeed, "a\n", &["a"]),
            (LineFeed, "a\r\nb\n\nc", &["a", "b", "", "c"]),
            (LineFeed, "a\rb\r\r\n\r", &["a\rb\r", "\r"]),
            (LineFeed, "\u{feff}a\n\u{feff}b", &["a", "\u{feff}b"]),
            (LineFeed, "\u{feff}", &[]),
            (Any, "a\rb\r\nc\nd", &["a", "b", "c", "d"]),
            (Any, "\r\r\n\n\n\r", &["", "", "", "", ""]),
            (Any, "a\r", &["a"]),
            (Any, "\r\n", &[""]),
            (Any, "\n\r", &["", ""]),
            (Any, "\u{feff}\r\nb", &["", "b"]),
            (Any, "\u{fe}", &["\u{fe}"]),
        ];
        for (ends, text, expected) in rows {
            for piece in 1..=text.len().max(1) {
                assert_eq!(split(ends, 100, text.as_bytes(), piece).unwrap(), expected, "{text:?} {piece}");
            }
        }
    }

    #[test]
    fn long_lines_are_errors() {
        let rows = [("abc\n", true), ("abc\r\n", true), ("abc", true), ("abcd\n", false), ("abcd", false)];
        for (text, is_fine) in rows {
            for piece in 1..=text.len() {
                let lines = split(LineEnding::LineFeed, 3, text.as_bytes(), piece);
                assert_eq!(lines.is_ok(), is_fine, "{text:?} {lines:?}");
            }
        }
        let mut splitter = LineSplitter::new(LineEnding::Any, 10);
        splitter.push(&[b'x'; 100]);
        for _ in 0..3 {
            assert_eq!(splitter.next_line().unwrap_err().kind(), ErrorKind::TooLarge);
        }
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in "[a\r\n\u{feff}]{0,40}", piece in 1..8usize) {
            for ends in [LineEnding::LineFeed, LineEnding::Any] {
                let whole = split(ends, 100, text.as_bytes(), 1000).unwrap();
                prop_assert_eq!(&split(ends, 100, text.as_bytes(), piece).unwrap(), &whole);
                let expected = text.strip_prefix('\u{feff}').unwrap_or(&text);
                if ends == LineEnding::LineFeed {
                    let lines = expected.lines().map(String::from).collect::<Vec<_>>();
                    prop_assert_eq!(whole, lines);
                }
            }
        }
    }
}
