//! Reads a streamed response in the blocking flavour.

use std::io::{self, Read};

use bytes::Bytes;

use super::Body;
use crate::{Response, Result};

/// Streaming: chunk by chunk, or with [`Read`].
impl Response<Body> {
    /// Reads the next chunk of the decoded body, of at most 16 KiB, as soon as some bytes are there. Returns `None` at
    /// the end; then [`trailers`](Response::trailers) has the trailers. For reads of another size use [`Read`].
    ///
    /// # Errors
    ///
    /// If the body is cut short, cannot be decoded, or is late. There is no limit on its length. After an error, every
    /// later call fails too, so that the body cannot be taken for complete.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response, Text};
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
        self.after_read(chunk)
    }
}

/// The errors hold an [`Error`](crate::Error) with the method and the URL of the request.
impl Read for Response<Body> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.body_mut().read(buf);
        self.after_io(read)
    }
}
