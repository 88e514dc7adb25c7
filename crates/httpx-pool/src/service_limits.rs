//! [`ServiceLimits`]: the timeouts of a call of a `tower::Service`, from the wait until it is ready to the response.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use httpx_core::{Error, RequestHead, RequestSent, Result, Timeout, Timeouts};

use crate::into_error::timeout;

/// The minimum time between two checks, so that a timeout of zero does not spin.
const SHORTEST_CHECK: Duration = Duration::from_millis(10);

/// The progress of the service with the body of the request. Shared with the body, which may be in another task.
#[derive(Clone, Debug)]
pub(crate) struct UploadProgress(Arc<Mutex<Turn>>);

/// The side that must act next.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// The service must read the body. It took the last piece, or was called, at this instant.
    Service(Instant),
    /// The body must give more bytes. The service waits for them.
    Body,
    /// The service must respond. The body has ended, or the service has dropped it.
    Response(Instant, RequestSent),
}

impl UploadProgress {
    /// Creates the progress of a new call. `is_sent` is true if the service gets the whole body at once.
    pub(crate) fn new(is_sent: bool) -> Self {
        let now = Instant::now();
        let turn = if is_sent { Turn::Response(now, RequestSent::Complete) } else { Turn::Service(now) };
        UploadProgress(Arc::new(Mutex::new(turn)))
    }

    /// Records that the service waits for more of the body.
    pub(crate) fn waits_for_body(&self) {
        self.set(|_| Turn::Body);
    }

    /// Records that the service has taken a piece.
    pub(crate) fn took_piece(&self) {
        self.set(|_| Turn::Service(Instant::now()));
    }

    /// Records that the service has taken the whole body.
    pub(crate) fn took_all(&self) {
        self.set(|_| Turn::Response(Instant::now(), RequestSent::Complete));
    }

    /// Records that the service has dropped the rest of the body.
    pub(crate) fn dropped(&self) {
        self.set(|turn| match turn {
            Turn::Response(..) => turn,
            Turn::Service(_) | Turn::Body => Turn::Response(Instant::now(), RequestSent::Partial),
        });
    }

    fn set(&self, change: impl FnOnce(Turn) -> Turn) {
        let mut turn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *turn = change(*turn);
    }

    fn turn(&self) -> Turn {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The timeouts of one call.
pub(crate) struct ServiceLimits {
    timeouts: Timeouts,
    total: Option<Instant>,
    progress: UploadProgress,
}

impl ServiceLimits {
    pub(crate) fn new(head: &RequestHead, progress: UploadProgress) -> Self {
        ServiceLimits { timeouts: head.options().timeouts, total: head.deadline(), progress }
    }

    /// Returns the instant at which the service must be ready.
    pub(crate) fn ready_by(&self, now: Instant) -> Option<Instant> {
        earlier(after(now, self.timeouts.pool), self.total)
    }

    /// Returns the error of a service that is not ready in time.
    pub(crate) fn not_ready(&self, now: Instant) -> Error {
        self.total_error(now).unwrap_or_else(|| {
            timeout::exceeded(Timeout::Pool, self.timeouts.pool, "the tower service did not become ready")
        })
    }

    /// Records that the service is called now.
    pub(crate) fn start(&self, now: Instant) {
        self.progress.set(|turn| match turn {
            Turn::Service(_) => Turn::Service(now),
            Turn::Response(_, sent) => Turn::Response(now, sent),
            Turn::Body => Turn::Body,
        });
    }

    /// Returns when to [`check`](Self::check) the call again.
    ///
    /// The body may be in another task, which does not wake this one. So the time between two checks is at most the shorter of
    /// the two timeouts (write and head).
    pub(crate) fn check_again(&self, now: Instant) -> Option<Instant> {
        let Timeouts { write, head, .. } = self.timeouts;
        let interval = earlier(write, head).map(|interval| interval.max(SHORTEST_CHECK));
        let due = self.due().and_then(|(since, limit, _)| after(since, limit));
        earlier(self.total, earlier(due, after(now, interval)))
    }

    /// Checks the timeouts.
    ///
    /// # Errors
    ///
    /// If one of them has passed.
    pub(crate) fn check(&self, now: Instant) -> Result<()> {
        if let Some(error) = self.total_error(now) {
            return Err(error);
        }
        match self.due() {
            Some((since, limit, which)) if after(since, limit).is_some_and(|due| due <= now) => {
                let what = match which {
                    Timeout::Write => "the tower service took no more of the request",
                    _ => "the tower service returned no response",
                };
                Err(timeout::exceeded(which, limit, what))
            }
            _ => Ok(()),
        }
    }

    /// Returns how much of the request the service has taken.
    pub(crate) fn request_sent(&self) -> RequestSent {
        match self.progress.turn() {
            Turn::Response(_, sent) => sent,
            Turn::Service(_) | Turn::Body => RequestSent::Partial,
        }
    }

    /// Returns the start of the service's turn, its timeout, and the name of the timeout.
    fn due(&self) -> Option<(Instant, Option<Duration>, Timeout)> {
        match self.progress.turn() {
            Turn::Service(since) => Some((since, self.timeouts.write, Timeout::Write)),
            Turn::Response(since, _) => Some((since, self.timeouts.head, Timeout::Head)),
            Turn::Body => None,
        }
    }

    fn total_error(&self, now: Instant) -> Option<Error> {
        let is_over = self.total.is_some_and(|total| total <= now);
        is_over.then(|| timeout::total(self.timeouts.total))
    }
}

/// Returns the instant after this time; `None` means never.
pub(crate) fn after(start: Instant, time: Option<Duration>) -> Option<Instant> {
    start.checked_add(time?)
}

/// Returns the smaller value; `None` is greater than every value.
pub(crate) fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use httpx_core::{ErrorKind, Method, Url};

    use super::*;

    fn limits(timeouts: Timeouts, progress: &UploadProgress) -> ServiceLimits {
        let mut head = RequestHead::new(Method::GET, Url::parse("http://h/").unwrap());
        head.options_mut().timeouts = timeouts;
        ServiceLimits::new(&head, progress.clone())
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_turn_has_its_timeout() {
        let timeouts = Timeouts::new().write(SECOND * 2).head(SECOND * 3);
        let start = Instant::now();
        let at = |turn| UploadProgress(Arc::new(Mutex::new(turn)));
        // Who is to act, the time that has passed, and the timeout that has passed then.
        for (turn, seconds, expected) in [
            (Turn::Service(start), 1, None),
            (Turn::Service(start), 2, Some(Timeout::Write)),
            (Turn::Body, 9, None),
            (Turn::Response(start, RequestSent::Complete), 2, None),
            (Turn::Response(start, RequestSent::Complete), 3, Some(Timeout::Head)),
        ] {
            let error = limits(timeouts, &at(turn)).check(start + SECOND * seconds).err();
            assert_eq!(
                error.map(|error| error.kind()),
                expected.map(ErrorKind::Timeout),
                "{turn:?} {seconds}"
            );
        }
    }

    #[test]
    fn no_check_is_too_late() {
        let start = Instant::now();
        let second = |n: u32| Some(start + SECOND * n);
        let response = Turn::Response(start, RequestSent::Complete);
        // The timeouts, the turn, and when to check again after one second.
        for (write, head, turn, expected) in [
            (Some(2), Some(9), Turn::Service(start), second(2)),
            (Some(2), Some(9), Turn::Body, second(3)),
            (Some(2), Some(9), response, second(3)),
            (Some(9), Some(2), Turn::Service(start), second(3)),
            (None, Some(2), Turn::Service(start), second(3)),
            (Some(2), None, response, second(3)),
            (None, None, Turn::Body, None),
        ] {
            let mut timeouts = Timeouts::new();
            (timeouts.write, timeouts.head) = (write.map(|n| SECOND * n), head.map(|n| SECOND * n));
            let found =
                limits(timeouts, &UploadProgress(Arc::new(Mutex::new(turn)))).check_again(start + SECOND);
            assert_eq!(found, expected, "{write:?} {head:?} {turn:?}");
        }
        let zero = Timeouts::new().write(Duration::ZERO);
        let found = limits(zero, &UploadProgress(Arc::new(Mutex::new(Turn::Body)))).check_again(start);
        assert_eq!(found, Some(start + SHORTEST_CHECK));
    }

    #[test]
    fn a_body_that_was_taken_stays_taken() {
        for (is_sent, expected) in [(true, RequestSent::Complete), (false, RequestSent::Partial)] {
            let progress = UploadProgress::new(is_sent);
            progress.dropped();
            assert_eq!(limits(Timeouts::DEFAULT, &progress).request_sent(), expected);
        }
        let progress = UploadProgress::new(false);
        progress.waits_for_body();
        progress.took_piece();
        progress.took_all();
        progress.dropped();
        assert_eq!(limits(Timeouts::DEFAULT, &progress).request_sent(), RequestSent::Complete);
    }
}
