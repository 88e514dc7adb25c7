//! Bodies that are opened late: after a failure, after a connection that was closed, and within the timeouts.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::fs;

use httpx::ErrorKind;
use httpx::models::{Encoded, File, IntoBody};
use httpx_testing::{Reply, ScriptedServer, Server, TempDir, answer, both_flavours, serve};
use support::Flavour;
use support::flavour::{Ask, BodyOf};

both_flavours!(
    a_file_that_cannot_be_opened_fails_each_time,
    a_file_is_sent_in_two_requests,
    a_file_is_sent_again_on_a_new_connection,
    a_file_that_grows_is_not_sent_to_its_end,
    headers_after_a_303,
    a_reader_that_lies,
);

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

fn a_file_that_cannot_be_opened_fails_each_time<F: Flavour>() {
    let dir = TempDir::new();
    let mut several = Encoded::from("first");
    several.append(File::new(dir.path("missing")));
    let bodies: [BodyOf<F>; 2] = [File::new(dir.path("missing")).into_body(), several.into()];
    for mut body in bodies {
        for _ in 0..3 {
            let error = F::body_chunk(&mut body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Body, "{error:#}");
        }
    }
}

/// Two requests may send two sizes, as for a log that grows.
fn a_file_is_sent_in_two_requests<F: Flavour>() {
    let dir = TempDir::new();
    let (server, client) = (Server::new(|_| Reply::ok("good")), F::new());
    let file = File::new(dir.path("log"));
    for text in ["one", "one\ntwo"] {
        fs::write(file.path(), text).unwrap();
        F::send(client.post(&server.url("/")).content(file.clone())).unwrap();
        assert_eq!(server.take_one().content(), text.as_bytes());
    }
}

/// The server closes a connection on which it has read the whole request.
fn a_file_is_sent_again_on_a_new_connection<F: Flavour>() {
    let dir = TempDir::new();
    fs::write(dir.path("file"), "hello").unwrap();
    type Put<F> = fn(Ask<F>) -> Ask<F>;
    let rows: [(&str, Put<F>); 2] =
        [("plain", |ask| ask), ("with its length", |ask| ask.header("Content-Length", "5"))];
    for (case, with) in rows {
        let mut first = answer(OK);
        first.extend([httpx_testing::Act::Take]);
        let server = ScriptedServer::new([first, serve(OK)]);
        let client = F::new();
        assert_eq!(F::send(client.get(&server.url())).unwrap().text(), "good");
        let ask = client.put(&server.url()).content(File::new(dir.path("file")));
        let sent = F::send(with(ask)).unwrap_or_else(|error| panic!("{case}: {error:#}"));
        assert_eq!(sent.text(), "good");
        drop(client);
        for record in server.ended() {
            let text = String::from_utf8(record.received).unwrap();
            assert!(text.ends_with("\r\n\r\nhello"), "{case}: {text}");
        }
    }
}

/// A server must not take the request for complete.
fn a_file_that_grows_is_not_sent_to_its_end<F: Flavour>() {
    let dir = TempDir::new();
    for size in [5, 64 << 10, 256 << 10, 1_000_000] {
        let path = dir.path("file");
        fs::write(&path, vec![b'#'; size]).unwrap();
        let file = File::new(&path);
        let grow = move |_| drop(fs::write(&path, vec![b'#'; size + 1]));
        let server = ScriptedServer::repeat(serve(OK));
        let client = F::new();
        let error = F::send(client.put(&server.url()).content(file).on_progress(grow)).unwrap_err();
        assert!(format!("{error:#}").contains("longer while it was sent"), "{error:#}");
        drop(client);
        for record in server.ended() {
            let body = record.received.iter().filter(|&&byte| byte == b'#').count();
            assert!(body < size, "{body} bytes of {size}");
        }
    }
}

fn headers_after_a_303<F: Flavour>() {
    let server = Server::new(|seen| match seen.target().as_str() {
        "/" => Reply::full("303 See Other", "Location: /next\r\n", ""),
        _ => Reply::ok("good"),
    });
    let client = F::new();
    let form = httpx::models::Multipart::new().text("a", "1");
    let asks = [
        client.post(&server.url("/")).multipart(form).trailers([("X-Sum", "1")]).expect_continue(),
        #[cfg(feature = "gzip")]
        client.post(&server.url("/")).body(F::bytes("abc")).compress(httpx::models::Coding::Gzip),
    ];
    for ask in asks {
        let ask = ask.continue_timeout(std::time::Duration::ZERO);
        assert_eq!(F::send(ask).unwrap().text(), "good");
        let seen = server.take();
        let text = seen[1].text();
        let text = text.to_ascii_lowercase();
        for name in ["content-", "expect", "transfer-encoding", "trailer", "x-sum"] {
            assert!(!text.contains(&format!("\r\n{name}")), "{text}");
        }
    }
}

/// It claims to have read more than there was room for.
fn a_reader_that_lies<F: Flavour>() {
    struct Liar;
    impl std::io::Read for Liar {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            Ok(buf.len() + 1)
        }
    }
    let mut body: BodyOf<F> = Encoded::from_reader(Liar, None).into();
    let error = F::body_chunk(&mut body).unwrap_err();
    assert!(error.to_string().contains("room"), "{error:#}");
}

#[cfg(all(unix, feature = "async"))]
mod waits {
    use std::time::Duration;

    use super::*;
    use httpx::ahttpx::{Body, Bytes};
    use support::flavour::Async;

    /// A pipe is open only when another program has opened it for writing.
    #[test]
    fn the_total_timeout_holds_while_a_file_is_opened() {
        let dir = TempDir::new();
        let path = dir.path("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let server = Server::new(|_| Reply::ok("good"));
        let ask = Async::new().post(&server.url("/")).content(File::new(&path));
        let error = Async::send(ask.timeout(Duration::from_millis(20))).unwrap_err();
        // Lets the thread go.
        drop(fs::OpenOptions::new().write(true).open(&path));
        assert!(error.is_timeout(), "{error:#}");
        assert_eq!(server.opened(), 0);
    }

    /// All bytes have been sent, and the stream is still open: its sender waits for the response.
    #[test]
    fn a_body_that_stays_open_after_its_last_byte() {
        use futures_util::{StreamExt, stream};
        use tokio::io::AsyncWriteExt;
        let (server, client) = (Server::new(|_| Reply::ok("good")), Async::new());
        let items = stream::iter([Ok::<_, std::io::Error>(Bytes::from("hello"))]).chain(stream::pending());
        let (mut writer, reader) = tokio::io::duplex(16);
        support::flavour::RUNTIME.block_on(writer.write_all(b"hello")).unwrap();
        for body in [Body::from_sized_stream(items, 5), Body::from_sized_reader(reader, 5)] {
            let ask = client.post(&server.url("/")).body(body).timeout(Duration::from_secs(10));
            assert_eq!(Async::send(ask).unwrap().text(), "good");
            assert_eq!(server.take_one().content(), b"hello");
        }
        assert_eq!(server.opened(), 1);
    }
}
