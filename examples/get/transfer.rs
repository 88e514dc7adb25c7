//! One transfer: sends a request, and writes its response.

use std::io::Write;
use std::time::Instant;

use httpx::Client;

use crate::arguments::{Arguments, Destination};
use crate::failure::{Code, Failure};
use crate::output;
use crate::request;
use crate::summary::Summary;

/// Fetches a URL.
pub(crate) fn run(
    client: &Client,
    arguments: &Arguments,
    url: &str,
    destination: &Destination,
) -> Result<(), Failure> {
    if matches!(destination, Destination::File(path) if path.as_os_str().is_empty()) {
        return Err(Failure::new(Code::Write, format!("the URL {url} has no file name for -O")));
    }
    let started = Instant::now();
    let mut summary = Summary::failed(url);
    let fetched = fetch(client, arguments, url, destination, &mut summary);
    summary.time = started.elapsed();
    if let Some(format) = &arguments.write_out {
        let written = std::io::stdout().write_all(summary.format(format).as_bytes());
        written.map_err(|error| Failure::write("the standard output", &error))?;
    }
    fetched
}

fn fetch(
    client: &Client,
    arguments: &Arguments,
    url: &str,
    destination: &Destination,
    summary: &mut Summary,
) -> Result<(), Failure> {
    let request = request::build(client, arguments, url)?;
    if arguments.has("to-curl") {
        println!("{}", request.to_curl()?);
        return Ok(());
    }
    let mut response = request.stream()?;
    *summary = Summary::of(&response);
    if arguments.has("fail") && summary.status >= 400 {
        output::write_heads_alone(&response, arguments)?;
        let message = format!("the requested URL returned error: {}", summary.status);
        return Err(Failure::new(Code::HttpError, message));
    }
    summary.bytes = output::write(&mut response, arguments, destination)?;
    Ok(())
}
