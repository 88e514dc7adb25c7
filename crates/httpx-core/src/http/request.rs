//! `http::Request` from and to [`Request`], and `http::request::Parts` from and to [`RequestHead`].

use http::request::Parts;
use http::{HeaderMap, Uri};

use crate::request_head::CallState;
use crate::{Error, Extensions, Headers, Method, Options, Request, RequestHead, Result, Url};

/// Converts method, URL, headers, settings and extensions.
///
/// - The URI must be absolute. User information in it becomes `Authorization: Basic`.
/// - Names of headers are in lower case, in the order of the `HeaderMap`.
/// - The version is ignored: the transport decides about it.
/// - Extensions: a value of type [`Options`] becomes the settings. A value of the type [`Extensions`] of this library becomes
///   the extensions. All others are kept as one extension of type `http::Extensions`, and the conversion in the other
///   direction restores them.
///
/// # Errors
///
/// Kind [`InvalidUrl`](crate::ErrorKind::InvalidUrl) for a relative URI.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
/// use httpx::flow::RequestHead;
///
/// let (parts, ()) = http::Request::get("https://example.com/").header("X-Id", "1").body(())?.into_parts();
/// let head = RequestHead::try_from(parts)?;
/// assert_eq!((head.url().as_str(), head.headers().len()), ("https://example.com/", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl TryFrom<Parts> for RequestHead {
    type Error = Error;

    fn try_from(parts: Parts) -> Result<Self> {
        let Parts { method, uri, headers, mut extensions, .. } = parts;
        let options = extensions.remove::<Options>().unwrap_or_default();
        let own = extensions.remove::<Extensions>();
        let call = extensions.remove::<CallState>();
        let (method, url) = (Method::try_from(method)?, Url::try_from(uri)?);
        let mut head = RequestHead::from_parts(method, url, Headers::try_from(headers)?, options);
        if let Some(own) = own {
            *head.extensions_mut() = own;
        }
        if !extensions.is_empty() {
            head.extensions_mut().insert(extensions);
        }
        if let Some(call) = call {
            head.set_call_state(call);
        }
        Ok(head)
    }
}

/// Converts method, URI, headers, settings and extensions.
///
/// - The URI is absolute, without a fragment. `Host` and the framing headers are there only if they were set.
/// - The case of the names of headers, and the order of lines of different names, are lost.
/// - The version is HTTP/1.1.
/// - The extensions are those of an `http::Extensions` in the request's extensions, and the request's [`Options`] and
///   [`Extensions`] if they are set.
///
/// # Errors
///
/// Kind [`InvalidUrl`](crate::ErrorKind::InvalidUrl) or [`InvalidHeader`](crate::ErrorKind::InvalidHeader) for a URL that is too
/// long, or for too many headers.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
/// use httpx::flow::RequestHead;
/// use httpx::{Method, Url};
///
/// let head = RequestHead::new(Method::GET, Url::parse("https://example.com/items")?);
/// let parts = http::request::Parts::try_from(head)?;
/// assert_eq!((parts.method.as_str(), parts.uri.path()), ("GET", "/items"));
/// # Ok::<(), httpx_core::Error>(())
/// ```
impl TryFrom<RequestHead> for Parts {
    type Error = Error;

    fn try_from(mut head: RequestHead) -> Result<Self> {
        let (mut parts, ()) = http::Request::new(()).into_parts();
        parts.method = head.method().try_into()?;
        parts.uri = Uri::try_from(head.url())?;
        parts.headers = HeaderMap::try_from(head.headers())?;
        let call = head.call_state();
        if !head.extensions().is_empty() {
            let mut own = std::mem::take(head.extensions_mut());
            parts.extensions = own.remove::<http::Extensions>().unwrap_or_default();
            if !own.is_empty() {
                parts.extensions.insert(own);
            }
        }
        if *head.options() != Options::default() {
            parts.extensions.insert(head.options().clone());
        }
        // A client below a tower service needs the deadline, and must know whether a redirect has crossed origins.
        if call != CallState::default() {
            parts.extensions.insert(call);
        }
        Ok(parts)
    }
}

/// Converts the head as [`RequestHead`] does, and keeps the body.
///
/// # Errors
///
/// As for the head.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Body, Request};
///
/// let request = http::Request::put("https://example.com/notes/1").body("Buy milk")?;
/// let request = Request::try_from(request.map(Body::from))?; // then `client.send(request)`
/// assert_eq!(format!("{request:?}"), r#"<Request [PUT "https://example.com/notes/1"]>"#);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<B> TryFrom<http::Request<B>> for Request<B> {
    type Error = Error;

    fn try_from(request: http::Request<B>) -> Result<Self> {
        let (parts, body) = request.into_parts();
        Ok(Request::from_parts(parts.try_into()?, body))
    }
}

/// Converts the head as the conversion of [`RequestHead`] does, and keeps the body.
///
/// # Errors
///
/// As for the head.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Body, Request};
///
/// let request: Request<Body> = Request::new("GET", "https://example.com/")?;
/// let request: http::Request<Body> = request.try_into()?;
/// assert_eq!(request.uri(), "https://example.com/");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
impl<B> TryFrom<Request<B>> for http::Request<B> {
    type Error = Error;

    fn try_from(request: Request<B>) -> Result<Self> {
        let (head, body) = request.into_parts();
        Ok(http::Request::from_parts(head.try_into()?, body))
    }
}
