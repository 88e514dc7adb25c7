//! [`PoolLimits`]: how many connections, and for how long.

use std::time::Duration;

/// The limits of a connection pool. [`PoolBuilder`](crate::PoolBuilder) documents and sets them.
///
/// The number of waiting requests has no limit: they belong to the program, and the pool timeout bounds how long each
/// of them waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PoolLimits {
    /// The most connections: being opened, in use and idle. Zero counts as one.
    pub(crate) total: usize,
    /// The most connections to one origin, likewise. Zero counts as one.
    pub(crate) per_origin: Option<usize>,
    /// The most idle connections. Past it the one that has been idle longest is closed. Zero turns reuse off, except
    /// for requests that wait already.
    pub(crate) idle: Option<usize>,
    /// The most idle connections of one origin, likewise.
    pub(crate) idle_per_origin: Option<usize>,
    /// How long a connection may be idle.
    pub(crate) idle_time: Duration,
    /// Whether a shorter time that the server announces counts instead.
    pub(crate) server_keep_alive: bool,
    /// How long after its opening a connection is still given out. Each is spared a random part of the last eighth,
    /// so that those opened together do not all end together.
    pub(crate) age: Option<Duration>,
    /// How many requests a connection may carry. Zero counts as one.
    pub(crate) uses: Option<u64>,
}

impl PoolLimits {
    /// The default of `total`: the same as in Python's httpx and Go's `MaxIdleConns`, and well below the 256
    /// descriptors that macOS gives a process.
    const TOTAL: usize = 100;

    /// The default of `idle_time`, as in ureq. Peers range from httpcore's 5 s over the 90 s of Go, hyper and
    /// reqwest to curl's 118 s.
    ///
    /// The check of the socket finds a connection that the server *has* closed. No check finds a connection that the
    /// server closes while the request is under way, and a POST is then not sent again. So this stays below the times
    /// after which servers close without an announcement: Tomcat 20 s, Jetty 30 s, AWS's balancer 60 s, nginx
    /// 75 s. Servers with 5 s (Apache, Node) announce it in `Keep-Alive`.
    const IDLE_TIME: Duration = Duration::from_secs(15);

    /// All defaults.
    pub(crate) const fn new() -> Self {
        Self {
            total: Self::TOTAL,
            per_origin: None,
            idle: None,
            idle_per_origin: None,
            idle_time: Self::IDLE_TIME,
            server_keep_alive: true,
            age: None,
            uses: None,
        }
    }

    /// One connection for as long as both sides keep it.
    pub(crate) const fn single() -> Self {
        Self { total: 1, idle_time: Duration::MAX, server_keep_alive: false, ..Self::new() }
    }

    /// Returns whether an origin with this many connections may have another one.
    pub(super) fn allow_origin(&self, connections: usize) -> bool {
        self.per_origin.is_none_or(|most| connections < most.max(1))
    }

    /// Returns whether this many connections are too many.
    pub(super) fn are_full(&self, connections: usize) -> bool {
        connections >= self.total.max(1)
    }

    /// Returns whether this many idle connections are too many.
    pub(super) fn exceed_idle(&self, idle: usize) -> bool {
        self.idle.is_some_and(|most| idle > most)
    }

    /// Returns how long a connection may be idle whose server keeps it this long.
    pub(super) fn idle_time(&self, keep: Option<Duration>) -> Duration {
        let keep = keep.filter(|_| self.server_keep_alive);
        keep.map_or(self.idle_time, |keep| keep.min(self.idle_time))
    }

    /// The age that a connection with this `jitter` may reach: all of the limit for 0, seven eighths for the largest
    /// number.
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
        let aged = |age| PoolLimits { age: Some(age), ..PoolLimits::new() };
        let limits = aged(Duration::from_secs(80));
        for (jitter, seconds) in [(0, 80), (u32::MAX, 70)] {
            assert_eq!(limits.age_with(jitter), Some(Duration::from_secs(seconds)));
        }
        assert_eq!(PoolLimits::new().age_with(7), None);
        assert!(aged(Duration::MAX).age_with(u32::MAX).is_some());
    }
}
