//! Dropped futures: each call is polled n times and dropped, for every possible n. The pool keeps no trace of it.
#![cfg(any(unix, windows))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use httpx_core::ahttpx::{Body, Transport};
use httpx_core::{ConnectionCounts, Length, MessageBody, Request, Response, Result};
use httpx_pool::ahttpx::{Connecting, ConnectionPool, NetworkBackend, TcpBackend};
use httpx_pool::{CloseCause, Destination, Event, Observer, PoolBuilder};
use support::giving_up::{Dropped, Halting, Halts, once, polled, tell};
use support::tls::Authority;
use support::{Act, End, Gate, PATIENCE, Script, Server, send};
use tokio::io::AsyncReadExt;
use tokio::task::JoinHandle;

/// The nth response of a connection holds n, so that the test recognizes a response that was left over.
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

/// The pool is unchanged, and its next request gets the matching response.
async fn check(pool: &ConnectionPool, server: &Server, what: &str) {
    assert_eq!(pool.counts().unwrap().active, 0, "{what}");
    let url = server.url();
    let next = tokio::time::timeout(PATIENCE, get(pool, &url));
    let text = next.await.expect(what).expect(what).text().into_owned();
    let uses = pool.connections()[0].uses;
    assert!(text.starts_with(&format!("{uses:06}")), "{what}: use {uses} was answered by {}", &text[..6]);
    assert_eq!(pool.counts(), Some(ConnectionCounts::new(0, 1)), "{what}");
}

/// A call to be dropped.
struct Case {
    name: &'static str,
    /// The number of bytes that a read or write moves.
    most: usize,
    /// The number of numbers in the response.
    answer: usize,
    /// Whether there already is a connection.
    kept: bool,
    body: fn() -> Body,
    /// Another name of the server, which must be looked up.
    host: Option<&'static str>,
    /// The number of connections before those that answer.
    first: fn() -> Option<Script>,
}

const PLAIN: Case = Case {
    name: "connect and get",
    most: 16,
    answer: 3,
    kept: false,
    body: Body::empty,
    host: None,
    first: || None,
};

const UPLOAD: Case = Case {
    name: "a body from a stream",
    most: 2_000,
    body: || Body::from_reader(Pieces { left: 5, halts: Halts::default() }),
    ..PLAIN
};

fn cases() -> Vec<Case> {
    vec![
        PLAIN,
        Case { name: "look a name up, connect and get", host: Some("localhost"), ..PLAIN },
        Case { name: "get over a kept connection", kept: true, ..PLAIN },
        Case { name: "a body of bytes", most: 2_000, body: || vec![b'x'; 40_000].into(), ..PLAIN },
        Case { name: "a small body", body: || "hello".into(), ..PLAIN },
        UPLOAD,
        Case { name: "a body from a stream over a kept connection", kept: true, ..UPLOAD },
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

/// Drops the case after 1, 2, 3 … polls, until it completes. Returns the number of polls that it needs.
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
        let url = case.host.map_or(server.url(), |host| server.url().replace("127.0.0.1", host));
        let request = Request::new(method, &*url).unwrap().with_body(body);
        let call = async { pool.send(request).await?.read_body().await };
        let done = polled(n, dropped, call).await;
        if let Some(response) = done {
            assert_eq!(response.expect(&what).bytes().len(), 6 * case.answer);
            tell(format_args!("{}, {dropped:?}: after each of 0 to {} polls; {n} are all", case.name, n - 1));
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
async fn dropped_at_each_poll() {
    for case in cases() {
        for dropped in [Dropped::AtOnce, Dropped::Woken] {
            sweep(&case, dropped, || Server::new(scripts(&case)), ConnectionPool::builder).await;
        }
    }
}

#[tokio::test]
async fn dropped_at_each_poll_over_tls() {
    let rows = [
        (&rustls::version::TLS13, Case { name: "TLS 1.3 and get", most: 200, ..PLAIN }),
        (&rustls::version::TLS12, Case { name: "TLS 1.2 and get", most: 200, ..PLAIN }),
        (&rustls::version::TLS13, Case { name: "TLS 1.3 and a body from a stream", most: 1_000, ..UPLOAD }),
        (&rustls::version::TLS12, Case { name: "TLS 1.2 and a body from a stream", most: 1_000, ..UPLOAD }),
    ];
    for (version, case) in rows {
        let authority = Authority::new(&[version]);
        for dropped in [Dropped::AtOnce, Dropped::Woken] {
            let pool = || ConnectionPool::builder().tls(authority.client.clone());
            sweep(&case, dropped, || authority.serve(scripts(&case)), pool).await;
        }
    }
}

/// The grant of a waiting call: the connection that it waits for, or room for one.
fn granted() -> [(&'static str, Script, Kept); 2] {
    let closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\n000001";
    [
        ("a connection", counting(1), Kept::Idle),
        ("room for one", vec![Act::Take, send(closing)], Kept::Closed),
    ]
}

/// Whether a connection is kept after its response was read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kept {
    Idle,
    Closed,
}

/// A waiting call in its own task: it is polled again only when it is woken.
async fn stand_in_line(pool: &ConnectionPool, url: &str) -> JoinHandle<Result<Response<Bytes>>> {
    let (pool, url) = (pool.clone(), url.to_owned());
    let waiting = tokio::spawn(async move { get(&pool, &url).await });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    waiting
}

/// Gets its response, whether or not the call before it was dropped.
async fn next_in_line(
    pool: &ConnectionPool,
    next: JoinHandle<Result<Response<Bytes>>>,
    kept: Kept,
    what: &str,
) {
    let answer = tokio::time::timeout(PATIENCE, next).await;
    let text = answer.expect(what).expect(what).expect(what).text().into_owned();
    let idle = usize::from(kept == Kept::Idle);
    assert_eq!(pool.counts(), Some(ConnectionCounts::new(0, idle)), "{what}");
    let uses = pool.connections().first().map_or(1, |connection| connection.uses);
    assert_eq!(text, format!("{uses:06}"), "{what}");
}

/// The connection is granted after the first poll of the waiting call. A call that is dropped before its next poll
/// passes the connection on. A call that is dropped later drops the connection too, and there is room for another.
#[tokio::test]
async fn dropped_in_the_queue() {
    for (name, script, kept) in granted() {
        for dropped in [Dropped::AtOnce, Dropped::Woken] {
            for n in 0.. {
                let what = format!("in the queue for {name}, dropped {dropped:?} after {n} polls");
                let server = Server::repeat(script.clone());
                let pool = ConnectionPool::builder().max_connections(1).backend(Halting { most: 16 }).build();
                let url = server.url();
                let held = pool.send(Request::new("GET", &*url).unwrap()).await.expect(&what);
                let mut first = Box::pin(get(&pool, &url));
                if n > 0 {
                    assert!(once(first.as_mut()).await.is_pending(), "{what}");
                }
                let second = stand_in_line(&pool, &url).await;
                held.read_body().await.expect(&what);
                let done = match n {
                    0 | 1 => None,
                    n => polled(n - 1, dropped, first.as_mut()).await,
                };
                drop(first);
                next_in_line(&pool, second, kept, &what).await;
                if let Some(response) = done {
                    assert_eq!(response.expect(&what).bytes().len(), 6, "{what}");
                    tell(format_args!(
                        "in the queue for {name}, {dropped:?}: 0 to {} polls; {n} are all",
                        n - 1
                    ));
                    assert!(n > 3, "{what}");
                    break;
                }
            }
        }
    }
}

/// After any number of polls it leaves the queue, and the connection goes to the next call.
#[tokio::test]
async fn dropped_before_its_turn() {
    for (name, script, kept) in granted() {
        for n in 0..4 {
            let what = format!("still in the queue for {name} after {n} polls");
            let server = Server::repeat(script.clone());
            let pool = ConnectionPool::builder().max_connections(1).build();
            let url = server.url();
            let held = pool.send(Request::new("GET", &*url).unwrap()).await.expect(&what);
            let mut first = Box::pin(get(&pool, &url));
            for _ in 0..n {
                assert!(once(first.as_mut()).await.is_pending(), "{what}");
            }
            let second = stand_in_line(&pool, &url).await;
            drop(first);
            held.read_body().await.expect(&what);
            next_in_line(&pool, second, kept, &what).await;
        }
    }
}

/// Reads are dropped and repeated: no byte is lost or returned twice.
#[tokio::test]
async fn dropped_reads_lose_no_byte() {
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
            assert_eq!(pool.counts(), Some(ConnectionCounts::new(0, 1)));
        }
    }
}

/// Calls that would wait without end are dropped too: for a connection, or during a handshake.
#[tokio::test]
async fn dropped_while_connecting() {
    let authority = Authority::new(&[&rustls::version::TLS13]);
    for hangs in [true, false] {
        for n in 0..4 {
            let what = format!("{n} polls, the backend hangs: {hangs}");
            let silent = Server::repeat(vec![Act::Eof]);
            let url = silent.url().replace("http:", "https:");
            let hanging = Arc::new(AtomicBool::new(hangs));
            let backend = Hanging(Arc::clone(&hanging));
            let tls = authority.client.clone();
            let pool = ConnectionPool::builder().max_connections(1).tls(tls).backend(backend).build();
            let mut call = Box::pin(get(&pool, &url));
            let said_hello = || silent.when(|_| true).iter().any(|record| !record.received.is_empty());
            while !hangs && !said_hello() {
                assert!(once(call.as_mut()).await.is_pending(), "{what}");
                tokio::task::yield_now().await;
            }
            for _ in 0..n {
                assert!(once(call.as_mut()).await.is_pending(), "{what}");
                tokio::task::yield_now().await;
            }
            drop(call);
            assert_eq!(pool.counts(), Some(ConnectionCounts::default()), "{what}");
            if !hangs {
                assert_eq!(silent.end_of(0), End::Closed, "{what}");
            }
            hanging.store(false, Ordering::Relaxed);
            check(&pool, &Server::repeat(counting(1)), &what).await;
        }
    }
}

#[derive(Debug)]
struct Hanging(Arc<AtomicBool>);

impl NetworkBackend for Hanging {
    fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a> {
        Box::pin(async move {
            if self.0.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
            TcpBackend::new().connect(to).await
        })
    }
}

/// On several threads, at any time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dropped_at_random() {
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

/// A body that is dropped by its own panic, or while it is being sent, closes its connection and nothing else.
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

/// A gate delays the response, so that the call is dropped while it waits for the head. The server sees the end.
#[tokio::test]
async fn the_server_sees_a_dropped_call() {
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
    assert_eq!(server.end_of(0), End::Closed);
    check(&pool, &server, "after the server has seen it").await;
}

/// Writes down how requests and connections end.
#[derive(Clone, Default)]
struct Ends(Arc<Mutex<Vec<String>>>);

impl Observer for Ends {
    fn observe(&self, event: &Event<'_>) {
        let end = match event {
            Event::RequestCancelled { .. } => "request cancelled".to_owned(),
            Event::RequestFailed { error, .. } => format!("request failed: {error}"),
            Event::BodyEnded { outcome, .. } => format!("body {outcome:?}"),
            Event::ConnectionFailed { .. } => "connection failed".to_owned(),
            Event::ConnectionClosed { cause, .. } => format!("closed: {cause}"),
            _ => return,
        };
        self.0.lock().unwrap().push(end);
    }
}

/// Where a call waits when it is dropped, and the ends that are reported.
#[tokio::test]
async fn dropped_calls_are_reported() {
    for (what, hangs, is_held, expected) in [
        ("for a connection", false, true, vec!["request cancelled"]),
        ("for the network", true, false, vec!["connection failed", "request cancelled"]),
        ("for the head", false, false, vec!["request cancelled", "closed: cancelled"]),
    ] {
        let server = Server::repeat(vec![Act::Take, Act::Eof]);
        let (ends, hanging) = (Ends::default(), Arc::new(AtomicBool::new(hangs)));
        let pool = ConnectionPool::builder()
            .max_connections(1)
            .backend(Hanging(hanging))
            .observer(ends.clone())
            .build();
        let url = server.url();
        let mut held = Box::pin(get(&pool, &url));
        if is_held {
            assert!(once(held.as_mut()).await.is_pending(), "{what}");
        }
        let mut call = Box::pin(get(&pool, &url));
        let has_arrived =
            || is_held || hangs || server.when(|_| true).iter().any(|record| !record.received.is_empty());
        assert!(once(call.as_mut()).await.is_pending(), "{what}");
        while !has_arrived() {
            assert!(once(call.as_mut()).await.is_pending(), "{what}");
            tokio::task::yield_now().await;
        }
        drop(call);
        assert_eq!(*ends.0.lock().unwrap(), expected, "{what}");
        let cancelled = u64::from(expected.contains(&"closed: cancelled"));
        assert_eq!(pool.stats().closed.by(CloseCause::Cancelled), cancelled, "{what}");
    }
}
