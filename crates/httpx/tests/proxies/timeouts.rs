//! The connect timeout covers the connection to the proxy, the tunnel and TLS.

use std::time::{Duration, Instant};

use httpx::ErrorKind;
use httpx::models::Timeout;
use httpx_testing::{Act, Script, ScriptedServer, send};

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, both_flavours};
use crate::{OPEN, check_no_secrets, check_nothing_left, logged, proxy, texts};

both_flavours!(silence, drips, the_total_timeout, a_forwarded_request);

/// Long enough for a machine that is busy, short enough for a test.
const SHORT: Duration = Duration::from_millis(200);

/// Far longer than any test takes.
const AGES: Duration = Duration::from_secs(15);

/// The pause between two bytes. Time really passes, because the client waits for sockets by the clock of the system.
const PACE: Duration = Duration::from_millis(4);

/// The scheme of the proxy, what it does before it says no more, and words of the error.
fn rows() -> Vec<(&'static str, Script, &'static str)> {
    let socks = b"\x05\x02";
    vec![
        ("http", vec![], "opened no tunnel"),
        ("http", vec![Act::TakeHead], "opened no tunnel"),
        ("http", vec![Act::TakeHead, send("HTTP/1.1 200 O")], "opened no tunnel"),
        ("http", vec![Act::TakeHead, send("HTTP/1.1 100 Continue\r\n\r\n")], "opened no tunnel"),
        ("http", vec![Act::TakeHead, send(OPEN)], "origin.test"),
        ("https", vec![], "if the proxy is a plain HTTP proxy, its URL begins with http://"),
        ("socks5h", vec![Act::TakeBytes(4)], "opened no tunnel"),
        ("socks5h", vec![Act::TakeBytes(4), send(socks), Act::TakeBytes(22)], "opened no tunnel"),
        ("socks4a", vec![], "is it an HTTP proxy, http://?"),
    ]
}

fn silence<F: Flavour>() {
    for (scheme, script, words) in rows() {
        let server = ScriptedServer::new([[script, vec![Act::Eof]].concat()]);
        check_timeout::<F>(scheme, &server, words);
    }
}

/// Bytes that arrive do not extend it: each answer would take longer than the timeout.
fn drips<F: Flavour>() {
    let many = |bytes: &[u8]| Act::Drip(bytes.repeat(10_000), PACE);
    let authority = Authority::new();
    let rows: [(&str, Script, &str); 4] = [
        (
            "http",
            vec![Act::TakeHead, send("HTTP/1.1 200 OK\r\n"), many(b"Abcdefgh: b\r\n")],
            "opened no tunnel",
        ),
        ("http", vec![Act::TakeHead, many(b"HTTP/1.1 100 Continue\r\n\r\n")], "opened no tunnel"),
        (
            "http",
            vec![Act::TakeHead, send(OPEN), Act::TakeBytes(5), many(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")],
            "origin.test",
        ),
        (
            "socks5h",
            vec![Act::TakeBytes(4), send(b"\x05\x00\x05\x00\x00\x03\xff"), many(b"x")],
            "opened no tunnel",
        ),
    ];
    for (scheme, script, words) in rows {
        let server = ScriptedServer::new([script]);
        check_timeout::<F>(scheme, &server, words);
    }
    // Over TLS to the proxy.
    let script = vec![Act::TakeHead, many(b"HTTP/1.1 100 Continue\r\n\r\n")];
    let server = ScriptedServer::tls(authority.server("127.0.0.1"), [script]);
    let client = F::pooled(|pool| pool.proxy(proxy("https", &server).tls(authority.trusted())));
    let error = F::send(client.get("https://origin.test/").connect_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Connect), "{error:?}");
    check_nothing_left(&client);
}

#[track_caller]
fn check_timeout<F: Flavour>(scheme: &str, server: &ScriptedServer, words: &str) {
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy(scheme, server)));
    let began = Instant::now();
    let error = F::send(client.get("https://origin.test/").connect_timeout(SHORT)).unwrap_err();
    assert!((SHORT..AGES).contains(&began.elapsed()), "{:?}", began.elapsed());
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Connect), "{error:?}");
    let text = format!("{error:#}");
    let named = format!("the proxy {scheme}://{}", server.addr());
    for word in [words, &named, "connect_timeout()"] {
        assert!(text.contains(word), "{word:?} should be in: {text}");
    }
    assert!(error.is_connect(), "{error:?}");
    check_no_secrets(&texts(&error));
    check_no_secrets(&log.text());
    server.end_of(0);
    check_nothing_left(&client);
}

fn the_total_timeout<F: Flavour>() {
    for (scheme, script, _) in rows() {
        let server = ScriptedServer::new([[script, vec![Act::Eof]].concat()]);
        let client = F::pooled(|pool| pool.proxy(proxy(scheme, &server)));
        let error = F::send(client.get("https://origin.test/").timeout(SHORT)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total), "{error:?}");
        check_no_secrets(&texts(&error));
        server.end_of(0);
        check_nothing_left(&client);
    }
}

/// Its response is waited for by the head timeout, as that of an origin.
fn a_forwarded_request<F: Flavour>() {
    let server = ScriptedServer::new([vec![Act::TakeHead, Act::Eof]]);
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    let ask = client.get("http://origin.test/").connect_timeout(AGES).head_timeout(SHORT);
    let error = F::send(ask).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Head), "{error:?}");
    check_no_secrets(&texts(&error));
    check_no_secrets(&log.text());
    check_nothing_left(&client);
}
