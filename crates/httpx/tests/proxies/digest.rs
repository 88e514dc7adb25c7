//! Proxies that want a digest (RFC 7616).

use httpx::network::Proxy;
use httpx::{ErrorKind, Response};
use httpx_testing::{Act, Script, ScriptedServer, send};

use crate::support::{Flavour, both_flavours};
use crate::{OK, check_no_secrets, connect_to, logged, origin};

both_flavours! {
    forwarded_requests,
    forwarded_requests_that_are_refused,
    challenges_of_proxies,
    tunnels,
    tunnels_that_are_refused,
}

const CHALLENGE: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\
    Proxy-Authenticate: Basic realm=\"p\"\r\n\
    Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256\r\n\r\nnope";

/// One that calls the nonce stale, one that no digest can answer, and one that wants a digest of the body.
const STALE: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\
    Proxy-Authenticate: Digest realm=\"p\", nonce=\"m\", qop=\"auth\", algorithm=SHA-256, stale=true\r\n\r\nnope";
const UNKNOWN: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\
    Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-1024\r\n\r\nnope";
const AUTH_INT: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\
    Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth-int\", algorithm=SHA-256\r\n\r\nnope";

fn through(server: &ScriptedServer) -> Proxy {
    let proxy = Proxy::all(&format!("http://{}", server.addr())).unwrap();
    proxy.digest_auth("proxyuser", "pr0xy pass")
}

/// The request lines of a connection, each with the uri and the count of its digest.
fn requests(server: &ScriptedServer, connection: usize) -> Vec<String> {
    let received =
        String::from_utf8_lossy(&server.when(|records| records.len() > connection)[connection].received)
            .into_owned();
    let heads = received.split("\r\n\r\n").filter(|head| head.contains(" HTTP/1.1\r\n"));
    heads.map(summary).collect()
}

fn summary(head: &str) -> String {
    assert!(!head.contains("Basic"), "{head}");
    let line = head.split(" HTTP/1.1").next().unwrap();
    let Some((_, digest)) = head.split_once("Proxy-Authorization: Digest ") else { return line.to_owned() };
    let param = |name: &str| {
        digest.split([',', '\r']).find_map(|param| param.trim().strip_prefix(name)).unwrap().trim_matches('"')
    };
    assert_eq!((param("username="), param("response=").len()), ("proxyuser", 64), "{head}");
    format!("{line} | {} {}", param("uri="), param("nc=").trim_start_matches('0'))
}

/// One connection that answers with these, one after the other.
fn answers(texts: &[&str]) -> Script {
    texts.iter().flat_map(|text| [Act::TakeHead, send(text)]).collect()
}

fn forwarded_requests<F: Flavour>() {
    const TAKEN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\
        Proxy-Authentication-Info: nextnonce=\"m\"\r\n\r\ngood";
    let server = ScriptedServer::new([answers(&[CHALLENGE, OK, TAKEN, OK])]);
    let (client, log) = logged::<F>(|pool| pool.proxy(through(&server)));
    for path in ["a", "b", "c"] {
        let response = F::send(client.get(&format!("http://origin.test/{path}?x"))).unwrap();
        assert_eq!(response.text(), "good", "{path}");
    }
    let expected = [
        "GET http://origin.test/a?x",
        "GET http://origin.test/a?x | http://origin.test/a?x 1",
        "GET http://origin.test/b?x | http://origin.test/b?x 2",
        // The next nonce.
        "GET http://origin.test/c?x | http://origin.test/c?x 1",
    ];
    assert_eq!(requests(&server, 0), expected);
    check_no_secrets(&log.text());
}

/// The same challenges to forwarded requests and to tunnels: the first ones are these, the last one is repeated, or `OK`
/// follows. The nonces that are answered, in their order.
fn challenges_of_proxies<F: Flavour>() {
    let rows: [(&[&str], bool, &[&str]); 5] = [
        (&[CHALLENGE, STALE], true, &["", "n", "m"]),
        (&[CHALLENGE, STALE], false, &["", "n", "m"]), // an endless one
        (&[STALE], false, &["", "m", "m"]),
        (&[UNKNOWN], false, &[""]),
        (&[AUTH_INT], false, &[""]),
    ];
    for (challenges, is_accepted, nonces) in rows {
        let rest = if is_accepted { OK } else { challenges[challenges.len() - 1] };
        let texts = challenges.iter().copied().chain([rest; 5]).collect::<Vec<_>>();
        let server = ScriptedServer::new([answers(&texts)]);
        let client = F::pooled(|pool| pool.proxy(through(&server)));
        let response = F::send(client.get("http://origin.test/")).unwrap();
        let expected = if is_accepted { (200, "good") } else { (407, "nope") };
        assert_eq!((response.status().as_u16(), &*response.text()), expected, "{challenges:?}");
        assert_eq!(answered(&server, 0), nonces, "{challenges:?}");

        // Each attempt at a tunnel has a connection of its own.
        let origin = origin();
        let relay = if is_accepted { connect_to(origin.addr()) } else { answers(&[rest]) };
        let scripts = challenges.iter().map(|text| answers(&[text])).chain(vec![relay; 5]);
        let server = ScriptedServer::new(scripts.collect::<Vec<_>>());
        let client = F::pooled(|pool| pool.proxy(through(&server).tunnel_http()));
        match F::send(client.get("http://origin.test/")) {
            Ok(response) => assert!(is_accepted && response.text() == "good", "{challenges:?}"),
            Err(error) => {
                let is_refused = error.kind() == ErrorKind::Proxy && error.to_string().contains("407");
                assert!(is_refused && !is_accepted, "{challenges:?}: {error}");
            }
        }
        let connections = (0..server.connections()).flat_map(|connection| answered(&server, connection));
        assert_eq!(connections.collect::<Vec<_>>(), nonces, "{challenges:?}");
    }
}

/// The nonce of each request of a connection to the proxy; empty without a digest.
fn answered(server: &ScriptedServer, connection: usize) -> Vec<String> {
    let records = server.when(|records| records.len() > connection);
    let received = String::from_utf8_lossy(&records[connection].received).into_owned();
    let is_for_proxy = |head: &&str| head.starts_with("CONNECT ") || head.starts_with("GET http://");
    let nonce = |head: &str| head.split("nonce=\"").nth(1).map_or("", |rest| &rest[..1]).to_owned();
    received.split("\r\n\r\n").filter(is_for_proxy).map(nonce).collect()
}

/// A wrong password, a body that cannot be sent again, and a header of the request's own: one 407 is the response.
fn forwarded_requests_that_are_refused<F: Flavour>() {
    let refused = |response: &Response<httpx::Bytes>| {
        assert_eq!((response.status().as_u16(), &*response.text()), (407, "nope"));
    };
    let server = ScriptedServer::new([answers(&[CHALLENGE, CHALLENGE])]);
    let client = F::pooled(|pool| pool.proxy(through(&server)));
    refused(&F::send(client.get("http://origin.test/")).unwrap());
    let expected = ["GET http://origin.test/", "GET http://origin.test/ | http://origin.test/ 1"];
    assert_eq!(requests(&server, 0), expected);

    let server = ScriptedServer::new([answers(&[CHALLENGE]), answers(&[OK])]);
    let client = F::pooled(|pool| pool.proxy(through(&server)));
    refused(&F::send(client.put("http://origin.test/").body(F::reader(std::io::Cursor::new("x")))).unwrap());

    let server = ScriptedServer::new([answers(&[CHALLENGE]), answers(&[OK])]);
    let client = F::pooled(|pool| pool.proxy(through(&server)));
    let own = client.get("http://origin.test/").header("Proxy-Authorization", "Bearer own");
    refused(&F::send(own).unwrap());
    assert_eq!(server.connections(), 1);
}

fn tunnels<F: Flavour>() {
    let origin = origin();
    let server =
        ScriptedServer::new([answers(&[CHALLENGE]), connect_to(origin.addr()), connect_to(origin.addr())]);
    let (client, log) = logged::<F>(|pool| pool.proxy(through(&server).tunnel_http()));
    // The body is sent once, to the origin.
    let body = F::reader(std::io::Cursor::new("x"));
    assert_eq!(F::send(client.put("http://one.test/").body(body)).unwrap().text(), "good");
    assert_eq!(F::send(client.get("http://two.test/")).unwrap().text(), "good");
    assert_eq!(requests(&server, 0), ["CONNECT one.test:80"]);
    let expected = [("one.test:80", 1), ("two.test:80", 2)];
    for (connection, (target, count)) in expected.into_iter().enumerate() {
        let requests = requests(&server, connection + 1);
        assert_eq!(requests[0], format!("CONNECT {target} | {target} {count}"));
    }
    let received =
        origin.when(|_| true).iter().flat_map(|record| record.received.clone()).collect::<Vec<_>>();
    let received = String::from_utf8(received).unwrap();
    assert!(received.contains("GET / HTTP/1.1") && !received.contains("Proxy-Authorization"), "{received}");
    check_no_secrets(&log.text());
}

fn tunnels_that_are_refused<F: Flavour>() {
    let server = ScriptedServer::repeat(answers(&[CHALLENGE]));
    let client = F::pooled(|pool| pool.proxy(through(&server).tunnel_http()));
    let error = F::send(client.get("http://one.test/")).unwrap_err();
    assert!(error.kind() == ErrorKind::Proxy && error.to_string().contains("407"), "{error}");
    check_no_secrets(&format!("{error} {error:?}"));
    assert_eq!(server.connections(), 2);
    assert_eq!(requests(&server, 1), ["CONNECT one.test:80 | one.test:80 1"]);
}
