//! The whole async client, on a runtime of one thread.

use std::hint::black_box;

use httpx::ahttpx::Client;
use httpx_bench::{Result, cases};
use tokio::runtime::{Builder, Runtime};

use crate::allocations;

/// GET after GET over one connection, one task.
pub(crate) fn run(url: &str, n: u64) -> Result<()> {
    let (runtime, client) = opened(url)?;
    Ok(gets_measured(&runtime, &client, url, n)?)
}

/// The number of allocations of a GET.
pub(crate) fn allocations(url: &str) -> Result<u64> {
    let (runtime, client) = opened(url)?;
    Ok(allocations::per_run(1000, || gets_measured(&runtime, &client, url, 1000))?)
}

/// With the connection open.
fn opened(url: &str) -> Result<(Runtime, Client)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = Client::new();
    runtime.block_on(one_after_the_other(&client, url, 1))?;
    Ok((runtime, client))
}

/// Runs all requests, including the work of the runtime between them, in one call: callgrind would take the end of an
/// inner function of the same name for the end of this one.
#[inline(never)]
fn gets_measured(runtime: &Runtime, client: &Client, url: &str, n: u64) -> httpx::Result<()> {
    runtime.block_on(one_after_the_other(client, url, n))
}

async fn one_after_the_other(client: &Client, url: &str, n: u64) -> httpx::Result<()> {
    for _ in 0..n {
        let response = client.get(black_box(url)).send().await?;
        assert!(response.status() == 200 && response.bytes().len() == cases::SHORT);
    }
    Ok(())
}
