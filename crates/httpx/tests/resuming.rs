//! `resume_to`: downloads that are cut, and continue.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::collections::VecDeque;
use std::fs;
use std::sync::Mutex;

use httpx::{ErrorKind, Result};
use httpx_testing::{Act, Gate, Reply, ScriptedServer, Seen, Server, TempDir, both_flavours, send};
#[cfg(feature = "async")]
use support::flavour::RUNTIME;
use support::{Flavour, partial_download};

both_flavours!(
    cut_at_each_byte,
    a_part_and_a_response,
    a_large_file_that_is_cut,
    a_file_that_changes_between_runs,
    a_coded_file_is_saved_as_it_is_sent,
    places_that_cannot_be_used,
    two_at_a_time,
    permissions_of_the_target,
);

const FILE: &str = "The file that is downloaded";

/// A server of ranges with this file, which sends at most this many bytes of each body, and then closes.
fn range_server(file: &[u8], etag: &'static str, most: usize) -> Server {
    let file = file.to_vec();
    Server::new(move |seen| ranges(seen, &file, etag, most))
}

fn ranges(seen: &Seen, file: &[u8], etag: &str, most: usize) -> Reply {
    assert_eq!(seen.header("Accept-Encoding").as_deref(), Some("identity"));
    let first = seen.header("Range").filter(|_| seen.header("If-Range").as_deref() == Some(etag));
    let first = first.map(|range| range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap());
    let (status, line, body) = match first {
        None => ("200 OK", String::new(), file),
        Some(first) if first >= file.len() => {
            return Reply::full("416 X", &format!("Content-Range: bytes */{}\r\n", file.len()), "");
        }
        Some(first) => {
            let line = format!("Content-Range: bytes {first}-{}/{}\r\n", file.len() - 1, file.len());
            ("206 Partial Content", line, &file[first..])
        }
    };
    let head = format!("HTTP/1.1 {status}\r\nETag: {etag}\r\n{line}Content-Length: {}\r\n\r\n", body.len());
    let cut = &body[..most.min(body.len())];
    Reply::Close([head.as_bytes(), cut].concat())
}

/// Each call adds some bytes, until the file is there.
fn cut_at_each_byte<F: Flavour>() {
    let client = F::new();
    for most in 1..FILE.len() + 1 {
        let server = range_server(FILE.as_bytes(), "\"1\"", most);
        let dir = TempDir::new();
        let path = dir.path("a");
        fs::write(&path, "old").unwrap();
        for call in 1.. {
            match F::resume(client.get(&server.url("/")), &path) {
                Ok(length) => {
                    assert_eq!((length, call), (FILE.len() as u64, FILE.len().div_ceil(most)));
                    break;
                }
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Incomplete);
                    assert!(error.message().ends_with("; call resume_to() again to continue"), "{error}");
                    assert!(error.is_transient());
                    assert_eq!(fs::read_to_string(dir.path("a.part")).unwrap(), FILE[..most * call]);
                    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
                }
            }
        }
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), dir.names()), (FILE, vec!["a".to_owned()]));
    }
}

/// A server that gives these answers, one after the other.
fn server(replies: impl IntoIterator<Item = Reply>) -> Server {
    let replies = Mutex::new(VecDeque::from_iter(replies));
    Server::new(move |_| replies.lock().unwrap().pop_front().unwrap())
}

/// One call with "hel" and its tag on disk: the answers, the result, and the file or the part afterwards.
fn a_part_and_a_response<F: Flavour>() {
    let part = |range: &str, body| {
        let lines = format!("Content-Range: bytes {range}\r\nETag: \"1\"\r\n");
        Reply::full("206 Partial Content", &lines, body)
    };
    let refused = |range: &str| Reply::full("416 X", &format!("Content-Range: bytes {range}\r\n"), "no");
    let whole = |etag: &str| Reply::full("200 OK", &format!("ETag: {etag}\r\n"), "world");
    let cut = b"HTTP/1.1 206 X\r\nContent-Range: bytes 3-4/5\r\nContent-Length: 2\r\n\r\nl".to_vec();
    let cut_whole = b"HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\nw".to_vec();
    type Outcome = Result<u64, ErrorKind>;
    let rows: [(&str, Vec<Reply>, Outcome, &str); 15] = [
        ("the rest", vec![part("3-4/5", "lo")], Ok(5), "hello"),
        ("the rest in two", vec![part("3-3/5", "l"), part("4-4/5", "o")], Ok(5), "hello"),
        ("no length", vec![part("3-4/*", "lo"), refused("*/5")], Ok(5), "hello"),
        ("the rest, cut", vec![Reply::Close(cut)], Err(ErrorKind::Incomplete), "hell"),
        ("too much", vec![part("3-4/5", "lots")], Err(ErrorKind::Protocol), "hel"),
        ("too little", vec![part("3-5/6", "lo")], Err(ErrorKind::Incomplete), "hello"),
        ("all was there", vec![refused("*/3")], Ok(3), "hel"),
        ("it is shorter", vec![refused("*/2"), whole("\"2\"")], Ok(5), "world"),
        ("nobody knows", vec![refused("*/*"), whole("\"2\"")], Ok(5), "world"),
        ("another range", vec![part("0-4/5", "hello"), whole("\"2\"")], Ok(5), "world"),
        ("no range", vec![Reply::full("206 X", "", "lo"), whole("\"2\"")], Ok(5), "world"),
        ("it has changed", vec![whole("\"2\"")], Ok(5), "world"),
        ("it has changed, cut", vec![Reply::Close(cut_whole)], Err(ErrorKind::Incomplete), "w"),
        ("busy", vec![Reply::full("503 X", "", "no")], Err(ErrorKind::Status), "hel"),
        ("gone", vec![Reply::full("404 X", "", "no")], Err(ErrorKind::Status), "hel"),
    ];
    for (what, replies, expected, content) in rows {
        let asked = replies.len();
        let server = server(replies);
        let dir = TempDir::new();
        partial_download(&dir.path("a"), &server.url("/"), b"hel", "\"1\"");
        let result = F::resume(F::new().get(&server.url("/")), &dir.path("a"));
        let name = if result.is_ok() { "a" } else { "a.part" };
        if let Err(error) = &result {
            assert_eq!(error.url(), Some(&*server.url("/")), "{what}");
        } else {
            assert_eq!(dir.names(), ["a"], "{what}");
        }
        assert_eq!(result.map_err(|error| error.kind()), expected, "{what}");
        assert_eq!(fs::read_to_string(dir.path(name)).unwrap(), content, "{what}");
        let seen = server.take();
        assert_eq!(seen.len(), asked, "{what}");
        let first = ["Range", "If-Range"].map(|name| seen[0].header(name));
        assert_eq!(first, [Some("bytes=3-".into()), Some("\"1\"".into())], "{what}");
    }
}

/// Many batches, cut in the middle: all that has arrived is kept.
fn a_large_file_that_is_cut<F: Flavour>() {
    let large: Vec<u8> = (0..3_000_000).map(|i| (i % 251) as u8).collect();
    let server = range_server(&large, "\"1\"", 1_234_567);
    let dir = TempDir::new();
    let path = dir.path("a");
    for kept in [1_234_567, 2_469_134] {
        assert!(F::resume(F::new().get(&server.url("/")), &path).is_err());
        assert_eq!(fs::metadata(dir.path("a.part")).unwrap().len(), kept);
    }
    assert_eq!(F::resume(F::new().get(&server.url("/")), &path).unwrap(), 3_000_000);
    assert!(fs::read(&path).unwrap() == large);
}

fn a_file_that_changes_between_runs<F: Flavour>() {
    for (etags, requests) in [(["\"1\"", "\"2\""], 2), (["W/\"1\"", "W/\"1\""], 2)] {
        let run = std::sync::atomic::AtomicUsize::new(0);
        let server = Server::new(move |seen| match run.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => ranges(seen, FILE.as_bytes(), etags[0], 10),
            _ => ranges(seen, &FILE.as_bytes()[4..], etags[1], 1000),
        });
        let dir = TempDir::new();
        let resume = || F::resume(F::new().get(&server.url("/")), &dir.path("a"));
        assert_eq!(resume().unwrap_err().kind(), ErrorKind::Incomplete);
        assert_eq!(resume().unwrap(), FILE.len() as u64 - 4);
        assert_eq!(fs::read_to_string(dir.path("a")).unwrap(), FILE[4..]);
        assert_eq!(server.take().len(), requests);
    }
}

fn a_coded_file_is_saved_as_it_is_sent<F: Flavour>() {
    let server = Server::new(|_| Reply::full("200 OK", "Content-Encoding: gzip\r\n", "coded"));
    let dir = TempDir::new();
    let ask = F::new().get(&server.url("/")).header("Range", "bytes=1-2").header("Accept-Encoding", "br");
    assert_eq!(F::resume(ask, &dir.path("a")).unwrap(), 5);
    assert_eq!(fs::read_to_string(dir.path("a")).unwrap(), "coded");
    let seen = server.take_one();
    assert_eq!(["Range", "Accept-Encoding"].map(|name| seen.header(name)), [None, Some("identity".into())]);
}

fn places_that_cannot_be_used<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("hello"));
    let (client, dir) = (F::new(), TempDir::new());
    for name in ["sub", "b.part", "c.part.meta"] {
        fs::create_dir(dir.path(name)).unwrap();
    }
    for (name, text) in [
        ("sub", "it is a directory"),
        ("", "the path has no file name"),
        ("none/a", "the partial file beside it could not be opened; does its directory exist?"),
        ("b", "the partial file beside it could not be opened"),
        ("c", "a part of it could not be written"),
    ] {
        let path = dir.as_ref().join(name);
        let path = if name.is_empty() { path.join("..") } else { path };
        let error = F::resume(client.get(&server.url("/")), &path).unwrap_err();
        assert_eq!((error.kind(), error.url()), (ErrorKind::Io, None), "{name}: {error}");
        assert!(error.to_string().contains(text), "{name}: {error}");
    }
    let error = F::resume(client.post(&server.url("/")), &dir.path("d")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.url(), Some(&*server.url("/")));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(dir.path("elsewhere"), dir.path("e.part")).unwrap();
        let error = F::resume(client.get(&server.url("/")), &dir.path("e")).unwrap_err();
        assert!(error.to_string().contains("e.part is not a regular file; remove it"), "{error}");
        assert!(!dir.path("elsewhere").exists());
    }
}

/// The second is refused while the first runs, and the first is not disturbed.
fn two_at_a_time<F: Flavour>() {
    let (started, go) = (Gate::default(), Gate::default());
    let head = send("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\nhe");
    let server = ScriptedServer::new([vec![
        Act::Take,
        head,
        Act::Open(started.clone()),
        Act::Wait(go.clone()),
        send("llo"),
        Act::Eof,
    ]]);
    let dir = TempDir::new();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| F::resume(F::new().get(&server.url()), &dir.path("a")));
        started.wait();
        let error = F::resume(F::new().get(&server.url()), &dir.path("a")).unwrap_err();
        assert_eq!((error.kind(), error.url()), (ErrorKind::Io, None));
        assert!(error.to_string().contains("another download is writing it; wait for that one"), "{error}");
        go.open();
        assert_eq!(first.join().unwrap().unwrap(), 5);
    });
    assert_eq!(fs::read_to_string(dir.path("a")).unwrap(), "hello");
    assert_eq!(dir.names(), ["a"]);
}

fn permissions_of_the_target<F: Flavour>() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let server = range_server(FILE.as_bytes(), "\"1\"", 20);
        let dir = TempDir::new();
        let path = dir.path("a");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let resume = || F::resume(F::new().get(&server.url("/")), &path);
        assert!(resume().is_err());
        assert_eq!((mode(&dir.path("a.part")), mode(&dir.path("a.part.meta"))), (0o600, 0o600));
        resume().unwrap();
        assert_eq!(mode(&path), 0o640);
    }
}

#[cfg(feature = "async")]
mod dropped {
    use httpx_testing::until;

    use super::*;

    /// The partial file stays, and the next call goes on.
    #[test]
    fn a_download_that_is_dropped_goes_on_later() {
        let gate = Gate::default();
        let head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 1000000\r\n\r\n".to_owned();
        let first = vec![Act::Take, send(head + &"x".repeat(800_000)), Act::Open(gate.clone()), Act::Eof];
        let dir = TempDir::new();
        let kept = || fs::metadata(dir.path("a.part")).map_or(0, |metadata| metadata.len());
        let server = ScriptedServer::new([
            first,
            vec![
                Act::Take,
                send(
                    "HTTP/1.1 206 X\r\nContent-Range: bytes 786432-999999/1000000\r\nContent-Length: 213568\r\n\r\n",
                ),
                send("x".repeat(213_568)),
                Act::Eof,
            ],
        ]);
        RUNTIME.block_on(async {
            let client = httpx::ahttpx::Client::builder().no_proxy().build().unwrap();
            let ask = client.get(&*server.url());
            let download = tokio::spawn(ask.resume_to(dir.path("a")));
            gate.wait();
            until(|| kept() == 3 * (256 << 10)); // whole batches
            download.abort();
            assert!(download.await.unwrap_err().is_cancelled());
            let resumed = loop {
                match client.get(&*server.url()).resume_to(dir.path("a")).await {
                    // The file of the first is closed by another thread.
                    Err(error) if error.to_string().contains("another download") => {
                        tokio::task::yield_now().await;
                    }
                    resumed => break resumed,
                }
            };
            assert_eq!(resumed.unwrap(), 1_000_000);
        });
        assert!(fs::read(dir.path("a")).unwrap() == vec![b'x'; 1_000_000]);
    }
}
