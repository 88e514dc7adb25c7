//! The example `download`, against a server that is busy and then closes early.

#![cfg(feature = "blocking")]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::collections::VecDeque;
use std::fs;
use std::sync::Mutex;

#[allow(dead_code)] // its `main`
#[path = "../../../examples/download.rs"]
mod download;
mod support;

use httpx::Client;
use httpx_testing::TempDir;
use support::{Reply, Server};

#[test]
fn a_server_that_asks_for_patience() {
    let busy = || Reply::full("503 Service Unavailable", "Retry-After: 0\r\n", "no");
    let cut = b"HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\nhe".to_vec();
    let rest = "ETag: \"1\"\r\nContent-Range: bytes 2-4/5\r\n";
    let replies = [busy(), busy(), Reply::Close(cut), Reply::full("206 Partial Content", rest, "llo")];
    let replies = Mutex::new(VecDeque::from(replies));
    let server = Server::new(move |_| replies.lock().unwrap().pop_front().unwrap());
    let dir = TempDir::new();
    let path = dir.path("file");
    let client = Client::builder().no_proxy().build().unwrap();
    let length = download::download(&client, &server.url("/"), path.to_str().unwrap()).unwrap();
    assert_eq!((length, fs::read_to_string(&path).unwrap().as_str()), (5, "hello"));
    assert_eq!(dir.names(), ["file"]);
    let ranges: Vec<_> = server.take().iter().map(|seen| seen.header("Range")).collect();
    assert_eq!(ranges, [None, None, None, Some("bytes=2-".into())]);
}
