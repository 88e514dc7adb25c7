//! Saves a jar into a file, and loads it from one.

use super::jar::CookieJar;
use super::netscape;
use crate::replace_file::replace_file;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::time::SystemTime;

/// Whether [`CookieJar::save`] writes the cookies that end with the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionCookies {
    /// Leaves them out, as browsers do.
    #[default]
    Skip,
    /// Writes them too, as curl does.
    #[doc(alias = "Save")]
    Include,
}

/// Files: the Netscape format `cookies.txt`, which curl, wget, Python and tools for browsers read and write.
///
/// The format has no field for `SameSite`. It is in a comment before the line of its cookie, which other programs
/// ignore (and do not write back): `# SameSite=Lax`. Cookies with a TAB in their name or path cannot be written, and
/// are left out.
impl CookieJar {
    /// Writes the cookies as `cookies.txt`, the oldest first.
    ///
    /// # Errors
    ///
    /// If `out` fails.
    pub fn save(&self, out: impl Write, sessions: SessionCookies) -> io::Result<()> {
        self.save_at(out, sessions, SystemTime::now())
    }

    /// Writes the cookies, as [`save`](Self::save), at this time.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub fn save_at(&self, mut out: impl Write, sessions: SessionCookies, now: SystemTime) -> io::Result<()> {
        let mut cookies = self.cookies_at(now);
        if sessions == SessionCookies::Skip {
            cookies.retain(|cookie| cookie.expires().is_some());
        }
        netscape::write(&mut out, cookies.iter())
    }

    /// Writes the cookies to the file at `path`, as [`save`](Self::save).
    ///
    /// The file is replaced in one step: its content is written to another file, which is then renamed, so that
    /// neither a reader nor a crash meets half a file. On Unix only its owner can read it (mode 0600). A symbolic
    /// link is replaced, and not followed.
    ///
    /// # Errors
    ///
    /// If the file cannot be written. The old file, if there was one, is then unchanged.
    ///
    /// ```
    /// # mod httpx { pub mod cookies { pub use httpx_middleware::cookies::*; } }
    /// use httpx::cookies::{Cookie, CookieJar, SessionCookies};
    ///
    /// # let directory = std::env::temp_dir().join(format!("httpx-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("cookies.txt");
    /// let jar = CookieJar::new();
    /// jar.insert(Cookie::new("lang", "en", "example.com"))?;
    /// jar.save_file(&path, SessionCookies::Include)?;
    ///
    /// let other = CookieJar::new();
    /// assert_eq!(other.load_file(&path)?, 1);
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save_file(&self, path: impl AsRef<Path>, sessions: SessionCookies) -> io::Result<()> {
        replace_file(path.as_ref(), |out| self.save(out, sessions))
    }

    /// Reads a `cookies.txt` into the jar, and returns the number of cookies that the jar took.
    ///
    /// Lines that are no cookies are ignored, and so are expired cookies and those that [`insert`](Self::insert)
    /// refuses. A cookie replaces one of the same name, domain, path and scope.
    ///
    /// # Errors
    ///
    /// If `file` fails. Cookies that were read before stay in the jar.
    pub fn load(&self, file: impl BufRead) -> io::Result<usize> {
        self.load_at(file, SystemTime::now())
    }

    /// Reads a `cookies.txt`, as [`load`](Self::load), at this time.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn load_at(&self, mut file: impl BufRead, now: SystemTime) -> io::Result<usize> {
        let mut taken = 0;
        netscape::read(&mut file, |cookie| {
            let is_expired = cookie.expires().is_some_and(|expires| expires <= now);
            if !is_expired && self.insert_at(cookie, now).is_ok() {
                taken += 1;
            }
        })?;
        Ok(taken)
    }

    /// Reads the `cookies.txt` at `path`, as [`load`](Self::load).
    ///
    /// # Errors
    ///
    /// If the file cannot be read; kind [`NotFound`](io::ErrorKind::NotFound) if there is none.
    pub fn load_file(&self, path: impl AsRef<Path>) -> io::Result<usize> {
        self.load(BufReader::new(File::open(path)?))
    }
}
