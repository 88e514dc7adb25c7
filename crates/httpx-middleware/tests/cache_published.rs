//! The cases of the public suite of tests for HTTP caches (<https://cache-tests.fyi>) that apply to a private cache, under the
//! names that they have there, as a table of our own. See `support::cache` for the notation.
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
    variants,
    validation,
    invalidation,
    updates_by_304,
    headers_and_keys,
    stale_responses,
    ranges_methods_and_heads,
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

/// The first request has the first headers, and its response varies by some of them; then comes the second request.
macro_rules! vary {
    ($vary:literal, $first:literal, $second:literal, $outcome:literal) => {
        &[
            concat!("GET /", $first, " ; 200 | Cache-Control: max-age=5000 | Vary: ", $vary, " ; network"),
            concat!("GET /", $second, " ; ", $outcome),
        ]
    };
}

fn variants<F: Flavour>() {
    check::<F>(&[
        ("vary-match", vary!("Foo", " | Foo: 1", " | Foo: 1", "; fresh")),
        ("vary-no-match", vary!("Foo", " | Foo: 1", " | Foo: 2", "200 ; network")),
        ("vary-omit", vary!("Foo", " | Foo: 1", "", "200 ; network")),
        ("vary-omit-stored", vary!("Foo", "", " | Foo: 1", "200 ; network")),
        (
            "vary-invalidate",
            &[
                "GET / | Foo: 1 ; 200 | Cache-Control: max-age=5000 | Vary: Foo ; network",
                "GET / | Foo: 2 ; 200 | Cache-Control: max-age=5000 | Vary: Foo ; network",
                "GET / | Foo: 1 ; ; fresh | = body 1",
                "GET / | Foo: 2 ; ; fresh | = body 2",
            ],
        ),
        ("vary-cache-key", vary!("Foo", " | Foo: 1 | Other: 2", " | Foo: 1 | Other: 3", "; fresh")),
        ("vary-2-match", vary!("Foo, Bar", " | Foo: 1 | Bar: abc", " | Foo: 1 | Bar: abc", "; fresh")),
        (
            "vary-2-no-match",
            vary!("Foo, Bar", " | Foo: 1 | Bar: abc", " | Foo: 2 | Bar: abc", "200 ; network"),
        ),
        ("vary-2-match-omit", vary!("Foo, Bar", " | Foo: 1", "", "200 ; network")),
        (
            "vary-3-order",
            vary!(
                "Foo, Bar, Baz",
                " | Foo: 1 | Bar: abc4 | Baz: 789",
                " | Foo: 1 | Bar: abc | Baz: 789",
                "200 ; network"
            ),
        ),
        ("vary-3-omit", vary!("Foo, Bar, Baz", " | Foo: 1 | Baz: 789", " | Foo: 1 | Baz: 789", "; fresh")),
        ("vary-star", vary!("*", " | Foo: 1", " | Foo: 1", "200 ; network")),
        ("vary-syntax-foo-star", vary!("Foo, *", " | Foo: 1", " | Foo: 1", "200 ; network")),
        ("vary-normalise-space", vary!("Foo", " | Foo: 1,2", " | Foo: 1, 2", "; fresh")),
        ("vary-normalise-combine", vary!("Foo", " | Foo: 1, 2", " | Foo: 1 | Foo: 2", "; fresh")),
        (
            "conditional-etag-vary-headers",
            &[
                "GET / | Abc: 123 ; 200 | Expires: @1 | ETag: \"abcdef\" | Date: @0 | Vary: Abc ; network",
                "+3",
                "GET / | Abc: 123 ; 304 ; revalidated ; Abc: 123 | If-None-Match: \"abcdef\"",
            ],
        ),
        (
            "conditional-etag-vary-headers-mismatch",
            &[
                "GET / | Abc: 123 ; 200 | Expires: @10000 | ETag: \"abcdef\" | Date: @0 | Vary: Abc ; network",
                "GET / | Abc: 456 ; 200 ; network ; !If-None-Match",
            ],
        ),
    ]);
}

fn validation<F: Flavour>() {
    check::<F>(&[
        (
            "conditional-etag-strong-generate",
            &[
                "GET / ; 200 | Cache-Control: max-age=2 | ETag: \"abcdef\" ; network",
                "+3",
                "GET / ; 304 ; revalidated | = body 1 ; If-None-Match: \"abcdef\" | !If-Modified-Since",
            ],
        ),
        (
            "conditional-etag-weak-generate-weak",
            &[
                "GET / ; 200 | Cache-Control: max-age=2 | ETag: W/\"abcdef\" ; network",
                "+3",
                "GET / ; 304 ; revalidated | = body 1 ; If-None-Match: W/\"abcdef\"",
            ],
        ),
        (
            "conditional-lm-stale",
            &[
                "GET / ; 200 | Cache-Control: max-age=2 | Last-Modified: @-3000 | Date: @0 ; network",
                "+3",
                "GET / ; 304 ; revalidated | = body 1 ; If-Modified-Since: @-3003",
            ],
        ),
        ("conditional-etag-forward", &["GET / | If-None-Match: \"a\" ; 304 ; 304 ; If-None-Match: \"a\""]),
        (
            "conditional-etag-own",
            &[
                "GET / ; 200 | Cache-Control: max-age=60 | ETag: \"a\" ; network",
                "GET / | If-None-Match: \"b\" ; 304 | ETag: \"b\" ; 304 ; If-None-Match: \"b\" | !If-Modified-Since",
                "GET / | If-Modified-Since: @-9 ; 200 | Cache-Control: max-age=60 ; network",
                "GET / ; ; fresh | = body 3",
            ],
        ),
    ]);
}

fn invalidation<F: Flavour>() {
    const FRESH: &str = "200 | Cache-Control: max-age=100000";
    for method in ["POST", "PUT", "DELETE", "PATCH", "M-SEARCH"] {
        let play = |name: &str, steps: [String; 3]| {
            let steps = steps.each_ref().map(String::as_str);
            Exchange::<F>::new(&Cache::in_memory()).play(&format!("invalidate-{method}{name}"), &steps);
        };
        let get = |path: &str| format!("GET {path} ; {FRESH} ; network");
        let change = |answer: &str| {
            format!(
                "{method} / | = abc ; {answer} ; {}",
                answer.split(' ').next().unwrap().replace("200", "network")
            )
        };
        play("", [get("/"), change("200"), get("/")]);
        play("-redirected", [get("/"), change("303"), get("/")]);
        play("-failed", [get("/"), change("500"), "GET / ; ; fresh".to_owned()]);
        play("-location", [get("/a"), change("200 | Location: a"), get("/a")]);
        play("-cl", [get("/a"), change("200 | Content-Location: https://h/a"), get("/a")]);
        play(
            "-elsewhere",
            [get("http://h/a"), change("200 | Location: http://h/a"), "GET http://h/a ; ; fresh".to_owned()],
        );
    }
}

fn updates_by_304<F: Flavour>() {
    for (name, old, new) in [
        ("Test-Header", "a", "b"),
        ("Content-Foo", "a", "b"),
        ("Content-Type", "text/plain", "text/plain;charset=utf-8"),
        ("Content-Location", "/foo", "/bar"),
        ("Content-Security-Policy", "default-src 'self'", "default-src 'self' cdn.example.com"),
        ("X-Frame-Options", "deny", "sameorigin"),
        ("Expires", "@1", "@3600"),
    ] {
        for validator in ["ETag: \"a\"", "Last-Modified: @-86400"] {
            let first = format!(
                "GET / ; 200 | Cache-Control: max-age=1 | Date: @0 | {validator} | {name}: {old} ; network"
            );
            let second = format!(
                "GET / ; 304 | Cache-Control: max-age=3600 | Date: @0 | {name}: {new} ; revalidated | {name}: {new} | Age: 0"
            );
            let third =
                format!("GET / ; ; fresh | {name}: {} | = body 1 | Age: 3", new.replace("@3600", "@3597"));
            let case = format!("304-update-{name}");
            Exchange::<F>::new(&Cache::in_memory()).play(&case, &[&first, "+3", &second, "+3", &third]);
        }
    }
    check::<F>(&[
        (
            "304-lm-use-stored-Test-Header",
            &[
                "GET / ; 200 | Cache-Control: max-age=1 | Last-Modified: @-9 | Test-Header: a | Content-Length: 6 ; network",
                "+3",
                "GET / ; 304 | Content-Length: 0 ; revalidated | Test-Header: a | Content-Length: 6 | = body 1",
            ],
        ),
        (
            "304-set-cookie",
            &[
                "GET / ; 200 | Cache-Control: max-age=1 | ETag: \"a\" | Set-Cookie: a=1 ; network | Set-Cookie: a=1",
                "GET / ; ; fresh | !Set-Cookie",
                "+3",
                "GET / ; 304 | Cache-Control: max-age=9 | Set-Cookie: a=2 ; revalidated | Set-Cookie: a=2",
                "GET / ; ; fresh | !Set-Cookie",
            ],
        ),
        (
            // Nothing here is what the server has confirmed.
            "304-etag-other",
            &[
                "GET / ; 200 | Cache-Control: max-age=1 | ETag: \"a\" ; network",
                "+3",
                "GET / ; 304 | ETag: W/\"a\" | Cache-Control: no-store ; revalidated | = body 1",
                "GET / ; 200 ; network ; !If-None-Match",
            ],
        ),
    ]);
}

fn headers_and_keys<F: Flavour>() {
    check::<F>(&[
        (
            "headers-omit-headers-listed-in-Connection",
            &[
                "GET / ; 200 | Cache-Control: max-age=60 | Connection: a, b | a: 1 | b: 2 | c: 3 ; network | a: 1",
                "GET / ; ; fresh | !Connection | !a | !b | c: 3",
            ],
        ),
        (
            "query-args-different",
            &["GET /?a=1 ; 200 | Cache-Control: max-age=60 ; network", "GET /?a=2 ; 200 ; network"],
        ),
        (
            "query-args-same",
            &["GET /?a=1 ; 200 | Cache-Control: max-age=60 ; network", "GET /?a=1#x ; ; fresh"],
        ),
        ("other-set-cookie", reused!("Cache-Control: max-age=3600 | Set-Cookie: a=b")),
        (
            "other-cookie",
            &["GET / ; 200 | Cache-Control: max-age=60 ; network", "GET / | Cookie: a=b ; ; fresh"],
        ),
        (
            "other-authorization",
            &[
                "GET / | Authorization: FOO ; 200 | Cache-Control: max-age=60 ; network",
                "GET / | Authorization: FOO ; ; fresh",
                "GET / | Authorization: BAR ; 200 | Cache-Control: max-age=60 ; network",
                "GET / ; 200 ; network",
                "GET / | Authorization: BAR ; ; fresh | = body 2",
            ],
        ),
        (
            "other-authorization-public",
            &[
                "GET / | Authorization: FOO ; 200 | Cache-Control: max-age=60, public ; network",
                "GET / ; ; fresh",
            ],
        ),
    ]);
}

fn stale_responses<F: Flavour>() {
    check::<F>(&[
        (
            "stale-close",
            &["GET / ; 200 | Cache-Control: max-age=2 ; network", "+3", "GET / ; refused ; failed"],
        ),
        ("stale-503", &["GET / ; 200 | Cache-Control: max-age=2 ; network", "+3", "GET / ; 503 ; 503"]),
        (
            "stale-sie-close",
            &[
                "GET / ; 200 | Cache-Control: max-age=2, stale-if-error=60 ; network",
                "+3",
                "GET / ; refused ; stale error | = body 1 | !Warning",
                "+60",
                "GET / ; refused ; failed",
            ],
        ),
        (
            "stale-sie-503",
            &[
                "GET / ; 200 | Cache-Control: max-age=2, stale-if-error=60 ; network",
                "+3",
                "GET / ; 503 ; stale error | = body 1",
                "GET / ; 404 ; 404",
                "GET / ; 503 ; 503",
            ],
        ),
        (
            "stale-close-must-revalidate",
            &[
                "GET / ; 200 | Cache-Control: max-age=2, stale-if-error=60, must-revalidate ; network",
                "+3",
                "GET / ; refused ; failed",
            ],
        ),
        (
            "stale-close-no-cache",
            &[
                "GET / ; 200 | Cache-Control: max-age=2, stale-if-error=60, no-cache ; network",
                "+3",
                "GET / ; refused ; failed",
            ],
        ),
    ]);
}

fn ranges_methods_and_heads<F: Flavour>() {
    const FRESH: &str = "GET / ; 200 | Cache-Control: max-age=3600 ; network";
    check::<F>(&[
        (
            "partial-store-partial-reuse-partial",
            &[
                "GET / | Range: bytes=-5 ; 206 | Cache-Control: max-age=3600 | Content-Range: bytes 4-9/10 ; 206",
                "GET / | Range: bytes=-5 ; 206 ; 206 ; Range: bytes=-5",
                "GET / ; 200 ; network ; !Range",
            ],
        ),
        (
            "partial-store-complete-reuse-partial",
            &[FRESH, "GET / | Range: bytes=0-1 ; 206 ; 206", "GET / ; ; fresh"],
        ),
        ("method-POST", &["POST / ; 200 | Cache-Control: max-age=3600 ; network", "GET / ; 200 ; network"]),
        ("head-fresh", &[FRESH, "HEAD / ; ; fresh | = "]),
        ("head-no-store", &["HEAD / ; 200 | Cache-Control: max-age=3600 ; network", "GET / ; 200 ; network"]),
        (
            "head-writethrough",
            &[
                "GET / ; 200 | Cache-Control: max-age=2 | A: 1 ; network",
                "+3",
                "HEAD / ; 200 | Cache-Control: max-age=1000 | A: 2 ; network",
                "GET / ; ; fresh | A: 2 | = body 1",
            ],
        ),
        (
            "head-410-update",
            &[
                "GET / ; 200 | Cache-Control: max-age=2 ; network",
                "+3",
                "HEAD / ; 410 | Cache-Control: max-age=1000 ; 410",
                "GET / ; 200 ; network",
            ],
        ),
        (
            "head-other-etag",
            &[
                "GET / ; 200 | Cache-Control: max-age=2 | ETag: \"a\" ; network",
                "+3",
                "HEAD / ; 200 | Cache-Control: max-age=1000 | ETag: \"b\" ; network ; If-None-Match: \"a\"",
                "GET / ; 200 ; network ; !If-None-Match",
            ],
        ),
    ]);
}
