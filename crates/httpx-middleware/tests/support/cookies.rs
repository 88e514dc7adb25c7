//! Short forms for tests of the cookie jar, at a fixed time.
#![allow(dead_code, unreachable_pub, reason = "each test file has its own copy, and does not need all of it")]

use httpx_core::Url;
use httpx_middleware::{Cookie, CookieError, CookieJar};
use proptest::prelude::*;
use std::time::{Duration, SystemTime};

pub const DAY: u64 = 24 * 60 * 60;

/// The time this number of seconds after 2026-01-01.
pub fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + seconds)
}

pub fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

pub fn set(jar: &CookieJar, from: &str, field: &str) -> Result<(), CookieError> {
    jar.store_at(&url(from), field, at(0))
}

pub fn header(jar: &CookieJar, to: &str) -> String {
    jar.header_at(&url(to), at(0)).unwrap_or_default()
}

/// The oldest cookie of this name.
pub fn find(jar: &CookieJar, name: &str) -> Option<Cookie> {
    jar.cookies_at(at(0)).into_iter().find(|cookie| cookie.name() == name)
}

pub fn any_field() -> impl Strategy<Value = Vec<u8>> {
    let likely = "[a-c]{0,2}=?[a-z=\" ]{0,4}(; ?(domain|path|max-age|expires|secure|httponly|samesite|x)(=[a-z0-9./ -]{0,8})?){0,4}";
    let hosts = "[ab]=[ab](; ?domain=\\.?((a|b)\\.)?(x|y)\\.(com|co\\.uk|github\\.io))?(; ?path=/[ab]?/?)?(; secure)?";
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        likely.prop_map(String::into_bytes),
        hosts.prop_map(String::into_bytes)
    ]
}

pub fn any_url() -> impl Strategy<Value = Url> {
    "https?://((a|b)\\.){0,2}(x|y)\\.(com|co\\.uk|github\\.io)\\.?/[ab]?/?"
        .prop_map(|text| Url::parse(&text).unwrap())
}
