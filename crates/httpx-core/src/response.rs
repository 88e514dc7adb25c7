//! A response: a head and a body that is streamed or has been read.

#[cfg(feature = "json")]
mod json;
mod metadata;
mod upgraded;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::{
    Content, Error, ErrorKind, HeaderValue, Headers, ResponseHead, Result, StatusCode, ToHeaderValue,
    Version, charset,
};

/// A response. The type of its body is its state.
///
/// `Response<Body>` is streaming: its body arrives while it is read. `Response<Bytes>` has been read, and has
/// [`text`](Response::text) and [`json`](Response::json); `read_body` makes it of the first. `Response` alone is
/// `Response<Bytes>`.
///
/// `{:?}` shows the status, `{:#?}` also the headers, without secrets.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::{Response, Text};
///
/// let response = Response::new(200, Text("Hello, world"))?;
/// assert_eq!(format!("{response:?}"), "<Response [200 OK]>");
/// assert_eq!(response.text(), "Hello, world");
/// assert_eq!(response.bytes(), "Hello, world");
/// assert!(response.status().is_success() && response.reason() == "OK");
/// assert_eq!(response.headers().get("Content-Type").unwrap(), "text/plain; charset=utf-8");
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Response<B = Bytes> {
    head: ResponseHead,
    body: B,
}

impl Response<Bytes> {
    /// Creates a response, as a mock returns it; `.into()` makes it a streaming one.
    ///
    /// # Errors
    ///
    /// If the status is not a status code, if the content cannot be encoded, or if it is not in memory (a file, for example).
    pub fn new<S>(status: S, content: impl Content) -> Result<Self>
    where
        S: TryInto<StatusCode>,
        Error: From<S::Error>,
    {
        let mut head = ResponseHead::new(status.try_into()?);
        if let Some(content_type) = content.content_type() {
            head.headers_mut().append("Content-Type", content_type.as_bytes())?;
        }
        let body = content.encode()?.into_memory()?;
        Ok(Response { head, body })
    }

    /// Returns the body.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// Returns the body, and drops the head.
    ///
    /// ```
    /// # use httpx_core::{Response, Text};
    /// # let get = || Response::new(200, Text("Hello, world"));
    /// let bytes = get()?.into_bytes();
    /// assert_eq!(bytes, "Hello, world");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn into_bytes(self) -> Bytes {
        self.body
    }

    /// Returns the body as text, decoded as browsers do: a byte order mark decides, then the charset of `Content-Type`,
    /// then UTF-8. Malformed bytes become U+FFFD.
    ///
    /// The text borrows from the response; [`into_text`](Response::into_text) does not.
    pub fn text(&self) -> Cow<'_, str> {
        charset::decode(self.content_type(), &self.body)
    }

    /// Returns the body as [`text`](Response::text), and drops the response.
    ///
    /// ```
    /// # use httpx_core::{Response, Text};
    /// # let get = || Response::new(200, Text("Hello, world"));
    /// let text = get()?.into_text();
    /// assert_eq!(text, "Hello, world");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn into_text(self) -> String {
        self.text().into_owned()
    }

    /// Returns the body as text if it is valid in its charset.
    ///
    /// # Errors
    ///
    /// Kind [`Text`](ErrorKind::Text), with the charset and the offset of the first malformed byte, or with the name of
    /// a charset that is not known.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Response;
    ///
    /// let response = Response::new(200, b"caf\xe9")?; // not UTF-8
    /// assert_eq!(response.text(), "caf\u{fffd}");
    /// assert!(response.text_strict().is_err());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn text_strict(&self) -> Result<Cow<'_, str>> {
        charset::decode_strict(self.content_type(), &self.body).map_err(|error| {
            self.error(Error::new(ErrorKind::Text, format!("the body is not text: {error}")))
        })
    }
}

impl<B> Response<B> {
    /// Creates a response of a head and a body.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Response;
    ///
    /// let (head, body) = Response::new(200, b"a,b")?.into_parts();
    /// let response = Response::from_parts(head, body.len());
    /// assert_eq!(*response.body(), 3);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn from_parts(head: ResponseHead, body: B) -> Self {
        Response { head, body }
    }

    /// Returns the head and the body.
    pub fn into_parts(self) -> (ResponseHead, B) {
        (self.head, self.body)
    }

    /// Returns the head.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// Returns the head, to change it.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::{Response, StatusCode};
    ///
    /// let mut response = Response::new(200, ())?;
    /// *response.head_mut() = response.head().clone().with_reason("Fine");
    /// assert_eq!((response.head().status(), response.reason()), (StatusCode::OK, "Fine"));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn head_mut(&mut self) -> &mut ResponseHead {
        &mut self.head
    }

    /// Returns the body.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// Returns the body, to read it.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx {
    /// #     pub use httpx_core::{*, blocking::*};
    /// #     pub mod models { pub use httpx_core::*; }
    /// #     pub mod network { pub use httpx_core::blocking::*; }
    /// # }
    /// use std::io::Read;
    /// use httpx::{Body, Response};
    ///
    /// let mut response: Response<Body> = Response::new(200, b"a,b")?.into();
    /// let mut text = String::new();
    /// response.body_mut().read_to_string(&mut text)?;
    /// assert_eq!(text, "a,b");
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn body_mut(&mut self) -> &mut B {
        &mut self.body
    }

    /// Returns the body, and drops the head.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Response;
    ///
    /// let response = Response::new(200, b"a,b")?;
    /// assert_eq!(response.into_body(), "a,b");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn into_body(self) -> B {
        self.body
    }

    /// Returns the status code.
    pub fn status(&self) -> StatusCode {
        self.head.status()
    }

    /// Returns the reason phrase as the server sent it.
    pub fn reason(&self) -> &str {
        self.head.reason()
    }

    /// Returns the HTTP version of the response.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Response;
    /// use httpx::models::Version;
    ///
    /// assert_eq!(Response::new(200, ())?.version(), Version::Http11);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn version(&self) -> Version {
        self.head.version()
    }

    /// Returns the headers.
    pub fn headers(&self) -> &Headers {
        self.head.headers()
    }

    /// Returns the headers, to change them, for example in a mock.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Response;
    ///
    /// let mut response = Response::new(200, ())?;
    /// response.headers_mut().append("Via", "1.1 a")?;
    /// assert_eq!(response.headers().len(), 1);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn headers_mut(&mut self) -> &mut Headers {
        self.head.headers_mut()
    }

    /// Returns the response with this header, which replaces all headers of its name: for mocks.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Response;
    ///
    /// let response = Response::new(302, ())?.with_header("Location", "/new")?;
    /// assert_eq!(response.headers().get("location").unwrap(), "/new");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the header is not valid.
    pub fn with_header(mut self, name: &str, value: impl ToHeaderValue) -> Result<Self> {
        self.head.headers_mut().set(name, value)?;
        Ok(self)
    }

    /// Returns an error if the status is 400 or above, else the response.
    ///
    /// The error holds the head, and the body if it has been read: see [`Error::response`] and [`Error::body`].
    ///
    /// # Errors
    ///
    /// Kind [`Status`](ErrorKind::Status).
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Response, Text};
    ///
    /// assert!(Response::new(204, ())?.error_for_status().is_ok());
    /// let error = Response::new(404, Text("no such item"))?.error_for_status().unwrap_err();
    /// assert_eq!(error.to_string(), "the server answered 404 Not Found");
    /// assert_eq!(error.status().unwrap(), 404);
    /// assert_eq!(error.body().unwrap(), "no such item");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn error_for_status(self) -> Result<Self>
    where
        B: 'static,
    {
        if !self.status().is_error() {
            return Ok(self);
        }
        let message = format!("the server answered {}", self.status());
        Err(self.into_error(Error::new(ErrorKind::Status, message)))
    }

    /// Turns the response into an error that holds its head, and its body if that has been read.
    fn into_error(self, error: Error) -> Error
    where
        B: 'static,
    {
        let mut error = self.error(error);
        if let Some(body) = (&self.body as &dyn Any).downcast_ref::<Bytes>() {
            error = error.with_body(body.clone());
        }
        error.with_response(self.head)
    }

    /// Adds the method and the URL of the request to an error, and the URL that redirects led here from. The request has
    /// been sent.
    pub(crate) fn error(&self, error: Error) -> Error {
        let Some(request) = self.head.request() else { return error };
        let mut error = request.error(error).answered();
        error.set_history(self.history());
        error
    }

    /// Does the same for an error inside an I/O error; other I/O errors stay as they are.
    #[cfg(any(feature = "blocking", feature = "async"))]
    pub(crate) fn io_error(&self, error: std::io::Error) -> std::io::Error {
        match error.downcast::<Error>() {
            Ok(error) => self.error(error).into(),
            Err(error) => error,
        }
    }

    fn content_type(&self) -> Option<&[u8]> {
        self.headers().get("content-type").map(HeaderValue::as_bytes)
    }
}

/// `<Response [200 OK]>`; `{:#?}` shows the headers as well.
impl<B> fmt::Debug for Response<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            write!(f, "<Response [{}] {:#?}>", self.status(), self.headers())
        } else {
            write!(f, "<Response [{}]>", self.status())
        }
    }
}

#[cfg(test)]
mod tests;
