//! Bodies and their parts, whole and in every split.

use proptest::prelude::*;

use super::*;

/// The head, the content, and whether the part is complete.
type Shown = (String, Vec<u8>, bool);

/// The parts of a body that arrives in these pieces, and the error.
fn decoded<'a>(boundary: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Shown>, Option<Error>) {
    let mut decoder = MultipartDecoder::new(boundary.as_bytes());
    let mut parts = Vec::new();
    let error = decode_into(&mut decoder, pieces, &mut parts).err();
    (parts, error)
}

fn decode_into<'a>(
    decoder: &mut MultipartDecoder,
    pieces: impl IntoIterator<Item = &'a [u8]>,
    parts: &mut Vec<Shown>,
) -> Result<()> {
    for piece in pieces {
        decoder.push(Bytes::copy_from_slice(piece));
        while let Some(event) = decoder.next()? {
            show(event, parts);
        }
        let held = decoder.buffer.len() + decoder.line.len();
        assert!(held <= 2 + Delimiter::MAX_LINE || decoder.section == Section::Head, "{held} bytes are held");
        if decoder.is_done() {
            return Ok(());
        }
    }
    while let Some(event) = decoder.finish()? {
        show(event, parts);
    }
    assert!(decoder.finish()?.is_none());
    Ok(())
}

fn show(event: PartEvent, parts: &mut Vec<Shown>) {
    match (event, parts.last_mut()) {
        (PartEvent::Headers(headers), last) => {
            assert!(last.is_none_or(|last| last.2), "a part begins inside of another");
            parts.push((format!("{headers:?}"), Vec::new(), false));
        }
        (PartEvent::Data(data), Some((_, content, false))) if !data.is_empty() => {
            content.extend_from_slice(&data);
        }
        (PartEvent::PartEnd, Some((_, _, has_ended @ false))) => *has_ended = true,
        (event, last) => panic!("{event:?} after {last:?}"),
    }
}

fn every_split(body: &[u8]) -> impl Iterator<Item = Vec<&[u8]>> {
    let bytewise = body.chunks(1).collect();
    (0..=body.len()).map(|at| vec![&body[..at], &body[at..]]).chain([bytewise])
}

#[test]
fn bodies() {
    let padding = " ".repeat(256);
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)]);
    let rows: [Row<'_>; 28] = [
        ("--b\r\n\r\none\r\n--b--\r\n", &[("", "one")]),
        ("--b\r\n\r\none\r\n--b--", &[("", "one")]),
        ("--b\r\n\r\none\r\n--b--\r", &[("", "one")]),
        ("--b\r\n\r\none\r\n--b-- \t", &[("", "one")]),
        ("--b--\r\n", &[]),
        ("--b--", &[]),
        ("--b\r\nA: 1\r\nb:2 \r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--", &[("A: 1, b: 2", "one"), ("", "two")]),
        // RFC 2046 §5.1.1: preamble, epilogue, padding.
        ("preamble\r\n--bb\r\n\r\n--b \t\r\n\r\none\r\n--b-- \r\nepilogue\r\n--b\r\n", &[("", "one")]),
        ("\r\n--b\r\n\r\none\r\n--b--", &[("", "one")]),
        ("--c\n--b\r\n\r\none\r\n--b--", &[("", "one")]),
        // What only resembles a boundary.
        ("--b\r\n\r\none\r\n--bb\r\n--B\r\n-b\r\n--b--\r\n", &[("", "one\r\n--bb\r\n--B\r\n-b")]),
        ("--b\r\n\r\n\r\r\n\r\n--\r\n--b-\r\n--b--x\r\n--b--", &[("", "\r\r\n\r\n--\r\n--b-\r\n--b--x")]),
        ("--b\r\n\r\none--b\r\n\n--b\n\r--b\r\r\n--b--", &[("", "one--b\r\n\n--b\n\r--b\r")]),
        // Empty parts, and parts without content.
        ("--b\r\n\r\n\r\n--b--", &[("", "")]),
        ("--b\r\n\r\n--b--", &[("", "")]),
        ("--b\r\n--b--", &[("", "")]),
        ("--b\r\n--b\r\nA: 1\r\n--b\r\n\r\n--b\n--b--\n", &[("", ""), ("A: 1", ""), ("", ""), ("", "")]),
        ("--b\r\n\r\n\r\n\r\n--b--", &[("", "\r\n")]),
        // Lines that end with LF alone.
        ("--b\nA: 1\n\none\ntwo\n--b\n\nthree\r\n--b--\n", &[("A: 1", "one\ntwo"), ("", "three\r")]),
        ("pre\n--b\n\none\n--b--", &[("", "one")]),
        ("--b\r\nA: 1\n\none\n--b\r\n--b--", &[("A: 1", "one\n--b")]),
        // Heads.
        ("--b\r\nA: 1\r\n  2\t\r\n\t3\r\n\r\none\r\n--b--", &[("A: 1 2 3", "one")]),
        ("--b\r\nA:\r\n\r\none\r\n--b--", &[("A: ", "one")]),
        ("--b\r\nA: \u{fc}\r\n\r\none\r\n--b--", &[("A: \\xc3\\xbc", "one")]),
        ("--b\r\n\r\n\r\n--b\r\n\r\n--b\r\n\r\n", &[("", ""), ("", ""), ("", "")]),
        ("--b\r\n\r\n\0\u{fe}\r\n--b--", &[("", "\0\u{fe}")]),
        (
            &format!("--b{padding}\r\n\r\none\r\n--b{padding} \r\n\r\n--b--"),
            &[("", &format!("one\r\n--b{padding} \r\n"))],
        ),
        ("", &[]),
    ];
    for (body, expected) in rows {
        let is_whole = !body.ends_with("\r\n\r\n") && !body.is_empty();
        let whole = decoded("b", [body.as_bytes()]);
        assert_eq!(whole.1.is_none(), is_whole, "{body:?}: {whole:?}");
        let heads = |shown: &str| shown.trim_matches(['{', '}']).replace('"', "");
        let found = whole.0.iter().map(|(head, content, _)| (heads(head), String::from_utf8_lossy(content)));
        let expected = expected.iter().map(|(head, content)| ((*head).to_owned(), (*content).into()));
        assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{body:?}");
        for pieces in every_split(body.as_bytes()) {
            let (parts, error) = decoded("b", pieces);
            assert_eq!((parts, error.is_none()), (whole.0.clone(), is_whole), "{body:?}");
        }
    }
}

#[test]
fn errors() {
    use ErrorKind::{Incomplete, Protocol, TooLarge};
    let header =
        |length: usize| format!("--b\r\nA: {}\r\n\r\n\r\n--b--", "x".repeat(length - "A: \r\n\r\n".len()));
    let headers = |number: usize| format!("--b\r\n{}\r\n\r\n--b--", "A: 1\r\n".repeat(number));
    let rows = [
        ("no boundary", Some(Incomplete), "has no line with its boundary, --b"),
        ("--b", Some(Incomplete), "has no line with its boundary, --b"),
        ("--b\r\n", Some(Incomplete), "ends before its last boundary, --b--"),
        ("--b\r\nA: 1\r\n", Some(Incomplete), "ends before its last boundary, --b--"),
        ("--b\r\n\r\none", Some(Incomplete), "ends before its last boundary, --b--"),
        ("--b\r\n\r\none\r\n--b\r", Some(Incomplete), "ends before its last boundary, --b--"),
        ("--b\r\n\r\none\r\n--b-", Some(Incomplete), "ends before its last boundary, --b--"),
        (
            "--b\r\n\r\n\r\n--b\r\nA\r\n\r\n",
            Some(Protocol),
            "part 2 of the multipart body has a header without a colon",
        ),
        (
            "--b\r\nA : 1\r\n\r\n",
            Some(Protocol),
            "part 1 of the multipart body has an invalid header: \"A \" is not",
        ),
        ("--b\r\n A: 1\r\n\r\n", Some(Protocol), "has an invalid header: \" A\""),
        ("--b\r\n: 1\r\n\r\n", Some(Protocol), "has an invalid header: \"\""),
        ("--b\r\nA: 1\r2\r\n\r\n", Some(Protocol), "control character (0x0d)"),
        ("--b\r\nA: \0\r\n--b--", Some(Protocol), "control character (0x00)"),
        (&header(16 << 10), None, ""),
        (
            &header((16 << 10) + 1),
            Some(TooLarge),
            "the headers of part 1 of the multipart body have more than 16384 bytes",
        ),
        (&header(1 << 20), Some(TooLarge), "more than 16384 bytes"),
        (&format!("--b\r\nA: {}", "x".repeat(17 << 10)), Some(TooLarge), "more than 16384 bytes"),
        (&headers(64), None, ""),
        (&headers(65), Some(TooLarge), "part 1 of the multipart body has more than 64 headers"),
        (&headers(6500), Some(TooLarge), "more than 64 headers"),
    ];
    for (body, kind, text) in rows {
        for piece in [1, 7, 100, 1 << 20] {
            let (_, error) = decoded("b", body.as_bytes().chunks(piece));
            assert_eq!(error.as_ref().map(Error::kind), kind, "{body:.60?} {error:?}");
            let shown = error.map(|error| format!("{error:#}")).unwrap_or_default();
            assert!(shown.contains(text), "{body:.60?}: {shown}");
        }
    }
}

/// Sizes of the head count for each part.
#[test]
fn many_parts() {
    let part = format!("A: {}\r\n\r\none\r\n--b\r\n", "x".repeat(10_000));
    let body = format!("--b\r\n{}\r\n--b--", part.repeat(20));
    let (parts, error) = decoded("b", body.as_bytes().chunks(1000));
    assert_eq!((parts.len(), error.is_none()), (21, true));
}

#[test]
fn a_long_epilogue_is_not_read_to_its_end() {
    let epilogue = vec![b'x'; 1 << 20];
    let mut decoder = MultipartDecoder::new(b"b");
    let mut parts = Vec::new();
    let pieces = std::iter::once(&b"--b--\r\n"[..]).chain(epilogue.chunks(1000));
    decode_into(&mut decoder, pieces, &mut parts).unwrap();
    assert!(matches!(decoder.section, Section::Epilogue { dropped } if dropped < 70_000));
}

/// Bodies that look like boundaries: the decoder never holds more than a line, so that the time is proportional to the length.
#[test]
fn floods() {
    let boundary = "b".repeat(70);
    for unit in [
        "\r",
        "\n",
        "\r\n",
        "\r\n--",
        "\r\n--bbb",
        &format!("\r\n--{}", &boundary[1..]),
        &format!("\r\n--{boundary} x"),
        " ",
    ] {
        let flood = unit.repeat((1 << 20) / unit.len());
        for before in ["", &format!("--{boundary}\r\n\r\n")] {
            let body = [before, &flood].concat();
            let (parts, error) = decoded(&boundary, body.as_bytes().chunks(1 << 14));
            assert_eq!(error.unwrap().kind(), ErrorKind::Incomplete);
            assert_eq!(parts.len(), usize::from(!before.is_empty()));
        }
    }
}

proptest! {
    /// Any bytes give the same in any split.
    #[test]
    fn pieces_do_not_matter(body in "(--b|--|\r\n|\r|\n|b|a: 1| |\t|:){0,24}", piece in 1..8usize) {
        let (parts, error) = decoded("b", [body.as_bytes()]);
        let pieced = decoded("b", body.as_bytes().chunks(piece));
        let shown = |error: Option<Error>| error.map(|error| format!("{error:#}"));
        let error = shown(error);
        // Of a part that is cut short, or before an error, more content may have been returned.
        prop_assert_eq!(&shown(pieced.1), &error);
        prop_assert_eq!(pieced.0, parts);
    }

    /// What is written comes back.
    #[test]
    fn round_trip(contents in proptest::collection::vec("[a\r\n-]{0,20}", 0..5), piece in 1..30usize) {
        let mut body = String::new();
        for content in &contents {
            body += &format!("--boundary\r\nA: b\r\n\r\n{content}\r\n");
        }
        body += "--boundary--\r\n";
        let (parts, error) = decoded("boundary", body.as_bytes().chunks(piece));
        prop_assert!(error.is_none());
        let found = parts.iter().map(|part| String::from_utf8_lossy(&part.1).into_owned()).collect::<Vec<_>>();
        prop_assert_eq!(found, contents);
    }
}
