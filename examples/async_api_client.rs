//! A client for one API in the async flavour: beside `api_client.rs` it differs in an import and in `.await`.
//!
//!     cargo run --release --example async_api_client

#![allow(clippy::print_stdout)]

mod support;

use httpx::ahttpx::{
    Bytes, ConnectionPool, Headers, Json, RedirectMiddleware, Request, Response, Result, Transport, Url,
};
use serde::Serialize;

/// Only GET and POST, and always JSON.
struct ApiClient {
    url: Url,
    headers: Headers,
    via: RedirectMiddleware<ConnectionPool>,
}

impl ApiClient {
    fn new(url: &str) -> Result<Self> {
        Ok(ApiClient {
            url: Url::parse(url)?,
            headers: Headers::from_static(&[
                ("Accept-Encoding", "gzip"),
                ("Connection", "keep-alive"),
                ("User-Agent", "dev"),
            ]),
            via: RedirectMiddleware::new(ConnectionPool::new()),
        })
    }

    async fn get(&self, path: &str) -> Result<Response<Bytes>> {
        let request = Request::new("GET", self.url.join(path)?)?.with_headers(&self.headers)?;
        self.via.send(request).await?.read_body().await
    }

    async fn post(&self, path: &str, payload: &impl Serialize) -> Result<Response<Bytes>> {
        let request = Request::new("POST", self.url.join(path)?)?
            .with_headers(&self.headers)?
            .with_content(Json(payload))?;
        self.via.send(request).await?.read_body().await
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let server = support::http();
    let api = ApiClient::new(&server.url())?;

    let r = api.get("/json").await?;
    println!("{r:?} {}", r.text());
    assert_eq!(r.text(), r#"{"title": "Slides", "pages": 3}"#);

    let r = api.post("/echo", &["an", "item"]).await?;
    println!("{r:?} {}", r.text());
    assert_eq!(r.text(), r#"["an","item"]"#);

    // Both at once, from one task.
    let (one, other) = tokio::try_join!(api.get("/old"), api.get("/agent"))?;
    println!("{one:?} after {} redirects, {other:?} {}", one.history().len(), other.text());
    assert_eq!((one.history().len(), &*other.text()), (2, "dev"));
    Ok(())
}
