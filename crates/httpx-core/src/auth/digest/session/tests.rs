//! The examples of RFC 7616 and RFC 2617, and values that were computed by Python's hashlib.

use super::*;
use crate::auth::{Challenge, DigestHash};
use crate::{Headers, Url};

fn session(challenge: &str) -> Option<DigestSession> {
    let headers = Headers::try_from([("WWW-Authenticate", challenge)]).unwrap();
    DigestChallenge::strongest(&headers, "WWW-Authenticate").map(DigestSession::new)
}

fn text(answer: &DigestAnswer) -> String {
    String::from_utf8(answer.value().to_vec()).unwrap()
}

fn get(uri: &str) -> DigestRequest<'_> {
    DigestRequest { method: "GET", uri, body: None }
}

#[test]
fn published_examples() {
    const LION: (&str, &str) = ("Mufasa", "Circle of Life");
    // Erratum 4897 of RFC 7616 corrects the values of §3.9.2.
    let rows = [
        (
            LION,
            r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
            "/dir/index.html",
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            r#"Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
        ),
        (
            LION,
            r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
            "/dir/index.html",
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            r#"Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", response="8ca523f5e9506fed4657c9700eebdbec", algorithm=MD5, qop=auth, nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
        ),
        (
            ("J\u{e4}s\u{f8}n Doe", "Secret, or not?"),
            r#"Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true"#,
            "/doe.json",
            "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
            r#"Digest username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", realm="api@example.org", nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", uri="/doe.json", response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", algorithm=SHA-512-256, qop=auth, nc=00000001, cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", userhash=true"#,
        ),
        (
            ("Mufasa", "Circle Of Life"),
            r#"Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41""#,
            "/dir/index.html",
            "0a4f113b",
            r#"Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", response="6629fae49393a05397450978507c4ef1", qop=auth, nc=00000001, cnonce="0a4f113b", opaque="5ccc069c403ebaf9f0171e9517f40e41""#,
        ),
    ];
    for ((user, password), challenge, uri, cnonce, expected) in rows {
        let credentials = DigestCredentials::new(user, password);
        let answer = session(challenge).unwrap().answer_with(&credentials, get(uri), cnonce).unwrap();
        assert_eq!(text(&answer), expected, "{challenge}");
    }
}

/// The responses of each algorithm to `auth-int`, to the first and second request of a `-sess` session, to its first
/// request with a next nonce, to RFC 2069, and the server's proof.
#[test]
fn all_algorithms() {
    let rows = [
        (
            "MD5",
            [
                "915dd77707c8b354c7a4d4f9b2807917",
                "53c8bd14f50e3136066628a1b19358b0",
                "02ff31126b853f0720f387879e78c161",
                "a2dc6751dc578bdf300048fe2e15f8bb",
                "94ebbcd20b14d6d7fd90d29b5b4416ab",
                "ff3f22da4fe33ca38d330cd823b276aa",
            ],
        ),
        (
            "SHA-256",
            [
                "a486aedadae60c3b4dcf6396b0c6f54e7cc032c9d5591dbfd80d540239e50f6f",
                "dd8882eb03194f533620735d7a32e2cf7298a444cf9ef979a0eda335c0d73f79",
                "83774069fb74e4592e6a5819e92ccad09c9c3eb0c674de159d5e43717bd86a3c",
                "c3b5ed91a4109d8e039f4371eb8fe0421ed29b545e4a1889667fff0998ad1114",
                "5da88df00db16b75411d45cdb1181272401d2cce5777cf00836237e8cd82ae74",
                "2a57506dac42cf26606d7b176bbe13908a58182151f01076e28b8d1a965ca8a0",
            ],
        ),
        (
            "SHA-512-256",
            [
                "a8cbe2a9d4f295b9ccc13a7c37a8bc7f3da00716dcefcb9ef8a1d1f87c51b966",
                "1d901711974abf75add94aa45533bccec19aa15f248aca05ad718ee8c68c0024",
                "33be15f76de89b2191f20fd70f65d1edad85da4defa99bb102beb32be657b78b",
                "d5d549bf30a7835c566354b59f89ee8c7cf16f30eadcadd112896e52890ee28f",
                "b02705c3a75c23030d1837e9208b4828b1055cf2e31aa5fac982b16255b1135a",
                "1dfdc57bfb02dd22979c1933d06c036a925bf9f161349e5b3c520fb300563bae",
            ],
        ),
    ];
    let credentials = DigestCredentials::new("ann", "s3cret");
    for (algorithm, [auth_int, first, second, next, old, proof]) in rows {
        let hash = DigestAlgorithm::parse(algorithm.as_bytes()).unwrap().hash;
        let make =
            |rest: &str| session(&format!("Digest realm=r, nonce=n1, algorithm={algorithm}{rest}")).unwrap();
        let check = |session: &mut DigestSession, request, cnonce: &str, expected: &str| {
            let answer = session.answer_with(&credentials, request, cnonce).unwrap();
            let expected = format!("response=\"{expected}\"");
            assert!(text(&answer).contains(&expected), "{algorithm}: {} {expected}", text(&answer));
            answer
        };
        let body =
            DigestRequest { method: "POST", uri: "/x?y", body: Some(&DigestBody::new(hash, b"hello")) };
        check(&mut make(", qop=auth-int"), body, "c1", auth_int);
        check(&mut make(", qop=\"auth,auth-int\""), body, "c1", auth_int);
        let mut sess = make("-sess, qop=auth");
        check(&mut sess, get("/"), "c1", first);
        check(&mut sess, get("/"), "c2", second);
        let info = |value: &str| {
            let headers = Headers::try_from([("Authentication-Info", value)]).unwrap();
            DigestInfo::parse(&headers, "Authentication-Info")
        };
        sess.update(&info("nextnonce=\"n2\""));
        let answer = check(&mut sess, get("/"), "c3", next);
        assert!(sess.made(&answer));
        let answer = check(&mut make(""), get("/"), "c1", old);
        assert!(!text(&answer).contains("nc=") && !text(&answer).contains("cnonce="), "{}", text(&answer));
        let answer = make(", qop=auth").answer_with(&credentials, get("/"), "c1").unwrap();
        for (value, is_refuted) in [
            (format!("rspauth=\"{proof}\""), false),
            (format!("qop=auth, RspAuth={}, cnonce=c1", proof.to_uppercase()), false),
            ("qop=auth".to_owned(), false),
            ("rspauth=\"00\"".to_owned(), true),
            ("rspauth=\"\"".to_owned(), true),
        ] {
            assert_eq!(answer.is_refuted_by(&info(&value)), is_refuted, "{algorithm} {value}");
        }
    }
}

#[test]
fn challenges_that_are_chosen() {
    let rows: &[(&str, &str)] = &[
        ("Digest realm=a, nonce=b", "algorithm none, nonce \"b\""),
        (
            "Digest realm=a, nonce=b, Digest realm=a, nonce=c, algorithm=SHA-256",
            "algorithm SHA-256, nonce \"c\"",
        ),
        (
            "Digest realm=a, nonce=b, algorithm=sha-512-256-SESS, Digest realm=a, nonce=c, algorithm=MD5",
            "algorithm sha-512-256-SESS, nonce \"b\"",
        ),
        ("Digest realm=a, nonce=b, Digest realm=a, nonce=c", "algorithm none, nonce \"b\""),
        (
            "Digest realm=a, nonce=b, algorithm=SHA-1024, Digest realm=a, nonce=c",
            "algorithm none, nonce \"c\"",
        ),
        ("Basic realm=a, DIGEST Realm=a, Nonce=b", "algorithm none, nonce \"b\""),
        ("Digest realm=a, nonce=b, algorithm=SHA-1024", "-"),
        ("Digest realm=a, nonce=b, qop=auth-conf", "-"),
        ("Digest realm=a, nonce=b, qop=\"auth-conf, AUTH\"", "algorithm none, nonce \"b\""),
        ("Digest realm=a", "-"),
        ("Digest realm=a, nonce=\"\"", "-"),
        ("Digest nonce=b", "-"),
        ("Digest", "-"),
        ("Digest YWJj", "-"),
        ("Basic realm=a, nonce=b", "-"),
        ("", "-"),
    ];
    for (challenge, expected) in rows {
        let found = session(challenge).map_or_else(
            || "-".to_owned(),
            |session| {
                let challenge = session.challenge();
                let algorithm = challenge.algorithm_text.as_deref().unwrap_or(b"none").escape_ascii();
                format!("algorithm {algorithm}, nonce \"{}\"", challenge.nonce.escape_ascii())
            },
        );
        assert_eq!(found, *expected, "{challenge}");
    }
}

#[test]
fn usernames_and_quotes() {
    let rows = [
        ("ann", "", "username=\"ann\""),
        ("a\"n\\n", "", "username=\"a\\\"n\\\\n\""),
        ("j\u{e4}n", ", charset=UTF-8", "username*=UTF-8''j%C3%A4n"),
        ("j\u{e4}n", "", "username=\"j\u{e4}n\""),
        ("a\r\nX: b", "", "username*=UTF-8''a%0D%0AX%3A%20b"),
        ("a\u{7f}", ", charset=utf-8", "username*=UTF-8''a%7F"),
        ("ann", ", charset=UTF-8, opaque=\"a\\\"b\"", "opaque=\"a\\\"b\""),
    ];
    for (user, rest, expected) in rows {
        let credentials = DigestCredentials::new(user, "s3cret");
        let mut session = session(&format!("Digest realm=r, nonce=n{rest}")).unwrap();
        let answer = session.answer_with(&credentials, get("/"), "c").unwrap();
        assert!(text(&answer).contains(expected), "{}", text(&answer));
        Headers::new().set("Authorization", answer.value()).unwrap();
    }
}

#[test]
fn counts_nonces_and_random_values() {
    let credentials = DigestCredentials::new("ann", "s3cret");
    let mut session = session("Digest realm=r, nonce=n, qop=auth").unwrap();
    let answers = [1, 2].map(|_| text(&session.answer(&credentials, get("/")).unwrap()));
    assert!(answers[0].contains("nc=00000001") && answers[1].contains("nc=00000002"), "{answers:?}");
    let cnonce = |answer: &str| answer.split("cnonce=").nth(1).unwrap().to_owned();
    assert_ne!(cnonce(&answers[0]), cnonce(&answers[1]));
    assert_eq!(cnonce(&answers[0]).len(), 34);
    session.update(&DigestInfo { next_nonce: Some(b"n2".to_vec()), rspauth: None });
    let answer = session.answer(&credentials, get("/")).unwrap();
    assert!(text(&answer).contains("nonce=\"n2\"") && text(&answer).contains("nc=00000001"));
}

#[test]
fn a_body_that_is_missing() {
    let credentials = DigestCredentials::new("ann", "s3cret");
    let mut session = session("Digest realm=r, nonce=n, qop=auth-int").unwrap();
    assert!(session.challenge().needs_body());
    let of_another_hash = DigestBody::new(DigestHash::Sha256, b"");
    for body in [None, Some(&of_another_hash)] {
        let error = session.answer(&credentials, DigestRequest { body, ..get("/") }).unwrap_err();
        assert!(error.to_string().contains("auth-int"), "{error}");
    }
}

#[test]
fn protection_spaces() {
    let rows = [
        ("", "http://h/any", true),
        (", domain=\"/a\"", "http://h/a/b", true),
        (", domain=\"/a\"", "http://h/b", false),
        (", domain=\"http://h/a /b\"", "http://h/b", true),
        (", domain=\"http://other/\"", "http://h/", false),
        (", domain=\"http://other/ http://h/\"", "http://h/", true),
        (", domain=\"http://[\"", "http://h/", false),
    ];
    // At most 16 of them are kept.
    let listed = |before: usize| format!(", domain=\"{}/a\"", "/x ".repeat(before));
    let (last, too_many) = (listed(15), listed(16));
    let bounds = [(&*last, "http://h/a", true), (&*too_many, "http://h/a", false)];
    for (domain, url, expected) in rows.into_iter().chain(bounds) {
        let headers =
            Headers::try_from([("A", format!("Digest realm=r, nonce=n{domain}").as_str())]).unwrap();
        let challenge = DigestChallenge::parse(&Challenge::all(&headers, "A")[0]).unwrap();
        assert_eq!(challenge.covers(&Url::parse(url).unwrap()), expected, "{domain} {url}");
    }
}
