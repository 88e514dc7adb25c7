//! [`Reply`]: what a mock or a test server answers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{Content, Encoded, Error, Response, ResponseHead, Result, StatusCode, Text, ToHeaderValue};

use super::fault::Fault;

/// The answer of a [`Mock`](super::Mock) or a [`TestServer`](super::TestServer): a response, or a [`Fault`].
///
/// It is made of a status (`reply(204)`), a [`Response`], a [`Result`] of one, a [`Fault`], or with these methods. The first
/// invalid setting is remembered, and is the error of the request.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::testing::{Mock, Reply};
///
/// let mock = Mock::new();
/// mock.get("/report").reply(Reply::text("a,b").header("Content-Type", "text/csv").header("ETag", "\"1\""));
/// let client = httpx::Client::builder().transport(mock).build()?;
/// assert_eq!(client.get("https://www.example.com/report").send()?.headers().get("ETag").unwrap(), "\"1\"");
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
#[derive(Clone)]
#[doc(alias = "ResponseTemplate")]
pub struct Reply {
    pub(super) answer: Answer,
    pub(super) delay: Duration,
    /// The number of bytes of the body after which the connection breaks.
    pub(super) cut_after: Option<usize>,
    /// Whether a server sends the body in chunks.
    pub(super) is_chunked: bool,
}

/// What is answered.
#[derive(Clone)]
pub(super) enum Answer {
    Response(Box<Response<Bytes>>),
    Fault(Fault),
    /// See [`owned`].
    Error(Arc<Error>),
}

impl Reply {
    /// A response with this status and no body.
    ///
    /// ```
    /// use httpx::testing::Reply;
    ///
    /// let teapot = Reply::new(418).header("X-Kind", "Earl Grey");
    /// ```
    pub fn new<S>(status: S) -> Self
    where
        S: TryInto<StatusCode>,
        Error: From<S::Error>,
    {
        Response::new(status, ()).into()
    }

    /// A response with status 200 and this text, as `text/plain; charset=utf-8`.
    pub fn text(text: impl Into<String>) -> Self {
        Response::new(200, Text(text.into())).into()
    }

    /// A response with status 200 and this value as JSON.
    ///
    /// ```
    /// use httpx::testing::Reply;
    ///
    /// let created = Reply::json(&["a", "b"]).status(201);
    /// ```
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(value: &T) -> Self {
        Response::new(200, httpx_core::Json(value)).into()
    }

    /// A response with status 200 and this content: `Reply::content(Html("<p>"))`.
    ///
    /// ```
    /// use httpx::Form;
    /// use httpx::testing::Reply;
    ///
    /// let token = Reply::content(Form([("access_token", "t1")]));
    /// ```
    pub fn content(content: impl Content) -> Self {
        Response::new(200, content).into()
    }

    /// Sets the status. Defaults to 200.
    pub fn status<S>(self, status: S) -> Self
    where
        S: TryInto<StatusCode>,
        Error: From<S::Error>,
    {
        let status = status.try_into().map_err(Error::from);
        self.change(|response| {
            let (head, body) = (response.head().clone(), response.body().clone());
            let head =
                ResponseHead::new(status?).with_version(head.version()).with_headers(head.headers().clone());
            *response = Response::from_parts(head, body);
            Ok(())
        })
    }

    /// Adds a header.
    pub fn header(self, name: &str, value: impl ToHeaderValue) -> Self {
        self.change(|response| Ok(response.headers_mut().append(name, value)?))
    }

    /// Sets the body, and leaves `Content-Type` as it is. Defaults to an empty body.
    ///
    /// ```
    /// use httpx::testing::Reply;
    ///
    /// let image = Reply::new(200).header("Content-Type", "image/png").body(b"\x89PNG");
    /// ```
    pub fn body(self, body: impl Into<Encoded>) -> Self {
        let body = body.into();
        self.change(|response| {
            *response.body_mut() = in_memory(body)?;
            Ok(())
        })
    }

    /// Waits this long before it answers. Defaults to no delay.
    ///
    /// The delay counts against the `head` timeout and the total timeout of the request: when one of them passes first, the
    /// request fails with it, as with a slow server. The async flavour does not block the thread.
    ///
    /// ```
    /// use std::time::Duration;
    /// use httpx::testing::Reply;
    ///
    /// let slow = Reply::text("at last").delay(Duration::from_secs(2));
    /// ```
    #[doc(alias = "set_delay")]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Breaks the connection after this number of bytes of the body: reading it fails with
    /// [`Incomplete`](crate::ErrorKind::Incomplete). Defaults to a complete body.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// use httpx::ErrorKind;
    /// use httpx::testing::{Mock, Reply};
    ///
    /// let mock = Mock::new();
    /// mock.get("/").reply(Reply::text("a long text").cut_after(3));
    /// let client = httpx::Client::builder().transport(mock).build()?;
    /// assert_eq!(client.get("http://example.com/").send().unwrap_err().kind(), ErrorKind::Incomplete);
    /// # }
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.cut_after = Some(bytes);
        self
    }

    /// Sends the body in chunks, without a `Content-Length`: for a [`TestServer`](super::TestServer). A mock ignores it.
    pub fn chunked(mut self) -> Self {
        self.is_chunked = true;
        self
    }

    /// A failure in place of a response.
    pub fn fault(fault: Fault) -> Self {
        Reply::of(Answer::Fault(fault))
    }

    pub(super) fn of(answer: Answer) -> Self {
        Reply { answer, delay: Duration::ZERO, cut_after: None, is_chunked: false }
    }

    /// Changes the response, or replaces it by the error. Without a response it does nothing.
    fn change(mut self, change: impl FnOnce(&mut Response<Bytes>) -> Result<()>) -> Self {
        if let Answer::Response(response) = &mut self.answer
            && let Err(error) = change(response)
        {
            self.answer = Answer::Error(Arc::new(error));
        }
        self
    }
}

/// Returns the bytes of a content.
///
/// # Errors
///
/// If it is not in memory.
pub(super) fn in_memory(content: Encoded) -> Result<Bytes> {
    Response::new(200, OnlyBody(content)).map(Response::into_bytes)
}

/// A content without a media type.
struct OnlyBody(Encoded);

impl Content for OnlyBody {
    fn content_type(&self) -> Option<std::borrow::Cow<'static, str>> {
        None
    }

    fn encode(self) -> Result<Encoded> {
        Ok(self.0)
    }
}

/// Returns the error itself if nobody else holds it, else a copy of its kind and message.
pub(super) fn owned(error: Arc<Error>) -> Error {
    Arc::try_unwrap(error).unwrap_or_else(|error| Error::new(error.kind(), error.message().into_owned()))
}

impl From<Response<Bytes>> for Reply {
    fn from(response: Response<Bytes>) -> Self {
        Reply::of(Answer::Response(Box::new(response)))
    }
}

impl From<Error> for Reply {
    fn from(error: Error) -> Self {
        Reply::of(Answer::Error(Arc::new(error)))
    }
}

impl<T: Into<Reply>> From<Result<T>> for Reply {
    fn from(result: Result<T>) -> Self {
        result.map_or_else(Reply::from, T::into)
    }
}

impl From<Fault> for Reply {
    fn from(fault: Fault) -> Self {
        Reply::fault(fault)
    }
}

impl From<StatusCode> for Reply {
    fn from(status: StatusCode) -> Self {
        Reply::new(status)
    }
}

impl From<u16> for Reply {
    fn from(status: u16) -> Self {
        Reply::new(status)
    }
}

/// `Reply(200 OK, 5 bytes)`.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Answer::Response(response) => {
                write!(f, "Reply({}, {} bytes)", response.status(), response.body().len())
            }
            Answer::Fault(fault) => write!(f, "Reply({fault:?})"),
            Answer::Error(error) => write!(f, "Reply({error:?})"),
        }
    }
}
