//! The directives of `Cache-Control` (RFC 9111 §5.2), of requests and of responses.

use httpx_core::{HeaderValue, Headers};

/// The greatest number of seconds (RFC 9111 §1.2.2): more counts as this, which is 68 years.
const MAX_SECONDS: u64 = 1 << 31;

/// The directives of a response that matter to a private cache.
///
/// A qualified `no-cache="field"` counts as `no-cache`, and `private`, qualified or not, changes nothing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct ResponseDirectives {
    pub(super) no_store: bool,
    pub(super) no_cache: bool,
    pub(super) must_revalidate: bool,
    pub(super) must_understand: bool,
    pub(super) is_public: bool,
    pub(super) is_private: bool,
    pub(super) immutable: bool,
    /// In seconds; 0 if it is invalid.
    pub(super) max_age: Option<u64>,
    pub(super) stale_while_revalidate: Option<u64>,
    pub(super) stale_if_error: Option<u64>,
}

/// The directives of a request (RFC 9111 §5.2.1).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct RequestDirectives {
    pub(super) no_store: bool,
    pub(super) no_cache: bool,
    pub(super) only_if_cached: bool,
    pub(super) max_age: Option<u64>,
    pub(super) min_fresh: Option<u64>,
    /// Without a number it allows any staleness.
    pub(super) max_stale: Option<u64>,
    pub(super) stale_if_error: Option<u64>,
}

impl ResponseDirectives {
    pub(super) fn parse(headers: &Headers) -> Self {
        let mut found = ResponseDirectives::default();
        for directive in headers.get_all("cache-control").flat_map(directives) {
            let seconds = directive.seconds();
            match &*directive.name {
                b"no-store" => found.no_store = true,
                b"no-cache" => found.no_cache = true,
                b"must-revalidate" => found.must_revalidate = true,
                b"must-understand" => found.must_understand = true,
                b"public" => found.is_public = true,
                b"private" => found.is_private = true,
                b"immutable" => found.immutable = true,
                // The first one counts, and an invalid one is as good as 0 (RFC 9111 §4.2.1).
                b"max-age" => set_first(&mut found.max_age, Some(seconds.unwrap_or(0))),
                b"stale-while-revalidate" => set_first(&mut found.stale_while_revalidate, seconds),
                b"stale-if-error" => set_first(&mut found.stale_if_error, seconds),
                _ => {}
            }
            // The rest of the line may be anything, so the response is validated each time.
            found.no_cache |= directive.is_unclosed;
        }
        found
    }
}

impl RequestDirectives {
    pub(super) fn parse(headers: &Headers) -> Self {
        let mut found = RequestDirectives::default();
        for directive in headers.get_all("cache-control").flat_map(directives) {
            let seconds = directive.seconds();
            match &*directive.name {
                b"no-store" => found.no_store = true,
                b"no-cache" => found.no_cache = true,
                b"only-if-cached" => found.only_if_cached = true,
                b"max-age" => set_first(&mut found.max_age, Some(seconds.unwrap_or(0))),
                b"min-fresh" => set_first(&mut found.min_fresh, Some(seconds.unwrap_or(MAX_SECONDS))),
                b"max-stale" if directive.value.is_none() => {
                    set_first(&mut found.max_stale, Some(u64::MAX));
                }
                b"max-stale" => set_first(&mut found.max_stale, seconds),
                b"stale-if-error" => set_first(&mut found.stale_if_error, seconds),
                _ => {}
            }
        }
        // RFC 9111 §5.4.
        let is_pragma = || headers.get_list("pragma").any(|pragma| pragma.eq_ignore_ascii_case("no-cache"));
        found.no_cache |= !headers.contains("cache-control") && is_pragma();
        found
    }
}

fn set_first(seconds: &mut Option<u64>, found: Option<u64>) {
    *seconds = seconds.or(found);
}

/// One directive.
struct Directive {
    /// In lower case.
    name: Vec<u8>,
    /// Without its quotes.
    value: Option<Vec<u8>>,
    /// A quoted string has no end.
    is_unclosed: bool,
}

impl Directive {
    fn parse(element: &[u8]) -> Self {
        let is_unclosed = !is_closed(element);
        let element = element.trim_ascii();
        let (name, value) = match element.iter().position(|byte| *byte == b'=') {
            None => (element, None),
            Some(at) => (element.get(..at).unwrap_or(element), element.get(at + 1..)),
        };
        // With white space around the `=` it is no valid value.
        let is_spaced = name.trim_ascii_end().len() < name.len();
        let value = value.map(|value| if is_spaced { Vec::new() } else { unquoted(value).to_vec() });
        Directive { name: name.trim_ascii_end().to_ascii_lowercase(), value, is_unclosed }
    }

    /// Returns the value if it is a number of seconds, of digits alone.
    fn seconds(&self) -> Option<u64> {
        parse_seconds(self.value.as_deref()?)
    }
}

/// Returns a number of seconds (RFC 9111 §1.2.2).
pub(super) fn parse_seconds(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add = |number: u64, digit: &u8| number.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    Some(digits.iter().fold(0, add).min(MAX_SECONDS))
}

/// Splits a line at its commas, but not inside quoted strings.
fn directives(line: HeaderValue<'_>) -> impl Iterator<Item = Directive> {
    let mut quotes = Quotes::default();
    let elements = line.as_bytes().split(move |byte| !quotes.is_quoted(*byte) && *byte == b',');
    elements.map(Directive::parse)
}

fn is_closed(element: &[u8]) -> bool {
    let mut quotes = Quotes::default();
    element.iter().for_each(|byte| {
        quotes.is_quoted(*byte);
    });
    !quotes.is_open
}

/// Where quoted strings begin and end (RFC 9110 §5.6.4).
#[derive(Default)]
struct Quotes {
    is_open: bool,
    is_escaped: bool,
}

impl Quotes {
    /// Takes the next byte, and returns whether it is inside a quoted string.
    fn is_quoted(&mut self, byte: u8) -> bool {
        let was_open = self.is_open;
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = self.is_open,
            b'"' => self.is_open = !self.is_open,
            _ => {}
        }
        was_open
    }
}

fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(lines: &[&str]) -> ResponseDirectives {
        let mut headers = Headers::new();
        for line in lines {
            headers.append("Cache-Control", *line).unwrap();
        }
        ResponseDirectives::parse(&headers)
    }

    #[test]
    fn max_age_of_a_response() {
        let table: [(&[&str], Option<u64>); 19] = [
            (&["max-age=3600"], Some(3600)),
            (&["MaX-aGe=3600"], Some(3600)),
            (&["max-age=\"3600\""], Some(3600)),
            (&["max-age=003600"], Some(3600)),
            (&["foobar, max-age=3600"], Some(3600)),
            (&["max-age=99999999999999999999999999"], Some(1 << 31)),
            (&["max-age=1800, max-age=1"], Some(1800)),
            (&["max-age=1", "max-age=1800"], Some(1)),
            (&["extension=\"max-age=3600\", max-age=1"], Some(1)),
            (&["extension=\"a\\\", max-age=3600\", max-age=1"], Some(1)),
            (&["max-age='3600'"], Some(0)),
            (&["max-age =3600"], Some(0)),
            (&["max-age= 3600"], Some(0)),
            (&["max-age=3600.0"], Some(0)),
            (&["max-age=-1"], Some(0)),
            (&["max-age=3600a"], Some(0)),
            (&["max-age"], Some(0)),
            (&["s-maxage=3600"], None),
            (&["x=\"max-age=1\""], None),
        ];
        for (lines, expected) in table {
            assert_eq!(response(lines).max_age, expected, "{lines:?}");
        }
    }

    #[test]
    fn flags_of_a_response() {
        type IsSet = fn(&ResponseDirectives) -> bool;
        let table: [(&str, IsSet); 8] = [
            ("No-StOrE", |found| found.no_store),
            ("no-cache=\"a, b\"", |found| found.no_cache),
            ("a, must-revalidate", |found| found.must_revalidate),
            ("must-understand", |found| found.must_understand),
            ("public,", |found| found.is_public),
            (" private=\"x\"", |found| found.is_private),
            ("immutable", |found| found.immutable),
            // The quote hides what follows.
            ("max-age=60, x=\"no-store", |found| found.no_cache && !found.no_store),
        ];
        for (line, is_set) in table {
            assert!(is_set(&response(&[line])), "{line}");
        }
        assert_eq!(response(&["x=\"no-store, no-cache\"", ",,=", ""]), ResponseDirectives::default());
    }

    #[test]
    fn directives_of_a_request() {
        let parse =
            |name: &str, value: &str| RequestDirectives::parse(&Headers::try_from([(name, value)]).unwrap());
        let found = parse("cache-control", "max-age=5, min-fresh=6, max-stale=7, stale-if-error=8");
        let numbers = (found.max_age, found.min_fresh, found.max_stale, found.stale_if_error);
        assert_eq!(numbers, (Some(5), Some(6), Some(7), Some(8)));
        assert_eq!(parse("cache-control", "max-stale").max_stale, Some(u64::MAX));
        assert_eq!(parse("cache-control", "max-stale=x").max_stale, None);
        assert_eq!(parse("cache-control", "min-fresh=x").min_fresh, Some(MAX_SECONDS));
        assert!(parse("pragma", "No-Cache").no_cache && !parse("pragma", "other").no_cache);
        let both = Headers::try_from([("pragma", "no-cache"), ("cache-control", "max-age=1")]).unwrap();
        assert!(!RequestDirectives::parse(&both).no_cache);
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_parsed(line in "[a-z=\", \\\\0-9-]{0,60}") {
            response(&[&line]);
        }
    }
}
