//! [`BodyParts`] and [`BodyPart`]: the parts of a multipart response, read as it arrives. The same for both flavours.

use std::borrow::Cow;
use std::fmt;

use bytes::{Bytes, BytesMut};

use crate::body_items::BodyItems;
use crate::content_disposition::ContentDisposition;
use crate::delimiter::Delimiter;
use crate::multipart_decoder::{MultipartDecoder, PartEvent};
use crate::{
    Error, ErrorKind, HeaderValue, Headers, MediaType, MessageBody, Options, Response, ResponseHead, Result,
    charset, collect,
};

/// The parts of a multipart response, read one after the other as the body arrives.
///
/// [`Response::multipart`] returns it. Only the head of one part (at most 16 KiB and 64 headers) and one chunk of its content
/// are held in memory. The number of parts and their length are not limited.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Body, Response};
///
/// let body = b"--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n";
/// let response = Response::new(200, body)?.with_header("Content-Type", "multipart/mixed; boundary=b")?;
///
/// let mut parts = Response::<Body>::from(response).multipart()?;
/// while let Some(part) = parts.next_part()? {
///     println!("{:?}", part.headers());
///     println!("{}", part.into_text()?);
/// }
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[must_use = "it reads nothing until it is asked for a part"]
pub struct BodyParts<B> {
    pub(crate) items: BodyItems<B, MultipartDecoder>,
    max_part_bytes: u64,
    /// The kind of an error. Every later call fails too, so that a body that was cut short cannot be taken for complete.
    failed: Option<ErrorKind>,
}

/// A part of a multipart response: its headers, and its content, which is read as it arrives.
///
/// [`BodyParts::next_part`] returns it. Read the content with `chunk`, `into_bytes`, `into_text`, or as a `Read` (in the async
/// flavour `AsyncRead`). The next call of `next_part` skips the rest of the content.
///
/// A part can be a multipart body itself: its [`content_type`](BodyPart::content_type) is `multipart/…`. To read it, make a
/// `Response<Body>` of its bytes (`into_bytes`) and its `Content-Type`, and call `multipart` of this response.
#[must_use = "a part that is not read is skipped"]
pub struct BodyPart<'a, B> {
    pub(crate) parts: &'a mut BodyParts<B>,
    headers: Headers,
    /// The rest of the last chunk.
    pub(crate) unread: Bytes,
    pub(crate) has_ended: bool,
}

// The bound is that of the method, so that the compiler explains it for a response that has been read.
impl<B> Response<B> {
    /// Reads a multipart body part by part, while it arrives (RFC 2046 §5.1): `multipart/mixed`, `form-data`, `byteranges`,
    /// `x-mixed-replace` or any other. Bytes before the first part and after the last one are skipped.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// # let response = Response::new(200, b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--")?
    /// #     .with_header("Content-Type", "multipart/form-data; boundary=b")?;
    /// # let response = Response::<Body>::from(response);
    /// let mut parts = response.error_for_status()?.multipart()?;
    /// while let Some(mut part) = parts.next_part()? {
    ///     if part.file_name().is_some() {
    ///         let bytes = std::io::copy(&mut part, &mut std::io::sink())?;
    ///         println!("a file of {bytes} bytes");
    ///     } else {
    ///         println!("a field: {}", part.into_text()?);
    ///     }
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kind [`Protocol`](ErrorKind::Protocol) if the `Content-Type` is not `multipart/…`, or if it has no boundary of 1 to 70
    /// visible ASCII characters and spaces.
    pub fn multipart(self) -> Result<BodyParts<B>>
    where
        B: MessageBody,
    {
        let content_type = self.headers().get("content-type").map(HeaderValue::as_bytes);
        let decoder = match boundary_of(content_type.unwrap_or_default()) {
            Ok(boundary) => MultipartDecoder::new(boundary.as_bytes()),
            Err(error) => return Err(self.error(error)),
        };
        let max_part_bytes = collect::max_body_bytes(self.head()).unwrap_or(Options::MAX_BODY_BYTES);
        Ok(BodyParts { items: BodyItems::new(self, decoder), max_part_bytes, failed: None })
    }
}

/// Returns the boundary in the value of a `Content-Type`.
fn boundary_of(content_type: &[u8]) -> Result<String> {
    let refused = |reason: String| Err(Error::new(ErrorKind::Protocol, reason));
    let shown = String::from_utf8_lossy(content_type);
    let media_type = MediaType::parse(content_type).filter(|media_type| {
        let kind = media_type.essence().get(.."multipart/".len());
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/"))
    });
    let Some(media_type) = media_type else {
        return refused(format!("the body is not multipart: its Content-Type is {shown:?}"));
    };
    let Some(boundary) = media_type.param("boundary") else {
        return refused(format!(
            "the multipart body cannot be split: no boundary is in its Content-Type, {shown:?}"
        ));
    };
    let is_valid = (1..=Delimiter::MAX_BOUNDARY).contains(&boundary.len())
        && boundary.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        && !boundary.ends_with(' ');
    if is_valid {
        return Ok(boundary.into_owned());
    }
    refused(format!(
        "the multipart body cannot be split: a boundary is 1 to {} visible characters, and not {boundary:?}",
        Delimiter::MAX_BOUNDARY
    ))
}

impl<B> BodyParts<B> {
    /// Sets the maximum number of bytes that `into_bytes` and `into_text` of a part return. A longer part is an error of kind
    /// [`TooLarge`](ErrorKind::TooLarge). Defaults to the request's [`max_body_bytes`](Options::max_body_bytes): 100 MiB.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, ErrorKind, Response};
    ///
    /// let response = Response::new(200, b"--b\r\n\r\na long part\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?.max_part_bytes(5);
    /// let error = parts.next_part()?.unwrap().into_bytes().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::TooLarge);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn max_part_bytes(mut self, most: u64) -> Self {
        self.max_part_bytes = most;
        self
    }

    /// Returns the head of the response.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response = Response::new(206, b"")?.with_header("Content-Type", "multipart/byteranges; boundary=b")?;
    /// let parts = Response::<Body>::from(response).multipart()?;
    /// assert_eq!(parts.head().status(), 206);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn head(&self) -> &ResponseHead {
        self.items.head()
    }

    /// Returns the error of a call after one that failed.
    pub(crate) fn check_failed(&self) -> Result<()> {
        match self.failed {
            None => Ok(()),
            Some(kind) => Err(Error::new(kind, "an earlier read of this multipart body failed")),
        }
    }

    /// Remembers an error.
    pub(crate) fn checked(&mut self, event: Option<Result<PartEvent>>) -> Result<Option<PartEvent>> {
        event.transpose().inspect_err(|error| self.failed = Some(error.kind()))
    }

    /// Creates the part that begins here.
    pub(crate) fn part(&mut self, headers: Headers) -> BodyPart<'_, B> {
        BodyPart { parts: self, headers, unread: Bytes::new(), has_ended: false }
    }
}

impl<B> BodyPart<'_, B> {
    /// Returns the headers of the part.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response = Response::new(206, b"--b\r\nContent-Range: bytes 0-2/9\r\n\r\none\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/byteranges; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// let part = parts.next_part()?.unwrap();
    /// assert_eq!(part.headers().get("content-range").unwrap(), "bytes 0-2/9");
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// Returns the name of the form field, from `Content-Disposition`. In `form-data`, the escapes of browsers (`%0A`, `%0D`,
    /// `%22`) are decoded. Bytes that are not UTF-8 become U+FFFD.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let body = b"--b\r\nContent-Disposition: form-data; name=\"a%22b\"; filename=\"c.txt\"\r\n\r\n\r\n--b--";
    /// let response = Response::new(200, body)?.with_header("Content-Type", "multipart/form-data; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// let part = parts.next_part()?.unwrap();
    /// assert_eq!((part.name().as_deref(), part.file_name().as_deref()), (Some("a\"b"), Some("c.txt")));
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn name(&self) -> Option<Cow<'_, str>> {
        self.disposition()?.name()
    }

    /// Returns the file name, from `filename*` (RFC 8187) or `filename` of the `Content-Disposition`.
    ///
    /// **The server chooses the name.** It may contain `/`, `..` or control characters: do not use it as a path.
    pub fn file_name(&self) -> Option<Cow<'_, str>> {
        self.disposition()?.file_name()
    }

    /// Returns the media type of the part, if it has a valid `Content-Type`. A part without this header is plain text
    /// (RFC 2046 §5.1).
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response = Response::new(200, b"--b\r\nContent-Type: image/png\r\n\r\n\r\n--b--")?
    ///     .with_header("Content-Type", "multipart/mixed; boundary=b")?;
    /// let mut parts = Response::<Body>::from(response).multipart()?;
    /// assert!(parts.next_part()?.unwrap().content_type().unwrap().is("image/png"));
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn content_type(&self) -> Option<MediaType<'_>> {
        MediaType::parse(self.headers.get("content-type")?.as_bytes())
    }

    fn disposition(&self) -> Option<ContentDisposition<'_>> {
        Some(ContentDisposition::new(self.headers.get("content-disposition")?.as_bytes()))
    }

    /// Returns the bytes of an event of this part; `None` at its end.
    pub(crate) fn data(&mut self, event: Option<PartEvent>) -> Option<Bytes> {
        match event {
            Some(PartEvent::Data(data)) => Some(data),
            Some(PartEvent::PartEnd | PartEvent::Headers(_)) | None => {
                self.has_ended = true;
                None
            }
        }
    }

    /// Appends a chunk to the collected content.
    ///
    /// # Errors
    ///
    /// Kind [`TooLarge`](ErrorKind::TooLarge).
    pub(crate) fn collect(&self, content: &mut BytesMut, chunk: &[u8]) -> Result<()> {
        let most = self.parts.max_part_bytes;
        if (content.len() as u64).saturating_add(chunk.len() as u64) > most {
            let message = format!(
                "a part of the body is longer than the limit of {most} bytes; raise it with max_part_bytes(), or stream \
                 the part"
            );
            return Err(self.parts.items.response.error(Error::new(ErrorKind::TooLarge, message)));
        }
        content.extend_from_slice(chunk);
        Ok(())
    }

    /// Decodes the content by the charset of the part.
    pub(crate) fn decoded(&self, content: &[u8]) -> String {
        let content_type = self.headers.get("content-type").map(HeaderValue::as_bytes);
        charset::decode(content_type, content).into_owned()
    }
}

/// `<BodyParts of <Response [200 OK]>>`.
impl<B> fmt::Debug for BodyParts<B>
where
    Response<B>: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<BodyParts of {:?}>", self.items.response)
    }
}

/// `<BodyPart {"Content-Type": "text/plain"}>`.
impl<B> fmt::Debug for BodyPart<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<BodyPart {:?}>", self.headers)
    }
}
