//! A cookie, and the checks whether a host may set it: domain, public suffix, `Secure`.

use super::cookie_error::CookieError;
use super::domain::{Host, ascii_domain, is_secure};
use super::expiry;
use super::prefix::{self, Setting};
use httpx_core::grammar::is_field_value;
use httpx_core::{SameSite, SetCookie};
use std::fmt;
use std::time::SystemTime;
use url::Url;

/// A cookie, as [`CookieJar::cookies`](super::CookieJar::cookies) shows it, or made by hand for
/// [`CookieJar::insert`](super::CookieJar::insert).
///
/// Its `Debug` form leaves out the value, since that is often a secret.
///
/// ```
/// # mod httpx { pub mod cookies { pub use httpx_middleware::cookies::*; } }
/// use httpx::cookies::Cookie;
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

/// The most bytes of the path of a cookie that a program made: the limit for servers (RFC 6265bis §5.6).
const MAX_PATH: usize = 1024;

/// The hosts that a cookie goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CookieScope {
    /// The host that set it, and no other (the host-only-flag of RFC 6265bis §5.7).
    Host,
    /// The domain and all hosts below it.
    Domain,
}

impl Cookie {
    /// Creates a cookie for the host `domain` alone, for all its paths, until the end of the session.
    ///
    /// Checks nothing: [`CookieJar::insert`](super::CookieJar::insert) does.
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

    /// Sends the cookie to all hosts below the domain, too. Defaults to the domain alone.
    #[must_use]
    pub fn with_subdomains(mut self) -> Cookie {
        self.scope = CookieScope::Domain;
        self
    }

    /// Sends the cookie only to this path and those below it. Defaults to `/`; a path that does not begin with a slash
    /// counts as `/`.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Cookie {
        self.path = path.into();
        self
    }

    /// Keeps the cookie until this time, or until 400 days after it is stored, if that is earlier. Defaults to the end of
    /// the session.
    #[must_use]
    pub fn with_expires(mut self, expires: SystemTime) -> Cookie {
        self.expires = Some(expires);
        self
    }

    /// Sends the cookie only over secure connections. Defaults to all connections.
    #[must_use]
    pub fn with_secure(mut self) -> Cookie {
        self.secure = true;
        self
    }

    /// Returns the name; empty if there is none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value, as it is sent: quotes belong to it.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the domain. That of a cookie from a jar is in canonical form: lower case, ASCII, no dot at either end.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Tells whether the cookie goes to its [`domain`](Self::domain) alone, and not to the hosts below it.
    pub fn is_host_only(&self) -> bool {
        self.scope == CookieScope::Host
    }

    /// Returns the path. The cookie goes to this path and those below it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns when the cookie expires; `None` for the end of the session.
    pub fn expires(&self) -> Option<SystemTime> {
        self.expires
    }

    /// Tells whether the cookie goes over secure connections only.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Tells whether the server asked to hide the cookie from scripts. The jar keeps this, and it has no effect here.
    pub fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// Returns the `SameSite` attribute, if there is one.
    pub fn same_site(&self) -> Option<SameSite> {
        self.same_site
    }

    /// Returns the cookie that a response from `url` sets, if it may: RFC 6265bis §5.7, without the steps that depend on
    /// other cookies.
    pub(crate) fn received(
        set: &SetCookie<'_>,
        url: &Url,
        origin: Origin<'_>,
        now: SystemTime,
    ) -> Result<Cookie, CookieError> {
        let attribute = set.domain().map(|domain| ascii_domain(&domain)).unwrap_or_default();
        let (domain, scope) = origin.domain(&attribute)?;
        if set.is_secure() && !is_secure(url) {
            return Err(CookieError::SecureFromInsecure);
        }
        let cookie = Cookie {
            name: set.name().to_owned(),
            value: set.value().to_owned(),
            domain: domain.to_owned(),
            scope,
            path: set.path().unwrap_or_else(|| default_path(url)).to_owned(),
            expires: expiry::of(set, now),
            secure: set.is_secure(),
            http_only: set.is_http_only(),
            same_site: set.same_site(),
        };
        cookie.check_promises(set.has_path())?;
        Ok(cookie)
    }

    /// Checks a cookie that a program made for the host of `origin`, and returns it in canonical form, if a server of
    /// that host could have set it.
    pub(crate) fn checked(self, origin: Origin<'_>, now: SystemTime) -> Result<Cookie, CookieError> {
        check_pair(&self.name, &self.value)?;
        if !is_field_value(self.path.as_bytes()) {
            return Err(CookieError::ControlCharacter);
        }
        if self.path.len() > MAX_PATH {
            return Err(CookieError::TooLarge);
        }
        let expires = self.expires.map(|expires| expiry::clamp(Some(expires), now));
        let cookie = Cookie { expires, ..self.canonical(origin)? };
        cookie.check_promises(true)?;
        Ok(cookie)
    }

    /// Returns the cookie with its domain, scope and path in canonical form.
    pub(crate) fn canonical(self, origin: Origin<'_>) -> Result<Cookie, CookieError> {
        let (domain, scope) = match self.scope {
            CookieScope::Host => (origin.host.name(), CookieScope::Host),
            CookieScope::Domain => origin.domain(origin.host.name())?,
        };
        let path = if self.path.starts_with('/') { self.path } else { String::from("/") };
        Ok(Cookie { domain: domain.to_owned(), scope, path, ..self })
    }

    /// Checks the rules of `SameSite=None` and of the name prefixes.
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

/// A host and its site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    host: Host<'a>,
    /// Looked up once, because searching the public suffix list takes time.
    registrable: Option<&'a str>,
}

impl<'a> Origin<'a> {
    /// Returns the host of `url` and its site.
    pub(crate) fn of(url: &'a Url) -> Result<Origin<'a>, CookieError> {
        let host = Host::of(url).ok_or(CookieError::NoHost)?;
        Ok(Origin { host, registrable: host.registrable() })
    }

    /// Returns the name of the site: the registrable domain of the host. A host that has none (an address, a single
    /// label, a public suffix) is a site by itself.
    pub(crate) fn site(self) -> &'a str {
        self.registrable.unwrap_or(self.host.name())
    }

    /// Returns the domain and scope of a cookie that this host sets with this `Domain` attribute (empty: without one).
    ///
    /// A domain above the site is refused: those are the public suffixes above the host.
    fn domain(self, attribute: &str) -> Result<(&'a str, CookieScope), CookieError> {
        let host = self.host.name();
        // A host that is a public suffix may name itself, and means itself alone (RFC 6265bis §5.7, step 9).
        let names_itself = attribute == host && self.registrable.is_none();
        if attribute.is_empty() || names_itself {
            return Ok((host, CookieScope::Host));
        }
        // The attribute as a part of the host.
        let start = host.len().checked_sub(attribute.len()).ok_or(CookieError::ForeignDomain)?;
        match host.get(start..) {
            Some(domain) if domain == attribute && self.host.domain_matches(domain) => {
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

/// Checks a pair that a program made: a server must be able to set it, and parsing must return the same pair.
fn check_pair(name: &str, value: &str) -> Result<(), CookieError> {
    let header = format!("{name}={value}");
    let set = SetCookie::parse(header.as_bytes())?;
    if (set.name(), set.value()) == (name, value) { Ok(()) } else { Err(CookieError::Delimiter) }
}

/// RFC 6265bis §5.1.4: the path up to, but not including, its last slash.
fn default_path(url: &Url) -> &str {
    match url.path().rsplit_once('/') {
        Some((directory, _)) if directory.starts_with('/') => directory,
        _ => "/",
    }
}
