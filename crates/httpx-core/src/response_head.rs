//! The head of a response, and facts about its call.

use std::fmt;
#[cfg(feature = "url")]
use std::net::SocketAddr;
#[cfg(feature = "url")]
use std::sync::Arc;
#[cfg(feature = "url")]
use std::time::Instant;
use std::time::{Duration, SystemTime};

#[cfg(feature = "url")]
use crate::upgraded::UpgradeSlot;
use crate::{
    Attempts, CacheHit, HeaderValue, Headers, Link, RequestSent, SetCookie, StatusCode, Version, link,
    retry_after,
};
#[cfg(feature = "url")]
use crate::{ConnectionDetails, Moments, RequestHead, Timings, TlsDetails, UpgradedStream, Url};

/// The head of a response: status, version, headers, and facts about the call.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
/// use httpx::flow::ResponseHead;
/// use httpx::{StatusCode, headers};
///
/// let head = ResponseHead::new(StatusCode::NOT_FOUND).with_headers(headers![("Server", "x")]);
/// assert_eq!((head.status().as_u16(), head.reason()), (404, "Not Found"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseHead {
    status: StatusCode,
    version: Version,
    headers: Headers,
    /// Facts that most heads do not have, in a box, so that a head is cheap to move.
    extra: Option<Box<Extra>>,
}

#[derive(Clone, Default, PartialEq, Eq)]
struct Extra {
    /// The reason phrase, if it is not that of the registry.
    reason: Option<Box<str>>,
    trailers: Option<Headers>,
    request_sent: Option<RequestSent>,
    cache_hit: Option<CacheHit>,
    /// `None` is one attempt.
    attempts: Option<Box<Attempts>>,
    #[cfg(feature = "url")]
    request: Option<RequestHead>,
    #[cfg(feature = "url")]
    history: Vec<ResponseHead>,
    /// The connection that carried the response.
    #[cfg(feature = "url")]
    connection: Option<Arc<ConnectionDetails>>,
    #[cfg(feature = "url")]
    is_reused: bool,
    #[cfg(feature = "url")]
    moments: Option<Moments>,
    #[cfg(feature = "url")]
    upgraded: Option<UpgradeSlot>,
}

/// The facts about an exchange that the server did not send: for transports.
#[doc(hidden)]
#[cfg(feature = "url")]
#[derive(Debug)]
pub struct ExchangeMetadata {
    /// The request.
    pub request: RequestHead,
    /// How much of it has been sent.
    pub request_sent: RequestSent,
    /// The connection that carried the response.
    pub connection: Arc<ConnectionDetails>,
    /// Whether it was open before.
    pub is_reused: bool,
    /// The moments of the exchange.
    pub moments: Moments,
}

impl ResponseHead {
    /// Creates a head of HTTP/1.1 without headers.
    #[inline]
    pub fn new(status: StatusCode) -> Self {
        ResponseHead { status, version: Version::Http11, headers: Headers::new(), extra: None }
    }

    /// Sets the headers.
    #[inline]
    pub fn with_headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// Sets the version. Defaults to HTTP/1.1.
    #[inline]
    pub fn with_version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Sets the reason phrase. Defaults to that of the IANA registry. Control characters become spaces.
    pub fn with_reason(mut self, reason: &str) -> Self {
        if reason != self.reason() {
            self.extra_mut().reason = Some(reason.replace(char::is_control, " ").into());
        }
        self
    }

    /// Returns the status code.
    #[inline]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the reason phrase as the server sent it, or an empty text if that is not ASCII. It means nothing to a
    /// program (RFC 9112 §4).
    pub fn reason(&self) -> &str {
        match self.extra.as_ref().and_then(|extra| extra.reason.as_deref()) {
            Some(reason) => reason,
            None => self.status.reason(),
        }
    }

    /// Returns the HTTP version of the response.
    #[inline]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Returns the headers.
    #[inline]
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// Returns the headers, to change them.
    #[inline]
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// Returns the value of `Content-Length`: the length of the body on the wire, before it is decoded. `None` if there
    /// is none, or if it is not a number. Several equal values count as one (RFC 9110 §8.6).
    pub fn content_length(&self) -> Option<u64> {
        let number = |text: &str| {
            let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { text.parse::<u64>().ok() } else { None }
        };
        let mut lengths = self.headers.get_list("content-length").map(number);
        let first = lengths.next()??;
        lengths.all(|other| other == Some(first)).then_some(first)
    }

    /// Returns the links of the `Link` headers (RFC 8288 §3), in order.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        self.headers.get_all("link").flat_map(|value| link::links(value.as_bytes()))
    }

    /// Returns the cookies that this response sets: its `Set-Cookie` headers, in order, without those that browsers
    /// ignore (see [`SetCookie::parse`]). A cookie jar may refuse some of them.
    pub fn cookies(&self) -> impl Iterator<Item = SetCookie<'_>> {
        self.headers.get_all("set-cookie").filter_map(|value| SetCookie::parse(value.as_bytes()).ok())
    }

    /// Returns how long the server asks the client to wait, by its `Retry-After` (RFC 9110 §10.2.3): a number of seconds
    /// or a date. Zero if the date has passed; `None` if there is no such header, or if it is neither.
    ///
    /// The server chooses this time: limit it before you wait.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
    /// use std::time::{Duration, SystemTime};
    /// use httpx::flow::ResponseHead;
    /// use httpx::{StatusCode, headers};
    ///
    /// let head = ResponseHead::new(StatusCode::SERVICE_UNAVAILABLE);
    /// assert_eq!(head.retry_after(SystemTime::now()), None);
    /// let head = head.with_headers(headers![("Retry-After", "120")]);
    /// assert_eq!(head.retry_after(SystemTime::now()), Some(Duration::from_secs(120)));
    /// ```
    pub fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        retry_after::wait(self.headers.get("retry-after").map(HeaderValue::as_bytes)?, now)
    }

    /// Returns how often the request was sent until this response was received, and why the earlier attempts failed. A
    /// response without retries has one attempt.
    pub fn attempts(&self) -> &Attempts {
        self.extra.as_ref().and_then(|extra| extra.attempts.as_deref()).unwrap_or(Attempts::ONE)
    }

    /// Sets the attempts of the call: for middleware.
    #[doc(hidden)]
    pub fn set_attempts(&mut self, attempts: Attempts) {
        self.extra_mut().attempts = Some(Box::new(attempts));
    }

    /// Returns the trailers, which follow the body (RFC 9110 §6.5); empty until the body has been read.
    pub fn trailers(&self) -> &Headers {
        static NONE: Headers = Headers::new();
        self.extra.as_ref().and_then(|extra| extra.trailers.as_ref()).unwrap_or(&NONE)
    }

    /// Returns how much of the request had been sent when this response ended; for a streamed response, when its head
    /// arrived, until its body has been read. `None` for a response that was not received by a client.
    ///
    /// A server may respond before it has the whole request. If it rejects the request, or does not read the rest of it,
    /// the rest is not sent. A response of status 200 can then belong to a request of which the server has received a
    /// part: compare with [`RequestSent::Complete`] where that matters.
    pub fn request_sent(&self) -> Option<RequestSent> {
        self.extra.as_ref()?.request_sent
    }

    /// Returns how a cache of this client answered: see [`CacheHit`]. `None` for a response of the server, also if that was
    /// stored for later requests.
    pub fn from_cache(&self) -> Option<CacheHit> {
        self.extra.as_ref()?.cache_hit
    }

    /// Sets how a cache answered: for caches.
    pub fn set_from_cache(&mut self, hit: CacheHit) {
        self.extra_mut().cache_hit = Some(hit);
    }

    /// Sets how much of the request has been sent: for transports.
    #[doc(hidden)]
    pub fn set_request_sent(&mut self, sent: RequestSent) {
        self.extra_mut().request_sent = Some(sent);
    }

    /// Sets when the end of the body was read: for readers of bodies.
    #[cfg(feature = "url")]
    #[doc(hidden)]
    pub fn set_body_read(&mut self, at: Instant) {
        if let Some(moments) = self.extra.as_mut().and_then(|extra| extra.moments.as_mut()) {
            moments.body = Some(at);
        }
    }

    /// Sets the trailers: for readers of bodies.
    #[doc(hidden)]
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
    /// Returns the request that this response answers, as it was sent last. `None` for a response that was not received
    /// by a client.
    pub fn request(&self) -> Option<&RequestHead> {
        self.extra.as_ref()?.request.as_ref()
    }

    /// Returns the URL that answered: after redirects, the last one. `None` for a response that was not received by a
    /// client.
    pub fn url(&self) -> Option<&Url> {
        self.request().map(RequestHead::url)
    }

    /// Returns the URL of the first link with this relation type, such as `next`, resolved with the response's
    /// [`url`](ResponseHead::url). Links with an `anchor` are about another resource and are skipped (RFC 8288 §3.2).
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
    /// use httpx::flow::ResponseHead;
    /// use httpx::{StatusCode, headers};
    ///
    /// let head = ResponseHead::new(StatusCode::OK)
    ///     .with_headers(headers![("Link", r#"<https://example.com/items?page=2>; rel="next""#)]);
    /// assert_eq!(head.link("next").unwrap(), "https://example.com/items?page=2");
    /// assert!(head.link("prev").is_none());
    /// ```
    pub fn link(&self, rel: &str) -> Option<Url> {
        let link = self.links().find(|link| link.has_rel(rel) && link.param("anchor").is_none())?;
        match self.url() {
            Some(base) => base.join(link.target()).ok(),
            None => Url::parse(link.target()).ok(),
        }
    }

    /// Returns the redirects that led here, oldest first, each with its own [`url`](ResponseHead::url).
    pub fn history(&self) -> &[ResponseHead] {
        self.extra.as_ref().map_or(&[], |extra| &extra.history)
    }

    /// Returns the address of the server, or of the proxy in front of it.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.connection()?.remote_addr
    }

    /// Returns the address of this side of the connection.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.connection()?.local_addr
    }

    /// Returns the details of the connection that carried the response: its number, addresses, TLS. `None` for a response
    /// that was not received by a client.
    pub fn connection(&self) -> Option<&ConnectionDetails> {
        self.extra.as_ref()?.connection.as_deref()
    }

    /// Returns the parameters of TLS: version, cipher suite, certificates of the server. `None` for `http`.
    pub fn tls(&self) -> Option<&TlsDetails> {
        self.connection()?.tls.as_ref()
    }

    /// Returns whether the connection was open before the request.
    pub fn is_reused(&self) -> bool {
        self.extra.as_ref().is_some_and(|extra| extra.is_reused)
    }

    /// Returns the time of each step. `None` for a response that was not received by a client.
    pub fn timings(&self) -> Option<Timings> {
        let extra = self.extra.as_ref()?;
        let opened = extra.connection.as_deref().filter(|_| !extra.is_reused);
        Some(extra.moments?.timings(opened))
    }

    /// Returns the time from the start of the call to the end of this response's head.
    pub fn elapsed(&self) -> Option<Duration> {
        self.extra.as_ref()?.moments.map(|moments| moments.elapsed())
    }

    /// Sets the request that this response answers, without the state of its call: for transports.
    #[doc(hidden)]
    pub fn set_request(&mut self, request: RequestHead) {
        self.extra_mut().request = Some(request.without_call());
    }

    /// Sets the redirects that led here: for middleware.
    #[doc(hidden)]
    pub fn set_history(&mut self, history: Vec<ResponseHead>) {
        self.extra_mut().history = history;
    }

    /// Sets the facts that the server did not send: for transports.
    #[doc(hidden)]
    #[inline]
    pub fn set_exchange(&mut self, exchange: ExchangeMetadata) {
        let ExchangeMetadata { request, request_sent, connection, is_reused, moments } = exchange;
        let extra = self.extra_mut();
        extra.request = Some(request.without_call());
        extra.request_sent = Some(request_sent);
        (extra.connection, extra.is_reused) = (Some(connection), is_reused);
        extra.moments = Some(moments);
    }

    /// Sets the stream that follows a switch of protocols: for transports.
    #[doc(hidden)]
    pub fn set_upgraded(&mut self, stream: impl UpgradedStream) {
        self.extra_mut().upgraded = Some(UpgradeSlot::new(stream));
    }

    /// Returns the slot of the stream that follows a switch of protocols, if the response has switched.
    pub(crate) fn upgraded(&self) -> Option<&UpgradeSlot> {
        self.extra.as_ref()?.upgraded.as_ref()
    }
}

/// `<ResponseHead [200 OK] {"Server": "x"}>`.
impl fmt::Debug for ResponseHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ResponseHead [{}] {:?}>", self.status, self.headers)
    }
}
