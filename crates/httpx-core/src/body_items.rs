//! [`BodyItems`]: the items of a streamed body: lines, JSON values, server-sent events. The same for both flavours.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::event_decoder::EventDecoder;
use crate::item_decoder::{ItemDecoder, Sealed};
use crate::line_splitter::{LineEnding, LineSplitter};
use crate::{MessageBody, Response, ResponseHead, Result};

/// The maximum number of bytes in an item, unless another limit is set.
const MAX_ITEM_BYTES: usize = 1 << 20;

/// The items of a streamed body, read as the body arrives. Blocking: an `Iterator`. Async: a `Stream`, with a method `next`,
/// so that no other crate is needed.
///
/// [`lines`](Response::lines), `json_lines` and [`events`](Response::events) of a response return it. After an error it
/// ends. The memory that an item takes is [limited](Self::max_item_bytes); their number is not.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Body, Response, Text};
///
/// let response: Response<Body> = Response::new(200, Text("one\ntwo\n"))?.into();
/// let lines = response.lines().collect::<httpx::Result<Vec<_>>>()?;
/// assert_eq!(lines, ["one", "two"]);
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[must_use = "it reads nothing until it is asked for an item"]
pub struct BodyItems<B, D> {
    pub(crate) response: Response<B>,
    decoder: D,
    has_received_all: bool,
    has_ended: bool,
}

/// The next item of a body, as far as it can be told without a wait.
pub(crate) enum Next<T> {
    /// Read a chunk of the body; then [`take_chunk`](BodyItems::take_chunk).
    NeedsChunk,
    Item(Result<T>),
    End,
}

impl Sealed for LineDecoder {}
#[cfg(feature = "json")]
impl<T> Sealed for JsonLineDecoder<T> {}

impl<B, D: ItemDecoder> BodyItems<B, D> {
    pub(crate) fn new(response: Response<B>, decoder: D) -> Self {
        BodyItems { response, decoder, has_received_all: false, has_ended: false }
    }

    /// Sets the maximum number of bytes in an item: in a line, and in a stream of events in each line (with the name of its
    /// field) and in the data of an event. A longer one is an error of kind [`TooLarge`](crate::ErrorKind::TooLarge).
    /// Defaults to 1 MiB.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, ErrorKind, Response, Text};
    ///
    /// let response: Response<Body> = Response::new(200, Text("a long line\n"))?.into();
    /// let error = response.lines().max_item_bytes(5).next().unwrap().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::TooLarge);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn max_item_bytes(mut self, most: usize) -> Self {
        self.decoder.set_max_bytes(most);
        self
    }

    /// Returns the head of the response.
    pub fn head(&self) -> &ResponseHead {
        self.response.head()
    }

    /// Returns the next item, if it needs no more bytes.
    pub(crate) fn next_decoded(&mut self) -> Next<D::Item> {
        if self.has_ended {
            return Next::End;
        }
        let next = if self.has_received_all { self.decoder.finish() } else { self.decoder.next() };
        match next.transpose() {
            Some(item) => Next::Item(self.end_on_error(item)),
            None if self.has_received_all || self.decoder.is_done() => {
                self.has_ended = true;
                Next::End
            }
            None => Next::NeedsChunk,
        }
    }

    /// Takes over a chunk of the body; `None` is its end.
    pub(crate) fn take_chunk(&mut self, chunk: Result<Option<Bytes>>) -> Next<D::Item> {
        match chunk {
            Ok(Some(chunk)) => {
                self.decoder.push(chunk);
                self.next_decoded()
            }
            Ok(None) => {
                self.has_received_all = true;
                self.next_decoded()
            }
            Err(error) => {
                self.has_ended = true;
                Next::Item(Err(error))
            }
        }
    }

    fn end_on_error(&mut self, item: Result<D::Item>) -> Result<D::Item> {
        item.map_err(|error| {
            self.has_ended = true;
            self.response.error(error)
        })
    }
}

impl<B> BodyItems<B, EventDecoder> {
    /// Returns the last id that the server has sent, without that of an event that was cut short: for the header
    /// `Last-Event-ID` of the request that goes on after a lost connection. `None` if this response had none: then the id of
    /// the last one stays valid. Empty if the server has cleared it. `RequestBuilder::event_source` of the client does
    /// this.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response: Response<Body> = Response::new(200, b"id: 7\nretry: 2000\ndata: a\n\nid: 8\ndata: cut")?.into();
    /// let mut events = response.events();
    /// assert_eq!(events.by_ref().count(), 1);
    /// assert_eq!(events.last_event_id(), Some("7"));
    /// assert_eq!(events.retry().unwrap().as_secs(), 2);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn last_event_id(&self) -> Option<&str> {
        self.decoder.last_id()
    }

    /// Returns how long to wait before connecting again, if the server has said it (`retry`). It may be any time: set bounds.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use std::time::Duration;
    ///
    /// use httpx::{Body, Response};
    ///
    /// let response: Response<Body> = Response::new(200, b"retry: 3600000\ndata: a\n\n")?.into();
    /// let mut events = response.events();
    /// assert_eq!(events.next().unwrap()?.data, "a");
    /// let wait = events.retry().unwrap_or(Duration::from_secs(3)).min(Duration::from_secs(60));
    /// assert_eq!(wait.as_secs(), 60);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn retry(&self) -> Option<Duration> {
        self.decoder.retry()
    }
}

// The bounds are those of the methods, so that the compiler explains them for a response that has been read.
impl<B> Response<B> {
    /// Reads the body line by line, while it arrives. A line ends with LF or CR LF, which are not part of it, or with the
    /// body. The text is UTF-8; malformed bytes become U+FFFD, and a byte order mark is dropped. A line has at most 1 MiB
    /// unless [another limit](BodyItems::max_item_bytes) is set.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response, Text};
    ///
    /// let response: Response<Body> = Response::new(200, Text("one\ntwo"))?.into();
    /// for line in response.lines() {
    ///     println!("{}", line?);
    /// }
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[doc(alias = "iter_lines")]
    pub fn lines(self) -> BodyItems<B, LineDecoder>
    where
        B: MessageBody,
    {
        BodyItems::new(self, LineDecoder(LineSplitter::new(LineEnding::LineFeed, MAX_ITEM_BYTES)))
    }

    /// Reads the body as JSON values, one on each line, while it arrives (NDJSON, JSON Lines). Empty lines are skipped. A
    /// line has at most 1 MiB unless [another limit](BodyItems::max_item_bytes) is set.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response: Response<Body> = Response::new(200, b"[1]\n[2, 3]\n")?.into();
    /// let values = response.json_lines::<Vec<u8>>().collect::<httpx::Result<Vec<_>>>()?;
    /// assert_eq!(values, [vec![1], vec![2, 3]]);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[cfg(feature = "json")]
    #[doc(alias = "ndjson")]
    pub fn json_lines<T: serde::de::DeserializeOwned>(self) -> BodyItems<B, JsonLineDecoder<T>>
    where
        B: MessageBody,
    {
        let lines = LineSplitter::new(LineEnding::LineFeed, MAX_ITEM_BYTES);
        BodyItems::new(self, JsonLineDecoder { lines, line: 0, value: std::marker::PhantomData })
    }

    /// Reads the body as server-sent events, while they arrive (WHATWG HTML §9.2). A line and the data of an event have at most
    /// 1 MiB unless [another limit](BodyItems::max_item_bytes) is set. Check the status first, by `error_for_status`; the
    /// `Content-Type` is not checked, so most other bodies are a stream without events.
    ///
    /// A stream may be silent for longer than the read timeout of 30 seconds: set another one for the request. To go on after
    /// a lost connection, use `RequestBuilder::event_source` of the client, or [`last_event_id`](BodyItems::last_event_id).
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response: Response<Body> = Response::new(200, b"data: hello\n\n")?.into();
    /// for event in response.error_for_status()?.events() {
    ///     assert_eq!(event?.data, "hello");
    /// }
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[doc(alias = "sse")]
    #[doc(alias = "EventSource")]
    pub fn events(self) -> BodyItems<B, EventDecoder>
    where
        B: MessageBody,
    {
        BodyItems::new(self, EventDecoder::new(MAX_ITEM_BYTES))
    }
}

/// Decodes lines: see [`Response::lines`].
#[derive(Debug, Clone)]
pub struct LineDecoder(LineSplitter);

impl ItemDecoder for LineDecoder {
    type Item = String;

    fn push(&mut self, bytes: Bytes) {
        self.0.push(&bytes);
    }

    fn next(&mut self) -> Result<Option<String>> {
        Ok(self.0.next_line()?.map(|line| String::from_utf8_lossy(line).into_owned()))
    }

    fn finish(&mut self) -> Result<Option<String>> {
        Ok(self.0.take_rest()?.map(|line| String::from_utf8_lossy(line).into_owned()))
    }

    fn set_max_bytes(&mut self, most: usize) {
        self.0.set_max_bytes(most);
    }
}

/// Decodes a JSON value from each line: see `Response::json_lines`.
#[cfg(feature = "json")]
#[derive(Debug, Clone)]
pub struct JsonLineDecoder<T> {
    lines: LineSplitter,
    /// The number of the last line.
    line: u64,
    value: std::marker::PhantomData<fn() -> T>,
}

#[cfg(feature = "json")]
impl<T: serde::de::DeserializeOwned> ItemDecoder for JsonLineDecoder<T> {
    type Item = T;

    fn push(&mut self, bytes: Bytes) {
        self.lines.push(&bytes);
    }

    fn next(&mut self) -> Result<Option<T>> {
        while let Some(line) = self.lines.next_line()? {
            self.line += 1;
            if !line.trim_ascii().is_empty() {
                return value_of(line, self.line).map(Some);
            }
        }
        Ok(None)
    }

    fn finish(&mut self) -> Result<Option<T>> {
        match self.lines.take_rest()? {
            Some(line) if !line.trim_ascii().is_empty() => value_of(line, self.line + 1).map(Some),
            _ => Ok(None),
        }
    }

    fn set_max_bytes(&mut self, most: usize) {
        self.lines.set_max_bytes(most);
    }
}

#[cfg(feature = "json")]
fn value_of<T: serde::de::DeserializeOwned>(line: &[u8], number: u64) -> Result<T> {
    crate::json::from_slice(line).map_err(|error| error.into_line_error(number))
}

/// `<BodyItems of <Response [200 OK]>>`.
impl<B, D> fmt::Debug for BodyItems<B, D>
where
    Response<B>: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<BodyItems of {:?}>", self.response)
    }
}
