//! The parts of multipart responses.

use std::io;

use httpx_core::{
    BodyParts, Error, ErrorKind, IntoBody, Multipart, Options, Part, Response, ResponseHead, Result,
    StatusCode, Timeout,
};
use httpx_testing::encode::gzip;
use proptest::prelude::*;

use crate::flavour::{Async, Blocking, Flavour};
use crate::source::{Script, Step};

const MIXED: &str = "multipart/mixed; boundary=b";
const TWO: &str =
    "--b\r\nContent-Type: text/plain; charset=latin1\r\n\r\none\r\n--b\r\nX: 2\r\n\r\ntwo\r\n--b--\r\n";

fn parts<F: Flavour>(content_type: &str, source: Script) -> Result<BodyParts<F::Body>> {
    let response = F::response(source, "", &Options::default());
    response.with_header("Content-Type", content_type)?.multipart()
}

/// The contents of all parts, and the error.
fn contents<F: Flavour>(parts: &mut BodyParts<F::Body>) -> (Vec<String>, Result<()>) {
    let mut all = Vec::new();
    loop {
        match F::next_part(parts).and_then(|part| part.map(F::part_text).transpose()) {
            Ok(Some(text)) => all.push(text),
            Ok(None) => return (all, Ok(())),
            Err(error) => return (all, Err(error)),
        }
    }
}

fn ways_to_read<F: Flavour>() {
    for piece in [1, 2, 5, 1000] {
        let open = || parts::<F>(MIXED, Script::bytes(TWO.as_bytes().chunks(piece))).unwrap();
        let all = contents::<F>(&mut open());
        assert!(all.1.is_ok());
        assert_eq!(all.0, ["one", "two"]);

        // Chunk by chunk, and with reads; then the end repeats.
        let mut parts = open();
        let mut part = F::next_part(&mut parts).unwrap().unwrap();
        let mut chunks = Vec::new();
        while let Some(chunk) = F::part_chunk(&mut part).unwrap() {
            assert!(!chunk.is_empty());
            chunks.extend_from_slice(&chunk);
        }
        assert_eq!(chunks, b"one");
        assert!(F::part_chunk(&mut part).unwrap().is_none());
        assert!(F::part_read(&mut part, 5).unwrap().is_empty());
        let mut part = F::next_part(&mut parts).unwrap().unwrap();
        assert!(F::part_read(&mut part, 0).unwrap().is_empty());
        let first = F::part_read(&mut part, 1).unwrap();
        assert_eq!(first, b"t");
        // A chunk after a part of it was read is the rest.
        let rest = F::part_chunk(&mut part).unwrap().unwrap();
        assert!(b"wo".starts_with(&rest), "{rest:?}");
        assert_eq!(part.headers().get("x").unwrap(), "2");
        assert!(F::next_part(&mut parts).unwrap().is_none() && F::next_part(&mut parts).unwrap().is_none());

        // What is not read is skipped.
        let mut parts = open();
        let mut part = F::next_part(&mut parts).unwrap().unwrap();
        assert_eq!(F::part_read(&mut part, 1).unwrap(), b"o");
        assert_eq!(contents::<F>(&mut parts).0, ["two"]);
        let mut parts = open();
        assert!(F::next_part(&mut parts).unwrap().is_some() && F::next_part(&mut parts).unwrap().is_some());
        assert!(F::next_part(&mut parts).unwrap().is_none());
        assert_eq!(format!("{parts:?}"), "<BodyParts of <Response [200 OK]>>");
    }
}

#[test]
fn parts_are_read_in_each_way() {
    ways_to_read::<Blocking>();
    ways_to_read::<Async>();
}

fn headers_of_a_part<F: Flavour>() {
    let body = b"--b\r\nContent-Disposition: form-data; name=\"a%22\"; filename*=UTF-8''%e2%82%ac\r\n\
        Content-Type: Text/Plain; charset=utf-16le\r\n\r\na\0\r\n--b\r\nContent-Type: x\r\n\r\n\xff\r\n--b--";
    let mut parts =
        parts::<F>("Multipart/Form-Data; x=y; Boundary=\"b\"", Script::bytes([&body[..]])).unwrap();
    assert_eq!(parts.head().status(), 200);
    let part = F::next_part(&mut parts).unwrap().unwrap();
    assert_eq!((part.name().as_deref(), part.file_name().as_deref()), (Some("a\""), Some("\u{20ac}")));
    assert!(part.content_type().unwrap().is("text/plain"));
    assert!(format!("{part:?}").starts_with("<BodyPart {\"Content-Disposition\": "));
    if cfg!(feature = "charset") {
        assert_eq!(F::part_text(part).unwrap(), "a");
    }
    let part = F::next_part(&mut parts).unwrap().unwrap();
    assert!(part.name().is_none() && part.file_name().is_none() && part.content_type().is_none());
    assert_eq!(F::part_text(part).unwrap(), "\u{fffd}");
}

#[test]
fn the_headers_of_a_part_have_getters() {
    headers_of_a_part::<Blocking>();
    headers_of_a_part::<Async>();
}

fn content_types<F: Flavour>() {
    let long = format!("multipart/mixed; boundary={}", "x".repeat(71));
    for (content_type, expected) in [
        ("multipart/mixed; boundary=b", ""),
        ("multipart/x-mixed-replace;boundary=\"a b\"", ""),
        ("multipart/related; boundary=\"=_'()+_,-./:=? x\"", ""),
        (&long[..long.len() - 1], ""),
        ("text/html; boundary=b", "the body is not multipart: its Content-Type is \"text/html; boundary=b\""),
        ("multipartial/mixed; boundary=b", "the body is not multipart"),
        ("", "the body is not multipart: its Content-Type is \"\""),
        ("multipart/mixed", "no boundary is in its Content-Type, \"multipart/mixed\""),
        ("multipart/mixed; boundary=", "no boundary is in its Content-Type"),
        ("multipart/mixed; boundary=\"\"", "a boundary is 1 to 70 visible characters, and not \"\""),
        ("multipart/mixed; boundary=\"b \"", "a boundary is 1 to 70 visible characters, and not \"b \""),
        ("multipart/mixed; boundary=\"\u{fc}\"", "a boundary is 1 to 70 visible characters"),
        (&long, "a boundary is 1 to 70 visible characters"),
    ] {
        let error = parts::<F>(content_type, Script::bytes([""])).err();
        let shown = error.as_ref().map(ToString::to_string).unwrap_or_default();
        assert!(
            shown.contains(expected) && shown.is_empty() == expected.is_empty(),
            "{content_type}: {shown}"
        );
        if let Some(error) = error {
            assert_eq!((error.kind(), error.url()), (ErrorKind::Protocol, Some("http://example.com/")));
        }
    }
}

#[test]
fn a_body_needs_a_boundary() {
    content_types::<Blocking>();
    content_types::<Async>();
}

/// After an error every call fails, so that a body that was cut short cannot be taken for complete.
fn failures<F: Flavour>() {
    let late = ErrorKind::Timeout(Timeout::Read);
    let rows: [(Vec<Step>, ErrorKind, usize); 5] = [
        (vec![Step::Bytes(TWO.as_bytes()[..60].into())], ErrorKind::Incomplete, 1),
        (vec![Step::Bytes(TWO.as_bytes()[..60].into()), Step::Stall], late, 1),
        (vec![Step::Bytes(TWO.as_bytes()[..2].into()), Step::Stall], late, 0),
        (vec![Step::Bytes("--b\r\n\r\none\r\n--b\r\nA B: c\r\n\r\n".into())], ErrorKind::Protocol, 1),
        (vec![Step::Bytes("--b\r\nA: ".into()), Step::Bytes(vec![b'x'; 20_000])], ErrorKind::TooLarge, 0),
    ];
    for (steps, kind, complete) in rows {
        let source = Script::new(steps);
        let log = source.log();
        let mut parts = parts::<F>(MIXED, source).unwrap();
        let (all, error) = contents::<F>(&mut parts);
        let error = error.unwrap_err();
        assert_eq!((error.kind(), error.url(), all.len()), (kind, Some("http://example.com/"), complete));
        for _ in 0..2 {
            let error = F::next_part(&mut parts).unwrap_err();
            assert_eq!(
                (error.kind(), &*error.message()),
                (kind, "an earlier read of this multipart body failed")
            );
        }
        drop(parts);
        assert_eq!(
            log.end(),
            if kind == ErrorKind::Incomplete { Some("finished") } else { Some("discarded") }
        );
    }
    // In the middle of a part.
    let mut parts = parts::<F>(MIXED, Script::bytes(["--b\r\n\r\none"])).unwrap();
    let mut part = F::next_part(&mut parts).unwrap().unwrap();
    assert_eq!(F::part_read(&mut part, 9).unwrap(), b"one");
    let error = Error::from_io(F::part_read(&mut part, 9).unwrap_err(), "");
    assert_eq!((error.kind(), error.url()), (ErrorKind::Incomplete, Some("http://example.com/")));
    assert_eq!(F::part_read(&mut part, 9).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    assert_eq!(F::part_bytes(part).unwrap_err().kind(), ErrorKind::Incomplete);
}

#[test]
fn a_body_that_breaks_fails_again() {
    failures::<Blocking>();
    failures::<Async>();
}

/// A part that is too long to be collected is skipped. Streaming has no limit.
fn limits<F: Flavour>() {
    let mut options = Options::default();
    options.max_body_bytes = Some(3);
    for (most, expected) in [(None, ErrorKind::TooLarge), (Some(4), ErrorKind::TooLarge)] {
        let body = "--b\r\n\r\none, two\r\n--b\r\n\r\nabc\r\n--b--";
        let response = F::response(Script::bytes(body.as_bytes().chunks(20)), "", &options);
        let mut parts = response.with_header("Content-Type", MIXED).unwrap().multipart().unwrap();
        if let Some(most) = most {
            parts = parts.max_part_bytes(most);
        }
        let error = F::part_bytes(F::next_part(&mut parts).unwrap().unwrap()).unwrap_err();
        assert_eq!((error.kind(), error.url()), (expected, Some("http://example.com/")));
        assert!(error.to_string().contains("raise it with max_part_bytes()"), "{error}");
        assert_eq!(contents::<F>(&mut parts).0, ["abc"]);
    }
}

#[test]
fn a_part_that_is_too_long_to_collect() {
    limits::<Blocking>();
    limits::<Async>();
}

/// A body in a content coding, and one with an epilogue: it is read to its end, so that its connection can be used again.
fn whole_bodies<F: Flavour>() {
    let coded = gzip(TWO.as_bytes());
    let response = F::response(Script::bytes(coded.chunks(7)), "gzip", &Options::default());
    let mut parts = response.with_header("Content-Type", MIXED).unwrap().multipart().unwrap();
    assert_eq!(contents::<F>(&mut parts).0, ["one", "two"]);

    let long = "x".repeat(200_000);
    for (epilogue, end) in [("", "finished"), ("an epilogue", "finished"), (&long, "discarded")] {
        let source = Script::bytes(
            [TWO.as_bytes(), epilogue.as_bytes()].iter().flat_map(|bytes| bytes.chunks(1 << 14)),
        );
        let log = source.log();
        let mut open = self::parts::<F>(MIXED, source).unwrap();
        let (all, error) = contents::<F>(&mut open);
        assert!(all.len() == 2 && error.is_ok());
        drop(open);
        assert_eq!(log.end(), Some(end));
    }
}

#[test]
fn a_body_is_read_to_its_end() {
    whole_bodies::<Blocking>();
    whole_bodies::<Async>();
}

/// A form as it is sent, as a response.
fn sent<F: Flavour>(form: Multipart<F::Body>) -> BodyParts<F::Body> {
    let (content_type, body) = form.into_content().unwrap();
    let head = ResponseHead::new(StatusCode::OK);
    Response::from_parts(head, body).with_header("Content-Type", content_type).unwrap().multipart().unwrap()
}

type Field = (String, Option<String>, Vec<u8>);

/// What a form with these fields gives when it is read.
fn round_trip<F: Flavour>(fields: &[Field], from_readers: bool)
where
    Vec<u8>: IntoBody<F::Body>,
{
    let mut form = Multipart::<F::Body>::new();
    for (name, file_name, content) in fields {
        let mut part = match from_readers {
            true => Part::new(F::from_reader(io::Cursor::new(content.clone()))),
            false => Part::new(content.clone()),
        };
        if let Some(file_name) = file_name {
            part = part.file_name(file_name.clone());
        }
        form = form.part(name.clone(), part);
    }
    let mut parts = sent::<F>(form);
    let mut found = Vec::new();
    while let Some(part) = F::next_part(&mut parts).unwrap() {
        let owned = |name: std::borrow::Cow<'_, str>| name.into_owned();
        let names = (part.name().map(owned).unwrap(), part.file_name().map(owned));
        assert_eq!(part.content_type().is_some(), names.1.is_some());
        found.push((names.0, names.1, F::part_bytes(part).unwrap().to_vec()));
    }
    assert_eq!(found, fields);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What the sender of forms writes comes back equal. A name with `%22` would not: browsers do not escape `%`. The headers
    /// of a part hold no control characters.
    #[test]
    fn what_is_sent_comes_back(
        fields in proptest::collection::vec(
            ("[^\\p{Cc}%]{0,9}|[\r\n\"\\\\;= a]{0,9}", proptest::option::of("[^\\p{Cc}%]{0,9}|[\r\n\"\\\\;= \t]{0,9}"), "[-\r\na]{0,20}|\\PC{0,9}"),
            0..5,
        ),
        from_readers: bool,
    ) {
        let fields = fields.into_iter().map(|(name, file, content)| (name, file, content.into_bytes())).collect::<Vec<_>>();
        round_trip::<Blocking>(&fields, from_readers);
        round_trip::<Async>(&fields, from_readers);
    }
}

/// The file names of the web platform tests `FileAPI/file/send-file-formdata-*`: written as there, and read back. A header
/// that holds other control characters than a tab is refused when it is read.
fn names_of_files<F: Flavour>()
where
    Vec<u8>: IntoBody<F::Body>,
{
    let escapes =
        [("\n", "%0A"), ("\n\r", "%0A%0D"), ("\r", "%0D"), ("\r\n", "%0D%0A"), ("\"", "%22"), ("\t", "\t")];
    let as_they_are =
        ["\\", "!", "$", "%", "&", "'", "(", ")", "*", "+", ",", ".", "/", ":", ";", "=", "?", "^", "[", "]"];
    let more =
        ["{", "|", "}", "~", " ", "\u{fffd}", "\u{3042}", "\u{2603}", "\u{1f4a9}", "\x0c", "\x7f", "\x1b"];
    let all = as_they_are.iter().chain(&more).map(|char| (*char, *char));
    for (text, written) in escapes.into_iter().chain(all) {
        let name = format!("file-for-upload-in-form-[{text}].txt");
        let form = Multipart::<F::Body>::new().part(&*name, Part::new(b"x".to_vec()).file_name(&*name));
        let (content_type, body) = form.into_content().unwrap();
        let sent = F::into_bytes(body).unwrap();
        let written = format!("file-for-upload-in-form-[{written}].txt");
        let line = format!("Content-Disposition: form-data; name=\"{written}\"; filename=\"{written}\"\r\n");
        assert!(String::from_utf8_lossy(&sent).contains(&line), "{text:?}");

        let mut parts = parts::<F>(&content_type, Script::bytes([&sent[..]])).unwrap();
        match F::next_part(&mut parts) {
            Ok(part) => {
                let part = part.unwrap();
                assert_eq!(
                    (part.name().as_deref(), part.file_name().as_deref()),
                    (Some(&*name), Some(&*name))
                );
            }
            Err(error) => assert!(matches!(text, "\x0c" | "\x7f" | "\x1b"), "{error}"),
        }
    }
}

#[test]
fn file_names_are_written_as_in_browsers() {
    names_of_files::<Blocking>();
    names_of_files::<Async>();
}
