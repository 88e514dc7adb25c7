//! Downloads a file. A download that breaks off is tried again and continues where it stopped, also in a later run of the
//! program.
//!
//!     cargo run --release --example download -- URL FILE

#![allow(clippy::print_stderr)]

use std::env;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use httpx::{Client, Error, ErrorKind, Result};

const TRIES: u32 = 5;

/// The longest pause, also if `Retry-After` asks for more.
const LONGEST: Duration = Duration::from_secs(60);

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [url, path] = &args[..] else {
        return Err(Error::new(ErrorKind::Other, "usage: download URL FILE"));
    };
    let length = download(&Client::new(), url, path)?;
    eprintln!("{path}: {length} bytes");
    Ok(())
}

pub(crate) fn download(client: &Client, url: &str, path: &str) -> Result<u64> {
    let mut tries = 1;
    loop {
        match client.get(url).resume_to(path) {
            Err(error) if tries < TRIES && error.is_transient() => {
                let asked = error.response().and_then(|head| head.retry_after(SystemTime::now()));
                let pause = asked.unwrap_or(Duration::from_millis(250) * 2_u32.pow(tries)).min(LONGEST);
                eprintln!("{error:#}; again in {pause:?}");
                sleep(pause);
                tries += 1;
            }
            downloaded => return downloaded,
        }
    }
}
