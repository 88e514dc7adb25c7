//! The test server: what it answers, what it refuses, and how it stops.

use std::net::TcpStream;
use std::time::Duration;

use httpx::models::Timeout;
use httpx::testing::{Fault, Mock, Reply, TestServer};
use httpx::{Error, ErrorKind, Response};
use httpx_testing::Gate;

use crate::kit::{Kit, panic_text};
use crate::support::both_flavours;

both_flavours!(
    a_function_answers,
    bodies_in_each_framing,
    faults_break_the_connection,
    requests_that_are_refused,
    replies_that_cannot_be_sent,
    a_mock_answers,
    a_mock_is_checked_by_the_thread_of_the_test,
    it_waits_for_the_go_ahead_of_nobody,
    it_stops,
);

#[cfg(feature = "tls")]
mod tls {
    use super::*;

    both_flavours!(a_certificate_of_its_own);

    fn a_certificate_of_its_own<F: Kit>() {
        let server =
            TestServer::builder().tls().serve(|request| Reply::text(request.url().as_str())).unwrap();
        let client = F::own(|client| client.tls(server.tls_config()));
        for url in [server.url("/a"), server.url_on("localhost", "/b")] {
            assert_eq!(F::send(client.get(&url)).unwrap().text(), url);
        }
        // Nobody else trusts it, not even who trusts another one.
        let other = TestServer::builder().tls().serve(|_| 200).unwrap();
        let stranger = F::own(|client| client.tls(other.tls_config()));
        let error = F::send(stranger.get(&server.url("/"))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls);
        assert!(server.root_pem().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
        assert_eq!(server.requests().len(), 2);
    }
}

fn a_function_answers<F: Kit>() {
    let server = TestServer::new(|request| match request.url().path() {
        "/echo" => Reply::new(201).header("X-A", "1").body(request.body().clone()),
        _ => Reply::new(404),
    })
    .unwrap();
    let client = F::new();
    let response = client.ask("PUT", &server.url("/echo?x=1"), &[("X-B", "2")], "hello").unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (201, "hello"));
    assert_eq!(response.headers().get("x-a").unwrap(), "1");
    assert_eq!(F::send(client.get(&server.url("/none"))).unwrap().status(), 404);
    let requests = server.requests();
    let shown =
        requests.iter().map(|request| format!("{} {}", request.method(), request.url())).collect::<Vec<_>>();
    assert_eq!(shown, [format!("PUT {}", server.url("/echo?x=1")), format!("GET {}", server.url("/none"))]);
    assert_eq!(requests[0].headers().get("x-b").unwrap(), "2");
    assert_eq!(requests[0].body(), "hello");
    // The connection was kept alive.
    assert_eq!(server.connections(), 1);
    assert_eq!(format!("{server:?}"), format!("TestServer({}, 2 requests)", server.url("")));
}

fn bodies_in_each_framing<F: Kit>() {
    let server = TestServer::new(|request| {
        let body = "x".repeat(request.body().len());
        match request.url().path() {
            "/chunked" => Reply::text(body).chunked(),
            "/none" => Reply::text(body).status(204),
            "/close" => Reply::text(body).header("Connection", "close"),
            _ => Reply::text(body),
        }
    })
    .unwrap();
    let client = F::new();
    for (method, path, length, framing) in [
        ("POST", "/known", "7", "content-length"),
        ("HEAD", "/known", "0", "content-length"),
        ("POST", "/chunked", "7", "transfer-encoding"),
        ("POST", "/none", "0", ""),
        ("POST", "/close", "7", "connection"),
        ("POST", "/known", "7", "content-length"),
    ] {
        let ask = client.request(method, &server.url(path)).body(F::reader(&b"seven b"[..]));
        let response = F::send(ask).unwrap();
        assert_eq!(response.bytes().len().to_string(), length, "{method} {path}");
        assert!(framing.is_empty() || response.headers().contains(framing), "{method} {path}");
    }
    assert_eq!(server.connections(), 2);
}

fn faults_break_the_connection<F: Kit>() {
    let server = TestServer::new(|request| match request.url().path() {
        "/closed" => Reply::fault(Fault::Closed),
        "/reset" => Reply::fault(Fault::Reset),
        "/late" => Reply::fault(Fault::Timeout(Timeout::Head)),
        "/slow" => Reply::new(200).delay(Duration::from_secs(1000)),
        _ => Reply::text("hello").cut_after(2),
    })
    .unwrap();
    let client = F::new();
    for (path, kind) in [
        ("/closed", ErrorKind::Io),
        ("/reset", ErrorKind::Io),
        ("/late", ErrorKind::Timeout(Timeout::Head)),
        ("/slow", ErrorKind::Timeout(Timeout::Head)),
        ("/cut", ErrorKind::Incomplete),
    ] {
        let patience = Duration::from_millis(if matches!(kind, ErrorKind::Timeout(_)) { 50 } else { 20_000 });
        let ask = client.post(&server.url(path)).head_timeout(patience);
        assert_eq!(F::send(ask).unwrap_err().kind(), kind, "{path}");
    }
}

fn requests_that_are_refused<F: Kit>() {
    let server = TestServer::builder().max_body_bytes(4).serve(|_| 200).unwrap();
    let client = F::new();
    assert_eq!(client.ask("POST", &server.url("/"), &[], "1234").unwrap().status(), 200);
    let response = client.ask("POST", &server.url("/"), &[], "12345").unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (413, "the body has more than 4 bytes"));
    let response = F::send(client.get(&server.url("/")).header("Expect", "the-impossible")).unwrap();
    assert_eq!(response.status(), 417);
    assert_eq!(server.requests().len(), 1);
}

fn replies_that_cannot_be_sent<F: Kit>() {
    let server = TestServer::new(|request| match request.url().path() {
        "/panics" => panic!("{}", "of the test"),
        "/length" => Reply::text("hello").header("Content-Length", 3),
        "/error" => Reply::from(Error::new(ErrorKind::Other, "of the test")),
        _ => Reply::new(101),
    })
    .unwrap();
    let client = F::new();
    for (path, text) in [
        ("/panics", "the function of the test server panicked"),
        ("/length", "the body has 5 bytes"),
        ("/error", "of the test"),
        ("/101", "101"),
    ] {
        let response = F::send(client.get(&server.url(path))).unwrap();
        assert_eq!(response.status(), 500, "{path}");
        assert!(response.text().contains(text), "{path}: {}", response.text());
    }
}

fn a_mock_answers<F: Kit>() {
    let mock = Mock::new();
    let route = mock.get("/users/{id}").reply(Response::new(200, httpx::Text("Ann"))).expect(1);
    let server = TestServer::mock(&mock).unwrap();
    let client = F::new();
    assert_eq!(F::send(client.get(&server.url("/users/7"))).unwrap().text(), "Ann");
    let response = F::send(client.get(&server.url("/user/7"))).unwrap();
    let text = "no route of the mock matches; the nearest is GET /users/{id}: the path is /user/7, not /users/{id}. Its \
                routes: GET /users/{id}";
    assert_eq!((response.status().as_u16(), &*response.text()), (404, text));
    assert_eq!((route.calls(), mock.requests().len(), server.requests().len()), (1, 2, 2));
}

fn a_mock_is_checked_by_the_thread_of_the_test<F: Kit>() {
    let mock = Mock::new();
    mock.get("/").expect(2);
    let server = TestServer::mock(&mock).unwrap();
    drop(mock);
    F::send(F::new().get(&server.url("/"))).unwrap();
    let report = panic_text(|| drop(server));
    let expected = "the mock was not called as expected:\n- expected GET / twice, got 1 request\n";
    assert_eq!(report.as_deref(), Some(expected));
}

fn it_waits_for_the_go_ahead_of_nobody<F: Kit>() {
    let server = TestServer::new(|request| Reply::new(200).body(request.body().clone())).unwrap();
    let ask = F::new().post(&server.url("/")).body(F::bytes("hello")).expect_continue();
    // The client would wait longer than this test may take.
    let response = F::send(ask.continue_timeout(Duration::from_secs(1000))).unwrap();
    assert_eq!(response.text(), "hello");
}

fn it_stops<F: Kit>() {
    let (begun, end) = (Gate::default(), Gate::default());
    let (to_begin, to_end) = (begun.clone(), end.clone());
    let server = TestServer::new(move |request| {
        if request.url().path() == "/hangs" {
            to_begin.open();
            to_end.wait();
        }
        Reply::new(200).delay(Duration::from_secs(if request.url().path() == "/slow" { 1000 } else { 0 }))
    })
    .unwrap();
    let client = F::new();
    // One connection is idle, one waits for a slow answer, and the function hangs on the third one.
    F::send(client.get(&server.url("/"))).unwrap();
    let callers = ["/slow", "/hangs"].map(|path| {
        let (client, url) = (client.clone(), server.url(path));
        std::thread::spawn(move || F::send(client.get(&url)))
    });
    begun.wait();
    let address = server.address();
    drop(server);
    assert!(TcpStream::connect(address).is_err());
    for caller in callers {
        assert!(caller.join().unwrap().is_err());
    }
    end.open();
}
