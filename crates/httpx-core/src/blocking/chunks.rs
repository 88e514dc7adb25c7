//! [`Chunks`]: an iterator over the chunks of a streamed response.

use std::fmt;
use std::iter::FusedIterator;

use bytes::Bytes;

use super::Body;
use crate::{Response, ResponseHead, Result};

/// The chunks of a streamed response, as [`chunk`](Response::chunk) returns them. It ends after an error.
/// [`Response::chunks`] returns it.
///
/// ```
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Body, Response, Text};
///
/// let response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
/// let mut length = 0;
/// for chunk in response.chunks() {
///     length += chunk?.len();
/// }
/// assert_eq!(length, 12);
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[must_use = "it reads nothing until it is asked for a chunk"]
pub struct Chunks {
    response: Response<Body>,
    has_ended: bool,
}

impl Chunks {
    /// Returns the head of the response. It has the trailers once the last chunk has been read.
    pub fn head(&self) -> &ResponseHead {
        self.response.head()
    }
}

impl Iterator for Chunks {
    type Item = Result<Bytes>;

    fn next(&mut self) -> Option<Result<Bytes>> {
        if self.has_ended {
            return None;
        }
        let chunk = self.response.chunk().transpose();
        self.has_ended = !matches!(chunk, Some(Ok(_)));
        chunk
    }
}

impl FusedIterator for Chunks {}

/// `<Chunks [200 OK]>`.
impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Chunks [{}]>", self.response.status())
    }
}

impl Response<Body> {
    /// Returns an iterator over the chunks of the decoded body, of at most 16 KiB, while it arrives. The async flavour needs
    /// none: there the response is a `Stream`.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response, Text};
    ///
    /// let response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
    /// let chunks = response.chunks().collect::<httpx::Result<Vec<_>>>()?;
    /// assert_eq!(chunks.concat(), b"Hello, world");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[doc(alias = "bytes_stream")]
    #[doc(alias = "iter_bytes")]
    pub fn chunks(self) -> Chunks {
        Chunks { response: self, has_ended: false }
    }
}
