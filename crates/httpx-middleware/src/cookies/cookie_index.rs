//! All cookies of a jar, by registrable domain; refuses a cookie that would hide a secure one.

use super::cookie::Cookie;
use super::cookie_error::CookieError;
use super::domain::Host;
use super::new_cookie::NewCookie;
use super::site_cookies::{SiteCookies, SiteFacts};
use super::stored_cookie::StoredCookie;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::SystemTime;
use url::Url;

/// The most cookies of a jar (RFC 6265bis §5.7 asks for at least 3,000).
pub(crate) const MAX_COOKIES: usize = 3000;

/// The cookies of all sites. No operation of a request walks the cookies of other sites: a request uses only the
/// cookies of its site, and a full jar finds the cookie to evict by its order of use.
#[derive(Debug, Default)]
pub(crate) struct CookieIndex {
    sites: HashMap<Arc<str>, SiteCookies>,
    /// The sites by the last use of their least used cookie. No two sites share a tick.
    by_use: BTreeMap<u64, Arc<str>>,
    /// The sites by the time at which their first cookie expires.
    by_expiry: BTreeSet<(SystemTime, Arc<str>)>,
    len: usize,
    /// Counts the cookies that were set and the headers that were sent: the order of age and use without a clock.
    ticks: u64,
}

impl CookieIndex {
    /// Returns the number of cookies.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Stores a cookie, or removes the one that it ends.
    pub(crate) fn put(&mut self, new: NewCookie, now: SystemTime) -> Result<(), CookieError> {
        let NewCookie { site: name, cookie, may_hide_secure } = new;
        if !may_hide_secure && self.sites.get(&*name).is_some_and(|site| site.hides_secure(&cookie)) {
            return Err(CookieError::HidesSecure);
        }
        if cookie.is_expired(now) {
            self.change(&name, |site| site.remove(&cookie));
            return Ok(());
        }
        self.ticks += 1;
        let tick = self.ticks;
        if !self.sites.contains_key(&*name) {
            let name: Arc<str> = name.as_str().into();
            self.sites.insert(Arc::clone(&name), SiteCookies::new(name));
        }
        self.change(&name, |site| {
            site.remove_expired(now);
            site.put(cookie, tick);
        });
        self.evict(now);
        Ok(())
    }

    /// Returns the value of the `Cookie` header for a request to `url`, whose host is in canonical form; `None` if no
    /// cookie goes there.
    pub(crate) fn send(&mut self, url: &Url, now: SystemTime) -> Option<String> {
        let name = Host::of(url)?.names().find(|name| self.sites.contains_key(*name))?;
        self.ticks += 1;
        let tick = self.ticks;
        self.change(name, |site| {
            site.remove_expired(now);
            site.send(url, tick)
        })?
    }

    /// Returns the cookies that have not expired, the oldest first.
    pub(crate) fn cookies(&self, now: SystemTime) -> Vec<Cookie> {
        let all = self.sites.values().flat_map(SiteCookies::cookies);
        let mut cookies: Vec<_> = all.filter(|cookie| !cookie.is_expired(now)).collect();
        cookies.sort_unstable_by_key(|cookie| cookie.created);
        cookies.into_iter().map(StoredCookie::to_cookie).collect()
    }

    /// Removes a cookie by its name, domain, path and scope. Returns whether there was one.
    pub(crate) fn remove(&mut self, NewCookie { site, cookie, .. }: &NewCookie) -> bool {
        self.change(site, |site| site.remove(cookie)).unwrap_or(false)
    }

    /// Removes all cookies that end with the session.
    pub(crate) fn clear_session(&mut self) {
        let names: Vec<_> = self.sites.keys().cloned().collect();
        for name in names {
            self.change(&name, SiteCookies::remove_session);
        }
    }

    /// Makes room in a full jar: expired cookies go first, then the one that has not been used for the longest time.
    /// (RFC 6265bis §5.7 has a step between them, for domains with too many cookies; `SiteCookies` has taken it.)
    fn evict(&mut self, now: SystemTime) {
        while self.len > MAX_COOKIES {
            let expired = self.by_expiry.first().filter(|(expires, _)| *expires <= now);
            if let Some(name) = expired.map(|(_, name)| Arc::clone(name)) {
                self.change(&name, |site| site.remove_expired(now));
            } else if let Some(name) = self.by_use.values().next().cloned() {
                self.change(&name, SiteCookies::remove_least_used);
            } else {
                return;
            }
        }
    }

    /// Changes the cookies of a site, and all that is known about it elsewhere. Forgets the site if it is empty then.
    fn change<T>(&mut self, name: &str, change: impl FnOnce(&mut SiteCookies) -> T) -> Option<T> {
        let site = self.sites.get_mut(name)?;
        let before = site.facts();
        let result = change(site);
        let (name, after) = (Arc::clone(&site.name), site.facts());
        self.len = (self.len + after.len).saturating_sub(before.len);
        if after.len == 0 {
            self.sites.remove(&name);
        }
        self.reorder(name, before, after);
        Some(result)
    }

    fn reorder(&mut self, name: Arc<str>, before: SiteFacts, after: SiteFacts) {
        if before.least_used != after.least_used {
            if let Some(used) = before.least_used {
                self.by_use.remove(&used);
            }
            if let Some(used) = after.least_used {
                self.by_use.insert(used, Arc::clone(&name));
            }
        }
        if before.expires != after.expires {
            if let Some(expires) = before.expires {
                self.by_expiry.remove(&(expires, Arc::clone(&name)));
            }
            if let Some(expires) = after.expires {
                self.by_expiry.insert((expires, name));
            }
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    use super::super::site_cookies::MAX_PER_DOMAIN;
    use super::*;

    /// Returns how much CPU time this thread takes to put in these cookies, of a jar with so many cookies of each site.
    fn cost(index: &mut CookieIndex, cookies: std::ops::Range<usize>, of_each_site: usize) -> Duration {
        let before = clock_gettime(ClockId::ThreadCPUTime);
        for n in cookies {
            let now = SystemTime::UNIX_EPOCH;
            let url = Url::parse(&format!("http://h{}.example/", n / of_each_site)).unwrap();
            let field = format!("a{}=b", n % of_each_site);
            index.put(NewCookie::received(&url, field.as_bytes(), now).unwrap(), now).unwrap();
        }
        let after = clock_gettime(ClockId::ThreadCPUTime);
        Duration::try_from(after - before).unwrap()
    }

    /// A new cookie of a full jar pushes out another one. That costs little more than a cookie of a jar with room, because
    /// no more than two sites are looked at. The CPU time of the thread hardly depends on the load of the machine.
    #[test]
    fn a_full_jar_does_not_walk_all_cookies() {
        for of_each_site in [1, MAX_PER_DOMAIN] {
            let mut index = CookieIndex::default();
            let with_room = cost(&mut index, 0..MAX_COOKIES, of_each_site);
            let full = cost(&mut index, MAX_COOKIES..2 * MAX_COOKIES, of_each_site);
            assert_eq!(index.len(), MAX_COOKIES);
            assert!(
                full < 4 * with_room,
                "{of_each_site} a site: {with_room:?} with room, {full:?} when full"
            );
        }
    }
}
