//! Tests of the conversions: tables, and round trips as properties.

use std::time::Instant;

use http::{HeaderMap, Uri};
use proptest::prelude::*;

use crate::{
    ErrorKind, Extensions, Headers, Method, Options, Request, RequestHead, Response, ResponseHead,
    StatusCode, Timeouts, Url, Version, headers,
};

#[test]
fn each_status_code_is_kept() {
    for code in 100..=999 {
        let status = StatusCode::try_from(code).unwrap();
        let foreign = http::StatusCode::from(status);
        assert_eq!((foreign.as_u16(), StatusCode::from(foreign)), (code, status));
    }
}

#[test]
fn each_byte_of_a_method_is_judged_alike() {
    for byte in 0..=u8::MAX {
        let name = [b'A', byte];
        let own = std::str::from_utf8(&name).ok().and_then(|name| Method::try_from(name).ok());
        let foreign = http::Method::from_bytes(&name).ok();
        assert_eq!(own.is_some(), foreign.is_some(), "{byte:#x}");
        if let Some((own, foreign)) = own.zip(foreign) {
            assert_eq!(http::Method::try_from(&own).unwrap(), foreign);
            assert_eq!(Method::try_from(foreign).unwrap(), own);
        }
    }
    let long = Method::try_from("X".repeat(1000)).unwrap();
    assert_eq!(Method::try_from(http::Method::try_from(&long).unwrap()).unwrap(), long);
    assert_eq!(http::Method::try_from(Method::GET).unwrap(), http::Method::GET);
}

#[test]
fn versions() {
    for version in [Version::Http10, Version::Http11] {
        assert_eq!(Version::try_from(http::Version::from(version)).unwrap(), version);
    }
    for version in [http::Version::HTTP_09, http::Version::HTTP_2, http::Version::HTTP_3] {
        let error = Version::try_from(version).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(
            error.message().contains(&format!("{version:?} is not a version of this library")),
            "{error}"
        );
    }
}

#[test]
fn urls_become_uris_and_uris_urls() {
    // The URL, and the URI that it becomes; `None` for an error.
    let rows = [
        ("http://h/", Some("http://h/")),
        ("https://h:8443/a/b?q=1&r=%20#top", Some("https://h:8443/a/b?q=1&r=%20")),
        ("http://ann:s3cret@h/", Some("http://ann:s3cret@h/")),
        ("http://[::1]:80/x", Some("http://[::1]/x")),
        ("http://h/a|b^c{d}?q={}|\\^`\"[]", Some("http://h/a|b^c%7Bd%7D?q={}|\\^`%22[]")),
        ("http://\u{fc}.example/\u{fc}?\u{fc}", Some("http://xn--tda.example/%C3%BC?%C3%BC")),
        ("mailto:ann@example.com", None),
    ];
    for (text, expected) in rows {
        let url = Url::parse(text).unwrap();
        match (Uri::try_from(&url), expected) {
            (Ok(uri), Some(expected)) => {
                assert_eq!(uri.to_string(), expected, "{text}");
                assert_eq!(Url::try_from(uri).unwrap(), url.with_fragment(None));
            }
            (Err(error), None) => {
                assert_eq!(error.kind(), ErrorKind::InvalidUrl);
                assert!(error.to_string().contains("cannot be converted into an http::Uri"), "{error}");
            }
            (result, _) => panic!("{text}: {result:?}"),
        }
    }
    let long = Url::parse(&format!("http://h/{}", "x".repeat(70_000))).unwrap();
    let error = Uri::try_from(long).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidUrl);
    assert!(error.to_string().len() < 4000);
}

#[test]
fn uris_that_are_no_urls() {
    for text in ["/", "/items?page=2", "*", "h:80", "ann:s3cret@h:80", "h"] {
        let error = Url::try_from(text.parse::<Uri>().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidUrl, "{text}");
        assert!(error.message().contains("is not an absolute URL"), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    // The crate `http` takes these for authorities, the URL Standard does not.
    let error = Url::try_from(Uri::from_static("http://1.2.3.4.5/")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidUrl);
}

#[test]
fn sensitive_values_are_marked_in_both_directions() {
    let mut own = headers![("X-Key", "k"), ("Accept", "*/*"), ("Cookie", "a=1"), ("x-key", "l")];
    own.mark_sensitive("X-Key");
    let map = HeaderMap::try_from(&own).unwrap();
    let marks =
        |name: &str| map.get_all(name).iter().map(http::HeaderValue::is_sensitive).collect::<Vec<_>>();
    assert_eq!(
        (marks("x-key"), marks("accept"), marks("cookie")),
        (vec![true, true], vec![false], vec![true])
    );
    let back = Headers::try_from(map).unwrap();
    assert_eq!(format!("{:?}", back.get_all("X-Key").collect::<Vec<_>>()), "[[secret], [secret]]");
    assert!(!back.get("Accept").unwrap().is_sensitive());

    // One marked value marks those of its name, whichever comes first.
    for marked in [0, 1] {
        let mut map = HeaderMap::new();
        for at in 0..2 {
            let mut value = http::HeaderValue::from(at);
            value.set_sensitive(at == marked);
            map.append("x-key", value);
        }
        let own = Headers::try_from(&map).unwrap();
        assert_eq!(format!("{own:?}"), r#"{"x-key": [secret], "x-key": [secret]}"#);
    }
}

#[test]
fn too_many_names_are_an_error_and_no_panic() {
    let lines = |n: usize| Headers::try_from((0..n).map(|n| (format!("n{n}"), "")).collect::<Vec<_>>());
    let map = HeaderMap::try_from(lines(20_000).unwrap()).unwrap();
    assert_eq!(map.len(), 20_000);
    let error = HeaderMap::try_from(lines(40_000).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidHeader);
    assert!(error.message().contains("40000 header lines are too many"), "{error}");
    let longest = "n".repeat(usize::from(u16::MAX));
    let own = Headers::try_from([(&*longest, "1")]).unwrap();
    assert_eq!(Headers::try_from(HeaderMap::try_from(&own).unwrap()).unwrap(), own);
}

#[test]
fn requests_keep_their_settings_and_extensions() {
    let mut head = RequestHead::new(Method::PUT, Url::parse("http://ann:pw@h/a#top").unwrap());
    head.options_mut().max_redirects = Some(3);
    head.extensions_mut().insert(7_u32);
    let mut request = http::Request::try_from(Request::from_parts(head.clone(), "body")).unwrap();
    assert_eq!(request.uri(), "http://h/a");
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!(request.extensions().get::<Options>().unwrap().max_redirects, Some(3));
    assert_eq!(request.extensions().get::<Extensions>().unwrap().get(), Some(&7_u32));
    request.extensions_mut().insert("foreign");

    // Several times: nothing piles up.
    for _ in 0..3 {
        let own = Request::try_from(request).unwrap();
        let foreign = own.extensions().get::<http::Extensions>().unwrap();
        assert_eq!((foreign.len(), foreign.get::<&str>()), (1, Some(&"foreign")));
        assert_eq!((own.extensions().len(), own.extensions().get::<u32>()), (2, Some(&7)));
        assert_eq!((own.options(), *own.body()), (head.options(), "body"));
        request = own.try_into().unwrap();
        assert_eq!(request.extensions().len(), 3);
    }
    let plain = RequestHead::new(Method::GET, Url::parse("http://h/").unwrap());
    let parts = http::request::Parts::try_from(plain.clone()).unwrap();
    assert!(parts.extensions.is_empty() && parts.headers.is_empty());
    assert_eq!(RequestHead::try_from(parts).unwrap(), plain);
}

#[test]
fn requests_keep_the_state_of_their_call() {
    let mut head = RequestHead::new(Method::GET, Url::parse("http://h/").unwrap());
    let start = Instant::now();
    head.begin(|| start, &Timeouts::DEFAULT.total(std::time::Duration::from_secs(9)));
    head.set_crossed_origin();
    head.set_client(7, Headers::new());
    let parts = http::request::Parts::try_from(head.clone()).unwrap();
    let back = RequestHead::try_from(parts).unwrap();
    assert_eq!((back.started(), back.deadline()), (Some(start), head.deadline()));
    assert!(back.has_crossed_origin() && back.client() == 7 && back.deadline().is_some());
}

#[test]
fn requests_that_cannot_be_converted() {
    let request = http::Request::new(());
    assert_eq!(Request::try_from(request).err().unwrap().kind(), ErrorKind::InvalidUrl);
    let url = Url::parse("data:text/plain,x").unwrap();
    let request = Request::from_parts(RequestHead::new(Method::GET, url), ());
    assert_eq!(http::Request::try_from(request).err().unwrap().kind(), ErrorKind::InvalidUrl);
}

#[test]
fn responses_keep_the_facts_of_their_call() {
    let mut head = ResponseHead::new(StatusCode::OK).with_version(Version::Http10).with_reason("Fine");
    head.headers_mut().append("X-Id", 1).unwrap();
    head.set_request(RequestHead::new(Method::GET, Url::parse("http://h/").unwrap()));
    head.set_trailers(headers![("Checksum", "1")]);
    let mut response = http::Response::try_from(Response::from_parts(head.clone(), "body")).unwrap();
    assert_eq!((response.version(), response.headers().len()), (http::Version::HTTP_10, 1));
    let facts = response.extensions().get::<ResponseHead>().unwrap();
    assert_eq!((facts.url().unwrap().as_str(), facts.headers().len()), ("http://h/", 0));
    response.headers_mut().insert("x-more", 2.into());
    let back = Response::try_from(response).unwrap();
    assert_eq!((back.reason(), back.url().unwrap().as_str()), ("Fine", "http://h/"));
    assert_eq!((back.headers().len(), back.trailers().len(), *back.body()), (2, 1, "body"));

    // Facts about another status are not this response's.
    let mut response = http::Response::try_from(Response::from_parts(head, ())).unwrap();
    *response.status_mut() = http::StatusCode::BAD_GATEWAY;
    let back = Response::try_from(response).unwrap();
    assert_eq!((back.status().as_u16(), back.reason(), back.url()), (502, "Bad Gateway", None));
}

#[test]
fn versions_of_responses() {
    for (foreign, own) in [
        (http::Version::HTTP_09, Version::Http10),
        (http::Version::HTTP_10, Version::Http10),
        (http::Version::HTTP_11, Version::Http11),
        (http::Version::HTTP_2, Version::Http11),
        (http::Version::HTTP_3, Version::Http11),
    ] {
        let response = http::Response::builder().version(foreign).body(()).unwrap();
        assert_eq!(Response::try_from(response).unwrap().version(), own);
    }
}

#[test]
fn each_byte_of_a_header_is_judged_alike() {
    for byte in 0..=u8::MAX {
        let bytes = [b'a', byte, b'b'];
        let own = std::str::from_utf8(&bytes).is_ok_and(|name| Headers::new().append(name, "").is_ok());
        assert_eq!(own, http::HeaderName::from_bytes(&bytes).is_ok(), "{byte:#x} in a name");
        let own = Headers::new().append("a", bytes).is_ok();
        assert_eq!(own, http::HeaderValue::from_bytes(&bytes).is_ok(), "{byte:#x} in a value");
    }
}

/// The lines in lower case, sorted by name; values of one name keep their order.
fn by_name(headers: &Headers) -> Vec<(String, Vec<u8>)> {
    let line = |(name, value): (&str, crate::HeaderValue<'_>)| {
        (name.to_ascii_lowercase(), value.as_bytes().to_vec())
    };
    let mut lines = headers.iter().map(line).collect::<Vec<_>>();
    lines.sort_by(|one, two| one.0.cmp(&two.0));
    lines
}

proptest! {
    #[test]
    fn headers_come_back(lines in proptest::collection::vec(("[aAbB][a-zA-Z-]{0,2}", "[ \t!-~\u{80}-\u{ff}]{0,20}"), 0..20)) {
        // obs-text: each char is a byte.
        let lines = lines.into_iter().map(|(name, value)| (name, value.chars().map(|c| c as u8).collect::<Vec<_>>()));
        let own = Headers::try_from(lines.collect::<Vec<_>>()).unwrap();
        let map = HeaderMap::try_from(&own).unwrap();
        prop_assert_eq!(map.len(), own.len());
        let back = Headers::try_from(&map).unwrap();
        prop_assert_eq!(by_name(&back), by_name(&own));
        prop_assert_eq!(HeaderMap::try_from(back).unwrap(), map);
    }

    #[test]
    fn urls_come_back(text in "(http|https)://[a-z0-9.-]{1,10}(:[1-9][0-9]{0,3})?(/[ -~\u{e0}-\u{ff}]{0,20})?") {
        if let Ok(url) = Url::parse(&text) {
            let uri = Uri::try_from(&url);
            prop_assert!(uri.is_ok(), "{}: {:?}", url, uri);
            prop_assert_eq!(Url::try_from(uri.unwrap()).unwrap(), url.with_fragment(None));
        }
    }

    #[test]
    fn any_uri_is_a_url_or_an_error(text in "[ -~]{0,40}") {
        if let Ok(uri) = text.parse::<Uri>() {
            let _ = Url::try_from(uri);
        }
    }
}
