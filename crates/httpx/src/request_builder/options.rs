//! Timeouts, limits and redirects of one request.

use std::time::Duration;

use httpx_core::decode::Coding;
use httpx_core::{Options, Timeouts};
use httpx_middleware::RedirectPolicy;
use httpx_middleware::retry::Retry;
#[cfg(feature = "cookies")]
use httpx_middleware::{CookieJar, RequestCookies};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

/// Each setting overrides that of the client.
impl<C: RequestSender> RequestBuilder<C> {
    /// Sets the most time that the whole call may take: from `send` to the last byte of the body, including the wait for a
    /// connection, retries and redirects. Defaults to no limit, so that a long download can finish.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let request = httpx::get("https://www.example.com").timeout(Duration::from_secs(60));
    /// ```
    pub fn timeout(self, total: Duration) -> Self {
        self.with_options(|options| options.timeouts.total = Some(total))
    }

    /// Sets several of the six timeouts at once. Those that `timeouts` leaves unset stay as they are.
    ///
    /// ```
    /// use httpx::Timeouts;
    ///
    /// let request = httpx::get("https://www.example.com").timeouts(Timeouts::new().head(Timeouts::NEVER));
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        self.with_options(|options| options.timeouts = timeouts.or(&options.timeouts))
    }

    /// Sets the most time for making a connection: name lookup, TCP, proxy and TLS together. Defaults to 10 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let request = httpx::get("https://www.example.com").connect_timeout(Duration::from_secs(3));
    /// ```
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.with_options(|options| options.timeouts.connect = Some(timeout))
    }

    /// Sets the most time to wait until a connection of the pool is free. Defaults to 5 min, so that load queues.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let request = httpx::get("https://www.example.com").pool_timeout(Duration::from_secs(3));
    /// ```
    pub fn pool_timeout(self, timeout: Duration) -> Self {
        self.with_options(|options| options.timeouts.pool = Some(timeout))
    }

    /// Sets the most time for each wait until the server accepts more bytes of the request. Defaults to 30 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let request = httpx::get("https://www.example.com").write_timeout(Duration::from_secs(10));
    /// ```
    pub fn write_timeout(self, timeout: Duration) -> Self {
        self.with_options(|options| options.timeouts.write = Some(timeout))
    }

    /// Sets the most time between the last byte of the request and the end of the response's head. Defaults to 30 s.
    ///
    /// Some APIs compute for minutes before they answer (language models that do not stream, reports): raise this for
    /// them. [`Timeouts::NEVER`] removes the limit.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let request = httpx::get("https://www.example.com").head_timeout(Duration::from_secs(300));
    /// ```
    #[doc(alias = "response_timeout")]
    pub fn head_timeout(self, timeout: Duration) -> Self {
        self.with_options(|options| options.timeouts.head = Some(timeout))
    }

    /// Sets the most time for each wait for more bytes of the body. Defaults to 30 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let request = httpx::get("https://www.example.com").read_timeout(Duration::from_secs(10));
    /// ```
    pub fn read_timeout(self, timeout: Duration) -> Self {
        self.with_options(|options| options.timeouts.read = Some(timeout))
    }

    /// Sets how many redirects to follow. One more is an error; with 0 the redirect itself is returned. Defaults to 20.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").max_redirects(0);
    /// ```
    #[doc(alias = "redirects")]
    pub fn max_redirects(self, count: u32) -> Self {
        self.with_options(|options| options.max_redirects = Some(count))
    }

    /// Sets whether a redirect may lead from https to http. Defaults to no: such a redirect is an error.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").allow_https_to_http(true);
    /// ```
    #[doc(alias = "insecure_redirects")]
    pub fn allow_https_to_http(self, allowed: bool) -> Self {
        self.with_options(|options| options.allow_https_to_http = Some(allowed))
    }

    /// Sets the most bytes, after decoding, that a body may have that is read to completion. Defaults to 100 MiB. A
    /// streamed body has no limit.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").max_body_bytes(1 << 30);
    /// ```
    #[doc(alias = "limit")]
    pub fn max_body_bytes(self, bytes: u64) -> Self {
        self.with_options(|options| options.max_body_bytes = Some(bytes))
    }

    /// Asks the server for these content codings, in this order of preference: sets the `Accept-Encoding` header. The
    /// response's body is decoded, and its headers `Content-Encoding` and `Content-Length` are removed, because they
    /// describe the encoded body. Defaults to [`Coding::Gzip`](crate::models::Coding) alone; without any coding, the server
    /// is asked for a body that is not encoded.
    ///
    /// A [`Coding`](crate::models::Coding) exists only if this build can decode it: `Brotli` and `Zstd` need the features
    /// `br` and `zstd`. `Coding::all()` has all of them, and `Coding::from_name("br")` finds one for a name.
    ///
    /// A request with a `Range` asks for no coding, unless it has its own list: a part of an encoded body (status 206 with
    /// `Content-Range`) cannot be decoded, and is returned as it was sent, with its headers.
    ///
    /// ```
    /// use httpx::models::Coding;
    ///
    /// let request = httpx::get("https://www.example.com").accept_encodings(Coding::all());
    /// ```
    pub fn accept_encodings(self, codings: impl IntoIterator<Item = Coding>) -> Self {
        self.header("Accept-Encoding", Coding::accept(codings))
    }

    /// Sets whether the content coding of responses (gzip, deflate, br, zstd) is decoded. Defaults to yes.
    ///
    /// Without it, the body and all headers are returned as they were sent. The request still sends
    /// `Accept-Encoding: gzip`. For the bytes of a file as the server stores it, send `Accept-Encoding: identity`; a request
    /// with a `Range` does so by itself.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").decompress(false);
    /// ```
    #[doc(alias = "decode")]
    #[doc(alias = "no_gzip")]
    pub fn decompress(self, decompress: bool) -> Self {
        self.with_options(|options| options.decompress = Some(decompress))
    }

    /// Sets whether the request may be sent twice without harm. If so, it is sent again when a kept connection turns
    /// out to be dead, and it can be [retried](RequestBuilder::retry). The default depends on the method (RFC 9110
    /// §9.2.2): yes for all but POST, PATCH and CONNECT; and yes for a request with an `Idempotency-Key` header.
    ///
    /// ```
    /// let request = httpx::post("https://www.example.com/search").body("rust").idempotent(true);
    /// ```
    pub fn idempotent(self, idempotent: bool) -> Self {
        self.with_options(|options| options.idempotent = Some(idempotent))
    }

    /// Sends this request again after a failure that may pass, by these settings in place of those of the client: see
    /// [`retry`](crate::retry). The budget is that of the client, unless the settings have another one.
    ///
    /// ```
    /// use httpx::retry::Retry;
    ///
    /// let request = httpx::get("https://www.example.com").retry(Retry::new().max_attempts(5));
    /// ```
    pub fn retry(self, retry: Retry) -> Self {
        self.extension(retry)
    }

    /// Sends this request once, also if the client or a layer retries others.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").no_retry();
    /// ```
    pub fn no_retry(self) -> Self {
        self.extension(Retry::never())
    }

    /// Sets the rules for redirects of this request, in place of those of its client.
    ///
    /// ```
    /// use httpx::redirect::RedirectPolicy;
    ///
    /// let request = httpx::get("https://www.example.com").redirect_policy(RedirectPolicy::stop());
    /// ```
    pub fn redirect_policy(self, policy: RedirectPolicy) -> Self {
        self.extension(policy)
    }

    /// Sends the cookies of this jar, and stores those of the responses in it, in place of the client's jar. The jar is
    /// given by value or by reference: a clone is the same jar. Such a request bypasses the client's
    /// [cache](crate::ClientBuilder#method.cache), whose responses may be for another user.
    ///
    /// ```
    /// use httpx::cookies::CookieJar;
    ///
    /// let jar = CookieJar::new(); // one for each user
    /// let request = httpx::get("https://www.example.com").cookie_jar(&jar);
    /// ```
    #[cfg(feature = "cookies")]
    pub fn cookie_jar(self, jar: impl Into<CookieJar>) -> Self {
        self.extension(RequestCookies::Jar(jar.into()))
    }

    /// Neither sends cookies of the client with this request nor stores those of its responses.
    ///
    /// ```
    /// let request = httpx::get("https://www.example.com").no_cookies();
    /// ```
    #[cfg(feature = "cookies")]
    pub fn no_cookies(self) -> Self {
        self.extension(RequestCookies::Disabled)
    }

    pub(super) fn with_options(self, set: impl FnOnce(&mut Options)) -> Self {
        self.with(|draft| {
            set(draft.head.options_mut());
            Ok(())
        })
    }
}
