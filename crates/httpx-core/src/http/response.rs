//! `http::Response` from and to [`Response`], and `http::response::Parts` from and to [`ResponseHead`].

use http::HeaderMap;
use http::response::Parts;

use crate::{Error, Headers, InvalidHeader, Response, ResponseHead, Result, Version};

/// Converts status, version and headers.
///
/// - Names of headers are in lower case, in the order of the `HeaderMap`.
/// - HTTP/2 and HTTP/3 become HTTP/1.1, and HTTP/0.9 becomes HTTP/1.0: see [`Version`].
/// - Extensions: a [`ResponseHead`] of the same status, as the conversion in the other direction inserts it, gives the facts
///   about the call. All others are dropped.
///
/// # Errors
///
/// If the value of a header is longer than 1 GiB. There are no other errors.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
/// use httpx::flow::ResponseHead;
///
/// let (parts, ()) = http::Response::builder().status(404).header("X-Id", "1").body(())?.into_parts();
/// let head = ResponseHead::try_from(parts)?;
/// assert_eq!((head.status().as_u16(), head.headers().len()), (404, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl TryFrom<Parts> for ResponseHead {
    type Error = InvalidHeader;

    fn try_from(mut parts: Parts) -> Result<Self, InvalidHeader> {
        let status = parts.status.into();
        let version = match parts.version {
            http::Version::HTTP_09 | http::Version::HTTP_10 => Version::Http10,
            _ => Version::Http11,
        };
        let known = parts.extensions.remove::<ResponseHead>().filter(|known| known.status() == status);
        let head = known.unwrap_or_else(|| ResponseHead::new(status));
        Ok(head.with_version(version).with_headers(Headers::try_from(parts.headers)?))
    }
}

/// Converts status, version and headers. The case of the names of headers, and the order of lines of different names, are lost.
///
/// The extensions hold the [`ResponseHead`] itself, without its headers: it has the URL, the redirects, the timings, the
/// reason phrase and the trailers of a body that has been read.
///
/// # Errors
///
/// Kind [`InvalidHeader`](crate::ErrorKind::InvalidHeader) for too many headers.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
/// use httpx::flow::ResponseHead;
/// use httpx::{StatusCode, headers};
///
/// let head = ResponseHead::new(StatusCode::OK).with_headers(headers![("X-Id", "1")]).with_reason("Fine");
/// let parts = http::response::Parts::try_from(head)?;
/// assert_eq!((parts.status.as_u16(), &parts.headers["x-id"]), (200, &http::HeaderValue::from_static("1")));
/// assert_eq!(parts.extensions.get::<ResponseHead>().unwrap().reason(), "Fine");
/// # Ok::<(), httpx_core::Error>(())
/// ```
impl TryFrom<ResponseHead> for Parts {
    type Error = Error;

    fn try_from(head: ResponseHead) -> Result<Self> {
        let (mut parts, ()) = http::Response::new(()).into_parts();
        parts.status = head.status().into();
        parts.version = head.version().into();
        parts.headers = HeaderMap::try_from(head.headers())?;
        parts.extensions.insert(head.with_headers(Headers::new()));
        Ok(parts)
    }
}

/// Converts the head as [`ResponseHead`] does, and keeps the body.
///
/// # Errors
///
/// As for the head.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use bytes::Bytes;
/// use httpx::Response;
///
/// let response: Response = http::Response::new(Bytes::from("Hello")).try_into()?;
/// assert_eq!(response.text(), "Hello");
/// # Ok::<(), httpx_core::InvalidHeader>(())
/// ```
impl<B> TryFrom<http::Response<B>> for Response<B> {
    type Error = InvalidHeader;

    fn try_from(response: http::Response<B>) -> Result<Self, InvalidHeader> {
        let (parts, body) = response.into_parts();
        Ok(Response::from_parts(parts.try_into()?, body))
    }
}

/// Converts the head as the conversion of [`ResponseHead`] does, and keeps the body.
///
/// # Errors
///
/// As for the head.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::{Response, Text};
///
/// let response: http::Response<_> = Response::new(404, Text("Not here"))?.try_into()?;
/// assert_eq!((response.status().as_u16(), &response.body()[..]), (404, &b"Not here"[..]));
/// # Ok::<(), httpx_core::Error>(())
/// ```
impl<B> TryFrom<Response<B>> for http::Response<B> {
    type Error = Error;

    fn try_from(response: Response<B>) -> Result<Self> {
        let (head, body) = response.into_parts();
        Ok(http::Response::from_parts(head.try_into()?, body))
    }
}
