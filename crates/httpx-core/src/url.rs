//! URLs by the WHATWG URL Standard: parts and edits.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use ::url::Position;

use crate::QueryParams;

/// A URL, parsed by the rules that browsers follow (the WHATWG URL Standard).
///
/// A URL is a value: methods such as `with_path` return an edited copy. `Debug` and errors do not show user
/// information; [`as_str`](Url::as_str) and `Display` do.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Url;
///
/// let url = Url::parse("HTTPS://Example.com:443/a/../b?q=1#top")?;
/// assert_eq!(url.as_str(), "https://example.com/b?q=1#top");
/// assert_eq!((&*url.origin(), url.target()), ("https://example.com", "/b?q=1"));
/// assert_eq!(url.join("c")?.as_str(), "https://example.com/c");
/// assert_eq!(url.with_params([("page", 2)]).as_str(), "https://example.com/b?page=2#top");
///
/// let url = Url::parse("https://ann:s3cret@example.com:8443/items?page=2#top")?;
/// assert_eq!((url.scheme(), url.host(), url.port()), ("https", Some("example.com"), Some(8443)));
/// assert_eq!((url.path(), url.query(), url.fragment()), ("/items", Some("page=2"), Some("top")));
/// assert_eq!((url.username(), url.password()), ("ann", Some("s3cret")));
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
#[doc(alias = "URL")]
pub struct Url(::url::Url);

impl Url {
    /// Returns the whole URL as text, in its normal form, with its user information.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the scheme in lower case: `https`.
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// Returns the host: a name in lower case and ASCII (`xn--…`), an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> Option<&str> {
        self.0.host_str()
    }

    /// Returns the port, unless it is the default port of the scheme.
    pub fn port(&self) -> Option<u16> {
        self.0.port()
    }

    /// Returns the port, or the default port of the scheme: 80 for http and 443 for https.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com:443")?;
    /// assert_eq!((url.port(), url.port_or_default()), (None, Some(443)));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn port_or_default(&self) -> Option<u16> {
        self.0.port_or_known_default()
    }

    /// Returns scheme, host and port, without user information: `https://example.com:8443`. Two http or https URLs are
    /// of the same origin (RFC 6454 §5) if these are equal.
    pub fn origin(&self) -> Cow<'_, str> {
        if self.has_user_info() {
            format!("{}://{}", self.scheme(), self.authority()).into()
        } else {
            self.0[..Position::BeforePath].into()
        }
    }

    /// Returns host and port, as in the `Host` header: `example.com:8443`.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// assert_eq!(Url::parse("https://ann@[::1]:8443/items")?.authority(), "[::1]:8443");
    /// assert_eq!(Url::parse("https://example.com:443/items")?.authority(), "example.com");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn authority(&self) -> &str {
        &self.0[Position::BeforeHost..Position::AfterPort]
    }

    /// Returns the path, percent-encoded; never empty for http and https.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// Returns the query without its `?`, as it was written.
    pub fn query(&self) -> Option<&str> {
        self.0.query()
    }

    /// Returns the parameters of the query.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/?q=a+b&page=2")?;
    /// assert_eq!(url.params().get("q"), Some("a b"));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn params(&self) -> QueryParams {
        QueryParams::parse(self.query().unwrap_or_default())
    }

    /// Returns the fragment, the part after the `#`. It is never sent.
    pub fn fragment(&self) -> Option<&str> {
        self.0.fragment()
    }

    /// Returns path and query, as on the request line (RFC 9112 §3.2.1, origin-form).
    pub fn target(&self) -> &str {
        &self.0[Position::BeforePath..Position::AfterQuery]
    }

    /// Returns the user's name, percent-encoded; empty if there is none.
    pub fn username(&self) -> &str {
        self.0.username()
    }

    /// Returns the password, percent-encoded.
    pub fn password(&self) -> Option<&str> {
        self.0.password()
    }

    /// Returns whether the URL holds a user's name or a password.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// assert!(Url::parse("https://ann@example.com")?.has_user_info());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn has_user_info(&self) -> bool {
        !self.0.username().is_empty() || self.0.password().is_some()
    }

    /// Returns a copy with this path; characters that cannot stand in a path are percent-encoded.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/a?q=1")?;
    /// assert_eq!(url.with_path("/b c"), "https://example.com/b%20c?q=1");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_path(&self, path: &str) -> Self {
        self.edited(|url| url.set_path(path))
    }

    /// Returns a copy with this query, or without one.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/?page=1")?;
    /// assert_eq!(url.with_query(Some("page=2")), "https://example.com/?page=2");
    /// assert_eq!(url.with_query(None), "https://example.com/");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_query(&self, query: Option<&str>) -> Self {
        self.edited(|url| url.set_query(query))
    }

    /// Returns a copy with these parameters instead of the query that is there; without a query if there are none.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/?page=1")?;
    /// assert_eq!(url.with_params([("q", "a b")]), "https://example.com/?q=a+b");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_params(&self, params: impl Into<QueryParams>) -> Self {
        let params = params.into();
        self.edited(|url| url.set_query((!params.is_empty()).then(|| params.to_string()).as_deref()))
    }

    /// Returns a copy with these parameters after the query that is there, which stays as it is, byte for byte.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/?uploads&k=%FF")?;
    /// assert_eq!(url.append_params([("q", "a b")]), "https://example.com/?uploads&k=%FF&q=a+b");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn append_params(&self, params: impl Into<QueryParams>) -> Self {
        let params = params.into();
        if params.is_empty() {
            return self.clone();
        }
        self.edited(|url| {
            url.query_pairs_mut().extend_pairs(params.iter());
        })
    }

    /// Returns a copy with this fragment, or without one.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/#top")?;
    /// assert_eq!(url.with_fragment(None), "https://example.com/");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn with_fragment(&self, fragment: Option<&str>) -> Self {
        self.edited(|url| url.set_fragment(fragment))
    }

    /// Returns a copy without user information.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://ann:s3cret@example.com/")?;
    /// assert_eq!(url.without_user_info(), "https://example.com/");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn without_user_info(&self) -> Self {
        // Both fail only if the URL cannot hold user information.
        self.edited(|url| {
            let _ = url.set_username("");
            let _ = url.set_password(None);
        })
    }

    /// Returns the value of the `url` crate, which has more methods.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://example.com/a/b")?;
    /// assert_eq!(url.as_url().path_segments().unwrap().last(), Some("b"));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn as_url(&self) -> &::url::Url {
        &self.0
    }

    /// Returns the URL as it may be shown: without user information. Where the scheme was forgotten
    /// (`user:password@host/`), everything up to the `@` is replaced by `…`.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Url;
    ///
    /// let url = Url::parse("https://ann:s3cret@example.com/items")?;
    /// assert_eq!(url.redacted(), "https://example.com/items");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn redacted(&self) -> Cow<'_, str> {
        if let Some(rest) = self.opaque_user_info() {
            format!("…{rest}").into()
        } else if self.has_user_info() {
            String::from(self.without_user_info().0).into()
        } else {
            self.as_str().into()
        }
    }

    /// Returns the text from the last `@` on, if this is `user:password@host/path` without a scheme: its first segment
    /// holds an `@`.
    pub(crate) fn opaque_user_info(&self) -> Option<&str> {
        if !self.0.cannot_be_a_base() {
            return None;
        }
        let segment_end = self.path().find('/').unwrap_or(self.path().len());
        let at = self.path().get(..segment_end)?.rfind('@')?;
        self.as_str().get(self.scheme().len() + 1 + at..)
    }

    fn edited(&self, edit: impl FnOnce(&mut ::url::Url)) -> Self {
        let mut url = self.0.clone();
        edit(&mut url);
        Url(url)
    }
}

impl From<::url::Url> for Url {
    fn from(url: ::url::Url) -> Self {
        Url(url)
    }
}

impl From<Url> for ::url::Url {
    fn from(url: Url) -> Self {
        url.0
    }
}

impl Hash for Url {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq<str> for Url {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Url {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `Url("https://example.com/")`, without user information.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Url").field(&self.redacted()).finish()
    }
}

#[cfg(test)]
mod tests;
