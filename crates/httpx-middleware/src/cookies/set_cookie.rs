//! Parses a `Set-Cookie` value (RFC 6265bis §5.6): lenient in form, strict in bytes and sizes.

use super::cookie_error::CookieError;
use super::domain::ascii_domain;
use super::same_site::SameSite;
use httpx_core::parse_date;
use std::time::{Duration, SystemTime};

/// The most bytes of name and value together (RFC 6265bis §5.7, all browsers).
pub(crate) const MAX_PAIR: usize = 4096;

/// The most bytes of an attribute's value. Longer ones are ignored (RFC 6265bis §5.6, all browsers).
pub(crate) const MAX_ATTRIBUTE: usize = 1024;

/// The longest life of a cookie, from the last time it was set (RFC 6265bis §5.6.1, Chrome, Safari).
pub(crate) const MAX_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The parts of a field, before it is known whether the server may set such a cookie.
///
/// If an attribute occurs more than once, the last one counts. One that cannot be parsed counts as absent.
#[derive(Debug, Default)]
pub(crate) struct SetCookie<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    expires: Option<SystemTime>,
    max_age: Option<MaxAge>,
    /// Without its leading dot, in lower case and ASCII. Empty counts as absent.
    pub(crate) domain: Option<Vec<u8>>,
    pub(crate) path: Option<PathAttribute<'a>>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: Option<SameSite>,
}

/// The value of `Path`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathAttribute<'a> {
    /// A path: it begins with a slash.
    Given(&'a str),
    /// Empty, or no path: the default path of the URL.
    Default,
}

/// The value of `Max-Age`.
#[derive(Clone, Copy, Debug)]
enum MaxAge {
    /// Zero or negative: the cookie expires at once.
    Over,
    /// The cookie expires after this time.
    Lasts(Duration),
}

impl<'a> SetCookie<'a> {
    /// Parses a field value.
    pub(crate) fn parse(field: &'a [u8]) -> Result<SetCookie<'a>, CookieError> {
        if field.iter().any(|byte| is_control(*byte)) {
            return Err(CookieError::ControlCharacter);
        }
        let mut parts = field.split(|byte| *byte == b';');
        let pair = parts.next().unwrap_or_default();
        // Without "=" it is the value of a cookie without a name.
        let (name, value) = split_at_equals(pair).unwrap_or((b"", pair));
        let (name, value) = (trim(name), trim(value));
        if name.len() + value.len() > MAX_PAIR {
            return Err(CookieError::TooLarge);
        }
        if name.is_empty() && value.is_empty() {
            return Err(CookieError::Empty);
        }
        let text = |octets| str::from_utf8(octets).map_err(|_| CookieError::NotUtf8);
        let mut parsed = SetCookie { name: text(name)?, value: text(value)?, ..SetCookie::default() };
        for part in parts {
            let (name, value) = split_at_equals(part).unwrap_or((part, b""));
            let (name, value) = (trim(name), trim(value));
            if value.len() <= MAX_ATTRIBUTE {
                parsed.attribute(name, value);
            }
        }
        Ok(parsed)
    }

    /// Stores one attribute (RFC 6265bis §5.6.1 to §5.6.7).
    fn attribute(&mut self, name: &[u8], value: &'a [u8]) {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("expires") {
            self.expires = parse_date(value).or(self.expires);
        } else if is("max-age") {
            self.max_age = max_age(value).or(self.max_age);
        } else if is("domain") {
            self.domain = Some(ascii_domain(value.strip_prefix(b".").unwrap_or(value)));
        } else if is("path") {
            self.path = Some(match str::from_utf8(value) {
                Ok(path) if path.starts_with('/') => PathAttribute::Given(path),
                _ => PathAttribute::Default,
            });
        } else if is("secure") {
            self.secure = true;
        } else if is("httponly") {
            self.http_only = true;
        } else if is("samesite") {
            // An unknown value replaces an earlier one: it means "Default".
            self.same_site = SameSite::parse(value);
        }
    }

    /// Returns when the cookie expires: by `Max-Age`, else by `Expires`, and at most 400 days from now. `None` for the end
    /// of the session.
    pub(crate) fn expiry(&self, now: SystemTime) -> Option<SystemTime> {
        match (self.max_age, self.expires) {
            (Some(MaxAge::Over), _) => Some(SystemTime::UNIX_EPOCH),
            (Some(MaxAge::Lasts(age)), _) => Some(clamp(now.checked_add(age), now)),
            (None, Some(expires)) => Some(clamp(Some(expires), now)),
            (None, None) => None,
        }
    }
}

/// Returns this time, or 400 days from now if that is earlier, or if the time is too large to be represented.
pub(crate) fn clamp(expiry: Option<SystemTime>, now: SystemTime) -> SystemTime {
    let latest = now.checked_add(MAX_AGE);
    match (expiry, latest) {
        (Some(expiry), Some(latest)) => expiry.min(latest),
        (Some(expiry), None) => expiry,
        (None, latest) => latest.unwrap_or(now),
    }
}

/// ```abnf
/// max-age = [ "-" ] 1*DIGIT
/// ```
///
/// Returns `None` for all else.
fn max_age(value: &[u8]) -> Option<MaxAge> {
    let (is_negative, digits) = match value {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds = digits
        .iter()
        .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    match seconds {
        0 => Some(MaxAge::Over),
        _ if is_negative => Some(MaxAge::Over),
        seconds => Some(MaxAge::Lasts(Duration::from_secs(seconds).min(MAX_AGE))),
    }
}

/// Checks that a server could have set this pair, which a program made.
pub(crate) fn check_pair(name: &str, value: &str) -> Result<(), CookieError> {
    if name.bytes().chain(value.bytes()).any(is_control) {
        return Err(CookieError::ControlCharacter);
    }
    if name.len() + value.len() > MAX_PAIR {
        return Err(CookieError::TooLarge);
    }
    if name.is_empty() && value.is_empty() {
        return Err(CookieError::Empty);
    }
    let is_trimmed = |text: &str| trim(text.as_bytes()).len() == text.len();
    let is_kept = is_trimmed(name) && is_trimmed(value) && !name.contains([';', '=']) && !value.contains(';');
    if is_kept { Ok(()) } else { Err(CookieError::Delimiter) }
}

/// ```abnf
/// %x00-08 / %x0A-1F / %x7F     ; CTL without HTAB
/// ```
pub(crate) fn is_control(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0A..=0x1F | 0x7F)
}

fn split_at_equals(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = octets.iter().position(|byte| *byte == b'=')?;
    let (name, rest) = octets.split_at_checked(at)?;
    Some((name, rest.get(1..)?))
}

/// Without the white space (SP, HTAB) at both ends.
fn trim(octets: &[u8]) -> &[u8] {
    let is_black = |byte: &u8| !matches!(byte, b' ' | b'\t');
    match (octets.iter().position(is_black), octets.iter().rposition(is_black)) {
        (Some(first), Some(last)) => octets.get(first..=last).unwrap_or_default(),
        _ => &[],
    }
}
