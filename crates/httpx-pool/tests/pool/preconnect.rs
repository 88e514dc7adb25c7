//! Connections that are opened in advance.

use std::thread;

use httpx_core::{ErrorKind, Timeout};

use crate::support::*;

both_flavours! {
    the_first_request_finds_a_connection,
    an_idle_connection_is_enough,
    limits_hold,
    errors_are_returned,
    a_connection_that_died_before_its_first_request,
}

fn the_first_request_finds_a_connection<F: Flavour>() {
    for wire in Wire::each() {
        let server = wire.repeat(serve(OK));
        // The opening does not count as a use.
        let pool = F::make(|pool| wire.trusted(pool).max_uses(1));
        pool.connect(&server.url()).unwrap();
        assert_eq!((pool.stats().opened, pool.counts(), pool.stats().reused), (1, idle(1), 0), "{wire:?}");
        assert_eq!(pool.connections()[0].uses, 0);
        pool.get_ok(&server.url());
        assert_eq!((server.connections(), pool.counts(), pool.stats().reused), (1, idle(0), 1), "{wire:?}");
    }
}

fn an_idle_connection_is_enough<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    for _ in 0..2 {
        pool.connect(&server.url()).unwrap();
        assert_eq!((pool.stats().opened, pool.counts()), (1, idle(1)));
    }
    let held = pool.stream(&server.url()).unwrap();
    pool.connect(&server.url()).unwrap();
    assert_eq!((pool.stats().opened, pool.stats().idle), (2, 1));
    drop(held);
}

fn limits_hold<F: Flavour>() {
    let (a, b) = (Server::repeat(serve(OK)), Server::repeat(serve(OK)));
    let pool = F::make(|pool| pool.max_connections(1));
    pool.connect(&a.url()).unwrap();
    pool.connect(&b.url()).unwrap();
    assert_eq!(a.end_of(0), End::Closed);
    // A wait for room ends with the connection that another request returns. It is not used.
    let held = pool.stream(&b.url()).unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| pool.connect(&b.url()).unwrap());
        until(|| pool.stats().waiting == 1);
        held.read_body().unwrap();
        waiting.join().unwrap();
    });
    assert_eq!((b.connections(), pool.connections()[0].uses), (1, 1));

    let none = F::make(|pool| pool.max_idle_connections(0));
    none.connect(&a.url()).unwrap();
    assert_eq!(none.counts(), idle(0));
}

fn errors_are_returned<F: Flavour>() {
    let closed = F::new();
    closed.close();
    let refused = F::make(|pool| F::backend(pool, Connects::new(0, Then::Refused)));
    let late = F::make(|pool| {
        let pool = F::backend(pool, Connects::new(0, Then::Late));
        pool.timeouts(httpx_core::Timeouts::new().connect(30 * MS))
    });
    for (pool, url, kind) in [
        (closed, "http://127.0.0.1/", ErrorKind::Closed),
        (refused, "http://127.0.0.1/", ErrorKind::Io),
        (late, "http://127.0.0.1/", ErrorKind::Timeout(Timeout::Connect)),
        (F::new(), "ftp://127.0.0.1/", ErrorKind::InvalidUrl),
        (F::new(), "127.0.0.1", ErrorKind::InvalidUrl),
    ] {
        assert_eq!(pool.connect(url).unwrap_err().kind(), kind, "{url}");
        assert_eq!(pool.counts(), idle(0));
    }
}

/// It is replaced like any idle connection that the server has closed, also if the server does that only now.
fn a_connection_that_died_before_its_first_request<F: Flavour>() {
    for first in [vec![], vec![Act::Take]] {
        let ends = first.is_empty();
        let server = Server::new([first, serve(OK)]);
        let pool = F::new();
        pool.connect(&server.url()).unwrap();
        if ends {
            assert_eq!(server.end_of(0), End::Played);
        }
        pool.get_ok(&server.url());
        assert_eq!(server.connections(), 2);
    }
}
