//! Methods, redirects, cookies and bodies.

use crate::support::{Flavour, Reply, Server, both_flavours};

both_flavours!(
    methods,
    redirects_and_cookies,
    the_shortcuts,
    the_quick_functions_keep_no_cookies,
    piece_by_piece,
);

fn methods<F: Flavour>() {
    let server = Server::new(|seen| match &*seen.method() {
        "HEAD" => Reply::Keep(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".into()),
        method => Reply::ok(method),
    });
    let client = F::new();
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "M-SEARCH", "get"] {
        let response = F::send(client.request(method, &server.url("/"))).unwrap();
        assert_eq!(response.text(), method);
        assert_eq!(server.take_one().method(), method);
    }
    let head = F::send(client.request("HEAD", &server.url("/"))).unwrap();
    assert_eq!((head.content_length(), head.bytes().len()), (Some(1000), 0));
    assert_eq!(server.opened(), 1);
}

fn redirects_and_cookies<F: Flavour>() {
    let login = Reply::full("303 See Other", "Location: /home\r\nSet-Cookie: id=1; Path=/\r\n", "");
    let server = Server::routes([("/login", login), ("/other", Reply::redirect("307", "/home#part"))]);
    let client = F::new();
    let response = F::send(client.post(&server.url("/login")).form([("user", "me")])).unwrap();
    assert_eq!(response.url().unwrap().as_str(), server.url("/home"));
    assert_eq!(response.history().len(), 1);
    assert_eq!(response.history()[0].status(), 303);
    let requests = server.take();
    assert_eq!((requests[0].method(), requests[0].header("Cookie")), ("POST".into(), None));
    assert_eq!((requests[1].method(), requests[1].header("Cookie")), ("GET".into(), Some("id=1".into())));
    assert_eq!(requests[1].header("Content-Type"), None);
    assert_eq!(requests[1].body(), b"");

    F::send(client.put(&server.url("/other")).body(F::bytes("again"))).unwrap();
    for request in server.take() {
        assert_eq!((request.method(), request.body()), ("PUT".into(), &b"again"[..]));
        assert_eq!(request.header("Cookie"), Some("id=1".into()));
    }
    // A `Cookie` header of the user replaces the jar's.
    F::send(client.get(&server.url("/")).header("Cookie", "mine=1")).unwrap();
    assert_eq!(server.take_one().header("Cookie"), Some("mine=1".into()));
    // The redirect itself.
    let response = F::send(client.get(&server.url("/other")).max_redirects(0)).unwrap();
    assert_eq!((response.status().as_u16(), response.history().len()), (307, 0));
    assert_eq!(server.opened(), 1);

    server.take();
    let careless = F::with(httpx::ClientBuilder::no_cookies);
    F::send(careless.get(&server.url("/login"))).unwrap();
    assert!(server.take().iter().all(|request| request.header("Cookie").is_none()));
}

fn the_shortcuts<F: Flavour>() {
    let server = Server::new(|seen| Reply::ok(if seen.method() == "HEAD" { "" } else { "body" }));
    let (client, url) = (F::new(), server.url("/"));
    for (method, of_client, quick) in F::shortcuts() {
        assert_eq!(F::send(of_client(&client, &url)).unwrap().status(), 200);
        assert_eq!(server.take_one().method(), method);
        assert_eq!(F::send(quick(&url)).unwrap().status(), 200);
        assert_eq!(server.take_one().method(), method);
    }
    // A client's own, and one that the process shares.
    assert_eq!(server.opened(), 2);
}

fn the_quick_functions_keep_no_cookies<F: Flavour>() {
    let server = Server::new(|_| Reply::full("200 OK", "Set-Cookie: id=1\r\n", ""));
    let (_, _, get) = F::shortcuts()[0];
    for _ in 0..2 {
        F::send(get(&server.url("/"))).unwrap();
        assert_eq!(server.take_one().header("Cookie"), None);
    }
}

/// Without a trait: each piece as it comes, and the end as often as it is asked for.
fn piece_by_piece<F: Flavour>() {
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(40_000).collect();
    let chunked =
        [&b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9c40\r\n"[..], &body, b"\r\n0\r\n\r\n"];
    let server = Server::routes([
        ("/known", Reply::full("200 OK", "", &body)),
        ("/chunked", Reply::Keep(chunked.concat())),
        ("/empty", Reply::ok("")),
    ]);
    // A stream has no limit.
    let client = F::with(|client| client.max_body_bytes(1));
    for (path, expected) in [("/known", &body[..]), ("/chunked", &body), ("/empty", &[])] {
        let mut streamed = F::stream(client.get(&server.url(path))).unwrap();
        let mut came = Vec::new();
        while let Some(chunk) = F::chunk(&mut streamed).unwrap() {
            assert!((1..=16 << 10).contains(&chunk.len()), "{}", chunk.len());
            came.extend_from_slice(&chunk);
        }
        assert!(came == expected, "{path}: {} bytes", came.len());
        // At its end it has given its connection back.
        assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
        assert!(F::chunk(&mut streamed).unwrap().is_none() && F::chunk(&mut streamed).unwrap().is_none());
    }
    assert_eq!(server.opened(), 1);
    let mut streamed = F::stream(client.get(&server.url("/known"))).unwrap();
    F::chunk(&mut streamed).unwrap().unwrap();
    assert_eq!(client.shown(), "<Client [1 active]>");
}
