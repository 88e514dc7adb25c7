//! Limits that the requests of a client share, over real connections.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::thread;
use std::time::Duration;

use httpx::ErrorKind;
use httpx::limit::{ConcurrencyLimit, RateLimit};
use httpx::models::{RequestSent, Timeout};
use httpx::retry::Retry;
use httpx_testing::until;

mod support;

use support::over::Over;
use support::{Reply, Server, both_flavours};

both_flavours!(
    a_response_that_is_held_holds_its_place,
    a_response_without_a_body_holds_no_place,
    a_wait_ends_at_the_timeout,
    requests_follow_at_the_rate,
    retries_and_redirects_count,
);

const HOUR: Duration = Duration::from_secs(3600);

fn limited<F: Over>(limit: &ConcurrencyLimit) -> F {
    F::with(|client| F::network_layered(vec![limit.clone()], client))
}

fn a_response_that_is_held_holds_its_place<F: Over>() {
    let server = Server::new(|_| Reply::ok("good"));
    let limit = ConcurrencyLimit::new(1);
    let shows = |text: &str| format!("{limit:?}") == format!("<ConcurrencyLimit [{text}]>");
    let client = limited::<F>(&limit);
    let held = F::stream(client.get(&server.url("/"))).unwrap();
    let other = client.clone();
    let url = server.url("/");
    let waiting = thread::spawn(move || F::send(other.get(&url)));
    until(|| shows("1 active, 1 waiting"));
    assert_eq!(server.take().len(), 1);
    drop(held);
    assert_eq!(waiting.join().unwrap().unwrap().text(), "good");
    assert!(shows("0 active, 0 waiting"));
    // A body that has been read holds nothing, nor does a request that fails.
    let _read = F::send(client.get(&server.url("/"))).unwrap();
    let port = httpx_testing::sockets::closed_port();
    let refused = F::send(client.get(&format!("http://127.0.0.1:{}/", port.port())));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Connect);
    assert!(shows("0 active, 0 waiting"));
}

/// There is nothing to read: its connection is free already.
fn a_response_without_a_body_holds_no_place<F: Over>() {
    for (method, answer) in [
        ("HEAD", Reply::Keep("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".into())),
        ("GET", Reply::Keep("HTTP/1.1 204 No Content\r\n\r\n".into())),
        ("GET", Reply::Keep("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n".into())),
        ("GET", Reply::full("200 OK", "", "")),
    ] {
        let server = Server::new(move |_| answer.clone());
        let limit = ConcurrencyLimit::new(1);
        let client = limited::<F>(&limit);
        let held = F::stream(client.request(method, &server.url("/"))).unwrap();
        assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [0 active, 0 waiting]>", "{method}");
        drop(held);
        assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [0 active, 0 waiting]>", "{method}");
    }
}

fn a_wait_ends_at_the_timeout<F: Over>() {
    let server = Server::new(|_| Reply::ok("good"));
    let limit = ConcurrencyLimit::new(1);
    let client = limited::<F>(&limit);
    let held = F::stream(client.get(&server.url("/"))).unwrap();
    let short = Duration::from_millis(20);
    let rows = [
        (client.get(&server.url("/")).timeout(short), Timeout::Total),
        (client.get(&server.url("/")).pool_timeout(short), Timeout::Pool),
    ];
    for (request, timeout) in rows {
        let error = F::send(request).unwrap_err();
        assert_eq!((error.kind(), error.timeout()), (ErrorKind::Timeout(timeout), Some(short)), "{error}");
        assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
        assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [1 active, 0 waiting]>");
    }
    drop(held);
    assert_eq!(F::send(client.get(&server.url("/"))).unwrap().text(), "good");
    assert_eq!(server.take().len(), 2);
}

fn requests_follow_at_the_rate<F: Over>() {
    let server = Server::new(|_| Reply::ok("good"));
    // Fast enough to wait for.
    let fast = RateLimit::new(1000, Duration::from_secs(1)).burst(2);
    let client: F = F::with(|client| F::network_layered(vec![fast], client));
    let url = server.url("/");
    client.run_callers(4, 3, move || url.clone());
    assert_eq!(server.take().len(), 12);
    // Too slow to wait for: that fails at once.
    let slow = RateLimit::new(1, HOUR).burst(2);
    let client: F = F::with(|client| F::network_layered(vec![slow], client));
    let get =
        || F::send(client.get(&server.url("/")).timeout(HOUR / 2)).map(|response| response.status().as_u16());
    assert_eq!((get().unwrap(), get().unwrap()), (200, 200));
    let error = get().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total));
    assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
    assert_eq!(server.take().len(), 2);
}

fn retries_and_redirects_count<F: Over>() {
    let server = Server::routes([
        ("/old", Reply::redirect("302", "/new")),
        ("/busy", Reply::full("503 Service Unavailable", "", "")),
    ]);
    let client: F = F::with(|client| {
        let limit = RateLimit::new(1, HOUR).burst(4).max_wait(Duration::ZERO);
        F::network_layered(vec![limit], client.retry(Retry::new().base_delay(Duration::ZERO)))
    });
    assert_eq!(F::send(client.get(&server.url("/old"))).unwrap().text(), "good");
    // Two are left. The limit is no failure that may pass.
    let error = F::send(client.get(&server.url("/busy"))).unwrap_err();
    assert_eq!((error.kind(), error.attempts().count()), (ErrorKind::Timeout(Timeout::Pool), 3), "{error}");
    assert_eq!(server.take().len(), 4);
}

/// A future that is dropped while it waits, before and after its notification, gives back its place.
#[cfg(feature = "async")]
#[test]
fn a_dropped_future_gives_back_its_place() {
    use std::future::Future;
    use std::task::{Context, Waker};

    support::flavour::RUNTIME.block_on(async {
        let server = Server::new(|_| Reply::ok("good"));
        let limit = ConcurrencyLimit::new(1);
        let client =
            httpx::ahttpx::Client::builder().no_proxy().network_layer(limit.clone()).build().unwrap();
        let held = client.get(server.url("/")).stream().await.unwrap();
        let mut calls = [(); 3].map(|()| Box::pin(client.get(server.url("/")).send()));
        for call in &mut calls {
            assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [1 active, 3 waiting]>");
        let [first, second, third] = calls;
        drop(first);
        drop(held); // wakes the second one
        drop(second);
        assert_eq!(third.await.unwrap().text(), "good");
        assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [0 active, 0 waiting]>");
        assert_eq!(server.take().len(), 2);
    });
}
