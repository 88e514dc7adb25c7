//! Bodies of requests that are compressed while they are sent.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "gzip", feature = "zstd"))]
#![allow(clippy::unwrap_used, clippy::type_complexity)] // helpers of tests are tests

mod support;

use std::io::Cursor;

use httpx::ErrorKind;
use httpx::models::Coding;
use support::flavour::{Ask, BodyOf};
use support::{Flavour, Reply, Seen, Server, both_flavours};

both_flavours!(bodies, empty_bodies, headers, redirects, codings_that_are_refused, builders_are_cloned,);

/// Answers with the body as it came, and its coding.
fn echo(seen: &Seen) -> Reply {
    let coding = seen
        .header("Content-Encoding")
        .map_or_else(String::new, |name| format!("Content-Encoding: {name}\r\n"));
    Reply::full("200 OK", &coding, seen.content())
}

fn text(lines: usize) -> String {
    (0..lines).map(|n| format!("line {n} of a text that compresses well\n")).collect()
}

fn bodies<F: Flavour>() {
    let (short, long) = (text(100), text(50_000));
    let rows: [(&str, fn(&str) -> BodyOf<F>, &str, bool); 8] = [
        ("bytes", |text| F::bytes(text.to_owned()), &short, true),
        ("many bytes", |text| F::bytes(text.to_owned()), &long, false),
        ("a reader", |text| F::reader(Cursor::new(text.to_owned())), &short, false),
        ("a long reader", |text| F::reader(Cursor::new(text.to_owned())), &long, false),
        (
            "a sized reader",
            |text| F::sized_reader(Cursor::new(text.to_owned()), text.len() as u64),
            &short,
            false,
        ),
        ("a reader without bytes", |text| F::reader(Cursor::new(text.to_owned())), "", false),
        ("a byte", |text| F::bytes(text.to_owned()), "x", true),
        ("noise", |text| F::bytes(text.to_owned()), "q9#Z\u{1}kP", true),
    ];
    let (server, client) = (Server::new(echo), F::new());
    for (case, body, text, has_length) in rows {
        for coding in [Coding::Gzip, Coding::Zstd] {
            let response = F::send(client.post(&server.url("/")).body(body(text)).compress(coding)).unwrap();
            assert!(response.text() == text, "{case}, {coding:?}");
            let seen = server.take_one();
            assert_eq!(seen.header("Content-Encoding").as_deref(), Some(coding.as_str()), "{case}");
            assert_eq!(seen.header("Content-Length").is_some(), has_length, "{case}");
            assert_eq!(seen.header("Transfer-Encoding").is_some(), !has_length, "{case}");
            assert!(text.len() < 1000 || seen.content().len() < text.len() / 4, "{case}");
        }
    }
    assert_eq!(server.opened(), 1);
}

fn empty_bodies<F: Flavour>() {
    let (server, client) = (Server::new(echo), F::new());
    let rows: [fn(Ask<F>) -> Ask<F>; 3] = [|ask| ask, |ask| ask.body(""), |ask| ask.body(F::bytes(""))];
    for set in rows {
        F::send(set(client.post(&server.url("/"))).compress(Coding::Gzip)).unwrap();
        let seen = server.take_one();
        assert_eq!(
            (seen.header("Content-Encoding"), seen.header("Content-Length")),
            (None, Some("0".into()))
        );
    }
}

fn headers<F: Flavour>() {
    let (server, client) = (Server::new(echo), F::new());
    // In either order, and with a length that is no longer true.
    let asks: [fn(Ask<F>) -> Ask<F>; 3] = [
        |ask| ask.body(text(100)).compress(Coding::Gzip),
        |ask| ask.compress(Coding::Zstd).compress(Coding::Gzip).body(text(100)),
        |ask| ask.body(text(100)).compress(Coding::Gzip).header("Content-Length", "4000"),
    ];
    for set in asks {
        let response = F::send(set(client.post(&server.url("/")))).unwrap();
        assert_eq!(response.text(), text(100));
        let seen = server.take_one();
        assert_eq!(seen.header("Content-Length"), Some(seen.content().len().to_string()));
    }
    // A body that is coded already is coded once more.
    let coded = support::encode::gzip(b"hello");
    let ask =
        client.post(&server.url("/")).body(coded).header("Content-Encoding", "gzip").compress(Coding::Zstd);
    let request = ask.try_clone().unwrap().build().unwrap();
    let lines = request.headers().get_all("Content-Encoding").map(|line| line.to_str().unwrap().to_owned());
    assert_eq!(lines.collect::<Vec<_>>(), ["gzip", "zstd"]);
}

fn redirects<F: Flavour>() {
    let server = Server::new(|seen| match seen.target().as_str() {
        "/307" => Reply::redirect("307 Temporary Redirect", "/echo"),
        "/303" => Reply::redirect("303 See Other", "/echo"),
        _ => echo(seen),
    });
    let client = F::new();
    for lines in [100, 20_000] {
        for coding in [Coding::Gzip, Coding::Zstd] {
            let ask = |path| client.post(&server.url(path)).body(text(lines)).compress(coding);
            assert!(F::send(ask("/307")).unwrap().text() == text(lines));
            assert_eq!(
                server.take().pop().unwrap().header("Content-Encoding").as_deref(),
                Some(coding.as_str())
            );
            assert_eq!(F::send(ask("/303")).unwrap().bytes().len(), 0);
            let last = server.take().pop().unwrap();
            assert_eq!((&*last.method(), last.header("Content-Encoding")), ("GET", None));
        }
    }
    // A reader can be sent once.
    let ask = client.post(&server.url("/307")).body(F::reader(Cursor::new("x"))).compress(Coding::Gzip);
    assert_eq!(F::send(ask).unwrap_err().kind(), ErrorKind::Redirect);
}

fn codings_that_are_refused<F: Flavour>() {
    let client = F::new();
    for coding in Coding::all().filter(|coding| !matches!(coding, Coding::Gzip | Coding::Zstd)) {
        let error = client.post("http://h/").body("x").compress(coding).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let expected = format!("POST http://h/: compress() cannot encode {}; use", coding.as_str());
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}

fn builders_are_cloned<F: Flavour>() {
    let (server, client) = (Server::new(echo), F::new());
    let ask = client.post(&server.url("/")).body(text(20_000)).compress(Coding::Zstd);
    for ask in [ask.try_clone().unwrap(), ask] {
        assert!(F::send(ask).unwrap().text() == text(20_000));
    }
}
