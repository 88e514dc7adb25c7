//! [`DnsCacheOptions`]: how long the results of lookups are kept, and how many.

use std::time::Duration;

/// How long a `TcpBackend` keeps the results of lookups, and how many.
///
/// | setting | default |
/// | --- | --- |
/// | names | 1024 |
/// | addresses, if the resolver gives no time to live | 30 s |
/// | a name that does not exist | 5 s |
///
/// A temporary error (a timeout, no network) is not kept.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use std::time::Duration;
/// use httpx::ConnectionPool;
/// use httpx::network::{DnsCacheOptions, TcpBackend};
///
/// let cache = DnsCacheOptions::new().lifetime(Duration::from_secs(5)).max_names(100);
/// let pool = ConnectionPool::builder().backend(TcpBackend::new().dns_cache(cache)).build();
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DnsCacheOptions {
    pub(crate) max_names: usize,
    pub(crate) lifetime: Duration,
    pub(crate) negative_lifetime: Duration,
}

impl DnsCacheOptions {
    /// Makes options with the defaults.
    pub fn new() -> Self {
        DnsCacheOptions {
            max_names: 1024,
            lifetime: Duration::from_secs(30),
            negative_lifetime: Duration::from_secs(5),
        }
    }

    /// Sets the largest number of names. The least recently used name makes room for another. Defaults to 1024; with
    /// zero nothing is kept, and requests that ask for a name at the same time still share one lookup.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::DnsCacheOptions;
    ///
    /// let cache = DnsCacheOptions::new().max_names(100);
    /// ```
    pub fn max_names(mut self, most: usize) -> Self {
        self.max_names = most;
        self
    }

    /// Sets how long addresses are kept if the resolver gives no [time to live](crate::Resolved::time_to_live); the
    /// system's resolver gives none. Defaults to 30 s.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::time::Duration;
    /// use httpx::network::DnsCacheOptions;
    ///
    /// let cache = DnsCacheOptions::new().lifetime(Duration::from_secs(5));
    /// ```
    pub fn lifetime(mut self, time: Duration) -> Self {
        self.lifetime = time;
        self
    }

    /// Sets how long to remember that a name does not exist or has no address. Defaults to 5 s.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::time::Duration;
    /// use httpx::network::DnsCacheOptions;
    ///
    /// let cache = DnsCacheOptions::new().negative_lifetime(Duration::from_secs(1));
    /// ```
    pub fn negative_lifetime(mut self, time: Duration) -> Self {
        self.negative_lifetime = time;
        self
    }
}

impl Default for DnsCacheOptions {
    fn default() -> Self {
        DnsCacheOptions::new()
    }
}
