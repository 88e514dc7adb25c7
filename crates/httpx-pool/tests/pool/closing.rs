//! Closing a pool, and its counts before.

use std::sync::Barrier;
use std::thread;

use httpx_core::{ErrorKind, RequestSent};
use httpx_pool::ConnectionState;

use crate::support::*;

both_flavours! {
    closing,
    closing_wakes_those_who_wait,
    the_last_handle_closes_idle_connections_and_a_response_outlives_it,
    debug_output_and_counts,
}

fn closing<F: Flavour>() {
    let go = Gate::default();
    let scripts = [vec![Act::Take, send(HALF), Act::Wait(go.clone()), send("llo"), Act::Eof], serve(OK)];
    let server = Server::new(scripts);
    let pool = F::make(|pool| pool.max_connections(2));
    let running = pool.stream(&server.url()).unwrap();
    pool.get_ok(&server.url());
    assert_eq!(format!("{pool:?}"), "<ConnectionPool [1 active, 1 idle]>");
    pool.clone().close();
    assert_eq!(server.end_of(1), End::Closed);
    assert_eq!(format!("{pool:?}"), "<ConnectionPool [1 active]>");
    let error = pool.get(&server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Closed, Some(RequestSent::Nothing)));
    assert_eq!(error.to_string(), format!("GET {}: the client is closed; make a new one", server.url()));
    go.open();
    assert_eq!(running.read_body().unwrap().bytes(), "hello");
    assert_eq!(server.end_of(0), End::Closed);
    assert_eq!(pool.counts(), idle(0));
    pool.close();
}

fn closing_wakes_those_who_wait<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::one();
    let held = pool.stream(&server.url()).unwrap();
    let ready = Barrier::new(4);
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    ready.wait();
                    pool.get(&server.url()).unwrap_err().kind()
                })
            })
            .collect();
        ready.wait();
        pool.close();
        for waiting in waiting {
            assert_eq!(waiting.join().unwrap(), ErrorKind::Closed);
        }
    });
    drop(held);
    assert_eq!(server.end_of(0), End::Closed);
}

fn the_last_handle_closes_idle_connections_and_a_response_outlives_it<F: Flavour>() {
    let go = Gate::default();
    let server =
        Server::new([vec![Act::Take, send(HALF), Act::Wait(go.clone()), send("llo"), Act::Eof], serve(OK)]);
    let pool = F::new();
    let running = pool.stream(&server.url()).unwrap();
    pool.get_ok(&server.url());
    let other = pool.clone();
    drop(pool);
    other.get_ok(&server.url());
    drop(other);
    assert_eq!(server.end_of(1), End::Closed);
    go.open();
    assert_eq!(running.read_body().unwrap().bytes(), "hello");
    assert_eq!(server.end_of(0), End::Closed);
    assert_eq!(server.connections(), 2);
}

fn debug_output_and_counts<F: Flavour>() {
    let go = Gate::default();
    let server = Server::repeat(vec![Act::Take, Act::Wait(go.clone()), Act::Send(OK.into()), Act::Eof]);
    let pool = F::new();
    assert_eq!(format!("{pool:?}"), "<ConnectionPool [0 active]>");
    assert!(pool.connections().is_empty());
    thread::scope(|scope| {
        let sending = scope.spawn(|| pool.stream(&server.url()).unwrap());
        server.when(|records| records.iter().any(|record| !record.received.is_empty()));
        let [connection] = &pool.connections()[..] else { panic!("{pool:?}") };
        assert_eq!((connection.state, connection.uses), (ConnectionState::Active, 1));
        assert_eq!(connection.origin.to_string(), server.url().trim_end_matches('/'));
        go.open();
        let response = sending.join().unwrap();
        assert_eq!(format!("{pool:?}"), "<ConnectionPool [1 active]>");
        assert!(response.head().remote_addr().is_some() && response.head().elapsed().is_some());
        drop(response);
        let [connection] = &pool.connections()[..] else { panic!("{pool:?}") };
        assert_eq!(connection.state, ConnectionState::Idle);
        assert_eq!(format!("{pool:?}"), "<ConnectionPool [0 active, 1 idle]>");
    });
}
