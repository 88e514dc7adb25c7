//! Downloads a file; what breaks off is tried again, and goes on where it ended.
//!
//!     cargo run --release --example download -- URL FILE

#![allow(clippy::print_stderr)]

use std::fs::{self, OpenOptions};
use std::thread::sleep;
use std::time::Duration;
use std::{env, io};

use httpx::{Client, Error, ErrorKind, Result, StatusCode};

const TRIES: u32 = 5;

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [url, path] = &args[..] else {
        return Err(Error::new(ErrorKind::Other, "usage: download URL FILE"));
    };
    let cli = Client::new();
    let part = format!("{path}.part"); // so that a whole file is never mistaken for a broken one
    for tries in 1.. {
        match download(&cli, url, &part) {
            Ok(()) => break,
            Err(error) if tries < TRIES && may_pass(&error) => {
                let pause = Duration::from_millis(250) * 2_u32.pow(tries);
                eprintln!("{error:#}; again in {pause:?}");
                sleep(pause);
            }
            Err(error) => return Err(error),
        }
    }
    fs::rename(&part, path)?;
    eprintln!("{path}: {} bytes", fs::metadata(path)?.len());
    Ok(())
}

/// Appends to the part of the file that is there already.
fn download(cli: &Client, url: &str, part: &str) -> Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(part)?;
    let have = file.metadata()?.len();
    // A range counts the bytes as they are sent, so they must not be coded.
    let request = cli.get(url).header("Accept-Encoding", "identity");
    let mut response =
        if have > 0 { request.header("Range", format!("bytes={have}-")) } else { request }.stream()?;
    match response.status() {
        StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => return Ok(()), // all of it was there
        StatusCode::PARTIAL_CONTENT => {}
        _ => file.set_len(0)?, // the server does not know ranges, or has nothing
    }
    response = response.error_for_status()?;
    io::copy(&mut response, &mut file)?;
    Ok(())
}

/// Whether it may go better the next time.
fn may_pass(error: &Error) -> bool {
    error.is_transient() || error.status().is_some_and(|status| status == 429 || status.is_server_error())
}
