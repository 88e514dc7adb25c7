//! The cache beyond the published cases: stale responses, modes, stores that block or fail.
#![cfg(all(feature = "cache", any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod support;

use std::io;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use bytes::Bytes;
use httpx_core::RequestHead;
use httpx_middleware::cache::{Cache, CacheMode, MemoryStore, Store, StoreKey};
use support::cache::Exchange;
use support::{Flavour, both_flavours};

both_flavours!(
    a_stale_response_is_returned_once_while_it_is_to_be_validated,
    a_program_validates_in_the_background,
    the_cache_itself_allows_stale_responses_on_error,
    a_304_for_another_entity_is_not_used,
    a_304_that_nobody_asked_for,
    the_age_that_a_request_accepts,
    modes,
    requests_without_the_cache,
    decoded_and_raw_are_apart,
    a_clock_that_is_set_back,
    heuristics_can_be_limited,
    a_store_that_may_block_is_used_on_other_threads,
    a_store_that_fails_or_panics_fails_no_request,
    what_cannot_be_removed_counts_as_missing,
    entries_of_no_use_are_replaced,
    entries_can_be_removed,
);

fn play<F: Flavour>(case: &str, cache: &Cache, steps: &[&str]) {
    Exchange::<F>::new(cache).play(case, steps);
}

fn a_stale_response_is_returned_once_while_it_is_to_be_validated<F: Flavour>() {
    const FIRST: &str =
        "GET / ; 200 | Cache-Control: max-age=2, stale-while-revalidate=60 | ETag: \"a\" ; network";
    let cases: [(&str, &[&str]); 5] = [
        (
            "the next one validates",
            &["GET / ; ; stale revalidating | = body 1", "GET / ; 304 ; revalidated", "GET / ; ; fresh"],
        ),
        (
            "and again",
            &[
                "GET / ; ; stale revalidating",
                "GET / ; 304 ; revalidated",
                "+3",
                "GET / ; ; stale revalidating",
            ],
        ),
        (
            "or replaces",
            &[
                "GET / ; ; stale revalidating",
                "GET / ; 200 | Cache-Control: max-age=9 ; network",
                "GET / ; ; fresh | = body 2",
            ],
        ),
        (
            "or fails",
            &[
                "GET / ; ; stale revalidating",
                "GET / ; refused ; stale error",
                "GET / ; ; stale revalidating",
                "GET / ; 503 ; stale error",
            ],
        ),
        ("until the end", &["+60", "GET / ; 304 ; revalidated"]),
    ];
    for (case, steps) in cases {
        let steps: Vec<_> = [FIRST, "+3"].iter().chain(steps).copied().collect();
        play::<F>(case, &Cache::in_memory(), &steps);
    }
    let never =
        "GET / ; 200 | Cache-Control: max-age=2, stale-while-revalidate=60, must-revalidate ; network";
    play::<F>("must-revalidate", &Cache::in_memory(), &[never, "+3", "GET / ; 200 ; network"]);
}

fn a_program_validates_in_the_background<F: Flavour>() {
    let due = Arc::new(Mutex::new(Vec::<RequestHead>::new()));
    let for_cache = Arc::clone(&due);
    let cache = Cache::builder().on_stale(move |request| for_cache.lock().unwrap().push(request)).build();
    let exchange = Exchange::<F>::new(&cache);
    exchange.play(
        "stale",
        &[
            "GET /x | A: 1 ; 200 | Cache-Control: max-age=2, stale-while-revalidate=60 | ETag: \"a\" ; network",
            "+3",
            "GET /x | A: 1 ; ; stale revalidating",
            "GET /x | A: 2 ; ; stale revalidating",
        ],
    );
    let request = due.lock().unwrap().pop().unwrap();
    assert!(due.lock().unwrap().is_empty(), "the program is told once");
    assert_eq!((request.url().path(), request.headers().get("A").unwrap().to_str()), ("/x", Some("1")));
    assert_eq!(request.extensions().get(), Some(&CacheMode::NoCache));
    assert!(!request.headers().contains("if-none-match") && request.deadline().is_none());
    // It sends the request.
    exchange.play(
        "validated",
        &[
            "GET /x | mode no-cache ; 304 ; revalidated ; If-None-Match: \"a\"",
            "GET /x ; ; fresh",
            "+3",
            "GET /x ; ; stale revalidating",
        ],
    );
    assert_eq!(due.lock().unwrap().len(), 1);
    // If the response is gone before it was validated, the program is told of the next one.
    cache.remove(request.url());
    exchange.play(
        "another",
        &[
            "GET /x ; 200 | Cache-Control: max-age=2, stale-while-revalidate=60 ; network",
            "+3",
            "GET /x ; ; stale revalidating",
        ],
    );
    assert_eq!(due.lock().unwrap().len(), 2);
}

fn the_cache_itself_allows_stale_responses_on_error<F: Flavour>() {
    let cache = || Cache::builder().stale_if_error(Duration::from_secs(60)).build();
    let cases: [(&str, &str, &str); 9] = [
        ("max-age=2", "GET / ; refused", "stale error | = body 1"),
        ("max-age=2", "GET / ; 500", "stale error"),
        ("max-age=2", "GET / ; 504", "stale error"),
        ("max-age=2", "GET / ; 501", "501"),
        ("max-age=2", "GET / ; wrong", "failed"),
        ("max-age=2, must-revalidate", "GET / ; refused", "failed"),
        ("no-cache", "GET / ; refused", "failed"),
        // The own limit of the response counts.
        ("max-age=2, stale-if-error=0", "GET / ; refused", "failed"),
        ("max-age=2", "GET / | Cache-Control: no-cache ; refused", "failed"),
    ];
    for (directives, request, outcome) in cases {
        let first = format!("GET / ; 200 | ETag: \"a\" | Cache-Control: {directives} ; network");
        let second = format!("{request} ; {outcome}");
        play::<F>(directives, &cache(), &[&first, "+3", &second]);
    }
    const FIRST: &str = "GET / ; 200 | Cache-Control: max-age=2 ; network";
    play::<F>("too late", &cache(), &[FIRST, "+63", "GET / ; refused ; failed"]);
    play::<F>(
        "by the request",
        &Cache::in_memory(),
        &[FIRST, "+3", "GET / | Cache-Control: stale-if-error=9 ; refused ; stale error"],
    );
    play::<F>("nothing stored", &cache(), &["GET / ; 503 ; 503", "GET / ; refused ; failed"]);
}

fn a_304_for_another_entity_is_not_used<F: Flavour>() {
    let exchange = Exchange::<F>::new(&Cache::in_memory());
    exchange.play(
        "another entity",
        &[
            "GET / ; 200 | ETag: \"a\" | Last-Modified: @-9 ; network",
            "+3",
            "GET / ; 304 | ETag: \"b\" >> 200 ; network ; !If-None-Match | !If-Modified-Since",
        ],
    );
    assert_eq!(exchange.sent(), 3, "it was sent again, once");
}

fn a_304_that_nobody_asked_for<F: Flavour>() {
    play::<F>(
        "unasked",
        &Cache::in_memory(),
        &[
            "GET / ; 200 | Cache-Control: max-age=2 ; network",
            "+3",
            "GET / ; 304 ; 304",
            "GET / ; 200 ; network",
        ],
    );
}

fn the_age_that_a_request_accepts<F: Flavour>() {
    const LONG: &str = "GET / ; 200 | Cache-Control: max-age=60 ; network";
    const IMMUTABLE: &str =
        "GET / ; 200 | Cache-Control: max-age=2, immutable, stale-while-revalidate=60 ; network";
    let cases: [(&str, &[&str]); 5] = [
        ("older, but fresh", &[LONG, "+9", "GET / | Cache-Control: max-age=1, max-stale ; ; fresh"]),
        ("old enough", &[LONG, "+9", "GET / | Cache-Control: max-age=9 ; ; fresh"]),
        ("too old", &[LONG, "+9", "GET / | Cache-Control: max-age=8 ; 200 ; network"]),
        ("immutable and fresh", &[IMMUTABLE, "+1", "GET / | Cache-Control: max-age=0 ; ; fresh"]),
        ("immutable and stale", &[IMMUTABLE, "+3", "GET / | Cache-Control: max-age=0 ; 200 ; network"]),
    ];
    for (case, steps) in cases {
        play::<F>(case, &Cache::in_memory(), steps);
    }
}

fn modes<F: Flavour>() {
    const FIRST: &str = "GET / ; 200 | Cache-Control: max-age=2 | ETag: \"a\" ; network";
    let cases: [(&str, &[&str]); 9] = [
        (
            "no-store",
            &[
                "GET / | mode no-store ; 200 | Cache-Control: max-age=9 ; network",
                "GET / ; ; fresh | = body 1",
            ],
        ),
        (
            "reload",
            &[
                "GET / | mode reload ; 200 | Cache-Control: max-age=9 ; network ; !If-None-Match | Cache-Control: no-cache",
                "GET / ; ; fresh | = body 2",
            ],
        ),
        (
            "no-cache",
            &["GET / | mode no-cache ; 304 ; revalidated ; If-None-Match: \"a\" | Cache-Control: no-cache"],
        ),
        (
            "its own directives",
            &[
                "GET / | mode no-cache | Cache-Control: no-cache, x ; 304 ; revalidated ; Cache-Control: no-cache, x",
            ],
        ),
        ("force-cache, fresh", &["GET / | mode force-cache ; ; fresh"]),
        ("force-cache, stale", &["+9", "GET / | mode force-cache ; ; stale requested"]),
        ("force-cache, none", &["GET /x | mode force-cache ; 200 ; network"]),
        (
            "only-if-cached",
            &[
                "+9",
                "GET / | mode only-if-cached ; ; stale requested",
                "GET /x | mode only-if-cached ; ; 504",
                "POST / | mode only-if-cached ; ; 504",
            ],
        ),
        (
            "only-if-cached, stale",
            &[
                "+9",
                "GET / | Cache-Control: only-if-cached ; ; 504",
                "GET / | Cache-Control: only-if-cached, max-stale ; ; stale requested",
            ],
        ),
    ];
    for (case, steps) in cases {
        let steps: Vec<_> = [FIRST].iter().chain(steps).copied().collect();
        play::<F>(case, &Cache::in_memory(), &steps);
    }
}

fn requests_without_the_cache<F: Flavour>() {
    const FRESH: &str = "200 | Cache-Control: max-age=60";
    for request in [
        "GET / | = body",
        "QUERY / | = body",
        "OPTIONS /",
        "GET / | Range: bytes=0-1",
        "GET / | If-Range: \"a\"",
        "GET / | If-Match: \"a\"",
        "GET / | If-Unmodified-Since: @0",
        "GET / | Upgrade: websocket",
        "GET / | Cache-Control: no-store",
    ] {
        let (first, second) =
            (format!("GET / ; {FRESH} ; network"), format!("{request} ; {FRESH} ; network"));
        // Neither answered, nor stored, nor do they remove anything.
        play::<F>(request, &Cache::in_memory(), &[&second, &first, &second, "GET / ; ; fresh | = body 2"]);
    }
}

fn decoded_and_raw_are_apart<F: Flavour>() {
    play::<F>(
        "raw",
        &Cache::in_memory(),
        &[
            "GET / ; 200 | Cache-Control: max-age=60 ; network",
            "GET / | raw ; 200 | Cache-Control: max-age=60 ; network",
            "GET / ; ; fresh | = body 1",
            "GET / | raw ; ; fresh | = body 2",
        ],
    );
}

fn a_clock_that_is_set_back<F: Flavour>() {
    let exchange = Exchange::<F>::new(&Cache::in_memory());
    exchange.play("first", &["+1000", "GET / ; 200 | Cache-Control: max-age=60 | Age: 7 ; network"]);
    exchange.clock.set_back(500);
    exchange.play("second", &["GET / ; ; fresh | Age: 7"]);
}

fn heuristics_can_be_limited<F: Flavour>() {
    const FIRST: &str = "GET / ; 200 | Last-Modified: @-8640000 | Date: @0 ; network";
    let day = ["+86399", "GET / ; ; fresh", "+1", "GET / ; 304 ; revalidated"];
    play::<F>("a day", &Cache::in_memory(), &[FIRST, day[0], day[1], day[2], day[3]]);
    let none = Cache::builder().max_heuristic_lifetime(Duration::ZERO).build();
    play::<F>("none", &none, &[FIRST, "GET / ; 304 ; revalidated"]);
}

/// A store in memory that notes the threads that use it.
#[derive(Debug, Default)]
struct Noted(MemoryStore, Mutex<Vec<ThreadId>>);

impl Noted {
    fn note(&self) {
        self.1.lock().unwrap().push(thread::current().id());
    }
}

impl Store for Noted {
    fn get(&self, key: &StoreKey) -> io::Result<Option<Bytes>> {
        self.note();
        self.0.get(key)
    }

    fn put(&self, key: &StoreKey, entry: Bytes) -> io::Result<()> {
        self.note();
        self.0.put(key, entry)
    }

    fn remove(&self, key: &StoreKey) -> io::Result<()> {
        self.note();
        self.0.remove(key)
    }

    fn clear(&self) -> io::Result<()> {
        self.0.clear()
    }
}

fn a_store_that_may_block_is_used_on_other_threads<F: Flavour>() {
    let store = Arc::new(Noted::default());
    let cache = Cache::builder().store(Arc::clone(&store)).build();
    play::<F>(
        "all operations",
        &cache,
        &[
            "GET / ; 200 | Cache-Control: max-age=2 | ETag: \"a\" ; network",
            "GET / ; ; fresh",
            "+3",
            "GET / ; 304 ; revalidated",
            "+3",
            "HEAD / ; 200 ; network",
            "GET / ; 301 | Cache-Control: max-age=2 ; 301",
            "GET / ; ; fresh | = body 4",
            "POST / ; 200 ; network",
            "GET / ; 200 ; network",
        ],
    );
    let threads = store.1.lock().unwrap();
    assert!(threads.len() > 10, "{threads:?}");
    let here = threads.iter().filter(|thread| **thread == thread::current().id()).count();
    assert_eq!(here, if F::IS_ASYNC { 0 } else { threads.len() });
}

#[derive(Debug)]
struct Broken {
    panics: bool,
}

impl Broken {
    fn fail<T>(&self) -> io::Result<T> {
        assert!(!self.panics, "a store that panics");
        Err(io::ErrorKind::StorageFull.into())
    }
}

impl Store for Broken {
    fn get(&self, _: &StoreKey) -> io::Result<Option<Bytes>> {
        self.fail()
    }

    fn put(&self, _: &StoreKey, _: Bytes) -> io::Result<()> {
        self.fail()
    }

    fn remove(&self, _: &StoreKey) -> io::Result<()> {
        self.fail()
    }

    fn clear(&self) -> io::Result<()> {
        self.fail()
    }
}

fn a_store_that_fails_or_panics_fails_no_request<F: Flavour>() {
    const STEPS: [&str; 3] = [
        "GET / ; 200 | Cache-Control: max-age=60 ; network",
        "GET / ; 301 | Cache-Control: max-age=60 ; 301",
        "POST / ; 200 ; network",
    ];
    let cache = Cache::builder().store(Broken { panics: false }).build();
    play::<F>("it fails", &cache, &STEPS);
    assert_eq!((cache.stats().store_errors, cache.stats().stored), (5, 0));
    assert_eq!(cache.take_last_error().unwrap().kind(), io::ErrorKind::StorageFull);
    assert!(cache.clear().is_err());
    // In the blocking flavour the panic is the caller's.
    if F::IS_ASYNC {
        play::<F>("it panics", &Cache::builder().store(Broken { panics: true }).build(), &STEPS);
    }
}

/// A store in memory from which nothing can be removed.
#[derive(Debug, Default)]
struct Sticky(MemoryStore);

impl Store for Sticky {
    fn get(&self, key: &StoreKey) -> io::Result<Option<Bytes>> {
        self.0.get(key)
    }

    fn put(&self, key: &StoreKey, entry: Bytes) -> io::Result<()> {
        self.0.put(key, entry)
    }

    fn remove(&self, _: &StoreKey) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn clear(&self) -> io::Result<()> {
        self.0.clear()
    }
}

fn what_cannot_be_removed_counts_as_missing<F: Flavour>() {
    let cache = || Cache::builder().store(Sticky::default()).build();
    const ANSWER: &str = "200 | Cache-Control: max-age=60 | Vary: A ; network";
    let (one, two) = (format!("GET / | A: 1 ; {ANSWER}"), format!("GET / | A: 2 ; {ANSWER}"));
    let changed = cache();
    play::<F>(
        "changed",
        &changed,
        &[
            &one,
            &two,
            "GET / | A: 1 ; ; fresh | = body 1",
            "POST / ; 200 ; network",
            &one,
            &two,
            "GET / | A: 1 ; ; fresh | = body 4",
            "GET / | A: 2 ; ; fresh | = body 5",
        ],
    );
    assert_eq!(changed.stats().store_errors, 1);
    // Too many to remember.
    let full = cache();
    let exchange = Exchange::<F>::new(&full);
    exchange.play("full", &["GET / ; 200 | Cache-Control: max-age=60 ; network", "GET / ; ; fresh"]);
    for number in 0..1024 {
        full.remove(&httpx_core::Url::parse(&format!("https://h/{number}")).unwrap());
    }
    const FRESH: &str = "GET / ; 200 | Cache-Control: max-age=60 ; network";
    exchange.play("no longer used", &[FRESH, FRESH]);
    full.clear().unwrap();
    exchange.play("cleared", &[FRESH, "GET / ; ; fresh"]);
}

fn entries_of_no_use_are_replaced<F: Flavour>() {
    let store = Arc::new(MemoryStore::new());
    let key = StoreKey::new("https://h/");
    for entry in [
        "",
        "httpx-cache 2\n",
        "httpx-cache 1\nkey https://h/\nvariants 1\n",
        "httpx-cache 1\nkey https://h/\nresponse",
    ] {
        store.put(&key, Bytes::from(entry)).unwrap();
        let cache = Cache::builder().store(Arc::clone(&store)).build();
        play::<F>(entry, &cache, &["GET / ; 200 | Cache-Control: max-age=60 ; network", "GET / ; ; fresh"]);
    }
}

fn entries_can_be_removed<F: Flavour>() {
    let exchange = Exchange::<F>::new(&Cache::in_memory());
    const FRESH: &str = "GET / ; 200 | Cache-Control: max-age=60 ; network";
    exchange.play("stored", &[FRESH, "GET / ; ; fresh"]);
    exchange.cache.remove(&httpx_core::Url::parse("https://h/#x").unwrap());
    exchange.play("removed", &[FRESH, "GET / ; ; fresh"]);
    exchange.cache.clear().unwrap();
    exchange.play("cleared", &[FRESH]);
    assert_eq!(format!("{:?}", exchange.cache)[..28], *"Cache(<MemoryStore [1 entrie");
    assert_eq!(format!("{:?}", StoreKey::new("https://h/x?token=secret")), "StoreKey(https://h/x?…)");
}
