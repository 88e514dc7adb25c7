//! Timeouts, limits and redirects that apply to each request of a client.

use std::time::Duration;

use httpx_core::Timeouts;
use httpx_core::decode::Coding;

use super::ClientBuilder;
use crate::request_sender::RequestSender;

impl<C: RequestSender> ClientBuilder<C> {
    /// Sets the most time that the whole call may take: from `send` to the last byte of the body, including the wait for a
    /// connection, retries and redirects. Defaults to no limit, so that a long download can finish.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().timeout(Duration::from_secs(60)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn timeout(mut self, total: Duration) -> Self {
        self.settings.options.timeouts.total = Some(total);
        self
    }

    /// Sets several of the six timeouts at once. Those that `timeouts` leaves unset stay as they are.
    ///
    /// ```
    /// # use std::time::Duration;
    /// use httpx::Timeouts;
    ///
    /// const QUICK: Timeouts = Timeouts::new().connect(Duration::from_secs(1)).head(Duration::from_secs(2));
    /// let client = httpx::Client::builder().timeouts(QUICK).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        let options = &mut self.settings.options;
        options.timeouts = timeouts.or(&options.timeouts);
        self
    }

    /// Sets the most time for making a connection: name lookup, TCP, proxy and TLS together. Defaults to 10 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().connect_timeout(Duration::from_secs(3)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.options.timeouts.connect = Some(timeout);
        self
    }

    /// Sets the most time to wait until a connection of the pool is free. Defaults to 5 min, so that load queues.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().pool_timeout(Duration::from_secs(3)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn pool_timeout(mut self, timeout: Duration) -> Self {
        self.settings.options.timeouts.pool = Some(timeout);
        self
    }

    /// Sets the most time for each wait until the server accepts more bytes of the request. Defaults to 30 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().write_timeout(Duration::from_secs(10)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.settings.options.timeouts.write = Some(timeout);
        self
    }

    /// Sets the most time between the last byte of the request and the end of the response's head. Defaults to 30 s.
    ///
    /// Some APIs compute for minutes before they answer (language models that do not stream, reports): raise this for
    /// them. [`Timeouts::NEVER`] removes the limit.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().head_timeout(Duration::from_secs(300)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "response_timeout")]
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.settings.options.timeouts.head = Some(timeout);
        self
    }

    /// Sets the most time for each wait for more bytes of the body. Defaults to 30 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().read_timeout(Duration::from_secs(10)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.options.timeouts.read = Some(timeout);
        self
    }

    /// Sets how many redirects to follow. One more is an error; with 0 the redirect itself is returned. Defaults to 20.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_redirects(0).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "redirects")]
    pub fn max_redirects(mut self, count: u32) -> Self {
        self.settings.options.max_redirects = Some(count);
        self
    }

    /// Sets whether a redirect may lead from https to http. Defaults to no: such a redirect is an error.
    ///
    /// ```
    /// let client = httpx::Client::builder().allow_https_to_http(true).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "insecure_redirects")]
    pub fn allow_https_to_http(mut self, allowed: bool) -> Self {
        self.settings.options.allow_https_to_http = Some(allowed);
        self
    }

    /// Sets the most bytes, after decoding, that a body may have that is read to completion. Defaults to 100 MiB. A
    /// streamed body has no limit.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_body_bytes(1 << 30).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "limit")]
    pub fn max_body_bytes(mut self, bytes: u64) -> Self {
        self.settings.options.max_body_bytes = Some(bytes);
        self
    }

    /// Asks servers for these content codings, in this order of preference: sets the `Accept-Encoding` header. The
    /// response's body is decoded, and its headers `Content-Encoding` and `Content-Length` are removed, because they
    /// describe the encoded body. Defaults to [`Coding::Gzip`](crate::models::Coding) alone; without any coding, servers
    /// are asked for a body that is not encoded.
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
    /// let client = httpx::Client::builder().accept_encodings(Coding::all()).build()?;
    /// # Ok::<(), httpx::Error>(())
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
    /// let client = httpx::Client::builder().decompress(false).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "decode")]
    #[doc(alias = "no_gzip")]
    pub fn decompress(mut self, decompress: bool) -> Self {
        self.settings.options.decompress = Some(decompress);
        self
    }
}
