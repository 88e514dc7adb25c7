//! The codec's fast parser of response heads reads each head as `httparse` does, or leaves it to `httparse`.

#![no_main]

use httparse::{Header, ParserConfig, Response, Status};
use httpx_core::{Headers, Method};
use httpx_proto::{BodyLength, Client, Event, Limits, RequestRef, ResponseHead, Version};
use libfuzzer_sys::fuzz_target;

const MAX_HEADERS: usize = 64;

fuzz_target!(|bytes: &[u8]| {
    let Some(head) = received(bytes) else { return };
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = Response::new(&mut headers);
    let mut config = ParserConfig::default();
    config.allow_obsolete_multiline_headers_in_responses(true);
    // The codec skips a bounded number of empty lines, as `httparse` does.
    let parsed = config.parse_response(&mut response, bytes);
    assert!(
        matches!(parsed, Ok(Status::Complete(_))),
        "the codec accepts a head that httparse refuses: {parsed:?}"
    );
    assert_eq!(Some(head.status().as_u16()), response.code);
    assert_eq!(Some(u8::from(head.version() == Version::Http11)), response.version);
    let lines: Vec<_> = head.headers().iter().collect();
    assert_eq!(lines.len(), response.headers.len());
    for ((name, value), line) in lines.into_iter().zip(response.headers.iter()) {
        assert_eq!(name, line.name);
        assert_eq!(value.as_bytes(), unfolded(line));
    }
});

/// The first head that a client reads from these bytes.
fn received(bytes: &[u8]) -> Option<ResponseHead> {
    let mut limits = Limits::default();
    limits.header_count = MAX_HEADERS;
    let mut client = Client::new(limits);
    let headers = Headers::new();
    let head = RequestRef { method: &Method::GET, target: "/", host: Some("h"), headers: &headers };
    client.send_head(head, BodyLength::None, &mut Vec::new()).expect("a valid head");
    client.receive(bytes);
    match client.next_event() {
        Ok(Event::Head(head) | Event::Interim(head)) => Some(head),
        _ => None,
    }
}

/// The value with each line end and the white space around it replaced by one space (RFC 9112 §5.2).
fn unfolded(line: &Header<'_>) -> Vec<u8> {
    if !line.value.contains(&b'\n') {
        return line.value.to_vec();
    }
    let parts =
        line.value.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(&b' ')
}
