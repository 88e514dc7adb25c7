//! Errors and `Debug` output: no secrets, no control characters.

use httpx::cookies::{Cookie, CookieJar};
use httpx::{Headers, Url};

use crate::support::flavour::BodyOf;
use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{bad, printable};

both_flavours!(secrets_are_not_shown_anywhere, text_of_the_server_is_escaped,);

fn secrets_are_not_shown_anywhere<F: Flavour>() {
    let server = Server::new(|seen| match &*seen.target() {
        "/loop" => Reply::redirect("302 Found", "/loop"),
        "/login" => Reply::redirect("302 Found", "http://me:s3cret@127.0.0.1:1/"),
        "/ftp" => Reply::redirect("302 Found", "ftp://me:s3cret@h/"),
        "/no-url" => Reply::redirect("302 Found", "http://me:s3cret@h:x/"),
        "/no-http" => Reply::Close(b"s\x1b[2J".to_vec()),
        "/cut" => Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".to_vec()),
        _ => Reply::full("401 No", "Set-Cookie: a=s3cret\r\n", ""),
    });
    let jar = CookieJar::new();
    jar.insert(Cookie::new("a", "s3cret", "127.0.0.1")).unwrap();
    let mut shown = Vec::new();
    let client = F::with(|client| {
        let client = client
            .url(server.url("/").replace("//", "//me:s3cret@"))
            .secret_header("X-Client", "s3cret")
            .header("Authorization", "s3cret")
            .cookie_jar(jar.clone());
        shown.push(format!("{client:?} {client:#?}"));
        client
    });
    shown.push(format!("{jar:?} {:?} {:?}", jar.cookies(), client.shown()));
    for path in ["/", "/loop", "/login", "/ftp", "/no-url", "/no-http", "/cut"] {
        let ask = client.post(path).basic_auth("me", "s3cret").form([("password", "s3cret")]);
        shown.push(format!("{ask:?} {ask:#?}"));
        match F::send(ask) {
            Ok(response) => {
                let head = response.head().clone();
                shown.push(format!("{response:?} {head:?} {head:#?} {:?}", head.request()));
                let error = response.error_for_status().unwrap_err();
                shown.push(format!("{error} {error:?} {error:#?} {:?}", error.response()));
            }
            Err(error) => {
                shown.push(format!("{error} {error:#} {error:?} {error:#?} {:?}", error.url()));
                let io = std::io::Error::from(error);
                shown.push(format!("{io} {io:?}"));
            }
        }
    }
    let url = Url::parse("http://me:s3cret@h/").unwrap();
    shown.push(format!("{url:?} {:?}", url.redacted()));
    let request =
        httpx_core::Request::<BodyOf<F>>::new("GET", &url).unwrap().with_header("Cookie", "s3cret").unwrap();
    let request = request.with_content(httpx::Form([("a", "s3cret")])).unwrap();
    shown.push(format!("{request:?} {:?} {:?} {:?}", request.head(), request.headers(), request.body()));
    let headers =
        Headers::try_from([("authorization", "s3cret"), ("SET-COOKIE", "s3cret"), ("Cookie", "s3cret")]);
    shown.push(format!("{headers:?} {:?}", headers.as_ref().unwrap().iter()));
    for text in shown {
        assert!(!text.contains("s3cret") && !text.contains("czNjcmV0") && !text.contains('\x1b'), "{text}");
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Strict {
    kind: Kind,
}

#[derive(Debug, serde::Deserialize)]
enum Kind {
    Good,
}

/// Errors are printed to terminals and logs: they hold no control sequences and are short.
fn text_of_the_server_is_escaped<F: Flavour>() {
    type Map = std::collections::HashMap<String, u8>;
    const ESC: &str = r"\u001b[2J\r\nInjected: 1";
    let long = "x".repeat(1 << 20);
    for body in [
        format!(r#"{{"{ESC}": 1}}"#),
        format!(r#"{{"kind": "{ESC}"}}"#),
        format!(r#"{{"kind": {{"{ESC}": 1}}}}"#),
        format!(r#"{{"{ESC}": "x"}}"#),
        format!(r#""{ESC}""#),
        format!(r#"{{"{long}": "x"}}"#),
        format!(r#"{{"kind": "{long}"}}"#),
        format!(r#""{long}""#),
    ] {
        let server = bad(Reply::full("200 OK", "", &body));
        let response = F::send(F::new().get(&server.url("/bad"))).unwrap();
        for error in [response.json::<Strict>().err(), response.json::<Map>().err()].into_iter().flatten() {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            for text in [error.to_string(), format!("{error:#}"), format!("{error:?}"), source] {
                assert!(printable(&text) && text.len() < 2000, "{} bytes: {text:.200}", text.len());
            }
        }
    }
    // In heads.
    let rows: Vec<Vec<u8>> = vec![
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=\"\xc2\x9b2J\"\r\nContent-Length: 1\r\n\r\n\xff".to_vec(),
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset={}\r\nContent-Length: 1\r\n\r\nx", "x".repeat(60_000)).into(),
        b"HTTP/1.1 500 \xc2\x9b2J\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 302 \xc2\x9b2J\r\nLocation: x:\xc2\x9b2J\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 302 Found\r\nLocation: http://\xc2\x9b2J:x/\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: \xc2\x9b2J\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: \xc2\x9b2J\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: \xc2\x9b2J\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\n\xc2\x9b2J: 1\r\n\r\n".to_vec(),
        b"\xc2\x9b2J".to_vec(),
    ];
    for bytes in rows {
        let server = bad(Reply::Close(bytes.clone()));
        let error = match F::send(F::new().get(&server.url("/bad"))) {
            Ok(response) => {
                assert!(printable(response.reason()));
                let text = response.text_strict().err();
                let Some(error) = text.or_else(|| response.error_for_status().err()) else { continue };
                error
            }
            Err(error) => error,
        };
        let text = format!("{error:?}");
        assert!(printable(&text) && text.len() < 2000, "{} bytes: {text:.200}", text.len());
    }
}
