//! Retries of a client and of single requests, over mocks and over real connections.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx::network::Event;
use httpx::retry::{NotRetried, Retry, RetryBudget};
use httpx::{Bytes, ErrorKind, Response, Result};
use httpx_core::Request;
use httpx_testing::{Act, ScriptedServer, answer, send};

mod support;

use support::flavour::{BodyOf, Setup};
use support::over::Over;
use support::{Reply, Server, both_flavours};

both_flavours!(
    a_client_that_retries,
    one_request,
    a_layer_that_retries,
    a_client_in_a_client,
    a_server_that_resets,
    a_dead_connection_and_a_failing_server,
    redirects_are_followed_again,
    a_step_of_a_redirect_is_retried,
    an_observer_sees_the_attempts,
    a_body_is_sent_again,
    hostile_pauses,
);

/// Retries without pauses.
fn at_once() -> Retry {
    Retry::new().base_delay(Duration::ZERO)
}

/// Answers with these statuses, and then with 200. Returns also the number of requests.
fn statuses<F: Over>(
    statuses: &'static [u16],
    set: impl FnOnce(Setup<F>) -> Setup<F>,
) -> (F, Arc<AtomicUsize>) {
    let number = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&number);
    let answer = move |_: &Request<BodyOf<F>>| {
        let at = count.fetch_add(1, Ordering::Relaxed);
        Response::new(statuses.get(at).copied().unwrap_or(200), ())
    };
    (F::answered(answer, set).unwrap(), number)
}

/// `503 after 3`.
fn shown(outcome: &Result<Response<Bytes>>) -> String {
    match outcome {
        Ok(response) => format!("{} after {}", response.status().as_u16(), response.attempts().count()),
        Err(error) => format!("{:?} after {}", error.kind(), error.attempts().count()),
    }
}

fn a_client_that_retries<F: Over>() {
    let rows: [(&[u16], &str, &str); 5] = [
        (&[], "GET", "200 after 1"),
        (&[503], "GET", "200 after 2"),
        (&[503, 502], "GET", "200 after 3"),
        (&[503, 502, 504], "GET", "504 after 3"),
        (&[503], "POST", "503 after 1"),
    ];
    for (script, method, expected) in rows {
        let (client, number) = statuses::<F>(script, |client| client.retry(at_once()));
        let outcome = F::send(client.request(method, "http://h/"));
        assert_eq!(shown(&outcome), expected, "{script:?}");
        assert_eq!(number.load(Ordering::Relaxed), outcome.unwrap().attempts().count());
    }
    // Off by default.
    let (client, _) = statuses::<F>(&[503], |client| client);
    assert_eq!(shown(&F::send(client.get("http://h/"))), "503 after 1");
}

fn one_request<F: Over>() {
    let plain = || statuses::<F>(&[503, 503, 503], |client| client).0;
    let retrying = || statuses::<F>(&[503, 503, 503], |client| client.retry(at_once())).0;
    let layered = || statuses::<F>(&[503, 503, 503], |client| F::layered(vec![at_once()], client)).0;
    for (request, expected) in [
        (plain().get("http://h/").retry(at_once()), "503 after 3"),
        (plain().get("http://h/").retry(at_once().max_attempts(4)), "200 after 4"),
        (plain().get("http://h/").no_retry(), "503 after 1"),
        (retrying().get("http://h/").retry(at_once().max_attempts(2)), "503 after 2"),
        (retrying().get("http://h/").no_retry(), "503 after 1"),
        (retrying().get("http://h/").idempotent(false), "503 after 1"),
        (retrying().post("http://h/").idempotent(true), "503 after 3"),
        (retrying().post("http://h/").header("Idempotency-Key", "1"), "503 after 3"),
        (layered().get("http://h/").no_retry(), "503 after 1"),
        (layered().get("http://h/").retry(at_once().max_attempts(4)), "200 after 4"),
    ] {
        let name = format!("{request:?}");
        assert_eq!(shown(&F::send(request)), expected, "{name}");
    }
    // Requests with settings of their own share the budget of their client, also if the client has no settings.
    let always = |_: &Request<BodyOf<F>>| Response::new(503, ());
    for client in [
        F::answered(always, |client| client.retry(at_once().budget(RetryBudget::new(0, 1)))).unwrap(),
        F::answered(always, |client| client).unwrap(),
    ] {
        let attempts =
            |_| F::send(client.get("http://h/").retry(at_once().max_attempts(2))).unwrap().attempts().clone();
        let all: Vec<_> = (0..300).map(attempts).collect();
        let exhausted = Some(NotRetried::BudgetExhausted);
        assert!(all[0].count() == 2 && all.iter().any(|attempts| attempts.not_retried() == exhausted));
    }
}

fn a_layer_that_retries<F: Over>() {
    for set in [
        (|client| F::layered(vec![at_once()], client)) as fn(Setup<F>) -> Setup<F>,
        |client| F::network_layered(vec![at_once()], client),
        // Only the uppermost one retries.
        |client| F::network_layered(vec![at_once()], F::layered(vec![at_once()], client.retry(at_once()))),
    ] {
        let (client, number) = statuses::<F>(&[503, 503, 503, 503], set);
        assert_eq!(shown(&F::send(client.get("http://h/"))), "503 after 3");
        assert_eq!(number.load(Ordering::Relaxed), 3);
    }
}

fn a_client_in_a_client<F: Over>() {
    let (inner, number) = statuses::<F>(&[503; 30], |client| client.retry(at_once()));
    let outer = F::over(at_once(), inner.clone(), |client| client.retry(at_once())).unwrap();
    assert_eq!(shown(&F::send(outer.get("http://h/"))), "503 after 3");
    assert_eq!(number.swap(0, Ordering::Relaxed), 3);
    // The outer one sends once, and so does the inner one.
    assert_eq!(shown(&F::send(outer.get("http://h/").no_retry())), "503 after 1");
    // A request that is sent again is a new call.
    let response = F::send(inner.get("http://h/")).unwrap();
    let again = response.head().request().unwrap().clone();
    let outcome = inner.by_hand(Request::from_parts(again, F::bytes("")));
    assert_eq!(shown(&outcome), "503 after 3");
}

/// Resets of the connection before the response, and a response that breaks off in its head.
fn a_server_that_resets<F: Over>() {
    let good = || answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
    let failures = [
        vec![Act::Take, Act::Reset],
        vec![Act::Take],
        vec![Act::Take, send("HTTP/1.1 200 OK\r\nContent-Le")],
    ];
    for failure in failures {
        let server = ScriptedServer::new([failure.clone(), failure.clone(), good()]);
        let client = F::with(|client| client.retry(at_once()));
        let response = F::send(client.get(&server.url())).unwrap();
        assert_eq!((&*response.text(), response.attempts().count()), ("good", 3), "{failure:?}");
        for attempt in response.attempts().earlier() {
            assert!(
                matches!(attempt.error_kind(), Some(ErrorKind::Io | ErrorKind::Incomplete)),
                "{attempt:?}"
            );
        }
        // The server may have acted on a POST.
        let server = ScriptedServer::new([failure.clone()]);
        let outcome = F::send(client.post(&server.url()));
        let error = outcome.unwrap_err();
        assert_eq!(error.attempts().not_retried(), Some(NotRetried::NotIdempotent), "{failure:?} {error}");
    }
    // Nothing listens there: nothing is sent.
    let client = F::with(|client| client.retry(at_once()));
    let port = httpx_testing::sockets::closed_port();
    let outcome = F::send(client.post(&format!("http://127.0.0.1:{}/", port.port())));
    assert_eq!(shown(&outcome), "Connect after 3");
    assert!(outcome.unwrap_err().to_string().contains(" (after 3 attempts): "));
}

/// The pool replaces a kept connection that is dead, which is no attempt of its own.
fn a_dead_connection_and_a_failing_server<F: Over>() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
    let busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    let server = ScriptedServer::new([
        vec![Act::Take, send(ok), Act::Take, Act::Reset], // dies under the second request
        vec![Act::Take, send(busy), Act::Take, send(ok)],
    ]);
    let client = F::with(|client| client.retry(at_once()));
    assert_eq!(shown(&F::send(client.get(&server.url()))), "200 after 1");
    let response = F::send(client.get(&server.url())).unwrap();
    assert_eq!((response.status().as_u16(), response.attempts().count()), (200, 2));
    assert_eq!(response.attempts().earlier()[0].status().unwrap(), 503);
}

/// `/old` leads to `/new`, which is busy at first.
fn busy_target() -> Server {
    let number = AtomicUsize::new(0);
    Server::new(move |seen| match seen.target().as_str() {
        "/old" => Reply::redirect("302", "/new"),
        _ if number.fetch_add(1, Ordering::Relaxed) == 0 => Reply::full("503 Service Unavailable", "", ""),
        _ => Reply::ok("good"),
    })
}

fn targets(server: &Server) -> Vec<String> {
    server.take().iter().map(support::Seen::target).collect()
}

fn redirects_are_followed_again<F: Over>() {
    let server = busy_target();
    let client = F::with(|client| client.retry(at_once()));
    let response = F::send(client.get(&server.url("/old"))).unwrap();
    assert_eq!((response.attempts().count(), response.history().len()), (2, 1));
    assert_eq!(targets(&server), ["/old", "/new", "/old", "/new"]);
}

fn a_step_of_a_redirect_is_retried<F: Over>() {
    let server = busy_target();
    let client = F::with(|client| F::network_layered(vec![at_once()], client));
    let response = F::send(client.get(&server.url("/old"))).unwrap();
    assert_eq!((response.attempts().count(), response.history()[0].attempts().count()), (2, 1));
    assert_eq!(targets(&server), ["/old", "/new", "/new"]);
    // Each step has attempts of its own, and keeps them.
    let busy_twice = AtomicUsize::new(0);
    let server = Server::new(move |seen| match busy_twice.fetch_add(1, Ordering::Relaxed) % 2 {
        0 => Reply::full("503 Service Unavailable", "", ""),
        _ if seen.target() == "/old" => Reply::redirect("302", "/new"),
        _ => Reply::ok("good"),
    });
    let response = F::send(client.get(&server.url("/old"))).unwrap();
    assert_eq!((response.attempts().count(), response.history()[0].attempts().count()), (2, 2));
}

fn an_observer_sees_the_attempts<F: Over>() {
    let server = busy_target();
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&attempts);
    let observer = move |event: &Event<'_>| {
        if let Event::RequestStarted { attempt, .. } = event {
            log.lock().unwrap().push(*attempt);
        }
    };
    let retried = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&retried);
    let retry =
        at_once().on_retry(move |attempt| log.lock().unwrap().push(attempt.status().unwrap().as_u16()));
    let client = F::make(|pool| pool.observer(observer), |client| client.retry(retry)).unwrap();
    F::send(client.get(&server.url("/new"))).unwrap();
    F::send(client.get(&server.url("/new")).no_retry()).unwrap();
    assert_eq!((&*attempts.lock().unwrap(), &*retried.lock().unwrap()), (&vec![1, 2, 1], &vec![503]));
}

fn a_body_is_sent_again<F: Over>() {
    let number = AtomicUsize::new(0);
    let server = Server::new(move |_| match number.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::full("503 Service Unavailable", "", ""),
        _ => Reply::ok("good"),
    });
    let client = F::with(|client| client.retry(at_once()));
    let response = F::send(client.put(&server.url("/")).body("bytes")).unwrap();
    assert_eq!(response.attempts().count(), 2);
    let bodies: Vec<_> = server.take().iter().map(support::Seen::content).collect();
    assert_eq!(bodies, [b"bytes", b"bytes"]);

    let server = Server::new(|_| Reply::full("503 Service Unavailable", "", ""));
    let response = F::send(client.put(&server.url("/")).body(F::reader(&b"once"[..]))).unwrap();
    assert_eq!(response.attempts().not_retried(), Some(NotRetried::BodyNotReplayable));
    assert_eq!(server.take_one().content(), b"once");
}

/// A server that is never ready, and asks for pauses without sense: nothing loops, and nothing waits for years.
fn hostile_pauses<F: Over>() {
    for (value, requests, not_retried) in [
        ("99999999999", 1, NotRetried::RetryAfterTooLong),
        ("99999999999999999999999999999999999999", 1, NotRetried::RetryAfterTooLong),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 1, NotRetried::RetryAfterTooLong),
        ("30", 1, NotRetried::NoTimeLeft),
        ("0", 3, NotRetried::NoAttemptsLeft),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 3, NotRetried::NoAttemptsLeft),
        ("-99999999999", 3, NotRetried::NoAttemptsLeft),
        ("soon", 3, NotRetried::NoAttemptsLeft),
    ] {
        let lines = format!("Retry-After: {value}\r\n");
        let server = Server::new(move |_| Reply::full("503 Service Unavailable", &lines, "busy"));
        let client = F::with(|client| client.retry(at_once()).timeout(Duration::from_secs(25)));
        let response = F::send(client.get(&server.url("/"))).unwrap();
        assert_eq!((response.status().as_u16(), &*response.text()), (503, "busy"), "{value}");
        assert_eq!(
            (server.take().len(), response.attempts().not_retried()),
            (requests, Some(not_retried)),
            "{value}"
        );
    }
}
