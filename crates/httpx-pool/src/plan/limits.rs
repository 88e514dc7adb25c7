//! How many connections, and for how long.

use std::time::Duration;

/// The limits of a connection pool. Each has a default that suits most programs; set what you need:
///
/// ```
/// use httpx_pool::plan::PoolLimits;
/// use std::time::Duration;
///
/// let limits = PoolLimits::new().per_origin(6).idle_time(Duration::from_secs(60));
/// assert_eq!(limits, PoolLimits { per_origin: 6, idle_time: Duration::from_secs(60), ..PoolLimits::new() });
/// ```
///
/// There is no limit on the number of requests that wait: they are the program's own, and the pool timeout bounds
/// how long each of them does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolLimits {
    /// Connections in all: being opened, in use and idle. Zero counts as one. Defaults to 100.
    pub total: usize,
    /// Connections to one origin, likewise. Zero counts as one. Defaults to no limit of its own.
    pub per_origin: usize,
    /// Idle connections in all; past it the one that has been idle longest is closed. Zero turns reuse off, save
    /// for requests that wait already. Defaults to no limit of its own (so to `total`).
    pub idle: usize,
    /// How long a connection may lie idle. Defaults to 15 seconds.
    pub idle_time: Duration,
    /// How long after its opening a connection is still given out; each is spared a random part of the last eighth,
    /// so that those opened together do not all end together. Defaults to no limit.
    pub age: Option<Duration>,
    /// How many requests a connection may carry. Zero counts as one. Defaults to no limit.
    pub uses: Option<u64>,
}

impl PoolLimits {
    /// The default of `total`: the same as in Python's httpx and Go's `MaxIdleConns`, and well below the 256
    /// descriptors that macOS gives a process.
    const TOTAL: usize = 100;

    /// The default of `idle_time`, as in ureq. Peers range from httpcore's 5 s over the 90 s of Go, hyper and
    /// reqwest to curl's 118 s. The look at the socket finds a connection that the server *has* closed; no look
    /// finds one that it closes while the request is under way, and a POST that met this is not sent again. So stay
    /// below the times after which servers close without having announced it: Tomcat 20 s, Jetty 30 s, AWS's
    /// balancer 60 s, nginx 75 s. Those with 5 s (Apache, Node) announce it in `Keep-Alive`.
    const IDLE_TIME: Duration = Duration::from_secs(15);

    /// All defaults.
    pub const fn new() -> Self {
        Self {
            total: Self::TOTAL,
            per_origin: usize::MAX,
            idle: usize::MAX,
            idle_time: Self::IDLE_TIME,
            age: None,
            uses: None,
        }
    }

    /// Sets how many connections there may be in all. Defaults to 100.
    #[must_use]
    pub const fn total(self, total: usize) -> Self {
        Self { total, ..self }
    }

    /// Sets how many connections there may be to one origin. Defaults to no limit of its own.
    #[must_use]
    pub const fn per_origin(self, per_origin: usize) -> Self {
        Self { per_origin, ..self }
    }

    /// Sets how many connections may lie idle. Defaults to no limit of its own.
    #[must_use]
    pub const fn idle(self, idle: usize) -> Self {
        Self { idle, ..self }
    }

    /// Sets how long a connection may lie idle. Defaults to 15 seconds.
    #[must_use]
    pub const fn idle_time(self, idle_time: Duration) -> Self {
        Self { idle_time, ..self }
    }

    /// Sets how old a connection may get. Defaults to no limit.
    #[must_use]
    pub const fn age(self, age: Duration) -> Self {
        Self { age: Some(age), ..self }
    }

    /// Sets how many requests a connection may carry. Defaults to no limit.
    #[must_use]
    pub const fn uses(self, uses: u64) -> Self {
        Self { uses: Some(uses), ..self }
    }

    /// The age that a connection may reach which drew `jitter`: all of the limit for 0, seven eighths for the
    /// greatest number.
    pub(super) fn age_with(&self, jitter: u32) -> Option<Duration> {
        self.age.map(|age| age - (age / 8).mul_f64(f64::from(jitter) / f64::from(u32::MAX)))
    }
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_takes_up_to_an_eighth() {
        let limits = PoolLimits::new().age(Duration::from_secs(80));
        for (jitter, seconds) in [(0, 80), (u32::MAX, 70)] {
            assert_eq!(limits.age_with(jitter), Some(Duration::from_secs(seconds)));
        }
        assert_eq!(PoolLimits::new().age_with(7), None);
        assert!(PoolLimits::new().age(Duration::MAX).age_with(u32::MAX).is_some());
    }
}
