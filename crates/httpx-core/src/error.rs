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
    sent: Option<RequestSent>,
    limit: Option<Duration>,
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
            sent: None,
            limit: None,
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

    /// The same, saying how much of the request had been written.
    pub fn with_request_sent(mut self, sent: RequestSent) -> Self {
        self.0.sent = Some(sent);
        self
    }

    /// The same, saying how long the timeout was that passed.
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.0.limit = Some(limit);
        self
    }

    /// The same with the response that it is about.
    pub fn with_response(mut self, response: ResponseHead) -> Self {
        self.0.response = Some(Box::new(response));
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

    /// Whether no connection could be made: the name did not resolve, nobody answered, TLS failed, or it took too
    /// long. Nothing of the request was sent then.
    pub fn is_connect(&self) -> bool {
        use ErrorKind::{Connect, Resolve, Tls};
        match self.0.kind {
            // A server can also say no to a certificate of ours when it has the request.
            Tls => !matches!(self.0.sent, Some(RequestSent::Partly | RequestSent::Wholly)),
            kind => matches!(kind, Resolve | Connect | ErrorKind::Timeout(Timeout::Connect)),
        }
    }

    /// Whether the same request may well succeed a little later: nobody answered, the connection broke, the response
    /// was cut short, or it took too long. What is wrong with the request, the certificate or the response stays
    /// wrong. (A response with status 429 or 503 is no error; look at its status. And whether it does harm to send a
    /// request twice is for its method to say, or [`request_sent`](Error::request_sent).)
    ///
    /// ```
    /// use httpx_core::{Error, ErrorKind};
    ///
    /// assert!(Error::new(ErrorKind::Connect, "refused").is_transient());
    /// assert!(!Error::new(ErrorKind::Tls, "expired").is_transient());
    /// ```
    pub fn is_transient(&self) -> bool {
        use ErrorKind::{Connect, Incomplete, Io, Resolve};
        match self.0.kind {
            // One without a request came from the user's own I/O: a full disk does not empty itself.
            Io => self.0.request.is_some() || self.0.sent.is_some(),
            kind => self.is_timeout() || matches!(kind, Connect | Incomplete | Resolve),
        }
    }

    /// The timeout that passed, as it was set.
    pub fn limit(&self) -> Option<Duration> {
        self.0.limit
    }

    /// The method of the request that failed.
    pub fn method(&self) -> Option<&str> {
        self.0.request.as_ref().map(|(method, _)| method.as_str())
    }

    /// The URL of the request that failed, without user information.
    pub fn url(&self) -> Option<&str> {
        self.0.request.as_ref().map(|(_, url)| url.as_str())
    }

    /// The status of the response that this error is about.
    pub fn status(&self) -> Option<crate::StatusCode> {
        self.0.response.as_ref().map(|response| response.status())
    }

    /// The response that this error is about: the last redirect of too many, the answer with an error status.
    pub fn response(&self) -> Option<&ResponseHead> {
        self.0.response.as_deref()
    }

    /// How much of the request had been written when it failed, where that is known: after `No` nothing can have
    /// happened at the server.
    pub fn request_sent(&self) -> Option<RequestSent> {
        self.0.sent
    }

    /// The error that an I/O error holds, or one of kind `Io` around it.
    ///
    /// Together with [`From<Error> for io::Error`] it brings an error through code that knows only I/O errors, such
    /// as a chain of readers, without losing anything.
    pub fn from_io(error: io::Error, message: impl Into<Cow<'static, str>>) -> Self {
        match error.downcast::<Error>() {
            Ok(error) => error,
            Err(error) => Error::new(ErrorKind::Io, message).with_source(error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((method, url)) = &self.0.request {
            // A redirect can lead to a URL of a server's length.
            match url.char_indices().nth(SHOWN) {
                None => write!(f, "{method} {url}: "),
                Some((end, _)) => write!(f, "{method} {}…: ", &url[..end]),
            }?;
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
        if let Some(sent) = sent {
            write!(f, " (request sent: {sent})")?;
        }
        if let Some(response) = response {
            write!(f, " (response: {})", response.status())?;
        }
        Ok(())
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
/// any other (a full disk, say) becomes one of kind `Io` that knows no [`url`](Error::url).
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::from_io(error, "reading or writing failed")
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
            .with_request_sent(RequestSent::No)
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
