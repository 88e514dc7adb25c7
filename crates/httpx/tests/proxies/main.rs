//! Proxies: forwarding, tunnels by CONNECT and by SOCKS, with good and with bad proxies.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "tls"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

mod bad_connect;
mod bad_forwarding;
mod bad_socks;
mod bad_streams;
mod bad_urls;
#[cfg(feature = "async")]
mod cancel;
#[cfg(feature = "blocking")]
mod deadline;
#[cfg(feature = "digest")]
mod digest;
mod filters;
mod forwarding;
mod reuse;
mod socks;
mod texts;
mod timeouts;
mod tls;
mod tunnels;

#[path = "../support/mod.rs"]
mod support;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use httpx::network::{Event, Proxy};
use httpx::{Error, ErrorKind};
use httpx_testing::{Act, Record, Script, ScriptedServer, send, serve};
use support::Flavour;
use support::flavour::PoolSetup;

/// The credentials of each proxy, as its URL has them and as they are sent.
const URL_CREDENTIALS: &str = "proxyuser:pr0xy%20pass";
const BASIC: &str = "Basic cHJveHl1c2VyOnByMHh5IHBhc3M=";

/// What no error, no `Debug` text, no event and no origin may show.
const SECRETS: &[&str] = &["proxyuser", "pr0xy", "cHJveHl1c2Vy"];

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
const OPEN: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// The URL of a proxy at this address, with credentials.
fn proxy_url(scheme: &str, addr: SocketAddr) -> String {
    format!("{scheme}://{URL_CREDENTIALS}@{addr}")
}

fn proxy(scheme: &str, server: &ScriptedServer) -> Proxy {
    Proxy::all(&proxy_url(scheme, server.addr())).unwrap()
}

/// A proxy that opens a tunnel by CONNECT.
fn connect_to(origin: SocketAddr) -> Script {
    vec![Act::TakeHead, send(OPEN), Act::Relay(origin)]
}

/// An origin that answers each request.
fn origin() -> ScriptedServer {
    ScriptedServer::repeat(serve(OK))
}

/// What an observer has seen, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    /// A log without events would prove nothing about their texts.
    #[track_caller]
    fn text(&self) -> String {
        let text = self.0.lock().unwrap().clone();
        assert!(!text.is_empty(), "no event was observed");
        text
    }
}

/// A client with an observer that writes down each event.
fn logged<F: Flavour>(set: impl FnOnce(PoolSetup<F>) -> PoolSetup<F>) -> (F, Log) {
    let log = Log::default();
    let lines = log.clone();
    let observer = move |event: &Event<'_>| *lines.0.lock().unwrap() += &format!("{event:?} {event:#?}\n");
    (F::pooled(|pool| set(pool).observer(observer)), log)
}

#[track_caller]
fn check_no_secrets(text: &str) {
    assert!(!text.is_empty(), "nothing is shown");
    assert!(!SECRETS.iter().any(|secret| text.contains(secret)), "a secret is shown: {text}");
}

/// The origin has received no credentials of a proxy on any connection.
#[track_caller]
fn check_origin(origin: &ScriptedServer) {
    let is_told = |record: &Record| !record.received.is_empty();
    let records = origin.when(|records| records.iter().any(is_told));
    for record in records.into_iter().filter(is_told) {
        let received = String::from_utf8_lossy(&record.received).into_owned();
        check_no_secrets(&received);
        assert!(!received.to_ascii_lowercase().contains("proxy-authorization"), "{received}");
    }
}

/// Every text of an error, and of its whole chain.
fn texts(error: &Error) -> String {
    let mut texts = format!("{error}\n{error:#}\n{error:?}\n{error:#?}\n{:?}\n", error.response());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        texts += &format!("{cause}\n{cause:?}\n{cause:#?}\n");
        source = cause.source();
    }
    texts
}

/// Checks the kind, the words and the length of an error, that it names the proxy, and that it shows no secret.
#[track_caller]
fn check_error(error: &Error, kind: ErrorKind, named: &str, words: &[&str]) {
    let text = format!("{error:#}");
    assert_eq!(error.kind(), kind, "{error:?}");
    for word in words.iter().chain([&named]) {
        assert!(text.contains(word), "{word:?} should be in: {text}");
    }
    assert!(text.len() < 600 && !text.contains(['\r', '\n', '\0', '\u{1b}', '\u{9b}']), "{text:?}");
    check_no_secrets(&texts(error));
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        assert_eq!(text.matches(&cause.to_string()).count(), 1, "{cause} is said twice: {text}");
        source = cause.source();
    }
}

/// No connection is open or reserved.
#[track_caller]
fn check_nothing_left<F: Flavour>(client: &F) {
    let stats = client.pool_stats();
    assert_eq!((stats.active, stats.idle, stats.connecting, stats.waiting), (0, 0, 0, 0), "{stats:?}");
    check_no_secrets(&client.shown());
}
