//! A client for one API in the async flavour. It differs from `api_client.rs` by the imports and by `.await`.
//!
//!     cargo run --release --example async_api_client

#![allow(clippy::print_stdout, clippy::expect_used)]

mod notes;
mod support;

use httpx::ahttpx::{Bytes, ConnectionPool, Headers, Json, Request, Response, Transport, Url, headers};
use httpx::flow::Middleware;
use httpx::redirect::RedirectMiddleware;
use notes::{Log, NewNote, Note, NotesError, fails};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Sends only GET and POST, and JSON only.
struct ApiClient {
    url: Url,
    headers: Headers,
    client: RedirectMiddleware<ConnectionPool>,
}

impl ApiClient {
    fn new(url: &str) -> httpx::Result<Self> {
        Ok(ApiClient {
            url: Url::parse(url)?,
            headers: headers![
                ("Accept-Encoding", "gzip"),
                ("Connection", "keep-alive"),
                ("User-Agent", "dev"),
            ],
            client: RedirectMiddleware::new(ConnectionPool::new()),
        })
    }

    async fn get(&self, path: &str) -> httpx::Result<Response<Bytes>> {
        let request = Request::new("GET", self.url.join(path)?)?.with_headers(&self.headers)?;
        self.client.send(request).await?.read_body().await
    }

    async fn post(&self, path: &str, payload: &impl Serialize) -> httpx::Result<Response<Bytes>> {
        let request = Request::new("POST", self.url.join(path)?)?
            .with_headers(&self.headers)?
            .with_content(Json(payload))?;
        self.client.send(request).await?.read_body().await
    }
}

/// The same for a large program: requests and responses are checked against types, each call has a timeout, each request
/// is logged, and there is one type of error. `notes` holds these parts for both flavours.
struct Notes {
    url: Url,
    headers: Headers,
    client: RedirectMiddleware<Middleware<Log, ConnectionPool>>,
}

impl Notes {
    fn new(url: &str) -> Result<Self, NotesError> {
        Ok(Notes {
            url: Url::parse(url)?,
            headers: notes::headers(),
            // Beneath the redirects, so that each of their steps is logged.
            client: RedirectMiddleware::new(Middleware::with(Log, ConnectionPool::new())),
        })
    }

    async fn all(&self) -> Result<Vec<Note>, NotesError> {
        self.call(Request::new("GET", self.url.join("notes")?)?).await
    }

    /// `2`, or a name: `latest`.
    async fn get(&self, id: &str) -> Result<Note, NotesError> {
        self.call(Request::new("GET", self.url.join(&format!("notes/{id}"))?)?).await
    }

    async fn create(&self, title: &str) -> Result<Note, NotesError> {
        let note = NewNote::new(title)?;
        self.call(Request::new("POST", self.url.join("notes")?)?.with_content(Json(note))?).await
    }

    /// Sends a request and checks its response.
    async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, NotesError> {
        let request = request.with_headers(&self.headers)?.with_timeout(notes::TIMEOUT);
        notes::read(self.client.send(request).await?.read_body().await?)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::http();
    small(&server.url()).await?;
    large(&server.url()).await?;
    Ok(())
}

async fn small(url: &str) -> httpx::Result<()> {
    println!("A small client:");
    let api = ApiClient::new(url)?;
    let r = api.get("/json").await?;
    println!("  {r:?} {}", r.text());
    assert_eq!(r.text(), r#"{"title": "Slides", "pages": 3}"#);

    let r = api.post("/echo", &["an", "item"]).await?;
    println!("  {r:?} {}", r.text());
    assert_eq!(r.text(), r#"["an","item"]"#);

    // Both at once, from one task.
    let (one, other) = tokio::try_join!(api.get("/old"), api.get("/agent"))?;
    println!("  {one:?} after {} redirects, {other:?} {}", one.history().len(), other.text());
    assert_eq!((one.history().len(), &*other.text()), (2, "dev"));
    Ok(())
}

async fn large(url: &str) -> Result<(), NotesError> {
    println!("A client for a large program:");
    let notes = Notes::new(&format!("{url}v1/"))?;
    let (all, latest) = tokio::try_join!(notes.all(), notes.get("latest"))?;
    println!("  {} notes, the latest is {latest:?}", all.len());
    assert_eq!(all.last(), Some(&latest));

    let created = notes.create("Sleep").await?;
    println!("  created {created:?}");
    assert_eq!((created.id, &*created.title.0), (4, "Sleep"));

    fails(notes.create("").await, "Invalid");
    fails(notes.get("3").await, "Schema");
    fails(notes.get("99").await, "NotFound");
    fails(notes.get("private").await, "Refused(403");
    fails(notes.get("slow").await, "Unavailable(Timeout(Total)");
    Ok(())
}
