//! The pool against servers that play scripts.
#![cfg(all(unix, feature = "blocking"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::io::{self, Read};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use httpx_core::blocking::{Body, Transport};
use httpx_core::{
    Counts, Error, ErrorKind, Options, Request, RequestSent, Response, Result, Timeout, Timeouts,
};
use httpx_pool::plan::ConnectionState;
use httpx_pool::{
    ConnectError, ConnectStep, ConnectionPool, NetworkBackend, NetworkStream, Target, open_connection,
};
use support::{Act, End, Gate, Script, Server, answer, send, serve, until};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe";

const MS: Duration = Duration::from_millis(1);

fn request(method: &str, url: &str) -> Request<Body> {
    Request::new(method, url).unwrap()
}

fn stream(transport: &impl Transport, url: &str) -> Result<Response<Body>> {
    transport.send(request("GET", url))
}

fn get(transport: &impl Transport, url: &str) -> Result<Response<Bytes>> {
    stream(transport, url)?.read_body()
}

fn get_ok(transport: &impl Transport, url: &str) {
    assert_eq!(get(transport, url).unwrap().bytes(), "hello");
}

/// With one timeout set, or more.
fn patient(method: &str, url: &str, set: impl FnOnce(&mut Timeouts)) -> Request<Body> {
    let mut request = request(method, url);
    set(&mut request.head_mut().options_mut().timeouts);
    request
}

fn one() -> ConnectionPool {
    ConnectionPool::builder().max_connections(1).build()
}

#[test]
fn a_hundred_requests_over_one_connection() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::new();
    for _ in 0..100 {
        get_ok(&pool, &server.url());
    }
    assert_eq!(pool.connections()[0].uses, 100);
    assert_eq!(server.connections(), 1);
    drop(pool);
    let host = server.url().replace("http://", "").replace('/', "");
    let one = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let records = server.ended();
    assert_eq!(String::from_utf8_lossy(&records[0].received), one.repeat(100));
    assert_eq!(records[0].end, Some(End::Closed));
}

#[test]
fn what_is_used_again() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let close = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    let keep = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello";
    let unasked = OK.to_owned() + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong";
    let both =
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let rows: &[(&str, &str, &str, usize)] = &[
        ("GET", "", OK, 1),
        ("GET", "", chunked, 1),
        ("POST", "", OK, 1),
        ("HEAD", "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 204 No Content\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", 1),
        ("GET", "", keep, 1),
        ("GET", "", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\nContent-Length: 0\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n", 2),
        ("GET", "close", OK, 2),
        ("GET", "", close, 2),
        ("GET", "", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 2),
        ("GET", "", &unasked, 2),
        ("GET", "", &(OK.to_owned() + "\n"), 2),
        ("GET", "", both, 2),
    ];
    for &(method, connection, response, connections) in rows {
        let server = Server::repeat(serve(response));
        let pool = ConnectionPool::new();
        for _ in 0..2 {
            let mut request = request(method, &server.url());
            if !connection.is_empty() {
                request.head_mut().headers_mut().append("Connection", connection).unwrap();
            }
            let response = pool.send(request).unwrap().read_body().unwrap();
            assert_ne!(response.bytes(), "wrong");
        }
        assert_eq!(server.connections(), connections, "{method} {connection:?} {response:?}");
    }
}

#[test]
fn what_ends_with_its_connection() {
    let server = Server::repeat(answer("HTTP/1.1 200 OK\r\n\r\nhello"));
    let pool = ConnectionPool::new();
    for n in 1..=2 {
        get_ok(&pool, &server.url());
        assert_eq!((server.connections(), pool.counts()), (n, Some(Counts::default())));
    }
}

#[test]
fn an_idle_connection_that_the_server_ended_is_replaced() {
    for last in [vec![], vec![Act::Reset], vec![send("HTTP/1.1 408 Request Timeout\r\n\r\n")]] {
        let gate = Gate::default();
        let open = [send(OK), Act::Finish, Act::Open(gate.clone()), Act::Eof].to_vec();
        // Ended, reset or spoken on: all before the next request.
        let first = match &last[..] {
            [] => [vec![Act::Take], open].concat(),
            [Act::Reset] => [answer(OK), last].concat(),
            _ => [answer(OK), last, vec![Act::Open(gate.clone()), Act::Eof]].concat(),
        };
        let reset = matches!(first.last(), Some(Act::Reset));
        let server = Server::new([first, serve(OK)]);
        let pool = ConnectionPool::new();
        let mut post = request("POST", &server.url()).with_body("x");
        get_ok(&pool, &server.url());
        if reset {
            server.end_of(0);
        } else {
            gate.wait();
        }
        post.head_mut().options_mut().idempotent = Some(false);
        assert_eq!(pool.send(post).unwrap().read_body().unwrap().bytes(), "hello");
        assert_eq!(server.connections(), 2);
        assert_eq!(pool.counts(), Some(Counts { active: 0, idle: 1 }));
    }
}

/// A kept connection takes the second request and dies.
#[test]
fn stale_connections() {
    let dies = |how: &[Act]| [answer(OK), vec![Act::Take], how.to_vec()].concat();
    let resent = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nresent";
    let twice = |script: Script| vec![script, serve(resent)];
    type Row = (Vec<Script>, &'static str, &'static str, Option<bool>, &'static str, usize);
    let rows: Vec<Row> = vec![
        (twice(dies(&[])), "GET", "", None, "resent", 2),
        (twice(dies(&[Act::Reset])), "GET", "", None, "resent", 2),
        (twice(dies(&[Act::Finish, Act::Eof])), "GET", "", None, "resent", 2),
        (twice(dies(&[])), "PUT", "x", None, "resent", 2),
        (twice(dies(&[])), "POST", "x", Some(true), "resent", 2),
        (twice(dies(&[])), "POST", "x", None, "Io wholly", 1),
        (twice(dies(&[Act::Reset])), "POST", "x", None, "Io wholly", 1),
        (twice(dies(&[])), "GET", "", Some(false), "Io wholly", 1),
        // What is read as it is sent cannot be sent again.
        (twice(dies(&[])), "PUT", "reader", None, "Io wholly", 1),
        // A response has begun.
        (twice(dies(&[send("HTTP/1.1 2")])), "GET", "", None, "Incomplete wholly", 1),
        (twice(dies(&[send("nonsense\r\n\r\n")])), "GET", "", None, "Protocol wholly", 1),
        // Once is enough.
        (vec![dies(&[]), vec![Act::Take], serve(resent)], "GET", "", None, "Io wholly", 2),
        (vec![dies(&[]), vec![], serve(resent)], "GET", "", None, "Io wholly", 2),
        // A new connection that dies is an error.
        (vec![vec![Act::Take], serve(resent)], "GET", "", None, "Io wholly", 1),
        (vec![vec![Act::Take, Act::Reset], serve(resent)], "GET", "", None, "Io wholly", 1),
    ];
    for (n, (scripts, method, body, idempotent, came, connections)) in rows.into_iter().enumerate() {
        let kept = scripts[0].len() > 2;
        let server = Server::new(scripts);
        let pool = ConnectionPool::new();
        if kept {
            get_ok(&pool, &server.url());
        }
        let mut request = request(method, &server.url());
        request.head_mut().options_mut().idempotent = idempotent;
        *request.body_mut() = match body {
            "reader" => Body::from_reader(&b"x"[..]),
            body => body.into(),
        };
        let result = match pool.send(request).and_then(Response::<Body>::read_body) {
            Ok(response) => response.text().into_owned(),
            Err(error) => format!("{:?} {}", error.kind(), error.request_sent().unwrap()),
        };
        assert_eq!((&*result, server.connections()), (came, connections), "row {n}: {method}");
        let idle = usize::from(came == "resent");
        assert_eq!(pool.counts(), Some(Counts { active: 0, idle }), "row {n}: {method}");
    }
}

/// Slow is not stale.
#[test]
fn a_timeout_on_a_kept_connection_is_an_error() {
    let server = Server::new([[answer(OK), vec![Act::Take, Act::Eof]].concat(), serve(OK)]);
    let pool = ConnectionPool::new();
    get_ok(&pool, &server.url());
    let error = pool.send(patient("GET", &server.url(), |t| t.head = Some(30 * MS))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Head));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_request_that_cannot_be_sent_is_not_tried_twice() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::new();
    get_ok(&pool, &server.url());
    let mut request = request("PUT", &server.url()).with_body("hello");
    request.head_mut().headers_mut().append("Content-Length", "9").unwrap();
    let error = pool.send(request).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::InvalidRequest, Some(RequestSent::No)));
    assert_eq!(server.connections(), 1);
    let error = pool.send(self::request("GET", "ftp://127.0.0.1/")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidUrl);
    assert_eq!(pool.counts(), Some(Counts::default()));
}

/// The second try cannot even connect: the first may have arrived all the same.
#[test]
fn what_was_sent_the_first_time_is_not_forgotten() {
    let server = Server::new([[answer(OK), vec![Act::Take]].concat()]);
    let pool = ConnectionPool::builder().backend(Times(AtomicUsize::new(1))).build();
    get_ok(&pool, &server.url());
    let error = get(&pool, &server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Io, Some(RequestSent::Wholly)));
}

/// Connects so many times.
#[derive(Debug)]
struct Times(AtomicUsize);

impl NetworkBackend for Times {
    fn connect(&self, target: &Target, by: Option<Instant>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        match left {
            Ok(_) => httpx_pool::TcpBackend::new().connect(target, by),
            Err(_) => Err(ConnectError::Other(io::ErrorKind::AddrNotAvailable.into())),
        }
    }
}

/// What was read, the head, what follows it at once, and whether the connection lives on.
#[test]
fn bodies_that_are_dropped_early() {
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
    for (n, (read, head, body, kept)) in rows.into_iter().enumerate() {
        let gate = Gate::default();
        let all = [head.into_bytes(), vec![b'x'; body]].concat();
        let server = Server::new([
            vec![Act::Take, Act::Send(all), Act::Open(gate.clone()), Act::Serve(OK.into())],
            serve(OK),
        ]);
        let pool = ConnectionPool::new();
        let mut response = stream(&pool, &server.url()).unwrap();
        gate.wait();
        response.read_exact(&mut vec![0; read]).unwrap();
        drop(response);
        let idle = usize::from(kept);
        assert_eq!(pool.counts(), Some(Counts { active: 0, idle }), "row {n}");
        get_ok(&pool, &server.url());
        assert_eq!(server.connections(), 2 - idle, "row {n}");
    }
}

#[test]
fn more_threads_than_connections() {
    for (threads, limit, requests) in [(20, 2, 5), (8, 4, 200), (5, 1, 10)] {
        let server = Server::repeat(serve(OK));
        let pool = ConnectionPool::builder().max_connections(limit).build();
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| (0..requests).for_each(|_| get_ok(&pool, &server.url())));
            }
        });
        let idle = server.connections();
        assert!((1..=limit).contains(&idle), "{idle} connections for a limit of {limit}");
        assert_eq!(pool.counts(), Some(Counts { active: 0, idle }));
        let uses: u64 = pool.connections().iter().map(|connection| connection.uses).sum();
        assert_eq!(uses, threads * requests);
    }
}

#[test]
fn the_limit_for_an_origin_and_the_wait_for_the_pool() {
    let (a, b) = (Server::repeat(serve(OK)), Server::repeat(serve(OK)));
    let pool = ConnectionPool::builder().max_connections_per_origin(1).max_connections(2).build();
    let held = stream(&pool, &a.url()).unwrap();
    let error = pool.send(patient("GET", &a.url(), |t| t.pool = Some(30 * MS))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Pool));
    assert_eq!((error.limit(), error.request_sent()), (Some(30 * MS), Some(RequestSent::No)));
    assert_eq!(
        error.to_string(),
        format!(
            "GET {}: no connection of the pool became free (read or drop the responses that are held, or raise \
             the limits on connections) within 30ms (the pool timeout)",
            a.url()
        )
    );
    let error = pool.send(request("GET", &a.url()).with_timeout(30 * MS)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total));
    get_ok(&pool, &b.url());
    drop(held);
    get_ok(&pool, &a.url());
    assert_eq!((a.connections(), b.connections()), (1, 1));
}

/// A waiting request gets the connection that another one gives back, or its room.
#[test]
fn what_is_waited_for_comes() {
    for response in [OK, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"] {
        let server = Server::repeat(serve(response));
        let pool = one();
        let held = stream(&pool, &server.url()).unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| get_ok(&pool, &server.url()));
            held.read_body().unwrap();
            waiting.join().unwrap();
        });
    }
}

#[test]
fn no_idle_connections_are_kept_if_none_may_be() {
    let builders = [
        ConnectionPool::builder().max_idle_connections(0),
        ConnectionPool::builder().idle_timeout(Duration::ZERO),
        ConnectionPool::builder().max_uses(1),
        ConnectionPool::builder().max_age(Duration::ZERO),
    ];
    for builder in builders {
        let server = Server::repeat(serve(OK));
        let pool = builder.build();
        for n in 1..=2 {
            get_ok(&pool, &server.url());
            assert_eq!((server.connections(), pool.counts()), (n, Some(Counts::default())));
            assert_eq!(server.end_of(n - 1), End::Closed);
        }
    }
}

#[test]
fn at_the_limit_an_idle_connection_makes_room() {
    let (a, b) = (Server::repeat(serve(OK)), Server::repeat(serve(OK)));
    let pool = one();
    get_ok(&pool, &a.url());
    get_ok(&pool, &b.url());
    assert_eq!(a.end_of(0), End::Closed);
    assert_eq!(pool.counts(), Some(Counts { active: 0, idle: 1 }));
}

#[test]
fn closing() {
    let go = Gate::default();
    let scripts = [vec![Act::Take, send(HALF), Act::Wait(go.clone()), send("llo"), Act::Eof], serve(OK)];
    let server = Server::new(scripts);
    let pool = ConnectionPool::builder().max_connections(2).build();
    let running = stream(&pool, &server.url()).unwrap();
    get_ok(&pool, &server.url());
    assert_eq!(format!("{pool:?}"), "<ConnectionPool [1 active, 1 idle]>");
    pool.clone().close();
    assert_eq!(server.end_of(1), End::Closed);
    assert_eq!(format!("{pool:?}"), "<ConnectionPool [1 active]>");
    let error = get(&pool, &server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Closed, Some(RequestSent::No)));
    assert_eq!(error.to_string(), format!("GET {}: the client is closed; make a new one", server.url()));
    go.open();
    assert_eq!(running.read_body().unwrap().bytes(), "hello");
    assert_eq!(server.end_of(0), End::Closed);
    assert_eq!(pool.counts(), Some(Counts::default()));
    pool.close();
}

#[test]
fn closing_wakes_those_who_wait() {
    let server = Server::repeat(serve(OK));
    let pool = one();
    let held = stream(&pool, &server.url()).unwrap();
    let ready = Barrier::new(4);
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    ready.wait();
                    get(&pool, &server.url()).unwrap_err().kind()
                })
            })
            .collect();
        ready.wait();
        pool.close();
        for waiting in waiting {
            assert_eq!(waiting.join().unwrap(), ErrorKind::Closed);
        }
    });
    drop(held);
    assert_eq!(server.end_of(0), End::Closed);
}

#[test]
fn the_last_handle_closes_what_is_idle_and_a_response_outlives_it() {
    let go = Gate::default();
    let server =
        Server::new([vec![Act::Take, send(HALF), Act::Wait(go.clone()), send("llo"), Act::Eof], serve(OK)]);
    let pool = ConnectionPool::new();
    let running = stream(&pool, &server.url()).unwrap();
    get_ok(&pool, &server.url());
    let other = pool.clone();
    drop(pool);
    get_ok(&other, &server.url());
    drop(other);
    assert_eq!(server.end_of(1), End::Closed);
    go.open();
    assert_eq!(running.read_body().unwrap().bytes(), "hello");
    assert_eq!(server.end_of(0), End::Closed);
    assert_eq!(server.connections(), 2);
}

#[test]
fn what_can_be_seen_of_it() {
    let go = Gate::default();
    let server = Server::repeat(vec![Act::Take, Act::Wait(go.clone()), Act::Send(OK.into()), Act::Eof]);
    let pool = ConnectionPool::new();
    assert_eq!(format!("{pool:?}"), "<ConnectionPool [0 active]>");
    assert!(pool.connections().is_empty());
    thread::scope(|scope| {
        let sending = scope.spawn(|| stream(&pool, &server.url()).unwrap());
        server.when(|records| records.iter().any(|record| !record.received.is_empty()));
        let [connection] = &pool.connections()[..] else { panic!("{pool:?}") };
        assert_eq!((connection.state, connection.uses), (ConnectionState::Active, 1));
        assert_eq!(*connection.origin, *server.url().trim_end_matches('/'));
        go.open();
        let response = sending.join().unwrap();
        assert_eq!(format!("{pool:?}"), "<ConnectionPool [1 active]>");
        assert!(response.remote_addr().is_some() && response.elapsed().is_some());
        drop(response);
        let [connection] = &pool.connections()[..] else { panic!("{pool:?}") };
        assert_eq!(connection.state, ConnectionState::Idle);
        assert_eq!(format!("{pool:?}"), "<ConnectionPool [0 active, 1 idle]>");
    });
}

/// The user's own code fails in the middle: nothing is left behind.
#[test]
fn readers_that_panic_or_fail() {
    struct Bad(bool);
    impl Read for Bad {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            assert!(!self.0, "a bad reader");
            Err(io::Error::other("no disk"))
        }
    }
    let server = Server::repeat(serve(OK));
    let pool = one();
    for _ in 0..3 {
        let url = server.url();
        let post = |bad| pool.send(request("POST", &url).with_body(Body::from_reader(Bad(bad))));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| post(true))).is_err());
        assert_eq!(pool.counts(), Some(Counts::default()));
        let error = post(false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body);
        assert_eq!(
            format!("{error:#}"),
            format!("POST {}: the body of the request could not be read: no disk", server.url())
        );
        assert_eq!(pool.counts(), Some(Counts::default()));
        get_ok(&pool, &server.url());
    }
}

/// Never connects, and says so when the time is up.
#[derive(Debug)]
struct Never;

impl NetworkBackend for Never {
    fn connect(&self, target: &Target, by: Option<Instant>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        thread::sleep(by.unwrap().saturating_duration_since(Instant::now()));
        Err(ConnectError::TimedOut { step: ConnectStep::Connecting, host: target.host().into() })
    }
}

fn assert_late(error: &Error, timeout: Timeout, limit: Duration, sent: RequestSent, text: &str) {
    assert_eq!(error.kind(), ErrorKind::Timeout(timeout), "{error:?}");
    assert_eq!((error.limit(), error.request_sent()), (Some(limit), Some(sent)), "{error:?}");
    assert!(error.to_string().ends_with(text), "{error:?}");
}

#[test]
fn each_timeout() {
    use RequestSent::{No, Partly, Wholly};
    let limit = 40 * MS;
    let within = |start: Instant| {
        let took = start.elapsed();
        assert!((limit..limit + Duration::from_secs(5)).contains(&took), "{took:?}");
    };
    let hold = |acts: &[Act]| Server::repeat([vec![Act::Take], acts.to_vec(), vec![Act::Eof]].concat());
    let (silent, half) = (hold(&[]), hold(&[send(HALF)]));
    let deaf = Server::repeat(vec![Act::Wait(Gate::default())]);
    let drip = |text: &str| hold(&[Act::Drip(text.repeat(500).into(), 5 * MS)]);
    let (heads, body) = (
        drip("HTTP/1.1 103 Early Hints\r\n"),
        hold(&[send("HTTP/1.1 200 OK\r\n\r\n"), Act::Drip(vec![b'x'; 500], 5 * MS)]),
    );

    let start = Instant::now();
    let pool = ConnectionPool::builder().backend(Never).build();
    let error = pool.send(patient("GET", "http://a.example/", |t| t.connect = Some(limit))).unwrap_err();
    within(start);
    let text = "GET http://a.example/: no connection, still connecting to a.example, within 40ms (the connect timeout)";
    assert_late(&error, Timeout::Connect, limit, No, text);
    assert!(error.is_connect());
    let error = pool.send(request("GET", "http://a.example/").with_timeout(limit)).unwrap_err();
    assert_late(&error, Timeout::Total, limit, No, "the call was not done within 40ms (the total timeout)");
    assert_eq!(pool.counts(), Some(Counts::default()));

    let pool = ConnectionPool::new();
    let start = Instant::now();
    let big = patient("POST", &deaf.url(), |t| t.write = Some(limit)).with_body(vec![0; 64 << 20]);
    let error = pool.send(big).unwrap_err();
    within(start);
    assert_late(
        &error,
        Timeout::Write,
        limit,
        Partly,
        "the server took nothing of the request within 40ms (the write timeout)",
    );
    let start = Instant::now();
    let endless = patient("POST", &deaf.url(), |t| t.write = Some(limit));
    let error = pool.send(endless.with_body(Body::from_reader(io::repeat(b'x')))).unwrap_err();
    within(start);
    assert_late(&error, Timeout::Write, limit, Partly, "(the write timeout)");

    for server in [&silent, &heads] {
        let start = Instant::now();
        let error = pool.send(patient("GET", &server.url(), |t| t.head = Some(limit))).unwrap_err();
        within(start);
        let text = "the server did not answer with a whole head within 40ms (the head timeout)";
        assert_late(&error, Timeout::Head, limit, Wholly, text);
    }

    let start = Instant::now();
    let response = pool.send(patient("GET", &half.url(), |t| t.read = Some(limit))).unwrap();
    let error = response.read_body().unwrap_err();
    within(start);
    assert_late(
        &error,
        Timeout::Read,
        limit,
        Wholly,
        "no more of the body came within 40ms (the read timeout)",
    );
    assert_eq!(error.url(), Some(&*half.url()));

    for server in [&silent, &half, &body] {
        let start = Instant::now();
        let sent = pool.send(request("GET", &server.url()).with_timeout(limit));
        let error = sent.and_then(Response::<Body>::read_body).unwrap_err();
        within(start);
        assert_late(
            &error,
            Timeout::Total,
            limit,
            Wholly,
            "the call was not done within 40ms (the total timeout)",
        );
    }
    assert_eq!(pool.counts(), Some(Counts::default()));
}

/// A server that always has more cannot put off the end of the call; nor one that always takes more.
#[test]
fn floods_do_not_outrun_the_total_timeout() {
    let flood = vec![Act::Take, send("HTTP/1.1 200 OK\r\n\r\n"), Act::Flood(u64::MAX)];
    let (source, sink) = (Server::repeat(flood), Server::repeat(vec![Act::Eof]));
    // As a setting of the pool it holds for requests that have none.
    let mut timeouts = Timeouts::default();
    timeouts.total = Some(60 * MS);
    let pool = ConnectionPool::builder().timeouts(timeouts).build();
    let error = io::copy(&mut stream(&pool, &source.url()).unwrap(), &mut io::sink()).unwrap_err();
    let error = Error::from_io(error, "");
    assert_late(&error, Timeout::Total, 60 * MS, RequestSent::Wholly, "(the total timeout)");
    assert_eq!(error.url(), Some(&*source.url()));
    let endless = request("POST", &sink.url()).with_body(Body::from_reader(io::repeat(b'x')));
    let error = pool.send(endless).unwrap_err();
    assert_late(&error, Timeout::Total, 60 * MS, RequestSent::Partly, "(the total timeout)");
}

#[test]
fn bodies_that_are_cut_short() {
    let rows: Vec<(Script, ErrorKind)> = vec![
        (answer(HALF), ErrorKind::Incomplete),
        ([answer(HALF), vec![Act::Reset]].concat(), ErrorKind::Incomplete),
        (answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"), ErrorKind::Incomplete),
        (answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n"), ErrorKind::Incomplete),
        (
            answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n0\r\nX: y"),
            ErrorKind::Incomplete,
        ),
        ([answer("HTTP/1.1 200 OK\r\n\r\nhe"), vec![Act::Reset]].concat(), ErrorKind::Incomplete),
        (answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello"), ErrorKind::Protocol),
        (answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello"), ErrorKind::Protocol),
    ];
    for (n, (script, kind)) in rows.into_iter().enumerate() {
        let server = Server::repeat(script);
        let pool = ConnectionPool::new();
        let Ok(response) = stream(&pool, &server.url()) else { continue }; // the reset came first
        let error = response.read_body().unwrap_err();
        assert_eq!(error.kind(), kind, "row {n}: {error:?}");
        assert_eq!(error.url(), Some(&*server.url()));
        // Large reads, which go past the buffer; and what has failed stays failed.
        let Ok(mut response) = stream(&pool, &server.url()) else { continue };
        let mut buf = vec![0; 32 << 10];
        let mut read = || response.read(&mut buf).map_err(|error| Error::from_io(error, ""));
        let first = loop {
            match read() {
                Ok(0) => panic!("row {n}: a cut body looked whole"),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!((first.kind(), read().unwrap_err().kind()), (kind, kind), "row {n}");
        drop(response);
        assert_eq!(pool.counts(), Some(Counts::default()));
    }
}

#[test]
fn what_is_no_http() {
    let long = "HTTP/1.1 200 OK\r\nX: ".to_owned() + &"y".repeat(70_000);
    for response in [
        "SSH-2.0-OpenSSH_9.7\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        &long,
    ] {
        let server = Server::repeat(vec![Act::Take, send(response), Act::Eof]);
        let pool = ConnectionPool::new();
        let error = stream(&pool, &server.url()).unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Protocol, Some(RequestSent::Wholly)));
        assert!(std::error::Error::source(&error).is_some() && error.url().is_some());
        assert_eq!(pool.counts(), Some(Counts::default()));
        assert_eq!(server.end_of(0), if response.len() > 60_000 { server.end_of(0) } else { End::Closed });
    }
}

/// The server answers before it has read the request, and reads no further.
#[test]
fn early_answers() {
    const NO: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";
    let bodies: [fn() -> Body; 2] =
        [|| vec![b'x'; 64 << 20].into(), || Body::from_reader(io::repeat(b'x').take(64 << 20))];
    for body in bodies {
        for last in [vec![Act::Wait(Gate::default())], vec![], vec![Act::Finish, Act::Wait(Gate::default())]]
        {
            let server = Server::repeat([vec![Act::TakeBytes(100), send(NO)], last].concat());
            let pool = ConnectionPool::new();
            let response = pool.send(request("POST", &server.url()).with_body(body())).unwrap();
            assert_eq!(response.read_body().unwrap().text(), "no");
            assert_eq!(pool.counts(), Some(Counts::default()));
        }
    }
    // One that goes on taking whatever comes has been heard all the same.
    let server = Server::repeat(vec![Act::TakeBytes(100), send(NO), Act::Sink]);
    let endless: [fn() -> Body; 2] =
        [|| Body::from_reader(io::repeat(b'x')), || Body::from_sized_reader(io::repeat(b'x'), u64::MAX >> 1)];
    for body in endless {
        let request = request("POST", &server.url()).with_body(body()).with_timeout(Duration::from_secs(10));
        assert_eq!(ConnectionPool::new().send(request).unwrap().read_body().unwrap().text(), "no");
    }
    // A yes does not stop the upload.
    let server = Server::repeat(vec![Act::TakeBytes(100), send(OK), Act::Eof]);
    for body in bodies {
        let pool = ConnectionPool::new();
        let response = pool.send(request("POST", &server.url()).with_body(body())).unwrap();
        assert_eq!(response.read_body().unwrap().text(), "hello");
        drop(pool);
    }
    for record in server.ended() {
        assert!(record.received.len() > 64 << 20);
    }
}

#[test]
fn expectations() {
    for (answers, sent) in [
        (vec![Act::TakeBytes(100), send("HTTP/1.1 100 Continue\r\n\r\n")], true),
        (vec![Act::TakeBytes(100), send("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"), Act::Eof], false),
    ] {
        let server = Server::repeat([answers, vec![Act::TakeBytes(5), send(OK), Act::Eof]].concat());
        let pool = ConnectionPool::new();
        let request = request("POST", &server.url()).with_header("Expect", "100-continue").unwrap();
        let pad = 100
            - format!(
                "POST / HTTP/1.1\r\nHost: {}\r\nExpect: 100-continue\r\nX: \r\nContent-Length: 5\r\n\r\n",
                &server.url()[7..server.url().len() - 1]
            )
            .len();
        let request = request.with_header("X", "y".repeat(pad)).unwrap();
        let response = pool.send(request.with_body("hello")).unwrap();
        assert_eq!(response.status(), if sent { 200 } else { 417 });
        drop(response);
        drop(pool);
        let received = String::from_utf8(server.ended()[0].received.clone()).unwrap();
        assert_eq!(received.ends_with("hello"), sent, "{received}");
    }
}

#[test]
fn a_single_connection() {
    let other = Server::repeat(serve(OK));
    let server = Server::repeat(serve(OK));
    let connection = open_connection(&*server.url()).unwrap();
    assert!(connection.is_ready());
    let name = format!("<Connection \"{}\" ", server.url().trim_end_matches('/'));
    assert_eq!(format!("{connection:?}"), format!("{name}[0 active, 1 idle]>"));
    get_ok(&connection, &server.url());
    let held = stream(&connection, &server.url()).unwrap();
    assert!(!connection.is_ready());
    assert_eq!(format!("{connection:?}"), format!("{name}[1 active]>"));
    let error = get(&connection, &server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::InvalidRequest, Some(RequestSent::No)));
    assert!(
        error
            .to_string()
            .ends_with("this connection is busy; read its last response to the end, or open another one")
    );
    drop(held);
    let error = get(&connection, &other.url()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("leads to"), "{error}");
    get_ok(&connection, &server.url());
    assert_eq!((server.connections(), other.connections()), (1, 0));
    connection.close();
    assert_eq!(server.end_of(0), End::Closed);
    assert!(!connection.is_ready());
    assert_eq!(format!("{connection:?}"), format!("{name}[0 active]>"));
    let error = get(&connection, &server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Closed, Some(RequestSent::No)));
    assert!(error.to_string().ends_with("this connection is closed; open another one"));
}

#[test]
fn a_single_connection_that_the_server_ends() {
    let gate = Gate::default();
    let unasked = [answer(OK), vec![send(OK), Act::Open(gate.clone()), Act::Eof]].concat();
    for script in [answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"), unasked]
    {
        let server = Server::repeat(script.clone());
        let connection = open_connection(&*server.url()).unwrap();
        get_ok(&connection, &server.url());
        if script.len() > 2 {
            gate.wait();
        }
        until(|| !connection.is_ready());
        let error = get(&connection, &server.url()).unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Closed, Some(RequestSent::No)));
    }
}

#[test]
fn a_single_connection_that_cannot_be() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = open_connection(&*format!("http://127.0.0.1:{port}/")).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Connect, Some(RequestSent::No)));
    assert_eq!(
        format!("{error:#}"),
        format!(
            "cannot connect to 127.0.0.1 (tried 127.0.0.1:{port}); does a server listen there?: Connection \
             refused (os error 111)"
        )
    );
    assert_eq!(open_connection("ftp://127.0.0.1/").unwrap_err().kind(), ErrorKind::InvalidUrl);
}

/// Sizes that meet the ends of the codec's buffer, of chunks and of the caller's in all ways, and nothing is lost.
#[test]
fn bodies_of_many_sizes_read_in_many_ways() {
    for size in [0, 1, 8_191, 8_192, 8_193, 16_384, 65_537, 300_000] {
        let body: Vec<u8> = (0..size).map(|n: usize| (n % 251) as u8).collect();
        let length =
            [format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n").into_bytes(), body.clone()]
                .concat();
        let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body.chunks(9_000) {
            chunked.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
        }
        chunked.extend(b"0\r\n\r\n");
        let server =
            Server::new(
                [vec![vec![Act::Take, Act::Send(length), Act::Take, Act::Send(chunked)]; 4].concat()],
            );
        let pool = ConnectionPool::new();
        for step in [100, 8_192, 10_000, 1 << 20] {
            for _ in 0..2 {
                let mut response = stream(&pool, &server.url()).unwrap();
                let (mut all, mut buf) = (Vec::new(), vec![0; step]);
                loop {
                    match response.read(&mut buf).unwrap() {
                        0 => break,
                        n => all.extend_from_slice(&buf[..n]),
                    }
                }
                assert!(all == body, "{size} {step}");
                assert_eq!(response.read(&mut buf).unwrap(), 0, "the end is the end");
            }
        }
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn options_of_a_request_are_its_own() {
    let server = Server::repeat(serve(OK));
    let pool = ConnectionPool::new();
    let mut request = request("GET", &server.url());
    *request.head_mut().options_mut() = {
        let mut options = Options::default();
        options.limit = Some(3);
        options
    };
    let error = pool.send(request).unwrap().read_body().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    get_ok(&pool, &server.url());
    assert_eq!(server.connections(), 1, "its rest was short and here");
}
