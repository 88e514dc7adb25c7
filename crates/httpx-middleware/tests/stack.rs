//! Redirects above cookies: each scenario is one row.
#![cfg(all(any(feature = "blocking", feature = "async"), feature = "cookies"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use httpx_core::Url;
use httpx_middleware::{Clock, CookieJar, CookieMiddleware, RedirectMiddleware, RequestCookies};
use proptest::prelude::*;
use support::{Flavour, Scripted, both_flavours, end, request};

both_flavours!(
    scenarios,
    layers_above_do_not_see_the_cookies,
    only_cookies_read_the_calendar,
    closing_and_counting_reach_the_transport,
    a_cookie_belongs_to_the_host_that_answered,
    a_request_can_have_its_own_jar_or_none,
    any_cookie,
);

/// Requests in order, the answers, the requests that were sent, and the cookies in the jar at the end.
struct Scenario {
    seed: &'static [(&'static str, &'static str)],
    requests: &'static [&'static str],
    answers: &'static [&'static str],
    sent: &'static [&'static str],
    jar: &'static [&'static str],
}

fn scenarios<F: Flavour>() {
    for Scenario { seed, requests, answers, sent, jar } in SCENARIOS {
        let mock = Scripted::new(answers.iter().copied());
        let cookies = CookieJar::new();
        for (url, set) in *seed {
            cookies.store(&Url::parse(url).unwrap(), set).unwrap();
        }
        let client = RedirectMiddleware::new(CookieMiddleware::with_jar(&mock, cookies));
        for script in *requests {
            F::send(&client, request::<F>(script)).unwrap();
        }
        assert_eq!(mock.sent(), *sent, "{requests:?}");
        let kept = client.transport().jar().cookies();
        let kept: Vec<_> =
            kept.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
        assert_eq!(kept, *jar, "{requests:?}");
    }
}

const SCENARIOS: &[Scenario] = &[
    // A login: the redirect sets the cookie, and the next request has it.
    Scenario {
        seed: &[],
        requests: &["POST https://h.example/login | = me", "GET https://h.example/next"],
        answers: &[
            "303 | Location: /home | Set-Cookie: sid=1; Path=/",
            "200 | Set-Cookie: theme=dark",
            "200",
        ],
        sent: &[
            "POST https://h.example/login | = me",
            "GET https://h.example/home | Cookie: sid=1",
            "GET https://h.example/next | Cookie: sid=1; theme=dark",
        ],
        jar: &["sid=1", "theme=dark"],
    },
    // A redirect renews one cookie and removes another.
    Scenario {
        seed: &[("https://h.example/", "a=1"), ("https://h.example/", "b=1")],
        requests: &["GET https://h.example/"],
        answers: &["302 | Location: /x | Set-Cookie: a=2 | Set-Cookie: b=; Max-Age=0", "200"],
        sent: &["GET https://h.example/ | Cookie: a=1; b=1", "GET https://h.example/x | Cookie: a=2"],
        jar: &["a=2"],
    },
    // Each host gets its own cookies, there and back.
    Scenario {
        seed: &[("https://a.example/", "a=1"), ("https://b.example/", "b=1")],
        requests: &["GET https://a.example/"],
        answers: &["302 | Location: https://b.example/", "302 | Location: https://a.example/", "200"],
        sent: &[
            "GET https://a.example/ | Cookie: a=1",
            "GET https://b.example/ | Cookie: b=1",
            "GET https://a.example/ | Cookie: a=1",
        ],
        jar: &["a=1", "b=1"],
    },
    // Paths count at each step.
    Scenario {
        seed: &[("https://h.example/", "in=1; Path=/in")],
        requests: &["GET https://h.example/in/x"],
        answers: &["302 | Location: /out", "302 | Location: /in", "200"],
        sent: &[
            "GET https://h.example/in/x | Cookie: in=1",
            "GET https://h.example/out",
            "GET https://h.example/in | Cookie: in=1",
        ],
        jar: &["in=1"],
    },
    // A secure cookie is not sent over http, where the redirect is allowed, and http cannot set one.
    Scenario {
        seed: &[("https://h.example/", "s=1; Secure"), ("https://h.example/", "p=1")],
        requests: &["GET https://h.example/ | @insecure"],
        answers: &[
            "302 | Location: http://h.example/ | Set-Cookie: t=1; Secure",
            "302 | Location: https://h.example/ | Set-Cookie: s=2; Secure",
            "200",
        ],
        sent: &[
            "GET https://h.example/ | Cookie: s=1; p=1",
            "GET http://h.example/ | Cookie: p=1",
            "GET https://h.example/ | Cookie: s=1; p=1; t=1",
        ],
        jar: &["s=1", "p=1", "t=1"],
    },
    // A `Cookie` header of the user is sent alone, and to its origin only. Cookies of responses are still stored.
    Scenario {
        seed: &[("https://a.example/", "jar=1"), ("https://b.example/", "b=1")],
        requests: &["GET https://a.example/ | Cookie: mine=1"],
        answers: &[
            "302 | Location: /x | Set-Cookie: set=1",
            "302 | Location: https://b.example/",
            "302 | Location: https://a.example/",
            "200",
        ],
        sent: &[
            "GET https://a.example/ | Cookie: mine=1",
            "GET https://a.example/x | Cookie: mine=1",
            "GET https://b.example/ | Cookie: b=1",
            "GET https://a.example/ | Cookie: jar=1; set=1",
        ],
        jar: &["jar=1", "b=1", "set=1"],
    },
    // Cookies that the rules refuse are ignored.
    Scenario {
        seed: &[],
        requests: &["GET https://evil.github.io/", "GET https://other.github.io/"],
        answers: &[
            "200 | Set-Cookie: a=1; Domain=github.io | Set-Cookie: =; | Set-Cookie: ok=1 | Set-Cookie: __Host-x=1; Path=/a",
            "200",
        ],
        sent: &["GET https://evil.github.io/", "GET https://other.github.io/"],
        jar: &["ok=1"],
    },
];

fn layers_above_do_not_see_the_cookies<F: Flavour>() {
    let mock = Scripted::new([
        "302 | Location: https://b.example/ | Set-Cookie: a=1",
        "200",
        "302 | Location: https://b.example/",
        "200",
    ]);
    let client = RedirectMiddleware::new(CookieMiddleware::new(&mock));
    let mine = request::<F>("GET https://a.example/");
    for _ in 0..2 {
        let response = F::send(&client, mine.try_clone().unwrap()).unwrap();
        assert_eq!(end(&Ok(response)), "200 https://b.example/ via 302 https://a.example/");
    }
    assert_eq!(mock.sent()[2..], ["GET https://a.example/ | Cookie: a=1", "GET https://b.example/"]);
    assert!(mine.headers().is_empty());
}

/// A layer beneath the cookies follows redirects: another host answers than the one that was requested.
fn a_cookie_belongs_to_the_host_that_answered<F: Flavour>() {
    let mock =
        Scripted::new(["302 | Location: http://evil.example/", "200 | Set-Cookie: sid=evil", "200", "200"]);
    let client = CookieMiddleware::new(RedirectMiddleware::new(&mock));
    for url in ["http://h.example/", "http://h.example/", "http://evil.example/"] {
        F::send(&client, request::<F>(&format!("GET {url}"))).unwrap();
    }
    assert_eq!(mock.sent()[2..], ["GET http://h.example/", "GET http://evil.example/ | Cookie: sid=evil"]);
}

fn a_request_can_have_its_own_jar_or_none<F: Flavour>() {
    let mock = Scripted::new(["200 | Set-Cookie: set=1"; 3]);
    let client = CookieMiddleware::new(&mock);
    let own = CookieJar::new();
    for (jar, name) in [(client.jar(), "client"), (&own, "own")] {
        jar.store(&Url::parse("http://h.example/").unwrap(), format!("{name}=1")).unwrap();
    }
    for cookies in [None, Some(RequestCookies::Jar(own.clone())), Some(RequestCookies::Disabled)] {
        let mut request = request::<F>("GET http://h.example/");
        if let Some(cookies) = cookies {
            request.head_mut().extensions_mut().insert(cookies);
        }
        F::send(&client, request).unwrap();
    }
    let get = "GET http://h.example/";
    assert_eq!(mock.sent(), [&format!("{get} | Cookie: client=1"), &format!("{get} | Cookie: own=1"), get]);
    assert_eq!((client.jar().len(), own.len()), (2, 2));
}

/// A clock that the test moves, and that counts how often it is read.
#[derive(Clone)]
struct Counting(Arc<(Instant, Mutex<Duration>, AtomicUsize, AtomicUsize)>);

impl Counting {
    fn new() -> Self {
        Counting(Arc::new((Instant::now(), Mutex::default(), AtomicUsize::new(0), AtomicUsize::new(0))))
    }

    fn asked(&self) -> (usize, usize) {
        (self.0.2.load(Ordering::Relaxed), self.0.3.load(Ordering::Relaxed))
    }

    fn wind(&self, by: Duration) {
        *self.0.1.lock().unwrap() += by;
    }
}

impl Clock for Counting {
    fn now(&self) -> Instant {
        self.0.2.fetch_add(1, Ordering::Relaxed);
        self.0.0 + *self.0.1.lock().unwrap()
    }

    fn wall(&self) -> SystemTime {
        self.0.3.fetch_add(1, Ordering::Relaxed);
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + *self.0.1.lock().unwrap()
    }
}

fn only_cookies_read_the_calendar<F: Flavour>() {
    let mock = Scripted::new(["200", "200 | Set-Cookie: a=1; Max-Age=60 | Set-Cookie: b=1", "200", "200"]);
    let clock = Counting::new();
    let cookies = CookieMiddleware::new(&mock).with_clock(clock.clone());
    let client = RedirectMiddleware::new(cookies).with_clock(clock.clone());
    let get = || drop(F::send(&client, request::<F>("GET https://h.example/")).unwrap());
    get();
    assert_eq!(clock.asked(), (1, 0), "the call's beginning, asked for once by all layers");
    get();
    assert_eq!(clock.asked(), (2, 1), "once for all cookies of a response");
    get();
    clock.wind(Duration::from_secs(61));
    get();
    assert_eq!(clock.asked(), (4, 3));
    assert_eq!(
        mock.sent()[2..],
        ["GET https://h.example/ | Cookie: a=1; b=1", "GET https://h.example/ | Cookie: b=1"]
    );
}

fn closing_and_counting_reach_the_transport<F: Flavour>() {
    let mock = Scripted::default();
    let client = RedirectMiddleware::new(CookieMiddleware::new(&mock));
    assert_eq!(F::counts(&client).unwrap().idle, 7);
    F::close(&client);
    assert!(mock.is_closed());
    let shown = format!("{:?}", CookieMiddleware::new(RedirectMiddleware::new("pool")));
    assert_eq!(
        shown,
        r#"Middleware(Cookies(<CookieJar [0 cookies]>), Middleware(Redirect { policy: RedirectPolicy(default) }, "pool"))"#
    );
}

/// For any field, the header of the jar is the one that is sent.
fn any_cookie<F: Flavour>() {
    proptest!(|(set in r"[^\x00-\x08\x0a-\x1f\x7f|]{0,20}(=[^\x00-\x08\x0a-\x1f\x7f|]{0,20})?")| {
        let mock = Scripted::new([format!("200 | Set-Cookie: {set}"), "200".to_owned()]);
        let client = CookieMiddleware::new(&mock);
        for _ in 0..2 {
            F::send(&client, request::<F>("GET https://h.example/")).unwrap();
        }
        let url = Url::parse("https://h.example/").unwrap();
        let header = client.jar().header(&url);
        let header = header.map(|cookies| format!(" | Cookie: {cookies}")).unwrap_or_default();
        prop_assert_eq!(&mock.sent()[1], &format!("GET https://h.example/{header}"));
    });
}
