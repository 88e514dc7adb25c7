//! The spans and events of the feature `tracing`, in both flavours.
#![cfg(all(any(unix, windows), feature = "tracing", any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use httpx_pool::{Proxy, TracingObserver};
use support::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};

both_flavours! {
    a_request,
    requests_that_fail,
    resent_requests,
    no_secrets,
    no_secrets_of_proxies,
}

type Fields = BTreeMap<&'static str, String>;

/// A span or an event.
#[derive(Debug, Clone, Default)]
struct Entry {
    name: &'static str,
    parent: Option<u64>,
    fields: Fields,
    is_closed: bool,
}

/// A subscriber that keeps everything. The id of a span is its place, counted from 1.
#[derive(Clone, Default)]
struct Keeper {
    spans: Arc<Mutex<Vec<Entry>>>,
    events: Arc<Mutex<Vec<Entry>>>,
    references: Arc<Mutex<BTreeMap<u64, usize>>>,
}

struct Visitor<'a>(&'a mut Fields);

impl Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for Keeper {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut entry = Entry { name: span.metadata().name(), ..Entry::default() };
        entry.parent = span.parent().map(Id::into_u64);
        span.record(&mut Visitor(&mut entry.fields));
        let mut spans = self.spans.lock().unwrap();
        spans.push(entry);
        let id = spans.len() as u64;
        self.references.lock().unwrap().insert(id, 1);
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut spans = self.spans.lock().unwrap();
        values.record(&mut Visitor(&mut spans[span.into_u64() as usize - 1].fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut entry = Entry { parent: event.parent().map(Id::into_u64), ..Entry::default() };
        event.record(&mut Visitor(&mut entry.fields));
        self.events.lock().unwrap().push(entry);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        *self.references.lock().unwrap().get_mut(&id.into_u64()).unwrap() += 1;
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut references = self.references.lock().unwrap();
        let left = references.get_mut(&id.into_u64()).unwrap();
        *left -= 1;
        let is_closed = *left == 0;
        self.spans.lock().unwrap()[id.into_u64() as usize - 1].is_closed |= is_closed;
        is_closed
    }
}

/// Runs requests under a subscriber, and returns its spans and the texts of its events.
fn kept<F: Flavour>(
    set: impl FnOnce(Setup<F>) -> Setup<F>,
    run: impl FnOnce(&F),
) -> (Vec<Entry>, Vec<String>) {
    let keeper = Keeper::default();
    tracing::subscriber::with_default(keeper.clone(), || {
        let pool = F::make(|pool| set(pool).observer(TracingObserver::new()));
        run(&pool);
    });
    let events = keeper.events.lock().unwrap();
    let texts = events.iter().filter_map(|event| event.fields.get("message").cloned()).collect();
    let spans = keeper.spans.lock().unwrap().clone();
    assert!(spans.iter().all(|span| span.is_closed), "{spans:?}");
    (spans, texts)
}

fn field<'a>(entry: &'a Entry, name: &str) -> Option<&'a str> {
    entry.fields.get(name).map(String::as_str)
}

fn a_request<F: Flavour>() {
    for wire in Wire::each() {
        let server = wire.repeat(serve(OK));
        let (url, is_tls) = (server.url(), !matches!(wire, Wire::Plain));
        let port = url.rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
        let (spans, events) = kept::<F>(|pool| wire.trusted(pool), |pool| pool.get_ok(&url));
        let [request, setup] = &spans[..] else { panic!("{spans:?}") };
        assert_eq!((request.name, setup.name), ("HTTP request", "HTTP connection setup"));
        assert_eq!((request.parent, setup.parent), (None, Some(1)));
        for (name, expected) in [
            ("otel.name", Some("GET")),
            ("otel.kind", Some("client")),
            ("http.request.method", Some("GET")),
            ("url.full", Some(&*url)),
            ("server.address", Some("127.0.0.1")),
            ("server.port", Some(&*port)),
            ("network.peer.address", Some("127.0.0.1")),
            ("network.peer.port", Some(&*port)),
            ("network.protocol.name", Some("http")),
            ("network.protocol.version", Some("1.1")),
            ("http.response.status_code", Some("200")),
            ("http.response.body.size", Some("5")),
            ("http.request.resend_count", None),
            ("error.type", None),
        ] {
            assert_eq!(field(request, name), expected, "{name}");
        }
        assert_eq!(field(setup, "server.address"), Some("127.0.0.1"));
        assert_eq!(field(setup, "tls.resumed"), is_tls.then_some("false"));
        assert_eq!(field(setup, "tls.protocol.version").is_some(), is_tls);
        let handshake: &[&str] = if is_tls { &["TLS handshake"] } else { &[] };
        let expected =
            [&["connected"], handshake, &["connection acquired", "request head sent", "connection closed"]];
        assert_eq!(events, expected.concat());
    }
}

fn requests_that_fail<F: Flavour>() {
    let error = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    for (script, status, kind) in [
        (serve(error), Some("503"), "503"),
        (answer(HALF), Some("200"), "Incomplete"),
        (answer("nonsense\r\n\r\n"), None, "Protocol"),
    ] {
        let server = Server::repeat(script);
        let run = |pool: &F| drop(pool.get(&server.url()));
        let (spans, _) = kept::<F>(|pool| pool, run);
        assert_eq!(field(&spans[0], "http.response.status_code"), status, "{kind}");
        assert_eq!(field(&spans[0], "error.type"), Some(kind));
    }
    let refused = |pool: Setup<F>| F::backend(pool, Connects::new(0, Then::Refused));
    let (spans, events) = kept::<F>(refused, |pool| drop(pool.get("http://127.0.0.1:9/")));
    assert_eq!(field(&spans[0], "error.type"), Some("Io"));
    assert_eq!(field(&spans[1], "error.type"), Some("connect"));
    assert_eq!(events, ["request failed"]);
}

fn resent_requests<F: Flavour>() {
    let server = Server::new([[answer(OK), vec![Act::Take]].concat(), serve(OK)]);
    let run = |pool: &F| (0..2).for_each(|_| pool.get_ok(&server.url()));
    let (spans, _) = kept::<F>(|pool| pool, run);
    let requests: Vec<&Entry> = spans.iter().filter(|span| span.name == "HTTP request").collect();
    let counts = requests.iter().map(|request| field(request, "http.request.resend_count"));
    assert_eq!(counts.collect::<Vec<_>>(), [None, Some("1")]);
    // The third attempt of a layer that retries.
    let server = Server::repeat(serve(OK));
    let mut third = request("GET", &server.url());
    third.head_mut().set_attempt(3);
    let (spans, _) = kept::<F>(|pool| pool, |pool| drop(pool.exchange(third).unwrap()));
    assert_eq!(field(&spans[0], "http.request.resend_count"), Some("2"));
}

fn no_secrets<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let url = server.url().replace("http://", "http://user:secret@") + "path?token=secret#secret";
    let (spans, _) = kept::<F>(|pool| pool, |pool| drop(pool.exchange(request("SECRET", &url)).unwrap()));
    assert_eq!(field(&spans[0], "http.request.method"), Some("_OTHER"));
    let text = format!("{spans:?}");
    assert!(text.contains("/path") && !text.to_lowercase().contains("secret"), "{text}");
}

fn no_secrets_of_proxies<F: Flavour>() {
    let good = "HTTP/1.1 200 OK\r\n\r\n";
    let rows: [(&str, Script); 5] = [
        ("http", serve(OK)),
        ("http", vec![Act::TakeHead, send(good), Act::Take]),
        ("http", answer("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")),
        (
            "socks5h",
            vec![Act::TakeBytes(4), send(b"\x05\x02"), Act::TakeBytes(14), send(b"\x01\x01"), Act::Eof],
        ),
        ("socks4a", vec![Act::TakeBytes(9), send(b"\x00\x5d"), Act::Eof]),
    ];
    for (n, (scheme, script)) in rows.into_iter().enumerate() {
        let server = Server::repeat(script);
        let proxy = Proxy::all(&format!("{scheme}://secret:secret@{}", server.addr())).unwrap();
        let proxy = if n == 1 { proxy.tunnel_http() } else { proxy };
        let run = |pool: &F| drop(pool.get("http://origin.test/"));
        let (spans, events) = kept::<F>(|pool| pool.proxy(proxy), run);
        let text = format!("{spans:?} {events:?}");
        assert!(
            text.contains("origin.test") && !text.contains("secret") && !text.contains("c2VjcmV0"),
            "{text}"
        );
    }
}
