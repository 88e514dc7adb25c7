//! A blocking body, read by chunks or as a `Read`.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

use bytes::Bytes;

use super::BodySource;
use crate::body_chain::BodyChain;
use crate::chunk_buffer::ChunkBuffer;
use crate::collect::{self, Collected};
use crate::message_body::sealed;
use crate::payload::{Collecting, Payload, copy_from, failed_before, room_for, unreadable};
use crate::streamed::{Need, Streamed};
use crate::{Encoded, Headers, Length, MessageBody, Options, Response, ResponseHead, Result};

/// The body of a request or a response, read with [`Read`].
///
/// A body made of bytes can be sent again, after a redirect for example; a body made of a reader cannot. The body of a
/// response is decoded while it is read. If it is dropped early its connection is closed, unless the rest is short and
/// has already arrived.
///
/// ```
/// # mod httpx { pub use httpx_core::blocking::*; }
/// use std::io::Read;
/// use httpx::Body;
///
/// let mut body = Body::from_reader(std::io::repeat(b'x').take(3));
/// let mut text = String::new();
/// body.read_to_string(&mut text)?;
/// assert_eq!(text, "xxx");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Default)]
pub struct Body {
    pub(super) payload: Payload<Box<dyn Read + Send>, dyn BodySource>,
    pub(super) chunk: ChunkBuffer,
}

impl Body {
    /// An empty body.
    pub fn empty() -> Self {
        Body::default()
    }

    /// A body that is read while it is sent. Its length is unknown, so it is sent in chunks.
    pub fn from_reader(reader: impl Read + Send + 'static) -> Self {
        Body::new(Payload::reader(Box::new(reader), None))
    }

    /// A body of this length that is read while it is sent. Sending fails if the reader ends early. Bytes beyond the
    /// length are not read.
    pub fn from_sized_reader(reader: impl Read + Send + 'static, length: u64) -> Self {
        Body::new(Payload::reader(Box::new(reader), Some(length)))
    }

    /// The body of a response that is read from this source. For authors of transports.
    ///
    /// `headers` are the response's. If they name content codings that are decoded here, `Content-Encoding` and
    /// `Content-Length` are removed from them. `options` are the request's.
    pub fn from_source(source: Box<dyn BodySource>, headers: &mut Headers, options: &Options) -> Self {
        Body::new(Payload::Streamed(Streamed::new(source, headers, options)))
    }

    /// Reads the body to its end.
    ///
    /// # Errors
    ///
    /// If the body is cut short, cannot be decoded, is late, or is longer than the request's
    /// [`max_body_bytes`](Options::max_body_bytes): kind [`TooLarge`](crate::ErrorKind::TooLarge).
    pub fn into_bytes(self) -> Result<Bytes> {
        self.collect(None).map(|collected| collected.bytes)
    }

    /// Reads the next chunk, of at most 16 KiB, as soon as some bytes are there. Returns `None` at the end. A body made
    /// of bytes is one chunk.
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](Body::into_bytes), without the limit. After an error, every later call fails too.
    pub fn chunk(&mut self) -> Result<Option<Bytes>> {
        if let Some(bytes) = self.payload.take_bytes() {
            return Ok((!bytes.is_empty()).then_some(bytes));
        }
        let mut chunk = std::mem::take(&mut self.chunk);
        let n = self.read_uninterrupted(chunk.spare_mut())?;
        let bytes = chunk.take(n);
        self.chunk = chunk;
        Ok(bytes)
    }

    /// Reads and drops the rest of a response's body, undecoded, so that its connection can be used again.
    ///
    /// Reads at most `max_bytes`, in at most 64 reads and one second. If the body does not end within that, or its
    /// connection cannot be used again anyway, the connection is closed.
    pub fn drain(self, max_bytes: u64) {
        let Payload::Streamed(mut body) = self.payload.without_filled() else { return };
        let Some(mut budget) = body.start_drain(max_bytes) else { return };
        while let Some(source) = body.source() {
            let filled = source.fill().map(<[u8]>::len);
            if !body.drop_filled(filled, &mut budget) {
                return;
            }
        }
    }

    fn new(payload: Payload<Box<dyn Read + Send>, dyn BodySource>) -> Self {
        Body { payload, chunk: ChunkBuffer::default() }
    }

    fn collect(mut self, max_bytes: Option<u64>) -> Result<Collected> {
        let mut collector = match self.payload.start_collecting(max_bytes)? {
            Collecting::Done(collected) => return Ok(collected),
            Collecting::Reading(collector) => collector,
        };
        loop {
            let n = self.read_uninterrupted(collector.spare_mut())?;
            if collector.filled(n)? {
                let end = self.payload.take_end();
                return Ok(Collected { bytes: collector.into_bytes(), end });
            }
        }
    }

    /// Reads, and again if that was interrupted by a signal.
    pub(super) fn read_uninterrupted(&mut self, buf: &mut [u8]) -> Result<usize> {
        loop {
            match self.read(buf) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read.map_err(unreadable),
            }
        }
    }
}

/// The errors of a response hold an [`Error`](crate::Error): [`Error::from_io`](crate::Error::from_io) takes it out.
impl Read for Body {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.payload {
            Payload::Bytes(bytes) => return Ok(copy_from(bytes, buf)),
            Payload::Reader { left: Some(0), .. } => return Ok(0),
            Payload::Reader { reader, left } => reader.get_mut().read(room_for(*left, buf)),
            Payload::Streamed(body) => match body.read(buf) {
                Ok(n) => return Ok(n),
                Err(error) => Err(error.into()),
            },
            Payload::Filled { .. } => return Ok(self.payload.read_filled(buf)),
            Payload::Failed { kind, .. } => return Err(failed_before(*kind)),
        };
        self.payload.check_read(read, buf.len())
    }
}

impl Streamed<dyn BodySource> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        loop {
            match self.next(buf)? {
                Need::Done(n) => return Ok(n),
                Need::Plain(source) => {
                    let n = source.read(buf)?;
                    return Ok(self.read_plain(n));
                }
                Need::Encoded(source, decoder) => {
                    let n = decoder.decode(source.fill()?, buf)?;
                    source.consume(n);
                }
                Need::Pause => {}
            }
        }
    }
}

impl Read for BodyChain<Body> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while let Some(body) = self.current() {
            match body.read(buf)? {
                0 if !buf.is_empty() => self.advance()?,
                n => return Ok(n),
            }
        }
        Ok(0)
    }
}

impl MessageBody for Body {
    type Reading = Result<Response<Bytes>>;

    fn read_response(self, head: ResponseHead) -> Result<Response<Bytes>> {
        let collected = self.collect(collect::max_body_bytes(&head));
        Response::from_collected(head, collected)
    }

    fn length(&self) -> Length {
        self.payload.length()
    }

    fn as_bytes(&self) -> Option<&Bytes> {
        self.payload.as_bytes()
    }

    fn try_clone(&self) -> Option<Self> {
        self.payload.try_clone().map(Body::new)
    }
}

impl sealed::Sealed for Body {
    fn chain(bodies: Vec<Self>, length: Option<u64>) -> Self {
        Body::new(Payload::reader(Box::new(BodyChain::new(bodies)), length))
    }

    fn take_end(&mut self) -> Option<Box<sealed::BodyEnd>> {
        self.payload.take_end()
    }
}

/// From bytes, text, and every other [`Encoded`] content.
impl<T: Into<Encoded>> From<T> for Body {
    fn from(content: T) -> Self {
        Body::new(content.into().into())
    }
}

/// A file from its current position to its end. Its length is known if it is a regular file; otherwise it is sent in
/// chunks.
impl From<File> for Body {
    fn from(mut file: File) -> Self {
        match length_left(&mut file) {
            Some(length) => Body::from_sized_reader(file, length),
            None => Body::from_reader(file),
        }
    }
}

fn length_left(file: &mut File) -> Option<u64> {
    let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let length = metadata.len().checked_sub(io::Seek::stream_position(file).ok()?)?;
    // Files of /proc say that they are empty, and are not.
    (length > 0 || is_at_end(file)).then_some(length)
}

fn is_at_end(file: &mut File) -> bool {
    let read = file.read(&mut [0]);
    let back = io::Seek::seek_relative(file, read.as_ref().map_or(0, |&n| -(n as i64)));
    matches!(read, Ok(0)) && back.is_ok()
}

/// `Body(3 bytes)`, `Body(streamed)`.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.payload.describe(f)
    }
}
