//! [`Payload`]: the content of a body (bytes, a reader, chunks, a file, a response), and all steps that need no wait. The same
//! for both flavours.

use std::fmt;
use std::io::{self, Read};

use bytes::{Buf, Bytes};

use crate::chunk_source::{ChunkSource, too_long};
use crate::collect::{BodyCollector, Collected, check_limit};
use crate::encoded::{ChunkIter, Segment};
use crate::exclusive::Exclusive;
use crate::message_body::UnopenedBody;
use crate::message_body::sealed::{BodyEnd, Sealed};
use crate::streamed::Streamed;
use crate::{Encoded, Error, ErrorKind, Length, MessageBody, Options, Result, SourceState};

/// What differs between the payloads of the flavours.
pub(crate) trait BodyFlavour: Sized + 'static {
    type Body: MessageBody;
    type Source: SourceState + ?Sized;
    /// A reader, which fills a buffer.
    type Reader;
    /// An iterator or a stream of chunks.
    type Chunks;
    /// A wait for files to be opened.
    type Opening;

    /// Makes a payload of a blocking reader.
    fn from_read(reader: Box<dyn Read + Send>, length: Option<u64>) -> Payload<Self>;

    /// Makes a payload of an iterator that does not block.
    fn from_iter(chunks: Box<ChunkIter>, length: Option<u64>) -> Payload<Self>;

    /// Makes the payload of a body whose files are open. `length` is its length, if it is known.
    fn opened(body: UnopenedBody<Self::Body>, length: Option<u64>) -> Payload<Self>;
}

/// The content of a body.
pub(crate) enum Payload<F: BodyFlavour> {
    Bytes(Bytes),
    Reader(ReaderSource<F>),
    Chunks(Box<OpenChunks<F>>),
    Streamed(Streamed<F::Source>),
    /// Bytes that `fill_buf` has read and `consume` has not yet taken (at least one), and the rest of the body.
    Filled {
        bytes: Bytes,
        rest: Box<Self>,
    },
    /// Opened when it is first read or sent.
    Unopened(Box<UnopenedBody<F::Body>>),
    #[cfg_attr(not(feature = "async"), allow(dead_code))] // blocking bodies open at once
    Opening(Exclusive<F::Opening>),
    /// Reading has failed with an error of this kind. Every later read fails too, so that a body that was cut short
    /// cannot be taken for complete.
    Failed {
        kind: ErrorKind,
        /// The error was an item of a stream, which has ended then.
        #[cfg_attr(not(feature = "async"), allow(dead_code))] // only async bodies are streams
        ends_stream: bool,
    },
}

/// A body that is read from a reader.
pub(crate) struct ReaderSource<F: BodyFlavour> {
    pub(crate) reader: Exclusive<F::Reader>,
    /// The number of bytes that are still to be read from it, if that is known.
    pub(crate) left: Option<u64>,
    /// The same body, not open, until something has been read.
    again: Option<Box<UnopenedBody<F::Body>>>,
}

/// A body that is made of the items of an iterator or a stream.
pub(crate) struct OpenChunks<F: BodyFlavour> {
    pub(crate) source: ChunkSource<F::Chunks>,
    /// The same body, not open, until something has been read.
    again: Option<Box<UnopenedBody<F::Body>>>,
}

impl<F: BodyFlavour> Default for Payload<F> {
    fn default() -> Self {
        Payload::Bytes(Bytes::new())
    }
}

impl<F: BodyFlavour, T: Into<Encoded>> From<T> for Payload<F> {
    #[inline]
    fn from(content: T) -> Self {
        content.into().into_bytes().map_or_else(Payload::of_segments, Payload::Bytes)
    }
}

impl<F: BodyFlavour> Payload<F> {
    pub(crate) fn reader(reader: F::Reader, length: Option<u64>) -> Self {
        Payload::Reader(ReaderSource { reader: Exclusive::new(reader), left: length, again: None })
    }

    pub(crate) fn chunks(chunks: F::Chunks, length: Option<u64>) -> Self {
        Payload::Chunks(Box::new(OpenChunks { source: ChunkSource::new(chunks, length), again: None }))
    }

    pub(crate) fn unopened(body: UnopenedBody<F::Body>) -> Self {
        Payload::Unopened(Box::new(body))
    }

    /// A payload of segments that are not all bytes.
    #[cold]
    fn of_segments(content: Encoded) -> Self {
        let mut segments = content.into_segments();
        match (segments.next(), segments.next()) {
            (Some(segment), None) => Payload::of_segment(segment),
            (first, second) => {
                let bodies = first.into_iter().chain(second).chain(segments);
                Payload::unopened(UnopenedBody::Chain(bodies.map(F::Body::from_segment).collect()))
            }
        }
    }

    pub(crate) fn of_segment(segment: Segment) -> Self {
        match segment {
            Segment::Bytes(bytes) => Payload::Bytes(bytes),
            Segment::File(file) => Payload::unopened(UnopenedBody::File(file, None)),
            Segment::Reader(reader, length) => F::from_read(reader.into_inner(), length),
            Segment::Chunks(chunks, length) => F::from_iter(chunks.into_inner(), length),
        }
    }

    /// Makes a payload of a body whose files are open.
    pub(crate) fn of_opened(body: UnopenedBody<F::Body>) -> Self {
        let copy = body.try_clone().map(Box::new);
        let length = body.length();
        let mut payload = F::opened(body, length);
        match &mut payload {
            Payload::Reader(ReaderSource { again, .. }) => *again = copy,
            Payload::Chunks(chunks) => chunks.again = copy,
            _ => {}
        }
        payload
    }

    /// Takes the body whose files were opened, or remembers the error, so that every read repeats it.
    ///
    /// # Errors
    ///
    /// The same.
    #[cold]
    pub(crate) fn set_opened(&mut self, opened: Result<UnopenedBody<F::Body>>) -> Result<()> {
        let (payload, result) = match opened {
            Ok(body) => (Payload::of_opened(body), Ok(())),
            Err(error) => (Payload::Failed { kind: error.kind(), ends_stream: false }, Err(error)),
        };
        *self = payload;
        result
    }

    #[inline]
    pub(crate) fn length(&self) -> Length {
        match self {
            Payload::Bytes(bytes) if bytes.is_empty() => Length::None,
            Payload::Bytes(bytes) => Length::Known(bytes.len() as u64),
            Payload::Reader(reader) => reader.left.map_or(Length::Unknown, Length::Known),
            Payload::Streamed(body) => match body.remaining() {
                Some(0) => Length::None,
                Some(n) => Length::Known(n),
                None => Length::Unknown,
            },
            Payload::Chunks(chunks) => chunks.source.left().map_or(Length::Unknown, Length::Known),
            Payload::Unopened(body) => body.length().map_or(Length::Unknown, Length::Known),
            Payload::Filled { bytes, rest } => match rest.length() {
                Length::None => Length::Known(bytes.len() as u64),
                Length::Known(n) => Length::Known((bytes.len() as u64).saturating_add(n)),
                Length::Unknown => Length::Unknown,
            },
            Payload::Opening(_) | Payload::Failed { .. } => Length::Unknown,
        }
    }

    pub(crate) fn as_bytes(&self) -> Option<&Bytes> {
        match self {
            Payload::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Returns the unopened body, if the payload is not open.
    pub(crate) fn as_unopened(&self) -> Option<&UnopenedBody<F::Body>> {
        match self {
            Payload::Unopened(body) => Some(body),
            _ => None,
        }
    }

    /// Returns the unopened body, to open its files.
    pub(crate) fn as_unopened_mut(&mut self) -> Option<&mut UnopenedBody<F::Body>> {
        match self {
            Payload::Unopened(body) => Some(body),
            _ => None,
        }
    }

    /// Takes the unopened body, if the payload is not open.
    // Inlined, because every request calls it and few have such a body.
    #[inline]
    pub(crate) fn take_unopened(&mut self) -> Option<Box<UnopenedBody<F::Body>>> {
        if matches!(self, Payload::Unopened(_)) { self.take_unopened_now() } else { None }
    }

    #[cold]
    fn take_unopened_now(&mut self) -> Option<Box<UnopenedBody<F::Body>>> {
        match std::mem::take(self) {
            Payload::Unopened(body) => Some(body),
            _ => None,
        }
    }

    /// Returns a copy of the payload, if it can be sent twice.
    #[inline]
    pub(crate) fn try_clone(&self) -> Option<Self> {
        match self {
            // The usual one, without a call of its `Bytes`.
            Payload::Bytes(bytes) if bytes.is_empty() => Some(Payload::default()),
            Payload::Bytes(bytes) => Some(Payload::Bytes(bytes.clone())),
            _ => self.try_clone_unopened(),
        }
    }

    #[cold]
    fn try_clone_unopened(&self) -> Option<Self> {
        let unopened = match self {
            Payload::Unopened(body) => body,
            Payload::Reader(reader) => reader.again.as_ref()?,
            Payload::Chunks(chunks) => chunks.again.as_ref()?,
            _ => return None,
        };
        unopened.try_clone().map(Payload::unopened)
    }

    /// Shows the body: `Body(3 bytes)`, `Body(streamed)`.
    pub(crate) fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.length()) {
            (Payload::Bytes(bytes), _) => write!(f, "Body({} bytes)", bytes.len()),
            (Payload::Unopened(body), _) => write!(f, "Body({body:?})"),
            (_, Length::Known(n)) => write!(f, "Body(streamed, {n} bytes)"),
            (_, Length::None | Length::Unknown) => f.write_str("Body(streamed)"),
        }
    }

    /// Takes all bytes that are in memory: a whole body of bytes, or the bytes that were read in advance.
    pub(crate) fn take_bytes(&mut self) -> Option<Bytes> {
        match self {
            Payload::Bytes(bytes) => Some(std::mem::take(bytes)),
            Payload::Filled { .. } => self.take_filled(),
            _ => None,
        }
    }

    pub(crate) fn take_end(&mut self) -> Option<Box<BodyEnd>> {
        match self {
            Payload::Streamed(body) => body.take_end(),
            Payload::Filled { rest, .. } => rest.take_end(),
            _ => None,
        }
    }

    /// Starts to collect the body. The limit is the request's, if there is one.
    ///
    /// # Errors
    ///
    /// If the length is known and over the limit.
    #[inline]
    pub(crate) fn start_collecting(&mut self, max_bytes: Option<u64>) -> Result<Collecting> {
        let default = max_bytes.unwrap_or(Options::MAX_BODY_BYTES);
        Ok(match self {
            Payload::Streamed(body) => Collecting::Reading(body.start_collecting(max_bytes)?),
            Payload::Filled { .. } => Collecting::Reading(self.start_collecting_filled(max_bytes)?),
            Payload::Bytes(bytes) => {
                check_limit(bytes.len() as u64, default)?;
                Collecting::Done(Collected { bytes: std::mem::take(bytes), end: None })
            }
            _ => Collecting::Reading(BodyCollector::new(None, default)?),
        })
    }

    /// Checks a read into a buffer of this size, and remembers an error.
    ///
    /// # Errors
    ///
    /// The error of the read; or if a reader claims to have read more than there was room for, or has more bytes than
    /// announced.
    pub(crate) fn check_read(&mut self, read: io::Result<usize>, room: usize) -> io::Result<usize> {
        let checked = read.and_then(|n| self.take_off(n, room));
        self.remember(checked)
    }

    /// Remembers an error of a read, so that it is repeated.
    pub(crate) fn remember<T>(&mut self, read: io::Result<T>) -> io::Result<T> {
        let error = match read {
            Ok(read) => return Ok(read),
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {
                return Err(error);
            }
            Err(error) => error,
        };
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        let kind = inner.map_or(ErrorKind::Io, Error::kind);
        *self = Payload::Failed { kind, ends_stream: false };
        Err(error)
    }

    /// Subtracts `n` bytes from the rest of a reader.
    fn take_off(&mut self, n: usize, room: usize) -> io::Result<usize> {
        check_room(n, room)?;
        if let Payload::Reader(reader) = self {
            reader.again = None;
            if let Some(left) = &mut reader.left {
                *left = left.checked_sub(n as u64).ok_or_else(too_long)?;
            }
        }
        Ok(n)
    }
}

impl<F: BodyFlavour> ReaderSource<F> {
    /// Returns the reader and the part of a buffer that it may fill. The part is one byte longer than the rest of the body, so
    /// that a body that is too long is detected before its last bytes are sent.
    pub(crate) fn room<'b>(&mut self, buf: &'b mut [u8]) -> (&mut F::Reader, &'b mut [u8]) {
        let most = self.left.map_or(u64::MAX, |left| left.saturating_add(1));
        let room = usize::try_from(most).unwrap_or(usize::MAX).min(buf.len());
        (self.reader.get_mut(), &mut buf[..room])
    }
}

impl<F: BodyFlavour> OpenChunks<F> {
    /// Returns the iterator or stream for a read. After that the body cannot be sent again.
    pub(crate) fn source(&mut self) -> &mut ChunkSource<F::Chunks> {
        self.again = None;
        &mut self.source
    }
}

/// A body that is being collected.
pub(crate) enum Collecting {
    Done(Collected),
    Reading(BodyCollector),
}

/// Checks the result of a reader, which is not trusted.
pub(crate) fn check_room(n: usize, room: usize) -> io::Result<()> {
    if n > room {
        return Err(io::Error::other("the reader claims to have read more bytes than there was room for"));
    }
    Ok(())
}

/// Moves the first bytes into the buffer. Returns their number.
pub(crate) fn copy_from(bytes: &mut Bytes, buf: &mut [u8]) -> usize {
    let n = bytes.len().min(buf.len());
    bytes.split_to(n).copy_to_slice(&mut buf[..n]);
    n
}

/// Returns the error of a read after a failed one.
pub(crate) fn failed_before(kind: ErrorKind) -> io::Error {
    Error::new(kind, "an earlier read of this body failed").into()
}

/// Converts an I/O error: returns the [`Error`] inside it, or a new one with it as the source.
pub(crate) fn unreadable(error: io::Error) -> Error {
    Error::from_io(error, "the body could not be read")
}
