//! The other side as an enemy: floods, drips, answers to what nobody asked, lies about lengths and hosts. Whatever it
//! does, a call ends in time, no answer is another's, no secret goes to a stranger, and the client works afterwards.

#![recursion_limit = "1024"] // `written_once!` takes a step for each token
#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "tls",
    feature = "gzip",
    feature = "cookies",
    feature = "json"
))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use httpx::{Content, Cookie, CookieJar, Encoded, ErrorKind, Headers, Json, Timeout, Url};

mod support;

use support::flavour::{Ask, BodyOf};
use support::tls::{Authority, Trusting};
use support::{Flavour, Reply, Server, both_flavours};

both_flavours!(
    floods,
    drips,
    a_handshake_that_drips,
    a_connection_that_dies_at_each_byte,
    answers_that_nobody_asked_for,
    an_answer_that_comes_while_the_connection_lies_idle,
    no_and_a_reset_while_the_request_is_sent,
    bombs,
    redirects_that_grow,
    redirects_to_a_stranger,
    from_https_to_http_and_back,
    cookies_of_strangers,
    a_flood_of_cookies,
    injections,
    lies_about_the_length_of_the_request,
    odd_hosts,
    secrets_are_not_told,
    words_of_the_server_are_escaped,
    huge_numbers,
    times_that_no_clock_holds,
    panics,
    forgotten_responses,
    dropped_in_odd_orders,
    a_redirect_that_holds_its_body_back,
    closed_while_requests_run,
);

/// Long enough for a machine that is busy, short enough for a test.
const SHORT: Duration = Duration::from_millis(50);
/// What no call takes, whatever happens.
const AGES: Duration = Duration::from_secs(25);

/// The client works, and nothing is left of what it had to do with the enemy.
#[track_caller]
fn check_usable<F: Flavour>(client: &F, server: &Server) {
    let response = F::send(client.get(&server.url("/good")));
    assert_eq!(response.unwrap_or_else(|error| panic!("no longer usable: {error:?}")).text(), "good");
    assert!(client.shown().contains("[0 active"), "{}", client.shown());
}

/// A server that answers `/bad` with this, and all else with "good".
fn bad(reply: Reply) -> Server {
    Server::new(move |seen| if seen.target() == "/bad" { reply.clone() } else { Reply::ok("good") })
}

/// What each connection to a listener meets; the URL of it.
fn wire(meet: impl Fn(TcpStream) -> Option<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let meet = std::sync::Arc::new(meet);
    thread::spawn(move || {
        while let Ok((socket, _)) = listener.accept() {
            socket.set_nodelay(true).unwrap();
            let meet = std::sync::Arc::clone(&meet);
            thread::spawn(move || meet(socket));
        }
    });
    url
}

/// Reads the head of a request.
fn head(socket: &mut TcpStream) -> Option<Vec<u8>> {
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if socket.read(&mut byte).ok()? == 0 {
            return None;
        }
        seen.push(byte[0]);
    }
    Some(seen)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn printable(text: &str) -> bool {
    !text.contains(char::is_control)
}

// ---- Too much

fn floods<F: Flavour>() {
    use ErrorKind::{Protocol, TooLarge};
    const OK: &str = "HTTP/1.1 200 OK\r\n";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let x = "x".repeat(1000);
    let rows: Vec<(String, String, ErrorKind)> = vec![
        ("HTTP/1.1 200 ".into(), "reason ".into(), Protocol),
        ("HTTP/1.1 200 OK".into(), "\r\nX".into(), Protocol),
        (OK.into(), "name".into(), Protocol),
        (OK.into(), "A:\r\n".into(), Protocol),
        (format!("{OK}A: b\r\n"), " \r\n".into(), Protocol),
        (format!("{OK}A: b\r\n"), "\tfold\n".into(), Protocol),
        (OK.into(), "Content-Length: 0\r\n".into(), Protocol),
        (OK.into(), "Set-Cookie: a=b\r\n".into(), Protocol),
        (String::new(), "\n".into(), Protocol),
        (String::new(), format!("HTTP/1.1 103 Hints\r\nLink: {x}\r\n\r\n"), Protocol),
        (String::new(), "HTTP/1.1 100 Continue\r\n\r\n\r\n".into(), Protocol),
        (CHUNKED.into(), "0".into(), Protocol),
        (format!("{CHUNKED}1;"), "x".into(), Protocol),
        (format!("{CHUNKED}1"), " ".into(), Protocol),
        (CHUNKED.into(), format!("1;{x}\r\nx\r\n"), Protocol),
        (format!("{CHUNKED}0;"), "x=y;".into(), Protocol),
        (format!("{CHUNKED}0\r\n"), "A: b\r\n".into(), Protocol),
        (format!("{CHUNKED}0\r\nA: "), "x".into(), Protocol),
        (format!("{CHUNKED}0\r\n"), "Content-Length: 5\r\n".into(), Protocol),
        (CHUNKED.into(), "1\r\nx\r\n".into(), TooLarge),
        (CHUNKED.into(), "0000000000000001\r\nx\r\n".into(), TooLarge),
        ("HTTP/1.1 500 Oh\r\n\r\n".into(), x.clone(), TooLarge),
        ("HTTP/1.1 302 Found\r\nLocation: /good\r\n\r\n".into(), x, TooLarge),
    ];
    let client = F::with(|client| client.max_body_bytes(10_000));
    for (first, again, kind) in rows {
        // Many at once, so that the server is no slower than an enemy would be.
        let again = again.repeat(4000 / again.len() + 1);
        let server = bad(Reply::Endless(first.clone().into(), again.into()));
        let began = Instant::now();
        match F::send(client.get(&server.url("/bad"))) {
            Ok(response) => assert_eq!((response.text().as_ref(), first.contains("302")), ("good", true)),
            Err(error) => {
                assert_eq!(error.kind(), kind, "{first:?}: {error:?}");
                let text = format!("{error:#}");
                assert!(text.len() < 600 && printable(&text), "{text}");
            }
        }
        assert!(began.elapsed() < AGES, "{first:?}");
        check_usable(&client, &server);
        // A streamed one is given up without waiting.
        if let Ok(streamed) = F::stream(client.get(&server.url("/bad"))) {
            drop(streamed);
        }
        check_usable(&client, &server);
    }
}

// ---- Too slow

/// Answers at once with the first part, and then with the other byte by byte, again and again.
fn dripping(first: String, again: &'static str) -> String {
    wire(move |mut socket| {
        head(&mut socket)?;
        socket.write_all(first.as_bytes()).ok()?;
        for byte in again.bytes().cycle() {
            socket.write_all(&[byte]).ok()?;
            thread::sleep(Duration::from_millis(4));
        }
        None
    })
}

fn drips<F: Flavour>() {
    use Timeout::{Head, Total};
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let client = F::new();
    for (first, again, timeout) in [
        ("", "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\nE: f\r\nG: h\r\nI: j\r\n", Head),
        ("HTTP/1.1 200 OK\r\n", "Abcdefghijklmnopqrstuvwxyz: b\r\n", Head),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", Head),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "x", Total),
        ("HTTP/1.1 200 OK\r\n\r\n", "x", Total),
        (CHUNKED, "1\r\nx\r\n", Total),
        (CHUNKED, "1;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Total),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n", Total),
        ("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 99\r\n\r\n", "x", Total),
        ("HTTP/1.1 302 Found\r\nLocation: /\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", Total),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f", "x", Total),
    ] {
        let url = dripping(first.into(), again);
        let ask = client.get(&url);
        let ask = if timeout == Head { ask.head_timeout(SHORT) } else { ask.timeout(SHORT) };
        let began = Instant::now();
        let error = F::send(ask).err().unwrap_or_else(|| panic!("{first:?} {again:?}"));
        assert!(began.elapsed() < AGES, "{first:?} {again:?}");
        if !first.ends_with('\x1f') {
            assert_eq!(error.kind(), ErrorKind::Timeout(timeout), "{first:?} {again:?}: {error:?}");
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
    // The body of the request is held back, or is longer than what the network takes.
    let url = dripping(String::new(), "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
    let held = client.put(&url).header("Expect", "100-continue").body(F::bytes("abc"));
    let error = F::send(held.timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Total), "{error:?}");
    let large = || client.put(&url).body(F::bytes(vec![0; 32 << 20]));
    let error = F::send(large().timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Total), "{error:?}");
    // What drips is no room to write.
    let error = F::send(large().write_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Write), "{error:?}");
}

/// Its body is read only so that the connection can be used again: that is not worth a long wait.
fn a_redirect_that_holds_its_body_back<F: Flavour>() {
    let server =
        bad(Reply::Hang(b"HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 5\r\n\r\nhel".into()));
    let client = F::new();
    let began = Instant::now();
    let ask = client.get(&server.url("/bad")).read_timeout(2 * AGES);
    assert_eq!(F::send(ask).unwrap().text(), "good");
    assert!(began.elapsed() < AGES, "{:?}", began.elapsed());
}

fn a_handshake_that_drips<F: Flavour>() {
    let client = F::new();
    // Half-open: there is a connection, but nobody has taken it.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let error = F::send(client.get(&url).connect_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Connect), "{error:?}");

    for first in [&b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"[..], b"\x15", b"\x16\x03\x03\x00\x02\x02\x00"] {
        let url = wire(move |mut socket| {
            socket.write_all(first).ok()?;
            loop {
                socket.write_all(b"\x03").ok()?;
                thread::sleep(Duration::from_millis(4));
            }
        });
        let began = Instant::now();
        let url = url.replace("http", "https");
        let error = F::send(client.get(&url).connect_timeout(SHORT)).unwrap_err();
        assert!(error.is_connect() && began.elapsed() < AGES, "{error:?}");
        let error = F::send(client.get(&url).timeout(SHORT)).unwrap_err();
        assert!(began.elapsed() < AGES, "{error:?}");
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
    // Endless and fast.
    for again in [
        &b"\x14\x03\x03\x00\x01\x01"[..],
        b"\x16\x03\x03\x00\x04\x00\x00\x00\x00",
        b"\x15\x03\x03\x00\x02\x01\x5a",
    ] {
        let url = wire(move |mut socket| {
            while socket.write_all(again).is_ok() {}
            None
        });
        let began = Instant::now();
        let ask = client.get(&url.replace("http", "https")).connect_timeout(2 * AGES);
        let error = F::send(ask).unwrap_err();
        assert!(error.is_connect() && began.elapsed() < AGES, "{error:?}");
    }
}

// ---- Too little

fn a_connection_that_dies_at_each_byte<F: Flavour>() {
    let coded = gzip(b"hello");
    let coded = [
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", coded.len())
            .as_bytes(),
        &coded,
    ]
    .concat();
    let undelimited = [&b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..], &gzip(b"hello")].concat();
    let client = F::pooled(|pool| pool.max_idle_connections(0));
    for response in [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_vec(),
        b"HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\nA: b\r\n\r\n"
            .to_vec(),
        coded,
        undelimited,
    ] {
        let whole = response.clone();
        let server = Server::new(move |seen| {
            let n: usize = seen.target().trim_start_matches('/').parse().unwrap();
            Reply::Close(response[..n].to_vec())
        });
        let ends_with_connection = !whole.windows(6).any(|six| six == b"Length" || six == b"chunke");
        for n in 0..=whole.len() {
            match F::send(client.get(&server.url(&format!("/{n}")))) {
                Ok(response) if n == whole.len() => assert_eq!(response.text(), "hello"),
                // No byte of the coding has come: an empty body, as far as anybody can say.
                Ok(response) if ends_with_connection => assert_eq!(response.text(), ""),
                Ok(response) => panic!("{n} of {}: {:?}", whole.escape_ascii(), response.text()),
                Err(error) => assert!(n < whole.len() && printable(&format!("{error:#}")), "{error:?}"),
            }
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}

// ---- What nobody asked for

const EVIL: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";

fn answers_that_nobody_asked_for<F: Flavour>() {
    let rows: [(&str, &str, u16); 13] = [
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200),
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
        ("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n", 204),
        ("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 45\r\n\r\n", 204),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 45\r\n\r\n", 304),
        ("GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 304),
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\n", 200),
        ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200),
        ("GET", "HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n", 200),
        ("GET", "HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 2\r\n\r\nok", 200),
        ("GET", "HTTP/1.1 307 Go\r\nLocation: /good\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200),
        ("GET", "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
    ];
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    for (method, asked, status) in rows {
        for tail in [EVIL, "H", "\r\n", "0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
            let reply = Reply::Keep(format!("{asked}{tail}").into());
            let script = move |seen: &support::Seen| match &*seen.target() {
                "/bad" => reply.clone(),
                _ => Reply::ok("good"),
            };
            let tls = tail == EVIL;
            let server =
                if tls { Server::tls(authority.server("localhost"), script) } else { Server::new(script) };
            let response = F::send(client.request(method, &server.url("/bad"))).unwrap();
            assert_eq!(response.status(), status);
            assert!(!response.text().contains("evil"), "{asked:?} {tail:?}");
            check_usable(&client, &server);
            assert!(server.opened() >= 2, "{asked:?} {tail:?}: such a connection is not used again");
            // Read in small steps, past our buffer, and dropped early.
            if let Ok(mut streamed) = F::stream(client.request(method, &server.url("/bad"))) {
                let some = F::read_some(&mut streamed, 1).unwrap();
                assert!(some.len() <= 1);
            }
            check_usable(&client, &server);
            if let Ok(mut streamed) = F::stream(client.request(method, &server.url("/bad"))) {
                let (all, _) = F::drain(&mut streamed);
                assert!(!String::from_utf8_lossy(&all).contains("evil"));
            }
            check_usable(&client, &server);
        }
    }
}

/// What comes between two requests is seen before the second one is written.
fn an_answer_that_comes_while_the_connection_lies_idle<F: Flavour>() {
    for tail in [EVIL, "\r\n", "x", ""] {
        let client = F::new();
        let (go, wait) = mpsc::channel::<mpsc::Sender<()>>();
        let wait = std::sync::Mutex::new(wait);
        let url = wire(move |mut socket| {
            let first = head(&mut socket)?;
            let first = String::from_utf8_lossy(&first).starts_with("GET /first ");
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood").ok()?;
            if first {
                let done = wait.lock().unwrap().recv().ok()?;
                socket.write_all(tail.as_bytes()).ok()?;
                if tail.is_empty() {
                    socket.shutdown(std::net::Shutdown::Write).ok()?;
                }
                done.send(()).ok()?;
            }
            // Whoever sends a second request over this one gets no answer.
            let _ = head(&mut socket);
            None
        });
        assert_eq!(F::send(client.get(&format!("{url}first"))).unwrap().text(), "good");
        let (done, is_done) = mpsc::channel();
        go.send(done).unwrap();
        is_done.recv().unwrap();
        // Not safe to repeat, so that it fails if it goes over the old connection.
        let ask = client.post(&format!("{url}second")).body(F::bytes(""));
        assert_eq!(F::send(ask).unwrap_or_else(|error| panic!("{tail:?}: {error:?}")).text(), "good");
    }
}

/// The answer may be lost with the connection, but nothing else is.
fn no_and_a_reset_while_the_request_is_sent<F: Flavour>() {
    let client = F::new();
    for answer in
        ["HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno", "HTTP/1.1 413 No\r\n\r\nno", "HTTP/1.1 4", ""]
    {
        let url = wire(move |mut socket| {
            head(&mut socket)?;
            socket.write_all(answer.as_bytes()).ok()
            // What is unread here makes a reset of the end.
        });
        for body in [F::bytes(vec![0; 4 << 20]), F::reader(std::io::repeat(0).take(4 << 20))] {
            let began = Instant::now();
            match F::send(client.put(&url).body(body)) {
                Ok(response) => assert_eq!((response.status().as_u16(), &*response.text()), (413, "no")),
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::Io | ErrorKind::Incomplete),
                    "{answer:?}: {error:?}"
                ),
            }
            assert!(began.elapsed() < AGES);
            // Where the network took all of the request, the connection may be kept until it is looked at.
            assert!(client.shown().starts_with("<Client [0 active"), "{}", client.shown());
        }
    }
}

// ---- Bombs

fn bombs<F: Flavour>() {
    let zeros = gzip(&vec![0; 4 << 20]);
    let bomb = gzip(&zeros.repeat(50));
    let thrice = gzip(&gzip(&zeros.repeat(50)));
    let empty = gzip(b"").repeat(1000);
    let mut named = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff".to_vec();
    named.extend_from_slice(&vec![b'x'; 100_000]);
    let endless = |status: &str, coding: &str, bytes: &[u8]| {
        let head = format!("HTTP/1.1 {status}\r\nContent-Encoding: {coding}\r\n\r\n");
        Reply::Endless(head.into(), bytes.to_vec())
    };
    let full = |status: &str, coding: &str, bytes: &[u8]| {
        Reply::full(status, &format!("Content-Encoding: {coding}\r\n"), bytes)
    };
    let many = ["gzip"; 10_000].join(",");
    let identities = ["identity"; 5_000].join(",");
    let client = F::with(|client| client.max_body_bytes(1 << 20));
    for (name, reply, kind) in [
        ("error", full("500 Oh", "gzip", &zeros), Some(ErrorKind::TooLarge)),
        ("twice", full("404 No", "gzip, gzip", &bomb), Some(ErrorKind::TooLarge)),
        ("thrice", full("200 OK", "gzip, gzip, gzip", &thrice), Some(ErrorKind::TooLarge)),
        ("empty members", endless("200 OK", "gzip", &empty), Some(ErrorKind::Decode)),
        ("a name", endless("200 OK", "gzip", &named), Some(ErrorKind::Decode)),
        ("padding", endless("200 OK", "gzip", &[0; 4000]), Some(ErrorKind::Decode)),
        ("too many", full("200 OK", &many, b"x"), Some(ErrorKind::Decode)),
        ("identity", full("200 OK", &identities, b"good"), None),
        ("redirect", full("302 Found\r\nLocation: /good", "gzip", &zeros), None),
        ("redirect", endless("302 Found\r\nLocation: /good", "gzip", &bomb), None),
        ("redirect", full("302 Found\r\nLocation: /good", "gzip, gzip", &bomb), None),
    ] {
        let server = bad(reply);
        let began = Instant::now();
        match (F::send(client.get(&server.url("/bad"))), kind) {
            (Ok(response), None) => assert_eq!(response.text(), "good", "{name}"),
            (Err(error), Some(kind)) => assert_eq!(error.kind(), kind, "{name}: {error:?}"),
            (result, _) => panic!("{name}: {result:?}"),
        }
        assert!(began.elapsed() < AGES, "{name}");
        check_usable(&client, &server);
    }
}

// ---- Redirects

fn redirects_that_grow<F: Flavour>() {
    let client = F::new();
    for grow in [
        |target: String| format!("{target}{}", "/x".repeat(1000)),
        |target: String| format!("{target}{target}"),
        |target: String| format!("{}#{}", target, "f".repeat(60_000)),
        |target: String| format!("?{}", "\u{fc}".repeat(20_000 + target.len() % 2)),
        |_: String| "../".repeat(20_000),
        |_: String| format!("//{}/", "a.".repeat(200)),
        |_: String| format!("//{}", "@".repeat(60_000)),
        |_: String| format!("//{}.example/", "\u{fc}".repeat(20_000)),
        |_: String| format!("http:{}", "/".repeat(60_000)),
        |_: String| format!("x:{}", "y".repeat(60_000)),
    ] {
        let server = Server::new(move |seen| match &*seen.target() {
            "/good" => Reply::ok("good"),
            _ => Reply::redirect("302 Found", &grow(seen.target())),
        });
        let began = Instant::now();
        let error = F::send(client.get(&server.url("/bad"))).unwrap_err();
        assert!(began.elapsed() < AGES, "{error}");
        let text = format!("{error:#}");
        assert!(printable(&text) && text.len() < 2000, "{} bytes: {text:.200}", text.len());
        check_usable(&client, &server);
    }
}

/// A client with a secret of each kind.
fn secretive<F: Flavour>(client: &F, url: &str) -> Ask<F> {
    client
        .get(url)
        .header("Authorization", "s3cret-1")
        .header("Proxy-Authorization", "s3cret-2")
        .header("Cookie", "s3cret=3")
        .secret_header("X-Key", "s3cret-4")
}

fn redirects_to_a_stranger<F: Flavour>() {
    let stranger = Server::fine();
    let home = Server::new({
        let evil = stranger.authority();
        move |seen| {
            let here = seen.header("Host").unwrap();
            let port = here.rsplit(':').next().unwrap().to_owned();
            let to = match &*seen.target() {
                "/user" => format!("http://{here}@{evil}/"),
                "/user-and-password" => format!("http://{here}:80@{evil}/"),
                "/backslash" => format!("http:\\\\{evil}\\@{here}/"),
                "/no-scheme" => format!("//{evil}/"),
                "/one-slash" => format!("http:\\/{evil}/"),
                "/tab" => format!("/\t/{evil}/"),
                "/encoded" => format!("//{}/", evil.replace('.', "%2E")),
                "/wide" => format!("//{}/", evil.replace("127", "\u{ff11}27")),
                "/login" => format!("http://evil:password@{evil}/"),
                "/name" => format!("http://localhost:{port}/end"),
                "/mapped" => format!("http://[::ffff:127.0.0.1]:{port}/end"),
                "/other-address" => format!("http://127.0.0.2:{port}/end"),
                _ => return Reply::ok("end"),
            };
            Reply::redirect("302 Found", &to)
        }
    });
    let client = F::new();
    for path in [
        "/user",
        "/user-and-password",
        "/backslash",
        "/no-scheme",
        "/one-slash",
        "/tab",
        "/encoded",
        "/wide",
        "/login",
        "/name",
        "/mapped",
        "/other-address",
    ] {
        let result = F::send(secretive(&client, &home.url(path)));
        let seen = [stranger.take(), home.take()].concat();
        for seen in seen.iter().filter(|seen| seen.target() != path) {
            let text = seen.text();
            assert!(!text.contains("s3cret") && !text.contains("Authorization"), "{path}: {text}");
        }
        if path != "/other-address" && path != "/mapped" {
            assert_eq!(seen.len(), 2, "{path}: {result:?}");
        }
    }
    // The same server, however it is written.
    let home = Server::new(move |seen| match &*seen.target() {
        "/end" => Reply::ok("end"),
        target => Reply::redirect(
            "302 Found",
            &target[1..].replace("PORT", seen.header("Host").unwrap().rsplit(':').next().unwrap()),
        ),
    });
    for to in ["HTTP://127.0.0.1:PORT/end", "http://0x7f.1:PORT/end", "http://127.0.0.1.:PORT/end", "/end"] {
        F::send(secretive(&client, &home.url(&format!("/{to}")))).unwrap();
        assert_eq!(home.take().last().unwrap().text().matches("s3cret").count(), 4, "{to}");
    }
    // There and back again.
    let there = std::sync::Arc::new(std::sync::OnceLock::new());
    let home = Server::new({
        let there = std::sync::Arc::clone(&there);
        move |seen| match &*seen.target() {
            "/start" => Reply::redirect("307 Go", there.get().map_or("", |url: &String| url)),
            _ => Reply::ok("back"),
        }
    });
    let back = home.url("/back");
    let stranger = Server::new(move |_| Reply::redirect("307 Go", &back));
    there.set(stranger.url("/")).unwrap();
    assert_eq!(F::send(secretive(&client, &home.url("/start"))).unwrap().text(), "back");
    let seen = home.take();
    assert!(seen[0].text().contains("s3cret") && !seen[1].text().contains("s3cret"), "{}", seen[1].text());
}

fn from_https_to_http_and_back<F: Flavour>() {
    let authority = Authority::new();
    let plain_to = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let plain = Server::new({
        let to = std::sync::Arc::clone(&plain_to);
        move |_| Reply::redirect("302 Found", to.get().unwrap())
    });
    let through = plain.url("/");
    let secure = Server::tls(authority.server("localhost"), move |seen| match &*seen.target() {
        "/start" => Reply::redirect("302 Found", &through),
        _ => Reply::ok("back"),
    });
    plain_to.set(secure.url("/back")).unwrap();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let jar = secretive(&client, &secure.url("/start")).allow_https_to_http(true);
    assert_eq!(F::send(jar).unwrap().text(), "back");
    for seen in plain.take().iter().chain(&secure.take()[1..]) {
        assert!(!seen.text().contains("s3cret"), "{}", seen.text());
    }
    let error = F::send(secretive(&client, &secure.url("/start"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(plain.take().is_empty());
}

// ---- Cookies

fn cookies_of_strangers<F: Flavour>() {
    let jar = CookieJar::new();
    let client = F::with(|client| client.cookie_jar(jar.clone()));
    for attributes in [
        "Domain=localhost",
        "Domain=0.0.1",
        "Domain=.0.0.1",
        "Domain=1",
        "Domain=com",
        "Domain=.",
        "Domain=..",
        "Domain=127.0.0.1.",
        "Domain=127.0.0.1:80",
        "Domain=*",
        "Domain=[::1]",
        "Domain=\u{ff11}27.0.0.1",
        "Domain=127.0.0.1; Domain=localhost",
        "Domain=localhost; Domain=",
        "Path=/; Domain=\"localhost\"",
        "Domain=%6cocalhost",
        "Path=../",
        "SameSite=None",
        "Expires=never; Max-Age=-0",
        "Max-Age=99999999999999999999",
        "Max-Age=-99999999999999999999",
        "Expires=Fri, 31 Dec 9999999 23:59:59 GMT",
        "Domain=;Path=;Expires=;Max-Age=",
    ] {
        jar.clear();
        let server =
            Server::new(move |_| Reply::full("200 OK", &format!("Set-Cookie: a=evil; {attributes}\r\n"), ""));
        F::send(client.get(&server.url("/"))).unwrap();
        server.take();
        F::send(client.get(&server.url_on("localhost", "/"))).unwrap();
        assert!(!server.take_one().text().contains("evil"), "{attributes}");
    }
    // Suffixes, and hosts that look like others.
    let now = SystemTime::now();
    for (from, attributes, to) in [
        ("http://a.co.uk/", "Domain=co.uk", "http://b.co.uk/"),
        ("http://a.co.uk./", "Domain=co.uk", "http://b.co.uk./"),
        ("http://a.co.uk/", "Domain=co.uk.", "http://b.co.uk/"),
        ("http://a.github.io/", "Domain=.GitHub.IO", "http://b.github.io/"),
        ("http://github.io/", "Domain=github.io", "http://b.github.io/"),
        ("http://a.com/", "Domain=com", "http://b.com/"),
        ("http://com/", "Domain=com", "http://b.com/"),
        ("http://evil.example/", "Domain=good.example", "http://good.example/"),
        ("http://evilgood.example/", "Domain=good.example", "http://good.example/"),
        ("http://good.example.evil.example/", "Domain=good.example", "http://good.example/"),
        ("http://b\u{fc}cher.example/", "Domain=b\u{fc}cher.example", "http://bucher.example/"),
        ("http://10.0.0.1/", "Domain=0.0.1", "http://9.0.0.1/"),
        ("http://[::1]/", "Domain=::1]", "http://[2::1]/"),
        ("http://good.example/", "Secure", "http://good.example/"),
        ("https://good.example/", "Secure", "http://good.example/"),
        ("http://good.example/", "", "http://good.example.evil/"),
        ("http://good.example/", "", "http://evil/?good.example"),
        ("http://good.example/", "", "http://good.example@evil/"),
        ("http://good.example/a/b", "", "http://good.example/ab/"),
        ("http://good.example/", "", "http://a.good.example/"),
    ] {
        let jar = CookieJar::new();
        let url = |text| Url::parse(text).unwrap();
        let _ = jar.store(url(from).as_url(), format!("a=evil; {attributes}").as_bytes(), now);
        assert_eq!(jar.header(url(to).as_url(), now), None, "{from} {attributes} {to}");
    }
    // By hand.
    let jar = CookieJar::new();
    for (name, value, domain) in [
        ("a\r\nEvil", "1", "good.example"),
        ("a", "1\r\nEvil: 1", "good.example"),
        ("a", "1\0", "good.example"),
        ("a", "1; b=2", "good.example"),
        ("a;b", "1", "good.example"),
        ("a=b", "1", "good.example"),
        ("", "", "good.example"),
        ("a", "1", ""),
        ("a", "1", "good.example/evil"),
        ("a", "1", "a@good.example"),
        ("a", "1", "good.example:80"),
        ("a", "1", "good example"),
        ("a", "1", "good\r\nexample"),
        ("__Host-a", "1", "good.example"),
    ] {
        let cookie = Cookie::new(name, value, domain);
        let shown = format!("{cookie:?}");
        assert!(jar.insert(cookie, now).is_err(), "{shown}");
        assert!(printable(&shown), "{shown:?}");
    }
    assert!(jar.is_empty());
}

fn a_flood_of_cookies<F: Flavour>() {
    let jar = CookieJar::new();
    let client = F::with(|client| client.cookie_jar(jar.clone()));
    let server = Server::new(|seen| {
        let n: usize = seen.target()[1..].parse().unwrap();
        let size = if n.is_multiple_of(2) { 200 } else { 1 };
        let lines: String = (0..240)
            .map(|at| format!("Set-Cookie: c{n}-{at}={}; Path=/{}\r\n", "x".repeat(size), at % 7))
            .collect();
        Reply::full("200 OK", &lines, "")
    });
    let began = Instant::now();
    for n in 0..20 {
        F::send(client.get(&server.url(&format!("/{n}")))).unwrap();
        assert!(jar.len() <= 50, "{}", jar.len());
    }
    assert!(began.elapsed() < AGES);
    assert!(server.take().iter().all(|seen| seen.bytes.len() < 50 * 4200));
}

// ---- Requests that carry more than they should

/// A content that says what it likes of itself.
struct Odd(&'static str);

impl Content for Odd {
    fn content_type(&self) -> Option<std::borrow::Cow<'static, str>> {
        Some(self.0.into())
    }

    fn encode(self) -> httpx::Result<Encoded> {
        Ok(Encoded::from("body"))
    }
}

fn injections<F: Flavour>() {
    const CRLF: &str = "\r\nEvil: 1\r\n\r\nGET /evil HTTP/1.1\r\n\r\n";
    let server = Server::fine();
    let client = F::new();
    let base = server.url("/");
    let url = Url::parse(&base).unwrap();
    let rows: Vec<Ask<F>> = vec![
        client.get(&format!("{base}a{CRLF}")),
        client.get(&format!("{base}a?b{CRLF}")),
        client.get(&format!("{base}a#b{CRLF}")),
        client.get(&format!("{base}a%0d%0aEvil:%201")),
        client.get(&format!("{CRLF}{base}")),
        client.get(&base.replace("//", &format!("//a{CRLF}b:c{CRLF}@"))),
        client.get(url.with_path(&format!("/a b?c#d{CRLF}")).as_str()),
        client.get(url.with_query(Some(&format!("a b#c{CRLF}"))).as_str()),
        client.get(url.with_fragment(Some(CRLF)).as_str()),
        client.get(url.with_params([(CRLF, CRLF)]).as_str()),
        client.get(&base).params([(CRLF, CRLF), ("a&b=c", "#"), ("\0", " ")]),
        client.post(&base).form([(CRLF, CRLF)]),
        client.post(&base).content(Json(CRLF)),
        client.get(&base).basic_auth(CRLF, CRLF),
        client.get(&base).basic_auth("a\0", "\u{7f}"),
        client.get(&base).bearer_auth(CRLF),
        client.get(&base).header("A", CRLF),
        client.get(&base).header(CRLF, "A"),
        client.get(&base).header("A: b\r\nEvil", "1"),
        client.get(&base).headers([("A", CRLF)]),
        client.get(&base).secret_header("A", CRLF),
        client.get(&base).header("Host", format!("h{CRLF}")),
        client.get(&base).header("Cookie", format!("a=b{CRLF}")),
        client.get(&base).header("A", "b\r c"),
        client.get(&base).header("A", "b\n c"),
        client.post(&base).content(Odd("text/plain\r\nEvil: 1")),
        client.post(&base).content(Odd("text/plain\0")),
        client.request(&format!("GET {base} HTTP/1.1{CRLF}"), &base),
        client.request("GET\t/", &base),
        client.request("GE\u{212a}T", &base),
    ];
    for ask in rows {
        let shown = format!("{ask:?}");
        assert!(printable(&shown), "{shown:?}");
        let result = F::send(ask);
        for seen in server.take() {
            let text = seen.text();
            assert!(seen.target() != "/evil" && seen.header("Evil").is_none(), "{shown}: {text}");
            assert!(
                text.split("\r\n\r\n").next().unwrap().lines().all(|line| !line.starts_with("Evil")),
                "{text}"
            );
        }
        if let Err(error) = result {
            use ErrorKind::{InvalidHeader, InvalidRequest, InvalidUrl};
            assert!(matches!(error.kind(), InvalidHeader | InvalidRequest | InvalidUrl), "{error:?}");
            assert!(printable(&format!("{error:?}")), "{error:?}");
        }
    }
    check_fine(&client, &server);
}

#[track_caller]
fn check_fine<F: Flavour>(client: &F, server: &Server) {
    F::send(client.get(&server.url("/"))).unwrap();
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

/// What the head says of the body is what is sent, or nothing is.
fn lies_about_the_length_of_the_request<F: Flavour>() {
    let server = Server::fine();
    let client = F::new();
    let abc = || client.post(&server.url("/")).body(F::bytes("abc"));
    let nothing = || client.get(&server.url("/"));
    let rows: Vec<Ask<F>> = vec![
        abc().headers([("Content-Length", "3"), ("Content-Length", "0")]),
        abc().headers([("Content-Length", "3"), ("content-length", "3")]),
        abc().headers([("Content-Length", "3"), ("Transfer-Encoding", "chunked")]),
        abc().headers([("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "identity")]),
        abc().header("Content-Length", "3, 3"),
        abc().header("Content-Length", "+3"),
        abc().header("Content-Length", "0x3"),
        abc().header("Content-Length", "03 "),
        abc().header("Content-Length", "2"),
        abc().header("Content-Length", "99999999999999999999999"),
        abc().header("Content-Length", ""),
        abc().header("Transfer-Encoding", "identity"),
        abc().header("Transfer-Encoding", "gzip, chunked"),
        abc().header("Transfer-Encoding", "chunked, gzip"),
        abc().header("Transfer-Encoding", "xchunked"),
        abc().header("Transfer-Encoding", "\"chunked\""),
        abc().header("Transfer-Encoding", "chunked;x"),
        abc().header("Transfer-Encoding", ""),
        nothing().header("Content-Length", "3"),
        nothing().header("Content-Length", "18446744073709551615"),
        nothing().header("Content-Length", "18446744073709551616"),
        nothing().headers([("Host", "a"), ("Host", "b")]),
        client.request("TRACE", &server.url("/")).body(F::bytes("abc")),
        client.request("TRACE", &server.url("/")).header("Transfer-Encoding", "chunked"),
    ];
    for ask in rows {
        if let Err(error) = F::send(ask) {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error:?}");
            assert!(server.take().is_empty());
        } else {
            let seen = server.take_one();
            let lengths = seen.text().to_ascii_lowercase().matches("content-length").count();
            let codings = seen.text().to_ascii_lowercase().matches("transfer-encoding").count();
            assert!(lengths + codings == 1 && seen.body() == b"abc", "{}", seen.text());
        }
        check_fine(&client, &server);
        server.take();
    }
}

fn odd_hosts<F: Flavour>() {
    let server = Server::fine();
    let client = F::new();
    let port = server.port();
    for host in [
        "0x7f.1",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "127\u{3002}0\u{ff0e}0\u{ff61}1",
        "\u{2460}27.0.0.1",
        "127.0.0.1.",
    ] {
        F::send(client.get(&format!("http://{host}:{port}/"))).unwrap();
        assert_eq!(server.take_one().header("Host").unwrap(), server.authority(), "{host}");
    }
    for host in [
        "",
        ":80",
        "@",
        "a@",
        " ",
        "a b",
        "a%00b",
        "%0d%0a",
        "a\0b",
        "[::1",
        "::1",
        "[::1]x",
        "[::1%25lo]",
        "[]",
        "a<b",
        "a^b",
        "a|b",
        "%",
        "a%2fb",
        "1.2.3.4.5",
        "256.1.1.1",
        "0x100000000",
        "1..1",
        "xn--a",
        "\u{ad}",
        "a\u{ff05}b",
        "h:65536",
        "h:-1",
        "h:8 0",
        "h:0x50",
        "h:\u{ff18}",
    ] {
        for url in [format!("http://{host}"), format!("http://{host}/"), format!("http://u:s3cret@{host}/")] {
            let error = F::send(client.get(&url).connect_timeout(Duration::ZERO))
                .err()
                .unwrap_or_else(|| panic!("{url}"));
            let text = format!("{error:?}");
            assert!(printable(&text) && !text.contains("s3cret"), "{text:?}");
        }
    }
    assert!(server.take().is_empty());
    check_fine(&client, &server);
}

// ---- What is shown

fn secrets_are_not_told<F: Flavour>() {
    let server = Server::new(|seen| match &*seen.target() {
        "/loop" => Reply::redirect("302 Found", "/loop"),
        "/login" => Reply::redirect("302 Found", "http://me:s3cret@127.0.0.1:1/"),
        "/ftp" => Reply::redirect("302 Found", "ftp://me:s3cret@h/"),
        "/no-url" => Reply::redirect("302 Found", "http://me:s3cret@h:x/"),
        "/no-http" => Reply::Close(b"s\x1b[2J".to_vec()),
        "/cut" => Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".to_vec()),
        _ => Reply::full("401 No", "Set-Cookie: a=s3cret\r\n", ""),
    });
    let jar = CookieJar::new();
    jar.insert(Cookie::new("a", "s3cret", "127.0.0.1"), SystemTime::now()).unwrap();
    let mut shown = Vec::new();
    let client = F::with(|client| {
        let client = client
            .url(server.url("/").replace("//", "//me:s3cret@"))
            .secret_header("X-Client", "s3cret")
            .header("Authorization", "s3cret")
            .cookie_jar(jar.clone());
        shown.push(format!("{client:?} {client:#?}"));
        client
    });
    shown.push(format!("{jar:?} {:?} {:?}", jar.cookies(SystemTime::now()), client.shown()));
    for path in ["/", "/loop", "/login", "/ftp", "/no-url", "/no-http", "/cut"] {
        let ask = client.post(path).basic_auth("me", "s3cret").form([("password", "s3cret")]);
        shown.push(format!("{ask:?} {ask:#?}"));
        match F::send(ask) {
            Ok(response) => {
                let head = response.head().clone();
                shown.push(format!("{response:?} {head:?} {head:#?} {:?}", head.request()));
                let error = response.error_for_status().unwrap_err();
                shown.push(format!("{error} {error:?} {error:#?} {:?}", error.response()));
            }
            Err(error) => {
                shown.push(format!("{error} {error:#} {error:?} {error:#?} {:?}", error.url()));
                let io = std::io::Error::from(error);
                shown.push(format!("{io} {io:?}"));
            }
        }
    }
    let url = Url::parse("http://me:s3cret@h/").unwrap();
    shown.push(format!("{url:?} {:?}", url.redacted()));
    let request =
        httpx_core::Request::<BodyOf<F>>::new("GET", &url).unwrap().with_header("Cookie", "s3cret").unwrap();
    let request = request.with_content(httpx::Form([("a", "s3cret")])).unwrap();
    shown.push(format!("{request:?} {:?} {:?} {:?}", request.head(), request.headers(), request.body()));
    let headers =
        Headers::try_from([("authorization", "s3cret"), ("SET-COOKIE", "s3cret"), ("Cookie", "s3cret")]);
    shown.push(format!("{headers:?} {:?}", headers.as_ref().unwrap().iter()));
    for text in shown {
        assert!(!text.contains("s3cret") && !text.contains("czNjcmV0") && !text.contains('\x1b'), "{text}");
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Strict {
    kind: Kind,
}

#[derive(Debug, serde::Deserialize)]
enum Kind {
    Good,
}

/// An error reaches terminals and logs: no sequence that moves a cursor, and no book.
fn words_of_the_server_are_escaped<F: Flavour>() {
    type Map = std::collections::HashMap<String, u8>;
    const ESC: &str = r"\u001b[2J\r\nInjected: 1";
    let long = "x".repeat(1 << 20);
    for body in [
        format!(r#"{{"{ESC}": 1}}"#),
        format!(r#"{{"kind": "{ESC}"}}"#),
        format!(r#"{{"kind": {{"{ESC}": 1}}}}"#),
        format!(r#"{{"{ESC}": "x"}}"#),
        format!(r#""{ESC}""#),
        format!(r#"{{"{long}": "x"}}"#),
        format!(r#"{{"kind": "{long}"}}"#),
        format!(r#""{long}""#),
    ] {
        let server = bad(Reply::full("200 OK", "", &body));
        let response = F::send(F::new().get(&server.url("/bad"))).unwrap();
        for error in [response.json::<Strict>().err(), response.json::<Map>().err()].into_iter().flatten() {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            for text in [error.to_string(), format!("{error:#}"), format!("{error:?}"), source] {
                assert!(printable(&text) && text.len() < 2000, "{} bytes: {text:.200}", text.len());
            }
        }
    }
    // In heads.
    let rows: Vec<Vec<u8>> = vec![
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=\"\xc2\x9b2J\"\r\nContent-Length: 1\r\n\r\n\xff".to_vec(),
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset={}\r\nContent-Length: 1\r\n\r\nx", "x".repeat(60_000)).into(),
        b"HTTP/1.1 500 \xc2\x9b2J\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 302 \xc2\x9b2J\r\nLocation: x:\xc2\x9b2J\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 302 Found\r\nLocation: http://\xc2\x9b2J:x/\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: \xc2\x9b2J\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: \xc2\x9b2J\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: \xc2\x9b2J\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\n\xc2\x9b2J: 1\r\n\r\n".to_vec(),
        b"\xc2\x9b2J".to_vec(),
    ];
    for bytes in rows {
        let server = bad(Reply::Close(bytes.clone()));
        let error = match F::send(F::new().get(&server.url("/bad"))) {
            Ok(response) => {
                assert!(printable(response.reason()));
                let text = response.text_strict().err();
                let Some(error) = text.or_else(|| response.error_for_status().err()) else { continue };
                error
            }
            Err(error) => error,
        };
        let text = format!("{error:?}");
        assert!(printable(&text) && text.len() < 2000, "{} bytes: {text:.200}", text.len());
    }
}

// ---- Numbers

fn huge_numbers<F: Flavour>() {
    let client = F::new();
    for lines in [
        "Keep-Alive: timeout=4294967295",
        "Keep-Alive: timeout=18446744073709551615, max=18446744073709551616",
        "Keep-Alive: timeout=-1",
        "Keep-Alive: timeout=1e99",
        "Set-Cookie: a=b; Max-Age=18446744073709551616",
        "Set-Cookie: a=b; Max-Age=-9223372036854775809",
        "Set-Cookie: a=b; Expires=Thu, 99 Jan 99999 99:99:99 GMT",
        "Retry-After: 99999999999999999999999",
        "Age: 18446744073709551616",
        "Date: Thu, 01 Jan 0000 00:00:00 GMT",
    ] {
        let server = bad(Reply::full("200 OK", &format!("{lines}\r\n"), "ok"));
        assert_eq!(F::send(client.get(&server.url("/bad"))).unwrap().text(), "ok");
        check_usable(&client, &server);
    }
    for (bytes, kinds) in [
        ("Content-Length: 18446744073709551615\r\n\r\nx", [ErrorKind::Protocol; 2]),
        ("Content-Length: 9999999999999999999\r\n\r\nx", [ErrorKind::TooLarge, ErrorKind::Incomplete]),
        ("Content-Length: 9223372036854775808\r\n\r\nx", [ErrorKind::TooLarge, ErrorKind::Incomplete]),
        ("Content-Length: 00000000000000000000000000000001\r\n\r\nx", [ErrorKind::Protocol; 2]),
        ("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx", [ErrorKind::Incomplete; 2]),
        ("Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nx", [ErrorKind::Incomplete; 2]),
        ("Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nx", [ErrorKind::Protocol; 2]),
        ("Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\nffffffffffffffff\r\nx", [ErrorKind::Incomplete; 2]),
    ] {
        let server = bad(Reply::Close(format!("HTTP/1.1 200 OK\r\n{bytes}").into()));
        let error = F::send(client.get(&server.url("/bad"))).unwrap_err();
        assert_eq!(error.kind(), kinds[0], "{bytes:?}: {error:?}");
        for most in [1, 100, 100_000] {
            let error = match F::stream(client.get(&server.url("/bad")).max_body_bytes(u64::MAX)) {
                Ok(mut streamed) => loop {
                    match F::read_some(&mut streamed, most) {
                        Ok(some) => assert!(!some.is_empty(), "{bytes:?} ended"),
                        Err(error) => break error,
                    }
                },
                Err(error) => error,
            };
            assert_eq!(error.kind(), kinds[1], "{bytes:?}: {error:?}");
        }
        check_usable(&client, &server);
    }
    // An upload that says it is as long as can be.
    let url = Server::hasty(b"HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno").url("/");
    let body = F::sized_reader(std::io::repeat(0), u64::MAX);
    assert_eq!(F::send(client.put(&url).body(body)).unwrap().text(), "no");
}

fn times_that_no_clock_holds<F: Flavour>() {
    let authority = Authority::new();
    let plain = Server::new(|_| Reply::full("200 OK", "Keep-Alive: timeout=4000000000\r\n", "good"));
    let secure = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    for time in [
        Duration::MAX,
        Duration::MAX - Duration::from_nanos(1),
        Duration::from_secs(u64::MAX / 2),
        Duration::from_secs(u64::MAX / 2 - 10_000_000),
        Duration::from_secs(u64::MAX / 4),
        Duration::from_secs(1 << 40),
        Duration::from_millis(u64::MAX),
        Duration::from_nanos(u64::MAX),
    ] {
        let client = F::pooled(|pool| pool.tls(authority.trusted()).idle_timeout(time).max_age(time));
        for server in [&plain, &secure] {
            let url = server.url("/");
            for ask in [
                client.get(&url).timeout(time),
                client.get(&url).connect_timeout(time).pool_timeout(time),
                client.get(&url).head_timeout(time).read_timeout(time).write_timeout(time),
                client.put(&url).body(F::bytes(vec![0; 1 << 20])).timeout(time).write_timeout(time),
                client.put(&url).header("Expect", "100-continue").body(F::bytes("abc")).head_timeout(time),
            ] {
                assert_eq!(F::send(ask).unwrap_or_else(|error| panic!("{time:?}: {error:?}")).text(), "good");
            }
        }
        // A wait that is no use is not taken for one that is over.
        let narrow = F::pooled(|pool| pool.max_connections(1));
        let held = F::stream(narrow.get(&plain.url("/"))).unwrap();
        let waits = thread::spawn({
            let (narrow, url) = (narrow.clone(), plain.url("/"));
            move || {
                F::send(narrow.get(&url).pool_timeout(time).timeout(time))
                    .map(|response| response.text().into_owned())
            }
        });
        drop(held);
        assert_eq!(waits.join().unwrap().unwrap(), "good");
    }
    // No time at all.
    for time in [Duration::ZERO, Duration::from_nanos(1)] {
        let client = F::pooled(|pool| pool.tls(authority.trusted()).idle_timeout(time).max_age(time));
        let url = secure.url("/");
        for (ask, is_lenient) in [
            (client.get(&url).timeout(time), false),
            (client.get(&url).connect_timeout(time), false),
            // What is here when it is first looked for is in time.
            (client.get(&url).head_timeout(time), true),
        ] {
            // A nanosecond becomes a millisecond on the way to the system.
            match F::send(ask) {
                Ok(_) => assert!(is_lenient || !time.is_zero()),
                Err(error) => assert!(error.is_timeout(), "{error:?}"),
            }
        }
        let _ = F::send(client.get(&url).read_timeout(time).write_timeout(time).pool_timeout(time));
        assert_eq!(client.shown(), "<Client [0 active]>");
        assert_eq!(F::send(client.get(&url)).unwrap().text(), "good");
    }
    // Limits of nothing.
    let client = F::pooled(|pool| pool.max_uses(0).max_idle_connections(0));
    assert_eq!(F::send(client.get(&plain.url("/"))).unwrap().text(), "good");
    let client = F::pooled(|pool| pool.max_connections(0));
    let result = F::send(client.get(&plain.url("/")).pool_timeout(SHORT));
    assert!(result.is_ok() || result.unwrap_err().is_timeout());
}

// ---- Our own side fails

struct Panics;

impl Read for Panics {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        panic!("on purpose")
    }
}

impl Content for Panics {
    fn content_type(&self) -> Option<std::borrow::Cow<'static, str>> {
        None
    }

    fn encode(self) -> httpx::Result<Encoded> {
        panic!("on purpose")
    }
}

fn panics<F: Flavour>() {
    let server = bad(Reply::ok("good"));
    let client = F::pooled(|pool| pool.max_connections(1));
    for _ in 0..3 {
        for body in [F::reader(Panics), F::sized_reader(Panics, 5)] {
            let ask = client.post(&server.url("/")).body(body);
            catch_unwind(AssertUnwindSafe(|| F::send(ask))).unwrap_err();
            check_usable(&client, &server);
        }
        let ask = client.post(&server.url("/"));
        assert!(catch_unwind(AssertUnwindSafe(|| ask.content(Panics))).is_err());
        // With a response in hand.
        let streamed = F::stream(client.get(&server.url("/"))).unwrap();
        let held = catch_unwind(AssertUnwindSafe(move || {
            let _streamed = streamed;
            panic!("on purpose");
        }));
        assert!(held.is_err());
        check_usable(&client, &server);
    }
}

/// A network that panics, and then does not, in turns.
#[derive(Debug, Default)]
struct Moody(AtomicBool);

impl Moody {
    fn panic_in_turn(&self) {
        assert!(self.0.fetch_xor(true, Ordering::Relaxed), "on purpose");
    }
}

#[cfg(feature = "blocking")]
impl httpx::NetworkBackend for Moody {
    fn connect(
        &self,
        endpoint: &httpx::Endpoint,
        deadline: Option<Instant>,
    ) -> Result<Box<dyn httpx::NetworkStream>, httpx::ConnectError> {
        self.panic_in_turn();
        httpx::TcpBackend::new().connect(endpoint, deadline)
    }
}

#[cfg(feature = "async")]
impl httpx::ahttpx::NetworkBackend for Moody {
    fn connect<'a>(
        &'a self,
        endpoint: &'a httpx::Endpoint,
        deadline: Option<Instant>,
    ) -> httpx::ahttpx::Connecting<'a> {
        Box::pin(async move {
            self.panic_in_turn();
            httpx::ahttpx::TcpBackend::new().connect(endpoint, deadline).await
        })
    }
}

mod users {
    use crate::support::written_once::written_once;

    written_once! {
        use flavour::{RedirectAction, Client, ConnectionPool, Middleware, Redirect, Request, Transport};

        use crate::Moody;
        use crate::support::{Reply, Server};

        /// A policy and a network of the user's own.
        #[test]
        async fn panics_in_what_the_user_has_written() {
            let server = Server::routes([("/there", Reply::redirect("302 Found", "/panic"))]);
            let pool = ConnectionPool::builder().max_connections(1).backend(Moody::default()).build();
            let policy = Redirect::with_policy(|attempt| match attempt.url().path() {
                "/panic" => panic!("on purpose"),
                _ => RedirectAction::Follow,
            });
            let client = Client::builder().transport(Middleware::with(policy, pool.clone())).build().unwrap();
            let get = async |path: &str| {
                let request = Request::new("GET", server.url(path)).unwrap();
                caught(async || client.send(request).await?.read_body().await).await
            };
            get("/").await.unwrap_err();
            let response = get("/").await.unwrap().unwrap();
            assert_eq!(response.text(), "good");
            let response = client.get(server.url("/there")).max_redirects(0).send().await.unwrap();
            assert_eq!(response.status(), 302);
            get("/there").await.unwrap_err();
            assert!(format!("{pool:?}").starts_with("<ConnectionPool [0 active"), "{pool:?}");
            let response = get("/").await.unwrap().unwrap();
            assert_eq!(response.text(), "good");
        }
    }
}

fn forgotten_responses<F: Flavour>() {
    let server = bad(Reply::ok("good"));
    let client = F::pooled(|pool| pool.max_connections(2));
    let url = server.url("/good");
    std::mem::forget(F::stream(client.get(&url)).unwrap());
    check_one(&client, &url);
    std::mem::forget(F::stream(client.get(&url)).unwrap());
    let error = F::send(client.get(&url).pool_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Pool), "{error:?}");
    assert_eq!(client.shown(), "<Client [2 active]>");
    client.close();
    drop(client);
}

#[track_caller]
fn check_one<F: Flavour>(client: &F, url: &str) {
    assert_eq!(F::send(client.get(url)).unwrap().text(), "good");
}

fn dropped_in_odd_orders<F: Flavour>() {
    let half = Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into());
    let server =
        Server::new(move |seen| if seen.target() == "/half" { half.clone() } else { Reply::ok("good") });
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2], [2, 3, 1, 4, 0, 5]] {
        let client = F::new();
        let mut held: Vec<Option<F::Streamed>> = (0..6)
            .map(|n| F::stream(client.get(&server.url(if n % 2 == 0 { "/good" } else { "/half" }))).ok())
            .collect();
        for n in order {
            if n == 3 {
                client.close();
            }
            match n {
                4 => assert_eq!(F::read_body(held[n].take().unwrap()).unwrap().text(), "good"),
                _ => held[n] = None,
            }
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}

fn closed_while_requests_run<F: Flavour>() {
    let server = bad(Reply::ok("good"));
    for round in 0..10 {
        let client = F::pooled(|pool| pool.max_connections(1 + round % 4));
        let threads: Vec<_> = (0..6)
            .map(|n| {
                let (client, url) = (client.clone(), server.url("/good"));
                thread::spawn(move || {
                    for _ in 0..30 {
                        if n == 5 && round > 4 {
                            client.close();
                        }
                        match F::send(client.get(&url)) {
                            Ok(response) => assert_eq!(response.text(), "good"),
                            Err(error) => {
                                assert_eq!(error.kind(), ErrorKind::Closed, "{error:?}");
                                return;
                            }
                        }
                    }
                })
            })
            .collect();
        client.close();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}

// ---- What is left behind

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// What this process holds, in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse().unwrap())
}

mod alone {
    use super::*;
    both_flavours!(
        #[ignore = "looks at the whole process, and takes a while: --ignored --test-threads=1"]
        ten_thousand_connections,
        #[ignore = "looks at the whole process, and takes a while: --ignored --test-threads=1"]
        a_hundred_thousand_requests,
    );

    fn ten_thousand_connections<F: Flavour>() {
        let server = Server::new(|_| Reply::full("200 OK", "Connection: close\r\n", "good"));
        let client = F::new();
        let before = descriptors();
        for n in 0..10_000 {
            check_one(&client, &server.url("/"));
            if n % 1000 == 0 {
                server.take();
            }
        }
        server.wait_for_closed(10_000);
        assert!(descriptors() <= before + 10, "{before} {}", descriptors());
    }

    fn a_hundred_thousand_requests<F: Flavour>() {
        // A server that remembers nothing.
        let url = wire(|mut socket| {
            loop {
                let mut block = [0; 4096];
                match socket.read(&mut block).ok()? {
                    0 => return None,
                    _ => socket
                        .write_all(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 4\r\n\r\ngood")
                        .ok()?,
                }
            }
        });
        let client = F::new();
        let mut after_warming = 0;
        for n in 0..100_000 {
            check_one(&client, &url);
            if n == 10_000 {
                after_warming = memory();
            }
        }
        assert!(memory() < after_warming + 2048, "{after_warming} {}", memory());
    }
}
