//! Where the credentials of a client go.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::sync::{Arc, Mutex};

use httpx::redirect::{Redirect, RedirectAction};
use httpx::{Bytes, Response};
use httpx_core::Request;

mod support;

use support::both_flavours;
use support::flavour::{BodyOf, Setup};
use support::over::Over;

both_flavours!(
    they_stay_at_the_origin_of_the_base,
    user_information_of_the_base,
    a_request_that_crossed_origins_gets_none,
    no_redirect_takes_them_along,
    a_request_that_replaces_a_secret_keeps_it_secret,
);

/// A sent request: the target with its origin, and the values of the headers that matter.
type Log = Arc<Mutex<Vec<String>>>;

const NAMES: [&str; 5] = ["Authorization", "Proxy-Authorization", "Cookie", "X-Key", "X-Plain"];

fn recording<F: Over>(
    status: impl Fn(&str) -> (u16, Option<&'static str>) + Send + Sync + 'static,
    set: impl FnOnce(Setup<F>) -> Setup<F>,
) -> (F, Log) {
    let log = Log::default();
    let seen = Arc::clone(&log);
    let answer = move |request: &Request<BodyOf<F>>| {
        let sent = NAMES.iter().filter(|name| request.headers().contains(name)).copied();
        let line = format!("{} {}", request.url(), sent.collect::<Vec<_>>().join(" "));
        seen.lock().unwrap().push(line.trim().to_owned());
        let (status, location) = status(request.url().as_str());
        let mut response = Response::<Bytes>::new(status, ())?;
        if let Some(location) = location {
            response.head_mut().headers_mut().set("Location", location)?;
        }
        Ok(response)
    };
    (F::answered(answer, set).unwrap(), log)
}

fn with_all<C: httpx::RequestSender>(client: httpx::ClientBuilder<C>) -> httpx::ClientBuilder<C> {
    client
        .bearer_auth("token")
        .header("Proxy-Authorization", "Basic YTpi")
        .header("Cookie", "sid=1")
        .secret_header("X-Key", "k")
        .header("X-Plain", "p")
        .params([("key", "k")])
}

fn they_stay_at_the_origin_of_the_base<F: Over>() {
    const ALL: &str = "Authorization Proxy-Authorization Cookie X-Key X-Plain";
    // Base, whether credentials may go anywhere, URL of the request, the URL and the headers that are sent.
    let rows = [
        ("http://h/v1/", false, "items", format!("http://h/v1/items?key=k {ALL}")),
        ("http://h/v1/", false, "http://h/", format!("http://h/?key=k {ALL}")),
        ("http://h/v1/", false, "http://H:80/", format!("http://h/?key=k {ALL}")),
        ("http://h/v1/", false, "//other/path", "http://other/path X-Plain".into()),
        ("http://h/v1/", false, "http://other/", "http://other/ X-Plain".into()),
        ("http://h/v1/", false, "http://h:81/", "http://h:81/ X-Plain".into()),
        ("http://h/v1/", false, "https://h/", "https://h/ X-Plain".into()),
        ("http://h/v1/", true, "//other/path", format!("http://other/path?key=k {ALL}")),
        ("", false, "http://other/", format!("http://other/?key=k {ALL}")),
    ];
    for (base, anywhere, url, expected) in rows {
        let set = |mut client: Setup<F>| {
            client = with_all(client);
            if !base.is_empty() {
                client = client.url(base);
            }
            if anywhere { client.send_credentials_to_any_origin() } else { client }
        };
        let (client, log) = recording::<F>(|_| (200, None), set);
        F::send(client.get(url)).unwrap();
        assert_eq!(*log.lock().unwrap(), std::slice::from_ref(&expected));
        // A request that was made by hand.
        if !base.is_empty() && !url.starts_with("http:") {
            continue;
        }
        client.by_hand(Request::new("GET", url).unwrap()).unwrap();
        assert_eq!(log.lock().unwrap()[1], expected);
    }
    // A request's own credentials are sent.
    let (client, log) = recording::<F>(|_| (200, None), |client| with_all(client).url("http://h"));
    F::send(client.get("http://other/").bearer_auth("own").secret_header("X-Key", "own")).unwrap();
    assert_eq!(*log.lock().unwrap(), ["http://other/ Authorization X-Key X-Plain"]);
}

fn user_information_of_the_base<F: Over>() {
    let values = Arc::new(Mutex::new(Vec::new()));
    for set in [
        |client: Setup<F>| client.url("http://u:p@h/"),
        |client: Setup<F>| client.bearer_auth("t").url("http://u:p@h/"),
        |client: Setup<F>| client.url("http://u:p@h/").headers([("A", "b")]),
    ] {
        let seen = Arc::clone(&values);
        let answer = move |request: &Request<BodyOf<F>>| {
            let value = request.headers().get("Authorization").map(|value| value.to_string());
            seen.lock().unwrap().push(value);
            Response::new(200, ())
        };
        let client = F::answered(answer, set).unwrap();
        F::send(client.get("/x")).unwrap();
        F::send(client.get("http://other/")).unwrap();
        F::send(client.get("/x").basic_auth("a", "b")).unwrap();
    }
    let (base, token, own) = (Some("Basic dTpw".into()), Some("Bearer t".into()), Some("Basic YTpi".into()));
    assert_eq!(
        *values.lock().unwrap(),
        [&base, &None, &own, &token, &None, &own, &base, &None, &own].map(Option::clone)
    );
}

fn elsewhere(url: &str) -> (u16, Option<&'static str>) {
    match url.split('?').next() {
        Some("http://a/") => (302, Some("http://b/x")),
        Some("http://b/x") => (302, Some("http://a/back")),
        _ => (200, None),
    }
}

/// A layer above the client follows the redirects.
fn a_request_that_crossed_origins_gets_none<F: Over>() {
    let follow = || Redirect::with_policy(|_| RedirectAction::Follow);
    for anywhere in [false, true] {
        let set = |client: Setup<F>| {
            let client = with_all(client).max_redirects(0);
            if anywhere { client.send_credentials_to_any_origin() } else { client }
        };
        let (client, log) = recording::<F>(elsewhere, set);
        let outer = F::over(follow(), client, |client| client.max_redirects(20)).unwrap();
        // The inner client follows none: its own setting is the default, the outer's would be the request's.
        outer.by_hand(Request::new("GET", "http://a/").unwrap()).unwrap();
        assert_eq!(
            *log.lock().unwrap(),
            [
                "http://a/?key=k Authorization Proxy-Authorization Cookie X-Key X-Plain",
                "http://b/x X-Plain",
                "http://a/back X-Plain",
            ],
            "{anywhere}"
        );
    }
}

fn no_redirect_takes_them_along<F: Over>() {
    let (client, log) = recording::<F>(elsewhere, with_all);
    F::send(client.get("http://a/")).unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        [
            "http://a/?key=k Authorization Proxy-Authorization Cookie X-Key X-Plain",
            "http://b/x X-Plain",
            "http://a/back X-Plain",
        ]
    );
}

/// The request's own value of a header that the client marked as secret.
fn a_request_that_replaces_a_secret_keeps_it_secret<F: Over>() {
    let (client, log) = recording::<F>(elsewhere, |client| client.secret_header("X-Key", "k1"));
    let request = client.get("http://a/").header("x-key", "k2");
    let built = request.try_clone().unwrap().build().unwrap();
    assert!(built.headers().get("X-Key").unwrap().is_sensitive());
    assert!(!format!("{:?}", built.headers()).contains("k2"));
    F::send(request).unwrap();
    F::send(client.get("http://a/").headers([("X-Key", "k2")])).unwrap();
    let lines = ["http://a/ X-Key", "http://b/x", "http://a/back"];
    assert_eq!(*log.lock().unwrap(), [lines, lines].concat());
}
