//! The data of a request: `-d`, `--json`, `--data-…`, and the forms of `-F`.

use std::fs;
use std::io::Read;
use std::path::Path;

use httpx::Body;
use httpx::models::{File, Multipart, Part};

use crate::arguments::{Data, FormArgument};
use crate::failure::{Code, Failure};

/// Returns the data of all options together, joined by `&` as in curl; those of `--json` are not joined.
pub(crate) fn joined(data: &[Data]) -> Result<Vec<u8>, Failure> {
    let mut all = Vec::new();
    for (number, piece) in data.iter().enumerate() {
        if number > 0 && !matches!(piece, Data::Json(_)) {
            all.push(b'&');
        }
        all.extend(bytes(piece)?);
    }
    Ok(all)
}

fn bytes(data: &Data) -> Result<Vec<u8>, Failure> {
    match data {
        Data::Raw(text) => Ok(text.clone().into_bytes()),
        Data::Plain(text) => match text.strip_prefix('@') {
            // curl leaves these bytes of a file out.
            Some(path) => {
                Ok(read(path)?.into_iter().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0)).collect())
            }
            None => Ok(text.clone().into_bytes()),
        },
        Data::Binary(text) | Data::Json(text) => match text.strip_prefix('@') {
            Some(path) => read(path),
            None => Ok(text.clone().into_bytes()),
        },
        Data::UrlEncoded(text) => encoded(text),
    }
}

/// Encodes `CONTENT`, `=CONTENT`, `NAME=CONTENT`, `@FILE` or `NAME@FILE`; the name is sent as it is.
fn encoded(text: &str) -> Result<Vec<u8>, Failure> {
    let (name, content) = match text.find(['=', '@']).map(|at| text.split_at(at)) {
        Some((name, rest)) if rest.starts_with('@') => (name, read(rest.trim_start_matches('@'))?),
        Some((name, rest)) => (name, rest.as_bytes().get(1..).unwrap_or_default().to_vec()),
        None => ("", text.as_bytes().to_vec()),
    };
    let mut out = if name.is_empty() { String::new() } else { format!("{name}=") };
    for byte in content {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte.into()),
            b' ' => out.push('+'),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    Ok(out.into_bytes())
}

/// Reads a file; `-` is the standard input.
fn read(path: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match path {
        "-" => std::io::stdin().lock().read_to_end(&mut bytes).map(drop),
        _ => fs::read(path).map(|read| bytes = read),
    };
    read.map_err(|error| Failure::read(path, &error))?;
    Ok(bytes)
}

pub(crate) fn form(fields: &[FormArgument]) -> Result<Multipart<Body>, Failure> {
    let mut form = Multipart::new();
    for field in fields {
        let (FormArgument::Text(argument) | FormArgument::Parsed(argument)) = field;
        let Some((name, content)) = argument.split_once('=') else {
            return Err(Failure::new(Code::Usage, format!("illegally formatted input field: {argument}")));
        };
        form = match field {
            FormArgument::Text(_) => form.text(name, content),
            FormArgument::Parsed(_) => form.part(name, part(content)?),
        };
    }
    Ok(form)
}

/// Parses `CONTENT`, `@FILE` or `<FILE`, each with `;type=…` and `;filename=…`.
fn part(content: &str) -> Result<Part<Body>, Failure> {
    let mut settings = content.split(';');
    let content = settings.next().unwrap_or_default();
    let (mut media_type, mut file_name) = (None, None);
    for setting in settings {
        match setting.trim().split_once('=') {
            Some(("type", value)) => media_type = Some(value),
            Some(("filename", value)) => file_name = Some(value.trim_matches('"')),
            _ => return Err(Failure::new(Code::Usage, format!("unknown setting of a field: {setting}"))),
        }
    }
    let part = match (content.strip_prefix('@'), content.strip_prefix('<')) {
        (Some(path), _) => upload(path)?,
        (None, Some(path)) => Part::new(read(path)?),
        (None, None) => Part::new(content.to_owned()),
    };
    let part = match media_type {
        Some(media_type) => part.header("Content-Type", media_type).map_err(httpx::Error::from)?,
        None => part,
    };
    Ok(match file_name {
        Some(name) => part.file_name(name),
        None => part,
    })
}

fn upload(path: &str) -> Result<Part<Body>, Failure> {
    // So that a missing file is an error before anything is sent.
    fs::File::open(path).map_err(|error| Failure::read(path, &error))?;
    Ok(Part::file(File::new(Path::new(path))))
}
