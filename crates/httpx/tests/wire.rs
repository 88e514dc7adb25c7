//! The bytes on the wire.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "gzip", feature = "json"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests
#![allow(clippy::redundant_closure_for_method_calls, clippy::type_complexity)] // rows are to read alike

use std::io::Cursor;

use httpx::models::JsonLines;
use httpx::{Bytes, Error, ErrorKind, Form, Headers, Html, Json, Text};

mod support;

use support::flavour::{Ask, Setup};
use support::{Flavour, Reply, Server, both_flavours};

both_flavours!(
    a_client_with_the_default_settings,
    a_client_with_settings,
    base_urls,
    authority,
    user_information_is_cut_and_kept_secret,
    secrets_are_not_shown,
    expect_100_continue,
    large_bodies_arrive_whole,
    contradictory_framing_is_not_sent,
    contents_that_fail,
    the_default_headers_are_those_of_the_version,
);

/// The default headers of a client, after `Host`.
const DEFAULTS: &str = concat!(
    "Accept: */*|Accept-Encoding: gzip|Connection: keep-alive|User-Agent: rust-httpx/",
    env!("CARGO_PKG_VERSION")
);

/// A request and its bytes on the wire: lines between `|`, where `HOST` is the expected `Host` line and `DEFAULTS` are
/// the default headers.
struct Row<F: Flavour> {
    ask: fn(&F, &str) -> Ask<F>,
    wire: &'static str,
}

fn row<F: Flavour>(ask: fn(&F, &str) -> Ask<F>, wire: &'static str) -> Row<F> {
    Row { ask, wire }
}

/// Sends each row to a separate server, and compares.
fn check<F: Flavour>(client: &F, rows: Vec<Row<F>>) {
    for Row { ask, wire } in rows {
        let server = Server::fine();
        let host = format!("Host: {}", server.authority());
        let expected = wire.replace("HOST", &host).replace("DEFAULTS", DEFAULTS).replace('|', "\r\n");
        F::send(ask(client, &server.url(""))).unwrap_or_else(|error| panic!("{wire}: {error:?}"));
        assert_eq!(server.take_one().text(), expected);
    }
}

fn a_client_with_the_default_settings<F: Flavour>() {
    let rows: Vec<Row<F>> = vec![
        // Methods, and the length of nothing.
        row(|c, url| c.get(url), "GET / HTTP/1.1|HOST|DEFAULTS||"),
        row(|c, url| c.request("HEAD", url), "HEAD / HTTP/1.1|HOST|DEFAULTS||"),
        row(|c, url| c.request("DELETE", url), "DELETE / HTTP/1.1|HOST|DEFAULTS||"),
        row(|c, url| c.request("OPTIONS", url), "OPTIONS / HTTP/1.1|HOST|DEFAULTS||"),
        row(|c, url| c.request("M-SEARCH", url), "M-SEARCH / HTTP/1.1|HOST|DEFAULTS||"),
        row(|c, url| c.post(url), "POST / HTTP/1.1|HOST|DEFAULTS|Content-Length: 0||"),
        row(|c, url| c.put(url), "PUT / HTTP/1.1|HOST|DEFAULTS|Content-Length: 0||"),
        row(|c, url| c.request("PATCH", url), "PATCH / HTTP/1.1|HOST|DEFAULTS|Content-Length: 0||"),
        row(|c, url| c.post(url).body(F::bytes("")), "POST / HTTP/1.1|HOST|DEFAULTS|Content-Length: 0||"),
        // Targets.
        row(
            |c, url| c.get(&format!("{url}/a/../b c?q=ü d#part")),
            "GET /b%20c?q=%C3%BC%20d HTTP/1.1|HOST|DEFAULTS||",
        ),
        row(|c, url| c.get(&format!("{url}?")), "GET /? HTTP/1.1|HOST|DEFAULTS||"),
        row(|c, url| c.get(&format!("{url}/#")), "GET / HTTP/1.1|HOST|DEFAULTS||"),
        row(|c, url| c.get(&format!("{url}/%2e%2E/a%2Fb//")), "GET /a%2Fb// HTTP/1.1|HOST|DEFAULTS||"),
        // Parameters go behind those that are there.
        row(
            |c, url| c.get(url).params([("q", "a b&c"), ("p", "ü")]),
            "GET /?q=a+b%26c&p=%C3%BC HTTP/1.1|HOST|DEFAULTS||",
        ),
        row(
            |c, url| c.get(&format!("{url}/x?a=1#f")).params([("b", 2)]).params([("a", 3)]),
            "GET /x?a=1&b=2&a=3 HTTP/1.1|HOST|DEFAULTS||",
        ),
        row(
            |c, url| c.get(&format!("{url}/x?a=1")).params_from(Login { name: "ü b", remember: true }),
            "GET /x?a=1&name=%C3%BC+b&remember=true HTTP/1.1|HOST|DEFAULTS||",
        ),
        row(
            |c, url| c.get(&format!("{url}/x?a=1")).params([("", ""); 0]),
            "GET /x?a=1 HTTP/1.1|HOST|DEFAULTS||",
        ),
        // Headers: in the place of the default ones, new ones behind them.
        row(|c, url| c.get(url).header("X-Id", "1"), "GET / HTTP/1.1|HOST|DEFAULTS|X-Id: 1||"),
        row(
            |c, url| c.get(url).header("accept", "text/html"),
            "GET / HTTP/1.1|HOST|accept: text/html|Accept-Encoding: gzip|Connection: keep-alive|User-Agent: rust-httpx/0.1.0||",
        ),
        row(|c, url| c.get(url).header("X", "1").header("x", "2"), "GET / HTTP/1.1|HOST|DEFAULTS|x: 2||"),
        row(
            |c, url| c.get(url).headers([("X", "1"), ("X", "2"), ("Y", "")]),
            "GET / HTTP/1.1|HOST|DEFAULTS|X: 1|X: 2|Y: ||",
        ),
        row(|c, url| c.get(url).header("X", " a\tb "), "GET / HTTP/1.1|HOST|DEFAULTS|X: a\tb||"),
        row(
            |c, url| c.get(url).header("Connection", "close"),
            "GET / HTTP/1.1|HOST|Accept: */*|Accept-Encoding: gzip|Connection: close|User-Agent: rust-httpx/0.1.0||",
        ),
        // Framed by the user.
        row(
            |c, url| c.get(url).header("Host", "other.example"),
            "GET / HTTP/1.1|DEFAULTS|Host: other.example||",
        ),
        row(
            |c, url| c.get(url).header("Content-Length", "0"),
            "GET / HTTP/1.1|HOST|DEFAULTS|Content-Length: 0||",
        ),
        row(
            |c, url| c.post(url).header("Content-Length", "0"),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Length: 0||",
        ),
        row(
            |c, url| c.post(url).header("Content-Length", "3").body(F::bytes("abc")),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Length: 3||abc",
        ),
        row(
            |c, url| c.post(url).header("Transfer-Encoding", "chunked").body(F::bytes("abc")),
            "POST / HTTP/1.1|HOST|DEFAULTS|Transfer-Encoding: chunked||3|abc|0||",
        ),
        row(
            |c, url| c.post(url).header("Content-Length", "3").body(F::reader(Cursor::new("abc"))),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Length: 3||abc",
        ),
        // Contents, and their type unless one is set.
        row(
            |c, url| c.post(url).content(Json([1, 2])),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Type: application/json|Content-Length: 5||[1,2]",
        ),
        row(
            |c, url| c.post(url).json("x"),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Type: application/json|Content-Length: 3||\"x\"",
        ),
        row(
            |c, url| c.post(url).content(Form([("a", "1 2"), ("b", "&")])),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Type: application/x-www-form-urlencoded|Content-Length: 11||a=1+2&b=%26",
        ),
        row(
            |c, url| c.post(url).form([("a", 1)]),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Type: application/x-www-form-urlencoded|Content-Length: 3||a=1",
        ),
        row(
            |c, url| c.post(url).form_from(Login { name: "ü", remember: true }),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Type: application/x-www-form-urlencoded|Content-Length: 25||name=%C3%BC&remember=true",
        ),
        row(
            |c, url| c.post(url).content(JsonLines([[1, 2], [3, 4]])),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Type: application/x-ndjson|Transfer-Encoding: chunked||c|[1,2]\n[3,4]\n|0||",
        ),
        row(
            |c, url| c.put(url).content(Text("ü")),
            "PUT / HTTP/1.1|HOST|DEFAULTS|Content-Type: text/plain; charset=utf-8|Content-Length: 2||ü",
        ),
        row(
            |c, url| c.put(url).content(Html("<p>")),
            "PUT / HTTP/1.1|HOST|DEFAULTS|Content-Type: text/html; charset=utf-8|Content-Length: 3||<p>",
        ),
        row(
            |c, url| c.put(url).content(b"raw".to_vec()),
            "PUT / HTTP/1.1|HOST|DEFAULTS|Content-Length: 3||raw",
        ),
        row(
            |c, url| c.put(url).body(F::bytes(Bytes::from("raw"))),
            "PUT / HTTP/1.1|HOST|DEFAULTS|Content-Length: 3||raw",
        ),
        row(
            |c, url| c.put(url).header("Content-Type", "x/y").content(Text("t")),
            "PUT / HTTP/1.1|HOST|DEFAULTS|Content-Type: x/y|Content-Length: 1||t",
        ),
        row(
            |c, url| c.put(url).content(Text("t")).header("Content-Type", "x/y"),
            "PUT / HTTP/1.1|HOST|DEFAULTS|Content-Type: x/y|Content-Length: 1||t",
        ),
        row(
            |c, url| c.put(url).content(Text("t")).json(1),
            "PUT / HTTP/1.1|HOST|DEFAULTS|Content-Type: application/json|Content-Length: 1||1",
        ),
        row(|c, url| c.get(url).body(F::bytes("abc")), "GET / HTTP/1.1|HOST|DEFAULTS|Content-Length: 3||abc"),
        // Readers.
        row(
            |c, url| c.post(url).body(F::reader(Cursor::new("abc"))),
            "POST / HTTP/1.1|HOST|DEFAULTS|Transfer-Encoding: chunked||3|abc|0||",
        ),
        row(
            |c, url| c.post(url).body(F::reader(std::io::empty())),
            "POST / HTTP/1.1|HOST|DEFAULTS|Transfer-Encoding: chunked||0||",
        ),
        row(
            |c, url| c.post(url).body(F::sized_reader(Cursor::new("abc"), 3)),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Length: 3||abc",
        ),
        row(
            |c, url| c.post(url).body(F::sized_reader(std::io::empty(), 0)),
            "POST / HTTP/1.1|HOST|DEFAULTS|Content-Length: 0||",
        ),
        // Authentication.
        row(
            |c, url| c.get(url).basic_auth("Aladdin", "open sesame"),
            "GET / HTTP/1.1|HOST|DEFAULTS|Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==||",
        ),
        row(
            |c, url| c.get(url).bearer_auth("t0ken"),
            "GET / HTTP/1.1|HOST|DEFAULTS|Authorization: Bearer t0ken||",
        ),
        row(|c, url| c.get(url).secret_header("X-Key", "k"), "GET / HTTP/1.1|HOST|DEFAULTS|X-Key: k||"),
    ];
    check(&F::new(), rows);
}

#[derive(serde::Serialize)]
struct Login<T> {
    name: T,
    remember: bool,
}

fn contents_that_fail<F: Flavour>() {
    let (client, server) = (F::new(), Server::routes([("/away", Reply::redirect("307", "/there"))]));
    let nested = || Login { name: ["a", "b"], remember: true };
    let post = || client.post(&server.url("/"));
    for ask in [post().form_from(nested()), post().params_from(nested())] {
        let error = F::send(ask).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error:?}");
        assert!(error.to_string().contains("name"), "{error}");
    }
    assert_eq!(server.opened(), 0);
    // An iterator runs once.
    let error = F::send(client.post(&server.url("/away")).content(JsonLines([1, 2]))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect, "{error:?}");
    assert_eq!(error.status().unwrap(), 307);
    assert_eq!(server.take_one().content(), b"1\n2\n");
    // A value that cannot be written: the lines before it may have been sent.
    let odd = (0..2).map(|n| std::collections::HashMap::from([(vec![n], n)]));
    let error = F::send(client.post(&server.url("/")).content(JsonLines(odd))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body, "{error:?}");
    assert!(format!("{error:#}").contains("line 1 of the body cannot be written as JSON"), "{error:#}");
    assert_eq!(F::send(client.get(&server.url("/"))).unwrap().text(), "good");
}

fn the_default_headers_are_those_of_the_version<F: Flavour>() {
    // The values that the rows above contain.
    assert!(DEFAULTS.ends_with("|User-Agent: rust-httpx/0.1.0"));
}

fn a_client_with_settings<F: Flavour>() {
    let table: Vec<(fn(Setup<F>) -> Setup<F>, Row<F>)> = vec![
        // `headers` is the whole set.
        (
            |b| b.headers([("User-Agent", "dev"), ("Accept-Encoding", "gzip")]),
            row(|c, url| c.get(url), "GET / HTTP/1.1|HOST|User-Agent: dev|Accept-Encoding: gzip||"),
        ),
        (|b| b.headers(Headers::new()), row(|c, url| c.get(url), "GET / HTTP/1.1|HOST||")),
        // A request's own win, in their place.
        (
            |b| b.headers([("A", "1"), ("B", "2"), ("a", "3")]),
            row(
                |c, url| c.get(url).header("a", "x").header("C", "4"),
                "GET / HTTP/1.1|HOST|a: x|B: 2|C: 4||",
            ),
        ),
        // `header` is one more, or another in its place.
        (
            |b| b.header("X-Api", "1").header("user-agent", "dev"),
            row(
                |c, url| c.get(url),
                "GET / HTTP/1.1|HOST|Accept: */*|Accept-Encoding: gzip|Connection: keep-alive|user-agent: dev|X-Api: 1||",
            ),
        ),
        // A content type that the client sets, the content's own goes before it.
        (
            |b| b.headers([("Content-Type", "x/y")]),
            row(
                |c, url| c.post(url).content(Text("t")),
                "POST / HTTP/1.1|HOST|Content-Type: text/plain; charset=utf-8|Content-Length: 1||t",
            ),
        ),
        (
            |b| b.headers([("Content-Type", "x/y")]),
            row(
                |c, url| c.post(url).body(F::bytes("t")),
                "POST / HTTP/1.1|HOST|Content-Type: x/y|Content-Length: 1||t",
            ),
        ),
        // Authentication: of the request before that of the URL, and that before the client's.
        (
            |b| b.headers([("Authorization", "Basic client")]),
            row(|c, url| c.get(url), "GET / HTTP/1.1|HOST|Authorization: Basic client||"),
        ),
        (
            |b| b.headers([("Authorization", "Basic client")]),
            row(
                |c, url| c.get(&url.replace("//", "//u:p@")).basic_auth("a", "b"),
                "GET / HTTP/1.1|HOST|Authorization: Basic YTpi||",
            ),
        ),
    ];
    for (setup, row) in table {
        check(&F::with(setup), vec![row]);
    }
}

fn base_urls<F: Flavour>() {
    let server = Server::fine();
    let other = Server::fine();
    for (base, request, target) in [
        ("/v1/", "items", "/v1/items"),
        ("/v1/", "/items", "/items"),
        ("/v1", "items", "/items"),
        ("/v1/", "", "/v1/"),
        ("/v1/", "../up", "/up"),
        ("/v1/x?a=1", "?b=2", "/v1/x?b=2"),
        ("", "json", "/json"),
        ("", "/json", "/json"),
    ] {
        let client = F::with(|builder| builder.url(server.url(base)));
        F::send(client.get(request)).unwrap();
        assert_eq!(server.take_one().target(), target, "{base} and {request}");
        F::send(client.get(&other.url("/whole"))).unwrap();
        assert_eq!(other.take_one().target(), "/whole");
        F::send(client.get(&format!("//{}/half", other.authority()))).unwrap();
        assert_eq!(other.take_one().target(), "/half");
    }
}

fn authority<F: Flavour>() {
    let client = F::new();
    let server = Server::fine();
    let port = server.port();
    for (host, sent) in [
        ("127.0.0.1", format!("127.0.0.1:{port}")),
        ("localhost", format!("localhost:{port}")),
        ("LOCALhost", format!("localhost:{port}")),
        ("0x7f.1", format!("127.0.0.1:{port}")),
        ("user:secret@localhost", format!("localhost:{port}")),
    ] {
        F::send(client.get(&server.url_on(host, "/"))).unwrap();
        assert_eq!(server.take_one().header("Host"), Some(sent), "{host}");
    }
}

/// User information in a URL becomes a header, and occurs nowhere else.
fn user_information_is_cut_and_kept_secret<F: Flavour>() {
    let client = F::new();
    let server = Server::routes([("/away", Reply::redirect("302", "/there"))]);
    for (user_info, value) in [
        ("Aladdin:open%20sesame", Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")),
        ("s3cret", Some("Basic czNjcmV0Og==")),
        (":s3cret", Some("Basic OnMzY3JldA==")),
        ("", None),
    ] {
        let url = server.url_on(&format!("{user_info}@127.0.0.1"), "/away#part");
        let shown = format!("{:?}", client.get(&url));
        let response = F::send(client.get(&url)).unwrap();
        let requests = server.take();
        assert_eq!(requests.len(), 2);
        for request in &requests {
            assert_eq!(request.header("Authorization").as_deref(), value, "{user_info}");
            assert_eq!(request.header("Referer"), None);
        }
        let seen = format!("{shown} {response:?} {:?} {:?}", response.url(), response.head().request());
        assert!(!seen.contains("s3cret") && !seen.contains("sesame"), "{seen}");
        assert_eq!(response.url().unwrap().as_str(), server.url("/there#part"));
        assert_eq!(response.history()[0].url().unwrap().as_str(), server.url("/away#part"));
    }
}

fn secrets_are_not_shown<F: Flavour>() {
    let client = F::with(|builder| builder.secret_header("X-Key", "s3cret"));
    let server = Server::routes([("/", Reply::full("500 No", "", ""))]);
    let ask = || client.get(&server.url("/")).basic_auth("me", "s3cret").secret_header("X-More", "s3cret");
    let request = ask().header("Cookie", "s3cret=1").build().unwrap();
    let error = F::send(ask()).unwrap().error_for_status().unwrap_err();
    let seen =
        format!("{:?} {request:?} {:?} {error} {error:?} {:?}", ask(), request.head(), error.response());
    assert!(seen.contains("[secret]") && !seen.contains("s3cret"), "{seen}");
    assert!(!seen.contains("bWU6"), "{seen}"); // base64 of "me:"
}

fn expect_100_continue<F: Flavour>() {
    let server = Server::fine();
    let ask = F::new().put(&server.url("/")).header("Expect", "100-continue").body(F::bytes("abc"));
    let response = F::send(ask).unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(server.take_one().body(), b"abc");
}

/// Sizes round those of the buffers on the way.
fn large_bodies_arrive_whole<F: Flavour>() {
    let client = F::new();
    let server = Server::fine();
    for size in [1, 16_383, 16_384, 16_385, 70_000, 3_000_000] {
        let bytes: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
        F::send(client.put(&server.url("/bytes")).body(F::bytes(bytes.clone()))).unwrap();
        assert!(server.take_one().body() == bytes, "{size} bytes");
        let body = F::sized_reader(Cursor::new(bytes.clone()), size as u64);
        F::send(client.put(&server.url("/sized")).body(body)).unwrap();
        assert!(server.take_one().body() == bytes, "a reader of {size} bytes");
        F::send(client.put(&server.url("/chunked")).body(F::reader(Cursor::new(bytes.clone())))).unwrap();
        assert!(server.take_one().content() == bytes, "{size} bytes in chunks");
    }
    assert_eq!(server.opened(), 1);
}

/// Framing headers that contradict the body or each other are an error, and nothing is sent.
fn contradictory_framing_is_not_sent<F: Flavour>() {
    let client = F::new();
    let server = Server::fine();
    let url = server.url("/");
    for ask in [
        client.post(&url).header("Content-Length", "4").body(F::bytes("abc")),
        client.post(&url).header("Content-Length", "3"),
        client.post(&url).header("Content-Length", "three").body(F::bytes("abc")),
        client.post(&url).headers([("Content-Length", "3"), ("Content-Length", "3")]).body(F::bytes("abc")),
        client
            .post(&url)
            .headers([("Content-Length", "3"), ("Transfer-Encoding", "chunked")])
            .body(F::bytes("abc")),
        client.post(&url).header("Transfer-Encoding", "gzip, chunked").body(F::bytes("abc")),
        client.post(&url).header("Content-Length", "2").body(F::sized_reader(Cursor::new("abc"), 3)),
        client.get(&url).headers([("Host", "a"), ("Host", "b")]),
        client.request("TRACE", &url).body(F::bytes("abc")),
    ] {
        let error: Error = F::send(ask).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error:?}");
        assert_eq!(error.url(), Some(&*url), "{error:?}");
    }
    assert_eq!(server.take().len(), 0);
    assert_eq!(F::send(client.get(&url)).unwrap().status(), 200);
}
