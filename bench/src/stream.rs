//! Long bodies, read in pieces: the memory in use must not depend on their length.

use std::io::Read;

use httpx::Client;
use httpx_bench::Result;

use crate::server::LONG;

/// Reads the body to its end. Returns the peak of the memory in use, in KiB.
pub(crate) fn run(url: &str) -> Result<u64> {
    let mut response = Client::new().get(url).stream()?;
    let mut buffer = vec![0; 64 << 10];
    let mut got = 0;
    loop {
        match response.read(&mut buffer)? {
            0 => break,
            n => got += n as u64,
        }
    }
    if got != LONG {
        return Err(format!("the body had {got} bytes").into());
    }
    Ok(peak()?)
}

/// The peak of the memory in use, in KiB.
pub(crate) fn peak() -> std::io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    Ok(peak.and_then(|peak| peak.parse().ok()).unwrap_or(u64::MAX))
}
