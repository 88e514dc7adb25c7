//! A layer that sends requests again: after a failed connection, and after a 503 as soon as the server allows.
//!
//!     cargo run --release --example retries

#![allow(clippy::print_stdout)]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use httpx::flow::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome, RequestHead};
use httpx::{Client, Result};
use support::Reply;

/// Sends a request again, up to this many times.
struct Retry(u32);

impl Flow for Retry {
    type Call = u32; // the number of retries so far

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<u32> {
        Ok(0)
    }

    #[rustfmt::skip]
    fn next(&self, n: &mut u32, request: &mut RequestHead, outcome: FlowOutcome<'_>, clock: &dyn Clock) -> Result<FlowNext> {
        let pause = Duration::from_millis(100 << *n); // 0.1 s, 0.2 s, 0.4 s, …
        let pause = match outcome {
            _ if *n == self.0 => return Ok(FlowNext::Done),
            FlowOutcome::Response(head) if head.status() == 503 && request.method().is_idempotent() => {
                head.retry_after(clock.wall()).unwrap_or(pause)
            }
            FlowOutcome::Failed(error) if error.is_connect() => pause,
            FlowOutcome::Response(_) | FlowOutcome::Failed(_) => return Ok(FlowNext::Done),
        };
        *n += 1;
        println!("retry {n} in {pause:?}");
        Ok(FlowNext::Again { after: Some(pause), body: BodyReuse::Keep })
    }
}

fn main() -> Result<()> {
    let requests = AtomicU32::new(0);
    let site = support::serve(move |_| match requests.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::full("503 Service Unavailable", "Retry-After: 0\r\n", ""),
        1 => Reply::full("503 Service Unavailable", "", ""),
        _ => Reply::ok("at last"),
    });
    // The total timeout bounds all tries and pauses together.
    let client = Client::builder().layer(Retry(3)).timeout(Duration::from_secs(30)).build()?;
    let response = client.get(site.url()).send()?;
    println!("{response:?} {}", response.text());
    assert_eq!(response.text(), "at last");
    Ok(())
}
