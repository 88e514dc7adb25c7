//! One cookie: what a server set, what is stored, and what a user reads or makes.

use super::cookie_error::CookieError;
use super::domain::{Host, is_secure};
use super::prefix::{self, Setting};
use super::same_site::SameSite;
use super::set_cookie::{self, MAX_ATTRIBUTE, PathAttribute, SetCookie, check_pair, is_control};
use std::fmt;
use std::time::SystemTime;
use url::Url;

/// A cookie, as [`CookieJar::cookies`](super::CookieJar::cookies) shows it, or made by hand for
/// [`CookieJar::insert`](super::CookieJar::insert).
///
/// Its `Debug` form leaves out the value, which is a secret more often than not.
///
/// ```
/// use httpx_middleware::Cookie;
///
/// let cookie = Cookie::new("sid", "31d4d96e", "example.com").with_path("/app").with_secure();
/// assert_eq!(cookie.path(), "/app");
/// assert_eq!(format!("{cookie:?}"), "<Cookie sid for example.com/app>");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) domain: String,
    pub(crate) scope: CookieScope,
    pub(crate) path: String,
    pub(crate) expires: Option<SystemTime>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: Option<SameSite>,
}

/// To which hosts a cookie goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CookieScope {
    /// To the very host that set it (the RFC's host-only-flag).
    Host,
    /// To the domain and all hosts below.
    Domain,
}

impl Cookie {
    /// A cookie for the host `domain` alone, on all its paths, until the end of the session.
    ///
    /// Nothing is checked here; [`CookieJar::insert`](super::CookieJar::insert) does.
    pub fn new(name: impl Into<String>, value: impl Into<String>, domain: impl Into<String>) -> Cookie {
        Cookie {
            name: name.into(),
            value: value.into(),
            domain: domain.into(),
            scope: CookieScope::Host,
            path: String::from("/"),
            expires: None,
            secure: false,
            http_only: false,
            same_site: None,
        }
    }

    /// Also for all hosts below the domain.
    #[must_use]
    pub fn with_subdomains(mut self) -> Cookie {
        self.scope = CookieScope::Domain;
        self
    }

    /// Only for this path and those below it. Defaults to `/`; so does a path that does not begin with a slash.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Cookie {
        self.path = path.into();
        self
    }

    /// Until this moment, or 400 days from when the cookie is stored, if that is sooner.
    /// Defaults to the end of the session.
    #[must_use]
    pub fn with_expires(mut self, expires: SystemTime) -> Cookie {
        self.expires = Some(expires);
        self
    }

    /// Only over secure connections. Defaults to any.
    #[must_use]
    pub fn with_secure(mut self) -> Cookie {
        self.secure = true;
        self
    }

    /// The name; empty if there is none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value, as it is sent: quotes belong to it.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The domain in canonical form: lower case, ASCII, no dot at either end.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether the cookie goes to [`domain`](Self::domain) alone, and not to the hosts below it.
    pub fn is_host_only(&self) -> bool {
        self.scope == CookieScope::Host
    }

    /// The path; the cookie goes to this path and those below it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// When the cookie ends. None: with the session.
    pub fn expires(&self) -> Option<SystemTime> {
        self.expires
    }

    /// Whether the cookie goes over secure connections only.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether the server asked to hide it from scripts. Means nothing here, and is kept.
    pub fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// The `SameSite` attribute, if there was one.
    pub fn same_site(&self) -> Option<SameSite> {
        self.same_site
    }

    /// What a response from `url` sets, if it may (RFC 6265bis 5.7, all but what depends on other cookies).
    pub(crate) fn received(
        set: &SetCookie<'_>,
        url: &Url,
        origin: Origin<'_>,
        now: SystemTime,
    ) -> Result<Cookie, CookieError> {
        let (domain, scope) = origin.domain(set.domain.as_deref().unwrap_or_default())?;
        if set.secure && !is_secure(url) {
            return Err(CookieError::SecureFromInsecure);
        }
        let path = match set.path {
            Some(PathAttribute::Given(path)) => path,
            Some(PathAttribute::Default) | None => default_path(url),
        };
        let cookie = Cookie {
            name: set.name.to_owned(),
            value: set.value.to_owned(),
            domain: domain.to_owned(),
            scope,
            path: path.to_owned(),
            expires: set.expiry(now),
            secure: set.secure,
            http_only: set.http_only,
            same_site: set.same_site,
        };
        cookie.check_promises(set.path.is_some())?;
        Ok(cookie)
    }

    /// Checks a cookie that a program made for the host of `origin`, and returns it in canonical form, if a server of
    /// that host could have set it.
    pub(crate) fn checked(self, origin: Origin<'_>, now: SystemTime) -> Result<Cookie, CookieError> {
        check_pair(&self.name, &self.value)?;
        if self.path.bytes().any(is_control) {
            return Err(CookieError::ControlCharacter);
        }
        if self.path.len() > MAX_ATTRIBUTE {
            return Err(CookieError::TooLarge);
        }
        let expires = self.expires.map(|expires| set_cookie::clamp(Some(expires), now));
        let cookie = Cookie { expires, ..self.canonical(origin)? };
        cookie.check_promises(true)?;
        Ok(cookie)
    }

    /// Returns the cookie with its domain, scope and path in canonical form.
    pub(crate) fn canonical(self, origin: Origin<'_>) -> Result<Cookie, CookieError> {
        let (domain, scope) = match self.scope {
            CookieScope::Host => (origin.host.name(), CookieScope::Host),
            CookieScope::Domain => origin.domain(origin.host.name().as_bytes())?,
        };
        let path = if self.path.starts_with('/') { self.path } else { String::from("/") };
        Ok(Cookie { domain: domain.to_owned(), scope, path, ..self })
    }

    /// What `SameSite=None` and the prefixes ask.
    fn check_promises(&self, has_path: bool) -> Result<(), CookieError> {
        if self.same_site == Some(SameSite::None) && !self.secure {
            return Err(CookieError::SameSiteNone);
        }
        let setting = Setting {
            secure: self.secure,
            host_only: self.scope == CookieScope::Host,
            root_path: has_path && self.path == "/",
        };
        if prefix::allows(&self.name, &self.value, &setting) { Ok(()) } else { Err(CookieError::Prefix) }
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [name, domain, path] = [&self.name, &self.domain, &self.path].map(|text| text.escape_debug());
        write!(f, "<Cookie {name} for {domain}{path}>")
    }
}

/// A host and the site that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    host: Host<'a>,
    /// Looked up once, because that is dear.
    registrable: Option<&'a str>,
}

impl<'a> Origin<'a> {
    /// The host of `url` and its site.
    pub(crate) fn of(url: &'a Url) -> Result<Origin<'a>, CookieError> {
        let host = Host::of(url).ok_or(CookieError::NoHost)?;
        Ok(Origin { host, registrable: host.registrable() })
    }

    /// Under which name the host's cookies are kept: its registrable domain. A host that has none (an address, a
    /// single label, a public suffix) is alone.
    pub(crate) fn site(self) -> &'a str {
        self.registrable.unwrap_or(self.host.name())
    }

    /// For whom a cookie is that this host set with a `Domain` attribute (empty: without).
    ///
    /// A domain that lies above the site is refused: that is each public suffix above the host.
    fn domain(self, attribute: &[u8]) -> Result<(&'a str, CookieScope), CookieError> {
        let host = self.host.name();
        // A host that is a public suffix may name itself, and means itself alone (RFC 6265bis 5.7, step 9).
        let names_itself = attribute == host.as_bytes() && self.registrable.is_none();
        if attribute.is_empty() || names_itself {
            return Ok((host, CookieScope::Host));
        }
        // The attribute as a piece of the host: equal octets, and known to be text.
        let start = host.len().checked_sub(attribute.len()).ok_or(CookieError::ForeignDomain)?;
        match host.get(start..) {
            Some(domain) if domain.as_bytes() == attribute && self.host.domain_matches(domain) => {
                if domain.len() < self.site().len() {
                    Err(CookieError::PublicSuffix)
                } else {
                    Ok((domain, CookieScope::Domain))
                }
            }
            _ => Err(CookieError::ForeignDomain),
        }
    }
}

/// RFC 6265bis 5.1.4: the path up to, but not including, its last slash.
fn default_path(url: &Url) -> &str {
    match url.path().rsplit_once('/') {
        Some((directory, _)) if directory.starts_with('/') => directory,
        _ => "/",
    }
}
