//! [`MultipartDecoder`]: splits a multipart body into its parts (RFC 2046 §5.1.1), without I/O.

use bytes::{Buf, Bytes};

use crate::delimiter::{Delimiter, LineMatch};
use crate::item_decoder::{ItemDecoder, Sealed};
use crate::part_head::PartHead;
use crate::{Error, ErrorKind, Headers, Result};

/// The next piece of a multipart body: for each part `Headers`, then any number of `Data`, then `PartEnd`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PartEvent {
    Headers(Headers),
    /// Some bytes of the part's content; never empty.
    Data(Bytes),
    PartEnd,
}

/// The most bytes after the closing delimiter that are read and dropped, so that the connection can be reused.
const MAX_EPILOGUE_BYTES: usize = 64 << 10;

/// Splits a multipart body into its parts. It holds the head of one part, or one line that may be a delimiter, and the rest
/// of the last chunk, which is not copied.
#[derive(Debug)]
pub(crate) struct MultipartDecoder {
    delimiter: Delimiter,
    section: Section,
    /// The bytes that were received and are not decoded yet.
    buffer: Bytes,
    /// The beginning of a line, in the preamble or in the head of a part.
    line: Vec<u8>,
    head: PartHead,
    has_received_all: bool,
}

/// The position of the decoder in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// Before the first delimiter. Lines are dropped.
    Preamble,
    /// In the head of a part.
    Head,
    /// The head of a part ended with a delimiter, so the part has no content.
    NoContent { is_last: bool },
    /// In the content of a part. At the start of the content, a delimiter needs no line end before it.
    Content { is_at_start: bool },
    /// After the closing delimiter.
    Epilogue { dropped: usize },
}

impl Section {
    /// Returns the section after a delimiter.
    fn after(is_last: bool) -> Self {
        if is_last { Section::Epilogue { dropped: 0 } } else { Section::Head }
    }
}

impl MultipartDecoder {
    /// Creates a decoder. `boundary` is the parameter of the `Content-Type`.
    pub(crate) fn new(boundary: &[u8]) -> Self {
        MultipartDecoder {
            delimiter: Delimiter::new(boundary),
            section: Section::Preamble,
            buffer: Bytes::new(),
            line: Vec::new(),
            head: PartHead::default(),
            has_received_all: false,
        }
    }

    /// Drops lines up to the first delimiter. Returns whether it was found.
    fn skip_preamble(&mut self) -> bool {
        while self.fill_line(Delimiter::MAX_LINE) {
            let line = std::mem::take(&mut self.line);
            if let LineMatch::Found { is_last, .. } = self.delimiter.match_line(&line) {
                if !line.ends_with(b"\r\n") {
                    self.delimiter.set_bare_line_feeds();
                }
                self.section = Section::after(is_last);
                return true;
            }
        }
        false
    }

    /// Reads the head of a part. Returns it when it is complete.
    fn read_head(&mut self) -> Result<Option<Headers>> {
        while self.fill_line(self.head.room()) {
            let line = std::mem::take(&mut self.line);
            if let LineMatch::Found { is_last, .. } = self.delimiter.match_line(&line) {
                self.section = Section::NoContent { is_last };
                return self.head.take().map(Some);
            }
            if !self.head.push_line(&line)? {
                self.section = Section::Content { is_at_start: true };
                return self.head.take().map(Some);
            }
        }
        self.head.check_partial_line(&self.line)?;
        Ok(None)
    }

    /// Reads the content of a part.
    fn read_content(&mut self, is_at_start: bool) -> Option<PartEvent> {
        match self.delimiter.find(&self.buffer, is_at_start) {
            (0, LineMatch::Found { len, is_last }) => {
                self.buffer.advance(len);
                self.section = Section::after(is_last);
                Some(PartEvent::PartEnd)
            }
            (0, _) => None,
            (data_len, _) => {
                self.section = Section::Content { is_at_start: false };
                Some(PartEvent::Data(self.buffer.split_to(data_len)))
            }
        }
    }

    /// Moves the bytes up to the next LF, LF included, from the buffer to the line. Returns whether the line is complete. A
    /// line of more than `most` bytes is truncated, so that it has no LF.
    fn fill_line(&mut self, most: usize) -> bool {
        let found = self.buffer.iter().position(|&byte| byte == b'\n');
        let taken = self.buffer.split_to(found.map_or(self.buffer.len(), |at| at + 1));
        let room = most.saturating_sub(self.line.len());
        self.line.extend_from_slice(taken.get(..room).unwrap_or(&taken));
        found.is_some()
    }

    /// At the end of the body, adds the line end after the closing delimiter if it is missing.
    fn end_line(&mut self) {
        let held = match self.section {
            Section::Content { .. } => &*self.buffer,
            Section::Preamble | Section::Head | Section::NoContent { .. } | Section::Epilogue { .. } => {
                &*self.line
            }
        };
        let line = [held, b"\n"].concat();
        let matched = match self.section {
            Section::Content { is_at_start } => self.delimiter.find(&line, is_at_start).1,
            _ => self.delimiter.match_line(&line),
        };
        if matches!(matched, LineMatch::Found { is_last: true, .. }) {
            self.line.clear();
            self.buffer = line.into();
        }
    }

    fn incomplete(&self) -> Error {
        let boundary = String::from_utf8_lossy(self.delimiter.dash_boundary());
        let message = match self.section {
            Section::Preamble => format!("the multipart body has no line with its boundary, {boundary}"),
            _ => format!("the multipart body ends before its last boundary, {boundary}--"),
        };
        Error::new(ErrorKind::Incomplete, message)
    }
}

impl Sealed for MultipartDecoder {}

impl ItemDecoder for MultipartDecoder {
    type Item = PartEvent;

    fn push(&mut self, bytes: Bytes) {
        if self.buffer.is_empty() {
            self.buffer = bytes;
        } else {
            // The buffer is the beginning of a line that may be a delimiter: short.
            self.buffer = [&*self.buffer, &*bytes].concat().into();
        }
    }

    fn next(&mut self) -> Result<Option<PartEvent>> {
        loop {
            match self.section {
                Section::Preamble => {
                    if !self.skip_preamble() {
                        return Ok(None);
                    }
                }
                Section::Head => return Ok(self.read_head()?.map(PartEvent::Headers)),
                Section::NoContent { is_last } => {
                    self.section = Section::after(is_last);
                    return Ok(Some(PartEvent::PartEnd));
                }
                Section::Content { is_at_start } => return Ok(self.read_content(is_at_start)),
                Section::Epilogue { dropped } => {
                    let dropped = dropped.saturating_add(self.buffer.len());
                    self.buffer.clear();
                    self.section = Section::Epilogue { dropped };
                    return Ok(None);
                }
            }
        }
    }

    fn finish(&mut self) -> Result<Option<PartEvent>> {
        if !self.has_received_all {
            self.has_received_all = true;
            self.end_line();
        }
        match (self.next()?, self.section) {
            (Some(event), _) => Ok(Some(event)),
            (None, Section::Epilogue { .. }) => Ok(None),
            (None, _) => Err(self.incomplete()),
        }
    }

    fn is_done(&self) -> bool {
        matches!(self.section, Section::Epilogue { dropped } if dropped > MAX_EPILOGUE_BYTES)
    }

    /// Sets the most bytes in the head of a part.
    fn set_max_bytes(&mut self, most: usize) {
        self.head.set_max_bytes(most);
    }
}

#[cfg(test)]
mod tests;
