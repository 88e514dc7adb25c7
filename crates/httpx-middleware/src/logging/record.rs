//! [`LogRecord`]: the facts about one request, and its line.

use std::fmt;
use std::time::Duration;

use httpx_core::{Error, Headers, Method, Redaction, RequestHead, ResponseHead, StatusCode, sanitized};

use super::amount::{Size, Time};
use crate::flow::BodyEnd;

/// The facts about one request, for the function of [`Logging::new`](super::Logging::new).
///
/// `{}` shows the line; `{:#}` the heads and the line.
///
/// ```
/// # mod httpx { pub mod logging { pub use httpx_middleware::logging::*; } }
/// use httpx::logging::Logging;
///
/// let logging = Logging::new(|record| {
///     let status = record.status().map_or(0, |status| status.as_u16());
///     println!("method={} url={} status={status}", record.method(), record.url());
/// });
/// ```
#[derive(Clone, Copy)]
pub struct LogRecord<'a> {
    request: &'a RequestHead,
    response: Option<&'a ResponseHead>,
    end: RecordEnd<'a>,
    redaction: Option<&'a Redaction>,
    shows_heads: bool,
}

/// How a request ended.
#[derive(Clone, Copy)]
pub(super) enum RecordEnd<'a> {
    Body { end: BodyEnd<'a>, elapsed: Duration },
    Failed { error: &'a Error, elapsed: Duration },
    Cancelled,
}

/// How much a record matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LogSeverity {
    /// A response with a status below 400; also a request that was cancelled.
    Info,
    /// A response with a status of 400 or above.
    Warn,
    /// No response, or one whose body could not be read.
    Error,
}

impl<'a> LogRecord<'a> {
    pub(super) fn new(
        request: &'a RequestHead,
        response: Option<&'a ResponseHead>,
        end: RecordEnd<'a>,
    ) -> Self {
        LogRecord { request, response, end, redaction: None, shows_heads: false }
    }

    pub(super) fn redacted_by(self, redaction: &'a Redaction, shows_heads: bool) -> Self {
        LogRecord { redaction: Some(redaction), shows_heads, ..self }
    }

    /// Returns how much this record matters.
    pub fn severity(&self) -> LogSeverity {
        match (self.error(), self.status()) {
            (Some(_), _) => LogSeverity::Error,
            (None, Some(status)) if status.as_u16() >= 400 => LogSeverity::Warn,
            (None, Some(_) | None) => LogSeverity::Info,
        }
    }

    /// Returns the method of the request.
    pub fn method(&self) -> &'a Method {
        self.request.method()
    }

    /// Returns the URL of the request, without secrets.
    pub fn url(&self) -> String {
        sanitized(&self.redaction().url(self.request.url())).into_owned()
    }

    /// Returns the status of the response.
    pub fn status(&self) -> Option<StatusCode> {
        self.response.map(ResponseHead::status)
    }

    /// Returns the error of the request, or of the body of its response. Its text shows the URL with its query: use
    /// [`error_text`](LogRecord::error_text) in logs.
    pub fn error(&self) -> Option<&'a Error> {
        match self.end {
            RecordEnd::Failed { error, .. } | RecordEnd::Body { end: BodyEnd::Failed { error, .. }, .. } => {
                Some(error)
            }
            RecordEnd::Body { .. } | RecordEnd::Cancelled => None,
        }
    }

    /// Returns the text of the error and its causes, without method and URL, and without secrets.
    pub fn error_text(&self) -> Option<String> {
        let text = self.error()?.message_with_causes();
        Some(sanitized(&self.redaction().text(&text)).into_owned())
    }

    /// Returns the number of bytes of the response's body that were read, decoded.
    pub fn body_bytes(&self) -> Option<u64> {
        match self.end {
            RecordEnd::Body { end, .. } => Some(bytes_of(end)),
            RecordEnd::Failed { .. } | RecordEnd::Cancelled => None,
        }
    }

    /// Returns the time from the beginning of the request to its end: the end of the body, or the failure. For a body that was
    /// not read to its end, to the head of the response. `None` for a request that was cancelled.
    pub fn elapsed(&self) -> Option<Duration> {
        match self.end {
            RecordEnd::Body { elapsed, .. } | RecordEnd::Failed { elapsed, .. } => Some(elapsed),
            RecordEnd::Cancelled => None,
        }
    }

    /// Returns the head of the request, with its secrets.
    pub fn request(&self) -> &'a RequestHead {
        self.response.and_then(ResponseHead::request).unwrap_or(self.request)
    }

    /// Returns the head of the response, with its secrets.
    pub fn response(&self) -> Option<&'a ResponseHead> {
        self.response
    }

    fn redaction(&self) -> &Redaction {
        static DEFAULT: std::sync::LazyLock<Redaction> = std::sync::LazyLock::new(Redaction::new);
        self.redaction.unwrap_or(&DEFAULT)
    }
}

fn bytes_of(end: BodyEnd<'_>) -> u64 {
    match end {
        BodyEnd::Complete { bytes } | BodyEnd::Failed { bytes, .. } | BodyEnd::Dropped { bytes } => bytes,
    }
}

impl fmt::Display for LogRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.shows_heads || f.alternate() {
            self.write_heads(f)?;
        }
        write!(f, "{} {}", self.method(), self.url())?;
        if let Some(response) = self.response {
            self.write_status(response, f)?;
        }
        match self.end {
            RecordEnd::Body { end: BodyEnd::Complete { bytes }, elapsed } => {
                write!(f, " {} {}", Size(bytes), Time(elapsed))
            }
            RecordEnd::Body { end: BodyEnd::Dropped { bytes }, elapsed } => {
                write!(f, " {}", Size(bytes))?;
                match self.response.and_then(ResponseHead::content_length) {
                    Some(length) => write!(f, " of {}", Size(length))?,
                    None => f.write_str(", not to its end,")?,
                }
                write!(f, " {}", Time(elapsed))
            }
            RecordEnd::Body { end: BodyEnd::Failed { bytes, .. }, elapsed } => {
                write!(f, " failed after {}, {}: ", Size(bytes), Time(elapsed))?;
                f.write_str(&self.error_text().unwrap_or_default())
            }
            RecordEnd::Failed { elapsed, .. } => {
                write!(f, " failed after {}: ", Time(elapsed))?;
                f.write_str(&self.error_text().unwrap_or_default())
            }
            RecordEnd::Cancelled => f.write_str(" cancelled"),
        }
    }
}

impl LogRecord<'_> {
    fn write_status(&self, response: &ResponseHead, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", response.status().as_u16())?;
        if !response.reason().is_empty() {
            write!(f, " {}", sanitized(response.reason()))?;
        }
        match response.history() {
            [] => Ok(()),
            [_] => f.write_str(" (1 redirect)"),
            several => write!(f, " ({} redirects)", several.len()),
        }
    }

    fn write_heads(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.request();
        let url = self.redaction().url(request.url());
        writeln!(f, "> {} {}", request.method(), sanitized(&url))?;
        self.write_headers('>', request.headers(), f)?;
        if let Some(response) = self.response {
            let (version, status) = (response.version(), response.status().as_u16());
            writeln!(f, "< {version} {status} {}", sanitized(response.reason()))?;
            self.write_headers('<', response.headers(), f)?;
        }
        Ok(())
    }

    fn write_headers(&self, mark: char, headers: &Headers, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        headers.iter().try_for_each(|(name, value)| {
            writeln!(f, "{mark} {}: {}", sanitized(name), sanitized(&self.redaction().header(name, value)))
        })
    }
}

/// `<LogRecord GET https://h/ 200 OK 12 B 3.0 ms>`.
impl fmt::Debug for LogRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<LogRecord {self}>")
    }
}
