//! Failures, and the exit codes of curl for them.

use std::error::Error as _;
use std::fmt;
use std::io;

use httpx::models::RequestSent;
use httpx::tls::TlsErrorKind;
use httpx::{Error, ErrorKind};

/// The exit codes, as curl has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Code {
    UnsupportedProtocol = 1,
    Usage = 2,
    InvalidUrl = 3,
    ResolveProxy = 5,
    Resolve = 6,
    Connect = 7,
    WeirdReply = 8,
    PartialFile = 18,
    HttpError = 22,
    Write = 23,
    Read = 26,
    Timeout = 28,
    TlsHandshake = 35,
    BadArgument = 43,
    TooManyRedirects = 47,
    EmptyReply = 52,
    Send = 55,
    Receive = 56,
    Certificate = 60,
    ContentCoding = 61,
    CaFile = 77,
}

/// Why a transfer failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    message: String,
}

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Failure { code, message: message.into() }
    }

    /// The output cannot be written.
    pub(crate) fn write(name: &str, error: &io::Error) -> Self {
        Failure::new(Code::Write, format!("cannot write {name}: {error}"))
    }

    /// The body of a response broke off, or is wrong.
    pub(crate) fn body(error: Error) -> Self {
        match error.kind() {
            ErrorKind::Incomplete | ErrorKind::Io => Failure::new(Code::PartialFile, error.to_string()),
            _ => error.into(),
        }
    }

    /// A file of the user's cannot be read.
    pub(crate) fn read(name: &str, error: &io::Error) -> Self {
        Failure::new(Code::Read, format!("cannot read {name}: {error}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure { code: code_of(&error), message: error.to_string() }
    }
}

fn code_of(error: &Error) -> Code {
    match error.kind() {
        ErrorKind::InvalidUrl if error.to_string().contains("scheme") => Code::UnsupportedProtocol,
        ErrorKind::InvalidUrl => Code::InvalidUrl,
        ErrorKind::Resolve => Code::Resolve,
        ErrorKind::Connect | ErrorKind::AddressRefused => Code::Connect,
        ErrorKind::Proxy if error.status().is_some() => Code::Receive,
        ErrorKind::Proxy => Code::ResolveProxy,
        // Certificates that are not accepted, or a handshake that fails otherwise.
        ErrorKind::Tls => match TlsErrorKind::find_in(error) {
            Some(TlsErrorKind::Other) | None => Code::TlsHandshake,
            Some(_) => Code::Certificate,
        },
        ErrorKind::Timeout(_) => Code::Timeout,
        ErrorKind::Incomplete | ErrorKind::Io => code_of_broken(error),
        ErrorKind::Protocol => Code::WeirdReply,
        ErrorKind::Decode => Code::ContentCoding,
        ErrorKind::TooManyRedirects => Code::TooManyRedirects,
        ErrorKind::Status => Code::HttpError,
        ErrorKind::Body => Code::Read,
        ErrorKind::InvalidHeader | ErrorKind::InvalidRequest | ErrorKind::Config => Code::BadArgument,
        _ => Code::Receive,
    }
}

/// A connection that broke before the head of the response: while the request was sent, before an answer, or during it.
fn code_of_broken(error: &Error) -> Code {
    // A clean end of the connection has no cause.
    let is_clean = error.source().is_none();
    match (error.kind(), error.request_sent()) {
        (_, Some(RequestSent::Partial)) => Code::Send,
        (ErrorKind::Io, Some(RequestSent::Complete)) if is_clean => Code::EmptyReply,
        (_, _) => Code::Receive,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
