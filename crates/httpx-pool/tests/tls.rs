//! The pool over TLS, against servers that play scripts.
#![cfg(all(unix, feature = "blocking", feature = "tls"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::iter;
use std::time::Duration;

use httpx_core::blocking::{Body, Transport};
use httpx_core::{Counts, ErrorKind, Request, RequestSent, Response, Result, Timeout};
use httpx_pool::{ConnectionPool, TlsFailure};
use httpx_proto::UncleanEnds;
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use support::tls::Authority;
use support::{Act, End, Gate, Script, Server, answer, send, serve};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

fn pool(authority: &Authority) -> ConnectionPool {
    ConnectionPool::builder().tls(authority.client.clone()).build()
}

fn stream(pool: &ConnectionPool, server: &Server) -> Result<Response<Body>> {
    pool.send(Request::new("GET", &*server.url()).unwrap())
}

fn text(pool: &ConnectionPool, server: &Server) -> Result<String> {
    Ok(stream(pool, server)?.read_body()?.text().into_owned())
}

#[test]
fn kept_connections_and_a_goodbye() {
    for version in BOTH {
        let authority = Authority::new(&[version]);
        let server = authority.serve(iter::repeat(serve(OK)));
        let pool = pool(&authority);
        for _ in 0..20 {
            assert_eq!(text(&pool, &server).unwrap(), "hello");
        }
        assert_eq!((server.connections(), pool.connections()[0].uses), (1, 20));
        drop(pool);
        assert_eq!(server.end_of(0), End::Closed);
    }
}

#[test]
fn ends_with_and_without_close_notify() {
    let until_close = || answer("HTTP/1.1 200 OK\r\n\r\nhello");
    let length = || answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    let clean = |script: Script| [script, vec![Act::Finish, Act::Eof]].concat();
    let rows = [
        (until_close(), UncleanEnds::Refuse, Err(ErrorKind::Incomplete)),
        (until_close(), UncleanEnds::Accept, Ok("hello")),
        (clean(until_close()), UncleanEnds::Refuse, Ok("hello")),
        (length(), UncleanEnds::Accept, Err(ErrorKind::Incomplete)),
        (clean(length()), UncleanEnds::Accept, Err(ErrorKind::Incomplete)),
        (vec![Act::Take], UncleanEnds::Accept, Err(ErrorKind::Io)),
        (clean(vec![Act::Take]), UncleanEnds::Refuse, Err(ErrorKind::Io)),
    ];
    for version in BOTH {
        let authority = Authority::new(&[version]);
        for (n, (script, ends, expected)) in rows.clone().into_iter().enumerate() {
            let server = authority.serve([script]);
            let pool = ConnectionPool::builder().tls(authority.client.clone()).unclean_ends(ends).build();
            let came = text(&pool, &server).map_err(|error| error.kind());
            assert_eq!(came.as_deref(), expected.as_ref().copied(), "row {n}");
            assert_eq!(pool.counts(), Some(Counts::default()));
        }
    }
}

#[test]
fn an_idle_connection_that_the_server_ended_is_replaced() {
    for version in BOTH {
        for last in [vec![], vec![Act::Finish], vec![send("HTTP/1.1 408 Request Timeout\r\n\r\n")]] {
            let (authority, gate) = (Authority::new(&[version]), Gate::default());
            let acts = vec![Act::Open(gate.clone()), Act::Eof];
            let ended = last.is_empty();
            let first = if ended { answer(OK) } else { [answer(OK), last, acts].concat() };
            let server = authority.serve([first, serve(OK)]);
            let pool = pool(&authority);
            assert_eq!(text(&pool, &server).unwrap(), "hello");
            if ended {
                server.end_of(0);
            } else {
                gate.wait();
            }
            let post = Request::new("POST", &*server.url()).unwrap();
            assert_eq!(pool.send(post).unwrap().read_body().unwrap().text(), "hello");
            assert_eq!(server.connections(), 2);
        }
    }
}

#[test]
fn bodies_that_are_dropped_early() {
    for (size, kept) in [(5, true), (60_000, true), (70_000, false)] {
        let (authority, gate) = (Authority::new(&BOTH), Gate::default());
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n");
        let first = [answer(head + &"x".repeat(size)), vec![Act::Open(gate.clone())], serve(OK)].concat();
        let server = authority.serve([first, serve(OK)]);
        let pool = pool(&authority);
        let response = stream(&pool, &server).unwrap();
        gate.wait();
        drop(response);
        assert_eq!(pool.counts().unwrap().idle, usize::from(kept), "{size}");
        assert_eq!(text(&pool, &server).unwrap(), "hello");
        assert_eq!(server.connections(), if kept { 1 } else { 2 });
    }
}

#[test]
fn large_bodies_both_ways_and_early_answers() {
    let (authority, size) = (Authority::new(&BOTH), 8 << 20);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n");
    let echo = vec![vec![Act::Take, send(head), Act::Flood(size)]; 2].concat();
    let server = authority.serve(iter::repeat(echo));
    let early = authority.serve(iter::repeat(vec![
        Act::TakeBytes(100),
        send("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno"),
        Act::Wait(Gate::default()),
    ]));
    let pool = pool(&authority);
    let bodies: [fn() -> Body; 2] =
        [|| vec![b'x'; 32 << 20].into(), || Body::from_sized_reader(std::io::repeat(b'x'), 32 << 20)];
    for body in bodies {
        let request = |server: &Server| Request::new("POST", &*server.url()).unwrap().with_body(body());
        let response = pool.send(request(&server)).unwrap().read_body().unwrap();
        assert_eq!(response.bytes().len() as u64, size);
        assert_eq!(pool.send(request(&early)).unwrap().read_body().unwrap().text(), "no");
    }
}

#[test]
fn http_to_a_port_that_speaks_tls() {
    let authority = Authority::new(&BOTH);
    let server = authority.serve(iter::repeat(vec![Act::Eof]));
    let url = server.url().replace("https:", "http:");
    let error = pool(&authority).send(Request::new("GET", &*url).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().ends_with("the server speaks TLS on this port; use https://"), "{error}");
}

#[test]
fn what_is_no_tls_connection() {
    let (authority, other) = (Authority::new(&BOTH), Authority::new(&BOTH));
    let limit = Duration::from_millis(40);
    let plain = Server::repeat(vec![send("SSH-2.0-OpenSSH\r\n"), Act::Eof]);
    let closes = Server::repeat(vec![]);
    let silent = Server::repeat(vec![Act::Eof]);
    let untrusted = other.serve(iter::repeat(vec![Act::Eof]));
    let pool = pool(&authority);
    for (server, kind, failure) in [
        (&plain, ErrorKind::Tls, Some(TlsFailure::Other)),
        (&closes, ErrorKind::Tls, None),
        (&silent, ErrorKind::Timeout(Timeout::Connect), None),
        (&untrusted, ErrorKind::Tls, Some(TlsFailure::UnknownIssuer)),
    ] {
        let url = server.url().replace("http://", "https://");
        let mut request = Request::<Body>::new("GET", &*url).unwrap();
        if kind != ErrorKind::Tls {
            request.head_mut().options_mut().timeouts.connect = Some(limit);
        }
        let error = pool.send(request).unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (kind, Some(RequestSent::No)), "{error:?}");
        assert!(error.is_connect() && error.to_string().contains("127.0.0.1"), "{error:?}");
        assert_eq!(TlsFailure::behind(&error), failure, "{error:?}");
        assert_eq!(pool.counts(), Some(Counts::default()));
    }
    let request = Request::<Body>::new("GET", &*silent.url().replace("http:", "https:")).unwrap();
    let error = pool.send(request.with_timeout(limit)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total));
}
