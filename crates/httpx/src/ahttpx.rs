//! The async flavour, on tokio: the same names, and `.await`.
//!
//! Change the import, and a program changes its flavour. Models, errors, settings, flows and cookies are the very same
//! types; what differs is what waits: [`Client`], [`ConnectionPool`], [`Connection`], [`Transport`], [`Body`].
//!
//! ```no_run
//! use httpx::ahttpx;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! let cli = ahttpx::Client::new();
//! let r = cli.get("https://www.example.com").send().await?;
//! println!("{r:?} {} {cli:?}", r.text()); // <Response [200 OK]> … <Client [0 active, 1 idle]>
//! cli.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Streaming
//!
//! A response is a [`tokio::io::AsyncRead`] and a stream of [`Bytes`]; a request's body may be either.
//!
//! ```no_run
//! use httpx::ahttpx;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let mut response = ahttpx::get("https://www.example.com/large").stream().await?;
//! tokio::io::copy(&mut response, &mut tokio::io::sink()).await?;
//!
//! let upload = ahttpx::Body::from_reader(tokio::io::empty());
//! ahttpx::put("https://www.example.com/large").body(upload).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Giving up
//!
//! Dropping a future, at any of its awaits, gives the call up: its connection is closed, its place in the queue passes
//! to the next, and nothing is left behind.
//!
//! # Runtimes
//!
//! A client may be made outside a runtime, used from several, and dropped anywhere. An idle connection is only used on
//! the runtime that opened it. No task is spawned for a request or a connection.

mod client;
mod quick;

pub use client::Client;
pub use quick::{delete, get, head, options, patch, post, put, request};

pub use httpx_core::ahttpx::{Body, BodySource, DynTransport, Transport};
pub use httpx_pool::ahttpx::{
    Connecting, Connection, ConnectionPool, NetworkBackend, NetworkStream, TcpBackend, TcpStream,
    open_connection,
};

pub use crate::models::*;

/// A request whose body reads are awaited.
pub type Request = httpx_core::Request<Body>;
