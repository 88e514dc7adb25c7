//! What cannot be: each gives an error that names its kind, what was attempted, the host, and what to do. Nothing
//! hangs or panics, and the client works afterwards.

#![recursion_limit = "256"] // `written_once!` takes a step for each token
#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "tls",
    feature = "gzip",
    feature = "charset",
    feature = "json"
))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

use std::io::{Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use httpx::{Error, ErrorKind, RequestSent, Timeout, TlsErrorKind, Url};

mod support;

use support::flavour::Ask;
use support::tls::{Authority, Trusting};
use support::{Flavour, Reply, Server, both_flavours};

both_flavours!(
    requests_that_cannot_be,
    nobody_there,
    certificates,
    lost_in_the_handshake,
    tls_and_not_tls,
    http_to_a_tls_port_is_told_so,
    a_timeout_is_no_reason_to_send_again,
    nothing_was_sent_before_there_was_a_connection,
    timeouts,
    a_timeout_in_a_streamed_body,
    no_timeout_passes_that_should_not,
    closed,
    redirects,
    secrets_stay_at_home,
    malformed_heads,
    what_is_odd_and_no_error,
    cut_bodies,
    cut_chunks,
    cut_tls,
    no_response,
    codings,
    too_large,
    a_bomb_stops_early,
    a_streamed_bomb_takes_no_memory,
    json_and_text,
    request_bodies,
    answered_before_it_is_sent,
    answered_while_it_is_sent,
    through_io_and_back,
);

/// Long enough for a machine that is busy, short enough for a test.
const SHORT: Duration = Duration::from_millis(200);

/// Long enough for the other side of a machine that is busy: what it has to do must be done before this has passed.
const LONGER: Duration = Duration::from_secs(1);

/// What an error of this kind tells the user to do, in one way or another.
fn advice(kind: ErrorKind) -> &'static [&'static str] {
    match kind {
        ErrorKind::InvalidUrl => &["write it", "leave it out", "spelled right?", "only http and https"],
        ErrorKind::InvalidHeader => &["trim what was read", "a name holds letters"],
        ErrorKind::InvalidRequest => &["a method is a word", "leave its length to the client"],
        ErrorKind::Resolve => &["spelled right", "is there a network?"],
        ErrorKind::Connect => &["does a server listen there?", "does it speak TLS on this port?"],
        ErrorKind::Tls => &[
            "add its root with",
            "must renew it",
            "is the URL's host right?",
            "give one with",
            "is this an http port?",
        ],
        ErrorKind::Timeout(Timeout::Connect) => &["raise it with connect_timeout()"],
        ErrorKind::Timeout(Timeout::Pool) => &["raise the limits on connections or pool_timeout()"],
        ErrorKind::Timeout(Timeout::Write) => &["raise it with write_timeout()"],
        ErrorKind::Timeout(Timeout::Head) => &["raise it with head_timeout()"],
        ErrorKind::Timeout(Timeout::Read) => &["raise it with read_timeout()"],
        ErrorKind::Timeout(Timeout::Total) => &["raise it with timeout()"],
        ErrorKind::Io | ErrorKind::Incomplete => &["send the request again"],
        ErrorKind::Protocol => &["does it speak HTTP/1.1?", "use https://", "raise it if you trust"],
        ErrorKind::Decode => &["decompress(false)"],
        ErrorKind::TooLarge => &["raise it with max_body_bytes()"],
        ErrorKind::Text => &["text() replaces them", "text() reads it as UTF-8"],
        ErrorKind::Json => &["text() shows what came"],
        ErrorKind::Redirect => &["max_redirects(0) gives", "set allow_https_to_http", "send bytes instead"],
        ErrorKind::TooManyRedirects => &["max_redirects(n) allows more"],
        // The status is the server's own advice.
        ErrorKind::Status => &["the server answered"],
        ErrorKind::Closed => &["make a new one"],
        ErrorKind::Body => &["look at what it is read from", "from_reader() needs none"],
        _ => &[],
    }
}

/// Checks what an error says: its kind, its words (over the whole chain), the host and what to do. A URL that is none
/// has no host, and is among the words.
#[track_caller]
fn check(error: &Error, kind: ErrorKind, words: &[&str]) {
    let text = format!("{error:#}");
    assert_eq!(error.kind(), kind, "{error:?}");
    for word in words {
        assert!(text.contains(word), "{word:?} should be in: {text}");
    }
    let advice = advice(kind);
    assert!(advice.iter().any(|word| text.contains(word)), "one of {advice:?} should be in: {text}");
    match error.url().map(|url| Url::parse(url).unwrap()) {
        // `data:` and `file:` have none.
        Some(url) => assert!(text.contains(url.host().unwrap_or(url.as_str())), "{url} should be in: {text}"),
        None => assert_eq!(kind, ErrorKind::InvalidUrl, "no request is named: {text}"),
    }
    // A chain does not say anything twice.
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        assert_eq!(text.matches(&cause.to_string()).count(), 1, "{cause} is said twice: {text}");
        source = cause.source();
    }
    assert!(text.len() < 600 && !text.contains(['\r', '\n', '\0', '\u{1b}']), "{text:?}");
}

#[test]
#[should_panic(expected = "should be in: GET http://h/: the body is not the JSON")]
fn what_gives_no_advice_is_found() {
    let error = Error::new(ErrorKind::Json, "the body is not the JSON that was asked for");
    check(&error.with_request("GET", "http://h/"), ErrorKind::Json, &["JSON"]);
}

#[test]
#[should_panic(expected = "no request is named: the body is not the JSON")]
fn what_names_no_host_is_found() {
    let error =
        Error::new(ErrorKind::Json, "the body is not the JSON that was asked for; text() shows what came");
    check(&error, ErrorKind::Json, &["JSON"]);
}

/// The client works.
#[track_caller]
fn check_usable<F: Flavour>(client: &F, server: &Server) {
    let response = F::send(client.get(&server.url("/good")));
    assert_eq!(response.unwrap_or_else(|error| panic!("no longer usable: {error:?}")).text(), "good");
}

/// What `ask` gives is an error that says this, and its URL.
#[track_caller]
fn check_fails<F: Flavour>(ask: Ask<F>, url: &str, kind: ErrorKind, words: &[&str]) -> Error {
    let error = F::send(ask).err().unwrap_or_else(|| panic!("{url} gave a response, not {kind:?}"));
    check(&error, kind, words);
    assert_eq!(error.url(), Some(url), "{error:?}");
    error
}

// ---- The request itself

fn requests_that_cannot_be<F: Flavour>() {
    use ErrorKind::{InvalidHeader, InvalidRequest, InvalidUrl};
    let server = Server::routes([]);
    let client = F::new();
    let url = server.url("/");
    let rows: Vec<(Ask<F>, ErrorKind, &[&str])> = vec![
        (
            client.get("example.com/x"),
            InvalidUrl,
            &["example.com/x", "it has no scheme", "https://host/path"],
        ),
        (client.get("/items"), InvalidUrl, &["/items", "give the client a base URL"]),
        (client.get(""), InvalidUrl, &["it has no scheme"]),
        (client.get("http://"), InvalidUrl, &["http://", "names no host", "https://host/path"]),
        (client.get("http://h:99999/"), InvalidUrl, &["http://h:99999/", "its port is", "leave it out"]),
        (client.get("http://a b/"), InvalidUrl, &["a b", "no valid name; is it spelled right?"]),
        (client.get("http://1.2.3.256/"), InvalidUrl, &["1.2.3.256", "no valid address; write it as"]),
        (client.get("http://me:s3cret@h:x/"), InvalidUrl, &["h:x"]),
        (client.get("ftp://h/x"), InvalidUrl, &["GET ftp://h/x", "ftp", "only http and https"]),
        (client.get("file:///etc/passwd"), InvalidUrl, &["file:///etc/passwd", "only http and https"]),
        (client.get("data:,x"), InvalidUrl, &["data:,x", "only http and https"]),
        (
            client.get(&url).header("X-Id", "1\r\nX-Evil: 2"),
            InvalidHeader,
            &["GET http", "X-Id", "at byte 1"],
        ),
        (client.get(&url).header("X-Id", "a\0"), InvalidHeader, &["X-Id", "0x00"]),
        (client.get(&url).header("X-Id", b"\x1b[2J"), InvalidHeader, &["X-Id"]),
        (client.get(&url).header("X Id", "1"), InvalidHeader, &["X Id", "no header name"]),
        (client.get(&url).header("X:", "1"), InvalidHeader, &["X:", "no header name"]),
        (client.get(&url).header("", "1"), InvalidHeader, &["no header name"]),
        (client.get(&url).header("X\r\nEvil", "1"), InvalidHeader, &["no header name"]),
        (client.get(&url).headers([("A", "1"), ("B", "2\n")]), InvalidHeader, &["GET http", "header B"]),
        (client.get(&url).bearer_auth("s3cret\n"), InvalidHeader, &["Authorization"]),
        (client.get(&url).secret_header("K", "s3cret\n"), InvalidHeader, &["header K"]),
        (client.request("GET /", &url), InvalidRequest, &["http://127.0.0.1", "GET /", "method"]),
        (client.request("", &url), InvalidRequest, &["method"]),
        (client.request("G\r\nX: y", &url), InvalidRequest, &["method"]),
        (
            client.post(&url).header("Content-Length", "4").body(F::bytes("abc")),
            InvalidRequest,
            &["4", "3", "leave its length"],
        ),
    ];
    for (ask, kind, words) in rows {
        let shown = format!("{ask:?}");
        let error = F::send(ask).unwrap_err();
        check(&error, kind, words);
        assert!(!format!("{error:?}{shown}").contains("s3cret"), "{error:?} {shown}");
    }
    assert!(server.take().is_empty());
    check_usable(&client, &server);

    // What the client is made with.
    for (made, kind) in [
        (F::make(|pool| pool, |client| client.url("h")), InvalidUrl),
        (F::make(|pool| pool, |client| client.header("A", "\n")), InvalidHeader),
        (F::make(|pool| pool, |client| client.headers([("A\n", "")])), InvalidHeader),
        (F::make(|pool| pool, |client| client.secret_header("A", "\n").url("h")), InvalidHeader),
    ] {
        assert_eq!(made.err().unwrap().kind(), kind);
    }
}

// ---- Connecting

fn nobody_there<F: Flavour>() {
    let server = Server::routes([]);
    let client = F::new();
    let words = ["GET http://nonexistent.invalid/", "resolve", "nonexistent.invalid", "spelled right"];
    let url = "http://nonexistent.invalid/";
    let error = check_fails::<F>(client.get(url), url, ErrorKind::Resolve, &words);
    assert!(error.is_connect() && error.request_sent() == Some(RequestSent::Nothing));

    // A port on which nobody listens: it has just been given back.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (url, tried) = (format!("http://127.0.0.1:{port}/"), format!("127.0.0.1:{port}"));
    let words = ["cannot connect to 127.0.0.1", &tried, "does a server listen there?", "refused"];
    let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Connect, &words);
    assert!(error.is_connect() && error.request_sent() == Some(RequestSent::Nothing));
    check_usable(&client, &server);
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn certificates<F: Flavour>() {
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let good = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    for (config, failure, words) in [
        (Authority::new().server("localhost"), TlsErrorKind::UnknownIssuer, &["localhost", "root(…)"][..]),
        (
            authority.server_until("localhost", 2020),
            TlsErrorKind::Expired,
            &["localhost", "expired", "renew"],
        ),
        (
            authority.server("other.example"),
            TlsErrorKind::WrongHost,
            &["for other.example, not localhost: is the URL's host right?"],
        ),
    ] {
        let server = Server::tls(config, |_| Reply::ok("never"));
        let url = server.url("/");
        let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Tls, words);
        assert_eq!(TlsErrorKind::find_in(&error), Some(failure));
        assert!(error.is_connect() && error.request_sent() == Some(RequestSent::Nothing));
        assert!(!error.is_transient());
        assert_eq!(server.take().len(), 0);
        check_usable(&client, &good);
    }
    // One that wants ours, too: in TLS 1.3 it says so when it has the request.
    let server = Server::tls(authority.server_for_known("localhost"), |_| Reply::ok("never"));
    let url = server.url("/");
    let words = &["wants a client certificate; give one with"];
    let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Tls, words);
    assert!(!error.is_transient() && !error.is_connect(), "{error:?}");
    check_usable(&client, &good);
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

/// What a server does that is being restarted, or what stands in front of it: that passes.
fn lost_in_the_handshake<F: Flavour>() {
    type End = fn(&mut TcpStream);
    let rows: [(End, &str); 2] = [
        // A socket that is closed with bytes unread resets the connection.
        (|socket| assert_eq!(socket.peek(&mut [0; 1]).unwrap(), 1), "failed during the TLS handshake"),
        (|socket| assert!(socket.read(&mut [0; 16 << 10]).unwrap() > 1), "closed the connection during"),
    ];
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let good = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    for (end, words) in rows {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://127.0.0.1:{}/", listener.local_addr().unwrap().port());
        let server = std::thread::spawn(move || end(&mut listener.accept().unwrap().0));
        let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Connect, &["127.0.0.1", words]);
        assert!(error.is_transient() && error.is_connect(), "{error:?}");
        assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
        server.join().unwrap();
        check_usable(&client, &good);
    }
}

fn tls_and_not_tls<F: Flavour>() {
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let tls = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    let plain = Server::new(|_| Reply::ok("never"));

    // The TLS server answers with an alert, which is no HTTP.
    let url = tls.url("/").replace("https", "http");
    let error = F::send(client.get(&url)).unwrap_err();
    check(&error, ErrorKind::Protocol, &[&url, "is no HTTP"]);

    // The plain server sees no request in the handshake, and waits for more of it.
    let url = plain.url("/").replace("http", "https");
    let words = ["TLS", "127.0.0.1"];
    check_fails::<F>(
        client.get(&url).connect_timeout(SHORT),
        &url,
        ErrorKind::Timeout(Timeout::Connect),
        &words,
    );

    // One that answers at once, as most do.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let answers = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 1024]);
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        let _ = socket.read(&mut [0; 1024]);
    });
    check_fails::<F>(client.get(&url), &url, ErrorKind::Tls, &["127.0.0.1", "is this an http port?"]);
    answers.join().unwrap();
    check_usable(&client, &tls);
}

/// An alert is two bytes that begin no HTTP: `\x15\x03`.
fn http_to_a_tls_port_is_told_so<F: Flavour>() {
    let tls = Server::tls(Authority::new().server("localhost"), |_| Reply::ok("never"));
    let url = tls.url("/").replace("https", "http");
    check_fails::<F>(F::new().get(&url), &url, ErrorKind::Protocol, &["TLS", "https"]);
}

// ---- Time

fn timeouts<F: Flavour>() {
    let deaf = Server::deaf();
    let server = Server::routes([
        ("/silent", Reply::Hang(Vec::new())),
        ("/head", Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Le".into())),
        ("/interim", Reply::Hang(b"HTTP/1.1 103 Early Hints\r\n\r\n".into())),
        ("/body", Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into())),
        ("/chunked", Reply::Hang(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel".into())),
    ]);
    let secure = deaf.url("/").replace("http", "https");
    let [silent, head, interim, body, chunked] =
        ["/silent", "/head", "/interim", "/body", "/chunked"].map(|path| server.url(path));
    let deaf = deaf.url("/");
    // Over new connections: those that are used again have a test of their own.
    let c = F::pooled(|pool| pool.max_idle_connections(0));
    let large = || F::bytes(vec![0; 64 << 20]);
    let rows = [
        (c.get(&secure).connect_timeout(SHORT), &secure, Timeout::Connect, RequestSent::Nothing),
        (c.put(&deaf).body(large()).write_timeout(SHORT), &deaf, Timeout::Write, RequestSent::Partial),
        (c.put(&deaf).body(large()).timeout(SHORT), &deaf, Timeout::Total, RequestSent::Partial),
        (c.get(&silent).head_timeout(SHORT), &silent, Timeout::Head, RequestSent::Complete),
        (c.get(&silent).timeout(SHORT), &silent, Timeout::Total, RequestSent::Complete),
        (c.get(&head).head_timeout(SHORT), &head, Timeout::Head, RequestSent::Complete),
        (c.get(&interim).head_timeout(SHORT), &interim, Timeout::Head, RequestSent::Complete),
        (c.get(&body).read_timeout(SHORT), &body, Timeout::Read, RequestSent::Complete),
        (c.get(&body).timeout(SHORT), &body, Timeout::Total, RequestSent::Complete),
        (c.get(&chunked).read_timeout(SHORT), &chunked, Timeout::Read, RequestSent::Complete),
    ];
    for (ask, url, timeout, sent) in rows {
        let words = ["within 200ms", &format!("the {timeout} timeout")];
        let error = check_fails::<F>(ask, url, ErrorKind::Timeout(timeout), &words);
        assert!(error.is_timeout());
        assert_eq!(error.timeout(), Some(SHORT));
        assert_eq!(error.request_sent(), Some(sent), "{error:?}");
        check_usable(&c, &server);
    }

    // The pool's: another request has the only connection.
    let narrow = F::pooled(|pool| pool.max_connections(1));
    let held = F::stream(narrow.get(&body)).unwrap();
    let good = server.url("/good");
    for (ask, timeout) in [
        (narrow.get(&good).pool_timeout(SHORT), Timeout::Pool),
        (narrow.get(&good).timeout(SHORT), Timeout::Total),
    ] {
        let words = ["within 200ms", &format!("the {timeout} timeout")];
        let error = check_fails::<F>(ask, &good, ErrorKind::Timeout(timeout), &words);
        assert_eq!((error.timeout(), error.request_sent()), (Some(SHORT), Some(RequestSent::Nothing)));
    }
    drop(held);
    check_usable(&narrow, &server);
}

fn a_timeout_is_no_reason_to_send_again<F: Flavour>() {
    let server = Server::routes([("/silent", Reply::Hang(Vec::new()))]);
    let client = F::new();
    let url = server.url("/silent");
    for (closed, ask, timeout) in [
        (1, client.get(&url).head_timeout(SHORT), Timeout::Head),
        (2, client.get(&url).timeout(SHORT), Timeout::Total),
    ] {
        check_usable(&client, &server);
        server.take();
        let error = check_fails::<F>(ask, &url, ErrorKind::Timeout(timeout), &["within 200ms"]);
        // By then it has read whatever was sent, however busy the machine is.
        server.wait_for_closed(closed);
        server.take_one();
        assert_eq!(error.request_sent(), Some(RequestSent::Complete));
    }
}

fn nothing_was_sent_before_there_was_a_connection<F: Flavour>() {
    let url = Server::deaf().url("/").replace("http", "https");
    let total = ErrorKind::Timeout(Timeout::Total);
    let error = check_fails::<F>(F::new().get(&url).timeout(SHORT), &url, total, &["within 200ms"]);
    assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
}

/// What has come is handed out before the error.
fn a_timeout_in_a_streamed_body<F: Flavour>() {
    let server =
        Server::routes([("/body", Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into()))]);
    let client = F::new();
    let asks = [
        (client.get(&server.url("/body")).read_timeout(SHORT), Timeout::Read, "within 200ms"),
        (client.get(&server.url("/body")).timeout(LONGER), Timeout::Total, "within 1s"),
    ];
    for (ask, timeout, within) in asks {
        let mut streamed = F::stream(ask).unwrap();
        let (bytes, result) = F::drain(&mut streamed);
        assert_eq!(bytes, b"hel");
        let error = result.unwrap_err();
        check(&error, ErrorKind::Timeout(timeout), &["GET", &server.url("/body"), within]);
        // What has failed stays failed.
        assert!(F::read_some(&mut streamed, 10).is_err());
        drop(streamed);
        check_usable(&client, &server);
    }
}

fn no_timeout_passes_that_should_not<F: Flavour>() {
    let server = Server::routes([]);
    let never = httpx::Timeouts::NEVER;
    let client = F::new();
    for ask in [
        client.get(&server.url("/")).timeout(never),
        client.get(&server.url("/")).connect_timeout(never).pool_timeout(never).head_timeout(never),
        client.get(&server.url("/")).write_timeout(never).read_timeout(never),
    ] {
        assert_eq!(F::send(ask).unwrap().text(), "good");
    }
    // The head's time is that of the head.
    let mut streamed = F::stream(client.get(&server.url("/")).head_timeout(LONGER)).unwrap();
    std::thread::sleep(LONGER);
    assert_eq!(F::drain(&mut streamed).0, b"good");
}

fn closed<F: Flavour>() {
    let client = F::new();
    client.close();
    let url = "http://nonexistent.invalid/";
    let error = check_fails::<F>(client.get(url), url, ErrorKind::Closed, &["closed", "make a new one"]);
    assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
    let error = F::stream(client.get(url)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Closed);
}

// ---- Redirects

fn redirects<F: Flavour>() {
    let server = Server::routes([
        ("/loop", Reply::redirect("302 Found", "/loop")),
        ("/ftp", Reply::redirect("302 Found", "ftp://h/x")),
        ("/file", Reply::redirect("302 Found", "file:///etc/passwd")),
        ("/script", Reply::redirect("302 Found", "javascript:alert(1)")),
        ("/no-url", Reply::redirect("302 Found", "//[::g]/")),
        ("/refused", Reply::redirect("302 Found", "http://127.0.0.1:1/")),
        ("/again", Reply::redirect("307 Temporary Redirect", "/good")),
        ("/cut", Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into())),
        ("/503", Reply::full("503 Service Unavailable", "", "")),
        ("/to-loop", Reply::redirect("302 Found", "/loop")),
        ("/to-ftp", Reply::redirect("302 Found", "/ftp")),
        ("/to-cut", Reply::redirect("302 Found", "/cut")),
        ("/to-503", Reply::redirect("302 Found", "/503")),
        ("/to-good", Reply::redirect("302 Found", "/good")),
    ]);
    let client = F::new();
    let url = |path| server.url(path);

    let error = F::send(client.get(&url("/loop"))).unwrap_err();
    check(&error, ErrorKind::TooManyRedirects, &["GET", &url("/loop"), "more than 20 redirects"]);
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(error.response().unwrap().history().len(), 20);
    assert_eq!(error.response().unwrap().headers().get("Location").unwrap(), "/loop");
    let error = F::send(client.get(&url("/loop")).max_redirects(1)).unwrap_err();
    check(&error, ErrorKind::TooManyRedirects, &["more than 1 redirect"]);

    for (path, kind, words) in [
        ("/ftp", ErrorKind::Redirect, &["ftp://h/x", "neither http nor https"][..]),
        ("/file", ErrorKind::Redirect, &["file:///etc/passwd"]),
        ("/script", ErrorKind::Redirect, &["javascript:"]),
        ("/no-url", ErrorKind::Redirect, &["Location is no URL", "[::g]"]),
    ] {
        let error = check_fails::<F>(client.get(&url(path)), &url(path), kind, words);
        assert_eq!(error.response().unwrap().status(), 302);
        check_usable(&client, &server);
    }

    // The error of the last hop names that hop, and where it began; so do the later ones.
    let first = url("/refused");
    let error = F::send(client.get(&first)).unwrap_err();
    let words = format!("GET http://127.0.0.1:1/ (redirected from {first}): cannot connect");
    check(&error, ErrorKind::Connect, &[&words]);
    assert_eq!((error.url(), error.redirected_from()), (Some("http://127.0.0.1:1/"), Some(&*first)));
    for (path, kind, last) in [
        ("/to-loop", ErrorKind::TooManyRedirects, "/loop"),
        ("/to-ftp", ErrorKind::Redirect, "/ftp"),
        ("/to-cut", ErrorKind::Incomplete, "/cut"),
        ("/to-503", ErrorKind::Status, "/503"),
        ("/to-good", ErrorKind::Json, "/good"),
    ] {
        let ask = || client.get(&url(path));
        let sent = F::send(ask()).and_then(httpx::Response::error_for_status);
        let error = sent.and_then(|response| response.json::<bool>()).unwrap_err();
        check(&error, kind, &[&format!("GET {} (redirected from {}): ", url(last), url(path))]);
        assert_eq!(error.request_sent(), Some(RequestSent::Complete), "{error:?}");
        if path == "/to-cut" {
            let error = F::drain(&mut F::stream(ask()).unwrap()).1.unwrap_err();
            assert_eq!(error.redirected_from(), Some(&*url(path)));
        }
    }

    // A body that is gone.
    let ask = client.post(&url("/again")).body(F::reader(Cursor::new("abc")));
    let error = check_fails::<F>(ask, &url("/again"), ErrorKind::Redirect, &["reader", "send bytes instead"]);
    assert_eq!(error.response().unwrap().status(), 307);
    check_usable(&client, &server);

    // From https to http.
    let authority = Authority::new();
    let to = server.url("/good");
    let secure = {
        let to = to.clone();
        Server::tls(authority.server("localhost"), move |_| Reply::redirect("302 Found", &to))
    };
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let url = secure.url("/");
    let words = ["from https to", &to, "allow_https_to_http"];
    let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Redirect, &words);
    assert_eq!(error.response().unwrap().status(), 302);
    assert_eq!(F::send(client.get(&url).allow_https_to_http(true)).unwrap().text(), "good");
}

fn secrets_stay_at_home<F: Flavour>() {
    let other = Server::routes([]);
    let to = other.url("/there");
    let server = Server::new(move |_| Reply::redirect("302 Found", &to));
    let client = F::with(|client| client.secret_header("X-Client", "s3cret"));
    let ask = client
        .get(&server.url("/"))
        .basic_auth("me", "s3cret")
        .secret_header("X-Key", "s3cret")
        .header("Cookie", "s3cret=1")
        .header("Host", "home.example")
        .header("X-Plain", "plain");
    F::send(ask).unwrap();
    let seen = other.take_one();
    assert!(!seen.text().contains("s3cret") && seen.header("Authorization").is_none(), "{}", seen.text());
    assert_eq!(seen.header("X-Plain").unwrap(), "plain");
    assert_eq!(seen.header("Host").unwrap(), other.authority());
}

// ---- What the server says

/// Sends `GET /bad` to a server that answers with these bytes and then ends the connection.
fn ask_for<F: Flavour>(client: &F, reply: Reply) -> (Server, Ask<F>, String) {
    let server = Server::new(move |seen| match &*seen.target() {
        "/bad" => reply.clone(),
        _ => Reply::ok("good"),
    });
    let url = server.url("/bad");
    let ask = client.get(&url);
    (server, ask, url)
}

fn malformed_heads<F: Flavour>() {
    use ErrorKind::{Incomplete, Protocol};
    let client = F::new();
    let many_headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(300));
    let long_header = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "b".repeat(70_000));
    let interims = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100);
    let rows: &[(&[u8], ErrorKind, &[&str])] = &[
        (b"SSH-2.0-OpenSSH_9.6\r\n", Protocol, &["is no HTTP", "SSH-2.0-"]),
        (b"<html>hello</html>\r\n\r\n", Protocol, &["is no HTTP", "<html>"]),
        (b"\x15\x03\x03\0\x02\x02\x46", Protocol, &["is no HTTP"]),
        (b"HTTP/2 200 OK\r\n\r\n", Protocol, &["HTTP/2", "version"]),
        (b"HTTP/1.1 99 Low\r\n\r\n", Protocol, &[]),
        (b"HTTP/1.1 600 High\r\n\r\n", Protocol, &["600"]),
        (b"HTTP/1.1 2x0 OK\r\n\r\n", Protocol, &["start line"]),
        (b"HTTP/1.1  200 OK\r\n\r\n", Protocol, &[]),
        (b"HTTP/1.1 200 OK\r\nA b: c\r\n\r\n", Protocol, &["is no header"]),
        (b"HTTP/1.1 200 OK\r\nA : c\r\n\r\n", Protocol, &["is no header"]),
        (b"HTTP/1.1 200 OK\r\n: c\r\n\r\n", Protocol, &[]),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", Protocol, &["is no header"]),
        (b"HTTP/1.1 200 OK\r\n A: c\r\n\r\n", Protocol, &[]),
        (b"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", Protocol, &["CR"]),
        (b"HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", Protocol, &["control character"]),
        (b"HTTP/1.1 200 OK\r\nA: \x1b[2J\r\n\r\n", Protocol, &["control character"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Protocol, &["Content-Length", "-1"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", Protocol, &["Content-Length"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello", Protocol, &["Content-Length"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", Protocol, &["Content-Length"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", Protocol, &["5 and 6"]),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Protocol, &["Transfer-Encoding"]),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Protocol, &["Transfer-Encoding"]),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", Protocol, &["Transfer-Encoding"]),
        (b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Protocol, &["HTTP/1.0"]),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Protocol, &["without being asked"]),
        (many_headers.as_bytes(), Protocol, &["header_count", "256"]),
        (long_header.as_bytes(), Protocol, &["head_bytes", "65536"]),
        (interims.as_bytes(), Protocol, &["interim_count", "16"]),
        (b"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", Protocol, &["empty_lines", "8"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", Incomplete, &["cut short", "inside the head"]),
        (b"HTTP/1.1 2", Incomplete, &["inside the head"]),
        (b"H", Incomplete, &["inside the head"]),
    ];
    for (bytes, kind, words) in rows {
        let (server, ask, url) = ask_for(&client, Reply::Close(bytes.to_vec()));
        let error = F::send(ask).err().unwrap_or_else(|| panic!("{:?}", bytes.escape_ascii().to_string()));
        check(&error, *kind, words);
        assert_eq!(error.url(), Some(&*url));
        assert_eq!(error.request_sent(), Some(RequestSent::Complete));
        check_usable(&client, &server);
        assert_eq!(server.opened(), 2, "{error}: such a connection is not used again");
    }

    // Without an end.
    let status = b"HTTP/1.1 200 OK\r\n".to_vec();
    for (first, again, words) in [
        (status.clone(), b"A: b\r\n".to_vec(), "limit"),
        (status.clone(), b"x".repeat(100), "head_bytes"),
        (status, b"A: b\r\n c\r\n".to_vec(), "limit"),
        (Vec::new(), b"\r\n".to_vec(), "empty_lines"),
        (Vec::new(), b"HTTP/1.1 102 Processing\r\n\r\n".to_vec(), "interim_count"),
        (Vec::new(), b"HTTP/1.1 ".to_vec(), "head_bytes"),
    ] {
        let (server, ask, url) = ask_for(&client, Reply::Endless(first, again));
        check_fails::<F>(ask, &url, Protocol, &[words]);
        check_usable(&client, &server);
    }
}

fn what_is_odd_and_no_error<F: Flavour>() {
    let client = F::new();
    for (bytes, body) in [
        (&b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"[..], "ok"),
        (b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.0 200 OK\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok"),
        (b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n  c\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", "ok"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "ok",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2 \r\nok\r\n0;x=y\r\nA: b\r\n\r\n", "ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", ""),
        (b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: \xff\xfe\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", "ok"),
        (b"HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nok", "ok"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: x-unknown\r\nContent-Length: 2\r\n\r\nok", "ok"),
    ] {
        let (server, ask, _) = ask_for(&client, Reply::Close(bytes.to_vec()));
        let response = F::send(ask).unwrap_or_else(|error| panic!("{}: {error:?}", bytes.escape_ascii()));
        assert_eq!(response.text(), body, "{}", bytes.escape_ascii());
        check_usable(&client, &server);
    }
}

fn cut_bodies<F: Flavour>() {
    let client = F::new();
    let rows: [(&[u8], &[u8], ErrorKind, &[&str]); 11] = [
        (b"Content-Length: 5", b"hel", ErrorKind::Incomplete, &["cut short", "after 3 of 5 bytes"]),
        (b"Content-Length: 5", b"", ErrorKind::Incomplete, &["after 0 of 5 bytes"]),
        (b"Transfer-Encoding: chunked", b"", ErrorKind::Incomplete, &["chunk"]),
        (b"Transfer-Encoding: chunked", b"5\r\nhel", ErrorKind::Incomplete, &["chunk"]),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n", ErrorKind::Incomplete, &["before its last chunk"]),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n0\r\n", ErrorKind::Incomplete, &["trailers"]),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n0\r\nA: b\r\n", ErrorKind::Incomplete, &["trailers"]),
        (b"Transfer-Encoding: chunked", b"0x3\r\nhel\r\n0\r\n\r\n", ErrorKind::Protocol, &["chunk size"]),
        (b"Transfer-Encoding: chunked", b"-3\r\nhel\r\n0\r\n\r\n", ErrorKind::Protocol, &["chunk size"]),
        (b"Transfer-Encoding: chunked", b"fffffffffffffffff\r\n", ErrorKind::Protocol, &["chunk size"]),
        (
            b"Transfer-Encoding: chunked",
            b"3\r\nhello\r\n0\r\n\r\n",
            ErrorKind::Protocol,
            &["not followed by CRLF"],
        ),
    ];
    for (framing, body, kind, words) in rows {
        let bytes = [b"HTTP/1.1 200 OK\r\n", framing, b"\r\n\r\n", body].concat();
        let (server, ask, url) = ask_for(&client, Reply::Close(bytes.clone()));
        let error = check_fails::<F>(ask, &url, kind, words);
        assert_eq!(error.request_sent(), Some(RequestSent::Complete));
        check_usable(&client, &server);

        // Streamed: what came before is handed out, and the end is an error, again and again.
        let (server, ask, url) = ask_for(&client, Reply::Close(bytes));
        let mut streamed = F::stream(ask).unwrap();
        let (came, result) = F::drain(&mut streamed);
        assert!(came.is_empty() || came == b"hel", "{came:?}");
        let error = result.unwrap_err();
        check(&error, kind, words);
        assert_eq!((error.method(), error.url()), (Some("GET"), Some(&*url)));
        assert!(F::read_some(&mut streamed, 10).is_err());
        drop(streamed);
        check_usable(&client, &server);
    }
}

/// Piece by piece: what has come is handed out, and what has failed does not look like an end.
fn cut_chunks<F: Flavour>() {
    let gzipped = gzip(b"hello, hello, hello");
    let rows: [(&[u8], &[u8], ErrorKind); 4] = [
        (b"Content-Length: 5", b"hel", ErrorKind::Incomplete),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n", ErrorKind::Incomplete),
        (b"Transfer-Encoding: chunked", b"3\r\nhel\r\n0x3\r\n", ErrorKind::Protocol),
        (b"Content-Encoding: gzip", &gzipped[..gzipped.len() - 1], ErrorKind::Incomplete),
    ];
    for (framing, body, kind) in rows {
        let bytes = [b"HTTP/1.1 200 OK\r\n", framing, b"\r\n\r\n", body].concat();
        let client = F::new();
        let (server, ask, url) = ask_for(&client, Reply::Close(bytes));
        let mut streamed = F::stream(ask).unwrap();
        let mut came = Vec::new();
        let error = loop {
            match F::chunk(&mut streamed) {
                Ok(chunk) => came.extend_from_slice(&chunk.unwrap()),
                Err(error) => break error,
            }
        };
        assert!(came.is_empty() || came.starts_with(b"hel"), "{came:?}");
        check(&error, kind, &[]);
        assert_eq!((error.method(), error.url()), (Some("GET"), Some(&*url)));
        assert!(F::chunk(&mut streamed).is_err() && F::chunk(&mut streamed).is_err());
        drop(streamed);
        check_usable(&client, &server);
        assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
    }
}

fn cut_tls<F: Flavour>() {
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let until_close = b"HTTP/1.1 200 OK\r\n\r\nhello".to_vec();
    let known = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello".to_vec();
    let server = Server::tls(
        authority.server("localhost"),
        support::route([
            ("/clean", Reply::Close(until_close.clone())),
            ("/cut", Reply::Cut(until_close)),
            ("/known", Reply::Cut(known)),
        ]),
    );
    assert_eq!(F::send(client.get(&server.url("/clean"))).unwrap().text(), "hello");
    // Whose length is known has come whole.
    assert_eq!(F::send(client.get(&server.url("/known"))).unwrap().text(), "hello");
    let url = server.url("/cut");
    check_fails::<F>(client.get(&url), &url, ErrorKind::Incomplete, &["without TLS close_notify"]);
    check_usable(&client, &server);
}

fn no_response<F: Flavour>() {
    let client = F::new();
    let (server, ask, url) = ask_for(&client, Reply::Close(Vec::new()));
    let error = check_fails::<F>(ask, &url, ErrorKind::Io, &["the server closed the connection"]);
    assert_eq!(error.request_sent(), Some(RequestSent::Complete));
    check_usable(&client, &server);

    // A response that nobody asked for is not taken for the answer to the next request.
    let unasked = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    let bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood{unasked}");
    let (server, ask, _) = ask_for(&client, Reply::Keep(bytes.into()));
    assert_eq!(F::send(ask).unwrap().text(), "good");
    check_usable(&client, &server);
    assert_eq!(server.opened(), 2);
}

// ---- Bodies

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn coded(coding: &str, body: &[u8]) -> Reply {
    Reply::full("200 OK", &format!("Content-Encoding: {coding}\r\n"), body)
}

fn codings<F: Flavour>() {
    use ErrorKind::{Decode, Incomplete};
    let client = F::new();
    let whole = gzip(b"hello, hello, hello");
    let mut wrong_sum = whole.clone();
    *wrong_sum.iter_mut().rev().nth(5).unwrap() ^= 1;
    let four = "gzip, gzip, gzip, gzip";
    let rows: [(&str, &[u8], ErrorKind, &[&str]); 8] = [
        ("gzip", b"this is no gzip at all", Decode, &["gzip", "decompress(false)"]),
        ("gzip", &whole[..whole.len() - 9], Incomplete, &["(gzip)", "cut short"]),
        ("gzip", &whole[..whole.len() - 1], Incomplete, &["gzip"]),
        ("gzip", &whole[..5], Incomplete, &["gzip"]),
        ("gzip", &wrong_sum, Decode, &["gzip"]),
        ("deflate", b"\x78\x9c\xff\xff\xff\xff", Decode, &["deflate"]),
        ("deflate", &zlib(b"hello")[..5], Incomplete, &["deflate"]),
        (four, &whole, Decode, &["3"]),
    ];
    for (coding, body, kind, words) in rows {
        let words = [&["content coding"], words].concat();
        // The length is told, or the end of the connection is that of the body.
        let until_close = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
        let until_close = Reply::Close([until_close.as_bytes(), body].concat());
        for reply in [coded(coding, body), until_close] {
            let (server, ask, url) = ask_for(&client, reply.clone());
            let error = check_fails::<F>(ask, &url, kind, &words);
            assert_eq!(error.is_transient(), kind == Incomplete, "{error:?}");
            assert_eq!(error.request_sent(), Some(RequestSent::Complete));
            assert_eq!(error.to_string().contains("decompress(false)"), kind == Decode, "{error}");
            check_usable(&client, &server);

            // Streamed, the error comes with the head or behind what could be decoded.
            let (_server, ask, url) = ask_for(&client, reply);
            let error = match F::stream(ask) {
                Ok(mut streamed) => F::drain(&mut streamed).1.unwrap_err(),
                Err(error) => error,
            };
            check(&error, kind, &words);
            assert_eq!(error.url(), Some(&*url), "{error:?}");
        }
    }
    let twice = gzip(&gzip(b"hello"));
    for (coding, body) in [
        ("gzip", gzip(b"hello")),
        ("x-gzip", gzip(b"hello")),
        ("GZIP", gzip(b"hello")),
        ("gzip, gzip", twice),
        ("gzip", [gzip(b"hel"), gzip(b""), gzip(b"lo")].concat()),
        ("gzip", [&gzip(b"hello")[..], b"what follows is ignored"].concat()),
        ("deflate", zlib(b"hello")),
        ("identity", b"hello".to_vec()),
    ] {
        let (_server, ask, _) = ask_for(&client, coded(coding, &body));
        let response = F::send(ask).unwrap();
        assert_eq!(response.text(), "hello", "{coding}");
        assert_eq!(response.headers().contains("Content-Encoding"), coding == "identity");
    }
    // As it came.
    let (_server, ask, _) = ask_for(&client, coded("gzip", &whole));
    let response = F::send(ask.decompress(false)).unwrap();
    assert_eq!(response.headers().get("Content-Encoding").unwrap(), "gzip");
    assert_eq!(response.bytes(), &whole);
}

fn too_large<F: Flavour>() {
    let client = F::with(|client| client.max_body_bytes(4));
    let words = ["limit of 4 bytes", "raise it with max_body_bytes()", "stream the body"];
    for reply in [
        // Announced, and not read at all.
        Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".into()),
        Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n".into()),
        Reply::full("200 OK", "", "hello"),
        // Not announced.
        Reply::Close(b"HTTP/1.1 200 OK\r\n\r\nhello".into()),
        Reply::Keep(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n".into(),
        ),
        Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n".into(), b"x".repeat(1000)),
        // Once decoded.
        coded("gzip", &gzip(b"hello")),
    ] {
        let (server, ask, url) = ask_for(&client, reply);
        check_fails::<F>(ask, &url, ErrorKind::TooLarge, &words);
        check_usable(&client, &server);
    }
    let (_server, ask, _) = ask_for(&client, coded("gzip", &gzip(b"fine")));
    assert_eq!(F::send(ask).unwrap().text(), "fine");
    // A stream has no limit.
    let (_server, ask, _) = ask_for(&client, Reply::ok("hello"));
    assert_eq!(F::drain(&mut F::stream(ask).unwrap()).0, b"hello");
}

/// 1 GiB of zeros in 1 MiB: members of 1 MiB each.
fn bomb() -> Reply {
    let member = gzip(&vec![0; 1 << 20]);
    Reply::Endless(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".into(), member)
}

/// The most memory that this process has held, in KiB, where the system says it.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse().unwrap())
}

fn a_bomb_stops_early<F: Flavour>() {
    let client = F::new();
    let (server, ask, url) = ask_for(&client, bomb());
    let before = peak_memory();
    check_fails::<F>(ask.max_body_bytes(1 << 20), &url, ErrorKind::TooLarge, &["limit of 1048576 bytes"]);
    // Other tests run beside this one; some of them hold an upload of 64 MiB.
    assert!(peak_memory() < before + (200 << 10), "{before} KiB before, {} KiB after", peak_memory());
    check_usable(&client, &server);
}

fn a_streamed_bomb_takes_no_memory<F: Flavour>() {
    let client = F::new();
    let (server, ask, _) = ask_for(&client, bomb());
    let before = peak_memory();
    let mut streamed = F::stream(ask).unwrap();
    let mut read = 0;
    while read < 64 << 20 {
        let some = F::read_some(&mut streamed, 64 << 10).unwrap();
        assert!(!some.is_empty() && some.iter().all(|&byte| byte == 0));
        read += some.len();
    }
    assert!(peak_memory() < before + (200 << 10), "{before} KiB before, {} KiB after", peak_memory());
    // It has no end: it is dropped, which waits for nothing.
    drop(streamed);
    check_usable(&client, &server);
}

fn json_and_text<F: Flavour>() {
    type Order = std::collections::HashMap<String, Vec<std::collections::HashMap<String, f64>>>;
    let client = F::new();
    let rows: [(&str, &[&str]); 6] = [
        (r#"{"items": [{"price": 1}, {"price": "dear"}]}"#, &["items[1].price", "dear"]),
        (r#"{"items": [{"price": 1}"#, &["EOF", "line 1"]),
        (r#"{"items": []} more"#, &["follows the JSON"]),
        ("<html>", &["not the JSON", "line 1 column 1"]),
        ("", &["not the JSON"]),
        ("[", &["not the JSON"]),
    ];
    for (body, words) in rows {
        let (server, ask, url) = ask_for(&client, Reply::ok(body));
        let error = F::send(ask).unwrap().json::<Order>().unwrap_err();
        check(&error, ErrorKind::Json, words);
        assert_eq!(error.url(), Some(&*url));
        check_usable(&client, &server);
    }
    let rows: [(&str, &[u8], &[&str]); 4] = [
        ("text/plain; charset=utf-8", b"ab\xff", &["UTF-8", "2"]),
        ("text/plain", b"\xff", &["UTF-8", "0"]),
        ("text/plain; charset=shift_jis", b"abc\x81", &["Shift_JIS", "3"]),
        ("text/plain; charset=x-unknown", b"abc", &["x-unknown"]),
    ];
    for (content_type, body, words) in rows {
        let reply = Reply::full("200 OK", &format!("Content-Type: {content_type}\r\n"), body);
        let (_server, ask, url) = ask_for(&client, reply);
        let response = F::send(ask).unwrap();
        let error = response.text_strict().unwrap_err();
        check(&error, ErrorKind::Text, words);
        assert_eq!(error.url(), Some(&*url));
        assert!(!response.text().is_empty());
    }
}

// ---- The request's body

/// Gives three bytes, and then fails.
struct Failing(u8);

impl Read for Failing {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        match self.0 {
            0 => Err(std::io::Error::new(std::io::ErrorKind::NotFound, "the disk is gone")),
            _ => {
                self.0 -= 1;
                buf[0] = b'x';
                Ok(1)
            }
        }
    }
}

fn request_bodies<F: Flavour>() {
    let server = Server::routes([]);
    let client = F::new();
    let url = server.url("/");
    let rows = [
        (F::reader(Failing(3)), ErrorKind::Body, &["POST", "body of the request", "the disk is gone"][..]),
        (F::reader(Failing(0)), ErrorKind::Body, &["the disk is gone"]),
        (F::sized_reader(Failing(3), 5), ErrorKind::Body, &["the disk is gone"]),
    ];
    for (body, kind, words) in rows {
        check_fails::<F>(client.post(&url).body(body), &url, kind, words);
        check_usable(&client, &server);
        assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
    }
    let error = F::send(client.post(&url).body(F::sized_reader(Cursor::new("abc"), 5))).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Body | ErrorKind::InvalidRequest), "{error:?}");
    check(&error, error.kind(), &["POST", &url, "after 3 of the 5 bytes"]);
    check_usable(&client, &server);
    // What a reader gives beyond its length is not read.
    server.take();
    F::send(client.post(&url).body(F::sized_reader(Failing(3), 3))).unwrap();
    assert_eq!(server.take_one().body(), b"xxx");
}

/// What is refused early is delivered, and the rest of the body is not sent.
fn answered_before_it_is_sent<F: Flavour>() {
    let server = Server::hasty(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
    let client = F::new();
    let body = F::sized_reader(Failing(0), 5);
    let ask = client.put(&server.url("/")).header("Expect", "100-continue").body(body);
    let response = F::send(ask).unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (417, "no"));
    assert_eq!(client.shown(), "<Client [0 active]>");
}

fn answered_while_it_is_sent<F: Flavour>() {
    let server = Server::hasty(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    let client = F::new();
    for body in [F::reader(std::io::repeat(0)), F::sized_reader(std::io::repeat(0), 1 << 40)] {
        let ask = client.put(&server.url("/")).body(body).timeout(Duration::from_secs(5));
        let response = F::send(ask).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!((response.status().as_u16(), &*response.text()), (413, "no"));
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}

/// An error survives code that knows only I/O errors: a download is uploaded, and the download breaks.
fn through_io_and_back<F: Flavour>() {
    let (client, server) = (F::new(), Server::routes([]));
    let (_source, ask, url) =
        ask_for(&client, Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into()));
    let mut streamed = F::stream(ask).unwrap();
    let (_, result) = F::drain(&mut streamed);
    let io = std::io::Error::from(result.unwrap_err());
    assert_eq!(io.kind(), std::io::ErrorKind::UnexpectedEof);
    let error = Error::from_io(io, "copying");
    check(&error, ErrorKind::Incomplete, &["after 3 of 5 bytes"]);
    assert_eq!(error.url(), Some(&*url));

    // Through the request's body.
    struct Broken(Option<Error>);
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(self.0.take().unwrap().into())
        }
    }
    let body = F::reader(Broken(Some(error)));
    let error = F::send(client.post(&server.url("/")).body(body)).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Body | ErrorKind::Incomplete), "{error:?}");
    check(&error, error.kind(), &["after 3 of 5 bytes"]);
    check_usable(&client, &server);
}

mod copied {
    use crate::support::written_once::written_once;

    written_once! {
        use flavour::{Client, Error, ErrorKind};

        use crate::check;
        use crate::support::{Reply, Server};

        #[test]
        async fn from_a_streamed_body() {
            let short = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel";
            let server = Server::new(|_| Reply::Close(short.to_vec()));
            let url = server.url("/");
            let mut response = Client::new().get(&url).stream().await.unwrap();
            let failed = io::copy(&mut response, &mut io::sink()).await.unwrap_err();
            let error = Error::from_io(failed, "copying");
            check(&error, ErrorKind::Incomplete, &["GET", &url, "after 3 of 5 bytes"]);
        }
    }
}

/// What is left of a short body that is dropped is taken if it is there; nothing is waited for, on no runtime.
#[cfg(feature = "async")]
#[test]
fn dropped_outside_its_runtime() {
    let half = Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into());
    let server = Server::routes([("/half", half)]);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    // The timer is there already if the head was waited for: mostly, but not each time.
    for _ in 0..500 {
        let client = httpx::ahttpx::Client::new();
        let response = runtime.block_on(async {
            client.get(server.url("/good")).send().await.unwrap();
            client.get(server.url("/half")).stream().await.unwrap()
        });
        drop(response);
        assert_eq!(format!("{client:?}"), "<Client [0 active]>");
    }
}
