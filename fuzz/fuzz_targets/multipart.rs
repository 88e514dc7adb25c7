//! Multipart bodies: every split gives the same parts, sizes are bounded, and a form that is sent is parsed to equal parts.

#![no_main]

use std::io::{Cursor, Read};

use httpx_core::blocking::Body;
use httpx_core::{Multipart, Part, Response};
use httpx_fuzz::lines;
use libfuzzer_sys::fuzz_target;

/// The headers of a part, and its content.
type Shown = (Vec<(String, Vec<u8>)>, Vec<u8>);

/// The complete parts, and the error.
fn decoded(content_type: &str, body: Body) -> Option<(Vec<Shown>, Option<String>)> {
    let head = Response::new(200, ()).expect("a status").into_parts().0;
    let response = Response::from_parts(head, body).with_header("Content-Type", content_type).ok()?;
    let mut parts = response.multipart().ok()?;
    let mut all = Vec::new();
    loop {
        match parts.next_part() {
            Ok(Some(part)) => {
                let headers = lines(part.headers());
                assert!(
                    headers.len() <= 64
                        && headers.iter().map(|(_, value)| value.len()).sum::<usize>() <= 16 << 10
                );
                let _ = (part.name(), part.file_name(), part.content_type());
                match part.into_bytes() {
                    Ok(content) => all.push((headers, content.to_vec())),
                    Err(error) => return Some((all, Some(error.to_string()))),
                }
            }
            Ok(None) => return Some((all, None)),
            Err(error) => {
                assert!(parts.next_part().is_err(), "an error repeats");
                return Some((all, Some(error.to_string())));
            }
        }
    }
}

/// A reader that gives few bytes at a time.
struct Slow(Cursor<Vec<u8>>, usize);

impl Read for Slow {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = buf.len().min(self.1);
        self.0.read(&mut buf[..n])
    }
}

/// Sends a form whose fields are between NULs, and reads it. Names hold no `%`, which browsers do not escape, and no control
/// characters.
fn round_trip(text: &str) {
    let mut form = Multipart::<Body>::new();
    let mut fields = Vec::new();
    let texts = text.split('\0').collect::<Vec<_>>();
    for field in texts.chunks_exact(3) {
        let &[name, file_name, content] = field else { return };
        let is_odd = |char: char| char == '%' || char.is_control() && !matches!(char, '\r' | '\n' | '\t');
        if name.contains(is_odd) || file_name.contains(is_odd) {
            return;
        }
        form = form.part(name, Part::new(content.to_owned()).file_name(file_name));
        fields.push((name, file_name, content));
    }
    let (content_type, body) = form.into_content().expect("the form is valid");
    let head = Response::new(200, ()).expect("a status").into_parts().0;
    let response =
        Response::from_parts(head, body).with_header("Content-Type", content_type).expect("a header");
    let mut parts = response.multipart().expect("a form");
    for (name, file_name, content) in fields {
        let part = parts.next_part().expect("a form").expect("a part");
        assert_eq!((part.name().as_deref(), part.file_name().as_deref()), (Some(name), Some(file_name)));
        assert_eq!(part.into_bytes().expect("a part"), content);
    }
    assert!(parts.next_part().expect("the end").is_none());
}

// The first line is the `Content-Type`, the rest is the body.
fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|&byte| byte == b'\n').unwrap_or(data.len());
    let (content_type, body) = data.split_at(end);
    let body = body.get(1..).unwrap_or_default();
    if let Ok(content_type) = std::str::from_utf8(content_type) {
        let whole = decoded(content_type, Body::from(body.to_vec()));
        for piece in [1, 7] {
            let slow = Slow(Cursor::new(body.to_vec()), piece);
            assert_eq!(decoded(content_type, Body::from_reader(slow)), whole);
        }
    }
    if let Ok(text) = std::str::from_utf8(body) {
        round_trip(text);
    }
});
