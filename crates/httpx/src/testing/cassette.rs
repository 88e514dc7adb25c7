//! [`Cassette`]: a file of recorded exchanges, and how it is recorded and played.

mod base64;
mod exchange;
mod filters;
mod line;
mod parser;
mod player;
mod record_mode;
mod recorder;
mod store;
mod tape;
#[cfg(test)]
mod tests;
mod writer;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use httpx_core::{Redaction, Request, Response, Result};

use filters::Filters;
pub use player::Player;
pub use record_mode::RecordMode;
pub use recorder::Recorder;
pub(super) use recorder::RecorderStep;
use tape::Order;

/// A file of recorded exchanges: its path, what is left out of it, and how it is played.
///
/// [`recorder`](Cassette::recorder) makes a transport that records, and later plays; [`player`](Cassette::player) makes one
/// that only plays.
///
/// ```no_run
/// # #[cfg(feature = "blocking")] {
/// use httpx::testing::Cassette;
/// use httpx::{Client, ConnectionPool};
///
/// let cassette = Cassette::new("tests/cassettes/users.txt").hide_param("user");
/// let client = Client::builder().transport(cassette.recorder(ConnectionPool::new())?).build()?;
/// let response = client.get("https://api.example.com/users?user=ann&api_key=k1").send()?;
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// # Secrets
///
/// Secrets are written as `[secret]`, as [`Redaction`] describes: headers such as `Authorization`, `Set-Cookie` (of a cookie its
/// value alone) and `X-Api-Key`, and parameters of URLs, fields of forms and members of JSON such as `access_token` and
/// `password`. A body whose secrets [cannot be found](Redaction::body), such as `multipart/form-data` or JSON that is not valid,
/// is replaced by a note. **Everything else is written as it is**: hide other headers and parameters and parts of other bodies
/// with the methods below, and read a new cassette before you commit it. The same filters apply to a request before it is
/// compared.
///
/// A player answers with what was written. A program that needs a value which only looks like a secret, for example the member
/// `key` of a JSON body, gets it with `.redaction(Redaction::new().show_param("key"))`.
///
/// # The format
///
/// A text in UTF-8, for people to read and edit. The first line is `httpx cassette 1`. Each exchange lies between `[n]` and
/// `[end n]`, with `n` counted from 1. Between exchanges there may be empty lines, and comments that begin with `#`.
///
/// ```text
/// httpx cassette 1
///
/// [1]
/// > POST https://api.example.com/users
/// > Authorization: [secret]
/// > Content-Type: application/json
/// >| {"name": "Ann"}
/// < HTTP/1.1 201 Created
/// < Content-Type: application/json
/// <| {
/// <|   "id": 7
/// <| }
/// [end 1]
/// ```
///
/// A line of the request begins with `>`, one of the response with `<`. The second character tells what it is:
///
/// | | |
/// | --- | --- |
/// | space | the start line, then a header; `\\` is a backslash, `\xNN` a byte |
/// | `\|` | a line of a body that is text |
/// | `\` | the same with escapes: `\\`, and `\u{N}` for control characters and white space at the end |
/// | `=` | a part of any other body, in base64 |
/// | `+` | a trailer, written as a header |
///
/// A newline joins the lines of a text: a body that ends with one has an empty last line. A body is as the program reads it,
/// after its content coding was undone.
#[derive(Clone)]
#[must_use]
pub struct Cassette {
    path: PathBuf,
    filters: Filters,
    order: Order,
    mode: Option<RecordMode>,
}

impl Cassette {
    /// A cassette in this file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Cassette { path: path.into(), filters: Filters::default(), order: Order::default(), mode: None }
    }

    /// Sets which secrets are hidden, besides those of [`hide_header`](Cassette::hide_header) and
    /// [`hide_param`](Cassette::hide_param). Defaults to [`Redaction::new()`](Redaction::new).
    ///
    /// ```
    /// use httpx::logging::Redaction;
    /// use httpx::testing::Cassette;
    ///
    /// let redaction = Redaction::new().show_param("next_page_token");
    /// let cassette = Cassette::new("tests/cassettes/pages.txt").redaction(redaction);
    /// ```
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.filters.set_redaction(redaction);
        self
    }

    /// Hides the values of this header, in requests and responses, besides those that the
    /// [redaction](Cassette::redaction) hides. Defaults to none.
    pub fn hide_header(mut self, name: impl Into<String>) -> Self {
        self.filters.hide_header(name.into());
        self
    }

    /// Hides the values of this parameter in URLs, forms and JSON bodies, besides those that the
    /// [redaction](Cassette::redaction) hides. Defaults to none.
    pub fn hide_param(mut self, name: impl Into<String>) -> Self {
        self.filters.hide_param(name.into());
        self
    }

    /// Changes each request before it is written, and before it is compared. Its secrets are hidden before and after.
    /// Defaults to no change.
    ///
    /// ```
    /// use httpx::Bytes;
    /// use httpx::testing::Cassette;
    ///
    /// let cassette = Cassette::new("tests/cassettes/login.txt").filter_request(|request| {
    ///     if request.url().path() == "/login" {
    ///         *request.body_mut() = Bytes::from("<login/>");
    ///     }
    /// });
    /// ```
    pub fn filter_request(mut self, change: impl Fn(&mut Request<Bytes>) + Send + Sync + 'static) -> Self {
        self.filters.requests.push(Arc::new(change));
        self
    }

    /// Changes each response before it is written, after its secrets were hidden. The program gets it unchanged. Defaults to no
    /// change.
    ///
    /// ```
    /// use httpx::testing::Cassette;
    ///
    /// let cassette = Cassette::new("tests/cassettes/login.txt").filter_response(|response| {
    ///     response.headers_mut().remove("Date");
    /// });
    /// ```
    pub fn filter_response(mut self, change: impl Fn(&mut Response<Bytes>) + Send + Sync + 'static) -> Self {
        self.filters.responses.push(Arc::new(change));
        self
    }

    /// Plays strictly: each request must be the next one that was recorded, with its method, URL and body. At the end all must
    /// have been played: see [`Player::verify`].
    ///
    /// Defaults to any order: a request gets the response to the first request with its method, URL and body that was not
    /// played yet. If no such request was recorded, its body does not count; if all were played, the last one is repeated.
    pub fn strict(mut self) -> Self {
        self.order = Order::Strict;
        self
    }

    /// Sets when a recorder records. Defaults to the variable `HTTPX_RECORD` of the environment, and without it to
    /// [`RecordMode::Once`].
    pub fn mode(mut self, mode: RecordMode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// Returns a transport that plays the file.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is no valid cassette: kind [`Config`](crate::ErrorKind::Config), with the number of
    /// the line.
    pub fn player(self) -> Result<Player> {
        Player::open(self)
    }

    /// Returns a transport that records what goes through this transport, or plays the file: see [`RecordMode`].
    ///
    /// # Errors
    ///
    /// As [`player`](Cassette::player), if the file is to be played; or if `HTTPX_RECORD` has an unknown value.
    pub fn recorder<T>(self, transport: T) -> Result<Recorder<T>> {
        Recorder::open(self, transport)
    }
}

/// `Cassette("tests/cassettes/users.txt")`.
impl fmt::Debug for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cassette").field(&self.path).finish()
    }
}
