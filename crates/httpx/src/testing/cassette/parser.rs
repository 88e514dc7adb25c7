//! Parses a cassette.

use std::fmt;

use bytes::Bytes;
use httpx_core::{
    Headers, Method, Options, Request, RequestHead, Response, ResponseHead, StatusCode, Url, Version,
};

use super::base64;
use super::exchange::Exchange;
use super::line::{LineKind, Side, split, unescape};
use super::writer::FIRST_LINE;

/// Why a cassette cannot be read, with the number of the line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParseError {
    line: usize,
    problem: String,
}

/// `line 7: …`.
impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for ParseError {}

/// Returns the exchanges of a cassette.
///
/// # Errors
///
/// If it is of another version, was cut, or has a line that is not valid.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Exchange>, ParseError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|&&byte| byte == b'\n').count().saturating_add(1);
        ParseError { line, problem: "it is not UTF-8".to_owned() }
    })?;
    let mut lines = (1..).zip(text.lines());
    check_first(lines.next().map_or("", |(_, line)| line))?;
    let mut exchanges = Vec::new();
    let mut open: Option<OpenExchange> = None;
    let mut last = 1;
    for (number, line) in lines {
        last = number;
        let problem = match &mut open {
            None if line.trim().is_empty() || line.starts_with('#') => Ok(()),
            None => begin(line, exchanges.len()).map(|begun| open = Some(begun)),
            Some(exchange) if line.starts_with('[') => {
                exchange.end(line).map(|exchange| exchanges.push(exchange)).map(|()| open = None)
            }
            Some(exchange) => exchange.take(line),
        };
        problem.map_err(|problem| ParseError { line: number, problem })?;
    }
    match open {
        None => Ok(exchanges),
        Some(OpenExchange { number, .. }) => {
            let problem =
                format!("the file ends in the middle of exchange {number}; was it cut? Record it again");
            Err(ParseError { line: last, problem })
        }
    }
}

fn check_first(line: &str) -> Result<(), ParseError> {
    if line == FIRST_LINE {
        return Ok(());
    }
    let version = line.strip_prefix("httpx cassette ").filter(|version| version.parse::<u64>().is_ok());
    let problem = match version {
        Some(version) => format!(
            "the cassette has version {version}, and this version of httpx reads version 1; update httpx, or record it again"
        ),
        None => format!("it is not a cassette, which begins with {FIRST_LINE:?}"),
    };
    Err(ParseError { line: 1, problem })
}

/// Begins the exchange after `count` others.
fn begin(line: &str, count: usize) -> Result<OpenExchange, String> {
    let number = count.saturating_add(1);
    let expected = format!("[{number}]");
    if line.trim_end() != expected {
        return Err(format!("expected {expected}, the beginning of the next exchange"));
    }
    Ok(OpenExchange { number, request: OpenMessage::default(), response: OpenMessage::default() })
}

/// An exchange that is being read.
struct OpenExchange {
    number: usize,
    request: OpenMessage,
    response: OpenMessage,
}

/// One message that is being read.
#[derive(Default)]
struct OpenMessage {
    start: Option<String>,
    headers: Headers,
    trailers: Headers,
    body: Option<OpenBody>,
}

/// A body that is being read.
enum OpenBody {
    Text(Vec<u8>),
    Bytes(Vec<u8>),
}

impl OpenExchange {
    fn take(&mut self, line: &str) -> Result<(), String> {
        let (side, kind, text) = split(line).ok_or("the line begins with neither > nor <")?;
        let message = match side {
            Side::Request if self.response.start.is_some() => {
                return Err("a line of the request follows the response".to_owned());
            }
            Side::Request => &mut self.request,
            Side::Response => &mut self.response,
        };
        message.take(kind, text)
    }

    /// Ends the exchange at this line.
    fn end(&mut self, line: &str) -> Result<Exchange, String> {
        let expected = format!("[end {}]", self.number);
        if line.trim_end() != expected {
            return Err(format!("expected {expected}, or a line of exchange {}", self.number));
        }
        let (request, response) = (std::mem::take(&mut self.request), std::mem::take(&mut self.response));
        Ok(Exchange { request: request.into_request()?, response: response.into_response()? })
    }
}

impl OpenMessage {
    fn take(&mut self, kind: LineKind, text: &str) -> Result<(), String> {
        match kind {
            LineKind::Head if self.body.is_some() || !self.trailers.is_empty() => {
                Err("a header follows the body".to_owned())
            }
            LineKind::Head => {
                let bytes = unescape(text).ok_or(INVALID_ESCAPE)?;
                match &self.start {
                    None => {
                        self.start =
                            Some(String::from_utf8(bytes).map_err(|_| "the start line is not UTF-8")?);
                        Ok(())
                    }
                    Some(_) => add_header(&mut self.headers, &bytes),
                }
            }
            _ if self.start.is_none() => Err("a body comes before its head".to_owned()),
            LineKind::Trailer => add_header(&mut self.trailers, &unescape(text).ok_or(INVALID_ESCAPE)?),
            _ if !self.trailers.is_empty() => Err("a body follows the trailers".to_owned()),
            LineKind::Text => self.add_text(text.as_bytes()),
            LineKind::Escaped => self.add_text(&unescape(text).ok_or(INVALID_ESCAPE)?),
            LineKind::Base64 => {
                let bytes = base64::decode(text).ok_or("the line is not base64")?;
                match self.body.get_or_insert_with(|| OpenBody::Bytes(Vec::new())) {
                    OpenBody::Bytes(body) => body.extend_from_slice(&bytes),
                    OpenBody::Text(_) => return Err(MIXED_BODY.to_owned()),
                }
                Ok(())
            }
        }
    }

    fn add_text(&mut self, line: &[u8]) -> Result<(), String> {
        match &mut self.body {
            None => self.body = Some(OpenBody::Text(line.to_vec())),
            Some(OpenBody::Text(body)) => {
                body.push(b'\n');
                body.extend_from_slice(line);
            }
            Some(OpenBody::Bytes(_)) => return Err(MIXED_BODY.to_owned()),
        }
        Ok(())
    }

    fn into_request(self) -> Result<Request<Bytes>, String> {
        let start = self.start.ok_or("the exchange has no request")?;
        let (method, url) = start.split_once(' ').ok_or("the request line has no URL")?;
        let method = method.parse::<Method>().map_err(|error| error.to_string())?;
        let url = Url::parse(url).map_err(|error| error.to_string())?;
        let head = RequestHead::from_parts(method, url, self.headers, Options::default());
        Ok(Request::from_parts(head, bytes_of(self.body)))
    }

    fn into_response(self) -> Result<Response<Bytes>, String> {
        let start = self.start.ok_or("the exchange has no response")?;
        let (version, rest) = start.split_once(' ').ok_or("the response has no status")?;
        let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        let versions = [Version::Http10, Version::Http11];
        let version = versions.into_iter().find(|known| known.as_str() == version);
        let version = version.ok_or("the version is neither HTTP/1.0 nor HTTP/1.1")?;
        let status = status.parse::<u16>().ok().and_then(|status| StatusCode::try_from(status).ok());
        let head = ResponseHead::new(status.ok_or("the status is not a number from 100 to 999")?);
        let mut head = head.with_version(version).with_reason(reason).with_headers(self.headers);
        head.set_trailers(self.trailers);
        Ok(Response::from_parts(head, bytes_of(self.body)))
    }
}

const INVALID_ESCAPE: &str = r"an escape is not valid: \\, \xNN and \u{N} are";
const MIXED_BODY: &str = "a body is either text or base64, not both";

fn bytes_of(body: Option<OpenBody>) -> Bytes {
    match body {
        None => Bytes::new(),
        Some(OpenBody::Text(bytes) | OpenBody::Bytes(bytes)) => bytes.into(),
    }
}

fn add_header(headers: &mut Headers, line: &[u8]) -> Result<(), String> {
    let colon = line.iter().position(|&byte| byte == b':').ok_or("a header has no colon")?;
    let (name, value) = line.split_at_checked(colon).ok_or("a header has no colon")?;
    let name = std::str::from_utf8(name).map_err(|_| "the name of a header is not UTF-8")?;
    let value = value.strip_prefix(b":").unwrap_or(value);
    headers.append(name, value).map_err(|error| error.to_string())
}
