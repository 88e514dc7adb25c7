//! [`LimitScope`]: which requests count together.

use httpx_core::RequestHead;

/// Which requests share a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitScope {
    /// Those to one origin (RFC 6454 §4).
    Origin,
    /// All.
    All,
}

impl LimitScope {
    /// Returns the name under which a request is counted.
    pub(super) fn key(self, request: &RequestHead) -> String {
        match self {
            LimitScope::Origin => request.url().origin().into_owned(),
            LimitScope::All => String::new(),
        }
    }

    /// `example.com:8080`, or `all origins`, for messages.
    pub(super) fn name(self, request: &RequestHead) -> &str {
        match self {
            LimitScope::Origin => request.url().authority(),
            LimitScope::All => "all origins",
        }
    }
}
