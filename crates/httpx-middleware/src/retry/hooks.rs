//! The functions of the user that [`Retry`](super::Retry) calls.

use std::sync::Arc;

use httpx_core::Attempt;

use super::outcome::RetryOutcome;

/// Decides whether an outcome is retried.
#[derive(Clone)]
pub(super) struct Condition(Arc<dyn Fn(&RetryOutcome<'_>) -> bool + Send + Sync>);

impl Condition {
    pub(super) fn new(function: impl Fn(&RetryOutcome<'_>) -> bool + Send + Sync + 'static) -> Self {
        Condition(Arc::new(function))
    }

    pub(super) fn call(&self, outcome: &RetryOutcome<'_>) -> bool {
        (self.0)(outcome)
    }
}

/// Is called before each retry.
#[derive(Clone)]
pub(super) struct OnRetry(Arc<dyn Fn(&Attempt) + Send + Sync>);

impl OnRetry {
    pub(super) fn new(function: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        OnRetry(Arc::new(function))
    }

    pub(super) fn call(&self, attempt: &Attempt) {
        (self.0)(attempt);
    }
}
