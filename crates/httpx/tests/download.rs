//! The example `download`, against servers that close early, are busy, or change their file.

#![cfg(feature = "blocking")]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::collections::VecDeque;
use std::fs;
use std::sync::Mutex;

#[allow(dead_code)] // its `main`
#[path = "../../../examples/download.rs"]
mod download;
mod support;

use httpx::{Client, ErrorKind};
use support::{Reply, Server};

/// A server that gives these answers, one after the other.
fn server(replies: impl IntoIterator<Item = Reply>) -> Server {
    let replies = Mutex::new(VecDeque::from_iter(replies));
    Server::new(move |_| replies.lock().unwrap().pop_front().unwrap())
}

/// The path of a file that no other test uses.
fn path(name: &str) -> String {
    format!("{}/download-{name}", env!("CARGO_TARGET_TMPDIR"))
}

/// One try with "hel" and its tag on disk: the request, the result, and the file afterwards.
#[test]
fn a_part_and_a_response() {
    let part = |range: &str, body| {
        let lines = format!("Content-Range: bytes {range}\r\nETag: \"1\"\r\n");
        Reply::full("206 Partial Content", &lines, body)
    };
    let refused = |range: &str| Reply::full("416 X", &format!("Content-Range: bytes {range}\r\n"), "no");
    let whole = |etag: &str| Reply::full("200 OK", &format!("ETag: {etag}\r\n"), "world");
    let cut = b"HTTP/1.1 206 X\r\nContent-Range: bytes 3-4/5\r\nContent-Length: 2\r\n\r\nl".to_vec();
    type Outcome = Result<(), ErrorKind>;
    let rows: [(&str, Vec<Reply>, Outcome, &str, &str); 12] = [
        ("the rest", vec![part("3-4/5", "lo")], Ok(()), "hello", "\"1\""),
        ("the rest, cut", vec![Reply::Close(cut)], Err(ErrorKind::Incomplete), "hell", "\"1\""),
        ("all was there", vec![refused("*/3")], Ok(()), "hel", "\"1\""),
        ("it is shorter", vec![refused("*/2"), whole("\"2\"")], Ok(()), "world", "\"2\""),
        ("nobody knows", vec![refused("*/*"), whole("\"2\"")], Ok(()), "world", "\"2\""),
        ("another range", vec![part("0-4/5", "hello"), whole("\"2\"")], Ok(()), "world", "\"2\""),
        ("no range", vec![Reply::full("206 X", "", "lo"), whole("\"2\"")], Ok(()), "world", "\"2\""),
        ("it has changed", vec![whole("\"2\"")], Ok(()), "world", "\"2\""),
        ("a weak tag", vec![whole("W/\"2\"")], Ok(()), "world", ""),
        ("no tag", vec![Reply::ok("world")], Ok(()), "world", ""),
        ("busy", vec![Reply::full("503 X", "", "no")], Err(ErrorKind::Status), "hel", "\"1\""),
        ("gone", vec![Reply::full("404 X", "", "no")], Err(ErrorKind::Status), "hel", "\"1\""),
    ];
    for (what, replies, expected, content, etag) in rows {
        let (part, tag, asked) = (path("a.part"), path("a.etag"), replies.len());
        fs::write(&part, "hel").unwrap();
        fs::write(&tag, "\"1\"").unwrap();
        let server = server(replies);
        let result = download::download(&Client::new(), &server.url("/"), &part, &tag);
        assert_eq!(result.map_err(|error| error.kind()), expected, "{what}");
        assert_eq!(fs::read_to_string(&part).unwrap(), content, "{what}");
        assert_eq!(fs::read_to_string(&tag).unwrap_or_default(), etag, "{what}");
        let seen = server.take();
        assert_eq!(seen.len(), asked, "{what}");
        let first = ["Range", "If-Range"].map(|name| seen[0].header(name));
        assert_eq!(first, [Some("bytes=3-".into()), Some("\"1\"".into())], "{what}");
        assert!(seen[1..].iter().all(|again| again.header("Range").is_none()), "{what}");
    }
}

/// A part without the tag of its file.
#[test]
fn a_part_without_a_tag() {
    let (part, tag) = (path("b.part"), path("b.etag"));
    fs::write(&part, "hel").unwrap();
    let server = server([Reply::ok("world")]);
    download::download(&Client::new(), &server.url("/"), &part, &tag).unwrap();
    assert_eq!(fs::read_to_string(&part).unwrap(), "world");
    assert_eq!(server.take_one().header("Range"), None);
}

#[test]
fn a_server_that_asks_for_patience() {
    let file = path("c");
    let busy = || Reply::full("503 Service Unavailable", "Retry-After: 0\r\n", "no");
    let server = server([busy(), busy(), Reply::full("200 OK", "ETag: \"1\"\r\n", "hello")]);
    download::fetch(&Client::new(), &server.url("/"), &file).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "hello");
    assert!(!fs::exists(path("c.part")).unwrap() && !fs::exists(path("c.etag")).unwrap());
    assert_eq!(server.take().len(), 3);
}
