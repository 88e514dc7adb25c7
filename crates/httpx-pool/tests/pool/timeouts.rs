//! Each timeout limits one kind of wait, and the total timeout limits all of them together.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use bytes::Bytes;
use httpx_core::{Encoded, Error, Request, RequestSent, Timeout, Timeouts};

use crate::support::*;

both_flavours! {
    connecting,
    each_timeout,
    a_flood_ends_at_the_total_timeout,
    as_a_setting_of_the_pool,
    a_head_that_is_sent_again_begins_a_new_call,
}

/// The timeout of a test. Its time really passes: the drivers wait for sockets by the clock of the system.
///
/// Only the total timeout runs while the call proceeds, which a busy machine delays. The others run while nothing happens.
fn limit(timeout: Timeout) -> Duration {
    if timeout == Timeout::Total { 200 * MS } else { 30 * MS }
}

/// The call ends after the given time, and not much later.
fn assert_late(error: &Error, timeout: Timeout, sent: RequestSent, start: Instant, name: &str) {
    assert_eq!(error.kind(), httpx_core::ErrorKind::Timeout(timeout), "{name}: {error:?}");
    let limit = limit(timeout);
    assert_eq!((error.timeout(), error.request_sent()), (Some(limit), Some(sent)), "{name}: {error:?}");
    let slow = "if the server is only slow, raise it with";
    let (what, advice) = match timeout {
        Timeout::Connect => ("", "is the host up? if it is only slow, raise it with connect_timeout()"),
        Timeout::Write => ("the server accepted no more of the request", &*format!("{slow} write_timeout()")),
        Timeout::Head => ("the server sent no complete response head", &*format!("{slow} head_timeout()")),
        Timeout::Read => ("no more of the response's body came", &*format!("{slow} read_timeout()")),
        Timeout::Total => ("the call did not finish", "if it may take longer, raise it with timeout()"),
        _ => panic!("it has its place elsewhere"),
    };
    let text = format!("{what} within {limit:?} (the {timeout} timeout); {advice}");
    assert!(error.to_string().ends_with(&text), "{name}: {error:?} should say {text:?}");
    let took = start.elapsed();
    assert!((limit..limit + PATIENCE).contains(&took), "{name}: {took:?}");
}

/// With a backend that uses up the time, and with a peer that does not answer.
fn connecting<F: Flavour>() {
    let late = F::make(|pool| F::backend(pool, Connects::new(0, Then::Late)));
    assert_connects_late(&late, "http://a.example/", "still connecting to a.example");
    #[cfg(target_os = "linux")]
    {
        let silent = Silent::listen();
        let url = format!("http://{}/", silent.addr());
        assert_connects_late(&F::new(), &url, "still connecting to 127.0.0.1");
    }
}

fn assert_connects_late<F: Flavour>(pool: &F, url: &str, text: &str) {
    for timeout in [Timeout::Connect, Timeout::Total] {
        let start = Instant::now();
        let error = pool.send(patient("GET", url, |timeouts| set(timeouts, timeout))).unwrap_err();
        assert_late(&error, timeout, RequestSent::Nothing, start, text);
        assert_eq!(error.is_connect(), timeout == Timeout::Connect);
        assert!(!error.is_connect() || error.to_string().contains(text), "{error}");
        assert_eq!((error.url(), pool.counts()), (Some(url), idle(0)));
    }
}

/// A server, a body, and the timeout that ends the call after a part of the request.
struct Row<F: Flavour> {
    name: &'static str,
    script: Script,
    body: F::Body,
    timeout: Timeout,
    sent: RequestSent,
}

fn rows<F: Flavour>() -> Vec<Row<F>> {
    use RequestSent::{Complete, Partial};
    use Timeout::{Head, Read, Total, Write};

    let row = |name, script, body, timeout, sent| Row { name, script, body, timeout, sent };
    let none = F::Body::default;
    let large = || bytes(vec![0; 64 << 20]).into();
    let deaf = || vec![Act::Wait(Gate::default())];
    let taking = |acts: &[Act]| [vec![Act::Take], acts.to_vec(), vec![Act::Eof]].concat();
    // Often enough that bytes arrive before each timeout.
    let drip = |text: &[u8]| Act::Drip(text.to_vec(), MS);
    let interim = drip(&b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100));
    let head = drip(&b"HTTP/1.1 200 OK\r\nX: y".repeat(100));
    let slow = [send("HTTP/1.1 200 OK\r\n\r\n"), drip(&[b'x'; 500])];
    // A wait for the request's body has no timeout. It ends when the body continues.
    let head_taken = Gate::default();
    let late = F::late_reader(Late(head_taken.clone()).chain(io::repeat(b'x')));
    let deaf_after_head = vec![Act::TakeHead, Act::Open(head_taken), Act::Wait(Gate::default())];
    let flood = [send("HTTP/1.1 200 OK\r\n\r\n"), Act::Flood(u64::MAX)];
    vec![
        row("no room", deaf(), F::endless(), Write, Partial),
        row("no room for bytes", deaf(), large(), Write, Partial),
        row("no room after a late body", deaf_after_head, late, Write, Partial),
        row("no head", taking(&[]), none(), Head, Complete),
        row("half a head", taking(&[head]), none(), Head, Complete),
        row("another head", taking(&[interim]), none(), Head, Complete),
        row("half a body", taking(&[send(HALF)]), none(), Read, Complete),
        row("no room", deaf(), F::endless(), Total, Partial),
        row("no head", taking(&[]), none(), Total, Complete),
        row("half a body", taking(&[send(HALF)]), none(), Total, Complete),
        row("a slow body", taking(&slow), none(), Total, Complete),
        // There is always something to do, and nothing to wait for.
        row("always more", taking(&flood), none(), Total, Complete),
        row("nothing but empty chunks", vec![Act::Sink], empty_chunks().into(), Total, Partial),
        row("all is taken", vec![Act::Sink], F::endless(), Total, Partial),
    ]
}

/// An iterator without end, and without a byte.
fn empty_chunks() -> Encoded {
    Encoded::from_chunks(std::iter::repeat_with(|| Ok::<_, io::Error>(Bytes::new())), None)
}

fn set(timeouts: &mut Timeouts, timeout: Timeout) {
    let place = match timeout {
        Timeout::Connect => &mut timeouts.connect,
        Timeout::Write => &mut timeouts.write,
        Timeout::Head => &mut timeouts.head,
        Timeout::Read => &mut timeouts.read,
        Timeout::Total => &mut timeouts.total,
        other => panic!("{other:?} has its place elsewhere"),
    };
    *place = Some(limit(timeout));
}

fn each_timeout<F: Flavour>() {
    for Row { name, script, body, timeout, sent } in rows::<F>() {
        let server = Server::repeat(script);
        let pool = F::one();
        let request = patient("POST", &server.url(), |timeouts| set(timeouts, timeout)).with_body(body);
        let start = Instant::now();
        let error = pool.send(request).and_then(|mut response| response.skip()).unwrap_err();
        assert_late(&error, timeout, sent, start, name);
        assert_eq!((error.url(), pool.counts()), (Some(&*server.url()), idle(0)), "{name}");
    }
}

/// A reader that waits for the gate, and then ends.
struct Late(Gate);

impl Read for Late {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.wait();
        Ok(0)
    }
}

/// The call still ends.
fn a_flood_ends_at_the_total_timeout<F: Flavour>() {
    for body in [F::Body::default, F::endless] {
        let pool = F::make(|pool| F::backend(pool, Connects::new(0, Then::Flood)));
        let request = patient("POST", "http://a.example/", |t| set(t, Timeout::Total)).with_body(body());
        let start = Instant::now();
        let error = pool.send(request).and_then(|mut response| response.skip()).unwrap_err();
        assert_late(&error, Timeout::Total, error.request_sent().unwrap(), start, "a flood");
        assert_eq!(pool.counts(), idle(0));
    }
}

/// It applies to requests that set none.
fn as_a_setting_of_the_pool<F: Flavour>() {
    let server = Server::repeat(vec![Act::Take, send(HALF), Act::Eof]);
    let mut timeouts = Timeouts::default();
    set(&mut timeouts, Timeout::Total);
    let start = Instant::now();
    let error = F::make(|pool| pool.timeouts(timeouts)).get(&server.url()).unwrap_err();
    assert_late(&error, Timeout::Total, RequestSent::Complete, start, "of the pool");
}

/// The head of a request that a response holds has no start: the total timeout of its next call has not passed.
fn a_head_that_is_sent_again_begins_a_new_call<F: Flavour>() {
    let total = 1000 * MS;
    let [server, silent] = [serve(OK), vec![Act::Eof]].map(Server::repeat);
    let pool = F::new();
    let patient = |url: &str| patient("GET", url, |timeouts| timeouts.total = Some(total));
    let first = pool.exchange(patient(&server.url())).unwrap();
    // Passes the time until the first call would have been late.
    let late = pool.exchange(patient(&silent.url())).unwrap_err();
    assert_eq!(late.kind(), httpx_core::ErrorKind::Timeout(Timeout::Total));
    let head = first.head().request().unwrap().clone();
    let again = pool.exchange(Request::from_parts(head, F::Body::default())).unwrap();
    assert_eq!(again.text(), "hello");
    assert!(again.elapsed().unwrap() < total, "{:?}", again.elapsed());
    assert_eq!(server.connections(), 1);
}
