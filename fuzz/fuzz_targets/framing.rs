//! The framing of a message equals that of a simple model, and a server never frames it differently from a client.

#![no_main]

use httpx_core::{StatusCode, Version};
use httpx_proto::framing::{BodyKind, Fields, RequestKind, of_request, of_response};
use libfuzzer_sys::fuzz_target;

// Lines of `name: value`; a line without a colon is a Content-Length.
fuzz_target!(|data: &[u8]| {
    let [first, rest @ ..] = data else { return };
    let version = if first & 1 == 0 { Version::Http11 } else { Version::Http10 };
    let (mut fields, mut upper, mut model) = (Fields::default(), Fields::default(), Model::default());
    for line in rest.split(|&byte| byte == b'\n') {
        let colon = line.iter().position(|&byte| byte == b':');
        let (name, value) = match colon {
            Some(at) => (String::from_utf8_lossy(&line[..at]).into_owned(), &line[at + 1..]),
            None => ("Content-Length".to_owned(), line),
        };
        fields.add(&name, value);
        upper.add(&name.to_ascii_uppercase(), value);
        model.add(&name, value);
    }
    assert_eq!(fields, upper);
    let response = of_response(&fields, RequestKind::Other, StatusCode::OK, version);
    let request = of_request(&fields, RequestKind::Other, version);
    let tunnel = of_request(&fields, RequestKind::Connect, version);
    assert_eq!(tunnel.is_ok(), request.as_ref().is_ok_and(|framing| framing.kind == BodyKind::Length(0)));
    assert_eq!(response.as_ref().ok().map(|framing| framing.kind), model.response(version));
    assert_eq!(request.as_ref().ok().map(|framing| framing.kind), model.request(version));
    if let (Ok(request), Ok(response)) = (&request, &response) {
        assert!(request.kind == response.kind || response.kind == BodyKind::UntilClose);
    }
    for (kind, status, bare) in
        [(RequestKind::Head, 200, true), (RequestKind::Other, 304, true), (RequestKind::Connect, 200, false)]
    {
        let status = StatusCode::try_from(status).expect("a status");
        let body = of_response(&fields, kind, status, version).expect("no field has a say").kind;
        assert_eq!(body, if bare { BodyKind::Length(0) } else { BodyKind::Tunnel });
    }
});

/// All elements of all lines.
#[derive(Default)]
struct Model {
    lengths: Vec<String>,
    codings: Vec<String>,
    coded: bool,
}

impl Model {
    fn add(&mut self, name: &str, value: &[u8]) {
        let value = value.iter().map(|&byte| char::from(byte)).collect::<String>();
        let elements = value.split(',').map(|element| element.trim_matches([' ', '\t']).to_owned());
        match &*name.to_ascii_lowercase() {
            "content-length" => self.lengths.extend(elements),
            "transfer-encoding" => {
                self.coded = true;
                self.codings.extend(elements);
            }
            _ => {}
        }
    }

    fn length(&self) -> Option<Option<u64>> {
        let number = |text: &String| {
            let digits = !text.is_empty() && text.chars().all(|digit| digit.is_ascii_digit());
            text.parse::<u64>().ok().filter(|&number| digits && number <= i64::MAX as u64)
        };
        let Some(first) = self.lengths.first() else { return Some(None) };
        number(first)?;
        let same = self.lengths.iter().all(|length| number(length) == number(first));
        same.then(|| number(first))
    }

    /// A client ignores empty list elements (RFC 9110 §5.6.1); a server accepts only the single word.
    fn chunked(&self, version: Version, lenient: bool) -> Option<bool> {
        let codings = self.codings.iter().filter(|coding| !lenient || !coding.is_empty()).collect::<Vec<_>>();
        match (self.coded, version) {
            (false, _) => Some(false),
            (true, Version::Http10) => None,
            (true, _) => matches!(&*codings, [one] if one.eq_ignore_ascii_case("chunked")).then_some(true),
        }
    }

    fn response(&self, version: Version) -> Option<BodyKind> {
        Some(match (self.chunked(version, true)?, self.length()?) {
            (true, _) => BodyKind::Chunked,
            (false, Some(length)) => BodyKind::Length(length),
            (false, None) => BodyKind::UntilClose,
        })
    }

    fn request(&self, version: Version) -> Option<BodyKind> {
        Some(match (self.chunked(version, false)?, &*self.lengths, self.length()?) {
            (true, [], None) => BodyKind::Chunked,
            (false, [_], Some(length)) => BodyKind::Length(length),
            (false, [], None) => BodyKind::Length(0),
            _ => return None,
        })
    }
}
