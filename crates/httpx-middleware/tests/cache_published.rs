//! The cases of the public suite of tests for HTTP caches (<https://cache-tests.fyi>) that apply to a private cache, under the
//! names that they have there, as a table of our own. See `support::cache` for the notation. This file: how long
//! responses are fresh, and which are stored.
#![cfg(all(feature = "cache", any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod support;

use httpx_middleware::cache::Cache;
use support::cache::Exchange;
use support::{Flavour, both_flavours};

both_flavours!(
    freshness,
    ages,
    directives_of_requests,
    directives_of_responses,
    heuristic_freshness,
    statuses,
);

type Cases = &'static [(&'static str, &'static [&'static str])];

fn check<F: Flavour>(cases: Cases) {
    for (case, steps) in cases {
        Exchange::<F>::new(&Cache::in_memory()).play(case, steps);
    }
}

/// The response has this header, and three seconds later it is not sent for again.
macro_rules! reused {
    ($header:literal) => {
        &[concat!("GET / ; 200 | ", $header, " ; network"), "+3", "GET / ; ; fresh | = body 1"]
    };
}

/// The response has this header, and three seconds later it is sent for again.
macro_rules! sent_again {
    ($header:literal) => {
        &[
            concat!("GET / ; 200 | ", $header, " ; network"),
            "+3",
            "GET / ; 200 ; network ; !If-None-Match | !If-Modified-Since",
        ]
    };
}

fn freshness<F: Flavour>() {
    check::<F>(&[
        ("freshness-none", &["GET / ; 200 ; network", "GET / ; 200 ; network"]),
        ("freshness-max-age", reused!("Cache-Control: max-age=3600")),
        ("freshness-max-age-stale", sent_again!("Cache-Control: max-age=2")),
        ("freshness-max-age-0", sent_again!("Cache-Control: max-age=0")),
        ("freshness-max-age-max", reused!("Cache-Control: max-age=2147483648")),
        ("freshness-max-age-max-plus", reused!("Cache-Control: max-age=99999999999")),
        ("freshness-max-age-age", sent_again!("Date: @0 | Cache-Control: max-age=10 | Age: 15")),
        ("freshness-max-age-expires", reused!("Cache-Control: max-age=3600 | Expires: @-10000 | Date: @0")),
        ("freshness-max-age-expires-invalid", reused!("Cache-Control: max-age=3600 | Expires: 0 | Date: @0")),
        ("freshness-max-age-0-expires", sent_again!("Expires: @10000 | Cache-Control: max-age=0 | Date: @0")),
        ("freshness-max-age-extension", reused!("Cache-Control: foobar, max-age=3600")),
        ("freshness-max-age-case-insenstive", reused!("Cache-Control: MaX-aGe=3600")),
        ("freshness-max-age-negative", sent_again!("Cache-Control: max-age=-3600")),
        ("freshness-max-age-s-maxage-private", sent_again!("Cache-Control: s-maxage=3600, max-age=1")),
        (
            "freshness-max-age-s-maxage-private-multiple",
            sent_again!("Cache-Control: s-maxage=3600 | Cache-Control: max-age=1"),
        ),
        ("freshness-expires-future", reused!("Expires: @2592000 | Date: @0")),
        ("freshness-expires-past", sent_again!("Expires: @-2592000 | Date: @0")),
        ("freshness-expires-present", sent_again!("Expires: @0 | Date: @0")),
        ("freshness-expires-old-date", sent_again!("Expires: @300 | Date: @400")),
        ("freshness-expires-invalid", sent_again!("Expires: 0 | Date: @0")),
        ("freshness-expires-invalid-date", reused!("Date: foo | Expires: @10")),
        ("freshness-expires-age-slow-date", sent_again!("Date: @-10 | Expires: @10 | Age: 25")),
        ("freshness-expires-age-fast-date", sent_again!("Date: @10 | Expires: @20 | Age: 15")),
        (
            "freshness-expires-wrong-case-weekday",
            reused!("Expires: THU, 18 Aug 2050 02:01:18 GMT | Date: @0"),
        ),
        ("freshness-expires-wrong-case-month", reused!("Expires: Thu, 18 AUG 2050 02:01:18 GMT | Date: @0")),
        ("freshness-expires-wrong-case-tz", reused!("Expires: Thu, 18 Aug 2050 02:01:18 gMT | Date: @0")),
        ("freshness-expires-invalid-utc", sent_again!("Expires: Thu, 18 Aug 2050 02:01:18 UTC | Date: @0")),
        ("freshness-expires-invalid-2-digit-year", sent_again!("Expires: Thu, 18 Aug 50 02:01:18 GMT")),
        ("freshness-expires-invalid-no-comma", sent_again!("Expires: Thu 18 Aug 2050 02:01:18 GMT")),
        ("freshness-max-age-two-fresh-stale-sameline", reused!("Cache-Control: max-age=1800, max-age=1")),
        ("freshness-max-age-two-stale-fresh-sameline", sent_again!("Cache-Control: max-age=1, max-age=1800")),
        (
            "freshness-max-age-ignore-quoted",
            sent_again!("Cache-Control: extension=\"max-age=3600\", max-age=1"),
        ),
        (
            "freshness-max-age-ignore-quoted-rev",
            sent_again!("Cache-Control: max-age=1, extension=\"max-age=3600\""),
        ),
        ("freshness-max-age-quoted", reused!("Cache-Control: max-age=\"3600\"")),
        ("freshness-max-age-leading-zero", reused!("Cache-Control: max-age=003600")),
        ("freshness-max-age-single-quoted", sent_again!("Cache-Control: max-age='3600'")),
        ("freshness-max-age-space-before-equals", sent_again!("Cache-Control: max-age =3600")),
        ("freshness-max-age-space-after-equals", sent_again!("Cache-Control: max-age= 3600")),
        ("freshness-max-age-decimal-zero", sent_again!("Cache-Control: max-age=3600.0")),
        ("freshness-max-age-100a", sent_again!("Cache-Control: max-age=3600a")),
    ]);
}

fn ages<F: Flavour>() {
    check::<F>(&[
        ("age-parse-nonnumeric", reused!("Cache-Control: max-age=3600 | Age: abc")),
        ("age-parse-negative", reused!("Cache-Control: max-age=3600 | Age: -7200")),
        ("age-parse-suffix", sent_again!("Cache-Control: max-age=3600 | Age: 7200,0")),
        ("age-parse-suffix-twoline", sent_again!("Cache-Control: max-age=3600 | Age: 7200 | Age: 0")),
        ("age-parse-prefix", reused!("Cache-Control: max-age=3600 | Age: 0,7200")),
        ("age-parse-dup-old", sent_again!("Cache-Control: max-age=3600 | Age: 7200, 7200")),
        (
            "other-age-gen",
            &[
                "GET / ; 200 | Expires: @9999 | Date: @0 ; network",
                "+3",
                "GET / ; ; fresh | Age: 3 | Date: @-3",
            ],
        ),
        (
            "other-age-update-max-age",
            &[
                "GET / ; 200 | Cache-Control: max-age=600 | Date: @0 | Age: 30 ; network",
                "+3",
                "GET / ; ; fresh | Age: 33",
            ],
        ),
    ]);
}

fn directives_of_requests<F: Flavour>() {
    check::<F>(&[
        (
            "ccreq-ma0",
            &[
                "GET / ; 200 | Cache-Control: max-age=100 ; network",
                "GET / | Cache-Control: max-age=0 ; 200 ; network",
            ],
        ),
        (
            "ccreq-ma1",
            &[
                "GET / ; 200 | Cache-Control: max-age=100 ; network",
                "+3",
                "GET / | Cache-Control: max-age=1 ; 200 ; network",
            ],
        ),
        (
            "ccreq-magreaterage",
            &[
                "GET / ; 200 | Cache-Control: max-age=3600 | Age: 1800 ; network",
                "GET / | Cache-Control: max-age=600 ; 200 ; network",
            ],
        ),
        (
            "ccreq-max-stale",
            &[
                "GET / ; 200 | Cache-Control: max-age=1 ; network",
                "+3",
                "GET / | Cache-Control: max-stale=1000 ; ; stale requested | = body 1",
                "GET / | Cache-Control: max-stale ; ; stale requested",
                "GET / | Cache-Control: max-stale=1 ; 200 ; network",
            ],
        ),
        (
            "ccreq-max-stale-age",
            &[
                "GET / ; 200 | Cache-Control: max-age=1500 | Age: 2000 ; network",
                "GET / | Cache-Control: max-stale=1000 ; ; stale requested",
            ],
        ),
        (
            "ccreq-min-fresh",
            &[
                "GET / ; 200 | Cache-Control: max-age=1500 ; network",
                "GET / | Cache-Control: min-fresh=1500 ; ; fresh",
                "GET / | Cache-Control: min-fresh=2000 ; 200 ; network",
            ],
        ),
        (
            "ccreq-min-fresh-age",
            &[
                "GET / ; 200 | Cache-Control: max-age=1500 | Age: 1000 ; network",
                "GET / | Cache-Control: min-fresh=1000 ; 200 ; network",
            ],
        ),
        (
            "ccreq-no-cache",
            &[
                "GET / ; 200 | Cache-Control: max-age=3600 ; network",
                "GET / | Cache-Control: no-cache ; 200 ; network ; !If-None-Match",
            ],
        ),
        (
            "ccreq-no-cache-lm",
            &[
                "GET / ; 200 | Cache-Control: max-age=3600 | Last-Modified: @-10000 | Date: @0 ; network",
                "GET / | Cache-Control: no-cache ; 304 ; revalidated | = body 1 ; If-Modified-Since: @-10000",
            ],
        ),
        (
            "ccreq-no-cache-etag",
            &[
                "GET / ; 200 | Cache-Control: max-age=3600 | ETag: \"abc\" ; network",
                "GET / | Cache-Control: no-cache ; 304 ; revalidated | = body 1 ; If-None-Match: \"abc\"",
            ],
        ),
        (
            "ccreq-no-store",
            &[
                "GET / ; 200 | Cache-Control: max-age=3600 ; network",
                "GET / | Cache-Control: no-store ; 200 | Cache-Control: max-age=3600 ; network",
                "GET / ; ; fresh | = body 1",
            ],
        ),
        ("ccreq-oic", &["GET / | Cache-Control: only-if-cached ; ; 504"]),
        (
            "pragma-request-no-cache",
            &[
                "GET / ; 200 | Cache-Control: max-age=3600 ; network",
                "GET / | Pragma: no-cache ; 200 ; network",
            ],
        ),
        (
            "pragma-request-extension",
            &["GET / ; 200 | Cache-Control: max-age=3600 ; network", "GET / | Pragma: other ; ; fresh"],
        ),
        ("pragma-response-no-cache", reused!("Cache-Control: max-age=3600 | Pragma: no-cache")),
    ]);
}

fn directives_of_responses<F: Flavour>() {
    check::<F>(&[
        ("cc-resp-private-private", reused!("Cache-Control: private, max-age=3600")),
        ("cc-resp-no-store", sent_again!("Cache-Control: no-store")),
        ("cc-resp-no-store-case-insensitive", sent_again!("Cache-Control: No-StOrE")),
        (
            "cc-resp-no-store-fresh",
            sent_again!("Cache-Control: max-age=10000, no-store | Expires: @10000 | Date: @0"),
        ),
        (
            "cc-resp-no-cache",
            sent_again!("Cache-Control: max-age=10000, no-cache | Expires: @10000 | Date: @0"),
        ),
        ("cc-resp-no-cache-case-insensitive", sent_again!("Cache-Control: max-age=10000, No-CaChE")),
        (
            "cc-resp-no-cache-revalidate",
            &[
                "GET / ; 200 | Cache-Control: no-cache | ETag: \"abcd\" ; network",
                "GET / ; 304 ; revalidated | = body 1 ; If-None-Match: \"abcd\"",
            ],
        ),
        (
            "cc-resp-no-cache-revalidate-fresh",
            &[
                "GET / ; 200 | Cache-Control: max-age=10000, no-cache | Expires: @10000 | Date: @0 | ETag: \"abcd\" ; network",
                "GET / ; 304 ; revalidated | = body 1 ; If-None-Match: \"abcd\"",
            ],
        ),
        (
            "cc-resp-must-revalidate-fresh",
            reused!("Cache-Control: max-age=10000, must-revalidate | ETag: \"abcd\""),
        ),
        (
            "cc-resp-must-revalidate-stale",
            &[
                "GET / ; 200 | Cache-Control: max-age=2, must-revalidate | ETag: \"abcd\" ; network",
                "GET / ; ; fresh",
                "+3",
                "GET / ; 304 ; revalidated ; If-None-Match: \"abcd\"",
            ],
        ),
        (
            "cc-resp-immutable-fresh",
            &[
                "GET / ; 200 | Cache-Control: max-age=10000, immutable | ETag: \"abcd\" ; network",
                "+3",
                "GET / | Cache-Control: max-age=0 ; ; fresh",
            ],
        ),
        (
            "cc-resp-immutable-stale",
            &[
                "GET / ; 200 | Cache-Control: max-age=2, immutable | ETag: \"abcd\" ; network",
                "+3",
                "GET / | Cache-Control: max-age=0 ; 304 ; revalidated ; If-None-Match: \"abcd\"",
            ],
        ),
    ]);
}

fn heuristic_freshness<F: Flavour>() {
    for (status, is_reused) in [
        (203, true),
        (204, true),
        (404, true),
        (405, true),
        (410, true),
        (414, true),
        (501, true),
        (201, false),
        (202, false),
        (403, false),
        (502, false),
        (503, false),
        (504, false),
        (599, false),
    ] {
        let first = format!("GET / ; {status} | Last-Modified: @-86400 | Date: @0 ; {status}");
        let second = if is_reused { "GET / ; ; fresh" } else { "GET / ; 200 ; network" };
        let case = format!("heuristic-{status}");
        Exchange::<F>::new(&Cache::in_memory()).play(&case, &[&first, "+3", second]);
    }
    check::<F>(&[
        ("heuristic-200-cached", reused!("Last-Modified: @-86400 | Date: @0")),
        (
            "heuristic-599-cached",
            &[
                "GET / ; 599 | Last-Modified: @-86400 | Date: @0 | Cache-Control: public ; 599",
                "GET / ; ; fresh",
            ],
        ),
        (
            "heuristic-delta-60",
            &[
                "GET / ; 200 | Last-Modified: @-60 | Date: @0 ; network",
                "+5",
                "GET / ; ; fresh",
                "+1",
                "GET / ; 304 ; revalidated ; If-Modified-Since: @-66",
            ],
        ),
        (
            "other-heuristic-content-disposition-attachment",
            reused!("Last-Modified: @-100000 | Content-Disposition: attachment"),
        ),
    ]);
}

fn statuses<F: Flavour>() {
    for status in [203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 499, 500, 502, 503, 504, 599] {
        let first = format!("GET / ; {status} | Cache-Control: max-age=100000 | Location: /next ; {status}");
        let name = format!("status-{status}-fresh");
        Exchange::<F>::new(&Cache::in_memory()).play(&name, &[&first, "+3", "GET / ; ; fresh | = body 1"]);
        let first = format!("GET / ; {status} | Expires: @-5000 | Date: @0 ; {status}");
        let name = format!("status-{status}-stale");
        Exchange::<F>::new(&Cache::in_memory()).play(&name, &[&first, "+3", "GET / ; 200 ; network"]);
    }
}
