//! The cache of a client.

use httpx_core::RequestHead;
#[cfg(feature = "cookies")]
use httpx_middleware::RequestCookies;
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
    /// after layers that add headers, so that it sees these headers. Add it before a flow that signs each request (AWS's
    /// Signature Version 4, for example): below one it would find a new `Authorization` in each request, and no response for
    /// it. [`Digest`](crate::auth) may stand on either side.
    ///
    /// A request that has settings of its own for its connection (a proxy, TLS, a Unix socket, addresses) neither uses the
    /// cache nor fills it, because its response may be that of another server. Nor does one with
    /// [its own cookie jar](crate::RequestBuilder::cookie_jar), or [without cookies](crate::RequestBuilder::no_cookies), because
    /// its response may be for another user. Clones of a cache share their entries: share one among clients only if they
    /// reach the same servers as the same user.
    pub fn cache(self, cache: Cache) -> Self {
        self.network_layer(cache.bypassed_if(is_apart))
    }
}

/// Returns whether the response may be that of another server, or for another user.
fn is_apart(request: &RequestHead) -> bool {
    // A change that another user makes also outdates the responses of this one.
    has_own_connection(request) || (has_own_cookies(request) && request.method().is_safe())
}

fn has_own_connection(request: &RequestHead) -> bool {
    request.extensions().get::<ConnectOptions>().is_some()
}

#[cfg(feature = "cookies")]
fn has_own_cookies(request: &RequestHead) -> bool {
    request.extensions().get::<RequestCookies>().is_some()
}

#[cfg(not(feature = "cookies"))]
fn has_own_cookies(_: &RequestHead) -> bool {
    false
}
