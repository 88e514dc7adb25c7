//! Where a body goes: to the standard output or a file, with a progress bar, and pretty on a terminal.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use httpx::{Body, Bytes, Response};
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{Arguments, Destination};
use crate::failure::Failure;
use crate::heads::{self, Colours};

/// The longest JSON that is made pretty; a longer body is written as it arrives.
const MAX_PRETTY: u64 = 1 << 20;

/// Writes the heads of a response whose body is not wanted, with `-i`.
pub(crate) fn write_heads_alone(response: &Response<Body>, arguments: &Arguments) -> Result<(), Failure> {
    write_heads(response, arguments, &mut io::stdout().lock(), "the standard output")
}

/// Writes the response; returns the number of bytes of its body.
pub(crate) fn write(
    response: &mut Response<Body>,
    arguments: &Arguments,
    destination: &Destination,
) -> Result<u64, Failure> {
    match destination {
        Destination::File(path) => {
            let name = path.display().to_string();
            let mut file = create(path, &name)?;
            write_heads(response, arguments, &mut file, &name)?;
            let bar = if arguments.shows_progress() { bar(response) } else { ProgressBar::hidden() };
            let copied = copy(response, &mut file, &name, &bar);
            bar.finish();
            copied
        }
        Destination::StandardOutput | Destination::RemoteName => {
            let mut stdout = io::stdout().lock();
            write_heads(response, arguments, &mut stdout, "the standard output")?;
            if stdout.is_terminal() && is_json(response) {
                return write_json(response, &mut stdout);
            }
            let bytes = copy(response, &mut stdout, "the standard output", &ProgressBar::hidden())?;
            stdout.flush().map_err(|error| Failure::write("the standard output", &error))?;
            Ok(bytes)
        }
    }
}

fn create(path: &Path, name: &str) -> Result<File, Failure> {
    File::create(path).map_err(|error| Failure::write(name, &error))
}

/// Writes the heads, with `-i` and `-I`: also those of the redirects before.
fn write_heads(
    response: &Response<Body>,
    arguments: &Arguments,
    out: &mut (impl Write + IsTerminal),
    name: &str,
) -> Result<(), Failure> {
    if !arguments.has("include") && !arguments.has("head") {
        return Ok(());
    }
    let colours = Colours::of(out);
    let mut heads = response.history().iter().chain([response.head()]);
    let written = heads.try_for_each(|head| heads::write_response(out, head, colours));
    written.map_err(|error| Failure::write(name, &error))
}

/// Copies the body. An error of the connection is told from one of the output.
fn copy(
    response: &mut Response<Body>,
    out: &mut impl Write,
    name: &str,
    bar: &ProgressBar,
) -> Result<u64, Failure> {
    let mut total = 0;
    while let Some(chunk) = response.chunk().map_err(Failure::body)? {
        out.write_all(&chunk).map_err(|error| Failure::write(name, &error))?;
        total += chunk.len() as u64;
        bar.set_position(total);
    }
    Ok(total)
}

/// A bar on the standard error, which shows itself only on a terminal.
fn bar(response: &Response<Body>) -> ProgressBar {
    let (bar, template) = match response.content_length() {
        Some(length) => {
            (ProgressBar::new(length), "{bar:40} {bytes}/{total_bytes} {binary_bytes_per_sec} {eta}")
        }
        None => (ProgressBar::no_length(), "{spinner} {bytes} {binary_bytes_per_sec}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn is_json(response: &Response<Body>) -> bool {
    let essence = response.media_type().map(|it| it.essence().to_ascii_lowercase()).unwrap_or_default();
    let is_json = essence == "application/json" || essence.ends_with("+json");
    is_json && response.content_length().is_none_or(|length| length <= MAX_PRETTY)
}

/// Writes JSON with line breaks and coloured names.
fn write_json(response: &mut Response<Body>, out: &mut (impl Write + IsTerminal)) -> Result<u64, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().map_err(Failure::body)? {
        body.extend_from_slice(&chunk);
    }
    let length = body.len() as u64;
    let shown = pretty(&body, Colours::of(out)).map_or_else(|| Bytes::from(body), Bytes::from);
    let written = out.write_all(&shown).and_then(|()| writeln!(out));
    written.map_err(|error| Failure::write("the standard output", &error))?;
    Ok(length)
}

/// Returns the JSON with line breaks; `None` if it is none.
pub(crate) fn pretty(json: &[u8], colours: Colours) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(json).ok()?;
    let mut out = String::new();
    for line in format!("{value:#}").as_bytes().lines() {
        let line = line.ok()?;
        let rest = line.trim_start();
        out.push_str(line.get(..line.len() - rest.len())?);
        // A line of an object begins with a name; serde_json escapes the control characters in texts.
        match rest.split_once("\": ") {
            Some((name, value)) if rest.starts_with('"') => {
                out.push_str(&colours.cyan(&format!("{name}\"")));
                out.push_str(": ");
                out.push_str(&coloured_value(value, colours));
            }
            _ => out.push_str(&coloured_value(rest, colours)),
        }
        out.push('\n');
    }
    out.pop();
    Some(out)
}

fn coloured_value(value: &str, colours: Colours) -> String {
    if value.starts_with('"') { colours.green(value) } else { value.to_owned() }
}
