//! Downloads a file. A download that breaks off is tried again and continues where it stopped, also in a later run of the
//! program.
//!
//!     cargo run --release --example download -- URL FILE

#![allow(clippy::print_stderr)]

use std::fs::{self, OpenOptions};
use std::thread::sleep;
use std::time::{Duration, SystemTime};
use std::{env, io};

use httpx::models::HeaderValue;
use httpx::{Client, Error, ErrorKind, Result, StatusCode};

const TRIES: u32 = 5;

/// The longest pause, also if `Retry-After` asks for more.
const LONGEST: Duration = Duration::from_secs(60);

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [url, path] = &args[..] else {
        return Err(Error::new(ErrorKind::Other, "usage: download URL FILE"));
    };
    fetch(&Client::new(), url, path)?;
    eprintln!("{path}: {} bytes", fs::metadata(path)?.len());
    Ok(())
}

pub(crate) fn fetch(client: &Client, url: &str, path: &str) -> Result<()> {
    // The part has another name than the whole file. The ETag tells which version of the file it belongs to.
    let (part, tag) = (format!("{path}.part"), format!("{path}.etag"));
    for tries in 1.. {
        match download(client, url, &part, &tag) {
            Ok(()) => break,
            Err(error) if tries < TRIES && error.is_transient() => {
                let asked = error.response().and_then(|head| head.retry_after(SystemTime::now()));
                let pause = asked.unwrap_or(Duration::from_millis(250) * 2_u32.pow(tries)).min(LONGEST);
                eprintln!("{error:#}; again in {pause:?}");
                sleep(pause);
            }
            Err(error) => return Err(error),
        }
    }
    fs::rename(part, path)?;
    let _ = fs::remove_file(tag); // it exists only if the server sent an ETag
    Ok(())
}

/// Continues the part that is there, if the file on the server has not changed.
pub(crate) fn download(client: &Client, url: &str, part: &str, tag: &str) -> Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(part)?;
    let etag = fs::read_to_string(tag).unwrap_or_default();
    let have = if etag.is_empty() { 0 } else { file.metadata()?.len() };
    // A range counts the bytes as they are sent, so they must not be compressed.
    let mut request = client.get(url).header("Accept-Encoding", "identity");
    if have > 0 {
        // If the file has changed, the server sends all of it (RFC 9110 §13.1.5).
        request = request.header("Range", format!("bytes={have}-")).header("If-Range", etag);
    }
    let mut response = request.stream()?;
    let text = |name| response.headers().get(name).and_then(HeaderValue::to_str).unwrap_or_default();
    match (response.status(), text("Content-Range")) {
        (StatusCode::PARTIAL_CONTENT, range) if have > 0 && range.starts_with(&format!("bytes {have}-")) => {}
        (StatusCode::RANGE_NOT_SATISFIABLE, range) if range == format!("bytes */{have}") => return Ok(()),
        // The file has changed: download all of it.
        (StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE, _) if have > 0 => {
            fs::remove_file(tag)?;
            return download(client, url, part, tag);
        }
        _ => {
            let etag = text("ETag").to_owned();
            response = response.error_for_status()?; // before the part is deleted
            let _ = fs::remove_file(tag);
            file.set_len(0)?;
            if etag.starts_with('"') {
                fs::write(tag, etag)?; // a weak ETag does not identify single bytes
            }
        }
    }
    io::copy(&mut response, &mut file)?;
    Ok(())
}
