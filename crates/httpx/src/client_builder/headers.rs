//! Headers and credentials that a client adds to its requests.

use httpx_core::{Error, Headers, ToHeaderValue};

use super::ClientBuilder;
use crate::request_sender::RequestSender;

impl<C: RequestSender> ClientBuilder<C> {
    /// **Replaces all headers** that the client adds to each request, also the default ones: without an
    /// `Accept-Encoding` in `headers`, responses are not compressed. To keep the defaults, use
    /// [`header`](ClientBuilder::header) or [`add_headers`](ClientBuilder::add_headers).
    ///
    /// A request's own headers win, name by name.
    ///
    /// Defaults to `Accept: */*`, `Accept-Encoding: gzip` (`identity` without the feature `gzip`),
    /// `Connection: keep-alive` and `User-Agent: rust-httpx/…`.
    ///
    /// ```
    /// let client = httpx::Client::builder()
    ///     .headers([("User-Agent", "my-tool/1.0"), ("Accept-Encoding", "gzip")])
    ///     .build()?;
    /// assert!(!client.get("https://www.example.com").build()?.headers().contains("Accept"));
    /// # Ok::<(), httpx::Error>(())
    /// ```
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

    /// Adds headers to those that the client has, the default ones among them. A header replaces those of its name.
    ///
    /// ```
    /// let client = httpx::Client::builder().add_headers([("Accept", "application/json"), ("X-Team", "red")]).build()?;
    /// assert!(client.get("https://www.example.com").build()?.headers().contains("User-Agent"));
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "default_headers")]
    pub fn add_headers<H>(mut self, headers: H) -> Self
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        match headers.try_into() {
            Ok(headers) => self.settings.headers.update(&headers),
            Err(error) => self.fail(Error::from(error)),
        }
        self
    }

    /// Sets one header that each request gets. It replaces the default one of its name; the others stay.
    ///
    /// A redirect to another origin takes it along. For a key or a token use
    /// [`secret_header`](ClientBuilder::secret_header).
    ///
    /// ```
    /// let client = httpx::Client::builder().header("Accept", "application/json").build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "default_header")]
    pub fn header(mut self, name: &str, value: impl ToHeaderValue) -> Self {
        if let Err(error) = self.settings.headers.set(name, value) {
            self.fail(Error::from(error));
        }
        self
    }

    /// Sets the `User-Agent` header: short for `.header("User-Agent", value)`. Defaults to `rust-httpx/…`.
    ///
    /// ```
    /// let client = httpx::Client::builder().user_agent("my-tool/1.0").build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn user_agent(self, value: impl ToHeaderValue) -> Self {
        self.header("User-Agent", value)
    }

    /// Sets a header with a secret value that each request gets. `Debug` does not show it, a redirect to another origin
    /// drops it, and if the client has a base URL, requests to other origins do not get it: see
    /// [`send_credentials_to_any_origin`](ClientBuilder::send_credentials_to_any_origin).
    ///
    /// ```
    /// let client = httpx::Client::builder().url("https://api.example.com").secret_header("X-Api-Key", "5f1c").build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn secret_header(mut self, name: &str, value: impl ToHeaderValue) -> Self {
        self = self.header(name, value);
        self.settings.headers.mark_sensitive(name);
        self
    }

    /// Sends `Authorization: Basic` (RFC 7617) with each request, as a [secret header](ClientBuilder::secret_header).
    ///
    /// **Give the client a base URL too**: without one, the password goes to each host that a request names.
    ///
    /// ```
    /// let client = httpx::Client::builder().url("https://api.example.com").basic_auth("ann", "secret").build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn basic_auth(self, username: &str, password: &str) -> Self {
        self.secret_header("Authorization", httpx_core::basic_auth(username, password))
    }

    /// Answers digest challenges (RFC 7616): short for `.auth(Digest::new(username, password))`. See
    /// [`Digest`](crate::auth::Digest).
    ///
    /// **Give the client a base URL too**: without one, each host that a request names gets an answer, by which it can try
    /// to guess the password.
    ///
    /// ```
    /// let client = httpx::Client::builder().url("https://api.example.com").digest_auth("ann", "secret").build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[cfg(feature = "digest")]
    pub fn digest_auth(self, username: &str, password: &str) -> Self {
        self.auth(httpx_middleware::auth::Digest::new(username, password))
    }

    /// Sends `Authorization: Bearer` (RFC 6750) with each request, as a [secret header](ClientBuilder::secret_header).
    ///
    /// **Give the client a base URL too**: without one, the token goes to each host that a request names.
    ///
    /// ```
    /// let client = httpx::Client::builder().url("https://api.example.com").bearer_auth("token").build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn bearer_auth(self, token: &str) -> Self {
        self.secret_header("Authorization", format!("Bearer {token}"))
    }
}
