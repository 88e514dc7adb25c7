//! [`Body::from_json_lines`]: a body of lines of JSON, from a stream of values.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use serde::Serialize;

use super::Body;
use crate::Result;
use crate::json_lines::{Encoding, JsonLineEncoder};

impl Body {
    /// A body of newline-delimited JSON: a line for each value of a stream. The values are encoded while they are sent, about
    /// 16 KiB at a time; when the stream pauses, the lines so far are sent. The length is unknown, so the body is sent in
    /// chunks. If a value cannot be written as JSON, sending fails. For iterators see [`JsonLines`](crate::JsonLines).
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::ahttpx::*; } }
    /// use futures_util::stream;
    /// use httpx::ahttpx::Body;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let body = Body::from_json_lines(stream::iter([[1, 2], [3, 4]]));
    /// // `RequestBuilder::json_lines` sends it with its `Content-Type`.
    /// assert_eq!(body.into_bytes().await?, "[1,2]\n[3,4]\n");
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "ndjson")]
    pub fn from_json_lines(values: impl Stream<Item: Serialize> + Send + 'static) -> Self {
        Body::from_stream(JsonLineStream { values: Box::pin(values), encoder: JsonLineEncoder::default() })
    }
}

struct JsonLineStream<S> {
    values: Pin<Box<S>>,
    encoder: JsonLineEncoder,
}

impl<S: Stream<Item: Serialize>> Stream for JsonLineStream<S> {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        while !self.encoder.has_ended() {
            let Poll::Ready(value) = self.values.as_mut().poll_next(cx) else {
                return self.encoder.take_chunk().map_or(Poll::Pending, |chunk| Poll::Ready(Some(Ok(chunk))));
            };
            match self.encoder.push(value) {
                Encoding::NeedsValue => {}
                Encoding::Chunk(chunk) => return Poll::Ready(Some(chunk)),
                Encoding::End => break,
            }
        }
        Poll::Ready(None)
    }
}
