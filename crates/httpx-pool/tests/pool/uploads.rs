//! Requests with bodies, and servers that respond before they have received them.

use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use httpx_core::{Encoded, ErrorKind, RequestSent};

use crate::support::*;

both_flavours! {
    bodies,
    bodies_of_another_length,
    an_early_no,
    an_early_yes,
    a_slow_upload,
    an_early_no_to_a_slow_upload,
    an_early_yes_to_a_slow_upload,
    expectations,
    readers_that_panic_or_fail,
}

fn bodies<F: Flavour>() {
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    let rows: [(F::Body, String); 9] = [
        (F::reader(&b"hello"[..]), format!("{chunked}5\r\nhello\r\n0\r\n\r\n")),
        (F::reader(io::empty()), format!("{chunked}0\r\n\r\n")),
        (F::sized_reader(&b"hello"[..], 5), "Content-Length: 5\r\n\r\nhello".into()),
        (bytes("hello").into(), "Content-Length: 5\r\n\r\nhello".into()),
        (chunks(["he", "llo"], None).into(), format!("{chunked}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")),
        (chunks(["he", "llo"], Some(5)).into(), "Content-Length: 5\r\n\r\nhello".into()),
        (Encoded::from_reader(&b"hello"[..], None).into(), format!("{chunked}5\r\nhello\r\n0\r\n\r\n")),
        (Encoded::from_reader(&b"hello"[..], Some(5)).into(), "Content-Length: 5\r\n\r\nhello".into()),
        (F::Body::default(), "Content-Length: 0\r\n\r\n".into()),
    ];
    for (body, sent) in rows {
        let server = Server::repeat(serve(OK));
        let pool = F::new();
        let response = pool.exchange(request("POST", &server.url()).with_body(body)).unwrap();
        assert_eq!((response.text(), pool.counts()), ("hello".into(), idle(1)));
        drop(pool);
        let received = String::from_utf8(server.ended()[0].received.clone()).unwrap();
        // Chunk sizes may be written with leading zeros.
        let received = received.replace("\r\n0000", "\r\n").replace("\r\n000", "\r\n");
        assert!(received.ends_with(&sent), "{received:?} {sent:?}");
    }
}

fn bodies_of_another_length<F: Flavour>() {
    use RequestSent::{Complete, Partial};

    let server = Server::repeat(vec![Act::Eof]);
    let pool = F::new();
    let file = || Broken(Some("he"));
    // The announced bytes are a whole request for the server, whatever their source does after them.
    let rows: [(F::Body, &str, RequestSent); 13] = [
        (F::sized_reader(&b"hell"[..], 5), "not as long as", Partial),
        (F::sized_reader(&b"hello, world"[..], 5), "longer than", Partial),
        (F::sized_reader(file(), 5), "no disk", Partial),
        (F::sized_reader(Broken(Some("hello")), 5), "no disk", Complete),
        (Encoded::from_reader(&b"hell"[..], Some(5)).into(), "not as long as", Partial),
        (Encoded::from_reader(&b"hello, world"[..], Some(5)).into(), "longer than", Partial),
        (Encoded::from_reader(file(), Some(5)).into(), "no disk", Partial),
        (chunks(["he", "ll"], Some(5)).into(), "not as long as", Partial),
        (chunks(["hello", ", world"], Some(5)).into(), "longer than", Complete),
        (chunks(["he", "!"], Some(5)).into(), "out of ink", Partial),
        (chunks(["hello", "!"], Some(5)).into(), "out of ink", Complete),
        (chunks(["he", "!"], None).into(), "out of ink", Partial),
        (chunks(["hello", "!"], None).into(), "out of ink", Partial),
    ];
    for (n, (body, reason, sent)) in rows.into_iter().enumerate() {
        let error = pool.send(request("POST", &server.url()).with_body(body)).unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Body, Some(sent)), "row {n}");
        assert!(format!("{error:#}").contains(reason), "{error:#}");
        assert_eq!((server.end_of(n), pool.counts()), (End::Closed, idle(0)));
    }
}

/// A content of these chunks; "!" is an error.
fn chunks(chunks: [&'static str; 2], length: Option<u64>) -> Encoded {
    let chunk = |text: &'static str| if text == "!" { Err("out of ink") } else { Ok(text.into()) };
    Encoded::from_chunks(chunks.map(chunk), length)
}

/// A reader that gives this, then fails.
struct Broken(Option<&'static str>);

impl Read for Broken {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let text = self.0.take().ok_or_else(|| io::Error::other("no disk"))?;
        buf[..text.len()].copy_from_slice(text.as_bytes());
        Ok(text.len())
    }
}

const LARGE: usize = 16 << 20;

fn large<F: Flavour>() -> [fn() -> F::Body; 3] {
    [
        || bytes(vec![b'x'; LARGE]).into(),
        || F::reader(io::repeat(b'x').take(LARGE as u64)),
        || F::sized_reader(io::repeat(b'x').take(LARGE as u64), LARGE as u64),
    ]
}

/// The server responds before it has the request, and then stops reading, closes, or continues to read.
fn an_early_no<F: Flavour>() {
    let no = send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    let endless: [fn() -> F::Body; 2] = [F::endless, || F::sized_reader(io::repeat(b'x'), u64::MAX >> 1)];
    let forever = || Act::Wait(Gate::default());
    for wire in Wire::each() {
        for last in [vec![forever()], vec![], vec![Act::Finish, forever()], vec![Act::Sink]] {
            for body in large::<F>().into_iter().chain(endless) {
                let server = wire.repeat([vec![Act::TakeBytes(50), no.clone()], last.clone()].concat());
                let pool: F = wire.pool();
                let response = pool.exchange(request("POST", &server.url()).with_body(body())).unwrap();
                assert_eq!((response.status().as_u16(), response.bytes()), (413, &"no".into()), "{wire:?}");
                assert_eq!(pool.counts(), idle(0), "{wire:?}");
            }
        }
    }
}

/// A success does not stop the upload.
fn an_early_yes<F: Flavour>() {
    for wire in Wire::each() {
        let server = wire.repeat(vec![Act::TakeBytes(50), send(OK), Act::Eof]);
        for body in large::<F>() {
            let pool: F = wire.pool();
            let response = pool.exchange(request("POST", &server.url()).with_body(body())).unwrap();
            assert_eq!(response.text(), "hello");
        }
        for record in server.ended() {
            assert!(record.received.len() > LARGE, "{wire:?}");
        }
    }
}

/// Each piece is sent as soon as the reader gives it.
fn a_slow_upload<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    let (reader, mut writer) = io::pipe().unwrap();
    thread::scope(|scope| {
        let slow = request("POST", &server.url()).with_body(F::late_reader(reader));
        let call = scope.spawn(|| pool.exchange(slow));
        for piece in ["one", "two", "three"] {
            writer.write_all(piece.as_bytes()).unwrap();
            server.when(|records| {
                let received = records.first().map(|record| String::from_utf8_lossy(&record.received));
                received.is_some_and(|received| received.contains(piece))
            });
        }
        drop(writer);
        assert_eq!(call.join().unwrap().unwrap().text(), "hello");
    });
    assert_eq!((server.connections(), pool.counts()), (1, idle(1)));
}

/// The server refuses while the client waits for the rest of the body. More of the body is not read.
fn an_early_no_to_a_slow_upload<F: Flavour>() {
    let no = send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    for wire in Wire::each() {
        for last in [Act::Wait(Gate::default()), Act::Sink] {
            let said = Gate::default();
            let script = vec![Act::TakeBytes(50), no.clone(), Act::Open(said.clone()), last];
            let server = wire.serve([script]);
            let pool: F = wire.pool();
            let (reader, mut writer) = io::pipe().unwrap();
            writer.write_all(b"some").unwrap();
            thread::scope(|scope| {
                let slow = request("POST", &server.url()).with_body(F::late_reader(reader));
                let call = scope.spawn(|| pool.exchange(slow));
                said.wait();
                let taken = (0..64 << 10).take_while(|_| writer.write_all(&[b'y'; 1 << 10]).is_ok()).count();
                drop(writer);
                assert!(taken < 64 << 10, "{taken} KiB are taken of what nobody wants, {wire:?}");
                let response = call.join().unwrap().unwrap();
                assert_eq!((response.status().as_u16(), response.bytes()), (413, &"no".into()), "{wire:?}");
            });
            assert_eq!(pool.counts(), idle(0), "{wire:?}");
        }
    }
}

/// A success does not stop the upload, and the connection is kept.
fn an_early_yes_to_a_slow_upload<F: Flavour>() {
    let [said, taken] = [Gate::default(), Gate::default()];
    let server = Server::repeat(vec![
        Act::TakeHead,
        send(OK),
        Act::Open(said.clone()),
        Act::Sink,
        Act::Open(taken.clone()),
        Act::Serve(OK.into()),
    ]);
    let pool = F::new();
    let (reader, mut writer) = io::pipe().unwrap();
    thread::scope(|scope| {
        let slow = request("POST", &server.url()).with_body(F::late_reader(reader));
        let call = scope.spawn(|| pool.exchange(slow));
        writer.write_all(b"some").unwrap();
        said.wait();
        writer.write_all(&[b'y'; 100_000]).unwrap();
        drop(writer);
        assert_eq!(call.join().unwrap().unwrap().text(), "hello");
    });
    taken.wait();
    pool.get_ok(&server.url());
    assert_eq!((server.connections(), pool.counts()), (1, idle(1)));
}

fn expectations<F: Flavour>() {
    let go = send("HTTP/1.1 100 Continue\r\n\r\n");
    let no = send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
    // The wait for a missing 100 ends.
    for (says, sent) in [(go, true), (no, false), (send(""), true)] {
        // The head is longer than 80 bytes, and shorter than the whole request.
        let server = Server::repeat(vec![Act::TakeBytes(80), says, Act::TakeBytes(60), send(OK), Act::Eof]);
        let pool = F::new();
        let expecting = request("POST", &server.url()).with_header("Expect", "100-continue").unwrap();
        let response = pool.send(expecting.with_body(bytes("x".repeat(100)))).unwrap();
        assert_eq!(response.head().status(), if sent { 200 } else { 417 });
        drop((response, pool));
        assert_eq!(server.ended()[0].received.ends_with(b"xxx"), sent);
    }
}

/// The user's code fails in the middle: no connection is left.
fn readers_that_panic_or_fail<F: Flavour>() {
    struct Bad(bool);
    impl Read for Bad {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            assert!(!self.0, "a bad reader");
            Err(io::Error::other("no disk"))
        }
    }
    let server = Server::repeat(serve(OK));
    let pool = F::one();
    for _ in 0..3 {
        let url = server.url();
        let post = |bad| pool.send(request("POST", &url).with_body(F::reader(Bad(bad))));
        assert!(catch_unwind(AssertUnwindSafe(|| post(true))).is_err());
        assert_eq!(pool.counts(), idle(0));
        let error = post(false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body);
        assert_eq!(
            format!("{error:#}"),
            format!(
                "POST {}: the body of the request could not be read; check where it is read from: no disk",
                server.url()
            )
        );
        assert_eq!(pool.counts(), idle(0));
        pool.get_ok(&server.url());
    }
}
