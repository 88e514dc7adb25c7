//! One cookie in the jar.

use super::cookie::{Cookie, CookieScope};
use super::cookie_error::CookieError;
use cookie_store::{Cookie as Matcher, CookieDomain, RawCookie};
use httpx_core::SameSite;
use std::time::SystemTime;
use url::Url;

/// A cookie, its age and its last use.
///
/// `cookie_store` holds its name, value, domain, path and flags, and decides which URLs they match. The rest is here:
/// `cookie_store` would ask the system's clock whether a cookie has expired, and does not keep the order of creation.
#[derive(Debug)]
pub(crate) struct StoredCookie {
    matcher: Matcher<'static>,
    expires: Option<SystemTime>,
    same_site: Option<SameSite>,
    /// The tick of the jar at which the cookie was created.
    pub(crate) created: u64,
    /// The tick of the jar at which the cookie was last set or sent.
    pub(crate) used: u64,
}

impl StoredCookie {
    /// Converts a cookie that was set by `url`, whose host is in canonical form.
    pub(crate) fn new(cookie: &Cookie, url: &Url) -> Result<StoredCookie, CookieError> {
        let mut raw = RawCookie::build((cookie.name.as_str(), cookie.value.as_str()))
            .path(cookie.path.as_str())
            .secure(cookie.secure)
            .http_only(cookie.http_only);
        if cookie.scope == CookieScope::Domain {
            raw = raw.domain(cookie.domain.as_str());
        }
        let matcher = Matcher::try_from_raw_cookie(&raw.build(), url);
        Ok(StoredCookie {
            matcher: matcher.map_err(|_| CookieError::ForeignDomain)?.into_owned(),
            expires: cookie.expires,
            same_site: cookie.same_site,
            created: 0,
            used: 0,
        })
    }

    pub(crate) fn name(&self) -> &str {
        self.matcher.name()
    }

    pub(crate) fn value(&self) -> &str {
        self.matcher.value()
    }

    pub(crate) fn path(&self) -> &str {
        &self.matcher.path
    }

    pub(crate) fn domain(&self) -> &str {
        match &self.matcher.domain {
            CookieDomain::HostOnly(domain) | CookieDomain::Suffix(domain) => domain,
            CookieDomain::NotPresent | CookieDomain::Empty => "",
        }
    }

    pub(crate) fn scope(&self) -> CookieScope {
        match &self.matcher.domain {
            CookieDomain::Suffix(_) => CookieScope::Domain,
            CookieDomain::HostOnly(_) | CookieDomain::NotPresent | CookieDomain::Empty => CookieScope::Host,
        }
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.matcher.secure() == Some(true)
    }

    pub(crate) fn expires(&self) -> Option<SystemTime> {
        self.expires
    }

    pub(crate) fn is_expired(&self, now: SystemTime) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// Tells whether the cookie goes to `url`: by its domain, path and `Secure`.
    pub(crate) fn matches(&self, url: &Url) -> bool {
        self.matcher.matches(url)
    }

    /// Tells whether both are the same cookie: RFC 6265bis §5.7 compares name, domain, host-only-flag and path.
    pub(crate) fn is_same(&self, other: &StoredCookie) -> bool {
        self.name() == other.name()
            && self.path() == other.path()
            && self.scope() == other.scope()
            && self.domain() == other.domain()
    }

    /// Returns the number of bytes of the cookie in a `Cookie` header.
    pub(crate) fn pair_len(&self) -> usize {
        let name = if self.name().is_empty() { 0 } else { self.name().len() + 1 };
        name + self.value().len()
    }

    pub(crate) fn to_cookie(&self) -> Cookie {
        Cookie {
            name: self.name().to_owned(),
            value: self.value().to_owned(),
            domain: self.domain().to_owned(),
            scope: self.scope(),
            path: self.path().to_owned(),
            expires: self.expires,
            secure: self.is_secure(),
            http_only: self.matcher.http_only() == Some(true),
            same_site: self.same_site,
        }
    }
}
