//! `Expect: 100-continue`: when it is sent, what the body waits for, and the second request after a 417.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

mod support;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use httpx::ErrorKind;
use httpx::models::{self, RequestSent, Timeout};
use httpx::network::{CloseCause, Proxy};
use httpx_testing::{Act, PATIENCE, Script, ScriptedServer, answer, send, serve};
use support::flavour::{Ask, BodyOf};
use support::{Flavour, both_flavours};

both_flavours! {
    responses,
    bodies,
    bodies_that_were_sent,
    a_second_417_is_delivered,
    a_417_without_its_body,
    failures_after_a_417,
    the_total_timeout_holds,
    redirects,
    a_forwarding_proxy,
    a_tunnel,
    settings_of_client_and_request,
    an_own_header,
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
const NO: &str = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno";
const HEADER: &str = "\r\nExpect: 100-continue\r\n";

/// Answers the head of a request, and reads on until the client leaves: the body would be received.
fn answer_head(text: &str) -> Script {
    vec![Act::TakeHead, send(text), Act::Eof]
}

/// Sends a 100, and the response after the body.
fn agree(response: &str) -> Script {
    vec![Act::TakeHead, send(CONTINUE), Act::TakeBytes(5), send(response), Act::Eof]
}

/// What each connection has received, when all have ended.
fn received<F: Flavour>(server: &ScriptedServer, client: F) -> Vec<String> {
    drop(client);
    server.ended().into_iter().map(|record| String::from_utf8(record.received).unwrap()).collect()
}

fn put<F: Flavour>(client: &F, server: &ScriptedServer) -> Ask<F> {
    client.put(&server.url()).body(F::bytes("hello")).timeout(PATIENCE)
}

/// Each row: the scripts of the connections, the response, and for each connection whether it received the header and the
/// body.
fn responses<F: Flavour>() {
    let close = NO.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let hints = format!("HTTP/1.1 103 Early Hints\r\n\r\n{CONTINUE}");
    let hinted = vec![Act::TakeHead, send(hints), Act::TakeBytes(5), send(OK), Act::Eof];
    #[rustfmt::skip]
    let rows: [(Vec<Script>, u16, &str, &[(bool, bool)]); 9] = [
        (vec![agree(OK)], 200, "good", &[(true, true)]),
        (vec![hinted], 200, "good", &[(true, true)]),
        (vec![agree(NO), serve(OK)], 200, "good", &[(true, true), (false, true)]),
        (vec![answer_head(OK)], 200, "good", &[(true, false)]),
        (vec![answer_head("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")], 401, "", &[(true, false)]),
        (vec![answer_head("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")], 413, "no", &[(true, false)]),
        (vec![answer_head(NO), serve(OK)], 200, "good", &[(true, false), (false, true)]),
        (vec![answer_head(&close), serve(OK)], 200, "good", &[(true, false), (false, true)]),
        (vec![answer_head("HTTP/1.1 417 No\r\nConnection: close\r\n\r\nunbounded"), serve(OK)], 200, "good",
            &[(true, false), (false, true)]),
    ];
    for (n, (scripts, status, text, expected)) in rows.into_iter().enumerate() {
        let server = ScriptedServer::new(scripts);
        let client = F::new();
        let response = F::send(put(&client, &server).expect_continue().continue_timeout(PATIENCE)).unwrap();
        assert_eq!((response.status().as_u16(), &*response.text()), (status, text), "row {n}");
        let received = received(&server, client);
        let seen: Vec<_> =
            received.iter().map(|text| (text.contains(HEADER), text.ends_with("hello"))).collect();
        assert_eq!(seen, expected, "row {n}: {received:?}");
    }
    // No 100: the body follows when the time is up.
    let server = ScriptedServer::repeat(serve(OK));
    let client = F::new();
    let response = F::send(put(&client, &server).expect_continue().continue_timeout(Duration::ZERO)).unwrap();
    assert_eq!(response.text(), "good");
    assert!(received(&server, client)[0].contains(HEADER));
}

/// Of a body that was refused by its head not a byte has been read: also a reader is sent again.
fn bodies<F: Flavour>() {
    let path = std::env::temp_dir().join(format!("httpx-expect-{}-{}", F::NAME, std::process::id()));
    std::fs::write(&path, "hello").unwrap();
    let bodies: [(BodyOf<F>, bool); 5] = [
        (F::bytes("hello"), true),
        (F::reader(&b"hello"[..]), false),
        (F::sized_reader(&b"hello"[..], 5), true),
        (F::sized_reader(File::open(&path).unwrap(), 5), true),
        (F::reader(File::open(&path).unwrap()), false),
    ];
    for (body, is_sized) in bodies {
        let server = ScriptedServer::new([answer_head(NO), serve(OK)]);
        let client = F::new();
        let ask = client.post(&server.url()).body(body).expect_continue().continue_timeout(PATIENCE);
        assert_eq!(F::send(ask).unwrap().text(), "good");
        let closed = client.pool_stats().closed;
        assert_eq!((closed.total(), closed.by(CloseCause::RequestIncomplete)), (1, 1));
        let [first, second] = &received(&server, client)[..] else { panic!("two connections") };
        assert!(first.contains(HEADER) && first.ends_with("\r\n\r\n"), "{first}");
        let end = if is_sized { "\r\n\r\nhello" } else { "\r\nhello\r\n0\r\n\r\n" };
        assert!(!second.contains(HEADER) && second.ends_with(end), "{second}");
    }
    let server = ScriptedServer::new([answer_head(NO), serve(OK)]);
    let client = F::new();
    let ask = client.post(&server.url()).content(models::File::new(&path)).expect_continue();
    assert_eq!(F::send(ask.continue_timeout(PATIENCE)).unwrap().text(), "good");
    let [first, second] = &received(&server, client)[..] else { panic!("two connections") };
    assert!(first.ends_with("\r\n\r\n") && second.ends_with("\r\n\r\nhello"), "{first} {second}");
    std::fs::remove_file(path).unwrap();
}

/// A 417 after the body was sent: a body that can be sent twice is sent again.
fn bodies_that_were_sent<F: Flavour>() {
    let path = std::env::temp_dir().join(format!("httpx-expect-sent-{}-{}", F::NAME, std::process::id()));
    std::fs::write(&path, "hello").unwrap();
    type Put<F> = fn(Ask<F>, &Path) -> Ask<F>;
    let rows: [(Put<F>, u16); 3] = [
        (|ask, _| ask.body(F::bytes("hello")), 200),
        (|ask, path| ask.content(models::File::new(path)), 200),
        (|ask, _| ask.body(F::reader(&b"hello"[..])), 417),
    ];
    for (put, status) in rows {
        let server = ScriptedServer::new([vec![Act::Take, send(NO), Act::Eof], serve(OK)]);
        let client = F::new();
        let ask = put(client.post(&server.url()), &path).expect_continue().continue_timeout(Duration::ZERO);
        assert_eq!(F::send(ask).unwrap().status(), status);
        let received = received(&server, client);
        assert_eq!(received.len(), if status == 200 { 2 } else { 1 });
        assert!(received.iter().all(|text| text.contains("hello")), "{received:?}");
    }
    std::fs::remove_file(path).unwrap();
}

fn a_second_417_is_delivered<F: Flavour>() {
    let server = ScriptedServer::new([answer_head(NO), answer(NO)]);
    let client = F::new();
    let response = F::send(put(&client, &server).expect_continue()).unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (417, "no"));
    assert_eq!(received(&server, client).len(), 2);
}

/// Only the head of the 417 matters.
fn a_417_without_its_body<F: Flavour>() {
    let server = ScriptedServer::new([
        answer_head("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 1000000\r\n\r\nno"),
        serve(OK),
    ]);
    let client = F::new();
    assert_eq!(F::send(put(&client, &server).expect_continue()).unwrap().text(), "good");
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn failures_after_a_417<F: Flavour>() {
    let server = ScriptedServer::new([answer_head(NO), vec![Act::TakeHead, Act::Reset]]);
    let client = F::new();
    let error = F::send(put(&client, &server).expect_continue()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error:?}");
    assert_ne!(error.request_sent(), Some(RequestSent::Nothing));
    assert_eq!(client.shown(), "<Client [0 active]>");
}

fn the_total_timeout_holds<F: Flavour>() {
    let server = ScriptedServer::new([answer_head(NO), vec![Act::Eof]]);
    let client = F::new();
    let ask = put(&client, &server).expect_continue().timeout(Duration::from_millis(200));
    let error = F::send(ask).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total), "{error:?}");
    // The wait for a 100 ends with the call, too.
    let server = ScriptedServer::new([vec![Act::Eof]]);
    let ask = put(&client, &server).expect_continue().continue_timeout(PATIENCE);
    let error = F::send(ask.timeout(Duration::from_millis(200))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total), "{error:?}");
    assert_eq!(client.shown(), "<Client [0 active]>");
}

/// The body goes to the last server alone, and is announced to each.
fn redirects<F: Flavour>() {
    for (status, then) in [(307, true), (308, true), (303, false)] {
        let last = ScriptedServer::new([if then { agree(OK) } else { serve(OK) }]);
        let moved =
            format!("HTTP/1.1 {status} Moved\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", last.url());
        let first = ScriptedServer::new([answer_head(NO), vec![Act::Take, send(&moved)]]);
        let client = F::new();
        let ask = put(&client, &first).expect_continue().continue_timeout(PATIENCE);
        assert_eq!(F::send(ask).unwrap().text(), "good", "{status}");
        assert_eq!(received(&first, client.clone()).len(), 2);
        let text = &received(&last, client)[0];
        assert_eq!((text.contains(HEADER), text.ends_with("hello")), (then, then), "{status}: {text}");
    }
}

fn a_forwarding_proxy<F: Flavour>() {
    let proxy = ScriptedServer::new([answer_head(NO), serve(OK)]);
    let client = F::pooled(|pool| pool.proxy(Proxy::all(&proxy.url()).unwrap()));
    for _ in 0..2 {
        let ask = client.put("http://origin.test/").body(F::bytes("hello")).expect_continue();
        let response = F::send(ask.continue_timeout(PATIENCE));
        assert_eq!(response.unwrap().text(), "good");
    }
    let received = received(&proxy, client);
    assert!(received[0].contains(HEADER), "{received:?}");
    // The second connection belongs to a proxy that does not know the header.
    assert!(received[1].matches("PUT http://origin.test/").count() == 2, "{received:?}");
    assert!(!received[1].contains(HEADER), "{received:?}");
}

fn a_tunnel<F: Flavour>() {
    let origin = ScriptedServer::new([answer_head(NO), serve(OK)]);
    let open = "HTTP/1.1 200 OK\r\n\r\n";
    let proxy = ScriptedServer::repeat(vec![Act::TakeHead, send(open), Act::Relay(origin.addr())]);
    let client = F::pooled(|pool| pool.proxy(Proxy::all(&proxy.url()).unwrap().tunnel_http()));
    let ask = client.put("http://origin.test/").body(F::bytes("hello")).expect_continue();
    assert_eq!(F::send(ask.continue_timeout(PATIENCE)).unwrap().text(), "good");
    drop(client);
    for record in proxy.ended() {
        let head = String::from_utf8(record.received).unwrap();
        let (connect, _) = head.split_once("\r\n\r\n").unwrap();
        assert!(connect.starts_with("CONNECT ") && !connect.contains("Expect"), "{head}");
    }
    let received: Vec<_> = origin.ended().into_iter().map(|record| record.received).collect();
    assert!(!received[0].ends_with(b"hello") && received[1].ends_with(b"hello"));
}

fn settings_of_client_and_request<F: Flavour>() {
    let client = F::own(|client| client.no_proxy().expect_continue_above(4).continue_timeout(Duration::ZERO));
    let server = ScriptedServer::repeat(serve(OK));
    let put = |text: &'static str| client.put(&server.url()).body(F::bytes(text));
    let reader = || client.put(&server.url()).body(F::reader(&b"a"[..]));
    let rows = [
        (put("four"), false),
        (put("fives"), true),
        (put(""), false),
        (client.get(&server.url()), false),
        (reader(), true),
        (put("fives").no_expect_continue(), false),
        (reader().no_expect_continue(), false),
        (put("four").expect_continue(), true),
        (put("fives").expect_continue_above(5), false),
        (put("four").expect_continue_above(3), true),
        (put("fives").expect_continue().no_expect_continue(), false),
        (put("four").no_expect_continue().expect_continue(), true),
        (put("").expect_continue(), false),
        (put("fives").header("Upgrade", "h2c").header("Connection", "upgrade"), false),
    ];
    let count = || server.when(|records| !records.is_empty())[0].received.clone();
    let mut before = 0;
    for (n, (ask, expected)) in rows.into_iter().enumerate() {
        assert_eq!(F::send(ask).unwrap().text(), "good");
        let all = String::from_utf8(count()).unwrap();
        assert_eq!(all[before..].contains(HEADER), expected, "row {n}: {}", &all[before..]);
        before = all.len();
    }
    assert_eq!(server.connections(), 1);
}

/// The header of the user is sent as it is, and its 417 is delivered.
fn an_own_header<F: Flavour>() {
    let server = ScriptedServer::new([answer_head(NO)]);
    let client = F::new();
    let ask = put(&client, &server).header("Expect", "100-continue").expect_continue();
    assert_eq!(F::send(ask.continue_timeout(PATIENCE)).unwrap().status(), 417);
    let received = received(&server, client);
    assert_eq!(received[0].matches("Expect:").count(), 1);
}
