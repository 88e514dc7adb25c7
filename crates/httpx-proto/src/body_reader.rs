//! Reads a body: the position in its framing.

use httpx_core::Headers;

use crate::Limits;
use crate::budget::Budget;
use crate::buffer::Buffer;
use crate::chunk::{ChunkLine, PlainLine};
use crate::error::{RemoteError, Truncation};
use crate::framing;
use crate::scan::{Scan, Strictness};
use crate::trailers;

/// The framing of the body that is being received, and the position in it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum BodyReader {
    Length {
        expected: u64,
        left: u64,
    },
    UntilClose,
    /// In the chunk-size line.
    Size(ChunkLine),
    /// In a chunk's data.
    Chunk {
        left: u64,
    },
    /// In the CRLF after the data.
    ChunkEnd(LineEnd),
    /// After the last chunk.
    Trailers(Scan),
}

/// The next byte of a CRLF.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LineEnd {
    Cr,
    Lf,
}

/// The end of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eof {
    Clean,
    /// Under TLS, without a close_notify.
    Unclean,
}

/// The next part of a body.
#[derive(Debug)]
pub(crate) enum BodyEvent {
    NeedData,
    Data,
    End(Headers),
}

/// The context in which a body is read.
pub(crate) struct BodyInput<'a> {
    pub(crate) buffer: &'a mut Buffer,
    pub(crate) budget: &'a mut Budget,
    pub(crate) limits: &'a Limits,
    pub(crate) strictness: Strictness,
    pub(crate) eof: Option<Eof>,
}

impl BodyReader {
    /// Starts a body with this framing.
    pub(crate) fn new(body: framing::BodyKind) -> Self {
        match body {
            framing::BodyKind::Length(length) => BodyReader::Length { expected: length, left: length },
            framing::BodyKind::Chunked => BodyReader::Size(ChunkLine::default()),
            framing::BodyKind::UntilClose => BodyReader::UntilClose,
            framing::BodyKind::Tunnel => BodyReader::Length { expected: 0, left: 0 },
        }
    }

    /// Reads up to the next data or to the end.
    #[inline]
    pub(crate) fn next(&mut self, source: &mut BodyInput<'_>) -> Result<BodyEvent, RemoteError> {
        loop {
            match self {
                BodyReader::Length { left: 0, .. } => return Ok(BodyEvent::End(Headers::new())),
                BodyReader::Length { .. } | BodyReader::Chunk { .. } | BodyReader::UntilClose
                    if !source.buffer.is_empty() =>
                {
                    return Ok(BodyEvent::Data);
                }
                BodyReader::UntilClose if source.eof == Some(Eof::Clean) => {
                    return Ok(BodyEvent::End(Headers::new()));
                }
                BodyReader::Length { .. } | BodyReader::Chunk { .. } | BodyReader::UntilClose => {
                    return self.starved(source);
                }
                BodyReader::Trailers(scan) => match read_trailers(scan, source)? {
                    Some(trailers) => return Ok(BodyEvent::End(trailers)),
                    None => return self.starved(source),
                },
                BodyReader::Size(_) | BodyReader::ChunkEnd(_) => {
                    if !self.read_line(source)? {
                        return self.starved(source);
                    }
                }
            }
        }
    }

    /// Returns whether there is data, perhaps after one chunk-size line in its common form. `false` decides nothing:
    /// call [`next`](BodyReader::next).
    #[inline]
    pub(crate) fn finds_data(&mut self, buffer: &mut Buffer) -> bool {
        if let Some(used) = self.read_plain_line(buffer.unread()) {
            buffer.consume(used);
        }
        !self.data(buffer.unread()).is_empty()
    }

    /// Returns the bytes of `unread` that belong to the body and can be taken now.
    #[inline]
    pub(crate) fn data<'b>(&self, unread: &'b [u8]) -> &'b [u8] {
        let fit = match *self {
            BodyReader::Length { left, .. } | BodyReader::Chunk { left } => {
                usize::try_from(left).unwrap_or(usize::MAX).min(unread.len())
            }
            BodyReader::UntilClose => unread.len(),
            BodyReader::Size(_) | BodyReader::ChunkEnd(_) | BodyReader::Trailers(_) => 0,
        };
        unread.get(..fit).unwrap_or_default()
    }

    /// Returns how many of the next bytes are body data; `None` if there are none, between chunks, and in a chunk that a
    /// buffer of this capacity takes as a whole.
    #[inline]
    pub(crate) fn passthrough_len(&self, buffer_capacity: usize) -> Option<u64> {
        match *self {
            BodyReader::Length { left, .. } => (left > 0).then_some(left),
            BodyReader::Chunk { left } => (left >= buffer_capacity as u64).then_some(left),
            BodyReader::UntilClose => Some(u64::MAX),
            BodyReader::Size(_) | BodyReader::ChunkEnd(_) | BodyReader::Trailers(_) => None,
        }
    }

    /// Returns how many bytes of the body are still to be taken, if its length is known.
    #[inline]
    pub(crate) fn remaining(&self) -> Option<u64> {
        match *self {
            BodyReader::Length { left, .. } => Some(left),
            BodyReader::Chunk { .. }
            | BodyReader::UntilClose
            | BodyReader::Size(_)
            | BodyReader::ChunkEnd(_)
            | BodyReader::Trailers(_) => None,
        }
    }

    /// Records that `n` bytes of the body were taken.
    #[inline]
    pub(crate) fn took(&mut self, n: u64) {
        match self {
            BodyReader::Length { left, .. } => *left = left.saturating_sub(n),
            BodyReader::Chunk { left } => {
                *left = left.saturating_sub(n);
                if *left == 0 {
                    *self = BodyReader::ChunkEnd(LineEnd::Cr);
                }
            }
            BodyReader::UntilClose
            | BodyReader::Size(_)
            | BodyReader::ChunkEnd(_)
            | BodyReader::Trailers(_) => {}
        }
    }

    /// Reads the bytes between two chunks' data. Returns `false` if more bytes are needed.
    fn read_line(&mut self, source: &mut BodyInput<'_>) -> Result<bool, RemoteError> {
        let mut used = 0;
        for &byte in source.buffer.unread() {
            used += 1;
            *self = match *self {
                BodyReader::Size(mut line) => match line.push(byte, source.strictness, source.budget)? {
                    Some(size) => BodyReader::of_chunk(size),
                    None => BodyReader::Size(line),
                },
                BodyReader::ChunkEnd(LineEnd::Cr) if byte == b'\r' => BodyReader::ChunkEnd(LineEnd::Lf),
                BodyReader::ChunkEnd(LineEnd::Lf) if byte == b'\n' => BodyReader::Size(ChunkLine::default()),
                BodyReader::ChunkEnd(_) => return Err(RemoteError::ChunkEnd),
                BodyReader::Length { .. }
                | BodyReader::UntilClose
                | BodyReader::Chunk { .. }
                | BodyReader::Trailers(_) => *self,
            };
            if !matches!(self, BodyReader::Size(_) | BodyReader::ChunkEnd(_)) {
                break;
            }
        }
        source.buffer.consume(used);
        Ok(!matches!(self, BodyReader::Size(_) | BodyReader::ChunkEnd(_)))
    }

    /// Reads the bytes between two chunks at once if they are complete and in their common form, without extensions.
    /// Returns their length.
    #[inline]
    fn read_plain_line(&mut self, unread: &[u8]) -> Option<usize> {
        let line = match self {
            BodyReader::ChunkEnd(LineEnd::Cr) => unread.strip_prefix(b"\r\n")?,
            BodyReader::Size(line) if line.is_fresh() => unread,
            BodyReader::Size(_)
            | BodyReader::ChunkEnd(LineEnd::Lf)
            | BodyReader::Length { .. }
            | BodyReader::UntilClose
            | BodyReader::Chunk { .. }
            | BodyReader::Trailers(_) => return None,
        };
        let PlainLine { size, len } = PlainLine::parse(line)?;
        *self = BodyReader::of_chunk(size);
        Some(unread.len() - line.len() + len)
    }

    /// Returns the state after a chunk-size line.
    fn of_chunk(size: u64) -> Self {
        match size {
            0 => BodyReader::Trailers(Scan::default()),
            left => BodyReader::Chunk { left },
        }
    }

    /// Handles an empty buffer: more bytes must come, or the stream was truncated.
    fn starved(&self, source: &BodyInput<'_>) -> Result<BodyEvent, RemoteError> {
        if source.eof.is_none() {
            return Ok(BodyEvent::NeedData);
        }
        Err(RemoteError::Incomplete(match *self {
            BodyReader::Length { expected, left } => Truncation::Length { expected, got: expected - left },
            BodyReader::UntilClose => Truncation::Unclean,
            BodyReader::Size(_) | BodyReader::Chunk { .. } | BodyReader::ChunkEnd(_) => Truncation::Chunk,
            BodyReader::Trailers(_) => Truncation::Trailers,
        }))
    }
}

/// Reads the trailers, once they are complete.
fn read_trailers(scan: &mut Scan, source: &mut BodyInput<'_>) -> Result<Option<Headers>, RemoteError> {
    // No trailers: the empty line costs nothing of the budget, because it may arrive when the budget is spent.
    let empty = match (source.buffer.unread(), source.strictness) {
        ([b'\r', b'\n', ..], _) => Some(2),
        ([b'\n', ..], Strictness::Lenient) => Some(1),
        ([] | [b'\r'], _) => return Ok(None),
        (_, _) => None,
    };
    if let Some(len) = empty {
        source.buffer.consume(len);
        return Ok(Some(Headers::new()));
    }
    let Some(end) = find_end(scan, source.buffer, source.budget, source.strictness)? else { return Ok(None) };
    source.budget.charge(end)?;
    let section = source.buffer.unread().get(..end).unwrap_or_default();
    let trailers = trailers::parse(section, source.strictness, source.limits)?;
    source.buffer.consume(end);
    Ok(Some(trailers))
}

/// Searches the end of a block within the budget.
pub(crate) fn find_end(
    scan: &mut Scan,
    buffer: &Buffer,
    budget: &Budget,
    strictness: Strictness,
) -> Result<Option<usize>, RemoteError> {
    let unread = buffer.unread();
    let window = unread.get(..budget.left().min(unread.len())).unwrap_or_default();
    match scan.find_end(window, strictness)? {
        None if unread.len() >= budget.left() => Err(budget.exceeded()),
        found => Ok(found),
    }
}
