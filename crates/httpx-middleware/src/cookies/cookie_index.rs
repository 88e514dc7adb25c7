//! All cookies of a jar, by registrable domain: what RFC 6265bis 5.7 and 5.8 ask of the whole.

use super::cookie::{Cookie, Origin};
use super::cookie_error::CookieError;
use super::domain::{Host, canonical, is_secure};
use super::set_cookie::SetCookie;
use super::site_cookies::{Entry, SiteCookies};
use std::collections::HashMap;
use std::time::SystemTime;
use url::Url;

/// So many cookies one domain may have (the RFC's least, and its example).
pub(crate) const MAX_PER_DOMAIN: usize = 50;

/// So many cookies all domains below one registrable domain may have together, or a server with a wildcard in DNS
/// could push out everybody else's (Chrome and Firefox count so too, with this number).
pub(crate) const MAX_PER_SITE: usize = 180;

/// So many cookies there may be in all (the RFC's least, and its example).
pub(crate) const MAX_IN_ALL: usize = 3000;

/// The cookies by registrable domain, so that a request looks at those of its own and no others.
#[derive(Debug, Default)]
pub(crate) struct CookieIndex {
    sites: HashMap<Box<str>, SiteCookies>,
    len: usize,
    /// Counts what was stored and sent: the order of ages and uses without a clock.
    ticks: u64,
}

impl CookieIndex {
    /// How many cookies there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Takes in what a response from `url` sets.
    pub(crate) fn receive(&mut self, url: &Url, field: &[u8], now: SystemTime) -> Result<(), CookieError> {
        let set = SetCookie::parse(field)?;
        let url = &*canonical(url).ok_or(CookieError::NoHost)?;
        let origin = Origin::of(url)?;
        let cookie = Cookie::received(&set, url, origin, now)?;
        let may_hide = cookie.secure || is_secure(url);
        let old = self.sites.get(origin.site());
        if !may_hide && old.is_some_and(|site| site.hides_secure(&cookie)) {
            return Err(CookieError::HidesSecure);
        }
        self.put(origin.site(), &cookie, url, now)
    }

    /// Takes in a cookie made by hand, as if it came from its own domain over a secure connection.
    pub(crate) fn insert(&mut self, cookie: Cookie, now: SystemTime) -> Result<(), CookieError> {
        let url = url_of(&cookie.domain).ok_or(CookieError::NoHost)?;
        let origin = Origin::of(&url)?;
        let cookie = cookie.checked(origin, now)?;
        self.put(origin.site(), &cookie, &url, now)
    }

    /// Stores a cookie that has passed all questions, or takes out the one that it ends.
    fn put(&mut self, name: &str, cookie: &Cookie, url: &Url, now: SystemTime) -> Result<(), CookieError> {
        if cookie.expires.is_some_and(|expires| expires <= now) {
            self.change(name, |site| {
                site.remove(cookie);
            });
            return Ok(());
        }
        self.ticks += 1;
        let tick = self.ticks;
        if !self.sites.contains_key(name) {
            self.sites.insert(name.into(), SiteCookies::default());
        }
        let mut result = Ok(());
        self.change(name, |site| {
            remove_expired(site, now);
            result = site.put(cookie, url, tick);
            // One came in, so that one too many is the most there can be.
            if site.entries().filter(|entry| entry.domain() == cookie.domain).count() > MAX_PER_DOMAIN {
                evict(site, |entry| entry.domain() == cookie.domain);
            }
            if site.len() > MAX_PER_SITE {
                evict(site, |_| true);
            }
        });
        self.evict_in_all(now);
        result
    }

    /// The value of the `Cookie` header for a request to `url`, and none if no cookie goes there.
    pub(crate) fn send(&mut self, url: &Url, now: SystemTime) -> Option<String> {
        let url = &*canonical(url)?;
        let name = Host::of(url)?.names().find(|name| self.sites.contains_key(*name))?;
        if self.sites.get(name)?.has_expired(now) {
            self.change(name, |site| remove_expired(site, now));
        }
        self.ticks += 1;
        let mut sent = self.sites.get_mut(name)?.send(url, self.ticks);
        // RFC 6265bis 5.8.3: longer paths first, then what was created first.
        sent.sort_unstable_by_key(|cookie| (std::cmp::Reverse(cookie.path_length), cookie.created));
        let mut header =
            String::with_capacity(sent.iter().map(|it| it.name.len() + it.value.len() + 3).sum());
        for cookie in &sent {
            if !header.is_empty() {
                header.push_str("; ");
            }
            // A cookie without a name is its value alone.
            if !cookie.name.is_empty() {
                header.push_str(cookie.name);
                header.push('=');
            }
            header.push_str(cookie.value);
        }
        (!sent.is_empty()).then_some(header)
    }

    /// The cookies that are not over, the oldest first.
    pub(crate) fn cookies(&self, now: SystemTime) -> Vec<Cookie> {
        let mut entries: Vec<_> = self
            .sites
            .values()
            .flat_map(SiteCookies::entries)
            .filter(|entry| !entry.is_expired(now))
            .collect();
        entries.sort_unstable_by_key(|entry| entry.record.created);
        entries.into_iter().map(Entry::to_cookie).collect()
    }

    /// Removes a cookie by its name, domain, path and scope. Whether it was there.
    pub(crate) fn remove(&mut self, cookie: &Cookie) -> bool {
        let Some(url) = url_of(&cookie.domain) else { return false };
        let Ok(origin) = Origin::of(&url) else { return false };
        let mut was_there = false;
        self.change(origin.site(), |site| was_there = site.remove(cookie));
        was_there
    }

    /// Removes all cookies that end with the session.
    pub(crate) fn clear_session(&mut self) {
        self.change_all(|site| remove_if(site, |entry| !entry.is_persistent()));
    }

    /// Makes room in the whole jar: expired cookies first, then those that were not used for longest. (The RFC's
    /// steps between, for domains with too many, have been taken by then.)
    fn evict_in_all(&mut self, now: SystemTime) {
        if self.len > MAX_IN_ALL {
            self.change_all(|site| remove_expired(site, now));
        }
        if self.len > MAX_IN_ALL {
            let uses = self.sites.iter().filter_map(|(name, site)| Some((site.least_used()?, name)));
            let Some((used, name)) = uses.min_by_key(|(used, _)| *used) else { return };
            let name = name.clone();
            self.change(&name, |site| {
                let victim = site.entries().find(|entry| entry.record.used == used).map(Entry::to_cookie);
                if let Some(victim) = victim {
                    site.remove(&victim);
                }
            });
        }
    }

    /// Changes one site, keeps count, and forgets the site when it is empty.
    fn change(&mut self, name: &str, change: impl FnOnce(&mut SiteCookies)) {
        let Some(site) = self.sites.get_mut(name) else { return };
        let before = site.len();
        change(site);
        let after = site.len();
        self.len = (self.len + after).saturating_sub(before);
        if after == 0 {
            self.sites.remove(name);
        }
    }

    fn change_all(&mut self, change: impl Fn(&mut SiteCookies)) {
        self.sites.retain(|_, site| {
            change(site);
            site.len() > 0
        });
        self.len = self.sites.values().map(SiteCookies::len).sum();
    }
}

/// Makes room in a site: cookies without `Secure` first, then those that were not used for longest
/// (RFC 6265bis 5.7).
fn evict(site: &mut SiteCookies, among: impl Fn(&Entry<'_>) -> bool) {
    let victims = site.entries().filter(among);
    if let Some(victim) =
        victims.min_by_key(|entry| (entry.is_secure(), entry.record.used)).map(Entry::to_cookie)
    {
        site.remove(&victim);
    }
}

fn remove_expired(site: &mut SiteCookies, now: SystemTime) {
    if site.has_expired(now) {
        remove_if(site, |entry| entry.is_expired(now));
    }
}

fn remove_if(site: &mut SiteCookies, is_gone: impl Fn(&Entry<'_>) -> bool) {
    let gone: Vec<_> = site.entries().filter(is_gone).map(Entry::to_cookie).collect();
    for cookie in gone {
        site.remove(&cookie);
    }
}

/// The root of a cookie's domain over a secure connection; its host is in canonical form. The dot that old writers
/// put before a domain means nothing.
fn url_of(domain: &str) -> Option<Url> {
    let mut url = Url::parse("https://host/").ok()?;
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    // Parsed by itself first: a URL's setter passes over line breaks, and over a port.
    let host = url::Host::parse(domain.strip_suffix('.').unwrap_or(domain)).ok()?;
    url.set_host(Some(&host.to_string())).ok()?;
    Some(url)
}
