//! A table of downloads: the partial file, the responses of the server, the expected requests, and the resulting file.

#![cfg(feature = "blocking")] // one body for all: the machine reads none

use super::*;
use crate::Url;
use crate::blocking::Body;

const TAG: &str = "ETag: \"1\"";

fn head() -> RequestHead {
    RequestHead::new(Method::GET, Url::parse("http://h/a").unwrap())
}

/// The record of a file of this length.
fn record(length: Option<u64>) -> Vec<u8> {
    let response = response(200, &[TAG]);
    ResumeRecord::of(head().url(), &response, length).unwrap().to_text().into()
}

fn response(status: u16, headers: &[&str]) -> ResponseHead {
    let mut response = ResponseHead::new(status.try_into().unwrap());
    for line in headers {
        let (name, value) = line.split_once(": ").unwrap();
        response.headers_mut().append(name, value).unwrap();
    }
    response
}

/// The result of one response.
#[derive(Debug, PartialEq)]
enum After {
    Done(ResumeAnswer, u64),
    /// The next request, without or with a range.
    Asks(ResumeAnswer, Option<u64>),
    Fails(ErrorKind),
}

use After::{Asks, Done, Fails};
use ResumeAnswer::{Append, Complete, Replace, SendAgain};

/// Plays one response with a body of this length.
fn play(resume: &mut Resume, response: &ResponseHead, body: usize) -> After {
    let answer = match resume.answered(response) {
        Ok(answer) => answer,
        Err(error) => return Fails(error.kind()),
    };
    let ended = match answer {
        Complete => Ok(true),
        SendAgain => Ok(false),
        Append | Replace => resume.received(body).and_then(|()| resume.ended()),
    };
    match ended {
        Ok(true) => Done(answer, resume.len()),
        Ok(false) => Asks(answer, range(resume)),
        Err(error) => Fails(error.kind()),
    }
}

/// The first byte that the next request asks for.
fn range(resume: &Resume) -> Option<u64> {
    let request = resume.request::<Body>().unwrap();
    let headers = request.headers();
    assert_eq!(headers.get("Accept-Encoding").unwrap(), "identity");
    assert_eq!(request.options().decompress, Some(false));
    assert_eq!(headers.contains("Range"), headers.contains("If-Range"));
    let value = headers.get("Range")?;
    assert_eq!(headers.get("If-Range").unwrap(), "\"1\"");
    Some(value.to_str().unwrap().strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap())
}

/// With three bytes of a file there: its length if that is known, a status with headers, the bytes of the body.
#[test]
fn one_response_to_a_part_of_three_bytes() {
    let range = |text| format!("Content-Range: bytes {text}");
    type Row = (Option<u64>, u16, &'static str, &'static str, usize, After);
    let rows: [Row; 27] = [
        (Some(5), 206, "3-4/5", TAG, 2, Done(Append, 5)),
        (Some(5), 206, "3-4/5", "X: y", 2, Done(Append, 5)),
        (None, 206, "3-4/5", TAG, 2, Done(Append, 5)),
        (Some(5), 206, "3-4/*", TAG, 2, Done(Append, 5)),
        (None, 206, "3-4/*", TAG, 2, Asks(Append, Some(5))),
        (Some(9), 206, "3-4/9", TAG, 2, Asks(Append, Some(5))),
        (Some(5), 206, "3-4/5", TAG, 1, Fails(ErrorKind::Incomplete)),
        (Some(5), 206, "3-4/5", TAG, 3, Fails(ErrorKind::Protocol)),
        // Of another file.
        (Some(5), 206, "3-5/6", TAG, 3, Asks(SendAgain, None)),
        (Some(5), 206, "3-6/*", TAG, 4, Asks(SendAgain, None)),
        (Some(5), 206, "3-4/5", "ETag: \"2\"", 2, Asks(SendAgain, None)),
        (Some(5), 206, "3-4/5", "ETag: W/\"1\"", 2, Asks(SendAgain, None)),
        // Of another place.
        (Some(5), 206, "0-4/5", TAG, 5, Asks(SendAgain, None)),
        (Some(5), 206, "4-4/5", TAG, 1, Asks(SendAgain, None)),
        (Some(5), 206, "2-4/5", TAG, 3, Asks(SendAgain, None)),
        (Some(5), 206, "lines", TAG, 2, Asks(SendAgain, None)),
        (Some(5), 206, "*/5", TAG, 2, Asks(SendAgain, None)),
        (Some(3), 416, "*/3", TAG, 0, Done(Complete, 3)),
        (None, 416, "*/3", "X: y", 0, Done(Complete, 3)),
        (Some(5), 416, "*/3", TAG, 0, Asks(SendAgain, None)),
        (None, 416, "*/2", TAG, 0, Asks(SendAgain, None)),
        (Some(3), 416, "*/3", "ETag: \"2\"", 0, Asks(SendAgain, None)),
        (Some(3), 416, "*/*", TAG, 0, Asks(SendAgain, None)),
        (Some(5), 200, "none", TAG, 5, Done(Replace, 5)),
        (Some(5), 203, "none", "ETag: \"2\"", 7, Done(Replace, 7)),
        (Some(5), 404, "none", TAG, 9, Fails(ErrorKind::Status)),
        (Some(5), 304, "none", TAG, 0, Fails(ErrorKind::Status)),
    ];
    for (length, status, content_range, line, body, expected) in rows {
        let mut resume = Resume::new(head(), 3, &record(length));
        assert_eq!(self::range(&resume), Some(3));
        let response = response(status, &[&range(content_range), line]);
        let case = format!("{length:?} {status} {content_range} {line}");
        assert_eq!(play(&mut resume, &response, body), expected, "{case}");
        if matches!(expected, Asks(SendAgain, None)) {
            // The whole file is asked for once.
            let mut again = Resume::new(head(), 3, &record(length));
            again.answered(&response).unwrap();
            assert!(matches!(play(&mut again, &response, body), Fails(_)), "{case}");
            assert_eq!(play(&mut resume, &self::response(200, &[TAG]), 9), Done(Replace, 9), "{case}");
        }
    }
}

#[test]
fn repeated_content_ranges_are_none() {
    let mut resume = Resume::new(head(), 3, &record(Some(5)));
    let range = "Content-Range: bytes 3-4/5";
    assert_eq!(play(&mut resume, &response(206, &[range, range]), 2), Asks(SendAgain, None));
}

#[test]
fn parts_that_are_not_continued() {
    let other = String::from_utf8(record(Some(5))).unwrap().replace("url ", "url 1");
    for (have, record) in
        [(0, record(Some(5))), (3, Vec::new()), (3, other.into_bytes()), (6, record(Some(5)))]
    {
        let mut resume = Resume::new(head(), have, &record);
        assert_eq!(range(&resume), None);
        for status in [206, 416] {
            let answered = resume.answered(&response(status, &["Content-Range: bytes 0-4/5", TAG]));
            assert!(answered.is_err(), "{status}");
        }
        assert_eq!(play(&mut resume, &response(200, &[TAG, "Content-Length: 5"]), 5), Done(Replace, 5));
        assert_eq!(resume.record().unwrap().into_bytes(), self::record(Some(5)));
    }
}

#[test]
fn records_of_new_files() {
    for (headers, expected) in [
        (&[TAG, "Content-Length: 5"][..], Some(record(Some(5)))),
        (&[TAG], Some(record(None))),
        (&[TAG, "Content-Length: 5", "Transfer-Encoding: chunked"], Some(record(None))),
        (&["Content-Length: 5"], None),
        (&["ETag: W/\"1\""], None),
    ] {
        let mut resume = Resume::new(head(), 0, b"");
        resume.answered(&response(200, headers)).unwrap();
        assert_eq!(resume.record().map(String::into_bytes), expected, "{headers:?}");
    }
}

/// A server that sends one byte at a time is not asked for ever.
#[test]
fn short_ranges_are_bounded() {
    let mut resume = Resume::new(head(), 3, &record(None));
    let mut requests = 0;
    let kind = loop {
        requests += 1;
        let first = resume.len();
        let range = format!("Content-Range: bytes {first}-{first}/*");
        match play(&mut resume, &response(206, &[&range]), 1) {
            Asks(Append, Some(next)) => assert_eq!(next, first + 1),
            Fails(kind) => break kind,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((kind, requests), (ErrorKind::Incomplete, MAX_ROUNDS));
}

#[test]
fn requests_that_cannot_be_resumed() {
    let request = |method: &str, body: Body| Request::new(method, "http://h/a").unwrap().with_body(body);
    assert!(Resume::check(request("GET", Body::empty())).is_ok());
    for (method, body) in [
        ("POST", Body::empty()),
        ("HEAD", Body::empty()),
        ("GET", Body::from("x")),
        ("GET", Body::from_reader(&b""[..])),
    ] {
        let error = Resume::check(request(method, body)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
}
