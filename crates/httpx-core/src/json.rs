//! Parses JSON. The error names the field.

use crate::sanitize::{ParserError, quoted};
use crate::{Error, ErrorKind};

/// Why a text cannot be parsed as the expected JSON.
pub(crate) enum JsonError {
    /// The value of this field is not as expected. `None`: the value as a whole.
    Mismatch { field: Option<String>, cause: serde_json::Error },
    /// Something follows the value.
    Trailing(serde_json::Error),
}

/// Deserializes a value from JSON in UTF-8. A byte order mark is ignored.
///
/// It looks for the path of the field only after a failure, because that makes parsing slower.
pub(crate) fn from_slice<T: serde::de::DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    serde_json::from_slice(text).or_else(|_| parse_again_for_path(text))
}

#[cold]
fn parse_again_for_path<T: serde::de::DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        JsonError::Mismatch { field: (path != ".").then(|| quoted(&path)), cause: error.into_inner() }
    })?;
    reader.end().map_err(JsonError::Trailing)?;
    Ok(value)
}

impl JsonError {
    /// Makes the error. `what` names the text.
    pub(crate) fn into_error(self, what: &str) -> Error {
        let (message, cause) = self.into_parts(what);
        Error::new(ErrorKind::Json, message).with_source(ParserError::new(&cause))
    }

    /// Makes the error of a line of a body. The parser sees each line as line 1, so only its column is shown.
    pub(crate) fn into_line_error(self, number: u64) -> Error {
        let (message, cause) = self.into_parts(&format!("line {number} of the body"));
        Error::new(ErrorKind::Json, message).with_source(ParserError::new(&with_column_only(&cause)))
    }

    fn into_parts(self, what: &str) -> (String, serde_json::Error) {
        match self {
            JsonError::Mismatch { field: None, cause } => (format!("{what} is not the expected JSON"), cause),
            JsonError::Mismatch { field: Some(field), cause } => {
                (format!("{what} is not the expected JSON, at {field}"), cause)
            }
            JsonError::Trailing(cause) => (format!("something follows the JSON in {what}"), cause),
        }
    }
}

fn with_column_only(cause: &serde_json::Error) -> String {
    let (text, column) = (cause.to_string(), cause.column());
    match text.strip_suffix(&format!(" at line {} column {column}", cause.line())) {
        Some(text) => format!("{text} at column {column}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Item {
        #[allow(dead_code)] // only its type matters
        price: u32,
    }

    #[test]
    fn errors_name_the_field() {
        let rows = [
            ("[{\"price\": 1}]", ""),
            ("\u{feff}[]", ""),
            ("[{\"price\": \"x\"}]", "the text is not the expected JSON, at [0].price"),
            ("{}", "the text is not the expected JSON: "),
            ("[] []", "something follows the JSON in the text"),
            ("", "the text is not the expected JSON: EOF"),
        ];
        for (text, expected) in rows {
            let shown = match from_slice::<Vec<Item>>(text.as_bytes()) {
                Ok(_) => String::new(),
                Err(error) => format!("{:#}", error.into_error("the text")),
            };
            assert!(
                shown.starts_with(expected) && shown.is_empty() == expected.is_empty(),
                "{text}: {shown}"
            );
        }
    }

    #[test]
    fn errors_of_a_line_name_its_number_and_the_column() {
        let rows = [
            ("[1, x]", "line 2 of the body is not the expected JSON, at [1]: expected value at column 5"),
            ("[1", "line 2 of the body is not the expected JSON: EOF while parsing a list at column 2"),
            ("[] []", "something follows the JSON in line 2 of the body: trailing characters at column 4"),
        ];
        for (text, expected) in rows {
            let error = from_slice::<Vec<u32>>(text.as_bytes()).map_err(|error| error.into_line_error(2));
            assert_eq!(error.unwrap_err().to_string(), expected, "{text}");
        }
    }
}
