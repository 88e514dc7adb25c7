use std::fmt;
#[cfg(feature = "url")]
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use crate::{HeaderValue, Headers, StatusCode, Version, retry_after};
#[cfg(feature = "url")]
use crate::{RequestHead, Url};

/// What a response says before its body.
///
/// ```
/// use httpx_core::{Headers, ResponseHead, StatusCode};
///
/// let head = ResponseHead::new(StatusCode::NOT_FOUND).with_headers(httpx_core::headers![("Server", "x")]);
/// assert_eq!((head.status().as_u16(), head.reason()), (404, "Not Found"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseHead {
    status: StatusCode,
    version: Version,
    headers: Headers,
    /// What most don't need, so that a head stays cheap to move.
    extra: Option<Box<Extra>>,
}

#[derive(Clone, Default, PartialEq, Eq)]
struct Extra {
    /// The reason phrase, where it is not the one of the registry.
    reason: Option<Box<str>>,
    trailers: Option<Headers>,
    #[cfg(feature = "url")]
    request: Option<RequestHead>,
    #[cfg(feature = "url")]
    history: Vec<ResponseHead>,
    #[cfg(feature = "url")]
    remote_addr: Option<SocketAddr>,
    #[cfg(feature = "url")]
    elapsed: Option<Duration>,
}

impl ResponseHead {
    /// A head of HTTP/1.1 with no headers.
    #[inline]
    pub fn new(status: StatusCode) -> Self {
        ResponseHead { status, version: Version::Http11, headers: Headers::new(), extra: None }
    }

    /// The same with these headers.
    #[inline]
    pub fn with_headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// The same with this version.
    #[inline]
    pub fn with_version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// The same with this reason phrase, as a server sent it. Control characters become spaces.
    pub fn with_reason(mut self, reason: &str) -> Self {
        if reason != self.reason() {
            self.extra_mut().reason = Some(reason.replace(char::is_control, " ").into());
        }
        self
    }

    /// The status code.
    #[inline]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The reason phrase as the server sent it, or nothing if that is not ASCII; of no meaning to a program (RFC 9112
    /// §4).
    pub fn reason(&self) -> &str {
        match self.extra.as_ref().and_then(|extra| extra.reason.as_deref()) {
            Some(reason) => reason,
            None => self.status.reason(),
        }
    }

    /// The version that the server says it speaks.
    #[inline]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The headers.
    #[inline]
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers, to change them.
    #[inline]
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// How long the server asks to be left alone, by its `Retry-After` (RFC 9110 §10.2.3), which is a number of seconds
    /// or a date: zero if that has passed, none if there is no such header or it makes no sense. It is the server's
    /// word: bound it before you wait so long.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use httpx_core::{Headers, ResponseHead, StatusCode};
    ///
    /// let head = ResponseHead::new(StatusCode::SERVICE_UNAVAILABLE);
    /// assert_eq!(head.retry_after(SystemTime::now()), None);
    /// let head = head.with_headers(httpx_core::headers![("Retry-After", "120")]);
    /// assert_eq!(head.retry_after(SystemTime::now()), Some(Duration::from_secs(120)));
    /// ```
    pub fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        retry_after::wait(self.headers.get("retry-after").map(HeaderValue::as_bytes)?, now)
    }

    /// The trailers that came after the body (RFC 9110 §6.5); empty until it has been read to completion.
    pub fn trailers(&self) -> &Headers {
        static NONE: Headers = Headers::new();
        self.extra.as_ref().and_then(|extra| extra.trailers.as_ref()).unwrap_or(&NONE)
    }

    /// Says what trailers came: for those who read bodies.
    pub fn set_trailers(&mut self, trailers: Headers) {
        if !trailers.is_empty() {
            self.extra_mut().trailers = Some(trailers);
        }
    }

    fn extra_mut(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }
}

#[cfg(feature = "url")]
impl ResponseHead {
    /// The request that this answers, as it was sent last; `None` for a response that was made by hand.
    pub fn request(&self) -> Option<&RequestHead> {
        self.extra.as_ref()?.request.as_ref()
    }

    /// The URL that answered: after redirects, the last one. `None` for a response that was made by hand.
    pub fn url(&self) -> Option<&Url> {
        self.request().map(RequestHead::url)
    }

    /// The redirects on the way here, oldest first, each with its own [`url`](ResponseHead::url).
    pub fn history(&self) -> &[ResponseHead] {
        self.extra.as_ref().map_or(&[], |extra| &extra.history)
    }

    /// The address of the server, or of what stands in front of it.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.extra.as_ref()?.remote_addr
    }

    /// From the start of the call to the whole head of this response.
    pub fn elapsed(&self) -> Option<Duration> {
        self.extra.as_ref()?.elapsed
    }

    /// Sets the request that this answers, without the state of its call: for transports.
    pub fn set_request(&mut self, request: RequestHead) {
        self.extra_mut().request = Some(request.without_call());
    }

    /// Says what redirects led here: for those who write a middleware.
    pub fn set_history(&mut self, history: Vec<ResponseHead>) {
        self.extra_mut().history = history;
    }

    /// Says who answered: for those who write a transport.
    pub fn set_remote_addr(&mut self, addr: SocketAddr) {
        self.extra_mut().remote_addr = Some(addr);
    }

    /// Says how long it took: for those who write a transport.
    pub fn set_elapsed(&mut self, elapsed: Duration) {
        self.extra_mut().elapsed = Some(elapsed);
    }
}

/// `<ResponseHead [200 OK] {"Server": "x"}>`.
impl fmt::Debug for ResponseHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ResponseHead [{}] {:?}>", self.status, self.headers)
    }
}
