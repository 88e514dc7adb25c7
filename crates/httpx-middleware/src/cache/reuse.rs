//! Decides how a stored response is used for a request (RFC 9111 §4).

use std::time::{Duration, SystemTime};

use httpx_core::{CacheHit, StaleReason};

use super::CacheMode;
use super::directives::RequestDirectives;
use super::stored_response::StoredResponse;

/// How a stored response is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reuse {
    /// It is returned.
    Return(CacheHit),
    /// It may be returned while it is validated (RFC 5861 §3), or it is validated first.
    ReturnWhileValidating,
    /// It is validated first.
    Validate,
}

/// The wishes of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wishes {
    pub(super) mode: CacheMode,
    pub(super) directives: RequestDirectives,
}

impl Wishes {
    /// Returns whether the request must not be sent.
    pub(super) fn is_only_if_cached(&self) -> bool {
        self.mode == CacheMode::OnlyIfCached || self.directives.only_if_cached
    }
}

/// Decides about a stored response.
pub(super) fn decide(
    stored: &StoredResponse,
    wishes: &Wishes,
    now: SystemTime,
    max_heuristic: Duration,
) -> Reuse {
    let (age, lifetime) = (stored.age(now), stored.lifetime(max_heuristic));
    let (response, request) = (stored.directives(), &wishes.directives);
    let is_fresh = age < lifetime;
    match wishes.mode {
        CacheMode::ForceCache | CacheMode::OnlyIfCached if is_fresh => return Reuse::Return(CacheHit::Fresh),
        CacheMode::ForceCache | CacheMode::OnlyIfCached => return returned_stale(StaleReason::Requested),
        CacheMode::NoCache | CacheMode::Reload | CacheMode::NoStore => return Reuse::Validate,
        CacheMode::Default => {}
    }
    if response.no_cache || request.no_cache {
        return Reuse::Validate;
    }
    // `max-age=0` is a reload, also of a response that has just arrived. A reload does not validate what is immutable
    // (RFC 8246 §2).
    let is_too_old = request.max_age.is_some_and(|seconds| age > whole(seconds) || seconds == 0);
    if is_too_old && request.max_stale.is_none() && !(is_fresh && response.immutable) {
        return Reuse::Validate;
    }
    let remains = lifetime.saturating_sub(age);
    if request.min_fresh.is_some_and(|seconds| remains < whole(seconds)) {
        return Reuse::Validate;
    }
    if is_fresh {
        return Reuse::Return(CacheHit::Fresh);
    }
    let staleness = age.saturating_sub(lifetime);
    let allows = |limit: Option<u64>| limit.is_some_and(|seconds| staleness <= whole(seconds));
    if response.must_revalidate {
        Reuse::Validate
    } else if allows(request.max_stale) {
        returned_stale(StaleReason::Requested)
    } else if allows(response.stale_while_revalidate) {
        Reuse::ReturnWhileValidating
    } else {
        Reuse::Validate
    }
}

/// Returns whether a response may be returned although it could not be validated, because the server failed (RFC 5861 §4).
/// `default` is the limit of a response without one.
pub(super) fn may_return_on_error(
    stored: &StoredResponse,
    wishes: &Wishes,
    now: SystemTime,
    max_heuristic: Duration,
    default: Option<Duration>,
) -> bool {
    let (response, request) = (stored.directives(), &wishes.directives);
    let is_demanded = request.no_cache || matches!(wishes.mode, CacheMode::NoCache | CacheMode::Reload);
    if response.no_cache || response.must_revalidate || is_demanded {
        return false;
    }
    let staleness = stored.age(now).saturating_sub(stored.lifetime(max_heuristic));
    let limits = [response.stale_if_error, request.stale_if_error, response.stale_while_revalidate];
    let default = default.filter(|_| response.stale_if_error.is_none());
    limits.into_iter().flatten().map(whole).chain(default).any(|limit| staleness <= limit)
}

fn returned_stale(reason: StaleReason) -> Reuse {
    Reuse::Return(CacheHit::Stale(reason))
}

fn whole(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
