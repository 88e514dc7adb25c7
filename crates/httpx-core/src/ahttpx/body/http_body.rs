//! `http_body::Body` from and to [`Body`].

use std::any::Any;
use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use super::Body;
use super::opened::{Async, io_stream};
use crate::message_body::sealed::Sealed;
use crate::payload::Payload;
use crate::{Error, Headers, Length, MessageBody, Result};

impl Body {
    /// A body that is made of the body of another library while it is sent, such as that of a request that a server has
    /// received. The data is not copied.
    ///
    /// If the [`size_hint`](http_body::Body::size_hint) is exact, it is the length. Otherwise the body is sent in chunks. The
    /// body cannot be sent again. (An empty body can. A `Body` is returned unchanged.) The trailers are dropped,
    /// because a body alone cannot announce them. A client that is called as a `tower::Service` sends them (feature `tower`),
    /// and `RequestBuilder::trailers_with` sends those that a function returns at the end of the body.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::ahttpx::*; } }
    /// use httpx::ahttpx::Body;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let body = Body::from_http_body(String::from("of any http_body::Body"));
    /// assert_eq!(format!("{body:?}"), "Body(streamed, 22 bytes)");
    /// assert_eq!(body.into_bytes().await?, "of any http_body::Body");
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_http_body<B>(body: B) -> Self
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let mut body = Some(body);
        if let Some(own) = (&mut body as &mut dyn Any).downcast_mut::<Option<Body>>().and_then(Option::take) {
            return own;
        }
        match body {
            Some(body) => {
                let length = body.size_hint().exact();
                Body::from_body(body, length, |_| {})
            }
            None => Body::empty(),
        }
    }

    /// A body as [`from_http_body`](Body::from_http_body) makes it, but of unknown length. At its end it calls a function with
    /// the trailers, if there are any. For layers that send trailers.
    #[doc(hidden)]
    pub fn from_frames<B, F>(body: B, on_trailers: F) -> Self
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
        F: FnOnce(Headers) + Send + 'static,
    {
        Body::from_body(body, None, on_trailers)
    }

    fn from_body<B, F>(body: B, length: Option<u64>, on_trailers: F) -> Self
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
        F: FnOnce(Headers) + Send + 'static,
    {
        if body.is_end_stream() {
            return Body::empty();
        }
        let frames = Frames { body: Some(Box::pin(body)), on_trailers: Some(on_trailers) };
        Body::new(Payload::<Async>::chunks(io_stream(frames), length))
    }
}

/// The data of a body as a stream. Other frames are empty items, which the reader of the stream skips and counts.
struct Frames<B, F> {
    /// `None` after the end.
    body: Option<Pin<Box<B>>>,
    on_trailers: Option<F>,
}

// The box pins the body. No other field is pinned.
impl<B, F> Unpin for Frames<B, F> {}

impl<B, F> Stream for Frames<B, F>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
    F: FnOnce(Headers),
{
    type Item = Result<Bytes, Box<dyn StdError + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = match ready!(body.as_mut().poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            end => {
                self.body = None;
                return Poll::Ready(end.map(|error| error.map(|_| Bytes::new()).map_err(Into::into)));
            }
        };
        let trailers = match frame.into_data() {
            // Does not copy if the data is one `Bytes`.
            Ok(mut data) => return Poll::Ready(Some(Ok(data.copy_to_bytes(data.remaining())))),
            Err(frame) => frame.into_trailers().ok(),
        };
        if let Some((trailers, on_trailers)) = trailers.zip(self.on_trailers.take()) {
            on_trailers(Headers::try_from(trailers)?);
        }
        Poll::Ready(Some(Ok(Bytes::new())))
    }
}

/// Returns the decoded body of a response in frames of at most 16 KiB, then the trailers in one frame, if there are any. A
/// body made of bytes is one frame, and a body made of chunks has one frame for each chunk. Neither is copied.
///
/// The last frame is then the only place of the trailers: `Response::trailers` stays empty.
///
/// ```
/// # mod httpx { pub mod ahttpx { pub use httpx_core::ahttpx::*; } }
/// use http_body::Body as _;
/// use httpx::ahttpx::Body;
///
/// let body = Body::from("Hello");
/// assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(5), false));
/// assert!(Body::empty().is_end_stream());
/// ```
impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Some(chunk) = ready!(self.as_mut().poll_next(cx)) {
            return Poll::Ready(Some(chunk.map(Frame::data)));
        }
        let trailers = self.take_end().map(|end| end.trailers).filter(|trailers| !trailers.is_empty());
        Poll::Ready(trailers.map(|trailers| trailers.try_into().map(Frame::trailers)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.payload {
            // Trailers may follow.
            Payload::Streamed(body) => body.has_ended(),
            Payload::Failed { ends_stream, .. } => *ends_stream,
            _ => matches!(self.length(), Length::None | Length::Known(0)),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self.length() {
            Length::None => SizeHint::with_exact(0),
            Length::Known(n) => SizeHint::with_exact(n),
            Length::Unknown => SizeHint::default(),
        }
    }
}
