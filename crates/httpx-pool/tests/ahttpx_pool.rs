//! The async pool against servers that play scripts: what has no blocking twin, such as streams, tasks, readers that
//! have to be waited for, and a clock of tokio's. What both flavours have is tried in `pool/`.
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
use httpx_pool::ahttpx::{Connecting, ConnectionPool, NetworkBackend, NetworkStream};
use httpx_pool::{Liveness, Target};
use support::{
    Act, End, Gate, HALF, MS, OK, Server, Wire, answer, idle, patient, request, send, serve, until,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn stream(transport: &impl Transport, url: &str) -> Result<Response<Body>> {
    transport.send(request("GET", url)).await
}

async fn get(transport: &impl Transport, url: &str) -> Result<Response<Bytes>> {
    stream(transport, url).await?.read_body().await
}

async fn get_ok(transport: &impl Transport, url: &str) {
    assert_eq!(get(transport, url).await.unwrap().bytes(), "hello");
}

fn one() -> ConnectionPool {
    ConnectionPool::builder().max_connections(1).build()
}

/// Tasks on one thread stand in line in the order in which they are made; of threads nobody knows it.
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

/// A body whose reader has to be waited for.
#[tokio::test]
async fn timeouts_of_slow_uploads() {
    let short = 40 * MS;
    type Row = (fn() -> Body, fn(&mut Timeouts, Duration), Timeout);
    let rows: [Row; 2] = [
        // A wait for the body is over when the body goes on.
        (|| endless(Some(20 * MS)), |t, d| t.write = Some(d), Timeout::Write),
        (|| Body::from_reader(Never), |t, d| t.total = Some(d), Timeout::Total),
    ];
    for (body, set, timeout) in rows {
        let server = Server::repeat(vec![Act::Wait(Gate::default())]);
        let pool = one();
        let request = patient("POST", &server.url(), |timeouts| set(timeouts, short)).with_body(body());
        let start = Instant::now();
        let call = tokio::time::timeout(Duration::from_secs(5), pool.send(request));
        let error = call.await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.limit()), (ErrorKind::Timeout(timeout), Some(short)), "{error:#}");
        assert!((short..20 * short).contains(&start.elapsed()), "{timeout:?}: {:?}", start.elapsed());
        assert_eq!(pool.counts(), idle(0));
    }
}

/// A stream without a network, with pauses of tokio's clock: it takes so many writes, and gives pieces, each after a pause.
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
            assert!(start.elapsed() < Duration::from_secs(25), "it does not end");
        }
    };
    let result = tokio::time::timeout(Duration::from_secs(25), call).await.expect("it does not end");
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
async fn streams_as_bodies() {
    let pieces = |all: &[Result<&'static str, &'static str>]| Pieces(all.to_vec(), false);
    let rows: [(Body, &str); 2] = [
        (Body::from_stream(pieces(&[Ok("he"), Ok(""), Ok("llo")])), "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
        // A body is a stream, too.
        (Body::from_stream(Body::from("hello")), "5\r\nhello\r\n0\r\n\r\n"),
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
        assert!(received.ends_with(&format!("Transfer-Encoding: chunked\r\n\r\n{sent}")), "{received:?}");
    }
    let server = Server::repeat(vec![Act::Eof]);
    let pool = ConnectionPool::new();
    let broken = Body::from_stream(pieces(&[Ok("he"), Err("out of ink")]));
    let error = pool.send(request("POST", &server.url()).with_body(broken)).await.unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Body, Some(RequestSent::Partly)));
    assert!(format!("{error:#}").ends_with("look at what it is read from: out of ink"), "{error:#}");
    assert_eq!((server.end_of(0), pool.counts()), (End::Closed, idle(0)));
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

/// The server says no before it has the body, whose rest never comes.
#[tokio::test]
async fn an_early_no() {
    let no = send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    for wire in Wire::each() {
        for last in [Act::Wait(Gate::default()), Act::Sink] {
            let server = wire.serve([vec![Act::TakeBytes(50), no.clone(), last]]);
            let pool = wire.trusted(ConnectionPool::builder()).build();
            let call = pool.send(request("POST", &server.url()).with_body(Body::from_reader(Never)));
            let response = tokio::time::timeout(Duration::from_secs(25), call).await.unwrap().unwrap();
            assert_eq!(response.status(), 413);
            assert_eq!(response.read_body().await.unwrap().text(), "no");
            assert_eq!(pool.counts(), idle(0));
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
async fn read_as_a_stream() {
    let body: Vec<u8> = (0..100_000).map(|n: u32| (n % 251) as u8).collect();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    let server = Server::repeat(serve([head.as_bytes(), &body].concat()));
    let pool = ConnectionPool::new();
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
