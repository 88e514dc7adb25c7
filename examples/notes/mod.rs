//! An API of notes, as far as its clients of both flavours are the same: the schema, the timeout, the log, and the one
//! kind of error.

#![allow(unreachable_pub)] // it is private to each example

use std::fmt;
use std::time::{Duration, Instant};

use httpx::flow::{Clock, Flow, FlowNext, FlowOutcome, RequestHead};
use httpx::{Bytes, ErrorKind, Headers, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What every call may take, redirects and all.
pub const TIMEOUT: Duration = Duration::from_secs(1);

/// What every request says.
pub fn headers() -> Headers {
    httpx::headers![("Accept", "application/json"), ("User-Agent", "notes/1.0")]
}

/// The schema of what is sent.
#[derive(Serialize)]
pub struct NewNote {
    title: Title,
}

impl NewNote {
    pub fn new(title: &str) -> Result<Self, NotesError> {
        let title = Title::try_from(title.to_owned()).map_err(NotesError::Invalid)?;
        Ok(NewNote { title })
    }
}

/// The schema of what comes back; what is not in it is an error.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub id: u64,
    pub title: Title,
}

/// A text that is not empty: it cannot be made, nor read from JSON, otherwise.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Title(pub String);

impl TryFrom<String> for Title {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.is_empty() { Err("a title must not be empty") } else { Ok(Title(text)) }
    }
}

/// What came, if the server agreed and kept to the schema.
pub fn read<T: DeserializeOwned>(response: Response<Bytes>) -> Result<T, NotesError> {
    Ok(response.error_for_status()?.json()?)
}

/// Writes a line for each request. A flow does no I/O of HTTP: it looks at what goes out and what comes in.
pub struct Log;

impl Flow for Log {
    type Call = Instant;

    fn start(&self, _: &mut RequestHead, clock: &dyn Clock) -> httpx::Result<Instant> {
        Ok(clock.now())
    }

    fn next(
        &self,
        started: &mut Instant,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> httpx::Result<FlowNext> {
        let outcome = match outcome {
            FlowOutcome::Response(response) => response.status().to_string(),
            FlowOutcome::Failed(error) => format!("{:?}", error.kind()),
        };
        let took = clock.now() - *started;
        println!("  log: {} {} -> {outcome} in {took:.1?}", request.method(), request.url().path());
        Ok(FlowNext::Done)
    }
}

/// All that can go wrong, in the words of the API.
#[derive(Debug)]
pub enum NotesError {
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

/// It went wrong, and in this way.
pub fn fails(result: Result<Note, NotesError>, expected: &str) {
    let error = result.expect_err(expected);
    println!("  {error}");
    assert!(format!("{error:?}").starts_with(expected), "{error:?} should be {expected}");
}
