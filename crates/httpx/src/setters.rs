//! The setters that a client and a single request have in common, written once.

/// Defines them in an `impl` block; the type has a method `options_mut`.
macro_rules! option_setters {
    () => {
        /// How long the whole call may take, from `send` to the last byte of the body, with the wait for a
        /// connection, redirects and all. Defaults to no limit, so that a long download may take its time.
        pub fn timeout(mut self, total: std::time::Duration) -> Self {
            self.options_mut().timeouts.total = Some(total);
            self
        }

        /// Those of the six timeouts that are set in `timeouts`; the others stay.
        ///
        /// ```
        /// use std::time::Duration;
        /// use httpx::Timeouts;
        ///
        /// const HASTY: Timeouts = Timeouts::new().connect(Duration::from_secs(1)).head(Duration::from_secs(2));
        /// let client = httpx::Client::builder().timeouts(HASTY).build()?;
        /// let request = client.get("https://www.example.com").timeouts(Timeouts::new().head(Timeouts::NEVER));
        /// # Ok::<(), httpx::Error>(())
        /// ```
        pub fn timeouts(mut self, timeouts: httpx_core::Timeouts) -> Self {
            let options = self.options_mut();
            options.timeouts = timeouts.or(&options.timeouts);
            self
        }

        /// How long making a connection may take: resolving, TCP and TLS together. Defaults to 10 s.
        pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options_mut().timeouts.connect = Some(timeout);
            self
        }

        /// How long to wait for a connection of the pool to become free. Defaults to 10 s.
        pub fn pool_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options_mut().timeouts.pool = Some(timeout);
            self
        }

        /// How long each wait for room to write may take. Defaults to 30 s.
        pub fn write_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options_mut().timeouts.write = Some(timeout);
            self
        }

        /// How long the server may take from the last byte of the request to the whole head of its response.
        /// Defaults to 30 s.
        pub fn head_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options_mut().timeouts.head = Some(timeout);
            self
        }

        /// How long each wait for more of the body may take. Defaults to 30 s.
        pub fn read_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options_mut().timeouts.read = Some(timeout);
            self
        }

        /// How many redirects to follow; one more is an error, and 0 gives the redirect itself. Defaults to 20.
        #[doc(alias = "redirects")]
        pub fn max_redirects(mut self, most: u32) -> Self {
            self.options_mut().max_redirects = Some(most);
            self
        }

        /// Whether a redirect may lead from https to http. Defaults to no.
        #[doc(alias = "insecure_redirects")]
        pub fn allow_https_to_http(mut self, allowed: bool) -> Self {
            self.options_mut().allow_https_to_http = Some(allowed);
            self
        }

        /// How many bytes, decoded, a body may have that is read to completion. Defaults to 100 MiB; a streamed body
        /// has no limit.
        #[doc(alias = "limit")]
        pub fn max_body_bytes(mut self, bytes: u64) -> Self {
            self.options_mut().max_body_bytes = Some(bytes);
            self
        }

        /// Whether the content coding of responses (gzip, deflate) is undone. Defaults to yes.
        ///
        /// If it is not, the request still says `Accept-Encoding: gzip`. For the bytes of a file, as a `Range` counts
        /// them, send `Accept-Encoding: identity` instead.
        #[doc(alias = "decode")]
        pub fn decompress(mut self, decompress: bool) -> Self {
            self.options_mut().decompress = Some(decompress);
            self
        }
    };
}

pub(crate) use option_setters;
