//! A client for one API: first a small one, then one for a large program.
//!
//!     cargo run --release --example api_client

#![allow(clippy::print_stdout, clippy::expect_used)]

mod notes;
mod support;

use httpx::flow::Middleware;
use httpx::redirect::RedirectMiddleware;
use httpx::{Bytes, ConnectionPool, Headers, Json, Request, Response, Transport, Url, headers};
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

    fn get(&self, path: &str) -> httpx::Result<Response<Bytes>> {
        let request = Request::new("GET", self.url.join(path)?)?.with_headers(&self.headers)?;
        self.client.send(request)?.read_body()
    }

    fn post(&self, path: &str, payload: &impl Serialize) -> httpx::Result<Response<Bytes>> {
        let request = Request::new("POST", self.url.join(path)?)?
            .with_headers(&self.headers)?
            .with_content(Json(payload))?;
        self.client.send(request)?.read_body()
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

    fn all(&self) -> Result<Vec<Note>, NotesError> {
        self.call(Request::new("GET", self.url.join("notes")?)?)
    }

    /// `2`, or a name: `latest`.
    fn get(&self, id: &str) -> Result<Note, NotesError> {
        self.call(Request::new("GET", self.url.join(&format!("notes/{id}"))?)?)
    }

    fn create(&self, title: &str) -> Result<Note, NotesError> {
        let note = NewNote::new(title)?;
        self.call(Request::new("POST", self.url.join("notes")?)?.with_content(Json(note))?)
    }

    /// Sends a request and checks its response.
    fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, NotesError> {
        let request = request.with_headers(&self.headers)?.with_timeout(notes::TIMEOUT);
        notes::read(self.client.send(request)?.read_body()?)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::http();
    small(&server.url())?;
    large(&server.url())?;
    Ok(())
}

fn small(url: &str) -> httpx::Result<()> {
    println!("A small client:");
    let api = ApiClient::new(url)?;
    let r = api.get("/json")?;
    println!("  {r:?} {}", r.text());
    assert!(r.status().is_success());
    let r = api.post("/echo", &["an", "item"])?;
    println!("  {r:?} {}", r.text());
    assert_eq!(r.text(), r#"["an","item"]"#);
    Ok(())
}

fn large(url: &str) -> Result<(), NotesError> {
    println!("A client for a large program:");
    let notes = Notes::new(&format!("{url}v1/"))?;
    let all = notes.all()?;
    println!("  {} notes, the first is {:?}", all.len(), all.first());
    let latest = notes.get("latest")?;
    println!("  the latest is {latest:?}");
    assert_eq!(all.last(), Some(&latest));

    let created = notes.create("Sleep")?;
    println!("  created {created:?}");
    assert_eq!((created.id, &*created.title.0), (4, "Sleep"));

    fails(notes.create(""), "Invalid");
    fails(notes.get("3"), "Schema");
    fails(notes.get("99"), "NotFound");
    fails(notes.get("private"), "Refused(403");
    fails(notes.get("slow"), "Unavailable(Timeout(Total)");
    Ok(())
}
