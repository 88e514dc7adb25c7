//! hyper's client as the transport of ours, over real sockets.

use httpx::ahttpx::tower::TowerTransport;
use httpx::ahttpx::{Body, Client};
use httpx::models::RequestSent;
use httpx_testing::{Reply, Server};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;

fn over_hyper() -> Client {
    let hyper: HyperClient<_, Body> = HyperClient::builder(TokioExecutor::new()).build_http();
    Client::builder().transport(TowerTransport::new(hyper)).build().unwrap()
}

#[tokio::test]
async fn uploads_and_downloads() {
    let large = "x".repeat(1 << 20);
    let sent = large.clone();
    let server = Server::new(move |seen| match seen.target().as_str() {
        "/cut" => Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ngood".to_vec()),
        "/trailers" => {
            let answer =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\nX-Check: 5\r\n\r\n";
            Reply::Keep(answer.into())
        }
        "/redirect" => Reply::redirect("302 Found", "/"),
        _ if seen.content().len() == sent.len() || seen.method() == "GET" => Reply::ok(&sent),
        _ => Reply::full("400 Bad Request", "", ""),
    });
    let client = over_hyper();
    let reader = std::io::Cursor::new(large.clone());
    for body in [
        Body::from(large.clone()),
        Body::from_reader(reader.clone()),
        Body::from_sized_reader(reader, large.len() as u64),
    ] {
        let response = client.put(server.url("/")).body(body).send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.bytes().len()), (200, large.len()));
        assert_eq!(response.request_sent(), Some(RequestSent::Complete));
    }
    assert_eq!(client.get(server.url("/redirect")).send().await.unwrap().history().len(), 1);
    assert!(server.take().pop().unwrap().header("Host").is_some());
    let response = client.get(server.url("/trailers")).send().await.unwrap();
    assert_eq!(
        (response.text().as_ref(), response.trailers().get("x-check").unwrap().as_bytes()),
        ("good", &b"5"[..])
    );
    assert!(client.get(server.url("/cut")).send().await.is_err());
    let put = client.put(server.url("/trailers")).body("abc").trailers([("X-Sum", "1")]);
    assert_eq!(put.send().await.unwrap().text(), "good");
    assert!(server.take().pop().unwrap().text().to_lowercase().ends_with("0\r\nx-sum: 1\r\n\r\n"));
}
