//! A request that a flow sends by itself.

use httpx_core::{Content, Encoded, Error, Headers, IntoUrl, Method, RequestHead, Result, ToHeaderValue};

/// A request that a flow sends by itself, for example for a token.
///
/// Its body is in memory, so that the flow needs no flavour. The headers of the call's request are not copied.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_middleware::flow::*; } }
/// use httpx::Form;
/// use httpx::flow::OwnRequest;
///
/// let request = OwnRequest::new("POST", "https://auth.example.com/token")?
///     .with_header("Accept", "application/json")?
///     .with_content(Form([("grant_type", "client_credentials")]))?;
/// assert_eq!(request.head().headers().get("content-type").unwrap(), "application/x-www-form-urlencoded");
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug)]
pub struct OwnRequest {
    pub(crate) head: RequestHead,
    pub(crate) body: Encoded,
}

impl OwnRequest {
    /// Creates a request without headers and without a body.
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
        Ok(OwnRequest { head: RequestHead::new(method, url), body: Encoded::default() })
    }

    /// Sets these headers; they replace those of the same names.
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

    /// Sets this header; it replaces those of its name.
    ///
    /// # Errors
    ///
    /// If it is no valid header.
    pub fn with_header(mut self, name: &str, value: impl ToHeaderValue) -> Result<Self> {
        self.head.headers_mut().set(name, value)?;
        Ok(self)
    }

    /// Sets the body, and its `Content-Type` unless one is set.
    ///
    /// # Errors
    ///
    /// If the content cannot be encoded.
    pub fn with_content(mut self, content: impl Content) -> Result<Self> {
        if let Some(content_type) = content.content_type() {
            self.head.headers_mut().set_default("Content-Type", content_type.as_bytes())?;
        }
        self.body = content.encode()?;
        Ok(self)
    }

    /// Returns the head.
    pub fn head(&self) -> &RequestHead {
        &self.head
    }

    /// Returns the head, to change it.
    pub fn head_mut(&mut self) -> &mut RequestHead {
        &mut self.head
    }
}
