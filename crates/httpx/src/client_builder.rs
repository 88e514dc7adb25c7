mod options;

use httpx_core::{Error, Headers, IntoUrl, Result, ToHeaderValue};
#[cfg(feature = "cookies")]
use httpx_middleware::CookieJar;

use crate::settings::Settings;

/// Makes a `Client`; `T` is the transport of its flavour.
///
/// ```
/// let client = httpx::Client::builder()
///     .url("https://www.httpbin.org")
///     .headers([("User-Agent", "dev"), ("Accept-Encoding", "gzip")])
///     .build()?;
/// # Ok::<(), httpx::Error>(())
/// ```
#[must_use = "a builder does nothing until build() is called"]
pub struct ClientBuilder<T> {
    pub(crate) settings: Settings,
    pub(crate) transport: Option<T>,
    /// `None` is a jar of its own.
    #[cfg(feature = "cookies")]
    pub(crate) jar: Option<CookieJar>,
    #[cfg(feature = "cookies")]
    pub(crate) keeps_cookies: bool,
    /// The first of what could not be.
    error: Option<Error>,
}

impl<T> ClientBuilder<T> {
    pub(crate) fn new() -> Self {
        ClientBuilder {
            settings: Settings::default(),
            transport: None,
            #[cfg(feature = "cookies")]
            jar: None,
            #[cfg(feature = "cookies")]
            keeps_cookies: true,
            error: None,
        }
    }

    /// The base URL: what a request's URL is joined to, by the rules of the URL standard.
    ///
    /// | base | request | result |
    /// | --- | --- | --- |
    /// | `https://h/v1/` | `items` | `https://h/v1/items` |
    /// | `https://h/v1/` | `/items` | `https://h/items` |
    /// | `https://h/v1` | `items` | `https://h/items` |
    /// | any | `https://other/` | `https://other/` |
    ///
    /// So a base with a path should end in a slash, and the requests under it should not begin with one.
    ///
    /// Defaults to none: requests need whole URLs.
    #[doc(alias = "base_url")]
    pub fn url(mut self, url: impl IntoUrl) -> Self {
        match url.into_url(None).and_then(|url| url.check_http().map(|()| url)) {
            Ok(url) => self.settings.base = Some(url),
            Err(error) => self.fail(error),
        }
        self
    }

    /// The headers that go with every request, instead of the default ones; a request's own win, header by header.
    ///
    /// Defaults to `Accept: */*`, `Accept-Encoding: gzip`, `Connection: keep-alive`, `User-Agent: rust-httpx/…`.
    pub fn headers<H>(mut self, headers: H) -> Self
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        match headers.try_into() {
            Ok(headers) => self.settings.headers = headers,
            Err(error) => self.fail(Error::from(error)),
        }
        self
    }

    /// One header that goes with every request, in the place of the default one of its name; the others stay.
    pub fn header(mut self, name: &str, value: impl ToHeaderValue) -> Self {
        if let Err(error) = self.settings.headers.set(name, value) {
            self.fail(Error::from(error));
        }
        self
    }

    /// A header as [`header`](ClientBuilder::header) sets it whose value is secret: it is not shown in `Debug`, and
    /// a redirect to another origin does not take it along.
    pub fn secret_header(mut self, name: &str, value: impl ToHeaderValue) -> Self {
        self = self.header(name, value);
        self.settings.headers.mark_sensitive(name);
        self
    }

    /// `Authorization: Basic` (RFC 7617) with every request; it goes to no other origin by a redirect. Beware: it goes
    /// to whatever host a request names, so give a client with it a base URL, or requests of one host only.
    pub fn basic_auth(self, user: &str, password: &str) -> Self {
        self.secret_header("Authorization", httpx_core::basic_auth(user, password))
    }

    /// `Authorization: Bearer` (RFC 6750) with every request; see [`basic_auth`](ClientBuilder::basic_auth).
    pub fn bearer_auth(self, token: &str) -> Self {
        self.secret_header("Authorization", format!("Bearer {token}"))
    }

    /// The jar that cookies are kept in: one that was loaded from a file, say, or that clients share. Defaults to an
    /// empty one of its own.
    #[cfg(feature = "cookies")]
    pub fn cookie_jar(mut self, jar: CookieJar) -> Self {
        self.jar = Some(jar);
        self
    }

    /// Keeps no cookies at all.
    #[cfg(feature = "cookies")]
    pub fn no_cookies(mut self) -> Self {
        self.keeps_cookies = false;
        self
    }

    /// The settings, or the first of what could not be.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.error.take().map_or(Ok(()), Err)
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }
}

impl<T> std::fmt::Debug for ClientBuilder<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}
