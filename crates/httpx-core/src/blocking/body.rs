//! A blocking body, read by chunks or as a `Read`.

mod opened;

use std::io::{self, Read};
use std::{fmt, fs};

use bytes::Bytes;

use super::BodySource;
use crate::chunk_buffer::ChunkBuffer;
use crate::collect::{self, Collected};
use crate::encoded::Segment;
use crate::file;
use crate::message_body::UnopenedBody;
use crate::message_body::sealed;
use crate::payload::{Collecting, Payload, copy_from, failed_before, unreadable};
use crate::streamed::{Need, Streamed};
use crate::{Encoded, Headers, Length, MessageBody, Options, Response, ResponseHead, Result};
use opened::Blocking;

/// The body of a request or a response, read with [`Read`].
///
/// A body made of bytes or a [`File`](crate::File) can be sent again, after a redirect for example; a body made of a reader
/// or an iterator cannot. The body of a response is decoded while it is read. If it is dropped early, its connection is
/// closed, unless the rest is short and has already arrived.
///
/// ```
/// # mod httpx { pub use httpx_core::blocking::*; }
/// use std::io::Read;
/// use httpx::Body;
///
/// let mut body = Body::from_reader(std::io::repeat(b'x').take(3));
/// let mut text = String::new();
/// body.read_to_string(&mut text)?;
/// assert_eq!(text, "xxx");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Default)]
pub struct Body {
    pub(super) payload: Payload<Blocking>,
    pub(super) chunk: ChunkBuffer,
}

impl Body {
    /// An empty body.
    pub fn empty() -> Self {
        Body::default()
    }

    /// A body that is read from this reader while it is sent. Its length is unknown, so it is sent in chunks.
    pub fn from_reader(reader: impl Read + Send + 'static) -> Self {
        Body::new(Payload::<Blocking>::reader(Box::new(reader), None))
    }

    /// A body of this length in bytes that is read from this reader while it is sent. Sending fails if the reader has fewer or
    /// more bytes. To send the beginning of a reader, use `reader.take(length)`.
    ///
    /// For a file on disk use a [`File`](crate::File), which can be sent again.
    pub fn from_sized_reader(reader: impl Read + Send + 'static, length: u64) -> Self {
        Body::new(Payload::<Blocking>::reader(Box::new(reader), Some(length)))
    }

    /// A body that is made of the items of an iterator while it is sent. Items of more than 16 KiB are not copied; smaller ones
    /// are collected in a buffer. The length is unknown, so the body is sent in chunks.
    ///
    /// ```
    /// # mod httpx { pub use bytes::Bytes; pub use httpx_core::blocking::*; }
    /// use std::io;
    ///
    /// use httpx::{Body, Bytes};
    ///
    /// let lines = ["a,b\n", "1,2\n"].map(|line| Ok::<_, io::Error>(Bytes::from(line)));
    /// assert_eq!(Body::from_chunks(lines).into_bytes()?, "a,b\n1,2\n");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn from_chunks<I, E>(chunks: I) -> Self
    where
        I: IntoIterator<Item = Result<Bytes, E>, IntoIter: Send + 'static>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Encoded::from_chunks(chunks, None).into()
    }

    /// A body as [`from_chunks`](Body::from_chunks) makes it, of this length in bytes. Sending fails if the items of the iterator
    /// have fewer or more bytes together.
    ///
    /// ```
    /// # mod httpx { pub use bytes::Bytes; pub use httpx_core::blocking::*; pub mod models { pub use httpx_core::*; } }
    /// use std::io;
    ///
    /// use httpx::models::{Length, MessageBody};
    /// use httpx::{Body, Bytes};
    ///
    /// let chunks = vec![Ok::<_, io::Error>(Bytes::from("12")), Ok(Bytes::from("345"))];
    /// assert_eq!(Body::from_sized_chunks(chunks, 5).length(), Length::Known(5));
    /// ```
    pub fn from_sized_chunks<I, E>(chunks: I, length: u64) -> Self
    where
        I: IntoIterator<Item = Result<Bytes, E>, IntoIter: Send + 'static>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Encoded::from_chunks(chunks, Some(length)).into()
    }

    /// The body of a response that is read from this source. For authors of transports.
    ///
    /// `headers` are the response's. If they name content codings that are decoded here, `Content-Encoding` and
    /// `Content-Length` are removed from them. `options` are the request's.
    pub fn from_source(source: Box<dyn BodySource>, headers: &mut Headers, options: &Options) -> Self {
        Body::new(Payload::Streamed(Streamed::new(source, headers, options)))
    }

    /// Reads the body to its end.
    ///
    /// # Errors
    ///
    /// If the body is cut short, cannot be decoded, is late, or is longer than the request's
    /// [`max_body_bytes`](Options::max_body_bytes): kind [`TooLarge`](crate::ErrorKind::TooLarge).
    pub fn into_bytes(self) -> Result<Bytes> {
        self.collect(None).map(|collected| collected.bytes)
    }

    /// Reads the next chunk, of at most 16 KiB, as soon as some bytes are there. Returns `None` at the end. A body made
    /// of bytes is one chunk; the chunks of a body made of an iterator are the items of the iterator.
    ///
    /// # Errors
    ///
    /// As [`into_bytes`](Body::into_bytes), without the limit. After an error, every later call fails too.
    pub fn chunk(&mut self) -> Result<Option<Bytes>> {
        loop {
            match self.try_chunk() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                chunk => return chunk.map_err(unreadable),
            }
        }
    }

    /// Reads the next chunk, as [`chunk`](Body::chunk) does. The error `Interrupted` ends a long row of empty chunks.
    fn try_chunk(&mut self) -> io::Result<Option<Bytes>> {
        self.open()?;
        if let Some(bytes) = self.payload.take_bytes() {
            return Ok((!bytes.is_empty()).then_some(bytes));
        }
        if self.has_chunks() {
            return self.next_chunk();
        }
        let mut chunk = std::mem::take(&mut self.chunk);
        let read = self.read(chunk.spare_mut());
        let bytes = read.map(|n| chunk.take(n));
        self.chunk = chunk;
        bytes
    }

    /// Reads and drops the rest of a response's body, undecoded, so that its connection can be used again.
    ///
    /// Reads at most `max_bytes`, in at most 64 reads and one second. If the body does not end within that, or its
    /// connection cannot be used again anyway, the connection is closed.
    pub fn drain(self, max_bytes: u64) {
        let Payload::Streamed(mut body) = self.payload.without_filled() else { return };
        let Some(mut budget) = body.start_drain(max_bytes) else { return };
        while let Some(source) = body.source() {
            let filled = source.fill().map(<[u8]>::len);
            if !body.drop_filled(filled, &mut budget) {
                return;
            }
        }
    }

    /// Opens the files of a body, whose length is known afterwards. For transports.
    ///
    /// # Errors
    ///
    /// Kind [`Body`](crate::ErrorKind::Body), if a file cannot be opened.
    #[doc(hidden)]
    #[inline]
    pub fn open(&mut self) -> Result<()> {
        match self.payload.take_unopened() {
            None => Ok(()),
            Some(body) => self.open_files(*body),
        }
    }

    /// Returns the next chunk of a body that is made of chunks, without a copy; `None` at the end. For transports.
    ///
    /// # Errors
    ///
    /// If the iterator fails, or if the body is longer than announced.
    #[doc(hidden)]
    pub fn next_chunk(&mut self) -> io::Result<Option<Bytes>> {
        let Payload::Chunks(chunks) = &mut self.payload else { return Ok(None) };
        let chunk = chunks.source().next_chunk();
        self.payload.remember(chunk)
    }

    pub(super) fn new(payload: Payload<Blocking>) -> Self {
        Body { payload, chunk: ChunkBuffer::default() }
    }

    #[cold]
    fn open_files(&mut self, mut body: UnopenedBody<Body>) -> Result<()> {
        let opened = body.open_files().map(|()| body);
        self.payload.set_opened(opened)
    }

    fn collect(mut self, max_bytes: Option<u64>) -> Result<Collected> {
        let mut collector = match self.payload.start_collecting(max_bytes)? {
            Collecting::Done(collected) => return Ok(collected),
            Collecting::Reading(collector) => collector,
        };
        loop {
            let n = self.read_uninterrupted(collector.spare_mut())?;
            if collector.filled(n)? {
                let end = self.payload.take_end();
                return Ok(Collected { bytes: collector.into_bytes(), end });
            }
        }
    }

    /// Reads, and again if that was interrupted by a signal.
    pub(super) fn read_uninterrupted(&mut self, buf: &mut [u8]) -> Result<usize> {
        loop {
            match self.read(buf) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read.map_err(unreadable),
            }
        }
    }
}

/// The errors of a response hold an [`Error`](crate::Error): [`Error::from_io`](crate::Error::from_io) takes it out.
impl Read for Body {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.payload {
            Payload::Bytes(bytes) => return Ok(copy_from(bytes, buf)),
            Payload::Reader(source) => {
                let (reader, room) = source.room(buf);
                reader.read(room)
            }
            Payload::Chunks(chunks) => chunks.source().read(buf),
            Payload::Unopened(_) | Payload::Opening(_) => match self.open() {
                Ok(()) => return self.read(buf),
                Err(error) => Err(error.into()),
            },
            Payload::Streamed(body) => match body.read(buf) {
                Ok(n) => return Ok(n),
                Err(error) => Err(error.into()),
            },
            Payload::Filled { .. } => return Ok(self.payload.read_filled(buf)),
            Payload::Failed { kind, .. } => return Err(failed_before(*kind)),
        };
        self.payload.check_read(read, buf.len())
    }
}

impl Streamed<dyn BodySource> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        loop {
            match self.next(buf)? {
                Need::Done(n) => return Ok(n),
                Need::Plain(source) => {
                    let n = source.read(buf)?;
                    return Ok(self.read_plain(n));
                }
                Need::Encoded(source, decoder) => {
                    let n = decoder.decode(source.fill()?, buf)?;
                    source.consume(n);
                }
                Need::Pause => {}
            }
        }
    }
}

impl MessageBody for Body {
    type Reading = Result<Response<Bytes>>;

    fn read_response(self, head: ResponseHead) -> Result<Response<Bytes>> {
        let collected = self.collect(collect::max_body_bytes(&head));
        Response::from_collected(head, collected)
    }

    #[inline]
    fn length(&self) -> Length {
        self.payload.length()
    }

    fn as_bytes(&self) -> Option<&Bytes> {
        self.payload.as_bytes()
    }

    fn try_clone(&self) -> Option<Self> {
        self.payload.try_clone().map(Body::new)
    }

    fn has_chunks(&self) -> bool {
        matches!(self.payload, Payload::Chunks(_))
    }
}

impl sealed::Sealed for Body {
    fn from_unopened(body: UnopenedBody<Self>) -> Self {
        Body::new(Payload::unopened(body))
    }

    fn from_segment(segment: Segment) -> Self {
        Body::new(Payload::of_segment(segment))
    }

    fn unopened(&self) -> Option<&UnopenedBody<Self>> {
        self.payload.as_unopened()
    }

    fn unopened_mut(&mut self) -> Option<&mut UnopenedBody<Self>> {
        self.payload.as_unopened_mut()
    }

    fn take_end(&mut self) -> Option<Box<sealed::BodyEnd>> {
        self.payload.take_end()
    }
}

/// From bytes, text, and every other [`Encoded`] content.
impl<T: Into<Encoded>> From<T> for Body {
    fn from(content: T) -> Self {
        Body::new(content.into().into())
    }
}

/// Sends an open file from its current position to its end. The length of a regular file is known; another file is sent in
/// chunks. The body cannot be sent again. A [`File`](crate::File), which has a path, can.
impl From<fs::File> for Body {
    fn from(mut file: fs::File) -> Self {
        match length_left(&mut file) {
            Some(length) => Body::from_sized_reader(file, length),
            None => Body::from_reader(file),
        }
    }
}

fn length_left(file: &mut fs::File) -> Option<u64> {
    let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
    let length = metadata.len().checked_sub(io::Seek::stream_position(file).ok()?)?;
    // Files in /proc have the size 0, but are not empty.
    (length > 0 || file::is_at_end(file).ok()?).then_some(length)
}

/// `Body(3 bytes)`, `Body(streamed)`.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.payload.describe(f)
    }
}
