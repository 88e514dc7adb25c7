//! When to change the timeout of a socket, which costs a system call.

use std::time::Duration;

use crate::sys;

/// The timeout of a socket in one direction (`SO_RCVTIMEO` or `SO_SNDTIMEO`). `None` waits without limit.
pub(crate) type SocketTimeout = Option<Duration>;

/// The change that makes a wait last as long as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// The timeout that is set fits.
    Keep,
    /// Set this timeout: `None`, or whole milliseconds, and never zero, which a socket takes for no timeout.
    Set(SocketTimeout),
}

/// Whether a wait may end early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    /// It may: then the call is repeated.
    Repeatable,
    /// It must not.
    Exact,
}

impl Precision {
    pub(crate) const FIRST: Precision =
        if sys::CAN_REPEAT_TIMED_OUT { Precision::Repeatable } else { Precision::Exact };

    /// Returns the shortest timeout that is kept for a wait.
    fn least(self, remaining: Duration) -> Duration {
        match self {
            Precision::Repeatable => remaining / 4,
            Precision::Exact => remaining,
        }
    }
}

/// A hundred years. Not every system accepts the longest `Duration`.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Chooses the change for a wait of `remaining`, which may end a little late.
///
/// The time until a deadline is a few microseconds shorter at each call, and to set a timeout costs as much as a read.
/// So the current timeout is kept while it is in `[remaining, remaining + slack]`. A shorter one is kept too, unless it is
/// much shorter, if the call can be repeated: almost all waits end long before, so the timeout that was set for a TLS
/// handshake suffices for the response.
pub(crate) fn adjust(set: SocketTimeout, remaining: Option<Duration>, precision: Precision) -> Setting {
    if set == remaining {
        return Setting::Keep;
    }
    match (set, remaining.map(|remaining| remaining.min(LONGEST))) {
        (None, None) => Setting::Keep,
        (Some(_), None) => Setting::Set(None),
        (Some(set), Some(remaining))
            if (precision.least(remaining)..=remaining + slack(remaining)).contains(&set) =>
        {
            Setting::Keep
        }
        (_, Some(remaining)) => Setting::Set(Some(whole_milliseconds(remaining))),
    }
}

/// A 64th: half a second for thirty seconds. A deadline of thirty seconds is then set again at most twice a second.
fn slack(remaining: Duration) -> Duration {
    remaining / 64 + Duration::from_millis(1)
}

/// Rounds up, because a wait that ends early would be followed by a second one.
fn whole_milliseconds(wait: Duration) -> Duration {
    let milliseconds = wait.as_nanos().div_ceil(1_000_000).max(1);
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(u64::MAX))
}

/// The async flavour has no timeouts of sockets, so these tests run in one flavour.
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
            assert_eq!(
                adjust(set, remaining, Precision::Exact),
                expected,
                "set {set:?}, remaining {remaining:?}"
            );
        }
    }

    #[test]
    fn a_shorter_timeout_is_kept_if_the_call_can_be_repeated() {
        use Setting::{Keep, Set};
        let s = Duration::from_secs;
        for (set, remaining, expected) in [
            (Some(s(10)), s(30), Keep),
            (Some(s(8)), s(32), Keep),
            (Some(s(7)), s(32), Set(Some(s(32)))),
            (Some(s(60)), s(30), Set(Some(s(30)))),
            (None, s(30), Set(Some(s(30)))),
        ] {
            assert_eq!(
                adjust(set, Some(remaining), Precision::Repeatable),
                expected,
                "set {set:?}, {remaining:?}"
            );
        }
        assert_eq!(adjust(Some(s(10)), None, Precision::Repeatable), Set(None));
    }

    proptest! {
        #[test]
        fn never_short_never_zero_and_settled(set in any::<Option<u32>>(), remaining in any::<u64>()) {
            let set = set.map(|ms| Duration::from_millis(u64::from(ms)));
            let remaining = Duration::from_nanos(remaining);
            let now = match adjust(set, Some(remaining), Precision::Exact) {
                Setting::Keep => set,
                Setting::Set(value) => value,
            };
            let value = now.unwrap();
            prop_assert!(value >= remaining.min(LONGEST) && !value.is_zero());
            prop_assert!(value <= remaining + remaining / 64 + Duration::from_millis(1));
            prop_assert_eq!(adjust(now, Some(remaining), Precision::Exact), Setting::Keep);
        }
    }
}
