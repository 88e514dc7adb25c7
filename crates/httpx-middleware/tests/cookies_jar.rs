//! The jar: which cookies a server may set, when they end, and where they go.
#![cfg(feature = "cookies")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

#[path = "support/cookies.rs"]
mod cookies;

use cookies::*;
use httpx_middleware::{Cookie, CookieError, CookieJar};
use proptest::prelude::*;

#[test]
fn a_jar_is_shared_and_hides_values() {
    fn is_shareable<T: Send + Sync + Clone + 'static>(_: &T) {}
    let jar = CookieJar::new();
    is_shareable(&jar);
    assert!(jar.is_empty());
    let other = jar.clone();
    set(&other, "http://a.example/", "sid=secret").unwrap();
    assert_eq!((jar.len(), format!("{jar:?}").as_str()), (1, "<CookieJar [1 cookie]>"));
    assert_eq!(format!("{:?}", jar.cookies_at(at(0))), "[<Cookie sid for a.example/>]");
    jar.clear();
    assert!(other.is_empty());
}

#[test]
fn cookies_that_a_server_may_set() {
    use CookieError::*;
    let large = |name: usize, value: usize| format!("{}={}", "n".repeat(name), "v".repeat(value));
    #[rustfmt::skip]
    let table = [
        ("http://example.com/",      "a=b",                                   Ok(())),
        ("data:,a",                  "a=b",                                   Err(NoHost)),
        ("http://example.com/",      "=",                                     Err(Empty)),
        ("http://example.com/",      "a=b\r\nX: y",                           Err(ControlCharacter)),
        ("http://example.com/",      &large(2048, 2048),                      Ok(())),
        ("http://example.com/",      &large(2048, 2049),                      Err(TooLarge)),
        ("http://example.com/",      &large(4097, 0),                         Err(TooLarge)),
        // Public suffixes, of both sections of the list, of any case and with any dots.
        ("http://a.co.uk/",          "a=b; Domain=co.uk",                     Err(PublicSuffix)),
        ("http://a.co.uk/",          "a=b; Domain=.CO.UK",                    Err(PublicSuffix)),
        ("http://a.co.uk/",          "a=b; Domain=uk",                        Err(PublicSuffix)),
        ("http://a.co.uk./",         "a=b; Domain=co.uk",                     Err(PublicSuffix)),
        ("http://a.co.uk./",         "a=b; Domain=co.uk.",                    Err(ForeignDomain)),
        ("http://a.co.uk/",          "a=b; Domain=a.co.uk",                   Ok(())),
        ("http://a.github.io/",      "a=b; Domain=github.io",                 Err(PublicSuffix)),
        ("http://b.c.kobe.jp/",      "a=b; Domain=kobe.jp",                   Err(PublicSuffix)),
        ("http://a.unlisted/",       "a=b; Domain=unlisted",                  Err(PublicSuffix)),
        ("http://github.io/",        "a=b; Domain=github.io",                 Ok(())),
        ("http://localhost/",        "a=b; Domain=localhost",                 Ok(())),
        ("http://食狮.公司.cn/",      "a=b; Domain=xn--85x722f.xn--55qx5d.cn", Ok(())),
        ("http://食狮.公司.cn/",      "a=b; Domain=xn--55qx5d.cn",             Err(PublicSuffix)),
        // As browsers do, a domain in Unicode is converted.
        ("http://bücher.example/",   "a=b; Domain=bücher.example",            Ok(())),
        ("http://a.bücher.example/", "a=b; Domain=.BÜCHER.example",           Ok(())),
        ("http://食狮.公司.cn/",      "a=b; Domain=公司.cn",                    Err(PublicSuffix)),
        ("http://bücher.example/",   "a=b; Domain=bucher.example",            Err(ForeignDomain)),
        ("http://bücher.example/",   "a=b; Domain=b%C3%BCcher.example",       Err(ForeignDomain)),
        ("http://bücher.example/",   "a=b; Domain=bücher%2eexample",          Err(ForeignDomain)),
        ("http://example.com/",      "a=b; Domain=other.com",                 Err(ForeignDomain)),
        ("http://127.0.0.1/",        "a=b; Domain=127.0.0.1",                 Ok(())),
        ("http://127.0.0.1/",        "a=b; Domain=0.0.1",                     Err(ForeignDomain)),
        ("http://[::1]/",            "a=b; Domain=[::1]",                     Ok(())),
        // Secure
        ("https://example.com/",     "a=b; Secure",                           Ok(())),
        ("http://example.com/",      "a=b; Secure",                           Err(SecureFromInsecure)),
        ("http://localhost/",        "a=b; Secure",                           Ok(())),
        ("http://127.0.0.1:80/",     "a=b; Secure",                           Ok(())),
        ("https://example.com/",     "a=b; SameSite=None",                    Err(SameSiteNone)),
        ("https://example.com/",     "a=b; SameSite=None; Secure",            Ok(())),
        // Prefixes
        ("https://example.com/",     "__Secure-a=b; Secure",                  Ok(())),
        ("https://example.com/",     "__Secure-a=b",                          Err(Prefix)),
        ("https://example.com/",     "__secure-a=b",                          Err(Prefix)),
        ("https://example.com/",     "__Host-a=b; Secure; Path=/",            Ok(())),
        ("https://example.com/x",    "__Host-a=b; Secure",                    Err(Prefix)),
        ("https://example.com/",     "__Host-a=b; Secure; Path=/x",           Err(Prefix)),
        ("https://example.com/",     "__HOST-a=b; Secure; Path=/; Domain=example.com", Err(Prefix)),
        ("https://example.com/",     "=__Host-a=b; Secure; Path=/",           Err(Prefix)),
        ("https://example.com/",     "__Secure-a; Secure; Path=/",            Err(Prefix)),
    ];
    for (from, field, expected) in table {
        let jar = CookieJar::new();
        assert_eq!(set(&jar, from, field), expected, "{from} {field}");
        assert_eq!(jar.len(), usize::from(expected.is_ok()));
        assert_eq!(header(&jar, from).is_empty(), expected.is_err(), "{from} {field}");
    }
    let jar = CookieJar::new();
    assert_eq!(jar.store_at(&url("http://a.example/"), b"a=\xff", at(0)), Err(NotUtf8));
    assert_eq!(jar.store_at(&url("http://a.example/"), b"a=b; Path=/\xff", at(0)), Ok(()));
}

#[test]
fn cookies_of_a_public_suffix_stay_there() {
    let jar = CookieJar::new();
    set(&jar, "http://github.io/", "a=b; Domain=github.io").unwrap();
    set(&jar, "http://x.github.io/", "c=d; Domain=x.github.io").unwrap();
    assert_eq!(header(&jar, "http://github.io/"), "a=b");
    assert_eq!(header(&jar, "http://y.github.io/"), "");
    assert_eq!(header(&jar, "http://z.x.github.io/"), "c=d");
}

#[test]
fn long_attributes_are_ignored() {
    let jar = CookieJar::new();
    set(&jar, "http://a.example/", &format!("a=b; path=/x; path=/{}", "y".repeat(1024))).unwrap();
    set(&jar, "http://a.example/", &format!("c=d; domain={}", "y".repeat(1025))).unwrap();
    set(&jar, "http://a.example/", &format!("e=f; max-age=-{}", "9".repeat(1024))).unwrap();
    assert_eq!(header(&jar, "http://a.example/x"), "a=b; c=d; e=f");
    assert_eq!(
        set(&jar, "http://a.example/", &format!("c=d; domain={}", "y".repeat(1024))),
        Err(CookieError::ForeignDomain)
    );
}

/// RFC 6265bis §5.7, step 15, and its note.
#[test]
fn an_insecure_origin_cannot_hide_a_secure_cookie() {
    const OLD: &str = "a=1; Secure; Domain=example.com; Path=/login";
    #[rustfmt::skip]
    let table = [
        ("http://www.example.com/",  "a=2; Path=/login",                     Err(CookieError::HidesSecure)),
        ("http://www.example.com/",  "a=2; Path=/login/en",                  Err(CookieError::HidesSecure)),
        ("http://www.example.com/",  "a=2; Path=/login/; Domain=example.com", Err(CookieError::HidesSecure)),
        ("http://x.example.com/",    "a=2; Path=/login",                     Err(CookieError::HidesSecure)),
        ("http://www.example.com/",  "a=; Path=/login; Max-Age=0; Domain=example.com", Err(CookieError::HidesSecure)),
        ("http://www.example.com/",  "a=2; Path=/",                          Ok(())),
        ("http://www.example.com/",  "a=2; Path=/foo",                       Ok(())),
        ("http://www.example.com/",  "A=2; Path=/login",                     Ok(())),
        ("http://other.com/",        "a=2; Path=/login",                     Ok(())),
        ("https://www.example.com/", "a=2; Path=/login",                     Ok(())),
    ];
    for (from, field, expected) in table {
        let jar = CookieJar::new();
        set(&jar, "https://www.example.com/", OLD).unwrap();
        assert_eq!(set(&jar, from, field), expected, "{from} {field}");
        assert!(header(&jar, "https://www.example.com/login/en").contains("a=1"), "{field}");
        assert!(!header(&jar, "http://www.example.com/login/en").contains("a=1"), "{field}");
    }
    // The host-only cookie of a sibling does not matter.
    let jar = CookieJar::new();
    set(&jar, "https://www.example.com/", "a=1; Secure").unwrap();
    assert_eq!(set(&jar, "http://x.example.com/", "a=2"), Ok(()));
    assert_eq!(set(&jar, "http://example.com/", "a=2; Domain=example.com"), Err(CookieError::HidesSecure));
}

#[test]
fn cookies_expire() {
    let (jar, a) = (CookieJar::new(), url("http://a.example/"));
    jar.store_at(&a, b"short=1; Max-Age=60", at(0)).unwrap();
    jar.store_at(&a, b"date=1; Expires=Thu, 01 Jan 2026 00:02:00 GMT", at(0)).unwrap();
    jar.store_at(&a, b"session=1", at(0)).unwrap();
    jar.store_at(&a, b"long=1; Expires=Thu, 31 Dec 9999 23:59:59 GMT", at(0)).unwrap();
    jar.store_at(&a, b"longer=1; Max-Age=99999999999999999999", at(0)).unwrap();
    #[rustfmt::skip]
    let table = [
        (59,             "short=1; date=1; session=1; long=1; longer=1", 5),
        (60,             "date=1; session=1; long=1; longer=1", 4),
        (120,            "session=1; long=1; longer=1", 3),
        (400 * DAY - 1,  "session=1; long=1; longer=1", 3),
        (400 * DAY,      "session=1", 1),
    ];
    for (seconds, expected, len) in table {
        assert_eq!(jar.header_at(&a, at(seconds)).as_deref(), Some(expected), "{seconds}");
        assert_eq!((jar.cookies_at(at(seconds)).len(), jar.len()), (len, len));
    }
    jar.clear_session();
    assert!(jar.is_empty());
}

#[test]
fn cookies_that_a_program_makes() {
    let (jar, now) = (CookieJar::new(), at(0));
    let cookie = || Cookie::new("sid", "1", "WWW.Example.com.");
    jar.insert_at(cookie().with_path("/app").with_secure(), now).unwrap();
    jar.insert_at(
        Cookie::new("lang", "en", ".example.com").with_subdomains().with_expires(at(500 * DAY)),
        now,
    )
    .unwrap();
    assert_eq!(header(&jar, "https://www.example.com/app/x"), "sid=1; lang=en");
    assert_eq!(header(&jar, "http://www.example.com/app/x"), "lang=en");
    let lang = find(&jar, "lang").unwrap();
    assert_eq!(
        (lang.domain(), lang.is_host_only(), lang.expires()),
        ("example.com", false, Some(at(400 * DAY)))
    );
    assert!(jar.remove(&lang) && !jar.remove(&lang));
    assert_eq!(jar.len(), 1);

    use CookieError::*;
    #[rustfmt::skip]
    let table = [
        (Cookie::new("a", "b\r\nc", "a.example"), ControlCharacter),
        (Cookie::new("a", "b", "a.example").with_path("/\n.evil\tTRUE"), ControlCharacter),
        (Cookie::new("a", "b; c=d", "a.example"), Delimiter),
        (Cookie::new("a=b", "c", "a.example"), Delimiter),
        (Cookie::new("", "__Secure-a=b", "a.example"), Prefix),
        (Cookie::new(" a", "b", "a.example"), Delimiter),
        (Cookie::new("", "", "a.example"), Empty),
        (Cookie::new("a", "b".repeat(4096), "a.example"), TooLarge),
        (Cookie::new("a", "b", ""), NoHost),
        (Cookie::new("a", "b", "a.example/x"), NoHost),
        (Cookie::new("a", "b", "u@a.example"), NoHost),
        (Cookie::new("__Host-a", "b", "a.example"), Prefix),
    ];
    for (cookie, expected) in table {
        assert_eq!(jar.insert_at(cookie.clone(), now), Err(expected), "{cookie:?}");
    }
}

/// RFC 6265bis §5.1.3, word for word.
fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain || host.ends_with(&format!(".{domain}"))
}

proptest! {
    /// For any fields, a cookie is sent only where its domain, path and `Secure` allow it, and the header is one line.
    #[test]
    fn a_cookie_is_sent_only_where_it_belongs(fields in proptest::collection::vec((any_url(), any_field()), 0..20), to in any_url()) {
        let jar = CookieJar::new();
        for (from, field) in &fields {
            let before = jar.len();
            if jar.store_at(from, field, at(0)).is_err() {
                prop_assert_eq!(jar.len(), before);
            }
        }
        let host = to.host().unwrap().trim_end_matches('.');
        let cookies = jar.cookies_at(at(0));
        prop_assert_eq!(cookies.len(), jar.len());
        let mut expected: Vec<_> = cookies.iter().filter(|cookie| {
            let domain_ok = if cookie.is_host_only() { host == cookie.domain() } else { domain_matches(host, cookie.domain()) };
            let path_ok = to.path().strip_prefix(cookie.path())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie.path().ends_with('/'));
            domain_ok && path_ok && (!cookie.is_secure() || to.scheme() == "https")
        }).collect();
        expected.sort_by_key(|cookie| std::cmp::Reverse(cookie.path().len()));
        let pair = |cookie: &&Cookie| match cookie.name() {
            "" => cookie.value().to_owned(),
            name => format!("{name}={}", cookie.value()),
        };
        let expected: Vec<_> = expected.iter().map(pair).collect();
        let header = jar.header_at(&to, at(0));
        prop_assert_eq!(header.clone().unwrap_or_default(), expected.join("; "));
        prop_assert!(!header.unwrap_or_default().bytes().any(|byte| byte < 0x20 && byte != b'\t' || byte == 0x7f));
    }
}

/// `remove` takes any form of the domain.
#[test]
fn removing_by_any_form_of_the_domain() {
    for (made, removed) in [
        ("a.example", "a.example"),
        (".A.Example.", "a.example"),
        ("a.example", ".A.EXAMPLE."),
        ("bücher.example", "xn--bcher-kva.example"),
    ] {
        let jar = CookieJar::new();
        jar.insert_at(Cookie::new("a", "b", made), at(0)).unwrap();
        assert!(!jar.remove(&Cookie::new("a", "b", removed).with_subdomains()));
        assert!(!jar.remove(&Cookie::new("a", "b", removed).with_path("/x")));
        assert!(jar.remove(&Cookie::new("a", "b", removed).with_path("no path")), "{made} {removed}");
        assert!(jar.is_empty());
    }
    // A server can set a path that is longer than the one that a program may give.
    let jar = CookieJar::new();
    set(&jar, &format!("http://a.example/{}/", "x".repeat(2000)), "a=b").unwrap();
    assert!(jar.remove(&find(&jar, "a").unwrap()));
}

/// A host that can have no subdomains is alone, however its cookie comes into the jar.
#[test]
fn hosts_without_subdomains() {
    for host in ["localhost", "127.0.0.1", "[::1]", "co.uk", "github.io"] {
        let cookie = || Cookie::new("a", "b", host).with_subdomains();
        let (made, loaded, received) = (CookieJar::new(), CookieJar::new(), CookieJar::new());
        made.insert_at(cookie(), at(0)).unwrap();
        let line = format!("{host}\tTRUE\t/\tFALSE\t0\ta\tb\n");
        assert_eq!(loaded.load_at(line.as_bytes(), at(0)).unwrap(), 1);
        set(&received, &format!("http://{host}/"), &format!("a=b; Domain={host}")).unwrap();
        for jar in [made, loaded, received] {
            assert!(find(&jar, "a").unwrap().is_host_only(), "{host}");
            assert_eq!(header(&jar, &format!("http://{host}/")), "a=b");
            assert!(jar.remove(&cookie()), "{host}");
        }
    }
}
