//! Support for the tests of the httpx crates. It is not published.
//!
//! - [`Server`] answers each HTTP request by a function and records the requests.
//! - [`ScriptedServer`] plays a script of bytes on each connection and records the received bytes.
//! - `SocketDir` holds Unix sockets, and forwards their connections to either.
//! - [`tls`] makes certificates and server configurations for either.
//! - [`Gate`], [`until`] and [`PATIENCE`] wait for an event. Tests do not sleep.
//! - [`give_up`] polls futures a limited number of times and then drops them.
//! - [`both_flavours!`] runs one generic test in the blocking and in the async flavour.
//!
//! The crate depends on no other crate of the workspace, so that each of them can use it in its tests. Support for
//! the types of one crate is in the `tests/support` folder of that crate.

// A test server that cannot continue panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod flavours;
mod ready_reader;
mod scripted;
mod server;
#[cfg(unix)]
mod socket_dir;
mod wait;
mod wire;

pub mod give_up;
pub mod tls;

pub use ready_reader::ReadyReader;
pub use scripted::{Act, End, Record, Script, ScriptedServer, answer, send, serve};
pub use server::{Reply, Seen, Server, route};
#[cfg(unix)]
pub use socket_dir::SocketDir;
pub use wait::{Gate, PATIENCE, peer_leaves_within, until};
pub use wire::Wire;
