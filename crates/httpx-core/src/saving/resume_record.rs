//! [`ResumeRecord`]: the validator of a partial file, stored beside it, so that a later download can continue.

use std::time::Duration;

use crate::{HeaderValue, Headers, ResponseHead, Url, parse_date};

const VERSION: &str = "httpx resume 1";

/// The longest validator that is kept.
const MAX_VALIDATOR: usize = 1024;

/// The URL and the representation from which the bytes of a partial file were downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResumeRecord {
    /// A hash, because a URL may hold secrets.
    url: u64,
    /// The length of the complete file.
    pub(super) length: Option<u64>,
    /// The value of `If-Range`: a strong entity tag, or a date.
    pub(super) validator: String,
}

impl ResumeRecord {
    /// The most bytes of a record as text.
    pub(super) const MAX_BYTES: u64 = 4096;

    /// Returns the record for the body of a response to a request for the whole file; `None` if it has no validator that
    /// identifies the bytes.
    pub(super) fn of(url: &Url, response: &ResponseHead, length: Option<u64>) -> Option<Self> {
        let validator = validator(response.headers())?;
        Some(ResumeRecord { url: hash(url), length, validator })
    }

    /// Reads a record for this URL.
    pub(super) fn parse(bytes: &[u8], url: &Url) -> Option<Self> {
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        (lines.next()? == VERSION).then_some(())?;
        let url_hash = u64::from_str_radix(lines.next()?.strip_prefix("url ")?, 16).ok()?;
        let length = match lines.next()?.strip_prefix("length ")? {
            "unknown" => None,
            digits => Some(decimal(digits)?),
        };
        let validator = lines.next()?.strip_prefix("validator ")?.to_owned();
        let is_valid = is_strong_etag(&validator) || parse_date(validator.as_bytes()).is_some();
        let is_own = url_hash == hash(url) && lines.next().is_none();
        (is_valid && is_own && validator.len() <= MAX_VALIDATOR).then_some(ResumeRecord {
            url: url_hash,
            length,
            validator,
        })
    }

    /// Returns the text of the record.
    pub(super) fn to_text(&self) -> String {
        let length = self.length.map_or("unknown".to_owned(), |length| length.to_string());
        format!("{VERSION}\nurl {:016x}\nlength {length}\nvalidator {}\n", self.url, self.validator)
    }

    /// Returns whether a response has the validator of this record, or no validator.
    pub(super) fn is_of(&self, response: &ResponseHead) -> bool {
        let name = if self.validator.starts_with('"') { "etag" } else { "last-modified" };
        let sent = response.headers().get(name);
        sent.is_none_or(|value| value.as_bytes() == self.validator.as_bytes())
    }
}

/// Returns the value of `If-Range` for a part of this response: the entity tag if it is strong, the date if there is no
/// entity tag and the date is a strong validator (RFC 9110 §13.1.5, §8.8.2.2).
fn validator(headers: &Headers) -> Option<String> {
    let text = |name| headers.get(name).and_then(HeaderValue::to_str);
    if headers.contains("etag") {
        return text("etag").filter(|tag| is_strong_etag(tag)).map(str::to_owned);
    }
    let modified = text("last-modified").filter(|date| date.len() <= MAX_VALIDATOR)?;
    let (changed, sent) = (parse_date(modified.as_bytes())?, parse_date(text("date")?.as_bytes())?);
    // Within the same second the file may have been changed twice.
    (changed.checked_add(Duration::from_secs(1))? <= sent).then(|| modified.to_owned())
}

/// RFC 9110 §8.8.3, without obs-text.
fn is_strong_etag(tag: &str) -> bool {
    let inner = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    tag.len() <= MAX_VALIDATOR
        && inner.is_some_and(|inner| inner.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e)))
}

/// Parses digits. Unlike `parse`, it refuses a sign.
pub(super) fn decimal(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// FNV-1a of the URL without its fragment. Unlike the hash of the standard library, it is the same in each program.
fn hash(url: &Url) -> u64 {
    let url = url.with_fragment(None);
    url.as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StatusCode;

    fn url() -> Url {
        Url::parse("http://h/a?b").unwrap()
    }

    fn record(headers: &[(&str, &str)]) -> Option<ResumeRecord> {
        let mut head = ResponseHead::new(StatusCode::OK);
        for (name, value) in headers {
            head.headers_mut().append(name, *value).unwrap();
        }
        ResumeRecord::of(&url(), &head, Some(7))
    }

    #[test]
    fn validators_that_identify_bytes() {
        const DATE: &str = "Tue, 15 Nov 1994 12:45:26 GMT";
        const SECOND_LATER: &str = "Tue, 15 Nov 1994 12:45:27 GMT";
        let long = format!("\"{}\"", "x".repeat(MAX_VALIDATOR));
        type Line<'a> = (&'a str, &'a str);
        let rows: [(&[Line<'_>], Option<&str>); 12] = [
            (&[("ETag", "\"a\"")], Some("\"a\"")),
            (&[("ETag", "\"\"")], Some("\"\"")),
            (&[("ETag", "\"a\""), ("Last-Modified", DATE)], Some("\"a\"")),
            (&[("ETag", "W/\"a\"")], None),
            (&[("ETag", "W/\"a\""), ("Last-Modified", DATE), ("Date", SECOND_LATER)], None),
            (&[("ETag", "a")], None),
            (&[("ETag", "\"a b\"")], None),
            (&[("ETag", &long)], None),
            (&[("Last-Modified", DATE), ("Date", SECOND_LATER)], Some(DATE)),
            (&[("Last-Modified", DATE), ("Date", DATE)], None),
            (&[("Last-Modified", DATE)], None),
            (&[], None),
        ];
        for (headers, expected) in rows {
            let record = record(headers);
            assert_eq!(record.as_ref().map(|record| &*record.validator), expected, "{headers:?}");
            if let Some(record) = record {
                assert_eq!(ResumeRecord::parse(record.to_text().as_bytes(), &url()), Some(record));
            }
        }
    }

    #[test]
    fn records_that_are_not_used() {
        let good = record(&[("ETag", "\"a\"")]).unwrap().to_text();
        assert!(ResumeRecord::parse(good.as_bytes(), &url()).is_some());
        assert!(ResumeRecord::parse(good.as_bytes(), &Url::parse("http://h/a?b#c").unwrap()).is_some());
        assert!(ResumeRecord::parse(good.as_bytes(), &Url::parse("http://h/a?c").unwrap()).is_none());
        for end in 0..good.len() - 2 {
            assert!(ResumeRecord::parse(&good.as_bytes()[..end], &url()).is_none(), "{end}");
        }
        for (from, to) in [
            ("resume 1", "resume 2"),
            ("length 7", "length -7"),
            ("length 7", "length +7"),
            ("length 7", "length 99999999999999999999"),
            ("\"a\"", "W/\"a\""),
            ("\"a\"", "a"),
            ("\"a\"\n", "\"a\"\nX: y\n"),
            ("\"a\"", "\"\u{fc}\""),
        ] {
            assert!(ResumeRecord::parse(good.replace(from, to).as_bytes(), &url()).is_none(), "{to}");
        }
        assert!(ResumeRecord::parse(b"\xff", &url()).is_none());
    }
}
