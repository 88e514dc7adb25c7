//! Tests of URLs: parts, joins, redaction.

use proptest::prelude::*;

use super::*;
use crate::ErrorKind;
use crate::IntoUrl;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Parsing with a hint gives the same URL as parsing without one.
    #[test]
    fn a_hint_changes_nothing(
        near in 0..5usize,
        origin in 0..8usize,
        rest in "[/\\\\.?#@:%a\\t\\n \u{e4}\u{7f}\u{0}\\[\\]|^]{0,8}",
    ) {
        const ORIGINS: [&str; 8] = ["http://h", "https://h:8443", "http://127.0.0.1:80", "http://u:p@h",
            "ws://h", "http://h:80801", "HTTP://H", "http://h.org"];
        let near = Url::parse(&format!("{}/a/b?c#d", ORIGINS[near])).unwrap();
        let text = format!("{}{rest}", ORIGINS[origin]);
        if let Some(url) = Url::parse_with_hint(&near, &text) {
            prop_assert_eq!(url, Url::parse(&text).unwrap(), "{:?}", text);
        }
    }
}

#[test]
fn hints_apply_to_plain_paths() {
    let near = Url::parse("http://h:1/a?b#c").unwrap();
    for (text, is_near) in [
        ("http://h:1/", true),
        ("http://h:1/a?b#c", true),
        ("http://h:1/x/../y?z=/%20#f", true),
        ("http://h:1", false),
        ("http://h:12/", false),
        ("http://h:1//x", false),
        ("http://h:1/\\x", false),
        ("http://h:1/\t/x", false),
        ("http://h:1/x ", false),
    ] {
        assert_eq!(Url::parse_with_hint(&near, text).is_some(), is_near, "{text:?}");
    }
}

#[test]
fn parts() {
    let url = Url::parse("http://user:p%40ss@[::1]:8080/a%20b/ü?x=1&y=ä#f").unwrap();
    assert_eq!(url.host(), Some("[::1]"));
    assert_eq!((url.port(), url.port_or_default()), (Some(8080), Some(8080)));
    assert_eq!((&*url.origin(), url.authority()), ("http://[::1]:8080", "[::1]:8080"));
    assert_eq!(url.target(), "/a%20b/%C3%BC?x=1&y=%C3%A4");
    assert_eq!((url.username(), url.password()), ("user", Some("p%40ss")));
    assert_eq!(format!("{url:?}"), r#"Url("http://[::1]:8080/a%20b/%C3%BC?x=1&y=%C3%A4#f")"#);
    let url = Url::parse("https://Bücher.example").unwrap();
    assert_eq!((url.authority(), url.target()), ("xn--bcher-kva.example", "/"));
}

#[test]
fn invalid_urls_get_advice() {
    for (text, hint) in [
        ("example.com", "it has no scheme"),
        ("/items", "it has no scheme"),
        ("", "it has no scheme"),
        ("http://", "it has no host"),
        ("http://h:99999/", "its port is not a number"),
        ("http://a b/", "its host is not a valid name"),
        ("http://1.2.3.256/", "its host is not a valid address"),
        ("http://[::g]/", "its host is not a valid address"),
    ] {
        let error = Url::parse(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidUrl);
        assert!(error.to_string().contains(hint), "{text}: {error}");
    }
    assert!(!Url::parse("http://me:s3cret@h:x/").unwrap_err().to_string().contains("s3cret"));
}

#[test]
fn schemes() {
    assert!(Url::parse("https://h/").unwrap().check_http().is_ok());
    for (text, message) in [
        ("ftp://h/", "cannot send to a URL of scheme \"ftp\"; only http and https are supported"),
        (
            "wss://h/",
            "cannot send to a URL of scheme \"wss\"; only http and https are supported; \
             for a WebSocket use http or https with upgrade()",
        ),
        ("data:x", "cannot send to a URL of scheme \"data\"; only http and https are supported"),
        (
            "localhost:8000/x",
            "cannot send to a URL of scheme \"localhost\"; did you mean http://localhost:8000/x?",
        ),
    ] {
        let error = Url::parse(text).unwrap().check_http().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidUrl, message));
    }
}

#[test]
fn a_colon_in_a_reference_below_a_base_gets_advice() {
    let base = Url::parse("https://h/v1/").unwrap();
    let of = |reference: &str| reference.into_url(Some(&base));
    assert_eq!(of("./item:7").unwrap(), "https://h/v1/item:7");
    assert_eq!(of("items/item:7").unwrap(), "https://h/v1/items/item:7");
    assert_eq!(of("ws://other/").unwrap(), "ws://other/");
    for (reference, message) in [
        (
            "item:x",
            "cannot send to a URL of scheme \"item\"; write it as ./item:x for a path below the base URL",
        ),
        (
            "item:7",
            "cannot send to a URL of scheme \"item\"; write it as ./item:7 for a path below the base URL, or \
             http://item:7 for another host",
        ),
    ] {
        let error = of(reference).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidUrl, message));
    }
    assert!(!of("ann:s3cret@h/").unwrap_err().to_string().contains("s3cret"));
}

#[test]
fn joins() {
    for (base, reference, joined) in [
        ("https://h/v1/", "items", "https://h/v1/items"),
        ("https://h/v1/", "/items", "https://h/items"),
        ("https://h/v1", "items", "https://h/items"),
        ("https://h/v1", "https://o/", "https://o/"),
        ("https://h/v1", "//o/x", "https://o/x"),
        ("https://h/v1?a", "?b", "https://h/v1?b"),
        ("https://h/v1/", "", "https://h/v1/"),
    ] {
        assert_eq!(Url::parse(base).unwrap().join(reference).unwrap(), joined);
    }
}

#[test]
fn user_information_without_a_scheme_is_not_shown() {
    for (text, shown) in [
        ("admin:hunter2@db.internal/x", "…@db.internal/x"),
        ("admin:12345@db.internal/x@y", "…@db.internal/x@y"),
        ("admin:hunter2@second@h", "…@h"),
        ("mailto:x/y@h", "mailto:x/y@h"),
        ("foo://admin:hunter2@h/", "foo://h/"),
    ] {
        let url = Url::parse(text).unwrap();
        assert_eq!(url.redacted(), shown, "{text}");
        let error = url.check_http().unwrap_err();
        for text in [error.to_string(), format!("{error:?} {url:?}")] {
            assert!(
                !text.contains("admin") && !text.contains("hunter2") && !text.contains("12345"),
                "{text}"
            );
        }
    }
}

#[test]
fn appended_parameters_leave_the_query_as_it_is() {
    for (url, params, expected) in [
        ("http://h/", "", "http://h/"),
        ("http://h/?", "", "http://h/?"),
        ("http://h/#f", "a=1", "http://h/?a=1#f"),
        ("http://h/?", "a=1", "http://h/?a=1"),
        (
            "http://h/?X=ab%7Ec&uploads&k=%FF;b%20c&&#f",
            "a=1",
            "http://h/?X=ab%7Ec&uploads&k=%FF;b%20c&&&a=1#f",
        ),
        ("http://h/?b%20c;d", "", "http://h/?b%20c;d"),
    ] {
        let url = Url::parse(url).unwrap();
        assert_eq!(url.append_params(params), expected);
    }
}

#[test]
fn segments_cannot_leave_their_place() {
    let of = |base: &str, segments: &[&str]| {
        let url = Url::parse(base).unwrap().with_segments(segments);
        url.map_or_else(|error| format!("{:?}", error.kind()), |url| url.to_string())
    };
    for (base, segments, expected) in [
        ("http://h", &["a"][..], "http://h/a"),
        ("http://h/v1", &["a", "b"], "http://h/v1/a/b"),
        ("http://h/v1/?q#f", &["a"], "http://h/v1/a?q#f"),
        ("http://h/v1/", &[], "http://h/v1"),
        (
            "http://h/",
            &["%2e%2e", "..%2f", "a/b", "a\\b", "?", "#"],
            "http://h/%252e%252e/..%252f/a%2Fb/a%5Cb/%3F/%23",
        ),
        ("http://h/", &["ü", "a b", ""], "http://h/%C3%BC/a%20b/"),
        ("http://h/", &["a", ".."], "InvalidUrl"),
        ("http://h/", &["."], "InvalidUrl"),
        ("http://h/v1/", &["..\n", "admin"], "InvalidUrl"),
        ("http://h/v1/", &["\t.."], "InvalidUrl"),
        ("http://h/v1/", &[".\r."], "InvalidUrl"),
        ("http://h/", &["a\tb"], "InvalidUrl"),
        ("mailto:x", &["a"], "InvalidUrl"),
    ] {
        assert_eq!(of(base, segments), expected, "{base} {segments:?}");
    }
}
