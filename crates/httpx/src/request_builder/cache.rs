//! How a request uses the cache of its client.

use httpx_middleware::cache::CacheMode;

use super::RequestBuilder;
use crate::request_sender::RequestSender;

impl<C: RequestSender> RequestBuilder<C> {
    /// Sets how this request uses the [`cache`](crate::ClientBuilder::cache) of its client. Defaults to the mode that the client
    /// has as an [`extension`](crate::ClientBuilder::extension), else to [`CacheMode::Default`].
    ///
    /// ```
    /// use httpx::cache::{Cache, CacheMode};
    ///
    /// # let mock = httpx::network::MockTransport::new(|_| httpx::Response::new(200, ()));
    /// let client = httpx::Client::builder()
    ///     .cache(Cache::in_memory())
    /// #   .transport(mock)
    ///     .build()?;
    /// let response = client.get("https://www.example.com").cache_mode(CacheMode::OnlyIfCached).send()?;
    /// assert_eq!(response.status(), 504); // nothing was sent
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn cache_mode(self, mode: CacheMode) -> Self {
        self.extension(mode)
    }
}
