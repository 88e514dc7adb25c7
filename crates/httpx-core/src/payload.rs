//! [`Payload`]: the content of a body, and everything about a body that does not wait. The same for both flavours.

use std::{fmt, io};

use bytes::{Buf, Bytes};

use crate::collect::{BodyCollector, Collected, check_limit};
use crate::exclusive::Exclusive;
use crate::message_body::sealed::BodyEnd;
use crate::streamed::Streamed;
use crate::{Encoded, Error, ErrorKind, Length, Options, Result, SourceState};

/// The content of a body, with the readers `R` and the response sources `S` of its flavour.
pub(crate) enum Payload<R, S: SourceState + ?Sized> {
    Bytes(Bytes),
    /// A reader, and the number of bytes that are still read from it, if that is known.
    Reader {
        reader: Exclusive<R>,
        left: Option<u64>,
    },
    Streamed(Streamed<S>),
    /// Bytes that `fill_buf` has read and nobody has consumed, never none, and the rest of the body.
    Filled {
        bytes: Bytes,
        rest: Box<Self>,
    },
    /// Reading has failed with an error of this kind. Every later read fails too, so that a body that was cut short
    /// cannot be taken for complete.
    Failed {
        kind: ErrorKind,
        /// The error was an item of a stream, which has ended then.
        #[cfg_attr(not(feature = "async"), allow(dead_code))] // only async bodies are streams
        ends_stream: bool,
    },
}

impl<R, S: SourceState + ?Sized> Default for Payload<R, S> {
    fn default() -> Self {
        Payload::Bytes(Bytes::new())
    }
}

impl<R, S: SourceState + ?Sized, T: Into<Encoded>> From<T> for Payload<R, S> {
    fn from(content: T) -> Self {
        Payload::Bytes(content.into().into_bytes())
    }
}

impl<R, S: SourceState + ?Sized> Payload<R, S> {
    pub(crate) fn reader(reader: R, length: Option<u64>) -> Self {
        Payload::Reader { reader: Exclusive::new(reader), left: length }
    }

    #[inline]
    pub(crate) fn length(&self) -> Length {
        match self {
            Payload::Bytes(bytes) if bytes.is_empty() => Length::None,
            Payload::Bytes(bytes) => Length::Known(bytes.len() as u64),
            Payload::Reader { left, .. } => left.map_or(Length::Unknown, Length::Known),
            Payload::Streamed(body) => match body.remaining() {
                Some(0) => Length::None,
                Some(n) => Length::Known(n),
                None => Length::Unknown,
            },
            Payload::Filled { bytes, rest } => match rest.length() {
                Length::None => Length::Known(bytes.len() as u64),
                Length::Known(n) => Length::Known(bytes.len() as u64 + n),
                Length::Unknown => Length::Unknown,
            },
            Payload::Failed { .. } => Length::Unknown,
        }
    }

    pub(crate) fn as_bytes(&self) -> Option<&Bytes> {
        match self {
            Payload::Bytes(bytes) => Some(bytes),
            Payload::Reader { .. }
            | Payload::Streamed(_)
            | Payload::Filled { .. }
            | Payload::Failed { .. } => None,
        }
    }

    /// The same payload again, if it can be sent twice.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        self.as_bytes().cloned().map(Payload::Bytes)
    }

    /// Shows the body: `Body(3 bytes)`, `Body(streamed)`.
    pub(crate) fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.length()) {
            (Payload::Bytes(bytes), _) => write!(f, "Body({} bytes)", bytes.len()),
            (_, Length::Known(n)) => write!(f, "Body(streamed, {n} bytes)"),
            (_, Length::None | Length::Unknown) => f.write_str("Body(streamed)"),
        }
    }

    /// All bytes that are left or that have been read in advance, if there is nothing to wait for.
    pub(crate) fn take_bytes(&mut self) -> Option<Bytes> {
        match self {
            Payload::Bytes(bytes) => Some(std::mem::take(bytes)),
            Payload::Filled { .. } => self.take_filled(),
            Payload::Reader { .. } | Payload::Streamed(_) | Payload::Failed { .. } => None,
        }
    }

    pub(crate) fn take_end(&mut self) -> Option<Box<BodyEnd>> {
        match self {
            Payload::Streamed(body) => body.take_end(),
            Payload::Filled { rest, .. } => rest.take_end(),
            Payload::Bytes(_) | Payload::Reader { .. } | Payload::Failed { .. } => None,
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
            Payload::Reader { .. } | Payload::Failed { .. } => {
                Collecting::Reading(BodyCollector::new(None, default)?)
            }
            Payload::Bytes(bytes) => {
                check_limit(bytes.len() as u64, default)?;
                Collecting::Done(Collected { bytes: std::mem::take(bytes), end: None })
            }
        })
    }

    /// Checks a read into a buffer of this size, and remembers an error.
    ///
    /// # Errors
    ///
    /// The error of the read; or if a reader claims to have read more than there was room for.
    pub(crate) fn check_read(&mut self, read: io::Result<usize>, room: usize) -> io::Result<usize> {
        let error = match read {
            Ok(n) if self.take_off(n, room) => return Ok(n),
            Ok(_) => io::Error::other("the reader claims to have read more bytes than there was room for"),
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

    /// Takes `n` bytes off the length of a reader. Returns `false` if there was no room for them.
    fn take_off(&mut self, n: usize, room: usize) -> bool {
        match self {
            Payload::Reader { left: Some(left), .. } if n <= room => match left.checked_sub(n as u64) {
                Some(rest) => {
                    *left = rest;
                    true
                }
                None => false,
            },
            _ => n <= room,
        }
    }
}

/// The part of a buffer that a reader of which this many bytes are left may fill.
pub(crate) fn room_for(left: Option<u64>, buf: &mut [u8]) -> &mut [u8] {
    let room = left.map_or(buf.len(), |left| usize::try_from(left).unwrap_or(usize::MAX).min(buf.len()));
    &mut buf[..room]
}

/// A body that is being collected.
pub(crate) enum Collecting {
    Done(Collected),
    Reading(BodyCollector),
}

/// Copies the first bytes, and takes them off.
pub(crate) fn copy_from(bytes: &mut Bytes, buf: &mut [u8]) -> usize {
    let n = bytes.len().min(buf.len());
    bytes.split_to(n).copy_to_slice(&mut buf[..n]);
    n
}

/// The error of a read after one that failed.
pub(crate) fn failed_before(kind: ErrorKind) -> io::Error {
    Error::new(kind, "an earlier read of this body failed").into()
}

/// The error of this library in an I/O error, or one around it.
pub(crate) fn unreadable(error: io::Error) -> Error {
    Error::from_io(error, "the body could not be read")
}
