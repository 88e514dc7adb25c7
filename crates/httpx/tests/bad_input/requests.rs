//! Requests that cannot be sent.

use httpx::ErrorKind;

use crate::support::flavour::Ask;
use crate::support::{Flavour, Server, both_flavours};
use crate::{check, check_usable};

both_flavours!(invalid_requests,);

fn invalid_requests<F: Flavour>() {
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
        (client.get("http://"), InvalidUrl, &["http://", "has no host", "https://host/path"]),
        (client.get("http://h:99999/"), InvalidUrl, &["http://h:99999/", "its port is", "leave it out"]),
        (client.get("http://a b/"), InvalidUrl, &["a b", "not a valid name; is it spelled right?"]),
        (client.get("http://1.2.3.256/"), InvalidUrl, &["1.2.3.256", "not a valid address; write it as"]),
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
        (client.get(&url).header("X Id", "1"), InvalidHeader, &["X Id", "is not a header name"]),
        (client.get(&url).header("X:", "1"), InvalidHeader, &["X:", "is not a header name"]),
        (client.get(&url).header("", "1"), InvalidHeader, &["is not a header name"]),
        (client.get(&url).header("X\r\nEvil", "1"), InvalidHeader, &["is not a header name"]),
        (client.get(&url).without_header("X-Id\n"), InvalidHeader, &["GET http", "is not a header name"]),
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

    // Settings of the client.
    for (made, kind) in [
        (F::make(|pool| pool, |client| client.url("h")), InvalidUrl),
        (F::make(|pool| pool, |client| client.header("A", "\n")), InvalidHeader),
        (F::make(|pool| pool, |client| client.headers([("A\n", "")])), InvalidHeader),
        (F::make(|pool| pool, |client| client.secret_header("A", "\n").url("h")), InvalidHeader),
    ] {
        assert_eq!(made.err().unwrap().kind(), kind);
    }
}
