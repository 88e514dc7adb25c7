//! Downloads a file, and tries again where that may help.
//!
//!     cargo run --release --example download -- URL FILE

#![allow(clippy::print_stderr)]

use std::error::Error;
use std::fs::File;
use std::io;
use std::time::Duration;

use httpx::{Clock, ConnectionPool, Flow, Middleware, Next, Outcome, RequestHead, Resend, Result};

/// Sends a request again after a failure that may pass, with a longer pause each time.
struct Retry {
    most: u32,
}

impl Flow for Retry {
    /// How often it was sent again.
    type Call = u32;

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<u32> {
        Ok(0)
    }

    fn next(
        &self,
        again: &mut u32,
        _: &mut RequestHead,
        outcome: Outcome<'_>,
        _: &dyn Clock,
    ) -> Result<Next> {
        let trouble = match outcome {
            Outcome::Failed(error) if error.is_connect() || error.is_timeout() => format!("{error:#}"),
            Outcome::Response(head) if matches!(head.status().as_u16(), 429 | 502..=504) => {
                head.status().to_string()
            }
            Outcome::Failed(_) | Outcome::Response(_) => return Ok(Next::Done),
        };
        if *again == self.most {
            return Ok(Next::Done);
        }
        let pause = Duration::from_millis(500) * 2_u32.pow(*again);
        *again += 1;
        eprintln!("{trouble}; again in {pause:?}");
        Ok(Next::Again { after: Some(pause), body: Resend::Keep })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [url, path] = &args[..] else { return Err("usage: download URL FILE".into()) };
    let transport = Middleware::with(Retry { most: 4 }, ConnectionPool::new());
    let cli = httpx::Client::builder().transport(transport).build()?;
    let mut response = cli.get(url).stream()?.error_for_status()?;
    let bytes = io::copy(&mut response, &mut File::create(path)?)?;
    eprintln!("{bytes} bytes");
    Ok(())
}
