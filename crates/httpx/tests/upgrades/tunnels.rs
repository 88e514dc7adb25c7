//! Tunnels through a proxy, by CONNECT.

use httpx::ErrorKind;
use httpx_testing::{Act, End, Script, ScriptedServer, send};

use crate::Upgrades;
use crate::support::both_flavours;

both_flavours! {
    a_tunnel,
    a_tunnel_over_one_connection,
    heads_that_open_a_tunnel,
    a_refusal_is_a_normal_response,
    targets_that_are_none,
    credentials_go_to_the_proxy_alone,
}

const OPEN: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

fn proxy(head: &str) -> Script {
    vec![Act::TakeHead, send(head), Act::TakeBytes(4), send("pong"), Act::Eof]
}

fn head_at(server: &ScriptedServer) -> String {
    let records = server.when(|records| records.last().is_some_and(|record| !record.received.is_empty()));
    String::from_utf8(records.last().unwrap().received.clone()).unwrap()
}

fn a_tunnel<F: Upgrades>() {
    for target in ["example.com:22", "[::1]:443", "127.0.0.1:1"] {
        let server = ScriptedServer::new([proxy(OPEN)]);
        let response = F::send(F::new().tunnel(&server.url(), target)).unwrap();
        assert_eq!((response.status().as_u16(), response.bytes().len()), (200, 0));
        let mut stream = F::upgraded(response);
        let agent = concat!("User-Agent: rust-httpx/", env!("CARGO_PKG_VERSION"));
        assert_eq!(
            head_at(&server),
            format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{agent}\r\n\r\n")
        );
        F::write(&mut stream, b"ping").unwrap();
        assert_eq!(F::read(&mut stream, 4).unwrap(), b"pong");
        drop(stream);
        assert_eq!(server.end_of(0), End::Closed);
    }
}

fn a_tunnel_over_one_connection<F: Upgrades>() {
    let server = ScriptedServer::new([proxy(OPEN)]);
    let mut stream = F::tunnel_over_connection(&server.url(), "example.com:22").unwrap();
    assert_eq!(head_at(&server), "CONNECT example.com:22 HTTP/1.1\r\nHost: example.com:22\r\n\r\n");
    F::write(&mut stream, b"ping").unwrap();
    assert_eq!(F::read(&mut stream, 4).unwrap(), b"pong");
}

/// RFC 9110 §9.3.6: any 2xx; lengths in it are ignored. RFC 9112 §6.3, item 2.
fn heads_that_open_a_tunnel<F: Upgrades>() {
    for head in [
        OPEN,
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ] {
        let server = ScriptedServer::new([proxy(&format!("{head}first"))]);
        let mut stream = F::upgraded(F::send(F::new().tunnel(&server.url(), "h:1")).unwrap());
        assert_eq!(F::read(&mut stream, 5).unwrap(), b"first", "{head:?}");
        F::write(&mut stream, b"ping").unwrap();
        assert_eq!(F::read(&mut stream, 4).unwrap(), b"pong", "{head:?}");
    }
}

/// With its body. The connection is used again. A redirect is not followed.
fn a_refusal_is_a_normal_response<F: Upgrades>() {
    let refuse = |status| {
        [Act::TakeHead, send(format!("HTTP/1.1 {status}\r\nLocation: /x\r\nContent-Length: 3\r\n\r\nno!"))]
    };
    let refused = ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway", "302 Found"];
    let server = ScriptedServer::new([refused.map(refuse).concat()]);
    let client = F::new();
    for status in refused {
        let response = F::send(client.tunnel(&server.url(), "example.com:22")).unwrap();
        assert!(
            response.status().to_string().starts_with(status) && response.text() == "no!",
            "{response:?}"
        );
        let error = response.into_upgraded::<F::Stream>().unwrap_err();
        assert_eq!((error.kind(), error.body().unwrap()), (ErrorKind::Status, &"no!".into()));
    }
    assert_eq!(server.connections(), 1);
    // A 101 is no answer to CONNECT.
    let server = ScriptedServer::new([proxy("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")]);
    let error = F::send(client.tunnel(&server.url(), "h:1")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
}

/// Nothing is sent, and no connection is opened.
fn targets_that_are_none<F: Upgrades>() {
    let server = ScriptedServer::new([proxy(OPEN)]);
    let client = F::new();
    for target in
        ["", "h", "h:", "h:0", "h:65536", ":1", "http://h:1", "h:1/", "u@h:1", "h:1\r\nX: y", "::1:1", "h :1"]
    {
        let error = F::send(client.tunnel(&server.url(), target)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{target:?}: {error}");
    }
    // Nor is a CONNECT without a target valid, or one with a body.
    let error = F::send(client.request("CONNECT", &server.url())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let error = F::send(client.tunnel(&server.url(), "h:1").body(F::bytes("body"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.connections(), 0);
}

fn credentials_go_to_the_proxy_alone<F: Upgrades>() {
    let server = ScriptedServer::repeat(proxy(OPEN));
    let client =
        F::with(|client| client.add_headers([("Authorization", "Bearer secret"), ("Cookie", "a=secret")]));
    let url = server.url().replace("http://", "http://ann:pw@");
    let response = F::send(client.tunnel(&url, "h:1")).unwrap();
    let head = head_at(&server);
    assert!(head.contains("\r\nProxy-Authorization: Basic YW5uOnB3\r\n"), "{head}");
    assert!(!head.contains("secret") && !head.contains("\r\nAuthorization"), "{head}");
    let shown = format!("{:?}", response.head().request().unwrap().headers());
    assert!(!shown.contains("YW5uOnB3"), "{shown}");
}
