//! How much of a wait is left.

use std::time::{Duration, Instant};

/// A timeout that has begun to run. A wait for ever, or not at all, costs no look at the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Countdown {
    Forever,
    Over,
    Until(Instant),
}

impl Countdown {
    pub(crate) fn start(timeout: Option<Duration>) -> Self {
        match timeout {
            None => Self::Forever,
            Some(Duration::ZERO) => Self::Over,
            // A time that the clock cannot hold never comes.
            Some(timeout) => Instant::now().checked_add(timeout).map_or(Self::Forever, Self::Until),
        }
    }

    pub(crate) fn until(deadline: Option<Instant>) -> Self {
        deadline.map_or(Self::Forever, Self::Until)
    }

    /// As the streams' timeouts: none is for ever, zero is over.
    pub(crate) fn remaining(self) -> Option<Duration> {
        match self {
            Self::Forever => None,
            Self::Over => Some(Duration::ZERO),
            Self::Until(deadline) => Some(deadline.saturating_duration_since(Instant::now())),
        }
    }

    #[cfg(feature = "tls")]
    pub(crate) fn is_over(self) -> bool {
        self.remaining() == Some(Duration::ZERO)
    }
}
