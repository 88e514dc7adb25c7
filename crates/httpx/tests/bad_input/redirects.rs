//! Redirects that are not followed.

use std::io::Cursor;

use httpx::ErrorKind;
use httpx::models::RequestSent;

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{check, check_fails, check_usable};

both_flavours!(
    redirects,
    credentials_stay_at_their_origin,
    bodies_of_closing_redirects_are_not_awaited,
    redirects_in_too_many_content_codings,
);

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

    // A body that was consumed.
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

fn credentials_stay_at_their_origin<F: Flavour>() {
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

/// The body of each redirect never arrives, and its connection closes or it announces too many bytes, so a drain would
/// be useless. With one second for each drain, these hops would exceed the total timeout.
fn bodies_of_closing_redirects_are_not_awaited<F: Flavour>() {
    let client = F::new();
    for rest in ["Connection: close\r\nContent-Length: 10\r\n", "Content-Length: 1000000000\r\n", ""] {
        let hop = format!("HTTP/1.1 302 Found\r\nLocation: /loop\r\n{rest}\r\nx");
        let server = Server::routes([("/loop", Reply::Hang(hop.into_bytes()))]);
        let ask = client.get(&server.url("/loop")).timeout(std::time::Duration::from_secs(10));
        assert_eq!(F::send(ask).unwrap_err().kind(), ErrorKind::TooManyRedirects, "{rest}");
    }
}

/// Nobody reads the body of a redirect, so it need not be decoded. It is drained as it is, and its connection is reused.
/// Only the last response fails, and only when its body is read.
fn redirects_in_too_many_content_codings<F: Flavour>() {
    const FOUR: &str = "Content-Encoding: gzip, gzip, gzip, gzip\r\n";
    let coded = |status: &str, lines: &str| Reply::full(status, &format!("{FOUR}{lines}"), "this is no gzip");
    let server = Server::routes([
        ("/old", coded("301 Moved Permanently", "Location: /older\r\n")),
        ("/older", coded("307 Temporary Redirect", "Location: /good\r\n")),
        ("/to-coded", coded("302 Found", "Location: /coded\r\n")),
        ("/coded", coded("200 OK", "")),
    ]);
    let client = F::new();
    let response = F::send(client.post(&server.url("/old"))).unwrap();
    assert_eq!((response.text(), response.history().len()), ("good".into(), 2));
    for head in response.history() {
        assert_eq!(head.headers().get("Content-Encoding").unwrap(), "gzip, gzip, gzip, gzip");
    }
    let last = server.url("/coded");
    let mut streamed = F::stream(client.get(&server.url("/to-coded"))).unwrap();
    assert_eq!(
        (F::head(&streamed).status().as_u16(), F::head(&streamed).url().unwrap().as_str()),
        (200, &*last)
    );
    let words = ["more than 3 content codings", &*last];
    check(&F::read_some(&mut streamed, 10).unwrap_err(), ErrorKind::Decode, &words);
    drop(streamed);
    check_usable(&client, &server);
    let connections = server.take().into_iter().map(|seen| seen.connection).collect::<Vec<_>>();
    assert!(connections[..5].iter().all(|&connection| connection == 0), "{connections:?}");
}
