//! Redirects: each rule is one row.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::sync::Mutex;

use httpx_core::{ErrorKind, RequestHead, RequestSent, Result};
use httpx_middleware::{
    Clock, Flow, Middleware, Redirect, RedirectAction, RedirectMiddleware, RedirectPolicy,
};
use proptest::prelude::*;
use support::{Flavour, Scripted, both_flavours, end, request};

both_flavours!(
    methods_and_bodies,
    redirects_that_are_followed,
    secrets_stay_at_their_origin,
    at_most_twenty_by_default,
    errors_hide_secrets_and_stay_short,
    an_error_after_a_redirect_is_one_of_the_whole_call,
    only_safe_headers_cross_origins,
    policies,
    a_policy_sees_the_attempt,
    a_request_can_have_its_own_policy,
    a_request_that_crossed_an_origin_is_marked,
    a_redirect_after_one_of_a_layer_below,
    any_location,
    whole_chains,
);

struct Row {
    request: &'static str,
    answers: &'static [&'static str],
    /// The requests after the first one.
    then: &'static [&'static str],
    end: &'static str,
}

impl Row {
    fn run<F: Flavour>(&self, redirect: Redirect) {
        let mock = Scripted::new(self.answers.iter().copied());
        let outcome = F::send(&Middleware::with(redirect, &mock), request::<F>(self.request));
        assert_eq!(end(&outcome), self.end, "{}", self.request);
        assert_eq!(mock.sent()[1..], *self.then, "{}", self.request);
        assert_eq!(mock.sent().len(), self.answers.len(), "{}: all answers asked for", self.request);
    }
}

macro_rules! rows {
    ($($request:literal, [$($answer:literal),*] => [$($then:literal),*], $end:literal;)*) => {
        [$(Row { request: $request, answers: &[$($answer),*], then: &[$($then),*], end: $end }),*]
    };
}

fn methods_and_bodies<F: Flavour>() {
    for row in rows! {
        "GET http://h/", ["301 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 301 http://h/";
        "GET http://h/", ["302 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 302 http://h/";
        "GET http://h/", ["303 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 303 http://h/";
        "GET http://h/", ["307 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 307 http://h/";
        "GET http://h/", ["308 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 308 http://h/";
        "POST http://h/ | = b", ["301 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 301 http://h/";
        "POST http://h/ | = b", ["302 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 302 http://h/";
        "POST http://h/ | = b", ["303 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 303 http://h/";
        "POST http://h/ | = b", ["307 | Location: /a", "200"] => ["POST http://h/a | = b"], "200 http://h/a via 307 http://h/";
        "POST http://h/ | = b", ["308 | Location: /a", "200"] => ["POST http://h/a | = b"], "200 http://h/a via 308 http://h/";
        "PUT http://h/ | = b", ["301 | Location: /a", "200"] => ["PUT http://h/a | = b"], "200 http://h/a via 301 http://h/";
        "PUT http://h/ | = b", ["303 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 303 http://h/";
        "DELETE http://h/", ["302 | Location: /a", "200"] => ["DELETE http://h/a"], "200 http://h/a via 302 http://h/";
        "DELETE http://h/", ["303 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 303 http://h/";
        "HEAD http://h/", ["302 | Location: /a", "200"] => ["HEAD http://h/a"], "200 http://h/a via 302 http://h/";
        "HEAD http://h/", ["303 | Location: /a", "200"] => ["HEAD http://h/a"], "200 http://h/a via 303 http://h/";
        // Methods are case-sensitive.
        "post http://h/ | = b", ["302 | Location: /a", "200"] => ["post http://h/a | = b"], "200 http://h/a via 302 http://h/";
        // A body that was dropped stays dropped; one that was kept is sent again.
        "POST http://h/ | = b", ["303 | Location: /a", "307 | Location: /b", "200"]
            => ["GET http://h/a", "GET http://h/b"], "200 http://h/b via 303 http://h/, 307 http://h/a";
        "POST http://h/ | = b", ["307 | Location: /a", "308 | Location: /b", "200"]
            => ["POST http://h/a | = b", "POST http://h/b | = b"], "200 http://h/b via 307 http://h/, 308 http://h/a";
        // The headers that describe a body are dropped with it.
        "POST http://h/ | Content-Type: text/plain | content-language: de | Transfer-Encoding: chunked | Trailer: X | Expect: 100-continue | Digest: x | Repr-Digest: x | Content-Digest: x | Accept: */* | Contents: y | = b",
            ["302 | Location: /a", "200"] => ["GET http://h/a | Accept: */* | Contents: y"], "200 http://h/a via 302 http://h/";
        "PUT http://h/ | Content-Type: text/plain | Expect: 100-continue | = b", ["307 | Location: /a", "200"]
            => ["PUT http://h/a | Content-Type: text/plain | Expect: 100-continue | = b"], "200 http://h/a via 307 http://h/";
        // A reader is sent once, which is no matter if the redirect drops the body.
        "POST http://h/ | ~ b", ["302 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 302 http://h/";
        "POST http://h/ | ~ b", ["307 | Location: /a"] => [], "Redirect 307 http://h/";
        "POST http://h/ | ~ b", ["200"] => [], "200 http://h/";
    } {
        row.run::<F>(Redirect::default());
    }
}

fn redirects_that_are_followed<F: Flavour>() {
    for row in rows! {
        "GET http://h/", ["200 | Location: /a"] => [], "200 http://h/";
        "GET http://h/", ["201 | Location: /a"] => [], "201 http://h/";
        "GET http://h/", ["300 | Location: /a"] => [], "300 http://h/";
        "GET http://h/", ["304 | Location: /a"] => [], "304 http://h/";
        "GET http://h/", ["305 | Location: /a"] => [], "305 http://h/";
        "GET http://h/", ["306 | Location: /a"] => [], "306 http://h/";
        "GET http://h/", ["302"] => [], "302 http://h/";
        "GET http://h/", ["302 | Location:"] => [], "302 http://h/";
        "GET http://h/", ["302 | Location: /a | Location: /b"] => [], "302 http://h/";
        "GET http://h/", ["302 | Location: /a | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 302 http://h/";
        "GET http://h/", ["302 | Location: http://[::g]/"] => [], "Redirect 302 http://h/";
        "GET http://h/", ["302 | Location: http://h:99999/"] => [], "Redirect 302 http://h/";
        "GET http://h/#f", ["302 | Location: /a", "302 | Location: b", "200"]
            => ["GET http://h/a#f", "GET http://h/b#f"], "200 http://h/b#f via 302 http://h/#f, 302 http://h/a#f";
        "GET http://h/#f", ["302 | Location: /a#g", "302 | Location: b", "200"]
            => ["GET http://h/a#g", "GET http://h/b#g"], "200 http://h/b#g via 302 http://h/#f, 302 http://h/a#g";
        "GET http://h/ü", ["302 | Location: /ä", "200"] => ["GET http://h/%C3%A4"], "200 http://h/%C3%A4 via 302 http://h/%C3%BC";
        "GET http://h/", ["302 | Location: /a", "404"] => ["GET http://h/a"], "404 http://h/a via 302 http://h/";
        "GET http://h/", ["302 | Location: /a", "302"] => ["GET http://h/a"], "302 http://h/a via 302 http://h/";
        "GET http://h/", ["302 | Location: /a", "refused"] => ["GET http://h/a"], "Connect";
        "GET http://h/", ["refused"] => [], "Connect";
        // Schemes.
        "GET http://h/", ["302 | Location: https://h/", "200"] => ["GET https://h/"], "200 https://h/ via 302 http://h/";
        "GET https://h/", ["302 | Location: http://h/"] => [], "Redirect 302 https://h/";
        "GET https://h/", ["302 | Location: //o/", "302 | Location: http://h/"]
            => ["GET https://o/"], "Redirect 302 https://o/ via 302 https://h/";
        "GET https://h/ | @insecure", ["302 | Location: http://h/", "200"] => ["GET http://h/"], "200 http://h/ via 302 https://h/";
        "GET http://h/", ["302 | Location: ftp://h/"] => [], "Redirect 302 http://h/";
        "GET http://h/", ["302 | Location: file:///etc/passwd"] => [], "Redirect 302 http://h/";
        "GET http://h/", ["302 | Location: data:text/plain,x"] => [], "Redirect 302 http://h/";
        "GET http://h/", ["302 | Location: mailto:a@h"] => [], "Redirect 302 http://h/";
        "GET https://h/ | @insecure", ["302 | Location: ws://h/"] => [], "Redirect 302 https://h/";
        // Limits.
        "GET http://h/ | @redirects 0", ["302 | Location: /a"] => [], "302 http://h/";
        "GET http://h/ | @redirects 0", ["302 | Location: ftp://h/"] => [], "302 http://h/";
        "GET http://h/ | @redirects 1", ["302 | Location: /a", "200"] => ["GET http://h/a"], "200 http://h/a via 302 http://h/";
        "GET http://h/ | @redirects 1", ["302 | Location: /a", "302 | Location: /b"]
            => ["GET http://h/a"], "TooManyRedirects 302 http://h/a via 302 http://h/";
    } {
        row.run::<F>(Redirect::default());
    }
}

fn secrets_stay_at_their_origin<F: Flavour>() {
    for row in rows! {
        // Within an origin all headers follow. No port is the default port of the scheme.
        "GET http://h/ | Authorization: a | Cookie: c | Proxy-Authorization: p | Host: x | !X-Key: k | X-Id: 1",
            ["302 | Location: http://H:80/a", "200"]
            => ["GET http://h/a | Authorization: a | Cookie: c | Proxy-Authorization: p | Host: x | X-Key: k | X-Id: 1"],
            "200 http://h/a via 302 http://h/";
        "GET http://h/ | authorization: a | COOKIE: c | proxy-authorization: p | host: x | !X-Key: k | X-Id: 1",
            ["302 | Location: http://o/", "200"] => ["GET http://o/ | X-Id: 1"], "200 http://o/ via 302 http://h/";
        "GET http://h/ | Authorization: a", ["302 | Location: http://h:81/", "200"] => ["GET http://h:81/"], "200 http://h:81/ via 302 http://h/";
        "GET http://h/ | Authorization: a", ["302 | Location: https://h/", "200"] => ["GET https://h/"], "200 https://h/ via 302 http://h/";
        "GET https://h/ | Authorization: a", ["302 | Location: https://x.h/", "200"] => ["GET https://x.h/"], "200 https://x.h/ via 302 https://h/";
        "GET https://h/ | Authorization: a | @insecure", ["302 | Location: http://h/", "200"] => ["GET http://h/"], "200 http://h/ via 302 https://h/";
        // A secret that was dropped does not come back.
        "POST http://h/ | Authorization: a | = b", ["307 | Location: http://o/", "307 | Location: http://h/", "200"]
            => ["POST http://o/ | = b", "POST http://h/ | = b"], "200 http://h/ via 307 http://h/, 307 http://o/";
        // User information becomes Authorization.
        "GET http://u:p@h/", ["302 | Location: /a", "200"]
            => ["GET http://h/a | Authorization: Basic dTpw"], "200 http://h/a via 302 http://h/";
        "GET http://u:p@h/", ["302 | Location: http://o/", "200"] => ["GET http://o/"], "200 http://o/ via 302 http://h/";
        "GET http://h/", ["302 | Location: http://u:p@h/a", "302 | Location: /b", "302 | Location: //o/", "200"]
            => ["GET http://h/a | Authorization: Basic dTpw", "GET http://h/b | Authorization: Basic dTpw", "GET http://o/"],
            "200 http://o/ via 302 http://h/, 302 http://h/a, 302 http://h/b";
        // New credentials of the same origin replace the old ones.
        "GET http://h/ | Authorization: a", ["302 | Location: http://u:p@h/a", "200"]
            => ["GET http://h/a | Authorization: Basic dTpw"], "200 http://h/a via 302 http://h/";
        "GET http://u:p@h/", ["302 | Location: http://v:q@h/a", "302 | Location: /b", "200"]
            => ["GET http://h/a | Authorization: Basic djpx", "GET http://h/b | Authorization: Basic djpx"],
            "200 http://h/b via 302 http://h/, 302 http://h/a";
        "GET http://h/ | Authorization: a", ["302 | Location: http://u:p@o/", "200"]
            => ["GET http://o/"], "200 http://o/ via 302 http://h/";
        "GET https://h/", ["302 | Location: http://u:p@h/"] => [], "Redirect 302 https://h/";
    } {
        row.run::<F>(Redirect::default());
    }
}

fn at_most_twenty_by_default<F: Flavour>() {
    let answers: Vec<_> = (0..=20).map(|n| format!("302 | Location: /{n}")).collect();
    let mock = Scripted::new(answers.clone());
    let error = F::send(&RedirectMiddleware::new(&mock), request::<F>("GET http://h/")).unwrap_err();
    assert_eq!((error.kind(), mock.sent().len()), (ErrorKind::TooManyRedirects, 21));
    assert_eq!(error.response().unwrap().history().len(), 20);

    let mock = Scripted::new(answers.into_iter().take(20).chain(["200".into()]));
    let response = F::send(&RedirectMiddleware::new(&mock), request::<F>("GET http://h/")).unwrap();
    assert_eq!((response.status().as_u16(), response.history().len()), (200, 20));
}

fn errors_hide_secrets_and_stay_short<F: Flavour>() {
    let long = format!("302 | Location: ftp://user:hunter2@h/{}", "x".repeat(5000));
    let mock = Scripted::new([long.as_str()]);
    let error = F::send(&RedirectMiddleware::new(&mock), request::<F>("GET http://h/")).unwrap_err();
    let text = format!("{error:?} {error:#}");
    assert!(!text.contains("hunter2") && text.len() < 1000, "{text}");
    assert!(text.contains("neither http nor https"), "{text}");
}

fn an_error_after_a_redirect_is_one_of_the_whole_call<F: Flavour>() {
    for (answers, sent, is_connect) in [
        (&["refused"][..], None, true),
        (&["303 | Location: /a", "refused"], Some(RequestSent::Complete), false),
    ] {
        let client = RedirectMiddleware::new(Scripted::new(answers.iter().copied()));
        let error = F::send(&client, request::<F>("POST http://h/ | = b")).unwrap_err();
        assert_eq!((error.request_sent(), error.is_connect()), (sent, is_connect), "{answers:?}");
        // A later call may succeed. Whether it does harm is the question that `request_sent` answers.
        assert!(error.is_transient(), "{answers:?}");
    }
}

fn only_safe_headers_cross_origins<F: Flavour>() {
    for row in rows! {
        "POST http://h/ | X-Api-Key: k | Accept: */* | !User-Agent: u | if-none-match: x | Content-Type: t | Cookie: c | = b",
            ["307 | Location: /a", "307 | Location: http://o/", "200"]
            => ["POST http://h/a | X-Api-Key: k | Accept: */* | User-Agent: u | if-none-match: x | Content-Type: t | Cookie: c | = b",
                "POST http://o/ | Accept: */* | if-none-match: x | Content-Type: t | = b"],
            "200 http://o/ via 307 http://h/, 307 http://h/a";
        "GET http://h/ | RANGE: bytes=0-1 | If-Range: x | X-Id: 1", ["302 | Location: //o/", "200"]
            => ["GET http://o/ | RANGE: bytes=0-1 | If-Range: x"], "200 http://o/ via 302 http://h/";
        "GET http://h/ | Connection: upgrade | Upgrade: websocket", ["302 | Location: /a", "302 | Location: //o/", "200"]
            => ["GET http://h/a | Connection: upgrade | Upgrade: websocket", "GET http://o/"],
            "200 http://o/ via 302 http://h/, 302 http://h/a";
        "GET http://h/ | connection: TE ,\tUpgrade | Upgrade: h2c | TE: trailers", ["302 | Location: //o/", "200"]
            => ["GET http://o/ | TE: trailers"], "200 http://o/ via 302 http://h/";
        "GET http://h/ | Connection: close, x-upgrade", ["302 | Location: //o/", "200"]
            => ["GET http://o/ | Connection: close, x-upgrade"], "200 http://o/ via 302 http://h/";
    } {
        row.run::<F>(Redirect::default().only_safe_headers_cross_origin());
    }
}

fn policies<F: Flavour>() {
    // A policy can stop or refuse a redirect, but it cannot lift a limit.
    let row = |end, answers, then| Row { request: "GET https://h/", answers, then, end };
    let stop = || Redirect::with_policy(|_| RedirectAction::Stop);
    let refuse = || Redirect::with_policy(|_| RedirectAction::Refuse("no".into()));
    let follow = || Redirect::with_policy(|_| RedirectAction::Follow);
    let at_most_one = || {
        Redirect::with_policy(|attempt| match attempt.history().len() {
            0 => RedirectAction::Follow,
            _ => RedirectAction::Stop,
        })
    };
    row("302 https://h/", &["302 | Location: /a"], &[]).run::<F>(stop());
    row("302 https://h/", &["302 | Location: app://callback?code=1"], &[]).run::<F>(stop());
    row("200 https://h/", &["200"], &[]).run::<F>(refuse());
    row("Redirect 302 https://h/", &["302 | Location: /a"], &[]).run::<F>(refuse());
    row("Redirect 302 https://h/", &["302 | Location: http://h/"], &[]).run::<F>(follow());
    row("Redirect 302 https://h/", &["302 | Location: app://x"], &[]).run::<F>(follow());
    row(
        "302 https://h/a via 302 https://h/",
        &["302 | Location: /a", "302 | Location: /b"],
        &["GET https://h/a"],
    )
    .run::<F>(at_most_one());
}

fn a_policy_sees_the_attempt<F: Flavour>() {
    let redirect = Redirect::with_policy(|attempt| {
        assert_eq!(attempt.url(), &"https://o/x#f");
        assert_eq!((attempt.previous().as_str(), attempt.status().as_u16()), ("https://h/#f", 307));
        assert_eq!((attempt.request().method().as_str(), attempt.response().headers().len()), ("PUT", 1));
        assert!(attempt.is_cross_origin() && attempt.history().is_empty());
        assert_eq!(format!("{attempt:?}"), r#"<RedirectAttempt [307] "https://h/#f" to "https://o/x#f">"#);
        RedirectAction::Refuse("this way leads nowhere".into())
    });
    let mock = Scripted::new(["307 | Location: //o/x"]);
    let error = F::send(&Middleware::with(redirect, &mock), request::<F>("PUT https://h/#f")).unwrap_err();
    assert_eq!(error.to_string(), "PUT https://h/#f: the redirect is not followed: this way leads nowhere");
}

fn a_request_can_have_its_own_policy<F: Flavour>() {
    for (own, expected) in [
        (None, "302 http://h/"),
        (Some(RedirectPolicy::default()), "200 http://h/a via 302 http://h/"),
        (Some(RedirectPolicy::new(|_| RedirectAction::Refuse("no".into()))), "Redirect 302 http://h/"),
    ] {
        let mock = Scripted::new(["302 | Location: /a", "200"]);
        let mut request = request::<F>("GET http://h/");
        if let Some(own) = own {
            request.head_mut().extensions_mut().insert(own);
        }
        let client = Middleware::with(Redirect::from(RedirectPolicy::stop()), &mock);
        assert_eq!(end(&F::send(&client, request)), expected);
    }
}

fn a_request_that_crossed_an_origin_is_marked<F: Flavour>() {
    /// Notes which heads are marked.
    #[derive(Default)]
    struct Notes(Mutex<Vec<bool>>);

    impl Flow for &Notes {
        type Call = ();

        fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<()> {
            self.0.lock().unwrap().push(request.has_crossed_origin());
            Ok(())
        }
    }

    let notes = Notes::default();
    let mock = Scripted::new([
        "302 | Location: /a",
        "302 | Location: http://o/",
        "302 | Location: http://h/",
        "200",
    ]);
    let client = RedirectMiddleware::new(Middleware::with(&notes, &mock));
    F::send(&client, request::<F>("GET http://h/")).unwrap();
    assert_eq!(*notes.0.lock().unwrap(), [false, false, true, true]);
}

fn a_redirect_after_one_of_a_layer_below<F: Flavour>() {
    // The layer beneath follows one redirect and returns the next. That one is relative to the URL that answered, and
    // takes no secrets along.
    let beneath = || {
        Redirect::with_policy(|attempt| match attempt.url().path() {
            "/beneath" => RedirectAction::Follow,
            _ => RedirectAction::Stop,
        })
    };
    for (location, then) in [("x", "GET https://o/x"), ("https://h/x", "GET https://h/x")] {
        let mock = Scripted::new([
            "302 | Location: https://o/beneath",
            &format!("302 | Location: {location}"),
            "200",
        ]);
        let client = RedirectMiddleware::new(Middleware::with(beneath(), &mock));
        F::send(&client, request::<F>("GET https://h/ | Authorization: a")).unwrap();
        assert_eq!(mock.sent()[1..], ["GET https://o/beneath", then]);
    }
}

/// For any `Location`, nothing panics, and only http and https are requested.
fn any_location<F: Flavour>() {
    proptest!(|(location in r"(https?:|[a-z]*:)?/{0,3}[^\x00-\x1f\x7f|]{0,20}")| {
        let mock = Scripted::new([format!("307 | Location: {location}"), "200".to_owned()]);
        let outcome = F::send(&RedirectMiddleware::new(&mock), request::<F>("PUT http://h/"));
        let expected = match end(&outcome).split_once(' ') {
            Some(("200", _)) => 2,
            Some(("307" | "Redirect", _)) => 1,
            _ => panic!("{outcome:?}"),
        };
        prop_assert_eq!(mock.sent().len(), expected);
        prop_assert!(mock.sent().iter().all(|sent| sent.starts_with("PUT http")));
    });
}

/// The same rules in other words: a secret is sent while every URL so far was of the first origin, the body while every
/// status so far kept it.
fn whole_chains<F: Flavour>() {
    const ORIGINS: [&str; 3] = ["http://h", "http://h:81", "https://h"];
    const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

    proptest!(|(hops in proptest::collection::vec((0..3usize, 0..5usize), 0..20))| {
        let answers = hops
            .iter()
            .map(|&(origin, status)| format!("{} | Location: {}/", STATUSES[status], ORIGINS[origin]))
            .chain(["200".to_owned()]);
        let mock = Scripted::new(answers);
        let sent = request::<F>("POST http://h/ | Authorization: a | !X-Key: k | @insecure | = b");
        F::send(&RedirectMiddleware::new(&mock), sent).unwrap();

        let (mut home, mut body) = (true, true);
        for (sent, &(origin, status)) in mock.sent()[1..].iter().zip(&hops) {
            home &= origin == 0;
            body &= STATUSES[status] >= 307;
            prop_assert_eq!(sent.contains("Authorization: a"), home);
            prop_assert_eq!(sent.contains("X-Key: k"), home);
            prop_assert_eq!(sent.contains("= b"), body);
            prop_assert_eq!(sent.starts_with("POST"), body);
        }
    });
}
