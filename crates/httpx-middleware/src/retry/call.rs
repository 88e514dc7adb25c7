//! [`RetryCall`]: the attempts of one call, and the decision after each.

use std::mem;
use std::time::{Duration, Instant};

use httpx_core::{Attempt, Attempts, NotRetried, RequestHead};

use super::outcome::{RetryOutcome, result};
use super::{Retry, RetryBudget};
use crate::{Clock, FlowOutcome};

/// The state of a call that may be retried.
#[derive(Debug)]
pub struct RetryCall {
    retry: Retry,
    budget: RetryBudget,
    /// The attempts that were followed by a retry.
    earlier: Vec<Attempt>,
    /// When the present attempt began; `None` before the first.
    began: Option<Instant>,
}

/// What follows an attempt.
pub(super) enum Verdict {
    /// The outcome is the caller's.
    Final(Option<NotRetried>),
    /// Another attempt, after this pause.
    Retry(Duration),
}

impl RetryCall {
    pub(super) fn new(retry: Retry, budget: RetryBudget) -> Self {
        RetryCall { retry, budget, earlier: Vec::new(), began: None }
    }

    /// Begins an attempt.
    pub(super) fn begin(&mut self, request: &mut RequestHead, clock: &dyn Clock) {
        self.began = Some(clock.now());
        request.set_attempt(self.number());
        if let (Some(last), Some(on_retry)) = (self.earlier.last(), &self.retry.0.on_retry) {
            on_retry.call(last);
        }
    }

    /// Decides about the outcome of an attempt, and records the attempts in it.
    pub(super) fn decide(
        &mut self,
        request: &RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Verdict {
        let seen = RetryOutcome {
            request,
            result: result(&outcome),
            statuses: &self.retry.0.statuses,
            number: self.number(),
        };
        let verdict = self.judge(&seen, clock);
        match &verdict {
            Verdict::Retry(pause) => {
                let attempt = self.attempt(&seen, clock.now()).with_pause(*pause);
                self.earlier.push(attempt);
            }
            Verdict::Final(not_retried) => {
                let attempts = Attempts::new(mem::take(&mut self.earlier), *not_retried);
                record(attempts, outcome);
            }
        }
        verdict
    }

    fn judge(&self, seen: &RetryOutcome<'_>, clock: &dyn Clock) -> Verdict {
        let settings = &self.retry.0;
        let is_wanted = match &settings.condition {
            Some(condition) => condition.call(seen),
            None => seen.is_transient(),
        };
        if !is_wanted || seen.is_over() {
            return Verdict::Final(None);
        }
        if !seen.is_repeatable() {
            return Verdict::Final(Some(NotRetried::NotIdempotent));
        }
        if self.number() >= settings.max_attempts {
            return Verdict::Final(Some(NotRetried::NoAttemptsLeft));
        }
        let asked = seen.answer().and_then(|answer| answer.retry_after(clock.wall())).unwrap_or_default();
        if asked > settings.max_retry_after {
            return Verdict::Final(Some(NotRetried::RetryAfterTooLong));
        }
        let jitter = settings.backoff.pause(self.number(), settings.jitter.next());
        let (now, pause) = (clock.now(), asked.saturating_add(jitter));
        let is_in_time = |deadline| now.checked_add(pause).is_some_and(|then| then < deadline);
        if !seen.request.deadline().is_none_or(is_in_time) {
            return Verdict::Final(Some(NotRetried::NoTimeLeft));
        }
        if !self.budget.withdraw(now) {
            return Verdict::Final(Some(NotRetried::BudgetExhausted));
        }
        Verdict::Retry(pause)
    }

    /// Takes a retry back that cannot be made.
    pub(super) fn not_replayable(&mut self) -> Attempts {
        self.earlier.pop();
        if let Some(began) = self.began {
            self.budget.refund(began);
        }
        Attempts::new(mem::take(&mut self.earlier), Some(NotRetried::BodyNotReplayable))
    }

    fn attempt(&self, seen: &RetryOutcome<'_>, now: Instant) -> Attempt {
        let attempt = match seen.result {
            Ok(response) => Attempt::answered(response.status()),
            Err(error) => Attempt::failed(error.kind(), error.message_with_causes()),
        };
        let began = self.began.unwrap_or(now);
        let started = seen.request.started().unwrap_or(began);
        attempt.with_times(began.saturating_duration_since(started), now.saturating_duration_since(began))
    }

    /// Returns the number of the present attempt, or of the next one, from 1.
    fn number(&self) -> u32 {
        u32::try_from(self.earlier.len()).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// Records the attempts in a response or an error, if there is something to tell.
fn record(attempts: Attempts, outcome: FlowOutcome<'_>) {
    if attempts.count() == 1 && attempts.not_retried().is_none() {
        return;
    }
    match outcome {
        FlowOutcome::Response(response) => response.set_attempts(attempts),
        FlowOutcome::Failed(error) => error.set_attempts(attempts),
    }
}
