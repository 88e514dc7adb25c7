//! Cookies for other hosts, and too many of them.

use std::time::Instant;

use httpx::Url;
use httpx::cookies::{Cookie, CookieJar};

use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{AGES, printable};

both_flavours!(cookies_for_other_hosts, a_flood_of_cookies,);

fn cookies_for_other_hosts<F: Flavour>() {
    let jar = CookieJar::new();
    let client = F::with(|client| client.cookie_jar(jar.clone()));
    for attributes in [
        "Domain=localhost",
        "Domain=0.0.1",
        "Domain=.0.0.1",
        "Domain=1",
        "Domain=com",
        "Domain=.",
        "Domain=..",
        "Domain=127.0.0.1.",
        "Domain=127.0.0.1:80",
        "Domain=*",
        "Domain=[::1]",
        "Domain=\u{ff11}27.0.0.1",
        "Domain=127.0.0.1; Domain=localhost",
        "Domain=localhost; Domain=",
        "Path=/; Domain=\"localhost\"",
        "Domain=%6cocalhost",
        "Path=../",
        "SameSite=None",
        "Expires=never; Max-Age=-0",
        "Max-Age=99999999999999999999",
        "Max-Age=-99999999999999999999",
        "Expires=Fri, 31 Dec 9999999 23:59:59 GMT",
        "Domain=;Path=;Expires=;Max-Age=",
    ] {
        jar.clear();
        let server =
            Server::new(move |_| Reply::full("200 OK", &format!("Set-Cookie: a=evil; {attributes}\r\n"), ""));
        F::send(client.get(&server.url("/"))).unwrap();
        server.take();
        F::send(client.get(&server.url_on("localhost", "/"))).unwrap();
        assert!(!server.take_one().text().contains("evil"), "{attributes}");
    }
    // Suffixes, and hosts that look like others.
    for (from, attributes, to) in [
        ("http://a.co.uk/", "Domain=co.uk", "http://b.co.uk/"),
        ("http://a.co.uk./", "Domain=co.uk", "http://b.co.uk./"),
        ("http://a.co.uk/", "Domain=co.uk.", "http://b.co.uk/"),
        ("http://a.github.io/", "Domain=.GitHub.IO", "http://b.github.io/"),
        ("http://github.io/", "Domain=github.io", "http://b.github.io/"),
        ("http://a.com/", "Domain=com", "http://b.com/"),
        ("http://com/", "Domain=com", "http://b.com/"),
        ("http://evil.example/", "Domain=good.example", "http://good.example/"),
        ("http://evilgood.example/", "Domain=good.example", "http://good.example/"),
        ("http://good.example.evil.example/", "Domain=good.example", "http://good.example/"),
        ("http://b\u{fc}cher.example/", "Domain=b\u{fc}cher.example", "http://bucher.example/"),
        ("http://10.0.0.1/", "Domain=0.0.1", "http://9.0.0.1/"),
        ("http://[::1]/", "Domain=::1]", "http://[2::1]/"),
        ("http://good.example/", "Secure", "http://good.example/"),
        ("https://good.example/", "Secure", "http://good.example/"),
        ("http://good.example/", "", "http://good.example.evil/"),
        ("http://good.example/", "", "http://evil/?good.example"),
        ("http://good.example/", "", "http://good.example@evil/"),
        ("http://good.example/a/b", "", "http://good.example/ab/"),
        ("http://good.example/", "", "http://a.good.example/"),
    ] {
        let jar = CookieJar::new();
        let url = |text| Url::parse(text).unwrap();
        let _ = jar.store(&url(from), format!("a=evil; {attributes}"));
        assert_eq!(jar.header(&url(to)), None, "{from} {attributes} {to}");
    }
    // By hand.
    let jar = CookieJar::new();
    for (name, value, domain) in [
        ("a\r\nEvil", "1", "good.example"),
        ("a", "1\r\nEvil: 1", "good.example"),
        ("a", "1\0", "good.example"),
        ("a", "1; b=2", "good.example"),
        ("a;b", "1", "good.example"),
        ("a=b", "1", "good.example"),
        ("", "", "good.example"),
        ("a", "1", ""),
        ("a", "1", "good.example/evil"),
        ("a", "1", "a@good.example"),
        ("a", "1", "good.example:80"),
        ("a", "1", "good example"),
        ("a", "1", "good\r\nexample"),
        ("__Host-a", "1", "good.example"),
    ] {
        let cookie = Cookie::new(name, value, domain);
        let shown = format!("{cookie:?}");
        assert!(jar.insert(cookie).is_err(), "{shown}");
        assert!(printable(&shown), "{shown:?}");
    }
    assert!(jar.is_empty());
}

fn a_flood_of_cookies<F: Flavour>() {
    let jar = CookieJar::new();
    let client = F::with(|client| client.cookie_jar(jar.clone()));
    let server = Server::new(|seen| {
        let n: usize = seen.target()[1..].parse().unwrap();
        let size = if n.is_multiple_of(2) { 200 } else { 1 };
        let lines: String = (0..240)
            .map(|at| format!("Set-Cookie: c{n}-{at}={}; Path=/{}\r\n", "x".repeat(size), at % 7))
            .collect();
        Reply::full("200 OK", &lines, "")
    });
    let began = Instant::now();
    for n in 0..20 {
        F::send(client.get(&server.url(&format!("/{n}")))).unwrap();
        assert!(jar.len() <= 50, "{}", jar.len());
    }
    assert!(began.elapsed() < AGES);
    assert!(server.take().iter().all(|seen| seen.bytes.len() < 9000));
}
