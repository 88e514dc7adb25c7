//! One pool and many runtimes: it is made, used and dropped on any of them, and outside of all.
#![cfg(any(unix, windows))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)] // helpers of tests are tests

mod support;

use std::future::Future;
use std::pin::pin;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use httpx_core::ahttpx::Transport;
use httpx_core::{ConnectionCounts, ErrorKind, Request, RequestSent, Response, Result, Timeout};
use httpx_pool::ahttpx::{Connection, ConnectionPool, NetworkBackend, TcpBackend, open_connection};
use httpx_pool::{ConnectError, Destination, Endpoint, Scheme};
use httpx_testing::block_on;
use httpx_testing::runtime::current_thread;
use support::giving_up::once;
use support::tls::Authority;
use support::{Act, End, Gate, Server, send, serve};
use tokio::runtime::{Builder, Runtime};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

async fn get(transport: &impl Transport, url: &str) -> Result<Response<Bytes>> {
    transport.send(Request::new("GET", url)?).await?.read_body().await
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn without_a_runtime() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::new();
    let errors = [
        block_on(get(&pool, &server.url())).unwrap_err(),
        block_on(open_connection(&*server.url())).unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Other, Some(RequestSent::Nothing)));
        assert!(error.to_string().contains("there is no tokio runtime here; call this inside"), "{error}");
    }
    let endpoint = Endpoint::new(Scheme::Http, "127.0.0.1", 1);
    let error = block_on(TcpBackend::new().connect(&Destination::new(&endpoint))).unwrap_err();
    assert!(matches!(error, ConnectError::Other(_)) && error.to_string().contains("runtime"), "{error}");
    assert_eq!((pool.counts(), server.connections()), (Some(ConnectionCounts::default()), 0));
}

/// The error tells what to enable, and the pool keeps no connection.
#[test]
fn without_the_drivers_of_a_runtime() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::builder().max_connections(1).build();
    let mut timers = Builder::new_current_thread();
    timers.enable_time();
    let mut sockets = Builder::new_current_thread();
    sockets.enable_io();
    for (mut builder, words) in
        [(Builder::new_current_thread(), "enable_all"), (timers, "enable_io"), (sockets, "enable_time")]
    {
        let runtime = builder.build().unwrap();
        let error = runtime.block_on(get(&pool, &server.url())).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
        assert_eq!(pool.counts(), Some(ConnectionCounts::default()), "{words}");
    }
    assert_eq!(current_thread().block_on(get(&pool, &server.url())).unwrap().text(), "hello");
}

#[test]
fn each_runtime_has_separate_connections() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::new();
    let (a, b) = (current_thread(), multi_thread());
    for _ in 0..3 {
        for runtime in [&a, &b] {
            assert_eq!(runtime.block_on(get(&pool, &server.url())).unwrap().text(), "hello");
        }
    }
    assert_eq!((server.connections(), pool.counts()), (2, Some(ConnectionCounts::new(0, 2))));
    // The origins do not show the runtime.
    let origins: Vec<_> = pool.connections().into_iter().map(|connection| connection.origin).collect();
    assert!(
        origins.iter().all(|origin| origin.to_string() == server.url().trim_end_matches('/')),
        "{origins:?}"
    );
    drop(a);
    assert_eq!(b.block_on(get(&pool, &server.url())).unwrap().text(), "hello");
    assert_eq!(server.connections(), 2);
    assert_eq!(current_thread().block_on(get(&pool, &server.url())).unwrap().text(), "hello");
    assert_eq!(server.connections(), 3);
    drop(pool);
    assert!(server.ended().iter().all(|record| record.end == Some(End::Closed)));
}

/// An idle connection of a dropped runtime makes room for another, and nothing is written to it.
#[test]
fn idle_connections_of_a_dropped_runtime() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::builder().max_connections(1).build();
    for n in 1..=5 {
        let runtime = if n % 2 == 0 { multi_thread() } else { current_thread() };
        assert_eq!(runtime.block_on(get(&pool, &server.url())).unwrap().text(), "hello");
        drop(runtime);
        assert_eq!((server.connections(), pool.counts()), (n, Some(ConnectionCounts::new(0, 1))));
    }
    drop(pool);
    let records = server.ended();
    assert!(records.iter().all(|record| record.received == records[0].received), "one request each");
}

#[test]
fn a_single_connection_of_a_dropped_runtime() {
    let server = Server::repeat(serve(OK));
    let runtime = current_thread();
    let connection: Connection = runtime.block_on(open_connection(&*server.url())).unwrap();
    assert!(connection.is_ready());
    drop(runtime);
    assert!(!connection.is_ready());
    let error = current_thread().block_on(get(&connection, &server.url())).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Closed, Some(RequestSent::Nothing)));
    assert_eq!(server.end_of(0), End::Closed);
    assert!(server.ended()[0].received.is_empty());
}

#[test]
fn dropped_outside() {
    let authority = Authority::new(&[&rustls::version::TLS13]);
    for lives in [true, false] {
        for server in [Server::repeat(serve(OK)), authority.serve(std::iter::repeat(serve(OK)))] {
            let pool = ConnectionPool::builder().tls(authority.client.clone()).build();
            let runtime = multi_thread();
            runtime.block_on(get(&pool, &server.url())).unwrap();
            let runtime = lives.then_some(runtime);
            drop(pool);
            // Without its runtime there is no close_notify, but the socket is closed.
            let end = server.end_of(0);
            assert!(end == End::Closed || !lives && end == End::Gone, "{end:?}");
            drop(runtime);
        }
    }
}

/// A response that is streamed may be read elsewhere, as long as its runtime lives.
#[test]
fn read_elsewhere() {
    let gates = [Gate::default(), Gate::default()];
    let server = Server::new(gates.clone().map(|gate| {
        let half = send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
        vec![Act::Take, half, Act::Wait(gate), send("llo"), Act::Eof]
    }));
    let pool = ConnectionPool::new();
    let home = multi_thread();
    let stream = || home.block_on(async { pool.send(Request::new("GET", &*server.url())?).await }).unwrap();
    let (outside, other) = (stream(), stream());
    assert_eq!(block_on(opened_late(outside.read_body(), &gates[0])).unwrap().text(), "hello");
    let read = opened_late(other.read_body(), &gates[1]);
    assert_eq!(current_thread().block_on(read).unwrap().text(), "hello");
    assert_eq!(pool.counts(), Some(ConnectionCounts::new(0, 2)));
}

/// Opens the gate once the future waits.
async fn opened_late<T>(future: impl Future<Output = T>, gate: &Gate) -> T {
    let mut future = pin!(future);
    assert!(once(future.as_mut()).await.is_pending());
    gate.open();
    future.await
}

/// Timeouts fire there too. After the runtime was dropped, reads fail.
#[test]
fn late_elsewhere() {
    let half = send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    let server = Server::repeat(vec![Act::Take, half, Act::Eof]);
    let pool = ConnectionPool::new();
    let home = multi_thread();
    let stream = || {
        home.block_on(async {
            let mut request = Request::new("GET", &*server.url())?;
            request.head_mut().options_mut().timeouts.read = Some(Duration::from_millis(40));
            pool.send(request).await
        })
        .unwrap()
    };
    let (late, orphan, other) = (stream(), stream(), stream());
    let error = block_on(late.read_body()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Read));
    drop(home);
    for error in [block_on(orphan.read_body()), current_thread().block_on(other.read_body())] {
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Incomplete, "{error:#}");
    }
    assert_eq!(pool.counts(), Some(ConnectionCounts::default()));
}

/// A runtime that is dropped drops its calls, also waiting ones. Calls on other runtimes then get the free connections.
#[test]
fn a_runtime_dropped_during_calls() {
    for runtime in [current_thread as fn() -> Runtime, multi_thread] {
        let silent = Server::repeat(vec![Act::Eof]);
        let server = Server::repeat(serve(OK));
        let pool = ConnectionPool::builder().max_connections(2).build();
        let goes = runtime();
        for _ in 0..10 {
            let (pool, url) = (pool.clone(), silent.url());
            goes.spawn(async move { get(&pool, &url).await });
        }
        goes.block_on(async {
            while pool.counts() != Some(ConnectionCounts::new(2, 0)) {
                tokio::task::yield_now().await;
            }
        });
        let (waits, url) = (pool.clone(), server.url());
        let other = thread::spawn(move || current_thread().block_on(get(&waits, &url)).unwrap());
        drop(goes);
        assert_eq!(other.join().unwrap().text(), "hello");
        assert_eq!(pool.counts().unwrap().active, 0);
    }
}

/// A connection that is given back on one runtime makes room for a call on another.
#[test]
fn a_place_in_the_queue_of_another_runtime() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::builder().max_connections(1).build();
    let (a, b) = (current_thread(), current_thread());
    let held = a.block_on(async { pool.send(Request::new("GET", &*server.url())?).await }).unwrap();
    let queued = Gate::default();
    thread::scope(|scope| {
        let waits = scope.spawn(|| b.block_on(opened_late(get(&pool, &server.url()), &queued)).unwrap());
        queued.wait();
        a.block_on(held.read_body()).unwrap();
        assert_eq!(waits.join().unwrap().text(), "hello");
    });
    assert_eq!((server.connections(), pool.counts()), (2, Some(ConnectionCounts::new(0, 1))));
}

static SERVER: LazyLock<Server> = LazyLock::new(|| Server::repeat(serve(OK)));
static POOL: LazyLock<ConnectionPool> = LazyLock::new(ConnectionPool::new);

/// One pool for the whole program, and a runtime for each test.
macro_rules! tests_with_a_static_pool {
    ($($name:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            for _ in 0..3 {
                assert_eq!(get(&*POOL, &SERVER.url()).await.unwrap().text(), "hello");
            }
            let many: Vec<_> = (0..5).map(|_| tokio::spawn(get(&*POOL, SERVER.url().leak()))).collect();
            for one in many {
                assert_eq!(one.await.unwrap().unwrap().text(), "hello");
            }
        }
    )*};
}

tests_with_a_static_pool!(s01 s02 s03 s04 s05 s06 s07 s08 s09 s10 s11 s12 s13 s14 s15 s16 s17 s18 s19 s20);
