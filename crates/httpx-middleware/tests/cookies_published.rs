//! The published test cases for cookies (of the http-state working group, with the changes of RFC 6265bis): fields of a
//! server, and the `Cookie` header that the client sends back.
#![cfg(feature = "cookies")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use httpx_core::Url;
use httpx_middleware::CookieJar;
use std::time::{Duration, SystemTime};

/// The URL that the fields come from, and the one that most headers go to.
const FROM: &str = "http://home.example.org:8888/cookie-parser?case";
const TO: &str = "http://home.example.org:8888/cookie-parser-result?case";

/// 2026-01-01. The dates below are before or after it.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
}

fn answer(fields: &[&str], to: &str) -> String {
    let (jar, from) = (CookieJar::new(), Url::parse(FROM).unwrap());
    for field in fields {
        let _ = jar.store_at(&from, field, now());
    }
    jar.header_at(&from.join(to).unwrap(), now()).unwrap_or_default()
}

#[test]
fn names_values_and_attributes() {
    #[rustfmt::skip]
    let table: &[(&[&str], &str)] = &[
        (&["foo=bar"], "foo=bar"),
        (&["foo=bar; Expires=Fri, 07 Aug 2026 08:04:19 GMT"], "foo=bar"),
        (&["foo=bar; Expires=Fri, 07 Aug 2007 08:04:19 GMT", "foo2=bar2; Expires=Fri, 07 Aug 2027 08:04:19 GMT"], "foo2=bar2"),
        (&["foo=bar; max-age=10000;"], "foo=bar"),
        (&["foo=bar; max-age=0;"], ""),
        (&["foo=bar; version=1;"], "foo=bar"),
        (&["foo=bar; customvalue=\"1000 or more\";"], "foo=bar"),
        (&["foo=bar", "foo=qux"], "foo=qux"),
        (&["foo1=bar", "foo2=qux"], "foo1=bar; foo2=qux"),
        (&["z=y", "a=b"], "z=y; a=b"),
        (&["z=y, a=b"], "z=y, a=b"),
        (&["z=y; foo=bar, a=b"], "z=y"),
        (&["foo=b;max-age=3600, c=d;path=/"], "foo=b"),
        (&["a=b", "x=", "c=d"], "a=b; x=; c=d"),
        // Cookies without a name: RFC 6265bis keeps them, RFC 6265 did not.
        (&["foo"], "foo"),
        (&["a=b", "=", "c=d"], "a=b; c=d"),
        (&["a=b", "=x", "c=d"], "a=b; x; c=d"),
        (&["foo", ""], "foo"),
        (&["foo", "; bar"], "foo"),
        (&["foo", "   "], "foo"),
        (&["foo", "bar"], "bar"),
        (&["=a=bar"], "a=bar"),
        (&["===a=bar"], "==a=bar"),
        (&["foo;bar=baz"], "foo"),
        (&["\"BLA\\\"HHH\"; path=/;"], "\"BLA\\\"HHH\""),
        // Secure in all its forms, over http.
        (&["foo=bar; Secure"], ""),
        (&["foo=bar; seCURe"], ""),
        (&["foo=bar; \"Secure\""], "foo=bar"),
        (&["foo=bar; Secure="], ""),
        (&["foo=bar; Secure=aaaa"], ""),
        (&["foo=bar; Secure qux"], "foo=bar"),
        (&["foo=bar; Secure =aaaaa"], ""),
        (&["foo=bar; Secure;qux"], ""),
        (&["foo=bar; Secure    ; qux"], ""),
        (&["foo=bar;       Secure     ;"], ""),
        (&["foo=bar; qux=\"aaa;bbb\"; Secure"], ""),
        // Path
        (&["foo=bar; Path"], "foo=bar"),
        (&["foo=bar; Path="], "foo=bar"),
        (&["foo=bar; Path=/"], "foo=bar"),
        (&["foo=bar; Path=/qux"], ""),
        (&["foo=bar; Path    =/qux"], ""),
        (&["foo=bar; Path=    /qux"], ""),
        (&["foo=bar; Path=/qux      ; taz"], ""),
        (&["foo=bar; Path=/qux; Path=/"], "foo=bar"),
        (&["foo=bar; Path=/; Path=/qux"], ""),
        (&["foo=bar; path=/dog; path="], "foo=bar"),
        (&["foo=bar; path=; path=/dog"], ""),
        (&["foo=bar; Path=/cookie-PARSER-result"], ""),
        // Characters outside ASCII.
        (&["foo=\u{6625}\u{8282}\u{b7}"], "foo=\u{6625}\u{8282}\u{b7}"),
        (&["\u{6625}=\u{8282}; \u{5b8c}"], "\u{6625}=\u{8282}"),
        // Quotes are bytes like others.
        (&["aBc=\"zzz \"   ;"], "aBc=\"zzz \""),
        (&["aBc=\"zz;pp\" ; ;"], "aBc=\"zz"),
        (&["aBc=\"zzz \"   \"ppp\"  ;"], "aBc=\"zzz \"   \"ppp\""),
        (&["aBc=A\"B ;"], "aBc=A\"B"),
        (&["ABC=;  path = /"], "ABC="),
        (&["  A  = BC  ;foo;;;   bar"], "A=BC"),
        (&["  A=== BC  ;foo;;;   bar"], "A=== BC"),
        (&["foo=\"zohNumRKgI0oxyhSsV3Z7D\"  ; expires=Sun, 18-Apr-2027 21:06:29 GMT ; path=/  ;  "], "foo=\"zohNumRKgI0oxyhSsV3Z7D\""),
        (&["    "], ""),
        (&["foo=\"bar, baz=qux\""], "foo=\"bar, baz=qux\""),
        (&["foo=bar; b,az=qux"], "foo=bar"),
        (&["foo=bar; Max-Age=50,399"], "foo=bar"),
        (&["foo=bar; Expires=Fri 07 Aug 2026 08:04:19 GMT, baz=qux"], "foo=bar"),
        // Ages.
        (&["foo=bar; max-age=-1"], ""),
        (&["foo=bar; max-age=-20"], ""),
        (&["foo=bar; max-age=-"], "foo=bar"),
        (&["foo=bar; max-age="], "foo=bar"),
        (&["foo=bar; max-age=0x10"], "foo=bar"),
        (&["foo=bar; max-age=99999999999999999999999999"], "foo=bar"),
        (&["foo=bar; max-age=-99999999999999999999999999"], ""),
        (&["foo=bar; expires=Thu, 10 Apr 1980 16:33:12 GMT"], ""),
        (&["foo=bar; expires=Thu, 10 Apr 1980 16:33:12 GMT; max-age=60"], "foo=bar"),
        (&["foo=bar; max-age=0; expires=Thu, 10 Apr 2030 16:33:12 GMT"], ""),
        (&["foo=bar; expires=never; expires=Thu, 10 Apr 1980 16:33:12 GMT; expires=never"], ""),
        (&["foo=bar; max-age=60", "foo1=bar; max-age=60", "foo=other; max-age=0"], "foo1=bar"),
        (&["foo=bar; max-age=60", "foo1=bar; max-age=60", "foo=other; max-age=0", "foo2=bar; max-age=0"], "foo1=bar"),
        (&["test=\"fubar! = foo;bar\\\";\" parser; max-age=6", "five; max-age=2.63,"], "test=\"fubar! = foo; five"),
        (&["six", "seven", " =eight", "test=six"], "eight; test=six"),
        // Names.
        (&["$=bar"], "$=bar"), (&["!a=bar"], "!a=bar"), (&["@a=bar"], "@a=bar"), (&["(a=bar"], "(a=bar"),
        (&["a =bar"], "a=bar"), (&["\"a=b\"=bar", "\"a=qux"], "\"a=qux"), (&["foo bar=baz"], "foo bar=baz"),
        (&["$Version=1; foo=bar"], "$Version=1"), (&["foo=bar    ;"], "foo=bar"), (&["   foo=bar"], "foo=bar"),
        (&["foo\t=\tbar\t"], "foo=bar"), (&["foo=a\tb"], "foo=a\tb"),
        // Control characters anywhere: RFC 6265bis ignores the whole field.
        (&["AAA=BB\0ZYX"], ""), (&["AAA=BB\rZYX"], ""), (&["AAA=BB\nZYX"], ""), (&["A\x7fA=BB"], ""),
        (&["AAA=BB; path=/\x01"], ""),
        // SameSite
        (&["foo=bar; SameSite=Strict"], "foo=bar"), (&["foo=bar; SameSite=None"], ""),
        (&["foo=bar; SameSite=None; SameSite=rubbish"], "foo=bar"),
    ];
    for (fields, expected) in table {
        assert_eq!(answer(fields, TO), *expected, "{fields:?}");
    }
}

#[test]
fn domains() {
    #[rustfmt::skip]
    let table: &[(&[&str], &str, &str)] = &[
        (&["foo=bar; domain=home.example.org"], "home", "foo=bar"),
        (&["foo=bar; domain=home.example.org"], "sibling", ""),
        (&["foo=bar; domain=.home.example.org"], "home", "foo=bar"),
        (&["foo=bar; domain=home.example.org"], "subdomain.home", "foo=bar"),
        (&["foo=bar; domain=.home.example.org"], "sibling", ""),
        (&["foo=bar; domain=sibling.example.org"], "sibling", ""),
        (&["foo=bar; domain=.example.org"], "home", "foo=bar"),
        (&["foo=bar; domain=..home.example.org"], "home", ""),
        (&["foo=bar; domain=home..example.org"], "home", ""),
        (&["foo=bar; domain=  .home.example.org"], "home", "foo=bar"),
        (&["foo=bar; domain=  .  home.example.org"], "home", ""),
        (&["foo=bar; domain=home.example.org."], "home", ""),
        (&["foo=bar; domain=home.example.org .."], "home", ""),
        (&["foo=bar; domain=.org"], "home", ""),
        (&["foo=bar; domain=.org."], "home", ""),
        (&["foo=bar; domain=org"], "home", ""),
        (&["foo=bar; domain=g"], "home", ""),
        (&["foo=bar; domain=ome.example.org"], "home", ""),
        (&["foo=bar; domain=home.example.org", "foo2=bar2; domain=.home.example.org"], "home", "foo=bar; foo2=bar2"),
        (&["foo=bar; domain=\"home.example.org\""], "home", ""),
        (&["foo2=bar2; domain=.example.org", "foo=bar; domain=home.example.org"], "home", "foo2=bar2; foo=bar"),
        (&["foo=bar; domain=.example.org; domain=home.example.org"], "sibling", ""),
        (&["foo=bar; domain=home.example.org; domain=.example.org"], "sibling", "foo=bar"),
        (&["foo=bar; domain=home.eXaMpLe.org"], "home", "foo=bar"),
        (&["foo=bar; domain=home.example.org"], "hoMe", "foo=bar"),
        (&["foo=bar; domain=home.example.org:8888"], "home", ""),
        (&["foo=bar; domain=subdomain.home.example.org"], "subdomain.home", ""),
        (&["foo=bar"], "subdomain.home", ""),
        (&["foo=bar; domain=home.example.org; domain=home.example.com"], "home", ""),
        (&["foo=bar; domain=home.example.com; domain=home.example.org"], "home", "foo=bar"),
        (&["foo=bar; domain=example.org; domain=home.example.org"], "home", "foo=bar"),
        (&["foo=bar; domain="], "home", "foo=bar"),
        (&["foo=bar; domain=."], "home", "foo=bar"),
        (&["foo=bar; domain="], "subdomain.home", ""),
        // The last one counts, and it is empty (RFC 6265bis). RFC 6265 ignored an empty one.
        (&["foo=bar; domain=example.org; domain="], "sibling", ""),
        (&["foo=bar; domain=foo.example.org; domain="], "home", "foo=bar"),
        (&["foo=bar; domain=h\u{f6}me.example.org"], "home", ""),
        // With and without domain are two cookies.
        (&["foo=host", "foo=domain; domain=home.example.org"], "home", "foo=host; foo=domain"),
        (&["foo=host", "foo=domain; domain=home.example.org"], "a.home", "foo=domain"),
        (&["foo=bar; domain=example.org"], "home.example.org.", "foo=bar"),
        (&["foo=bar"], "home.example.org.", "foo=bar"),
    ];
    for (fields, host, expected) in table {
        let host = if host.ends_with('.') { String::from(*host) } else { format!("{host}.example.org") };
        let to = format!("http://{host}:8888/cookie-parser-result");
        assert_eq!(answer(fields, &to), *expected, "{fields:?} {host}");
    }
}

#[test]
fn paths_and_order() {
    #[rustfmt::skip]
    let table: &[(&[&str], &str, &str)] = &[
        (&["a=b; path=/", "x=y; path=/cookie-parser-result"], "/cookie-parser-result", "x=y; a=b"),
        (&["x=y; path=/cookie-parser-result", "a=b; path=/"], "/cookie-parser-result", "x=y; a=b"),
        (&["foo=bar; path=/r/foo"], "/r", ""),
        (&["foo=bar", "foo=qux; path=/r/foo"], "/r", "foo=bar"),
        (&["foo=bar; path=/r/foo"], "/r/foo", "foo=bar"),
        (&["foo=bar; path=/r/foo"], "/r/bar", ""),
        (&["foo=bar; path=/r/foo/qux"], "/r/foo", ""),
        (&["foo=bar; path=/r/foo/qux"], "/r/foo/qux", "foo=bar"),
        (&["foo=bar; path=/r/foo/qux/"], "/r/foo/qux", ""),
        (&["foo=bar; path=/r/foo/qux/"], "/r/foo/qux/", "foo=bar"),
        (&["foo=bar; path=/r/foo/"], "/r/foo//qux", "foo=bar"),
        (&["foo=bar; path=/r/foo/"], "/r/fooqux", ""),
        (&["foo=bar; path=/r/foo/qux?"], "/r/foo/qux", ""),
        (&["foo=bar; path=/r/foo/qux#"], "/r/foo/qux", ""),
        (&["foo=bar; path=/r/foo/qux;"], "/r/foo/qux", "foo=bar"),
        (&["foo=bar; path=\"/r/foo/qux;\""], "/r/foo/qux", "foo=bar"),
        (&["foo=bar; path=/r/f%6Fo/bar"], "/r/foo/bar", ""),
        (&["a=b;   path    =       /r   ", "x=y;   path    =       /book   "], "/r", "a=b"),
        (&["foo=bar; path=/r", "foo=qux; path=/r/"], "/r/dog", "foo=qux; foo=bar"),
        // Longer paths first, then older cookies, of any domain.
        (&["key=0", "key=1; path=/r", "key=2; path=/", "key=3; path=/bar", "key=4; domain=.example.org",
           "key=5; domain=.example.org; path=/r/foo"], "/r/foo/baz", "key=5; key=1; key=2; key=4"),
        (&["a=1; domain=example.org", "b=2", "c=3; domain=home.example.org"], "/", "a=1; b=2; c=3"),
        // A new value does not change the age of a cookie.
        (&["a=1", "b=2", "a=3"], "/", "a=3; b=2"),
        (&["a=1", "b=2", "a=; max-age=0", "a=3"], "/", "b=2; a=3"),
    ];
    for (fields, to, expected) in table {
        assert_eq!(answer(fields, to), *expected, "{fields:?} {to}");
    }
}
