//! [`HappyEyeballs`]: which address of a host to try, and when (RFC 8305 §5); fails at the connect timeout.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::connect_error::{ConnectError, ConnectStep};
use crate::dial_trace::DialTrace;
use crate::failed_attempt::{FailedAttempt, rank};

/// The most addresses that are tried for one connection. A resolver may return any number.
const MAX_ATTEMPTS: usize = 24;

/// The most attempts at once. The oldest one ends when another begins.
const MAX_AT_ONCE: usize = 8;

/// The default of [`attempt_delay`](crate::ConnectOptions::attempt_delay), and its minimum (RFC 8305 §8).
pub(crate) const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
const MIN_ATTEMPT_DELAY: Duration = Duration::from_millis(10);

/// The maximum: a longer delay makes no difference, and some clocks cannot represent its end.
const MAX_ATTEMPT_DELAY: Duration = Duration::from_secs(3600);

/// The connection attempts to the addresses of a host.
///
/// An attempt starts when the one before it fails, or when it has not succeeded within the attempt delay. The first
/// success ends them all. The driver calls [`step`](Self::step) until it has a connection or an error, and reports
/// each [`failure`](Self::failed).
#[derive(Debug)]
pub(crate) struct HappyEyeballs<'a> {
    host: &'a str,
    addresses: Vec<SocketAddr>,
    deadline: Option<Instant>,
    delay: Duration,
    /// How many addresses have been tried.
    started: usize,
    /// The attempts under way, the oldest first.
    running: Vec<Attempt>,
    /// When the next attempt starts, if none fails before. `None` is at once.
    next_start: Option<Instant>,
    failed: Vec<FailedAttempt>,
    /// The most telling error.
    error: Option<io::Error>,
    /// When each attempt was started.
    starts: Vec<Instant>,
    trace: Option<&'a DialTrace>,
}

/// One attempt. Its number is its place in the order, because an address may be listed twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) number: usize,
    pub(crate) address: SocketAddr,
}

/// The next action of the driver.
#[derive(Debug)]
pub(crate) enum AttemptStep {
    /// Start this attempt. Nothing else happens until the given instant, if no other attempt is under way.
    Start(
        Attempt,
        #[cfg_attr(
            not(feature = "blocking"),
            allow(dead_code, reason = "tokio does not wait where an attempt starts")
        )]
        Option<Instant>,
    ),
    /// End this attempt, because too many are under way.
    Stop(Attempt),
    /// Wait until an attempt under way ends, or until this instant.
    Wait(Option<Instant>),
    /// There is no connection.
    Fail(ConnectError),
}

impl<'a> HappyEyeballs<'a> {
    /// Makes the attempts to these addresses of a host, in this order.
    pub(crate) fn new(
        host: &'a str,
        mut addresses: Vec<SocketAddr>,
        delay: Option<Duration>,
        deadline: Option<Instant>,
    ) -> Self {
        addresses.truncate(MAX_ATTEMPTS);
        let delay = delay.unwrap_or(ATTEMPT_DELAY).clamp(MIN_ATTEMPT_DELAY, MAX_ATTEMPT_DELAY);
        HappyEyeballs {
            host,
            addresses,
            deadline,
            delay,
            started: 0,
            running: Vec::new(),
            next_start: None,
            failed: Vec::new(),
            error: None,
            starts: Vec::new(),
            trace: None,
        }
    }

    /// Reports each attempt.
    pub(crate) fn traced(self, trace: Option<&'a DialTrace>) -> Self {
        HappyEyeballs { trace, ..self }
    }

    /// Returns the next step.
    pub(crate) fn step(&mut self, now: Instant) -> AttemptStep {
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            return AttemptStep::Fail(self.timed_out());
        }
        let Some(&address) = self.addresses.get(self.started) else {
            return if self.running.is_empty() {
                AttemptStep::Fail(self.all_failed())
            } else {
                AttemptStep::Wait(self.deadline)
            };
        };
        if let Some(start) = self.next_start.filter(|start| now < *start) {
            return AttemptStep::Wait(self.or_deadline(start));
        }
        if self.running.len() >= MAX_AT_ONCE {
            let oldest = self.running.remove(0);
            self.note(oldest, given_up());
            return AttemptStep::Stop(oldest);
        }
        self.start(address, now)
    }

    fn start(&mut self, address: SocketAddr, now: Instant) -> AttemptStep {
        let attempt = Attempt { number: self.started, address };
        self.started += 1;
        self.running.push(attempt);
        self.starts.push(now);
        if let Some(trace) = self.trace {
            trace.connect_started(address);
        }
        let until = match self.addresses.len().saturating_sub(self.started) {
            0 => self.deadline,
            untried => {
                let start = now.checked_add(self.delay_before_next(untried, now)).unwrap_or(now);
                self.next_start = Some(start);
                self.or_deadline(start)
            }
        };
        AttemptStep::Start(attempt, until)
    }

    /// The delay is shorter where the time would not suffice for all addresses.
    fn delay_before_next(&self, untried: usize, now: Instant) -> Duration {
        let Some(deadline) = self.deadline else { return self.delay };
        let parts = u32::try_from(untried).unwrap_or(u32::MAX).saturating_add(1);
        let part = deadline.saturating_duration_since(now) / parts;
        self.delay.min(part.max(MIN_ATTEMPT_DELAY))
    }

    fn or_deadline(&self, instant: Instant) -> Option<Instant> {
        Some(self.deadline.map_or(instant, |deadline| deadline.min(instant)))
    }

    /// Notes that an attempt has failed. The next one starts at once.
    pub(crate) fn failed(&mut self, attempt: Attempt, error: io::Error) {
        self.running.retain(|running| *running != attempt);
        self.next_start = None;
        self.note(attempt, error);
    }

    /// Notes that an attempt has succeeded. Returns its address if it is worth remembering: an address before it has
    /// failed, or did not answer in time.
    pub(crate) fn succeeded(&self, attempt: Attempt) -> Option<SocketAddr> {
        self.report_end(attempt, Ok(()));
        for other in self.running.iter().filter(|other| **other != attempt) {
            self.report_end(*other, Err(&overtaken()));
        }
        (attempt.number > 0).then_some(attempt.address)
    }

    fn report_end(&self, attempt: Attempt, result: Result<(), &io::Error>) {
        if let Some(trace) = self.trace {
            trace.connect_ended(attempt.address, self.starts.get(attempt.number).copied(), result);
        }
    }

    fn note(&mut self, attempt: Attempt, error: io::Error) {
        self.report_end(attempt, Err(&error));
        self.failed.push(FailedAttempt::new(attempt.address, &error));
        if self.error.as_ref().is_none_or(|telling| rank(&error) < rank(telling)) {
            self.error = Some(error);
        }
    }

    /// Returns the error for the case that all addresses have failed.
    fn all_failed(&mut self) -> ConnectError {
        let none = || io::Error::new(ErrorKind::NotFound, "there was no address to try");
        ConnectError::Connect {
            host: self.host.into(),
            attempts: std::mem::take(&mut self.failed),
            source: self.error.take().unwrap_or_else(none),
        }
    }

    /// Returns the error for the case that no time is left.
    fn timed_out(&mut self) -> ConnectError {
        for attempt in std::mem::take(&mut self.running) {
            self.note(attempt, no_answer());
        }
        ConnectError::TimedOut {
            step: ConnectStep::Connecting,
            host: self.host.into(),
            attempts: std::mem::take(&mut self.failed),
        }
    }
}

/// The error of an attempt that was under way at the deadline.
fn no_answer() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "no answer")
}

/// The error of an attempt that was under way when another one succeeded.
fn overtaken() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "another address was faster")
}

/// The error of an attempt that was ended to start another one.
fn given_up() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "no answer before the other addresses were tried")
}

#[cfg(test)]
mod tests;
