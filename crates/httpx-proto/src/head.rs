//! Parses a whole head: in one pass if it has the common form, and by `httparse` otherwise.
//!
//! The checks that `httparse` leaves out follow it.
//!
//! The pass by hand saves more than half of the instructions of a response (`scripts/cost.sh` measures them). It
//! accepts a subset of what `httparse` accepts, with identical results: the tests compare both on all short heads and
//! on all heads that differ in one byte from a model, and the fuzz target `head_parsers` compares them on random bytes.

use std::mem::MaybeUninit;

use httparse::{EMPTY_HEADER, Error, Header, ParserConfig, Response, Status};
use httpx_core::grammar::trim_ows;
use httpx_core::{FieldLine, Headers, ResponseHead, StatusCode, Version};

use crate::error::{Limit, RemoteError};
use crate::framing::Fields;
use crate::{Excerpt, Limits, ReceivedRequest, request_line, scan};

/// The number of lines with room on the stack: enough for nearly all responses. A longer head is parsed again.
const FEW: usize = 64;

/// The bytes of headers that are allocated before their number is known: enough for most heads.
const USUAL: usize = 768;

/// Parses a whole head of a response, up to and including its empty line.
pub(crate) fn response(head: &[u8], limits: &Limits) -> Result<(ResponseHead, Fields), RemoteError> {
    let mut few = [const { MaybeUninit::uninit() }; FEW];
    match response_into(head, few.get_mut(..limits.header_count.min(FEW)).unwrap_or_default()) {
        Err(Error::TooManyHeaders) if limits.header_count > FEW => {
            // Each line takes at least three bytes, so a small head cannot cause a large allocation.
            let mut many = vec![MaybeUninit::uninit(); limits.header_count.min(head.len() / 3)];
            finish_response(head, response_into(head, &mut many), limits)
        }
        result => finish_response(head, result, limits),
    }
}

/// Parses the head of a response at the front of these bytes, if it is complete and in the common form, and returns
/// its length. `None` means "not in the common form", not "invalid". Accepts a subset of [`response`] with identical
/// results.
pub(crate) fn plain_response(bytes: &[u8], limits: &Limits) -> Option<(usize, ResponseHead, Fields)> {
    let (&[minor, b' ', hundreds @ b'1'..=b'9', tens, ones], rest) =
        bytes.strip_prefix(b"HTTP/1.")?.split_first_chunk()?
    else {
        return None;
    };
    let version = match minor {
        b'0' => Version::Http10,
        b'1' => Version::Http11,
        _ => return None,
    };
    let digits = [hundreds, tens, ones].map(|digit| u16::from(digit.wrapping_sub(b'0')));
    let [hundreds, tens @ 0..=9, ones @ 0..=9] = digits else { return None };
    let status = StatusCode::try_from(hundreds * 100 + tens * 10 + ones).ok()?;
    let (reason, section) = plain_reason(rest)?;
    let (len, headers, fields) = plain_section(section, limits)?;
    let mut head = ResponseHead::new(status).with_version(version).with_headers(headers);
    if reason != status.reason().as_bytes() {
        head = head.with_reason(std::str::from_utf8(reason).ok()?);
    }
    Some((bytes.len() - section.len() + len, head, fields))
}

/// Splits off the reason phrase. Servers without one often leave out the space in front of it too.
fn plain_reason(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| !matches!(byte, b' '..=b'~'))?;
    let (reason, rest) = bytes.split_at_checked(end)?;
    let reason = match reason {
        [] | [b' '] => &[],
        [b' ', b' ', ..] | [.., b' '] => return None,
        [b' ', reason @ ..] => reason,
        _ => return None,
    };
    Some((reason, rest.strip_prefix(b"\r\n")?))
}

/// Parses the fields up to the empty line. Returns the length with that line.
fn plain_section(bytes: &[u8], limits: &Limits) -> Option<(usize, Headers, Fields)> {
    // Includes the room that each line takes in the block besides its bytes: one allocation for lines of the usual
    // length, and a second, sufficient one for longer heads.
    let room = |bytes: usize| bytes + bytes / 3;
    let mut headers = Headers::with_capacity(0, room(bytes.len().min(USUAL)));
    let mut unusual = bytes.len().saturating_sub(USUAL);
    let mut fields = Fields::default();
    let mut rest = bytes;
    let after = loop {
        while let Some(line) = FieldLine::parse(rest) {
            if rest.len() < unusual {
                headers.reserve(0, room(rest.len()));
                unusual = 0;
            }
            fields.add_bytes(line.name(), line.value());
            headers.push(line);
            rest = rest.get(line.len()..)?;
        }
        match rest.strip_prefix(b"\r\n") {
            Some(after) => break after,
            None => rest = push_uncommon(rest, &mut headers, &mut fields)?,
        }
    };
    (headers.len() <= limits.header_count).then_some((bytes.len() - after.len(), headers, fields))
}

/// Parses the line at the front of these bytes in a valid but rare form: with tabs or bytes outside ASCII, with
/// unusual white space around the value, or without a value. Returns the bytes after it.
#[cold]
fn push_uncommon<'b>(bytes: &'b [u8], headers: &mut Headers, fields: &mut Fields) -> Option<&'b [u8]> {
    let lf = scan::find_lf(bytes)?;
    let line = bytes.get(..lf)?.strip_suffix(b"\r")?;
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (name, value) = (line.get(..colon)?, trim_ows(line.get(colon + 1..)?));
    headers.append(std::str::from_utf8(name).ok()?, value).ok()?;
    fields.add_bytes(name, value);
    bytes.get(lf + 1..)
}

/// Parses a whole head of a request, up to and including its empty line.
pub(crate) fn request(head: &[u8], limits: &Limits) -> Result<(ReceivedRequest, Fields), RemoteError> {
    let (line, lines) = head.split_at(head.len() - after_first_line(head).len());
    let line = request_line::parse(line, limits)?;
    let (headers, fields) = match plain_section(lines, limits) {
        Some((_, headers, fields)) => (headers, fields),
        None => any_section(head, lines, limits)?,
    };
    let head = ReceivedRequest::new(line.method, line.target)
        .map_err(|_| RemoteError::Target(Excerpt::new(line.target.as_bytes())))?;
    Ok((head.with_version(line.version).with_headers(headers), fields))
}

/// Parses the fields of a request by `httparse`.
fn any_section(head: &[u8], lines: &[u8], limits: &Limits) -> Result<(Headers, Fields), RemoteError> {
    let mut few = [EMPTY_HEADER; FEW];
    let few = few.get_mut(..limits.header_count.min(FEW)).unwrap_or_default();
    match httparse::parse_headers(lines, few) {
        Err(Error::TooManyHeaders) if limits.header_count > FEW => {
            let mut many = vec![EMPTY_HEADER; limits.header_count.min(head.len() / 3)];
            finish_section(head, httparse::parse_headers(lines, &mut many), limits)
        }
        result => finish_section(head, result, limits),
    }
}

fn finish_section(
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
    // The value then contains the line ends, and the first field cannot be folded: see `append`.
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
    // RFC 9110 §15: a client treats 600 to 999 as a 5xx, so they are delivered, as curl, Go and Python's httpx do.
    let status = StatusCode::try_from(code).map_err(|_| RemoteError::Status(code))?;
    let (headers, fields) = collect(response.headers)?;
    let head = ResponseHead::new(status)
        .with_version(version(response.version))
        .with_reason(response.reason.unwrap_or(""))
        .with_headers(headers);
    Ok((head, fields))
}

/// Converts `httparse`'s minor version; it refuses all but 0 and 1.
fn version(minor: Option<u8>) -> Version {
    match minor {
        Some(0) => Version::Http10,
        _ => Version::Http11,
    }
}

/// Copies the fields into one block, and collects the framing fields.
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

/// Appends one field. A folded line is unfolded (RFC 9112 §5.2), as in browsers, curl and h11, and its value returned.
/// In a request `httparse` has refused it; h11 unfolds there too.
pub(crate) fn append(headers: &mut Headers, line: &Header<'_>) -> Result<Option<Vec<u8>>, RemoteError> {
    // A folded value is the only one that `httparse` accepts and `Headers` refuses, so other values need no search.
    if headers.append(line.name, line.value).is_ok() {
        return Ok(None);
    }
    let value = unfold(line.value);
    match headers.append(line.name, &value) {
        Ok(()) => Ok(Some(value)),
        Err(_) => Err(RemoteError::HeaderValue(Excerpt::new(line.name.as_bytes()))),
    }
}

/// Replaces each line end and the white space around it by one space.
fn unfold(value: &[u8]) -> Vec<u8> {
    let lines = value.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(&b' ')
}

/// Converts an error of `httparse`.
fn refused(error: Error, head: &[u8], limits: &Limits) -> RemoteError {
    match error {
        Error::TooManyHeaders => RemoteError::Limit(Limit::HeaderCount, limits.header_count),
        Error::Status | Error::Token | Error::Version => RemoteError::StartLine(first_line(head)),
        Error::HeaderName | Error::HeaderValue | Error::NewLine => diagnose(after_first_line(head)),
    }
}

/// Finds the malformed line and the reason. Called only after an error.
pub(crate) fn diagnose(lines: &[u8]) -> RemoteError {
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
    // A folded line where folding is refused: in a request and in trailers.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scan::{Scan, Strictness};

    /// Valid and invalid parts of heads.
    const PIECES: [&[u8]; 40] = [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.0 404 Not Found\r\n",
        b"HTTP/1.1 200 Fine\r\n",
        b"HTTP/1.1 200\r\n",
        b"HTTP/1.1 200 \r\n",
        b"HTTP/1.1  200 OK\r\n",
        b"HTTP/1.1 200  OK \r\n",
        b"HTTP/1.1 99 X\r\n",
        b"HTTP/1.1 099 X\r\n",
        b"HTTP/1.1 600 X\r\n",
        b"HTTP/1.2 200 OK\r\n",
        b"HTTP/1.1 200 \xff\r\n",
        b"HTTP/1.1 200 a\tb\r\n",
        b"HTTP/1.1 2x0 OK\r\n",
        b"HTTP/1.1 200 OK\n",
        b"A: b\r\n",
        b"A:b\r\n",
        b"A:  b\r\n",
        b"A: b \r\n",
        b"A: b\t\r\n",
        b"A: b\tc\r\n",
        b"A: b\n",
        b"A:\r\n",
        b"A: \r\n",
        b"A : b\r\n",
        b": b\r\n",
        b" b\r\n",
        b"\tb\r\n",
        b"A: b\rc\r\n",
        b"A: \x7f\r\n",
        b"A: \0\r\n",
        b"A: \xe4\xff\r\n",
        b"A\xe4: b\r\n",
        b"A\r\n",
        b"Content-Length: 5\r\n",
        b"content-length: 6\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close, x\r\n",
        b"Keep-Alive: timeout=5, max=100\r\n",
        b"Set-Cookie: id=1; Path=/; HttpOnly; SameSite=Lax\r\n",
    ];

    fn head() -> impl Strategy<Value = Vec<u8>> {
        let line = prop_oneof![
            4 => (15..40usize).prop_map(|nth| PIECES[nth].to_vec()),
            4 => Just(b"A-name: and a value of some length\r\n".to_vec()),
            1 => (any::<u8>(), any::<u8>()).prop_map(|(name, value)| [b'a', name, b':', b' ', value, b'x', b'\r', b'\n'].to_vec()),
        ];
        (0..PIECES.len(), proptest::collection::vec(line, 0..6)).prop_map(|(start, lines)| {
            [PIECES[if start < 30 { start % 15 } else { 0 }], &lines.concat(), b"\r\n"].concat()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        /// Both parsers agree on random heads.
        #[test]
        fn both_parsers_agree_on_random_heads(head in head(), body: [u8; 4], header_count in 2..5usize) {
            let limits = Limits { header_count, ..Limits::default() };
            let bytes = [&head[..], &body].concat();
            compare(&bytes, &limits);
        }
    }

    /// Compares the two parsers on one head, followed by bytes of a body.
    fn compare(bytes: &[u8], limits: &Limits) {
        if let Some((len, head, fields)) = plain_response(bytes, limits) {
            assert_eq!(
                Scan::default().find_end(bytes, Strictness::Lenient),
                Ok(Some(len)),
                "{}",
                bytes.escape_ascii()
            );
            assert_eq!(Ok((head, fields)), response(&bytes[..len], limits), "{}", bytes.escape_ascii());
        }
        let lines = after_first_line(bytes);
        if let Some((len, headers, fields)) = plain_section(lines, limits) {
            let section = any_section(bytes, &lines[..len], limits);
            assert_eq!(Ok((headers, fields)), section, "{}", bytes.escape_ascii());
        }
    }

    /// Every start line with every two field lines: each pair of neighbours, the start line and the end included.
    #[test]
    fn both_parsers_agree_on_all_short_heads() {
        let limits = Limits::default();
        for start in &PIECES[..15] {
            for first in &PIECES[15..] {
                compare(&[start, *first, b"\r\n"].concat(), &limits);
                for second in &PIECES[15..] {
                    compare(&[start, *first, second, b"\r\nbody"].concat(), &limits);
                }
            }
        }
    }

    /// Each byte of a head replaced by each of the 256, left out, and preceded by each of the 256.
    #[test]
    fn both_parsers_agree_on_all_heads_that_differ_in_one_byte() {
        let limits = Limits::default();
        let model = b"HTTP/1.1 404 No t\r\nA-b: c d\r\nE:\tf\r\n\r\n";
        for at in 0..model.len() {
            let (before, after) = model.split_at(at);
            compare(&[before, &after[1..]].concat(), &limits);
            for byte in 0..=u8::MAX {
                compare(&[before, &[byte], &after[1..]].concat(), &limits);
                compare(&[before, &[byte], after].concat(), &limits);
            }
        }
    }

    /// All pairs of bytes in a name, in a value, at a value's ends and in a reason phrase.
    #[test]
    fn both_parsers_agree_on_all_pairs_of_bytes() {
        let limits = Limits::default();
        let frames: [[&[u8]; 2]; 5] = [
            [b"HTTP/1.1 200 OK\r\na", b"b: c\r\n\r\n"],
            [b"HTTP/1.1 200 OK\r\na: b", b"c\r\n\r\n"],
            [b"HTTP/1.1 200 OK\r\na:", b"b\r\n\r\n"],
            [b"HTTP/1.1 200 OK\r\na: b", b"\r\n\r\n"],
            [b"HTTP/1.1 200", b"K\r\na: b\r\n\r\n"],
        ];
        for [before, after] in frames {
            for one in 0..=u8::MAX {
                for two in 0..=u8::MAX {
                    compare(&[before, &[one, two], after].concat(), &limits);
                }
            }
        }
    }

    #[test]
    fn plain_heads_go_the_short_way() {
        let limits = Limits::default();
        for (head, plain) in [
            (&b"HTTP/1.1 200 OK\r\n\r\n"[..], true),
            (b"HTTP/1.0 404 Not Found\r\nA: b\r\nSet-Cookie: a=b; c\r\n\r\n", true),
            (b"HTTP/1.1 200 Of course\r\nX-Y_z.1: ~\r\n\r\n", true),
            (b"HTTP/1.1 200\r\n\r\n", true),
            (b"HTTP/1.1 200 \r\n\r\n", true),
            (b"HTTP/1.1 200 OK\r\nX: \xe4\r\n\r\n", true),
            (b"HTTP/1.1 200 OK\r\nA:b\r\nC:\t d\te \r\nF:\r\n\r\n", true),
            (b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", false),
            (b"HTTP/1.1 200 OK\r\nA: b\n\r\n", false),
            (b"HTTP/1.1 200 \xe4\r\n\r\n", false),
        ] {
            assert_eq!(plain_response(head, &limits).is_some(), plain, "{}", head.escape_ascii());
            assert!(response(head, &limits).is_ok());
        }
    }
}
