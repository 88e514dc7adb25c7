//! Settings of the pool that a client makes for itself.

use std::time::Duration;

use httpx_pool::PoolBuilder;
#[cfg(feature = "tls")]
use httpx_pool::TlsConfig;

use super::ClientBuilder;
use crate::request_sender::RequestSender;

/// Settings of the client's own connection pool. They cannot be combined with `transport`, which replaces that pool. The
/// builder of a [`ConnectionPool`](httpx_pool::ConnectionPool) has some more.
impl<C: RequestSender> ClientBuilder<C> {
    /// Sets how TLS is used: roots, client certificates, versions. Defaults to TLS 1.2 and 1.3 with Mozilla's roots.
    ///
    /// ```no_run
    /// use httpx::tls::TlsConfig;
    ///
    /// let tls = TlsConfig::builder().root(std::fs::read("company-ca.pem")?).build()?;
    /// let client = httpx::Client::builder().tls(tls).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "tls")]
    #[doc(alias = "add_root_certificate")]
    #[doc(alias = "identity")]
    #[doc(alias = "danger_accept_invalid_certs")]
    pub fn tls(self, tls: TlsConfig) -> Self {
        self.with_pool("tls", |pool| pool.tls(tls))
    }

    /// Sets how many connections there may be at once, in use and idle together. A further request waits for a free one.
    /// Defaults to 100.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_connections(20).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_connections(self, count: usize) -> Self {
        self.with_pool("max_connections", |pool| pool.max_connections(count))
    }

    /// Sets how many connections there may be to one origin (scheme, host, port). Defaults to no limit but the total.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_connections_per_origin(6).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_connections_per_origin(self, count: usize) -> Self {
        self.with_pool("max_connections_per_origin", |pool| pool.max_connections_per_origin(count))
    }

    /// Sets how many connections may be idle. Defaults to no limit but the total; with 0 each connection is closed after
    /// its response.
    ///
    /// ```
    /// let client = httpx::Client::builder().max_idle_connections(10).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "pool_max_idle_per_host")]
    pub fn max_idle_connections(self, count: usize) -> Self {
        self.with_pool("max_idle_connections", |pool| pool.max_idle_connections(count))
    }

    /// Sets how long a connection may be idle before it is closed. A shorter time that the server names
    /// (`Keep-Alive: timeout=…`) takes precedence. Defaults to 15 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let client = httpx::Client::builder().idle_timeout(Duration::from_secs(60)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "pool_idle_timeout")]
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        self.with_pool("idle_timeout", |pool| pool.idle_timeout(timeout))
    }

    pub(crate) fn with_pool(
        mut self,
        setter: &'static str,
        set: impl FnOnce(PoolBuilder<C::Backend>) -> PoolBuilder<C::Backend>,
    ) -> Self {
        let (first, pool) = self.pool.take().unwrap_or_else(|| (setter, C::pool_builder()));
        self.pool = Some((first, set(pool)));
        self
    }
}
