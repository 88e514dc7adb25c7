//! `copy_to` and `save_to` of a streamed response, from servers that finish and from those that do not.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "gzip"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use httpx::{Error, ErrorKind, Response, Result};
use httpx_testing::{Act, Reply, ScriptedServer, Server, TempDir, both_flavours, encode, send};
use support::Flavour;
#[cfg(feature = "async")]
use support::flavour::RUNTIME;
use support::flavour::{Ask, BodyOf};

/// The calls of each flavour.
trait Saves: Flavour {
    fn streamed(ask: Ask<Self>) -> Response<BodyOf<Self>>;
    fn save(response: &mut Response<BodyOf<Self>>, path: &Path) -> Result<u64>;
    /// Copies to a slice of this length: one byte more is an error of the writer.
    fn copy(response: &mut Response<BodyOf<Self>>, room: usize) -> (Result<u64>, Vec<u8>);

    fn save_url(&self, url: &str, path: &Path) -> Result<u64> {
        Self::save(&mut Self::streamed(self.get(url)), path)
    }
}

#[cfg(feature = "blocking")]
impl Saves for support::Blocking {
    fn streamed(ask: Ask<Self>) -> Response<BodyOf<Self>> {
        ask.stream().unwrap()
    }

    fn save(response: &mut Response<BodyOf<Self>>, path: &Path) -> Result<u64> {
        response.save_to(path)
    }

    fn copy(response: &mut Response<BodyOf<Self>>, room: usize) -> (Result<u64>, Vec<u8>) {
        let mut copy = vec![0; room];
        let copied = response.copy_to(&mut &mut copy[..]);
        (copied, copy)
    }
}

#[cfg(feature = "async")]
impl Saves for support::Async {
    fn streamed(ask: Ask<Self>) -> Response<BodyOf<Self>> {
        RUNTIME.block_on(ask.stream()).unwrap()
    }

    fn save(response: &mut Response<BodyOf<Self>>, path: &Path) -> Result<u64> {
        RUNTIME.block_on(response.save_to(path))
    }

    fn copy(response: &mut Response<BodyOf<Self>>, room: usize) -> (Result<u64>, Vec<u8>) {
        let mut copy = std::io::Cursor::new(vec![0; room].into_boxed_slice());
        let copied = RUNTIME.block_on(response.copy_to(&mut copy));
        (copied, copy.into_inner().into_vec())
    }
}

both_flavours!(
    whole_bodies,
    bodies_that_break,
    a_status_that_is_not_saved,
    paths_that_cannot_be_saved_to,
    a_full_disk,
    a_symbolic_link_is_replaced,
    permissions_are_kept,
    saves_at_the_same_time,
    writers_and_networks_that_fail,
);

fn text(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i % 251) as u8).collect()
}

/// Of all lengths around the sizes of buffers, with a length and in chunks, plain and coded.
fn whole_bodies<F: Saves>() {
    let server = Server::new(|seen| {
        let target = seen.target();
        let [_, kind, length] = target.split('/').collect::<Vec<_>>()[..] else { panic!() };
        let content = text(length.parse().unwrap());
        match kind {
            "gzip" => Reply::full("200 OK", "Content-Encoding: gzip\r\n", encode::gzip(&content)),
            "close" => Reply::Close([&b"HTTP/1.1 200 OK\r\n\r\n"[..], &content].concat()),
            _ => Reply::full("200 OK", "", content),
        }
    });
    let (client, dir) = (F::new(), TempDir::new());
    let path = dir.path("a.bin");
    for kind in ["plain", "gzip", "close"] {
        for length in [0, 1, 65_535, 65_536, 65_537, (512 << 10) - 1, 512 << 10, (512 << 10) + 1, 1_600_000] {
            let url = server.url(&format!("/{kind}/{length}"));
            assert_eq!(client.save_url(&url, &path).unwrap(), length as u64, "{kind} {length}");
            assert!(fs::read(&path).unwrap() == text(length), "{kind} {length}");
            let (copied, copy) = F::copy(&mut F::streamed(client.get(&url)), length);
            assert_eq!(copied.unwrap(), length as u64, "{kind} {length}");
            assert!(copy == text(length), "{kind} {length}");
        }
    }
    assert_eq!(dir.names(), ["a.bin"]);
}

/// The old file stays, and there is no other.
fn bodies_that_break<F: Saves>() {
    let cut = |head: &str, body: Vec<u8>| {
        vec![
            Act::Take,
            send([format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes(), &body].concat()),
            Act::Finish,
        ]
    };
    let rows = [
        ("short", cut("Content-Length: 10\r\n", b"12345".to_vec()), ErrorKind::Incomplete),
        ("no bytes", cut("Content-Length: 10\r\n", Vec::new()), ErrorKind::Incomplete),
        ("after batches", cut("Content-Length: 2000000\r\n", text(1_500_000)), ErrorKind::Incomplete),
        ("in a chunk", cut("Transfer-Encoding: chunked\r\n", b"5\r\n123".to_vec()), ErrorKind::Incomplete),
        (
            "no gzip",
            cut("Content-Encoding: gzip\r\nContent-Length: 5\r\n", b"12345".to_vec()),
            ErrorKind::Decode,
        ),
    ];
    for (what, script, kind) in rows {
        let server = ScriptedServer::repeat(script);
        let dir = TempDir::new();
        let path = dir.path("a");
        for old in [None, Some("old")] {
            if let Some(old) = old {
                fs::write(&path, old).unwrap();
            }
            let mut response = F::streamed(F::new().get(&server.url()));
            let error = F::save(&mut response, &path).unwrap_err();
            assert_eq!(error.kind(), kind, "{what}");
            assert!(error.url().is_some(), "{what}: {error}");
            assert_eq!(F::save(&mut response, &path).unwrap_err().kind(), kind, "{what}: again");
            // In the async flavour another thread removes it.
            httpx_testing::until(|| dir.names().len() == old.iter().len());
            assert_eq!(fs::read_to_string(&path).ok().as_deref(), old, "{what}");
        }
    }
}

fn a_status_that_is_not_saved<F: Saves>() {
    let server = Server::new(|seen| Reply::full(&seen.target()[1..].replace('_', " "), "", "not it"));
    let (client, dir) = (F::with(|client| client.max_redirects(0)), TempDir::new());
    let path = dir.path("a");
    fs::write(&path, "old").unwrap();
    for status in ["404_Not_Found", "500_X", "304_Not_Modified", "301_Moved"] {
        let mut response = F::streamed(client.get(&server.url(&format!("/{status}"))));
        let error = F::save(&mut response, &path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status().unwrap().as_u16().to_string(), status[..3]);
        let text = error.to_string();
        assert!(
            text.contains("so nothing was saved; copy_to()") && text.contains(&server.url("/")),
            "{text}"
        );
        assert_eq!((fs::read_to_string(&path).unwrap(), dir.names().len()), ("old".to_owned(), 1));
    }
    assert_eq!(client.save_url(&server.url("/206_Partial_Content"), &path).unwrap(), 6);
}

fn paths_that_cannot_be_saved_to<F: Saves>() {
    let server = Server::new(|_| Reply::ok("hello"));
    let (client, dir) = (F::new(), TempDir::new());
    fs::create_dir(dir.path("sub")).unwrap();
    fs::write(dir.path("file"), "").unwrap();
    let separated = PathBuf::from(format!("{}/", dir.path("new").display()));
    let mut rows = vec![
        (dir.path("sub"), "it is a directory; add a file name"),
        (dir.path("sub").join(".."), "the path has no file name; add one"),
        (separated, "the path has no file name; add one"),
        (PathBuf::new(), "the path has no file name; add one"),
        (dir.path("none").join("a"), "a file beside it could not be created; does its directory exist?"),
        (dir.path("file").join("a"), "a file beside it could not be created"),
    ];
    if cfg!(unix) {
        rows.push(("/dev/null".into(), "it is not a regular file; open it and use copy_to()"));
        rows.push(("/proc/new".into(), "a file beside it could not be created"));
    }
    for (path, expected) in rows {
        let error = client.save_url(&server.url("/"), &path).unwrap_err();
        assert_eq!((error.kind(), error.url(), error.is_transient()), (ErrorKind::Io, None, false));
        let text = error.to_string();
        assert!(text.starts_with(&format!("the body could not be saved to {}", path.display())), "{text}");
        assert!(text.contains(expected), "{text}");
    }
    assert_eq!(dir.names(), ["file", "sub"]);
}

#[allow(clippy::print_stderr)] // a test that cannot run says so
fn a_full_disk<F: Saves>() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let server = Server::new(|_| Reply::full("200 OK", "", text(4 << 20)));
    // A file system of 1 MiB, if this test may make one.
    let dir = TempDir::new();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "httpx"])
        .arg(dir.as_ref())
        .output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: a small file system cannot be mounted here");
        return;
    }
    let path = dir.path("a");
    fs::write(&path, "old").unwrap();
    let saved = F::new().save_url(&server.url("/"), &path);
    let (names, old) = (dir.names(), fs::read_to_string(&path));
    std::process::Command::new("umount").arg(dir.as_ref()).output().unwrap();
    let error = saved.unwrap_err();
    assert_eq!((error.kind(), error.url()), (ErrorKind::Io, None));
    assert!(error.to_string().contains("a part of it could not be written; free some space"), "{error}");
    assert_eq!((names, old.unwrap()), (vec!["a".to_owned()], "old".to_owned()));
}

fn a_symbolic_link_is_replaced<F: Saves>() {
    #[cfg(unix)]
    {
        let server = Server::new(|_| Reply::ok("hello"));
        let dir = TempDir::new();
        let (link, target) = (dir.path("link"), dir.path("target"));
        for target_exists in [false, true] {
            if target_exists {
                fs::write(&target, "old").unwrap();
                fs::remove_file(&link).unwrap();
            }
            std::os::unix::fs::symlink(&target, &link).unwrap();
            assert_eq!(F::new().save_url(&server.url("/"), &link).unwrap(), 5);
            assert!(fs::symlink_metadata(&link).unwrap().is_file());
            assert_eq!(fs::read_to_string(&target).ok(), target_exists.then(|| "old".to_owned()));
        }
    }
}

fn permissions_are_kept<F: Saves>() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let server = Server::new(|_| Reply::ok("hello"));
        let dir = TempDir::new();
        let path = dir.path("a");
        for mode in [0o600, 0o640, 0o755, 0o444] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            F::new().save_url(&server.url("/"), &path).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "hello");
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
            fs::remove_file(&path).unwrap();
        }
    }
}

/// The file is always one of the bodies, and never a mixture.
fn saves_at_the_same_time<F: Saves>() {
    let server = Server::new(|seen| Reply::full("200 OK", "", vec![seen.target().as_bytes()[1]; 700_000]));
    let (client, dir) = (F::new(), TempDir::new());
    let path = dir.path("a");
    thread::scope(|scope| {
        for letter in ["a", "b", "c", "d"] {
            let (client, server, path) = (&client, &server, &path);
            scope.spawn(move || {
                for _ in 0..4 {
                    client.save_url(&server.url(&format!("/{letter}")), path).unwrap();
                    let saved = fs::read(path).unwrap();
                    assert_eq!(saved.len(), 700_000);
                    assert!(saved.iter().all(|byte| *byte == saved[0]));
                }
            });
        }
    });
    assert_eq!(dir.names(), ["a"]);
}

fn writers_and_networks_that_fail<F: Saves>() {
    let server = Server::new(|seen| match seen.target().as_str() {
        "/cut" => Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello".to_vec()),
        _ => Reply::ok("hello"),
    });
    let client = F::new();
    let copied = |target: &str, room| F::copy(&mut F::streamed(client.get(&server.url(target))), room);
    assert_eq!(copied("/", 5).0.unwrap(), 5);

    let (full, copy) = copied("/", 3);
    let full: Error = full.unwrap_err();
    assert_eq!((full.kind(), full.url(), full.is_transient()), (ErrorKind::Io, None, false));
    assert!(full.to_string().starts_with("the writer of copy_to() failed, not the network"), "{full}");
    assert_eq!(copy, b"hel");

    let (cut, copy) = copied("/cut", 9);
    let cut = cut.unwrap_err();
    assert_eq!((cut.kind(), cut.is_transient()), (ErrorKind::Incomplete, true));
    assert!(cut.to_string().contains(&server.url("/cut")), "{cut}");
    assert_eq!(&copy[..5], b"hello");
}

#[cfg(feature = "async")]
mod dropped {
    use httpx_testing::{Gate, until};

    use super::*;

    /// A future that is dropped while it waits for the network leaves no file.
    #[test]
    fn a_save_that_is_dropped_leaves_no_file() {
        for sent in [0, 100_000, 600_000, 1_500_000] {
            let gate = Gate::default();
            let head =
                send([b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n", &text(sent)[..]].concat());
            let server = ScriptedServer::new([vec![Act::Take, head, Act::Open(gate.clone()), Act::Eof]]);
            let dir = TempDir::new();
            let path = dir.path("a");
            fs::write(&path, "old").unwrap();
            RUNTIME.block_on(async {
                let client = httpx::ahttpx::Client::builder().no_proxy().build().unwrap();
                let mut response = client.get(&*server.url()).stream().await.unwrap();
                let saving = tokio::spawn(async move { response.save_to(path).await });
                until(|| dir.names().len() == 2);
                gate.wait();
                saving.abort();
                assert!(saving.await.unwrap_err().is_cancelled());
            });
            until(|| dir.names() == ["a"]);
            assert_eq!(fs::read_to_string(dir.path("a")).unwrap(), "old");
        }
    }

    #[test]
    fn without_a_runtime_there_is_an_error() {
        let mut response: Response<httpx::ahttpx::Body> = Response::new(200, b"hello").unwrap().into();
        let dir = TempDir::new();
        let error = httpx_testing::block_on(response.save_to(dir.path("a"))).unwrap_err();
        assert!(error.to_string().contains("there is no tokio runtime here"), "{error}");
    }
}
