//! [`RetryOutcome`]: the outcome of an attempt, as a condition of the user sees it.

use httpx_core::{Error, ErrorKind, RequestHead, RequestSent, ResponseHead, StatusCode, Timeout};

use crate::FlowOutcome;

/// The outcome of an attempt, for [`Retry::retry_if`](super::Retry::retry_if).
#[derive(Debug)]
pub struct RetryOutcome<'a> {
    pub(super) request: &'a RequestHead,
    pub(super) result: Result<&'a ResponseHead, &'a Error>,
    pub(super) statuses: &'a [StatusCode],
    pub(super) number: u32,
}

impl<'a> RetryOutcome<'a> {
    /// Returns the request.
    pub fn request(&self) -> &'a RequestHead {
        self.request
    }

    /// Returns the head of the response, if there is one. Its body has not been read.
    pub fn response(&self) -> Option<&'a ResponseHead> {
        self.result.ok()
    }

    /// Returns the error, if there is no response.
    pub fn error(&self) -> Option<&'a Error> {
        self.result.err()
    }

    /// Returns the number of the attempt, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns whether another attempt may help: whether the outcome is one of those that are retried by default.
    pub fn is_transient(&self) -> bool {
        match self.result {
            Ok(response) => {
                let is_missing = response.status() == StatusCode::GATEWAY_TIMEOUT && self.is_only_if_cached();
                self.statuses.contains(&response.status()) && !is_missing
            }
            Err(error) => match (error.kind(), error.status()) {
                // The whole time is over; or this client itself has too much to do.
                (ErrorKind::Timeout(Timeout::Total | Timeout::Pool), _) => false,
                (ErrorKind::Status | ErrorKind::Proxy, Some(status)) => self.statuses.contains(&status),
                _ => error.is_transient(),
            },
        }
    }

    /// Returns whether the request must not leave the caches, which answer 504 for what they do not have
    /// (RFC 9111 §5.2.1.7). They have no more a moment later.
    fn is_only_if_cached(&self) -> bool {
        let mut directives = self.request.headers().get_list("cache-control");
        directives.any(|directive| directive.eq_ignore_ascii_case("only-if-cached"))
            || has_cached_mode(self.request)
    }

    /// Returns whether the total timeout has passed.
    pub(super) fn is_over(&self) -> bool {
        self.error().is_some_and(|error| error.kind() == ErrorKind::Timeout(Timeout::Total))
    }

    /// Returns whether another attempt does no harm (RFC 9110 §9.2.2).
    pub(super) fn is_repeatable(&self) -> bool {
        let is_unsent =
            |error: &Error| error.request_sent() == Some(RequestSent::Nothing) || error.is_connect();
        self.request.is_idempotent() || self.error().is_some_and(is_unsent)
    }

    /// Returns the head that may have a `Retry-After`: of the response, or of the one that the error is about.
    pub(super) fn answer(&self) -> Option<&'a ResponseHead> {
        match self.result {
            Ok(response) => Some(response),
            Err(error) => error.response(),
        }
    }
}

/// Returns the outcome for reading.
pub(super) fn result<'a>(outcome: &'a FlowOutcome<'_>) -> Result<&'a ResponseHead, &'a Error> {
    match outcome {
        FlowOutcome::Response(response) => Ok(response),
        FlowOutcome::Failed(error) => Err(error),
    }
}

#[cfg(feature = "cache")]
fn has_cached_mode(request: &RequestHead) -> bool {
    request.extensions().get() == Some(&crate::cache::CacheMode::OnlyIfCached)
}

#[cfg(not(feature = "cache"))]
fn has_cached_mode(_: &RequestHead) -> bool {
    false
}
