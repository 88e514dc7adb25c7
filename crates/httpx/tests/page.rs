//! What the page of clients shows, works.

#![recursion_limit = "2048"] // `written_once!` takes a step for each token
#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "tls",
    feature = "cookies",
    feature = "json"
))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx::{ErrorKind, Response, Text, Timeouts, Url, memory};

mod support;

use support::flavour::{BodyOf, Setup};
use support::tls::{Authority, Trusting};
use support::{Flavour, Reply, Server, both_flavours};

both_flavours!(
    representation,
    close_lets_nothing_more_in,
    close_waits_for_what_is_in_use,
    dropping_the_last_clone_closes,
    default_headers_and_base_url,
    unverified_tls,
    max_connections,
    what_a_pool_accepts,
    methods,
    redirects_and_cookies,
    one_client_in_many_threads,
    options_of_the_client_and_of_one_request,
    timeouts_at_once,
    the_shortcuts,
    the_quick_functions_keep_no_cookies,
    a_transport_of_ones_own,
    a_transport_sees_the_whole_request,
    a_network_in_memory,
    hosts,
    piece_by_piece,
);

fn representation<F: Flavour>() {
    let client = F::new();
    assert_eq!(client.shown(), "<Client [0 active]>");
    let servers = [Server::fine(), Server::fine(), Server::routes([])];
    for server in &servers {
        F::send(client.get(&server.url("/"))).unwrap();
    }
    assert_eq!(client.shown(), "<Client [0 active, 3 idle]>");
    let streamed = F::stream(client.get(&servers[2].url("/"))).unwrap();
    assert_eq!(client.shown(), "<Client [1 active, 2 idle]>");
    assert_eq!(F::read_body(streamed).unwrap().text(), "good");
    assert_eq!(client.shown(), "<Client [0 active, 3 idle]>");
    client.close();
    assert_eq!(client.shown(), "<Client [0 active]>");
    servers.iter().for_each(|server| server.wait_for_closed(1));

    let fresh = F::new();
    let streamed = F::stream(fresh.get(&servers[2].url("/"))).unwrap();
    assert_eq!(fresh.shown(), "<Client [1 active]>");
    assert_eq!(format!("{:?}", F::read_body(streamed).unwrap()), "<Response [200 OK]>");
}

fn close_lets_nothing_more_in<F: Flavour>() {
    let client = F::new();
    let clone = client.clone();
    let server = Server::fine();
    F::send(client.get(&server.url("/"))).unwrap();
    client.close();
    server.wait_for_closed(1);
    client.close();
    let error = F::send(clone.get(&server.url("/later"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert_eq!(
        error.to_string(),
        format!("GET {}: the client is closed; make a new one", server.url("/later"))
    );
    assert_eq!(server.opened(), 1);
}

/// An exchange that runs when the client is closed ends as it would have, and then its connection is closed.
fn close_waits_for_what_is_in_use<F: Flavour>() {
    let client = F::new();
    let server = Server::routes([]);
    let streamed = F::stream(client.get(&server.url("/"))).unwrap();
    client.close();
    assert_eq!(client.shown(), "<Client [1 active]>");
    assert_eq!(F::read_body(streamed).unwrap().text(), "good");
    server.wait_for_closed(1);
    assert_eq!(client.shown(), "<Client [0 active]>");
}

fn dropping_the_last_clone_closes<F: Flavour>() {
    let client = F::new();
    let server = Server::routes([]);
    let clone = client.clone();
    F::send(client.get(&server.url("/"))).unwrap();
    drop(client);
    F::send(clone.get(&server.url("/"))).unwrap();
    let streamed = F::stream(clone.get(&server.url("/"))).unwrap();
    assert_eq!(server.opened(), 1);
    drop(clone);
    // A streamed response outlives its client.
    assert_eq!(F::read_body(streamed).unwrap().text(), "good");
    server.wait_for_closed(1);
}

fn default_headers_and_base_url<F: Flavour>() {
    let server = Server::new(|seen| {
        Reply::full("200 OK", "Content-Type: application/json\r\n", {
            format!(
                "{{\"target\": {:?}, \"agent\": {:?}}}",
                seen.target(),
                seen.header("User-Agent").unwrap()
            )
        })
    });
    let client = F::with(|builder| {
        builder.url(server.url("/v1/")).headers([("User-Agent", "dev"), ("Accept-Encoding", "gzip")])
    });
    let response = F::send(client.get("json")).unwrap();
    let json: std::collections::HashMap<String, String> = response.json().unwrap();
    assert_eq!((&*json["target"], &*json["agent"]), ("/v1/json", "dev"));
}

fn unverified_tls<F: Flavour>() {
    let server =
        Server::tls(Authority::new().server_until("elsewhere.example", 1990), |_| Reply::ok("hello"));
    let error = F::send(F::new().get(&server.url("/"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    let no_verify = httpx::TlsConfig::builder().danger_accept_invalid_certs().build().unwrap();
    let client = F::pooled(|pool| pool.tls(no_verify));
    assert_eq!(F::send(client.get(&server.url("/"))).unwrap().text(), "hello");
}

fn max_connections<F: Flavour>() {
    let client = F::pooled(|pool| pool.max_connections(2));
    let server = Server::fine();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    F::send(client.get(&server.url("/"))).unwrap();
                }
            });
        }
    });
    assert_eq!(server.take().len(), 80);
    assert!(server.opened() <= 2, "{}", server.opened());
}

fn what_a_pool_accepts<F: Flavour>() {
    let authority = Authority::new();
    let until_close = b"HTTP/1.1 200 OK\r\n\r\nhello".to_vec();
    let server = Server::tls(authority.server("localhost"), move |_| Reply::Cut(until_close.clone()));
    for (unclean_ends, expected) in [
        (httpx::UncleanEnds::Refuse, Err(ErrorKind::Incomplete)),
        (httpx::UncleanEnds::Accept, Ok("hello".to_owned())),
    ] {
        let tls = authority.trusted();
        let client = F::pooled(|pool| pool.tls(tls).unclean_ends(unclean_ends));
        let response = F::send(client.get(&server.url("/")));
        assert_eq!(response.map(|it| it.text().into_owned()).map_err(|error| error.kind()), expected);
    }
    let server = Server::new(|_| Reply::full("200 OK", "A: 1\r\nB: 2\r\n", ""));
    let mut limits = httpx::Limits::default();
    limits.header_count = 2;
    let client = F::pooled(|pool| pool.limits(limits));
    assert_eq!(F::send(client.get(&server.url("/"))).unwrap_err().kind(), ErrorKind::Protocol);
}

fn methods<F: Flavour>() {
    let server = Server::new(|seen| match &*seen.method() {
        "HEAD" => Reply::Keep(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".into()),
        method => Reply::ok(method),
    });
    let client = F::new();
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "M-SEARCH", "get"] {
        let response = F::send(client.request(method, &server.url("/"))).unwrap();
        assert_eq!(response.text(), method);
        assert_eq!(server.take_one().method(), method);
    }
    let head = F::send(client.request("HEAD", &server.url("/"))).unwrap();
    assert_eq!((head.content_length(), head.bytes().len()), (Some(1000), 0));
    assert_eq!(server.opened(), 1);
}

fn redirects_and_cookies<F: Flavour>() {
    let login = Reply::full("303 See Other", "Location: /home\r\nSet-Cookie: id=1; Path=/\r\n", "");
    let server = Server::routes([("/login", login), ("/other", Reply::redirect("307", "/home#part"))]);
    let client = F::new();
    let response = F::send(client.post(&server.url("/login")).form([("user", "me")])).unwrap();
    assert_eq!(response.url().unwrap().as_str(), server.url("/home"));
    assert_eq!(response.history().len(), 1);
    assert_eq!(response.history()[0].status(), 303);
    let requests = server.take();
    assert_eq!((requests[0].method(), requests[0].header("Cookie")), ("POST".into(), None));
    assert_eq!((requests[1].method(), requests[1].header("Cookie")), ("GET".into(), Some("id=1".into())));
    assert_eq!(requests[1].header("Content-Type"), None);
    assert_eq!(requests[1].body(), b"");

    F::send(client.put(&server.url("/other")).body(F::bytes("again"))).unwrap();
    for request in server.take() {
        assert_eq!((request.method(), request.body()), ("PUT".into(), &b"again"[..]));
        assert_eq!(request.header("Cookie"), Some("id=1".into()));
    }
    // A header of one's own is sent alone.
    F::send(client.get(&server.url("/")).header("Cookie", "mine=1")).unwrap();
    assert_eq!(server.take_one().header("Cookie"), Some("mine=1".into()));
    // The redirect itself.
    let response = F::send(client.get(&server.url("/other")).max_redirects(0)).unwrap();
    assert_eq!((response.status().as_u16(), response.history().len()), (307, 0));
    assert_eq!(server.opened(), 1);

    server.take();
    let careless = F::with(httpx::ClientBuilder::no_cookies);
    F::send(careless.get(&server.url("/login"))).unwrap();
    assert!(server.take().iter().all(|request| request.header("Cookie").is_none()));
}

fn one_client_in_many_threads<F: Flavour>() {
    let client = F::new();
    let server = Server::new(|seen| Reply::ok(&seen.target()));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (client, server) = (client.clone(), &server);
            scope.spawn(move || {
                for n in 0..25 {
                    let path = format!("/{thread}/{n}");
                    assert_eq!(F::send(client.get(&server.url(&path))).unwrap().text(), path);
                }
            });
        }
    });
    assert!(server.opened() <= 8, "{} connections for 8 threads", server.opened());
    assert_eq!(client.shown(), format!("<Client [0 active, {} idle]>", server.opened()));
}

/// What the client says holds for all requests, what a request says for itself.
fn options_of_the_client_and_of_one_request<F: Flavour>() {
    let server = Server::routes([("/away", Reply::redirect("302", "/"))]);
    let client = F::with(|builder| builder.max_body_bytes(3).max_redirects(0));
    assert_eq!(F::send(client.get(&server.url("/"))).unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!(F::send(client.get(&server.url("/")).max_body_bytes(4)).unwrap().text(), "good");
    assert_eq!(F::send(client.get(&server.url("/away"))).unwrap().status(), 302);
    assert_eq!(
        F::send(client.get(&server.url("/away")).max_redirects(1).max_body_bytes(4)).unwrap().status(),
        200
    );
}

/// Those that are set; the others stay.
fn timeouts_at_once<F: Flavour>() {
    let [one, two, three, four] = [1, 2, 3, 4].map(Duration::from_secs);
    let seen = Arc::new(Mutex::new(Timeouts::new()));
    let log = Arc::clone(&seen);
    let answer = move |request: &httpx_core::Request<BodyOf<F>>| {
        *log.lock().unwrap() = request.head().options().timeouts;
        Response::new(200, ())
    };
    let of_client = Timeouts::new().connect(one).read(one);
    let client = F::answered(answer, |client| client.head_timeout(two).timeouts(of_client)).unwrap();
    let ask = client.get("http://h/").read_timeout(two).timeouts(Timeouts::new().read(three).total(four));
    F::send(ask.write_timeout(four)).unwrap();
    let expected = Timeouts::new().connect(one).head(two).read(three).total(four).write(four);
    assert_eq!(*seen.lock().unwrap(), expected);
}

fn the_shortcuts<F: Flavour>() {
    let server = Server::new(|seen| Reply::ok(if seen.method() == "HEAD" { "" } else { "body" }));
    let (client, url) = (F::new(), server.url("/"));
    for (method, of_client, quick) in F::shortcuts() {
        assert_eq!(F::send(of_client(&client, &url)).unwrap().status(), 200);
        assert_eq!(server.take_one().method(), method);
        assert_eq!(F::send(quick(&url)).unwrap().status(), 200);
        assert_eq!(server.take_one().method(), method);
    }
    // A client's own, and one that the process shares.
    assert_eq!(server.opened(), 2);
}

fn the_quick_functions_keep_no_cookies<F: Flavour>() {
    let server = Server::new(|_| Reply::full("200 OK", "Set-Cookie: id=1\r\n", ""));
    let (_, _, get) = F::shortcuts()[0];
    for _ in 0..2 {
        F::send(get(&server.url("/"))).unwrap();
        assert_eq!(server.take_one().header("Cookie"), None);
    }
}

/// The page's `MockTransport`.
fn a_transport_of_ones_own<F: Flavour>() {
    let hello = Response::new(200, Text("Hello, world")).unwrap();
    let client = F::answered(move |_| Ok(hello.clone()), |client| client).unwrap();
    assert_eq!(client.shown(), "<Client>");
    let response = F::send(client.get("https://www.example.com")).unwrap();
    let shown = format!("{response:?}");
    assert_eq!((&*shown, &*response.text()), ("<Response [200 OK]>", "Hello, world"));
    assert_eq!(response.url().map(Url::as_str), Some("https://www.example.com/"));
    let streamed = F::stream(client.get("https://www.example.com")).unwrap();
    assert_eq!(F::read_body(streamed).unwrap().text(), "Hello, world");
    client.close();
    assert_eq!(F::send(client.get("https://www.example.com")).unwrap_err().kind(), ErrorKind::Closed);
}

/// What a transport of one's own is given: all that the client adds.
fn a_transport_sees_the_whole_request<F: Flavour>() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let record = Arc::clone(&seen);
    let answer = move |request: &httpx_core::Request<BodyOf<F>>| {
        let head = request.head();
        let entry = format!("{request:?} {:?} {:?}", head.headers(), head.options().timeouts.total);
        record.lock().unwrap().push(entry);
        Response::new(200, ())
    };
    let set = |client: Setup<F>| client.headers([("A", "1")]).timeout(Duration::from_secs(7));
    let client = F::answered(answer, set).unwrap();
    F::send(client.get("http://u:p@h/x").header("B", "2")).unwrap();
    // A request made by hand, through the client as a transport.
    let by_hand = httpx_core::Request::new("GET", "http://h/x").unwrap();
    client.by_hand(by_hand.with_header("A", "3").unwrap()).unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [
            r#"<Request [GET "http://h/x"]> {"A": "1", "Authorization": [secret], "B": "2"} Some(7s)"#,
            r#"<Request [GET "http://h/x"]> {"A": "3"} Some(7s)"#,
        ]
    );
}

fn a_network_in_memory<F: Flavour>() {
    let (backend, listener) = memory::network();
    let server = std::thread::spawn(move || {
        let (target, stream) = listener.accept().unwrap();
        let request = F::answer(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        (target.to_string(), request)
    });
    let client = F::in_memory(backend);
    assert_eq!(F::send(client.get("http://no.such.host:81/x")).unwrap().text(), "hello");
    let (target, request) = server.join().unwrap();
    assert_eq!(target, "http://no.such.host:81");
    assert!(request.starts_with("GET /x HTTP/1.1\r\nHost: no.such.host:81\r\n"), "{request}");
}

/// Hosts that no loopback server can have.
fn hosts<F: Flavour>() {
    for (url, host) in [
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("http://EXAMPLE.com:80/", "example.com"),
        ("http://example.com:443/", "example.com:443"),
        ("http://[::1]/", "[::1]"),
        ("http://[0:0::1]:8080/", "[::1]:8080"),
        ("http://example.com./", "example.com."),
        ("http://ex%41mple.com/", "example.com"),
    ] {
        let (backend, listener) = memory::network();
        let server = std::thread::spawn(move || {
            let (_, stream) = listener.accept().unwrap();
            F::answer(stream, b"HTTP/1.1 204 No Content\r\n\r\n")
        });
        F::send(F::in_memory(backend).get(url)).unwrap();
        let request = server.join().unwrap();
        assert!(request.starts_with(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n")), "{url}: {request}");
    }
}

/// Without a trait: each piece as it comes, and the end as often as it is asked for.
fn piece_by_piece<F: Flavour>() {
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(40_000).collect();
    let chunked =
        [&b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9c40\r\n"[..], &body, b"\r\n0\r\n\r\n"];
    let server = Server::routes([
        ("/known", Reply::full("200 OK", "", &body)),
        ("/chunked", Reply::Keep(chunked.concat())),
        ("/empty", Reply::ok("")),
    ]);
    // A stream has no limit.
    let client = F::with(|client| client.max_body_bytes(1));
    for (path, expected) in [("/known", &body[..]), ("/chunked", &body), ("/empty", &[])] {
        let mut streamed = F::stream(client.get(&server.url(path))).unwrap();
        let mut came = Vec::new();
        while let Some(chunk) = F::chunk(&mut streamed).unwrap() {
            assert!((1..=16 << 10).contains(&chunk.len()), "{}", chunk.len());
            came.extend_from_slice(&chunk);
        }
        assert!(came == expected, "{path}: {} bytes", came.len());
        // At its end it has given its connection back.
        assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
        assert!(F::chunk(&mut streamed).unwrap().is_none() && F::chunk(&mut streamed).unwrap().is_none());
    }
    assert_eq!(server.opened(), 1);
    let mut streamed = F::stream(client.get(&server.url("/known"))).unwrap();
    F::chunk(&mut streamed).unwrap().unwrap();
    assert_eq!(client.shown(), "<Client [1 active]>");
}

/// What the page shows as programs: in the async flavour the same with `async` and `.await`.
mod programs {
    use crate::support::written_once::written_once;

    written_once! {
        use std::sync::LazyLock;

        use flavour::{
            Body, Bytes, Client, ConnectionPool, CookieJar, CookieMiddleware, Error, Headers, Json,
            RedirectMiddleware, Request, RequestBuilder, Response, Result, Transport, Url,
        };

        use crate::support::{Reply, Server};

        #[test]
        async fn a_global_client() {
            static CLIENT: LazyLock<Client> = LazyLock::new(Client::new);
            static SERVER: LazyLock<Server> = LazyLock::new(Server::fine);
            at_once(8, async || {
                let response = CLIENT.get(SERVER.url("/")).send().await.unwrap();
                assert_eq!(response.status(), 200);
            })
            .await;
            assert_eq!(SERVER.take().len(), 8);
            assert_eq!(format!("{:?}", *CLIENT), format!("<Client [0 active, {} idle]>", SERVER.opened()));
        }

        #[test]
        async fn a_streamed_response_is_a_reader() -> Result<()> {
            let server = Server::routes([]);
            let mut response = Client::new().get(server.url("/")).stream().await?;
            let mut read = Vec::new();
            io::copy(&mut response, &mut read).await.unwrap();
            assert_eq!(read, b"good");
            Ok(())
        }

        #[test]
        async fn middleware_by_hand() -> Result<()> {
            let away = Reply::full("302 Found", "Location: /home\r\nSet-Cookie: id=1\r\n", "");
            let server = Server::routes([("/away", away)]);
            let jar = CookieJar::new();
            let cookies = CookieMiddleware::with_jar(ConnectionPool::new(), jar.clone());
            let via = RedirectMiddleware::new(cookies);
            let request = Request::new("GET", server.url("/away"))?;
            let response = via.send(request).await?.read_body().await?;
            assert_eq!((&*response.text(), response.history().len()), ("good", 1));
            assert_eq!(jar.get("id").unwrap().value(), "1");
            assert_eq!(server.take()[1].header("Cookie").unwrap(), "id=1");
            // A request that no client has seen has no default headers.
            let request = Request::new("GET", server.url("/plain"))?;
            via.send(request).await?.read_body().await?;
            let host = server.authority();
            let expected = format!("GET /plain HTTP/1.1\r\nHost: {host}\r\nCookie: id=1\r\n\r\n");
            assert_eq!(server.take_one().text(), expected);

            let client = Client::builder().cookie_jar(jar).build()?;
            client.get(server.url("/")).send().await?;
            assert_eq!(server.take_one().header("Cookie").unwrap(), "id=1");
            assert_eq!(client.cookies().len(), 1);
            Ok(())
        }

        /// The page's `APIClient`: only `GET` and `POST`, and JSON alone.
        struct ApiClient {
            url: Url,
            headers: Headers,
            via: RedirectMiddleware<ConnectionPool>,
        }

        impl ApiClient {
            fn new(url: &str) -> Result<Self> {
                Ok(ApiClient {
                    url: Url::parse(url)?,
                    headers: httpx::headers![
                        ("Accept-Encoding", "gzip"),
                        ("Connection", "keep-alive"),
                        ("User-Agent", "dev"),
                    ],
                    via: RedirectMiddleware::new(ConnectionPool::new()),
                })
            }

            async fn get(&self, path: &str) -> Result<Response<Bytes>> {
                let request = Request::new("GET", self.url.join(path)?)?.with_headers(&self.headers)?;
                self.via.send(request).await?.read_body().await
            }

            async fn post<T: serde::Serialize>(&self, path: &str, payload: &T) -> Result<Response<Bytes>> {
                let request = Request::new("POST", self.url.join(path)?)?
                    .with_headers(&self.headers)?
                    .with_content(Json(payload))?;
                self.via.send(request).await?.read_body().await
            }
        }

        #[test]
        async fn an_api_client() -> Result<()> {
            let server = Server::routes([]);
            let api = ApiClient::new(&server.url("/v1/"))?;
            let response = api.get("items").await?;
            assert_eq!(response.text(), "good");
            let host = server.authority();
            let headers = "Accept-Encoding: gzip\r\nConnection: keep-alive\r\nUser-Agent: dev\r\n";
            let expected = format!("GET /v1/items HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
            assert_eq!(server.take_one().text(), expected);
            api.post("items", &[1, 2]).await?;
            let content = "Content-Type: application/json\r\nContent-Length: 5\r\n\r\n[1,2]";
            let expected = format!("POST /v1/items HTTP/1.1\r\nHost: {host}\r\n{headers}{content}");
            assert_eq!(server.take_one().text(), expected);
            Ok(())
        }

        #[test]
        async fn what_may_go_between_threads() {
            fn shared<T: Send + Sync + 'static>() {}
            fn sent<T: Send + 'static>() {}
            shared::<Client>();
            shared::<Response<Bytes>>();
            shared::<Error>();
            shared::<ConnectionPool>();
            sent::<Response<Body>>();
            sent::<Request>();
            sent::<RequestBuilder<Client>>();
        }
    }
}
