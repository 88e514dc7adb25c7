//! The client as a service.

use std::future::poll_fn;

use httpx::ErrorKind;
use httpx::ahttpx::network::MockTransport;
use httpx::ahttpx::{Body, Client, Request, Response, Text};
use httpx::flow::ResponseHead;
use httpx::models::Options;
use httpx_testing::sockets::closed_port;
use httpx_testing::{Reply, Server};
use tower_service::Service;

use crate::foreign::{Act, Scripted, read};

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

fn put(url: String) -> http::request::Builder {
    http::Request::put(url)
}

#[tokio::test]
async fn our_own_requests() {
    let mock = MockTransport::new(|request| Response::new(200, Text(request.url().path().to_owned())));
    let mut client = Client::builder().transport(mock).build().unwrap();
    for _ in 0..2 {
        poll_fn(|cx| Service::<Request>::poll_ready(&mut client, cx)).await.unwrap();
        let call = client.call(Request::new("GET", "http://h/a").unwrap());
        assert_eq!(call.await.unwrap().read_body().await.unwrap().text(), "/a");
    }
    let mut shared = &client;
    poll_fn(|cx| Service::<Request>::poll_ready(&mut shared, cx)).await.unwrap();
    let response = shared.call(Request::new("GET", "http://h/b").unwrap()).await.unwrap();
    assert_eq!(response.read_body().await.unwrap().text(), "/b");
}

#[tokio::test]
async fn foreign_requests() {
    let server = Server::new(|_| Reply::full("200 OK", "X-Id: 7\r\nX-Id: 8\r\n", "good"));
    let client = client();
    let table: [(Scripted, &str); 4] = [
        (Scripted::new([]), "Content-Length: 0\r\n\r\n"),
        (Scripted::new([Act::Data("abc")]).sized(3), "Content-Length: 3\r\n\r\nabc"),
        (Scripted::new([Act::Data("ab"), Act::Data("c")]), "chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
        (
            Scripted::new([Act::Data("ab"), Act::Data(""), Act::Data("c")]).sized(3),
            "Content-Length: 3\r\n\r\nabc",
        ),
    ];
    for (body, expected) in table {
        let request = put(server.url("/a?b")).header("X-Own", "1").body(body).unwrap();
        let response: http::Response<Body> = (&client).call(request).await.unwrap();
        assert_eq!(response.headers().get_all("x-id").iter().collect::<Vec<_>>(), ["7", "8"]);
        let facts = response.extensions().get::<ResponseHead>().unwrap();
        assert_eq!(facts.url().unwrap(), &*server.url("/a?b"));
        assert_eq!(read(response.into_body()).await.unwrap().0, "good");
        let seen = server.take().pop().unwrap();
        assert_eq!(
            (seen.method(), seen.target(), seen.header("X-Own")),
            ("PUT".into(), "/a?b".into(), Some("1".into()))
        );
        assert!(seen.text().ends_with(expected), "{}", seen.text());
    }
    assert_eq!(server.opened(), 1);
}

#[tokio::test]
async fn trailers_in_both_directions() {
    const ALL: Act = Act::Trailers(&[("x-sum", "1"), ("content-length", "7"), ("x-sum", "2")]);
    let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\nX-Check: 5\r\n\r\n";
    let server = Server::new(move |_| Reply::Keep(answer.into()));
    let mut client = client();
    let table: [(Scripted, &str, &str); 4] = [
        (Scripted::new([Act::Data("abc"), ALL]), "", "0\r\nx-sum: 1\r\nx-sum: 2\r\n\r\n"),
        (Scripted::new([Act::Data("abc")]), "", "0\r\n\r\n"),
        // With a length, only announced ones are sent.
        (Scripted::new([Act::Data("abc"), ALL]).sized(3), "", "Content-Length: 3\r\n\r\nabc"),
        (Scripted::new([Act::Data("abc"), ALL]).sized(3), "x-sum", "0\r\nx-sum: 1\r\nx-sum: 2\r\n\r\n"),
    ];
    for (body, announced, expected) in table {
        let mut request = put(server.url("/")).body(body).unwrap();
        if !announced.is_empty() {
            request.headers_mut().insert("trailer", announced.parse().unwrap());
        }
        let response = client.call(request).await.unwrap();
        let (text, trailers) = read(response.into_body()).await.unwrap();
        assert_eq!(
            (text.as_str(), &trailers.unwrap()["x-check"]),
            ("good", &"5".parse::<http::HeaderValue>().unwrap())
        );
        let seen = server.take().pop().unwrap().text();
        assert!(seen.ends_with(expected), "{seen}");
    }
}

/// As a proxy has it whose client speaks HTTP/2. Only chunks have trailers.
#[tokio::test]
async fn a_length_in_a_header_beside_trailers() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = client();
    let body = || Scripted::new([Act::Data("abc"), Act::Trailers(&[("x-sum", "1")])]);
    let table = [
        (body().sized(3), "x-sum", "\r\n3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n"),
        (body(), "x-sum", "\r\n3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n"),
        (body().sized(3), "", "\r\n\r\nabc"),
        (Scripted::new([Act::Data("abc")]), "", "\r\n\r\nabc"),
        (body(), "", "\r\n\r\nabc"),
    ];
    for (body, announced, end) in table {
        let mut request = put(server.url("/")).header("content-length", "3").body(body).unwrap();
        if !announced.is_empty() {
            request.headers_mut().insert("trailer", announced.parse().unwrap());
        }
        let response: http::Response<Body> = (&client).call(request).await.unwrap();
        assert_eq!(read(response.into_body()).await.unwrap().0, "good");
        let seen = server.take_one().text().to_ascii_lowercase();
        assert_eq!(seen.contains("content-length"), announced.is_empty(), "{seen}");
        assert!(seen.ends_with(end), "{seen}");
    }
}

#[tokio::test]
async fn a_body_that_can_be_sent_again_stays_so() {
    let server = Server::new(|seen| match seen.target().as_str() {
        "/" => Reply::redirect("307 Temporary Redirect", "/next"),
        _ => Reply::ok("good"),
    });
    let mut client = client();
    let response = client.call(put(server.url("/")).body(Body::from("abc")).unwrap()).await.unwrap();
    assert_eq!(read(response.into_body()).await.unwrap().0, "good");
    assert_eq!(server.take()[1].body(), b"abc");

    let foreign = put(server.url("/")).body(Scripted::new([Act::Data("abc")])).unwrap();
    assert_eq!(client.call(foreign).await.unwrap_err().kind(), ErrorKind::Redirect);
    // Settings of one request.
    let mut options = Options::default();
    options.max_redirects = Some(0);
    let foreign = put(server.url("/")).extension(options).body(Scripted::new([Act::Data("abc")])).unwrap();
    assert_eq!(client.call(foreign).await.unwrap().status(), 307);
}

#[tokio::test]
async fn errors() {
    let mut client = client();
    let error = client.call(http::Request::new(Scripted::new([]))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidUrl);
    assert!(error.to_string().contains("not an absolute URL"), "{error}");

    let closed = closed_port();
    let request = put(format!("http://127.0.0.1:{}/", closed.port())).body(Scripted::new([])).unwrap();
    let error = client.call(request).await.unwrap_err();
    assert!(error.is_connect() && error.url().is_some(), "{error}");

    let server = Server::fine();
    let failing = Scripted::new([Act::Data("abc"), Act::Fail]);
    let error = client.call(put(server.url("/")).body(failing).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body);
    assert!(error.to_string().contains("the disk is gone"), "{error}");

    for size in [2, 4] {
        let wrong = Scripted::new([Act::Data("abc"), Act::Data("")]).sized(size);
        let sent = client.call(put(server.url("/")).body(wrong).unwrap()).await;
        assert_eq!(sent.unwrap_err().kind(), ErrorKind::Body, "{size}");
    }
}

#[tokio::test]
async fn a_cut_response_is_an_error_of_its_body() {
    let server = Server::new(|_| Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ngood".to_vec()));
    let mut client = client();
    let response = client.call(put(server.url("/")).body(Scripted::new([])).unwrap()).await.unwrap();
    assert_eq!(read(response.into_body()).await.unwrap_err().kind(), ErrorKind::Incomplete);
    let request = put(server.url("/")).body(Scripted::new([])).unwrap();
    assert_eq!(http_body::Body::size_hint((&client).call(request).await.unwrap().body()).exact(), Some(9));
    // The headers of the client are added to foreign requests too.
    assert!(server.take()[0].header("User-Agent").is_some());
}
