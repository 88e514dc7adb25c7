//! How much of a wait is left.

use std::time::{Duration, Instant};

/// A timeout that has begun to run. A wait for ever, or not at all, costs no look at the clock.
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
            // A time that the clock cannot hold never comes.
            Some(timeout) => Instant::now().checked_add(timeout).map_or(Self::Never, Self::At),
        }
    }

    pub(crate) fn at(deadline: Option<Instant>) -> Self {
        deadline.map_or(Self::Never, Self::At)
    }

    /// As the streams' timeouts: none is for ever, zero is over.
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
