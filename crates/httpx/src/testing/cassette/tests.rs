//! The format: round trips, each cut, and files that are not valid.

use bytes::Bytes;
use httpx_core::{Request, RequestHead, Response, ResponseHead, StatusCode, Url, Version};
use proptest::prelude::*;

use super::exchange::Exchange;
use super::parser::parse;
use super::writer::write;

type Lines = Vec<(String, Vec<u8>)>;

fn headers() -> impl Strategy<Value = Lines> {
    let value = prop_oneof![
        "[ -~]{0,20}".prop_map(String::into_bytes),
        prop::collection::vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8], 0..9),
    ];
    prop::collection::vec(("[A-Za-z][A-Za-z0-9-]{0,8}", value), 0..4)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[a-z \\\\\"{}\r\n\t\u{e4}\u{85}\u{2028}<>|=\\[\\]]{0,60}".prop_map(String::into_bytes),
        "(line\r?\n){0,5}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..200),
    ]
}

prop_compose! {
    fn exchange()(
        method in "[A-Z]{1,7}",
        path in "/[a-z0-9/%.]{0,20}(\\?[a-z=&]{0,10})?",
        asked in headers(),
        sent in body(),
        version in prop_oneof![Just(Version::Http10), Just(Version::Http11)],
        status in 100..=999_u16,
        reason in "[ -~]{0,10}",
        answered in headers(),
        received in body(),
        trailers in headers(),
    ) -> Exchange {
        let url = Url::parse(&format!("https://api.example.com{path}")).unwrap();
        let mut head = RequestHead::new(method.parse().unwrap(), url);
        *head.headers_mut() = asked.try_into().unwrap();
        let request = Request::from_parts(head, Bytes::from(sent));
        let head = ResponseHead::new(StatusCode::try_from(status).unwrap()).with_version(version);
        let mut head = head.with_reason(reason.trim()).with_headers(answered.try_into().unwrap());
        head.set_trailers(trailers.try_into().unwrap());
        Exchange { request, response: Response::from_parts(head, Bytes::from(received)) }
    }
}

proptest! {
    #[test]
    fn a_written_cassette_is_read_back(exchanges in prop::collection::vec(exchange(), 0..4)) {
        let text = write(&exchanges);
        let expected = exchanges.iter().map(Exchange::parts).collect::<Vec<_>>();
        for text in [text.clone(), text.replace('\n', "\r\n"), text.trim_end().to_owned()] {
            let read = parse(text.as_bytes()).unwrap();
            prop_assert_eq!(&read.iter().map(Exchange::parts).collect::<Vec<_>>(), &expected, "{}", text);
        }
        // Writing is canonical.
        prop_assert_eq!(write(&parse(text.as_bytes()).unwrap()), text);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..100), text in "(\\[1\\]\n|[<>][ |=+\\\\] ?[ -~]{0,9}\n|\\[end 1\\]\n){0,9}") {
        drop(parse(&bytes));
        drop(parse(format!("httpx cassette 1\n{text}").as_bytes()));
    }
}

proptest! {
    // Each case has hundreds of cuts.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_cut_is_an_error_or_has_fewer_exchanges(exchanges in prop::collection::vec(exchange(), 1..3)) {
        let text = write(&exchanges);
        let whole = exchanges.iter().map(Exchange::parts).collect::<Vec<_>>();
        for end in 0..text.len() {
            if let Ok(read) = parse(&text.as_bytes()[..end]) {
                let read = read.iter().map(Exchange::parts).collect::<Vec<_>>();
                // The last newline may be missing.
                let is_whole = end + 1 == text.len();
                prop_assert!(read.len() < whole.len() || is_whole, "cut at {}", end);
                prop_assert!(read[..] == whole[..read.len()]);
            }
        }
    }
}

#[test]
fn files_that_are_not_valid() {
    const START: &str = "httpx cassette 1\n[1]\n> GET http://h/\n";
    let after = |rest: &str| format!("{START}{rest}");
    for (text, error) in [
        (String::new(), "line 1: it is not a cassette, which begins with \"httpx cassette 1\""),
        ("{}".to_owned(), "line 1: it is not a cassette, which begins with \"httpx cassette 1\""),
        (
            "httpx cassette 2\n".to_owned(),
            "line 1: the cassette has version 2, and this version of httpx reads version 1; update httpx, or record it again",
        ),
        ("httpx cassette 1\n[2]\n".to_owned(), "line 2: expected [1], the beginning of the next exchange"),
        ("httpx cassette 1\nx\n".to_owned(), "line 2: expected [1], the beginning of the next exchange"),
        (after(""), "line 3: the file ends in the middle of exchange 1; was it cut? Record it again"),
        (after("[end 1]\n"), "line 4: the exchange has no response"),
        (after("[2]\n"), "line 4: expected [end 1], or a line of exchange 1"),
        (after("\n"), "line 4: the line begins with neither > nor <"),
        (after("<| text\n"), "line 4: a body comes before its head"),
        (after("> no colon\n"), "line 4: a header has no colon"),
        (after("> A: \\q\n"), "line 4: an escape is not valid: \\\\, \\xNN and \\u{N} are"),
        (after(">| a\n> A: b\n"), "line 5: a header follows the body"),
        (after(">| a\n>= YQ==\n"), "line 5: a body is either text or base64, not both"),
        (after(">= YQ\n"), "line 4: the line is not base64"),
        (after("< HTTP/1.1 200 OK\n> A: b\n"), "line 5: a line of the request follows the response"),
        (after("< HTTP/1.1 200 OK\n<+ A: b\n<| x\n"), "line 6: a body follows the trailers"),
        (after("< HTTP/2 200\n[end 1]\n"), "line 5: the version is neither HTTP/1.0 nor HTTP/1.1"),
        (after("< HTTP/1.1 OK\n[end 1]\n"), "line 5: the status is not a number from 100 to 999"),
        (after("< HTTP/1.1\n[end 1]\n"), "line 5: the response has no status"),
    ] {
        assert_eq!(parse(text.as_bytes()).map(|_| ()).unwrap_err().to_string(), error, "{text}");
    }
    let error = parse(b"httpx cassette 1\n\n# caf\xe9\n").map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "line 3: it is not UTF-8");
}
