//! A client for one API: first as small as can be, then with what a large codebase wants of it.
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

/// Only GET and POST, and always JSON.
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

/// The same grown up: requests and responses are checked against types, nothing takes longer than it may,
/// every request is logged, and there is one kind of error. All that lies in `notes`, for both flavours.
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
            // Beneath the redirects, so that each step is logged.
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

    /// What all of them have in common.
    fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, NotesError> {
        let request = request.with_headers(&self.headers)?.with_timeout(notes::TIMEOUT);
        notes::read(self.client.send(request)?.read_body()?)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::http();
    small(&server.url())?;
    grown_up(&server.url())?;
    Ok(())
}

fn small(url: &str) -> httpx::Result<()> {
    println!("As small as can be:");
    let api = ApiClient::new(url)?;
    let r = api.get("/json")?;
    println!("  {r:?} {}", r.text());
    assert!(r.status().is_success());
    let r = api.post("/echo", &["an", "item"])?;
    println!("  {r:?} {}", r.text());
    assert_eq!(r.text(), r#"["an","item"]"#);
    Ok(())
}

fn grown_up(url: &str) -> Result<(), NotesError> {
    println!("Grown up:");
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
