//! The cookies of one registrable domain.
//!
//! `cookie_store` keeps them: it knows names, domains and paths, and which of them match a URL. What it does not
//! know (times, order) lies beside it.

use super::cookie::{Cookie, CookieScope};
use super::cookie_error::CookieError;
use super::domain::overlap;
use super::same_site::SameSite;
use cookie_store::{Cookie as Stored, CookieStore, RawCookie};
use std::time::SystemTime;
use url::Url;

/// All cookies of one registrable domain: those for one host and those for a domain apart, because RFC 6265bis
/// tells a cookie from another by name, domain, path *and* host-only-flag, and `CookieStore` by the first three.
#[derive(Debug, Default)]
pub(crate) struct SiteCookies {
    for_host: Shelf,
    for_domain: Shelf,
}

/// A store, and what it does not know of each cookie.
#[derive(Debug, Default)]
struct Shelf {
    store: CookieStore,
    /// As many as there are cookies, in the order in which the store lists them. A cookie that replaces another
    /// takes its place there (`preserve_order`), and so its creation time.
    records: Vec<Record>,
}

/// What `CookieStore` does not know of a cookie, or (`expires`) asks a clock of its own about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    /// Counts all cookies of the jar in the order in which they were created.
    pub(crate) created: u64,
    /// Counts all uses of the jar: the last one in which the cookie was set or sent.
    pub(crate) used: u64,
    expires: Option<SystemTime>,
    same_site: Option<SameSite>,
}

impl Record {
    fn is_expired(&self, now: SystemTime) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

/// One cookie of a site, looked at.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    stored: &'a Stored<'static>,
    scope: CookieScope,
    pub(crate) record: Record,
}

impl Entry<'_> {
    pub(crate) fn is_secure(&self) -> bool {
        self.stored.secure() == Some(true)
    }

    pub(crate) fn is_expired(&self, now: SystemTime) -> bool {
        self.record.is_expired(now)
    }

    pub(crate) fn is_persistent(&self) -> bool {
        self.record.expires.is_some()
    }

    pub(crate) fn domain(&self) -> &str {
        match &self.stored.domain {
            cookie_store::CookieDomain::HostOnly(domain) | cookie_store::CookieDomain::Suffix(domain) => {
                domain
            }
            cookie_store::CookieDomain::NotPresent | cookie_store::CookieDomain::Empty => "",
        }
    }

    pub(crate) fn to_cookie(self) -> Cookie {
        Cookie {
            name: self.stored.name().to_owned(),
            value: self.stored.value().to_owned(),
            domain: self.domain().to_owned(),
            scope: self.scope,
            path: String::from(&self.stored.path),
            expires: self.record.expires,
            secure: self.is_secure(),
            http_only: self.stored.http_only() == Some(true),
            same_site: self.record.same_site,
        }
    }
}

/// One cookie that goes out, in the order of the `Cookie` header.
pub(crate) struct Sent<'a> {
    pub(crate) path_length: usize,
    pub(crate) created: u64,
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

impl SiteCookies {
    /// All cookies, expired ones too.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        [(&self.for_host, CookieScope::Host), (&self.for_domain, CookieScope::Domain)].into_iter().flat_map(
            |(shelf, scope)| {
                let records = shelf.records.iter().copied();
                shelf.store.iter_any().zip(records).map(move |(stored, record)| Entry {
                    stored,
                    scope,
                    record,
                })
            },
        )
    }

    /// How many cookies there are.
    pub(crate) fn len(&self) -> usize {
        self.for_host.records.len() + self.for_domain.records.len()
    }

    /// Whether one has expired: a look at the records alone.
    pub(crate) fn has_expired(&self, now: SystemTime) -> bool {
        [&self.for_host, &self.for_domain]
            .iter()
            .any(|shelf| shelf.records.iter().any(|it| it.is_expired(now)))
    }

    /// When the cookie was used that was not used for longest: a look at the records alone.
    pub(crate) fn least_used(&self) -> Option<u64> {
        [&self.for_host, &self.for_domain].iter().flat_map(|shelf| &shelf.records).map(|it| it.used).min()
    }

    /// The cookies that go to `url`, marked as used, in no order.
    ///
    /// Which they are is `cookie_store`'s answer: domain, path and `Secure`.
    pub(crate) fn send(&mut self, url: &Url, used: u64) -> Vec<Sent<'_>> {
        let mut sent = Vec::new();
        for shelf in [&mut self.for_host, &mut self.for_domain] {
            for (stored, record) in shelf.store.iter_any().zip(&mut shelf.records) {
                if stored.matches(url) {
                    record.used = used;
                    let (name, value) = stored.name_value();
                    sent.push(Sent { path_length: stored.path.len(), created: record.created, name, value });
                }
            }
        }
        sent
    }

    /// Whether `cookie`, without `Secure` and from an insecure connection, would hide one that has it
    /// (RFC 6265bis 5.7, step 15).
    pub(crate) fn hides_secure(&self, cookie: &Cookie) -> bool {
        self.entries().any(|old| {
            old.is_secure()
                && old.stored.name() == cookie.name
                && overlap(old.domain(), &cookie.domain)
                && path_matches(&cookie.path, &old.stored.path)
        })
    }

    /// Puts in a cookie received from `url`, or replaces the one that it stands for, whose age it inherits.
    pub(crate) fn put(&mut self, cookie: &Cookie, url: &Url, tick: u64) -> Result<(), CookieError> {
        self.shelf(cookie.scope).put(cookie, url, tick)
    }

    /// Removes a cookie by its name, domain, path and scope. Whether it was there.
    pub(crate) fn remove(&mut self, cookie: &Cookie) -> bool {
        self.shelf(cookie.scope).remove(cookie)
    }

    fn shelf(&mut self, scope: CookieScope) -> &mut Shelf {
        match scope {
            CookieScope::Host => &mut self.for_host,
            CookieScope::Domain => &mut self.for_domain,
        }
    }
}

impl Shelf {
    fn put(&mut self, cookie: &Cookie, url: &Url, tick: u64) -> Result<(), CookieError> {
        let stored = to_stored(cookie, url).ok_or(CookieError::ForeignDomain)?;
        let record =
            Record { created: tick, used: tick, expires: cookie.expires, same_site: cookie.same_site };
        let old = self.position(cookie);
        self.store.insert(stored, url).map_err(|_| CookieError::ForeignDomain)?;
        if let Some(old) = old.and_then(|at| self.records.get_mut(at)) {
            *old = Record { created: old.created, ..record };
        } else if let Some(at) = self.position(cookie) {
            self.records.insert(at.min(self.records.len()), record);
        }
        Ok(())
    }

    fn remove(&mut self, cookie: &Cookie) -> bool {
        let Some(at) = self.position(cookie).filter(|at| *at < self.records.len()) else { return false };
        self.store.remove(&cookie.domain, &cookie.path, &cookie.name);
        self.records.remove(at);
        true
    }

    /// Where the store lists the cookie of this name, domain and path.
    fn position(&self, cookie: &Cookie) -> Option<usize> {
        self.store.get_any(&cookie.domain, &cookie.path, &cookie.name)?;
        self.store.iter_any().position(|stored| {
            stored.name() == cookie.name
                && *stored.path == *cookie.path
                && stored.domain.as_cow().is_some_and(|domain| domain == cookie.domain.as_str())
        })
    }
}

/// The cookie in `cookie_store`'s form. It never expires there: the store would ask the system's clock.
fn to_stored(cookie: &Cookie, url: &Url) -> Option<Stored<'static>> {
    let mut raw = RawCookie::build((cookie.name.as_str(), cookie.value.as_str()))
        .path(cookie.path.as_str())
        .secure(cookie.secure)
        .http_only(cookie.http_only);
    if cookie.scope == CookieScope::Domain {
        raw = raw.domain(cookie.domain.as_str());
    }
    Some(Stored::try_from_raw_cookie(&raw.build(), url).ok()?.into_owned())
}

/// RFC 6265bis 5.1.4: `path` is `cookie_path` or lies below it.
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

    /// The records stand in the store's order, whatever is put in, replaced and taken out.
    #[test]
    fn records_follow_the_store() {
        let url = Url::parse("https://a.example.com/").unwrap();
        let mut site = SiteCookies::default();
        let cookie = |n: usize| {
            let cookie = Cookie::new(format!("n{}", n % 7), format!("{n}"), "a.example.com");
            let cookie = cookie.with_path(["/", "/a", "/a/b"][n % 3]);
            if n.is_multiple_of(2) {
                Cookie { domain: "example.com".into(), ..cookie.with_subdomains() }
            } else {
                cookie
            }
        };
        let mut created = std::collections::HashMap::new();
        for n in 0..400 {
            let cookie = cookie(n * n + n / 3);
            let key = (cookie.name.clone(), cookie.domain.clone(), cookie.path.clone());
            if n % 5 == 4 {
                assert_eq!(site.remove(&cookie), created.remove(&key).is_some());
            } else {
                site.put(&cookie, &url, n as u64).unwrap();
                created.entry(key).or_insert(n as u64);
            }
            assert_eq!(site.len(), created.len());
            for entry in site.entries() {
                let cookie = entry.to_cookie();
                assert_eq!(entry.record.created, created[&(cookie.name, cookie.domain, cookie.path)]);
            }
        }
    }
}
