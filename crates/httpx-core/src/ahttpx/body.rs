use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{fmt, io};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use super::BodySource;
use super::read_body::ReadBody;
use super::streamed::Streamed;
use crate::chunk_buffer::ChunkBuffer;
use crate::collect::BodyCollector;
use crate::{
    Encoded, Error, Headers, Length, MessageBody, Options, Response, ResponseHead, Result, StatusCode,
};

/// The body of a request or a response: read a [`chunk`](Body::chunk) at a time, as an
/// [`AsyncRead`](https://docs.rs/tokio/1/tokio/io/trait.AsyncRead.html), or as a
/// [`Stream`](https://docs.rs/futures-core/0.3/futures_core/stream/trait.Stream.html) of [`Bytes`].
///
/// One made of bytes can be sent again (after a redirect, say); one made of a reader or a stream cannot. The body of a
/// response comes as it is read, decoded; dropping it early closes its connection, unless the rest is short and
/// already here.
///
/// ```
/// use httpx_core::ahttpx::Body;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> httpx_core::Result<()> {
/// let body = Body::from_reader(&b"from any AsyncRead"[..]);
/// assert_eq!(body.into_bytes().await?, "from any AsyncRead");
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Body(Inner);

enum Inner {
    Bytes(Bytes),
    Reader { reader: Pin<Box<dyn AsyncRead + Send>>, length: Length },
    Stream(Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>, Bytes),
    Source(Box<Streamed>),
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
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Body(Inner::Reader { reader: Box::pin(reader), length: Length::Unknown })
    }

    /// A body that is read as it is sent, of this length. It is an error if the reader gives less; what it gives
    /// beyond that is not read.
    ///
    /// A file is one of `tokio::fs`, tokio's feature `fs`, which is read without blocking the executor.
    ///
    /// ```
    /// use httpx_core::ahttpx::Body;
    /// use tokio::fs::File;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let file = File::open("Cargo.toml").await?;
    /// let length = file.metadata().await?.len();
    /// let body = Body::from_sized_reader(file, length);
    /// assert_eq!(body.into_bytes().await?.len() as u64, length);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_sized_reader(reader: impl AsyncRead + Send + 'static, length: u64) -> Self {
        let reader = Box::pin(Take { reader: Box::pin(reader), left: length });
        Body(Inner::Reader { reader, length: Length::Known(length) })
    }

    /// A body that is taken from a stream as it is sent, of a length that nobody knows: it goes out in chunks. The
    /// streamed response of another request is one, too.
    ///
    /// ```
    /// use std::io;
    ///
    /// use bytes::Bytes;
    /// use futures_util::stream;
    /// use httpx_core::ahttpx::Body;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let pieces = ["piece ", "by ", "piece"].map(|piece| Ok::<_, io::Error>(Bytes::from(piece)));
    /// let body = Body::from_stream(stream::iter(pieces));
    /// assert_eq!(body.into_bytes().await?, "piece by piece");
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_stream<E>(stream: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        Body(Inner::Stream(Box::pin(IoErrors(Box::pin(stream))), Bytes::new()))
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
        Ok(Body(Inner::Source(Box::new(Streamed::new(source, headers, options)?))))
    }

    /// Reads to the end.
    ///
    /// # Errors
    ///
    /// If the body breaks off, cannot be decoded, is late, or has more bytes than the request's
    /// [`max_body_bytes`](Options::max_body_bytes): kind [`TooLarge`](crate::ErrorKind::TooLarge).
    pub async fn into_bytes(self) -> Result<Bytes> {
        ReadBody::new(ResponseHead::new(StatusCode::OK), self).await.map(Response::into_body)
    }

    /// The next piece, of at most 16 KiB, as soon as some of it is there; `None` at the end. Dropping the future loses
    /// nothing: the next call goes on where this one was.
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](Body::into_bytes), the limit excepted. What has failed fails again.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        if let Inner::Bytes(bytes) = &mut self.0 {
            let bytes = std::mem::take(bytes);
            return Poll::Ready(Ok((!bytes.is_empty()).then_some(bytes)));
        }
        let mut buffer = ChunkBuffer::new();
        let n = ready!(self.poll_read(cx, buffer.spare_mut()))?;
        Poll::Ready(Ok(buffer.filled(n)))
    }

    /// Reads what is left as it came, undecoded, and drops it: so that its connection can be used again. Reads at
    /// most `most` bytes in at most 64 pieces and a second; what is longer, drips, or breaks, is closed instead.
    pub async fn drain(self, most: u64) {
        if let Inner::Source(body) = self.0 {
            body.drain(most).await;
        }
    }

    /// Reads some bytes; 0 at the end.
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](Body::into_bytes), the limit excepted.
    pub fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        self.poll_io(cx, buf).map_err(unreadable)
    }

    /// The same with the errors of a reader or a stream as they are.
    fn poll_io(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        match &mut self.0 {
            Inner::Bytes(bytes) => Poll::Ready(Ok(take(bytes, buf))),
            Inner::Source(body) => body.poll_read(cx, buf).map_err(io::Error::from),
            Inner::Reader { reader, .. } => {
                let mut buf = ReadBuf::new(buf);
                ready!(reader.as_mut().poll_read(cx, &mut buf))?;
                Poll::Ready(Ok(buf.filled().len()))
            }
            Inner::Stream(stream, left) => {
                while left.is_empty() {
                    match ready!(stream.as_mut().poll_next(cx)) {
                        Some(bytes) => *left = bytes?,
                        None => return Poll::Ready(Ok(0)),
                    }
                }
                Poll::Ready(Ok(take(left, buf)))
            }
        }
    }

    /// How the body is read into memory.
    pub(super) fn collector(&self) -> Result<BodyCollector> {
        match &self.0 {
            Inner::Source(body) => body.collector(),
            Inner::Bytes(_) | Inner::Reader { .. } | Inner::Stream(..) => {
                BodyCollector::new(None, Options::MAX_BODY_BYTES)
            }
        }
    }

    /// The trailers that came after the body, when it has been read.
    pub(super) fn take_trailers(&mut self) -> Headers {
        match &mut self.0 {
            Inner::Source(body) => std::mem::take(&mut body.trailers),
            Inner::Bytes(_) | Inner::Reader { .. } | Inner::Stream(..) => Headers::new(),
        }
    }

    /// The bytes, if it is made of bytes.
    pub(super) fn take_bytes(&mut self) -> Option<Bytes> {
        match &mut self.0 {
            Inner::Bytes(bytes) => Some(std::mem::take(bytes)),
            Inner::Source(_) | Inner::Reader { .. } | Inner::Stream(..) => None,
        }
    }
}

impl MessageBody for Body {
    type Reading = ReadBody;

    fn read_response(self, head: ResponseHead) -> ReadBody {
        ReadBody::new(head, self)
    }

    fn length(&self) -> Length {
        match &self.0 {
            Inner::Bytes(bytes) if bytes.is_empty() => Length::None,
            Inner::Bytes(bytes) => Length::Known(bytes.len() as u64),
            Inner::Reader { length, .. } => *length,
            Inner::Stream(..) => Length::Unknown,
            Inner::Source(body) => Length::of_remaining(body.remaining()),
        }
    }

    fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes),
            Inner::Reader { .. } | Inner::Stream(..) | Inner::Source(_) => None,
        }
    }

    fn try_clone(&self) -> Option<Self> {
        self.as_bytes().map(|bytes| Body(Inner::Bytes(bytes.clone())))
    }
}

/// Errors of a response are [`Error`]s inside: [`Error::from_io`] brings them back. Those of a reader are its own.
impl AsyncRead for Body {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let n = ready!(self.poll_io(cx, buf.initialize_unfilled()))?;
        buf.advance(n);
        Poll::Ready(Ok(()))
    }
}

/// The pieces as they come, of at most 16 KiB. An error is the last of them.
impl Stream for Body {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let chunk = ready!(self.poll_chunk(cx));
        if chunk.is_err() {
            self.0 = Inner::default();
        }
        Poll::Ready(chunk.transpose())
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

/// Streaming: a piece at a time, or as an `AsyncRead` or a `Stream`.
impl Response<Body> {
    /// The next piece of the body, of at most 16 KiB, decoded, as soon as some of it is there; `None` at the end.
    /// Dropping the future loses nothing: the next call goes on where this one was.
    ///
    /// # Errors
    ///
    /// If the body breaks off, cannot be decoded, or is late; there is no limit. What has failed fails again, so that
    /// no one takes it for whole.
    ///
    /// ```
    /// use httpx_core::ahttpx::Body;
    /// use httpx_core::{Response, Text};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let mut response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
    /// let mut length = 0;
    /// while let Some(chunk) = response.chunk().await? {
    ///     length += chunk.len();
    /// }
    /// assert_eq!(length, 12);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        let chunk = self.body_mut().chunk().await;
        chunk.map_err(|error| self.error(error))
    }
}

/// Errors are [`Error`]s inside, with the method and the URL of the request.
impl AsyncRead for Response<Body> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(self.body_mut()).poll_read(cx, buf).map_err(|error| self.io_error(error))
    }
}

/// The pieces of the body, as [`Body`] gives them.
///
/// ```
/// use futures_util::StreamExt;
/// use httpx_core::ahttpx::Body;
/// use httpx_core::{Response, Text};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> httpx_core::Result<()> {
/// let mut response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
/// let mut length = 0;
/// while let Some(chunk) = response.next().await {
///     length += chunk?.len();
/// }
/// assert_eq!(length, 12);
/// # Ok(())
/// # }
/// ```
impl Stream for Response<Body> {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        Pin::new(self.body_mut()).poll_next(cx).map_err(|error| self.error(error))
    }
}

fn take(bytes: &mut Bytes, buf: &mut [u8]) -> usize {
    let n = bytes.len().min(buf.len());
    buf[..n].copy_from_slice(&bytes[..n]);
    bytes.advance(n);
    n
}

fn unreadable(error: io::Error) -> Error {
    Error::from_io(error, "the body could not be read")
}

/// A reader that ends after so many bytes.
struct Take {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    left: u64,
}

impl AsyncRead for Take {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.remaining());
        if most == 0 {
            return Poll::Ready(Ok(()));
        }
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(most));
        ready!(self.reader.as_mut().poll_read(cx, &mut part))?;
        let n = part.filled().len();
        buf.advance(n);
        self.left -= n as u64;
        Poll::Ready(Ok(()))
    }
}

/// A stream whose errors are I/O errors; one that is an [`Error`] travels inside.
struct IoErrors<S>(Pin<Box<S>>);

impl<S, E> Stream for IoErrors<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(|bytes| bytes.map_err(io::Error::other)))
    }
}
