//! The numbers of a pool: what was opened, reused and closed, and why.

use std::time::{Duration, Instant};

use httpx_pool::{CloseCause, PoolStats};

use crate::support::*;

both_flavours! {
    connections_are_closed_for_a_cause,
    each_request_opens_or_reuses,
    openings_that_fail,
    handshakes,
    ages,
}

/// Checks the equations that always hold for the numbers.
fn check(stats: PoolStats) -> PoolStats {
    let open = (stats.active + stats.idle) as u64;
    assert_eq!(stats.opened, open + stats.closed.total(), "{stats:?}");
    stats
}

/// Runs requests, and returns the only cause for which a connection was closed.
fn connections_are_closed_for_a_cause<F: Flavour>() {
    type Row<F> = (CloseCause, Script, fn(Setup<F>) -> Setup<F>, fn(&F, &str));
    let head = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}\r\n");
    let rows: Vec<Row<F>> = vec![
        (
            CloseCause::IdleTimeout,
            serve(OK),
            |pool| pool.idle_timeout(Duration::ZERO),
            |pool, url| pool.get_ok(url),
        ),
        (CloseCause::MaxAge, serve(OK), |pool| pool.max_age(Duration::ZERO), |pool, url| pool.get_ok(url)),
        (CloseCause::MaxUses, serve(OK), |pool| pool.max_uses(1), |pool, url| pool.get_ok(url)),
        (CloseCause::IdleLimit, serve(OK), |pool| pool.max_idle_connections(0), |pool, url| pool.get_ok(url)),
        (CloseCause::IdleLimit, serve(OK), |pool| pool.max_idle_per_origin(0), |pool, url| pool.get_ok(url)),
        (
            CloseCause::PoolClosed,
            serve(OK),
            |pool| pool,
            |pool, url| {
                pool.get_ok(url);
                pool.close();
            },
        ),
        (
            CloseCause::LastResponse,
            serve(head("Connection: close\r\nContent-Length: 5\r\n") + "hello"),
            |pool| pool,
            |pool, url| {
                pool.get_ok(url);
            },
        ),
        (CloseCause::LastResponse, answer(head("") + "hello"), |pool| pool, |pool, url| pool.get_ok(url)),
        (
            CloseCause::BodyDropped,
            vec![Act::Take, send(HALF), Act::Eof],
            |pool| pool,
            |pool, url| {
                drop(pool.stream(url).unwrap());
            },
        ),
        (
            CloseCause::Error,
            answer(HALF),
            |pool| pool,
            |pool, url| {
                pool.get(url).unwrap_err();
            },
        ),
        (
            CloseCause::Error,
            answer("nonsense\r\n\r\n"),
            |pool| pool,
            |pool, url| {
                pool.get(url).unwrap_err();
            },
        ),
        (
            CloseCause::Error,
            vec![Act::Take, Act::Eof],
            |pool| pool,
            |pool, url| {
                pool.exchange(patient("GET", url, |t| t.head = Some(MS))).unwrap_err();
            },
        ),
        (
            CloseCause::RequestIncomplete,
            vec![Act::TakeHead, send("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n"), Act::Eof],
            |pool| pool,
            |pool, url| {
                pool.exchange(request("POST", url).with_body(F::endless())).unwrap();
            },
        ),
        (CloseCause::Stale, serve(OK.to_owned() + "\n"), |pool| pool, |pool, url| pool.get_ok(url)),
    ];
    for (n, (cause, script, set, run)) in rows.into_iter().enumerate() {
        let server = Server::repeat(script);
        let pool = F::make(set);
        run(&pool, &server.url());
        let stats = check(pool.stats());
        assert_eq!((stats.closed.by(cause), stats.closed.total()), (1, 1), "row {n}: {stats:?}");
    }
}

fn each_request_opens_or_reuses<F: Flavour>() {
    let stale = [answer(OK), vec![Act::Take]].concat();
    let (a, b) = (Server::new([stale, serve(OK)]), Server::repeat(serve(OK)));
    let pool = F::one();
    pool.get_ok(&a.url());
    pool.get_ok(&a.url()); // stale: once more over a new connection
    pool.get_ok(&a.url());
    pool.get_ok(&b.url());
    let held = pool.stream(&b.url()).unwrap();
    let stats = check(pool.stats());
    assert_eq!((stats.opened, stats.reused, stats.active, stats.idle), (3, 3, 1, 0));
    assert_eq!((stats.closed.by(CloseCause::Stale), stats.closed.by(CloseCause::Evicted)), (1, 1));
    drop(held);
    assert_eq!((stats.waiting, stats.failed, stats.connecting), (0, 0, 0));
}

fn openings_that_fail<F: Flavour>() {
    let pool = F::make(|pool| F::backend(pool, Connects::new(0, Then::Refused)));
    pool.get("http://127.0.0.1:9/").unwrap_err();
    let stats = check(pool.stats());
    assert_eq!((stats.opened, stats.failed, stats.closed.total()), (0, 1, 0));
}

fn handshakes<F: Flavour>() {
    for wire in Wire::each() {
        let close = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
        let server = wire.repeat(answer(close));
        let pool: F = wire.pool();
        (0..3).for_each(|_| pool.get_ok(&server.url()));
        let stats = check(pool.stats());
        let expected = if matches!(wire, Wire::Plain) { (0, 0) } else { (1, 2) };
        assert_eq!((stats.full_handshakes, stats.resumed_handshakes), expected, "{wire:?}");
    }
}

/// The age is that of the connection, and not that of its state.
fn ages<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    let before = Instant::now();
    pool.get_ok(&server.url());
    let first = pool.connections().remove(0);
    assert!(first.age >= first.time_in_state && first.age <= before.elapsed(), "{first:?}");
    let after = Instant::now();
    pool.get_ok(&server.url());
    let second = pool.connections().remove(0);
    assert!(second.time_in_state <= after.elapsed(), "{second:?}");
    assert!(second.age - second.time_in_state >= first.age, "{first:?} {second:?}");
    assert_eq!((first.uses, second.uses), (1, 2));
}
