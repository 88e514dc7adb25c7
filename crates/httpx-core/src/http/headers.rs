//! `http::HeaderMap` from and to [`Headers`].

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{Error, ErrorKind, Headers, InvalidHeader, Result};

/// All values are kept, also several of one name and those that are not ASCII. Names are in lower case, and in the order
/// of the map's iteration, because a `HeaderMap` keeps neither the case nor the order in which they were received. If a
/// value is marked as sensitive, all values of its name become so.
///
/// # Errors
///
/// If a value is longer than 1 GiB. The crate `http` has checked everything else.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Headers;
///
/// let mut map = http::HeaderMap::new();
/// map.append("Accept", http::HeaderValue::from_static("text/html"));
/// map.append("Accept", http::HeaderValue::from_static("text/plain"));
/// let headers = Headers::try_from(map)?;
/// assert_eq!(format!("{headers:?}"), r#"{"accept": "text/html", "accept": "text/plain"}"#);
/// # Ok::<(), httpx_core::InvalidHeader>(())
/// ```
impl TryFrom<&HeaderMap> for Headers {
    type Error = InvalidHeader;

    fn try_from(map: &HeaderMap) -> Result<Self, InvalidHeader> {
        let bytes = map.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        let mut headers = Headers::with_capacity(map.len(), bytes);
        for (name, value) in map {
            headers.append(name.as_str(), value.as_bytes())?;
            if value.is_sensitive() {
                headers.mark_sensitive(name.as_str());
            }
        }
        Ok(headers)
    }
}

impl TryFrom<HeaderMap> for Headers {
    type Error = InvalidHeader;

    fn try_from(map: HeaderMap) -> Result<Self, InvalidHeader> {
        Headers::try_from(&map)
    }
}

/// All values are kept, also several of one name and those that are not ASCII. The case of names, and the order of lines
/// with different names, are lost. A value that [`Debug`] hides is marked as sensitive: a value that was set as secret, the values of
/// `Authorization`, `Proxy-Authorization`, `Cookie` and `Set-Cookie`, and a URL with user information.
///
/// # Errors
///
/// Kind [`InvalidHeader`](ErrorKind::InvalidHeader) if there are more lines than a `HeaderMap` can hold (24,576 different
/// names).
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::headers;
///
/// let map = http::HeaderMap::try_from(headers![("X-Id", "1"), ("Authorization", "Bearer t")])?;
/// assert_eq!(map["x-id"], "1");
/// assert!(map["authorization"].is_sensitive());
/// # Ok::<(), httpx_core::Error>(())
/// ```
impl TryFrom<&Headers> for HeaderMap {
    type Error = Error;

    fn try_from(headers: &Headers) -> Result<Self> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let new_name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable(name))?;
            let mut new_value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unusable(name))?;
            new_value.set_sensitive(value.is_secret());
            map.try_append(new_name, new_value).map_err(|_| too_many(headers.len()))?;
        }
        Ok(map)
    }
}

impl TryFrom<Headers> for HeaderMap {
    type Error = Error;

    fn try_from(headers: Headers) -> Result<Self> {
        HeaderMap::try_from(&headers)
    }
}

/// Returns the error of a header that `http` refuses. Today both crates accept the same names and values.
fn unusable(name: &str) -> Error {
    let name = name.get(..64).unwrap_or(name);
    Error::new(ErrorKind::InvalidHeader, format!("the header {name} cannot be put into an http::HeaderMap"))
}

fn too_many(lines: usize) -> Error {
    let message = format!("{lines} header lines are too many for an http::HeaderMap");
    Error::new(ErrorKind::InvalidHeader, message)
}
