//! [`PartHead`]: parses the head of a part of a multipart body, line by line.

use crate::grammar::{trim_ows, trim_ows_end};
use crate::{Error, ErrorKind, Headers, Result};

/// The most bytes in the head of a part.
const MAX_BYTES: usize = 16 << 10;

/// The most headers of a part.
const MAX_HEADERS: usize = 64;

/// The head of a part, as far as it has been received.
#[derive(Debug)]
pub(crate) struct PartHead {
    headers: Headers,
    /// The last line, which the next one may continue (obs-fold).
    line: Vec<u8>,
    /// The number of bytes in all lines of this head.
    len: usize,
    max_bytes: usize,
    /// The number of this part, from 1.
    part: u64,
}

impl Default for PartHead {
    fn default() -> Self {
        PartHead { headers: Headers::new(), line: Vec::new(), len: 0, max_bytes: MAX_BYTES, part: 1 }
    }
}

impl PartHead {
    pub(crate) fn set_max_bytes(&mut self, most: usize) {
        self.max_bytes = most;
    }

    /// Returns the length at which the next line is too long.
    pub(crate) fn room(&self) -> usize {
        (self.max_bytes - self.len.min(self.max_bytes)).saturating_add(1)
    }

    /// Checks the length of a line that is not complete.
    ///
    /// # Errors
    ///
    /// Kind [`TooLarge`](ErrorKind::TooLarge).
    pub(crate) fn check_partial_line(&self, line: &[u8]) -> Result<()> {
        if line.len() < self.room() {
            return Ok(());
        }
        let message = format!(
            "the headers of part {} of the multipart body have more than {} bytes",
            self.part, self.max_bytes
        );
        Err(Error::new(ErrorKind::TooLarge, message))
    }

    /// Adds a line with its line end. Returns `false` for an empty line, which ends the head.
    ///
    /// # Errors
    ///
    /// If the line before it is not a valid header, or if the head has too many headers or bytes.
    pub(crate) fn push_line(&mut self, line: &[u8]) -> Result<bool> {
        self.check_partial_line(line)?;
        self.len += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            [] => return Ok(false),
            // obs-fold (RFC 9112 §5.2).
            [b' ' | b'\t', ..] if !self.line.is_empty() => {
                self.line.truncate(trim_ows_end(&self.line).len());
                self.line.push(b' ');
                self.line.extend_from_slice(trim_ows(line));
            }
            _ => {
                self.end_line()?;
                self.line.extend_from_slice(line);
            }
        }
        Ok(true)
    }

    /// Returns the headers, and starts the head of the next part.
    ///
    /// # Errors
    ///
    /// If the last line is not a valid header.
    pub(crate) fn take(&mut self) -> Result<Headers> {
        self.end_line()?;
        self.len = 0;
        self.part = self.part.saturating_add(1);
        Ok(std::mem::take(&mut self.headers))
    }

    /// Parses the last line as a header.
    fn end_line(&mut self) -> Result<()> {
        if self.line.is_empty() {
            return Ok(());
        }
        if self.headers.len() == MAX_HEADERS {
            let message =
                format!("part {} of the multipart body has more than {MAX_HEADERS} headers", self.part);
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        let Some(colon) = self.line.iter().position(|&byte| byte == b':') else {
            let message = format!("part {} of the multipart body has a header without a colon", self.part);
            return Err(Error::new(ErrorKind::Protocol, message));
        };
        let (name, value) = self.line.split_at(colon);
        let name = String::from_utf8_lossy(name);
        self.headers.append(&name, value.get(1..).unwrap_or_default()).map_err(|error| {
            let message = format!("part {} of the multipart body has an invalid header", self.part);
            Error::new(ErrorKind::Protocol, message).with_source(error)
        })?;
        self.line.clear();
        Ok(())
    }
}
