use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::{Content, Error, Headers, IntoUrl, MessageBody, Method, Options, Result, Url, basic_auth};

/// What a request says before its body: method, URL, headers, and the settings that it carries.
///
/// Its parts are shared and copied on write, so that a clone costs a counter.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestHead(Arc<Parts>);

#[derive(Clone, PartialEq, Eq)]
struct Parts {
    method: Method,
    url: Url,
    headers: Headers,
    options: Options,
    /// When the call began that this head is sent in.
    started: Option<Instant>,
}

impl RequestHead {
    /// A head without headers. User information in the URL becomes `Authorization: Basic`, and is cut from the URL.
    pub fn new(method: Method, url: Url) -> Self {
        RequestHead::from_parts(method, url, Headers::new(), Options::default())
    }

    /// A head of all its parts. User information in the URL becomes `Authorization: Basic`, unless there is an
    /// `Authorization` already, and is cut from the URL.
    pub fn from_parts(method: Method, url: Url, headers: Headers, options: Options) -> Self {
        let mut parts = Parts { method, url, headers, options, started: None };
        parts.take_user_info();
        RequestHead(Arc::new(parts))
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The URL, without user information.
    pub fn url(&self) -> &Url {
        &self.0.url
    }

    /// The headers that were set; `Host` and the framing of the body are added when the head is written.
    pub fn headers(&self) -> &Headers {
        &self.0.headers
    }

    /// The settings.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// Sets the method.
    pub fn set_method(&mut self, method: Method) {
        self.parts().method = method;
    }

    /// Sets the URL. User information in it becomes `Authorization: Basic`, unless there is one.
    pub fn set_url(&mut self, url: Url) {
        let parts = self.parts();
        parts.url = url;
        parts.take_user_info();
    }

    /// The headers, to change them.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.parts().headers
    }

    /// The settings, to change them.
    pub fn options_mut(&mut self) -> &mut Options {
        &mut self.parts().options
    }

    /// Says when the call begins, unless it has begun: from here its total timeout runs. Whoever comes first, of the
    /// layers that a request goes through, says it.
    pub fn begin(&mut self, now: impl FnOnce() -> Instant) -> Instant {
        match self.0.started {
            Some(started) => started,
            None => *self.parts().started.insert(now()),
        }
    }

    /// When the call began.
    pub fn started(&self) -> Option<Instant> {
        self.0.started
    }

    /// When the whole call must have ended: its beginning and its total timeout.
    pub fn deadline(&self) -> Option<Instant> {
        self.0.started?.checked_add(self.0.options.timeouts.total?)
    }

    /// An error about this request: with its method and its URL.
    pub fn error(&self, error: Error) -> Error {
        error.with_request(self.method().as_str(), &self.url().redacted())
    }

    fn parts(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }
}

impl Parts {
    fn take_user_info(&mut self) {
        if !self.url.has_user_info() {
            return;
        }
        if !self.headers.contains("authorization") {
            // The value is base64: always valid.
            let _ = self.headers.append("Authorization", basic_auth::of_url(&self.url));
            self.headers.mark_sensitive("authorization");
        }
        self.url = self.url.without_user_info();
    }
}

/// `<RequestHead [GET "https://example.com/"] {"Accept": "*/*"}>`.
impl fmt::Debug for RequestHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<RequestHead [{} {:?}] {:?}>", self.method(), self.url().redacted(), self.headers())
    }
}

/// A request as a value: a head and a body.
///
/// Most are made by a client's `get`, `post`, …; by hand it is
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx_core::{Text, blocking::Body};
/// type Request = httpx_core::Request<Body>;
///
/// let request = Request::new("POST", "https://example.com/items")?
///     .with_headers([("Accept", "text/html")])?
///     .with_content(Text("hello"))?;
/// assert_eq!(format!("{request:?}"), r#"<Request [POST "https://example.com/items"]>"#);
/// assert_eq!(request.headers().get("content-type").unwrap(), "text/plain; charset=utf-8");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
pub struct Request<B> {
    head: RequestHead,
    body: B,
}

impl<B: MessageBody> Request<B> {
    /// A request without headers and without a body.
    ///
    /// # Errors
    ///
    /// If the method is no token, or the URL does not parse.
    pub fn new<M>(method: M, url: impl IntoUrl) -> Result<Self>
    where
        M: TryInto<Method>,
        Error: From<M::Error>,
    {
        let url = url.into_url(None)?;
        let method = method.try_into().map_err(|error| Error::from(error).with_url(&url.redacted()))?;
        Ok(Request::from_parts(RequestHead::new(method, url), B::default()))
    }

    /// The same with these headers; they replace those of the same names.
    ///
    /// # Errors
    ///
    /// If one of them is no valid header.
    pub fn with_headers<H>(mut self, headers: H) -> Result<Self>
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        self.head.headers_mut().update(&headers.try_into()?);
        Ok(self)
    }

    /// The same with this header; it replaces those of its name.
    ///
    /// # Errors
    ///
    /// If it is no valid header.
    pub fn with_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Result<Self> {
        self.head.headers_mut().set(name, value)?;
        Ok(self)
    }

    /// The same with this body, and the `Content-Type` that goes with it, unless one is set.
    ///
    /// # Errors
    ///
    /// If the content cannot be encoded.
    pub fn with_content(mut self, content: impl Content) -> Result<Self> {
        if let Some(content_type) = content.content_type() {
            self.head.headers_mut().set_default("Content-Type", content_type.as_bytes())?;
        }
        self.body = B::from(content.encode()?);
        Ok(self)
    }

    /// The same with this body, and no `Content-Type` of its own.
    pub fn with_body(mut self, body: impl Into<B>) -> Self {
        self.body = body.into();
        self
    }

    /// The same with a total timeout.
    pub fn with_timeout(mut self, total: Duration) -> Self {
        self.head.options_mut().timeouts.total = Some(total);
        self
    }

    /// The same request once more, if its body can be sent again.
    pub fn try_clone(&self) -> Option<Self> {
        Some(Request { head: self.head.clone(), body: self.body.try_clone()? })
    }
}

impl<B> Request<B> {
    /// A request of a head and a body.
    pub fn from_parts(head: RequestHead, body: B) -> Self {
        Request { head, body }
    }

    /// Its head and its body.
    pub fn into_parts(self) -> (RequestHead, B) {
        (self.head, self.body)
    }

    /// What it says before its body.
    pub fn head(&self) -> &RequestHead {
        &self.head
    }

    /// What it says before its body, to change it.
    pub fn head_mut(&mut self) -> &mut RequestHead {
        &mut self.head
    }

    /// The method.
    pub fn method(&self) -> &Method {
        self.head.method()
    }

    /// The URL, without user information.
    pub fn url(&self) -> &Url {
        self.head.url()
    }

    /// The headers that were set.
    pub fn headers(&self) -> &Headers {
        self.head.headers()
    }

    /// The body.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The body, to read or to change it.
    pub fn body_mut(&mut self) -> &mut B {
        &mut self.body
    }
}

/// `<Request [GET "https://example.com/"]>`.
impl<B> fmt::Debug for Request<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Request [{} {:?}]>", self.method(), self.url().redacted())
    }
}
