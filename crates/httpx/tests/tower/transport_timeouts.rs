//! Services that are too slow.

use std::future::{Ready, ready};
use std::task::{Context, Poll};
use std::time::Duration;

use httpx::ahttpx::tower::TowerTransport;
use httpx::ahttpx::{Body, Client};
use httpx::models::{RequestSent, Timeout};
use httpx::{ErrorKind, Timeouts};
use tower_service::Service;

use crate::foreign::{Act, Fault, Scripted, client};

const SHORT: Duration = Duration::from_millis(30);

/// The settings under which one timeout passes.
fn only(timeout: Timeout) -> Timeouts {
    match timeout {
        Timeout::Pool => Timeouts::new().pool(SHORT),
        Timeout::Write => Timeouts::new().write(SHORT),
        Timeout::Head => Timeouts::new().head(SHORT),
        Timeout::Read => Timeouts::new().read(SHORT),
        _ => Timeouts::new().total(SHORT),
    }
}

async fn expect(client: &Client, body: Body, timeout: Timeout) -> httpx::Error {
    let error = client.put("http://h/").body(body).timeouts(only(timeout)).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(timeout), "{error}");
    assert_eq!((error.timeout(), error.url()), (Some(SHORT), Some("http://h/")));
    error
}

#[tokio::test]
async fn a_service_that_is_never_ready() {
    #[derive(Clone)]
    struct Busy;

    impl Service<http::Request<Body>> for Busy {
        type Response = http::Response<String>;
        type Error = Fault;
        type Future = Ready<Result<http::Response<String>, Fault>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
            Poll::Pending
        }

        fn call(&mut self, _: http::Request<Body>) -> Self::Future {
            ready(Err("it was not ready".into()))
        }
    }

    let client = Client::builder().transport(TowerTransport::new(Busy)).build().unwrap();
    for timeout in [Timeout::Pool, Timeout::Total] {
        let error = expect(&client, Body::empty(), timeout).await;
        assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
    }
}

#[tokio::test]
async fn a_service_that_never_answers() {
    let client = client(async |request: http::Request<Body>| {
        let mut body = request.into_body();
        while body.chunk().await?.is_some() {}
        std::future::pending::<()>().await;
        Ok(http::Response::new(String::new()))
    });
    for timeout in [Timeout::Head, Timeout::Total] {
        for body in
            [Body::empty(), Body::from("abc"), Body::from_reader(&b"abc"[..]), Body::from(vec![0; 1 << 20])]
        {
            expect(&client, body, timeout).await;
        }
    }
}

#[tokio::test]
async fn a_service_that_takes_no_more_of_the_body() {
    for taken in [false, true] {
        let client = client(move |request: http::Request<Body>| async move {
            let mut body = request.into_body();
            if taken {
                body.chunk().await?;
            }
            std::future::pending::<()>().await;
            drop(body);
            Ok(http::Response::new(String::new()))
        });
        for timeout in [Timeout::Write, Timeout::Total] {
            for body in [Body::from_reader(&b"abc"[..]), Body::from(vec![0; 1 << 20])] {
                expect(&client, body, timeout).await;
            }
        }
    }
}

/// A slow body is no fault of the service: neither `write` nor `head` bounds it.
#[tokio::test]
async fn a_body_of_ours_that_takes_its_time() {
    let client = client(async |request: http::Request<Body>| {
        request.into_body().into_bytes().await?;
        Ok(http::Response::new(String::new()))
    });
    let timeouts = Timeouts::new().write(SHORT).head(SHORT).total(SHORT * 4);
    let never = Body::from_http_body(Scripted::new([Act::Data("abc"), Act::Hang]));
    let error = client.put("http://h/").body(never).timeouts(timeouts).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total), "{error}");
}

#[tokio::test]
async fn bodies_of_responses_that_do_not_end() {
    for (acts, timeouts) in [
        ([Act::Data("abc"), Act::Hang], &[Timeout::Read, Timeout::Total][..]),
        // There is always a frame, so only the whole call is bounded.
        ([Act::Data("abc"), Act::Empty], &[Timeout::Total]),
    ] {
        let client = client(move |_: http::Request<Body>| {
            let body = Scripted::new(acts.clone());
            async move { Ok(http::Response::new(body)) }
        });
        for &timeout in timeouts {
            expect(&client, Body::empty(), timeout).await;
        }
    }
}
