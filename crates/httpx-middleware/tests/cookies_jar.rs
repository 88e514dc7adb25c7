//! The jar as a whole: who may set what, bounds, time, files, and what holds for any bytes.
#![cfg(feature = "cookies")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use httpx_middleware::{Cookie, CookieError, CookieJar, SameSite, SessionCookies};
use proptest::prelude::*;
use std::time::{Duration, SystemTime};
use url::Url;

const DAY: u64 = 24 * 60 * 60;

/// So many seconds after 2026-01-01.
fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + seconds)
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn set(jar: &CookieJar, from: &str, field: &str) -> Result<(), CookieError> {
    jar.store(&url(from), field.as_bytes(), at(0))
}

fn header(jar: &CookieJar, to: &str) -> String {
    jar.header(&url(to), at(0)).unwrap_or_default()
}

#[test]
fn is_shared_and_says_little() {
    fn is_shareable<T: Send + Sync + Clone + 'static>(_: &T) {}
    let jar = CookieJar::new();
    is_shareable(&jar);
    assert!(jar.is_empty());
    let other = jar.clone();
    set(&other, "http://a.example/", "sid=secret").unwrap();
    assert_eq!((jar.len(), format!("{jar:?}").as_str()), (1, "<CookieJar [1 cookie]>"));
    assert_eq!(format!("{:?}", jar.cookies(at(0))), "[<Cookie sid for a.example/>]");
    jar.clear();
    assert!(other.is_empty());
}

#[test]
fn who_may_set_what() {
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
    assert_eq!(jar.store(&url("http://a.example/"), b"a=\xff", at(0)), Err(NotUtf8));
    assert_eq!(jar.store(&url("http://a.example/"), b"a=b; Path=/\xff", at(0)), Ok(()));
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
fn long_attributes_are_as_if_absent() {
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

/// RFC 6265bis 5.7, step 15, and its note.
#[test]
fn insecure_origins_hide_no_secure_cookie() {
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
    // A sibling's host-only cookie is not in the way.
    let jar = CookieJar::new();
    set(&jar, "https://www.example.com/", "a=1; Secure").unwrap();
    assert_eq!(set(&jar, "http://x.example.com/", "a=2"), Ok(()));
    assert_eq!(set(&jar, "http://example.com/", "a=2; Domain=example.com"), Err(CookieError::HidesSecure));
}

#[test]
fn cookies_end() {
    let (jar, a) = (CookieJar::new(), url("http://a.example/"));
    jar.store(&a, b"short=1; Max-Age=60", at(0)).unwrap();
    jar.store(&a, b"date=1; Expires=Thu, 01 Jan 2026 00:02:00 GMT", at(0)).unwrap();
    jar.store(&a, b"session=1", at(0)).unwrap();
    jar.store(&a, b"long=1; Expires=Thu, 31 Dec 9999 23:59:59 GMT", at(0)).unwrap();
    jar.store(&a, b"longer=1; Max-Age=99999999999999999999", at(0)).unwrap();
    #[rustfmt::skip]
    let table = [
        (59,             "short=1; date=1; session=1; long=1; longer=1", 5),
        (60,             "date=1; session=1; long=1; longer=1", 4),
        (120,            "session=1; long=1; longer=1", 3),
        (400 * DAY - 1,  "session=1; long=1; longer=1", 3),
        (400 * DAY,      "session=1", 1),
    ];
    for (seconds, expected, len) in table {
        assert_eq!(jar.header(&a, at(seconds)).as_deref(), Some(expected), "{seconds}");
        assert_eq!((jar.cookies(at(seconds)).len(), jar.len()), (len, len));
    }
    jar.clear_session();
    assert!(jar.is_empty());
}

#[test]
fn bounds() {
    let jar = CookieJar::new();
    let from = "https://www.example.com/";
    // One domain: those without Secure go first, then the one that was not used for longest.
    for n in 0..50 {
        set(&jar, from, &format!("n{n}=; Path=/{n}{}", if n == 7 { "" } else { "; Secure" })).unwrap();
    }
    header(&jar, "https://www.example.com/0");
    for (name, gone) in [("x", "n7"), ("y", "n1"), ("z", "n2")] {
        set(&jar, from, &format!("{name}=; Secure")).unwrap();
        assert_eq!(jar.len(), 50);
        assert!(jar.get(name, at(0)).is_some() && jar.get(gone, at(0)).is_none(), "{name} {gone}");
    }
    assert!(jar.get("n0", at(0)).is_some());
    // All below one registrable domain.
    for n in 0..400 {
        set(&jar, &format!("https://{}.example.com/", n % 40), &format!("n{n}=")).unwrap();
    }
    assert_eq!(jar.len(), 180);
    // The whole jar: what was used last stays.
    for n in 0..4000 {
        set(&jar, &format!("http://{}.com/", n / 40), &format!("n{n}=")).unwrap();
        if n % 100 == 0 {
            header(&jar, "https://www.example.com/0");
        }
    }
    assert_eq!(jar.len(), 3000);
    assert_eq!(jar.cookies(at(0)).len(), 3000);
    assert_ne!(header(&jar, "https://www.example.com/0"), "");
    assert_eq!(header(&jar, "http://0.com/"), "");
}

#[test]
fn expired_cookies_make_room_first() {
    let jar = CookieJar::new();
    for n in 0..3000 {
        let life = if n % 2 == 0 { "; Max-Age=10" } else { "" };
        set(&jar, &format!("http://{}.com/", n / 40), &format!("n{n}={life}")).unwrap();
    }
    jar.store(&url("http://new.com/"), b"a=b", at(10)).unwrap();
    assert_eq!(jar.len(), 1501);
}

#[test]
fn cookies_by_hand() {
    let (jar, now) = (CookieJar::new(), at(0));
    let cookie = || Cookie::new("sid", "1", "WWW.Example.com.");
    jar.insert(cookie().with_path("/app").with_secure(), now).unwrap();
    jar.insert(Cookie::new("lang", "en", ".example.com").with_subdomains().with_expires(at(500 * DAY)), now)
        .unwrap();
    assert_eq!(header(&jar, "https://www.example.com/app/x"), "sid=1; lang=en");
    assert_eq!(header(&jar, "http://www.example.com/app/x"), "lang=en");
    let lang = jar.get("lang", now).unwrap();
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
        (Cookie::new("a", "b", "co.uk").with_subdomains(), PublicSuffix),
        (Cookie::new("__Host-a", "b", "a.example"), Prefix),
    ];
    for (cookie, expected) in table {
        assert_eq!(jar.insert(cookie.clone(), now), Err(expected), "{cookie:?}");
    }
}

#[test]
fn files() {
    let (jar, from) = (CookieJar::new(), "https://www.example.com/app/");
    set(&jar, from, "sid=a\tb=c; HttpOnly; Secure; Max-Age=60").unwrap();
    set(&jar, from, "lang=; Domain=example.com; Path=/; Max-Age=60; SameSite=Lax").unwrap();
    set(&jar, from, "nameless; Path=/").unwrap();
    set(&jar, from, "a\tb=c").unwrap();
    assert_eq!(jar.get("lang", at(0)).unwrap().same_site(), Some(SameSite::Lax));

    let saved = |sessions| {
        let mut file = Vec::new();
        jar.save(&mut file, sessions, at(0)).unwrap();
        String::from_utf8(file).unwrap()
    };
    let persistent = "# Netscape HTTP Cookie File\n\
        #HttpOnly_www.example.com\tFALSE\t/app\tTRUE\t1767225660\tsid\ta\tb=c\n\
        .example.com\tTRUE\t/\tFALSE\t1767225660\tlang\t\n";
    let session = "www.example.com\tFALSE\t/\tFALSE\t0\t\tnameless\n";
    assert_eq!(saved(SessionCookies::Skip), persistent);
    assert_eq!(saved(SessionCookies::Include), format!("{persistent}{session}"));

    let other = CookieJar::new();
    assert_eq!(other.load(saved(SessionCookies::Include).as_bytes(), at(0)).unwrap(), 3);
    assert_eq!(header(&other, from), "sid=a\tb=c; lang=; nameless");
    assert!(other.get("sid", at(0)).unwrap().is_http_only());
    assert_eq!(other.load(saved(SessionCookies::Include).as_bytes(), at(60)).unwrap(), 1);
}

#[test]
fn files_of_others() {
    let file = "# comment\r\n\r\nrubbish\n\
        .example.com\tTRUE\t/\tFALSE\t0\tcrlf\tvalue\r\n\
        example.com\tFALSE\t/\tFALSE\t0\tno_value\n\
        .co.uk\tTRUE\t/\tFALSE\t0\tsuffix\tx\n\
        example.com\tFALSE\t/\tFALSE\t-1\tsession\tx\n\
        example.com\tFALSE\t/\tFALSE\t1\tover\tx\n\
        example.com\tFALSE\t/\tFALSE\t99999999999999\tlong\tx";
    let jar = CookieJar::new();
    assert_eq!(jar.load(file.as_bytes(), at(0)).unwrap(), 4);
    assert_eq!(header(&jar, "http://example.com/"), "crlf=value; no_value=; session=x; long=x");
    // A line without end is cut, not kept.
    let endless = std::io::Read::take(std::io::repeat(b'x'), 1 << 20);
    assert_eq!(jar.load(std::io::BufReader::new(endless), at(0)).unwrap(), 0);
}

fn any_field() -> impl Strategy<Value = Vec<u8>> {
    let likely = "[a-c]{0,2}=?[a-z=\" ]{0,4}(; ?(domain|path|max-age|expires|secure|httponly|samesite|x)(=[a-z0-9./ -]{0,8})?){0,4}";
    let hosts = "[ab]=[ab](; ?domain=\\.?((a|b)\\.)?(x|y)\\.(com|co\\.uk|github\\.io))?(; ?path=/[ab]?/?)?(; secure)?";
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        likely.prop_map(String::into_bytes),
        hosts.prop_map(String::into_bytes)
    ]
}

fn any_url() -> impl Strategy<Value = Url> {
    "https?://((a|b)\\.){0,2}(x|y)\\.(com|co\\.uk|github\\.io)\\.?/[ab]?/?"
        .prop_map(|text| Url::parse(&text).unwrap())
}

/// RFC 6265bis 5.1.3 as it is written, on its own.
fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain || host.ends_with(&format!(".{domain}"))
}

proptest! {
    /// Whatever servers send, a cookie goes only where its domain, path and `Secure` let it, and the header is one
    /// line.
    #[test]
    fn goes_only_where_it_may(fields in proptest::collection::vec((any_url(), any_field()), 0..20), to in any_url()) {
        let jar = CookieJar::new();
        for (from, field) in &fields {
            let before = jar.len();
            if jar.store(from, field, at(0)).is_err() {
                prop_assert_eq!(jar.len(), before);
            }
        }
        let host = to.host_str().unwrap().trim_end_matches('.');
        let cookies = jar.cookies(at(0));
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
        let header = jar.header(&to, at(0));
        prop_assert_eq!(header.clone().unwrap_or_default(), expected.join("; "));
        prop_assert!(!header.unwrap_or_default().bytes().any(|byte| byte < 0x20 && byte != b'\t' || byte == 0x7f));
    }

    /// A file brings back what was written.
    #[test]
    fn files_bring_back(fields in proptest::collection::vec((any_url(), any_field()), 0..20), to in any_url()) {
        let jar = CookieJar::new();
        for (from, field) in &fields {
            let _ = jar.store(from, field, at(0));
        }
        let mut file = Vec::new();
        jar.save(&mut file, SessionCookies::Include, at(0)).unwrap();
        let other = CookieJar::new();
        let taken = other.load(&file[..], at(0)).unwrap();
        prop_assert_eq!(taken, other.len());
        if jar.cookies(at(0)).iter().all(|it| !it.name().contains('\t') && !it.path().contains('\t')) {
            prop_assert_eq!(other.len(), jar.len());
            prop_assert_eq!(other.header(&to, at(0)), jar.header(&to, at(0)));
        }
    }

    #[test]
    fn loading_never_panics(file: Vec<u8>) {
        CookieJar::new().load(&file[..], at(0)).unwrap();
    }
}
