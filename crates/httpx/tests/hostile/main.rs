//! The server as an attacker: floods, drips, unsolicited responses, false lengths and hosts.
//!
//! Each call ends in time, no response answers another request, no secret reaches another host, and the
//! client works afterwards.

#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "tls",
    feature = "gzip",
    feature = "cookies",
    feature = "json"
))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

mod bombs;
#[cfg(all(feature = "br", feature = "zstd"))]
mod bombs_of_br_and_zstd;
mod cookies;
mod cuts;
mod drips;
mod drops;
mod floods;
mod injections;
mod numbers;
mod panics;
mod redirects;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
mod unsolicited;
mod whole_process;

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use support::{Flavour, Reply, Server};

/// Long enough for a machine that is busy, short enough for a test.
const SHORT: Duration = Duration::from_millis(50);

/// Longer than any call takes.
const AGES: Duration = Duration::from_secs(25);

/// The client still works, and no connection to the attacker is in use.
#[track_caller]
fn check_usable<F: Flavour>(client: &F, server: &Server) {
    let response = F::send(client.get(&server.url("/good")));
    assert_eq!(response.unwrap_or_else(|error| panic!("no longer usable: {error:?}")).text(), "good");
    assert!(client.shown().contains("[0 active"), "{}", client.shown());
}

/// A server that answers `/bad` with this, and all else with "good".
fn bad(reply: Reply) -> Server {
    Server::new(move |seen| if seen.target() == "/bad" { reply.clone() } else { Reply::ok("good") })
}

/// Runs this for each connection to a new listener. Returns the URL of the listener.
fn wire(meet: impl Fn(TcpStream) -> Option<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let meet = std::sync::Arc::new(meet);
    thread::spawn(move || {
        while let Ok((socket, _)) = listener.accept() {
            socket.set_nodelay(true).unwrap();
            let meet = std::sync::Arc::clone(&meet);
            thread::spawn(move || meet(socket));
        }
    });
    url
}

/// Reads the head of a request.
fn head(socket: &mut TcpStream) -> Option<Vec<u8>> {
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if socket.read(&mut byte).ok()? == 0 {
            return None;
        }
        seen.push(byte[0]);
    }
    Some(seen)
}

fn printable(text: &str) -> bool {
    !text.contains(char::is_control)
}

#[track_caller]
fn check_fine<F: Flavour>(client: &F, server: &Server) {
    F::send(client.get(&server.url("/"))).unwrap();
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

#[track_caller]
fn check_one<F: Flavour>(client: &F, url: &str) {
    assert_eq!(F::send(client.get(url)).unwrap().text(), "good");
}
