//! The body of a response as JSON, and the errors of bodies that are not JSON.

use bytes::Bytes;

use super::Response;
use crate::json::{self, JsonError};
use crate::sanitize::ParserError;
use crate::{Error, ErrorKind, Result};

impl Response<Bytes> {
    /// Deserializes the body from JSON in UTF-8 (RFC 8259 §8.1), with any `Content-Type`. A byte order mark is
    /// ignored.
    ///
    /// # Errors
    ///
    /// Kind [`Json`](ErrorKind::Json), with the field (`items[3].price`), line and column of the mismatch, and with the
    /// beginning of a body that is other text, such as an HTML page. [`Error::status`] and [`Error::body`] are those of the
    /// response.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::{Json, Response};
    ///
    /// let response = Response::new(200, Json([1, 2, 3]))?;
    /// assert_eq!(response.json::<Vec<u8>>()?, [1, 2, 3]);
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        json::from_slice(&self.body).map_err(|error| {
            let (field, cause) = match error {
                JsonError::Mismatch { field, cause } => (field, cause),
                JsonError::Trailing(cause) => {
                    let message = format!("something follows the JSON in the body; {SEE_TEXT}");
                    return self.json_error(message, &cause);
                }
            };
            let beginning = beginning_of_other_text(&self.body);
            let message = if self.status().is_error() {
                format!(
                    "the body is not the expected JSON, because the server answered with an error{beginning}; call \
                     error_for_status() first"
                )
            } else if self.body.trim_ascii().is_empty() {
                "the body is empty, so there is no JSON in it; check status() first".into()
            } else if let Some(field) = field {
                format!("the body is not the expected JSON, at {field}; {SEE_TEXT}")
            } else {
                format!("the body is not the expected JSON{beginning}; {SEE_TEXT}")
            };
            self.json_error(message, &cause)
        })
    }

    fn json_error(&self, message: String, cause: &serde_json::Error) -> Error {
        let error = Error::new(ErrorKind::Json, message).with_source(ParserError::new(cause));
        self.error(error.with_response(self.head.clone()).with_body(self.body.clone()))
    }
}

/// The advice of errors about JSON.
const SEE_TEXT: &str = "text() shows the body";

/// Returns the beginning of a body that is text but not JSON, such as an HTML page; otherwise an empty text. A body
/// that begins as JSON is not shown: it may hold a token, and the error names the line.
fn beginning_of_other_text(body: &[u8]) -> String {
    const MAX: usize = 80;
    // A character has at most four bytes.
    let start = body.trim_ascii_start();
    let start = start.get(..4 * MAX).unwrap_or(start);
    let text = start.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
    let is_binary = |char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r');
    if text.is_empty() || text.starts_with(['{', '[', '"']) || text.contains(is_binary) {
        return String::new();
    }
    let shown = text.chars().take(MAX).collect::<String>();
    let more = if shown.len() < body.trim_ascii().len() { "…" } else { "" };
    format!(" (it begins with {:?}{more})", shown.trim_end())
}
