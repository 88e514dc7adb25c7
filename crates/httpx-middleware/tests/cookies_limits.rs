//! The limits of the jar and of the `Cookie` header.
#![cfg(feature = "cookies")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

#[path = "support/cookies.rs"]
mod cookies;

use cookies::*;
use httpx_middleware::CookieJar;

#[test]
fn the_number_of_cookies_is_bounded() {
    let jar = CookieJar::new();
    let from = "https://www.example.com/";
    // One domain: cookies without Secure go first, then those that have not been used for the longest time.
    for n in 0..50 {
        set(&jar, from, &format!("n{n}=; Path=/{n}{}", if n == 7 { "" } else { "; Secure" })).unwrap();
    }
    header(&jar, "https://www.example.com/0");
    for (name, gone) in [("x", "n7"), ("y", "n1"), ("z", "n2")] {
        set(&jar, from, &format!("{name}=; Secure")).unwrap();
        assert_eq!(jar.len(), 50);
        assert!(find(&jar, name).is_some() && find(&jar, gone).is_none(), "{name} {gone}");
    }
    assert!(find(&jar, "n0").is_some());
    // All below one registrable domain.
    for n in 0..400 {
        set(&jar, &format!("https://{}.example.com/", n % 40), &format!("n{n}=")).unwrap();
    }
    assert_eq!(jar.len(), 180);
    // The whole jar: the cookie that was used last stays.
    for n in 0..4000 {
        set(&jar, &format!("http://{}.com/", n / 40), &format!("n{n}=")).unwrap();
        if n % 100 == 0 {
            header(&jar, "https://www.example.com/0");
        }
    }
    assert_eq!(jar.len(), 3000);
    assert_eq!(jar.cookies_at(at(0)).len(), 3000);
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
    jar.store_at(&url("http://new.com/"), b"a=b", at(10)).unwrap();
    assert_eq!(jar.cookies_at(at(10)).len(), 1501, "no cookie goes that has not expired");
    assert!(jar.len() <= 3000);
}

/// Servers refuse longer header lines (Apache: 8,190 bytes), and would refuse every later request.
#[test]
fn the_header_is_bounded() {
    let jar = CookieJar::new();
    let large = "v".repeat(4000);
    for n in 0..50 {
        set(&jar, "https://www.example.com/", &format!("p{n}={large}; Domain=example.com; Path=/a/b"))
            .unwrap();
    }
    for n in 0..5 {
        set(&jar, "https://www.example.com/", &format!("h{n}={large}; Path=/")).unwrap();
    }
    set(&jar, "https://www.example.com/", "sid=1; Path=/").unwrap();
    // The cookies of the host itself, though the others have longer paths, and a small one after large ones.
    let header = header(&jar, "https://www.example.com/a/b");
    let names: Vec<_> = header.split("; ").map(|pair| pair.split('=').next().unwrap()).collect();
    assert_eq!(names, ["h0", "h1", "sid"]);
    assert!("Cookie: ".len() + header.len() <= 8190);
}

#[test]
fn a_header_of_exactly_the_limit_is_whole() {
    const VALUE: usize = 8190 - "Cookie: ".len();
    for (extra, expected) in [(0, "a b c"), (1, "a b")] {
        let jar = CookieJar::new();
        let last = VALUE - 2 * (4002 + "; ".len()) - "c=".len() + extra;
        for (name, length) in [("a", 4000), ("b", 4000), ("c", last)] {
            set(&jar, "http://h.example/", &format!("{name}={}", "v".repeat(length))).unwrap();
        }
        let header = header(&jar, "http://h.example/");
        let names: Vec<_> = header.split("; ").filter_map(|pair| pair.split('=').next()).collect();
        assert_eq!(names.join(" "), expected);
    }
}

/// A full jar evicts the cookie that has not been used for the longest time, of any site.
#[test]
fn a_full_jar_evicts_in_order_of_use() {
    let jar = CookieJar::new();
    for n in 0..3000 {
        set(&jar, &format!("http://h{n}.example/"), "a=b").unwrap();
    }
    // The first ten are used again, so that the next ones are the oldest.
    for n in 0..10 {
        assert_eq!(header(&jar, &format!("http://h{n}.example/")), "a=b");
    }
    for n in 0..100 {
        set(&jar, &format!("http://new{n}.example/"), "a=b").unwrap();
    }
    let kept = |n: usize| jar.cookies_at(at(0)).iter().any(|it| it.domain() == format!("h{n}.example"));
    assert_eq!(jar.len(), 3000);
    assert!((0..10).all(kept) && !kept(10) && !kept(109) && kept(110));
}
