//! [`ContentRange`]: the value of `Content-Range` (RFC 9110 §14.4).

use super::resume_record::decimal;
use crate::{HeaderValue, Headers};

/// A range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContentRange {
    /// `bytes FIRST-LAST/LENGTH`, with `*` for a length that is not known.
    Part { first: u64, last: u64, length: Option<u64> },
    /// `bytes */LENGTH`: the range is outside of the content.
    Unsatisfied { length: u64 },
}

impl ContentRange {
    /// Returns the only range in the headers; `None` if there is none, several, or one that is not valid.
    pub(super) fn of(headers: &Headers) -> Option<Self> {
        let mut values = headers.get_all("content-range");
        let value = values.next().and_then(HeaderValue::to_str)?;
        if values.next().is_some() { None } else { ContentRange::parse(value) }
    }

    fn parse(value: &str) -> Option<Self> {
        let (unit, rest) = value.split_once(' ')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (range, length) = rest.split_once('/')?;
        let length = if length == "*" { None } else { Some(decimal(length)?) };
        if range == "*" {
            return Some(ContentRange::Unsatisfied { length: length? });
        }
        let (first, last) = range.split_once('-')?;
        let (first, last) = (decimal(first)?, decimal(last)?);
        let is_valid = first <= last && last < length.unwrap_or(u64::MAX);
        is_valid.then_some(ContentRange::Part { first, last, length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_are_valid() {
        let part = |first, last, length| Some(ContentRange::Part { first, last, length });
        let unsatisfied = |length| Some(ContentRange::Unsatisfied { length });
        for (value, expected) in [
            ("bytes 3-4/5", part(3, 4, Some(5))),
            ("Bytes 0-0/*", part(0, 0, None)),
            ("bytes */5", unsatisfied(5)),
            ("bytes */0", unsatisfied(0)),
            ("bytes */*", None),
            ("bytes 4-3/5", None),
            ("bytes 3-5/5", None),
            ("bytes 3-/5", None),
            ("bytes -3/5", None),
            ("bytes +3-4/5", None),
            ("bytes 3 - 4/5", None),
            ("bytes=3-4/5", None),
            ("bytes 3-4", None),
            ("bytes 0-18446744073709551615/*", None),
            ("lines 3-4/5", None),
            ("", None),
        ] {
            assert_eq!(ContentRange::parse(value), expected, "{value}");
        }
    }
}
