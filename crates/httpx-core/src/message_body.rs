//! [`MessageBody`]: the trait of the bodies of both flavours, for everything that needs no wait.

#[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))] // the flavours open
mod unopened;

use bytes::Bytes;

use crate::{Encoded, Length, Response, ResponseHead};
pub(crate) use unopened::{UnopenedBody, join};
pub use unopened::{copy_for_another_call, transformed};

/// The common part of the bodies of both flavours: everything that needs no waiting.
///
/// Implemented by `Body` and `ahttpx::Body`, and sealed: other types cannot implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Body`",
    label = "this needs a `Body`: one that is sent, or that has not been read",
    note = "`send()` reads the whole body of a response; `stream()` returns a response with a `Body`"
)]
pub trait MessageBody: sealed::Sealed + Default + From<Encoded> + Send + Sync + 'static {
    /// The result of reading a response to its end: a `Result`, or in the async flavour a future of one.
    type Reading;

    /// Reads the body of the response with this head to its end. [`Response::read_body`] is written with it, once for
    /// both flavours.
    #[doc(hidden)]
    fn read_response(self, head: ResponseHead) -> Self::Reading;

    /// Returns the length of the body.
    fn length(&self) -> Length;

    /// Returns the bytes, if the body is made of bytes.
    fn as_bytes(&self) -> Option<&Bytes>;

    /// Returns a copy of the body, if it can be sent twice. A body made of bytes or files can; one made of a reader or a stream
    /// cannot.
    fn try_clone(&self) -> Option<Self>;

    /// Returns whether the body consists of chunks of `Bytes`, which can be sent without a copy.
    #[doc(hidden)]
    fn has_chunks(&self) -> bool;
}

pub(crate) mod sealed {
    use std::time::Instant;

    use super::UnopenedBody;
    use crate::encoded::Segment;
    use crate::{Headers, RequestSent};

    /// The facts that are known only at the end of a response's body.
    #[derive(Debug, Default)]
    pub struct BodyEnd {
        pub trailers: Headers,
        /// How much of the request has been sent, if that was not known before.
        pub request_sent: Option<RequestSent>,
        /// When it was, if the body did not arrive together with the head.
        pub at: Option<Instant>,
    }

    pub trait Sealed: Sized {
        /// Makes a body that is opened when it is sent.
        #[doc(hidden)]
        #[allow(private_interfaces)]
        fn from_unopened(body: UnopenedBody<Self>) -> Self;

        /// Makes a body of one segment of a content.
        #[doc(hidden)]
        #[allow(private_interfaces)]
        fn from_segment(segment: Segment) -> Self;

        /// Returns the unopened body, if it is not open yet.
        #[doc(hidden)]
        #[allow(private_interfaces)]
        fn unopened(&self) -> Option<&UnopenedBody<Self>>;

        /// Returns the unopened body, to open its files.
        #[doc(hidden)]
        #[allow(private_interfaces)]
        fn unopened_mut(&mut self) -> Option<&mut UnopenedBody<Self>>;

        /// Returns the facts from the end of the body, once, after it was read.
        fn take_end(&mut self) -> Option<Box<BodyEnd>>;
    }
}

impl<B: MessageBody> Response<B> {
    /// Reads the body to its end. Gives a `Result<Response<Bytes>>`; in the async flavour, when it is awaited.
    ///
    /// # Errors
    ///
    /// If the body is cut short, cannot be decoded, is late, or is longer than the request's
    /// [`max_body_bytes`](crate::Options::max_body_bytes): kind [`TooLarge`](crate::ErrorKind::TooLarge).
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response, Text};
    ///
    /// let streaming: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
    /// assert_eq!(streaming.read_body()?.text(), "Hello, world");
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn read_body(self) -> B::Reading {
        let (head, body) = self.into_parts();
        body.read_response(head)
    }
}

/// Streams a response that was already read, as a mock does.
impl<B: MessageBody> From<Response<Bytes>> for Response<B> {
    fn from(response: Response<Bytes>) -> Self {
        let (head, bytes) = response.into_parts();
        Response::from_parts(head, Encoded::from(bytes).into())
    }
}
