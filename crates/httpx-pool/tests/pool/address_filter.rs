//! Which addresses a pool connects to.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use httpx_core::{Error, ErrorKind, RequestSent};
use httpx_pool::{AddressRefused, ConnectOptions, PublicOnly};

use crate::support::*;

both_flavours! {
    no_spelling_of_a_refused_address_is_connected_to,
    exceptions_are_connected_to,
    refused_addresses_of_a_name_are_left_out,
    a_closure_is_asked_about_each_connection,
    a_name_that_moves_between_lookups,
    connections_opened_ahead_of_need,
    a_connection_without_the_filter_is_not_used,
    a_backend_that_does_not_ask,
    a_single_connection,
}

fn assert_refused(error: &Error, said: &str) {
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::AddressRefused, Some(RequestSent::Nothing)));
    assert!(error.is_connect() && !error.is_transient() && !error.is_timeout(), "{error:?}");
    assert!(error.to_string().contains(said), "{error}");
}

fn here(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn no_spelling_of_a_refused_address_is_connected_to<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let port = server.addr().port();
    let pool = F::make(|pool| {
        let pool = pool.resolve("internal.test", [Ipv4Addr::LOCALHOST]);
        pool.resolve("mapped.test", [Ipv4Addr::LOCALHOST.to_ipv6_mapped()]).address_filter(PublicOnly::new())
    });
    let (local, inside) = ("it is this machine", "it has an IPv4 address inside");
    let rows = [
        ("127.0.0.1", format!("at 127.0.0.1:{port}"), local),
        ("127.0.0.1.", format!("at 127.0.0.1:{port}"), local),
        ("127.1", format!("at 127.0.0.1:{port}"), local),
        ("0x7f.1", format!("at 127.0.0.1:{port}"), local),
        ("0177.0.0.1", format!("at 127.0.0.1:{port}"), local),
        ("2130706433", format!("at 127.0.0.1:{port}"), local),
        ("\u{ff11}27.0.0.1", format!("at 127.0.0.1:{port}"), local),
        ("0.0.0.0", format!("at 0.0.0.0:{port}"), local),
        ("[::]", format!("at [::]:{port}"), local),
        ("[::1]", format!("at [::1]:{port}"), local),
        ("[::ffff:127.0.0.1]", format!("at [::ffff:127.0.0.1]:{port}"), inside),
        ("[::ffff:7f00:1]", format!("at [::ffff:127.0.0.1]:{port}"), inside),
        ("[::127.0.0.1]", format!("at [::7f00:1]:{port}"), inside),
        ("internal.test", format!("connect to internal.test at 127.0.0.1:{port}"), local),
        ("mapped.test", format!("connect to mapped.test at [::ffff:127.0.0.1]:{port}"), inside),
    ];
    for (host, address, reason) in rows {
        let error = pool.get(&format!("http://{host}:{port}/")).unwrap_err();
        assert_refused(&error, &address);
        assert!(error.to_string().ends_with(&format!("make an exception for it: {reason}")), "{error}");
    }
    let error = pool.get(&format!("http://localhost:{port}/")).unwrap_err();
    assert_refused(&error, "connect to localhost at ");
    assert_eq!((server.connections(), pool.counts()), (0, idle(0)));
    // A request with another filter succeeds.
    let exception = ConnectOptions::new().address_filter(PublicOnly::new().except("127.0.0.1").unwrap());
    assert_eq!(pool.exchange(request_with(&server.url(), exception)).unwrap().text(), "hello");
}

fn exceptions_are_connected_to<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let filter = PublicOnly::new().except("127.0.0.1").unwrap();
    let pool = F::make(|pool| pool.address_filter(filter));
    pool.get_ok(&server.url());
    let error = pool.get(&server.url().replace("127.0.0.1", "127.0.0.2")).unwrap_err();
    assert_refused(&error, "at 127.0.0.2:");
}

fn refused_addresses_of_a_name_are_left_out<F: Flavour>() {
    let [refused, allowed] = [(); 2].map(|()| Server::repeat(serve(OK)));
    let bad = refused.addr();
    let filter = move |address| if address == bad { Err(AddressRefused::new("no")) } else { Ok(()) };
    let pool = F::make(|pool| {
        pool.resolve("h.test", [refused.addr(), allowed.addr(), refused.addr()]).address_filter(filter)
    });
    pool.get_ok("http://h.test/");
    assert_eq!((refused.connections(), allowed.connections()), (0, 1));
    // If the others cannot be reached, that is the error.
    let closed = here(1);
    let request =
        request_with("http://h.test/", ConnectOptions::new().resolve("h.test", [refused.addr(), closed]));
    let error = pool.exchange(request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
    assert_eq!(refused.connections(), 0);
}

fn a_closure_is_asked_about_each_connection<F: Flavour>() {
    let server =
        Server::repeat(serve("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"));
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // The first connection passes, as a name does that resolves to a public address the first time (DNS rebinding).
    let filter = move |address: SocketAddr| {
        assert!(address.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST) && address.port() != 0);
        let first = count.fetch_add(1, Ordering::Relaxed) < 2;
        if first { Ok(()) } else { Err(AddressRefused::new("it has moved")) }
    };
    let pool = F::make(|pool| pool.address_filter(filter));
    pool.get_ok(&server.url());
    assert_eq!(asked.load(Ordering::Relaxed), 2, "before the attempt, and about the connection");
    assert_refused(&pool.get(&server.url()).unwrap_err(), "it has moved");
    assert_eq!((server.connections(), asked.load(Ordering::Relaxed)), (1, 3));
}

/// DNS rebinding: the first lookup leads to an allowed address, the second one does not.
fn a_name_that_moves_between_lookups<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let asked = AtomicUsize::new(0);
    let resolver = StubResolver::new(move |_| {
        let last = if asked.fetch_add(1, Ordering::Relaxed) == 0 { 1 } else { 2 };
        Answer::Uncached(vec![Ipv4Addr::new(127, 0, 0, last).into()])
    });
    let filter = PublicOnly::new().except("127.0.0.1").unwrap();
    let pool = F::make(|pool| F::resolver(pool, resolver).max_uses(1).address_filter(filter));
    let url = format!("http://h.test:{}/", server.addr().port());
    pool.get_ok(&url);
    assert_refused(&pool.get(&url).unwrap_err(), "connect to h.test at 127.0.0.2:");
    assert_eq!((server.connections(), pool.counts()), (1, idle(0)));
}

fn connections_opened_ahead_of_need<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::make(|pool| pool.address_filter(PublicOnly::new()));
    assert_refused(&pool.connect(&server.url()).unwrap_err(), "it is this machine");
    assert_eq!((server.connections(), pool.counts()), (0, idle(0)));
}

fn a_connection_without_the_filter_is_not_used<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    pool.get_ok(&server.url());
    assert_eq!(pool.counts(), idle(1));
    let filtered = || request_with(&server.url(), ConnectOptions::new().address_filter(PublicOnly::new()));
    assert_refused(&pool.exchange(filtered()).unwrap_err(), "it is this machine");
    pool.get_ok(&server.url());
    assert_eq!((server.connections(), pool.counts()), (1, idle(1)));
    // A filter of the request takes the place of the pool's.
    let pool = F::make(|pool| pool.address_filter(PublicOnly::new()));
    let local = PublicOnly::new().except("127.0.0.0/8").unwrap();
    let excepted = || request_with(&server.url(), ConnectOptions::new().address_filter(local.clone()));
    for _ in 0..2 {
        assert_eq!(pool.exchange(excepted()).unwrap().bytes(), "hello");
        assert_refused(&pool.get(&server.url()).unwrap_err(), "it is this machine");
    }
    assert_eq!((server.connections(), pool.counts()), (2, idle(1)));
}

/// The backend connects to any address. The filter sees the address of its stream, before anything is sent.
fn a_backend_that_does_not_ask<F: Flavour>() {
    let server = Server::repeat(vec![Act::Eof]);
    let pool = F::make(|pool| F::backend(pool, Elsewhere(server.addr())).address_filter(PublicOnly::new()));
    let error = pool.get("http://example.com/").unwrap_err();
    assert_refused(&error, &format!("connect to example.com at {}", server.addr()));
    assert_eq!(server.end_of(0), End::Closed);
    let records = server.ended();
    assert_eq!((records.len(), records[0].received.len(), pool.counts()), (1, 0, idle(0)));
}

fn a_single_connection<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let error = F::open(|builder| builder.address_filter(PublicOnly::new()), &server.url()).unwrap_err();
    assert_refused(&error, "it is this machine");
    let connection = F::open_connection(&server.url()).unwrap();
    let filtered = request_with(&server.url(), ConnectOptions::new().address_filter(PublicOnly::new()));
    let error = connection.exchange(filtered).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::InvalidRequest, Some(RequestSent::Nothing)));
    assert!(error.to_string().contains("was opened with other connect options"), "{error}");
    connection.get_ok(&server.url());
}
