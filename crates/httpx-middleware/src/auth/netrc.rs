//! [`Netrc`]: the logins of a netrc file, and the flow that sends them.

mod parser;
mod path;

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind as IoErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use httpx_core::{Error, ErrorKind, RequestHead, Result, Url, basic_auth, user_without_password};

use super::scope;
use crate::{Clock, Flow};
use parser::{Machine, NetrcEntry};

/// The most bytes of a file.
const MAX_BYTES: u64 = 1 << 20;

/// The logins of a netrc file, and the flow that sends them by `Authorization: Basic` (RFC 7617).
///
/// Each request, and each step of a redirect, gets the login of its own host, not only of the client's base URL. A request
/// that has an `Authorization` header, or a login in its URL, is sent with that alone. If that is `Basic` with a user and an
/// empty password, as of `http://ann@h/`, it gets the password of this user from the file, if there is one.
///
/// # The file
///
/// ```text
/// # comments begin at a word
/// machine example.com login ann password "two words, and \" and \\"
/// machine example.com:8443 login bob password s3cret
/// default login anonymous password guest
/// ```
///
/// It is read as curl reads it. Words are separated by white space; a word in quotation marks may hold any character, and
/// `\n`, `\r`, `\t`, `\"` and `\\`. The first entry that matches the host, in any case, and has a `login` is used; `default`
/// matches all hosts, so it belongs at the end. A later `password` of an entry replaces an earlier one. `account` and
/// `macdef` are skipped. Not in curl: a `machine` with a port matches this port alone.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod auth { pub use httpx_middleware::auth::*; } }
/// use httpx::Url;
/// use httpx::auth::Netrc;
///
/// let netrc = Netrc::parse("machine example.com login ann password s3cret")?;
/// assert_eq!(netrc.find(&Url::parse("https://example.com/")?), Some(("ann", "s3cret")));
/// assert_eq!(netrc.find(&Url::parse("https://www.example.com/")?), None);
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Netrc(Arc<[NetrcEntry]>);

impl Netrc {
    /// Reads the text of a netrc file.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](ErrorKind::Config), with the number of the line, if a quotation mark is not closed or a word is
    /// missing.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Netrc(parser::parse(text)?.into()))
    }

    /// Reads a netrc file, now and once.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](ErrorKind::Config) if the file cannot be read, is longer than 1 MiB, is not UTF-8, or does not
    /// [parse](Netrc::parse).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let read = read(path).and_then(|text| Netrc::parse(&text));
        read.map_err(|error| {
            let message = format!("could not read the netrc file {}", path.display());
            Error::new(ErrorKind::Config, message).with_source(error)
        })
    }

    /// Reads the netrc file of the user, now and once: that in the environment variable `NETRC`, else `.netrc` in the
    /// directory `HOME`; on Windows in `HOME` or `USERPROFILE`, and named `.netrc` or `_netrc`. There are no logins if there
    /// is no such file.
    ///
    /// # Errors
    ///
    /// As [`open`](Netrc::open), also if the file that `NETRC` names does not exist.
    pub fn from_env() -> Result<Self> {
        match path::find(|name| std::env::var_os(name), Path::exists) {
            Some(path) => Netrc::open(path),
            None => Ok(Netrc::default()),
        }
    }

    /// Returns the login and the password for a URL. Without a `password` in its entry, it is empty.
    pub fn find(&self, url: &Url) -> Option<(&str, &str)> {
        let entry = self.entries(url).find(|entry| entry.login.is_some())?;
        Some((entry.login.as_deref()?, entry.password.as_deref().unwrap_or_default()))
    }

    /// Returns the password of this login for a URL. An entry without a `login` is for all of them.
    pub fn find_password(&self, url: &Url, login: &str) -> Option<&str> {
        let mut entries = self.entries(url).filter(|entry| entry.password.is_some());
        let entry = entries.find(|entry| entry.login.as_deref().is_none_or(|own| own == login))?;
        entry.password.as_deref()
    }

    /// Returns the header with the password of its user, if it has none.
    fn complete(&self, url: &Url, header: &[u8]) -> Option<String> {
        let user = String::from_utf8(user_without_password(header)?).ok()?;
        self.find_password(url, &user).map(|password| basic_auth(&user, password))
    }

    fn entries(&self, url: &Url) -> impl Iterator<Item = &NetrcEntry> {
        let host = url.host().unwrap_or_default();
        let port = url.port_or_default();
        self.0.iter().filter(move |entry| entry.machine.matches(host, port))
    }
}

fn read(path: &Path) -> Result<String> {
    let failed = |error| Error::new(ErrorKind::Config, "the file cannot be read").with_source(error);
    let mut text = String::new();
    let file = File::open(path).map_err(failed)?;
    let length = file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(|error| match error.kind() {
        IoErrorKind::InvalidData => Error::new(ErrorKind::Config, "it is not UTF-8"),
        _ => failed(error),
    })?;
    if length as u64 > MAX_BYTES {
        return Err(Error::new(ErrorKind::Config, format!("it is longer than {MAX_BYTES} bytes")));
    }
    Ok(text)
}

impl Machine {
    fn matches(&self, host: &str, port: Option<u16>) -> bool {
        let bare = |name: &str| name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        match self {
            Machine::Any => true,
            Machine::Named(name) if bare(name) == bare(host) => true,
            Machine::Named(name) => name.rsplit_once(':').is_some_and(|(name, digits)| {
                digits.parse().is_ok_and(|own: u16| Some(own) == port) && bare(name) == bare(host)
            }),
        }
    }
}

impl Flow for Netrc {
    type Call = ();

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<()> {
        if scope::has_own_digest(request) {
            return Ok(());
        }
        let value = match request.headers().get("authorization") {
            Some(header) => self.complete(request.url(), header.as_bytes()),
            None => self.find(request.url()).map(|(login, password)| basic_auth(login, password)),
        };
        if let Some(value) = value {
            request.headers_mut().set("Authorization", value)?;
            request.headers_mut().mark_sensitive("Authorization");
        }
        Ok(())
    }
}

/// `<Netrc [3 entries]>`.
impl fmt::Debug for Netrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("<Netrc [1 entry]>"),
            count => write!(f, "<Netrc [{count} entries]>"),
        }
    }
}
