//! A client that sends requests again: after a 503 as soon as the server allows, and after a failed connection.
//!
//!     cargo run --release --example retries --features testing

#![allow(clippy::print_stdout)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use httpx::retry::Retry;
use httpx::testing::{Reply, TestServer};
use httpx::{Client, Result};

fn main() -> Result<()> {
    let requests = AtomicU32::new(0);
    let site = TestServer::new(move |_| match requests.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::new(503).header("Retry-After", 0),
        1 => Reply::new(503),
        _ => Reply::text("at last"),
    })?;
    let retry = Retry::new()
        .max_attempts(4)
        .base_delay(Duration::from_millis(50))
        .on_retry(|attempt| println!("again: {attempt}"));
    // The total timeout bounds all attempts and pauses together.
    let client = Client::builder().retry(retry).timeout(Duration::from_secs(30)).build()?;
    let response = client.get(site.url("/")).send()?;
    println!("{response:?} {} at attempt {}", response.text(), response.attempts().count());
    assert_eq!((&*response.text(), response.attempts().count()), ("at last", 3));

    // A POST is sent once, unless it is marked: the server may have acted on it.
    let response = client.post(site.url("/")).body("a job").idempotent(true).send()?;
    assert_eq!(response.text(), "at last");
    Ok(())
}
