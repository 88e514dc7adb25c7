//! Dropped futures: each request is polled n times and dropped, for every possible n. The pool keeps no trace of it.

use httpx_testing::give_up::{Dropped, polled};
use httpx_testing::{Act, ScriptedServer, send, serve};

use crate::socks::{DIALOGUE, socks};
use crate::support::flavour::RUNTIME;
use crate::support::tls::{Authority, Trusting};
use crate::support::{Async, Flavour};
use crate::{OK, OPEN, logged, proxy};

#[test]
fn each_poll_of_a_tunnel() {
    let authority = Authority::new();
    let secure = ScriptedServer::tls(authority.server("origin.test"), std::iter::repeat(serve(OK)));
    // Each byte is a write of its own.
    let slow = |text: &str| text.bytes().map(|byte| send([byte])).collect::<Vec<_>>();
    let connect = [vec![Act::TakeHead], slow(OPEN), vec![Act::Relay(secure.addr())]].concat();
    let server = ScriptedServer::tls(authority.server("127.0.0.1"), std::iter::repeat(connect));
    let (client, log) = logged::<Async>(|pool| {
        let pool = pool.max_idle_per_origin(0).tls(authority.trusted());
        pool.proxy(proxy("https", &server).tls(authority.trusted()))
    });
    check_each_poll(&client, "https://origin.test/");
    crate::check_no_secrets(&log.text());
    crate::check_origin(&secure);

    let plain = crate::origin();
    let server = ScriptedServer::repeat(socks(DIALOGUE, plain.addr()));
    let (client, log) = logged::<Async>(|pool| pool.max_idle_per_origin(0).proxy(proxy("socks5h", &server)));
    check_each_poll(&client, "http://origin.test/");
    crate::check_no_secrets(&log.text());
    crate::check_origin(&plain);
}

#[track_caller]
fn check_each_poll(client: &Async, url: &str) {
    for dropped in [Dropped::AtOnce, Dropped::Woken] {
        let mut polls = 0;
        while RUNTIME.block_on(polled(polls, dropped, client.get(url).send())).is_none() {
            let stats = client.pool_stats();
            assert_eq!((stats.active, stats.connecting, stats.waiting), (0, 0, 0), "{polls}: {stats:?}");
            assert_eq!(stats.opened as usize, stats.idle + stats.closed.total() as usize, "{stats:?}");
            polls += 1;
        }
        assert!(polls > 0, "it was never dropped");
        assert_eq!(Async::send(client.get(url)).unwrap().text(), "good");
    }
}
