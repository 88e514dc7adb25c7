//! Tests of responses: text, JSON, errors for statuses.

use super::*;
use crate::{Text, Url, headers};

#[test]
fn content_lengths() {
    for (values, expected) in [
        (&["5"][..], Some(5)),
        (&["5, 5"], Some(5)),
        (&["5", "5"], Some(5)),
        (&["005"], Some(5)),
        (&["18446744073709551615"], Some(u64::MAX)),
        (&[], None),
        (&[""], None),
        (&["+5"], None),
        (&["-5"], None),
        (&["5, 6"], None),
        (&["5", "6"], None),
        (&["5, x"], None),
        (&["18446744073709551616"], None),
    ] {
        let lines = values.iter().map(|value| ("Content-Length", *value)).collect::<Vec<_>>();
        let head = ResponseHead::new(StatusCode::OK).with_headers(lines.try_into().unwrap());
        assert_eq!(Response::from_parts(head, ()).content_length(), expected, "{values:?}");
    }
}

#[test]
fn the_alternate_form_shows_headers_without_secrets() {
    let mut response = Response::new(200, Text("x")).unwrap();
    response.head_mut().headers_mut().append("Set-Cookie", "s3cret").unwrap();
    let text = format!("{response:#?}");
    assert!(text.contains("[200 OK]") && text.contains("\"Content-Type\": \"text/plain"), "{text}");
    assert!(text.contains("\"Set-Cookie\": [secret]") && !text.contains("s3cret"), "{text}");
    assert_eq!(format!("{response:?}"), "<Response [200 OK]>");
}

#[test]
fn errors_keep_a_body_that_was_read() {
    let error = Response::new(500, Text("why")).unwrap().error_for_status().unwrap_err();
    assert_eq!(error.body().unwrap(), "why");
    let head = ResponseHead::new(StatusCode::try_from(600).unwrap());
    let error = Response::from_parts(head, ()).error_for_status().unwrap_err();
    assert_eq!((error.body(), error.status().unwrap()), (None, 600.try_into().unwrap()));
}

#[test]
fn links_are_resolved() {
    let lines = headers![
        ("Link", "<?page=3>; rel=\"next\", <https://o/>; rel=first"),
        ("Link", "<http://[>; rel=bad, </x>; rel=\"prev up\"; anchor=\"/other\", </y>; rel=up"),
    ];
    let mut head = ResponseHead::new(StatusCode::OK).with_headers(lines);
    let of = |head: &ResponseHead, rel| head.link(rel).map(|url| url.to_string());
    assert_eq!(of(&head, "next"), None);
    assert_eq!(of(&head, "first").as_deref(), Some("https://o/"));
    let url = Url::parse("http://h/items?page=2").unwrap();
    head.set_request(crate::RequestHead::new(crate::Method::GET, url));
    for (rel, expected) in [
        ("next", Some("http://h/items?page=3")),
        ("FIRST", Some("https://o/")),
        // A link with an anchor is about another resource.
        ("up", Some("http://h/y")),
        ("prev", None),
        ("bad", None),
        ("last", None),
    ] {
        assert_eq!(of(&head, rel).as_deref(), expected, "{rel}");
    }
}

#[cfg(feature = "json")]
#[test]
fn json_of_odd_bodies() {
    let of = |status: u16, body: &'static [u8]| {
        let json = Response::new(status, body).unwrap().json::<Vec<u8>>();
        json.map_err(|error| error.message().into_owned())
    };
    assert_eq!(of(200, b"\xef\xbb\xbf[1]"), Ok(vec![1]));
    for (status, body, message) in [
        (200, &b""[..], "the body is empty, so there is no JSON in it; check status() first"),
        (200, b" \r\n", "the body is empty, so there is no JSON in it; check status() first"),
        (200, b"<p>", "the body is not the expected JSON (it begins with \"<p>\"); text() shows the body"),
        (200, b"[1,\"x\"]", "the body is not the expected JSON, at [1]; text() shows the body"),
        (200, b"[1] x", "something follows the JSON in the body; text() shows the body"),
    ] {
        assert_eq!(of(status, body), Err(message.to_owned()), "{body:?}");
    }
    assert!(of(500, b"").unwrap_err().contains("call error_for_status() first"));
}

#[cfg(feature = "json")]
#[test]
fn errors_of_json_keep_the_response_and_show_how_other_text_begins() {
    let error = Response::new(202, Text("not yet")).unwrap().json::<u8>().unwrap_err();
    assert_eq!(
        (error.status().unwrap(), error.body().unwrap().as_ref()),
        (202.try_into().unwrap(), &b"not yet"[..])
    );
    let long = "ü".repeat(200);
    let cut = format!("{:?}…", "ü".repeat(80));
    for (body, shown) in [
        (&b"<html>\r\n\x00"[..], None),
        (b" <html>\r\n<p> \n", Some("\"<html>\\r\\n<p>\"")),
        (long.as_bytes(), Some(&*cut)),
        (b"caf\xe9", Some("\"caf\"…")),
        (b"{\"token\": s3cret", None),
        (b"\"s3cret\"", None),
        (b"\x1f\x8b\x08", None),
        (b"\xff\xfe", None),
    ] {
        for status in [200, 404] {
            let error = Response::new(status, body.to_vec()).unwrap().json::<u8>().unwrap_err();
            let text = error.to_string();
            match shown {
                Some(shown) => assert!(text.contains(&format!(" (it begins with {shown})")), "{text}"),
                None => assert!(!text.contains("it begins with"), "{text}"),
            }
        }
    }
}
