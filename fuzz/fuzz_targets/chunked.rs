//! A chunked body is what a reader that has it whole before its eyes makes of it, for a client and for a server.

#![no_main]

use httpx_core::{Headers, Method};
use httpx_fuzz::{Cut, Said, pieces, play};
use httpx_proto::{BodyLength, Client, Limits, RequestRef, Server};
use libfuzzer_sys::fuzz_target;

// The first byte says how the bytes are cut, the rest is the body.
fuzz_target!(|data: &[u8]| {
    let [how, body @ ..] = data else { return };
    let cut = if how & 1 == 0 { Cut::EachByte } else { Cut::Some(u64::from(*how)) };
    let headers = Headers::new();
    let head = RequestRef { method: &Method::GET, target: "/", host: Some("h"), headers: &headers };
    let mut client = Client::new(Limits::default());
    client.send_head(head, BodyLength::None, &mut Vec::new()).expect("a head");
    let wire = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body].concat();
    compare(play(&mut client, &pieces(&wire, cut), None, |_| false), client.unread(), read(body, true));

    let mut server = Server::new(Limits::default());
    let wire = [b"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", body].concat();
    compare(play(&mut server, &pieces(&wire, cut), None, |_| false), server.unread(), read(body, false));
});

/// What came of a body: its data, and whether it ended (with how much behind it), broke off or was refused.
#[derive(Debug, PartialEq)]
struct Read {
    data: Vec<u8>,
    end: End,
}

#[derive(Debug, PartialEq)]
enum End {
    Behind(usize),
    More,
    Refused,
}

fn compare<H: std::fmt::Debug>(said: Vec<Said<H>>, unread: &[u8], expected: Read) {
    let mut read = Read { data: Vec::new(), end: End::More };
    for said in said {
        match said {
            Said::Data(data) => read.data.extend(data),
            Said::End(_) => read.end = End::Behind(unread.len()),
            Said::Error(_) => read.end = End::Refused,
            Said::Interim(_) | Said::Head(_) | Said::Closed => {}
        }
    }
    // The trailers are fields, and that is another target's matter; here they are only an end or none.
    if expected.end == End::Refused
        || matches!((&read.end, &expected.end), (End::Refused, End::Behind(_) | End::More))
    {
        assert!(expected.data.starts_with(&read.data) || read.data.starts_with(&expected.data));
        assert!(read.end == End::Refused || expected.end != End::Refused, "{read:?} {expected:?}");
        return;
    }
    assert_eq!(read, expected);
}

fn read(mut body: &[u8], lenient: bool) -> Read {
    let mut data = Vec::new();
    loop {
        let Some(lf) = body.iter().position(|&byte| byte == b'\n') else {
            return Read { data, end: End::More };
        };
        let Some(size) = size(&body[..lf], lenient) else { return Read { data, end: End::Refused } };
        body = &body[lf + 1..];
        if size == 0 {
            let end = trailers(body, lenient).map_or(End::More, |len| End::Behind(body.len() - len));
            return Read { data, end };
        }
        let len = usize::try_from(size).unwrap_or(usize::MAX).min(body.len());
        data.extend_from_slice(&body[..len]);
        body = &body[len..];
        match body {
            [b'\r', b'\n', rest @ ..] => body = rest,
            [] | [b'\r'] => return Read { data, end: End::More },
            _ => return Read { data, end: End::Refused },
        }
    }
}

fn size(line: &[u8], lenient: bool) -> Option<u64> {
    let line = line.strip_suffix(b"\r")?.iter().map(|&byte| char::from(byte)).collect::<String>();
    let digits = line.split([';', ' ', '\t']).next().unwrap_or_default();
    let rest = &line[digits.len()..];
    let blank = rest.trim_start_matches([' ', '\t']);
    let fine = (blank.len() == rest.len() || lenient) && (blank.is_empty() || blank.starts_with(';'));
    let control = rest.chars().any(|byte| byte.is_ascii_control() && byte != '\t');
    if !fine || control || digits.len() > 16 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u64::from_str_radix(digits, 16).ok()
}

/// How long the trailers are, with the empty line.
fn trailers(body: &[u8], lenient: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let lf = at + body[at..].iter().position(|&byte| byte == b'\n')?;
        match &body[at..lf] {
            [b'\r'] => return Some(lf + 1),
            [] if lenient => return Some(lf + 1),
            _ => at = lf + 1,
        }
    }
}
