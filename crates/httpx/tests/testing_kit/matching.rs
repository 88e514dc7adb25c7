//! Which requests a route matches, and what the error says of those that no route matches.

use httpx::ErrorKind;
use httpx::testing::{Mock, PathParams, Reply, Route};

use crate::kit::Kit;
use crate::support::both_flavours;

both_flavours!(
    routes_match,
    nothing_matches,
    the_nearest_route_is_named,
    the_first_route_wins,
    path_parameters,
    requests_are_recorded,
    invalid_routes_are_errors,
);

struct Case {
    route: fn(&Mock) -> Route,
    request: (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str),
    /// The difference in the error's message; `None` if it matches.
    difference: Option<&'static str>,
}

const fn case(
    route: fn(&Mock) -> Route,
    request: (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str),
    difference: Option<&'static str>,
) -> Case {
    Case { route, request, difference }
}

const CASES: &[Case] = &[
    case(|mock| mock.get("/a"), ("GET", "http://h/a", &[], ""), None),
    case(|mock| mock.get("/a"), ("GET", "http://h/a?x=1#f", &[], ""), None),
    case(
        |mock| mock.get("/a"),
        ("POST", "http://h/a", &[], ""),
        Some("GET /a: the method is POST, not GET. Its routes"),
    ),
    case(|mock| mock.on("PROPFIND", "/a"), ("PROPFIND", "http://h/a", &[], ""), None),
    case(|mock| mock.any("/a"), ("PATCH", "http://h/a", &[], ""), None),
    case(|mock| mock.any("/*"), ("PATCH", "http://h/a/b", &[], ""), None),
    case(
        |mock| mock.get("/users/{id}"),
        ("GET", "http://h/user/7", &[], ""),
        Some("GET /users/{id}: the path is /user/7, not /users/{id}. Its routes"),
    ),
    case(|mock| mock.get("https://h/a"), ("GET", "https://h/a", &[], ""), None),
    case(|mock| mock.get("https://h:443"), ("GET", "https://H/", &[], ""), None),
    case(
        |mock| mock.get("https://h/a"),
        ("GET", "http://h/a", &[], ""),
        Some("GET https://h/a: the origin is http://h, not https://h. Its routes"),
    ),
    case(|mock| mock.get("/").host("h"), ("GET", "http://h:81/", &[], ""), None),
    case(|mock| mock.get("/").host("h:81"), ("GET", "http://h:81/", &[], ""), None),
    case(
        |mock| mock.get("/").host("h:81"),
        ("GET", "http://h/", &[], ""),
        Some("GET / with host h:81: the host is h, not h:81. Its routes"),
    ),
    case(|mock| mock.get("/a?x=1"), ("GET", "http://h/a?y=2&x=1", &[], ""), None),
    case(|mock| mock.get("/a").query("x", "1 2"), ("GET", "http://h/a?x=1+2", &[], ""), None),
    case(
        |mock| mock.get("/a?x=1&y"),
        ("GET", "http://h/a?x=2", &[], ""),
        Some("GET /a?x=1&y=: the query has x=2, not x=1, and the query has no y=. Its routes"),
    ),
    case(|mock| mock.get("/a").has_query("x"), ("GET", "http://h/a?x=9", &[], ""), None),
    case(
        |mock| mock.get("/a").has_query("x"),
        ("GET", "http://h/a", &[], ""),
        Some("GET /a?x: the query has no x. Its routes"),
    ),
    case(
        |mock| mock.get("/").header("x-a", 1),
        ("GET", "http://h/", &[("X-A", "0"), ("X-A", "1")], ""),
        None,
    ),
    case(|mock| mock.get("/").has_header("X-A"), ("GET", "http://h/", &[("x-a", "")], ""), None),
    case(
        |mock| mock.get("/").header("X-A", "1"),
        ("GET", "http://h/", &[("X-A", "2")], ""),
        Some(r#"GET / with header X-A: "1": the header X-A is "2", not "1". Its routes"#),
    ),
    case(
        |mock| mock.get("/").header("X-A", "1").has_header("X-B"),
        ("GET", "http://h/", &[], ""),
        Some(r#"header X-B: it has no header X-A: "1", and it has no header X-B. Its routes"#),
    ),
    case(
        |mock| mock.get("/").header("Authorization", "Bearer right"),
        ("GET", "http://h/", &[("Authorization", "Bearer wrong")], ""),
        Some(
            "GET / with header Authorization: [secret]: the header Authorization is [secret], not [secret]. Its",
        ),
    ),
    case(|mock| mock.post("/").body("text"), ("POST", "http://h/", &[], "text"), None),
    case(
        |mock| mock.post("/").body("text"),
        ("POST", "http://h/", &[], ""),
        Some(r#"POST / with body "text": the body is empty, not "text". Its routes"#),
    ),
    case(|mock| mock.post("/").body_contains("needle"), ("POST", "http://h/", &[], "a needle!"), None),
    case(
        |mock| mock.post("/").body_contains("needle"),
        ("POST", "http://h/", &[], "hay"),
        Some(r#"POST / with "needle" in the body: the body is "hay", without "needle". Its routes"#),
    ),
    case(
        |mock| mock.post("/").form([("b", "2 3"), ("a", "1")]),
        ("POST", "http://h/", &[], "a=1&b=2+3"),
        None,
    ),
    case(
        |mock| mock.post("/").form([("a", "1")]),
        ("POST", "http://h/", &[], "a=2"),
        Some("POST / with form a=1: the form is a=2, without a=1. Its routes"),
    ),
    case(
        |mock| mock.get("/").when("an even length", |request| request.body().len() % 2 == 0),
        ("GET", "http://h/", &[], "12"),
        None,
    ),
    case(
        |mock| mock.get("/").when("an even length", |request| request.body().len() % 2 == 0),
        ("GET", "http://h/", &[], "1"),
        Some("GET / with an even length: it is without an even length. Its routes"),
    ),
];

#[cfg(feature = "json")]
const JSON_CASES: &[Case] = &[
    case(|mock| mock.post("/").json(&[1, 2]), ("POST", "http://h/", &[], " [1,\n2] "), None),
    case(
        |mock| mock.post("/").json(&[("a", 1)]),
        ("POST", "http://h/", &[], r#"[["b", 1]]"#),
        Some(r#"POST / with JSON [["a",1]]: the JSON at /0/0 is "b", not "a". Its routes"#),
    ),
    case(
        |mock| mock.post("/").json(&[1, 2]),
        ("POST", "http://h/", &[], "[1]"),
        Some("the JSON is [1], not [1,2]. Its routes"),
    ),
    case(
        |mock| mock.post("/").json(&std::collections::BTreeMap::from([("a", 1)])),
        ("POST", "http://h/", &[], r#"{"b": 1, "a": 1}"#),
        Some(r#"the JSON has "b", which is not expected. Its routes"#),
    ),
    case(
        |mock| mock.post("/").json(&std::collections::BTreeMap::from([("a", 1)])),
        ("POST", "http://h/", &[], "{}"),
        Some(r#"the JSON has no "a". Its routes"#),
    ),
    case(
        |mock| mock.post("/").json(&1),
        ("POST", "http://h/", &[], "one"),
        Some(r#"the body "one" is not JSON: expected value at line 1 column 1. Its routes"#),
    ),
];

#[cfg(not(feature = "json"))]
const JSON_CASES: &[Case] = &[];

fn routes_match<F: Kit>() {
    for Case { route, request: (method, url, headers, body), difference } in CASES.iter().chain(JSON_CASES) {
        let mock = Mock::new();
        let route = route(&mock).reply(204);
        let outcome = F::over_mock(mock).ask(method, url, headers, body);
        match difference {
            None => assert_eq!(outcome.map(|response| response.status().as_u16()).unwrap(), 204, "{route:?}"),
            Some(difference) => {
                let error = outcome.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Other);
                let text = error.to_string();
                assert!(text.contains(difference), "{difference}\n{text}");
            }
        }
    }
}

fn nothing_matches<F: Kit>() {
    let error = F::send(F::over_mock(Mock::new()).get("http://h/a")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET http://h/a: the mock has no routes; add one with mock.get(…), or another method"
    );
}

fn the_nearest_route_is_named<F: Kit>() {
    let mock = Mock::new();
    mock.get("/users/{id}").header("X-A", "1");
    mock.post("/users");
    mock.get("/").host("api.example.com");
    let client = F::over_mock(mock);
    let error = F::send(client.get("http://h/users/7")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET http://h/users/7: no route of the mock matches; the nearest is GET /users/{id} with header X-A: \"1\": it \
         has no header X-A: \"1\". Its routes: GET /users/{id} with header X-A: \"1\"; POST /users; GET / with host \
         api.example.com"
    );
    let error = F::send(client.get("http://h/users")).unwrap_err();
    assert!(
        error.to_string().contains("the nearest is POST /users: the method is GET, not POST."),
        "{error}"
    );
}

fn the_first_route_wins<F: Kit>() {
    let mock = Mock::new();
    let first = mock.get("/a").reply(Reply::text("first")).up_to(2);
    let second = mock.get("/{any}").reply(Reply::text("second")).up_to(2);
    let client = F::over_mock(mock);
    let get = |path: &str| F::send(client.get(&format!("http://h{path}")));
    let texts = ["/a", "/b", "/a", "/a"].map(|path| get(path).unwrap().into_text());
    assert_eq!(texts, ["first", "second", "first", "second"]);
    assert_eq!((first.calls(), second.calls()), (2, 2));
    let error = get("/a").unwrap_err().to_string();
    assert!(error.contains("it answers 2 requests at most, and has done so"), "{error}");
}

fn path_parameters<F: Kit>() {
    let mock = Mock::new();
    mock.get("/{user}/files/{path*}").reply_with(|request| {
        let params = request.extensions().get::<PathParams>().unwrap();
        let [user, path, other] = ["user", "path", "other"].map(|name| params.get(name).unwrap_or("none"));
        Reply::text(format!("{user} {path} {other}"))
    });
    let response = F::send(F::over_mock(mock).get("http://h/ann%20b/files/x/y.txt")).unwrap();
    assert_eq!(response.text(), "ann b x/y.txt none");
}

fn requests_are_recorded<F: Kit>() {
    let mock = Mock::new();
    mock.post("/a").reply(200);
    let client = F::over_mock(mock.clone());
    client.ask("POST", "http://h/a", &[("X-A", "1")], "one").unwrap();
    client.ask("PUT", "http://h/b", &[], "two").unwrap_err();
    let requests = mock.requests();
    let shown =
        requests.iter().map(|request| format!("{request:?} {:?}", request.body())).collect::<Vec<_>>();
    assert_eq!(shown, [r#"<Request [POST "http://h/a"]> b"one""#, r#"<Request [PUT "http://h/b"]> b"two""#]);
    assert_eq!(requests[0].headers().get("x-a").unwrap(), "1");
    assert_eq!(format!("{mock:?}"), "Mock(1 routes, 2 requests)");
}

fn invalid_routes_are_errors<F: Kit>() {
    for (route, text) in [
        (
            (|mock| mock.get("users")) as fn(&Mock) -> Route,
            "the path pattern \"users\" of a route is not valid: it must begin with /",
        ),
        (|mock| mock.on("GE T", "/"), "\"GE T\" is not a request method"),
        (|mock| mock.get("http://[/"), "its host is not a valid address"),
        (|mock| mock.get("/").header("X A", 1), "X A"),
    ] {
        let mock = Mock::new();
        route(&mock);
        let error = F::send(F::over_mock(mock.clone()).get("http://h/")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(text), "{text}: {error}");
        // It would fail again at the end of the test.
        let report = crate::kit::panic_text(|| drop(mock)).unwrap();
        assert!(report.contains(text), "{report}");
    }
}
