use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

#[cfg(feature = "json")]
use crate::sanitize::{ParserError, sanitized};

use crate::{
    Content, Error, ErrorKind, HeaderValue, Headers, ResponseHead, Result, StatusCode, Url, Version, charset,
};

/// A response; the type of its body is its state.
///
/// `Response<Body>` is streaming: its body comes as it is read. `Response<Bytes>` has been read to completion, and
/// has [`text`](Response::text) and [`json`](Response::json); `read_body` makes it from the first, so that whoever
/// looks before reading is told so by the compiler.
///
/// ```
/// use httpx_core::{Response, Text};
///
/// let response = Response::new(200, Text("Hello, world"))?;
/// assert_eq!(format!("{response:?}"), "<Response [200 OK]>");
/// assert_eq!(response.text(), "Hello, world");
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Response<B = Bytes> {
    head: ResponseHead,
    body: B,
}

impl Response<Bytes> {
    /// A response made by hand, as a mock gives it; `.into()` makes a streaming one of it.
    ///
    /// # Errors
    ///
    /// If the status is no status code, or the content cannot be encoded.
    pub fn new<S>(status: S, content: impl Content) -> Result<Self>
    where
        S: TryInto<StatusCode>,
        Error: From<S::Error>,
    {
        let mut head = ResponseHead::new(status.try_into()?);
        if let Some(content_type) = content.content_type() {
            head.headers_mut().append("Content-Type", content_type.as_bytes())?;
        }
        let body = content.encode()?.into_bytes();
        Ok(Response { head, body })
    }

    /// The body.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body as text, decoded as browsers do: a byte order mark decides, then the charset that `Content-Type`
    /// names, then UTF-8; what is malformed becomes U+FFFD.
    pub fn text(&self) -> Cow<'_, str> {
        charset::decode(self.content_type(), &self.body)
    }

    /// The body as text, or an error.
    ///
    /// # Errors
    ///
    /// Kind [`Text`](ErrorKind::Text), with the charset and the offset of the first malformed byte, or with the
    /// charset that is not known.
    pub fn text_strict(&self) -> Result<Cow<'_, str>> {
        charset::decode_strict(self.content_type(), &self.body)
            .map_err(|error| self.error(Error::new(ErrorKind::Text, format!("the body is no text: {error}"))))
    }

    /// The body as a value of `T`, read as JSON (in UTF-8, as RFC 8259 has it) whatever its `Content-Type` says.
    ///
    /// # Errors
    ///
    /// Kind [`Json`](ErrorKind::Json), with the field (`items[3].price`), line and column where it does not fit.
    ///
    /// ```
    /// use httpx_core::{Json, Response};
    ///
    /// let response = Response::new(200, Json([1, 2, 3]))?;
    /// assert_eq!(response.json::<Vec<u8>>()?, [1, 2, 3]);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let message = match error.path().to_string().as_str() {
                _ if self.status().is_error() => Cow::from(
                    "the body is not the JSON that was asked for, for the server \
                    answered with an error; call error_for_status() first",
                ),
                "." => format!("the body is not the JSON that was asked for; {WHAT_CAME}").into(),
                path => {
                    let path = sanitized(path);
                    format!("the body is not the JSON that was asked for, at {path}; {WHAT_CAME}").into()
                }
            };
            self.error(Error::new(ErrorKind::Json, message).with_source(ParserError::new(error.inner())))
        })?;
        reader.end().map_err(|error| {
            self.error(
                Error::new(ErrorKind::Json, format!("something follows the JSON in the body; {WHAT_CAME}"))
                    .with_source(ParserError::new(&error)),
            )
        })?;
        Ok(value)
    }

    fn content_type(&self) -> Option<&[u8]> {
        self.headers().get("content-type").map(HeaderValue::as_bytes)
    }
}

/// What to do where it is another JSON, or none.
#[cfg(feature = "json")]
const WHAT_CAME: &str = "text() shows what came";

impl<B> Response<B> {
    /// A response of a head and a body.
    pub fn from_parts(head: ResponseHead, body: B) -> Self {
        Response { head, body }
    }

    /// Its head and its body.
    pub fn into_parts(self) -> (ResponseHead, B) {
        (self.head, self.body)
    }

    /// What it says before its body.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// What it says before its body, to change it.
    pub fn head_mut(&mut self) -> &mut ResponseHead {
        &mut self.head
    }

    /// The body.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The body, to read it.
    pub fn body_mut(&mut self) -> &mut B {
        &mut self.body
    }

    /// The body alone.
    pub fn into_body(self) -> B {
        self.body
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        self.head.status()
    }

    /// The reason phrase as the server sent it.
    pub fn reason(&self) -> &str {
        self.head.reason()
    }

    /// The version that the server speaks.
    pub fn version(&self) -> Version {
        self.head.version()
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        self.head.headers()
    }

    /// The URL that answered: after redirects, the last one. `None` for a response that was made by hand and not
    /// sent through a client.
    pub fn url(&self) -> Option<&Url> {
        self.head.url()
    }

    /// The redirects on the way here, oldest first.
    pub fn history(&self) -> &[ResponseHead] {
        self.head.history()
    }

    /// The trailers that came after the body (RFC 9110 §6.5); empty until it has been read.
    pub fn trailers(&self) -> &Headers {
        self.head.trailers()
    }

    /// The length that the server announced, in bytes as they come over the wire. `None` if it announced none, or
    /// if the body was coded and is decoded here.
    pub fn content_length(&self) -> Option<u64> {
        self.headers().get("content-length")?.to_str()?.parse().ok()
    }

    /// How long the server asks to be left alone, by its `Retry-After`: see
    /// [`retry_after`](ResponseHead::retry_after) of the head.
    pub fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        self.head.retry_after(now)
    }

    /// The address of the server, or of what stands in front of it.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.head.remote_addr()
    }

    /// From the start of the call to the whole head of this response.
    pub fn elapsed(&self) -> Option<Duration> {
        self.head.elapsed()
    }

    /// The response itself, or an error if its status is 400 or above; whether it has been read or is streamed.
    ///
    /// The error knows the head, not the body. To read what a server says of its error, look at
    /// [`status`](Response::status) first.
    ///
    /// # Errors
    ///
    /// Kind [`Status`](ErrorKind::Status); the error has the response's head.
    ///
    /// ```
    /// use httpx_core::Response;
    ///
    /// assert!(Response::new(204, ())?.error_for_status().is_ok());
    /// let error = Response::new(404, ())?.error_for_status().unwrap_err();
    /// assert_eq!(error.to_string(), "the server answered 404 Not Found");
    /// assert_eq!(error.status().unwrap(), 404);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn error_for_status(self) -> Result<Self> {
        if !self.status().is_error() {
            return Ok(self);
        }
        let error = Error::new(ErrorKind::Status, format!("the server answered {}", self.status()));
        Err(self.error(error).with_response(self.head))
    }

    /// An error about this response: with the method and the URL of its request, which has been sent, and the URL that
    /// redirects led here from.
    pub(crate) fn error(&self, error: Error) -> Error {
        let Some(request) = self.head.request() else { return error };
        let mut error = request.error(error).answered();
        error.set_history(self.history());
        error
    }

    /// The same for one on its way through I/O; one that is not ours stays as it is.
    #[cfg(any(feature = "blocking", feature = "async"))]
    pub(crate) fn io_error(&self, error: std::io::Error) -> std::io::Error {
        match error.downcast::<Error>() {
            Ok(error) => self.error(error).into(),
            Err(error) => error,
        }
    }
}

/// `<Response [200 OK]>`.
impl<B> fmt::Debug for Response<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Response [{}]>", self.status())
    }
}
