//! The times of the steps that a response knows. `events.rs` tests those of the connection.

use std::net::Ipv4Addr;
use std::thread;

use crate::support::*;

both_flavours! {
    times_of_the_queue_and_the_lookup,
    times_of_bodies,
}

fn times_of_the_queue_and_the_lookup<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let resolver = StubResolver::leading_to([Ipv4Addr::LOCALHOST]);
    let pool = F::make(|pool| F::resolver(pool.max_connections(1), resolver));
    let url = format!("http://a.test:{}/", server.addr().port());
    let held = pool.stream(&url).unwrap();
    let timings = held.head().timings().unwrap();
    assert!(timings.lookup.unwrap().as_nanos() > 0, "{timings:?}");
    assert_eq!(timings.queue.unwrap().as_nanos(), 0, "{timings:?}");
    let waiting = thread::scope(|scope| {
        let waiting = scope.spawn(|| pool.get(&url).unwrap());
        until(|| pool.stats().waiting == 1);
        held.read_body().unwrap();
        waiting.join().unwrap()
    });
    let timings = waiting.timings().unwrap();
    assert!(timings.queue.unwrap().as_nanos() > 0, "{timings:?}");
    assert_eq!((timings.lookup, timings.connect), (None, None));
}

/// A body that comes later than the head, because the server waits for a gate.
fn times_of_bodies<F: Flavour>() {
    type Row = (&'static str, &'static str, fn() -> Script);
    let rows: [Row; 4] = [
        ("Content-Length: 5\r\n", "", || vec![send("hello"), Act::Eof]),
        ("Content-Length: 5\r\n", "he", || vec![send("llo"), Act::Eof]),
        ("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n", || vec![send("0\r\n\r\n"), Act::Eof]),
        ("", "hello", || vec![Act::Finish]),
    ];
    for (headers, first, rest) in rows {
        for is_streamed in [false, true] {
            let gate = Gate::default();
            let begin = send(format!("HTTP/1.1 200 OK\r\n{headers}\r\n{first}"));
            let server = Server::new([[vec![Act::Take, begin, Act::Wait(gate.clone())], rest()].concat()]);
            let pool = F::new();
            let mut response = pool.stream(&server.url()).unwrap();
            assert_eq!(response.head().timings().unwrap().body, None, "{headers}");
            gate.open();
            let timings = if is_streamed {
                assert_eq!(response.read_all(3).unwrap(), b"hello");
                response.head().timings()
            } else {
                response.read_body().unwrap().timings()
            };
            assert!(timings.unwrap().body.unwrap().as_nanos() > 0, "{headers}");
        }
    }
    // A body that came with the head.
    let server = Server::repeat(serve(OK));
    assert_eq!(F::new().get(&server.url()).unwrap().timings().unwrap().body, None);
    // A body that failed.
    let server = Server::repeat(answer(HALF));
    let mut response = F::new().stream(&server.url()).unwrap();
    response.read_all(3).unwrap_err();
    assert_eq!(response.head().timings().unwrap().body, None);
}
