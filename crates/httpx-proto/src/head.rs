//! From the bytes of a whole head to its parts: `httparse`, and what it lets through.

use std::mem::MaybeUninit;

use httparse::{EMPTY_HEADER, Error, Header, ParserConfig, Response, Status};
use httpx_core::{Headers, ResponseHead, StatusCode, Version};

use crate::error::{Limit, RemoteError};
use crate::framing::Fields;
use crate::{Excerpt, Limits, RequestHead, request_line};

/// The lines that there is room for on the stack: enough for nearly all responses. More are parsed again.
const FEW: usize = 64;

/// Parses the whole head of a response, from its first byte to its empty line.
pub(crate) fn response(head: &[u8], limits: &Limits) -> Result<(ResponseHead, Fields), RemoteError> {
    let mut few = [const { MaybeUninit::uninit() }; FEW];
    match response_into(head, few.get_mut(..limits.header_count.min(FEW)).unwrap_or_default()) {
        Err(Error::TooManyHeaders) if limits.header_count > FEW => {
            // Each line takes at least three bytes, so what a small head can make us allocate is small.
            let mut many = vec![MaybeUninit::uninit(); limits.header_count.min(head.len() / 3)];
            finish_response(head, response_into(head, &mut many), limits)
        }
        result => finish_response(head, result, limits),
    }
}

/// Parses the whole head of a request, from its first byte to its empty line.
pub(crate) fn request(head: &[u8], limits: &Limits) -> Result<(RequestHead, Fields), RemoteError> {
    let (line, lines) = head.split_at(head.len() - after_first_line(head).len());
    let line = request_line::parse(line, limits)?;
    let mut few = [EMPTY_HEADER; FEW];
    let few = few.get_mut(..limits.header_count.min(FEW)).unwrap_or_default();
    let (headers, fields) = match httparse::parse_headers(lines, few) {
        Err(Error::TooManyHeaders) if limits.header_count > FEW => {
            let mut many = vec![EMPTY_HEADER; limits.header_count.min(head.len() / 3)];
            finish_request(head, httparse::parse_headers(lines, &mut many), limits)?
        }
        result => finish_request(head, result, limits)?,
    };
    let head = RequestHead::new(line.method, line.target)
        .map_err(|_| RemoteError::Target(Excerpt::new(line.target.as_bytes())))?;
    Ok((head.with_version(line.version).with_headers(headers), fields))
}

fn finish_request(
    head: &[u8],
    parsed: httparse::Result<(usize, &[Header<'_>])>,
    limits: &Limits,
) -> Result<(Headers, Fields), RemoteError> {
    match parsed {
        Ok(Status::Complete((_, lines))) => collect(lines),
        Ok(Status::Partial) => Err(RemoteError::HeaderName(first_line(after_first_line(head)))),
        Err(error) => Err(refused(error, head, limits)),
    }
}

fn response_into<'h, 'b>(
    head: &'b [u8],
    lines: &'h mut [MaybeUninit<Header<'b>>],
) -> Result<Option<Response<'h, 'b>>, Error> {
    let mut config = ParserConfig::default();
    // The value comes with the line ends inside, and only behind a first field: see `append`.
    config.allow_obsolete_multiline_headers_in_responses(true);
    let mut response = Response::new(&mut []);
    match config.parse_response_with_uninit_headers(&mut response, head, lines)? {
        Status::Complete(_) => Ok(Some(response)),
        Status::Partial => Ok(None),
    }
}

fn finish_response(
    head: &[u8],
    parsed: Result<Option<Response<'_, '_>>, Error>,
    limits: &Limits,
) -> Result<(ResponseHead, Fields), RemoteError> {
    let response = match parsed {
        Ok(Some(response)) => response,
        Ok(None) => return Err(RemoteError::StartLine(first_line(head))),
        Err(error) => return Err(refused(error, head, limits)),
    };
    let code = response.code.unwrap_or(0);
    let status = match StatusCode::try_from(code) {
        Ok(status) if code <= 599 => status,
        _ => return Err(RemoteError::Status(code)),
    };
    let (headers, fields) = collect(response.headers)?;
    let head = ResponseHead::new(status)
        .with_version(version(response.version))
        .with_reason(response.reason.unwrap_or(""))
        .with_headers(headers);
    Ok((head, fields))
}

/// What `httparse` calls the minor version; others than 0 and 1 it refuses.
fn version(minor: Option<u8>) -> Version {
    match minor {
        Some(0) => Version::Http10,
        _ => Version::Http11,
    }
}

/// Copies the fields into one block, and notes what bears on the framing on the way.
fn collect(lines: &[Header<'_>]) -> Result<(Headers, Fields), RemoteError> {
    let bytes = lines.iter().map(|line| line.name.len() + line.value.len()).sum();
    let mut headers = Headers::with_capacity(lines.len(), bytes);
    let mut fields = Fields::default();
    for line in lines {
        match append(&mut headers, line)? {
            None => fields.add(line.name, line.value),
            Some(unfolded) => fields.add(line.name, &unfolded),
        }
    }
    Ok((headers, fields))
}

/// Appends one field. A line that was folded is unfolded (RFC 9112 §5.2), and its value given back.
pub(crate) fn append(headers: &mut Headers, line: &Header<'_>) -> Result<Option<Vec<u8>>, RemoteError> {
    // A folded value is the only one that `httparse` lets through and `Headers` does not: no need to search each.
    if headers.append(line.name, line.value).is_ok() {
        return Ok(None);
    }
    let value = unfold(line.value);
    match headers.append(line.name, &value) {
        Ok(()) => Ok(Some(value)),
        Err(_) => Err(RemoteError::HeaderValue(Excerpt::new(line.name.as_bytes()))),
    }
}

/// Replaces each line end, with the white space round it, by one space.
fn unfold(value: &[u8]) -> Vec<u8> {
    let lines = value.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(&b' ')
}

/// Says what `httparse` did not like.
fn refused(error: Error, head: &[u8], limits: &Limits) -> RemoteError {
    match error {
        Error::TooManyHeaders => RemoteError::Limit(Limit::HeaderCount, limits.header_count),
        Error::Status | Error::Token | Error::Version => RemoteError::StartLine(first_line(head)),
        Error::HeaderName | Error::HeaderValue | Error::NewLine => blame(after_first_line(head)),
    }
}

/// Which of these lines is no field, and why: only asked when one is not.
pub(crate) fn blame(lines: &[u8]) -> RemoteError {
    for (nth, line) in lines.split(|&byte| byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || nth > 0 && line.starts_with(b" ") || nth > 0 && line.starts_with(b"\t") {
            continue; // the end, or a folded line
        }
        if line.contains(&b'\r') {
            return RemoteError::BareCr;
        }
        let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let mut trial = Headers::new();
        let is_name = std::str::from_utf8(name).is_ok_and(|name| trial.append(name, "").is_ok());
        if !is_name || value.is_empty() {
            return RemoteError::HeaderName(Excerpt::new(name));
        }
        if trial.append("x", value).is_err() {
            return RemoteError::HeaderValue(Excerpt::new(name));
        }
    }
    // Nothing but a folded line, where none is unfolded: in a request and in trailers.
    let folded = lines.split(|&byte| byte == b'\n').find(|line| matches!(line, [b' ' | b'\t', ..]));
    RemoteError::HeaderName(first_line(folded.unwrap_or(lines)))
}

fn first_line(head: &[u8]) -> Excerpt {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    Excerpt::new(line.strip_suffix(b"\r").unwrap_or(line))
}

fn after_first_line(head: &[u8]) -> &[u8] {
    let end = head.iter().position(|&byte| byte == b'\n').map_or(head.len(), |lf| lf + 1);
    head.get(end..).unwrap_or_default()
}
