//! A client for one API: first as small as can be, then with what a large codebase wants of it.
//!
//!     cargo run --release --example api_client

#![allow(clippy::print_stdout, clippy::expect_used)]

mod support;

use std::fmt;
use std::time::{Duration, Instant};

use httpx::{
    Bytes, Clock, ConnectionPool, ErrorKind, Flow, Headers, Json, Middleware, Next, Outcome,
    RedirectMiddleware, Request, RequestHead, Response, StatusCode, Transport, Url,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Only GET and POST, and always JSON.
struct ApiClient {
    url: Url,
    headers: Headers,
    via: RedirectMiddleware<ConnectionPool>,
}

impl ApiClient {
    fn new(url: &str) -> httpx::Result<Self> {
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

    fn get(&self, path: &str) -> httpx::Result<Response<Bytes>> {
        let request = Request::new("GET", self.url.join(path)?)?.with_headers(&self.headers)?;
        self.via.send(request)?.read_body()
    }

    fn post(&self, path: &str, payload: &impl Serialize) -> httpx::Result<Response<Bytes>> {
        let request = Request::new("POST", self.url.join(path)?)?
            .with_headers(&self.headers)?
            .with_content(Json(payload))?;
        self.via.send(request)?.read_body()
    }
}

/// The same grown up: requests and responses are checked against types, nothing takes longer than it may,
/// every request is logged, and there is one kind of error.
struct Notes {
    url: Url,
    headers: Headers,
    via: RedirectMiddleware<Middleware<Log, ConnectionPool>>,
}

/// The schema of what is sent.
#[derive(Serialize)]
struct NewNote {
    title: Title,
}

/// The schema of what comes back; what is not in it is an error.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    id: u64,
    title: Title,
}

/// A text that is not empty: it cannot be made, nor read from JSON, otherwise.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String")]
struct Title(String);

impl TryFrom<String> for Title {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.is_empty() { Err("a title must not be empty") } else { Ok(Title(text)) }
    }
}

impl Notes {
    /// What every call may take, redirects and all.
    const TIMEOUT: Duration = Duration::from_secs(5);

    fn new(url: &str) -> Result<Self, NotesError> {
        Ok(Notes {
            url: Url::parse(url)?,
            headers: Headers::from_static(&[("Accept", "application/json"), ("User-Agent", "notes/1.0")]),
            // Beneath the redirects, so that each step is logged.
            via: RedirectMiddleware::new(Middleware::with(Log, ConnectionPool::new())),
        })
    }

    fn all(&self) -> Result<Vec<Note>, NotesError> {
        self.call(Request::new("GET", self.url.join("notes")?)?)
    }

    fn get(&self, id: u64) -> Result<Note, NotesError> {
        self.call(Request::new("GET", self.url.join(&format!("notes/{id}"))?)?)
    }

    fn latest(&self) -> Result<Note, NotesError> {
        self.call(Request::new("GET", self.url.join("notes/latest")?)?)
    }

    fn create(&self, title: &str) -> Result<Note, NotesError> {
        let title = Title::try_from(title.to_owned()).map_err(NotesError::Invalid)?;
        self.call(Request::new("POST", self.url.join("notes")?)?.with_content(Json(NewNote { title }))?)
    }

    /// What all of them have in common.
    fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, NotesError> {
        let request = request.with_headers(&self.headers)?.with_timeout(Self::TIMEOUT);
        Ok(self.via.send(request)?.read_body()?.error_for_status()?.json()?)
    }
}

/// Writes a line for each request. A flow does no I/O of HTTP: it looks at what goes out and what comes in.
struct Log;

impl Flow for Log {
    type Call = Instant;

    fn start(&self, _: &mut RequestHead, clock: &dyn Clock) -> httpx::Result<Instant> {
        Ok(clock.now())
    }

    fn next(
        &self,
        started: &mut Instant,
        request: &mut RequestHead,
        outcome: Outcome<'_>,
        clock: &dyn Clock,
    ) -> httpx::Result<Next> {
        let outcome = match outcome {
            Outcome::Response(response) => response.status().to_string(),
            Outcome::Failed(error) => format!("{:?}", error.kind()),
        };
        let took = clock.now() - *started;
        println!("  log: {} {} -> {outcome} in {took:.1?}", request.method(), request.url().path());
        Ok(Next::Done)
    }
}

/// All that can go wrong, in the words of the API.
#[derive(Debug)]
enum NotesError {
    /// What was to be sent does not fit the schema.
    Invalid(&'static str),
    /// There is no such note.
    NotFound,
    /// The server refused.
    Refused(StatusCode),
    /// Its answer does not fit the schema.
    Schema(httpx::Error),
    /// There was no answer in time, or none at all: worth another try later.
    Unavailable(httpx::Error),
}

/// The only place that decides what an error of HTTP means here.
impl From<httpx::Error> for NotesError {
    fn from(error: httpx::Error) -> Self {
        match (error.kind(), error.status()) {
            (ErrorKind::Status, Some(StatusCode::NOT_FOUND)) => NotesError::NotFound,
            (ErrorKind::Status, Some(status)) => NotesError::Refused(status),
            (ErrorKind::Json, _) => NotesError::Schema(error),
            _ => NotesError::Unavailable(error),
        }
    }
}

impl fmt::Display for NotesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotesError::Invalid(why) => write!(f, "not sent: {why}"),
            NotesError::NotFound => f.write_str("there is no such note"),
            NotesError::Refused(status) => write!(f, "the server refused: {status}"),
            NotesError::Schema(error) => write!(f, "the server does not keep to the schema: {error:#}"),
            NotesError::Unavailable(error) => write!(f, "try again later: {error:#}"),
        }
    }
}

impl std::error::Error for NotesError {}

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
    let latest = notes.latest()?;
    println!("  the latest is {latest:?}");
    assert_eq!(all.last(), Some(&latest));

    let created = notes.create("Sleep")?;
    println!("  created {created:?}");
    assert_eq!((created.id, &*created.title.0), (4, "Sleep"));

    fails(notes.create(""), "Invalid");
    fails(notes.get(3), "Schema");
    fails(notes.get(99), "NotFound");
    Ok(())
}

fn fails(result: Result<Note, NotesError>, expected: &str) {
    let error = result.expect_err(expected);
    println!("  {error}");
    assert!(format!("{error:?}").starts_with(expected), "{error:?} should be {expected}");
}
