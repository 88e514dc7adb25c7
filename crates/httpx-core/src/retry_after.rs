//! The wait of a `Retry-After` header (RFC 9110 §10.2.3).

use std::time::{Duration, SystemTime};

use crate::parse_date;

/// The longest wait, about 68 years; larger numbers are read as this one, as caches do (RFC 9111 §1.2.2).
const MOST: u64 = 1 << 31;

/// Returns how long to wait from `now` on; `None` if the value is neither a number nor a date.
///
/// ```abnf
/// Retry-After   = HTTP-date / delay-seconds
/// delay-seconds = 1*DIGIT
/// ```
pub(crate) fn wait(value: &[u8], now: SystemTime) -> Option<Duration> {
    let wait = match seconds(value) {
        Some(seconds) => Duration::from_secs(seconds),
        // A date in the past means no wait.
        None => parse_date(value)?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.min(Duration::from_secs(MOST)))
}

fn seconds(value: &[u8]) -> Option<u64> {
    if value.is_empty() {
        return None;
    }
    value.iter().try_fold(0_u64, |number, &byte| match byte {
        b'0'..=b'9' => Some(number.saturating_mul(10).saturating_add((byte - b'0').into())),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        // Sun, 06 Nov 1994 08:49:37 GMT.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let rows = [
            ("0", Some(0)),
            ("120", Some(120)),
            ("0120", Some(120)),
            ("2147483648", Some(MOST)),
            ("99999999999999999999999", Some(MOST)),
            // The three forms of RFC 9110 §5.6.7.
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:51:37 GMT", Some(120)),
            ("Sunday, 06-Nov-94 08:51:37 GMT", Some(120)),
            ("Sun Nov  6 08:51:37 1994", Some(120)),
            ("Sun, 06 Nov 1994 08:49:36 GMT", Some(0)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Mon, 01 Jan 1601 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:50:60 GMT", Some(83)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(MOST)),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1 2", None),
            ("120 seconds", None),
            ("soon", None),
            ("Sun, 06 Nov 1994", None),
            ("Sun, 31 Feb 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
        ];
        for (value, expected) in rows {
            assert_eq!(wait(value.as_bytes(), now), expected.map(Duration::from_secs), "{value:?}");
        }
    }
}
