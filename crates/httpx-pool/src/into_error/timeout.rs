//! The texts of timeout errors; the timeouts fire in `checkout`, `happy_eyeballs`, `dial` and `exchange/deadlines`.

use std::time::Duration;

use httpx_core::{Error, ErrorKind, Timeout};

/// The whole call took longer than the total timeout.
pub(crate) fn total(limit: Option<Duration>) -> Error {
    exceeded(Timeout::Total, limit, "the call did not finish")
}

/// A wait took too long: `{what} within 30s (the read timeout); {advice}`.
pub(crate) fn exceeded(timeout: Timeout, limit: Option<Duration>, what: &str) -> Error {
    exceeded_advised(timeout, limit, what, "")
}

/// A wait took too long, perhaps because of a wrong setting, which the last advice names.
pub(crate) fn exceeded_advised(timeout: Timeout, limit: Option<Duration>, what: &str, last: &str) -> Error {
    let limit = limit.unwrap_or_default();
    let advice = advice(timeout);
    let message = format!("{what} within {limit:?} (the {timeout} timeout); {advice}{last}");
    Error::new(ErrorKind::Timeout(timeout), message).with_timeout(limit)
}

/// Returns the advice about a timeout, with the setting that raises it.
fn advice(timeout: Timeout) -> &'static str {
    match timeout {
        Timeout::Connect => "is the host up? if it is only slow, raise it with connect_timeout()",
        Timeout::Pool => "read or drop open responses, or raise the limits on connections or pool_timeout()",
        Timeout::Write => "if the server is only slow, raise it with write_timeout()",
        Timeout::Head => "if the server is only slow, raise it with head_timeout()",
        Timeout::Read => "if the server is only slow, raise it with read_timeout()",
        _ => "if it may take longer, raise it with timeout()",
    }
}
