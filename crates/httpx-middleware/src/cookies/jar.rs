//! The cookie jar: a shared handle.

use super::cookie::Cookie;
use super::cookie_error::CookieError;
use super::cookie_index::CookieIndex;
use super::domain::canonical;
use super::new_cookie::NewCookie;
use httpx_core::Url;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Cookies, stored and sent by the rules of RFC 6265bis. A clone is a handle to the same jar.
///
/// **A jar is one user's browser.** A service that makes requests for several users needs a jar for each of them, or
/// none: otherwise a login of one user is sent with the requests of all. See
/// [`RequestCookies`](super::RequestCookies) for a jar per request.
///
/// # Limits
///
/// A hostile server cannot make the jar grow without bound, or push out the cookies of other sites:
///
/// - Cookies for public suffixes and foreign domains are refused.
/// - Name and value have at most 4,096 bytes together.
/// - A domain has at most 50 cookies, a registrable domain with all domains below it 180, and the jar 3,000. The jar
///   evicts cookies without `Secure` first, then those that have not been used for the longest time.
/// - A `Cookie` header has at most 8,190 bytes. If more cookies match, the most specific ones are sent: those of the
///   host itself before those of a parent domain, then those with longer paths, then older ones.
/// - A cookie lives at most 400 days from when it was set.
///
/// # Cookies without a name
///
/// `Set-Cookie: token` sets a cookie without a name and with the value `token`, which is sent as `Cookie: token`
/// (RFC 6265bis §5.6, as browsers do).
///
/// # Time
///
/// An expired cookie is never returned or sent. The methods that end in `_at` take the time from the caller, for tests
/// and for programs with another clock; the others read the system's clock.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod cookies { pub use httpx_middleware::cookies::*; } }
/// use httpx::Url;
/// use httpx::cookies::CookieJar;
///
/// let jar = CookieJar::new();
/// let url = Url::parse("https://www.example.com/app/login")?;
/// jar.store(&url, "sid=31d4d96e; Path=/; Secure; HttpOnly")?;
/// jar.store(&url, "lang=en; Domain=example.com")?;
///
/// let elsewhere = Url::parse("https://example.com/app/")?;
/// assert_eq!(jar.header(&url).as_deref(), Some("lang=en; sid=31d4d96e"));
/// assert_eq!(jar.header(&elsewhere).as_deref(), Some("lang=en"));
/// assert_eq!(format!("{jar:?}"), "<CookieJar [2 cookies]>");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct CookieJar {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// The number of cookies, so that an empty jar costs one load and no lock.
    len: AtomicUsize,
    index: Mutex<CookieIndex>,
}

impl CookieJar {
    /// Creates an empty jar.
    pub fn new() -> CookieJar {
        CookieJar::default()
    }

    /// Stores the cookie of one `Set-Cookie` field of a response from `url`. The field can also replace a cookie, or
    /// remove one.
    ///
    /// # Errors
    ///
    /// If the rules refuse the cookie. The jar does not change then. Servers often set such cookies, and browsers
    /// ignore them.
    pub fn store(&self, url: &Url, set_cookie: impl AsRef<[u8]>) -> Result<(), CookieError> {
        self.store_at(url, set_cookie, SystemTime::now())
    }

    /// Stores the cookie of a `Set-Cookie` field, as [`store`](Self::store), at this time.
    ///
    /// # Errors
    ///
    /// As [`store`](Self::store).
    pub fn store_at(
        &self,
        url: &Url,
        set_cookie: impl AsRef<[u8]>,
        now: SystemTime,
    ) -> Result<(), CookieError> {
        let new = NewCookie::received(url.as_url(), set_cookie.as_ref(), now)?;
        self.change(|index| index.put(new, now))
    }

    /// Returns the value of the `Cookie` header for a request to `url`; `None` if no cookie goes there.
    ///
    /// Cookies with longer paths come first, then older ones.
    pub fn header(&self, url: &Url) -> Option<String> {
        self.header_at(url, SystemTime::now())
    }

    /// Returns the value of the `Cookie` header, as [`header`](Self::header), at this time.
    pub fn header_at(&self, url: &Url, now: SystemTime) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let url = canonical(url.as_url())?;
        self.change(|index| index.send(&url, now))
    }

    /// Stores a cookie that a program made, as if its domain had set it over a secure connection.
    ///
    /// A cookie [with subdomains](Cookie::with_subdomains) of a domain that can have none (an address, `localhost`, a
    /// public suffix) is for that host alone, as it is when such a host sets it.
    ///
    /// # Errors
    ///
    /// If the name, value or path could not be sent, or the rules refuse the cookie.
    ///
    /// ```
    /// # mod httpx { pub mod cookies { pub use httpx_middleware::cookies::*; } }
    /// use httpx::cookies::{Cookie, CookieError, CookieJar};
    ///
    /// let jar = CookieJar::new();
    /// jar.insert(Cookie::new("lang", "en", "example.com").with_subdomains())?;
    /// assert_eq!(jar.insert(Cookie::new("a", "b; c=d", "example.com")), Err(CookieError::Delimiter));
    /// # Ok::<(), CookieError>(())
    /// ```
    pub fn insert(&self, cookie: Cookie) -> Result<(), CookieError> {
        self.insert_at(cookie, SystemTime::now())
    }

    /// Stores a cookie, as [`insert`](Self::insert), at this time.
    ///
    /// # Errors
    ///
    /// As [`insert`](Self::insert).
    pub fn insert_at(&self, cookie: Cookie, now: SystemTime) -> Result<(), CookieError> {
        let new = NewCookie::made(cookie, now)?;
        self.change(|index| index.put(new, now))
    }

    /// Returns a copy of all cookies, the oldest first.
    pub fn cookies(&self) -> Vec<Cookie> {
        self.cookies_at(SystemTime::now())
    }

    /// Returns a copy of all cookies, as [`cookies`](Self::cookies), at this time.
    pub fn cookies_at(&self, now: SystemTime) -> Vec<Cookie> {
        if self.is_empty() {
            return Vec::new();
        }
        self.change(|index| index.cookies(now))
    }

    /// Returns the oldest cookie of this name, of any domain.
    pub fn get(&self, name: &str) -> Option<Cookie> {
        self.cookies().into_iter().find(|cookie| cookie.name() == name)
    }

    /// Removes the cookie with the name, domain, path and scope (host or subdomains) of this one. Returns whether there
    /// was one.
    pub fn remove(&self, cookie: &Cookie) -> bool {
        match NewCookie::key(cookie.clone()) {
            Ok(key) => self.change(|index| index.remove(&key)),
            Err(_) => false,
        }
    }

    /// Removes all cookies that end with the session.
    pub fn clear_session(&self) {
        self.change(CookieIndex::clear_session);
    }

    /// Removes all cookies.
    pub fn clear(&self) {
        self.change(|index| *index = CookieIndex::default());
    }

    /// Returns the number of cookies. Expired ones count until their site is next used.
    pub fn len(&self) -> usize {
        self.shared.len.load(Ordering::Acquire)
    }

    /// Tells whether there are no cookies. Takes no lock.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Changes the cookies under the lock, then publishes their number.
    ///
    /// A poisoned lock is ignored: another thread's panic can lose cookies but not memory safety.
    fn change<T>(&self, change: impl FnOnce(&mut CookieIndex) -> T) -> T {
        let mut index = self.shared.index.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut index);
        self.shared.len.store(index.len(), Ordering::Release);
        result
    }
}

/// The same jar.
impl From<&CookieJar> for CookieJar {
    fn from(jar: &CookieJar) -> Self {
        jar.clone()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that is refused never waits for the jar: it is parsed, and its public suffix looked up, without the lock.
    /// (With the lock this test would not end.)
    #[test]
    fn lines_are_parsed_outside_of_the_lock() {
        let jar = CookieJar::new();
        let url = Url::parse("https://www.example.co.uk/").unwrap();
        let held = jar.shared.index.lock().unwrap();
        for line in ["a=1; Domain=co.uk", "a=1; Domain=other.example", "__Host-a=1; Path=/x", "a\0=1"] {
            assert!(jar.store(&url, line).is_err(), "{line:?}");
        }
        drop(held);
        assert!(jar.store(&url, "a=1; Domain=example.co.uk").is_ok());
        assert_eq!(jar.len(), 1);
    }
}
