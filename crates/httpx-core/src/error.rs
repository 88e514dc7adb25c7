//! [`Error`]: the one error of the whole stack.

mod kind;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;
use std::{fmt, io};

pub use kind::{ErrorKind, RequestSent, Timeout};

use crate::ResponseHead;

/// What this library's functions give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request did not give what was asked for.
///
/// It says what was being done, to which URL, and what to do about it; [`kind`](Error::kind) and the predicates say
/// the same to a program. `Display` gives this error's own words, and the [`source`](StdError::source) chain goes on
/// without repeating them; `{:#}` prints the chain in one line. User information in the URL is never shown.
///
/// ```
/// use httpx_core::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Connect, "cannot connect to 127.0.0.1:1; does a server listen there?")
///     .with_source(std::io::Error::from(std::io::ErrorKind::ConnectionRefused))
///     .with_request("GET", "http://127.0.0.1:1/");
/// assert!(error.is_connect());
/// assert_eq!(error.to_string(), "GET http://127.0.0.1:1/: cannot connect to 127.0.0.1:1; does a server listen there?");
/// assert!(format!("{error:#}").ends_with("listen there?: connection refused"));
/// ```
pub struct Error(Box<Inner>);

/// What is shown of a URL, in characters; [`Error::url`] gives it whole.
const SHOWN: usize = 1000;

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    /// The method, and the URL without secrets.
    request: Option<(String, String)>,
    /// The first URL of the call, without secrets, where redirects led away from it.
    redirected_from: Option<String>,
    sent: Option<RequestSent>,
    timeout: Option<Duration>,
    response: Option<Box<ResponseHead>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this kind, with its own words: what was being done and what to do about it, without a full stop,
    /// and without the words of a source.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            request: None,
            redirected_from: None,
            sent: None,
            timeout: None,
            response: None,
            source: None,
        }))
    }

    /// The same with its cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same with the method and the URL (without secrets) of the request, unless it knows them already.
    pub fn with_request(mut self, method: &str, url: &str) -> Self {
        if self.0.request.is_none() {
            self.0.request = Some((method.to_owned(), url.to_owned()));
        }
        self
    }

    /// The same with the URL (without secrets) of a request whose method is none, unless it knows its request already.
    pub fn with_url(self, url: &str) -> Self {
        self.with_request("", url)
    }

    /// The same, saying how much of the request had been written.
    pub fn with_request_sent(mut self, sent: RequestSent) -> Self {
        self.0.sent = Some(sent);
        self
    }

    /// The same, saying how long the timeout was that passed.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout = Some(timeout);
        self
    }

    /// The same with the response that it is about; its request has been sent, then, if nothing else is known.
    pub fn with_response(mut self, response: ResponseHead) -> Self {
        self.0.response = Some(Box::new(response));
        self.answered()
    }

    /// The same, knowing that there was a response.
    pub(crate) fn answered(mut self) -> Self {
        self.0.sent.get_or_insert(RequestSent::Complete);
        self
    }

    /// What sort of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether a timeout passed, whichever of the six.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout(_))
    }

    /// Tells whether no connection could be made: the name did not resolve, no server answered, TLS failed, or it took
    /// too long. No server has received the request then: after a redirect this is `false`, since the first server has.
    pub fn is_connect(&self) -> bool {
        use ErrorKind::{Connect, Resolve, Tls};
        // A server may reject our client certificate after it has received the request.
        let is_sent = matches!(self.0.sent, Some(RequestSent::Partial | RequestSent::Complete));
        !is_sent && matches!(self.0.kind, Resolve | Connect | Tls | ErrorKind::Timeout(Timeout::Connect))
    }

    /// Whether the same request may well succeed a little later: nobody answered, the connection broke, the response
    /// was cut short, it took too long, or the server said with its status that it could not just now: 408, 429, 500,
    /// 502, 503 or 504. What is wrong with the request, the certificate or the response stays wrong, and so does what
    /// is no matter of the network: an I/O error that did not come from this library (a full disk, say) is never
    /// transient.
    ///
    /// How long the server wants to be left alone is what
    /// [`retry_after`](ResponseHead::retry_after) of its [`response`](Error::response) says. Whether it does harm to
    /// send a request twice is for its method to say, or [`request_sent`](Error::request_sent).
    ///
    /// ```
    /// use httpx_core::{Error, ErrorKind};
    ///
    /// assert!(Error::new(ErrorKind::Connect, "refused").is_transient());
    /// assert!(!Error::new(ErrorKind::Tls, "expired").is_transient());
    /// ```
    pub fn is_transient(&self) -> bool {
        use ErrorKind::{Connect, Incomplete, Io, Resolve, Status};
        match self.0.kind {
            // One without a request came from the user's own I/O: a full disk does not empty itself.
            Io => self.0.request.is_some() || self.0.sent.is_some(),
            // As curl's --retry has it.
            Status => self
                .status()
                .is_some_and(|status| matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)),
            kind => self.is_timeout() || matches!(kind, Connect | Incomplete | Resolve),
        }
    }

    /// The timeout that passed, as it was set.
    pub fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    /// The method of the request that failed.
    pub fn method(&self) -> Option<&str> {
        self.0.request.as_ref().map(|(method, _)| method.as_str()).filter(|method| !method.is_empty())
    }

    /// The URL of the request that failed, without user information: after redirects, the last one. `None` for an I/O
    /// error that did not come from this library.
    pub fn url(&self) -> Option<&str> {
        self.0.request.as_ref().map(|(_, url)| url.as_str())
    }

    /// The URL that was asked for, without user information, where redirects led from it to another
    /// [`url`](Error::url).
    pub fn redirected_from(&self) -> Option<&str> {
        self.0.redirected_from.as_deref().filter(|first| self.url() != Some(first))
    }

    /// The status of the response that this error is about.
    pub fn status(&self) -> Option<crate::StatusCode> {
        self.0.response.as_ref().map(|response| response.status())
    }

    /// The response that this error is about: the last redirect of too many, the answer with an error status.
    pub fn response(&self) -> Option<&ResponseHead> {
        self.0.response.as_deref()
    }

    /// How much of the request had been written when it failed, where that is known: after `Nothing` nothing can have
    /// happened at the server. Once there is a response it is `Complete`, even if the server answered before it had read
    /// all.
    pub fn request_sent(&self) -> Option<RequestSent> {
        self.0.sent
    }

    /// The error of this library that a [`std::io::Error`] holds, as it was; around any other, one of kind `Io` with
    /// this message, which is not [transient](Error::is_transient) and knows no [`url`](Error::url).
    ///
    /// A body that is read with [`std::io::Read`] gives I/O errors, with the error of this library inside: so it goes
    /// through code that knows only those, such as [`std::io::copy`] or a chain of readers, and nothing is lost. `?`
    /// does the same with a message that fits all I/O.
    ///
    /// ```
    /// use std::io::{self, Read, Write};
    /// use httpx_core::{Error, Result};
    ///
    /// fn save(mut body: impl Read, mut file: impl Write) -> Result<u64> {
    ///     // Where the network failed, the error says so; the message is for the file's.
    ///     io::copy(&mut body, &mut file).map_err(|error| Error::from_io(error, "cannot write the file"))
    /// }
    ///
    /// let full = save(&b"hello"[..], &mut [0; 3][..]).unwrap_err();
    /// assert_eq!(full.to_string(), "cannot write the file");
    /// assert!(!full.is_transient());
    /// ```
    pub fn from_io(io_error: io::Error, message: impl Into<Cow<'static, str>>) -> Self {
        match io_error.downcast::<Error>() {
            Ok(error) => error,
            Err(foreign) => Error::new(ErrorKind::Io, message).with_source(foreign),
        }
    }
}

#[cfg(feature = "url")]
impl Error {
    /// Says what redirects led to the request that failed, oldest first: for those who write a middleware.
    pub fn set_history(&mut self, history: &[ResponseHead]) {
        if let Some(first) = history.first().and_then(ResponseHead::url) {
            self.0.redirected_from.get_or_insert_with(|| first.redacted().into_owned());
        }
    }
}

/// A URL as far as it is shown: a redirect can lead to one of a server's length.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN) {
            None => f.write_str(self.0),
            Some((end, _)) => write!(f, "{}…", &self.0[..end]),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = self.method() {
            write!(f, "{method} ")?;
        }
        if let Some(url) = self.url() {
            write!(f, "{}", Shown(url))?;
            if let Some(first) = self.redirected_from() {
                write!(f, " (redirected from {})", Shown(first))?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.0.message)?;
        if f.alternate() {
            let mut next = self.source();
            while let Some(source) = next {
                write!(f, ": {source}")?;
                next = source.source();
            }
        }
        Ok(())
    }
}

/// Readable where a `main` that returns it ends: the words, and what is known beside them.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, sent, response, .. } = &*self.0;
        write!(f, "{kind:?}: {self:#}")?;
        match (response, sent) {
            // Its words have said it.
            (Some(_), _) if *kind == ErrorKind::Status => Ok(()),
            (Some(response), _) => write!(f, " (response: {})", response.status()),
            (None, Some(sent)) => write!(f, " (request sent: {sent})"),
            (None, None) => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// The whole error travels inside the I/O error: see [`Error::from_io`].
impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        let kind = match error.kind() {
            ErrorKind::Timeout(_) => io::ErrorKind::TimedOut,
            ErrorKind::Incomplete => io::ErrorKind::UnexpectedEof,
            ErrorKind::Protocol | ErrorKind::Decode | ErrorKind::Text | ErrorKind::Json => {
                io::ErrorKind::InvalidData
            }
            ErrorKind::InvalidUrl | ErrorKind::InvalidHeader | ErrorKind::InvalidRequest => {
                io::ErrorKind::InvalidInput
            }
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

/// For functions that mix requests with I/O of their own: an error that came through a reader comes back as it was,
/// any other (a full disk, say) becomes one of kind `Io` that is never [transient](Error::is_transient) and knows no
/// [`url`](Error::url). [`Error::from_io`] does the same with a message of your own.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::from_io(error, "local I/O failed, not the network")
    }
}

/// Never happens: it lets `Headers` stand where `impl TryInto<Headers>` is asked for.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl From<crate::InvalidHeader> for Error {
    fn from(error: crate::InvalidHeader) -> Self {
        Error::new(ErrorKind::InvalidHeader, error.to_string())
    }
}

impl From<crate::InvalidMethod> for Error {
    fn from(error: crate::InvalidMethod) -> Self {
        Error::new(ErrorKind::InvalidRequest, error.to_string())
    }
}

impl From<crate::InvalidStatusCode> for Error {
    fn from(error: crate::InvalidStatusCode) -> Self {
        Error::new(ErrorKind::InvalidRequest, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Error {
        Error::new(ErrorKind::Connect, "cannot connect to h:1")
            .with_source(io::Error::from(io::ErrorKind::ConnectionRefused))
            .with_request("GET", "http://h:1/")
            .with_request_sent(RequestSent::Nothing)
    }

    #[test]
    fn display_and_debug() {
        let error = refused();
        assert_eq!(error.to_string(), "GET http://h:1/: cannot connect to h:1");
        assert_eq!(format!("{error:#}"), "GET http://h:1/: cannot connect to h:1: connection refused");
        assert_eq!(
            format!("{error:?}"),
            "Connect: GET http://h:1/: cannot connect to h:1: connection refused (request sent: no)"
        );
        assert_eq!(error.with_request("POST", "http://other/").method(), Some("GET"));
        let error = Error::from(crate::Method::try_from("G T").unwrap_err()).with_url("http://h/");
        assert!(error.to_string().starts_with("http://h/: \"G T\" is not a request method"), "{error}");
        assert_eq!((error.method(), error.url()), (None, Some("http://h/")));
    }

    #[test]
    fn what_may_pass() {
        let io = || Error::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(format!("{:#}", io()), "local I/O failed, not the network: no storage space");
        let rows = [
            (io(), false),
            (io().with_request("GET", "http://h/"), true),
            (io().with_request_sent(RequestSent::Partial), true),
            (Error::new(ErrorKind::Connect, ""), true),
            (Error::new(ErrorKind::Resolve, ""), true),
            (Error::new(ErrorKind::Incomplete, ""), true),
            (Error::new(ErrorKind::Timeout(Timeout::Total), ""), true),
            (Error::new(ErrorKind::Tls, ""), false),
            (Error::new(ErrorKind::Protocol, ""), false),
            (Error::new(ErrorKind::Decode, ""), false),
            (Error::new(ErrorKind::Status, ""), false),
        ];
        for (error, passes) in rows {
            assert_eq!(error.is_transient(), passes, "{error:?}");
        }
    }

    #[test]
    fn which_statuses_may_pass() {
        for status in 400..600 {
            let passes = [408, 429, 500, 502, 503, 504].contains(&status);
            let head = || ResponseHead::new(status.try_into().unwrap());
            let error = Error::new(ErrorKind::Status, "").with_response(head());
            assert_eq!(error.is_transient(), passes, "{status}");
            // It is the status that says so, not the response.
            let error = Error::new(ErrorKind::TooManyRedirects, "").with_response(head());
            assert!(!error.is_transient());
        }
    }

    #[test]
    fn through_io_and_back() {
        let io = io::Error::from(refused());
        let error = Error::from_io(io, "reading the body");
        assert_eq!((error.kind(), error.url()), (ErrorKind::Connect, Some("http://h:1/")));
        let error = Error::from_io(io::ErrorKind::NotFound.into(), "reading the file");
        assert_eq!(error.kind(), ErrorKind::Io);
        let io = io::Error::from(Error::new(ErrorKind::Timeout(Timeout::Read), "x"));
        assert_eq!(io.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn is_send_sync_and_small() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
