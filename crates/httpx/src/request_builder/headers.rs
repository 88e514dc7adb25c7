//! Headers and credentials of one request.

use httpx_core::{Error, Headers, ToHeaderValue};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

impl<C: RequestSender> RequestBuilder<C> {
    /// Sets a header. It replaces the client's header of this name, and earlier ones of this request.
    ///
    /// A redirect to another origin takes it along. For a key or a token use
    /// [`secret_header`](RequestBuilder::secret_header).
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").header("Accept-Language", "en");
    /// ```
    pub fn header(self, name: &str, value: impl ToHeaderValue) -> Self {
        self.with(|draft| Ok(draft.head.headers_mut().set(name, value)?))
    }

    /// Sets several headers. They replace those of the same names; a name that occurs more than once among them is sent
    /// more than once.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").headers([("Accept", "text/html"), ("X-Id", "1")]);
    /// ```
    pub fn headers<H>(self, headers: H) -> Self
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        self.with(|draft| {
            draft.head.headers_mut().update(&headers.try_into()?);
            Ok(())
        })
    }

    /// Leaves out a header that the client adds, and removes one that was set on this request before. `Host` and the
    /// headers that frame the body cannot be left out. A name that is not valid is an error. For the cookies of a jar use
    /// [`no_cookies`](RequestBuilder::no_cookies).
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").without_header("User-Agent").build()?;
    /// assert!(!request.headers().contains("User-Agent"));
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn without_header(self, name: &str) -> Self {
        self.with(|draft| {
            // Checks the name.
            Headers::new().append(name, "")?;
            draft.head.headers_mut().remove(name);
            draft.left_out.push(name.to_owned());
            Ok(())
        })
    }

    /// Sets a header with a secret value. `Debug` does not show it, and a redirect to another origin drops it.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").secret_header("X-Api-Key", "5f1c");
    /// ```
    pub fn secret_header(self, name: &str, value: impl ToHeaderValue) -> Self {
        self.with(|draft| {
            let headers = draft.head.headers_mut();
            headers.set(name, value)?;
            headers.mark_sensitive(name);
            Ok(())
        })
    }

    /// Sets `Authorization: Basic` (RFC 7617). A redirect to another origin drops it.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").basic_auth("ann", "secret");
    /// ```
    pub fn basic_auth(self, username: &str, password: &str) -> Self {
        self.secret_header("Authorization", httpx_core::basic_auth(username, password))
    }

    /// Answers a digest challenge of the server (RFC 7616), in place of any `Authorization` header. The client remembers the
    /// nonce for later requests with the same username and password. A redirect to another origin gets no answer. See
    /// [`Digest`](crate::auth::Digest).
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").digest_auth("ann", "secret");
    /// ```
    #[cfg(feature = "digest")]
    pub fn digest_auth(self, username: &str, password: &str) -> Self {
        self.without_header("Authorization")
            .extension(httpx_middleware::auth::RequestDigest::new(username, password))
    }

    /// Sets `Authorization: Bearer` (RFC 6750). A redirect to another origin drops it.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").bearer_auth("token");
    /// ```
    pub fn bearer_auth(self, token: &str) -> Self {
        self.secret_header("Authorization", format!("Bearer {token}"))
    }
}
