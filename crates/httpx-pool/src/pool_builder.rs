use std::time::Duration;

use httpx_core::Timeouts;
use httpx_proto::{Limits, UncleanEnds};

use crate::pool_config::PoolConfig;
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// Makes a `ConnectionPool`; `B` is the network backend of its flavour.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use std::time::Duration;
/// use httpx_pool::ConnectionPool;
///
/// let pool = ConnectionPool::builder().max_connections(20).idle_timeout(Duration::from_secs(60)).build();
/// assert_eq!(format!("{pool:?}"), "<ConnectionPool [0 active]>");
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until build() is called"]
pub struct PoolBuilder<B> {
    pub(crate) config: PoolConfig,
    pub(crate) backend: B,
}

impl<B> PoolBuilder<B> {
    /// How many connections there may be at once, busy and idle together; a further request waits for one. Defaults
    /// to 100.
    pub fn max_connections(mut self, most: usize) -> Self {
        self.config.connections.total = most;
        self
    }

    /// How many of them may go to one origin (scheme, host and port). Defaults to no limit but the total.
    pub fn max_connections_per_origin(mut self, most: usize) -> Self {
        self.config.connections.per_origin = Some(most);
        self
    }

    /// How many may lie idle. Defaults to no limit but the total; 0 keeps none.
    pub fn max_idle_connections(mut self, most: usize) -> Self {
        self.config.connections.idle = Some(most);
        self
    }

    /// How long one may lie idle before it is closed; a shorter time that the server names (`Keep-Alive: timeout=`)
    /// goes before it. Defaults to 15 s, below the times after which servers close connections unannounced.
    ///
    /// No thread watches the clock: those past their time are closed when the pool is next used.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.config.connections.idle_time = timeout;
        self
    }

    /// How old one may grow before it is replaced, so that a change of DNS is noticed. Up to an eighth is taken off
    /// at random, so that not all are replaced at once. Defaults to no limit.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.config.connections.age = Some(age);
        self
    }

    /// How many requests one may carry. Defaults to no limit.
    pub fn max_uses(mut self, uses: u64) -> Self {
        self.config.connections.uses = Some(uses);
        self
    }

    /// The timeouts of requests that set none of their own. Defaults to [`Timeouts::DEFAULT`].
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.config.timeouts = timeouts;
        self
    }

    /// What the pool accepts of a server: sizes of heads and the like. Defaults to [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.config.codec = limits;
        self
    }

    /// How TLS is spoken. Defaults to [`TlsConfig::default`]: TLS 1.2 and 1.3, Mozilla's roots.
    #[cfg(feature = "tls")]
    #[doc(alias = "ssl_context")]
    pub fn tls(mut self, tls: TlsConfig) -> Self {
        self.config.tls = tls;
        self
    }

    /// What is made of a body whose only end is that of its connection, under TLS without a close_notify: anybody
    /// on the way can have cut it. Defaults to [`UncleanEnds::Refuse`]; some old servers need
    /// [`UncleanEnds::Accept`].
    pub fn unclean_ends(mut self, unclean_ends: UncleanEnds) -> Self {
        self.config.unclean_ends = unclean_ends;
        self
    }
}
