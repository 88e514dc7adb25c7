//! TLS under the pool, in both flavours. `pool/` tests what TLS and TCP share.
#![cfg(all(any(unix, windows), any(feature = "blocking", feature = "async"), feature = "tls"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::io::{self, Read, Write};
use std::iter;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use httpx_core::{ErrorKind, RequestSent, Timeout, Timeouts};
use httpx_pool::{ConnectOptions, TlsConfig, TlsErrorKind, TlsVersion, memory};
use httpx_proto::UncleanEnds;
use httpx_testing::let_time_pass;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ServerConnection, StreamOwned};
use support::network::{Line, Network};
use support::throttle::Throttle;
use support::tls::Authority;
use support::*;

both_flavours! {
    ends_with_and_without_close_notify,
    large_bodies_both_ways,
    http_to_a_port_that_speaks_tls,
    servers_that_do_not_speak_tls,
    a_handshake_that_is_late,
    a_slow_peer_is_not_late,
    an_error_after_the_handshake,
    a_request_that_was_sent_in_part_is_not_sent_again,
    records_without_data_end_the_request,
    self_signed_certificates,
    http2_that_a_configuration_of_rustls_offers,
    connections_list_the_tls_parameters,
    configurations_of_requests,
    unclean_ends_of_one_request,
    overrides_keep_the_name_of_the_url,
}

fn pool<F: Flavour>(authority: &Authority) -> F {
    F::make(|pool| pool.tls(authority.client.clone()))
}

fn ends_with_and_without_close_notify<F: Flavour>() {
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
    for version in [&TLS12, &TLS13] {
        let authority = Authority::new(&[version]);
        for (n, (script, ends, expected)) in rows.clone().into_iter().enumerate() {
            let server = authority.serve([script]);
            let pool = F::make(|pool| pool.tls(authority.client.clone()).unclean_ends(ends));
            let came = pool.get(&server.url()).map_err(|error| error.kind());
            let came = came.map(|response| response.text().into_owned());
            assert_eq!(came.as_deref(), expected.as_ref().copied(), "row {n}");
            assert_eq!(pool.counts(), idle(0));
        }
    }
}

fn large_bodies_both_ways<F: Flavour>() {
    let (authority, size) = (Authority::new(&[&TLS12, &TLS13]), 8 << 20);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n");
    let server = authority.serve([vec![vec![Act::Take, send(head), Act::Flood(size)]; 2].concat()]);
    let pool: F = pool(&authority);
    let bodies: [fn() -> F::Body; 2] = [
        || bytes(vec![b'x'; 32 << 20]).into(),
        || F::sized_reader(io::repeat(b'x').take(32 << 20), 32 << 20),
    ];
    for body in bodies {
        let response = pool.exchange(request("POST", &server.url()).with_body(body())).unwrap();
        assert_eq!(response.bytes().len() as u64, size);
    }
    assert_eq!(server.connections(), 1);
}

/// A stream whose owner takes little at a time, with pauses.
struct Slow<S>(S);

impl<S: Line> Read for Slow<S> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let_time_pass(8 * MS);
        let most = buf.len().min(1 << 10);
        self.0.read(&mut buf[..most], PATIENCE)
    }
}

impl<S: Line> Write for Slow<S> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf, PATIENCE)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads this number of bytes `x`, which the head has none of, and answers.
fn answer_upload(mut stream: impl Read + Write, mut length: usize) {
    let mut buf = vec![0; 16 << 10];
    while length > 0 {
        let n = stream.read(&mut buf).unwrap();
        assert!(n > 0, "the client has gone");
        length -= buf[..n].iter().filter(|&&byte| byte == b'x').count();
    }
    stream.write_all(OK.as_bytes()).unwrap();
    stream.flush().unwrap();
}

/// The peer takes 64 KiB, as many bytes as TLS encrypts at once, in more time than the write timeout. Each wait for room
/// is far shorter.
fn a_slow_peer_is_not_late<F: Flavour + Network>() {
    const LENGTH: usize = 140_000;
    let authority = Authority::new(&[&TLS13]);
    for scheme in ["http", "https"] {
        let (network, listener) = memory::network();
        let config = Arc::clone(&authority.server);
        let server = thread::spawn(move || {
            let stream = Slow(F::over_memory(listener.accept().unwrap().1));
            match scheme {
                "http" => answer_upload(stream, LENGTH),
                _ => answer_upload(StreamOwned::new(ServerConnection::new(config).unwrap(), stream), LENGTH),
            }
        });
        let pool: F = F::make(|pool| F::backend(pool.tls(authority.client.clone()), network));
        let upload = patient("POST", &format!("{scheme}://127.0.0.1/"), |t| t.write = Some(400 * MS));
        let response = pool.exchange(upload.with_body(bytes(vec![b'x'; LENGTH])));
        assert_eq!(response.unwrap().text(), "hello", "{scheme}");
        server.join().unwrap();
    }
}

fn http_to_a_port_that_speaks_tls<F: Flavour>() {
    let authority = Authority::new(&[&TLS12, &TLS13]);
    let server = authority.serve(iter::repeat(vec![Act::Eof]));
    let url = server.url().replace("https:", "http:");
    let error = pool::<F>(&authority).get(&url).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("the server speaks TLS on this port; use https://"), "{error}");
}

fn servers_that_do_not_speak_tls<F: Flavour>() {
    let [authority, other] = [(); 2].map(|()| Authority::new(&[&TLS12, &TLS13]));
    let pool: F = pool(&authority);
    for (server, kind, failure) in [
        (
            Server::repeat(vec![send("SSH-2.0-OpenSSH\r\n"), Act::Eof]),
            ErrorKind::Tls,
            Some(TlsErrorKind::Other),
        ),
        (Server::repeat(vec![]), ErrorKind::Connect, None),
        (other.serve(iter::repeat(vec![Act::Eof])), ErrorKind::Tls, Some(TlsErrorKind::UnknownIssuer)),
    ] {
        let error = pool.get(&server.url().replace("http://", "https://")).unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (kind, Some(RequestSent::Nothing)), "{error:?}");
        assert_eq!(error.is_transient(), kind == ErrorKind::Connect, "{error:?}");
        assert!(error.is_connect() && error.to_string().contains("127.0.0.1"), "{error:?}");
        assert_eq!(TlsErrorKind::find_in(&error), failure, "{error:?}");
        assert_eq!(pool.counts(), idle(0));
    }
}

/// The error is returned, unless a kept connection fails: then the request is sent again, as when it is cut.
fn an_error_after_the_handshake<F: Flavour>() {
    let authority = Authority::new(&[&TLS12, &TLS13]);
    let pool: F = pool(&authority);
    let dies = || vec![Act::Take, Act::Bare(b"nonsense".to_vec()), Act::Eof];
    let server = authority.serve([dies(), [answer(OK), dies()].concat(), serve(OK)]);
    let error = pool.get(&server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Tls, Some(RequestSent::Complete)));
    assert!(!error.is_transient() && !error.is_connect(), "{error:?}");
    pool.get_ok(&server.url());
    pool.get_ok(&server.url());
    assert_eq!(server.connections(), 3);
}

fn a_handshake_that_is_late<F: Flavour>() {
    const LIMIT: Duration = Duration::from_millis(40);

    let silent = Server::repeat(vec![Act::Eof]);
    let url = silent.url().replace("http:", "https:");
    type Set = fn(&mut Timeouts);
    let rows: [(Set, Timeout); 2] =
        [(|t| t.connect = Some(LIMIT), Timeout::Connect), (|t| t.total = Some(LIMIT), Timeout::Total)];
    for (n, (set, timeout)) in rows.into_iter().enumerate() {
        let pool = F::new();
        let error = pool.send(patient("GET", &url, set)).unwrap_err();
        assert_eq!((error.kind(), error.timeout()), (ErrorKind::Timeout(timeout), Some(LIMIT)));
        assert_eq!((error.request_sent(), pool.counts()), (Some(RequestSent::Nothing), idle(0)));
        assert_eq!(error.is_connect(), timeout == Timeout::Connect);
        assert_eq!(silent.end_of(n), End::Closed);
    }
}

fn a_request_that_was_sent_in_part_is_not_sent_again<F: Flavour>() {
    let authority = Authority::new(&[&TLS12, &TLS13]);
    let reads_the_head = || vec![Act::TakeHead];
    for (name, used_before) in [("a new connection", false), ("a kept connection", true)] {
        let throttle = Throttle::open(io::ErrorKind::BrokenPipe);
        let pool =
            F::make(|pool| F::backend(pool.tls(authority.client.clone()), Connects::throttled(&throttle)));
        let server = if used_before {
            authority.serve([[answer(OK), reads_the_head()].concat(), serve(OK)])
        } else {
            authority.serve([reads_the_head(), serve(OK)])
        };
        if used_before {
            pool.get_ok(&server.url());
        }
        // One record and some bytes of the next: the server reads the head and 16 KiB of the body.
        throttle.room.store(16_900, Ordering::Relaxed);
        let body = bytes(vec![b'x'; 40_000]);
        let error = pool.exchange(request("POST", &server.url()).with_body(body)).unwrap_err();
        assert_eq!(error.request_sent(), Some(RequestSent::Partial), "{name}: {error:?}");
        assert_eq!((error.kind(), server.connections()), (ErrorKind::Io, 1), "{name}: {error:?}");
    }
}

/// A server that keeps sending session tickets cannot hold a thread or an executor.
fn records_without_data_end_the_request<F: Flavour>() {
    let authority = Authority::with_tickets(500);
    let server = authority.serve([serve(OK)]);
    let pool: F = pool(&authority);
    let error = pool.get(&server.url()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    assert!(error.to_string().contains("keeps sending records without data"), "{error}");
    assert_eq!(pool.counts(), idle(0));
}

/// A self-signed certificate is trusted as the server's own only if it is given as a root.
fn self_signed_certificates<F: Flavour>() {
    let [authority, other] = [(); 2].map(|()| Authority::marked());
    let server = authority.serve(iter::repeat(serve(OK)));
    pool::<F>(&authority).get_ok(&server.url());
    let error = pool::<F>(&other).get(&server.url()).unwrap_err();
    assert_eq!(
        (error.kind(), TlsErrorKind::find_in(&error)),
        (ErrorKind::Tls, Some(TlsErrorKind::NotForServers))
    );
    assert!(error.to_string().contains("add it with TlsConfig::builder().root(…)"), "{error}");
    // The name is still checked.
    let error = pool::<F>(&authority).get(&server.url().replace("127.0.0.1", "localhost")).unwrap_err();
    assert_eq!(TlsErrorKind::find_in(&error), Some(TlsErrorKind::WrongHost), "{error:?}");
}

fn http2_that_a_configuration_of_rustls_offers<F: Flavour>() {
    let mut authority = Authority::new(&[&TLS12, &TLS13]);
    Arc::make_mut(&mut authority.server).alpn_protocols = vec![b"h2".to_vec()];
    let mut client = ClientConfig::clone(&authority.client.rustls().unwrap());
    client.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    authority.client = Arc::new(client).into();
    let server = authority.serve(iter::repeat(serve(OK)));
    let error = pool::<F>(&authority).get(&server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Tls, Some(RequestSent::Nothing)));
    assert!(error.to_string().contains("127.0.0.1 chose HTTP/2"), "{error}");
}

fn connections_list_the_tls_parameters<F: Flavour>() {
    for (version, expected) in [(&TLS12, TlsVersion::Tls12), (&TLS13, TlsVersion::Tls13)] {
        let authority = Authority::new(&[version]);
        let ok = || send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        let server = authority.serve(iter::repeat_n(vec![Act::Take, ok(), Act::Eof], 2));
        let pool: F = pool(&authority);
        // The second handshake resumes the session of the first.
        for is_resumed in [false, true] {
            let response = pool.stream(&server.url()).unwrap();
            let details = pool.connections()[0].details.clone().unwrap();
            let tls = details.tls.as_ref().unwrap();
            assert_eq!((tls.version, tls.is_resumed), (expected, is_resumed));
            assert_eq!(tls.alpn.as_deref(), Some(&b"http/1.1"[..]));
            assert!(tls.cipher_suite.starts_with("TLS"), "{tls:?}");
            assert_eq!(details.remote_addr, response.head().remote_addr());
            assert_eq!(response.read_body().unwrap().bytes(), "ok");
        }
    }
}

/// A connection that was made without verification is never given to a request that verifies.
fn configurations_of_requests<F: Flavour>() {
    let authority = Authority::new(&[&TLS12, &TLS13]);
    let danger = TlsConfig::builder().danger_accept_invalid_certs().build().unwrap();
    let with = |tls: &TlsConfig| ConnectOptions::new().tls(tls.clone());
    let server = authority.serve(iter::repeat(serve(OK)));
    let (pool, url) = (F::new(), server.url());
    for connections in [1, 1] {
        assert_eq!(pool.exchange(request_with(&url, with(&danger))).unwrap().bytes(), "hello");
        assert_eq!(server.connections(), connections);
    }
    // The pool verifies, and so does a request that names the default itself.
    for request in [request("GET", &url), request_with(&url, with(&TlsConfig::default()))] {
        let error = pool.exchange(request).unwrap_err();
        assert_eq!(TlsErrorKind::find_in(&error), Some(TlsErrorKind::UnknownIssuer), "{error:?}");
    }
    assert_eq!(pool.counts(), idle(1));
    // The same over a pool that does not verify, and a request that does.
    let server = authority.serve(iter::repeat(serve(OK)));
    let (pool, url) = (F::make(|pool| pool.tls(danger.clone())), server.url());
    pool.get_ok(&url);
    let error = pool.exchange(request_with(&url, with(&TlsConfig::default()))).unwrap_err();
    assert_eq!(TlsErrorKind::find_in(&error), Some(TlsErrorKind::UnknownIssuer), "{error:?}");
    let verified = || request_with(&url, with(&authority.client));
    for _ in 0..2 {
        assert_eq!(pool.exchange(verified()).unwrap().bytes(), "hello");
        pool.get_ok(&url);
        assert_eq!(pool.exchange(request_with(&url, with(&danger))).unwrap().bytes(), "hello");
        assert_eq!(pool.counts(), idle(2));
    }
}

fn overrides_keep_the_name_of_the_url<F: Flavour>() {
    let authority = Authority::new(&[&TLS12, &TLS13]);
    let server = authority.serve(iter::repeat(serve(OK)));
    let port = server.addr().port();
    let overridden =
        |pool: Setup<F>| pool.tls(authority.client.clone()).resolve("h.test", [Ipv4Addr::LOCALHOST]);
    let error = F::make(overridden).get(&format!("https://h.test:{port}/")).unwrap_err();
    assert_eq!(TlsErrorKind::find_in(&error), Some(TlsErrorKind::WrongHost), "{error:?}");
    assert!(error.to_string().contains("h.test"), "{error}");
    // The certificate is for this address, and the connection goes to another one.
    let elsewhere = F::make(|pool| overridden(pool).resolve("127.0.0.1", [Ipv4Addr::new(127, 0, 0, 2)]));
    assert_eq!(elsewhere.get(&server.url()).unwrap_err().kind(), ErrorKind::Connect);
}

fn unclean_ends_of_one_request<F: Flavour>() {
    let authority = Authority::new(&[&TLS12, &TLS13]);
    let kept = || [answer(OK), answer("HTTP/1.1 200 OK\r\n\r\nhello")].concat();
    let server = authority.serve(iter::repeat_with(kept));
    let pool: F = pool(&authority);
    let of_request = |ends: UncleanEnds| {
        let mut request = request("GET", &server.url());
        request.head_mut().extensions_mut().insert(ends);
        request
    };
    let rows = [(UncleanEnds::Accept, Ok(())), (UncleanEnds::Refuse, Err(ErrorKind::Incomplete))];
    for (ends, expected) in rows {
        pool.get_ok(&server.url());
        let came = pool.exchange(of_request(ends)).map(|response| assert_eq!(response.bytes(), "hello"));
        assert_eq!(came.map_err(|error| error.kind()), expected);
    }
    // A request before it does not count.
    assert_eq!(pool.exchange(of_request(UncleanEnds::Accept)).unwrap().bytes(), "hello");
    assert_eq!(pool.get(&server.url()).unwrap_err().kind(), ErrorKind::Incomplete);
}
