//! Forms with files, as a server receives them.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::io::{self, Read};

use httpx::ErrorKind;
use httpx::models::{Multipart, Part};
use httpx_testing::{Reply, Server, both_flavours};
use support::Flavour;
use support::flavour::BodyOf;

both_flavours!(forms, the_type_of_a_form, a_form_is_sent_again_after_a_redirect, a_part_that_fails);

type Form<F> = Multipart<BodyOf<F>>;

/// The received form, with `BOUNDARY` in place of its boundary.
fn received(content_type: &str, body: &[u8]) -> String {
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    String::from_utf8(body.to_vec()).unwrap().replace(boundary, "BOUNDARY")
}

fn forms<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    let field = "--BOUNDARY\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
    let file = "--BOUNDARY\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\
                Content-Type: application/octet-stream\r\n\r\n";
    let long = "x".repeat(100_000);
    let reader = || io::Cursor::new(vec![b'x'; 100_000]);
    let rows: [(Form<F>, String, bool); 4] = [
        (Multipart::new().text("a", "1"), format!("{field}--BOUNDARY--\r\n"), true),
        (
            Multipart::new().part("f", Part::new(F::reader(reader())).file_name("x")).text("a", "1"),
            format!("{file}{long}\r\n{field}--BOUNDARY--\r\n"),
            false,
        ),
        (
            Multipart::new()
                .text("a", "1")
                .part("f", Part::new(F::sized_reader(reader(), 100_000)).file_name("x")),
            format!("{field}{file}{long}\r\n--BOUNDARY--\r\n"),
            true,
        ),
        (Multipart::new(), "--BOUNDARY--\r\n".into(), true),
    ];
    for (form, expected, has_length) in rows {
        let ask =
            client.request("POST", &server.url("/")).header("Content-Type", "text/plain").multipart(form);
        assert_eq!(F::send(ask).unwrap().text(), "good");
        let seen = server.take_one();
        assert_eq!(received(&seen.header("content-type").unwrap(), &seen.content()), expected);
        assert_eq!(seen.header("content-length").is_some(), has_length);
        assert_eq!(seen.header("transfer-encoding").is_some(), !has_length);
    }
}

/// Another `multipart` type of the request stays, with the boundary of the form.
fn the_type_of_a_form<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    for (chosen, expected) in [
        ("multipart/related", "multipart/related; boundary=BOUNDARY"),
        ("Multipart/Mixed; boundary=\"a b\"", "Multipart/Mixed; boundary=BOUNDARY"),
        (
            "multipart/related; BOUNDARY=x; type=\"application/json\"",
            "multipart/related; type=\"application/json\"; boundary=BOUNDARY",
        ),
        ("multipart/form-data", "multipart/form-data; boundary=BOUNDARY"),
        ("multipart", "multipart/form-data; boundary=BOUNDARY"),
        ("multiparts/x", "multipart/form-data; boundary=BOUNDARY"),
        ("text/plain", "multipart/form-data; boundary=BOUNDARY"),
    ] {
        let form = Multipart::new().text("a", "1");
        let ask = client.post(&server.url("/")).multipart(form).header("Content-Type", chosen);
        assert_eq!(F::send(ask).unwrap().text(), "good");
        let seen = server.take_one();
        let content = String::from_utf8(seen.content()).unwrap();
        let boundary = content.lines().next().unwrap().strip_prefix("--").unwrap();
        let content_type = seen.header("content-type").unwrap();
        assert_eq!(content_type.replace(boundary, "BOUNDARY"), expected, "{chosen}");
    }
}

fn a_form_is_sent_again_after_a_redirect<F: Flavour>() {
    let server = Server::new(|seen| match seen.target().as_str() {
        "/" => Reply::full("307 Temporary Redirect", "Location: /next\r\n", ""),
        _ => Reply::ok("good"),
    });
    let form = || Multipart::new().text("a", "1");
    let client = F::new();
    let r = F::send(client.request("POST", &server.url("/")).multipart(form())).unwrap();
    assert_eq!(r.text(), "good");
    let bodies = server.take().into_iter().map(|seen| seen.content()).collect::<Vec<_>>();
    assert!(bodies.len() == 2 && bodies[0] == bodies[1] && !bodies[0].is_empty());
    let once = form().part("f", Part::new(F::reader(io::empty())));
    let error = F::send(client.request("POST", &server.url("/")).multipart(once)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
}

/// A reader that fails, and one that ends too early: the request is not sent whole, and its connection is not used again.
fn a_part_that_fails<F: Flavour>() {
    struct Failing;

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }

    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    let rows: [(BodyOf<F>, &str); 2] = [
        (F::reader(Failing), "the disk is gone"),
        (F::sized_reader(io::Cursor::new(vec![b'x'; 100_000]), 100_001), "shorter than announced"),
    ];
    for (body, reason) in rows {
        let form = Multipart::new().part("f", Part::new(body)).text("a", "1");
        let error = F::send(client.request("POST", &server.url("/")).multipart(form)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body);
        assert!(format!("{error:#}").contains(reason), "{error:#}");
        assert_eq!(client.pool_stats().idle, 0);
    }
    assert_eq!(F::send(client.request("GET", &server.url("/"))).unwrap().text(), "good");
}
