//! SOCKS proxies that are given an address: this side looks the name of the origin up.

use std::net::{IpAddr, SocketAddr};

use httpx_core::{ErrorKind, Timeout};
use httpx_pool::{AddressRefused, ConnectError, Destination, Proxy};

use crate::support::*;

both_flavours! {
    the_address_is_on_the_wire,
    the_name_of_the_proxy_is_looked_up_too,
    lookups_that_fail,
    lookups_that_hang,
    refused_addresses,
    a_name_without_ipv4_addresses,
    a_backend_without_lookups,
    a_backend_that_finds_nothing,
}

/// The message of the client with the address of the origin, port 80.
const V4: &[u8] = b"\x04\x01\x00\x50\xc0\x00\x02\x01\x00";
const V5_IPV4: &[u8] = b"\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50";
const V5_IPV4_OTHER: &[u8] = b"\x05\x01\x00\x01\xc0\x00\x02\x02\x00\x50";
const V5_IPV6: &[u8] = b"\x05\x01\x00\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x00\x50";

/// An address that the filter of these tests refuses.
const REFUSED: &str = "192.0.2.99";

/// The scheme of the proxy, the addresses of the origin's name, and the message that has one of them.
const ROWS: &[(&str, &[&str], &[u8])] = &[
    ("socks4", &["192.0.2.1"], V4),
    ("socks4", &["2001:db8::1", "192.0.2.1"], V4),
    ("socks4", &["192.0.2.1", "2001:db8::1"], V4),
    ("socks5", &["192.0.2.1"], V5_IPV4),
    ("socks5", &["2001:db8::1"], V5_IPV6),
    ("socks5", &["2001:db8::1", "192.0.2.1"], V5_IPV6),
    ("socks5", &["192.0.2.2", "192.0.2.1"], V5_IPV4_OTHER),
    // The filter leaves one.
    ("socks4", &[REFUSED, "192.0.2.1"], V4),
    ("socks5", &[REFUSED, "192.0.2.1"], V5_IPV4),
    ("socks5", &["192.0.2.2", REFUSED], V5_IPV4_OTHER),
    ("socks4", &[REFUSED, "2001:db8::1", "192.0.2.1"], V4),
];

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// What the client sends before this message, and the script of a proxy that takes it all and relays to this origin.
fn socks(message: &'static [u8], origin: SocketAddr) -> (Vec<u8>, Script) {
    let (greeting, replies): (&[u8], [&[u8]; 2]) = match message[0] {
        4 => (b"", [b"", b"\x00\x5a\0\0\0\0\0\0"]),
        _ => (b"\x05\x01\x00", [b"\x05\x00", b"\x05\x00\x00\x01\0\0\0\0\0\0"]),
    };
    let script = vec![
        Act::TakeBytes(greeting.len()),
        send(replies[0]),
        Act::TakeBytes(message.len()),
        send(replies[1]),
        Act::Relay(origin),
    ];
    ([greeting, message].concat(), script)
}

fn proxy(scheme: &str, host: &str, server: &Server) -> Proxy {
    Proxy::all(&format!("{scheme}://{host}:{}", server.addr().port())).unwrap()
}

fn filter(address: SocketAddr) -> Result<(), AddressRefused> {
    let is_refused = address.ip().to_string() == REFUSED;
    if is_refused { Err(AddressRefused::new("not this one")) } else { Ok(()) }
}

fn pool<F: Flavour>(proxy: Proxy, resolver: &StubResolver) -> F {
    F::make(|pool| F::resolver(pool, resolver.clone()).proxy(proxy).address_filter(filter))
}

fn the_address_is_on_the_wire<F: Flavour>() {
    let origin = Server::repeat(serve(OK));
    for &(scheme, found, message) in ROWS {
        let (handshake, script) = socks(message, origin.addr());
        let server = Server::new([script]);
        let resolver = StubResolver::leading_to(addresses(found));
        let pool: F = pool(proxy(scheme, "127.0.0.1", &server), &resolver);
        for _ in 0..2 {
            pool.get_ok("http://origin.test/");
        }
        assert_eq!(resolver.asked(), ["origin.test"], "the proxy has no name: {scheme} {found:?}");
        let received = server.when(|records| !records.is_empty())[0].received.clone();
        let (start, requests) = received.split_at(handshake.len());
        assert_eq!(start, handshake, "{scheme} {found:?}");
        assert!(requests.starts_with(b"GET / HTTP/1.1\r\nHost: origin.test\r\n"), "{scheme} {found:?}");
    }
}

fn the_name_of_the_proxy_is_looked_up_too<F: Flavour>() {
    let origin = Server::repeat(serve(OK));
    let server = Server::new([socks(V5_IPV4, origin.addr()).1]);
    let resolver = StubResolver::new(|name| match name {
        "proxy.test" => Answer::Addresses(addresses(&["127.0.0.1"])),
        _ => Answer::Addresses(addresses(&["192.0.2.1"])),
    });
    let pool: F = pool(proxy("socks5", "proxy.test", &server), &resolver);
    pool.get_ok("http://origin.test/");
    assert_eq!(resolver.asked(), ["origin.test", "proxy.test"]);
}

/// Fails with this kind before the proxy is connected to. Nothing stays reserved.
#[track_caller]
fn check_fails<F: Flavour>(
    pool: &F,
    server: &Server,
    set: fn(&mut httpx_core::Timeouts),
    kind: ErrorKind,
    words: &[&str],
) {
    let error = pool.exchange(patient("GET", "http://origin.test/", set)).unwrap_err();
    assert_eq!(error.kind(), kind, "{error:?}");
    let text = format!("{error:#}");
    for word in words {
        assert!(text.contains(word), "{word:?} should be in: {text}");
    }
    assert!(!text.contains("cannot be reached"), "the proxy was not asked: {text}");
    assert_eq!(server.connections(), 0);
    let stats = pool.stats();
    assert_eq!((stats.active, stats.idle, stats.connecting, stats.waiting), (0, 0, 0, 0), "{stats:?}");
}

fn lookups_that_fail<F: Flavour>() {
    let server = Server::repeat(vec![]);
    for scheme in ["socks4", "socks5"] {
        for answer in [|| Answer::Fails(std::io::ErrorKind::NotFound), || Answer::Addresses(Vec::new())] {
            let resolver = StubResolver::new(move |_| answer());
            let pool: F = pool(proxy(scheme, "127.0.0.1", &server), &resolver);
            check_fails(&pool, &server, |_| {}, ErrorKind::Resolve, &["origin.test"]);
            assert_eq!(resolver.asked(), ["origin.test"]);
        }
    }
}

fn lookups_that_hang<F: Flavour>() {
    type Set = fn(&mut httpx_core::Timeouts);
    let rows: [(Set, Timeout); 2] = [
        (|t| (t.connect, t.total) = (Some(30 * MS), None), Timeout::Connect),
        (|t| (t.connect, t.total) = (None, Some(30 * MS)), Timeout::Total),
    ];
    let server = Server::repeat(vec![]);
    for scheme in ["socks4", "socks5"] {
        for (set, timeout) in rows {
            let resolver = StubResolver::new(|_| Answer::Hangs);
            let pool: F = pool(proxy(scheme, "127.0.0.1", &server), &resolver);
            check_fails(&pool, &server, set, ErrorKind::Timeout(timeout), &["origin.test"]);
            resolver.release();
        }
    }
}

fn refused_addresses<F: Flavour>() {
    let server = Server::repeat(vec![]);
    for scheme in ["socks4", "socks5"] {
        let resolver = StubResolver::leading_to(addresses(&[REFUSED, REFUSED]));
        let pool: F = pool(proxy(scheme, "127.0.0.1", &server), &resolver);
        check_fails(&pool, &server, |_| {}, ErrorKind::AddressRefused, &["not this one", "origin.test"]);
    }
}

/// Also if the filter refuses those that there are.
fn a_name_without_ipv4_addresses<F: Flavour>() {
    for found in [&["2001:db8::1"][..], &["2001:db8::1", REFUSED]] {
        let server = Server::repeat(vec![Act::Eof]);
        let pool: F =
            pool(proxy("socks4", "127.0.0.1", &server), &StubResolver::leading_to(addresses(found)));
        let error = pool.get("http://origin.test/").unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("origin.test") && text.contains("IPv6") && text.contains("socks5"), "{text}");
        assert_eq!(server.end_of(0), End::Closed);
        assert!(server.ended()[0].received.is_empty());
        assert_eq!(pool.stats().active, 0);
    }
}

fn a_backend_without_lookups<F: Flavour>() {
    let server = Server::repeat(vec![]);
    for scheme in ["socks4", "socks5"] {
        let pool = F::make(|pool| {
            F::backend(pool, Elsewhere(server.addr())).proxy(proxy(scheme, "127.0.0.1", &server))
        });
        let words = &["origin.test", "looks up no names", "socks5h"];
        check_fails(&pool, &server, |_| {}, ErrorKind::Resolve, words);
    }
}

/// The backend of a user need not check its results.
#[derive(Debug)]
struct Finds(Vec<SocketAddr>);

#[cfg(feature = "blocking")]
impl httpx_pool::NetworkBackend for Finds {
    fn connect(&self, _: &Destination<'_>) -> Result<Box<dyn httpx_pool::NetworkStream>, ConnectError> {
        Err(ConnectError::Other(std::io::ErrorKind::AddrNotAvailable.into()))
    }

    fn resolve(&self, _: &Destination<'_>) -> Result<Vec<SocketAddr>, ConnectError> {
        Ok(self.0.clone())
    }
}

#[cfg(feature = "async")]
impl httpx_pool::ahttpx::NetworkBackend for Finds {
    fn connect<'a>(&'a self, _: &'a Destination<'a>) -> httpx_pool::ahttpx::Connecting<'a> {
        Box::pin(async { Err(ConnectError::Other(std::io::ErrorKind::AddrNotAvailable.into())) })
    }

    fn resolve<'a>(&'a self, _: &'a Destination<'a>) -> httpx_pool::ahttpx::HostLookup<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

fn a_backend_that_finds_nothing<F: Flavour>() {
    let server = Server::repeat(vec![]);
    let rows: [(&[&str], ErrorKind, &str); 2] =
        [(&[], ErrorKind::Resolve, "no address"), (&[REFUSED], ErrorKind::AddressRefused, "not this one")];
    for (found, kind, words) in rows {
        let found = addresses(found).into_iter().map(|ip| SocketAddr::new(ip, 80)).collect();
        let pool = F::make(|pool| {
            let pool = F::backend(pool, Finds(found)).address_filter(filter);
            pool.proxy(proxy("socks5", "127.0.0.1", &server))
        });
        check_fails(&pool, &server, |_| {}, kind, &["origin.test", words]);
    }
}
