//! Writes and reads multipart bodies, for `scripts/multipart.py`, which asks other parsers the same.
//!
//! Each line of the input is a JSON object, and so is each line of the output. `{"form": [[name, file name, content], …]}`
//! gives `{"type": …, "body": …}` as it would be sent; that gives `{"parts": [[name, file name, content], …], "error": …}`.
//! Bytes are texts in ISO-8859-1.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io;

use httpx_core::blocking::Body;
use httpx_core::{Multipart, Part, Response, ResponseHead, StatusCode};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let asked = serde_json::from_str::<Value>(&line?)?;
        let answer = match asked.get("form") {
            Some(fields) => write(serde_json::from_value(fields.clone())?)?,
            None => {
                read(asked["type"].as_str().unwrap_or_default(), asked["body"].as_str().unwrap_or_default())?
            }
        };
        println!("{answer}");
    }
    Ok(())
}

fn write(fields: Vec<(String, Option<String>, String)>) -> httpx_core::Result<Value> {
    let mut form = Multipart::<Body>::new();
    for (name, file_name, content) in fields {
        let part = Part::new(content);
        form = form.part(name, file_name.into_iter().fold(part, Part::file_name));
    }
    let (content_type, body) = form.into_content()?;
    Ok(json!({ "type": content_type, "body": shown(&body.into_bytes()?) }))
}

fn read(content_type: &str, body: &str) -> httpx_core::Result<Value> {
    let body = body.chars().map(|char| char as u8).collect::<Vec<_>>();
    let response = Response::from_parts(ResponseHead::new(StatusCode::OK), Body::from(body));
    let mut parts = response.with_header("Content-Type", content_type)?.multipart()?;
    let mut all = Vec::new();
    let error = loop {
        match parts.next_part() {
            Ok(Some(part)) => {
                let names = json!([part.name(), part.file_name()]);
                match part.into_bytes() {
                    Ok(content) => all.push(json!([names[0], names[1], shown(&content)])),
                    Err(error) => break Some(error.to_string()),
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(error.to_string()),
        }
    };
    Ok(json!({ "parts": all, "error": error }))
}

fn shown(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}
