//! `http::Uri` from and to [`Url`].

use http::Uri;

use crate::sanitize::truncated;
use crate::{Error, ErrorKind, Result, Url};

/// Normalizes the URL by the WHATWG URL Standard: `http://H:80/a/../b` becomes `http://h/b`.
///
/// # Errors
///
/// Kind [`InvalidUrl`](ErrorKind::InvalidUrl) if the URI is relative, such as the URI of a request that a server has received,
/// or if it is not a URL. Join a relative URI with a base first.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Url;
///
/// let url = Url::try_from(http::Uri::from_static("https://example.com/items?page=2"))?;
/// assert_eq!(url, "https://example.com/items?page=2");
/// assert!(Url::try_from(http::Uri::from_static("/items")).is_err());
/// # Ok::<(), httpx_core::Error>(())
/// ```
impl TryFrom<Uri> for Url {
    type Error = Error;

    fn try_from(uri: Uri) -> Result<Self> {
        Url::try_from(&uri)
    }
}

impl TryFrom<&Uri> for Url {
    type Error = Error;

    fn try_from(uri: &Uri) -> Result<Self> {
        if uri.scheme().is_some() && uri.authority().is_some() {
            return Url::parse(&uri.to_string());
        }
        let message = format!(
            "{:?} is not an absolute URL: it has no scheme and host; put those of the server in front of its path",
            truncated(&redacted(uri))
        );
        Err(Error::new(ErrorKind::InvalidUrl, message))
    }
}

/// Returns a relative URI without user information.
fn redacted(uri: &Uri) -> String {
    let text = uri.to_string();
    text.rsplit_once('@').map_or(text.clone(), |(_, rest)| format!("…{rest}"))
}

/// Leaves out the fragment, because `http::Uri` has none.
///
/// # Errors
///
/// Kind [`InvalidUrl`](ErrorKind::InvalidUrl) if the URL is longer than 65,534 bytes, or has no host.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Url;
///
/// let url = Url::parse("https://example.com/items?page=2#top")?;
/// assert_eq!(http::Uri::try_from(&url)?, "https://example.com/items?page=2");
/// # Ok::<(), httpx_core::Error>(())
/// ```
impl TryFrom<&Url> for Uri {
    type Error = Error;

    fn try_from(url: &Url) -> Result<Self> {
        let unusable = || {
            let message = "the URL cannot be converted into an http::Uri: it has no host, or is too long";
            Error::new(ErrorKind::InvalidUrl, message).with_url(&url.redacted())
        };
        // `mailto:ann@h` would become the authority `mailto:ann@h`.
        url.host().ok_or_else(unusable)?;
        let uri = match url.fragment() {
            Some(_) => url.with_fragment(None).as_str().parse(),
            None => url.as_str().parse(),
        };
        uri.map_err(|error: http::uri::InvalidUri| unusable().with_source(error))
    }
}

impl TryFrom<Url> for Uri {
    type Error = Error;

    fn try_from(url: Url) -> Result<Self> {
        Uri::try_from(&url)
    }
}
