//! One `Set-Cookie` value, parsed (RFC 6265bis 5.6): lenient in form, strict in octets and sizes.

use super::cookie_error::CookieError;
use super::domain::ascii_domain;
use super::same_site::SameSite;
use httpx_core::parse_date;
use std::time::{Duration, SystemTime};

/// Name and value together may have so many octets (RFC 6265bis 5.7; all browsers).
pub(crate) const MAX_PAIR: usize = 4096;

/// An attribute whose value has more octets is ignored (RFC 6265bis 5.6; all browsers).
pub(crate) const MAX_ATTRIBUTE: usize = 1024;

/// A cookie lives no longer than 400 days from the last time it was set (RFC 6265bis 5.6.1, Chrome, Safari).
pub(crate) const MAX_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// What a server said, before it is known whether it may.
///
/// Of an attribute that comes more than once the last counts; those that cannot be read are as if absent.
#[derive(Debug, Default)]
pub(crate) struct SetCookie<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    expires: Option<SystemTime>,
    max_age: Option<MaxAge>,
    /// Without its leading dot and in lower case. Empty counts as absent.
    pub(crate) domain: Option<Vec<u8>>,
    pub(crate) path: Option<PathAttribute<'a>>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: Option<SameSite>,
}

/// The value of `Path`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathAttribute<'a> {
    /// Begins with a slash.
    Given(&'a str),
    /// Empty, or not a path: the default path of the URL.
    Default,
}

/// The value of `Max-Age`.
#[derive(Clone, Copy, Debug)]
enum MaxAge {
    /// Zero or negative: gone at once.
    Over,
    /// So long from now.
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
        // Without "=" the whole is the value of a cookie without a name.
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

    /// Takes up one attribute. The sections are 5.6.1 to 5.6.7.
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
            // An unknown value undoes an earlier one: the last attribute says "Default".
            self.same_site = SameSite::parse(value);
        }
    }

    /// When the cookie ends, `Max-Age` before `Expires` and neither later than 400 days from now. None for one
    /// that lasts as long as the session.
    pub(crate) fn expiry(&self, now: SystemTime) -> Option<SystemTime> {
        match (self.max_age, self.expires) {
            (Some(MaxAge::Over), _) => Some(SystemTime::UNIX_EPOCH),
            (Some(MaxAge::Lasts(age)), _) => Some(clamp(now.checked_add(age), now)),
            (None, Some(expires)) => Some(clamp(Some(expires), now)),
            (None, None) => None,
        }
    }
}

/// The moment given, or 400 days from now if that is sooner (or the moment cannot be said).
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
/// None if it is something else, however much of it looks like a number.
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

/// A pair made by hand must be one that a server could have set, and the `Cookie` header must keep its bounds.
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
