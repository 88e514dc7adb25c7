//! Reads the parts of a multipart response in the async flavour.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, ReadBuf};

use super::Body;
use crate::Result;
use crate::body_parts::{BodyPart, BodyParts};
use crate::multipart_decoder::PartEvent;
use crate::payload::copy_from;

impl BodyParts<Body> {
    /// Returns the next part; `None` at the end of the body. Skips the rest of the part before. If the
    /// future is dropped, nothing is lost: the next call continues.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
    /// use httpx::ahttpx::{Body, Response};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let response = Response::new(200, b"--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// let mut number = 0;
    /// while let Some(_part) = parts.next_part().await? {
    ///     number += 1;
    /// }
    /// assert_eq!(number, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`Incomplete`](crate::ErrorKind::Incomplete) if the body ends without its last boundary;
    /// [`Protocol`](crate::ErrorKind::Protocol) if a header of a part is not valid;
    /// [`TooLarge`](crate::ErrorKind::TooLarge) if a part has more than 64 headers or 16 KiB of headers; and the errors of
    /// [`chunk`](crate::Response::chunk). After an error, every later call fails too.
    pub async fn next_part(&mut self) -> Result<Option<BodyPart<'_, Body>>> {
        loop {
            match poll_fn(|cx| self.poll_event(cx)).await? {
                Some(PartEvent::Headers(headers)) => return Ok(Some(self.part(headers))),
                Some(PartEvent::Data(_) | PartEvent::PartEnd) => {}
                None => return Ok(None),
            }
        }
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<PartEvent>>> {
        self.check_failed()?;
        let event = ready!(self.items.poll_item(cx));
        Poll::Ready(self.checked(event))
    }
}

impl BodyPart<'_, Body> {
    /// Reads the next chunk of the part, of at most 16 KiB, as soon as some bytes are there. Returns `None` at its end.
    /// If the future is dropped, nothing is lost: the next call continues.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
    /// use httpx::ahttpx::{Body, Response};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let response = Response::new(200, b"--b\r\n\r\none\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// let mut part = parts.next_part().await?.unwrap();
    /// let mut length = 0;
    /// while let Some(chunk) = part.chunk().await? {
    ///     length += chunk.len();
    /// }
    /// assert_eq!(length, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next_part`](BodyParts::next_part).
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }

    /// Reads the part to its end.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
    /// use httpx::ahttpx::{Body, Response};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let response = Response::new(200, b"--b\r\n\r\none\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// assert_eq!(parts.next_part().await?.unwrap().into_bytes().await?, "one");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next_part`](BodyParts::next_part); and kind [`TooLarge`](crate::ErrorKind::TooLarge) if the part is longer than
    /// [`max_part_bytes`](BodyParts::max_part_bytes). The parts after it can still be read then.
    pub async fn into_bytes(mut self) -> Result<Bytes> {
        self.collected().await
    }

    /// Reads the part to its end as text, in the charset of its `Content-Type`, as [`Response::text`](crate::Response::text)
    /// does: UTF-8 unless another one is named. Malformed bytes become U+FFFD.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
    /// use httpx::ahttpx::{Body, Response};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let response = Response::new(200, b"--b\r\n\r\none\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// assert_eq!(parts.next_part().await?.unwrap().into_text().await?, "one");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](BodyPart::into_bytes).
    pub async fn into_text(mut self) -> Result<String> {
        let content = self.collected().await?;
        Ok(self.decoded(&content))
    }

    async fn collected(&mut self) -> Result<Bytes> {
        let mut content = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            self.collect(&mut content, &chunk)?;
        }
        Ok(content.freeze())
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        if !self.unread.is_empty() {
            return Poll::Ready(Ok(Some(std::mem::take(&mut self.unread))));
        }
        if self.has_ended {
            return Poll::Ready(Ok(None));
        }
        let event = ready!(self.parts.poll_event(cx))?;
        Poll::Ready(Ok(self.data(event)))
    }
}

/// The errors hold an [`Error`](crate::Error): [`Error::from_io`](crate::Error::from_io) takes it out.
impl AsyncRead for BodyPart<'_, Body> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.unread.is_empty() && buf.remaining() > 0 {
            self.unread = ready!(self.poll_chunk(cx))?.unwrap_or_default();
        }
        let n = copy_from(&mut self.unread, buf.initialize_unfilled());
        buf.advance(n);
        Poll::Ready(Ok(()))
    }
}
