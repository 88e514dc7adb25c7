//! A client that sends requests again: after a 503 as soon as the server allows, and after a failed connection.
//!
//!     cargo run --release --example retries

#![allow(clippy::print_stdout)]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use httpx::retry::Retry;
use httpx::{Client, Result};
use support::Reply;

fn main() -> Result<()> {
    let requests = AtomicU32::new(0);
    let site = support::serve(move |_| match requests.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::full("503 Service Unavailable", "Retry-After: 0\r\n", ""),
        1 => Reply::full("503 Service Unavailable", "", ""),
        _ => Reply::ok("at last"),
    });
    let retry = Retry::new()
        .max_attempts(4)
        .base_delay(Duration::from_millis(50))
        .on_retry(|attempt| println!("again: {attempt}"));
    // The total timeout bounds all attempts and pauses together.
    let client = Client::builder().retry(retry).timeout(Duration::from_secs(30)).build()?;
    let response = client.get(site.url()).send()?;
    println!("{response:?} {} at attempt {}", response.text(), response.attempts().count());
    assert_eq!((&*response.text(), response.attempts().count()), ("at last", 3));

    // A POST is sent once, unless it is marked: the server may have acted on it.
    let response = client.post(site.url()).body("a job").idempotent(true).send()?;
    assert_eq!(response.text(), "at last");
    Ok(())
}
