//! [`JsonLines`]: values of an iterator or a stream, sent as lines of JSON.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;

use crate::{Content, Encoded, Error, ErrorKind, Result};

/// The values of an iterator as newline-delimited JSON (`application/x-ndjson`): `JsonLines(items)`. They are encoded while
/// they are sent, about 16 KiB at a time, and never held in memory together. In the async flavour the iterator runs on the
/// executor, so it must not block; `ahttpx::Body::from_json_lines` takes a stream.
///
/// The length is not known, so the request is sent in chunks. It cannot be sent again, after a redirect for example. If a value
/// cannot be written as JSON, sending fails. The iterator must be `'static`: instead of references, give it values, or move the
/// owner of the values into it.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
/// use httpx::models::JsonLines;
/// use httpx::Request;
///
/// let readings = (0..3).map(|hour| [hour, 20 + hour]);
/// let request = Request::new("POST", "https://www.example.com/readings")?.with_content(JsonLines(readings))?;
/// assert_eq!(request.headers().get("Content-Type").unwrap(), "application/x-ndjson");
/// # let request: Request<httpx::Body> = request;
/// assert_eq!(request.into_body().into_bytes()?, "[0,20]\n[1,21]\n[2,22]\n");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[doc(alias = "ndjson")]
#[derive(Debug, Clone, Copy)]
pub struct JsonLines<I>(pub I);

impl<I> Content for JsonLines<I>
where
    I: IntoIterator<Item: Serialize, IntoIter: Send + 'static>,
{
    fn content_type(&self) -> Option<Cow<'static, str>> {
        Some("application/x-ndjson".into())
    }

    fn encode(self) -> Result<Encoded> {
        let mut values = self.0.into_iter();
        let mut encoder = JsonLineEncoder::default();
        let chunks = std::iter::from_fn(move || {
            while !encoder.has_ended() {
                match encoder.push(values.next()) {
                    Encoding::NeedsValue => {}
                    Encoding::Chunk(chunk) => return Some(chunk),
                    Encoding::End => break,
                }
            }
            None
        });
        Ok(Encoded::from_chunks(chunks, None))
    }
}

/// The minimum size of a chunk in bytes. The last chunk, and one before a pause of the values, may be smaller.
const CHUNK: usize = 16 << 10;

/// Writes values as lines of JSON into chunks. Shared by iterators and streams.
#[derive(Debug, Default)]
pub(crate) struct JsonLineEncoder {
    chunk: Vec<u8>,
    line: u64,
    has_ended: bool,
}

/// The next step of an encoder.
pub(crate) enum Encoding {
    NeedsValue,
    Chunk(Result<Bytes>),
    End,
}

impl JsonLineEncoder {
    /// Adds a value; `None` is the end.
    pub(crate) fn push(&mut self, value: Option<impl Serialize>) -> Encoding {
        let Some(value) = value else {
            self.has_ended = true;
            return self.take_chunk().map_or(Encoding::End, |chunk| Encoding::Chunk(Ok(chunk)));
        };
        self.line += 1;
        if let Err(error) = serde_json::to_writer(&mut self.chunk, &value) {
            self.has_ended = true;
            self.chunk.clear();
            let message = format!("line {} of the body cannot be written as JSON", self.line);
            return Encoding::Chunk(Err(Error::new(ErrorKind::Json, message).with_source(error)));
        }
        self.chunk.push(b'\n');
        if self.chunk.len() < CHUNK {
            return Encoding::NeedsValue;
        }
        self.take_chunk().map_or(Encoding::NeedsValue, |chunk| Encoding::Chunk(Ok(chunk)))
    }

    /// Returns whether the values have ended, or one of them could not be written.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Returns the lines so far, if there are any.
    pub(crate) fn take_chunk(&mut self) -> Option<Bytes> {
        (!self.chunk.is_empty()).then(|| std::mem::take(&mut self.chunk).into())
    }
}
