//! [`Deadline`]: counts down one blocking wait.

use std::time::{Duration, Instant};

/// The end of a wait. A wait without end, or one that does not wait, does not read the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deadline {
    Never,
    Passed,
    At(Instant),
}

impl Deadline {
    pub(crate) fn after(timeout: Option<Duration>) -> Self {
        match timeout {
            None => Self::Never,
            Some(Duration::ZERO) => Self::Passed,
            // An instant that the clock cannot represent is never reached.
            Some(timeout) => Instant::now().checked_add(timeout).map_or(Self::Never, Self::At),
        }
    }

    pub(crate) fn at(deadline: Option<Instant>) -> Self {
        deadline.map_or(Self::Never, Self::At)
    }

    /// Returns how much of the wait is left, as the streams take it: `None` is without end, zero has passed.
    pub(crate) fn remaining(self) -> Option<Duration> {
        match self {
            Self::Never => None,
            Self::Passed => Some(Duration::ZERO),
            Self::At(deadline) => Some(deadline.saturating_duration_since(Instant::now())),
        }
    }

    #[cfg(feature = "tls")]
    pub(crate) fn is_over(self) -> bool {
        self.remaining() == Some(Duration::ZERO)
    }
}
