//! Reads a streamed response in the async flavour.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use super::Body;
use crate::{Response, Result};

/// Streaming: chunk by chunk, or as an `AsyncRead` or a `Stream`.
impl Response<Body> {
    /// Reads the next chunk of the decoded body, of at most 16 KiB, as soon as some bytes are there. Returns `None` at
    /// the end; then [`trailers`](Response::trailers) has the trailers. If the future is dropped, nothing is lost: the
    /// next call continues.
    ///
    /// # Errors
    ///
    /// If the body is cut short, cannot be decoded, or is late. There is no limit on its length. After an error, every
    /// later call fails too, so that the body cannot be taken for complete.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
    /// use httpx::ahttpx::{Body, Response, Text};
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
        self.after_read(chunk)
    }
}

/// The errors hold an [`Error`](crate::Error) with the method and the URL of the request.
impl AsyncRead for Response<Body> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = ready!(Pin::new(self.body_mut()).poll_read(cx, buf));
        Poll::Ready(self.after_io(read))
    }
}

/// The chunks of the body, as [`Body`] gives them.
///
/// ```
/// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
/// use futures_util::StreamExt;
/// use httpx::ahttpx::{Body, Response, Text};
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
        let chunk = ready!(Pin::new(self.body_mut()).poll_next(cx));
        Poll::Ready(self.after_read(chunk.transpose()).transpose())
    }
}
