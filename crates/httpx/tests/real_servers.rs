//! Against real servers: `scripts/servers.sh run cargo test -p httpx --features full --test real_servers`.
//!
//! A test whose server is missing says so on standard error and passes, unless `CI=true`: then it fails.
//! `scripts/servers.sh install` installs what is missing.

#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "tls",
    feature = "cookies",
    feature = "gzip",
    feature = "json"
))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant};

use httpx::{Bytes, ErrorKind, Form, Json, Response, Timeout, TlsConfig, TlsErrorKind};

mod support;

use support::{Flavour, both_flavours};

both_flavours!(
    nginx_files,
    nginx_gzip,
    nginx_keeps_connections,
    nginx_ends_connections,
    nginx_tls,
    nginx_sessions_resume,
    nginx_certificates,
    nginx_client_certificate,
    nginx_uploads,
    nginx_refuses_early,
    nginx_refuses_in_the_middle,
    nginx_redirects,
    nginx_redirects_elsewhere,
    nginx_private,
    httpbin_contents,
    httpbin_redirects,
    httpbin_cookies,
    httpbin_codings,
    httpbin_streams,
    httpbin_statuses,
    httpbin_delays,
    httpbin_knows_who_asks,
    python_closes_each_connection,
);

/// The value of a variable of `scripts/servers.sh`; without it, the test ends here.
macro_rules! server {
    ($name:literal) => {
        match std::env::var($name) {
            Ok(value) => value,
            Err(_) => return skip($name),
        }
    };
}

/// Says which test is skipped, past the harness, which shows nothing of what a test that passes has printed.
fn skip(variable: &str) {
    static HOW: Once = Once::new();
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test");
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{test}: {variable} is not set, and CI wants them all"
    );
    HOW.call_once(|| {
        let run = "scripts/servers.sh run cargo test -p httpx --features full --test real_servers";
        say(&format!("tests want real servers, and are skipped; scripts/servers.sh install; {run}"));
    });
    say(&format!("skipped: {test} ({variable} is not set)"));
}

/// In one piece, since others are saying something too.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

#[track_caller]
fn get<F: Flavour>(client: &F, url: &str) -> Response<Bytes> {
    F::send(client.get(url)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The lines `name: value` of a body.
fn fields(response: &Response<Bytes>) -> HashMap<String, String> {
    let text = response.text();
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What httpbin says in JSON.
fn json(response: &Response<Bytes>) -> serde_json::Value {
    response.json().unwrap_or_else(|error| panic!("{error:?}"))
}

/// nginx' `/1m.bin`.
fn one_mebibyte() -> Vec<u8> {
    (0..1 << 20).map(|i| (i % 251) as u8).collect()
}

/// A client that trusts the CA of these servers alone.
fn trusting<F: Flavour>(ca: &str) -> F {
    let tls = TlsConfig::builder().only_given_roots().root(std::fs::read(ca).unwrap()).build().unwrap();
    F::pooled(|pool| pool.tls(tls))
}

fn nginx_files<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let small = get(&client, &format!("{nginx}/small.txt"));
    assert_eq!((small.status().as_u16(), &*small.text()), (200, "Hello, world!\n"));
    assert!(small.headers().get("Server").unwrap().to_str().unwrap().starts_with("nginx"));
    assert!(small.remote_addr().unwrap().ip().is_loopback());
    assert!(small.elapsed().unwrap() < Duration::from_secs(30));
    assert_eq!(get(&client, &format!("{nginx}/empty.txt")).bytes().len(), 0);
    assert!(get(&client, &format!("{nginx}/1m.bin")).bytes() == &one_mebibyte());
    let missing = get(&client, &format!("{nginx}/missing"));
    assert_eq!(missing.error_for_status().unwrap_err().status().unwrap(), 404);

    let streamed = F::stream(client.get(&format!("{nginx}/1m.bin")));
    let mut streamed = streamed.unwrap();
    let (bytes, result) = F::drain(&mut streamed);
    result.unwrap();
    assert!(bytes == one_mebibyte());

    let head = F::send(client.request("HEAD", &format!("{nginx}/1m.bin"))).unwrap();
    assert_eq!((head.content_length(), head.bytes().len()), (Some(1 << 20), 0));
    let part = F::send(client.get(&format!("{nginx}/1m.bin")).header("Range", "bytes=250-252")).unwrap();
    assert_eq!((part.status().as_u16(), &part.bytes()[..]), (206, &[250, 0, 1][..]));
    assert_eq!(part.headers().get("Content-Range").unwrap(), "bytes 250-252/1048576");
    let etag = small.headers().get("ETag").unwrap().to_str().unwrap();
    let same = F::send(client.get(&format!("{nginx}/small.txt")).header("If-None-Match", etag)).unwrap();
    assert_eq!((same.status().as_u16(), same.bytes().len()), (304, 0));
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn nginx_gzip<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let text: String = (1..=4000).map(|n| format!("line {n} of a text that compresses well\n")).collect();
    let coded = get(&client, &format!("{nginx}/text.txt"));
    assert_eq!(coded.text(), text);
    assert_eq!(coded.headers().get("Transfer-Encoding").unwrap(), "chunked");
    let raw = F::send(client.get(&format!("{nginx}/text.txt")).decompress(false)).unwrap();
    assert_eq!(raw.headers().get("Content-Encoding").unwrap(), "gzip");
    assert!(raw.bytes().len() < text.len() / 5 && raw.bytes().starts_with(b"\x1f\x8b"));
    let plain = F::send(client.get(&format!("{nginx}/text.txt")).header("Accept-Encoding", "identity"));
    assert_eq!(plain.unwrap().text(), text);
    let chunked = get(&client, &format!("{nginx}/chunked/text.txt"));
    assert_eq!(chunked.text(), text);
    assert_eq!(chunked.headers().get("Transfer-Encoding").unwrap(), "chunked");
    let limited = F::send(client.get(&format!("{nginx}/text.txt")).max_body_bytes(1000)).unwrap_err();
    assert_eq!(limited.kind(), ErrorKind::TooLarge);
    assert_eq!(get(&client, &format!("{nginx}/text.txt")).text(), text);
}

fn nginx_keeps_connections<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let first = fields(&get(&client, &format!("{nginx}/connection")));
    get(&client, &format!("{nginx}/text.txt"));
    get(&client, &format!("{nginx}/missing"));
    // Dropped early, and short: drained.
    drop(F::stream(client.get(&format!("{nginx}/small.txt"))).unwrap());
    let last = fields(&get(&client, &format!("{nginx}/connection")));
    assert_eq!((&last["connection"], &*last["requests"]), (&first["connection"], "5"));
    // Dropped early, and long: closed.
    drop(F::stream(client.get(&format!("{nginx}/1g.bin"))).unwrap());
    let other = fields(&get(&client, &format!("{nginx}/connection")));
    assert_ne!(other["connection"], first["connection"]);
}

fn nginx_ends_connections<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    for directory in ["three", "close", "idle"] {
        for n in 0..10 {
            let response = get(&client, &format!("{nginx}/{directory}/small.txt"));
            assert_eq!(response.text(), "Hello, world!\n", "{directory} {n}");
        }
    }
    // nginx has closed this one when it is asked again; a POST may not be sent twice, and needs not be.
    get(&client, &format!("{nginx}/idle/small.txt"));
    wait_for_idle_end(&nginx);
    assert_eq!(F::send(client.post(&format!("{nginx}/request"))).unwrap().status(), 200);
}

/// Waits until nginx has closed another connection that became idle now.
fn wait_for_idle_end(nginx: &str) {
    let authority = nginx.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(authority).unwrap();
    write!(socket, "GET /idle/small.txt HTTP/1.1\r\nHost: {authority}\r\n\r\n").unwrap();
    assert!(socket.read_to_end(&mut Vec::new()).unwrap() > 0);
}

fn nginx_tls<F: Flavour>() {
    let client = trusting::<F>(&server!("HTTPX_CA"));
    for (base, version) in [
        (server!("HTTPX_NGINX_TLS"), "TLSv1.3"),
        (server!("HTTPX_NGINX_TLS12"), "TLSv1.2"),
        (server!("HTTPX_NGINX_TLS13"), "TLSv1.3"),
    ] {
        let connection = fields(&get(&client, &format!("{base}/connection")));
        assert_eq!(connection["tls"], version);
        assert!(get(&client, &format!("{base}/1m.bin")).bytes() == &one_mebibyte());
        assert_eq!(get(&client, &format!("{base}/text.txt")).text().lines().count(), 4000);
        let again = fields(&get(&client, &format!("{base}/connection")));
        assert_eq!((&again["connection"], &*again["requests"]), (&connection["connection"], "4"));
    }
    // By its address too.
    let base = server!("HTTPX_NGINX_TLS").replace("localhost", "127.0.0.1");
    assert_eq!(get(&client, &format!("{base}/small.txt")).text(), "Hello, world!\n");
    // Plain http to a port of TLS: nginx knows, and answers.
    let plain = get(&client, &format!("{}/", base.replace("https", "http")));
    assert_eq!(plain.status(), 400);
}

fn nginx_sessions_resume<F: Flavour>() {
    let ca = server!("HTTPX_CA");
    for base in [server!("HTTPX_NGINX_TLS12"), server!("HTTPX_NGINX_TLS13")] {
        let tls = TlsConfig::builder().only_given_roots().root(std::fs::read(&ca).unwrap()).build().unwrap();
        let client = F::pooled(|pool| pool.tls(tls).max_idle_connections(0));
        let url = format!("{base}/connection");
        let [first, second] = [(); 2].map(|()| fields(&get(&client, &url)));
        assert_ne!(first["connection"], second["connection"]);
        assert_eq!((&*first["resumed"], &*second["resumed"]), (".", "r"), "{base}");
    }
}

fn nginx_certificates<F: Flavour>() {
    let client = trusting::<F>(&server!("HTTPX_CA"));
    for (base, failure) in [
        (server!("HTTPX_NGINX_EXPIRED"), TlsErrorKind::Expired),
        (server!("HTTPX_NGINX_WRONG_HOST"), TlsErrorKind::WrongHost),
        (server!("HTTPX_NGINX_UNKNOWN_CA"), TlsErrorKind::UnknownIssuer),
    ] {
        let error = F::send(client.get(&base)).unwrap_err();
        assert_eq!((error.kind(), TlsErrorKind::find_in(&error)), (ErrorKind::Tls, Some(failure)));
        let careless = TlsConfig::builder().danger_accept_invalid_certs().build().unwrap();
        let careless = F::pooled(|pool| pool.tls(careless));
        assert_eq!(get(&careless, &format!("{base}/small.txt")).text(), "Hello, world!\n");
    }
}

fn nginx_client_certificate<F: Flavour>() {
    let (base, ca) = (server!("HTTPX_NGINX_CLIENT_AUTH"), server!("HTTPX_CA"));
    let read = |path: String| std::fs::read(path).unwrap();
    let (certificate, key) = (read(server!("HTTPX_CLIENT_CERT")), read(server!("HTTPX_CLIENT_KEY")));
    let anonymous = trusting::<F>(&ca);
    assert_eq!(get(&anonymous, &format!("{base}/small.txt")).status(), 400);
    let tls = TlsConfig::builder()
        .only_given_roots()
        .root(read(ca))
        .client_certificate(certificate, key)
        .build()
        .unwrap();
    let known = F::pooled(|pool| pool.tls(tls));
    assert_eq!(get(&known, &format!("{base}/small.txt")).text(), "Hello, world!\n");
}

fn nginx_uploads<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let bytes = one_mebibyte();
    let reader = || Cursor::new(one_mebibyte());
    let url = |name: &str| format!("{nginx}/upload/{}-{name}", F::NAME);
    let put = |name: &str| client.put(&url(name));
    for (name, ask) in [
        ("bytes", put("bytes").body(F::bytes(bytes.clone()))),
        ("sized", put("sized").body(F::sized_reader(reader(), 1 << 20))),
        ("chunked", put("chunked").body(F::reader(reader()))),
        ("expect", put("expect").header("Expect", "100-continue").body(F::bytes(bytes.clone()))),
        ("expect-chunked", put("expect-chunked").header("Expect", "100-continue").body(F::reader(reader()))),
    ] {
        let url = url(name);
        assert_eq!(F::send(ask).unwrap_or_else(|error| panic!("{error:?}")).status(), 201, "{name}");
        assert!(get(&client, &url).bytes() == &bytes, "{name}");
        assert_eq!(F::send(client.request("DELETE", &url)).unwrap().status(), 204);
    }
    let url = url("empty");
    assert_eq!(F::send(client.put(&url)).unwrap().status(), 201);
    assert_eq!(get(&client, &url).bytes().len(), 0);
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

/// nginx answers as soon as it has seen the length.
fn nginx_refuses_early<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let url = format!("{nginx}/limit/x");
    for ask in [
        client.put(&url).body(F::bytes(vec![0; 2000])),
        client.put(&url).body(F::bytes(one_mebibyte())).header("Expect", "100-continue"),
    ] {
        assert_eq!(F::send(ask).unwrap_or_else(|error| panic!("{error:?}")).status(), 413);
    }
    assert_eq!(get(&client, &format!("{nginx}/small.txt")).text(), "Hello, world!\n");
}

/// The answer comes while much is still to be sent, and is delivered, although nginx takes all that comes for another
/// 30 s.
fn nginx_refuses_in_the_middle<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let url = format!("{nginx}/limit/x");
    for (name, body) in [
        ("bytes", F::bytes(vec![0; 64 << 20])),
        ("sized", F::sized_reader(std::io::repeat(0), 1 << 30)),
        ("chunked", F::reader(std::io::repeat(0))),
    ] {
        let response = F::send(client.put(&url).body(body).timeout(Duration::from_secs(5)));
        assert_eq!(response.unwrap_or_else(|error| panic!("{name}: {error:?}")).status(), 413, "{name}");
        assert_eq!(get(&client, &format!("{nginx}/small.txt")).text(), "Hello, world!\n");
    }
}

fn nginx_redirects<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    for (code, method, then, length) in [
        (301, "GET", "GET", ""),
        (301, "POST", "GET", ""),
        (302, "POST", "GET", ""),
        (302, "PUT", "PUT", "3"),
        (303, "POST", "GET", ""),
        (303, "PUT", "GET", ""),
        (303, "HEAD", "HEAD", ""),
        (307, "POST", "POST", "3"),
        (308, "PUT", "PUT", "3"),
    ] {
        let mut ask = client.request(method, &format!("{nginx}/redirect/{code}"));
        if matches!(method, "POST" | "PUT") {
            ask = ask.body(F::bytes("abc"));
        }
        let response = F::send(ask).unwrap();
        assert_eq!(response.url().unwrap().as_str(), format!("{nginx}/request"));
        assert_eq!(response.history().len(), 1);
        assert_eq!(response.history()[0].status(), code);
        if method != "HEAD" {
            let request = fields(&response);
            assert_eq!((&*request["method"], &*request["length"]), (then, length), "{code} {method}");
        }
    }
    let relative = get(&client, &format!("{nginx}/redirect/relative"));
    assert_eq!(relative.url().unwrap().as_str(), format!("{nginx}/small.txt"));
    let fragment = get(&client, &format!("{nginx}/redirect/fragment"));
    assert_eq!(fragment.url().unwrap().as_str(), format!("{nginx}/small.txt#part"));
    let inherited = get(&client, &format!("{nginx}/redirect/relative#mine"));
    assert_eq!(inherited.url().unwrap().as_str(), format!("{nginx}/small.txt#mine"));
    let absolute = get(&client, &format!("{nginx}/redirect/absolute"));
    assert_eq!(fields(&absolute)["uri"], "/request");
    let error = F::send(client.get(&format!("{nginx}/redirect/loop"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooManyRedirects);
    assert_eq!(error.response().unwrap().history().len(), 20);
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn nginx_redirects_elsewhere<F: Flavour>() {
    let (nginx, tls, ca) = (server!("HTTPX_NGINX"), server!("HTTPX_NGINX_TLS"), server!("HTTPX_CA"));
    let client = trusting::<F>(&ca);
    let ask = |url: &str| client.get(url).basic_auth("me", "secret").header("Cookie", "a=1");
    // At home they go along.
    let home = fields(&F::send(ask(&format!("{nginx}/redirect/absolute"))).unwrap());
    assert_eq!((&*home["authorization"], &*home["cookie"]), ("Basic bWU6c2VjcmV0", "a=1"));
    let elsewhere = F::send(ask(&format!("{nginx}/redirect/elsewhere"))).unwrap();
    assert!(elsewhere.url().unwrap().as_str().starts_with("http://localhost:"));
    let request = fields(&elsewhere);
    assert_eq!((&*request["authorization"], &*request["cookie"]), ("", ""));
    // A downgrade.
    let url = format!("{tls}/redirect/elsewhere");
    let error = F::send(ask(&url)).unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Redirect, 302));
    let request = fields(&F::send(ask(&url).allow_https_to_http(true)).unwrap());
    assert_eq!((&*request["authorization"], &*request["cookie"]), ("", ""));
}

fn nginx_private<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let url = format!("{nginx}/private/small.txt");
    assert_eq!(get(&client, &url).status(), 401);
    assert_eq!(get(&client, &url.replace("://", "://user:wrong@")).status(), 401);
    let response = get(&client, &url.replace("://", "://user:secret@"));
    assert_eq!((&*response.text(), response.url().unwrap().as_str()), ("Hello, world!\n", &*url));
    let response = F::send(client.get(&url).basic_auth("user", "secret")).unwrap();
    assert_eq!(response.status(), 200);
}

fn httpbin_contents<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::with(|client| client.url(&httpbin));
    let got = json(&F::send(client.get("/get?a=1").params([("b", "ü &")])).unwrap());
    assert_eq!(got["args"], serde_json::json!({"a": "1", "b": "ü &"}));
    assert_eq!(got["headers"]["Accept"], "*/*");
    assert!(got["headers"]["User-Agent"].as_str().unwrap().starts_with("rust-httpx/"));
    let sent = serde_json::json!({"name": "ü", "list": [1, 2]});
    let got = json(&F::send(client.post("/post").content(Json(&sent))).unwrap());
    assert_eq!((&got["json"], &got["headers"]["Content-Type"]), (&sent, &"application/json".into()));
    let got = json(&F::send(client.put("/put").content(Form([("a", "1 2"), ("b", "&ü")]))).unwrap());
    assert_eq!(got["form"], serde_json::json!({"a": "1 2", "b": "&ü"}));
    let got = json(&F::send(client.request("PATCH", "/patch").body(F::reader(Cursor::new("xyz")))).unwrap());
    assert_eq!(got["data"], "xyz");
    assert_eq!(F::send(client.request("DELETE", "/delete")).unwrap().status(), 200);
    assert_eq!(F::send(client.request("HEAD", "/get")).unwrap().bytes().len(), 0);
    assert!(F::send(client.request("OPTIONS", "/get")).unwrap().headers().contains("Allow"));
    assert!(get(&client, "/html").text().contains("Herman Melville"));
    assert!(get(&client, "/encoding/utf8").text_strict().unwrap().contains("∮"));
}

fn httpbin_redirects<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    for (path, steps) in [("/redirect/5", 5), ("/relative-redirect/3", 3), ("/absolute-redirect/2", 2)] {
        let response = get(&client, &format!("{httpbin}{path}"));
        assert_eq!((response.status().as_u16(), response.history().len()), (200, steps), "{path}");
        assert_eq!(response.url().unwrap().as_str(), format!("{httpbin}/get"));
    }
    let ask = client.get(&format!("{httpbin}/redirect/5")).max_redirects(4);
    assert_eq!(F::send(ask).unwrap_err().kind(), ErrorKind::TooManyRedirects);
    for (code, then) in [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")] {
        let url = format!("{httpbin}/redirect-to");
        let to = format!("{httpbin}/anything");
        let params = [("url", to), ("status_code", code.to_string())];
        let response = F::send(client.post(&url).params(params).form([("a", "1")])).unwrap();
        let got = json(&response);
        assert_eq!(got["method"], then, "{code}");
        assert_eq!(got["form"]["a"], if then == "POST" { "1".into() } else { serde_json::Value::Null });
    }
}

fn httpbin_cookies<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    let cookies = |response: &Response<Bytes>| json(response)["cookies"].clone();
    let set = get(&client, &format!("{httpbin}/cookies/set?a=1&b=2"));
    assert_eq!(cookies(&set), serde_json::json!({"a": "1", "b": "2"}));
    let kept = get(&client, &format!("{httpbin}/cookies"));
    assert_eq!(cookies(&kept), serde_json::json!({"a": "1", "b": "2"}));
    let deleted = get(&client, &format!("{httpbin}/cookies/delete?a="));
    assert_eq!(cookies(&deleted), serde_json::json!({"b": "2"}));
    let own = F::send(client.get(&format!("{httpbin}/cookies")).header("Cookie", "c=3")).unwrap();
    assert_eq!(cookies(&own), serde_json::json!({"c": "3"}));
    // Another host of this machine, and another client, know nothing of them.
    let elsewhere = get(&client, &format!("{}/cookies", httpbin.replace("127.0.0.1", "localhost")));
    assert_eq!(cookies(&elsewhere), serde_json::json!({}));
    assert_eq!(cookies(&get(&F::new(), &format!("{httpbin}/cookies"))), serde_json::json!({}));
}

fn httpbin_codings<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    assert_eq!(json(&get(&client, &format!("{httpbin}/gzip")))["gzipped"], true);
    assert_eq!(json(&get(&client, &format!("{httpbin}/deflate")))["deflated"], true);
    // Not asked for, and not known: as it came.
    let brotli = get(&client, &format!("{httpbin}/brotli"));
    assert_eq!(brotli.headers().get("Content-Encoding").unwrap(), "br");
    assert_eq!(brotli.json::<serde_json::Value>().unwrap_err().kind(), ErrorKind::Json);
}

fn httpbin_streams<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    let lines = get(&client, &format!("{httpbin}/stream/20"));
    let ids: Vec<u64> = lines
        .text()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, (0..20).collect::<Vec<_>>());
    let bytes = get(&client, &format!("{httpbin}/bytes/50000?seed=7"));
    assert_eq!(bytes.bytes().len(), 50_000);
    let streamed = F::stream(client.get(&format!("{httpbin}/stream-bytes/50000?seed=7&chunk_size=77")));
    let (streamed, result) = F::drain(&mut streamed.unwrap());
    result.unwrap();
    assert_eq!(streamed.len(), 50_000);
    let range = F::send(client.get(&format!("{httpbin}/range/1000")).header("Range", "bytes=10-19")).unwrap();
    assert_eq!((range.status().as_u16(), range.bytes().len()), (206, 10));
    let dripped = get(&client, &format!("{httpbin}/drip?numbytes=5&duration=0.1&delay=0"));
    assert_eq!(dripped.text(), "*****");
}

fn httpbin_statuses<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    for status in [200, 201, 204, 304, 400, 401, 404, 418, 429, 500, 503] {
        let response = get(&client, &format!("{httpbin}/status/{status}"));
        assert_eq!(response.status(), status);
        assert_eq!(response.error_for_status().is_err(), status >= 400);
    }
}

fn httpbin_delays<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    let short = Duration::from_millis(100);
    let delay = format!("{httpbin}/delay/2");
    let drip = format!("{httpbin}/drip?numbytes=4&duration=8&delay=0");
    for (ask, timeout) in [
        (client.get(&delay).head_timeout(short), Timeout::Head),
        (client.get(&delay).timeout(short), Timeout::Total),
        (client.get(&drip).read_timeout(short), Timeout::Read),
        (client.get(&drip).timeout(short), Timeout::Total),
    ] {
        let began = Instant::now();
        let error = F::send(ask).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(timeout), "{error:?}");
        assert!(began.elapsed() < Duration::from_millis(1900), "{:?}", began.elapsed());
    }
    assert_eq!(get(&client, &format!("{httpbin}/get")).status(), 200);
}

fn httpbin_knows_who_asks<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    let url = format!("{httpbin}/basic-auth/user/pass%20word");
    assert_eq!(get(&client, &url).status(), 401);
    let response = get(&client, &url.replace("://", "://user:pass%20word@"));
    assert_eq!(json(&response)["authenticated"], true);
    let response = F::send(client.get(&format!("{httpbin}/bearer")).bearer_auth("t0ken")).unwrap();
    assert_eq!(json(&response)["token"], "t0ken");
}

fn python_closes_each_connection<F: Flavour>() {
    let python = server!("HTTPX_PYTHON");
    let client = F::new();
    for _ in 0..3 {
        let small = get(&client, &format!("{python}/small.txt"));
        assert_eq!((&*small.text(), small.version()), ("Hello, world!\n", httpx::Version::Http10));
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
    assert!(get(&client, &format!("{python}/1m.bin")).bytes() == &one_mebibyte());
    assert_eq!(get(&client, &format!("{python}/missing")).status(), 404);
    assert_eq!(F::send(client.post(&python).body(F::bytes("abc"))).unwrap().status(), 501);
}
