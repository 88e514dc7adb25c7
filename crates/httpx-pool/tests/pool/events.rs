//! The events that a pool reports, in full and in order, and what a response knows about its connection.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};
use std::thread;

use httpx_pool::{Event, Observer, Proxy, PublicOnly};

use crate::support::*;

both_flavours! {
    a_new_and_a_reused_connection,
    uploads,
    responses_that_come_early,
    bodies_that_do_not_end,
    attempts_that_fail,
    resent_requests,
    a_switch_of_protocols,
    requests_in_the_queue,
    connections_ahead_of_need,
    a_single_connection,
    handshakes,
    tunnels,
    names_are_looked_up,
    several_attempts,
    an_observer_that_panics,
    no_secrets,
    facts_of_a_response,
}

/// Writes each event as a line, with small numbers in place of ids: requests `r1`, `r2`, connections `c1`, `c2`.
#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    ids: Mutex<HashMap<(char, u64), usize>>,
}

impl Log {
    fn pool<F: Flavour>(set: impl FnOnce(Setup<F>) -> Setup<F>) -> (Arc<Log>, F) {
        let log = Arc::new(Log::default());
        let pool = F::make(|pool| set(pool).observer(Arc::clone(&log)));
        (log, pool)
    }

    /// Takes the lines so far.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }

    fn id(&self, kind: char, id: u64) -> String {
        let mut ids = self.ids.lock().unwrap();
        let number = 1 + ids.keys().filter(|(other, _)| *other == kind).count();
        format!("{kind}{}", ids.entry((kind, id)).or_insert(number))
    }

    fn line(&self, event: &Event<'_>) -> String {
        let outcome = |failed: bool| if failed { " failed" } else { "" };
        let what = match event {
            Event::RequestStarted { method, .. } => format!("start {method}"),
            Event::RequestQueued { .. } => "queued".into(),
            Event::ConnectionOpening { .. } => "opening".into(),
            Event::LookupStarted { host, .. } => format!("lookup {host}"),
            Event::LookupEnded { result, .. } => format!("looked up{}", outcome(result.is_err())),
            Event::ConnectStarted { .. } => "connect".into(),
            Event::ConnectEnded { result, .. } => format!("connected{}", outcome(result.is_err())),
            Event::HandshakeStarted { host, .. } => format!("handshake {host}"),
            Event::HandshakeEnded { result, .. } => format!("shaken{}", outcome(result.is_err())),
            Event::TunnelStarted { proxy, origin, .. } => {
                // The port of the test's proxy is random.
                format!("tunnel by {} to {origin}", proxy.rsplit_once(':').map_or(*proxy, |(host, _)| host))
            }
            Event::TunnelEnded { result, .. } => format!("tunnelled{}", outcome(result.is_err())),
            Event::ConnectionOpened { .. } => "opened".into(),
            Event::ConnectionFailed { .. } => "not opened".into(),
            Event::ConnectionAcquired { is_reused, .. } => {
                format!("acquired {}", if *is_reused { "reused" } else { "new" })
            }
            Event::RequestHeadSent { .. } => "head sent".into(),
            Event::RequestBodySent { bytes, .. } => format!("body sent {bytes}"),
            Event::ResponseStarted { status, .. } => format!("response {}", status.as_u16()),
            Event::BodyEnded { bytes, outcome, .. } => format!("body {bytes} {outcome:?}"),
            Event::RequestResent { error, .. } => format!("resent {:?}", error.kind()),
            Event::RequestFailed { error, .. } => format!("failed {:?}", error.kind()),
            Event::RequestCancelled { .. } => "cancelled".into(),
            Event::ConnectionClosed { cause, .. } => format!("closed {cause}"),
            other => format!("{other:?}"),
        };
        let ids = [event.request().map(|id| self.id('r', id)), event.connection().map(|id| self.id('c', id))];
        let ids: Vec<String> = ids.into_iter().flatten().collect();
        format!("{} {what}", ids.join(" "))
    }
}

impl Observer for Log {
    fn observe(&self, event: &Event<'_>) {
        let line = self.line(event);
        self.lines.lock().unwrap().push(line);
    }
}

const NEW: [&str; 6] =
    ["r1 start GET", "r1 c1 opening", "c1 connect", "c1 connected", "c1 opened", "r1 c1 acquired new"];

fn after_new(rest: &[&str]) -> Vec<String> {
    NEW.iter().chain(rest).map(ToString::to_string).collect()
}

fn a_new_and_a_reused_connection<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let (log, pool) = Log::pool::<F>(|pool| pool);
    pool.get_ok(&server.url());
    assert_eq!(log.take(), after_new(&["r1 c1 head sent", "r1 c1 response 200", "r1 c1 body 5 Complete"]));
    pool.get_ok(&server.url());
    let reused = [
        "r2 start GET",
        "r2 c1 acquired reused",
        "r2 c1 head sent",
        "r2 c1 response 200",
        "r2 c1 body 5 Complete",
    ];
    assert_eq!(log.take(), reused);
    pool.close();
    assert_eq!(log.take(), ["c1 closed pool_closed"]);
}

/// The bytes of the body on the wire.
fn uploads<F: Flavour>() {
    let rows: Vec<(F::Body, u64)> = vec![
        (bytes("hello").into(), 5),
        (bytes("x".repeat(100_000)).into(), 100_000),
        (F::sized_reader(&b"hello"[..], 5), 5),
        (F::reader(&b"hello"[..]), "5\r\nhello\r\n0\r\n\r\n".len() as u64),
    ];
    for (body, sent) in rows {
        let server = Server::repeat(serve(OK));
        let (log, pool) = Log::pool::<F>(|pool| pool);
        pool.exchange(request("POST", &server.url()).with_body(body)).unwrap();
        let mut lines = log.take();
        // The length of a chunk may be written with padding.
        let place = lines.iter().position(|line| line.contains("body sent")).unwrap();
        let bytes: u64 = lines[place].rsplit(' ').next().unwrap().parse().unwrap();
        assert!((sent..sent + 8).contains(&bytes), "{bytes} for {sent}");
        lines.remove(place);
        let mut expected = after_new(&["r1 c1 head sent", "r1 c1 response 200", "r1 c1 body 5 Complete"]);
        expected[0] = "r1 start POST".into();
        assert_eq!(lines, expected);
    }
}

fn responses_that_come_early<F: Flavour>() {
    let early = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";
    let server = Server::repeat(vec![Act::TakeHead, send(early), Act::Eof]);
    let (log, pool) = Log::pool::<F>(|pool| pool);
    pool.exchange(request("POST", &server.url()).with_body(F::endless())).unwrap();
    let mut expected = after_new(&[
        "r1 c1 head sent",
        "r1 c1 response 413",
        "r1 c1 body 0 Complete",
        "c1 closed request_incomplete",
    ]);
    expected[0] = "r1 start POST".into();
    assert_eq!(log.take(), expected);
}

fn bodies_that_do_not_end<F: Flavour>() {
    type Read<F> = fn(<F as Sender>::Streamed);
    let rows: Vec<(Script, Read<F>, &[&str])> = vec![
        (
            vec![Act::Take, send(HALF), Act::Eof],
            |response| drop(response),
            &["r1 c1 body 0 Dropped", "c1 closed body_dropped"],
        ),
        // The rest is here, so that the connection is kept.
        (serve(OK), |response| drop(response), &["r1 c1 body 0 Dropped"]),
        (
            answer(HALF),
            |response| drop(response.read_body().unwrap_err()),
            &["r1 c1 body 2 Failed(Incomplete)", "c1 closed error"],
        ),
    ];
    for (script, read, end) in rows {
        let server = Server::repeat(script);
        let (log, pool) = Log::pool::<F>(|pool| pool);
        read(pool.stream(&server.url()).unwrap());
        assert_eq!(log.take(), after_new(&[&["r1 c1 head sent", "r1 c1 response 200"], end].concat()));
    }
}

fn attempts_that_fail<F: Flavour>() {
    let (log, pool) = Log::pool::<F>(|pool| pool);
    let port = closed_port();
    pool.get(&format!("http://127.0.0.1:{port}/")).unwrap_err();
    let refused = [
        "r1 start GET",
        "r1 c1 opening",
        "c1 connect",
        "c1 connected failed",
        "c1 not opened",
        "r1 failed Connect",
    ];
    assert_eq!(log.take(), refused);

    let server = Server::repeat(vec![Act::Take, Act::Eof]);
    let (log, pool) = Log::pool::<F>(|pool| pool);
    pool.send(patient("GET", &server.url(), |t| t.head = Some(20 * MS))).unwrap_err();
    assert_eq!(log.take(), after_new(&["r1 c1 head sent", "c1 closed error", "r1 failed Timeout(Head)"]));

    // An invalid request opens nothing.
    let (log, pool) = Log::pool::<F>(|pool| pool);
    let mut put = request("PUT", &server.url()).with_body(bytes("hello"));
    put.head_mut().headers_mut().append("Content-Length", "9").unwrap();
    pool.send(put).unwrap_err();
    assert_eq!(log.take(), ["r1 start PUT", "r1 failed InvalidRequest"]);
    pool.close();
    pool.get(&server.url()).unwrap_err();
    assert_eq!(log.take(), ["r2 start GET", "r2 failed Closed"]);

    // The route of the request is refused.
    let proxy = Proxy::all("http://127.0.0.1:9").unwrap();
    let (log, pool) = Log::pool::<F>(|pool| pool.proxy(proxy).address_filter(PublicOnly::new()));
    pool.get("http://10.0.0.1/").unwrap_err();
    assert_eq!(log.take(), ["r1 start GET", "r1 failed AddressRefused"]);
}

fn resent_requests<F: Flavour>() {
    let server = Server::new([[answer(OK), vec![Act::Take]].concat(), serve(OK)]);
    let (log, pool) = Log::pool::<F>(|pool| pool);
    pool.get_ok(&server.url());
    log.take();
    pool.get_ok(&server.url());
    let lines = [
        "r2 start GET",
        "r2 c1 acquired reused",
        "r2 c1 head sent",
        "r2 resent Io",
        "c1 closed stale",
        "r2 c2 opening",
        "c2 connect",
        "c2 connected",
        "c2 opened",
        "r2 c2 acquired new",
        "r2 c2 head sent",
        "r2 c2 response 200",
        "r2 c2 body 5 Complete",
    ];
    assert_eq!(log.take(), lines);
}

/// The connection leaves the pool. Its own end is no event.
fn a_switch_of_protocols<F: Flavour>() {
    let switch = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";
    let server = Server::repeat(vec![Act::Take, send(switch), Act::Eof]);
    let (log, pool) = Log::pool::<F>(|pool| pool);
    let mut request = request("GET", &server.url());
    request.head_mut().headers_mut().append("Connection", "Upgrade").unwrap();
    request.head_mut().headers_mut().append("Upgrade", "x").unwrap();
    drop(pool.send(request).unwrap());
    let rest = ["r1 c1 head sent", "r1 c1 response 101", "r1 c1 body 0 Complete", "c1 closed upgraded"];
    assert_eq!(log.take(), after_new(&rest));
}

fn requests_in_the_queue<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let (log, pool) = Log::pool::<F>(|pool| pool.max_connections(1));
    let held = pool.stream(&server.url()).unwrap();
    log.take();
    pool.send(patient("GET", &server.url(), |t| t.pool = Some(10 * MS))).unwrap_err();
    assert_eq!(log.take(), ["r2 start GET", "r2 queued", "r2 failed Timeout(Pool)"]);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| pool.get_ok(&server.url()));
        until(|| pool.stats().waiting == 1);
        held.read_body().unwrap();
        waiting.join().unwrap();
    });
    let lines = log.take();
    let own: Vec<&str> = lines.iter().filter(|line| line.starts_with("r3")).map(String::as_str).collect();
    let expected = [
        "r3 start GET",
        "r3 queued",
        "r3 c1 acquired reused",
        "r3 c1 head sent",
        "r3 c1 response 200",
        "r3 c1 body 5 Complete",
    ];
    assert_eq!(own, expected);
}

fn connections_ahead_of_need<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let (log, pool) = Log::pool::<F>(|pool| pool);
    pool.connect(&server.url()).unwrap();
    assert_eq!(log.take(), ["c1 opening", "c1 connect", "c1 connected", "c1 opened"]);
    pool.connect(&server.url()).unwrap();
    assert!(log.take().is_empty());
}

fn a_single_connection<F: Flavour>() {
    let server = Server::repeat([answer(OK), vec![Act::Take, Act::Eof]].concat());
    let log = Arc::new(Log::default());
    let connection = F::open(|builder| builder.observer(Arc::clone(&log)), &server.url()).unwrap();
    assert_eq!(log.take(), ["c1 opening", "c1 connect", "c1 connected", "c1 opened"]);
    let held = connection.stream(&server.url()).unwrap();
    let begun =
        |n: u8, rest: &[&str]| -> Vec<String> { rest.iter().map(|line| format!("r{n} {line}")).collect() };
    let sent = ["start GET", "c1 acquired new", "c1 head sent", "c1 response 200"];
    assert_eq!(log.take(), begun(1, &sent));
    connection.get(&server.url()).unwrap_err();
    assert_eq!(log.take(), begun(2, &["start GET", "failed InvalidRequest"]));
    held.read_body().unwrap();
    assert_eq!(log.take(), begun(1, &["c1 body 5 Complete"]));
    connection.exchange(patient("GET", &server.url(), |t| t.head = Some(20 * MS))).unwrap_err();
    let mut expected = begun(3, &["start GET", "c1 acquired reused", "c1 head sent"]);
    expected.extend(["c1 closed error".to_owned(), "r3 failed Timeout(Head)".to_owned()]);
    assert_eq!(log.take(), expected);
}

fn handshakes<F: Flavour>() {
    for wire in Wire::each().into_iter().filter(|wire| !matches!(wire, Wire::Plain)) {
        let server = wire.repeat(serve(OK));
        let (log, pool) = Log::pool::<F>(|pool| wire.trusted(pool));
        pool.get_ok(&server.url());
        let shaken = ["c1 connected", "c1 handshake 127.0.0.1", "c1 shaken", "c1 opened"];
        assert_eq!(log.take()[3..7], shaken, "{wire:?}");

        // This pool does not trust the server.
        let (log, pool) = Log::pool::<F>(|pool| pool);
        pool.get(&server.url()).unwrap_err();
        let failed = ["c1 handshake 127.0.0.1", "c1 shaken failed", "c1 not opened", "r1 failed Tls"];
        assert_eq!(log.take()[4..], failed, "{wire:?}");
    }
}

/// TLS within the tunnel, and a refusal. The origin is not looked up.
fn tunnels<F: Flavour>() {
    let url = |server: &Server| format!("http://ann:s3cret@{}", server.addr());
    for wire in Wire::each() {
        let origin = wire.repeat(serve(OK));
        let open = vec![Act::TakeHead, send("HTTP/1.1 200 OK\r\n\r\n"), Act::Relay(origin.addr())];
        let server = Server::new([open]);
        let proxy = Proxy::all(&url(&server)).unwrap().tunnel_http();
        let (log, pool) = Log::pool::<F>(|pool| wire.trusted(pool).proxy(proxy));
        let to = origin.url();
        pool.get_ok(&to);
        let tunnel = format!("c1 tunnel by http://127.0.0.1 to {}", to.trim_end_matches('/'));
        let is_tls = !matches!(wire, Wire::Plain);
        let shaken = if is_tls { &["c1 handshake 127.0.0.1", "c1 shaken"][..] } else { &[] };
        let [opening, acquired] = [&NEW[..4], &NEW[4..]];
        let rest = ["r1 c1 head sent", "r1 c1 response 200", "r1 c1 body 5 Complete"];
        let expected = [opening, &[&*tunnel, "c1 tunnelled"], shaken, acquired, &rest].concat();
        assert_eq!(log.take(), expected, "{wire:?}");
        let connections = pool.connections();
        assert_eq!(connections[0].proxy.as_deref(), Some(&*format!("http://{}", server.addr())));
        assert_eq!(format!("{}/", connections[0].origin), to);
        let shown = format!("{connections:?} {connections:#?} {pool:?}");
        assert!(!["ann", "s3cret", "YW5u"].iter().any(|secret| shown.contains(secret)), "{shown}");
    }

    let server = Server::new([vec![Act::TakeHead, send("HTTP/1.1 403 Forbidden\r\n\r\n"), Act::Eof]]);
    let proxy = Proxy::all(&url(&server)).unwrap().tunnel_http();
    let (log, pool) = Log::pool::<F>(|pool| pool.proxy(proxy));
    pool.get("http://origin.test/").unwrap_err();
    let refused = [
        "c1 tunnel by http://127.0.0.1 to http://origin.test",
        "c1 tunnelled failed",
        "c1 not opened",
        "r1 failed Proxy",
    ];
    assert_eq!(log.take(), [&NEW[..4], &refused].concat());

    // A proxy that forwards opens none. It is the other end, for all origins.
    let server = Server::repeat(serve(OK));
    let proxy = Proxy::all(&url(&server)).unwrap();
    let (log, pool) = Log::pool::<F>(|pool| pool.proxy(proxy));
    pool.get_ok("http://origin.test/");
    assert_eq!(log.take()[..6], NEW);
    let [connection] = &pool.connections()[..] else { panic!("one connection") };
    let named = format!("http://{}", server.addr());
    assert_eq!((connection.proxy.as_deref(), connection.origin.to_string()), (Some(&*named), named.clone()));
    assert!(!format!("{connection:?} {pool:?}").contains("s3cret"));
}

fn names_are_looked_up<F: Flavour>() {
    let (log, pool) = Log::pool::<F>(|pool| pool);
    pool.get("http://name.invalid/").unwrap_err();
    let lines = [
        "r1 start GET",
        "r1 c1 opening",
        "c1 lookup name.invalid",
        "c1 looked up failed",
        "c1 not opened",
        "r1 failed Resolve",
    ];
    assert_eq!(log.take(), lines);
}

/// No server listens on IPv6.
fn several_attempts<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let resolver = StubResolver::leading_to([IpAddr::from(Ipv6Addr::LOCALHOST), Ipv4Addr::LOCALHOST.into()]);
    let (log, pool) = Log::pool::<F>(|pool| F::resolver(pool, resolver));
    pool.get_ok(&format!("http://a.test:{}/", server.addr().port()));
    let lines = [
        "r1 start GET",
        "r1 c1 opening",
        "c1 lookup a.test",
        "c1 looked up",
        "c1 connect",
        "c1 connected failed",
        "c1 connect",
        "c1 connected",
        "c1 opened",
        "r1 c1 acquired new",
        "r1 c1 head sent",
        "r1 c1 response 200",
        "r1 c1 body 5 Complete",
    ];
    assert_eq!(log.take(), lines);
}

/// Panics at the nth event. The pool has room for the next request all the same.
fn an_observer_that_panics<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    for n in 0..14 {
        let left = Mutex::new(n);
        let observer = move |_: &Event<'_>| {
            let mut left = left.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *left -= 1;
            assert!(*left != -1, "an observer that panics on purpose");
        };
        let pool = F::make(|pool| pool.max_connections(1).max_uses(1).observer(observer));
        let first = thread::scope(|scope| scope.spawn(|| pool.get_ok(&server.url())).join());
        assert_eq!(first.is_err(), n < 10, "{n}");
        let _ = thread::scope(|scope| scope.spawn(|| pool.get_ok(&server.url())).join());
        pool.get_ok(&server.url());
        let stats = pool.stats();
        assert_eq!((stats.active, stats.connecting, stats.idle), (0, 0, 0), "{n}: {stats:?}");
        assert_eq!(stats.opened, stats.closed.total(), "{n}: {stats:?}");
    }
}

fn no_secrets<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let texts = Arc::new(Mutex::new(String::new()));
    let all = Arc::clone(&texts);
    let observer = move |event: &Event<'_>| all.lock().unwrap().push_str(&format!("{event:?}\n"));
    let pool = F::make(|pool| pool.observer(observer));
    let url = server.url().replace("http://", "http://user:secret1@") + "path?token=secret2#secret3";
    let mut request = request("POST", &url).with_body(bytes("secret4"));
    request.head_mut().headers_mut().append("Authorization", "secret5").unwrap();
    pool.exchange(request).unwrap();
    let texts = texts.lock().unwrap();
    assert!(texts.contains("/path\"") && !texts.contains("secret") && !texts.contains("user"), "{texts}");
}

/// With and without an observer.
fn facts_of_a_response<F: Flavour>() {
    for wire in Wire::each() {
        let server = wire.repeat(serve(OK));
        let pool = F::make(|pool| wire.trusted(pool));
        for is_reused in [false, true] {
            let response = pool.get(&server.url()).unwrap();
            let (timings, is_tls) = (response.timings().unwrap(), !matches!(wire, Wire::Plain));
            assert_eq!(response.is_reused(), is_reused);
            assert_eq!((timings.lookup, timings.connect.is_none()), (None, is_reused));
            assert_eq!(timings.tls.is_some(), is_tls && !is_reused);
            assert_eq!(timings.queue.unwrap().as_nanos(), 0);
            let known = [timings.connect, timings.tls, timings.send, timings.first_byte, timings.head];
            let sum: std::time::Duration = known.into_iter().flatten().sum();
            assert!(sum <= response.elapsed().unwrap(), "{timings:?} {:?}", response.elapsed());
            assert!(timings.first_byte.is_some() && timings.head.is_some());
            let details = response.connection().unwrap();
            assert!(details.id > 0 && response.local_addr().unwrap().ip().is_loopback());
            assert_eq!(
                response.remote_addr().map(|addr| format!("{}/", addr.ip())),
                Some("127.0.0.1/".into())
            );
            assert_eq!(pool.connections()[0].details.as_deref(), Some(details));
            let Some(tls) = response.tls() else {
                assert!(!is_tls);
                continue;
            };
            assert!(tls.cipher_suite.starts_with("TLS_") && !tls.is_resumed);
            assert!(tls.peer_certificates[0].starts_with(&[0x30]), "DER");
        }
    }
}
