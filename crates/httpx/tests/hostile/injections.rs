//! Requests with line breaks, wrong lengths and odd hosts.

use std::time::Duration;

use httpx::models::Encoded;
use httpx::{Content, ErrorKind, Json, Url};

use crate::support::flavour::Ask;
use crate::support::{Flavour, Server, both_flavours};
use crate::{check_fine, printable};

both_flavours!(injections, wrong_lengths_of_the_request, odd_hosts,);

/// A content with any content type.
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

/// The length in the head is the length of the sent body, or nothing is sent.
fn wrong_lengths_of_the_request<F: Flavour>() {
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
