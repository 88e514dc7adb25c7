//! Tunnels that an HTTP proxy opens by CONNECT.

use httpx::network::Proxy;
use httpx_testing::{Act, ScriptedServer, send, serve};

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, both_flavours};
use crate::{BASIC, OK, check_no_secrets, check_origin, connect_to, logged, origin, proxy, proxy_url};

both_flavours! {
    connect_on_the_wire,
    tunnels_for_http,
    heads_that_open_a_tunnel,
    an_ipv6_origin,
    split_answers,
}

/// The bytes that the proxy received before those of the tunnel.
fn connect_at(server: &ScriptedServer, n: usize) -> String {
    let records = server.when(|records| {
        records.get(n).is_some_and(|record| record.received.windows(4).any(|window| window == b"\r\n\r\n"))
    });
    let received = &records[n].received;
    let end = received.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    String::from_utf8(received[..end].to_vec()).unwrap()
}

/// The whole head of CONNECT; the tunnel carries TLS, and the origin receives a plain request.
fn connect_on_the_wire<F: Flavour>() {
    let authority = Authority::new();
    let secure = ScriptedServer::tls(authority.server("origin.test"), std::iter::repeat(serve(OK)));
    let server = ScriptedServer::repeat(connect_to(secure.addr()));
    let (client, log) = logged::<F>(|pool| pool.tls(authority.trusted()).proxy(proxy("http", &server)));
    // What is for the origin is not in CONNECT.
    let ask = client.post("https://u:p@origin.test:8443/a?b").header("Cookie", "a=b").body(F::bytes("body"));
    let response = F::send(ask).unwrap();
    assert_eq!(response.text(), "good");
    assert!(response.tls().is_some());
    assert_eq!(
        connect_at(&server, 0),
        format!(
            "CONNECT origin.test:8443 HTTP/1.1\r\nHost: origin.test:8443\r\nProxy-Authorization: {BASIC}\r\n\r\n"
        )
    );
    // Everything behind CONNECT is TLS: the proxy sees neither path nor body.
    let received = server.when(|_| true)[0].received.clone();
    assert!(!received.windows(4).any(|window| window == b"body" || window == b"a?b "));
    let request = String::from_utf8(secure.when(|records| !records.is_empty())[0].received.clone()).unwrap();
    assert!(request.starts_with("POST /a?b HTTP/1.1\r\nHost: origin.test:8443\r\n"), "{request}");
    assert!(request.contains("\r\nAuthorization: Basic dTpw\r\n") && request.contains("\r\nCookie: a=b\r\n"));
    check_origin(&secure);
    check_no_secrets(&log.text());
    check_no_secrets(&format!("{:?} {:?}", response.remote_addr(), client.shown()));
    assert_eq!(response.remote_addr(), Some(server.addr()), "the other end is the proxy");
}

/// `tunnel_http()` asks for tunnels to http origins, too, and the origin gets the origin form.
fn tunnels_for_http<F: Flavour>() {
    let plain = origin();
    let server = ScriptedServer::repeat(connect_to(plain.addr()));
    let tunnelling = proxy("http", &server).tunnel_http();
    let (client, log) = logged::<F>(|pool| pool.proxy(tunnelling));
    let given = client.get("http://origin.test/a").header("Proxy-Authorization", BASIC);
    assert_eq!(F::send(given).unwrap().text(), "good");
    let connect = connect_at(&server, 0);
    assert!(connect.starts_with("CONNECT origin.test:80 HTTP/1.1\r\nHost: origin.test:80\r\n"), "{connect}");
    assert!(connect.contains(BASIC));
    let request = String::from_utf8(plain.when(|records| !records.is_empty())[0].received.clone()).unwrap();
    assert!(request.starts_with("GET /a HTTP/1.1\r\nHost: origin.test\r\n"), "{request}");
    check_origin(&plain);
    check_no_secrets(&log.text());
}

/// Any 2xx opens it, also with a body announced, and also after interim responses.
fn heads_that_open_a_tunnel<F: Flavour>() {
    let plain = origin();
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.0 200 Connection established\r\nProxy-Agent: x\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 299 Odd\r\n\r\n",
        "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ] {
        let script = vec![Act::TakeHead, send(head), Act::Relay(plain.addr())];
        let server = ScriptedServer::new([script]);
        let client = F::pooled(|pool| pool.proxy(proxy("http", &server).tunnel_http()));
        for _ in 0..2 {
            assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good", "{head}");
        }
        assert_eq!(server.connections(), 1, "{head}");
    }
}

fn an_ipv6_origin<F: Flavour>() {
    let plain = origin();
    let server = ScriptedServer::repeat(connect_to(plain.addr()));
    // Credentials in a setter replace those of the URL.
    let url = proxy_url("http", server.addr()).replace("pr0xy", "wrong");
    let tunnelling = Proxy::all(&url).unwrap().basic_auth("proxyuser", "pr0xy pass").unwrap().tunnel_http();
    let client = F::pooled(|pool| pool.proxy(tunnelling));
    assert_eq!(F::send(client.get("http://[2001:db8::1]/")).unwrap().text(), "good");
    let connect = connect_at(&server, 0);
    assert!(
        connect.starts_with("CONNECT [2001:db8::1]:80 HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n"),
        "{connect}"
    );
    assert!(connect.contains(BASIC), "{connect}");
}

/// The answer arrives in two pieces, cut at each place.
fn split_answers<F: Flavour>() {
    let plain = origin();
    let answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: x\r\n\r\n";
    let scripts: Vec<_> = (1..answer.len())
        .map(|at| vec![Act::TakeHead, send(&answer[..at]), send(&answer[at..]), Act::Relay(plain.addr())])
        .collect();
    let server = ScriptedServer::new(scripts);
    for _ in 1..answer.len() {
        let client = F::pooled(|pool| pool.proxy(proxy("http", &server).tunnel_http()));
        assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
    }
}
