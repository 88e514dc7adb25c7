//! [`ReceivedRequest`] owns the head of a request, [`RequestRef`] borrows one.

use std::fmt;

use httpx_core::{Headers, Method, Version};

use crate::Excerpt;

/// The head of a request that a server receives.
///
/// The target is the text of the request line, not a URL: a path, a whole URL, `host:port` or `*`. The host of a whole
/// URL replaces `Host` (RFC 9112 §3.2.2); the two are not compared here.
///
/// ```
/// use httpx_proto::{Headers, Method, ReceivedRequest};
///
/// let head = ReceivedRequest::new(Method::GET, "/a?b=c")?.with_headers(httpx_proto::headers![("Host", "h")]);
/// assert_eq!((head.method(), head.target()), (&Method::GET, "/a?b=c"));
/// assert!(ReceivedRequest::new(Method::GET, "/ HTTP/1.1\r\nX-Evil: 1").is_err());
/// # Ok::<(), httpx_proto::InvalidTarget>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedRequest {
    method: Method,
    target: Box<str>,
    version: Version,
    headers: Headers,
}

/// The text is not a request target: it is empty, or holds a byte other than visible ASCII.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no request target: it must be visible ASCII, without spaces")]
pub struct InvalidTarget(Excerpt);

impl ReceivedRequest {
    /// Creates an HTTP/1.1 head without headers.
    ///
    /// # Errors
    ///
    /// Fails if the target is empty, or holds a byte other than visible ASCII.
    pub fn new(method: Method, target: impl Into<Box<str>>) -> Result<Self, InvalidTarget> {
        let target = target.into();
        if target.is_empty() || !is_visible(&target) {
            return Err(InvalidTarget(Excerpt::new(target.as_bytes())));
        }
        Ok(ReceivedRequest { method, target, version: Version::Http11, headers: Headers::new() })
    }

    /// Returns the head with these headers.
    pub fn with_headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// Returns the head with this version.
    pub fn with_version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the target of the request line: visible ASCII, at least one byte.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Returns the version of the client.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Returns the headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }
}

/// `<ReceivedRequest [GET /] {"Host": "h"}>`.
impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ReceivedRequest [{} {}] {:?}>", self.method, self.target, self.headers)
    }
}

/// The head of a request that a client sends, always as HTTP/1.1.
///
/// It is made from a [`ReceivedRequest`], or field by field.
#[derive(Debug, Clone, Copy)]
pub struct RequestRef<'a> {
    /// The method.
    pub method: &'a Method,
    /// The target of the request line. It is checked when it is written.
    pub target: &'a str,
    /// The `Host` that is written in front of all headers (RFC 9110 §7.2). A `Host` among `headers` replaces it, in
    /// its own place.
    pub host: Option<&'a str>,
    /// The headers, written in their order and case.
    pub headers: &'a Headers,
}

impl<'a> From<&'a ReceivedRequest> for RequestRef<'a> {
    fn from(head: &'a ReceivedRequest) -> Self {
        RequestRef { method: &head.method, target: &head.target, host: None, headers: &head.headers }
    }
}

/// `*VCHAR`.
pub(crate) fn is_visible(text: &str) -> bool {
    // Without a branch per byte, so that it is vectorised.
    text.bytes().fold(true, |fine, byte| fine & (byte > b' ') & (byte < 0x7f))
}
