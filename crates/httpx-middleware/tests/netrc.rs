//! The logins of a netrc file: which requests get one.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod support;

use httpx_core::ErrorKind;
use httpx_middleware::auth::Netrc;
use httpx_middleware::{Middleware, RedirectMiddleware};
use httpx_testing::TempDir;
use support::{Flavour, Scripted, both_flavours, request};

both_flavours!(requests_that_get_a_login);

const FILE: &str = "machine h login ann password s3cret\nmachine other:81 login bob password x\n\
    machine h login bob password x\nmachine all password x";
const ANN: &str = "Authorization: Basic YW5uOnMzY3JldA==";
const BOB: &str = "Authorization: Basic Ym9iOng=";

fn requests_that_get_a_login<F: Flavour>() {
    let rows: &[(&str, &str, &[&str])] = &[
        ("GET http://h/", "200", &["GET http://h/ | {ANN}"]),
        ("GET http://third/", "200", &["GET http://third/"]),
        ("GET http://h/ | Authorization: x", "200", &["GET http://h/ | Authorization: x"]),
        ("GET http://u:p@h/", "200", &["GET http://h/ | Authorization: Basic dTpw"]),
        // A user without a password gets that of its login.
        ("GET http://ann@h/", "200", &["GET http://h/ | {ANN}"]),
        ("GET http://ann:@h/", "200", &["GET http://h/ | {ANN}"]),
        ("GET http://bob@h/", "200", &["GET http://h/ | {BOB}"]),
        ("GET http://bob@all/", "200", &["GET http://all/ | {BOB}"]),
        ("GET http://all/", "200", &["GET http://all/"]),
        ("GET http://ann:x@h/", "200", &["GET http://h/ | Authorization: Basic YW5uOng="]),
        ("GET http://eve@h/", "200", &["GET http://h/ | Authorization: Basic ZXZlOg=="]),
        ("GET http://ann@third/", "200", &["GET http://third/ | Authorization: Basic YW5uOg=="]),
        ("GET http://h/ | Authorization: basic YW5uOg==", "200", &["GET http://h/ | {ANN}"]),
        ("GET http://h/ | Authorization: Basic !", "200", &["GET http://h/ | Authorization: Basic !"]),
        (
            "GET http://ann@h/",
            "302 | Location: /a; 302 | Location: http://third/; 200",
            &["GET http://h/ | {ANN}", "GET http://h/a | {ANN}", "GET http://third/"],
        ),
        // Each step of a redirect gets its own.
        ("GET http://h/", "302 | Location: /a; 200", &["GET http://h/ | {ANN}", "GET http://h/a | {ANN}"]),
        (
            "GET http://h/",
            "302 | Location: http://other/; 302 | Location: http://other:81/; 200",
            &["GET http://h/ | {ANN}", "GET http://other/", "GET http://other:81/ | {BOB}"],
        ),
        (
            "GET http://third/ | Authorization: x",
            "302 | Location: http://h/; 200",
            &["GET http://third/ | Authorization: x", "GET http://h/ | {ANN}"],
        ),
    ];
    for (script, answers, expected) in rows {
        let netrc = Netrc::parse(FILE).unwrap();
        let client = RedirectMiddleware::new(Middleware::with(netrc, Scripted::new(answers.split("; "))));
        let response = F::send(&client, request::<F>(script)).unwrap();
        let expected =
            expected.iter().map(|text| text.replace("{ANN}", ANN).replace("{BOB}", BOB)).collect::<Vec<_>>();
        assert_eq!(client.transport().transport().sent(), expected, "{script}");
        assert!(!format!("{:?}", response.request()).contains("YW5u"), "{script}");
    }
}

#[test]
fn files() {
    let dir = TempDir::new();
    let path = dir.path("netrc");
    std::fs::write(&path, FILE).unwrap();
    assert_eq!(format!("{:?}", Netrc::open(&path).unwrap()), "<Netrc [4 entries]>");
    let long = " ".repeat((1 << 20) + 1);
    let rows: [(&[u8], &str); 3] = [
        (b"machine h password \"s3cret", "line 1: a quotation mark is not closed"),
        (b"machine h password s3cret\xff", "it is not UTF-8"),
        (long.as_bytes(), "it is longer than 1048576 bytes"),
    ];
    for (text, expected) in rows {
        std::fs::write(&path, text).unwrap();
        let error = Netrc::open(&path).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(expected) && shown.contains("netrc"), "{shown}");
        assert!(error.kind() == ErrorKind::Config && !shown.contains("s3cret"), "{shown}");
    }
    let error = Netrc::open(dir.path("missing")).unwrap_err();
    assert!(error.kind() == ErrorKind::Config && error.to_string().contains("missing"), "{error}");
}
