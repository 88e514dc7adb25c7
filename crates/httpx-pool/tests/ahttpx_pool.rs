//! The async pool alone, against scripted servers: streams, tasks, and readers that are dropped half-way. The folder
//! `pool/` tests both flavours.
#![cfg(any(unix, windows))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // helpers of tests are tests

mod support;

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use httpx_core::ahttpx::{Body, DynTransport, Transport};
use httpx_core::{ConnectionCounts, Error, ErrorKind, Request, RequestSent, Response, Result, Timeout};
use httpx_pool::ahttpx::ConnectionPool;
use support::giving_up::once;
use support::{
    Act, End, Gate, HALF, MS, OK, PATIENCE, Server, Wire, answer, idle, patient, request, send, serve, until,
};

async fn stream(transport: &impl Transport, url: &str) -> Result<Response<Body>> {
    transport.send(request("GET", url)).await
}

async fn get(transport: &impl Transport, url: &str) -> Result<Response<Bytes>> {
    stream(transport, url).await?.read_body().await
}

/// A reader that never has data.
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

/// A blocking read cannot be cancelled; a polled read can.
#[tokio::test]
async fn a_body_that_never_arrives() {
    let limit = 40 * MS;
    let server = Server::repeat(vec![Act::Wait(Gate::default())]);
    let pool = ConnectionPool::new();
    let request = request("POST", &server.url()).with_body(Body::from_reader(Never)).with_timeout(limit);
    let start = Instant::now();
    let call = tokio::time::timeout(PATIENCE, pool.send(request));
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.timeout()),
        (ErrorKind::Timeout(Timeout::Total), Some(limit)),
        "{error:#}"
    );
    assert!(start.elapsed() >= limit, "{:?}", start.elapsed());
    assert_eq!(pool.counts(), idle(0));
}

/// A stream that gives one piece or an error for each poll.
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
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    let sized = |all: &[Result<&'static str, &'static str>]| Body::from_sized_stream(pieces(all), 5);
    let rows: [(Body, String); 3] = [
        (
            Body::from_stream(pieces(&[Ok("he"), Ok(""), Ok("llo")])),
            format!("{chunked}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
        ),
        // A body is a stream, too.
        (Body::from_stream(Body::from("hello")), format!("{chunked}5\r\nhello\r\n0\r\n\r\n")),
        (sized(&[Ok("he"), Ok(""), Ok("llo")]), "Content-Length: 5\r\n\r\nhello".into()),
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
        assert!(received.ends_with(&sent), "{received:?}");
    }
    let server = Server::repeat(vec![Act::Eof]);
    let pool = ConnectionPool::new();
    let rows = [
        (
            Body::from_stream(pieces(&[Ok("he"), Err("out of ink")])),
            "check where it is read from: out of ink",
        ),
        (sized(&[Ok("he"), Err("out of ink")]), "check where it is read from: out of ink"),
        (sized(&[Ok("he"), Ok("ll")]), "not as long as"),
        (sized(&[Ok("hello"), Ok(", world")]), "longer than"),
    ];
    for (n, (broken, reason)) in rows.into_iter().enumerate() {
        let error = pool.send(request("POST", &server.url()).with_body(broken)).await.unwrap_err();
        // On a slow machine the declared bytes are sent before the surplus is found.
        let is_complete = reason == "longer than" && error.request_sent() == Some(RequestSent::Complete);
        assert!(is_complete || error.request_sent() == Some(RequestSent::Partial), "{error:?}");
        assert_eq!(error.kind(), ErrorKind::Body);
        assert!(format!("{error:#}").contains(reason), "{error:#}");
        assert_eq!((server.end_of(n), pool.counts()), (End::Closed, idle(0)));
    }
}

/// The server refuses before it has the body, and the rest of the body is never sent.
#[tokio::test]
async fn an_early_no() {
    let no = send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    for wire in Wire::each() {
        for last in [Act::Wait(Gate::default()), Act::Sink] {
            let server = wire.serve([vec![Act::TakeBytes(50), no.clone(), last]]);
            let pool = wire.trusted(ConnectionPool::builder()).build();
            let call = pool.send(request("POST", &server.url()).with_body(Body::from_reader(Never)));
            let response = tokio::time::timeout(PATIENCE, call).await.unwrap().unwrap();
            assert_eq!(response.status(), 413);
            assert_eq!(response.read_body().await.unwrap().text(), "no");
            assert_eq!(pool.counts(), idle(0));
        }
    }
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

/// Nothing follows after an error.
#[tokio::test]
async fn a_stream_that_breaks_off() {
    let server = Server::repeat([answer(HALF), vec![Act::Finish]].concat());
    let pool = ConnectionPool::new();
    let mut response = stream(&pool, &server.url()).await.unwrap();
    let mut next = async || poll_fn(|cx| Pin::new(&mut response).poll_next(cx)).await;
    assert_eq!(next().await.unwrap().unwrap(), "he");
    assert_eq!(next().await.unwrap().unwrap_err().kind(), ErrorKind::Incomplete);
    assert!(next().await.is_none());
    assert_eq!(pool.counts().unwrap().idle, 0);
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

        fn counts(&self) -> Option<ConnectionCounts> {
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
async fn types_are_send_and_sync() {
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

/// Each call is in the queue before the next one begins: it has been polled once. The requests that the server receives
/// show their order. A call that gives up changes nothing.
///
/// A blocking call does not show when it is in the queue. Both flavours use the queue of `plan.rs`.
#[tokio::test]
async fn waiting_calls_are_served_in_order() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::builder().max_connections(1).build();
    let held = stream(&pool, &server.url()).await.unwrap();
    let urls: Vec<_> = (0..20).map(|n| format!("{}{n}", server.url())).collect();
    let mut calls: Vec<_> = urls.iter().map(|url| Box::pin(get(&pool, url))).collect();
    for call in &mut calls {
        assert!(once(call.as_mut()).await.is_pending());
    }
    let impatient = patient("GET", &server.url(), |timeouts| timeouts.pool = Some(30 * MS));
    assert_eq!(pool.send(impatient).await.unwrap_err().kind(), ErrorKind::Timeout(Timeout::Pool));
    held.read_body().await.unwrap();
    poll_fn(|cx| {
        // The last call first: only the queue decides the order.
        for n in (0..calls.len()).rev() {
            if let Poll::Ready(response) = calls[n].as_mut().poll(cx) {
                assert_eq!(response.unwrap().text(), "hello");
                drop(calls.remove(n));
            }
        }
        if calls.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    assert_eq!((server.connections(), pool.counts()), (1, idle(1)));
    drop(calls);
    drop(pool);
    let received = String::from_utf8(server.ended()[0].received.clone()).unwrap();
    let received: Vec<_> = received.lines().filter_map(|line| line.strip_prefix("GET /")).skip(1).collect();
    let expected: Vec<_> = (0..20).map(|n| format!("{n} HTTP/1.1")).collect();
    assert_eq!(received, expected);
}

/// While the request's body has no data, the read timeout limits the wait for the response. A complete response is then
/// delivered, and the rest of the upload is dropped.
#[tokio::test]
async fn an_upload_that_stalls_during_a_response() {
    let late = || Err(ErrorKind::Timeout(Timeout::Read));
    let rows = [
        ("half", HALF, vec![], late()),
        ("half, then the end", HALF, vec![Act::Finish], Err(ErrorKind::Incomplete)),
        ("whole", OK, vec![], Ok("hello")),
        ("whole, then the end", OK, vec![Act::Finish], Ok("hello")),
        ("whole, then bytes", OK, vec![Act::Flood(64 << 20)], Ok("hello")),
    ];
    for wire in Wire::each() {
        for (name, response, end, expected) in &rows {
            let end = [end.clone(), vec![Act::Wait(Gate::default())]].concat();
            let server = wire.serve([[vec![Act::TakeHead, send(response)], end].concat()]);
            let pool = wire.trusted(ConnectionPool::builder()).build();
            let mut request = request("POST", &server.url()).with_body(Body::from_reader(Never));
            request.head_mut().options_mut().timeouts.read = Some(100 * MS);
            let call = async { pool.send(request).await?.read_body().await };
            let result = tokio::time::timeout(PATIENCE, call).await.unwrap();
            let result = result.map(|response| response.text().into_owned()).map_err(|error| error.kind());
            assert_eq!(result.as_deref(), expected.as_ref().copied(), "{wire:?}: {name}");
            assert_eq!(pool.counts(), idle(0), "{wire:?}: {name}");
        }
    }
}

/// A dropped read has set a deadline. The drain does not wait for it.
#[tokio::test]
async fn a_drain_after_a_read_that_was_given_up() {
    let server = Server::repeat(vec![Act::Take, send(HALF), Act::Eof]);
    let pool = ConnectionPool::new();
    let mut request = request("GET", &server.url());
    request.head_mut().options_mut().timeouts.read = Some(Duration::from_secs(600));
    let mut response = pool.send(request).await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "he");
    tokio::time::timeout(MS, response.chunk()).await.unwrap_err();
    let drain = response.into_body().drain(1000);
    tokio::time::timeout(PATIENCE, drain).await.unwrap();
    assert_eq!(pool.counts(), idle(0));
}
