//! [`Deadlines`]: the write, head, read and total timeouts: the time left for each wait, and the error after it.

use std::time::{Duration, Instant};

use httpx_core::{Error, Result, Timeout, Timeouts};

use crate::into_error::timeout;

/// What a driver waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// Room to write.
    Write,
    /// `100 Continue`, or the final head.
    Continue,
    /// The request's own body. Only the total timeout bounds it.
    Upload,
    /// The final head.
    Head,
    /// More of the response's body.
    Body,
}

#[derive(Debug, Default)]
pub(super) struct Deadlines {
    timeouts: Timeouts,
    total: Option<Instant>,
    /// When the final head must be here. Its timeout runs from the first wait for it.
    head_by: Option<Instant>,
    /// The instant at which the body is sent without a `100 Continue`; `None` during the wait means never.
    continue_by: Option<Instant>,
    /// When there must be room to write. A server that takes nothing cannot put this off by sending a byte now and
    /// then.
    write_by: Option<Instant>,
    /// When more of the body must be here. Chunk sizes and other framing do not put this off.
    read_by: Option<Instant>,
    /// When the body must have ended, if it is only drained.
    drain_by: Option<Instant>,
}

impl Deadlines {
    /// Creates the deadlines of one exchange, of resolved timeouts and the end of the whole call.
    pub(super) fn new(timeouts: Timeouts, total: Option<Instant>) -> Self {
        Deadlines { timeouts, total, ..Deadlines::default() }
    }

    /// Ends every wait at this instant.
    pub(super) fn set_drain_deadline(&mut self, by: Instant) {
        self.drain_by = Some(by);
    }

    /// Begins the wait for a `100 Continue`, unless it has begun.
    pub(super) fn start_continue(&mut self, now: Instant, wait: Duration) {
        self.continue_by = self.continue_by.or_else(|| now.checked_add(wait));
    }

    /// Takes note that bytes were written or handed on: the next wait for room or for the body is a new one.
    pub(super) fn progressed(&mut self) {
        (self.write_by, self.read_by) = (None, None);
    }

    /// Returns how long this wait may last from now; `None` is without end.
    ///
    /// # Errors
    ///
    /// If its time has passed already. Bytes that are there are not looked at then: a server could see to it that there
    /// always are some.
    pub(super) fn time_left(&mut self, wait: Wait, now: Instant) -> Result<Option<Duration>> {
        let own = self.own_time_left(wait, now);
        if self.is_over(now) || own == Some(Duration::ZERO) && self.is_final(wait) {
            return Err(self.timeout_error(wait, now));
        }
        let whole = self.end().map(|end| end.saturating_duration_since(now));
        Ok(earlier(own, whole))
    }

    /// Returns how long this wait may last by its own timeout.
    fn own_time_left(&mut self, wait: Wait, now: Instant) -> Option<Duration> {
        let (deadline, limit) = match wait {
            Wait::Write => (&mut self.write_by, self.timeouts.write),
            Wait::Continue => (&mut self.continue_by, None),
            Wait::Head => (&mut self.head_by, self.timeouts.head),
            Wait::Body => (&mut self.read_by, self.timeouts.read),
            Wait::Upload => return None,
        };
        if let Some(deadline) = deadline {
            return Some(deadline.saturating_duration_since(now));
        }
        // An instant that the clock cannot represent never comes.
        *deadline = now.checked_add(limit?);
        if deadline.is_some() { limit } else { None }
    }

    /// Whether this wait fails when its time has passed before it begins. A timeout of zero still allows one read or
    /// write that does not wait.
    fn is_final(&self, wait: Wait) -> bool {
        match wait {
            Wait::Head => true,
            Wait::Write => self.timeouts.write != Some(Duration::ZERO),
            Wait::Body => self.timeouts.read != Some(Duration::ZERO),
            Wait::Continue | Wait::Upload => false,
        }
    }

    /// Whether the whole call has a deadline.
    pub(super) fn is_bounded(&self) -> bool {
        self.end().is_some()
    }

    /// Whether the whole call must have ended, or the draining of its body.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.end().is_some_and(|end| end <= now)
    }

    fn end(&self) -> Option<Instant> {
        earlier(self.total, self.drain_by)
    }

    /// Returns the error of a wait that has lasted too long.
    pub(super) fn timeout_error(&self, wait: Wait, now: Instant) -> Error {
        if self.total.is_some_and(|total| total <= now) {
            return timeout::total(self.timeouts.total);
        }
        let (which, limit, what) = match wait {
            Wait::Write => {
                (Timeout::Write, self.timeouts.write, "the server accepted no more of the request")
            }
            Wait::Continue | Wait::Head => {
                (Timeout::Head, self.timeouts.head, "the server sent no complete response head")
            }
            Wait::Body | Wait::Upload => {
                (Timeout::Read, self.timeouts.read, "no more of the response's body came")
            }
        };
        timeout::exceeded(which, limit, what)
    }
}

/// Returns the smaller one; `None` is without end.
fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
