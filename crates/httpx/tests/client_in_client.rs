//! A client as the transport of a middleware or of another client.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx::flow::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome, RequestHead};
use httpx::models::Timeout;
use httpx::{ErrorKind, Response};
use httpx_core::Request;

mod support;

use support::flavour::BodyOf;
use support::over::Over;
use support::{Server, both_flavours};

both_flavours!(
    a_call_begins_once,
    elapsed_counts_from_the_first_try,
    the_total_timeout_of_the_inner_client_binds_pauses,
    default_headers_of_the_outer_client_give_way,
    a_built_request_is_sent_as_it_was_built,
);

/// Sends a request twice more after this pause.
struct Retry(Duration);

impl Flow for Retry {
    type Call = u32;

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> httpx::Result<u32> {
        Ok(0)
    }

    fn next(
        &self,
        tries: &mut u32,
        _: &mut RequestHead,
        _: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> httpx::Result<FlowNext> {
        if *tries == 2 {
            return Ok(FlowNext::Done);
        }
        *tries += 1;
        Ok(FlowNext::Again { after: Some(self.0), body: BodyReuse::Keep })
    }
}

fn a_call_begins_once<F: Over>() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let answer = move |request: &Request<BodyOf<F>>| {
        log.lock().unwrap().push((request.head().started(), request.head().deadline()));
        Response::new(503, ())
    };
    let client = F::answered(answer, |client| client.header("A", "1")).unwrap();
    let outer = F::over(Retry(Duration::from_millis(1)), client, |client| client).unwrap();
    F::send(outer.get("http://h/").timeout(Duration::from_secs(60))).unwrap();
    let seen = seen.lock().unwrap();
    let (Some(started), Some(deadline)) = seen[0] else { panic!("{seen:?}") };
    assert_eq!(deadline, started + Duration::from_secs(60));
    assert_eq!(*seen, [seen[0]; 3]);
}

fn elapsed_counts_from_the_first_try<F: Over>() {
    let (server, pause) = (Server::fine(), Duration::from_millis(1));
    let outer = F::over(Retry(pause), F::new(), |client| client).unwrap();
    let response = F::send(outer.get(&server.url("/"))).unwrap();
    assert!(response.elapsed().unwrap() >= 2 * pause);
}

fn the_total_timeout_of_the_inner_client_binds_pauses<F: Over>() {
    let calls = Arc::new(Mutex::new(0));
    let count = Arc::clone(&calls);
    let answer = move |_: &Request<BodyOf<F>>| {
        *count.lock().unwrap() += 1;
        Response::new(503, ())
    };
    let client = F::answered(answer, |client| client.timeout(Duration::from_secs(30))).unwrap();
    let outer = F::over(Retry(Duration::from_secs(60)), client, |client| client).unwrap();
    let error = F::send(outer.get("http://h/")).unwrap_err();
    assert_eq!((error.kind(), *calls.lock().unwrap()), (ErrorKind::Timeout(Timeout::Total), 1));
}

fn default_headers_of_the_outer_client_give_way<F: Over>() {
    type Rows =
        [(&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)], &'static str); 4];
    // Headers of the inner client and of the outer one; `User-Agent` and `Accept` that are sent.
    const ROWS: Rows = [
        (&[("User-Agent", "inner")], &[], "inner */*"),
        (&[("User-Agent", "inner")], &[("User-Agent", "outer")], "outer */*"),
        (&[("Accept", "a/b")], &[("User-Agent", "outer")], "outer a/b"),
        (&[], &[("Accept", "a/b")], concat!("rust-httpx/", env!("CARGO_PKG_VERSION"), " a/b")),
    ];
    struct Nothing;
    impl Flow for Nothing {
        type Call = ();

        fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> httpx::Result<()> {
            Ok(())
        }
    }
    for (of_inner, of_outer, expected) in ROWS {
        let seen = Arc::new(Mutex::new(String::new()));
        let log = Arc::clone(&seen);
        let answer = move |request: &Request<BodyOf<F>>| {
            let [agent, accept] = ["User-Agent", "Accept"].map(|name| request.headers().get(name).unwrap());
            *log.lock().unwrap() = format!("{agent} {accept}");
            Response::new(200, ())
        };
        let inner = F::answered(answer, |client| client.add_headers(of_inner)).unwrap();
        let outer = F::over(Nothing, inner, |client| client.add_headers(of_outer)).unwrap();
        F::send(outer.get("http://h/")).unwrap();
        assert_eq!(*seen.lock().unwrap(), expected);
        // A request's own headers win over both.
        F::send(outer.get("http://h/").headers([("User-Agent", "own"), ("Accept", "own/own")])).unwrap();
        assert_eq!(*seen.lock().unwrap(), "own own/own");
    }
}

fn a_built_request_is_sent_as_it_was_built<F: Over>() {
    let seen = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&seen);
    let answer = move |request: &Request<BodyOf<F>>| {
        *log.lock().unwrap() = format!("{} {:?}", request.url(), request.headers());
        Response::new(200, ())
    };
    let set = |client: support::flavour::Setup<F>| {
        client.headers([("A", "1"), ("B", "2"), ("C", "3")]).params("k=v")
    };
    let client = F::answered(answer, set).unwrap();
    let mut request = client.get("http://h/").without_header("b").build().unwrap();
    request.head_mut().headers_mut().remove("C");
    client.by_hand(request).unwrap();
    assert_eq!(*seen.lock().unwrap(), r#"http://h/?k=v {"A": "1"}"#);
}
