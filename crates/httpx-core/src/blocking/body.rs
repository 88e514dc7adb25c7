use std::fmt;
use std::io::{self, Read};

use bytes::{Buf, Bytes};

use super::BodySource;
use super::streamed::Streamed;
use crate::chunk_buffer::ChunkBuffer;
use crate::collect::BodyCollector;
use crate::{Encoded, Error, Headers, Length, MessageBody, Options, Response, ResponseHead, Result};

/// The body of a request or a response, read with [`Read`].
///
/// One made of bytes can be sent again (after a redirect, say); one made of a reader cannot. The body of a response
/// comes as it is read, decoded; dropping it early closes its connection, unless the rest is short and already here.
///
/// ```
/// use std::io::Read;
/// use httpx_core::blocking::Body;
///
/// let mut body = Body::from_reader(std::io::repeat(b'x').take(3));
/// let mut text = String::new();
/// body.read_to_string(&mut text)?;
/// assert_eq!(text, "xxx");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Default)]
pub struct Body(Inner);

enum Inner {
    Bytes(Bytes),
    Reader { reader: Box<dyn Read + Send>, length: Length },
    Source(Streamed),
}

impl Default for Inner {
    fn default() -> Self {
        Inner::Bytes(Bytes::new())
    }
}

impl Body {
    /// No body.
    pub fn empty() -> Self {
        Body::default()
    }

    /// A body that is read as it is sent, of a length that nobody knows: it goes out in chunks.
    pub fn from_reader(reader: impl Read + Send + 'static) -> Self {
        Body(Inner::Reader { reader: Box::new(reader), length: Length::Unknown })
    }

    /// A body that is read as it is sent, of this length. It is an error if the reader gives less; what it gives
    /// beyond that is not read.
    pub fn from_sized_reader(reader: impl Read + Send + 'static, length: u64) -> Self {
        Body(Inner::Reader { reader: Box::new(reader.take(length)), length: Length::Known(length) })
    }

    /// The body of a response that comes from this source, with the request's settings for it: for those who write
    /// a transport. The `headers` say how it is coded; when it is decoded here, they lose the headers that are then
    /// no longer true.
    ///
    /// # Errors
    ///
    /// Kind [`Decode`](crate::ErrorKind::Decode), if it went through more codings than are undone.
    pub fn from_source(
        source: Box<dyn BodySource>,
        headers: &mut Headers,
        options: &Options,
    ) -> Result<Self> {
        Ok(Body(Inner::Source(Streamed::new(source, headers, options)?)))
    }

    /// Reads to the end.
    ///
    /// # Errors
    ///
    /// If the body breaks off, cannot be decoded, is late, or has more bytes than the request's
    /// [`max_body_bytes`](Options::max_body_bytes): kind [`TooLarge`](crate::ErrorKind::TooLarge).
    pub fn into_bytes(self) -> Result<Bytes> {
        self.collect().map(|(bytes, _)| bytes)
    }

    /// The next piece, of at most 16 KiB, as soon as some of it is there; `None` at the end.
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](Body::into_bytes), the limit excepted. What has failed fails again.
    pub fn chunk(&mut self) -> Result<Option<Bytes>> {
        if let Inner::Bytes(bytes) = &mut self.0 {
            let bytes = std::mem::take(bytes);
            return Ok((!bytes.is_empty()).then_some(bytes));
        }
        let mut buffer = ChunkBuffer::new();
        let n = self.read(buffer.spare_mut()).map_err(unreadable)?;
        Ok(buffer.filled(n))
    }

    /// Reads what is left as it came, undecoded, and drops it: so that its connection can be used again. Reads at
    /// most `most` bytes in at most 64 pieces and a second; what is longer, drips, or breaks, is closed instead.
    pub fn drain(self, most: u64) {
        if let Inner::Source(body) = self.0 {
            body.drain(most);
        }
    }

    fn collect(self) -> Result<(Bytes, Headers)> {
        match self.0 {
            Inner::Bytes(bytes) => Ok((bytes, Headers::new())),
            Inner::Source(mut body) => Ok((body.read_to_end()?.into(), body.trailers)),
            Inner::Reader { mut reader, .. } => {
                let mut collector = BodyCollector::new(None, Options::MAX_BODY_BYTES)?;
                loop {
                    let n = reader.read(collector.spare_mut()).map_err(unreadable)?;
                    if collector.filled(n)? {
                        return Ok((collector.into_bytes().into(), Headers::new()));
                    }
                }
            }
        }
    }
}

impl MessageBody for Body {
    type Reading = Result<Response<Bytes>>;

    fn read_response(self, head: ResponseHead) -> Result<Response<Bytes>> {
        Response::from_collected(head, self.collect())
    }

    fn length(&self) -> Length {
        match &self.0 {
            Inner::Bytes(bytes) if bytes.is_empty() => Length::None,
            Inner::Bytes(bytes) => Length::Known(bytes.len() as u64),
            Inner::Reader { length, .. } => *length,
            Inner::Source(body) => Length::of_remaining(body.remaining()),
        }
    }

    fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes),
            Inner::Reader { .. } | Inner::Source(_) => None,
        }
    }

    fn try_clone(&self) -> Option<Self> {
        self.as_bytes().map(|bytes| Body(Inner::Bytes(bytes.clone())))
    }
}

/// Errors are [`Error`]s inside: [`Error::from_io`] brings them back.
impl Read for Body {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Inner::Bytes(bytes) => {
                let n = bytes.len().min(buf.len());
                buf[..n].copy_from_slice(&bytes[..n]);
                bytes.advance(n);
                Ok(n)
            }
            Inner::Reader { reader, .. } => reader.read(buf),
            Inner::Source(body) => Ok(body.read(buf)?),
        }
    }
}

impl From<Encoded> for Body {
    fn from(content: Encoded) -> Self {
        Body(Inner::Bytes(content.into_bytes()))
    }
}

macro_rules! from_bytes {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Body {
            fn from(bytes: $kind) -> Self {
                Body(Inner::Bytes(bytes.into()))
            }
        }
    )*};
}

from_bytes!(Bytes, Vec<u8>, String, &'static [u8], &'static str);

/// `Body(3 bytes)`, `Body(streamed)`.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}

/// One that has been read is streamed again: what a mock gives.
impl From<Response<Bytes>> for Response<Body> {
    fn from(response: Response<Bytes>) -> Self {
        let (head, bytes) = response.into_parts();
        Response::from_parts(head, bytes.into())
    }
}

/// Streaming: a piece at a time, or with [`Read`].
impl Response<Body> {
    /// The next piece of the body, of at most 16 KiB, decoded, as soon as some of it is there; `None` at the end. For
    /// pieces of another size there is [`Read`].
    ///
    /// # Errors
    ///
    /// If the body breaks off, cannot be decoded, or is late; there is no limit. What has failed fails again, so that
    /// no one takes it for whole.
    ///
    /// ```
    /// use httpx_core::blocking::Body;
    /// use httpx_core::{Response, Text};
    ///
    /// let mut response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
    /// let mut length = 0;
    /// while let Some(chunk) = response.chunk()? {
    ///     length += chunk.len();
    /// }
    /// assert_eq!(length, 12);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn chunk(&mut self) -> Result<Option<Bytes>> {
        let chunk = self.body_mut().chunk();
        chunk.map_err(|error| self.error(error))
    }
}

/// Errors are [`Error`]s inside, with the method and the URL of the request.
impl Read for Response<Body> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.body_mut().read(buf).map_err(|error| self.io_error(error))
    }
}

fn unreadable(error: io::Error) -> Error {
    Error::from_io(error, "the body could not be read")
}
