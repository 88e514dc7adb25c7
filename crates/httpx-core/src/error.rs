//! [`Error`]: the one error type of all crates.

mod convert;
mod kind;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;
use std::{fmt, io};

use bytes::Bytes;

pub use kind::{ErrorKind, RequestSent, Timeout};

#[cfg(feature = "url")]
use crate::RequestHead;
use crate::sanitize::{sanitized, truncated};
use crate::{Attempts, NotRetried, ResponseHead, StatusCode};

/// What to do if a part of the body has been received. Downloads that can be resumed replace it.
pub const REST_ADVICE: &str = "send the request again, or request the rest with Range";

/// The result of this library's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request failed.
///
/// The message names the attempt, the URL, the failure and the remedy. Programs use [`kind`](Error::kind) and the
/// predicates. Long texts are truncated, and control characters are escaped.
///
/// **The URL is shown with its query**, but never with its user information. If a query holds a secret, send the secret in a
/// header instead, or log the [`kind`](Error::kind) and the [`message`](Error::message) alone.
///
/// `Display` shows the message and its causes, each once. The causes are also the [`source`](StdError::source) chain:
/// a reporter that prints this chain after the error repeats them; [`message`](Error::message) is the text without them.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Connect, "could not connect to 127.0.0.1:1; is a server listening there?")
///     .with_source(std::io::Error::from(std::io::ErrorKind::ConnectionRefused))
///     .with_request("GET", "http://127.0.0.1:1/");
/// assert!(error.is_connect());
/// assert_eq!(
///     error.to_string(),
///     "GET http://127.0.0.1:1/: could not connect to 127.0.0.1:1; is a server listening there?: connection refused",
/// );
/// assert_eq!(error.kind(), ErrorKind::Connect);
/// assert_eq!((error.method(), error.url()), (Some("GET"), Some("http://127.0.0.1:1/")));
/// assert_eq!(error.message(), "could not connect to 127.0.0.1:1; is a server listening there?");
/// assert!(!error.is_timeout() && error.timeout().is_none() && error.redirected_from().is_none());
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    method: Option<String>,
    /// The URL without secrets, truncated.
    url: Option<String>,
    /// The first URL of the call, without secrets and truncated, if redirects led away from it.
    redirected_from: Option<String>,
    sent: Option<RequestSent>,
    timeout: Option<Duration>,
    response: Option<Box<ResponseHead>>,
    body: Option<Bytes>,
    attempts: Option<Box<Attempts>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Creates an error of this kind. The message names the failure and the remedy, without a full stop, and
    /// without the words of its source.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            method: None,
            url: None,
            redirected_from: None,
            sent: None,
            timeout: None,
            response: None,
            body: None,
            attempts: None,
            source: None,
        }))
    }

    /// Sets the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Sets the method and the URL of the request, unless they are known already. Give the URL without user
    /// information, as [`Url::redacted`](crate::Url::redacted) does.
    pub fn with_request(mut self, method: &str, url: &str) -> Self {
        match &self.0.url {
            None => self = self.with_method(method).with_url(url),
            Some(known) if *known == truncated(url) => self = self.with_method(method),
            Some(_) => {}
        }
        self
    }

    /// Sets the method of the request, unless it is known already.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } pub mod flow { pub use httpx_core::*; } }
    /// use httpx::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::InvalidUrl, "it has no host").with_method("GET");
    /// assert_eq!(error.to_string(), "GET: it has no host");
    /// ```
    pub fn with_method(mut self, method: &str) -> Self {
        self.0.method.get_or_insert_with(|| truncated(method).into_owned());
        self
    }

    /// Sets the URL of the request, without user information, unless it is known already.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } pub mod flow { pub use httpx_core::*; } }
    /// use httpx::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Other, "the cache is full").with_url("http://example.com/");
    /// assert_eq!(error.to_string(), "http://example.com/: the cache is full");
    /// ```
    pub fn with_url(mut self, url: &str) -> Self {
        self.0.url.get_or_insert_with(|| truncated(url).into_owned());
        self
    }

    /// Sets how much of the request had been written.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } pub mod flow { pub use httpx_core::*; } }
    /// use httpx::models::RequestSent;
    /// use httpx::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Io, "the connection broke").with_request_sent(RequestSent::Partial);
    /// assert_eq!(error.request_sent(), Some(RequestSent::Partial));
    /// ```
    pub fn with_request_sent(mut self, sent: RequestSent) -> Self {
        self.0.sent = Some(sent);
        self
    }

    /// Sets the length of the timeout that passed.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } pub mod flow { pub use httpx_core::*; } }
    /// use std::time::Duration;
    /// use httpx::models::Timeout;
    /// use httpx::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Timeout(Timeout::Read), "no answer").with_timeout(Duration::from_secs(5));
    /// assert!(error.is_timeout());
    /// assert_eq!(error.timeout(), Some(Duration::from_secs(5)));
    /// ```
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout = Some(timeout);
        self
    }

    /// Sets the response that the error is about. Its request has been sent then, if nothing else is known.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } pub mod flow { pub use httpx_core::*; } }
    /// use httpx::flow::ResponseHead;
    /// use httpx::{Error, ErrorKind, StatusCode};
    ///
    /// let head = ResponseHead::new(StatusCode::BAD_GATEWAY);
    /// let error = Error::new(ErrorKind::Other, "the cache is stale").with_response(head);
    /// assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    /// ```
    pub fn with_response(mut self, response: ResponseHead) -> Self {
        self.0.response = Some(Box::new(response));
        self.answered()
    }

    /// Puts a text before the message: `context: message`.
    #[doc(hidden)]
    pub fn in_context(mut self, context: &str) -> Self {
        self.0.message = format!("{context}: {}", self.0.message).into();
        self
    }

    /// Replaces the advice at the end of the message, if it is this one.
    #[doc(hidden)]
    pub fn replace_advice(mut self, advice: &str, replacement: &str) -> Self {
        if let Some(text) = self.0.message.strip_suffix(advice) {
            self.0.message = format!("{text}{replacement}").into();
        }
        self
    }

    /// Records that there was a response.
    pub(crate) fn answered(mut self) -> Self {
        self.0.sent.get_or_insert(RequestSent::Complete);
        self
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the message alone: without the request, and without the causes.
    pub fn message(&self) -> Cow<'_, str> {
        sanitized(&self.0.message)
    }

    /// Returns the message and the causes, each once: the text of `Display` without the request.
    #[doc(hidden)]
    pub fn message_with_causes(&self) -> String {
        let mut text = self.message().into_owned();
        for cause in self.causes() {
            let cause = cause.to_string();
            let cause = sanitized(&cause);
            // Some errors show their own causes, as this one does.
            if !text.contains(&*cause) {
                text = format!("{text}: {cause}");
            }
        }
        text
    }

    /// Returns whether a timeout passed, any of the six.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout(_))
    }

    /// Returns whether no connection could be made: the name did not resolve, its addresses are not allowed, no server
    /// answered, a proxy opened no tunnel, TLS failed, or it took too long. No server has received the request then. After a redirect it
    /// returns `false`, because the first server has received it.
    pub fn is_connect(&self) -> bool {
        use ErrorKind::{AddressRefused, Connect, Proxy, Resolve, Tls};
        // A server may reject our client certificate after it has received the request.
        let is_sent = matches!(self.0.sent, Some(RequestSent::Partial | RequestSent::Complete));
        !is_sent
            && matches!(
                self.0.kind,
                Resolve | Connect | AddressRefused | Proxy | Tls | ErrorKind::Timeout(Timeout::Connect)
            )
    }

    /// Returns whether the same request may succeed a little later.
    ///
    /// That is so if the server was not reached, the connection broke, the response was cut short, a timeout passed
    /// other than the total one, or the status was 408, 429, 500, 502, 503 or 504. It is not so if the host does not
    /// exist, if the request, the certificate or the response is wrong, or if an I/O error did not come from this
    /// library (a full disk, say).
    ///
    /// Before you send the request again, read [`retry_after`](ResponseHead::retry_after) of the
    /// [`response`](Error::response), and check that sending it twice does no harm, by
    /// [`Method::is_idempotent`](crate::Method::is_idempotent) or [`request_sent`](Error::request_sent).
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Error, ErrorKind};
    ///
    /// assert!(Error::new(ErrorKind::Connect, "refused").is_transient());
    /// assert!(!Error::new(ErrorKind::Tls, "expired").is_transient());
    /// ```
    pub fn is_transient(&self) -> bool {
        use ErrorKind::{Connect, Incomplete, Io, Proxy, Resolve, Status, Timeout as TimedOut};
        match self.0.kind {
            // Without a request it is an error of the user's I/O.
            Io => self.0.url.is_some() || self.0.sent.is_some(),
            // As in curl's --retry.
            Status | Proxy => self
                .status()
                .is_some_and(|status| matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)),
            Resolve => !self.host_does_not_exist(),
            TimedOut(timeout) => timeout != Timeout::Total,
            kind => matches!(kind, Connect | Incomplete),
        }
    }

    /// Returns whether the host's name does not exist: an I/O error of kind `NotFound` is a cause.
    fn host_does_not_exist(&self) -> bool {
        let is_not_found = |cause: &(dyn StdError + 'static)| {
            cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        self.causes().any(is_not_found)
    }

    fn causes(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        std::iter::successors(self.source(), |&cause| cause.source())
    }

    /// Returns the length of the timeout that passed, as it was set.
    #[doc(alias = "limit")]
    pub fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    /// Returns the method of the request that failed.
    pub fn method(&self) -> Option<&str> {
        self.0.method.as_deref()
    }

    /// Returns the URL of the request that failed, without user information: after redirects, the last one. The middle
    /// of a URL of more than 1,000 characters is replaced by `…`. `None` for an I/O error that did not come from this
    /// library.
    pub fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// Returns the URL that was requested at first, if redirects led from it to another [`url`](Error::url).
    pub fn redirected_from(&self) -> Option<&str> {
        self.0.redirected_from.as_deref().filter(|first| self.url() != Some(first))
    }

    /// Returns the status of the response that the error is about.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status())
    }

    /// Returns the head of the response that the error is about: the last one of too many redirects, the one with an
    /// error status.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } pub mod flow { pub use httpx_core::*; } }
    /// use httpx::Response;
    ///
    /// let response = Response::new(429, ())?.with_header("X-Quota", "daily")?;
    /// let error = response.error_for_status().unwrap_err();
    /// assert_eq!(error.response().unwrap().headers().get("X-Quota").unwrap(), "daily");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn response(&self) -> Option<&ResponseHead> {
        self.0.response.as_deref()
    }

    /// Returns the body of the response that the error is about, if it had been read: after `error_for_status` of a
    /// `Response<Bytes>`, and after `json`.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } pub mod flow { pub use httpx_core::*; } }
    /// use httpx::{Response, Text};
    ///
    /// let error = Response::new(422, Text("the name is taken"))?.error_for_status().unwrap_err();
    /// assert_eq!(error.status().unwrap(), 422);
    /// assert_eq!(error.body().unwrap(), "the name is taken");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn body(&self) -> Option<&Bytes> {
        self.0.body.as_ref()
    }

    /// Returns how often the request was sent, and why the earlier attempts failed.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Error, ErrorKind};
    ///
    /// assert_eq!(Error::new(ErrorKind::Connect, "refused").attempts().count(), 1);
    /// ```
    pub fn attempts(&self) -> &Attempts {
        match (&self.0.attempts, &self.0.response) {
            (Some(attempts), _) => attempts,
            (None, Some(response)) => response.attempts(),
            (None, None) => Attempts::ONE,
        }
    }

    /// Sets the attempts of the call: for middleware.
    #[doc(hidden)]
    pub fn set_attempts(&mut self, attempts: Attempts) {
        self.0.attempts = Some(Box::new(attempts));
    }

    /// Returns how much of the request had been written, if that is known. After `Nothing` the server cannot have acted
    /// on it. Once there is a response it is `Complete`, even if the server answered before it had read everything.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } pub mod flow { pub use httpx_core::*; } }
    /// use httpx::Error;
    /// use httpx::models::RequestSent;
    ///
    /// /// Returns whether a payment may be sent again.
    /// fn is_unsent(error: &Error) -> bool {
    ///     error.request_sent() == Some(RequestSent::Nothing)
    /// }
    /// ```
    pub fn request_sent(&self) -> Option<RequestSent> {
        self.0.sent
    }
}

#[cfg(feature = "url")]
impl Error {
    /// Sets the body of the response that the error is about.
    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.0.body = Some(body);
        self
    }

    /// Sets the redirects that led to the request that failed, oldest first: for middleware.
    #[doc(hidden)]
    pub fn set_history(&mut self, history: &[ResponseHead]) {
        if let Some(first) = history.first().and_then(ResponseHead::url) {
            self.0.redirected_from.get_or_insert_with(|| truncated(&first.redacted()).into_owned());
        }
    }
}

#[cfg(feature = "url")]
impl RequestHead {
    /// Adds the method and the URL of this request to an error.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
    /// use httpx::flow::RequestHead;
    /// use httpx::{Error, ErrorKind, Method, Url};
    ///
    /// let head = RequestHead::new(Method::GET, Url::parse("http://example.com/")?);
    /// let error = head.error(Error::new(ErrorKind::Other, "the cache is full"));
    /// assert_eq!(error.to_string(), "GET http://example.com/: the cache is full");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn error(&self, error: Error) -> Error {
        error.with_request(self.method().as_str(), &self.url().redacted())
    }
}

/// `GET http://h/: could not connect to h; is a server listening there?: connection refused`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut from =
            self.redirected_from().map(|first| format!(" (redirected from {first})")).unwrap_or_default();
        let attempts = self.attempts();
        if attempts.count() > 1 {
            from += &format!(" (after {} attempts)", attempts.count());
        }
        match (self.method(), self.url()) {
            (Some(method), Some(url)) => write!(f, "{method} {url}{from}: ")?,
            (Some(part), None) | (None, Some(part)) => write!(f, "{part}{from}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.message_with_causes())?;
        match attempts.not_retried() {
            // The number of attempts tells it.
            None | Some(NotRetried::NoAttemptsLeft) => Ok(()),
            Some(reason) => write!(f, " (not retried: {reason})"),
        }
    }
}

/// Shows the kind, the text of `Display`, and the status or how much of the request was sent: readable at the end of a
/// `main` that returns the error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, sent, response, .. } = &*self.0;
        write!(f, "{kind:?}: {self}")?;
        match (response, sent) {
            // The message names the status.
            (Some(_), _) if *kind == ErrorKind::Status => Ok(()),
            (Some(response), _) => write!(f, " (response: {})", response.status()),
            (None, Some(sent)) => write!(f, " (request sent: {sent})"),
            (None, None) => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests;
