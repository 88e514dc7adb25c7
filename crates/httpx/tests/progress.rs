//! `on_progress`: what is reported, in which order, and what a function that panics does.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "gzip"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use httpx::ErrorKind;
use httpx::models::{Direction, Progress};
use httpx_testing::{Reply, Server, both_flavours, encode};
use support::Flavour;

both_flavours!(
    downloads,
    ways_to_read,
    a_resumed_download,
    a_function_that_panics,
    uploads,
    an_upload_that_is_sent_again,
    an_upload_that_panics,
);

/// A function that records what it is told.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Progress>>>);

impl Log {
    fn function(&self) -> impl Fn(Progress) + Send + Sync + 'static {
        let log = self.clone();
        move |progress| log.0.lock().unwrap().push(progress)
    }

    /// The first and the last bytes, and the total of all, of one direction. The bytes only grow.
    fn take(&self, direction: Direction) -> (u64, u64, Option<u64>) {
        let log = std::mem::take(&mut *self.0.lock().unwrap());
        let log: Vec<_> = log.into_iter().filter(|progress| progress.direction == direction).collect();
        let bytes: Vec<_> = log.iter().map(|progress| progress.bytes).collect();
        assert!(bytes.is_sorted_by(|a, b| a < b), "{bytes:?}");
        assert!(log.iter().all(|progress| progress.total == log[0].total));
        (bytes[0], bytes[bytes.len() - 1], log[0].total)
    }
}

fn text() -> Vec<u8> {
    b"a text that compresses well ".repeat(4000)
}

fn server() -> Server {
    Server::new(|seen| match seen.target().as_str() {
        "/redirect" => Reply::full("302 Found", "Location: /plain\r\n", "moved"),
        "/gzip" => Reply::full("200 OK", "Content-Encoding: gzip\r\n", encode::gzip(&text())),
        "/empty" => Reply::ok(""),
        "/close" => Reply::Close([&b"HTTP/1.1 200 OK\r\n\r\n"[..], &text()].concat()),
        "/chunked" => {
            let body = text();
            let (first, second) = body.split_at(70_000);
            let head = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", first.len());
            let middle = format!("\r\n{:x}\r\n", second.len());
            Reply::Keep([head.as_bytes(), first, middle.as_bytes(), second, b"\r\n0\r\n\r\n"].concat())
        }
        _ => Reply::full("200 OK", "", text()),
    })
}

fn downloads<F: Flavour>() {
    let (server, client, log) = (server(), F::new(), Log::default());
    let (plain, coded) = (text().len() as u64, encode::gzip(&text()).len() as u64);
    for (target, bytes, total) in [
        ("/plain", plain, Some(plain)),
        ("/redirect", plain, Some(plain)),
        ("/gzip", coded, Some(coded)),
        ("/close", plain, None),
        ("/chunked", plain, None),
        ("/empty", 0, Some(0)),
    ] {
        let ask = client.get(&server.url(target)).on_progress(log.function());
        let response = F::send(ask).unwrap();
        assert_eq!(response.bytes().is_empty(), target == "/empty");
        assert_eq!(log.take(Direction::Download), (0, bytes, total), "{target}");
    }
    let ask = client.request("HEAD", &server.url("/empty")).on_progress(log.function());
    F::send(ask).unwrap();
    assert_eq!(log.take(Direction::Download), (0, 0, Some(0)));
    assert_eq!(client.pool_stats().idle, 1);
}

fn ways_to_read<F: Flavour>() {
    let (server, client, log) = (server(), F::new(), Log::default());
    let length = text().len() as u64;
    for chunks in [true, false] {
        let mut streamed = F::stream(client.get(&server.url("/")).on_progress(log.function())).unwrap();
        assert_eq!(log.take(Direction::Download), (0, 0, Some(length)));
        if chunks {
            while F::chunk(&mut streamed).unwrap().is_some() {}
        } else {
            F::drain(&mut streamed).1.unwrap();
        }
        let (first, last, total) = log.take(Direction::Download);
        assert!(first > 0 && (last, total) == (length, Some(length)));
    }
}

fn a_resumed_download<F: Flavour>() {
    let server = Server::new(|_| Reply::full("206 X", "Content-Range: bytes 3-4/5\r\n", "lo"));
    let (dir, log) = (httpx_testing::TempDir::new(), Log::default());
    let path = dir.path("a");
    support::partial_download(&path, &server.url("/"), b"hel", "\"1\"");
    let ask = F::new().get(&server.url("/")).on_progress(log.function());
    assert_eq!(F::resume(ask, &path).unwrap(), 5);
    assert_eq!(log.take(Direction::Download), (0, 2, Some(2)));
}

/// The panic reaches the caller, the body fails from then on, and the pool stays usable.
fn a_function_that_panics<F: Flavour>() {
    let (server, client) = (server(), F::new());
    for panics_at in [0, 1, text().len() as u64] {
        let panics = move |progress: Progress| assert!(progress.bytes < panics_at, "on purpose");
        let ask = || client.get(&server.url("/")).on_progress(panics);
        let ended = catch_unwind(AssertUnwindSafe(|| F::send(ask()).map(drop)));
        assert!(ended.is_err(), "{panics_at}");
        assert_eq!(client.shown(), format!("<Client [0 active{}]>", idle(&client)));
        if panics_at > 0 {
            let mut streamed = F::stream(ask()).unwrap();
            while catch_unwind(AssertUnwindSafe(|| F::read_some(&mut streamed, 1000))).is_ok() {}
            let error = F::read_some(&mut streamed, 1000).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Other);
            assert!(error.to_string().contains("the function of on_progress() panicked"), "{error}");
            drop(streamed);
        }
        assert_eq!(F::send(client.get(&server.url("/"))).unwrap().bytes(), &text());
        assert_eq!(client.pool_stats().active, 0);
    }
}

fn uploads<F: Flavour>() {
    let (server, client, log) = (Server::new(|_| Reply::ok("")), F::new(), Log::default());
    let body = text();
    let length = body.len() as u64;
    let file = httpx_testing::TempDir::new();
    std::fs::write(file.path("a"), &body).unwrap();
    for (what, sent, total) in [
        ("bytes", F::bytes(body.clone()), Some(length)),
        ("sized", F::sized_reader(std::io::Cursor::new(body.clone()), length), Some(length)),
        ("reader", F::reader(std::io::Cursor::new(body.clone())), None),
        ("file", httpx::models::Encoded::from(httpx::models::File::new(file.path("a"))).into(), Some(length)),
    ] {
        F::send(client.post(&server.url("/")).body(sent).on_progress(log.function())).unwrap();
        assert_eq!(log.take(Direction::Upload), (0, length, total), "{what}");
        let seen = server.take_one();
        assert!(seen.content() == body, "{what}");
        assert_eq!(seen.header("Content-Length"), total.map(|total| total.to_string()), "{what}");
    }
    F::send(client.post(&server.url("/")).on_progress(log.function())).unwrap();
    let directions: Vec<_> = log.0.lock().unwrap().iter().map(|progress| progress.direction).collect();
    assert_eq!(directions, [Direction::Download]);
    assert_eq!(server.take_one().header("Content-Length").as_deref(), Some("0"));
}

/// The count begins again.
fn an_upload_that_is_sent_again<F: Flavour>() {
    let server = Server::new(|seen| match seen.target().as_str() {
        "/" => Reply::full("307 X", "Location: /there\r\n", "moved"),
        _ => Reply::ok("done"),
    });
    let log = Log::default();
    let response =
        F::send(F::new().post(&server.url("/")).body("hello").on_progress(log.function())).unwrap();
    assert_eq!(response.text(), "done");
    let told: Vec<_> = log.0.lock().unwrap().iter().map(|told| (told.direction, told.bytes)).collect();
    use Direction::{Download, Upload};
    assert_eq!(told, [(Upload, 0), (Upload, 5), (Upload, 0), (Upload, 5), (Download, 0), (Download, 4)]);
    assert!(server.take().iter().all(|seen| seen.content() == b"hello"));
}

fn an_upload_that_panics<F: Flavour>() {
    let (server, client) = (Server::new(|_| Reply::ok("good")), F::new());
    for panics_at in [0, 1, 200_000] {
        let panics = move |progress: Progress| assert!(progress.bytes < panics_at, "on purpose");
        let ask = client.post(&server.url("/")).body(vec![b'x'; 200_000]).on_progress(panics);
        assert!(catch_unwind(AssertUnwindSafe(|| F::send(ask).map(drop))).is_err(), "{panics_at}");
        assert_eq!(client.pool_stats().active, 0);
        assert_eq!(F::send(client.get(&server.url("/"))).unwrap().text(), "good");
    }
}

fn idle<F: Flavour>(client: &F) -> String {
    match client.pool_stats().idle {
        0 => String::new(),
        n => format!(", {n} idle"),
    }
}
