//! Parsing and joining of URLs, and the errors of texts that are not URLs.

use std::str::FromStr;

use ::url::Position;

use crate::sanitize::truncated;
use crate::{Error, ErrorKind, Result, Url};

/// Parsing and joining, which can fail.
impl Url {
    /// Parses an absolute URL.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](ErrorKind::InvalidUrl), with the reason.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/a/../b")?;
    /// assert_eq!(url.path(), "/b");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        ::url::Url::parse(text).map(Url::from).map_err(|error| invalid(text, error))
    }

    /// Parses a text that begins with the origin of another http or https URL, without parsing that origin again, which
    /// is most of the work. `None` if the text does not clearly begin with that origin; then [`parse`](Url::parse) it.
    #[doc(hidden)]
    pub fn parse_with_hint(near: &Url, text: &str) -> Option<Self> {
        if !matches!(near.scheme(), "http" | "https") {
            return None;
        }
        if text == near.as_str() {
            return Some(near.clone());
        }
        let rest = text.strip_prefix(&near.as_url()[..Position::BeforePath])?;
        // Two slashes begin another host, also if one is a backslash, or if white space that the parser removes stands
        // between them.
        let is_path = matches!(rest.as_bytes(), [b'/'] | [b'/', b'!'..=b'.' | b'0'..=b'[' | b']'..=b'~', ..]);
        let is_plain = rest.bytes().fold(true, |plain, byte| plain & (byte > b' '));
        if is_path && is_plain { near.as_url().join(rest).ok().map(Url::from) } else { None }
    }

    /// Resolves a reference (`../x`, `?q`, `//host/`, or a whole URL) with this URL as the base.
    ///
    /// | base | reference | result |
    /// | --- | --- | --- |
    /// | `https://h/v1/` | `items` | `https://h/v1/items` |
    /// | `https://h/v1/` | `/items` | `https://h/items` |
    /// | `https://h/v1` | `items` | `https://h/items` |
    /// | any | `https://other/` | `https://other/` |
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](ErrorKind::InvalidUrl), if the result is not a URL.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let base = Url::parse("https://example.com/v1/")?;
    /// assert_eq!(base.join("items?page=2")?, "https://example.com/v1/items?page=2");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn join(&self, reference: &str) -> Result<Self> {
        self.as_url().join(reference).map(Url::from).map_err(|error| invalid(reference, error))
    }

    /// Checks that a request can be sent to this URL: that its scheme is http or https.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](ErrorKind::InvalidUrl), with the scheme, and with the URL that was probably meant if the
    /// scheme is missing (`localhost:8000`).
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// assert!(Url::parse("https://example.com")?.check_http().is_ok());
    /// let error = Url::parse("localhost:8000")?.check_http().unwrap_err();
    /// assert!(error.to_string().ends_with("did you mean http://localhost:8000?"));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn check_http(&self) -> Result<()> {
        if matches!(self.scheme(), "http" | "https") {
            return Ok(());
        }
        let message = if self.opaque_user_info().is_some() {
            // The "scheme" is the user's name.
            "cannot send to a URL without a scheme; write it whole, as https://user:password@host/path"
                .to_owned()
        } else if self.as_url().cannot_be_a_base()
            && self.path().starts_with(|first: char| first.is_ascii_digit())
        {
            let url = truncated(self.as_str());
            format!("cannot send to a URL of scheme {:?}; did you mean http://{url}?", self.scheme())
        } else {
            let web_socket = match self.scheme() {
                "ws" | "wss" => "; for a WebSocket use http or https with upgrade()",
                _ => "",
            };
            format!(
                "cannot send to a URL of scheme {:?}; only http and https are supported{web_socket}",
                self.scheme()
            )
        };
        Err(Error::new(ErrorKind::InvalidUrl, message))
    }

    /// Refuses a URL that was written as a reference below a base, and that a colon in its first segment made absolute.
    pub(crate) fn check_relative(self, reference: &str) -> Result<Self> {
        if !self.as_url().cannot_be_a_base() {
            return Ok(self);
        }
        if self.opaque_user_info().is_some() {
            self.check_http()?;
        }
        let (scheme, reference) = (self.scheme(), truncated(reference.trim()));
        let other = if self.path().starts_with(|first: char| first.is_ascii_digit()) {
            format!(", or http://{reference} for another host")
        } else {
            String::new()
        };
        let message = format!(
            "cannot send to a URL of scheme {scheme:?}; write it as ./{reference} for a path below the base URL{other}"
        );
        Err(Error::new(ErrorKind::InvalidUrl, message))
    }

    /// Returns a copy with these segments appended to the path, also if the path does not end in a slash. Each segment is
    /// percent-encoded as a whole, so that a slash in it does not begin another. Query and fragment stay. All segments have
    /// one type: mix text and numbers with `to_string()`.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](ErrorKind::InvalidUrl), if a segment is `.` or `..`, which URL parsers resolve, if it holds a tab
    /// or a line break, which they remove, or if the URL cannot have a path.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/v1/")?;
    /// assert_eq!(url.with_segments(["items", "a/b?c"])?, "https://example.com/v1/items/a%2Fb%3Fc");
    /// assert_eq!(url.with_segments([1, 2])?, "https://example.com/v1/1/2");
    /// assert!(url.with_segments(["items", ".."]).is_err());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_segments<S: ToString>(&self, segments: impl IntoIterator<Item = S>) -> Result<Self> {
        let invalid = |message: &'static str| Error::new(ErrorKind::InvalidUrl, message);
        let mut url = self.as_url().clone();
        let mut path =
            url.path_segments_mut().map_err(|()| invalid("a URL of this scheme has no path segments"))?;
        path.pop_if_empty();
        for segment in segments {
            let segment = segment.to_string();
            if matches!(segment.as_str(), "." | "..") {
                return Err(invalid("a path segment cannot be \".\" or \"..\": URL parsers resolve them"));
            }
            if segment.contains(['\t', '\r', '\n']) {
                return Err(invalid(
                    "a path segment cannot hold a tab or a line break: URL parsers remove them",
                ));
            }
            path.push(&segment);
        }
        drop(path);
        Ok(Url::from(url))
    }
}

impl TryFrom<&str> for Url {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self> {
        Url::parse(text)
    }
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Url::parse(text)
    }
}

fn invalid(text: &str, error: ::url::ParseError) -> Error {
    // User information must not reach a log because of a typo after it.
    let shown = match text.rsplit_once('@') {
        Some((_, rest)) => format!("…@{}", truncated(rest)),
        None => truncated(text).into_owned(),
    };
    let hint = match error {
        ::url::ParseError::RelativeUrlWithoutBase => {
            "it has no scheme; write it whole, as https://host/path (or give the client a base URL)"
        }
        ::url::ParseError::EmptyHost => "it has no host; write it whole, as https://host/path",
        ::url::ParseError::InvalidPort => {
            "its port is not a number below 65536; leave it out for the default port"
        }
        ::url::ParseError::IdnaError | ::url::ParseError::InvalidDomainCharacter => {
            "its host is not a valid name; is it spelled right?"
        }
        ::url::ParseError::InvalidIpv4Address | ::url::ParseError::InvalidIpv6Address => {
            "its host is not a valid address; write it as 127.0.0.1 or [::1]"
        }
        _ => "it is malformed; write it whole, as https://host/path",
    };
    Error::new(ErrorKind::InvalidUrl, format!("{shown:?} is not a URL that can be requested: {hint}"))
}
