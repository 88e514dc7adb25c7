//! The cache against requests and servers that it must not mix up.
#![cfg(all(feature = "cache", any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod support;

use std::time::Duration;

use httpx_middleware::Middleware;
use httpx_middleware::cache::{Cache, CacheMode};
use httpx_middleware::retry::Retry;
use support::cache::Exchange;
use support::{Flavour, Scripted, both_flavours, request};

both_flavours!(
    hosts_of_one_url_are_apart,
    a_304_may_change_which_requests_are_answered,
    numbers_that_overflow,
    a_retry_is_not_answered_by_the_stored_failure,
    what_is_not_cached_is_not_retried,
    digests_are_not_stored,
);

fn play<F: Flavour>(case: &str, steps: &[&str]) {
    Exchange::<F>::new(&Cache::in_memory()).play(case, steps);
}

/// A request can name a virtual host in place of that of its URL.
fn hosts_of_one_url_are_apart<F: Flavour>() {
    play::<F>(
        "another host",
        &[
            "GET / | Host: a ; 200 | Cache-Control: max-age=60 ; network",
            "GET / | Host: b ; 200 | Cache-Control: max-age=60 ; network",
            "GET / ; 200 | Cache-Control: max-age=60 ; network",
            "GET / | Host: a ; ; fresh | = body 1",
            "GET / | Host: b ; ; fresh | = body 2",
            "GET / ; ; fresh | = body 3",
        ],
    );
}

/// The headers of a 304 decide from then on (RFC 9111 §3.2, §4.1).
fn a_304_may_change_which_requests_are_answered<F: Flavour>() {
    play::<F>(
        "no longer public",
        &[
            "GET / | Authorization: a ; 200 | Cache-Control: public, max-age=2 | ETag: \"x\" ; network",
            "GET / | Authorization: b ; ; fresh",
            "+3",
            "GET / | Authorization: a ; 304 | Cache-Control: private, max-age=60 ; revalidated",
            "GET / | Authorization: a ; ; fresh",
            "GET / | Authorization: b ; 200 | Cache-Control: private, max-age=60 ; network | = body 3",
            "GET / | Authorization: a ; ; fresh | = body 1",
        ],
    );
    play::<F>(
        "now with Vary",
        &[
            "GET / | A: 1 ; 200 | Cache-Control: max-age=2 | ETag: \"x\" ; network",
            "+3",
            "GET / | A: 1 ; 304 | Cache-Control: max-age=60 | Vary: A ; revalidated",
            "GET / | A: 2 ; 200 | Cache-Control: max-age=60 | Vary: A ; network",
            "GET / | A: 1 ; ; fresh | = body 1",
        ],
    );
    play::<F>(
        "now with Vary: *",
        &[
            "GET / ; 200 | Cache-Control: max-age=2 | ETag: \"x\" ; network",
            "+3",
            "GET / ; 304 | Cache-Control: max-age=60 | Vary: * ; revalidated",
            "GET / ; 200 ; network",
        ],
    );
}

fn numbers_that_overflow<F: Flavour>() {
    const HUGE: &str = "99999999999999999999999999";
    for (case, answer, next) in [
        ("max-age", format!("200 | Cache-Control: max-age={HUGE}"), "GET / ; ; fresh"),
        ("age", format!("200 | Cache-Control: max-age=60 | Age: {HUGE}"), "GET / ; 200 ; network"),
        ("both", format!("200 | Cache-Control: max-age={HUGE} | Age: {HUGE}"), "GET / ; 200 ; network"),
        ("negative age", "200 | Cache-Control: max-age=60 | Age: -1".to_owned(), "GET / ; ; fresh"),
        (
            "dates",
            "200 | Date: Sat, 01 Jan 0001 00:00:00 GMT | Expires: Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
            "GET / ; ; fresh",
        ),
        (
            "a date of the future",
            "200 | Date: Fri, 31 Dec 9999 23:59:59 GMT | Cache-Control: max-age=60".to_owned(),
            "GET / ; ; fresh",
        ),
        (
            "stale for ever",
            format!("200 | Cache-Control: max-age=0, stale-while-revalidate={HUGE}, stale-if-error={HUGE}"),
            "GET / ; ; stale revalidating",
        ),
    ] {
        play::<F>(case, &[&format!("GET / ; {answer} ; network"), next]);
        let wishes = format!("GET / | Cache-Control: max-age={HUGE}, min-fresh=0, max-stale={HUGE} ; ; ");
        if case == "age" {
            play::<F>(case, &[&format!("GET / ; {answer} ; network"), &format!("{wishes}stale requested")]);
        }
    }
}

/// Otherwise a server that lets its failure be stored could not recover for this client.
fn a_retry_is_not_answered_by_the_stored_failure<F: Flavour>() {
    for (answer, expected, sent) in [
        ("503 | Cache-Control: max-age=60", 200, 2),
        ("429 | Cache-Control: max-age=60", 200, 2),
        ("404 | Cache-Control: max-age=60", 404, 1),
    ] {
        let server = Scripted::new([answer, "200"]);
        let cached = Middleware::with(Cache::in_memory(), server);
        let client = Middleware::with(Retry::new().base_delay(Duration::ZERO), cached);
        let response = F::read(&client, request::<F>("GET https://h/")).unwrap();
        assert_eq!(response.status().as_u16(), expected, "{answer}");
        assert_eq!(client.transport().transport().sent().len(), sent, "{answer}");
    }
}

/// The cache answers 504 for a request that must not be sent.
fn what_is_not_cached_is_not_retried<F: Flavour>() {
    let in_mode = || {
        let mut by_mode = request::<F>("GET https://h/");
        by_mode.head_mut().extensions_mut().insert(CacheMode::OnlyIfCached);
        by_mode
    };
    for sent in [in_mode(), request::<F>("GET https://h/ | Cache-Control: max-stale=9, only-if-cached")] {
        let cached = Middleware::with(Cache::in_memory(), Scripted::new([""; 0]));
        let client = Middleware::with(Retry::new().base_delay(Duration::ZERO), cached);
        let response = F::read(&client, sent).unwrap();
        assert_eq!((response.status().as_u16(), response.attempts().count()), (504, 1));
    }
}

/// No later request has the same digest, so that such an entry would only displace others.
fn digests_are_not_stored<F: Flavour>() {
    let cache = Cache::in_memory();
    let digest = "Authorization: Digest username=\"ann\", nc=00000001";
    Exchange::<F>::new(&cache).play(
        "digest",
        &[
            &format!("GET / | {digest} ; 200 | Cache-Control: max-age=60 ; network"),
            &format!("GET /public | {digest} ; 200 | Cache-Control: max-age=60, public ; network"),
            "GET /public ; ; fresh",
            &format!("GET /vary | {digest} ; 200 | Cache-Control: max-age=60, public | Vary: Authorization ; network"),
        ],
    );
    assert_eq!(cache.stats().stored, 1);
}
