//! A body of any size passes through in little memory, in both directions: 1 GiB in a release build, less in a debug
//! build, where it takes too long.
#![cfg(all(target_os = "linux", any(feature = "blocking", feature = "async")))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::io::{self, Read};

use support::{Act, Flavour, Server, Streamed, request, send};

const SIZE: u64 = if cfg!(debug_assertions) { 128 << 20 } else { 1 << 30 };

/// Client and server together, with all that a test process has beside them.
const MOST: u64 = 32 << 20;

/// The most memory that this process has ever had resident.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// One after the other, because the process has only one peak.
#[test]
fn large_bodies_in_little_memory() {
    #[cfg(feature = "blocking")]
    large_bodies::<support::Blocking>();
    #[cfg(feature = "async")]
    large_bodies::<support::Async>();
}

fn large_bodies<F: Flavour>() {
    let head = |framing: &str| send(format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n"));
    let server = Server::new([vec![
        Act::Take,
        head(&format!("Content-Length: {SIZE}")),
        Act::Flood(SIZE),
        Act::Take,
        head("Transfer-Encoding: chunked"),
        Act::FloodChunks(SIZE),
        Act::Sink,
    ]]);
    let pool = F::new();
    for what in ["length", "chunks"] {
        assert_eq!(pool.stream(&server.url()).unwrap().skip().unwrap(), SIZE, "{what}");
        assert!(peak() < MOST, "{what}: {} MiB", peak() >> 20);
    }
    let body = F::reader(io::repeat(b'x').take(SIZE));
    // The server takes all of it, and never answers.
    pool.send(request("POST", &server.url()).with_body(body)).unwrap_err();
    assert!(peak() < MOST, "upload: {} MiB", peak() >> 20);
    assert_eq!(server.connections(), 1);
}
