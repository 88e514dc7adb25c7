//! Reads the parts of a multipart response in the blocking flavour.

use std::io::{self, Read};

use bytes::{Bytes, BytesMut};

use super::Body;
use crate::Result;
use crate::body_parts::{BodyPart, BodyParts};
use crate::multipart_decoder::PartEvent;
use crate::payload::copy_from;

impl BodyParts<Body> {
    /// Returns the next part; `None` at the end of the body. Skips the rest of the part before.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response = Response::new(200, b"--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// let mut number = 0;
    /// while let Some(_part) = parts.next_part()? {
    ///     number += 1;
    /// }
    /// assert_eq!(number, 2);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`Incomplete`](crate::ErrorKind::Incomplete) if the body ends without its last boundary;
    /// [`Protocol`](crate::ErrorKind::Protocol) if a header of a part is not valid;
    /// [`TooLarge`](crate::ErrorKind::TooLarge) if a part has more than 64 headers or 16 KiB of headers; and the errors of
    /// [`chunk`](crate::Response::chunk). After an error, every later call fails too.
    pub fn next_part(&mut self) -> Result<Option<BodyPart<'_, Body>>> {
        loop {
            match self.next_event()? {
                Some(PartEvent::Headers(headers)) => return Ok(Some(self.part(headers))),
                Some(PartEvent::Data(_) | PartEvent::PartEnd) => {}
                None => return Ok(None),
            }
        }
    }

    fn next_event(&mut self) -> Result<Option<PartEvent>> {
        self.check_failed()?;
        let event = self.items.next();
        self.checked(event)
    }
}

impl BodyPart<'_, Body> {
    /// Reads the next chunk of the part, of at most 16 KiB, as soon as some bytes are there. Returns `None` at its end.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response = Response::new(200, b"--b\r\n\r\none\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// let mut part = parts.next_part()?.unwrap();
    /// let mut length = 0;
    /// while let Some(chunk) = part.chunk()? {
    ///     length += chunk.len();
    /// }
    /// assert_eq!(length, 3);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next_part`](BodyParts::next_part).
    pub fn chunk(&mut self) -> Result<Option<Bytes>> {
        if !self.unread.is_empty() {
            return Ok(Some(std::mem::take(&mut self.unread)));
        }
        if self.has_ended {
            return Ok(None);
        }
        let event = self.parts.next_event()?;
        Ok(self.data(event))
    }

    /// Reads the part to its end.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response = Response::new(200, b"--b\r\n\r\none\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// assert_eq!(parts.next_part()?.unwrap().into_bytes()?, "one");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next_part`](BodyParts::next_part); and kind [`TooLarge`](crate::ErrorKind::TooLarge) if the part is longer than
    /// [`max_part_bytes`](BodyParts::max_part_bytes). The parts after it can still be read then.
    pub fn into_bytes(mut self) -> Result<Bytes> {
        self.collected()
    }

    /// Reads the part to its end as text, in the charset of its `Content-Type`, as [`Response::text`](crate::Response::text)
    /// does: UTF-8 unless another one is named. Malformed bytes become U+FFFD.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response = Response::new(200, b"--b\r\n\r\none\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// assert_eq!(parts.next_part()?.unwrap().into_text()?, "one");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](BodyPart::into_bytes).
    pub fn into_text(mut self) -> Result<String> {
        let content = self.collected()?;
        Ok(self.decoded(&content))
    }

    fn collected(&mut self) -> Result<Bytes> {
        let mut content = BytesMut::new();
        while let Some(chunk) = self.chunk()? {
            self.collect(&mut content, &chunk)?;
        }
        Ok(content.freeze())
    }
}

/// The errors hold an [`Error`](crate::Error): [`Error::from_io`](crate::Error::from_io) takes it out.
impl Read for BodyPart<'_, Body> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.unread.is_empty() && !buf.is_empty() {
            self.unread = self.chunk()?.unwrap_or_default();
        }
        Ok(copy_from(&mut self.unread, buf))
    }
}
