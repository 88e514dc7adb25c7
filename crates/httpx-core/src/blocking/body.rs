use std::fmt;
use std::io::{self, Read};

use bytes::{Buf, Bytes};

use crate::decoding::Decoding;
use crate::{Encoded, Error, ErrorKind, Headers, Length, MessageBody, Options, Response, Result};

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

/// Where the body of a response comes from: what a transport hands out, and gets back at the end.
pub trait BodySource: Send {
    /// Some bytes of the body that are there, waiting for them if there are none; no bytes at its end.
    ///
    /// # Errors
    ///
    /// If the body is cut short, malformed, or late. What has failed is not asked again; what has ended may be, and
    /// gives no bytes again.
    fn fill(&mut self) -> Result<&[u8]>;

    /// So many of those bytes have been used.
    fn consume(&mut self, n: usize);

    /// Reads some bytes of the body, past any buffer if it can; 0 at its end.
    ///
    /// # Errors
    ///
    /// As [`fill`](BodySource::fill).
    fn read(&mut self, buf: &mut [u8]) -> Result<usize>;

    /// The end has been reached: gives the trailers, and puts itself away.
    fn finish(self: Box<Self>) -> Headers;

    /// The body is not wanted to its end: puts itself away without waiting.
    fn discard(self: Box<Self>);

    /// How many bytes are still to come, if that is known.
    fn remaining(&self) -> Option<u64>;
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
    /// Kind [`Decode`](ErrorKind::Decode), if it went through more codings than are undone.
    pub fn from_source(
        source: Box<dyn BodySource>,
        headers: &mut Headers,
        options: &Options,
    ) -> Result<Self> {
        let decoding = match options.decode {
            Some(false) => None,
            _ => Decoding::of(headers)?,
        };
        Ok(Body(Inner::Source(Streamed {
            source: Source(Some(source)),
            decoding,
            limit: options.limit.unwrap_or(Options::LIMIT),
            trailers: Headers::new(),
        })))
    }

    /// Reads to the end.
    ///
    /// # Errors
    ///
    /// If the body breaks off, cannot be decoded, is late, or has more bytes than the request's
    /// [`limit`](Options::limit): kind [`TooLarge`](ErrorKind::TooLarge).
    pub fn into_bytes(self) -> Result<Bytes> {
        self.read_whole().map(|(bytes, _)| bytes)
    }

    /// Reads what is left as it came, undecoded, and drops it: so that its connection can be used again. Reads at
    /// most `most` bytes in at most 64 pieces; what is longer, drips, or breaks, is closed instead.
    pub fn drain(self, most: u64) {
        /// So that a server that sends a byte now and then does not hold the caller for hours.
        const PIECES: usize = 64;

        let Inner::Source(mut body) = self.0 else { return };
        let mut left = most;
        for _ in 0..PIECES {
            let Some(source) = &mut body.source.0 else { return };
            match source.fill().map(<[u8]>::len) {
                Ok(0) => body.finish(),
                Ok(n) if n as u64 <= left => {
                    left -= n as u64;
                    source.consume(n);
                }
                Ok(_) | Err(_) => return,
            }
        }
    }

    fn read_whole(self) -> Result<(Bytes, Headers)> {
        match self.0 {
            Inner::Bytes(bytes) => Ok((bytes, Headers::new())),
            Inner::Source(mut body) => Ok((body.read_to_end()?.into(), body.trailers)),
            Inner::Reader { mut reader, .. } => {
                let mut bytes = Vec::new();
                let limit = Options::LIMIT;
                reader.by_ref().take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
                if bytes.len() as u64 > limit {
                    Err(too_large(limit))
                } else {
                    Ok((bytes.into(), Headers::new()))
                }
            }
        }
    }
}

impl MessageBody for Body {
    fn length(&self) -> Length {
        match &self.0 {
            Inner::Bytes(bytes) if bytes.is_empty() => Length::None,
            Inner::Bytes(bytes) => Length::Known(bytes.len() as u64),
            Inner::Reader { length, .. } => *length,
            Inner::Source(Streamed { source: Source(None), .. }) => Length::None,
            Inner::Source(Streamed { source: Source(Some(source)), decoding: None, .. }) => {
                source.remaining().map_or(Length::Unknown, Length::Known)
            }
            Inner::Source(_) => Length::Unknown,
        }
    }

    fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes),
            Inner::Reader { .. } | Inner::Source(_) => None,
        }
    }

    fn try_clone(&self) -> Option<Self> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(Body(Inner::Bytes(bytes.clone()))),
            Inner::Reader { .. } | Inner::Source(_) => None,
        }
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
        match (&self.0, self.length()) {
            (Inner::Bytes(bytes), _) => write!(f, "Body({} bytes)", bytes.len()),
            (_, Length::Known(n)) => write!(f, "Body(streamed, {n} bytes)"),
            (_, Length::None | Length::Unknown) => f.write_str("Body(streamed)"),
        }
    }
}

impl Response<Body> {
    /// Reads the body to completion.
    ///
    /// # Errors
    ///
    /// As [`Body::into_bytes`].
    pub fn read_body(self) -> Result<Response<Bytes>> {
        let (mut head, body) = self.into_parts();
        match body.read_whole() {
            Ok((bytes, trailers)) => {
                head.set_trailers(trailers);
                Ok(Response::from_parts(head, bytes))
            }
            Err(error) => Err(match head.request() {
                Some(request) => request.error(error),
                None => error,
            }),
        }
    }
}

/// One that has been read is streamed again: what a mock gives.
impl From<Response<Bytes>> for Response<Body> {
    fn from(response: Response<Bytes>) -> Self {
        let (head, bytes) = response.into_parts();
        Response::from_parts(head, bytes.into())
    }
}

/// Errors are [`Error`]s inside, with the method and the URL of the request.
impl Read for Response<Body> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.body_mut().read(buf).map_err(|error| match (error.downcast::<Error>(), self.head().request()) {
            (Ok(error), Some(request)) => request.error(error).into(),
            (Ok(error), None) => error.into(),
            (Err(error), _) => error,
        })
    }
}

/// A response's body on its way: from its source, through its decoders.
struct Streamed {
    source: Source,
    decoding: Option<Box<Decoding>>,
    limit: u64,
    trailers: Headers,
}

/// Puts the source away when the body is dropped early. (On its own, so that the body itself can be taken apart.)
struct Source(Option<Box<dyn BodySource>>);

impl Drop for Source {
    fn drop(&mut self) {
        if let Some(source) = self.0.take() {
            source.discard();
        }
    }
}

impl Streamed {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let Some(source) = &mut self.source.0 else { return Ok(0) };
        if buf.is_empty() {
            return Ok(0);
        }
        let Some(decoding) = &mut self.decoding else {
            let n = source.read(buf)?;
            if n == 0 {
                self.finish();
            }
            return Ok(n);
        };
        loop {
            let decoded = decoding.decode(source.fill()?, buf)?;
            source.consume(decoded.read);
            if decoded.ended {
                self.finish();
                return Ok(decoded.written);
            }
            if decoded.written > 0 {
                return Ok(decoded.written);
            }
        }
    }

    /// Reads the rest into memory: at once into a vector of the right size where the length is known and credible.
    fn read_to_end(&mut self) -> Result<Vec<u8>> {
        /// What is allocated on the server's word alone.
        const CREDIT: u64 = 1 << 20;
        /// What is read at once; more would be zeroed for nothing.
        const WINDOW: usize = 64 << 10;

        let announced = match (&self.source.0, &self.decoding) {
            (Some(source), None) => source.remaining(),
            _ => None,
        };
        if announced.is_some_and(|length| length > self.limit) {
            return Err(too_large(self.limit));
        }
        let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(CREDIT) as usize);
        let mut probe = [0; 64];
        loop {
            let start = bytes.len();
            let room = (bytes.capacity() - start).min(WINDOW);
            // A full vector is not grown before it is known that more will come.
            let n = match room {
                0 => {
                    let n = self.read(&mut probe)?;
                    if n > 0 {
                        bytes.reserve(start.max(WINDOW / 8));
                        bytes.extend_from_slice(&probe[..n]);
                    }
                    n
                }
                _ => {
                    bytes.resize(start + room, 0);
                    let n = self.read(&mut bytes[start..])?;
                    bytes.truncate(start + n);
                    n
                }
            };
            if n == 0 {
                return Ok(bytes);
            }
            if bytes.len() as u64 > self.limit {
                return Err(too_large(self.limit));
            }
        }
    }

    /// The source has reached its end.
    fn finish(&mut self) {
        if let Some(source) = self.source.0.take() {
            self.trailers = source.finish();
        }
    }
}

fn unreadable(error: io::Error) -> Error {
    Error::from_io(error, "the body could not be read")
}

fn too_large(limit: u64) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!(
            "the body is longer than the limit of {limit} bytes; raise it with limit(), or stream the body"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Method, RequestHead, ResponseHead, StatusCode, Url};

    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(Error::new(ErrorKind::Incomplete, "the response was cut short").into())
        }
    }

    #[test]
    fn whoever_streams_is_told_of_which_request() {
        let mut head = ResponseHead::new(StatusCode::OK);
        head.set_request(RequestHead::new(Method::GET, Url::parse("http://me:s3cret@h/").unwrap()));
        let mut response = Response::from_parts(head, Body::from_reader(Broken));
        let error = response.read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        let error = Error::from_io(error, "");
        assert_eq!(error.kind(), ErrorKind::Incomplete);
        assert_eq!(error.to_string(), "GET http://h/: the response was cut short");
    }
}
