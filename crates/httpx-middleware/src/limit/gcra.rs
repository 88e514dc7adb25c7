//! [`Gcra`]: when a request conforms to a rate, by the generic cell rate algorithm (ITU-T I.371).
//!
//! It is a token bucket that keeps one moment: that at which the bucket is full again.

use std::time::{Duration, Instant};

/// A rate with bursts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gcra {
    /// The time between two requests.
    interval: Duration,
    /// How many requests may follow each other at once.
    pub(super) burst: u32,
}

/// When the bucket is full again; `None` if it has always been.
pub(super) type Full = Option<Instant>;

impl Gcra {
    /// The rate of this many requests per time. None are as one.
    pub(super) fn new(requests: u32, per: Duration) -> Self {
        // Rounded up, so that there are never more.
        let nanos = per.as_nanos().div_ceil(u128::from(requests.max(1)));
        let interval = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        Gcra { interval, burst: 1 }
    }

    /// Returns how long a request must wait, if this many are sent before it.
    pub(super) fn wait(&self, full: Full, now: Instant, ahead: usize) -> Duration {
        let Some(full) = full else { return self.times(ahead).saturating_sub(self.tolerance()) };
        let until_full = full.saturating_duration_since(now);
        until_full.saturating_add(self.times(ahead)).saturating_sub(self.tolerance())
    }

    /// Counts a request that arrived at this moment, and perhaps waited since.
    pub(super) fn take(&self, full: Full, arrived: Instant) -> Full {
        let from = full.map_or(arrived, |full| full.max(arrived));
        // A moment that this system cannot name is far away.
        Some(from.checked_add(self.interval).unwrap_or(from))
    }

    /// Counts a request that was woken for its turn, perhaps late. It makes up for at most one interval: otherwise all that
    /// wait would follow each other at once after a stall.
    pub(super) fn take_late(&self, full: Full, arrived: Instant, now: Instant) -> Full {
        let earliest = now.checked_sub(self.interval).unwrap_or(arrived);
        self.take(full, arrived.max(earliest))
    }

    /// How early before the bucket is full a request may be sent.
    fn tolerance(&self) -> Duration {
        self.interval.saturating_mul(self.burst.saturating_sub(1))
    }

    fn times(&self, count: usize) -> Duration {
        self.interval.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn requests_follow_at_the_rate() {
        // requests, per, burst; and when five requests that come at once are sent, in ms
        for (requests, per, burst, expected) in [
            (10, 1000, 1, [0, 100, 200, 300, 400]),
            (10, 1000, 3, [0, 0, 0, 100, 200]),
            (10, 1000, 0, [0, 100, 200, 300, 400]),
            (1, 60_000, 1, [0, 60_000, 120_000, 180_000, 240_000]),
            (0, 1000, 1, [0, 1000, 2000, 3000, 4000]),
            (5, 0, 1, [0; 5]),
        ] {
            let rate = Gcra { burst, ..Gcra::new(requests, per * MS) };
            let (start, mut full) = (Instant::now(), None);
            for (ahead, at) in expected.into_iter().enumerate() {
                assert_eq!(rate.wait(None, start, ahead), at * MS, "{rate:?}");
                assert_eq!(rate.wait(full, start, 0), at * MS, "{rate:?}");
                full = rate.take(full, start);
            }
        }
    }

    #[test]
    fn a_pause_fills_the_bucket_up_to_the_burst() {
        let rate = Gcra { burst: 2, ..Gcra::new(10, 1000 * MS) };
        let start = Instant::now();
        let mut full = rate.take(rate.take(None, start), start);
        assert_eq!(rate.wait(full, start, 0), 100 * MS);
        assert_eq!(rate.wait(full, start + 100 * MS, 0), Duration::ZERO);
        let later = start + 10_000 * MS;
        full = rate.take(rate.take(full, later), later);
        assert_eq!(rate.wait(full, later, 0), 100 * MS);
        // A third of a second is rounded up: never a fourth request within a second.
        let third = Gcra::new(3, 1000 * MS);
        assert!(third.wait(None, start, 3) >= 1000 * MS);
    }

    #[test]
    fn extreme_rates_do_not_overflow() {
        for (requests, per, burst) in [
            (1, Duration::MAX, u32::MAX),
            (u32::MAX, Duration::MAX, 1),
            (u32::MAX, MS, u32::MAX),
            (1, Duration::MAX, 1),
        ] {
            let rate = Gcra { burst, ..Gcra::new(requests, per) };
            let start = Instant::now();
            let full = rate.take(rate.take(None, start), start);
            rate.wait(full, start, usize::MAX);
        }
    }
}
