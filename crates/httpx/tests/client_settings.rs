//! Settings of a client, of its pool and of single requests.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::net::Ipv4Addr;
use std::time::Duration;

use httpx::network::{ConnectOptions, Limits, PublicOnly, UncleanEnds};
use httpx::{ErrorKind, Response};

mod support;

use support::flavour::{Ask, Setup};
use support::{Flavour, Server, both_flavours};

both_flavours!(
    query_parameters,
    paths_below_the_base,
    headers,
    ranges_are_not_compressed,
    settings_of_the_pool,
    when_connections_are_replaced,
    extensions,
    builders_are_cloned,
);

fn answered<F: Flavour>(set: impl FnOnce(Setup<F>) -> Setup<F>) -> F {
    F::answered(|_| Response::new(200, ()), set).unwrap()
}

fn query_parameters<F: Flavour>() {
    type Row<F> = (&'static str, fn(Setup<F>) -> Setup<F>, fn(Ask<F>) -> Ask<F>, &'static str);
    let rows: [Row<F>; 9] = [
        // The query of the URL stays as it is.
        (
            "?a=b%20c&flag&sig=%FF%2Fx~&e=1+2",
            |c| c,
            |r| r.params([("p", "1 2")]),
            "?a=b%20c&flag&sig=%FF%2Fx~&e=1+2&p=1+2",
        ),
        ("?a=b%20c&flag&sig=%FF", |c| c, |r| r.params(httpx::QueryParams::new()), "?a=b%20c&flag&sig=%FF"),
        ("", |c| c, |r| r.params([("p", 1)]).params([("p", 2)]), "?p=1&p=2"),
        ("?", |c| c, |r| r.params([("p", 1)]), "?p=1"),
        ("#part", |c| c, |r| r.params([("p", 1)]), "?p=1#part"),
        // The client's parameters are appended, unless the request has one of the same name.
        ("?x=%FF", |c| c.params([("key", "k"), ("page", "1")]), |r| r, "?x=%FF&key=k&page=1"),
        ("?page=2", |c| c.params([("key", "k"), ("page", "1")]), |r| r, "?page=2&key=k"),
        ("", |c| c.params([("key", "k"), ("page", "1")]), |r| r.params([("page", 3)]), "?page=3&key=k"),
        ("", |c| c.params([("a", "1"), ("a", "2")]), |r| r, "?a=1&a=2"),
    ];
    for (query, of_client, of_request, expected) in rows {
        let request = of_request(answered::<F>(of_client).get(&format!("http://h/{query}"))).build().unwrap();
        assert_eq!(request.url(), format!("http://h/{expected}").as_str());
    }
}

fn paths_below_the_base<F: Flavour>() {
    type Row<F> = (&'static str, fn(Ask<F>) -> Ask<F>, Result<&'static str, &'static str>);
    let rows: [Row<F>; 6] = [
        ("items", |r| r.segments([1, 2]), Ok("https://h/v1/items/1/2")),
        ("", |r| r.segments(["items", "a/b"]).params([("q", 1)]), Ok("https://h/v1/items/a%2Fb?q=1")),
        ("items?q=1", |r| r.segments(["a"]), Ok("https://h/v1/items/a?q=1")),
        ("items", |r| r.segments([".."]), Err("a path segment cannot be")),
        ("./item:7", |r| r, Ok("https://h/v1/item:7")),
        (
            "item:7",
            |r| r,
            Err("GET: cannot send to a URL of scheme \"item\"; write it as ./item:7 for a path below"),
        ),
    ];
    let client = answered::<F>(|client| client.url("https://ann:s3cret@h/v1/"));
    for (path, set, expected) in rows {
        match (set(client.get(path)).build(), expected) {
            (Ok(request), Ok(url)) => assert_eq!(request.url(), url),
            (Err(error), Err(text)) => assert!(error.to_string().contains(text), "{error}"),
            (result, _) => panic!("{path}: {:?}", result.err()),
        }
    }
}

fn headers<F: Flavour>() {
    type Row<F> = (fn(Setup<F>) -> Setup<F>, fn(Ask<F>) -> Ask<F>, &'static str);
    let rows: [Row<F>; 8] = [
        (|c| c.headers([("A", "1")]), |r| r, r#"{"A": "1"}"#),
        (|c| c.headers([("A", "1")]).add_headers([("a", "2"), ("B", "3")]), |r| r, r#"{"a": "2", "B": "3"}"#),
        (|c| c.headers([("A", "1")]).user_agent("me/1"), |r| r, r#"{"A": "1", "User-Agent": "me/1"}"#),
        (|c| c.headers([("A", "1"), ("B", "2")]), |r| r.without_header("a"), r#"{"B": "2"}"#),
        (|c| c.headers([("A", "1")]), |r| r.header("A", "2").without_header("A"), "{}"),
        (|c| c.headers([("A", "1")]), |r| r.without_header("A").header("A", "2"), r#"{"A": "2"}"#),
        (|c| c.headers([("A", "1")]), |r| r.json([1]).without_header("content-type"), r#"{"A": "1"}"#),
        (|c| c.headers([("A", "1")]), |r| r.without_header("Nothing"), r#"{"A": "1"}"#),
    ];
    for (of_client, of_request, expected) in rows {
        let request = of_request(answered::<F>(of_client).get("http://h/")).build().unwrap();
        assert_eq!(format!("{:?}", request.headers()), expected);
    }
}

/// A part of an encoded body cannot be decoded.
fn ranges_are_not_compressed<F: Flavour>() {
    type Row<F> = (fn(Setup<F>) -> Setup<F>, fn(Ask<F>) -> Ask<F>, Option<&'static str>);
    let automatic = if cfg!(feature = "gzip") { "gzip" } else { "identity" };
    let rows: [Row<F>; 5] = [
        (|c| c, |r| r, Some(automatic)),
        (|c| c, |r| r.header("Range", "bytes=0-9"), Some("identity")),
        (|c| c, |r| r.header("Range", "bytes=0-9").header("Accept-Encoding", "gzip"), Some("gzip")),
        (|c| c.headers([("A", "1")]), |r| r.header("Range", "bytes=0-9"), None),
        (|c| c, |r| r.header("Range", "bytes=0-9").without_header("Accept-Encoding"), None),
    ];
    for (of_client, of_request, expected) in rows {
        let request = of_request(answered::<F>(of_client).get("http://h/")).build().unwrap();
        let value = request.headers().get("Accept-Encoding").and_then(httpx::models::HeaderValue::to_str);
        assert_eq!(value, expected);
    }
}

fn settings_of_the_pool<F: Flavour>() {
    type Row<F> = (&'static str, fn(Setup<F>) -> Setup<F>);
    let rows: [Row<F>; 13] = [
        ("limits", |c| c.limits(Limits::default())),
        ("unclean_ends", |c| c.unclean_ends(UncleanEnds::Accept)),
        ("resolve", |c| c.resolve("h", [Ipv4Addr::LOCALHOST])),
        ("unix_socket", |c| c.unix_socket("/run/s")),
        ("address_filter", |c| c.address_filter(PublicOnly::new())),
        ("connect_options", |c| c.connect_options(ConnectOptions::new())),
        ("max_connections", |c| c.max_connections(1)),
        ("max_connections_per_origin", |c| c.max_connections_per_origin(1)),
        ("max_idle_connections", |c| c.max_idle_connections(1)),
        ("max_idle_per_origin", |c| c.max_idle_per_origin(1)),
        ("idle_timeout", |c| c.idle_timeout(Duration::from_secs(1))),
        ("max_age", |c| c.max_age(Duration::from_secs(1))),
        ("max_uses", |c| c.max_uses(1)),
    ];
    for (name, set) in rows {
        // `make` hands in a pool.
        let error = F::make(|pool| pool, |client| set(client).max_connections(3)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().starts_with(&format!("{name}() sets up")), "{error}");
    }
}

/// How many connections three requests need.
fn when_connections_are_replaced<F: Flavour>() {
    type Row<F> = (fn(Setup<F>) -> Setup<F>, usize);
    let rows: [Row<F>; 6] = [
        (|c| c, 1),
        (|c| c.max_uses(2), 2),
        (|c| c.max_uses(1), 3),
        (|c| c.max_uses(0), 3),
        (|c| c.max_age(Duration::from_secs(3600)), 1),
        (|c| c.max_age(Duration::ZERO), 3),
    ];
    for (n, (set, connections)) in rows.into_iter().enumerate() {
        let (server, client) = (Server::fine(), F::own(set));
        (0..3).for_each(|_| drop(F::send(client.get(&server.url("/"))).unwrap()));
        assert_eq!(server.opened(), connections, "row {n}");
    }
}

fn extensions<F: Flavour>() {
    let client = answered::<F>(|client| client.extension(1_u8).extension("client"));
    let request = client.get("http://h/").extension(2_u8).extension('x').build().unwrap();
    let extensions = request.head().extensions();
    assert_eq!(
        (extensions.get::<u8>(), extensions.get::<&str>(), extensions.get::<char>()),
        (Some(&2), Some(&"client"), Some(&'x'))
    );
}

fn builders_are_cloned<F: Flavour>() {
    let client = answered::<F>(|client| client);
    let first = client.get("http://h/").header("A", "1");
    let second = first.try_clone().unwrap().header("A", "2").build().unwrap();
    let first = first.build().unwrap();
    for (request, value) in [(first, "1"), (second, "2")] {
        assert_eq!(request.headers().get("A").unwrap(), value);
    }
    let once = client.post("http://h/").body(F::reader(&b"once"[..]));
    assert!(once.try_clone().is_none());
    assert!(client.get("no URL").try_clone().is_none());
    #[cfg(feature = "json")]
    {
        let list = vec![1, 2];
        let [by_reference, by_value] =
            [client.post("http://h/").json(&list), client.post("http://h/").json(list)];
        assert!(by_reference.try_clone().is_some() && by_value.try_clone().is_some());
    }
}
