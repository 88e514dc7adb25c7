//! When a wait has lasted too long, and what is said then.

use std::time::{Duration, Instant};

use httpx_core::{Error, Result, Timeout, Timeouts};

use crate::into_error::timeout;

/// How long a body is held back for a `100 Continue` that does not come; what curl waits.
const CONTINUE: Duration = Duration::from_secs(1);

/// What a driver waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Room to write.
    Write,
    /// `100 Continue`, or the final head.
    Continue,
    /// The final head.
    Head,
    /// More of the body.
    Body,
}

#[derive(Debug, Default)]
pub(super) struct Deadlines {
    timeouts: Timeouts,
    total: Option<Instant>,
    /// When the final head must be here: its timeout runs from the first wait for it.
    head_by: Option<Instant>,
    /// When the body is sent without a `100 Continue`.
    continue_by: Option<Instant>,
    /// When there must be room to write: a server that takes nothing, but says a byte now and then, cannot put it off.
    write_by: Option<Instant>,
    /// When the rest must be here, if only the connection is still wanted.
    drain_by: Option<Instant>,
}

impl Deadlines {
    /// For one exchange: the resolved timeouts, and when the whole call must have ended.
    pub(super) fn new(timeouts: Timeouts, total: Option<Instant>) -> Self {
        Deadlines { timeouts, total, ..Deadlines::default() }
    }

    /// No wait lasts beyond this.
    pub(super) fn set_drain_deadline(&mut self, by: Instant) {
        self.drain_by = Some(by);
    }

    /// Something was written, or handed on: the next wait for room is another one.
    pub(super) fn progressed(&mut self) {
        self.write_by = None;
    }

    /// How long this wait may last, from now; `None` is for ever.
    ///
    /// # Errors
    ///
    /// If its time was up before: bytes that are there already are not looked at then, for a server could see to it
    /// that there always are some.
    pub(super) fn left(&mut self, wait: Wait, now: Instant) -> Result<Option<Duration>> {
        if let Some(by) = self.drain_by {
            return Ok(Some(by.saturating_duration_since(now)));
        }
        let by = |limit: Option<Duration>| now.checked_add(limit?);
        let until = |instant: Option<Instant>| Some(instant?.saturating_duration_since(now));
        let waits_on = wait == Wait::Head || wait == Wait::Write && self.write_by.is_some();
        let own = match wait {
            Wait::Write if waits_on => until(self.write_by),
            Wait::Write => {
                self.write_by = by(self.timeouts.write);
                self.timeouts.write
            }
            Wait::Body => self.timeouts.read,
            Wait::Head => {
                self.head_by = self.head_by.or_else(|| by(self.timeouts.head));
                until(self.head_by)
            }
            Wait::Continue => {
                self.continue_by = self.continue_by.or_else(|| by(Some(CONTINUE)));
                until(self.continue_by)
            }
        };
        let own = own.filter(|&limit| limit != Timeouts::NEVER);
        if self.is_over(now) || waits_on && own == Some(Duration::ZERO) {
            return Err(self.passed(wait, now));
        }
        Ok(match (own, self.left_in_all(now)) {
            (Some(own), Some(total)) => Some(own.min(total)),
            (own, total) => own.or(total),
        })
    }

    /// How long the whole call may still take; `None` is for ever.
    pub(super) fn left_in_all(&self, now: Instant) -> Option<Duration> {
        Some(self.total?.saturating_duration_since(now))
    }

    /// Whether the whole call must end some time.
    #[cfg(feature = "async")]
    pub(super) fn is_bounded(&self) -> bool {
        self.total.is_some()
    }

    /// Whether the whole call must have ended.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.total.is_some_and(|total| total <= now)
    }

    /// What is said when this wait has lasted too long.
    pub(super) fn passed(&self, wait: Wait, now: Instant) -> Error {
        if self.is_over(now) {
            return timeout::total(self.timeouts.total);
        }
        let (which, limit, what) = match wait {
            Wait::Write => (Timeout::Write, self.timeouts.write, "the server took nothing of the request"),
            Wait::Continue | Wait::Head => {
                (Timeout::Head, self.timeouts.head, "the server did not answer with a whole head")
            }
            Wait::Body => (Timeout::Read, self.timeouts.read, "no more of the body came"),
        };
        timeout::exceeded(which, limit, what)
    }
}
