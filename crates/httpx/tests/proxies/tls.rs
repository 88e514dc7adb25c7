//! TLS to the proxy, and TLS to the origin within it.

use std::time::Duration;

use httpx::ErrorKind;
use httpx::models::Timeout;
use httpx_testing::{Act, Gate, PATIENCE, Script, ScriptedServer, answer, send, serve};

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, both_flavours};
use crate::{
    BASIC, OK, OPEN, check_error, check_no_secrets, check_nothing_left, check_origin, connect_to, logged,
    proxy,
};

both_flavours! {
    tls_in_tls,
    each_has_its_own_roots,
    a_proxy_that_does_not_speak_tls,
    a_stale_tunnel_is_replaced,
    a_large_download,
    an_early_response_to_a_large_upload,
    timeouts_within_tls_in_tls,
}

fn tls_in_tls<F: Flavour>() {
    let [outer, inner] = [Authority::new(), Authority::new()];
    let secure = ScriptedServer::tls(inner.server("origin.test"), std::iter::repeat(serve(OK)));
    let server = ScriptedServer::tls(outer.server("127.0.0.1"), std::iter::repeat(connect_to(secure.addr())));
    let (client, log) =
        logged::<F>(|pool| pool.tls(inner.trusted()).proxy(proxy("https", &server).tls(outer.trusted())));
    for is_reused in [false, true] {
        let body = vec![b'x'; 200_000];
        let response = F::send(client.put("https://origin.test/a").body(F::bytes(body))).unwrap();
        assert_eq!((&*response.text(), response.is_reused()), ("good", is_reused));
        assert!(response.tls().is_some());
    }
    let received = server.when(|records| !records.is_empty())[0].received.clone();
    let connect = String::from_utf8_lossy(&received[..120]).into_owned();
    assert!(
        connect.starts_with("CONNECT origin.test:443 HTTP/1.1\r\n") && connect.contains(BASIC),
        "{connect}"
    );
    check_origin(&secure);
    check_no_secrets(&log.text());
}

/// The roots of the client are for origins alone, and those of the proxy for the proxy alone.
fn each_has_its_own_roots<F: Flavour>() {
    let [outer, inner] = [Authority::new(), Authority::new()];
    let secure = ScriptedServer::tls(inner.server("origin.test"), std::iter::repeat(serve(OK)));
    let server = ScriptedServer::tls(outer.server("127.0.0.1"), std::iter::repeat(connect_to(secure.addr())));
    let named = format!("the proxy https://{}", server.addr());
    for (for_origin, for_proxy, words) in [
        (&outer, &inner, ["127.0.0.1", "cannot be reached"]),
        (&inner, &inner, ["127.0.0.1", "cannot be reached"]),
        (&outer, &outer, ["origin.test", "through the proxy"]),
    ] {
        let (client, log) = logged::<F>(|pool| {
            pool.tls(for_origin.trusted()).proxy(proxy("https", &server).tls(for_proxy.trusted()))
        });
        let error = F::send(client.get("https://origin.test/")).unwrap_err();
        check_error(&error, ErrorKind::Tls, &named, &words);
        assert!(error.is_connect());
        check_nothing_left(&client);
        check_no_secrets(&log.text());
    }
    // The default is Mozilla's roots.
    let client = F::pooled(|pool| pool.tls(outer.trusted()).proxy(proxy("https", &server)));
    let error = F::send(client.get("https://origin.test/")).unwrap_err();
    check_error(&error, ErrorKind::Tls, &named, &["cannot be reached", "to the proxy by Proxy::tls(…)"]);
    // No request, and no credentials, went to a proxy that was not trusted.
    let records = server.when(|records| records.iter().all(|record| record.end.is_some()));
    let asked = records.iter().filter(|record| !record.received.is_empty()).count();
    assert_eq!(asked, 1, "{records:?}");
}

fn a_proxy_that_does_not_speak_tls<F: Flavour>() {
    let authority = Authority::new();
    let advice = "if the proxy is a plain HTTP proxy, its URL begins with http://";
    let rows = [
        (vec![Act::TakeBytes(5), send("HTTP/1.1 400 Bad Request\r\n\r\n"), Act::Eof], advice),
        (vec![Act::TakeBytes(5), send("hello"), Act::Eof], advice),
        (vec![send(OPEN), Act::Eof], advice),
        (vec![], advice),
        (vec![Act::TakeBytes(5), Act::Reset], advice),
        // A reset can come before the client has noticed that it is connected.
        (vec![Act::Reset], ""),
    ];
    for (script, words) in rows {
        let server = ScriptedServer::new([script]);
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy("https", &server).tls(authority.trusted())));
        let error = F::send(client.get("http://origin.test/")).unwrap_err();
        let kind = error.kind();
        assert!(matches!(kind, ErrorKind::Tls | ErrorKind::Connect), "{error:?}");
        let named = format!("the proxy https://{} cannot be reached", server.addr());
        check_error(&error, kind, &named, &[words]);
        server.end_of(0);
        check_nothing_left(&client);
        check_no_secrets(&log.text());
    }
}

/// The origin has closed the kept tunnel: the next request takes a new one.
fn a_stale_tunnel_is_replaced<F: Flavour>() {
    let authority = Authority::new();
    let closing = ScriptedServer::tls(authority.server("origin.test"), std::iter::repeat(answer(OK)));
    let tunnel = std::iter::repeat(connect_to(closing.addr()));
    let server = ScriptedServer::tls(authority.server("127.0.0.1"), tunnel);
    let (client, _) = logged::<F>(|pool| {
        pool.tls(authority.trusted()).proxy(proxy("https", &server).tls(authority.trusted()))
    });
    for n in 0..3 {
        assert_eq!(F::send(client.get("https://origin.test/")).unwrap().text(), "good");
        closing.end_of(n);
    }
    assert_eq!((server.connections(), closing.connections()), (3, 3));
}

fn a_large_download<F: Flavour>() {
    const LEN: u64 = 5 << 20;
    let authority = Authority::new();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {LEN}\r\n\r\n");
    let script = vec![Act::Take, send(head), Act::Flood(LEN), Act::Eof];
    let secure = ScriptedServer::tls(authority.server("origin.test"), [script]);
    let tunnel = std::iter::repeat(connect_to(secure.addr()));
    let server = ScriptedServer::tls(authority.server("127.0.0.1"), tunnel);
    let client = F::pooled(|pool| {
        pool.tls(authority.trusted()).proxy(proxy("https", &server).tls(authority.trusted()))
    });
    let response = F::send(client.get("https://origin.test/")).unwrap();
    assert_eq!(response.bytes().len() as u64, LEN);
    assert!(response.bytes().iter().all(|byte| *byte == b'x'));
}

/// The client of a tunnel by TLS in TLS to an origin that plays this script.
fn tls_in_tls_to<F: Flavour>(script: Script) -> (F, ScriptedServer, ScriptedServer) {
    let authority = Authority::new();
    let secure = ScriptedServer::tls(authority.server("origin.test"), [script]);
    let tunnel = std::iter::repeat(connect_to(secure.addr()));
    let server = ScriptedServer::tls(authority.server("127.0.0.1"), tunnel);
    let client = F::pooled(|pool| {
        pool.tls(authority.trusted()).proxy(proxy("https", &server).tls(authority.trusted()))
    });
    (client, secure, server)
}

fn an_early_response_to_a_large_upload<F: Flavour>() {
    let early = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";
    let (client, _secure, _server) = tls_in_tls_to::<F>(vec![Act::TakeHead, send(early), Act::Eof]);
    let ask = client.put("https://origin.test/").body(F::reader(std::io::repeat(b'x')));
    // An endless upload that is not stopped would go on without end.
    let response = F::send(ask.timeout(PATIENCE)).unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (413, "no"));
    check_nothing_left(&client);
}

/// An origin that reads nothing, that sends no head, and that sends no body.
fn timeouts_within_tls_in_tls<F: Flavour>() {
    const SHORT: Duration = Duration::from_millis(200);
    let gate = Gate::default();
    let silent = |first: &[Act]| [first, &[Act::Wait(gate.clone())]].concat();
    let (client, _secure, _server) = tls_in_tls_to::<F>(silent(&[Act::TakeHead]));
    let ask = client.put("https://origin.test/").body(F::bytes(vec![b'x'; 64 << 20]));
    let error = F::send(ask.write_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Write), "{error:?}");
    check_nothing_left(&client);
    let (client, _secure, _server) = tls_in_tls_to::<F>(silent(&[Act::TakeHead]));
    let error = F::send(client.get("https://origin.test/").head_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Head), "{error:?}");
    check_nothing_left(&client);
    let half = send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngo");
    let (client, _secure, _server) = tls_in_tls_to::<F>(silent(&[Act::TakeHead, half]));
    let error = F::send(client.get("https://origin.test/").read_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Read), "{error:?}");
    check_nothing_left(&client);
    gate.open();
}
