//! A small HTTP server for the examples, so that they run by themselves: on loopback, on a port that is free.
//!
//! Read the examples first; this is only what stands at the other end.

// Each example uses some of it; and a test server that cannot start had better say so by a panic.
#![allow(dead_code, unreachable_pub, clippy::expect_used)]

mod certificate;
mod server;
mod site;

pub use server::Server;

use certificate::{Authority, self_signed};
use server::{Asked, Reply};

/// The site over http.
pub fn http() -> Server {
    Server::start(site::answer, None)
}

/// The site over https, with a certificate of its own authority: see [`Server::root`].
pub fn https() -> Server {
    Server::start(site::answer, Some(Authority::new().certificate()))
}

/// The site over https, with a certificate that nobody has signed but itself.
pub fn https_self_signed() -> Server {
    Server::start(site::answer, Some(self_signed()))
}
