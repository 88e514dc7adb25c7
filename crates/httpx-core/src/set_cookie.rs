//! The cookie of a `Set-Cookie` header (RFC 6265bis §5.6): lenient in form, strict in bytes and sizes.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use crate::grammar::{is_field_value, trim_ows};
use crate::{SameSite, parse_date};

/// The most bytes of name and value together (RFC 6265bis §5.7, all browsers).
const MAX_PAIR: usize = 4096;

/// The most bytes of an attribute's value. Longer ones are ignored (RFC 6265bis §5.6, all browsers).
const MAX_ATTRIBUTE: usize = 1024;

/// A cookie that a response sets: a `Set-Cookie` header, parsed as browsers parse it (RFC 6265bis §5.6).
///
/// The server asks for this cookie. A cookie jar decides whether the server may set it. If an attribute occurs more
/// than once, the last one counts; one that cannot be parsed counts as absent.
///
/// `Debug` leaves out the value, which is often a secret.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Response;
///
/// let response = Response::new(200, ())?.with_header("Set-Cookie", "sid=31d4; Path=/app; Max-Age=60; Secure")?;
/// let cookie = response.cookies().next().unwrap();
/// assert_eq!((cookie.name(), cookie.value(), cookie.path()), ("sid", "31d4", Some("/app")));
/// assert_eq!(cookie.max_age().unwrap().as_secs(), 60);
/// assert!(cookie.is_secure() && !cookie.is_http_only());
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SetCookie<'a> {
    name: &'a str,
    value: &'a str,
    expires: Option<SystemTime>,
    max_age: Option<Duration>,
    domain: Option<&'a [u8]>,
    path: Option<&'a [u8]>,
    secure: bool,
    http_only: bool,
    same_site: Option<SameSite>,
}

/// The reason why the value of a `Set-Cookie` header is not a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSetCookie {
    /// The cookie has neither a name nor a value.
    #[error("the cookie has neither name nor value")]
    Empty,
    /// The header holds a control character other than TAB.
    #[error("the cookie holds a control character")]
    ControlCharacter,
    /// The name or the value is not UTF-8.
    #[error("the cookie's name or value is not UTF-8")]
    NotUtf8,
    /// Name and value have more than 4,096 bytes together.
    #[error("the cookie is too large: name and value may have 4096 bytes together")]
    TooLarge,
}

impl<'a> SetCookie<'a> {
    /// Parses the value of a `Set-Cookie` header. [`Response::cookies`](crate::Response::cookies) does so for each one of a
    /// response.
    ///
    /// # Errors
    ///
    /// If browsers ignore it: it has neither name nor value, a control character, text that is not UTF-8, or more than
    /// 4,096 bytes of name and value.
    ///
    /// ```
    /// # mod httpx { pub mod models { pub use httpx_core::*; } }
    /// use httpx::models::{SameSite, SetCookie};
    ///
    /// let cookie = SetCookie::parse(b"sid=31d4; Domain=.example.com; SameSite=Lax; Expires=Thu, 01 Jan 1970 00:00:00 GMT")?;
    /// assert_eq!(cookie.domain().as_deref(), Some("example.com"));
    /// assert_eq!(cookie.same_site(), Some(SameSite::Lax));
    /// assert_eq!(cookie.expires(), Some(std::time::UNIX_EPOCH));
    /// # Ok::<(), httpx_core::InvalidSetCookie>(())
    /// ```
    pub fn parse(header: &'a [u8]) -> Result<Self, InvalidSetCookie> {
        if !is_field_value(header) {
            return Err(InvalidSetCookie::ControlCharacter);
        }
        let mut parts = header.split(|byte| *byte == b';');
        let pair = parts.next().unwrap_or_default();
        // Without "=" it is the value of a cookie without a name.
        let (name, value) = split_at_equals(pair).unwrap_or((b"", pair));
        let (name, value) = (trim_ows(name), trim_ows(value));
        if name.len() + value.len() > MAX_PAIR {
            return Err(InvalidSetCookie::TooLarge);
        }
        if name.is_empty() && value.is_empty() {
            return Err(InvalidSetCookie::Empty);
        }
        let text = |octets| str::from_utf8(octets).map_err(|_| InvalidSetCookie::NotUtf8);
        let mut cookie = SetCookie { name: text(name)?, value: text(value)?, ..SetCookie::default() };
        for part in parts {
            let (name, value) = split_at_equals(part).unwrap_or((part, b""));
            let (name, value) = (trim_ows(name), trim_ows(value));
            if value.len() <= MAX_ATTRIBUTE {
                cookie.set_attribute(name, value);
            }
        }
        Ok(cookie)
    }

    /// Stores one attribute (RFC 6265bis §5.6.1 to §5.6.7).
    fn set_attribute(&mut self, name: &[u8], value: &'a [u8]) {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("expires") {
            self.expires = parse_date(value).or(self.expires);
        } else if is("max-age") {
            self.max_age = max_age(value).or(self.max_age);
        } else if is("domain") {
            self.domain = Some(value.strip_prefix(b".").unwrap_or(value));
        } else if is("path") {
            self.path = Some(value);
        } else if is("secure") {
            self.secure = true;
        } else if is("httponly") {
            self.http_only = true;
        } else if is("samesite") {
            // An unknown value replaces an earlier one: it means "Default".
            self.same_site = SameSite::parse(value);
        }
    }

    /// Returns the name; empty if there is none.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Returns the value as it is sent back. Quotes belong to the value.
    pub fn value(&self) -> &'a str {
        self.value
    }

    /// Returns the time in `Expires`. [`max_age`](SetCookie::max_age) takes precedence over it.
    pub fn expires(&self) -> Option<SystemTime> {
        self.expires
    }

    /// Returns the lifetime in `Max-Age`. Zero, also for a negative number: the server deletes the cookie.
    ///
    /// Without `Max-Age` and `Expires`, the cookie ends with the session.
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age
    }

    /// Returns the domain whose hosts get the cookie, as it was sent, without a leading dot. `None`: only the host that
    /// set it.
    pub fn domain(&self) -> Option<Cow<'a, str>> {
        self.domain.filter(|domain| !domain.is_empty()).map(String::from_utf8_lossy)
    }

    /// Returns the path that the cookie is for, with those below it. `None`: the directory of the request's path.
    pub fn path(&self) -> Option<&'a str> {
        str::from_utf8(self.path?).ok().filter(|path| path.starts_with('/'))
    }

    /// Returns whether there is a `Path`, also one that is not a path: for the rule of `__Host-`.
    #[doc(hidden)]
    pub fn has_path(&self) -> bool {
        self.path.is_some()
    }

    /// Returns whether the cookie goes over secure connections only.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Returns whether the server asks to hide the cookie from scripts.
    pub fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// Returns the `SameSite` attribute, if there is a known one.
    pub fn same_site(&self) -> Option<SameSite> {
        self.same_site
    }
}

/// ```abnf
/// max-age = [ "-" ] 1*DIGIT
/// ```
///
/// Returns `None` for any other text.
fn max_age(value: &[u8]) -> Option<Duration> {
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
    Some(Duration::from_secs(if is_negative { 0 } else { seconds }))
}

fn split_at_equals(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = octets.iter().position(|byte| *byte == b'=')?;
    let (name, rest) = octets.split_at_checked(at)?;
    Some((name, rest.get(1..)?))
}

/// `<SetCookie sid>`.
impl fmt::Debug for SetCookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<SetCookie {}>", self.name.escape_debug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(header: &str) -> SetCookie<'_> {
        SetCookie::parse(header.as_bytes()).unwrap()
    }

    #[test]
    fn attributes() {
        let all = parse(
            " sid = \"a=b\" ; expires=Thu, 01 Jan 1970 00:00:07 GMT; MAX-AGE=5; Domain=.Example.com; Path=/a;\
             secure; HttpOnly; samesite=lax; Unknown=1",
        );
        assert_eq!((all.name(), all.value()), ("sid", "\"a=b\""));
        assert_eq!(all.expires(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(7)));
        assert_eq!(all.max_age(), Some(Duration::from_secs(5)));
        assert_eq!((all.domain().as_deref(), all.path()), (Some("Example.com"), Some("/a")));
        assert_eq!((all.is_secure(), all.is_http_only(), all.same_site()), (true, true, Some(SameSite::Lax)));
        assert_eq!(format!("{all:?}"), "<SetCookie sid>");
        assert_eq!(parse("v"), SetCookie { value: "v", ..SetCookie::default() });
    }

    #[test]
    fn the_last_attribute_counts_and_a_malformed_one_is_absent() {
        #[rustfmt::skip]
        let ages = [
            ("a=b", None), ("a=b; Max-Age=0", Some(0)), ("a=b; Max-Age=-9", Some(0)), ("a=b; Max-Age=1; Max-Age=2", Some(2)),
            ("a=b; Max-Age=1; Max-Age=x", Some(1)), ("a=b; Max-Age=+1", None), ("a=b; Max-Age=-", None),
            ("a=b; Max-Age=99999999999999999999999", Some(u64::MAX)),
        ];
        for (header, seconds) in ages {
            assert_eq!(parse(header).max_age(), seconds.map(Duration::from_secs), "{header}");
        }
        #[rustfmt::skip]
        let places = [
            ("a=b; Path=/x; Path=y", None, None), ("a=b; Path", None, None), ("a=b; Domain=x.y; Domain=", None, None),
            ("a=b; Domain=..x", Some(".x"), None), ("a=b; Path=/ü ", None, Some("/ü")),
        ];
        for (header, domain, path) in places {
            let cookie = parse(header);
            assert_eq!((cookie.domain().as_deref(), cookie.path()), (domain, path), "{header}");
        }
        assert_eq!(parse(&format!("a=b; Path=/{}", "x".repeat(MAX_ATTRIBUTE))).path(), None);
        let odd = SetCookie::parse(b"a=b; Domain=\xff; Path=/\xff").unwrap();
        assert_eq!((odd.domain().as_deref(), odd.path(), odd.has_path()), (Some("\u{fffd}"), None, true));
    }

    #[test]
    fn values_that_are_no_cookie() {
        use InvalidSetCookie::*;
        let long = format!("a={}", "x".repeat(MAX_PAIR));
        for (header, error) in [
            (&b""[..], Empty),
            (b" = ; Secure", Empty),
            (b"a=b\r\nc", ControlCharacter),
            (b"a=\xff", NotUtf8),
            (long.as_bytes(), TooLarge),
        ] {
            assert_eq!(SetCookie::parse(header), Err(error));
        }
    }
}
