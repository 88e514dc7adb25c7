//! CONNECT to a proxy that is reached through another proxy, and to the client's proxy itself.

use httpx::network::Proxy;
use httpx_testing::{Act, Script, ScriptedServer, send};

use crate::Upgrades;
use crate::support::both_flavours;
use crate::support::tls::{Authority, Trusting};

both_flavours! {
    connect_within_connect,
    connect_within_socks,
    connect_over_tls_within_connect,
    the_outer_proxy_refuses,
    the_inner_proxy_refuses,
    a_tunnel_to_the_proxy_itself,
    a_request_to_the_proxy_itself,
    a_request_to_another_port_of_the_proxy,
}

const OPEN: &str = "HTTP/1.1 200 Connection established\r\n\r\n";
const AGENT: &str = concat!("User-Agent: rust-httpx/", env!("CARGO_PKG_VERSION"), "\r\n");

/// Of `outer:pw1` and `inner:pw2`.
const OUTER: &str = "Proxy-Authorization: Basic b3V0ZXI6cHcx\r\n";
const INNER: &str = "Proxy-Authorization: Basic aW5uZXI6cHcy\r\n";

/// The inner proxy, with a service behind it that answers `ping` with `pong`.
fn inner() -> Script {
    vec![Act::TakeHead, send(OPEN), Act::TakeBytes(4), send("pong"), Act::Eof]
}

fn outer(inner: &ScriptedServer) -> ScriptedServer {
    ScriptedServer::repeat(vec![Act::TakeHead, send(OPEN), Act::Relay(inner.addr())])
}

/// The URL of a server, with these credentials.
fn url(server: &ScriptedServer, credentials: &str) -> String {
    server.url().replace("://", &format!("://{credentials}@"))
}

fn through<F: Upgrades>(outer: &ScriptedServer) -> F {
    let proxy = Proxy::all(&url(outer, "outer:pw1")).unwrap();
    F::pooled(|pool| pool.proxy(proxy))
}

/// The text that the nth connection has received, once it ends like this.
fn received(server: &ScriptedServer, n: usize, end: &str) -> String {
    let text = |record: &httpx_testing::Record| String::from_utf8_lossy(&record.received).into_owned();
    let records = server.when(|records| records.get(n).is_some_and(|record| text(record).ends_with(end)));
    text(&records[n])
}

#[track_caller]
fn ping<F: Upgrades>(stream: &mut F::Stream) {
    F::write(stream, b"ping").unwrap();
    assert_eq!(F::read(stream, 4).unwrap(), b"pong");
}

/// The credentials of each proxy reach that proxy alone, from the URL or from a header of the request.
fn connect_within_connect<F: Upgrades>() {
    for from_header in [false, true] {
        let inner = ScriptedServer::repeat(inner());
        let outer = outer(&inner);
        let client: F = through(&outer);
        let ask = if from_header {
            client.tunnel(&inner.url(), "example.com:22").header("Proxy-Authorization", "Basic aW5uZXI6cHcy")
        } else {
            client.tunnel(&url(&inner, "inner:pw2"), "example.com:22")
        };
        let mut stream = F::upgraded(F::send(ask).unwrap());
        ping::<F>(&mut stream);
        let to = inner.addr();
        let first = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{OUTER}\r\n");
        let all = received(&outer, 0, "ping");
        let second = all.strip_prefix(&first).unwrap_or_else(|| panic!("{all}"));
        assert!(
            second.starts_with("CONNECT example.com:22 HTTP/1.1\r\nHost: example.com:22\r\n"),
            "{second}"
        );
        assert!(second.contains(INNER) && second.contains(AGENT), "{second}");
        assert_eq!(second.matches("Proxy-Authorization").count(), 1, "{second}");
        assert_eq!(received(&inner, 0, "ping"), second);
    }
    // Without credentials of its own, the inner proxy gets none.
    let inner = ScriptedServer::repeat(inner());
    let outer = outer(&inner);
    let client: F = through(&outer);
    ping::<F>(&mut F::upgraded(F::send(client.tunnel(&inner.url(), "example.com:22")).unwrap()));
    assert!(!received(&inner, 0, "ping").contains("Proxy-Authorization"));
}

fn connect_within_socks<F: Upgrades>() {
    let inner = ScriptedServer::repeat(inner());
    let script = vec![
        Act::TakeBytes(4),
        send(b"\x05\x00"),
        Act::TakeBytes(10),
        send(b"\x05\x00\x00\x01\0\0\0\0\0\0"),
        Act::Relay(inner.addr()),
    ];
    let outer = ScriptedServer::new([script]);
    let proxy = Proxy::all(&format!("socks5h://outer:pw1@{}", outer.addr())).unwrap();
    let client = F::pooled(|pool| pool.proxy(proxy));
    let ask = client.tunnel(&url(&inner, "inner:pw2"), "example.com:22");
    ping::<F>(&mut F::upgraded(F::send(ask).unwrap()));
    let head = received(&inner, 0, "ping");
    assert!(head.starts_with("CONNECT example.com:22 HTTP/1.1\r\n") && head.contains(INNER), "{head}");
    let to =
        [&b"\x05\x02\x00\x02\x05\x01\x00\x01\x7f\0\0\x01"[..], &inner.addr().port().to_be_bytes()].concat();
    assert!(outer.when(|_| true)[0].received.starts_with(&to));
}

/// The outer proxy does not see the inner CONNECT.
fn connect_over_tls_within_connect<F: Upgrades>() {
    let authority = Authority::new();
    let inner = ScriptedServer::tls(authority.server("127.0.0.1"), [inner()]);
    let outer = outer(&inner);
    let proxy = Proxy::all(&url(&outer, "outer:pw1")).unwrap();
    let client = F::pooled(|pool| pool.proxy(proxy).tls(authority.trusted()));
    let ask = client.tunnel(&url(&inner, "inner:pw2"), "example.com:22");
    ping::<F>(&mut F::upgraded(F::send(ask).unwrap()));
    let head = received(&inner, 0, "ping");
    assert!(head.starts_with("CONNECT example.com:22 HTTP/1.1\r\n") && head.contains(INNER), "{head}");
    let seen = String::from_utf8_lossy(&outer.when(|_| true)[0].received).into_owned();
    let to = inner.addr();
    assert!(seen.starts_with(&format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{OUTER}\r\n")), "{seen}");
    assert!(!seen.contains("example.com"), "{seen}");
}

/// An error, because the response is not that of the proxy that was asked.
fn the_outer_proxy_refuses<F: Upgrades>() {
    let inner = ScriptedServer::repeat(inner());
    let outer = ScriptedServer::repeat(vec![Act::TakeHead, send("HTTP/1.1 403 Not There\r\n\r\n"), Act::Eof]);
    let client: F = through(&outer);
    let error = F::send(client.tunnel(&url(&inner, "inner:pw2"), "example.com:22")).unwrap_err();
    let text = format!("{error:#} {error:?}");
    assert!(text.contains(&outer.addr().to_string()) && text.contains("403 Not There"), "{text}");
    assert!(!["pw1", "pw2", "b3V0", "aW5u"].iter().any(|secret| text.contains(secret)), "{text}");
    assert_eq!(inner.connections(), 0);
}

/// A normal response, as without the outer proxy.
fn the_inner_proxy_refuses<F: Upgrades>() {
    let refusal = "HTTP/1.1 407 Who Are You\r\nContent-Length: 3\r\n\r\nno!";
    let inner = ScriptedServer::repeat(vec![Act::TakeHead, send(refusal), Act::Eof]);
    let outer = outer(&inner);
    let client: F = through(&outer);
    let response = F::send(client.tunnel(&inner.url(), "example.com:22")).unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (407, "no!"));
    // The answer of a proxy to a tunnel by hand is no reason to give it the credentials of the other.
    assert!(!received(&inner, 0, "\r\n\r\n").contains("Authorization"));
}

/// It goes there directly, also if the proxy's protocol is another one.
fn a_tunnel_to_the_proxy_itself<F: Upgrades>() {
    for scheme in ["http", "https", "socks4a", "socks5h"] {
        let server = ScriptedServer::repeat(inner());
        let proxy = Proxy::all(&format!("{scheme}://outer:pw1@{}", server.addr())).unwrap();
        let client = F::pooled(|pool| pool.proxy(proxy));
        ping::<F>(&mut F::upgraded(F::send(client.tunnel(&server.url(), "example.com:22")).unwrap()));
        let head = received(&server, 0, "ping");
        assert_eq!(
            head,
            format!("CONNECT example.com:22 HTTP/1.1\r\nHost: example.com:22\r\n{AGENT}\r\nping"),
            "{scheme}"
        );
        assert_eq!(server.connections(), 1);
    }
}

/// The proxy receives it as any other: the address filter is to see a request to that origin.
fn a_request_to_the_proxy_itself<F: Upgrades>() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
    let proxy = ScriptedServer::repeat(httpx_testing::serve(ok));
    let client: F = through(&proxy);
    F::send(client.get(&proxy.url())).unwrap();
    let head = received(&proxy, 0, "\r\n\r\n");
    let line = format!("GET http://{}/ HTTP/1.1\r\n", proxy.addr());
    assert!(head.starts_with(&line) && head.contains(OUTER), "{head}");
}

/// Another port of its host is another origin.
fn a_request_to_another_port_of_the_proxy<F: Upgrades>() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
    let proxy = ScriptedServer::repeat(httpx_testing::serve(ok));
    let client: F = through(&proxy);
    F::send(client.get("http://127.0.0.1:1/")).unwrap();
    let head = received(&proxy, 0, "\r\n\r\n");
    assert!(head.starts_with("GET http://127.0.0.1:1/ HTTP/1.1\r\n") && head.contains(OUTER), "{head}");
}
