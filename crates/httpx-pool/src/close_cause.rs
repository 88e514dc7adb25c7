//! [`CloseCause`]: why a connection was closed. [`CloseCounts`]: how many were closed, by cause.

use std::fmt;

use httpx_proto::CloseReason;

/// The reason why a pool closed a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseCause {
    /// It was idle for longer than [`idle_timeout`](crate::PoolBuilder::idle_timeout), or than the server announced.
    IdleTimeout,
    /// It reached [`max_age`](crate::PoolBuilder::max_age).
    MaxAge,
    /// It has carried [`max_uses`](crate::PoolBuilder::max_uses) requests.
    MaxUses,
    /// There were more idle connections than [`max_idle_connections`](crate::PoolBuilder::max_idle_connections) or
    /// [`max_idle_per_origin`](crate::PoolBuilder::max_idle_per_origin) allow.
    IdleLimit,
    /// It made room for a connection to another origin.
    Evicted,
    /// The server had closed it, or had sent unsolicited bytes: it was found dead before it was used again, or it died
    /// before the first byte of a response.
    Stale,
    /// The response was the last one on it, by `Connection: close`, by HTTP/1.0, or because the body ends with the
    /// connection.
    LastResponse,
    /// The response came before the request had been sent, and the rest of the request was not sent.
    RequestIncomplete,
    /// The request or the response failed.
    Error,
    /// The body of the response was dropped before its end.
    BodyDropped,
    /// The request was given up before the head of its response: its future was dropped.
    Cancelled,
    /// The pool was closed or dropped.
    PoolClosed,
    /// It switched to another protocol and left the pool. It is still open, and belongs to the caller.
    Upgraded,
}

impl CloseCause {
    /// All causes.
    const ALL: [Self; 13] = [
        Self::IdleTimeout,
        Self::MaxAge,
        Self::MaxUses,
        Self::IdleLimit,
        Self::Evicted,
        Self::Stale,
        Self::LastResponse,
        Self::RequestIncomplete,
        Self::Error,
        Self::BodyDropped,
        Self::Cancelled,
        Self::PoolClosed,
        Self::Upgraded,
    ];

    /// Returns a short name in lower case, for logs and metrics: `idle_timeout`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdleTimeout => "idle_timeout",
            Self::MaxAge => "max_age",
            Self::MaxUses => "max_uses",
            Self::IdleLimit => "idle_limit",
            Self::Evicted => "evicted",
            Self::Stale => "stale",
            Self::LastResponse => "last_response",
            Self::RequestIncomplete => "request_incomplete",
            Self::Error => "error",
            Self::BodyDropped => "body_dropped",
            Self::Cancelled => "cancelled",
            Self::PoolClosed => "pool_closed",
            Self::Upgraded => "upgraded",
        }
    }
}

/// Converts the codec's reason why a connection cannot be used again.
impl From<CloseReason> for CloseCause {
    fn from(reason: CloseReason) -> Self {
        match reason {
            CloseReason::WeSaidClose
            | CloseReason::PeerSaidClose
            | CloseReason::Http10
            | CloseReason::BodyEndsIt
            | CloseReason::PeerClosed
            | CloseReason::Declined => Self::LastResponse,
            CloseReason::Switched => Self::Upgraded,
            CloseReason::NotContinued | CloseReason::LocalError => Self::RequestIncomplete,
            CloseReason::UnaskedBytes => Self::Stale,
            _ => Self::Error,
        }
    }
}

impl fmt::Display for CloseCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many connections a pool has closed, by cause.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use httpx::ConnectionPool;
/// use httpx::network::CloseCause;
///
/// let closed = ConnectionPool::new().stats().closed;
/// assert_eq!((closed.total(), closed.by(CloseCause::Stale)), (0, 0));
/// for (cause, count) in closed.iter() {
///     println!("{cause}: {count}"); // idle_timeout: 0
/// }
/// # }
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct CloseCounts([u64; CloseCause::ALL.len()]);

impl CloseCounts {
    /// Returns how many were closed for any cause.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Returns how many were closed for this cause.
    pub fn by(&self, cause: CloseCause) -> u64 {
        self.0.get(cause as usize).copied().unwrap_or(0)
    }

    /// Lists all causes and their counts.
    pub fn iter(&self) -> impl Iterator<Item = (CloseCause, u64)> + '_ {
        CloseCause::ALL.into_iter().zip(self.0.iter().copied())
    }

    /// Counts one more.
    pub(crate) fn add(&mut self, cause: CloseCause) {
        if let Some(count) = self.0.get_mut(cause as usize) {
            *count += 1;
        }
    }
}

/// Shows the causes that have occurred: `{"stale": 1}`.
impl fmt::Debug for CloseCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let occurred = self.iter().filter(|(_, count)| *count > 0);
        f.debug_map().entries(occurred.map(|(cause, count)| (cause.as_str(), count))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_its_own_count() {
        let mut counts = CloseCounts::default();
        for (n, cause) in CloseCause::ALL.into_iter().enumerate() {
            assert_eq!(cause as usize, n);
            (0..=n).for_each(|_| counts.add(cause));
        }
        for (n, cause) in CloseCause::ALL.into_iter().enumerate() {
            assert_eq!(counts.by(cause), n as u64 + 1);
        }
        assert_eq!((counts.total(), counts.iter().count()), (91, 13));
        let mut one = CloseCounts::default();
        one.add(CloseCause::Stale);
        assert_eq!(format!("{one:?}"), r#"{"stale": 1}"#);
    }
}
