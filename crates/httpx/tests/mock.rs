//! A client over a mock: the requests that it would have sent, and the limits of the request on what the mock answers.
#![cfg(all(feature = "blocking", feature = "async"))]

use httpx::network::MockTransport;
use httpx::{ErrorKind, Response, Result, Text, ahttpx};

fn mock() -> MockTransport {
    MockTransport::new(|request| match request.url().path() {
        "/moved" => {
            let mut response = Response::new(302, ())?;
            response.head_mut().headers_mut().append("Location", "/")?;
            Ok(response)
        }
        _ => Response::new(200, Text("hello, world")),
    })
}

/// The lines that were asked for, and the header that every request of the client has.
fn kept(mock: &MockTransport) -> Vec<String> {
    let requests = mock.requests();
    let line = |request: &httpx::Request<_>| {
        format!("{} {} {}", request.method(), request.url().path(), request.headers().get("X-App").is_some())
    };
    requests.iter().map(line).collect()
}

#[test]
fn a_client_over_a_mock() -> Result<()> {
    let mock = mock();
    let client = httpx::Client::builder().header("X-App", "1").transport(mock.clone()).build()?;
    assert_eq!(client.get("http://example.com/moved").send()?.text(), "hello, world");
    let error = client.post("http://example.com/").max_body_bytes(5).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.url(), Some("http://example.com/"));
    assert_eq!(kept(&mock), ["GET /moved true", "GET / true", "POST / true"]);
    Ok(())
}

#[tokio::test]
async fn an_async_client_over_a_mock() -> Result<()> {
    let mock = mock();
    let client = ahttpx::Client::builder().header("X-App", "1").transport(mock.clone()).build()?;
    assert_eq!(client.get("http://example.com/moved").send().await?.text(), "hello, world");
    let error = client.post("http://example.com/").max_body_bytes(5).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.url(), Some("http://example.com/"));
    assert_eq!(kept(&mock), ["GET /moved true", "GET / true", "POST / true"]);
    Ok(())
}
