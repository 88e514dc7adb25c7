//! Digest authentication: which requests are answered, with which nonce, and how often.
#![cfg(feature = "digest")]
#![allow(clippy::unwrap_used, clippy::type_complexity)] // helpers and tables of tests

mod support;

use httpx_core::{Request, ResponseHead, Result};
use httpx_middleware::auth::{Digest, RequestDigest, RequestDigests};
use httpx_middleware::{Middleware, RedirectMiddleware};
use support::flavour::Stack;
use support::{Flavour, Scripted, both_flavours, end, request};

both_flavours!(
    one_call,
    nonces_are_used_again,
    redirects,
    bodies,
    proofs,
    digests_of_single_requests,
    base_origins
);

/// A 401 with this nonce, as an answer of the script. `+` is a stale nonce, `!` a quality of auth-int alone, `?` both.
fn challenge(nonce: &str) -> String {
    let rest = match nonce.chars().last() {
        Some('+') => ", stale=TRUE, qop=auth",
        Some('!') => ", qop=auth-int",
        Some('?') => ", qop=\"auth-int, auth\"",
        _ => ", qop=auth",
    };
    format!("401 | WWW-Authenticate: Digest realm=r, nonce=\"{nonce}\"{rest}")
}

fn script(answers: &str) -> Scripted {
    Scripted::new(answers.split("; ").map(|answer| match answer.strip_prefix("401 ") {
        Some(nonce) if !nonce.starts_with('|') => challenge(nonce),
        _ => answer.to_owned(),
    }))
}

/// The requests, with `nonce count uri` or `nonce count uri auth-int` in place of a digest.
fn sent(scripted: &Scripted) -> Vec<String> {
    scripted.sent().iter().map(|request| short(request)).collect()
}

fn short(request: &str) -> String {
    let parts = request.split(" | ").map(|part| match part.strip_prefix("Authorization: Digest ") {
        None => part.to_owned(),
        Some(digest) => {
            let param = |name: &str| {
                let found = digest.split(", ").find_map(|param| param.strip_prefix(name)?.strip_prefix('='));
                found.unwrap_or_default().trim_matches('"').to_owned()
            };
            assert!(digest.contains("username=\"ann\"") && param("response").len() == 32, "{digest}");
            let count = param("nc").trim_start_matches('0').to_owned();
            let qop = if param("qop") == "auth-int" { " auth-int" } else { "" };
            format!("{} {count} {}{qop}", param("nonce"), param("uri"))
        }
    });
    parts.collect::<Vec<_>>().join(" | ")
}

fn digest() -> Digest {
    Digest::new("ann", "s3cret").for_origin("http://h").unwrap()
}

#[track_caller]
fn check<F: Flavour>(digest: Digest, requests: &[&str], answers: &str, expected: &[&str], ends: &str) {
    let client = Middleware::with(digest, script(answers));
    let ended = ends_of::<F>(&client, requests);
    assert_eq!((sent(client.transport()), &*ended), (owned(expected), ends), "{requests:?} {answers}");
}

fn ends_of<F: Flavour>(client: &impl Stack, requests: &[&str]) -> String {
    let ends = requests.iter().map(|script| end(&F::send(client, request::<F>(script))));
    ends.collect::<Vec<_>>().join(", ")
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn one_call<F: Flavour>() {
    const GET: &str = "GET http://h/a?b";
    let rows: &[(&str, &str, &[&str], &str)] = &[
        (GET, "200", &[GET], "200"),
        (GET, "401 n; 200", &[GET, "GET http://h/a?b | n 1 /a?b"], "200"),
        (GET, "401 n; 404", &[GET, "GET http://h/a?b | n 1 /a?b"], "404"),
        // The password is wrong.
        (GET, "401 n; 401 m", &[GET, "GET http://h/a?b | n 1 /a?b"], "401"),
        // A stale nonce is replaced once.
        (
            GET,
            "401 n; 401 m+; 200",
            &[GET, "GET http://h/a?b | n 1 /a?b", "GET http://h/a?b | m+ 1 /a?b"],
            "200",
        ),
        (
            GET,
            "401 n; 401 m+; 401 o+",
            &[GET, "GET http://h/a?b | n 1 /a?b", "GET http://h/a?b | m+ 1 /a?b"],
            "401",
        ),
        (
            GET,
            "401 n+; 401 m+; 401 o+",
            &[GET, "GET http://h/a?b | n+ 1 /a?b", "GET http://h/a?b | m+ 1 /a?b"],
            "401",
        ),
        // Challenges without an answer.
        (GET, "401", &[GET], "401"),
        (GET, "401 | WWW-Authenticate: Basic realm=r", &[GET], "401"),
        (GET, "401 | WWW-Authenticate: Digest realm=r", &[GET], "401"),
        (GET, "401 | WWW-Authenticate: Digest nonce=n", &[GET], "401"),
        (GET, "401 | WWW-Authenticate: Digest realm=r, nonce=n, algorithm=X", &[GET], "401"),
        (GET, "407 | Proxy-Authenticate: Digest realm=r, nonce=n", &[GET], "407"),
        // Not this origin, and a header of the request's own.
        ("GET http://h:81/", "401 n", &["GET http://h:81/"], "401"),
        ("GET https://h/", "401 n", &["GET https://h/"], "401"),
        (
            "GET http://h/ | Authorization: Bearer t",
            "401 n",
            &["GET http://h/ | Authorization: Bearer t"],
            "401",
        ),
    ];
    for (request, answers, expected, status) in rows {
        let url = request.split(' ').nth(1).unwrap();
        check::<F>(digest(), &[request], answers, expected, &format!("{status} {url}"));
    }
    check::<F>(digest(), &["GET http://h/"], "refused", &["GET http://h/"], "Connect");
}

fn nonces_are_used_again<F: Flavour>() {
    let rows: &[(&[&str], &str, &[&str], &str)] = &[
        (&["/", "/a", "/b"], "401 n; 200; 200; 200", &["", "n 1 /", "n 2 /a", "n 3 /b"], "200, 200, 200"),
        // A nonce that is refused is replaced, whether the server calls it stale or not.
        (&["/", "/a"], "401 n; 200; 401 m; 200", &["", "n 1 /", "n 2 /a", "m 1 /a"], "200, 200"),
        (&["/", "/a"], "401 n; 200; 401 m+; 200", &["", "n 1 /", "n 2 /a", "m+ 1 /a"], "200, 200"),
        // A refused password leaves no nonce behind.
        (&["/", "/a"], "401 n; 401 m; 200", &["", "n 1 /", ""], "401, 200"),
        (
            &["/", "/a"],
            "401 n; 200 | Authentication-Info: nextnonce=\"m\"; 200",
            &["", "n 1 /", "m 1 /a"],
            "200, 200",
        ),
        // The protection space is that of `domain`.
        (
            &["/a/b", "/c", "/a/d"],
            "401 | WWW-Authenticate: Digest realm=r, nonce=n, qop=auth, domain=\"/a\"; 200; 200; 200",
            &["", "n 1 /a/b", "", "n 2 /a/d"],
            "200, 200, 200",
        ),
        // Also if it does not cover its own URL.
        (
            &["/", "/"],
            "401 | WWW-Authenticate: Digest realm=r, nonce=n, qop=auth, domain=\"/a\"; 200; 200",
            &["", "n 1 /", ""],
            "200, 200",
        ),
    ];
    for (paths, answers, expected, statuses) in rows {
        let requests = paths.iter().map(|path| format!("GET http://h{path}")).collect::<Vec<_>>();
        let client = Middleware::with(digest(), script(answers));
        let outcomes = requests.iter().map(|script| F::send(&client, request::<F>(script)).unwrap().status());
        let outcomes = outcomes.map(|status| status.as_u16().to_string()).collect::<Vec<_>>().join(", ");
        let sent = sent(client.transport());
        let sent = sent.iter().map(|request| request.split_once(" | ").map_or("", |(_, digest)| digest));
        assert_eq!((sent.collect::<Vec<_>>(), &*outcomes), (expected.to_vec(), *statuses), "{answers}");
    }
}

/// Each step of a redirect is answered with its own URI, and another origin gets no answer.
fn redirects<F: Flavour>() {
    let rows: &[(Digest, &str, &[&str], &str)] = &[
        (
            digest(),
            "401 n; 302 | Location: /new; 200",
            &["GET http://h/", "GET http://h/ | n 1 /", "GET http://h/new | n 2 /new"],
            "200 http://h/new via 302 http://h/",
        ),
        (
            digest(),
            "401 n; 302 | Location: http://other/; 401 m",
            &["GET http://h/", "GET http://h/ | n 1 /", "GET http://other/"],
            "401 http://other/ via 302 http://h/",
        ),
        // The origin of the first request.
        (
            Digest::new("ann", "s3cret"),
            "401 n; 302 | Location: http://other/; 401 m",
            &["GET http://h/", "GET http://h/ | n 1 /", "GET http://other/"],
            "401 http://other/ via 302 http://h/",
        ),
        // Meant for the second one alone.
        (
            Digest::new("ann", "s3cret").for_origin("http://other/x").unwrap(),
            "302 | Location: http://other/; 401 m; 200",
            &["GET http://h/", "GET http://other/", "GET http://other/ | m 1 /"],
            "200 http://other/ via 302 http://h/",
        ),
    ];
    for (digest, answers, expected, end) in rows {
        let client = RedirectMiddleware::new(Middleware::with(digest.clone(), script(answers)));
        let ended = ends_of::<F>(&client, &["GET http://h/"]);
        let sent = sent(client.transport().transport());
        assert_eq!((sent, &*ended), (owned(expected), *end), "{answers}");
    }
}

fn bodies<F: Flavour>() {
    const BYTES: &str = "POST http://h/ | = hello";
    const READER: &str = "POST http://h/ | ~ hello";
    let int = || digest().auth_int();
    let rows: &[(Digest, &[&str], &str, &[&str], &str)] = &[
        (digest(), &[BYTES], "401 n; 200", &[BYTES, "POST http://h/ | n 1 / | = hello"], "200 http://h/"),
        (digest(), &[READER], "401 n", &[BYTES], "Body 401 http://h/"),
        // The nonce is known.
        (
            digest(),
            &["GET http://h/", READER],
            "401 n; 200; 200",
            &["GET http://h/", "GET http://h/ | n 1 /", "POST http://h/ | n 2 / | = hello"],
            "200 http://h/, 200 http://h/",
        ),
        (
            digest(),
            &[BYTES],
            "401 n!; 200",
            &[BYTES, "POST http://h/ | n! 1 / auth-int | = hello"],
            "200 http://h/",
        ),
        (digest(), &[BYTES], "401 n?; 200", &[BYTES, "POST http://h/ | n? 1 / | = hello"], "200 http://h/"),
        (
            int(),
            &[BYTES],
            "401 n?; 200",
            &[BYTES, "POST http://h/ | n? 1 / auth-int | = hello"],
            "200 http://h/",
        ),
        (int(), &[BYTES], "401 n; 200", &[BYTES, "POST http://h/ | n 1 / | = hello"], "200 http://h/"),
        (
            int(),
            &["GET http://h/", READER],
            "401 n?; 200; 200",
            &[
                "GET http://h/",
                "GET http://h/ | n? 1 / auth-int",
                "POST http://h/ | n? 2 / auth-int | = hello",
            ],
            "200 http://h/, 200 http://h/",
        ),
        // Too long: not covered, or an error.
        (
            int().max_body_bytes(4),
            &["GET http://h/", READER],
            "401 n?; 200; 200",
            &["GET http://h/", "GET http://h/ | n? 1 / auth-int", "POST http://h/ | n? 2 / | = hello"],
            "200 http://h/, 200 http://h/",
        ),
        (
            int().max_body_bytes(4),
            &["GET http://h/", READER],
            "401 n!; 200",
            &["GET http://h/", "GET http://h/ | n! 1 / auth-int"],
            "200 http://h/, TooLarge",
        ),
        // A body in memory has no limit.
        (
            int().max_body_bytes(4),
            &[BYTES],
            "401 n!; 200",
            &[BYTES, "POST http://h/ | n! 1 / auth-int | = hello"],
            "200 http://h/",
        ),
    ];
    for (digest, requests, answers, expected, ends) in rows {
        check::<F>(digest.clone(), requests, answers, expected, ends);
    }
}

fn proofs<F: Flavour>() {
    let client =
        Middleware::with(digest(), script("401 n; 200 | Authentication-Info: rspauth=\"00\"; 401 m; 200"));
    let error = F::send(&client, request::<F>("GET http://h/")).unwrap_err();
    assert!(error.to_string().contains("rspauth"), "{error}");
    assert_eq!(end(&Err(error)), "Protocol 200 http://h/");
    // The nonce is forgotten.
    F::send(&client, request::<F>("GET http://h/a")).unwrap();
    assert_eq!(sent(client.transport())[2..], ["GET http://h/a", "GET http://h/a | m 1 /a"]);
}

fn digests_of_single_requests<F: Flavour>() {
    let client = Middleware::with(RequestDigests::default(), script("401 n; 200; 200; 401 m; 401 o; 200"));
    let send = |user: Option<&str>, url: &str| -> Result<ResponseHead> {
        let mut request: Request<F::Body> = request::<F>(&format!("GET {url}"));
        if let Some(user) = user {
            request.head_mut().extensions_mut().insert(RequestDigest::new(user, "s3cret"));
        }
        F::send(&client, request)
    };
    for (user, url, status) in [
        (Some("ann"), "http://h/", 200),
        (Some("ann"), "http://h/a", 200),
        (None, "http://h/", 401),
        (Some("ann"), "http://other/", 200),
    ] {
        assert_eq!(send(user, url).unwrap().status(), status, "{user:?} {url}");
    }
    let expected = [
        "GET http://h/",
        "GET http://h/ | n 1 /",
        "GET http://h/a | n 2 /a",
        "GET http://h/",
        "GET http://other/",
        "GET http://other/ | o 1 /",
    ];
    assert_eq!(sent(client.transport()), expected);
}

/// The origin of the client's base URL, and a request with a digest of its own.
fn base_origins<F: Flavour>() {
    use httpx_core::Url;
    use httpx_middleware::auth::CredentialOrigin;

    let client = Middleware::with(Digest::new("ann", "s3cret"), script("401 n; 401 n; 401 m"));
    let base = CredentialOrigin::of(&Url::parse("http://h/base").unwrap());
    let mut other = request::<F>("GET http://other/");
    other.head_mut().extensions_mut().insert(base.clone());
    assert_eq!(F::send(&client, other).unwrap().status(), 401);
    let mut own = request::<F>("GET http://h/");
    own.head_mut().extensions_mut().insert(base);
    own.head_mut().extensions_mut().insert(RequestDigest::new("bob", "s3cret"));
    assert_eq!(F::send(&client, own).unwrap().status(), 401);
    assert_eq!(sent(client.transport()), ["GET http://other/", "GET http://h/"]);
}

#[test]
fn secrets_are_not_shown() {
    let shown =
        format!("{:?} {:?} {:?}", digest(), RequestDigest::new("ann", "s3cret"), RequestDigests::default());
    assert_eq!(shown, "<Digest for http://h> <RequestDigest> <RequestDigests>");
}
