//! A body of any size passes through in little memory, in both directions: 1 GiB in a release build, less in a debug
//! build, where it takes too long.
#![cfg(all(target_os = "linux", feature = "blocking"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::io::{self, Read};

use httpx_core::Request;
use httpx_core::blocking::{Body, Transport};
use httpx_pool::ConnectionPool;
use support::{Act, Server, send};

const SIZE: u64 = if cfg!(debug_assertions) { 128 << 20 } else { 1 << 30 };

/// Client and server together, with all that a test process has beside them.
const MOST: u64 = 32 << 20;

/// The most memory that this process has ever had resident.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[test]
fn large_bodies_in_little_memory() {
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
    let pool = ConnectionPool::new();
    for what in ["length", "chunks"] {
        let mut response = pool.send(Request::new("GET", &*server.url()).unwrap()).unwrap();
        assert_eq!(io::copy(&mut response, &mut io::sink()).unwrap(), SIZE, "{what}");
        assert!(peak() < MOST, "{what}: {} MiB", peak() >> 20);
    }
    let body = Body::from_reader(io::repeat(b'x').take(SIZE));
    let request = Request::new("POST", &*server.url()).unwrap().with_body(body);
    // The server takes all of it, and never answers.
    pool.send(request).unwrap_err();
    assert!(peak() < MOST, "upload: {} MiB", peak() >> 20);
    assert_eq!(server.connections(), 1);
}
