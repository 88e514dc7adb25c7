//! Programs of users of the async client, as the page about clients shows them. `blocking.rs` has the same ones.

use std::sync::LazyLock;

use httpx::ahttpx::cookies::{CookieJar, CookieMiddleware};
use httpx::ahttpx::redirect::RedirectMiddleware;
use httpx::ahttpx::{
    Body, Bytes, Client, ConnectionPool, Error, Headers, Json, Request, RequestBuilder, Response, Result,
    Transport, Url,
};

use crate::support::{Reply, Server};

#[tokio::test]
async fn a_global_client() {
    static CLIENT: LazyLock<Client> = LazyLock::new(Client::new);
    static SERVER: LazyLock<Server> = LazyLock::new(Server::fine);
    let calls = [(); 8].map(|()| tokio::spawn(CLIENT.get(SERVER.url("/")).send()));
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status(), 200);
    }
    assert_eq!(SERVER.take().len(), 8);
    assert_eq!(format!("{:?}", *CLIENT), format!("<Client [0 active, {} idle]>", SERVER.opened()));
}

#[tokio::test]
async fn a_streamed_response_is_a_reader() -> Result<()> {
    let server = Server::routes([]);
    let mut response = Client::new().get(server.url("/")).stream().await?;
    let mut read = Vec::new();
    tokio::io::copy(&mut response, &mut read).await.unwrap();
    assert_eq!(read, b"good");
    Ok(())
}

/// It blocks the thread of its task, and does not need the runtime.
#[cfg(feature = "blocking")]
#[tokio::test]
async fn the_blocking_client_inside_a_runtime() -> Result<()> {
    let server = Server::routes([]);
    assert_eq!(httpx::get(server.url("/")).send()?.text(), "good");
    let task = tokio::task::spawn_blocking(move || httpx::get(server.url("/")).send());
    assert_eq!(task.await.unwrap()?.text(), "good");
    Ok(())
}

#[tokio::test]
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

#[tokio::test]
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

#[tokio::test]
async fn types_are_send_and_sync() {
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
