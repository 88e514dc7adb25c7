//! However a chunked body is split, client and server decode it as a simple decoder of the complete body does.

#![no_main]

use httpx_core::{Headers, Method};
use httpx_fuzz::{Cut as Pieces, Said, lines, pieces, play};
use httpx_proto::{BodyLength, Client, Limits, LocalError, RemoteError, RequestRef, Server, Truncation};
use libfuzzer_sys::fuzz_target;

/// Below all limits. Other targets test the limits.
const MOST: usize = 768;

// The first byte chooses the split, the rest is the body.
fuzz_target!(|data: &[u8]| {
    let [how, body @ ..] = data else { return };
    let body = &body[..body.len().min(MOST)];
    let cut = if how & 1 == 0 { Pieces::EachByte } else { Pieces::Some(u64::from(*how)) };
    let mut client = client_that_sent(BodyLength::None);
    let wire = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body].concat();
    let said = play(&mut client, &pieces(&wire, cut), Some(true), |_| false);
    assert_eq!(heard(said, client.unread()), read(body, true));

    let mut server = Server::new(Limits::default());
    let wire = [b"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", body].concat();
    let said = play(&mut server, &pieces(&wire, cut), Some(true), |_| false);
    assert_eq!(heard(said, server.unread()), read(body, false));
});

fn client_that_sent(body: BodyLength) -> Client {
    let headers = Headers::new();
    let head = RequestRef { method: &Method::PUT, target: "/", host: Some("h"), headers: &headers };
    let mut client = Client::new(Limits::default());
    client.send_head(head, body, &mut Vec::new()).expect("a head");
    client
}

/// The result of decoding a body.
#[derive(Debug, PartialEq)]
struct Read {
    data: Vec<u8>,
    end: End,
}

#[derive(Debug, PartialEq)]
enum End {
    /// It ended with these trailers; the number of bytes after it.
    Behind(Vec<(String, Vec<u8>)>, usize),
    Cut(Truncation),
    Refused(Refused),
}

#[derive(Debug, PartialEq)]
enum Refused {
    Size,
    ChunkEnd,
    BareLf,
    Field,
}

fn heard<H: std::fmt::Debug>(said: Vec<Said<H>>, unread: &[u8]) -> Read {
    let (mut data, mut end) = (Vec::new(), None);
    for said in said {
        match said {
            Said::Data(piece) => data.extend(piece),
            Said::End(trailers) => end = Some(End::Behind(lines(&trailers), unread.len())),
            Said::Error(error) => end = Some(refused(error)),
            Said::Interim(_) | Said::Head(_) | Said::Closed => {}
        }
    }
    Read { data, end: end.expect("an end, since no more comes") }
}

fn refused(error: RemoteError) -> End {
    match error {
        RemoteError::Incomplete(cut) => End::Cut(cut),
        RemoteError::ChunkSize => End::Refused(Refused::Size),
        RemoteError::ChunkEnd => End::Refused(Refused::ChunkEnd),
        RemoteError::BareLf => End::Refused(Refused::BareLf),
        RemoteError::HeaderName(_) | RemoteError::HeaderValue(_) | RemoteError::BareCr => {
            End::Refused(Refused::Field)
        }
        other => panic!("nothing here is {other:?}"),
    }
}

fn read(mut body: &[u8], lenient: bool) -> Read {
    let mut data = Vec::new();
    loop {
        let size = match size(body, lenient) {
            Ok((size, rest)) => {
                body = rest;
                size
            }
            Err(end) => return Read { data, end },
        };
        if size == 0 {
            return Read { data, end: trailers(body, lenient) };
        }
        let len = usize::try_from(size).unwrap_or(usize::MAX).min(body.len());
        data.extend_from_slice(&body[..len]);
        body = &body[len..];
        match body {
            [b'\r', b'\n', rest @ ..] => body = rest,
            [] | [b'\r'] => return Read { data, end: End::Cut(Truncation::Chunk) },
            _ => return Read { data, end: End::Refused(Refused::ChunkEnd) },
        }
    }
}

/// The size of a chunk, and the bytes after its chunk-size line.
fn size(line: &[u8], lenient: bool) -> Result<(u64, &[u8]), End> {
    let (digits, rest) = split(line, |byte| byte.is_ascii_hexdigit());
    let (blanks, rest) = split(rest, |byte| matches!(byte, b' ' | b'\t'));
    let is_extended = rest.starts_with(b";");
    let (_, rest) = split(rest, |byte| is_extended && !is_control(byte));
    if digits.len() > 16 || digits.is_empty() && !line.is_empty() || !blanks.is_empty() && !lenient {
        return Err(End::Refused(Refused::Size));
    }
    match rest {
        [b'\r', b'\n', rest @ ..] => {
            let digits = std::str::from_utf8(digits).expect("digits");
            Ok((u64::from_str_radix(digits, 16).expect("digits"), rest))
        }
        [] | [b'\r'] => Err(End::Cut(Truncation::Chunk)),
        _ => Err(End::Refused(Refused::Size)),
    }
}

fn split(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().position(|&byte| !belongs(byte)).unwrap_or(bytes.len()))
}

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}

fn trailers(body: &[u8], lenient: bool) -> End {
    let (mut at, mut lines) = (0, Vec::new());
    loop {
        let Some(len) = body[at..].iter().position(|&byte| byte == b'\n') else {
            return End::Cut(Truncation::Trailers);
        };
        let line = &body[at..at + len];
        at += len + 1;
        match line.strip_suffix(b"\r") {
            None if !lenient => return End::Refused(Refused::BareLf),
            Some([]) => break,
            None if line.is_empty() => break,
            stripped => lines.push(stripped.unwrap_or(line)),
        }
    }
    match fields(&lines, lenient) {
        Some(mut fields) => {
            fields.retain(may_be_sent);
            End::Behind(fields, body.len() - at)
        }
        None => End::Refused(Refused::Field),
    }
}

/// The fields of these lines. A lenient reader unfolds folded lines.
fn fields(lines: &[&[u8]], lenient: bool) -> Option<Vec<(String, Vec<u8>)>> {
    let mut fields = Vec::<(String, Vec<u8>)>::new();
    for line in lines {
        if line.iter().any(|&byte| is_control(byte)) {
            return None;
        }
        match (line[0], fields.last_mut()) {
            (b' ' | b'\t', Some((_, value))) if lenient => {
                let more = line.trim_ascii();
                let between: &[u8] = if value.is_empty() || more.is_empty() { b"" } else { b" " };
                value.extend([between, more].concat());
            }
            _ => {
                let colon = line.iter().position(|&byte| byte == b':')?;
                let name = String::from_utf8(line[..colon].to_vec()).ok()?;
                let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
                if name.is_empty() || !name.bytes().all(is_token) {
                    return None;
                }
                fields.push((name, line[colon + 1..].trim_ascii().to_vec()));
            }
        }
    }
    Some(fields)
}

/// Returns whether the codec would send this trailer. Received trailers are delivered by the same rule.
fn may_be_sent((name, value): &(String, Vec<u8>)) -> bool {
    let mut trailers = Headers::new();
    trailers.append(name, value).expect("a field");
    let mut client = client_that_sent(BodyLength::Unknown);
    match client.send_end(&trailers, &mut Vec::new()) {
        Ok(()) => true,
        Err(LocalError::Trailer(_)) => false,
        Err(error) => panic!("{error}"),
    }
}
