//! The parts of a client for a notes API that both flavours share: schema, timeout, log and error type.

#![allow(unreachable_pub)] // the module is private to each example

use std::fmt;
use std::time::{Duration, Instant};

use httpx::flow::{Clock, Flow, FlowNext, FlowOutcome, RequestHead};
use httpx::{Bytes, ErrorKind, Headers, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The most time for a call, with its redirects.
pub const TIMEOUT: Duration = Duration::from_secs(1);

/// The headers of each request.
pub fn headers() -> Headers {
    httpx::headers![("Accept", "application/json"), ("User-Agent", "notes/1.0")]
}

/// The schema of a new note.
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

/// The schema of a note from the server; other fields are an error.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub id: u64,
    pub title: Title,
}

/// A text that is not empty, also if it is read from JSON.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Title(pub String);

impl TryFrom<String> for Title {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.is_empty() { Err("a title must not be empty") } else { Ok(Title(text)) }
    }
}

/// Reads a response that must be a success and must match the schema.
pub fn read<T: DeserializeOwned>(response: Response<Bytes>) -> Result<T, NotesError> {
    Ok(response.error_for_status()?.json()?)
}

/// Prints a line for each request.
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

/// The errors of the API.
#[derive(Debug)]
pub enum NotesError {
    /// The note does not match the schema; it was not sent.
    Invalid(&'static str),
    /// There is no such note.
    NotFound,
    /// The server refused.
    Refused(StatusCode),
    /// The response does not match the schema.
    Schema(httpx::Error),
    /// No response was received in time. A later try may succeed.
    Unavailable(httpx::Error),
}

/// The only place that decides what an HTTP error means for this API.
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

/// Checks that a call failed with this error.
pub fn fails(result: Result<Note, NotesError>, expected: &str) {
    let error = result.expect_err(expected);
    println!("  {error}");
    assert!(format!("{error:?}").starts_with(expected), "{error:?} should be {expected}");
}
