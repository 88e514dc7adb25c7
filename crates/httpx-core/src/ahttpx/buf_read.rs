//! Reads an async body as an `AsyncBufRead`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncBufRead;

use super::{Body, BodySource};
use crate::payload::Payload;
use crate::streamed::Streamed;
use crate::{Response, Result};

/// The bytes of a response that is not decoded are lent from the buffer of its connection, without a copy.
///
/// ```
/// # mod httpx { pub mod ahttpx { pub use httpx_core::ahttpx::*; } }
/// use httpx::ahttpx::Body;
/// use tokio::io::AsyncBufReadExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut body = Body::from("name=pen;price=2");
/// let mut field = Vec::new();
/// body.read_until(b';', &mut field).await?;
/// assert_eq!(field, b"name=pen;");
/// # Ok(())
/// # }
/// ```
impl AsyncBufRead for Body {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let body = self.get_mut();
        match &mut body.payload {
            Payload::Bytes(_) | Payload::Filled { .. } => {}
            Payload::Streamed(streamed) if streamed.is_plain() => {
                let filled = ready!(streamed.poll_fill(cx)).map_err(io::Error::from);
                body.payload.check_read(filled, usize::MAX)?;
            }
            _ => {
                ready!(body.poll_fill_ahead(cx))?;
            }
        }
        match &mut body.payload {
            Payload::Streamed(streamed) => match streamed.source() {
                Some(source) => Poll::Ready(Ok(ready!(source.poll_fill(cx))?)), // it is filled: ready
                None => Poll::Ready(Ok(&[])),
            },
            payload => Poll::Ready(Ok(payload.buffered())),
        }
    }

    fn consume(self: Pin<&mut Self>, n: usize) {
        self.get_mut().payload.consume(n);
    }
}

impl Body {
    /// Reads a chunk that is consumed later.
    fn poll_fill_ahead(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut chunk = std::mem::take(&mut self.chunk);
        let read = self.poll_io(cx, chunk.spare_mut());
        // Kept also while the read is pending.
        self.chunk = chunk;
        self.payload.put_back(self.chunk.take(ready!(read)?));
        Poll::Ready(Ok(()))
    }
}

impl Streamed<dyn BodySource> {
    /// Fills the buffer of the source, and returns the number of bytes in it.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize>> {
        let Some(source) = self.source() else { return Poll::Ready(Ok(0)) };
        let n = ready!(source.poll_fill(cx))?.len();
        Poll::Ready(Ok(self.read_plain(n)))
    }
}

/// The errors hold an [`Error`](crate::Error) with the method and the URL of the request.
impl AsyncBufRead for Response<Body> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let response = self.get_mut();
        let filled = ready!(Pin::new(response.body_mut()).poll_fill_buf(cx)).map(<[u8]>::len);
        match response.after_io(filled)? {
            0 => Poll::Ready(Ok(&[])),
            _ => Pin::new(response.body_mut()).poll_fill_buf(cx), // it is filled: ready
        }
    }

    fn consume(self: Pin<&mut Self>, n: usize) {
        Pin::new(self.get_mut().body_mut()).consume(n);
    }
}
