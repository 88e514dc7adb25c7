//! After any `Set-Cookie` lines, the jar stays within its limits, sends a cookie only to hosts that may have it, as
//! visible text, and loads the file that it saves.

#![no_main]

use std::time::{Duration, SystemTime};

use httpx_core::Url;
use httpx_middleware::{CookieJar, SessionCookies};
use libfuzzer_sys::fuzz_target;

// The first line is the URL of the response, the others are its `Set-Cookie` lines.
fuzz_target!(|data: &[u8]| {
    let mut lines = data.split(|&byte| byte == b'\n');
    let Ok(text) = std::str::from_utf8(lines.next().unwrap_or_default()) else { return };
    let Ok(url) = Url::parse(text) else { return };
    if !matches!(url.scheme(), "http" | "https") {
        return; // only http and https URLs set cookies
    }
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let jar = CookieJar::new();
    for line in lines {
        let before = jar.len();
        match jar.store_at(&url, line, now) {
            Ok(()) => assert!(jar.len() <= before + 1),
            Err(_) => assert!(jar.len() <= before),
        }
    }
    for cookie in jar.cookies_at(now) {
        let host = url.host().unwrap_or_default();
        let host = host.strip_suffix('.').unwrap_or(host);
        let below =
            host.strip_suffix(cookie.domain()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        assert!(below, "{host} set a cookie for {}", cookie.domain());
        let loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.");
        assert!(!cookie.is_secure() || url.scheme() == "https" || loopback, "{cookie:?}");
    }
    if let Some(header) = jar.header_at(&url, now) {
        assert!(!header.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t'), "{header:?}");
    }
    let elsewhere = Url::parse("http://nobody.invalid/").expect("a URL");
    assert_eq!(jar.header_at(&elsewhere, now).filter(|_| url.host() != elsewhere.host()), None);

    let (mut saved, mut again) = (Vec::new(), Vec::new());
    jar.save_at(&mut saved, SessionCookies::Include, now).expect("memory");
    let other = CookieJar::new();
    other.load_at(&*saved, now).expect("memory");
    other.save_at(&mut again, SessionCookies::Include, now).expect("memory");
    assert_eq!(String::from_utf8_lossy(&saved), String::from_utf8_lossy(&again));
});
