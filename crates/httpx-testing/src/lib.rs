//! Support for the tests of the httpx crates. It is not published.
//!
//! - [`Server`] answers each HTTP request by a function and records the requests.
//! - [`ScriptedServer`] plays a script of bytes on each connection and records the received bytes.
//! - `SocketDir` holds Unix sockets, and forwards their connections to either.
//! - [`TempDir`] holds files.
//! - [`tls`] makes certificates and server configurations for either.
//! - [`sockets`] makes connected, closed and unresponsive sockets.
//! - [`Throttle`], [`EndlessResponse`] and [`LookupAnswers`] decide for streams and resolvers of the crate under test.
//! - [`encode`] has the encoders of content codings.
//! - `runtime` makes runtimes of tokio, and waits on them.
//! - [`Gate`], [`until`], [`block_on`] and [`PATIENCE`] wait for an event. Tests do not sleep. The exceptions are calls of
//!   [`let_time_pass`] and [`peer_leaves_within`], for slow peers while a timeout runs.
//! - [`give_up`] polls futures a limited number of times and then drops them.
//! - [`both_flavours!`] runs one generic test in the blocking and in the async flavour.
//!
//! The crate depends on no other crate of the workspace. If it depended on a crate under test with both flavours, cargo
//! would turn on both in the tests of each flavour alone, because it unifies features. (Features that forward the
//! flavours avoid this, but then the unit tests of a crate see two copies of its types.) So a folder `tests/support` holds
//! the adapter of its crate's API, and nothing else: its `Flavour`, and streams and resolvers that implement its traits.

// A test server that cannot continue panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod endless_response;
mod flavours;
mod lookup_answers;
mod ready_reader;
mod scripted;
mod server;
#[cfg(unix)]
mod socket_dir;
mod temp_dir;
mod throttle;
mod wait;
mod wire;

pub mod encode;
pub mod give_up;
#[cfg(feature = "async")]
pub mod runtime;
pub mod sockets;
pub mod tls;

pub use endless_response::EndlessResponse;
pub use lookup_answers::{Answer, LookupAnswers};
pub use ready_reader::ReadyReader;
pub use scripted::{Act, End, Record, Script, ScriptedServer, answer, send, serve};
pub use server::{Reply, Seen, Server, route};
#[cfg(unix)]
pub use socket_dir::SocketDir;
pub use temp_dir::TempDir;
pub use throttle::Throttle;
pub use wait::{Gate, PATIENCE, block_on, let_time_pass, peer_leaves_within, until};
pub use wire::Wire;
