//! Our codec and our async client beside others, the clients on a runtime of one thread. `scripts/peers.sh` runs this.
//!
//! ```text
//! peers codec NAME CASE N         N times an exchange in memory; see cases.rs, or `encode` for the request alone
//! peers codec NAME CASE allocations
//!                                 the allocations of one exchange, `-` if the peer cannot do it
//! peers gets NAME PORT N          N times a small GET over one connection
//! peers allocations NAME PORT     the allocations of one GET
//! peers connect NAME URL CERT N   N times a small GET over a new connection, the CPU time of one in µs; `-` is
//!                                 no certificate
//! peers idle NAME PORT            the memory of one of 100 idle connections, in bytes
//! peers crowd NAME PORT           1,000 GETs at once over 100 connections, ten times: the time of the fastest round
//!                                 in µs, and the peak of the memory in use in KiB
//! ```
//!
//! The codecs are `httparse`, `httpx-proto`, `ureq-proto` and `hyper`; the clients `httpx`, `hyper-util` and `reqwest`; the server is that of `cost serve`.

#[path = "../allocations.rs"]
mod allocations;
mod codec;
mod connecting;
mod peer;

use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use httpx_bench::Result;
use peer::{Httpx, HyperUtil, Peer, Reqwest};

const CONNECTIONS: usize = 100;
const CROWD: usize = 1000;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["codec", name, case, count] => codec::measure(name, case, count),
        ["connect", name, url, certificate, n] => connecting::measure(name, url, certificate, n),
        [what, "httpx", port, ref rest @ ..] => measure::<Httpx>(what, port, rest),
        [what, "hyper-util", port, ref rest @ ..] => measure::<HyperUtil>(what, port, rest),
        [what, "reqwest", port, ref rest @ ..] => measure::<Reqwest>(what, port, rest),
        _ => Err("see the head of bench/src/peers/main.rs".into()),
    }
}

fn measure<P: Peer>(what: &str, port: &str, rest: &[&str]) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let peer = runtime.block_on(async { P::new(&format!("http://127.0.0.1:{port}/small")) })?;
    runtime.block_on(gets(&peer, 1))?;
    match (what, rest) {
        ("gets", [n]) => gets_measured(&runtime, &peer, n.parse()?),
        ("allocations", []) => {
            println!("{}", allocations::per_run(1000, || gets_measured(&runtime, &peer, 1000))?);
            Ok(())
        }
        ("idle", []) => {
            println!("{}", runtime.block_on(idle(&peer))?);
            Ok(())
        }
        ("crowd", []) => {
            let mut fastest = Duration::MAX;
            for _ in 0..10 {
                fastest = fastest.min(runtime.block_on(crowd(&peer))?);
            }
            println!("{} {}", fastest.as_micros(), kib("VmHWM:")?);
            Ok(())
        }
        _ => Err("see the head of bench/src/peers/main.rs".into()),
    }
}

/// The commands that `cost` has too.
#[inline(never)]
fn gets_measured<P: Peer>(runtime: &Runtime, peer: &P, n: u64) -> Result<()> {
    runtime.block_on(gets(peer, n))
}

async fn gets<P: Peer>(peer: &P, n: u64) -> Result<()> {
    for _ in 0..n {
        let response = peer.ask().await?;
        assert_eq!(P::read(response).await?, 13);
    }
    Ok(())
}

/// Responses that have not been read hold their connections.
async fn idle<P: Peer>(peer: &P) -> Result<u64> {
    let before = kib("VmRSS:")?;
    let mut held = Vec::with_capacity(CONNECTIONS);
    while held.len() < CONNECTIONS {
        held.push(peer.ask().await?);
    }
    for response in held {
        assert_eq!(P::read(response).await?, 13);
    }
    tokio::task::yield_now().await;
    Ok(kib("VmRSS:")?.saturating_sub(before) * 1024 / CONNECTIONS as u64)
}

async fn crowd<P: Peer>(peer: &P) -> Result<Duration> {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..CROWD {
        let peer = peer.clone();
        tasks.spawn(async move {
            let _turn = peer.turn().await;
            P::read(peer.ask().await?).await
        });
    }
    while let Some(read) = tasks.join_next().await {
        assert_eq!(read??, 13);
    }
    Ok(start.elapsed())
}

fn kib(name: &str) -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB"));
    Ok(line.ok_or("no such line")?.parse()?)
}
