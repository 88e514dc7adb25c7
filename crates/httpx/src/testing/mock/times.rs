//! [`Times`]: how often a route must be called.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

/// How often a route must be called: made of a number or a range, as in `expect(1)`, `expect(1..)`, `expect(2..=3)`.
///
/// ```
/// use httpx::testing::Times;
///
/// assert!(Times::from(2..=3).contains(3));
/// assert_eq!(Times::from(1).to_string(), "once");
/// assert_eq!(Times::from(2..).to_string(), "at least twice");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    least: u64,
    most: u64,
}

impl Times {
    /// Returns whether this number of calls is right.
    pub fn contains(self, calls: u64) -> bool {
        (self.least..=self.most).contains(&calls)
    }
}

impl From<u64> for Times {
    fn from(times: u64) -> Self {
        Times { least: times, most: times }
    }
}

impl From<RangeFrom<u64>> for Times {
    fn from(range: RangeFrom<u64>) -> Self {
        Times { least: range.start, most: u64::MAX }
    }
}

impl From<RangeFull> for Times {
    fn from(_: RangeFull) -> Self {
        Times { least: 0, most: u64::MAX }
    }
}

impl From<RangeInclusive<u64>> for Times {
    fn from(range: RangeInclusive<u64>) -> Self {
        Times { least: *range.start(), most: *range.end() }
    }
}

impl From<RangeToInclusive<u64>> for Times {
    fn from(range: RangeToInclusive<u64>) -> Self {
        Times { least: 0, most: range.end }
    }
}

/// An empty range can never be met.
impl From<Range<u64>> for Times {
    fn from(range: Range<u64>) -> Self {
        match range.end.checked_sub(1) {
            Some(most) => Times { least: range.start, most },
            None => Times { least: 1, most: 0 },
        }
    }
}

impl From<RangeTo<u64>> for Times {
    fn from(range: RangeTo<u64>) -> Self {
        (0..range.end).into()
    }
}

/// `once`, `3 times`, `at least twice`, `2 to 4 times`, `never`.
impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (0, 0) => f.write_str("never"),
            (0, u64::MAX) => f.write_str("any number of times"),
            (least, most) if least == most => f.write_str(&count(least)),
            (least, u64::MAX) => write!(f, "at least {}", count(least)),
            (0, most) => write!(f, "at most {}", count(most)),
            (least, most) => write!(f, "{least} to {most} times"),
        }
    }
}

fn count(times: u64) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_counts() {
        for (times, text, right, wrong) in [
            (Times::from(0), "never", &[0][..], &[1][..]),
            (Times::from(1), "once", &[1], &[0, 2]),
            (Times::from(3), "3 times", &[3], &[2, 4]),
            (Times::from(1..), "at least once", &[1, 9], &[0]),
            (Times::from(..=2), "at most twice", &[0, 2], &[3]),
            (Times::from(..2), "at most once", &[0, 1], &[2]),
            (Times::from(2..=4), "2 to 4 times", &[2, 4], &[1, 5]),
            (Times::from(2..5), "2 to 4 times", &[2, 4], &[1, 5]),
            (Times::from(..), "any number of times", &[0, 9], &[]),
        ] {
            assert_eq!(times.to_string(), text);
            assert!(right.iter().all(|&calls| times.contains(calls)), "{text}");
            assert!(!wrong.iter().any(|&calls| times.contains(calls)), "{text}");
        }
        assert!(!Times::from(0..0).contains(0));
    }
}
