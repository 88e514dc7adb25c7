//! An async body, read by chunks, as a stream or as an `AsyncRead`.

#[cfg(feature = "http")]
mod http_body;
mod opened;
mod read_body;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{fmt, io};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use opened::Async;
use read_body::Collect;
pub use read_body::ReadBody;

use super::BodySource;
use crate::chunk_buffer::ChunkBuffer;
use crate::encoded::Segment;
use crate::message_body::UnopenedBody;
use crate::message_body::sealed;
use crate::payload::{Collecting, Payload, copy_from, failed_before, unreadable};
use crate::streamed::{Need, Streamed};
use crate::{Encoded, Headers, Length, MessageBody, Options, ResponseHead, Result};

/// The body of a request or a response: read a [`chunk`](Body::chunk) at a time, as an
/// [`AsyncRead`](https://docs.rs/tokio/1/tokio/io/trait.AsyncRead.html), or as a
/// [`Stream`](https://docs.rs/futures-core/0.3/futures_core/stream/trait.Stream.html) of [`Bytes`].
///
/// A body made of bytes or a [`File`](crate::File) can be sent again, after a redirect for example; a body made of a reader
/// or a stream cannot. The body of a response is decoded while it is read. If it is dropped early, its connection is closed,
/// unless the rest is short and has already arrived.
///
/// ```
/// # mod httpx { pub mod ahttpx { pub use httpx_core::ahttpx::*; } }
/// use httpx::ahttpx::Body;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> httpx_core::Result<()> {
/// let body = Body::from_reader(&b"from any AsyncRead"[..]);
/// assert_eq!(body.into_bytes().await?, "from any AsyncRead");
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Body {
    pub(super) payload: Payload<Async>,
    pub(super) chunk: ChunkBuffer,
}

impl Body {
    /// An empty body.
    pub fn empty() -> Self {
        Body::default()
    }

    /// A body that is read from this reader while it is sent. Its length is unknown, so it is sent in chunks.
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Body::new(Payload::<Async>::reader(Box::pin(reader), None))
    }

    /// A body of this length in bytes that is read from this reader while it is sent. Sending fails if the reader has fewer or
    /// more bytes. To send the beginning of a reader, use `reader.take(length)`.
    ///
    /// For a file on disk use a [`File`](crate::File), which can be sent again.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::ahttpx::*; } pub mod models { pub use httpx_core::*; } }
    /// use httpx::ahttpx::Body;
    /// use httpx::models::{Length, MessageBody};
    ///
    /// let body = Body::from_sized_reader(&b"from any AsyncRead"[..], 18);
    /// assert_eq!(body.length(), Length::Known(18));
    /// ```
    pub fn from_sized_reader(reader: impl AsyncRead + Send + 'static, length: u64) -> Self {
        Body::new(Payload::<Async>::reader(Box::pin(reader), Some(length)))
    }

    /// A body that is made of the items of a stream while it is sent. Items of more than 16 KiB are not copied; smaller ones are
    /// collected in a buffer. The length is unknown, so the body is sent in chunks. The streamed response of another request is
    /// such a stream.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use bytes::Bytes; pub use httpx_core::ahttpx::*; } }
    /// use std::io;
    ///
    /// use futures_util::stream;
    /// use httpx::ahttpx::{Body, Bytes};
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
        Body::new(Payload::<Async>::chunks(opened::io_stream(stream), None))
    }

    /// A body as [`from_stream`](Body::from_stream) makes it, of this length in bytes. Sending fails if the items of the stream
    /// have fewer or more bytes together.
    ///
    /// ```
    /// # mod httpx {
    /// #     pub mod ahttpx { pub use bytes::Bytes; pub use httpx_core::ahttpx::*; }
    /// #     pub mod models { pub use httpx_core::*; }
    /// # }
    /// use std::io;
    ///
    /// use futures_util::stream;
    /// use httpx::ahttpx::{Body, Bytes};
    /// use httpx::models::{Length, MessageBody};
    ///
    /// let pieces = ["12", "345"].map(|piece| Ok::<_, io::Error>(Bytes::from(piece)));
    /// assert_eq!(Body::from_sized_stream(stream::iter(pieces), 5).length(), Length::Known(5));
    /// ```
    pub fn from_sized_stream<E>(
        stream: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
        length: u64,
    ) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        Body::new(Payload::<Async>::chunks(opened::io_stream(stream), Some(length)))
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
    pub async fn into_bytes(self) -> Result<Bytes> {
        let mut collect = Collect::new(self, None);
        poll_fn(|cx| collect.poll(cx)).await.map(|collected| collected.bytes)
    }

    /// Reads the next chunk, of at most 16 KiB, as soon as some bytes are there. Returns `None` at the end. A body made
    /// of bytes is one chunk; the chunks of a body made of a stream are the items of the stream. If the future is dropped,
    /// nothing is lost: the next call continues.
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](Body::into_bytes), without the limit. After an error, every later call fails too.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }

    /// Reads and drops the rest of a response's body, undecoded, so that its connection can be used again.
    ///
    /// Reads at most `max_bytes`, in at most 64 reads and one second. If the body does not end within that, or its
    /// connection cannot be used again anyway, the connection is closed.
    pub async fn drain(self, max_bytes: u64) {
        let Payload::Streamed(mut body) = self.payload.without_filled() else { return };
        let Some(mut budget) = body.start_drain(max_bytes) else { return };
        while let Some(source) = body.source() {
            let filled = poll_fn(|cx| source.poll_fill(cx).map_ok(<[u8]>::len)).await;
            if !body.drop_filled(filled, &mut budget) {
                return;
            }
        }
    }

    /// Reads some bytes into the buffer, and returns their number; 0 at the end.
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](Body::into_bytes), without the limit.
    pub fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        self.poll_io(cx, buf).map_err(unreadable)
    }

    // Always inlined: every request pays for a call.
    #[inline(always)]
    fn start_collecting(&mut self, max_bytes: Option<u64>) -> Result<Collecting> {
        self.payload.start_collecting(max_bytes)
    }

    /// Opens the files of a body, whose length is known afterwards. For transports.
    ///
    /// # Errors
    ///
    /// Kind [`Body`](crate::ErrorKind::Body), if a file cannot be opened.
    #[doc(hidden)]
    pub async fn open(&mut self) -> Result<()> {
        poll_fn(|cx| self.poll_open(cx)).await
    }

    /// Returns whether [`open`](Body::open) must be called before the length is known.
    #[doc(hidden)]
    #[inline]
    pub fn is_unopened(&self) -> bool {
        matches!(self.payload, Payload::Unopened(_) | Payload::Opening(_))
    }

    /// Returns the next chunk of a body that is made of chunks, without a copy; `None` at the end. For transports.
    ///
    /// # Errors
    ///
    /// If the stream fails, or if the body is longer than announced.
    #[doc(hidden)]
    pub fn poll_next_chunk(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        let Payload::Chunks(chunks) = &mut self.payload else { return Poll::Ready(Ok(None)) };
        let chunk = ready!(chunks.source().poll_next_chunk(cx));
        Poll::Ready(self.payload.remember(chunk))
    }

    pub(super) fn new(payload: Payload<Async>) -> Self {
        Body { payload, chunk: ChunkBuffer::default() }
    }

    fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        if let Some(body) = self.payload.take_unopened() {
            self.payload = opened::open(body);
        }
        let Payload::Opening(opening) = &mut self.payload else { return Poll::Ready(Ok(())) };
        let opened = ready!(opening.get_mut().as_mut().poll(cx));
        Poll::Ready(self.payload.set_opened(opened.map(|body| *body)))
    }

    pub(super) fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        if self.is_unopened() {
            ready!(self.poll_open(cx))?;
        }
        if let Some(bytes) = self.payload.take_bytes() {
            return Poll::Ready(Ok((!bytes.is_empty()).then_some(bytes)));
        }
        if self.has_chunks() {
            return self.poll_next_chunk(cx).map_err(unreadable);
        }
        let mut chunk = std::mem::take(&mut self.chunk);
        let read = self.poll_read(cx, chunk.spare_mut());
        // Kept also while the read is pending.
        self.chunk = chunk;
        Poll::Ready(Ok(self.chunk.take(ready!(read)?)))
    }

    /// Reads with the errors of a reader or a stream as they are.
    pub(super) fn poll_io(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        let read = match &mut self.payload {
            Payload::Bytes(bytes) => return Poll::Ready(Ok(copy_from(bytes, buf))),
            Payload::Reader(source) => {
                let (reader, room) = source.room(buf);
                opened::poll_read(reader, cx, room)
            }
            Payload::Chunks(chunks) => chunks.source().poll_read(cx, buf),
            Payload::Unopened(_) | Payload::Opening(_) => match ready!(self.poll_open(cx)) {
                Ok(()) => return self.poll_io(cx, buf),
                Err(error) => Poll::Ready(Err(error.into())),
            },
            Payload::Streamed(body) => match ready!(body.poll_read(cx, buf)) {
                Ok(n) => return Poll::Ready(Ok(n)),
                Err(error) => Poll::Ready(Err(error.into())),
            },
            Payload::Filled { .. } => return Poll::Ready(Ok(self.payload.read_filled(buf))),
            Payload::Failed { kind, .. } => return Poll::Ready(Err(failed_before(*kind))),
        };
        Poll::Ready(self.payload.check_read(ready!(read), buf.len()))
    }
}

impl Streamed<dyn BodySource> {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        loop {
            match self.next(buf)? {
                Need::Done(n) => return Poll::Ready(Ok(n)),
                Need::Plain(source) => {
                    let n = ready!(source.poll_read(cx, buf))?;
                    return Poll::Ready(Ok(self.read_plain(n)));
                }
                Need::Encoded(source, decoder) => {
                    let n = decoder.decode(ready!(source.poll_fill(cx))?, buf)?;
                    source.consume(n);
                }
                Need::Pause => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        }
    }
}

impl MessageBody for Body {
    type Reading = ReadBody;

    fn read_response(self, head: ResponseHead) -> ReadBody {
        ReadBody::new(head, self)
    }

    #[inline]
    fn length(&self) -> Length {
        self.payload.length()
    }

    fn as_bytes(&self) -> Option<&Bytes> {
        self.payload.as_bytes()
    }

    fn try_clone(&self) -> Option<Self> {
        self.payload.try_clone().map(Body::new)
    }

    fn has_chunks(&self) -> bool {
        matches!(self.payload, Payload::Chunks(_))
    }
}

impl sealed::Sealed for Body {
    fn from_unopened(body: UnopenedBody<Self>) -> Self {
        Body::new(Payload::unopened(body))
    }

    fn from_segment(segment: Segment) -> Self {
        Body::new(Payload::of_segment(segment))
    }

    fn unopened(&self) -> Option<&UnopenedBody<Self>> {
        self.payload.as_unopened()
    }

    fn unopened_mut(&mut self) -> Option<&mut UnopenedBody<Self>> {
        self.payload.as_unopened_mut()
    }

    fn take_end(&mut self) -> Option<Box<sealed::BodyEnd>> {
        self.payload.take_end()
    }
}

/// The errors of a response hold an [`Error`](crate::Error): [`Error::from_io`](crate::Error::from_io) takes it out.
/// The errors of a reader are its own.
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

/// The chunks as they come, of at most 16 KiB. An error is the last item.
impl Stream for Body {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if let Payload::Failed { ends_stream: true, .. } = self.payload {
            return Poll::Ready(None);
        }
        let chunk = ready!(self.poll_chunk(cx));
        if let Payload::Failed { ends_stream, .. } = &mut self.payload {
            *ends_stream = true;
        }
        Poll::Ready(chunk.transpose())
    }
}

/// From bytes, text, and every other [`Encoded`] content.
impl<T: Into<Encoded>> From<T> for Body {
    fn from(content: T) -> Self {
        Body::new(content.into().into())
    }
}

/// `Body(3 bytes)`, `Body(streamed)`.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.payload.describe(f)
    }
}
