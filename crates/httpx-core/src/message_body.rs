use std::fmt;

use bytes::Bytes;

use crate::{Response, ResponseHead};

/// How long a body is, as far as that is known before it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// There is no body.
    None,
    /// It has so many bytes.
    Known(u64),
    /// Nobody knows: it goes out in chunks.
    Unknown,
}

/// What the bodies of both flavours have in common: all that can be asked without waiting.
pub trait MessageBody: Default + From<Encoded> + Send + 'static {
    /// What reading a response to completion gives: a `Result`, or in the async flavour a future of one.
    type Reading;

    /// Reads the body of the response with this head to completion: [`Response::read_body`] of both flavours, so that
    /// there is one, whichever are compiled in.
    fn read_response(self, head: ResponseHead) -> Self::Reading;

    /// How long it is.
    fn length(&self) -> Length;

    /// The bytes, if it is made of bytes: they can be lent, and need not be read.
    fn as_bytes(&self) -> Option<&Bytes>;

    /// The same body once more, if it can be sent again: one made of bytes can, a reader cannot.
    fn try_clone(&self) -> Option<Self>;

    /// `Body(3 bytes)`, `Body(streamed)`: how it shows itself in `Debug`.
    #[doc(hidden)]
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.as_bytes(), self.length()) {
            (Some(bytes), _) => write!(f, "Body({} bytes)", bytes.len()),
            (None, Length::Known(n)) => write!(f, "Body(streamed, {n} bytes)"),
            (None, Length::None | Length::Unknown) => f.write_str("Body(streamed)"),
        }
    }
}

/// A content as the bytes that it is sent as. Cheap to clone, and can be sent any number of times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Encoded {
    bytes: Bytes,
}

impl Encoded {
    /// The bytes.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

impl<T: Into<Bytes>> From<T> for Encoded {
    fn from(bytes: T) -> Self {
        Encoded { bytes: bytes.into() }
    }
}

impl<B: MessageBody> Response<B> {
    /// Reads the body to completion: gives a `Result<Response<Bytes>>`, in the async flavour when it is awaited.
    ///
    /// # Errors
    ///
    /// If the body breaks off, cannot be decoded, is late, or has more bytes than the request's
    /// [`max_body_bytes`](crate::Options::max_body_bytes): kind [`TooLarge`](crate::ErrorKind::TooLarge).
    pub fn read_body(self) -> B::Reading {
        let (head, body) = self.into_parts();
        body.read_response(head)
    }
}
