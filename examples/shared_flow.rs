//! A flow that serves both flavours from one source: it numbers requests and measures how long they take.
//!
//!     cargo run --release --example shared_flow

#![allow(clippy::print_stdout)]

mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use httpx::Result;
use httpx::flow::{Clock, Flow, FlowNext, FlowOutcome, RequestHead};

/// Sends a number with each request, and prints a line when its response has been received.
#[derive(Default)]
struct Numbered {
    last: AtomicU64,
}

/// The state of one call.
struct Call {
    number: u64,
    started: Instant,
}

impl Flow for Numbered {
    type Call = Call;

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<Call> {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        request.headers_mut().set("X-Request-Id", number.to_string())?;
        Ok(Call { number, started: clock.now() })
    }

    fn next(
        &self,
        call: &mut Call,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        let outcome = match outcome {
            FlowOutcome::Response(response) => response.status().to_string(),
            FlowOutcome::Failed(error) => format!("{:?}", error.kind()),
        };
        let took = clock.now() - call.started;
        println!(
            "  {}: {} {} -> {outcome} in {took:.1?}",
            call.number,
            request.method(),
            request.url().path()
        );
        Ok(FlowNext::Done)
    }
}

fn main() -> Result<()> {
    let server = support::http();
    blocking(&server.url())?;
    asynchronous(&server.url())
}

fn blocking(url: &str) -> Result<()> {
    println!("httpx:");
    let client = httpx::Client::builder().url(url).layer(Numbered::default()).build()?;
    client.get("/json").send()?;
    let r = client.get("/id").send()?;
    assert_eq!(r.text(), "2");
    println!("{client:?}");
    Ok(())
}

#[tokio::main]
async fn asynchronous(url: &str) -> Result<()> {
    println!("ahttpx:");
    let client = httpx::ahttpx::Client::builder().url(url).layer(Numbered::default()).build()?;
    client.get("/json").send().await?;
    let r = client.get("/id").send().await?;
    assert_eq!(r.text(), "2");
    println!("{client:?}");
    Ok(())
}
