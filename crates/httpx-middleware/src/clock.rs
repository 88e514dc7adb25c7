//! The clock that a flow reads; a test can give its own.

use std::time::{Instant, SystemTime};

/// A source of the time for flows. It is read only when a flow needs the time.
///
/// Durations are measured with [`now`](Clock::now), which only goes forward. Dates, such as the expiry of a cookie, are
/// compared with [`wall`](Clock::wall).
///
/// A clock for tests, which they move themselves:
///
/// ```
/// # mod httpx { pub mod flow { pub use httpx_middleware::*; } }
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant, SystemTime};
/// use httpx::flow::Clock;
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
    /// Returns the time for timeouts and pauses.
    fn now(&self) -> Instant;

    /// Returns the time of the calendar.
    fn wall(&self) -> SystemTime;
}

/// The clock of the operating system. In a browser (`wasm32-unknown-unknown`) the standard library has none: both methods
/// panic there.
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
