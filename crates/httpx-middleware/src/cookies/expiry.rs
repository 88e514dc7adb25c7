//! The time at which a cookie expires: by its attributes, and at most 400 days from now.

use httpx_core::SetCookie;
use std::time::{Duration, SystemTime};

/// The longest life of a cookie, from the last time it was set (RFC 6265bis §5.6.1, Chrome, Safari).
const MAX_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Returns when a cookie expires that is set now: by `Max-Age`, else by `Expires`. `None` for the end of the session.
pub(crate) fn of(set: &SetCookie<'_>, now: SystemTime) -> Option<SystemTime> {
    match (set.max_age(), set.expires()) {
        (Some(Duration::ZERO), _) => Some(SystemTime::UNIX_EPOCH),
        (Some(age), _) => Some(clamp(now.checked_add(age.min(MAX_AGE)), now)),
        (None, Some(expires)) => Some(clamp(Some(expires), now)),
        (None, None) => None,
    }
}

/// Returns this time, or 400 days from now if that is earlier, or if the time is too large to be represented.
pub(crate) fn clamp(expiry: Option<SystemTime>, now: SystemTime) -> SystemTime {
    let latest = now.checked_add(MAX_AGE);
    match (expiry, latest) {
        (Some(expiry), Some(latest)) => expiry.min(latest),
        (Some(expiry), None) => expiry,
        (None, latest) => latest.unwrap_or(now),
    }
}
