//! The async pool against servers that play scripts: what its driver does by itself. What both flavours decide alike
//! is tried in `pool.rs`, and through both clients in the tests of `httpx`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // helpers of tests are tests

mod support;

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use httpx_core::ahttpx::{Body, DynTransport, Transport};
use httpx_core::{Counts, Error, ErrorKind, Request, RequestSent, Response, Result, Timeout, Timeouts};
use httpx_pool::ahttpx::{Connecting, ConnectionPool, NetworkBackend, NetworkStream, open_connection};
use httpx_pool::{Liveness, Target};
use support::tls::Authority;
use support::{Act, End, Gate, Script, Server, answer, send, serve, until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe";
const MS: Duration = Duration::from_millis(1);

fn request(method: &str, url: &str) -> Request<Body> {
    Request::new(method, url).unwrap()
}

/// With one timeout set, or more.
fn patient(method: &str, url: &str, set: impl FnOnce(&mut Timeouts)) -> Request<Body> {
    let mut request = request(method, url);
    set(&mut request.head_mut().options_mut().timeouts);
    request
}

async fn stream(transport: &impl Transport, url: &str) -> Result<Response<Body>> {
    transport.send(request("GET", url)).await
}

async fn get(transport: &impl Transport, url: &str) -> Result<Response<Bytes>> {
    stream(transport, url).await?.read_body().await
}

async fn get_ok(transport: &impl Transport, url: &str) {
    assert_eq!(get(transport, url).await.unwrap().bytes(), "hello");
}

fn idle(n: usize) -> Option<Counts> {
    Some(Counts { active: 0, idle: n })
}

fn one() -> ConnectionPool {
    ConnectionPool::builder().max_connections(1).build()
}

#[tokio::test]
async fn a_hundred_requests_over_one_connection() {
    let authority = Authority::new(&[&rustls::version::TLS13]);
    for server in [Server::repeat(serve(OK)), authority.serve(std::iter::repeat(serve(OK)))] {
        let pool = ConnectionPool::builder().tls(authority.client.clone()).build();
        for _ in 0..100 {
            get_ok(&pool, &server.url()).await;
        }
        assert_eq!((server.connections(), pool.connections()[0].uses), (1, 100));
        drop(pool);
        assert_eq!(server.end_of(0), End::Closed);
    }
}

/// The end, or something unasked, has come: tokio has not heard of it, for nothing was awaited since. A request that
/// must not be sent twice goes over a new connection.
#[tokio::test]
async fn a_look_before_use() {
    let authority = Authority::new(&[&rustls::version::TLS13]);
    for tls in [false, true] {
        for last in [Act::Finish, Act::Reset, send("HTTP/1.1 408 Request Timeout\r\n\r\n")] {
            let (gate, resets) = (Gate::default(), matches!(last, Act::Reset));
            let first = [answer(OK), vec![last, Act::Open(gate.clone()), Act::Eof]].concat();
            let scripts = [first, serve(OK)];
            let server = if tls { authority.serve(scripts) } else { Server::new(scripts) };
            let pool = ConnectionPool::builder().tls(authority.client.clone()).build();
            get_ok(&pool, &server.url()).await;
            match resets {
                true => assert_eq!(server.end_of(0), End::Played),
                false => gate.wait(),
            }
            let response = pool.send(request("POST", &server.url()).with_body("x")).await.unwrap();
            assert_eq!(response.read_body().await.unwrap().bytes(), "hello");
            assert_eq!((server.connections(), pool.counts()), (2, idle(1)));
        }
    }
}

/// A kept connection takes the second request and dies.
#[tokio::test]
async fn stale_connections() {
    let dies = |how: &[Act]| [answer(OK), vec![Act::Take], how.to_vec()].concat();
    let resent = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nresent";
    let twice = |script: Script| vec![script, serve(resent)];
    let rows: Vec<(Vec<Script>, &str, &str, &str, usize)> = vec![
        (twice(dies(&[])), "GET", "", "resent", 2),
        (twice(dies(&[Act::Reset])), "GET", "", "resent", 2),
        (twice(dies(&[])), "PUT", "x", "resent", 2),
        (twice(dies(&[])), "POST", "x", "Io wholly", 1),
        (twice(dies(&[])), "PUT", "reader", "Io wholly", 1),
        (twice(dies(&[send("HTTP/1.1 2")])), "GET", "", "Incomplete wholly", 1),
        (vec![dies(&[]), vec![Act::Take], serve(resent)], "GET", "", "Io wholly", 2),
        (vec![vec![Act::Take], serve(resent)], "GET", "", "Io wholly", 1),
    ];
    for (n, (scripts, method, body, came, connections)) in rows.into_iter().enumerate() {
        let kept = scripts[0].len() > 2;
        let server = Server::new(scripts);
        let pool = ConnectionPool::new();
        if kept {
            get_ok(&pool, &server.url()).await;
        }
        let body = if body == "reader" { Body::from_reader(&b"x"[..]) } else { body.into() };
        let sent = pool.send(request(method, &server.url()).with_body(body)).await;
        let result = match sent {
            Ok(response) => response.read_body().await.unwrap().text().into_owned(),
            Err(error) => format!("{:?} {}", error.kind(), error.request_sent().unwrap()),
        };
        assert_eq!((&*result, server.connections()), (came, connections), "row {n}");
        assert_eq!(pool.counts(), idle(usize::from(came == "resent")), "row {n}");
    }
}

/// What was read, the head, what follows it at once, and whether the connection lives on. Nothing is awaited between
/// the moment when the bytes are here and the drop.
#[tokio::test]
async fn bodies_that_are_dropped_early() {
    let head = |n: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {n}\r\n\r\n");
    let rows: Vec<(usize, String, usize, bool)> = vec![
        (0, head(5), 5, true),
        (2, head(5), 5, true),
        (5, head(5), 5, true),
        (0, head(60_000), 60_000, true),
        (30_000, head(60_000), 60_000, true),
        (0, head(5), 4, false),
        (0, head(70_000), 70_000, false),
        (10_000, head(70_000), 70_000, true),
        (1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".to_owned(), 0, false),
        (1, "HTTP/1.1 200 OK\r\n\r\nhello".to_owned(), 0, false),
        (0, head(5) + "helloHTTP", 0, false),
    ];
    let authority = Authority::new(&[&rustls::version::TLS13]);
    for (n, (read, head, body, kept)) in rows.into_iter().enumerate() {
        for tls in [false, true] {
            let gates = [Gate::default(), Gate::default()];
            let first = vec![
                Act::Take,
                send(&head),
                Act::Wait(gates[0].clone()),
                Act::Send(vec![b'x'; body]),
                Act::Open(gates[1].clone()),
                Act::Serve(OK.into()),
            ];
            let scripts = [first, serve(OK)];
            let server = if tls { authority.serve(scripts) } else { Server::new(scripts) };
            let pool = ConnectionPool::builder().tls(authority.client.clone()).build();
            let mut response = stream(&pool, &server.url()).await.unwrap();
            gates[0].open();
            response.read_exact(&mut vec![0; read]).await.unwrap();
            gates[1].wait();
            drop(response);
            assert_eq!(pool.counts(), idle(usize::from(kept)), "row {n}, TLS: {tls}");
            get_ok(&pool, &server.url()).await;
            assert_eq!(server.connections(), 2 - usize::from(kept), "row {n}, TLS: {tls}");
        }
    }
}

#[tokio::test]
async fn drained() {
    for (length, most, kept) in [(60_000, 65_536, true), (100_000, 1_000, false), (5, 5, true)] {
        let body = "x".repeat(length);
        let server =
            Server::repeat(serve(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}")));
        let pool = ConnectionPool::new();
        let (_, body) = stream(&pool, &server.url()).await.unwrap().into_parts();
        body.drain(most).await;
        assert_eq!(pool.counts(), idle(usize::from(kept)), "{length} {most}");
    }
}

#[tokio::test]
async fn waiters_come_in_order() {
    let server = Server::repeat(serve(OK));
    let pool = one();
    let held = stream(&pool, &server.url()).await.unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..20 {
        let (pool, url, order) = (pool.clone(), server.url(), Arc::clone(&order));
        tasks.spawn(async move {
            get_ok(&pool, &url).await;
            order.lock().unwrap().push(n);
        });
        tokio::task::yield_now().await;
    }
    let error = pool.send(patient("GET", &server.url(), |t| t.pool = Some(30 * MS))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Pool));
    let error = pool.send(request("GET", &server.url()).with_timeout(30 * MS)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.request_sent()),
        (ErrorKind::Timeout(Timeout::Total), Some(RequestSent::No))
    );
    held.read_body().await.unwrap();
    tasks.join_all().await;
    assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
    assert_eq!((server.connections(), pool.counts()), (1, idle(1)));
}

/// A reader that never has anything.
struct Never;

impl tokio::io::AsyncRead for Never {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

/// A reader that never ends, and is late once.
struct Endless {
    late: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl tokio::io::AsyncRead for Endless {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(late) = &mut self.late {
            std::task::ready!(late.as_mut().poll(cx));
            self.late = None;
        }
        let n = buf.remaining();
        buf.initialize_unfilled_to(n).fill(b'x');
        buf.advance(n);
        Poll::Ready(Ok(()))
    }
}

fn endless(late: Option<Duration>) -> Body {
    Body::from_reader(Endless { late: late.map(|late| Box::pin(tokio::time::sleep(late))) })
}

#[tokio::test]
async fn every_timeout() {
    let short = 40 * MS;
    let deaf = || vec![Act::Wait(Gate::default())];
    let flood = || vec![Act::Take, send("HTTP/1.1 200 OK\r\n\r\n"), Act::Flood(u64::MAX)];
    type Set = fn(&mut Timeouts, Duration);
    type Row = (&'static str, Script, fn() -> Body, Set, Timeout);
    let rows: Vec<Row> = vec![
        ("no room", deaf(), || endless(None), |t, d| t.write = Some(d), Timeout::Write),
        ("no room for bytes", deaf(), || vec![0; 64 << 20].into(), |t, d| t.write = Some(d), Timeout::Write),
        // A wait for the body is over when the body goes on.
        ("no room later", deaf(), || endless(Some(20 * MS)), |t, d| t.write = Some(d), Timeout::Write),
        ("no head", vec![Act::Take, Act::Eof], Body::empty, |t, d| t.head = Some(d), Timeout::Head),
        (
            "half a head",
            vec![Act::Take, Act::Drip(b"HTTP/1.1 200 OK\r\nX: ".repeat(9), 10 * MS), Act::Eof],
            Body::empty,
            |t, d| t.head = Some(d),
            Timeout::Head,
        ),
        (
            "half a body",
            vec![Act::Take, send(HALF), Act::Eof],
            Body::empty,
            |t, d| t.read = Some(d),
            Timeout::Read,
        ),
        ("total, no head", vec![Act::Take, Act::Eof], Body::empty, |t, d| t.total = Some(d), Timeout::Total),
        (
            "total, half a body",
            vec![Act::Take, send(HALF), Act::Eof],
            Body::empty,
            |t, d| t.total = Some(d),
            Timeout::Total,
        ),
        (
            "total, a body that never comes",
            deaf(),
            || Body::from_reader(Never),
            |t, d| t.total = Some(d),
            Timeout::Total,
        ),
        ("total, no room", deaf(), || endless(None), |t, d| t.total = Some(d), Timeout::Total),
        // There is always something to do, and nothing to wait for.
        ("total, a flood", flood(), Body::empty, |t, d| t.total = Some(d), Timeout::Total),
        ("total, all is taken", vec![Act::Sink], || endless(None), |t, d| t.total = Some(d), Timeout::Total),
    ];
    for (name, script, body, set, timeout) in rows {
        let server = Server::repeat(script);
        let pool = one();
        let request = patient("POST", &server.url(), |timeouts| set(timeouts, short)).with_body(body());
        let start = Instant::now();
        let call = async {
            let mut response = pool.send(request).await?;
            let mut sink = vec![0; 64 << 10];
            while response.read(&mut sink).await.map_err(|error| Error::from_io(error, "reading"))? > 0 {}
            Ok::<(), Error>(())
        };
        let error = tokio::time::timeout(Duration::from_secs(5), call).await.expect(name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(timeout), "{name}: {error:#}");
        assert_eq!(error.limit(), Some(short), "{name}");
        assert!((short..20 * short).contains(&start.elapsed()), "{name}: {:?}", start.elapsed());
        assert_eq!(pool.counts(), idle(0), "{name}");
    }
}

#[tokio::test]
async fn the_timeout_for_connecting() {
    // Nobody shakes hands.
    let server = Server::repeat(vec![Act::Eof]);
    let url = server.url().replace("http:", "https:");
    type Set = fn(&mut Timeouts);
    let rows: [(Set, Timeout); 2] =
        [(|t| t.connect = Some(40 * MS), Timeout::Connect), (|t| t.total = Some(40 * MS), Timeout::Total)];
    for (set, timeout) in rows {
        let pool = one();
        let error = pool.send(patient("GET", &url, set)).await.unwrap_err();
        assert_eq!((error.kind(), error.limit()), (ErrorKind::Timeout(timeout), Some(40 * MS)));
        assert_eq!((error.request_sent(), pool.counts()), (Some(RequestSent::No), idle(0)));
    }
    assert_eq!([server.end_of(0), server.end_of(1)], [End::Closed; 2]);
}

/// A stream without a network: it takes so many writes, and gives pieces, each after a pause.
#[derive(Debug, Clone, Default)]
struct Canned {
    writes: usize,
    pieces: Vec<(Duration, &'static str)>,
    /// Then it gives bytes without end, and never has to be waited for.
    floods: bool,
}

#[derive(Debug)]
struct CannedStream {
    left: Canned,
    pause: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl NetworkBackend for Canned {
    fn connect<'a>(&'a self, _: &'a Target, _: Option<Instant>) -> Connecting<'a> {
        let stream: Box<dyn NetworkStream> = Box::new(CannedStream { left: self.clone(), pause: None });
        Box::pin(async { Ok(stream) })
    }
}

impl NetworkStream for CannedStream {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        let Some(&(pause, piece)) = self.left.pieces.first() else {
            buf.fill(b'x');
            return if self.left.floods { Poll::Ready(Ok(buf.len())) } else { Poll::Pending };
        };
        let sleep = self.pause.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        std::task::ready!(sleep.as_mut().poll(cx));
        self.pause = None;
        self.left.pieces.remove(0);
        buf[..piece.len()].copy_from_slice(piece.as_bytes());
        Poll::Ready(Ok(piece.len()))
    }

    fn poll_write(&mut self, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.left.writes.checked_sub(1) {
            None => Poll::Pending,
            Some(left) => {
                self.left.writes = left;
                Poll::Ready(Ok(buf.len()))
            }
        }
    }

    fn read_now(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::WouldBlock.into())
    }

    fn look(&mut self) -> Liveness {
        Liveness::Alive
    }

    fn shutdown(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        None
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        None
    }
}

/// What is sent over a canned stream, to the last byte of the answer.
async fn canned(canned: Canned, body: Body, set: impl FnOnce(&mut Timeouts)) -> Result<Bytes> {
    let pool = ConnectionPool::builder().backend(canned).build();
    let call = async {
        let mut response = pool.send(patient("POST", "http://h/", set).with_body(body)).await?;
        let (start, mut all, mut buf) = (Instant::now(), Vec::new(), vec![0; 32 << 10]);
        loop {
            let read = response.read(&mut buf).await;
            match read.map_err(|error| Error::from_io(error, "reading"))? {
                0 => return Ok(all.into()),
                n => all.extend_from_slice(&buf[..n.min(10)]),
            }
            assert!(start.elapsed() < Duration::from_secs(5), "it does not end");
        }
    };
    let result = tokio::time::timeout(Duration::from_secs(5), call).await.expect("it does not end");
    assert_eq!(pool.counts().unwrap().active, 0);
    result
}

/// Each wait is bounded by its own timeout and by no other, in whatever order they come.
#[tokio::test]
async fn a_wait_begins_anew() {
    const YES: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    const NO: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\n";
    // A write that had to wait is over when an answer comes instead.
    let pieces = vec![(60 * MS, NO), (60 * MS, "hel"), (60 * MS, "lo")];
    let both = |t: &mut Timeouts| (t.write, t.read) = (Some(90 * MS), Some(90 * MS));
    let no = canned(Canned { writes: 1, pieces, floods: false }, vec![b'x'; 1 << 20].into(), both).await;
    assert_eq!(no.unwrap(), "hello");
    // Each is shorter than the timeout, all together are longer.
    let pieces = vec![
        (60 * MS, "HTTP/1.1 103 Early Hints\r\n\r\n"),
        (Duration::ZERO, YES),
        (60 * MS, "hel"),
        (60 * MS, "lo"),
    ];
    let read = |t: &mut Timeouts| (t.head, t.read) = (Some(90 * MS), Some(90 * MS));
    assert_eq!(
        canned(Canned { writes: 9, pieces, floods: false }, Body::empty(), read).await.unwrap(),
        "hello"
    );
    // The wait for a body had no bound; the write that follows it has.
    let stuck = Canned { writes: 1, ..Canned::default() };
    let error = canned(stuck, endless(Some(20 * MS)), |t| t.write = Some(40 * MS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Write));
    // An interim response does not put off the end of the wait for the final one.
    let pieces = vec![(30 * MS, "HTTP/1.1 103 Early Hints\r\n\r\n"); 9];
    let dripping = Canned { writes: 9, pieces, floods: false };
    let error = canned(dripping, Body::empty(), |t| t.head = Some(70 * MS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Head));
    // Where there is always more, nothing is waited for; the call ends all the same.
    let flood = Canned { writes: 9, pieces: vec![(Duration::ZERO, "HTTP/1.1 200 OK\r\n\r\n")], floods: true };
    let error = canned(flood, Body::empty(), |t| t.total = Some(40 * MS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total));
}

/// A stream of pieces, one each time it is asked, or an error.
struct Pieces(Vec<Result<&'static str, &'static str>>, bool);

impl Stream for Pieces {
    type Item = Result<Bytes, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.1 = !self.1;
        if self.1 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = (!self.0.is_empty()).then(|| self.0.remove(0));
        Poll::Ready(piece.map(|piece| piece.map(|text| Bytes::from_static(text.as_bytes()))))
    }
}

#[tokio::test]
async fn uploads() {
    let pieces = |all: &[Result<&'static str, &'static str>]| Pieces(all.to_vec(), false);
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    let rows: Vec<(Body, String)> = vec![
        (Body::from_reader(&b"hello"[..]), format!("{chunked}5\r\nhello\r\n0\r\n\r\n")),
        (Body::from_reader(tokio::io::empty()), format!("{chunked}0\r\n\r\n")),
        (Body::from_sized_reader(&b"hello, world"[..], 5), "Content-Length: 5\r\n\r\nhello".into()),
        (
            Body::from_stream(pieces(&[Ok("he"), Ok(""), Ok("llo")])),
            format!("{chunked}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
        ),
        // A body is a stream, too.
        (Body::from_stream(Body::from("hello")), format!("{chunked}5\r\nhello\r\n0\r\n\r\n")),
        ("hello".into(), "Content-Length: 5\r\n\r\nhello".into()),
        (Body::empty(), "Content-Length: 0\r\n\r\n".into()),
    ];
    for (body, sent) in rows {
        let server = Server::repeat(serve(OK));
        let pool = ConnectionPool::new();
        let response = pool.send(request("POST", &server.url()).with_body(body)).await.unwrap();
        assert_eq!(response.read_body().await.unwrap().text(), "hello");
        assert_eq!(pool.counts(), idle(1));
        drop(pool);
        let received = String::from_utf8(server.ended()[0].received.clone()).unwrap();
        // Chunk sizes may be written with leading zeros.
        let received = received.replace("\r\n0000", "\r\n").replace("\r\n000", "\r\n");
        assert!(received.ends_with(&sent), "{received:?} {sent:?}");
    }
    for (body, kind, words) in [
        (Body::from_stream(pieces(&[Ok("he"), Err("out of ink")])), ErrorKind::Body, "out of ink"),
        (Body::from_sized_reader(&b"hell"[..], 5), ErrorKind::Body, "length"),
    ] {
        let server = Server::repeat(vec![Act::Eof]);
        let pool = ConnectionPool::new();
        let error = pool.send(request("POST", &server.url()).with_body(body)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:#}");
        assert!(format!("{error:#}").contains(words), "{error:#}");
        assert_eq!((error.request_sent(), pool.counts()), (Some(RequestSent::Partly), idle(0)));
        assert_eq!(server.end_of(0), End::Closed);
    }
}

/// Each piece goes out when it is there.
#[tokio::test]
async fn a_slow_upload() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::new();
    let (mut writer, reader) = tokio::io::duplex(64);
    let url = server.url();
    let call = tokio::spawn(async move {
        let request = request("POST", &url).with_body(Body::from_reader(reader));
        pool.send(request).await?.read_body().await
    });
    for piece in ["one", "two", "three"] {
        writer.write_all(piece.as_bytes()).await.unwrap();
        let arrived = || server.when(|_| true).iter().any(|record| contains(&record.received, piece));
        while !arrived() {
            tokio::task::yield_now().await;
        }
    }
    drop(writer);
    assert_eq!(call.await.unwrap().unwrap().text(), "hello");
}

fn contains(all: &[u8], part: &str) -> bool {
    all.windows(part.len()).any(|window| window == part.as_bytes())
}

/// The server says no before it has the body, whose rest never comes, or comes faster than it is read.
#[tokio::test]
async fn early_answers() {
    let no = send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    let authority = Authority::new(&[&rustls::version::TLS13]);
    let bodies: [fn() -> Body; 3] =
        [|| Body::from_reader(Never), || endless(None), || vec![b'x'; 64 << 20].into()];
    for body in bodies {
        for last in [Act::Wait(Gate::default()), Act::Sink] {
            for tls in [false, true] {
                let script = vec![Act::TakeBytes(50), no.clone(), last.clone()];
                let server = if tls { authority.serve([script]) } else { Server::new([script]) };
                let pool = ConnectionPool::builder().tls(authority.client.clone()).build();
                let call = pool.send(request("POST", &server.url()).with_body(body()));
                let response = tokio::time::timeout(Duration::from_secs(5), call).await.unwrap().unwrap();
                assert_eq!(response.status(), 413);
                assert_eq!(response.read_body().await.unwrap().text(), "no");
                assert_eq!(pool.counts(), idle(0));
            }
        }
    }
}

/// A yes does not stop the upload: it goes on while the answer is read.
#[tokio::test]
async fn an_early_yes() {
    let gate = Gate::default();
    let taken = Act::Open(gate.clone());
    let server = Server::repeat(vec![Act::TakeHead, send(OK), Act::Sink, taken, Act::Serve(OK.into())]);
    let pool = ConnectionPool::new();
    let (mut writer, reader) = tokio::io::duplex(64);
    let sent = request("POST", &server.url()).with_body(Body::from_reader(reader));
    let response = pool.send(sent).await.unwrap();
    let reading = tokio::spawn(response.read_body());
    writer.write_all(&[b'y'; 100_000]).await.unwrap();
    drop(writer);
    assert_eq!(reading.await.unwrap().unwrap().text(), "hello");
    gate.wait();
    get_ok(&pool, &server.url()).await;
    assert_eq!((server.connections(), pool.counts()), (1, idle(1)));
}

#[tokio::test]
async fn expectations() {
    let no = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n";
    let go = "HTTP/1.1 100 Continue\r\n\r\n";
    for (says, sent) in [(go, true), (no, false), ("", true)] {
        // The head alone is longer than 80 bytes, and shorter than all.
        let server =
            Server::repeat(vec![Act::TakeBytes(80), send(says), Act::TakeBytes(60), send(OK), Act::Eof]);
        let pool = ConnectionPool::new();
        let expecting = request("POST", &server.url()).with_header("Expect", "100-continue").unwrap();
        let response = pool.send(expecting.with_body("x".repeat(100))).await.unwrap();
        assert_eq!(response.status(), if sent { 200 } else { 417 });
        drop((response, pool));
        let received = server.ended()[0].received.clone();
        assert_eq!(received.ends_with(b"xxx"), sent);
    }
}

#[tokio::test]
async fn read_in_many_ways() {
    let body: Vec<u8> = (0..100_000).map(|n: u32| (n % 251) as u8).collect();
    let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n".to_vec();
    for chunk in body.chunks(9_000) {
        chunked.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    }
    chunked.extend(b"0\r\nX-Sum: 42\r\n\r\n");
    let server = Server::repeat(serve(chunked));
    let pool = ConnectionPool::new();
    let whole = get(&pool, &server.url()).await.unwrap();
    assert!(*whole.bytes() == body);
    assert_eq!(whole.trailers().get("x-sum").unwrap(), "42");

    let mut response = stream(&pool, &server.url()).await.unwrap();
    let mut all = Vec::new();
    response.read_to_end(&mut all).await.unwrap();
    assert!(all == body);
    assert_eq!(response.read(&mut [0; 9]).await.unwrap(), 0, "the end is the end");

    let mut response = stream(&pool, &server.url()).await.unwrap();
    let mut all = Vec::new();
    while let Some(piece) = poll_fn(|cx| Pin::new(&mut response).poll_next(cx)).await {
        let piece = piece.unwrap();
        assert!((1..=16 << 10).contains(&piece.len()));
        all.extend_from_slice(&piece);
    }
    assert!(all == body);
    assert_eq!((server.connections(), pool.counts()), (1, idle(1)));
}

/// As a stream, an error is the last that comes; as a reader, it is told again.
#[tokio::test]
async fn a_body_that_breaks_off() {
    let server = Server::repeat([answer(HALF), vec![Act::Finish]].concat());
    let pool = ConnectionPool::new();
    let mut response = stream(&pool, &server.url()).await.unwrap();
    let mut next = async || poll_fn(|cx| Pin::new(&mut response).poll_next(cx)).await;
    assert_eq!(next().await.unwrap().unwrap(), "he");
    assert_eq!(next().await.unwrap().unwrap_err().kind(), ErrorKind::Incomplete);
    assert!(next().await.is_none());
    let mut response = stream(&pool, &server.url()).await.unwrap();
    let mut text = String::new();
    for _ in 0..2 {
        let error = response.read_to_string(&mut text).await.unwrap_err();
        assert_eq!(Error::from_io(error, "reading").kind(), ErrorKind::Incomplete);
    }
    assert_eq!(pool.counts().unwrap().idle, 0);
}

#[tokio::test]
async fn closed() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::builder().max_connections(2).build();
    let (held, other) =
        (stream(&pool, &server.url()).await.unwrap(), stream(&pool, &server.url()).await.unwrap());
    other.read_body().await.unwrap();
    let third = stream(&pool, &server.url()).await.unwrap();
    let (waits, url) = (pool.clone(), server.url());
    let waits = tokio::spawn(async move { get(&waits, &url).await });
    tokio::task::yield_now().await;
    drop(third);
    let (more, url) = (pool.clone(), server.url());
    waits.await.unwrap().unwrap();
    let fourth = stream(&pool, &server.url()).await.unwrap();
    let more = tokio::spawn(async move { get(&more, &url).await });
    tokio::task::yield_now().await;
    pool.close().await;
    assert_eq!(more.await.unwrap().unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(held.read_body().await.unwrap().text(), "hello");
    assert_eq!(fourth.read_body().await.unwrap().text(), "hello");
    assert_eq!(get(&pool, &server.url()).await.unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(pool.counts(), idle(0));
    assert!(server.ended().iter().all(|record| record.end == Some(End::Closed)));
}

#[tokio::test]
async fn a_response_outlives_its_pool() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::new();
    let held = stream(&pool, &server.url()).await.unwrap();
    let other = stream(&pool, &server.url()).await.unwrap();
    other.read_body().await.unwrap();
    drop(pool);
    assert_eq!(server.end_of(1), End::Closed);
    assert_eq!(held.read_body().await.unwrap().text(), "hello");
    assert_eq!(server.end_of(0), End::Closed);
}

#[tokio::test]
async fn a_single_connection() {
    let server = Server::repeat(serve(OK));
    let connection = open_connection(&*server.url()).await.unwrap();
    get_ok(&connection, &server.url()).await;
    let held = stream(&connection, &server.url()).await.unwrap();
    assert_eq!(get(&connection, &server.url()).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    drop(held);
    get_ok(&connection, &server.url()).await;
    connection.close().await;
    assert_eq!(server.end_of(0), End::Closed);
    assert_eq!(get(&connection, &server.url()).await.unwrap_err().kind(), ErrorKind::Closed);
}

/// A thousand at once over a hundred connections: no error, everybody's turn comes, and memory stays small.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_at_once() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::builder().max_connections(100).max_connections_per_origin(100).build();
    let before = resident();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..1_000 {
        let (pool, url) = (pool.clone(), server.url());
        tasks.spawn(async move {
            let mut longest = Duration::ZERO;
            for _ in 0..3 {
                let start = Instant::now();
                get_ok(&pool, &url).await;
                longest = longest.max(start.elapsed());
            }
            longest
        });
    }
    let waits = tasks.join_all().await;
    let most = waits.iter().max().unwrap();
    let mean = waits.iter().sum::<Duration>() / 1_000;
    let grown = resident().saturating_sub(before) >> 20;
    println!("the longest wait {most:?}, on the average {mean:?}; {grown} MiB for client and server");
    assert!(*most < 10 * mean, "{most:?} {mean:?}");
    assert!(grown < 64, "{grown} MiB");
    assert!(server.connections() <= 100);
    assert_eq!(pool.counts(), idle(server.connections()));
}

/// Memory in use now, where the system says.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// Any transport, behind any pointer, on any thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transports_behind_pointers() {
    struct Counting<T>(T, std::sync::atomic::AtomicUsize);
    impl<T: Transport> Transport for Counting<T> {
        async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
            self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            self.0.send(request).await
        }

        async fn close(&self) {
            self.0.close().await;
        }

        fn counts(&self) -> Option<Counts> {
            self.0.counts()
        }
    }
    fn counting<T>(transport: T) -> Counting<T> {
        Counting(transport, 0.into())
    }
    let server = Server::repeat(serve(OK));
    let shared: Arc<dyn DynTransport> = Arc::new(counting(ConnectionPool::new()));
    let boxed: Box<dyn DynTransport> = Box::new(counting(Arc::clone(&shared)));
    let (url, both) = (server.url(), Arc::new(counting(boxed)));
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (both, url) = (Arc::clone(&both), url.clone());
            tokio::spawn(async move { get(&both, &url).await.unwrap().text().into_owned() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "hello");
    }
    assert_eq!(both.1.load(std::sync::atomic::Ordering::Relaxed), 4);
    both.close().await;
    assert_eq!(shared.counts(), idle(0));
    until(|| server.ended().len() == server.connections());
}

fn is_send<T: Send + 'static>(value: T) -> T {
    value
}

fn is_send_and_sync<T: Send + Sync + 'static>() {}

#[tokio::test]
async fn what_may_go_to_other_threads() {
    is_send_and_sync::<ConnectionPool>();
    is_send_and_sync::<Response<Bytes>>();
    is_send_and_sync::<Error>();
    is_send(Body::empty());
    let server = Server::repeat(serve(OK));
    let (pool, url) = (ConnectionPool::new(), server.url());
    let call = is_send(async move { pool.send(request("GET", &url)).await?.read_body().await });
    println!("a call of the pool takes {} bytes", size_of_val(&call));
    assert_eq!(call.await.unwrap().text(), "hello");
}
