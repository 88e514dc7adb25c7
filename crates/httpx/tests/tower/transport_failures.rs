//! Services that fail, and bodies of responses that do.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use httpx::ahttpx::tower::TowerTransport;
use httpx::ahttpx::{Body, Client};
use httpx::models::RequestSent;
use httpx::{Error, ErrorKind};
use tower_service::Service;

use crate::foreign::{Act, Fault, Scripted, client};

#[tokio::test]
async fn errors_of_the_service() {
    let client = client(async |request: http::Request<Body>| {
        let error: Fault = match request.uri().path() {
            "/own" => Box::new(Error::new(ErrorKind::Resolve, "no such host")),
            _ => "the worker is gone".into(),
        };
        Err::<http::Response<String>, Fault>(error)
    });
    for (path, kind, text) in [
        ("/", ErrorKind::Other, "GET http://h/: the tower service failed: the worker is gone"),
        ("/own", ErrorKind::Resolve, "GET http://h/own: no such host"),
    ] {
        let error = client.get(format!("http://h{path}")).send().await.unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
    }
}

#[tokio::test]
async fn a_service_that_is_never_ready_again() {
    #[derive(Clone)]
    struct Broken(Arc<std::io::Error>);

    impl Service<http::Request<Body>> for Broken {
        type Response = http::Response<String>;
        type Error = Fault;
        type Future = Ready<Result<http::Response<String>, Fault>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
            Poll::Ready(Err(self.0.to_string().into()))
        }

        fn call(&mut self, _: http::Request<Body>) -> Self::Future {
            ready(Err("it was not ready".into()))
        }
    }

    let broken = Broken(Arc::new(std::io::Error::other("the buffer is closed")));
    let client = Client::builder().transport(TowerTransport::new(broken)).build().unwrap();
    let error = client.get("http://h/").send().await.unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Other, Some(RequestSent::Nothing)));
    assert_eq!(error.message(), "the tower service is not ready");
    assert!(error.to_string().ends_with("the buffer is closed"), "{error}");
}

#[tokio::test]
async fn bodies_of_responses() {
    use Act::{Data, Fail, Trailers};
    type Row = (&'static [Act], Option<u64>, Option<ErrorKind>, &'static str);
    let table: [Row; 7] = [
        (&[Data("abc"), Data("de")], None, None, ""),
        (&[Data("abc"), Data("de")], Some(5), None, ""),
        (&[Data("abc"), Fail], None, Some(ErrorKind::Other), "could not be read: the disk is gone"),
        (&[Data("abc"), Fail, Data("de")], Some(5), Some(ErrorKind::Other), "the disk is gone"),
        (&[Data("abc")], Some(5), Some(ErrorKind::Incomplete), "ended 2 bytes too early"),
        (&[Data("abc"), Data("def")], Some(5), Some(ErrorKind::Protocol), "longer than its exact size"),
        (&[Trailers(&[("a", "1")])], Some(5), Some(ErrorKind::Incomplete), "ended 5 bytes too early"),
    ];
    for (acts, size, kind, text) in table {
        let client = client(move |_: http::Request<Body>| {
            let mut body = Scripted::new(acts.iter().cloned());
            if let Some(size) = size {
                body = body.sized(size);
            }
            async move { Ok(http::Response::new(body)) }
        });
        let mut response = client.get("http://h/").stream().await.unwrap();
        let failed = loop {
            match response.chunk().await {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        assert_eq!(failed.as_ref().map(Error::kind), kind, "{acts:?} {size:?}");
        if let Some(error) = failed {
            assert!(error.to_string().contains(text), "{error}");
            assert_eq!(error.url(), Some("http://h/"));
            // It fails again, so that it cannot be taken for complete.
            assert_eq!(response.chunk().await.unwrap_err().kind(), error.kind());
        }
    }
}

#[tokio::test]
async fn bodies_of_requests_that_fail() {
    let client = client(async |request: http::Request<Body>| {
        request.into_body().into_bytes().await?;
        Ok(http::Response::new(String::new()))
    });
    let short = Body::from_sized_reader(&b"abc"[..], 5);
    let error = client.put("http://h/").body(short).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body);
    assert!(error.message().contains("2 bytes shorter than announced"), "{error}");
    let long = Body::from_sized_reader(&b"abc"[..], 2);
    let error = client.put("http://h/").body(long).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body, "{error}");
    let failing = Body::from_http_body(Scripted::new([Act::Data("abc"), Act::Fail]));
    let error = client.put("http://h/").body(failing).send().await.unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Body, Some(RequestSent::Partial)));
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    let trailers = client.put("http://h/").body("abc").trailers_with(|| [("A b", "1")]);
    assert_eq!(trailers.send().await.unwrap_err().kind(), ErrorKind::InvalidHeader);
}

/// Outside of a runtime there is an error and no panic.
#[test]
fn without_a_runtime() {
    let client = client(async |_: http::Request<Body>| Ok(http::Response::new(String::new())));
    let error = httpx_testing::block_on(client.get("http://h/").send()).unwrap_err();
    assert!(error.message().contains("no tokio runtime"), "{error}");
    assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
}
