use std::time::{Instant, SystemTime};

/// What time it is: asked by whoever needs to know, and not before.
///
/// There are two times, because there are two questions. How long something took is counted by [`now`](Clock::now),
/// which only goes forward; whether a cookie has expired is read from the calendar, by [`wall`](Clock::wall).
///
/// Tests move a clock of their own:
///
/// ```
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant, SystemTime};
/// use httpx_middleware::Clock;
///
/// struct Stopped(Instant, Mutex<Duration>);
///
/// impl Clock for Stopped {
///     fn now(&self) -> Instant {
///         self.0 + *self.1.lock().unwrap()
///     }
///
///     fn wall(&self) -> SystemTime {
///         SystemTime::UNIX_EPOCH + *self.1.lock().unwrap()
///     }
/// }
/// ```
pub trait Clock: Send + Sync {
    /// The time that timeouts are counted in.
    fn now(&self) -> Instant;

    /// The time of the calendar.
    fn wall(&self) -> SystemTime;
}

/// The clock of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }
}
