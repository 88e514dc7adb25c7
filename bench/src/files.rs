//! A file up or down, in both flavours. `scripts/large_file.py` compares this with curl.

use httpx::models::File;
use httpx::{Client, ahttpx};
use httpx_bench::Result;
use tokio::runtime::Builder;

use crate::stream;

/// Sends or saves a file. Returns the peak of the memory in use, in KiB.
pub(crate) fn run(flavour: &str, direction: &str, url: &str, path: &str) -> Result<u64> {
    match flavour {
        "blocking" => blocking(direction, url, path)?,
        "async" => {
            Builder::new_current_thread().enable_all().build()?.block_on(with_tokio(direction, url, path))?;
        }
        _ => return Err(format!("no such flavour: {flavour}").into()),
    }
    Ok(stream::peak()?)
}

fn blocking(direction: &str, url: &str, path: &str) -> Result<()> {
    let client = Client::new();
    match direction {
        "up" => drop(client.put(url).body(File::new(path)).send()?.error_for_status()?),
        "down" => drop(client.get(url).stream()?.save_to(path)?),
        _ => return Err(format!("neither up nor down: {direction}").into()),
    }
    Ok(())
}

async fn with_tokio(direction: &str, url: &str, path: &str) -> Result<()> {
    let client = ahttpx::Client::new();
    match direction {
        "up" => drop(client.put(url).body(File::new(path)).send().await?.error_for_status()?),
        "down" => drop(client.get(url).stream().await?.save_to(path).await?),
        _ => return Err(format!("neither up nor down: {direction}").into()),
    }
    Ok(())
}
