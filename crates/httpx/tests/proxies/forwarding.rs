//! Requests that an HTTP proxy receives whole.

use httpx::network::Proxy;
use httpx_testing::{Act, ScriptedServer, answer, send, serve};

use crate::support::flavour::Ask;
use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, both_flavours};
use crate::{BASIC, OK, OPEN, check_no_secrets, check_origin, connect_to, logged, origin, proxy};

both_flavours! {
    requests_on_the_wire,
    bodies,
    tls_to_the_proxy,
    a_redirect_into_a_tunnel,
    an_upgrade_is_tunnelled,
    a_redirect_past_the_proxy,
    credentials_for_proxies_never_reach_an_origin,
}

const AGENT: &str = concat!("User-Agent: rust-httpx/", env!("CARGO_PKG_VERSION"), "\r\n");

/// The head of the only request of the nth connection.
fn head_at(server: &ScriptedServer, n: usize) -> String {
    let records = server.when(|records| records.get(n).is_some_and(|record| !record.received.is_empty()));
    String::from_utf8(records[n].received.clone()).unwrap()
}

/// The absolute form (RFC 9112 §3.2.2), `Host` of the origin, and the proxy's credentials.
fn requests_on_the_wire<F: Flavour>() {
    let rows = [
        ("http://origin.test", "http://origin.test/", "origin.test", ""),
        ("http://origin.test:80/a?b=c#d", "http://origin.test/a?b=c", "origin.test", ""),
        ("http://origin.test:8080?b", "http://origin.test:8080/?b", "origin.test:8080", ""),
        ("http://[::1]:81/%41", "http://[::1]:81/%41", "[::1]:81", ""),
        ("http://B\u{fc}cher.test/", "http://xn--bcher-kva.test/", "xn--bcher-kva.test", ""),
        ("http://u:p@origin.test/", "http://origin.test/", "origin.test", "Authorization: Basic dTpw\r\n"),
    ];
    let server = ScriptedServer::repeat(answer(OK));
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    for (n, (url, target, host, authorization)) in rows.into_iter().enumerate() {
        assert_eq!(F::send(client.get(url)).unwrap().text(), "good");
        let head = head_at(&server, n);
        let lines: Vec<&str> = head.split("\r\n").collect();
        assert_eq!(lines[..2], [format!("GET {target} HTTP/1.1"), format!("Host: {host}")], "{head}");
        assert_eq!(head.matches(&format!("\r\nProxy-Authorization: {BASIC}\r\n")).count(), 1, "{head}");
        assert!(head.contains(AGENT) && head.contains(authorization), "{head}");
        assert_eq!(head.matches("uthorization: ").count(), if authorization.is_empty() { 1 } else { 2 });
    }
    check_no_secrets(&log.text());
    // Without credentials the head has nothing more than one to an origin.
    let url = format!("http://{}", server.addr());
    let client = F::pooled(|pool| pool.proxy(Proxy::http(&url).unwrap()));
    F::send(client.get("http://origin.test/")).unwrap();
    let with = head_at(&server, 6);
    F::send(client.get("http://origin.test/").no_proxy().resolve("origin.test", [server.addr()])).unwrap();
    assert_eq!(with.replace("http://origin.test/", "/"), head_at(&server, 7));
}

fn bodies<F: Flavour>() {
    let server = ScriptedServer::repeat(serve(OK));
    let (client, _) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    F::send(client.put("http://origin.test/1").body(F::bytes("sized"))).unwrap();
    F::send(client.put("http://origin.test/2").body(F::reader(&b"chunked"[..]))).unwrap();
    let received = head_at(&server, 0);
    assert_eq!(server.connections(), 1);
    for body in ["\r\n\r\nsized", "\r\n\r\n7\r\nchunked\r\n0\r\n\r\n"] {
        assert!(received.contains(body), "{received}");
    }
}

/// Over TLS, to a proxy whose certificate is checked by the proxy's own configuration.
fn tls_to_the_proxy<F: Flavour>() {
    let authority = Authority::new();
    let server = ScriptedServer::tls(authority.server("127.0.0.1"), std::iter::repeat(serve(OK)));
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy("https", &server).tls(authority.trusted())));
    assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
    let response = F::send(client.get("http://other.test/")).unwrap();
    assert!(response.is_reused() && response.tls().is_none(), "TLS ends at the proxy");
    let head = head_at(&server, 0);
    assert!(head.starts_with("GET http://origin.test/ HTTP/1.1\r\n") && head.contains(BASIC), "{head}");
    check_no_secrets(&log.text());
}

/// The origin behind the tunnel does not receive the proxy's credentials, also if the user gave them as a header.
fn a_redirect_into_a_tunnel<F: Flavour>() {
    let authority = Authority::new();
    let secure = ScriptedServer::tls(authority.server("origin.test"), std::iter::repeat(serve(OK)));
    let moved = "HTTP/1.1 302 Found\r\nLocation: https://origin.test/b\r\nContent-Length: 0\r\n\r\n";
    let server = ScriptedServer::new([serve(moved), connect_to(secure.addr())]);
    let (client, log) = logged::<F>(|pool| pool.tls(authority.trusted()).proxy(proxy("http", &server)));
    let response = F::send(client.get("http://origin.test/a")).unwrap();
    assert_eq!((response.text(), response.history().len()), ("good".into(), 1));
    check_origin(&secure);
    let received = head_at(&secure, 0);
    assert!(received.starts_with("GET /b HTTP/1.1\r\nHost: origin.test\r\n"), "{received}");
    let given = client.get("https://origin.test/c").header("Proxy-Authorization", BASIC);
    F::send(given).unwrap();
    check_origin(&secure);
    check_no_secrets(&log.text());
}

/// Proxies do not forward upgrades.
fn an_upgrade_is_tunnelled<F: Flavour>() {
    let switch = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    let server =
        ScriptedServer::new([vec![Act::TakeHead, send(OPEN), Act::TakeHead, send(switch), Act::Eof]]);
    let (client, _) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    let response = F::send(client.get("http://origin.test/chat").upgrade("echo")).unwrap();
    assert_eq!(response.status().as_u16(), 101);
    let received = head_at(&server, 0);
    let (connect, upgrade) = received.split_at(received.find("\r\n\r\n").unwrap() + 4);
    assert!(
        connect.starts_with("CONNECT origin.test:80 HTTP/1.1\r\n") && connect.contains(BASIC),
        "{connect}"
    );
    assert!(upgrade.starts_with("GET /chat HTTP/1.1\r\nHost: origin.test\r\n"), "{upgrade}");
    check_no_secrets(upgrade);
}

/// The host of a redirect is one that the proxy is not for: it receives no credentials.
fn a_redirect_past_the_proxy<F: Flavour>() {
    let plain = origin();
    let moved = format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", plain.url());
    let server = ScriptedServer::new([serve(moved)]);
    let proxy = proxy("http", &server).no_proxy("127.0.0.1");
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy));
    for given in [
        client.get("http://origin.test/"),
        client.get("http://origin.test/").header("Proxy-Authorization", BASIC),
    ] {
        assert_eq!(F::send(given).unwrap().text(), "good");
        check_origin(&plain);
        assert!(head_at(&plain, 0).starts_with("GET / HTTP/1.1\r\nHost: 127.0.0.1:"));
    }
    assert_eq!((server.connections(), plain.connections()), (1, 1));
    check_no_secrets(&log.text());
}

/// A header of the request itself, where no proxy applies.
fn credentials_for_proxies_never_reach_an_origin<F: Flavour>() {
    let unused = ScriptedServer::new([]);
    let proxy = || proxy("http", &unused);
    let (past, _) = logged::<F>(|pool| pool.proxy(proxy().no_proxy("127.0.0.1")));
    let (with, _) = logged::<F>(|pool| pool.proxy(proxy()));
    let (without, _) = logged::<F>(|pool| pool);
    let rows: [(&F, fn(Ask<F>, Proxy) -> Ask<F>); 3] = [
        (&past, |ask, _| ask),
        (&with, |ask, _| ask.no_proxy()),
        (&without, |ask, proxy| ask.proxy(proxy.no_proxy("127.0.0.1"))),
    ];
    for (client, change) in rows {
        let plain = origin();
        let ask = change(client.get(&plain.url()), proxy()).header("Proxy-Authorization", BASIC);
        assert_eq!(F::send(ask).unwrap().text(), "good");
        check_origin(&plain);
        assert!(!head_at(&plain, 0).contains("Authorization"));
    }
}
