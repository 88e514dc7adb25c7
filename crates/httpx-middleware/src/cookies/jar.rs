//! The cookie jar: a shared handle.

use super::cookie::Cookie;
use super::cookie_error::CookieError;
use super::cookie_index::CookieIndex;
use super::netscape;
use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use url::Url;

/// Cookies, kept and given out by the rules of RFC 6265bis. A clone is a handle on the same jar.
///
/// The jar has no clock: each method that needs the time is handed it. A cookie whose time has come is never seen
/// again, and is thrown away when its site is next used.
///
/// What a hostile server can do to it is bounded: cookies for public suffixes and foreign domains are refused, a
/// name and its value have at most 4,096 octets, a domain at most 50 cookies, a registrable domain with all below it
/// 180, and the jar 3,000. What is too many pushes out cookies without `Secure` first, then those that were not used
/// for longest; in the whole jar those that were not used for longest.
///
/// ```
/// use httpx_middleware::CookieJar;
/// use std::time::SystemTime;
///
/// let (jar, now) = (CookieJar::new(), SystemTime::now());
/// let url = url::Url::parse("https://www.example.com/app/login")?;
/// jar.store(&url, b"sid=31d4d96e; Path=/; Secure; HttpOnly", now)?;
/// jar.store(&url, b"lang=en; Domain=example.com", now)?;
///
/// let elsewhere = url::Url::parse("https://example.com/app/")?;
/// assert_eq!(jar.header(&url, now).as_deref(), Some("lang=en; sid=31d4d96e"));
/// assert_eq!(jar.header(&elsewhere, now).as_deref(), Some("lang=en"));
/// assert_eq!(format!("{jar:?}"), "<CookieJar [2 cookies]>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct CookieJar {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// How many cookies there are, so that an empty jar costs one load and no lock.
    len: AtomicUsize,
    sites: Mutex<CookieIndex>,
}

/// Whether [`CookieJar::save`] takes the cookies that end with the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionCookies {
    /// They are left out, as browsers do.
    #[default]
    Skip,
    /// They are written too, as curl does.
    Include,
}

impl CookieJar {
    /// An empty jar.
    pub fn new() -> CookieJar {
        CookieJar::default()
    }

    /// Stores what one `Set-Cookie` field in a response from `url` says: a new cookie, one that replaces another,
    /// or the end of one.
    ///
    /// # Errors
    ///
    /// If the rules refuse the cookie; the jar is as before then. Servers set such cookies all the time, and
    /// browsers say nothing.
    pub fn store(&self, url: &Url, set_cookie: &[u8], now: SystemTime) -> Result<(), CookieError> {
        self.change(|sites| sites.receive(url, set_cookie, now))
    }

    /// The value of the `Cookie` header for a request to `url`; None if no cookie goes there.
    ///
    /// Cookies with longer paths come first, then those that were created first.
    pub fn header(&self, url: &Url, now: SystemTime) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        self.change(|sites| sites.send(url, now))
    }

    /// Stores a cookie made by hand, as if its domain itself had set it over a secure connection.
    ///
    /// # Errors
    ///
    /// If its name, value or path could not be sent, or the rules refuse it.
    ///
    /// ```
    /// use httpx_middleware::{Cookie, CookieJar, CookieError};
    /// use std::time::SystemTime;
    ///
    /// let (jar, now) = (CookieJar::new(), SystemTime::now());
    /// jar.insert(Cookie::new("lang", "en", "example.com").with_subdomains(), now)?;
    /// let everywhere = Cookie::new("lang", "en", "co.uk").with_subdomains();
    /// assert_eq!(jar.insert(everywhere, now), Err(CookieError::PublicSuffix));
    /// # Ok::<(), CookieError>(())
    /// ```
    pub fn insert(&self, cookie: Cookie, now: SystemTime) -> Result<(), CookieError> {
        self.change(|sites| sites.insert(cookie, now))
    }

    /// All cookies that are not over, the oldest first: a snapshot.
    pub fn cookies(&self, now: SystemTime) -> Vec<Cookie> {
        if self.is_empty() {
            return Vec::new();
        }
        self.change(|sites| sites.cookies(now))
    }

    /// The oldest cookie of this name, of whatever domain.
    pub fn get(&self, name: &str, now: SystemTime) -> Option<Cookie> {
        self.cookies(now).into_iter().find(|cookie| cookie.name() == name)
    }

    /// Removes a cookie, told from others by its name, domain, path, and whether it goes to hosts below the domain.
    /// Returns whether it was there.
    pub fn remove(&self, cookie: &Cookie) -> bool {
        self.change(|sites| sites.remove(cookie))
    }

    /// Removes all cookies that end with the session.
    pub fn clear_session(&self) {
        self.change(CookieIndex::clear_session);
    }

    /// Removes all cookies.
    pub fn clear(&self) {
        self.change(|sites| *sites = CookieIndex::default());
    }

    /// How many cookies there are. Some may be over: they are counted until their site is next used.
    pub fn len(&self) -> usize {
        self.shared.len.load(Ordering::Acquire)
    }

    /// Whether there are no cookies. Takes no lock.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the cookies as a Netscape `cookies.txt`, the format of curl, wget and others, the oldest first.
    ///
    /// The format has no place for `SameSite`, nor for a name or path with a TAB in it: such cookies are left out.
    ///
    /// # Errors
    ///
    /// What `out` fails with.
    pub fn save(&self, mut out: impl Write, sessions: SessionCookies, now: SystemTime) -> io::Result<()> {
        // A copy first: no I/O while the lock is held.
        let cookies = self.cookies(now);
        let is_taken = |cookie: &&Cookie| match sessions {
            SessionCookies::Include => true,
            SessionCookies::Skip => cookie.expires().is_some(),
        };
        netscape::write(&mut out, cookies.iter().filter(is_taken))
    }

    /// Reads a Netscape `cookies.txt` into the jar, and returns how many of its cookies the jar took.
    ///
    /// Lines that are no cookies are passed over, and so are cookies that [`insert`](Self::insert) refuses or that
    /// are over. A cookie replaces one of the same name, domain and path.
    ///
    /// # Errors
    ///
    /// What `file` fails with. What was read until then is kept.
    pub fn load(&self, mut file: impl BufRead, now: SystemTime) -> io::Result<usize> {
        let mut taken = 0;
        netscape::read(&mut file, |cookie| {
            let is_over = cookie.expires().is_some_and(|expires| expires <= now);
            if !is_over && self.insert(cookie, now).is_ok() {
                taken += 1;
            }
        })?;
        Ok(taken)
    }

    /// Does something under the lock, and tells the new number of cookies outside it.
    ///
    /// A panic of somebody else with the lock in his hands leaves cookies, not memory, in doubt: go on.
    fn change<T>(&self, change: impl FnOnce(&mut CookieIndex) -> T) -> T {
        let mut sites = self.shared.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut sites);
        self.shared.len.store(sites.len(), Ordering::Release);
        result
    }
}

impl fmt::Debug for CookieJar {
    /// Without names and values: `<CookieJar [3 cookies]>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            1 => f.write_str("<CookieJar [1 cookie]>"),
            len => write!(f, "<CookieJar [{len} cookies]>"),
        }
    }
}
