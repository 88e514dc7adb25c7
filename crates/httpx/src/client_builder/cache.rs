//! The cache of a client.

use httpx_core::RequestHead;
use httpx_middleware::cache::Cache;
use httpx_pool::ConnectOptions;

use super::ClientBuilder;
use crate::request_sender::RequestSender;

/// The cache.
impl<C: RequestSender> ClientBuilder<C> {
    /// Answers requests from this cache, and stores responses in it: see [`cache`](crate::cache). Defaults to none.
    ///
    /// ```
    /// use httpx::cache::Cache;
    ///
    /// let client = httpx::Client::builder().cache(Cache::in_memory()).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// The cache is a [`network_layer`](ClientBuilder::network_layer): it sees each step of a redirect, with its cookies. Add it
    /// after layers that add headers, such as those for authentication, so that it sees these headers.
    ///
    /// A request that has settings of its own for its connection (a proxy, TLS, a Unix socket, addresses) neither uses the
    /// cache nor fills it, because its response may be that of another server. Clones of a cache share their entries: share one
    /// among clients only if they reach the same servers as the same user.
    pub fn cache(self, cache: Cache) -> Self {
        self.network_layer(cache.bypassed_if(has_own_connection))
    }
}

fn has_own_connection(request: &RequestHead) -> bool {
    request.extensions().get::<ConnectOptions>().is_some()
}
