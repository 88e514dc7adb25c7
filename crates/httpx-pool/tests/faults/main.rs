//! Faults of the network and of the peer, combined: each row gives the same outcome in both flavours, however the bytes
//! are split. No sockets, no threads of a server, no clock.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod every_cut;
mod peer;
mod proxies;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::fmt::Write;
use std::io::{self, Read};

use bytes::Bytes;
use httpx_core::{Request, Response, Result};

use peer::{Network, Pace, Script};
use support::{Flavour, Setup, request};

/// The body of a request.
#[derive(Clone, Copy)]
enum Content {
    None,
    Bytes(usize),
    /// From a reader, so chunked. It cannot be sent twice.
    Reader(usize),
}

use Content::{Bytes as Sized, None as Empty, Reader};

/// Sends the requests one after the other through one pool. Returns each response or error and, at the end, how many
/// connections were made and are left.
fn play<F: Flavour>(connections: &[Script], requests: &[(&str, Content)], pace: Pace) -> String {
    play_with::<F>(|pool| pool, connections, requests, pace)
}

/// The same, through a pool with these settings.
fn play_with<F: Flavour>(
    set: impl FnOnce(Setup<F>) -> Setup<F>,
    connections: &[Script],
    requests: &[(&str, Content)],
    pace: Pace,
) -> String {
    let network = Network::new(connections, pace);
    let pool = F::make(|pool| set(F::backend(pool, network.clone())));
    let mut said = String::new();
    for &(method, content) in requests {
        let response = pool.exchange(with_content::<F>(request(method, "http://h/"), content));
        write!(said, "{} | ", outcome(response)).unwrap();
    }
    let counts = pool.counts().unwrap();
    assert_eq!(counts.active, 0, "{said}");
    write!(said, "{} made, {} idle", network.connections(), counts.idle).unwrap();
    said
}

fn with_content<F: Flavour>(request: Request<F::Body>, content: Content) -> Request<F::Body> {
    match content {
        Empty => request,
        Sized(n) => request.with_body(F::Body::from(support::bytes(vec![b'x'; n]))),
        Reader(n) => request.with_body(F::reader(io::repeat(b'x').take(n as u64))),
    }
}

/// `200 hello`, or the error's kind and how much of the request was sent: `Incomplete Complete`.
fn outcome(response: Result<Response<Bytes>>) -> String {
    match response {
        Ok(response) => format!("{} {}", response.status().as_u16(), response.text()),
        Err(error) => format!("{:?} {:?}", error.kind(), error.request_sent().unwrap()),
    }
}
