//! The cookies of one registrable domain.

use super::cookie_header;
use super::domain::overlap;
use super::stored_cookie::StoredCookie;
use std::sync::Arc;
use std::time::SystemTime;
use url::Url;

/// The most cookies of one domain (RFC 6265bis §5.7 asks for at least 50).
pub(crate) const MAX_PER_DOMAIN: usize = 50;

/// The most cookies of all domains below one registrable domain. Otherwise a server with a wildcard in DNS could push
/// out the cookies of all other sites. Chrome and Firefox have the same number.
pub(crate) const MAX_PER_SITE: usize = 180;

/// All cookies of one registrable domain, or of a host that has none.
#[derive(Debug)]
pub(crate) struct SiteCookies {
    pub(crate) name: Arc<str>,
    cookies: Vec<StoredCookie>,
}

/// The facts by which an index finds a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SiteFacts {
    pub(crate) len: usize,
    /// The last use of the cookie that has not been used for the longest time.
    pub(crate) least_used: Option<u64>,
    /// The first time at which a cookie expires.
    pub(crate) expires: Option<SystemTime>,
}

impl SiteCookies {
    pub(crate) fn new(name: Arc<str>) -> SiteCookies {
        SiteCookies { name, cookies: Vec::new() }
    }

    /// Returns all cookies, expired ones too.
    pub(crate) fn cookies(&self) -> &[StoredCookie] {
        &self.cookies
    }

    pub(crate) fn facts(&self) -> SiteFacts {
        SiteFacts {
            len: self.cookies.len(),
            least_used: self.cookies.iter().map(|cookie| cookie.used).min(),
            expires: self.cookies.iter().filter_map(StoredCookie::expires).min(),
        }
    }

    /// Stores a cookie. One that replaces another inherits its time of creation, and one too many pushes out another.
    pub(crate) fn put(&mut self, mut cookie: StoredCookie, tick: u64) {
        (cookie.created, cookie.used) = (tick, tick);
        if let Some(old) = self.cookies.iter_mut().find(|old| old.is_same(&cookie)) {
            cookie.created = old.created;
            *old = cookie;
            return;
        }
        let domain = cookie.domain().to_owned();
        self.cookies.push(cookie);
        // One cookie was added, so at most one is too many.
        if self.cookies.iter().filter(|it| it.domain() == domain).count() > MAX_PER_DOMAIN {
            self.evict(|it| it.domain() == domain);
        }
        if self.cookies.len() > MAX_PER_SITE {
            self.evict(|_| true);
        }
    }

    /// Removes the cookie with the name, domain, path and scope of this one. Returns whether there was one.
    pub(crate) fn remove(&mut self, cookie: &StoredCookie) -> bool {
        self.remove_if(|old| old.is_same(cookie))
    }

    pub(crate) fn remove_expired(&mut self, now: SystemTime) {
        self.remove_if(|cookie| cookie.is_expired(now));
    }

    /// Removes the cookies that end with the session.
    pub(crate) fn remove_session(&mut self) {
        self.remove_if(|cookie| cookie.expires().is_none());
    }

    /// Removes a cookie that has not been used for the longest time.
    pub(crate) fn remove_least_used(&mut self) {
        self.remove_first_by_key(|_| true, |cookie| cookie.used);
    }

    /// Returns the value of the `Cookie` header for `url`, and marks the cookies of that URL as used.
    pub(crate) fn send(&mut self, url: &Url, tick: u64) -> Option<String> {
        let mut matching = Vec::new();
        for cookie in self.cookies.iter_mut().filter(|cookie| cookie.matches(url)) {
            cookie.used = tick;
            matching.push(&*cookie);
        }
        cookie_header::format(matching)
    }

    /// Tells whether `cookie`, without `Secure` and from an insecure connection, would hide one that has it
    /// (RFC 6265bis §5.7, step 15).
    pub(crate) fn hides_secure(&self, cookie: &StoredCookie) -> bool {
        self.cookies.iter().any(|old| {
            old.is_secure()
                && old.name() == cookie.name()
                && overlap(old.domain(), cookie.domain())
                && path_matches(cookie.path(), old.path())
        })
    }

    /// Removes one of these cookies: one without `Secure` first, then the one that has not been used for the longest
    /// time (RFC 6265bis §5.7).
    fn evict(&mut self, among: impl Fn(&StoredCookie) -> bool) {
        self.remove_first_by_key(among, |cookie| (cookie.is_secure(), cookie.used));
    }

    fn remove_first_by_key<K: Ord>(
        &mut self,
        among: impl Fn(&StoredCookie) -> bool,
        key: impl Fn(&StoredCookie) -> K,
    ) {
        let candidates = self.cookies.iter().enumerate().filter(|(_, cookie)| among(cookie));
        if let Some((at, _)) = candidates.min_by_key(|(_, cookie)| key(cookie)) {
            self.cookies.remove(at);
        }
    }

    fn remove_if(&mut self, is_gone: impl Fn(&StoredCookie) -> bool) -> bool {
        let before = self.cookies.len();
        self.cookies.retain(|cookie| !is_gone(cookie));
        self.cookies.len() < before
    }
}

/// RFC 6265bis §5.1.4: `path` is `cookie_path` or lies below it.
fn path_matches(path: &str, cookie_path: &str) -> bool {
    match path.strip_prefix(cookie_path) {
        Some(rest) => rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_match() {
        #[rustfmt::skip]
        let table = [
            ("/", "/", true), ("/a", "/", true), ("/a", "/a", true), ("/a/b", "/a", true), ("/a/", "/a/", true),
            ("/a", "/a/", false), ("/ab", "/a", false), ("/b", "/a", false), ("/", "/a", false),
        ];
        for (path, cookie_path, expected) in table {
            assert_eq!(path_matches(path, cookie_path), expected, "{path} {cookie_path}");
        }
    }
}
