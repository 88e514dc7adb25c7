//! Hosts with several addresses, of which some do not accept connections.

use std::io;
#[cfg(target_os = "linux")]
use std::net::SocketAddr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

use httpx_core::ErrorKind;
#[cfg(target_os = "linux")]
use httpx_core::Timeout;
#[cfg(target_os = "linux")]
use httpx_pool::ConnectOptions;

use crate::support::*;

both_flavours! {
    an_address_that_refuses_is_passed_over,
    all_addresses_refuse,
    ten_thousand_addresses_that_refuse,
    an_ipv6_server,
    #[cfg(target_os = "linux")]
    connections_spread_over_the_addresses,
    #[cfg(target_os = "linux")]
    an_ipv6_address_wins,
    #[cfg(target_os = "linux")]
    a_silent_address_is_overtaken,
    #[cfg(target_os = "linux")]
    all_addresses_are_silent,
    #[cfg(target_os = "linux")]
    addresses_that_cannot_be_reached,
}

/// The n-th loopback address.
fn loopback(n: u16) -> IpAddr {
    let [high, low] = n.to_be_bytes();
    Ipv4Addr::new(127, 1, high, low).into()
}

fn pool<F: Flavour>(addresses: Vec<IpAddr>) -> F {
    let resolver = StubResolver::leading_to(addresses);
    F::make(|pool| F::resolver(pool.max_uses(1), resolver))
}

fn an_address_that_refuses_is_passed_over<F: Flavour>() {
    // The port is closed on IPv6, and no server of another test has it there.
    let pair = || {
        let server = Server::repeat(serve(OK));
        let closed = ClosedPort::at((Ipv6Addr::LOCALHOST, server.addr().port()).into());
        (server, closed)
    };
    let mut pairs = std::iter::repeat_with(pair).take(100);
    let is_free = |closed: &io::Result<ClosedPort>| !matches!(closed, Err(error) if error.kind() == io::ErrorKind::AddrInUse);
    let (server, _closed) = pairs.find(|(_, closed)| is_free(closed)).unwrap();
    let url = format!("http://a.test:{}/", server.addr().port());
    for first in [IpAddr::from(Ipv6Addr::LOCALHOST), Ipv4Addr::LOCALHOST.into()] {
        let pool: F = pool(vec![first, Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
        for _ in 0..3 {
            let response = pool.get(&url).unwrap();
            assert_eq!(response.remote_addr(), Some(server.addr()));
        }
    }
}

fn all_addresses_refuse<F: Flavour>() {
    let port = closed_port();
    let pool: F = pool(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    let error = pool.get(&format!("http://a.test:{port}/")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    let text = error.to_string();
    for part in [
        "cannot connect to a.test (tried ",
        &format!("127.0.0.1:{port}: "),
        &format!("[::1]:{port}: "),
        "does a server listen there?",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let server = Server::repeat(serve(OK));
    pool.get_ok(&format!("http://a.test:{}/", server.addr().port()));
}

fn ten_thousand_addresses_that_refuse<F: Flavour>() {
    let pool: F = pool((0..10_000).map(loopback).collect());
    let port = closed_port();
    let error = pool.get(&format!("http://a.test:{port}/")).unwrap_err();
    // Some systems have only one loopback address.
    assert!(matches!(error.kind(), ErrorKind::Connect | ErrorKind::Timeout(_)), "{error}");
    assert!(error.to_string().contains("; and 16 more)"), "{error}");
    assert!(error.to_string().len() < 1000, "{error}");
    let server = Server::repeat(serve(OK));
    pool.get_ok(&server.url());
}

/// A server on IPv6, unless this system has none.
#[allow(clippy::print_stdout)] // a test that is skipped says so
fn on_ipv6(port: u16) -> Option<Server> {
    if let Err(error) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) {
        println!("skipped: no IPv6 here: {error}");
        return None;
    }
    Some(Server::at((Ipv6Addr::LOCALHOST, port).into(), serve(OK)))
}

fn an_ipv6_server<F: Flavour>() {
    // The port is closed on IPv4, and no server of another test has it there.
    let pair = || {
        let server = on_ipv6(0)?;
        let closed = ClosedPort::at((Ipv4Addr::LOCALHOST, server.addr().port()).into());
        Some((server, closed))
    };
    let pairs = std::iter::from_fn(pair).take(100);
    let Some((server, _closed)) = pairs.filter_map(|(server, closed)| Some((server, closed.ok()?))).next()
    else {
        return;
    };
    let port = server.addr().port();
    let pool: F = pool(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    for host in ["[::1]", "a.test", "localhost"] {
        let response = pool.get(&format!("http://{host}:{port}/")).unwrap();
        assert_eq!(
            (response.remote_addr(), response.text()),
            (Some(server.addr()), "hello".into()),
            "{host}"
        );
        assert_eq!(response.local_addr().map(|addr| addr.ip()), Some(Ipv6Addr::LOCALHOST.into()));
    }
}

#[cfg(target_os = "linux")]
fn an_ipv6_address_wins<F: Flavour>() {
    let silent = Silent::listen();
    let Some(server) = on_ipv6(silent.addr().port()) else { return };
    let pool: F = pool(vec![silent.addr().ip(), Ipv6Addr::LOCALHOST.into()]);
    let options = ConnectOptions::new().attempt_delay(20 * MS);
    let mut request = request_with(&format!("http://a.test:{}/", server.addr().port()), options);
    request.head_mut().options_mut().timeouts.connect = Some(1000 * PATIENCE);
    assert_eq!(pool.exchange(request).unwrap().remote_addr(), Some(server.addr()));
}

/// Two servers on the same port of two addresses take turns.
#[cfg(target_os = "linux")]
fn connections_spread_over_the_addresses<F: Flavour>() {
    let one = Server::repeat(serve(OK));
    let two = Server::at((Ipv4Addr::new(127, 0, 0, 2), one.addr().port()).into(), serve(OK));
    let pool: F = pool(vec![one.addr().ip(), two.addr().ip()]);
    let url = format!("http://a.test:{}/", one.addr().port());
    let used: Vec<_> = (0..4).map(|_| pool.get(&url).unwrap().remote_addr().unwrap()).collect();
    assert_eq!(used, [one.addr(), two.addr(), one.addr(), two.addr()]);
    assert_eq!((one.connections(), two.connections()), (2, 2));
}

/// A listener that answers, and a silent one on the same port of another address.
#[cfg(target_os = "linux")]
fn a_silent_address_is_overtaken<F: Flavour>() {
    let silent = Silent::listen();
    let good = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), silent.addr().port()));
    let server = Server::at(good, serve(OK));
    let pool: F = pool(vec![silent.addr().ip(), good.ip(), silent.addr().ip()]);
    let url = format!("http://a.test:{}/", good.port());
    let send = |delay| {
        let mut request = request_with(&url, ConnectOptions::new().attempt_delay(delay));
        // An address has a share of this time, so a silent one that is tried first would be waited for.
        request.head_mut().options_mut().timeouts.connect = Some(1000 * PATIENCE);
        pool.exchange(request).unwrap().remote_addr()
    };
    assert_eq!(send(20 * MS), Some(good));
    // It is remembered: without that, the third connection would begin with a silent address.
    for _ in 0..3 {
        assert_eq!(send(1000 * PATIENCE), Some(good));
    }
    drop(server);
}

#[cfg(target_os = "linux")]
fn all_addresses_are_silent<F: Flavour>() {
    let silent = Silent::listen();
    let pool: F = pool(vec![silent.addr().ip(); 3]);
    let url = format!("http://a.test:{}/", silent.addr().port());
    let request = patient("GET", &url, |timeouts| timeouts.connect = Some(100 * MS));
    let error = pool.exchange(request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Connect), "{error}");
    let tried = format!("connecting to a.test (tried {addr}: no answer; {addr}", addr = silent.addr());
    assert!(error.to_string().contains(&tried), "{error}");
    let server = Server::repeat(serve(OK));
    pool.get_ok(&format!("http://a.test:{}/", server.addr().port()));
}

/// The system knows at once that it has no route.
#[cfg(target_os = "linux")]
fn addresses_that_cannot_be_reached<F: Flavour>() {
    // A multicast address and the broadcast address.
    let pool: F = pool(vec![Ipv4Addr::new(224, 0, 0, 1).into(), Ipv4Addr::BROADCAST.into()]);
    let error = pool.get("http://a.test:9/").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.to_string().contains("224.0.0.1:9: Network is unreachable"), "{error}");
    let server = Server::repeat(serve(OK));
    pool.get_ok(&server.url());
}
