//! A request: a head and a body.

use std::fmt;
use std::time::Duration;

use crate::message_body::copy_for_another_call;
use crate::{
    Content, Error, Extensions, Headers, IntoBody, IntoUrl, MessageBody, Method, Options, RequestHead,
    Result, ToHeaderValue, Url,
};

/// The body of the blocking flavour, the default of `Request`.
#[cfg(feature = "blocking")]
type DefaultBody = crate::blocking::Body;
#[cfg(not(feature = "blocking"))]
type DefaultBody = ();

/// A request as a value: a head and a body.
///
/// A client's `get`, `post`, … build most requests. By hand it is:
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::{Request, Text};
///
/// let request: Request = Request::new("POST", "https://example.com/items")?
///     .with_headers([("Accept", "text/html")])?
///     .with_content(Text("hello"))?;
/// assert_eq!(format!("{request:?}"), r#"<Request [POST "https://example.com/items"]>"#);
/// assert_eq!(request.headers().get("content-type").unwrap(), "text/plain; charset=utf-8");
/// assert_eq!((request.method().as_str(), request.url().path()), ("POST", "/items"));
/// assert_eq!(format!("{:?}", request.body()), "Body(5 bytes)");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
///
/// `{:?}` shows method and URL, `{:#?}` also the headers, without secrets.
pub struct Request<B = DefaultBody> {
    head: RequestHead,
    body: B,
}

impl<B: MessageBody> Request<B> {
    /// Creates a request without headers and without a body.
    ///
    /// # Errors
    ///
    /// If the method is not a token, or if the URL does not parse.
    pub fn new<M>(method: M, url: impl IntoUrl) -> Result<Self>
    where
        M: TryInto<Method>,
        Error: From<M::Error>,
    {
        let url = url.into_url(None);
        let method = match (method.try_into(), &url) {
            (Ok(method), _) => method,
            (Err(error), Ok(url)) => return Err(Error::from(error).with_url(&url.redacted())),
            (Err(error), Err(_)) => return Err(error.into()),
        };
        let url = url.map_err(|error| error.with_method(method.as_str()))?;
        Ok(Request::from_parts(RequestHead::new(method, url), B::default()))
    }

    /// Sets these headers; they replace those of the same names.
    ///
    /// # Errors
    ///
    /// If one of them is not valid.
    pub fn with_headers<H>(mut self, headers: H) -> Result<Self>
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        self.head.headers_mut().update(&headers.try_into()?);
        Ok(self)
    }

    /// Sets a header; it replaces those of the same name.
    ///
    /// # Errors
    ///
    /// If the name or the value is not valid.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::Request;
    ///
    /// let request: Request = Request::new("GET", "https://example.com")?.with_header("Accept", "text/html")?;
    /// assert_eq!(request.headers().get("accept").unwrap(), "text/html");
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_header(mut self, name: &str, value: impl ToHeaderValue) -> Result<Self> {
        self.head.headers_mut().set(name, value)?;
        Ok(self)
    }

    /// Sets the body, and its `Content-Type` unless the request has one.
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

    /// Sets the body, without a `Content-Type`.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::Request;
    ///
    /// let request: Request = Request::new("PUT", "https://example.com/notes/1")?.with_body("Buy milk");
    /// assert!(!request.headers().contains("Content-Type"));
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_body(mut self, body: impl IntoBody<B>) -> Self {
        self.body = body.into_body();
        self
    }

    /// Sets the total timeout. Defaults to that of the client.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use std::time::Duration;
    /// use httpx::Request;
    ///
    /// let request: Request = Request::new("GET", "https://example.com")?.with_timeout(Duration::from_secs(5));
    /// assert_eq!(request.options().timeouts.total, Some(Duration::from_secs(5)));
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_timeout(mut self, total: Duration) -> Self {
        self.head.options_mut().timeouts.total = Some(total);
        self
    }

    /// Returns a copy of the request, for another call; `None` if its body can be sent only once. A [`File`](crate::File) may
    /// have another size then.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Request};
    ///
    /// let request: Request = Request::new("PUT", "https://example.com")?.with_body("text");
    /// assert!(request.try_clone().is_some());
    /// let request = request.with_body(Body::from_reader(std::io::empty()));
    /// assert!(request.try_clone().is_none());
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn try_clone(&self) -> Option<Self> {
        Some(Request { head: self.head.clone(), body: copy_for_another_call(&self.body)? })
    }
}

impl<B> Request<B> {
    /// Creates a request of a head and a body.
    pub fn from_parts(head: RequestHead, body: B) -> Self {
        Request { head, body }
    }

    /// Returns the head and the body.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::Request;
    ///
    /// let request: Request = Request::new("GET", "https://example.com")?;
    /// let (mut head, body) = request.into_parts();
    /// head.headers_mut().set("X-Id", 1)?;
    /// let request = Request::from_parts(head, body);
    /// assert_eq!(request.head().headers().len(), 1);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn into_parts(self) -> (RequestHead, B) {
        (self.head, self.body)
    }

    /// Returns the head.
    pub fn head(&self) -> &RequestHead {
        &self.head
    }

    /// Returns the head, to change it.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::Request;
    ///
    /// let mut request: Request = Request::new("GET", "https://example.com/old")?;
    /// let url = request.url().with_path("/new");
    /// request.head_mut().set_url(url);
    /// assert_eq!(request.url(), "https://example.com/new");
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn head_mut(&mut self) -> &mut RequestHead {
        &mut self.head
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        self.head.method()
    }

    /// Returns the URL, without user information.
    pub fn url(&self) -> &Url {
        self.head.url()
    }

    /// Returns the headers that were set; `Host` and the framing of the body are added when the request is written.
    pub fn headers(&self) -> &Headers {
        self.head.headers()
    }

    /// Returns the headers, to change them.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::Request;
    ///
    /// let mut request: Request = Request::new("GET", "https://example.com")?;
    /// request.headers_mut().append("Accept", "text/html")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn headers_mut(&mut self) -> &mut Headers {
        self.head.headers_mut()
    }

    /// Returns the settings.
    pub fn options(&self) -> &Options {
        self.head.options()
    }

    /// Returns the settings, to change them.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::Request;
    ///
    /// let mut request: Request = Request::new("GET", "https://example.com")?;
    /// request.options_mut().max_redirects = Some(0);
    /// assert_eq!(request.options().max_redirects, Some(0));
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn options_mut(&mut self) -> &mut Options {
        self.head.options_mut()
    }

    /// Returns the values that the request carries for flows, layers and backends.
    pub fn extensions(&self) -> &Extensions {
        self.head.extensions()
    }

    /// Returns the values that the request carries, to change them.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::Request;
    ///
    /// #[derive(Clone)]
    /// struct Tenant(u32);
    ///
    /// let mut request: Request = Request::new("GET", "https://example.com")?;
    /// request.extensions_mut().insert(Tenant(7));
    /// assert_eq!(request.extensions().get::<Tenant>().unwrap().0, 7);
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.head.extensions_mut()
    }

    /// Returns the body.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// Returns the body, to read or to change it.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use std::io::Read;
    /// use httpx::Request;
    ///
    /// let mut request: Request = Request::new("PUT", "https://example.com")?.with_body("text");
    /// let mut text = String::new();
    /// request.body_mut().read_to_string(&mut text)?;
    /// assert_eq!(text, "text");
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn body_mut(&mut self) -> &mut B {
        &mut self.body
    }

    /// Returns the body alone.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::Request;
    ///
    /// let request: Request = Request::new("PUT", "https://example.com")?.with_body("text");
    /// assert_eq!(request.into_body().into_bytes()?, "text");
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn into_body(self) -> B {
        self.body
    }
}

/// `<Request [GET "https://example.com/"]>`; `{:#?}` shows the headers as well.
impl<B> fmt::Debug for Request<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Request [{} {:?}]", self.method(), self.url().redacted())?;
        if f.alternate() {
            write!(f, " {:#?}", self.headers())?;
        }
        f.write_str(">")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alternate_form_shows_headers_without_secrets() {
        let url = Url::parse("http://u:pw@h/").unwrap();
        let mut request = Request::from_parts(RequestHead::new(Method::GET, url), ());
        request.headers_mut().append("X-Id", 1).unwrap();
        assert_eq!(format!("{request:?}"), "<Request [GET \"http://h/\"]>");
        let text = format!("{request:#?}");
        assert!(text.contains("\"Authorization\": [secret]") && text.contains("\"X-Id\": \"1\""), "{text}");
    }
}
