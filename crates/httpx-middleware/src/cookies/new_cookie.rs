//! [`NewCookie`]: calls the checks in `cookie.rs`: all that need no other cookie.

use super::cookie::{Cookie, Origin};
use super::cookie_error::CookieError;
use super::domain::{canonical, canonical_url, is_secure};
use super::stored_cookie::StoredCookie;
use httpx_core::SetCookie;
use std::time::SystemTime;
use url::Url;

/// A cookie that has passed all checks that do not depend on other cookies.
///
/// It is made without the jar's lock: parsing a field and looking up a public suffix take time, and a server decides
/// how many fields it sends.
#[derive(Debug)]
pub(crate) struct NewCookie {
    /// The site whose cookies it belongs to: a registrable domain, or a host that has none.
    pub(crate) site: String,
    pub(crate) cookie: StoredCookie,
    /// Whether it may replace or hide a cookie with `Secure` (RFC 6265bis §5.7, step 15).
    pub(crate) may_hide_secure: bool,
}

impl NewCookie {
    /// Parses a `Set-Cookie` field of a response from `url`, and checks that `url` may set the cookie.
    pub(crate) fn received(url: &Url, field: &[u8], now: SystemTime) -> Result<NewCookie, CookieError> {
        let set = SetCookie::parse(field)?;
        let url = &*canonical(url).ok_or(CookieError::NoHost)?;
        let origin = Origin::of(url)?;
        let cookie = Cookie::received(&set, url, origin, now)?;
        NewCookie::new(&cookie, url, origin)
    }

    /// Checks a cookie that a program made, as if its domain had set it over a secure connection.
    pub(crate) fn made(cookie: Cookie, now: SystemTime) -> Result<NewCookie, CookieError> {
        let url = canonical_url(&cookie.domain).ok_or(CookieError::NoHost)?;
        let origin = Origin::of(&url)?;
        let cookie = cookie.checked(origin, now)?;
        NewCookie::new(&cookie, &url, origin)
    }

    /// Returns the same cookie as a key: in canonical form, and without the checks of one that is stored.
    pub(crate) fn key(cookie: Cookie) -> Result<NewCookie, CookieError> {
        let url = canonical_url(&cookie.domain).ok_or(CookieError::NoHost)?;
        let origin = Origin::of(&url)?;
        NewCookie::new(&cookie.canonical(origin)?, &url, origin)
    }

    fn new(cookie: &Cookie, url: &Url, origin: Origin<'_>) -> Result<NewCookie, CookieError> {
        Ok(NewCookie {
            site: origin.site().to_owned(),
            cookie: StoredCookie::new(cookie, url)?,
            may_hide_secure: cookie.secure || is_secure(url),
        })
    }
}
