//! Retries: [`Retry`] sends a request again after a failure that may pass.
//!
//! The decisions are made here, without I/O: [`RetryOutcome`] tells which outcomes are retried, the [`RetryBudget`] how many
//! retries all requests may have together. The module `retry` of the crate `httpx` has the table.
//!
//! ```
//! # #[cfg(feature = "blocking")] {
//! # mod httpx {
//! #     pub use httpx_core::{*, blocking::*};
//! #     pub mod flow { pub use httpx_middleware::*; }
//! #     pub mod retry { pub use httpx_middleware::retry::*; }
//! #     pub mod network { pub use httpx_core::blocking::*; }
//! # }
//! use std::sync::atomic::{AtomicU32, Ordering};
//! use std::time::Duration;
//!
//! use httpx::flow::Middleware;
//! use httpx::network::MockTransport;
//! use httpx::retry::Retry;
//! use httpx::{Request, Response, Transport};
//!
//! let requests = AtomicU32::new(0);
//! let busy = MockTransport::new(move |_| {
//!     Response::new(if requests.fetch_add(1, Ordering::Relaxed) == 0 { 503 } else { 200 }, ())
//! });
//! let client = Middleware::with(Retry::new().base_delay(Duration::from_millis(1)), busy);
//! let response = client.send(Request::new("GET", "https://www.example.com/")?)?;
//! assert_eq!((response.status().as_u16(), response.attempts().count()), (200, 2));
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```

mod backoff;
mod budget;
mod call;
mod flow;
mod hooks;
mod outcome;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use httpx_core::StatusCode;
pub use httpx_core::{Attempt, Attempts, NotRetried};

use backoff::{Backoff, Jitter};
pub use budget::RetryBudget;
#[doc(hidden)]
pub use call::RetryCall;
use hooks::{Condition, OnRetry};
pub use outcome::RetryOutcome;

/// Sends a request again after a failure that may pass: by default up to twice, after a failed connection, a reset, a
/// timeout, or a status of [`STATUSES`](Retry::STATUSES), if the request is
/// [idempotent](httpx_core::RequestHead::is_idempotent) or was not sent.
///
/// A clone is a pointer, and shares the budget. A setter on a clone changes that clone alone.
///
/// ```
/// # mod httpx { pub mod retry { pub use httpx_middleware::retry::*; } }
/// use std::time::Duration;
/// use httpx::retry::Retry;
///
/// let retry = Retry::new()
///     .max_attempts(5)
///     .base_delay(Duration::from_millis(50))
///     .max_retry_after(Duration::from_secs(10));
/// ```
#[derive(Clone)]
#[must_use = "Retry does nothing until it is given to a client or a request"]
#[doc(alias = "ExponentialBackoff")]
pub struct Retry(Arc<RetrySettings>);

#[derive(Clone)]
struct RetrySettings {
    max_attempts: u32,
    backoff: Backoff,
    max_retry_after: Duration,
    statuses: Vec<StatusCode>,
    condition: Option<Condition>,
    on_retry: Option<OnRetry>,
    /// The budget that was set.
    own_budget: Option<RetryBudget>,
    /// The budget of the layer, for its own requests and for those with settings that have no budget.
    layer_budget: RetryBudget,
    jitter: Arc<Jitter>,
}

impl Retry {
    /// The statuses that are retried by default: Request Timeout, Too Many Requests, Bad Gateway, Service Unavailable,
    /// Gateway Timeout. A 500 is left out: it is mostly a mistake of the server, which will be made again.
    pub const STATUSES: [StatusCode; 5] = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];

    /// Creates the default settings: 3 attempts, pauses up to 200 ms and 400 ms.
    pub fn new() -> Self {
        Retry(Arc::new(RetrySettings {
            max_attempts: 3,
            backoff: Backoff { base: Duration::from_millis(200), max: Duration::from_secs(10) },
            max_retry_after: Duration::from_secs(60),
            statuses: Self::STATUSES.to_vec(),
            condition: None,
            on_retry: None,
            own_budget: None,
            layer_budget: RetryBudget::default(),
            jitter: Arc::new(Jitter::random()),
        }))
    }

    /// Never sends a request again.
    pub fn never() -> Self {
        Retry::new().max_attempts(1)
    }

    /// Sets how often a request is sent in all, the first time included. With 0 or 1 it is never sent again. Defaults
    /// to 3.
    #[doc(alias = "max_retries")]
    pub fn max_attempts(self, count: u32) -> Self {
        self.with(|settings| settings.max_attempts = count)
    }

    /// Sets the longest pause before the first retry. The pause is random, and this bound doubles with each retry.
    /// Defaults to 200 ms.
    pub fn base_delay(self, delay: Duration) -> Self {
        self.with(|settings| settings.backoff.base = delay)
    }

    /// Sets the longest random pause. Defaults to 10 s.
    pub fn max_delay(self, delay: Duration) -> Self {
        self.with(|settings| settings.backoff.max = delay)
    }

    /// Sets the longest `Retry-After` (RFC 9110 §10.2.3) that is waited for. If the server asks for a longer pause, its
    /// response is returned at once. With zero, a response that asks for a pause is never retried. Defaults to 60 s.
    pub fn max_retry_after(self, pause: Duration) -> Self {
        self.with(|settings| settings.max_retry_after = pause)
    }

    /// Sets the statuses that are retried, in place of [`STATUSES`](Self::STATUSES).
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod retry { pub use httpx_middleware::retry::*; } }
    /// use httpx::StatusCode;
    /// use httpx::retry::Retry;
    ///
    /// let statuses = Retry::STATUSES.into_iter().chain([StatusCode::INTERNAL_SERVER_ERROR]);
    /// let retry = Retry::new().statuses(statuses);
    /// ```
    pub fn statuses(self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.with(|settings| settings.statuses = statuses.into_iter().collect())
    }

    /// Retries the outcomes for which this function returns `true`, in place of those that
    /// [may pass](RetryOutcome::is_transient). The rest stays: a request that is not idempotent is only retried if nothing
    /// was sent, and attempts, budget and time are limited.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod retry { pub use httpx_middleware::retry::*; } }
    /// use httpx::retry::Retry;
    ///
    /// // Not for uploads.
    /// let retry = Retry::new().retry_if(|outcome| outcome.is_transient() && outcome.request().method() != "PUT");
    /// ```
    pub fn retry_if(self, condition: impl Fn(&RetryOutcome<'_>) -> bool + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.condition = Some(Condition::new(condition)))
    }

    /// Calls this function before each retry, after its pause, with the attempt that failed. It must not block.
    ///
    /// ```
    /// # mod httpx { pub mod retry { pub use httpx_middleware::retry::*; } }
    /// use httpx::retry::Retry;
    ///
    /// let retry = Retry::new().on_retry(|attempt| eprintln!("again: {attempt}"));
    /// ```
    pub fn on_retry(self, function: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.on_retry = Some(OnRetry::new(function)))
    }

    /// Sets the budget of retries, by value or by reference: a clone is the same budget. Defaults to one with the
    /// default values for each client or layer; the settings of a single request use that of the client.
    pub fn budget(self, budget: impl Into<RetryBudget>) -> Self {
        self.with(|settings| settings.own_budget = Some(budget.into()))
    }

    /// Sets the seed of the random pauses, for tests. Defaults to a random one.
    pub fn seed(self, seed: u64) -> Self {
        self.with(|settings| settings.jitter = Arc::new(Jitter::seeded(seed)))
    }

    /// Returns whether this ever sends a request again.
    #[doc(hidden)]
    pub fn is_on(&self) -> bool {
        self.0.max_attempts > 1
    }

    fn with(mut self, set: impl FnOnce(&mut RetrySettings)) -> Self {
        set(Arc::make_mut(&mut self.0));
        self
    }

    /// Returns the budget of requests whose settings have none.
    fn shared_budget(&self) -> &RetryBudget {
        self.0.own_budget.as_ref().unwrap_or(&self.0.layer_budget)
    }
}

impl Default for Retry {
    fn default() -> Self {
        Retry::new()
    }
}

/// `<Retry [3 attempts]>`.
impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Retry [{} attempts]>", self.0.max_attempts.max(1))
    }
}

#[cfg(test)]
#[cfg(feature = "blocking")]
mod tests;
