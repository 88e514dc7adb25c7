//! A service as the transport of a client.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use httpx::ErrorKind;
use httpx::ahttpx::network::MockTransport;
use httpx::ahttpx::tower::TowerTransport;
use httpx::ahttpx::{Body, Client, Response, Text, Transport};
use httpx::models::{File, RequestSent};
use httpx_testing::encode::gzip;
use proptest::prelude::*;

use crate::foreign::{Act, Scripted, client, read};

#[tokio::test]
async fn requests_and_responses() {
    let client = client(async |request: http::Request<Body>| {
        let uri = request.uri().to_string();
        let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (host, id) = (header("host"), header("x-id"));
        let (text, trailers) = read(request.into_body()).await?;
        let text = format!("{uri} {host:?} {id:?} {text} {}", trailers.is_some());
        Ok(http::Response::builder().status(201).header("x-one", "1").body(text)?)
    });
    let ask = client.put("http://h:81/a?b#c").header("X-Id", 1).body("body");
    let response = ask.send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers().get("X-One").unwrap().as_bytes()),
        (201, &b"1"[..])
    );
    assert_eq!(response.text(), r#"http://h:81/a?b Some("h:81") Some("1") body false"#);
    assert_eq!(
        (response.url().unwrap().as_str(), response.request_sent()),
        ("http://h:81/a?b#c", Some(RequestSent::Complete))
    );
    let response = client.get("http://h/").header("Host", "other").send().await.unwrap();
    assert_eq!(response.text(), r#"http://h/ Some("other") None  false"#);
}

/// The user and the password are in a header, and not in the URI, which services log.
#[tokio::test]
async fn credentials() {
    let client = client(async |request: http::Request<Body>| {
        let text = format!("{} {:?}", request.uri(), request.headers().get("authorization"));
        Ok(http::Response::new(text))
    });
    let response = client.get("http://ann:secret@h/a").send().await.unwrap();
    assert_eq!(response.text(), "http://h/a Some(Sensitive)");
}

/// Each kind of body arrives with its size and its bytes.
#[tokio::test]
async fn bodies_of_requests() {
    let client = client(async |request: http::Request<Body>| {
        let size = http_body::Body::size_hint(request.body()).exact();
        let (text, _) = read(request.into_body()).await?;
        Ok(http::Response::new(format!("{size:?} {} {}", text.len(), text.bytes().all(|byte| byte == b'x'))))
    });
    let text = |n| "x".repeat(n);
    let reader = |n: usize| std::io::Cursor::new(text(n));
    let table = [
        (Body::empty(), "Some(0) 0 true"),
        (Body::from(text(5)), "Some(5) 5 true"),
        (Body::from(text(300_000)), "Some(300000) 300000 true"),
        (Body::from_reader(reader(300_000)), "None 300000 true"),
        (Body::from_sized_reader(reader(300_000), 300_000), "Some(300000) 300000 true"),
    ];
    for (body, expected) in table {
        let response = client.put("http://h/").body(body).send().await.unwrap();
        assert_eq!(response.text(), expected);
        assert_eq!(response.request_sent(), Some(RequestSent::Complete));
    }
    // A file is opened before the service is called.
    let size = std::fs::metadata("Cargo.toml").unwrap().len();
    let response = client.put("http://h/").content(File::new("Cargo.toml")).send().await.unwrap();
    assert_eq!(response.text(), format!("Some({size}) {size} false"));
    let error = client.put("http://h/").content(File::new("no such file")).send().await.unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Body, Some(RequestSent::Nothing)));
}

#[tokio::test]
async fn trailers_in_both_directions() {
    let client = client(async |request: http::Request<Body>| {
        let size = http_body::Body::size_hint(request.body()).exact();
        let (_, trailers) = read(request.into_body()).await?;
        let sum = trailers.map(|trailers| format!("{:?}", trailers["x-sum"]));
        let trailers = Act::Trailers(&[("x-check", "5"), ("x-check", "6")]);
        let head = http::Response::builder().header("x-sum", format!("{size:?} {sum:?}"));
        Ok(head.body(Scripted::new([Act::Data("good"), trailers]))?)
    });
    for body in [Body::from("abc"), Body::from_reader(&b"abc"[..]), Body::from_sized_reader(&b"abc"[..], 3)] {
        let response = client.put("http://h/").body(body).trailers([("X-Sum", "1")]).send().await.unwrap();
        assert_eq!(response.headers().get("X-Sum").unwrap(), r#"None Some("\"1\"")"#);
        assert!(response.trailers().get_all("X-Check").eq(["5", "6"]));
        assert_eq!(response.text(), "good");
    }
    // Without a body there are none.
    let response = client.put("http://h/").trailers([("X-Sum", "1")]).send().await.unwrap();
    assert_eq!(response.headers().get("X-Sum").unwrap(), "Some(0) None");
}

#[tokio::test]
async fn a_client_over_a_service_follows_redirects_and_decodes() {
    let client = client(async |request: http::Request<Body>| {
        let response = http::Response::builder();
        Ok(match request.uri().path() {
            "/" => response
                .status(302)
                .header("location", "/next")
                .header("set-cookie", "a=1")
                .body(Body::empty())?,
            "/next" => {
                assert_eq!(request.headers()["cookie"], "a=1");
                response.header("content-encoding", "gzip").body(gzip(b"decoded").into())?
            }
            _ => response.version(http::Version::HTTP_2).status(404).body(Body::empty())?,
        })
    });
    let response = client.get("http://h/").send().await.unwrap();
    assert_eq!((response.text().as_ref(), response.history().len()), ("decoded", 1));
    assert_eq!(client.get("http://h/other").send().await.unwrap().status(), 404);
    // The limit of collected bodies holds.
    let error = client.get("http://h/next").max_body_bytes(3).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

/// What one client adds, a client beneath does not add again: it knows the state of the call.
#[tokio::test]
async fn a_client_as_the_service_beneath_another_one() {
    let mock = MockTransport::new(|request| {
        assert!(request.head().deadline().is_some());
        let key = request.headers().get("Authorization").is_some();
        match request.url().host() {
            Some("a") => Response::new(302, ())?.with_header("Location", "http://b/"),
            _ => Response::new(200, Text(format!("key: {key}, body: {:?}", request.body()))),
        }
    });
    let below = Client::builder().transport(mock).max_redirects(0).build().unwrap();
    let client = Client::builder().transport(TowerTransport::new(below)).bearer_auth("secret");
    let client = client.timeout(std::time::Duration::from_secs(60)).build().unwrap();
    let response = client.put("http://b/").body("abc").send().await.unwrap();
    assert_eq!(response.text(), r#"key: true, body: b"abc""#);
    let response = client.get("http://a/").send().await.unwrap();
    assert_eq!(response.text(), r#"key: false, body: b"""#);
}

#[tokio::test]
async fn dropped_bodies_and_calls_are_dropped_in_the_service() {
    let drops = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&drops);
    let client = client(move |request: http::Request<Body>| {
        let body = Scripted::new([Act::Data("abc"), Act::Hang]).counted(&count);
        async move {
            if request.uri().path() == "/hang" {
                std::future::pending::<()>().await;
            }
            Ok(http::Response::new(body))
        }
    });
    let mut response = client.get("http://h/").stream().await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "abc");
    drop(response);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    let mut call = Box::pin(client.get("http://h/hang").send());
    assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(call.as_mut().poll(cx))).await.is_pending());
    drop(call);
    assert_eq!(drops.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_request() {
    let client = client(async |request: http::Request<Body>| {
        let mut body = request.into_body();
        body.chunk().await?;
        drop(body);
        Ok(http::Response::builder().status(413).body(String::new())?)
    });
    let large = || Body::from(vec![0; 1 << 20]);
    let response = client.put("http://h/").body(large()).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.request_sent()), (413, Some(RequestSent::Partial)));
}

#[tokio::test]
async fn the_transport_shows_its_service() {
    let transport = TowerTransport::new(crate::foreign::Answers(async |_: http::Request<Body>| {
        Ok(http::Response::new(String::new()))
    }));
    assert_eq!(format!("{transport:?}"), "TowerTransport(Answers)");
    assert_eq!(transport.timeouts(), httpx::Timeouts::new());
}

proptest! {
    /// Any frames of the service are the body, with and without a size, read whole or as a stream.
    #[test]
    fn any_frames(pieces in proptest::collection::vec(0..4_usize, 0..12), known: bool, streamed: bool) {
        let words = ["", "a", "bcd", "0123456789"];
        let expected = pieces.iter().map(|&at| words[at]).collect::<String>();
        let length = expected.len() as u64;
        let client = client(move |_: http::Request<Body>| {
            let body = Scripted::new(pieces.iter().map(|&at| Act::Data(words[at])));
            let body = if known { body.sized(length) } else { body };
            async move { Ok(http::Response::new(body)) }
        });
        let runtime = httpx_testing::runtime::current_thread();
        let text = httpx_testing::runtime::wait(&runtime, async {
            if !streamed {
                return client.get("http://h/").send().await.unwrap().into_text();
            }
            let mut response = client.get("http://h/").stream().await.unwrap();
            let mut all = Vec::new();
            while let Some(chunk) = response.chunk().await.unwrap() {
                all.extend_from_slice(&chunk);
            }
            String::from_utf8(all).unwrap()
        });
        prop_assert_eq!(text, expected);
    }
}
