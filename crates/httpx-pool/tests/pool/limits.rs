//! The limits on connections, and the calls that wait for one.

use std::thread;
use std::time::Duration;

use httpx_core::{ErrorKind, RequestSent, Timeout};

use crate::support::*;

both_flavours! {
    more_threads_than_connections,
    the_limit_for_an_origin_and_the_wait_for_the_pool,
    a_waiting_request_gets_the_connection,
    no_idle_connections_are_kept_if_none_may_be,
    at_the_limit_an_idle_connection_makes_room,
}

fn more_threads_than_connections<F: Flavour>() {
    for (threads, limit, requests) in [(20, 2, 5), (8, 4, 200), (5, 1, 10), (1_000, 100, 3)] {
        let server = Server::repeat(serve(OK));
        let pool = F::make(|pool| pool.max_connections(limit));
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| (0..requests).for_each(|_| pool.get_ok(&server.url())));
            }
        });
        let connections = server.connections();
        assert!((1..=limit).contains(&connections), "{connections} for a limit of {limit}");
        assert_eq!(pool.counts(), idle(connections));
        let uses: u64 = pool.connections().iter().map(|connection| connection.uses).sum();
        assert_eq!(uses, threads * requests);
    }
}

fn the_limit_for_an_origin_and_the_wait_for_the_pool<F: Flavour>() {
    let (a, b) = (Server::repeat(serve(OK)), Server::repeat(serve(OK)));
    let pool = F::make(|pool| pool.max_connections_per_origin(1).max_connections(2));
    let held = pool.stream(&a.url()).unwrap();
    let error = pool.send(patient("GET", &a.url(), |t| t.pool = Some(30 * MS))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Pool));
    assert_eq!((error.timeout(), error.request_sent()), (Some(30 * MS), Some(RequestSent::Nothing)));
    assert_eq!(
        error.to_string(),
        format!(
            "GET {}: no connection of the pool became free within 30ms (the pool timeout); read or drop open \
             responses, or raise the limits on connections or pool_timeout()",
            a.url()
        )
    );
    let error = pool.send(request("GET", &a.url()).with_timeout(30 * MS)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total));
    pool.get_ok(&b.url());
    drop(held);
    pool.get_ok(&a.url());
    assert_eq!((a.connections(), b.connections()), (1, 1));
}

/// A waiting request gets the connection that another one returns, or its slot.
fn a_waiting_request_gets_the_connection<F: Flavour>() {
    for response in [OK, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"] {
        let server = Server::repeat(serve(response));
        let pool = F::one();
        let held = pool.stream(&server.url()).unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| pool.get_ok(&server.url()));
            held.read_body().unwrap();
            waiting.join().unwrap();
        });
    }
}

fn no_idle_connections_are_kept_if_none_may_be<F: Flavour>() {
    let settings: [fn(Setup<F>) -> Setup<F>; 4] = [
        |pool| pool.max_idle_connections(0),
        |pool| pool.idle_timeout(Duration::ZERO),
        |pool| pool.max_uses(1),
        |pool| pool.max_age(Duration::ZERO),
    ];
    for set in settings {
        let server = Server::repeat(serve(OK));
        let pool = F::make(set);
        for n in 1..=2 {
            pool.get_ok(&server.url());
            assert_eq!((server.connections(), pool.counts()), (n, idle(0)));
            assert_eq!(server.end_of(n - 1), End::Closed);
        }
    }
}

fn at_the_limit_an_idle_connection_makes_room<F: Flavour>() {
    let (a, b) = (Server::repeat(serve(OK)), Server::repeat(serve(OK)));
    let pool = F::one();
    pool.get_ok(&a.url());
    pool.get_ok(&b.url());
    assert_eq!(a.end_of(0), End::Closed);
    assert_eq!(pool.counts(), idle(1));
}
