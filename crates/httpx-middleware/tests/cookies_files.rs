//! The jar and its files: `cookies.txt`.
#![cfg(feature = "cookies")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

#[path = "support/cookies.rs"]
mod cookies;

use cookies::*;
use httpx_middleware::{Cookie, CookieJar, SameSite, SessionCookies};
use proptest::prelude::*;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

#[test]
fn saving_and_loading() {
    let (jar, from) = (CookieJar::new(), "https://www.example.com/app/");
    set(&jar, from, "sid=a\tb=c; HttpOnly; Secure; Max-Age=60").unwrap();
    set(&jar, from, "lang=; Domain=example.com; Path=/; Max-Age=60; SameSite=Lax").unwrap();
    set(&jar, from, "nameless; Path=/").unwrap();
    set(&jar, from, "a\tb=c").unwrap();
    assert_eq!(find(&jar, "lang").unwrap().same_site(), Some(SameSite::Lax));

    let saved = |sessions| {
        let mut file = Vec::new();
        jar.save_at(&mut file, sessions, at(0)).unwrap();
        String::from_utf8(file).unwrap()
    };
    let persistent = "# Netscape HTTP Cookie File\n\
        #HttpOnly_www.example.com\tFALSE\t/app\tTRUE\t1767225660\tsid\ta\tb=c\n\
        # SameSite=Lax\n\
        .example.com\tTRUE\t/\tFALSE\t1767225660\tlang\t\n";
    let session = "www.example.com\tFALSE\t/\tFALSE\t0\t\tnameless\n";
    assert_eq!(saved(SessionCookies::Skip), persistent);
    assert_eq!(saved(SessionCookies::Include), format!("{persistent}{session}"));

    let other = CookieJar::new();
    assert_eq!(other.load_at(saved(SessionCookies::Include).as_bytes(), at(0)).unwrap(), 3);
    assert_eq!(header(&other, from), "sid=a\tb=c; lang=; nameless");
    assert!(find(&other, "sid").unwrap().is_http_only());
    assert_eq!(find(&other, "lang").unwrap().same_site(), Some(SameSite::Lax));
    assert_eq!(other.load_at(saved(SessionCookies::Include).as_bytes(), at(60)).unwrap(), 1);
}

#[test]
fn files_of_other_programs() {
    let file = "# comment\r\n\r\nrubbish\n\
        .example.com\tTRUE\t/\tFALSE\t0\tcrlf\tvalue\r\n\
        example.com\tFALSE\t/\tFALSE\t0\tno_value\n\
        .co.uk\tTRUE\t/\tFALSE\t0\tsuffix\tx\n\
        example.com\tFALSE\t/\tFALSE\t-1\tsession\tx\n\
        example.com\tFALSE\t/\tFALSE\t1\tover\tx\n\
        example.com\tFALSE\t/\tFALSE\t99999999999999\tlong\tx";
    let jar = CookieJar::new();
    assert_eq!(jar.load_at(file.as_bytes(), at(0)).unwrap(), 5);
    assert_eq!(header(&jar, "http://example.com/"), "crlf=value; no_value=; session=x; long=x");
}

#[test]
fn long_lines_are_no_cookies() {
    const COOKIE: &str = "h.example\tFALSE\t/\tFALSE\t0\tinjected\tyes\n";
    for length in [8191, 8192, 8193, 2 * 8192, 100_000] {
        let file = format!("{}{COOKIE}h.example\tFALSE\t/\tFALSE\t0\tnext\tx\n", "#".repeat(length));
        let jar = CookieJar::new();
        assert_eq!(jar.load_at(file.as_bytes(), at(0)).unwrap(), 1, "{length}");
        assert_eq!(header(&jar, "http://h.example/"), "next=x");
    }
    let endless = std::io::Read::take(std::io::repeat(b'x'), 1 << 20);
    assert_eq!(CookieJar::new().load_at(std::io::BufReader::new(endless), at(0)).unwrap(), 0);
}

#[test]
fn expiries() {
    #[rustfmt::skip]
    let table = [
        // Of the session.
        ("", Some(None)), ("0", Some(None)), ("0.0", Some(None)), ("-1", Some(None)), ("-1.5", Some(None)),
        // In the past.
        ("1", None), ("946684800", None), ("946684800.5", None),
        // In the future, with and without a fraction, and bounded to 400 days.
        ("1767225660", Some(Some(at(60)))), ("1767225660.999", Some(Some(at(60)))),
        ("99999999999999", Some(Some(at(400 * DAY)))), ("18446744073709551615", Some(Some(at(400 * DAY)))),
        ("99999999999999999999999999", Some(Some(at(400 * DAY)))),
        // No cookie.
        ("soon", None), ("1e9", None), ("+1767225660", None), ("1767225660,5", None), ("1.2.3", None),
    ];
    for (field, expected) in table {
        let jar = CookieJar::new();
        let line = format!("h.example\tFALSE\t/\tFALSE\t{field}\ta\tb");
        jar.load_at(line.as_bytes(), at(0)).unwrap();
        assert_eq!(find(&jar, "a").map(|cookie| cookie.expires()), expected, "{field}");
    }
}

#[test]
fn same_site_belongs_to_the_next_line() {
    let line = |name: &str| format!("h.example\tFALSE\t/\tTRUE\t0\t{name}\tx\n");
    let file = [
        "# SameSite=Strict\n",
        &line("strict"),
        &line("plain"),
        "# SameSite=none\r\n",
        &format!("#HttpOnly_{}", line("none")),
        "# SameSite=Lax\n# comment\n",
        &line("apart"),
        "# SameSite=Odd\n",
        &line("odd"),
    ];
    let jar = CookieJar::new();
    assert_eq!(jar.load_at(file.concat().as_bytes(), at(0)).unwrap(), 5);
    let same_sites: Vec<_> = jar.cookies_at(at(0)).iter().map(Cookie::same_site).collect();
    assert_eq!(same_sites, [Some(SameSite::Strict), None, Some(SameSite::None), None, None]);
}

/// A directory of one test, which removes it at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Directory {
        let path = std::env::temp_dir().join(format!("httpx-cookies-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Directory(path)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_file_is_replaced_in_one_step() {
    let directory = Directory::new("replaced");
    let path = directory.0.join("cookies.txt");
    let (jar, other) = (CookieJar::new(), CookieJar::new());
    assert_eq!(jar.load_file(&path).unwrap_err().kind(), ErrorKind::NotFound);
    for value in ["1", "2"] {
        jar.store(&url("http://a.example/"), format!("a={value}")).unwrap();
        jar.save_file(&path, SessionCookies::Include).unwrap();
        assert_eq!(other.load_file(&path).unwrap(), 1);
        assert_eq!(other.header(&url("http://a.example/")).unwrap(), format!("a={value}"));
    }
    assert_eq!(directory.names(), ["cookies.txt"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_file_that_cannot_be_replaced_leaves_no_other_file() {
    let directory = Directory::new("kept");
    let path = directory.0.join("cookies.txt");
    fs::create_dir(&path).unwrap(); // a directory cannot be replaced by a file
    fs::write(path.join("x"), "").unwrap();
    CookieJar::new().save_file(&path, SessionCookies::Skip).unwrap_err();
    assert_eq!(directory.names(), ["cookies.txt"]);
    CookieJar::new().save_file("/", SessionCookies::Skip).unwrap_err();
}

proptest! {
    /// Loading a file gives the cookies that were saved.
    #[test]
    fn loading_gives_the_saved_cookies(fields in proptest::collection::vec((any_url(), any_field()), 0..20), to in any_url()) {
        let jar = CookieJar::new();
        for (from, field) in &fields {
            let _ = jar.store_at(from, field, at(0));
        }
        let mut file = Vec::new();
        jar.save_at(&mut file, SessionCookies::Include, at(0)).unwrap();
        let other = CookieJar::new();
        let taken = other.load_at(&file[..], at(0)).unwrap();
        prop_assert_eq!(taken, other.len());
        if jar.cookies_at(at(0)).iter().all(|it| !it.name().contains('\t') && !it.path().contains('\t')) {
            prop_assert_eq!(other.len(), jar.len());
            prop_assert_eq!(other.cookies_at(at(0)), jar.cookies_at(at(0)));
            prop_assert_eq!(other.header_at(&to, at(0)), jar.header_at(&to, at(0)));
        }
    }

    #[test]
    fn loading_never_panics(file: Vec<u8>) {
        CookieJar::new().load_at(&file[..], at(0)).unwrap();
    }
}
