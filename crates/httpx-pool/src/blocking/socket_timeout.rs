//! When a socket's own timeout is worth a system call to change.

use std::time::Duration;

/// What is set at a socket for one direction (`SO_RCVTIMEO`, `SO_SNDTIMEO`); none is for ever.
pub(crate) type SocketTimeout = Option<Duration>;

/// What to do so that a wait lasts `remaining`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// What is set will do.
    Keep,
    /// Set it to this: none, or whole milliseconds, never zero (which a socket takes for "for ever").
    Set(SocketTimeout),
}

/// A hundred years. Not every system takes whatever a `Duration` can hold.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// A wait must not end before its time, but may end a little after it.
///
/// The time that is left of a deadline is a few microseconds shorter at each call, and setting it costs a system call
/// as dear as a read. So what is set is kept while it lies in `[remaining, remaining + slack]`.
pub(crate) fn adjust(set: SocketTimeout, remaining: Option<Duration>) -> Setting {
    if set == remaining {
        return Setting::Keep;
    }
    match (set, remaining.map(|remaining| remaining.min(LONGEST))) {
        (None, None) => Setting::Keep,
        (Some(_), None) => Setting::Set(None),
        (Some(set), Some(remaining)) if (remaining..=remaining + slack(remaining)).contains(&set) => {
            Setting::Keep
        }
        (_, Some(remaining)) => Setting::Set(Some(whole_milliseconds(remaining))),
    }
}

/// A 64th: half a second of thirty, and a deadline of thirty seconds is set anew at most once in that half second.
fn slack(remaining: Duration) -> Duration {
    remaining / 64 + Duration::from_millis(1)
}

/// Rounded up: a wait that ends early would be followed by a second one.
fn whole_milliseconds(wait: Duration) -> Duration {
    let milliseconds = wait.as_nanos().div_ceil(1_000_000).max(1);
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(u64::MAX))
}

/// Of this flavour alone: where reads are polled, a socket has no timeouts.
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keep_or_set() {
        use Setting::{Keep, Set};
        let ms = Duration::from_millis;
        let us = Duration::from_micros;
        let rows = [
            (None, None, Keep),
            (Some(ms(30_000)), None, Set(None)),
            (None, Some(ms(30_000)), Set(Some(ms(30_000)))),
            (Some(ms(30_000)), Some(ms(30_000)), Keep),
            (Some(ms(30_000)), Some(us(29_999_950)), Keep),
            (Some(ms(30_000)), Some(ms(29_600)), Keep),
            (Some(ms(30_000)), Some(ms(29_500)), Set(Some(ms(29_500)))),
            (Some(ms(30_000)), Some(us(30_000_001)), Set(Some(ms(30_001)))),
            (Some(ms(30_000)), Some(ms(100)), Set(Some(ms(100)))),
            (Some(ms(100)), Some(ms(30_000)), Set(Some(ms(30_000)))),
            (Some(ms(1)), Some(us(1)), Keep),
            (Some(ms(2)), Some(us(1)), Set(Some(ms(1)))),
            (None, Some(Duration::ZERO), Set(Some(ms(1)))),
        ];
        for (set, remaining, expected) in rows {
            assert_eq!(adjust(set, remaining), expected, "set {set:?}, remaining {remaining:?}");
        }
    }

    proptest! {
        #[test]
        fn never_short_never_zero_and_settled(set in any::<Option<u32>>(), remaining in any::<u64>()) {
            let set = set.map(|ms| Duration::from_millis(u64::from(ms)));
            let remaining = Duration::from_nanos(remaining);
            let now = match adjust(set, Some(remaining)) {
                Setting::Keep => set,
                Setting::Set(value) => value,
            };
            let value = now.unwrap();
            prop_assert!(value >= remaining.min(LONGEST) && !value.is_zero());
            prop_assert!(value <= remaining + remaining / 64 + Duration::from_millis(1));
            prop_assert_eq!(adjust(now, Some(remaining)), Setting::Keep);
        }
    }
}
