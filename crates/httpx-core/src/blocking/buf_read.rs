//! Reads a blocking body as a `BufRead`.

use std::io::{self, BufRead, Read};

use super::{Body, BodySource};
use crate::payload::Payload;
use crate::streamed::Streamed;
use crate::{Response, Result};

/// The bytes of a response that is not decoded are lent from the buffer of its connection, without a copy.
///
/// ```
/// # mod httpx { pub use httpx_core::blocking::*; }
/// use std::io::BufRead;
/// use httpx::Body;
///
/// let mut body = Body::from("name=pen;price=2");
/// let mut field = Vec::new();
/// body.read_until(b';', &mut field)?;
/// assert_eq!(field, b"name=pen;");
/// # Ok::<(), std::io::Error>(())
/// ```
impl BufRead for Body {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.payload {
            Payload::Bytes(_) | Payload::Filled { .. } => {}
            Payload::Streamed(body) if body.is_plain() => {
                let filled = body.fill().map_err(io::Error::from);
                self.payload.check_read(filled, usize::MAX)?;
            }
            _ => self.fill_ahead()?,
        }
        match &mut self.payload {
            Payload::Streamed(body) => match body.source() {
                Some(source) => Ok(source.fill()?), // it is filled, so this does not wait
                None => Ok(&[]),
            },
            payload => Ok(payload.buffered()),
        }
    }

    fn consume(&mut self, n: usize) {
        self.payload.consume(n);
    }
}

impl Body {
    /// Reads a chunk that is consumed later.
    fn fill_ahead(&mut self) -> io::Result<()> {
        let mut chunk = std::mem::take(&mut self.chunk);
        let read = self.read(chunk.spare_mut());
        self.chunk = chunk;
        self.payload.put_back(self.chunk.take(read?));
        Ok(())
    }
}

impl Streamed<dyn BodySource> {
    /// Fills the buffer of the source, and returns the number of bytes in it.
    fn fill(&mut self) -> Result<usize> {
        let Some(source) = self.source() else { return Ok(0) };
        let n = source.fill()?.len();
        Ok(self.read_plain(n))
    }
}

/// The errors hold an [`Error`](crate::Error) with the method and the URL of the request.
impl BufRead for Response<Body> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let filled = self.body_mut().fill_buf().map(<[u8]>::len);
        match self.after_io(filled)? {
            0 => Ok(&[]),
            _ => self.body_mut().fill_buf(), // it is filled, so this does not wait
        }
    }

    fn consume(&mut self, n: usize) {
        self.body_mut().consume(n);
    }
}
