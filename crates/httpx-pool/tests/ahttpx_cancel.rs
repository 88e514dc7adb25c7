//! Giving up: a future is polled n times and dropped, for every n that there is. Nothing is left behind.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // helpers of tests are tests

mod support;

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use httpx_core::ahttpx::{Body, Transport};
use httpx_core::{Counts, Length, MessageBody, Request, Response, Result};
use httpx_pool::Liveness;
use httpx_pool::ahttpx::{Connecting, ConnectionPool, NetworkBackend, NetworkStream, TcpBackend};
use httpx_pool::{PoolBuilder, Target};
use support::tls::Authority;
use support::{Act, Gate, Script, Server, send};
use tokio::io::AsyncReadExt;

/// When a future is dropped.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Dropped {
    /// Right after its last poll.
    AtOnce,
    /// When it has been woken again: what it waited for may be there.
    Woken,
}

/// Polls so many times; what has not ended then is dropped.
async fn polled<T>(most: usize, dropped: Dropped, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = most;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 && dropped == Dropped::AtOnce => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

async fn once<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

/// Streams that give every other call up, to be called again, and move few bytes at once.
#[derive(Debug, Clone, Copy)]
struct Halting {
    most: usize,
}

#[derive(Debug)]
struct HaltingStream {
    inner: Box<dyn NetworkStream>,
    most: usize,
    reads: Halts,
    writes: Halts,
}

/// Whether the next call is given up.
#[derive(Debug, Default)]
struct Halts(bool);

impl NetworkBackend for Halting {
    fn connect<'a>(&'a self, target: &'a Target, deadline: Option<Instant>) -> Connecting<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let inner = TcpBackend::new().connect(target, deadline).await?;
            tokio::task::yield_now().await;
            Ok(Box::new(HaltingStream::new(inner, self.most)) as Box<dyn NetworkStream>)
        })
    }
}

impl HaltingStream {
    fn new(inner: Box<dyn NetworkStream>, most: usize) -> Self {
        HaltingStream { inner, most, reads: Halts::default(), writes: Halts::default() }
    }
}

impl Halts {
    fn now(&mut self, cx: &mut Context<'_>) -> bool {
        self.0 = !self.0;
        if self.0 {
            cx.waker().wake_by_ref();
        }
        self.0
    }
}

impl NetworkStream for HaltingStream {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        if self.reads.now(cx) {
            return Poll::Pending;
        }
        let most = buf.len().min(self.most);
        self.inner.poll_read(cx, &mut buf[..most])
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.writes.now(cx) {
            return Poll::Pending;
        }
        self.inner.poll_write(cx, &buf[..buf.len().min(self.most)])
    }

    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read_now(buf)
    }

    fn look(&mut self) -> Liveness {
        self.inner.look()
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.inner.shutdown()
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        self.inner.peer_addr()
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        self.inner.local_addr()
    }
}

/// The nth answer over a connection says so: one that was left behind would be told apart.
fn counting(body: usize) -> Script {
    (1..=4).flat_map(|n| [Act::Take, numbered(n, body)]).collect()
}

fn numbered(n: u64, body: usize) -> Act {
    let body = format!("{n:06}").repeat(body);
    send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

async fn get(pool: &ConnectionPool, url: &str) -> Result<Response<Bytes>> {
    pool.send(Request::new("GET", url)?).await?.read_body().await
}

/// The pool is as it was, and its next request is answered, by the answer that belongs to it.
async fn check(pool: &ConnectionPool, server: &Server, what: &str) {
    assert_eq!(pool.counts().unwrap().active, 0, "{what}");
    let url = server.url();
    let next = tokio::time::timeout(Duration::from_secs(10), get(pool, &url));
    let text = next.await.expect(what).expect(what).text().into_owned();
    let uses = pool.connections()[0].uses;
    assert!(text.starts_with(&format!("{uses:06}")), "{what}: use {uses} was answered by {}", &text[..6]);
    assert_eq!(pool.counts(), Some(Counts { active: 0, idle: 1 }), "{what}");
}

/// What is given up.
struct Case {
    name: &'static str,
    /// How many bytes a read or write moves.
    most: usize,
    /// How many numbers the answer holds.
    answer: usize,
    /// Whether there is a connection already.
    kept: bool,
    body: fn() -> Body,
    /// Connections before those that answer.
    first: fn() -> Option<Script>,
}

const PLAIN: Case =
    Case { name: "connect and get", most: 16, answer: 3, kept: false, body: Body::empty, first: || None };

fn cases() -> Vec<Case> {
    vec![
        PLAIN,
        Case { name: "get over a kept connection", kept: true, ..PLAIN },
        Case { name: "a body of bytes", most: 2_000, body: || vec![b'x'; 40_000].into(), ..PLAIN },
        Case { name: "a small body", body: || "hello".into(), ..PLAIN },
        Case {
            name: "a body from a stream",
            most: 2_000,
            kept: true,
            body: || Body::from_reader(Pieces { left: 5, halts: Halts::default() }),
            ..PLAIN
        },
        Case {
            name: "a body of known length",
            most: 2_000,
            body: || Body::from_sized_reader(Pieces { left: 5, halts: Halts::default() }, 15_000),
            ..PLAIN
        },
        Case { name: "a long answer", most: 5_000, answer: 12_000, ..PLAIN },
        Case {
            name: "an answer within the bound of drains",
            most: 5_000,
            answer: 6_000,
            kept: true,
            ..PLAIN
        },
        Case {
            name: "sent again",
            kept: true,
            first: || Some(vec![Act::Take, numbered(1, 3), Act::Take]),
            ..PLAIN
        },
    ]
}

/// A reader that gives 3,000 bytes every other time.
struct Pieces {
    left: usize,
    halts: Halts,
}

impl tokio::io::AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.halts.now(cx) {
            return Poll::Pending;
        }
        if self.left > 0 {
            self.left -= 1;
            buf.put_slice(&[b'y'; 3_000]);
        }
        Poll::Ready(Ok(()))
    }
}

/// Gives the case up after every number of polls until it comes to its end; says how many that takes.
async fn sweep(case: &Case, dropped: Dropped, server: impl Fn() -> Server, pool: impl Fn() -> PoolSetup) {
    for n in 0.. {
        let what = format!("{} dropped {dropped:?} after {n} polls", case.name);
        let (server, pool) =
            (server(), pool().max_connections(1).backend(Halting { most: case.most }).build());
        if case.kept {
            get(&pool, &server.url()).await.expect(&what);
        }
        let body = (case.body)();
        let method = if body.length() == Length::None { "GET" } else { "POST" };
        let request = Request::new(method, &*server.url()).unwrap().with_body(body);
        let call = async { pool.send(request).await?.read_body().await };
        let done = polled(n, dropped, call).await;
        if let Some(response) = done {
            assert_eq!(response.expect(&what).bytes().len(), 6 * case.answer);
            println!("{} (dropped {dropped:?}): {n} polls", case.name);
            assert!(n > 3, "{what}");
            return;
        }
        check(&pool, &server, &what).await;
    }
}

type PoolSetup = PoolBuilder<Arc<dyn NetworkBackend>>;

fn scripts(case: &Case) -> impl Iterator<Item = Script> + Send + 'static {
    (case.first)().into_iter().chain(std::iter::repeat(counting(case.answer)))
}

#[tokio::test]
async fn given_up_anywhere() {
    for case in cases() {
        for dropped in [Dropped::AtOnce, Dropped::Woken] {
            sweep(&case, dropped, || Server::new(scripts(&case)), ConnectionPool::builder).await;
        }
    }
}

#[tokio::test]
async fn given_up_anywhere_over_tls() {
    for (version, name) in [(&rustls::version::TLS13, "TLS 1.3"), (&rustls::version::TLS12, "TLS 1.2")] {
        let authority = Authority::new(&[version]);
        let case = Case { name, most: 200, ..PLAIN };
        for dropped in [Dropped::AtOnce, Dropped::Woken] {
            let pool = || ConnectionPool::builder().tls(authority.client.clone());
            sweep(&case, dropped, || authority.serve(scripts(&case)), pool).await;
        }
    }
}

/// One that is woken and dropped before it looks passes on what it was given: a connection, or the room for one.
#[tokio::test]
async fn given_up_in_the_queue() {
    let closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\n000001";
    let once_each = || vec![Act::Take, send(closing)];
    for (script, keeps) in [(counting(1), true), (once_each(), false)] {
        for polls in 0..4 {
            for granted in [false, true] {
                let what = format!("{polls} polls, granted: {granted}, the connection is kept: {keeps}");
                let server = Server::repeat(script.clone());
                let pool = ConnectionPool::builder().max_connections(1).build();
                let held = pool.send(Request::new("GET", &*server.url()).unwrap()).await.unwrap();
                let url = server.url();
                let mut first = Box::pin(get(&pool, &url));
                let mut second = Box::pin(get(&pool, &url));
                for _ in 0..polls {
                    assert!(once(first.as_mut()).await.is_pending(), "{what}");
                }
                assert!(once(second.as_mut()).await.is_pending(), "{what}");
                if granted {
                    held.read_body().await.unwrap();
                    drop(first);
                } else {
                    drop(first);
                    held.read_body().await.unwrap();
                }
                let second = tokio::time::timeout(Duration::from_secs(5), second).await;
                let text = second.expect(&what).unwrap().text().into_owned();
                assert_eq!(text, if keeps { "000002" } else { "000001" }, "{what}");
                assert_eq!(pool.counts().unwrap(), Counts { active: 0, idle: usize::from(keeps) }, "{what}");
            }
        }
    }
}

/// Reads are given up and begun anew: no byte is lost or told twice.
#[tokio::test]
async fn reads_are_given_up_and_begun_anew() {
    let body: Vec<u8> = (0..50_000).map(|n: u32| (n % 251) as u8).collect();
    let length = [b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n".to_vec(), body.clone()].concat();
    let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.chunks(3_000) {
        chunked.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    }
    chunked.extend(b"0\r\n\r\n");
    for answer in [length, chunked] {
        for step in [100, 20_000] {
            let server = Server::repeat(vec![Act::Serve(answer.clone())]);
            let pool = ConnectionPool::builder().backend(Halting { most: 700 }).build();
            let mut response = pool.send(Request::new("GET", &*server.url()).unwrap()).await.unwrap();
            let (mut all, mut buf) = (Vec::new(), vec![0; step]);
            loop {
                match polled(1, Dropped::AtOnce, response.read(&mut buf)).await {
                    None => tokio::task::yield_now().await,
                    Some(read) => match read.unwrap() {
                        0 => break,
                        n => all.extend_from_slice(&buf[..n]),
                    },
                }
            }
            assert!(all == body, "{step}");
            assert_eq!(pool.counts(), Some(Counts { active: 0, idle: 1 }));
        }
    }
}

/// A name that is being looked up, a peer that does not answer, a server that does not shake hands: given up, too.
#[tokio::test]
async fn given_up_while_connecting() {
    let silent = Server::repeat(vec![Act::Eof]);
    let authority = Authority::new(&[&rustls::version::TLS13]);
    let shaking = silent.url().replace("http:", "https:");
    let hanging = Arc::new(AtomicBool::new(true));
    for (url, hangs) in [(shaking, false), (silent.url(), true)] {
        hanging.store(hangs, Ordering::Relaxed);
        let backend = Hanging(Arc::clone(&hanging));
        let tls = authority.client.clone();
        let pool = ConnectionPool::builder().max_connections(1).tls(tls).backend(backend).build();
        let call = tokio::time::timeout(Duration::from_millis(40), get(&pool, &url));
        assert!(call.await.is_err(), "{url}");
        assert_eq!(pool.counts(), Some(Counts::default()), "{url}");
        hanging.store(false, Ordering::Relaxed);
        let server = Server::repeat(counting(1));
        check(&pool, &server, &url).await;
    }
    // The one that shook hands in vain has been hung up on.
    silent.end_of(0);
}

#[derive(Debug)]
struct Hanging(Arc<AtomicBool>);

impl NetworkBackend for Hanging {
    fn connect<'a>(&'a self, target: &'a Target, deadline: Option<Instant>) -> Connecting<'a> {
        Box::pin(async move {
            if self.0.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
            TcpBackend::new().connect(target, deadline).await
        })
    }
}

/// On several threads, at any time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn given_up_at_random() {
    let server = Arc::new(Server::repeat(vec![Act::Serve(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".into(),
    )]));
    let pool = ConnectionPool::builder().max_connections(3).build();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..16_u64 {
        let (pool, server) = (pool.clone(), Arc::clone(&server));
        tasks.spawn(async move {
            let url = server.url();
            for n in 0..60 {
                let call = get(&pool, &url);
                if n % 3 == 0 {
                    assert_eq!(call.await.unwrap().text(), "hello");
                } else {
                    let most = Duration::from_micros((task * 7_919 + n * 104_729) % 900);
                    let _given_up = tokio::time::timeout(most, call).await;
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let counts = pool.counts().unwrap();
    assert!(counts.active == 0 && counts.idle <= 3, "{counts:?}");
    assert_eq!(get(&pool, &server.url()).await.unwrap().text(), "hello");
}

/// A body that is dropped by its own panic, or in the middle of being sent, takes its connection along and no more.
#[tokio::test]
async fn a_body_that_panics() {
    struct Panics;
    impl tokio::io::AsyncRead for Panics {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut tokio::io::ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            panic!("as the test has it")
        }
    }
    let server = Server::repeat(counting(1));
    let pool = ConnectionPool::builder().max_connections(1).build();
    let (url, other) = (server.url(), pool.clone());
    let call = tokio::spawn(async move {
        let request = Request::new("POST", &*url).unwrap().with_body(Body::from_reader(Panics));
        other.send(request).await.map(|_| ())
    });
    assert!(call.await.unwrap_err().is_panic());
    check(&pool, &server, "after a panic").await;
}

/// A gate holds the answer back, so that the call is given up while its head is waited for: the server sees the end.
#[tokio::test]
async fn the_server_sees_that_a_call_was_given_up() {
    let gate = Gate::default();
    let server = Server::new([vec![Act::Take, Act::Open(gate.clone()), Act::Eof], counting(1)]);
    let pool = ConnectionPool::new();
    {
        let url = server.url();
        let mut call = Box::pin(get(&pool, &url));
        while !gate.is_open() {
            assert!(once(call.as_mut()).await.is_pending());
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(server.end_of(0), support::End::Closed);
    check(&pool, &server, "after the server has seen it").await;
}
