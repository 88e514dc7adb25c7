//! A matcher of JSON bodies, which compares values.

use httpx_core::{Error, ErrorKind, Result};
use serde_json::Value;

use super::matcher::{Matcher, Part, shown};

/// A matcher of bodies that hold this value: white space and the order of fields mean nothing.
///
/// # Errors
///
/// If the value cannot be written as JSON.
pub(super) fn matcher(value: &(impl serde::Serialize + ?Sized)) -> Result<Matcher> {
    let expected = serde_json::to_value(value).map_err(|error| {
        Error::new(ErrorKind::Json, "the expected value of a route cannot be written as JSON")
            .with_source(error)
    })?;
    let text = format!("JSON {}", shown_value(&expected));
    Ok(Matcher::new(Part::Other, text, move |request| {
        match serde_json::from_slice::<Value>(request.body()) {
            Ok(actual) => difference("", &actual, &expected).map(|text| format!("the JSON {text}")),
            Err(error) => Some(format!("the body {} is not JSON: {error}", shown(request.body()))),
        }
    }))
}

/// Returns the first difference: `at /items/0/name is "Bob", not "Ann"`. Recursion is bounded by the parser's limit.
fn difference(at: &str, actual: &Value, expected: &Value) -> Option<String> {
    let place = if at.is_empty() { String::new() } else { format!("at {at} ") };
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            let missing = expected.iter().find_map(|(name, expected)| match actual.get(name) {
                Some(actual) => difference(&format!("{at}/{name}"), actual, expected),
                None => Some(format!("{place}has no {name:?}")),
            });
            let extra = || actual.keys().find(|name| !expected.contains_key(*name));
            missing.or_else(|| extra().map(|name| format!("{place}has {name:?}, which is not expected")))
        }
        (Value::Array(actual), Value::Array(expected)) if actual.len() == expected.len() => {
            let pairs = actual.iter().zip(expected).enumerate();
            pairs
                .into_iter()
                .find_map(|(n, (actual, expected))| difference(&format!("{at}/{n}"), actual, expected))
        }
        (actual, expected) if actual == expected => None,
        (actual, expected) => {
            Some(format!("{place}is {}, not {}", shown_value(actual), shown_value(expected)))
        }
    }
}

fn shown_value(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 200 {
        text
    } else {
        format!("{}…", text.chars().take(200).collect::<String>())
    }
}
