use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use ::url::Position;

use crate::{Error, ErrorKind, QueryParams, Result};

/// A URL, parsed by the rules that browsers follow (the WHATWG URL Standard).
///
/// A value, edited by making another of it: `with_path`, `with_params`, … `Debug` and the errors do not show a
/// password; [`as_str`](Url::as_str) and `Display` do.
///
/// ```
/// use httpx_core::Url;
///
/// let url = Url::parse("HTTPS://Example.com:443/a/../b?q=1#top")?;
/// assert_eq!(url.as_str(), "https://example.com/b?q=1#top");
/// assert_eq!((&*url.origin(), url.target()), ("https://example.com", "/b?q=1"));
/// assert_eq!(url.join("c")?.as_str(), "https://example.com/c");
/// assert_eq!(url.with_params([("page", 2)]).as_str(), "https://example.com/b?page=2#top");
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
#[doc(alias = "URL")]
pub struct Url(::url::Url);

impl Url {
    /// Parses an absolute URL.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](ErrorKind::InvalidUrl), with what is wrong with it.
    pub fn parse(text: &str) -> Result<Self> {
        ::url::Url::parse(text).map(Url).map_err(|error| invalid(text, error))
    }

    /// The same as [`parse`](Url::parse) of a text that begins as another URL of http or https does, without taking
    /// its host apart again: that is most of the work. `None` if the text does not plainly begin so.
    ///
    /// ```
    /// # use httpx_core::Url;
    /// let near = Url::parse("https://example.com/a")?;
    /// assert_eq!(Url::parse_with_hint(&near, "https://example.com/b?c").unwrap(), "https://example.com/b?c");
    /// assert!(Url::parse_with_hint(&near, "https://example.com.org/b").is_none());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[doc(hidden)]
    pub fn parse_with_hint(near: &Url, text: &str) -> Option<Self> {
        if !matches!(near.scheme(), "http" | "https") {
            return None;
        }
        if text == near.as_str() {
            return Some(near.clone());
        }
        let rest = text.strip_prefix(&near.0[..Position::BeforePath])?;
        // What begins with two slashes names another host, also when one is a backslash, or white space that the
        // parser drops stands between.
        let is_path = matches!(rest.as_bytes(), [b'/'] | [b'/', b'!'..=b'.' | b'0'..=b'[' | b']'..=b'~', ..]);
        let is_plain = rest.bytes().fold(true, |plain, byte| plain & (byte > b' '));
        if is_path && is_plain { near.0.join(rest).ok().map(Url) } else { None }
    }

    /// The URL that a reference (`../x`, `?q`, `//host/`, or a whole URL) means where this one is the base.
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
    /// Kind [`InvalidUrl`](ErrorKind::InvalidUrl), if the result is no URL.
    pub fn join(&self, reference: &str) -> Result<Self> {
        self.0.join(reference).map(Url).map_err(|error| invalid(reference, error))
    }

    /// Whether a request can be sent there: its scheme is http or https.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](ErrorKind::InvalidUrl), with the scheme, and with what was meant where a host and a port
    /// were taken for a scheme and a path (`localhost:8000`).
    pub fn check_http(&self) -> Result<()> {
        if matches!(self.scheme(), "http" | "https") {
            return Ok(());
        }
        let hint = match self.0.cannot_be_a_base()
            && self.path().starts_with(|first: char| first.is_ascii_digit())
        {
            true => format!("did you mean http://{}?", self.as_str()),
            false => "only http and https are spoken".to_owned(),
        };
        let message = format!("cannot send to a URL of scheme {:?}; {hint}", self.scheme());
        Err(Error::new(ErrorKind::InvalidUrl, message))
    }

    /// The whole URL as text, in its normal form; with user information, if it has some.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The scheme in lower case: `https`.
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// The host: a name in lower case and ASCII (`xn--…`), an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> Option<&str> {
        self.0.host_str()
    }

    /// The port, if it is not the scheme's own.
    pub fn port(&self) -> Option<u16> {
        self.0.port()
    }

    /// The port that is meant: 80 for http and 443 for https, unless another is given.
    pub fn port_or_default(&self) -> Option<u16> {
        self.0.port_or_known_default()
    }

    /// Scheme, host and port, without user information: `https://example.com:8443`. Two URLs of http or https are of
    /// the same origin (RFC 6454) if these are equal.
    pub fn origin(&self) -> Cow<'_, str> {
        match self.has_user_info() {
            false => self.0[..Position::BeforePath].into(),
            true => format!("{}://{}", self.scheme(), self.authority()).into(),
        }
    }

    /// Host and port, as they stand in the `Host` header: `example.com:8443`.
    pub fn authority(&self) -> &str {
        &self.0[Position::BeforeHost..Position::AfterPort]
    }

    /// The path, percent-encoded; never empty for http and https.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// The query without its `?`, as it was written.
    pub fn query(&self) -> Option<&str> {
        self.0.query()
    }

    /// The query, taken apart.
    pub fn params(&self) -> QueryParams {
        QueryParams::parse(self.query().unwrap_or_default())
    }

    /// What follows the `#`; it never goes to a server.
    pub fn fragment(&self) -> Option<&str> {
        self.0.fragment()
    }

    /// Path and query: what stands on the request line (origin-form, RFC 9112 §3.2.1).
    pub fn target(&self) -> &str {
        &self.0[Position::BeforePath..Position::AfterQuery]
    }

    /// The user's name, percent-encoded; empty if there is none.
    pub fn username(&self) -> &str {
        self.0.username()
    }

    /// The password, percent-encoded.
    pub fn password(&self) -> Option<&str> {
        self.0.password()
    }

    /// Whether it names a user or a password.
    pub fn has_user_info(&self) -> bool {
        !self.0.username().is_empty() || self.0.password().is_some()
    }

    /// The same with this path; what may not stand in one is percent-encoded.
    pub fn with_path(&self, path: &str) -> Self {
        self.edited(|url| url.set_path(path))
    }

    /// The same with this query, or without one.
    pub fn with_query(&self, query: Option<&str>) -> Self {
        self.edited(|url| url.set_query(query))
    }

    /// The same with a query made of these parameters, instead of the one that is there; without any, no query.
    pub fn with_params(&self, params: impl Into<QueryParams>) -> Self {
        let params = params.into();
        self.edited(|url| url.set_query((!params.is_empty()).then(|| params.to_string()).as_deref()))
    }

    /// The same with this fragment, or without one.
    pub fn with_fragment(&self, fragment: Option<&str>) -> Self {
        self.edited(|url| url.set_fragment(fragment))
    }

    /// The same without user information.
    pub fn without_user_info(&self) -> Self {
        // Both fail only where there can be no user information at all.
        self.edited(|url| {
            let _ = url.set_username("");
            let _ = url.set_password(None);
        })
    }

    /// The same as a value of the `url` crate, which has more to ask.
    pub fn as_url(&self) -> &::url::Url {
        &self.0
    }

    /// The text that may be shown: without user information, the rest as it is.
    pub fn redacted(&self) -> Cow<'_, str> {
        match self.has_user_info() {
            false => self.as_str().into(),
            true => String::from(self.without_user_info().0).into(),
        }
    }

    fn edited(&self, edit: impl FnOnce(&mut ::url::Url)) -> Self {
        let mut url = self.0.clone();
        edit(&mut url);
        Url(url)
    }
}

/// What a request can be made for: `&str`, `String`, [`Url`] and `&Url`.
///
/// A text is joined to a base URL where there is one, as [`Url::join`] does.
pub trait IntoUrl {
    /// The URL that is meant, under this base.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](ErrorKind::InvalidUrl).
    fn into_url(self, base: Option<&Url>) -> Result<Url>;

    /// The text, if it is one. Defaults to none.
    fn as_text(&self) -> Option<&str> {
        None
    }
}

impl IntoUrl for &str {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn into_url(self, base: Option<&Url>) -> Result<Url> {
        match base {
            Some(base) => base.join(self),
            None => Url::parse(self),
        }
    }
}

impl IntoUrl for &String {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn into_url(self, base: Option<&Url>) -> Result<Url> {
        self.as_str().into_url(base)
    }
}

impl IntoUrl for String {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn into_url(self, base: Option<&Url>) -> Result<Url> {
        self.as_str().into_url(base)
    }
}

impl IntoUrl for Url {
    fn into_url(self, _base: Option<&Url>) -> Result<Url> {
        Ok(self)
    }
}

impl IntoUrl for &Url {
    fn into_url(self, _base: Option<&Url>) -> Result<Url> {
        Ok(self.clone())
    }
}

fn invalid(text: &str, error: ::url::ParseError) -> Error {
    const SHOWN: usize = 200;
    // User information must not reach a log by a typo behind it.
    let shown = match text.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => text.to_owned(),
    };
    let shown: String = shown.chars().take(SHOWN).collect();
    let hint = match error {
        ::url::ParseError::RelativeUrlWithoutBase => {
            "it has no scheme; write it whole, as https://host/path (or give the client a base URL)"
        }
        ::url::ParseError::EmptyHost => "it names no host; write it whole, as https://host/path",
        ::url::ParseError::InvalidPort => {
            "its port is no number below 65536; leave it out for that of the scheme"
        }
        ::url::ParseError::IdnaError | ::url::ParseError::InvalidDomainCharacter => {
            "its host is no valid name; is it spelled right?"
        }
        ::url::ParseError::InvalidIpv4Address | ::url::ParseError::InvalidIpv6Address => {
            "its host is no valid address; write it as 127.0.0.1 or [::1]"
        }
        _ => "it is malformed; write it whole, as https://host/path",
    };
    Error::new(ErrorKind::InvalidUrl, format!("{shown:?} is not a URL that can be requested: {hint}"))
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// What is parsed near another URL comes out as by itself.
        #[test]
        fn near_is_the_same(
            near in 0..5usize,
            origin in 0..8usize,
            rest in "[/\\\\.?#@:%a\\t\\n \u{e4}\u{7f}\u{0}\\[\\]|^]{0,8}",
        ) {
            const ORIGINS: [&str; 8] = ["http://h", "https://h:8443", "http://127.0.0.1:80", "http://u:p@h",
                "ws://h", "http://h:80801", "HTTP://H", "http://h.org"];
            let near = Url::parse(&format!("{}/a/b?c#d", ORIGINS[near])).unwrap();
            let text = format!("{}{rest}", ORIGINS[origin]);
            if let Some(url) = Url::parse_with_hint(&near, &text) {
                prop_assert_eq!(url, Url::parse(&text).unwrap(), "{:?}", text);
            }
        }
    }

    #[test]
    fn near_takes_plain_paths() {
        let near = Url::parse("http://h:1/a?b#c").unwrap();
        for (text, is_near) in [
            ("http://h:1/", true),
            ("http://h:1/a?b#c", true),
            ("http://h:1/x/../y?z=/%20#f", true),
            ("http://h:1", false),
            ("http://h:12/", false),
            ("http://h:1//x", false),
            ("http://h:1/\\x", false),
            ("http://h:1/\t/x", false),
            ("http://h:1/x ", false),
        ] {
            assert_eq!(Url::parse_with_hint(&near, text).is_some(), is_near, "{text:?}");
        }
    }

    #[test]
    fn parts() {
        let url = Url::parse("http://user:p%40ss@[::1]:8080/a%20b/ü?x=1&y=ä#f").unwrap();
        assert_eq!(url.host(), Some("[::1]"));
        assert_eq!((url.port(), url.port_or_default()), (Some(8080), Some(8080)));
        assert_eq!((&*url.origin(), url.authority()), ("http://[::1]:8080", "[::1]:8080"));
        assert_eq!(url.target(), "/a%20b/%C3%BC?x=1&y=%C3%A4");
        assert_eq!((url.username(), url.password()), ("user", Some("p%40ss")));
        assert_eq!(format!("{url:?}"), r#"Url("http://[::1]:8080/a%20b/%C3%BC?x=1&y=%C3%A4#f")"#);
        let url = Url::parse("https://Bücher.example").unwrap();
        assert_eq!((url.authority(), url.target()), ("xn--bcher-kva.example", "/"));
    }

    #[test]
    fn what_is_no_url_says_why() {
        for (text, hint) in [
            ("example.com", "it has no scheme"),
            ("/items", "it has no scheme"),
            ("", "it has no scheme"),
            ("http://", "it names no host"),
            ("http://h:99999/", "its port is no number"),
            ("http://a b/", "its host is no valid name"),
            ("http://1.2.3.256/", "its host is no valid address"),
            ("http://[::g]/", "its host is no valid address"),
        ] {
            let error = Url::parse(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidUrl);
            assert!(error.to_string().contains(hint), "{text}: {error}");
        }
        assert!(!Url::parse("http://me:s3cret@h:x/").unwrap_err().to_string().contains("s3cret"));
    }

    #[test]
    fn schemes() {
        assert!(Url::parse("https://h/").unwrap().check_http().is_ok());
        for (text, message) in [
            ("ftp://h/", "cannot send to a URL of scheme \"ftp\"; only http and https are spoken"),
            ("data:x", "cannot send to a URL of scheme \"data\"; only http and https are spoken"),
            (
                "localhost:8000/x",
                "cannot send to a URL of scheme \"localhost\"; did you mean http://localhost:8000/x?",
            ),
        ] {
            let error = Url::parse(text).unwrap().check_http().unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidUrl, message));
        }
    }

    #[test]
    fn joins() {
        for (base, reference, joined) in [
            ("https://h/v1/", "items", "https://h/v1/items"),
            ("https://h/v1/", "/items", "https://h/items"),
            ("https://h/v1", "items", "https://h/items"),
            ("https://h/v1", "https://o/", "https://o/"),
            ("https://h/v1", "//o/x", "https://o/x"),
            ("https://h/v1?a", "?b", "https://h/v1?b"),
            ("https://h/v1/", "", "https://h/v1/"),
        ] {
            assert_eq!(Url::parse(base).unwrap().join(reference).unwrap(), joined);
        }
    }
}
