//! The cases of the public suite of tests for HTTP caches (<https://cache-tests.fyi>) that apply to a private cache, under the
//! names that they have there, as a table of our own. See `support::cache` for the notation. This file: which
//! requests a response answers, validation, and changes.
#![cfg(all(feature = "cache", any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod support;

use httpx_middleware::cache::Cache;
use support::cache::Exchange;
use support::{Flavour, both_flavours};

both_flavours!(
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
            // The suite reuses a response that is not public, too; here the cookie may be that of another user.
            "other-cookie",
            &["GET / ; 200 | Cache-Control: max-age=60, public ; network", "GET / | Cookie: a=b ; ; fresh"],
        ),
        (
            "other-cookie, not public",
            &["GET / ; 200 | Cache-Control: max-age=60 ; network", "GET / | Cookie: a=b ; 200 ; network"],
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
